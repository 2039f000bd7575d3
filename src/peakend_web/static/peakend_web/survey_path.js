/* The path through a survey, decided as the server decides it (`peakend.service.paths`): a test holds both to each
   other. It knows no page and touches none. */
const surveyPath = (() => {
  /* Whether answers meet a condition; `given` has, by item, {values, chosen}; an item without an answer
     is not in it. */
  const meets = (condition, given) => {
    if (condition.not) return !meets(condition.not, given);
    if (condition.any) return condition.any.some((part) => meets(part, given));
    if (condition.all) return condition.all.every((part) => meets(part, given));
    const { at_least: low = -Infinity, at_most: high = Infinity, chosen, answered } = condition;
    const answer = given[condition.item], { values, chosen: options } = answer || { values: [], chosen: [] };
    return (answered === undefined || answered === Boolean(answer))
      && (!chosen || options.some((option) => chosen.includes(option)))
      && ((low === -Infinity && high === Infinity) || values.some((value) => value >= low && value <= high));
  };
  /* The ids of the items that these answers lead past; `items` have an id, and perhaps a condition, in their order. */
  const itemsOnPath = (items, given) => {
    const path = [], reached = Object.create(null), has = {}.hasOwnProperty;
    for (const { id, condition } of items) {
      if (condition && !meets(condition, reached)) continue;
      path.push(id);
      if (has.call(given, id)) reached[id] = given[id];
    }
    return path;
  };
  /* What answers by field say, by item; `places` has the item of each field, and whether it is one of several
     options: a box that is not ticked and an option without points say nothing, nor does an answer that the server does
     not take or that is not sent. */
  const isGiven = (answer) =>
    !answer.refused && !answer.long && Boolean(answer.not_used || answer.text || answer.value != null);
  const givenBy = (answers, places) => {
    const given = Object.create(null);
    for (const [field, answer] of Object.entries(answers)) {
      const place = places[field];
      if (!place || !isGiven(answer) || (place.isOption && answer.value === 0)) continue;
      const { values, chosen } = given[place.item] || (given[place.item] = { values: [], chosen: [] });
      if (answer.value != null) values.push(answer.value);
      chosen.push(answer.text == null ? field.slice(place.item.length + 1) : answer.text);
    }
    return given;
  };
  return { meets, itemsOnPath, givenBy };
})();
