/* Keeps each answer as it is tapped. What is shown lives and ends with the tab; what could not be sent yet outlives it,
   and is sent but never shown again. The form works without this file. */
(() => {
  const form = document.getElementById("survey");
  if (!form || !window.fetch || !window.FormData || typeof surveyPath === "undefined") return;
  if (typeof surveyUnsent === "undefined") return;
  const settings = form.dataset, status = document.getElementById("status"), notice = document.getElementById("idle");
  const PLACE = "peakend:" + settings.token, UNSENT = "peakend-unsent:";
  const VISIT = 12 * 36e5, TUNNEL = 9e5, KEPT = 14 * 864e5, ALONG = 3e4, TRIES = 4;
  /* In milliseconds: the first and the last wait between two tries, where there is no reply and where the server is
     busy; and after how long without one there is another try beside. */
  const FIRST = 1000, LAST = 4000, LAST_OF_A_BUSY_SERVER = 30000, SILENCE = 8000;
  const NOTICE = 20e3, IDLE = 1000 * settings.idle;

  /* What this tab keeps; where that is denied, or full, its place in the history keeps it. */
  const own = (use, otherwise) => {
    try { return use(window.sessionStorage) ?? otherwise(); } catch { return otherwise(); }
  };
  const inHistory = (key, value) => {
    if (IDLE) return;
    try { history.replaceState({ ...history.state, [key]: value }, ""); } catch { /* too often, or too much */ }
  };
  let isDenied = false;
  const isPlain = "plain" in settings;
  const tab = isPlain ? { get: () => null, set: () => true } : {
    get: (key) => own((there) => JSON.parse(there.getItem(key)), () => history.state?.[key] ?? null),
    set: (key, value) => {
      isDenied = own((there) => {
        if (value) there.setItem(key, JSON.stringify(value)); else there.removeItem(key);
        return 1;
      }, () => 0) === 0;
      if (isDenied) own((there) => { there.removeItem(key); }, () => 0);
      if (isDenied || history.state?.[key]) inHistory(key, isDenied ? value : null);
      return isDenied;
    },
  };
  /* A page that is only tried out has nowhere to send to; a plain one is sent by the browser, and keeps nothing. */
  const NOWHERE = { put: async () => false, drop: async () => {}, read: async () => null, all: async () => [] };
  const device = settings.keep ? surveyUnsent(UNSENT) : NOWHERE;
  let held = Promise.resolve(true);
  const twoDigits = (byte) => byte.toString(36).padStart(2, "0");
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), twoDigits).join("");

  /* state: the questionnaire's name; a counter of changes; answers by field {value|text|not_used, revision, at, and
     kept, refused (the server does not take it), long (it is too long to be sent), tries}; the delivery under way. It
     stays where the page is loaded again, left and come back to, or shown in another language; whoever opens the link
     begins anew. */
  const entry = performance.getEntriesByType("navigation")[0]?.type
    ?? ["navigate", "reload", "back_forward"][performance.navigation?.type ?? 0];
  /* A page that was loaded again without a network comes as one that is opened, once there is one. */
  const isBackFromTunnel = (held) => held.cut && !IDLE && Math.abs(Date.now() - held.moved) < TUNNEL;
  const isCurrent = (held) => held
    && (entry !== "navigate" || held.turned || isBackFromTunnel(held))
    && Date.now() - held.moved < (IDLE ? IDLE + NOTICE : VISIT);
  let state = tab.get(PLACE);
  if (!isCurrent(state)) {
    tab.set(PLACE, null);
    const { response, rev, place, token, amends } = form.elements;
    state = { response: response.value, revision: +rev.value, place: place.value || null, token: token.value };
    state.amends = !!amends;
    Object.assign(state, { lang: "", answers: {}, sending: null, done: false });
  }
  /* What a page around this one is told; whether it leaves it to this one to go on. */
  const tell = (what, detail) => form.dispatchEvent(new CustomEvent(what, { detail, cancelable: true }));
  const leave = (code = "") => {
    const there = (state.full ? settings.fullAt : settings.thanks) + code;
    if (tell("answered", { code: state.receipt, isFull: !!state.full })) location.replace(there);
  };
  if (state.sent) { leave(); return; }
  /* Of which survey it is, and where it goes, for a later page of another one; the address of one's own link is kept on
     no device. */
  const to = settings.token && settings.keep.includes(settings.token) ? settings.keep : undefined;
  Object.assign(state, { turned: false, of: settings.token, to, lang: document.documentElement.lang });
  let isAway = !navigator.onLine, wait = FIRST, timer = 0, typing = 0;
  let busy = false, holding = false, alone = false, gone = false;

  /* How an input says what was answered, by its data-answer; the rest follows from what HTML it is. */
  const ANSWERS = {
    number: ({ value }) => {
      const text = value.trim(), number = Number(text);
      return text === "" || Number.isNaN(number) ? { text } : { value: number };
    },
    text: ({ value }) => ({ text: value.trim() }),
    tick: ({ checked }) => ({ value: checked ? 1 : 0 }),
    unused: () => ({ not_used: true }),
    count: ({ dataset }) => (dataset.count ? { value: +dataset.count } : { text: "" }),
  };
  const TEXT_INPUTS = "[data-answer]:not([type=radio]):not([type=checkbox])";
  const read = (input) => ANSWERS[input.dataset.answer](input);
  const same = (a, b) => a && a.value === b.value && a.text === b.text && !!a.not_used === !!b.not_used;

  const inputs = (field) => [...form.elements].filter((input) => input.name === field);
  const textInputs = () => [...form.querySelectorAll(TEXT_INPUTS)];
  const at = (field) => "q-" + field.replaceAll(".", "--");
  const put = (field, answer) => {
    for (const input of inputs(field)) {
      if (input.type === "radio") input.checked = same(answer, read(input));
      else if (input.type === "checkbox") input.checked = answer.value === 1;
      else if (input.type === "file") input.dataset.count = answer.value || "";
      else { input.value = answer.text ?? answer.value ?? ""; count(input); }
    }
  };

  /* How many characters fit still; negative where there are too many. Near the end it is counted for whoever writes. */
  const room = (input) => (input.dataset.longest ? input.dataset.longest - [...input.value.trim()].length : 1);
  const count = (input) => {
    const line = document.getElementById(input.id + "-n"), left = room(input);
    if (!line) return;
    const near = left < Math.min(200, input.dataset.longest / 5);
    line.textContent = left < 0 ? settings.over.replace("{n}", -left) : near ? settings.left.replace("{n}", left) : "";
    line.classList.toggle("problem", left < 0);
    if (left < 0) input.setAttribute("aria-invalid", "true");
    else if (!form.querySelector(`#${input.id}-e:not(.corrected-error)`)) input.removeAttribute("aria-invalid");
  };

  const note = (input) => {
    const answer = read(input);
    if (same(state.answers[input.name], answer) || (!(input.name in state.answers) && answer.text === "")) return;
    /* The choices of a question belong together, and what tells people apart belongs to every answer. */
    const together = input.closest("[data-together]");
    const group = together ? [...together.querySelectorAll("[data-answer]")] : [input];
    state.revision += 1;
    for (const each of group) {
      state.answers[each.name] = { ...read(each), revision: state.revision, at: Date.now(), long: room(each) < 0 };
      if (together && "apart" in together.dataset) state.answers[each.name].apart = true;
    }
    if (input.closest("[data-tells-apart]")) {
      for (const each of Object.values(state.answers)) Object.assign(each, { kept: false, revision: state.revision });
    }
    /* A delivery that has not arrived may hold what was just changed: the next is made of what is said now. */
    if (!busy) state.sending = null;
    clear(input.name);
    mirror();
    tell("noted");
    store();
  };
  const mirror = () => {
    form.elements.response.value = state.response;
    form.elements.token.value = state.token;
    form.elements.rev.value = state.revision + 1;
  };
  const store = () => {
    state.moved = Date.now();
    if (!gone) tab.set(PLACE, state);
    if (state.done || waiting().length) held = device.put(state.done ? state : withoutContact());
    else device.drop(state);
  };
  /* Who somebody is leaves the page with the last answer alone, and is kept on the device until that is sent. */
  const isHeld = (from, answer) => answer.apart && !from.done;
  const withoutContact = () => {
    const said = Object.entries(state.answers).filter(([, answer]) => !answer.apart);
    return { ...state, answers: Object.fromEntries(said) };
  };

  /* What is shown by earlier answers; and how a text asks after a low or a high score. */
  /* What is asked in a drawn order stays in that in which it was first shown, though the page is loaded again. */
  const keyOf = (part) => {
    const input = part.querySelector("[data-answer]");
    return part.dataset.item || (input ? [input.name, part.matches("label") ? input.value : ""].join("=") : "");
  };
  const shuffled = [...form.querySelectorAll("[data-shuffled]")];
  const orders = (state.orders ??= Object.fromEntries(
    shuffled.map((list) => [list.dataset.shuffled, [...list.children].map(keyOf)]),
  ));
  for (const list of shuffled) {
    const parts = [...list.children];
    for (const key of orders[list.dataset.shuffled] || []) list.append(...parts.filter((part) => keyOf(part) === key));
  }
  const sections = [...form.querySelectorAll("[data-item]")], places = Object.create(null);
  for (const section of sections) {
    for (const input of section.querySelectorAll("[data-answer]")) {
      places[input.name] = { item: section.dataset.item, isOption: Boolean(input.closest("[data-together]")) };
    }
  }
  for (const line of form.querySelectorAll(".only-if")) line.remove();
  const questions = sections.map(({ dataset }) => ({
    id: dataset.item,
    condition: dataset.if && JSON.parse(dataset.if),
  }));
  /* The words of an answer, where one is piped into others: of the options that were chosen, of a step, or the number.
     They are the document's own; what somebody wrote is never repeated. */
  const wordsOf = Object.create(null);
  for (const { dataset } of sections) if (dataset.words) wordsOf[dataset.item] = JSON.parse(dataset.words);
  const listed = (words) => {
    const [first, last] = [words.slice(0, -1).join(settings.comma), words[words.length - 1]];
    return first ? first + settings.and + last : last;
  };
  const said = (answer, pairs) => {
    const chosen = pairs.filter(([id]) => answer.chosen.includes(id)), [value] = answer.values;
    if (chosen.length) return listed(chosen.map(([, words]) => words));
    if (value === undefined) return "";
    const step = pairs.find(([id]) => id === String(value));
    return step ? step[1] : String(value);
  };
  /* Of whom enough have answered already, when this page was made: they are told at once, and asked no more. */
  const full = settings.full ? JSON.parse(settings.full) : [];
  const turnAway = () => {
    state.full = state.done = true;
    if (!busy) state.sending = null;
    store();
  };
  const follow = () => {
    const given = surveyPath.givenBy(state.answers, places), path = surveyPath.itemsOnPath(questions, given);
    const known = Object.create(null), reached = Object.create(null);
    for (const section of sections) section.hidden = !path.includes(section.dataset.item);
    for (const item of path) {
      if (!given[item]) continue;
      reached[item] = given[item];
      if (wordsOf[item]) known[item] = said(given[item], wordsOf[item]);
    }
    if (!state.full && full.some((condition) => surveyPath.meets(condition, reached))) turnAway();
    for (const place of form.querySelectorAll("[data-said]")) {
      place.textContent = known[place.dataset.said] || place.dataset.usual;
    }
    const filled = (piece) => (piece.said ? known[piece.said] || piece.usual : piece);
    for (const section of form.querySelectorAll("[data-probes]")) {
      const probes = JSON.parse(section.dataset.probes), answer = state.answers[section.dataset.about];
      const steps = inputs(section.dataset.about).filter((input) => input.dataset.answer !== "unused");
      const high = steps.length && Number(steps[steps.length - 1].value);
      const side = answer && answer.value != null ? (answer.value > high * 0.6 ? "high" : "low") : "usual";
      section.querySelector("label").textContent = (probes[side] || probes.usual).map(filled).join("");
    }
    for (const line of form.querySelectorAll("[data-unticked]")) {
      const [address, , box] = line.parentNode.querySelectorAll("[data-answer]");
      line.textContent = address.value.trim() && !box.checked ? line.dataset.unticked : "";
    }
    for (const line of form.querySelectorAll("[data-above]")) {
      const [low, high] = line.dataset.above.split(" ").map((field) => state.answers[field]?.value);
      line.textContent = low > high ? line.dataset.words : "";
    }
    tell("path");
  };

  const pending = (from) =>
    Object.entries(from.answers).filter(
      ([, answer]) => !answer.kept && !answer.refused && !answer.long && !isHeld(from, answer),
    );
  const waiting = () => pending(state);
  const isStuck = (answer) => answer.tries >= TRIES;
  /* What goes next. Where the server failed on several answers together each goes alone, the one that failed least
     first, so that none holds up another; one that fails again and again is left out at the end. */
  const delivery = (from, one = false) => {
    const open = pending(from), fresh = open.filter(([, answer]) => !isStuck(answer));
    const next = fresh.length || from.done ? fresh : open;
    if (one && next.length) {
      const least = next.reduce((a, b) => ((b[1].tries || 0) < (a[1].tries || 0) ? b : a));
      return deliveryOf(from, [least], false);
    }
    if (!from.done) return open.length ? deliveryOf(from, open, false) : null;
    const isLeft = (answer) => answer.long || isStuck(answer) || (answer.refused && from !== state);
    return deliveryOf(from, Object.entries(from.answers).filter(([, answer]) => !isLeft(answer)), true);
  };
  const deliveryOf = ({ response, lang, place, token, proof, amends }, chosen, done) => {
    const answers = chosen.map(
      ([field, { value, text, not_used, revision, at }]) => ({ field, value, text, not_used, revision, at }),
    );
    return { key: name(), response, lang, place, token, proof, amends, done, answers };
  };
  const post = ({ answers, ...rest }, to = settings.keep) => {
    const ago = (at) => Math.round(Math.max(0, Date.now() - at));
    const said = answers.map(({ at, ...answer }) => ({ ...answer, ago: ago(at) }));
    const body = JSON.stringify({ ...rest, answers: said, trap: form.elements.extra.value || undefined });
    /* What outlives the page may be small only; a browser takes no more than 64 KiB of it. */
    return fetch(to, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      keepalive: new Blob([body]).size < ALONG,
      credentials: "kiosk" in settings ? "same-origin" : "omit",
    });
  };
  /* Where many come at once the page solves a puzzle, beside what it shows; what was sent goes again with the solution.
     Whether that was done now. */
  const works = {};
  const work = (token, puzzle) => (works[token] ??= new Promise((done) => {
    if (!window.Worker) return done(null);
    const worker = new Worker(settings.solver);
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = () => done(null);
    worker.postMessage({ token, puzzle });
  }));
  const solve = async (from, { puzzle }) => {
    if (!puzzle || typeof from.proof === "number") return false;
    from.proof = await work(from.token, puzzle) ?? undefined;
    return from.proof !== undefined;
  };
  const isFinal = (reply) => reply.status >= 400 && reply.status < 500 && reply.status !== 408 && reply.status !== 429;

  /* What is told of a delivery: of the first try that is, for none is given up because it is slow. */
  const tries = new Map(), quiet = () => new Promise((done) => setTimeout(done, SILENCE, null));
  const ask = async (sent) => {
    const others = tries.get(sent.key) || [];
    tries.clear();
    tries.set(sent.key, [...others, post(sent)]);
    const reply = await Promise.race([...tries.get(sent.key), quiet()]).catch(() => { tries.clear(); });
    if (!reply) return {};
    tries.clear();
    return { reply, told: (await reply.json().catch(() => 0)) || {} };
  };
  const sayThatItWaits = async () => {
    const isKept = await held;
    if (!busy && (state.done || waiting().length)) say(isKept ? settings.waiting : settings.here);
  };

  const send = async () => {
    clearTimeout(timer);
    if (busy || holding || !settings.keep) return;
    if (state.done && window.surveyPhotos) {
      holding = true;
      const isReady = await window.surveyPhotos();
      holding = false;
      if (!isReady) Object.assign(state, { done: false, sending: null });
      if (busy) return;
    }
    const sent = (state.sending ??= delivery(state, alone));
    if (!sent) { alone = false; if (!busy && status.textContent === settings.saved) sayWhetherSaved(); return; }
    busy = true;
    store();
    say(settings.saving);
    const { reply, told } = await ask(sent), again = reply?.ok && await solve(state, told);
    busy = false;
    if (gone) return;
    if (again) { state.sending = null; return send(); }
    if (reply && (reply.ok || isFinal(reply))) {
      wait = FIRST;
      state.sending = null;
      if (reply.ok) confirm(sent, told); else refuse(sent, reply, told);
      return send();
    }
    if (reply && reply.status === 500) noteFailure(sent); else sayThatItWaits();
    timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
    wait = Math.min(reply ? LAST_OF_A_BUSY_SERVER : LAST, wait * 2);
  };
  const confirm = (sent, { conflicting, newest, ended }) => {
    const current = sent.answers.filter(({ field, revision }) => state.answers[field]?.revision === revision);
    /* A copy of this tab has sent it all: this one has nothing more to say. */
    if (sent.done || (conflicting && ended)) return finish();
    /* A copy of this tab has said something else meanwhile. What was tapped here is later, so it is sent again. */
    if (conflicting) state.revision = Math.max(state.revision, newest) + 1;
    for (const { field } of current) {
      Object.assign(state.answers[field], conflicting ? { revision: state.revision } : { kept: true, tries: 0 });
    }
    store();
    if (!waiting().length) sayWhetherSaved();
  };
  /* Nobody is told that a text is saved which was not sent, or that one is which they are still writing. */
  const sayWhetherSaved = () => {
    const left = Object.values(state.answers).some((answer) => answer.long || answer.refused);
    const isWriting = (input) => read(input).text && !same(state.answers[input.name], read(input));
    const isOpen = textInputs().some(isWriting) || Object.values(state.answers).some((each) => isHeld(state, each));
    say(left ? settings.others : isOpen ? "" : settings.saved);
  };
  const finish = () => {
    device.drop(state);
    state = { answers: {}, sent: true, moved: Date.now(), full: state.full, receipt: state.response };
    /* A browser that keeps nothing hands the code on in the address, behind the sign that no server is sent. */
    const handed = tab.set(PLACE, state) ? "#" + state.receipt : "";
    gone = true;
    leave(handed);
  };
  const noteFailure = (sent) => {
    const [only] = sent.answers, answer = sent.answers.length === 1 && state.answers[only.field];
    state.sending = null;
    alone = true;
    if (answer) answer.tries = (answer.tries || 0) + 1;
    if (answer && answer.tries === TRIES) {
      state.done = false;
      show([{ field: only.field, what: settings.apart }]);
    } else sayThatItWaits();
    store();
  };
  const refuse = (sent, reply, error) => {
    /* What was changed while it was on its way is sent again, and not what is wrong any more. */
    const isOld = (field) => sent.answers.some(
      (each) => (each.field === field || places[each.field]?.item === field)
        && state.answers[each.field]?.revision !== each.revision,
    );
    const all = error.problems || [error], problems = all.filter(({ field }) => !field || !isOld(field));
    if (!problems.length) { store(); return; }
    state.done = false;
    for (const { field } of problems) {
      const isOf = (each) => each === field || (field && places[each]?.item === field);
      for (const each of Object.keys(state.answers).filter(isOf)) state.answers[each].refused = true;
    }
    if (!problems.some(({ field }) => field)) {
      if (sent.answers.length > 1 && (reply.status === 400 || reply.status === 413)) { alone = true; store(); return; }
      for (const { field } of sent.answers) if (state.answers[field]) state.answers[field].refused = true;
    }
    store();
    show(problems);
  };

  /* What another visit could not send, to this version of the survey or another one. Its page is gone, so there is
     nobody to ask about what the server does not take. */
  let sending = false;
  const sendOthers = async () => {
    if (sending || !settings.keep) return;
    sending = true;
    let isAll = true;
    try {
      for (const left of await device.all()) if (!(isAll = await sendLeft(left))) break;
    } finally { sending = false; }
    if (!isAll) setTimeout(sendOthers, LAST * (0.75 + Math.random() / 2));
  };
  /* Whether the server was there to take it. */
  const sendLeft = async (left) => {
    const to = left.of === settings.token ? settings.keep : left.to;
    if (left.response === state.response || !to) return true;
    let from = Date.now() - left.moved < KEPT ? left : null;
    if (!from || !delivery(left)) await device.drop(left);
    for (let sent, one = false; from && (sent = delivery(from, one)); ) {
      const reply = await Promise.race([post(sent, to), quiet()]).catch(() => null);
      if (!reply || !(reply.ok || isFinal(reply))) return false;
      if (reply.ok && await solve(from, (await reply.json().catch(() => 0)) || {})) continue;
      one ||= !reply.ok;
      from = await markSent(from, sent, reply);
    }
    return true;
  };
  /* What is left after a delivery, of what the device keeps now: its page may live in another tab, and say more. */
  const markSent = async (from, sent, { ok }) => {
    const kept = await device.read(from);
    if (!kept) return null;
    kept.proof = from.proof;
    if (sent.done || !ok) kept.done = false;
    for (const { field, revision } of ok || sent.answers.length === 1 ? sent.answers : []) {
      if (kept.answers[field]?.revision === revision) kept.answers[field].kept = true;
    }
    if (!delivery(kept)) { await device.drop(kept); return null; }
    await device.put(kept);
    return kept;
  };

  const show = (problems) => {
    tell("problems", problems);
    for (const past of form.querySelectorAll("#errors, .problem.corrected-error")) past.remove();
    const box = document.createElement("div"), list = document.createElement("ul");
    const head = document.createElement("p"), strong = document.createElement("strong");
    Object.assign(box, { id: "errors", className: "errors", tabIndex: -1 });
    box.setAttribute("role", "alert");
    strong.textContent = settings.wrong;
    head.append(strong);
    let first = null;
    for (const { field, what, do: help, said } of problems) {
      const item = document.createElement("li"), link = document.createElement("a");
      const id = field ? at(field) : "questions";
      link.href = "#" + id;
      link.textContent = what || settings.wrong;
      item.append(link, " " + (help || ""));
      list.append(item);
      if (!said) mark(id, what, help || "");
      if (field) first ??= document.getElementById(id);
    }
    box.append(head, list);
    document.getElementById("questions").before(box);
    say("");
    (first || box).focus({ preventScroll: true });
    (first || box).closest("section, div").scrollIntoView({ block: "start" });
  };
  const mark = (id, what, help) => {
    const target = document.getElementById(id);
    if (!target || id === "questions" || form.querySelector(`#${id}-e:not(.corrected-error)`)) return;
    const line = document.createElement("p");
    Object.assign(line, { id: id + "-e", className: "problem", textContent: `${what} ${help}` });
    const head = target.querySelector("legend") || (target.matches("h2") && target);
    head ? head.after(line) : target.before(line);
    const described = [line.id, target.getAttribute("aria-describedby")].filter(Boolean);
    target.setAttribute("aria-describedby", described.join(" "));
    if (target.matches(TEXT_INPUTS)) target.setAttribute("aria-invalid", "true");
  };
  /* What is mended fades and keeps its room until the next try: nothing moves under a thumb that is on its way to the
     next answer. */
  const clear = (field) => {
    for (const id of new Set([at(field), at(field.split(".")[0])])) {
      document.getElementById(id + "-e")?.classList.add("corrected-error");
      document.getElementById(id)?.removeAttribute("aria-invalid");
      document.querySelector(`#errors a[href="#${id}"]`)?.closest("li").classList.add("corrected-error");
    }
    if (!document.querySelector("#errors li:not(.corrected-error)")) {
      document.getElementById("errors")?.classList.add("corrected-error");
    }
    for (const input of inputs(field)) count(input);
  };
  /* A longer line keeps its room: at the end of the page all would move, and the next tap miss what it meant. */
  const say = (text) => {
    if (status.textContent === text) return;
    status.style.minHeight = status.offsetHeight + "px";
    status.textContent = text;
  };

  const take = (input) => {
    state.cut = isAway;
    note(input);
    follow();
    send();
  };
  form.addEventListener("change", ({ target }) => {
    /* A day is whole after the first digit of its year already: it waits as a text does. */
    if (target.matches("[data-answer]") && !("typed" in target.dataset)) take(target);
  });
  form.addEventListener("input", ({ target }) => {
    if (!target.matches(TEXT_INPUTS)) return;
    count(target);
    if ([settings.saved, settings.waiting].includes(status.textContent)) say("");
    clearTimeout(typing);
    typing = setTimeout(() => take(target), 900);
  });
  form.addEventListener("submit", (event) => {
    if (isPlain) return;
    const turns = event.submitter && event.submitter.name === "lang";
    /* Where this tab keeps nothing for the page that comes, the plain form does. */
    if (turns && isDenied && !IDLE) { gone = true; return; }
    event.preventDefault();
    textInputs().forEach(note);
    if (turns) {
      state.turned = true;
      store();
      const there = new URL(state.amends ? form.action : location.href);
      there.searchParams.set("lang", event.submitter.value);
      for (const once of ["draft", "new"]) there.searchParams.delete(once);
      there.hash = "";
      if (tell("turned", there)) location.assign(there);
      return;
    }
    const long = Object.entries(state.answers).filter(([, answer]) => answer.long);
    if (long.length) {
      const label = (id) => document.querySelector(`label[for="${id}"]`).textContent;
      const excess = (id) => document.getElementById(id + "-n").textContent;
      const told = (id) => `${label(id)} ${excess(id)}`;
      show(long.map(([field]) => ({ field, what: told(at(field)), said: true })));
      send();
      return;
    }
    state.done = true;
    state.revision += 1;
    if (state.sending && !state.sending.done && !busy) state.sending = null;
    store();
    send();
  });
  const sendNow = () => { wait = FIRST; send(); sendOthers(); };
  addEventListener("online", () => { isAway = false; sendNow(); });
  addEventListener("offline", () => {
    isAway = state.cut = true;
    if (Object.keys(state.answers).length && !gone) store();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !gone) sendNow(); });
  addEventListener("pagehide", () => {
    if (gone) return;
    textInputs().forEach(note);
    state.cut = state.cut || isAway || wait > FIRST;
    if (Object.keys(state.answers).length) store();
    send();
  });
  addEventListener("pageshow", ({ persisted }) => { if (persisted && state.sent) leave(); });

  /* Large type for as long as the tab lives; and the questions read aloud, where the browser can: what does that comes
     when it is asked for. */
  const helps = document.getElementById("helps"), larger = document.getElementById("larger");
  const aloud = document.getElementById("aloud"), LARGE = "peakend-large";
  const enlarge = (isLarge) => {
    document.documentElement.classList.toggle("large", isLarge);
    larger.setAttribute("aria-pressed", isLarge);
    tab.set(LARGE, isLarge);
  };
  helps.hidden = false;
  enlarge(!!tab.get(LARGE));
  larger.onclick = () => enlarge(larger.getAttribute("aria-pressed") !== "true");
  if (window.speechSynthesis) {
    aloud.hidden = false;
    aloud.onclick = () => {
      aloud.onclick = null;
      document.head.append(Object.assign(document.createElement("script"), { src: aloud.dataset.script }));
    };
  }

  /* On a device of many the page goes back to its beginning when nobody touches it; what was answered is counted. */
  if (IDLE && notice) {
    let touchedAt = Date.now();
    const startOver = () => {
      textInputs().forEach(note);
      send();
      gone = true;
      tab.set(PLACE, null);
      if (tell("anew")) location.replace(settings.start);
    };
    const look = () => {
      const left = touchedAt + IDLE + NOTICE - Date.now();
      const begun = Object.keys(state.answers).length || location.search.includes("lang=") || "begun" in settings;
      if (!begun || gone) return;
      if (left <= 0) startOver();
      else if (left <= NOTICE) {
        document.getElementById("left").textContent = settings.cleared.replace("{n}", Math.ceil(left / 1000));
        if (!notice.open) notice.showModal();
      }
    };
    const touched = () => { if (!notice.open) touchedAt = Date.now(); };
    for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
      addEventListener(kind, touched, { passive: true, capture: true });
    }
    notice.addEventListener("close", () => {
      if (notice.returnValue === "anew") startOver();
      else touchedAt = Date.now();
    });
    document.addEventListener("visibilitychange", look);
    setInterval(look, 500);
  }

  /* A browser that goes back fills in what it remembers, perhaps of a questionnaire that is finished; what counts is
     the state. What was tapped while this file was still on its way counts too. */
  const back = entry === "back_forward";
  const paint = () => {
    if (state.sent) return;
    if (back) form.reset();
    for (const [field, answer] of Object.entries(state.answers)) put(field, answer);
    mirror();
    follow();
  };
  for (const input of textInputs()) count(input);
  paint();
  if (back) addEventListener("pageshow", paint);
  /* What the page shows and the state does not know yet: it came back from a plain form, or was tapped early. */
  for (const input of form.querySelectorAll(`[data-answer]:checked, ${TEXT_INPUTS}`)) {
    if (!(input.name in state.answers)) note(input);
  }
  follow();
  const { puzzle } = settings;
  if (puzzle && state.token === form.elements.token.defaultValue) work(state.token, puzzle).then((proof) => {
    state.proof ??= proof ?? undefined;
  });
  /* When all scripts of the page are there. */
  document.addEventListener("DOMContentLoaded", () => { send(); sendOthers(); });
})();
