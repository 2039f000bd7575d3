/* Reads the questions aloud with the browser's own voice, from the one in sight on; loaded when that is asked for. */
(() => {
  const button = document.getElementById("aloud"), voice = window.speechSynthesis;
  const LANGS = { en: "en", "zh-Hant": "zh-TW", "zh-Hans": "zh-CN" };
  const WORDS = "h2, legend, label.main, .field > label, label > span, thead th, tbody th, .ends span";
  const isNumber = (text) => /^[0-9]+$/.test(text);
  const isInSight = (section) => !section.hidden && section.getBoundingClientRect().bottom > 80;
  /* A scale is read by its ends alone: nobody wants to hear eleven numbers. */
  const wordsOf = (section) =>
    [...new Set([...section.querySelectorAll(WORDS)].map((each) => each.textContent.trim()))]
      .filter((text) => text && !isNumber(text));

  let reads = 0;
  const stop = () => {
    reads += 1;
    voice.cancel();
    button.textContent = button.dataset.start;
    button.setAttribute("aria-pressed", "false");
  };
  const read = () => {
    const turn = (reads += 1), sections = [...document.querySelectorAll("#questions > section")];
    const next = (at) => {
      if (turn !== reads) return;
      while (at < sections.length && sections[at].hidden) at += 1;
      if (at === sections.length) { stop(); return; }
      sections[at].scrollIntoView({ block: "start" });
      const said = new SpeechSynthesisUtterance(wordsOf(sections[at]).join(". "));
      said.lang = LANGS[document.documentElement.lang];
      said.onend = () => next(at + 1);
      said.onerror = () => { if (turn === reads) stop(); };
      voice.speak(said);
    };
    voice.cancel();
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    next(Math.max(0, sections.findIndex(isInSight)));
  };
  button.onclick = () => (button.getAttribute("aria-pressed") === "true" ? stop() : read());
  addEventListener("pagehide", stop);
  read();
})();
