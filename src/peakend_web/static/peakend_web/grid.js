/* The journey map as a grid: one walks through it by keys, opens what is cut, and sees the planned emotion as a line.
   What is edited in it is the matter of grid_edit.js, which comes along where there is a draft. */
window.grid = (() => {
  const body = document.getElementById("grids"), CELL = "[role=grid] :is(td, th)";
  if (!body) return null;

  /* --- cells: each that is of the document has a key, by which the server calls it --- */
  const pans = () => [...document.querySelectorAll(".pan[data-journey]")];
  const panOf = (cell) => cell.closest(".pan");
  const keyOf = (cell) => cell?.dataset.cell ?? "";
  const find = (key) => key && body.querySelector(`[data-cell="${CSS.escape(key)}"]`);
  const isPoint = (cell) => cell?.matches("th.point");
  const isStage = (cell) => cell?.matches("th.stage");
  const titled = (cell) => cell?.querySelector(".words")?.textContent ?? "";
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  /* The heads of the stages of a journey, each with those of its columns. */
  const heads = (pan) => {
    const [stages, points] = pan.querySelector("table").rows;
    let at = 1;
    return [...stages.cells].slice(1).map((stage) => [stage, [...points.cells].slice(at, (at += stage.colSpan))]);
  };
  /* A head says where it stands: whoever hears the cells hears it with each. */
  const name = (pan) => {
    const { place, empty, comma } = pan.dataset, around = pan.closest("section").querySelector("h2").textContent;
    const call = (head, at, list, stage) => {
      const phrase = isPoint(head) && !titled(head) ? empty : place;
      const said = fill(phrase, { name: titled(head), at: at + 1, of: list.length, stage });
      const marks = [...head.querySelectorAll(".marks .sr")].map((mark) => mark.textContent);
      head.setAttribute("aria-label", [said, ...marks].join(comma));
    };
    heads(pan).forEach(([stage, points], at, all) => {
      call(stage, at, all, around);
      points.forEach((point, nth) => call(point, nth, points, titled(stage)));
    });
  };

  /* --- walking --- */
  const rowsOf = (cell) => [...cell.closest("table").rows];
  const lastOf = (list) => list[list.length - 1];
  /* The cells of a row, each with the columns that it goes over. */
  const spans = (row) => {
    let at = 0;
    return [...row.cells].map((cell) => ({ cell, from: at, to: (at += cell.colSpan) }));
  };
  const columnOf = (cell) => spans(cell.parentElement).find((each) => each.cell === cell).from;
  const cellAt = (row, at) => (spans(row).find(({ from, to }) => from <= at && at < to) ?? lastOf(spans(row))).cell;
  const across = (cell, way) => (way > 0 ? cell.nextElementSibling : cell.previousElementSibling);
  const down = (cell, way) => {
    const rows = rowsOf(cell), row = rows[rows.indexOf(cell.parentElement) + way];
    return row && cellAt(row, columnOf(cell));
  };
  const toStage = (cell, way) => {
    const stages = spans(rowsOf(cell)[0]).slice(1), at = columnOf(cell);
    const here = stages.findIndex(({ from, to }) => from <= at && at < to);
    const next = stages[Math.max(0, Math.min(stages.length - 1, here + way))];
    return next && cellAt(cell.parentElement, next.from);
  };
  const WALK = {
    ArrowRight: (cell) => across(cell, 1),
    ArrowLeft: (cell) => across(cell, -1),
    ArrowDown: (cell) => down(cell, 1),
    ArrowUp: (cell) => down(cell, -1),
    PageDown: (cell) => toStage(cell, 1),
    PageUp: (cell) => toStage(cell, -1),
    Home: (cell, inAll) => (inAll ? rowsOf(cell)[0].cells[0] : cell.parentElement.cells[1]),
    End: (cell, inAll) => lastOf((inAll ? lastOf(rowsOf(cell)) : cell.parentElement).cells),
  };
  const focus = (cell) => {
    if (!cell) return;
    for (const other of panOf(cell).querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  };
  const walk = (event, cell) => {
    const commanded = event.ctrlKey || event.metaKey;
    if (cell !== event.target || event.altKey || (commanded && !["Home", "End"].includes(event.key))) return false;
    if (event.key === "?") {
      for (const help of document.querySelectorAll("#grid-help-box")) help.open = !help.open;
      return true;
    }
    if (!WALK[event.key]) return false;
    focus(WALK[event.key](cell, commanded));
    return true;
  };

  /* An input method has its keys first. On macOS these few bear its mark with every Option key. */
  const PASS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Delete", "Escape"]);
  const first = [];
  addEventListener("keydown", (event) => {
    if (event.isComposing || (event.keyCode === 229 && !PASS.has(event.key))) return;
    const cell = event.target.closest?.(CELL);
    if (first.some((takes) => takes(event, cell)) || (cell && walk(event, cell))) event.preventDefault();
  });
  body.addEventListener("click", (event) => {
    const more = event.target.closest("button.more");
    if (more) more.setAttribute("aria-expanded", more.closest("td").classList.toggle("open"));
    else if (event.target.closest(CELL) && !event.target.closest("button, textarea")) focus(event.target.closest(CELL));
  });

  /* --- the line: the planned emotion through all columns --- */
  const SVG = "http://www.w3.org/2000/svg";
  const shape = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const curve = (points) => points.map(([x, y], at) => {
    if (!at) return `M${x} ${y}`;
    const [fromX, fromY] = points[at - 1], half = (fromX + x) / 2;
    return `C${half} ${fromY} ${half} ${y} ${x} ${y}`;
  }).join("");
  const kind = (value) => (value < 0 ? "trough" : value > 0 ? "peak" : "");
  const draw = (pan) => {
    const row = pan.querySelector("tr[data-row=emotion]");
    if (!row?.offsetParent) return;
    // The number stands beneath the line: nowhere does the line go through it.
    const height = row.offsetHeight, middle = (height - 30) / 2, left = row.cells[0].offsetWidth;
    const dots = [...row.cells].slice(1).filter((cell) => cell.dataset.value).map((cell) => {
      const value = Number(cell.dataset.value);
      return { value, at: [cell.offsetLeft + cell.offsetWidth / 2, middle - (value / 5) * (middle - 12)] };
    });
    const svg = shape("svg", { class: "line feeling", "aria-hidden": "true", width: row.offsetWidth, height });
    svg.style.top = `${row.offsetTop}px`;
    svg.append(
      shape("path", { class: "zero", d: `M${left} ${middle}H${row.offsetWidth}` }),
      shape("path", { d: curve(dots.map(({ at }) => at)) }),
      ...dots.map(({ value, at: [cx, cy] }) => shape("circle", { cx, cy, r: 4, class: `dot ${kind(value)}` })),
    );
    pan.querySelector("svg.feeling")?.remove();
    pan.append(svg);
  };
  const due = new Map();
  const drawSoon = (pan) => {
    cancelAnimationFrame(due.get(pan));
    due.set(pan, requestAnimationFrame(() => draw(pan)));
  };
  const drawAll = () => pans().forEach(drawSoon);
  addEventListener("resize", drawAll);
  pans().forEach(draw);
  pans().forEach(name);

  /* Whoever comes back from the page of a touchpoint stands where they left; the browser goes to addresses within a
     page first. */
  addEventListener("load", () => focus(find(location.hash.slice(1))));

  return {
    body, CELL, pans, panOf, keyOf, find, isPoint, isStage, titled, heads, name, across, down, focus,
    draw, drawSoon, drawAll,
    keys: (takes) => first.push(takes),
  };
})();
