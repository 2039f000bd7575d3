/* The survey on a screen where customers stand: one question at a time, for one person after the other, with a network
   and without. It stands around survey.js, which keeps and sends what is answered, and is loaded before it. */
(() => {
  const form = document.getElementById("survey");
  if (!form || !window.fetch || !window.FormData) return;
  const settings = form.dataset, root = document.documentElement, by = (id) => document.getElementById(id);
  const PLACE = "peakend:" + settings.token, LEFT = "peakend-unsent:";
  const NAMES = "peakend-kiosk-names", BEGUN = "peakend-kiosk-begun", MOST_NAMES = 400;
  const HELLO = 3e4, PATIENCE = 4000, AT_ONCE = 300, OVER = 8, OVER_WITH_CODE = 25;
  const SIZES = [1.75, 1.5, 1.25, 1.125, 1], ROWS = [1.75, 1.5, 1.25];
  const CODE = /^[a-z2-9]{20}$/;

  /* What this browser keeps. Where it keeps nothing, the page asks the server before each person. */
  const shelf = (() => {
    try {
      localStorage.setItem(NAMES, localStorage.getItem(NAMES) || "{}");
      return localStorage;
    } catch { return null; }
  })();
  const readShelf = (key, usual) => {
    try { return JSON.parse(shelf.getItem(key)) ?? usual; } catch { return usual; }
  };
  const writeShelf = (key, value) => {
    try { shelf.setItem(key, JSON.stringify(value)); } catch { /* full, or none */ }
  };

  /* Each page from the server names one response, with its receipt. Without a network the page is the last one again:
     then people are called by its spare name, the first, the second …, which nobody is ever shown. A name is taken with
     the first answer. */
  const session = (use) => { try { return use(sessionStorage); } catch { return null; } };
  const turned = session((tab) => JSON.parse(tab.getItem(PLACE))?.turned);
  if (!turned) session((tab) => tab.removeItem(PLACE));
  const used = readShelf(NAMES, {})[settings.spare];
  if (used !== undefined) {
    form.elements.response.value = `${settings.spare}--${used + 1}`;
    form.elements.token.value = settings.spareToken;
  }
  const takeName = () => {
    const names = readShelf(NAMES, {});
    if (names[settings.spare] !== used) return;
    names[settings.spare] = (used ?? -1) + 1;
    for (const old of Object.keys(names).slice(0, -MOST_NAMES)) delete names[old];
    writeShelf(NAMES, names);
  };

  const languages = [...form.querySelectorAll("header [name=lang]")];
  const isAsked = languages.length > 1 && !new URL(location.href).searchParams.has("lang");
  const send = form.querySelector("button.send"), nextButton = by("next"), nextWords = nextButton.textContent;
  let answered = false, now = null, trail = [], waiting = 0, over = false;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms, false));
  const isIdle = () => !("begun" in settings) && !answered && !over;

  /* --- one screen after the other --- */

  const sections = () => [...form.querySelectorAll("[data-item]")].filter((section) => !section.hidden);
  const rowsOf = (section) => {
    for (const kind of [":scope > fieldset", ".grid tbody tr", ":scope > .field"]) {
      const rows = section.querySelectorAll(kind);
      if (rows.length > 1) return [...rows];
    }
    return [];
  };
  const fits = () => root.scrollHeight <= innerHeight;
  const fit = (sizes = SIZES) => sizes.some((size) => { root.style.fontSize = `${size * 100}%`; return fits(); });
  const put = (at) => { root.dataset.at = at; };
  const screen = (at) => {
    put(at);
    now = null;
    for (const section of form.querySelectorAll(".now")) section.classList.remove("now");
    by("begin").hidden = at === "start";
    by("steps").hidden = true;
    fit();
  };
  /* A question, from one of its rows on where they are too many for the screen. */
  const ask = (section, from = 0) => {
    put("question");
    for (const each of form.querySelectorAll(".now")) each.classList.remove("now");
    for (const row of form.querySelectorAll(".off")) row.classList.remove("off");
    section.classList.add("now");
    by("steps").hidden = false;
    const rows = rowsOf(section);
    now = { section, from, upto: rows.length };
    rows.forEach((row, at) => row.classList.toggle("off", at < from));
    tellStep();
    /* Rather fewer rows than small ones. */
    if (!fit(rows.length > 1 ? ROWS : SIZES) && rows.length > 1) {
      let shown = from;
      for (const row of rows.slice(from + 1)) row.classList.add("off");
      while (++shown < rows.length) {
        rows[shown].classList.remove("off");
        if (!fits()) { rows[shown].classList.add("off"); break; }
      }
      now.upto = shown;
      tellStep();
    }
    const head = rows[from] || section.querySelector("fieldset, h2, label");
    const target = from ? rows[from] : section.querySelector("legend, h2, label.main") || head;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  const tellStep = () => {
    const all = sections(), at = all.indexOf(now.section);
    by("step").textContent = settings.step.replace("{n}", at + 1).replace("{all}", all.length);
    const isLast = at === all.length - 1 && now.upto >= rowsOf(now.section).length;
    nextButton.textContent = isLast ? send.textContent : nextWords;
  };
  const isAnswered = (section) => [...section.querySelectorAll("[data-answer]")].some(
    (input) => (/radio|checkbox/.test(input.type) ? input.checked : input.value.trim()),
  );
  const demand = (section) => {
    const line = section.querySelector(".demand") || document.createElement("p");
    Object.assign(line, { className: "problem demand", textContent: settings.demand });
    line.setAttribute("role", "alert");
    section.prepend(line);
  };
  const forward = () => {
    const all = sections(), { section, upto } = now;
    const isWhole = upto >= rowsOf(section).length;
    if (isWhole && "required" in section.dataset && !isAnswered(section)) { demand(section); return; }
    section.querySelector(".demand")?.remove();
    const next = isWhole ? all[all.indexOf(section) + 1] : section;
    if (!next) { send.click(); return; }
    trail.push(now);
    ask(next, isWhole ? 0 : upto);
  };
  const back = () => {
    const before = trail.pop();
    if (before && !before.section.hidden) ask(before.section, before.from);
    else if (before) back();
    else screen("intro");
  };
  const begin = () => {
    const first = sections()[0];
    if (!("begun" in settings)) writeShelf(BEGUN, readShelf(BEGUN, 0) + 1);
    settings.begun = "";
    trail = [];
    ask(first);
  };

  /* --- the end, and the next person --- */

  const finish = async ({ code, isFull, isKept }) => {
    clearTimeout(waiting);
    if (over) return;
    over = true;
    put("over");
    by("idle")?.close();
    by("over").hidden = false;
    by("over-full").hidden = !isFull;
    by("over-kept").hidden = !isKept;
    fit();
    by("over").focus();
    let left = OVER;
    const shown = code && CODE.test(code) && await Promise.race([showCode(code), pause(PATIENCE)]);
    if (shown) left = OVER_WITH_CODE;
    const count = () => {
      by("over-left").textContent = settings.seconds.replace("{n}", left);
      if (left-- <= 0) anew(); else setTimeout(count, 1000);
    };
    count();
  };
  const showCode = async (code) => {
    const reply = await fetch(settings.card, {
      method: "POST",
      body: new URLSearchParams({ code, lang: root.lang }),
      credentials: "omit",
    }).catch(() => null);
    if (!reply?.ok) return false;
    by("receipt").innerHTML = await reply.text();
    by("receipt").hidden = false;
    fit();
    return true;
  };
  /* Everything begins anew with a page that was never shown. Without a network it is the one that the worker has; where
     there is no worker, the page waits for the network. */
  let leaving = false;
  const anew = async () => {
    if (leaving) return;
    leaving = over = true;
    session((tab) => tab.removeItem(PLACE));
    while (!navigator.serviceWorker?.controller && !await hello()) {
      put("away");
      by("away").hidden = false;
      by("over").hidden = true;
      await pause(PATIENCE);
    }
    location.replace(settings.start);
  };

  form.addEventListener("noted", () => { if (!answered && !turned) takeName(); answered = true; });
  form.addEventListener("path", () => { if (now) tellStep(); });
  form.addEventListener("problems", ({ detail }) => {
    clearTimeout(waiting);
    const { field } = detail[0] || {};
    const input = field && [...form.elements].find((each) => each.name === field);
    const ofItem = ({ dataset }) => dataset.item === field;
    const section = input?.closest("[data-item]") || [...form.querySelectorAll("[data-item]")].find(ofItem);
    if (section) ask(section);
  });
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.name === "lang") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => finish({ isKept: true }), navigator.onLine ? PATIENCE : AT_ONCE);
  });
  form.addEventListener("answered", (event) => { event.preventDefault(); finish(event.detail); });
  form.addEventListener("anew", (event) => { event.preventDefault(); anew(); });
  form.addEventListener("turned", (event) => {
    event.preventDefault();
    if (!answered) session((tab) => tab.removeItem(PLACE));
    location.replace(event.detail);
  });
  for (const button of languages) {
    button.addEventListener("click", (event) => {
      if (!button.hasAttribute("aria-current")) return;
      event.preventDefault();
      screen("intro");
      by("begin").focus();
    });
  }
  by("begin").onclick = begin;
  nextButton.onclick = forward;
  by("back").onclick = back;
  by("anew").onclick = anew;
  /* Return sends no form before its end. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input[data-answer], select")) return;
    event.preventDefault();
    if (now) forward();
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) anew(); });
  addEventListener("resize", () => (now ? ask(now.section, now.from) : fit()));

  /* --- the house: that it is there, what waits, the page for when there is no network --- */

  const unsent = () => (shelf ? Object.keys(shelf) : []).filter(
    (key) => key.startsWith(LEFT) && (over || !key.endsWith(`:${form.elements.response.value}`)),
  ).length;
  const tellUnsent = () => {
    const many = unsent(), line = by("unsent");
    line.hidden = !many || !isIdle();
    line.textContent = many ? settings.unsent.replace("{n}", many) : "";
  };
  /* Whether the server was there. */
  const hello = async () => {
    const begun = readShelf(BEGUN, 0), request = { method: "POST", credentials: "same-origin" };
    const reply = await fetch(settings.alive, { ...request, body: new URLSearchParams({ begun }) }).catch(() => null);
    if (!reply) return false;
    if ([401, 403, 404].includes(reply.status) && isIdle()) location.replace(settings.start);
    if (!reply.ok) return reply.status < 500;
    if (begun) writeShelf(BEGUN, readShelf(BEGUN, 0) - begun);
    if (unsent()) dispatchEvent(new Event("online"));
    if (await reply.text() !== settings.token && isIdle()) location.replace(settings.start);
    return true;
  };
  setInterval(hello, HELLO);
  setInterval(tellUnsent, 1000);

  const keepPage = async () => {
    const there = await navigator.serviceWorker.register(settings.worker);
    const ready = await navigator.serviceWorker.ready;
    if (there.waiting && isIdle()) there.waiting.postMessage("take over");
    const files = [...document.querySelectorAll("script[src], link[rel=stylesheet], img[src]")];
    const addresses = files.map((file) => file.src || file.href).filter((address) => address.startsWith("http"));
    if (by("aloud")) addresses.push(new URL(by("aloud").dataset.script, location.href).href);
    const pages = [settings.start, ...languages.map(({ value }) => `${settings.start}?lang=${value}`)];
    ready.active.postMessage({ files: addresses, pages });
  };
  if (shelf && navigator.serviceWorker) keepPage().catch(() => {});

  root.classList.add("kiosk");
  addEventListener("load", () => { screen(isAsked ? "start" : "intro"); tellUnsent(); });
  screen(isAsked ? "start" : "intro");
})();
