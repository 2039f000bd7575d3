/* The journey map as a grid: keys, a field laid into the cell, columns that are moved by drag, by key and by tap, the panel, and who is where.
   What is edited is sent by studio.js; without a draft the grid is only walked through. */
(() => {
  const studio = window.studio, boxes = () => [...document.querySelectorAll(".pan[data-journey]")], CELL = "[role=grid] :is(td, th)";
  const panel = document.getElementById("panel"), others = document.querySelector("[data-others]"), body = document.getElementById("grids");
  if (!body) return;
  const PASS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Delete", "Escape"]);
  const find = (key) => key && body.querySelector(`[data-cell="${CSS.escape(key)}"]`);
  const key = (cell) => cell?.dataset.cell ?? "", isPoint = (cell) => cell?.matches("th.point"), isStage = (cell) => cell?.matches("th.stage");
  const titled = (cell) => cell?.querySelector(".words")?.textContent ?? "";
  const box = (cell) => cell.closest(".pan"), words = studio?.words ?? {};
  const columnOf = (cell) => key(cell).replace(/^(touchpoints:[^/]+|stages:[^/]+\/empty).*$/, "$1");
  let held = "", editing = null, lifted = null, shown = "", later = 0, adding = null;
  const pending = new Map();

  /* --- where one is --- */
  const starts = (row) => { let at = 0; return [...row.cells].map((cell) => { const from = at; at += cell.colSpan; return [cell, from, at]; }); };
  const position = (cell) => starts(cell.parentElement).find(([each]) => each === cell)[1];
  const cellAt = (row, at) => starts(row).find(([, from, to]) => from <= at && at < to)?.[0] ?? row.cells[row.cells.length - 1];
  const focus = (cell) => {
    if (!cell) return;
    for (const other of box(cell).querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  };
  const step = (cell, across, down) => {
    const rows = [...cell.closest("table").rows], row = rows[rows.indexOf(cell.parentElement) + down];
    if (down) return row && cellAt(row, position(cell));
    return across > 0 ? cell.nextElementSibling : cell.previousElementSibling;
  };
  const stageStep = (cell, way) => {
    const heads = [...cell.closest("table").rows[0].cells].slice(1), spans = starts(cell.closest("table").rows[0]).slice(1), at = position(cell);
    const here = spans.findIndex(([, from, to]) => from <= at && at < to), next = spans[Math.max(0, Math.min(heads.length - 1, here + way))];
    return next && cellAt(cell.parentElement, next[1]);
  };
  const ends = (cell, last) => { const cells = cell.parentElement.cells; return last ? cells[cells.length - 1] : cells[1]; };
  const corner = (cell, last) => { const rows = cell.closest("table").rows, row = rows[last ? rows.length - 1 : 0]; return last ? row.cells[row.cells.length - 1] : row.cells[0]; };

  /* --- the order of columns --- */
  const order = (pan) => {
    const [stages, points] = pan.querySelector("table").rows;
    let at = 1;
    return [...stages.cells].slice(1).map((stage) => [key(stage), [...points.cells].slice(at, at += stage.colSpan).map(key)]);
  };
  const room = (name, row) => {
    const cell = document.createElement(row === "points" ? "th" : "td");
    Object.assign(cell, { tabIndex: -1, className: row === "points" ? "point room" : "" });
    cell.setAttribute("role", row === "points" ? "columnheader" : "gridcell");
    cell.dataset.cell = name;
    return cell;
  };
  const arrange = (pan, wanted, fresh = new Map()) => {
    const active = document.activeElement, columns = wanted.flatMap(([stage, points]) => (points.length ? points : [`${stage}/empty`]));
    for (const row of pan.querySelector("table").rows) {
      const here = new Map([...row.cells].map((cell) => [key(cell), cell])), name = row.dataset.row;
      const keys = name === "stages" ? wanted.map(([stage]) => stage) : columns.map((column) => (name === "points" ? column : `${column}/${name}`));
      const cells = keys.map((each) => here.get(each) ?? fresh.get(each) ?? (/\/empty(\/|$)/.test(each) ? room(each, name) : null));
      if (cells.includes(null)) return false;
      const now = [...row.cells].slice(1);
      if (now.length === cells.length && now.every((cell, at) => cell === cells[at])) { span(name, cells, wanted); continue; }
      const stay = new Set(cells);
      for (const cell of now) if (!stay.has(cell)) cell.remove();
      row.append(...cells);
      span(name, cells, wanted);
    }
    if (active !== document.activeElement && active?.isConnected) active.focus();
    line(pan);
    return true;
  };
  const span = (name, cells, wanted) => { if (name === "stages") cells.forEach((cell, at) => { cell.colSpan = Math.max(1, wanted[at][1].length); }); };
  const real = (wanted) => wanted.map(([stage, points]) => [stage, points.filter((point) => !point.endsWith("/empty"))]);
  const placed = (pan, name, around, after) => {
    const wanted = real(order(pan));
    if (name.startsWith("stages:")) {
      const from = wanted.findIndex(([stage]) => stage === name), [moved] = wanted.splice(from, 1);
      wanted.splice(after ? wanted.findIndex(([stage]) => stage === after) + 1 : 0, 0, moved);
      return wanted;
    }
    for (const [, points] of wanted) if (points.includes(name)) points.splice(points.indexOf(name), 1);
    const points = wanted.find(([stage]) => stage === around)[1];
    points.splice(after ? points.indexOf(after) + 1 : 0, 0, name);
    return wanted;
  };
  const placeOf = (wanted, name, pan) => {
    if (name.startsWith("stages:")) { const at = wanted.findIndex(([stage]) => stage === name); return { around: pan.dataset.journey, after: wanted[at - 1]?.[0] ?? "", at: at + 1, of: wanted.length, stage: "" }; }
    const [stage, points] = wanted.find(([, each]) => each.includes(name)), at = points.indexOf(name);
    return { around: stage, after: points[at - 1] ?? "", at: at + 1, of: points.length, stage: titled(find(stage)) };
  };
  /* One place earlier or later: within the stage, else the end of the one before or the beginning of the one after. */
  const beside = (pan, name, way) => {
    const wanted = real(order(pan)), here = placeOf(wanted, name, pan);
    if (name.startsWith("stages:")) {
      const at = here.at - 1 + way;
      return wanted[at] && { around: here.around, after: way > 0 ? wanted[at][0] : wanted[at - 1]?.[0] ?? "" };
    }
    const at = wanted.findIndex(([stage]) => stage === here.around), points = wanted[at][1], next = wanted[at + way];
    if (way > 0) return here.at < here.of ? { around: here.around, after: points[here.at] } : next && { around: next[0], after: "" };
    return here.at > 1 ? { around: here.around, after: points[here.at - 3] ?? "" } : next && { around: next[0], after: next[1].at(-1) ?? "" };
  };
  const send = (pan, name, place) => studio.send({ verb: "move", target: name, field: "", value: null, around: place.around, after: place.after }, (answer) => { if (answer.refused) refresh(); else find(name)?.scrollIntoView({ block: "nearest", inline: "nearest" }); });
  const move = (pan, name, place, silent) => {
    if (!place || !arrange(pan, placed(pan, name, place.around, place.after))) return;
    find(name)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (!silent) send(pan, name, place);
  };

  /* --- lift, move, drop --- */
  const lift = (cell) => {
    lifted = { name: key(cell), pan: box(cell), before: real(order(box(cell))) };
    cell.classList.add("lifted");
    studio.tell(studio.fill(words.lifted, { name: titled(cell) }));
  };
  const carry = (way) => {
    const { name, pan } = lifted;
    move(pan, name, beside(pan, name, way), true);
    studio.tell(studio.fill(words.place, { name: titled(find(name)), ...placeOf(real(order(pan)), name, pan) }));
  };
  const drop = (back) => {
    const { name, pan, before } = lifted;
    find(name)?.classList.remove("lifted");
    lifted = null;
    if (back) { arrange(pan, before); studio.tell(words.back); return; }
    const now = real(order(pan));
    if (JSON.stringify(now) !== JSON.stringify(before)) send(pan, name, placeOf(now, name, pan)); else studio.tell(words.back);
  };

  /* --- a field laid into the cell --- */
  const named = (cell) => { const head = find(columnOf(cell)), lane = cell.parentElement.cells[0]; return [lane.textContent.trim(), isPoint(cell) || isStage(cell) ? "" : titled(head)].filter(Boolean).join(" · "); };
  const edit = (cell, whole) => {
    const { at, key: field, edits, value } = cell?.dataset ?? {};
    if (!studio || !edits || studio.isOver()) return add(cell);
    if (edits === "panel") return open(columnOf(cell), cell.parentElement.dataset.row);
    const area = document.createElement("textarea"), lang = edits === "words" ? studio.set.lang : "";
    Object.assign(area.dataset, { part: at, field, takes: edits, ...(lang && { lang }) });
    Object.assign(area, { defaultValue: value, value, rows: 1, maxLength: edits === "number" ? 8 : studio.LONGEST, lang: lang || document.documentElement.lang, autocomplete: "off" });
    if (edits === "number") area.inputMode = "decimal";
    area.setAttribute("aria-label", named(cell));
    editing = { cell, area, value };
    cell.classList.add("editing");
    cell.append(area);
    area.focus();
    if (whole) area.select(); else area.setSelectionRange(value.length, value.length);
  };
  const add = (cell) => {
    const stage = isPoint(cell) && key(cell).endsWith("/empty") ? key(cell).replace("/empty", "") : "";
    if (studio && stage) ask(cell, { target: stage, field: "touchpoints", after: "" });
  };
  const close = (back) => {
    if (!editing) return null;
    const { cell, area, value } = editing;
    editing = null;
    if (back) area.value = value;
    const sent = studio.save(area), now = area.value.trim();
    area.remove();
    cell.querySelector(".changed-by")?.remove();
    cell.classList.remove("editing");
    const fresh = pending.get(key(cell));
    pending.delete(key(cell));
    if (sent || now !== value) display(cell, now); else if (fresh) return replace(key(cell), fresh);
    return cell;
  };
  const display = (cell, text) => {
    cell.dataset.value = cell.dataset.edits === "number" ? text.replace("−", "-").replace(",", ".") : text;
    const own = cell.querySelector(".words");
    if (own) { if (text) own.textContent = text; return; }
    const clip = cell.querySelector(".clip") ?? cell.insertAdjacentElement("afterbegin", Object.assign(document.createElement("div"), { className: "clip" }));
    const line = Object.assign(document.createElement("p"), { textContent: text, lang: studio.set.lang });
    clip.replaceChildren(...(text ? [line] : []));
    cell.classList.remove("missing");
    if (cell.dataset.edits === "number") { lineSoon(box(cell)); }
  };

  /* The title of what is new is asked for beside the head that it follows. */
  const ask = (cell, asked) => {
    if (adding || studio.isOver()) return;
    const area = document.createElement("textarea");
    Object.assign(area, { rows: 1, maxLength: 200, lang: studio.set.lang, placeholder: words[asked.field], className: "adding" });
    area.setAttribute("aria-label", words[asked.field]);
    adding = { cell, area, asked };
    cell.classList.add("editing");
    cell.append(area);
    area.focus();
  };
  const added = (keep) => {
    if (!adding) return;
    const { cell, area, asked } = adding, title = area.value.trim();
    adding = null;
    area.remove();
    cell.classList.remove("editing");
    focus(cell.isConnected ? cell : find(key(cell)));
    if (keep && title) studio.send({ verb: "add", ...asked, value: { title: { [studio.set.lang]: title } } }, (answer) => { if (answer.part && !editing && !adding) focus(find(answer.part)); });
  };
  const addAfter = (cell) => {
    if (isStage(cell) || cell.matches(".corner")) return ask(cell, { target: box(cell).dataset.journey, field: "stages", after: key(cell) });
    const stage = real(order(box(cell))).find(([, points]) => points.includes(key(cell)))?.[0] ?? key(cell).replace("/empty", "");
    return ask(cell, { target: stage, field: "touchpoints", after: key(cell).endsWith("/empty") ? "" : key(cell) });
  };
  const remove = (cell) => {
    const name = key(cell), next = cell.nextElementSibling ?? cell.previousElementSibling;
    if (name.endsWith("/empty")) return;
    focus(next);
    studio.send({ verb: "remove", target: name, field: "", value: null });
  };

  /* --- keys --- */
  const KEYS = {
    ArrowRight: (cell) => focus(step(cell, 1, 0)), ArrowLeft: (cell) => focus(step(cell, -1, 0)),
    ArrowDown: (cell) => focus(step(cell, 0, 1)), ArrowUp: (cell) => focus(step(cell, 0, -1)),
    Home: (cell, e) => focus(e.ctrlKey || e.metaKey ? corner(cell, false) : ends(cell, false)), End: (cell, e) => focus(e.ctrlKey || e.metaKey ? corner(cell, true) : ends(cell, true)),
    PageDown: (cell) => focus(stageStep(cell, 1)), PageUp: (cell) => focus(stageStep(cell, -1)),
    Enter: (cell) => edit(cell), F2: (cell) => edit(cell),
  };
  const shift = (cell, way) => move(box(cell), key(cell), beside(box(cell), key(cell), way));
  const TAPS = {
    earlier: (cell) => shift(cell, -1), later: (cell) => shift(cell, 1), remove,
    add: (cell) => ask(cell, { target: key(cell), field: "touchpoints", after: real(order(box(cell))).find(([stage]) => stage === key(cell))[1].at(-1) ?? "" }),
  };
  const HEADS = { " ": lift, Insert: addAfter, Delete: remove };
  const ofGrid = (event, cell) => {
    const head = cell.matches(".point, .stage, .corner"), can = studio && !studio.isOver();
    if (lifted) {
      if (event.key === " ") drop(false); else if (event.key === "Escape") drop(true);
      else if (event.key === "ArrowLeft" || event.key === "ArrowRight") carry(event.key === "ArrowRight" ? 1 : -1);
      else return event.key !== "Tab" && PASS.has(event.key);
      return true;
    }
    if (event.altKey) {
      if (!head || !can || !["ArrowLeft", "ArrowRight"].includes(event.key)) return false;
      shift(cell, event.key === "ArrowRight" ? 1 : -1);
      return true;
    }
    if ((event.ctrlKey || event.metaKey) && !["Home", "End"].includes(event.key)) return false;
    if (head && can && HEADS[event.key] && (event.key === "Insert" || /^[^/]+$/.test(key(cell)))) { HEADS[event.key](cell); return true; }
    if (KEYS[event.key]) { KEYS[event.key](cell, event); return true; }
    if (event.key === "?") { const help = document.getElementById("grid-help-box"); if (help) help.open = !help.open; return true; }
    if (can && event.key.toLowerCase() === "p") { if (shown) shut(); else open(columnOf(cell)); return true; }
    return false;
  };
  const ofField = (event) => {
    const { key: pressed, shiftKey } = event;
    if (pressed === "Escape") { if (adding) added(false); else focus(close(true)); return true; }
    if (pressed === "Enter" && !shiftKey) { if (adding) added(true); else focus(close(false)); return true; }
    if (pressed === "Tab" && editing) {
      const cell = close(false), next = step(cell, shiftKey ? -1 : 1, 0) ?? step(cell, 0, shiftKey ? -1 : 1);
      focus(next?.dataset.cell ? next : cell);
      if (next?.dataset.edits && next.dataset.edits !== "panel") edit(next);
      return true;
    }
    return false;
  };
  addEventListener("keydown", (event) => {
    if (event.isComposing || (event.keyCode === 229 && !PASS.has(event.key))) return;
    const cell = event.target.closest?.(CELL);
    if (cell && event.target.matches("textarea")) { if (!studio.isComposing() && ofField(event)) event.preventDefault(); return; }
    if (cell && event.target === cell && ofGrid(event, cell)) { event.preventDefault(); return; }
    const field = event.target.closest?.("input, textarea, select");
    if (studio && !field && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") { event.preventDefault(); studio.undo(event.shiftKey); }
    if (event.key === "Escape" && panel?.contains(event.target)) shut();
  });
  body.addEventListener("focusout", (event) => {
    if (editing && event.target === editing.area) setTimeout(() => { if (editing && document.activeElement !== editing.area) close(false); });
    if (adding && event.target === adding.area) setTimeout(() => { if (adding && document.activeElement !== adding.area) added(true); });
    if (lifted && event.target === find(lifted.name)) setTimeout(() => { if (lifted && document.activeElement !== find(lifted.name)) drop(true); });
  });
  body.addEventListener("focusin", (event) => {
    const cell = event.target.closest(CELL);
    if (!cell) return;
    held = key(cell);
    studio?.here(held);
    if (shown && columnOf(cell) !== shown && columnOf(cell).startsWith("touchpoints:")) { clearTimeout(later); later = setTimeout(() => open(columnOf(cell), "", true), 250); }
  });
  body.addEventListener("click", (event) => {
    const cell = event.target.closest(CELL), button = event.target.closest("button");
    if (button?.dataset.do === "stage") { const heads = button.closest("section").querySelector("tr").cells; addAfter(heads[heads.length - 1]); return; }
    if (!cell || event.target.matches("textarea")) return;
    if (button?.matches(".more")) { const is = cell.classList.toggle("open"); button.setAttribute("aria-expanded", is); return; }
    if (TAPS[button?.dataset.do]) { TAPS[button.dataset.do](cell); return; }
    const again = document.activeElement === cell && cell.dataset.was === "here";
    focus(cell);
    for (const other of body.querySelectorAll("[data-was]")) delete other.dataset.was;
    cell.dataset.was = "here";
    if (again || (isPoint(cell) && key(cell).endsWith("/empty"))) edit(cell);
    else if (studio && isPoint(cell)) open(key(cell), "", true);
  });

  /* --- what is otherwise now --- */
  const replace = (name, html) => {
    const there = find(name), made = html.content ? html : element(html), active = there && (document.activeElement === there || there.contains(document.activeElement));
    if (!there) return null;
    made.tabIndex = there.tabIndex;
    if (there.colSpan > 1) made.colSpan = there.colSpan;
    there.replaceWith(made);
    if (active) made.focus({ preventScroll: true });
    return made;
  };
  const element = (html) => { const holder = document.createElement("template"); holder.innerHTML = `<table><tbody><tr>${html}</tr></tbody></table>`; return holder.content.querySelector("td, th"); };
  const take = (answer) => {
    const fresh = new Map();
    for (const [name, html, by] of answer.cells ?? []) {
      const there = find(name);
      if (!there) { fresh.set(name, element(html)); continue; }
      if (editing?.cell === there || adding?.cell === there) { pending.set(name, html); continue; }
      const made = replace(name, html);
      if (by && made) { made.dataset.changed = by; setTimeout(() => { delete made.dataset.changed; }, 6000); }
    }
    for (const { journey, stages } of answer.order ?? []) {
      const pan = boxes().find((each) => each.dataset.journey === journey);
      if (!pan || !arrange(pan, stages, fresh)) { refresh(); return; }
      if (!pan.querySelector("[tabindex='0']")) pan.querySelector("td").tabIndex = 0;
    }
    if (answer.cells?.length) boxes().forEach(lineSoon);
    if (answer.order && shown && !find(shown)) shut();
    soon();
  };
  const refresh = async () => {
    const scrolled = boxes().map((pan) => [pan.scrollLeft, pan.scrollTop]), was = held;
    if (editing) return;
    await studio.swap(location.href, ["#grids > div", "#outline"]);
    boxes().forEach((pan, at) => { [pan.scrollLeft, pan.scrollTop] = scrolled[at] ?? [0, 0]; });
    if (find(was) && document.activeElement === document.body) focus(find(was));
  };
  const people = (list) => {
    for (const cell of body.querySelectorAll("[data-who]")) delete cell.dataset.who;
    for (const [name, at] of list) { const cell = find(at); if (cell) cell.dataset.who = name; }
    others.textContent = list.length ? studio.fill(words.others, { names: list.map(([name]) => name).join(words.comma) }) : "";
  };

  /* --- the line: the planned emotion through all columns --- */
  const lines = new Map();
  const lineSoon = (pan) => { cancelAnimationFrame(lines.get(pan)); lines.set(pan, requestAnimationFrame(() => line(pan))); };
  const line = (pan) => {
    const row = pan.querySelector("tr[data-row=emotion]"), SVG = "http://www.w3.org/2000/svg";
    if (!row || !row.offsetParent) return;
    const cells = [...row.cells].slice(1).filter((cell) => cell.dataset.value), high = row.offsetHeight, middle = high / 2;
    const points = cells.map((cell) => [cell.offsetLeft + cell.offsetWidth / 2, middle - (Number(cell.dataset.value) / 5) * (middle - 14)]);
    const svg = pan.querySelector("svg.feeling") ?? pan.appendChild(document.createElementNS(SVG, "svg"));
    const path = document.createElementNS(SVG, "path"), zero = document.createElementNS(SVG, "path");
    svg.setAttribute("class", "line feeling");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("width", row.offsetWidth);
    svg.setAttribute("height", high);
    Object.assign(svg.style, { top: `${row.offsetTop}px` });
    zero.setAttribute("class", "zero");
    zero.setAttribute("d", `M${row.cells[0].offsetWidth} ${middle}H${row.offsetWidth}`);
    path.setAttribute("d", curve(points));
    svg.replaceChildren(zero, path, ...points.map(([x, y], at) => { const dot = document.createElementNS(SVG, "circle"), value = Number(cells[at].dataset.value); for (const [name, is] of [["cx", x], ["cy", y], ["r", 4], ["class", `dot ${value < 0 ? "trough" : value > 0 ? "peak" : ""}`]]) dot.setAttribute(name, is); return dot; }));
  };
  const curve = (points) => points.map(([x, y], at) => { if (!at) return `M${x} ${y}`; const [px, py] = points[at - 1], half = (x - px) / 2; return `C${px + half} ${py} ${x - half} ${y} ${x} ${y}`; }).join("");

  /* --- the panel, the outline, advice --- */
  const open = async (name, lane, stay) => {
    if (!panel || !name.startsWith("touchpoints:") || (panel.contains(document.activeElement) && stay)) return;
    const address = studio.set.panel.replace("touchpoint-id", encodeURIComponent(name.slice(12))) + `?panel=1&lang=${studio.set.lang}`;
    if (name !== shown) {
      const reply = await fetch(address).catch(() => null);
      if (!reply?.ok) return;
      const open = [...panel.querySelectorAll("details[open]")].map(({ id }) => id);
      panel.innerHTML = await reply.text();
      for (const id of open) { const there = id && document.getElementById(id); if (there) there.open = true; }
      window.htmx?.process(panel);
      panel.dataset.from = address;
      panel.scrollTop = 0;
    }
    shown = name;
    panel.hidden = false;
    document.body.classList.add("with-panel");
    boxes().forEach(lineSoon);
    if (stay) return;
    const field = (lane && panel.querySelector(`[data-field="${lane}"], [data-field^="${lane}."]`)) || panel.querySelector("textarea, input:not([type=hidden])"), around = field?.closest("details");
    if (around) around.open = true;
    field?.focus();
  };
  const shut = () => {
    const inside = panel.contains(document.activeElement);
    studio.saveAll();
    shown = "";
    panel.hidden = true;
    document.body.classList.remove("with-panel");
    boxes().forEach(lineSoon);
    if (inside) focus(find(held));
  };
  const outline = () => document.getElementById("outline");
  const advice = document.getElementById("advice");
  let drawn = 0, checked = 0;
  const soon = () => {
    clearTimeout(drawn);
    if (outline()?.offsetParent) drawn = setTimeout(() => studio.swap(location.href, ["#outline"]), 300);
    clearTimeout(checked);
    if (advice?.open) checked = setTimeout(look, 1500);
  };
  const look = async () => { const place = advice.querySelector("[data-advice]"), reply = await fetch(`${studio.set.advice}?part=1`).catch(() => null); if (reply?.ok) place.innerHTML = await reply.text(); };
  advice?.addEventListener("toggle", () => { if (advice.open) look(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) shut();
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!studio || !form.matches("[data-stay]")) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter), name = sent.get("part"), [around, after] = String(sent.get("place") ?? "").split("|");
    const asked = { move: { verb: "move", target: name, field: "", value: null, around, after }, remove: { verb: "remove", target: name, field: "", value: null } }[sent.get("do")];
    if (asked) { studio.send(asked, () => { if (panel?.contains(form) && find(shown)) { const now = shown; shown = ""; open(now, "", true); } }); return; }
    await studio.swap(form.action, ["#outline", "#grids > div", "#messages"], { method: "POST", body: sent });
  });

  /* --- dragging --- */
  const drags = () => {
    if (!studio || !window.Sortable) return;
    const touch = { handle: ".handle", delay: 150, delayOnTouchOnly: true, touchStartThreshold: 4, animation: 120, ghostClass: "ghost" };
    for (const pan of boxes()) {
      const [stages, points] = pan.querySelector("table").rows;
      if (points.dataset.drags) continue;
      points.dataset.drags = "1";
      Sortable.create(points, { ...touch, draggable: "th.point", onEnd: ({ item, oldIndex, newIndex }) => {
        const right = newIndex > oldIndex, side = (right ? item.previousElementSibling : item.nextElementSibling) ?? item.previousElementSibling, name = key(item);
        const before = item.previousElementSibling, spot = { before: key(before), side: key(side) };
        item.parentElement.insertBefore(item, item.parentElement.cells[oldIndex + (right ? 0 : 1)] ?? null);
        if (oldIndex === newIndex) return;
        const wanted = order(pan), around = wanted.find(([, each]) => each.includes(spot.side))?.[0], its = wanted.find(([stage]) => stage === around)[1].filter((each) => each !== name);
        move(pan, name, { around, after: its.includes(spot.before) && !spot.before.endsWith("/empty") ? spot.before : "" });
        focus(find(name));
      } });
      Sortable.create(stages, { ...touch, draggable: "th.stage", onEnd: ({ item, oldIndex, newIndex }) => {
        const after = isStage(item.previousElementSibling) ? key(item.previousElementSibling) : "", name = key(item);
        item.parentElement.insertBefore(item, item.parentElement.cells[oldIndex + (newIndex > oldIndex ? 0 : 1)] ?? null);
        if (oldIndex !== newIndex) move(pan, name, { around: pan.dataset.journey, after });
        focus(find(name));
      } });
    }
    for (const list of document.querySelectorAll(".stops[data-stage]")) {
      if (list.dataset.drags) continue;
      list.dataset.drags = "1";
      Sortable.create(list, { ...touch, group: "stops", draggable: ".stop", onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from !== to || oldIndex !== newIndex) studio.send({ verb: "move", target: item.dataset.part, field: "", value: null, around: to.dataset.stage, after: item.previousElementSibling?.dataset.part ?? "" }, refresh);
      } });
    }
  };
  studio?.reads({ take, people, refresh, drawn: () => { drags(); boxes().forEach(line); }, holds: (answer) => Boolean((editing || adding || lifted) && answer.order) });
  drags();
  boxes().forEach(line);
  addEventListener("resize", () => boxes().forEach(lineSoon));
  matchMedia("(min-width: 40rem)").addEventListener("change", () => { if (studio) refresh(); });
})();
