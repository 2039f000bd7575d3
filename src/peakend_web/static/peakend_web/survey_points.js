/* Says how many points are left, and lets a thumb give and take them. Without this file the numbers are written. */
for (const box of document.querySelectorAll("[data-points]")) {
  const inputs = [...box.querySelectorAll("input")], line = box.querySelector("[role=status]"), words = line.dataset;
  const total = Number(inputs[0].dataset.most), step = Math.max(1, Math.round(total / 20));
  const left = () => inputs.reduce((rest, input) => rest - (Number(input.value) || 0), total);
  const say = () => {
    const rest = left();
    line.textContent = (rest < 0 ? words.over : words.left).replace("{n}", Math.abs(rest));
    line.classList.toggle("problem", rest < 0);
  };
  /* While there are too many nothing is sent: the next change may mend it. */
  const hold = (event) => { say(); if (left() < 0) event.stopPropagation(); };
  box.addEventListener("input", hold);
  box.addEventListener("change", hold);
  const button = (input, sign, text, by) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "nudge", textContent: sign });
    made.setAttribute("aria-label", text.replace("{name}", input.labels[0].textContent));
    made.addEventListener("click", () => {
      const there = Number(input.value) || 0;
      const next = Math.max(0, Math.min(there + by, there + Math.max(0, left())));
      if (String(next) === input.value) return;
      input.value = next;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  };
  for (const input of inputs) {
    input.before(button(input, "−", words.less, -step));
    input.after(button(input, "+", words.more, step));
  }
  say();
  addEventListener("pageshow", say);
}
