/* Editing in the grid of grid.js: a field laid into the cell, columns that are moved by drag, by key and by tap, the
   panel, and who is where. What is edited is sent by studio.js. */
(() => {
  const { studio, grid } = window;
  if (!studio || !grid) return;
  const { body, CELL, pans, panOf, keyOf, find, isPoint, isStage, titled, across, down, focus } = grid;
  const { draw, drawSoon, drawAll } = grid;
  const { words } = studio, panel = document.getElementById("panel");
  let held = "", clicked = null, editing = null, adding = null, lifted = null;
  const change = (verb, target, more) => ({ verb, target, field: "", value: null, ...more });
  /* The column that a cell is in: its touchpoint, or the room that a stage without one keeps. */
  const columnOf = (cell) => keyOf(cell).replace(/^(touchpoints:[^/]+|stages:[^/]+\/empty).*$/, "$1");
  const isRoom = (key) => key.endsWith("/empty"), stageOfRoom = (key) => key.replace("/empty", "");

  /* --- the order of a journey: its stages, each with its touchpoints --- */
  const rowsOf = (pan) => pan.querySelector("table").rows;
  const columns = (pan) => grid.heads(pan).map(([stage, points]) => [keyOf(stage), points.map(keyOf)]);
  const order = (pan) => columns(pan).map(([stage, points]) => [stage, points.filter((point) => !isRoom(point))]);
  const stageOf = (stages, point) => stages.find(([, points]) => points.includes(point));
  const named = (stages, name) => stages.find(([stage]) => stage === name);
  /* Where something stands: in what, and after which. */
  const placeOf = (pan, name) => {
    const stages = order(pan), own = stageOf(stages, name), list = own ? own[1] : stages.map(([stage]) => stage);
    return { around: own ? own[0] : pan.dataset.journey, after: list[list.indexOf(name) - 1] ?? "" };
  };
  /* One place earlier or later: within the list, else the end of the stage before or the beginning of the one after. */
  const beside = (pan, name, way) => {
    const stages = order(pan), own = stageOf(stages, name), list = own ? own[1] : stages.map(([stage]) => stage);
    const next = list.indexOf(name) + way, other = own && stages[stages.indexOf(own) + way];
    if (list[next]) return { around: own ? own[0] : pan.dataset.journey, after: list[way > 0 ? next : next - 1] ?? "" };
    return other && { around: other[0], after: (way < 0 && other[1].at(-1)) || "" };
  };
  const insert = (list, item, before) => list.splice(before ? list.indexOf(before) + 1 : 0, 0, item);
  const takeOut = (list, item) => list.splice(list.indexOf(item), 1);
  const placed = (pan, name, { around, after }) => {
    const stages = order(pan), own = stageOf(stages, name), stage = named(stages, name);
    takeOut(own ? own[1] : stages, own ? name : stage);
    if (own) insert(named(stages, around)[1], name, after); else insert(stages, stage, named(stages, after));
    return stages;
  };

  /* --- columns are put into an order: cells that are there, or came with an answer --- */
  const room = (key, row) => {
    const head = row === "points", cell = document.createElement(head ? "th" : "td");
    Object.assign(cell, { tabIndex: -1, className: head ? "point room" : "" });
    cell.setAttribute("role", head ? "columnheader" : "gridcell");
    cell.dataset.cell = key;
    return cell;
  };
  const arrange = (pan, wanted, fresh = new Map()) => {
    const active = document.activeElement;
    const points = wanted.flatMap(([stage, its]) => (its.length ? its : [`${stage}/empty`]));
    const heads = { stages: wanted.map(([stage]) => stage), points };
    for (const row of rowsOf(pan)) {
      const name = row.dataset.row, there = new Map([...row.cells].map((cell) => [keyOf(cell), cell]));
      const keys = heads[name] ?? points.map((column) => `${column}/${name}`);
      const roomFor = (key) => (/\/empty(\/|$)/.test(key) ? room(key, name) : null);
      const cells = keys.map((key) => there.get(key) ?? fresh.get(key) ?? roomFor(key));
      if (cells.includes(null)) return false;
      const now = [...row.cells].slice(1);
      if (now.length !== cells.length || now.some((cell, at) => cell !== cells[at])) {
        for (const cell of now) if (!cells.includes(cell)) cell.remove();
        row.append(...cells);
      }
      if (name === "stages") cells.forEach((cell, at) => { cell.colSpan = Math.max(1, wanted[at][1].length); });
    }
    if (active !== document.activeElement && active?.isConnected) active.focus();
    draw(pan);
    grid.name(pan);
    return true;
  };
  const show = (name) => find(name)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const send = (name, { around, after }) => studio.send(change("move", name, { around, after }), (answer) => {
    if (answer.refused) refresh(); else show(name);
  });
  const put = (pan, name, place) => Boolean(place && arrange(pan, placed(pan, name, place))) && (show(name), true);
  const move = (pan, name, place) => { if (put(pan, name, place)) send(name, place); };
  const shift = (cell, way) => move(panOf(cell), keyOf(cell), beside(panOf(cell), keyOf(cell), way));

  /* --- lift, carry, drop --- */
  const lift = (cell) => {
    lifted = { name: keyOf(cell), pan: panOf(cell), before: order(panOf(cell)) };
    cell.classList.add("lifted");
    studio.tell(studio.fill(words.lifted, { name: titled(cell) }));
  };
  const carry = (way) => {
    const { name, pan } = lifted;
    put(pan, name, beside(pan, name, way));
    studio.tell(find(name).getAttribute("aria-label"));
  };
  const drop = (back) => {
    const { name, pan, before } = lifted, moved = !back && JSON.stringify(order(pan)) !== JSON.stringify(before);
    find(name)?.classList.remove("lifted");
    lifted = null;
    if (back) arrange(pan, before);
    if (moved) send(name, placeOf(pan, name)); else studio.tell(words.back);
  };

  /* --- a field laid into the cell --- */
  const lay = (cell, area) => {
    cell.classList.add("editing");
    cell.append(area);
    area.focus();
  };
  const nameOf = (cell) => {
    const lane = cell.parentElement.cells[0].textContent.trim();
    const point = isPoint(cell) || isStage(cell) ? "" : titled(find(columnOf(cell)));
    return [lane, point].filter(Boolean).join(" · ");
  };
  const edit = (cell) => {
    const { at: part, key: field, edits, value } = cell.dataset;
    if (studio.isOver()) return;
    if (isPoint(cell) && isRoom(keyOf(cell))) { addAfter(cell); return; }
    if (edits === "panel") { open(columnOf(cell), cell.parentElement.dataset.row); return; }
    if (!edits) return;
    const area = document.createElement("textarea"), { lang } = edits === "words" ? studio.set : {};
    Object.assign(area.dataset, { part, field, takes: edits, ...(lang && { lang }) });
    const maxLength = edits === "number" ? 8 : field === "title" ? +studio.set.longestTitle : studio.LONGEST;
    Object.assign(area, { defaultValue: value, rows: 1, maxLength, autocomplete: "off" });
    const inputMode = edits === "number" ? "decimal" : "";
    Object.assign(area, { lang: lang ?? document.documentElement.lang, inputMode });
    area.setAttribute("aria-label", nameOf(cell));
    editing = { cell, area, value, fresh: null };
    lay(cell, area);
    area.setSelectionRange(value.length, value.length);
  };
  /* What the cell is then: the same with other words, or what came for it while it was written in. */
  const close = (back) => {
    if (!editing) return null;
    const { cell, area, value, fresh } = editing;
    editing = null;
    if (back) area.value = value;
    const sent = studio.save(area), now = area.value.trim();
    area.remove();
    cell.querySelector(".changed-by")?.remove();
    cell.classList.remove("editing");
    if (!sent && now === value) return fresh ? replace(cell, fresh) : cell;
    display(cell, now);
    return cell;
  };
  const display = (cell, text) => {
    const { dataset } = cell, own = cell.querySelector(".words"), isNumber = dataset.edits === "number";
    dataset.value = isNumber ? text.replace("−", "-").replace(",", ".") : text;
    cell.classList.remove("missing");
    if (isNumber) drawSoon(panOf(cell));
    if (own) { own.textContent = text || own.textContent; return; }
    const clip = cell.querySelector(".clip") ?? document.createElement("div"), line = document.createElement("p");
    Object.assign(clip, { className: "clip" }).replaceChildren(...(text ? [line] : []));
    Object.assign(line, { textContent: text, lang: studio.set.lang });
    if (!clip.isConnected) cell.prepend(clip);
  };

  /* --- what is new: its title is asked for beside the head that it follows --- */
  const ask = (cell, target, field, after) => {
    if (adding || studio.isOver()) return;
    const area = document.createElement("textarea");
    Object.assign(area, { rows: 1, maxLength: 200, className: "adding" });
    Object.assign(area, { lang: studio.set.lang, placeholder: words[field] });
    area.setAttribute("aria-label", words[field]);
    adding = { cell, area, target, field, after, fresh: null };
    lay(cell, area);
  };
  const added = (keep) => {
    if (!adding) return;
    const { cell, area, target, field, after, fresh } = adding, title = area.value.trim();
    adding = null;
    area.remove();
    cell.classList.remove("editing");
    focus(cell.isConnected && fresh ? replace(cell, fresh) : find(keyOf(cell)) || cell);
    if (!keep || !title) return;
    const value = { title: { [studio.set.lang]: title } };
    studio.send({ verb: "add", target, field, after, value }, ({ part }) => {
      if (part && !editing && !adding) focus(find(part));
    });
  };
  const addAfter = (cell) => {
    const key = keyOf(cell), pan = panOf(cell);
    if (isRoom(key)) ask(cell, stageOfRoom(key), "touchpoints", "");
    else if (isPoint(cell)) ask(cell, stageOf(order(pan), key)[0], "touchpoints", key);
    else ask(cell, pan.dataset.journey, "stages", key);
  };
  const addInto = (stage) => {
    const key = keyOf(stage), [, points] = named(order(panOf(stage)), key);
    ask(stage, key, "touchpoints", points.at(-1) ?? "");
  };
  const remove = (cell) => {
    focus(across(cell, 1) ?? across(cell, -1));
    studio.send(change("remove", keyOf(cell)));
  };

  /* --- keys --- */
  const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };
  const whileLifted = (event) => {
    if (event.key === " ") drop(false);
    else if (event.key === "Escape") drop(true);
    else if (ARROWS[event.key]) carry(ARROWS[event.key]);
    else return /^(Arrow|Delete)/.test(event.key);
    return true;
  };
  const onHead = (event, cell) => {
    const isPart = isStage(cell) || (isPoint(cell) && !isRoom(keyOf(cell)));
    if (event.altKey) {
      if (isPart && ARROWS[event.key]) shift(cell, ARROWS[event.key]);
      return isPart && event.key in ARROWS;
    }
    if (event.key === "Insert" && (isPart || isPoint(cell) || cell.matches(".corner"))) addAfter(cell);
    else if (event.key === " " && isPart) lift(cell);
    else if (event.key === "Delete" && isPart) remove(cell);
    else return false;
    return true;
  };
  const inCell = (event, cell) => {
    if (lifted) return whileLifted(event);
    if (event.ctrlKey || event.metaKey || studio.isOver()) return false;
    if (onHead(event, cell)) return true;
    if (event.altKey) return false;
    if (event.key === "Enter" || event.key === "F2") edit(cell);
    else if (event.key.toLowerCase() !== "p") return false;
    else if (panel.hidden) open(columnOf(cell));
    else shut();
    return true;
  };
  const inField = ({ key, shiftKey }) => {
    if (studio.isComposing()) return false;
    const isDone = key === "Escape" || (key === "Enter" && !shiftKey);
    if (isDone && adding) added(key === "Enter");
    else if (isDone) focus(close(key === "Escape"));
    else if (key === "Tab" && editing) {
      const cell = close(false), way = shiftKey ? -1 : 1;
      const next = across(cell, way) ?? down(cell, way), there = keyOf(next) ? next : cell;
      focus(there);
      if (there !== cell && ["words", "number"].includes(there.dataset.edits)) edit(there);
    } else return false;
    return true;
  };
  const isUndo = ({ ctrlKey, metaKey, key, target }) =>
    (ctrlKey || metaKey) && key.toLowerCase() === "z" && !target.closest?.("input, textarea, select");
  grid.keys((event, cell) => {
    if (cell && event.target.matches("textarea")) return inField(event);
    if (cell && cell === event.target && inCell(event, cell)) return true;
    if (isUndo(event)) studio.undo(event.shiftKey);
    else if (event.key === "Escape" && panel.contains(event.target)) shut();
    else return false;
    return true;
  });

  /* --- pointers and focus --- */
  const TAPS = { earlier: (cell) => shift(cell, -1), later: (cell) => shift(cell, 1), remove, add: addInto };
  body.addEventListener("click", (event) => {
    const { target } = event, cell = target.closest(CELL), does = target.closest("button")?.dataset.do;
    if (does === "stage") addAfter(target.closest("section").querySelector("tr").lastElementChild);
    else if (does) TAPS[does](cell);
    else if (cell && !target.closest("button, textarea")) {
      const again = clicked === cell;
      clicked = cell;
      if (again || isRoom(keyOf(cell))) edit(cell); else if (isPoint(cell)) open(keyOf(cell), "", true);
    }
  });
  let following = 0;
  body.addEventListener("focusin", (event) => {
    const cell = event.target.closest(CELL), column = columnOf(cell);
    if (!cell) return;
    if (cell !== clicked) clicked = null;
    held = keyOf(cell);
    studio.here(held);
    clearTimeout(following);
    if (!panel.hidden && column !== shown) following = setTimeout(() => open(column, "", true), 250);
  });
  /* Whoever leaves a field has written it; whoever leaves what is lifted puts it back. */
  body.addEventListener("focusout", ({ target }) => setTimeout(() => {
    if (target === document.activeElement) return;
    if (target === editing?.area) close(false);
    if (target === adding?.area) added(true);
    if (lifted && target === find(lifted.name)) drop(true);
  }));

  /* --- what is otherwise now --- */
  const made = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody><tr>${html}</tr></tbody></table>`;
    return holder.content.querySelector("td, th");
  };
  const replace = (there, fresh) => {
    const active = there.contains(document.activeElement);
    fresh.tabIndex = there.tabIndex;
    if (there.colSpan > 1) fresh.colSpan = there.colSpan;
    there.replaceWith(fresh);
    if (active) fresh.focus({ preventScroll: true });
    return fresh;
  };
  const changedBy = (cell, who) => {
    cell.dataset.changed = who;
    setTimeout(() => { delete cell.dataset.changed; }, 6000);
  };
  const take = (answer) => {
    const cells = answer.cells ?? [], journeys = answer.order ?? [];
    const unknown = new Map();
    for (const [key, html, by] of cells) {
      const there = find(key), fresh = made(html), written = [editing, adding].find((each) => each?.cell === there);
      if (!there) unknown.set(key, fresh);
      else if (written) written.fresh = fresh;
      else {
        replace(there, fresh);
        if (by) changedBy(fresh, by);
      }
    }
    for (const { journey, stages } of journeys) {
      const pan = pans().find((each) => each.dataset.journey === journey);
      if (!pan || !arrange(pan, stages, unknown)) { refresh(); return; }
      if (!pan.querySelector("[tabindex='0']")) pan.querySelector("td").tabIndex = 0;
    }
    if (cells.length) { drawAll(); pans().forEach(grid.name); }
    if (shown && !find(shown)) shut();
    follow();
  };
  const refresh = async () => {
    if (editing) return;
    const scrolled = pans().map(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop })), was = held;
    await studio.swap(location.href, ["#grids > div", "#outline"]);
    pans().forEach((pan, at) => Object.assign(pan, scrolled[at]));
    if (document.activeElement === document.body) focus(find(was));
  };
  const others = document.querySelector("[data-others]");
  const people = (list) => {
    for (const cell of body.querySelectorAll("[data-who]")) delete cell.dataset.who;
    for (const [name, at] of list) find(at)?.setAttribute("data-who", name);
    const names = list.map(([name]) => name).join(words.comma);
    others.textContent = list.length ? studio.fill(words.others, { names }) : "";
  };

  /* --- the panel: a touchpoint with all its fields --- */
  let shown = "";
  const beOpen = (is) => {
    panel.hidden = !is;
    document.body.classList.toggle("with-panel", is);
    drawAll();
  };
  const fill = async (name) => {
    const place = studio.set.panel.replace("touchpoint-id", encodeURIComponent(name.slice("touchpoints:".length)));
    const address = `${place}?panel=1&lang=${studio.set.lang}`, reply = await fetch(address).catch(() => null);
    if (!reply?.ok) return false;
    const unfolded = [...panel.querySelectorAll("details[open][id]")].map(({ id }) => id);
    panel.innerHTML = await reply.text();
    for (const id of unfolded) document.getElementById(id)?.toggleAttribute("open", true);
    window.htmx?.process(panel);
    panel.dataset.from = address;
    panel.scrollTop = 0;
    return true;
  };
  const open = async (name, lane, stay) => {
    if (!name.startsWith("touchpoints:") || (stay && panel.contains(document.activeElement))) return;
    if (name !== shown && !(await fill(name))) return;
    shown = name;
    beOpen(true);
    if (stay) return;
    const own = lane && panel.querySelector(`[data-field="${lane}"], [data-field^="${lane}."]`);
    const field = own || panel.querySelector("textarea");
    field?.closest("details")?.toggleAttribute("open", true);
    field?.focus();
  };
  const shut = () => {
    const inside = panel.contains(document.activeElement);
    studio.saveAll();
    shown = "";
    beOpen(false);
    if (inside) focus(find(held));
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-shut]")) shut(); });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-stay]")) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter), name = sent.get("part"), does = sent.get("do");
    const [around, after] = String(sent.get("place") ?? "").split("|");
    if (["move", "remove"].includes(does)) {
      studio.send(change(does, name, does === "move" && { around, after }), () => {
        if (panel.contains(form) && find(shown)) fill(shown);
      });
    } else studio.swap(form.action, ["#outline", "#grids > div", "#messages"], { method: "POST", body: sent });
  });

  /* --- the outline and the advice follow --- */
  const advice = document.getElementById("advice");
  let drawn = 0, checked = 0;
  const look = async () => {
    const reply = await fetch(`${studio.set.advice}?part=1`).catch(() => null);
    if (reply?.ok) advice.querySelector("[data-advice]").innerHTML = await reply.text();
  };
  const follow = () => {
    clearTimeout(drawn);
    clearTimeout(checked);
    const outlined = document.getElementById("outline")?.offsetParent;
    if (outlined) drawn = setTimeout(() => studio.swap(location.href, ["#outline"]), 300);
    if (advice?.open) checked = setTimeout(look, 1500);
  };
  advice?.addEventListener("toggle", () => { if (advice.open) look(); });

  /* --- dragging --- */

  /* A head that was dragged is put back first: its column is moved as by keys, and only where that can be. */
  const dropped = (pan, { item, oldIndex, newIndex }) => {
    const right = newIndex > oldIndex, before = item.previousElementSibling, name = keyOf(item);
    const neighbour = (right ? before : item.nextElementSibling) ?? before;
    const place = { before: keyOf(before), side: keyOf(neighbour) };
    item.parentElement.insertBefore(item, item.parentElement.cells[oldIndex + (right ? 0 : 1)] ?? null);
    if (oldIndex !== newIndex) move(pan, name, (isStage(item) ? amongStages : withinStage)(pan, name, place));
    focus(find(name));
  };
  const amongStages = (pan, _name, { before }) => ({ around: pan.dataset.journey, after: before });
  const withinStage = (pan, name, { before, side }) => {
    const [around, points] = stageOf(columns(pan), side);
    return { around, after: before !== name && !isRoom(before) && points.includes(before) ? before : "" };
  };
  const ofOutline = ({ item, from, to, oldIndex, newIndex }) => {
    const place = { around: to.dataset.stage, after: item.previousElementSibling?.dataset.part ?? "" };
    if (from !== to || oldIndex !== newIndex) studio.send(change("move", item.dataset.part, place), refresh);
  };
  const drags = () => {
    for (const pan of pans()) {
      const [stages, points] = rowsOf(pan), onEnd = (event) => dropped(pan, event);
      studio.sort(stages, { draggable: "th.stage", onEnd });
      studio.sort(points, { draggable: "th.point", onEnd });
    }
    for (const list of document.querySelectorAll(".stops[data-stage]")) {
      studio.sort(list, { group: "stops", draggable: ".stop", onEnd: ofOutline });
    }
  };
  studio.drags(drags);

  studio.reads({
    take, people, refresh,
    drawn: () => { drags(); for (const pan of pans()) { draw(pan); grid.name(pan); } },
    holds: (answer) => Boolean((editing || adding || lifted) && answer.order),
  });
  matchMedia("(min-width: 40rem)").addEventListener("change", refresh);
})();
