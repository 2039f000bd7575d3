/* Presenting: keys, full screen, a clock. Without it every slide is a page of its own. */
(() => {
  const bar = document.querySelector("[data-with-script]"), said = document.querySelector("[data-said]");
  if (!bar) return;
  bar.hidden = false;

  /* Escape leaves the full screen first, and then ends. Keys go on and back, but not where something is typed or
     chosen; an arrow that comes with Alt or Ctrl is the browser's. */
  const KEYS = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous" };
  document.addEventListener("keydown", (event) => {
    const isComposing = event.isComposing || event.keyCode === 229;
    if (isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape" && !document.fullscreenElement) {
      bar.parentElement.querySelector("[data-end]").click();
      return;
    }
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === " " && event.target.closest("a, button")) return;
    const link = document.getElementById(KEYS[event.key] ?? "");
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const slide = document.getElementById("slide");
    if (!slide) return;
    if (said) said.textContent = slide.querySelector("h1")?.textContent ?? "";
    if (!slide.contains(document.activeElement)) slide.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  });

  const full = bar.querySelector("[data-full]");
  if (document.fullscreenEnabled) {
    full.addEventListener("click", () =>
      document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  } else full.hidden = true;

  /* The clock runs down, and on beyond nothing, until somebody stops it; a new number of minutes sets it again. */
  const minutes = bar.querySelector("input"), shown = bar.querySelector("output");
  const run = bar.querySelector("[data-run]");
  const names = { start: run.textContent, pause: run.dataset.pause };
  let left = 300_000, ends = 0, ticking = 0;
  const show = () => {
    const now = ends ? ends - Date.now() : left, seconds = Math.ceil(Math.abs(now) / 1000 - (now < 0 ? 1 : 0));
    shown.textContent = `${now < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    shown.classList.toggle("over", now < 0);
  };
  const stop = () => {
    if (ends) left = ends - Date.now();
    ends = 0;
    clearInterval(ticking);
    run.textContent = names.start;
    show();
  };
  run.addEventListener("click", () => {
    if (ends) return stop();
    ends = Date.now() + left;
    ticking = setInterval(show, 250);
    run.textContent = names.pause;
    show();
  });
  minutes.addEventListener("input", () => {
    const wanted = Number(minutes.value);
    if (!(wanted >= 1 && wanted <= 180)) return;
    stop();
    left = wanted * 60_000;
    show();
  });
})();
