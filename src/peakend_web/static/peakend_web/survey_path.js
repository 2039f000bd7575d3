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
    const path = [], reached = Object.create(null), has = Object.prototype.hasOwnProperty;
    for (const { id, condition } of items) {
      if (condition && !meets(condition, reached)) continue;
      path.push(id);
      if (has.call(given, id)) reached[id] = given[id];
    }
    return path;
  };
  return { meets, itemsOnPath };
})();
