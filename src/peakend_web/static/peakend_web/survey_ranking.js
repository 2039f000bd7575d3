/* Lets options be tapped in order and moved up and down. Without this file a place is chosen for each. */
for (const box of document.querySelectorAll("[data-ranking]")) {
  const line = box.querySelector("[role=status]"), words = line.dataset, list = box.querySelector(".shares");
  const rows = [...list.children].map((row) => {
    const select = row.querySelector("select");
    return { row, select, name: select.labels[0].textContent, last: select.options.length - 1 };
  });
  const place = ({ select }) => Number(select.value) || 0;
  const ranked = () => rows.filter(place).sort((a, b) => place(a) - place(b));
  const button = (className, label, act) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const paint = () => {
    const many = ranked().length;
    for (const one of rows) {
      const at = place(one);
      one.pick.setAttribute("aria-pressed", at > 0);
      one.badge.textContent = at || "";
      one.pick.disabled = !at && many >= one.last;
      one.up.hidden = one.down.hidden = !at;
      one.up.disabled = at <= 1;
      one.down.disabled = at >= many;
    }
  };
  /* Puts these in order, and tells the page's script of one that changed: it takes all of a question together. */
  const order = (next, moved) => {
    const before = rows.map(({ select }) => select.value);
    for (const one of rows) one.select.value = String(next.indexOf(one) + 1 || "");
    const changed = rows.find(({ select }, at) => select.value !== before[at]);
    paint();
    const told = place(moved) ? words.place : words.none;
    line.textContent = told.replace("{name}", moved.name).replace("{n}", place(moved));
    changed?.select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  /* Whoever moves one sees them in their order; while they are picked nothing moves under a thumb. */
  const sort = () => {
    const first = ranked();
    list.append(...first.concat(rows.filter((one) => !place(one))).map(({ row }) => row));
  };
  const move = (one, by) => {
    const next = ranked(), at = next.indexOf(one);
    [next[at], next[at + by]] = [next[at + by], one];
    order(next, one);
    sort();
    const [same, other] = by < 0 ? [one.up, one.down] : [one.down, one.up];
    (same.disabled ? other : same).focus();
  };
  for (const one of rows) {
    one.pick = button("pick", "", () => {
      order(place(one) ? ranked().filter((each) => each !== one) : [...ranked(), one], one);
    });
    one.badge = document.createElement("b");
    one.pick.append(one.badge, one.name);
    one.up = button("nudge", words.up.replace("{name}", one.name), () => move(one, -1));
    one.down = button("nudge", words.down.replace("{name}", one.name), () => move(one, 1));
    one.up.textContent = "↑";
    one.down.textContent = "↓";
    one.select.hidden = true;
    one.select.labels[0].hidden = true;
    one.select.before(one.pick, one.up, one.down);
  }
  const restore = () => { sort(); paint(); };
  restore();
  addEventListener("pageshow", restore);
}
