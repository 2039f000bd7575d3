/* Keeps each answer as it is tapped. What is not yet confirmed stays on the device and is sent again, with its own key,
   until the server says it is kept; the form works without this file. */
(() => {
  const form = document.getElementById("survey");
  if (!form || !window.fetch || !window.FormData) return;
  const told = form.dataset, status = document.getElementById("status"), place = "peakend:" + told.token;
  const VISIT = 12 * 36e5, KEPT = 14 * 864e5, FIRST = 1000, LAST = 30000;

  let memory = null;
  const load = () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return memory; } };
  const store = () => { memory = state; try { state ? localStorage.setItem(place, JSON.stringify(state)) : localStorage.removeItem(place); } catch { /* denied: this page remembers */ } };
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(36).padStart(2, "0")).join("");

  /* state: the questionnaire's name; a counter of changes; answers by field {value|text|not_used, revision, at, kept}; the delivery under way */
  let state = load();
  /* A later visit begins anew; only what could not be sent yet is carried on with. */
  const unsent = state && (state.sending || state.done || Object.values(state.answers).some((answer) => !answer.kept));
  if (!state || Date.now() - state.since > (unsent ? KEPT : VISIT)) {
    state = { response: form.elements.response.value, revision: +form.elements.rev.value, since: Date.now(), answers: {}, sending: null, done: false };
  }
  let wait = FIRST, timer = 0, typing = 0, busy = false;

  const inputs = (field) => [...form.elements].filter((input) => input.name === field);
  const put = (field, answer) => {
    for (const input of inputs(field)) {
      if (input.type === "radio") input.checked = input.value === (answer.not_used ? "na" : String(answer.text ?? answer.value ?? ""));
      else if (input.type === "checkbox") input.checked = answer.value === 1;
      else input.value = answer.text ?? answer.value ?? "";
    }
  };
  const read = (input) => {
    if (input.type === "checkbox") return { value: input.checked ? 1 : 0 };
    if (input.value === "na" && input.type === "radio") return { not_used: true };
    if (input.tagName === "TEXTAREA") return { text: input.value.trim() };
    const number = input.value.trim() === "" ? null : Number(input.value);
    return number === null || Number.isNaN(number) ? { text: input.value.trim() } : { value: number };
  };
  const same = (a, b) => a && a.value === b.value && a.text === b.text && !!a.not_used === !!b.not_used;

  const note = (input) => {
    const answer = read(input);
    if (same(state.answers[input.name], answer) || (!(input.name in state.answers) && answer.text === "")) return;
    /* The choices of a question belong together, and what tells people apart belongs to every answer. */
    const group = input.type === "checkbox" ? [...input.closest("fieldset").querySelectorAll("input")] : [input];
    state.revision += 1;
    for (const each of group) state.answers[each.name] = { ...read(each), revision: state.revision, at: Date.now() };
    if (input.type === "radio" && input.closest(".list")) for (const each of Object.values(state.answers)) Object.assign(each, { kept: false, revision: state.revision });
    clear(input.name);
    mirror();
    store();
  };
  const mirror = () => {
    form.elements.response.value = state.response;
    form.elements.rev.value = state.revision + 1;
  };

  /* What is shown by an earlier answer, and how a text asks after a low or a high score. */
  const follow = () => {
    for (const section of form.querySelectorAll("[data-if]")) {
      const rule = JSON.parse(section.dataset.if), answer = state.answers[rule.item], value = answer && answer.value;
      const fits = (!rule.chosen || (answer && rule.chosen.includes(answer.text))) && (rule.answered === undefined || rule.answered === !!answer)
        && (rule.at_least === undefined || value >= rule.at_least) && (rule.at_most === undefined || value <= rule.at_most);
      section.hidden = !fits;
    }
    for (const section of form.querySelectorAll("[data-probes]")) {
      const probes = JSON.parse(section.dataset.probes), answer = state.answers[section.dataset.about], label = section.querySelector("label");
      const steps = inputs(section.dataset.about).filter((input) => input.value !== "na"), high = steps.length && Number(steps[steps.length - 1].value);
      label.dataset.usual ??= label.textContent;
      const side = answer && answer.value != null ? (answer.value > high * 0.6 ? "high" : "low") : "";
      label.textContent = probes[side] || label.dataset.usual;
    }
  };

  const waiting = () => Object.entries(state.answers).filter(([, answer]) => !answer.kept);
  const delivery = () => {
    const chosen = state.done ? Object.entries(state.answers) : waiting();
    const answers = chosen.map(([field, { value, text, not_used, revision, at }]) => ({ field, value, text, not_used, revision, at }));
    return { key: name(), response: state.response, lang: document.documentElement.lang, place: form.elements.place.value || null, done: state.done, answers };
  };
  const body = ({ answers, ...rest }) => JSON.stringify({ ...rest, answers: answers.map(({ at, ...answer }) => ({ ...answer, ago: Math.max(0, Date.now() - at) })) });

  const send = async () => {
    clearTimeout(timer);
    if (busy || !(state.sending || state.done || waiting().length)) return;
    busy = true;
    state.sending ??= delivery();
    store();
    const sent = state.sending;
    let reply = null;
    say(told.saving);
    try {
      reply = await fetch(told.keep, { method: "POST", headers: { "Content-Type": "application/json" }, body: body(sent), keepalive: true, credentials: "omit" });
    } catch { /* no connection */ }
    busy = false;
    if (reply && (reply.ok || (reply.status >= 400 && reply.status < 500 && reply.status !== 408 && reply.status !== 429))) {
      wait = FIRST;
      state.sending = null;
      if (reply.ok) confirm(sent); else await refuse(sent, reply);
      return send();
    }
    say(told.waiting);
    timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
    wait = Math.min(LAST, wait * 2);
  };
  const confirm = (sent) => {
    for (const { field, revision } of sent.answers) if (state.answers[field] && state.answers[field].revision === revision) state.answers[field].kept = true;
    if (sent.done) {
      state = null;
      store();
      location.assign(told.thanks);
      state = { answers: {}, finished: true };
      return;
    }
    store();
    if (!waiting().length) say(told.saved);
  };
  const refuse = async (sent, reply) => {
    let error = {};
    try { error = await reply.json(); } catch { /* not ours */ }
    const problems = error.problems || [error];
    state.done = false;
    for (const { field } of problems) if (field && state.answers[field]) state.answers[field].kept = true;
    if (!problems.some(({ field }) => field)) for (const { field } of sent.answers) if (state.answers[field]) state.answers[field].kept = true;
    store();
    show(problems);
  };

  const show = (problems) => {
    document.getElementById("errors")?.remove();
    const box = document.createElement("div"), list = document.createElement("ul"), head = document.createElement("p"), strong = document.createElement("strong");
    Object.assign(box, { id: "errors", className: "errors", tabIndex: -1 });
    box.setAttribute("role", "alert");
    strong.textContent = told.wrong;
    head.append(strong);
    for (const { field, what, do: help } of problems) {
      const item = document.createElement("li"), link = document.createElement("a"), id = field ? "q-" + field.replaceAll(".", "--") : "questions";
      link.href = "#" + id;
      link.textContent = what || told.wrong;
      item.append(link, " " + (help || ""));
      list.append(item);
      mark(id, what, help);
    }
    box.append(head, list);
    document.getElementById("questions").before(box);
    box.focus();
    say("");
  };
  const mark = (id, what, help) => {
    const target = document.getElementById(id);
    if (!target || id === "questions" || document.getElementById(id + "-e")) return;
    const line = document.createElement("p");
    Object.assign(line, { id: id + "-e", className: "problem", textContent: `${what} ${help}` });
    const first = target.querySelector("legend");
    first ? first.after(line) : target.before(line);
    target.setAttribute("aria-describedby", [line.id, target.getAttribute("aria-describedby")].filter(Boolean).join(" "));
    if (target.matches("textarea, input")) target.setAttribute("aria-invalid", "true");
  };
  const clear = (field) => {
    const id = "q-" + field.replaceAll(".", "--");
    document.getElementById(id + "-e")?.remove();
    document.getElementById(id)?.removeAttribute("aria-invalid");
  };
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };

  form.addEventListener("change", ({ target }) => { if (target.name in state.answers || target.matches("[type=radio], [type=checkbox], textarea, .field input")) { note(target); follow(); send(); } });
  form.addEventListener("input", ({ target }) => { if (target.matches("textarea, .field input")) { clearTimeout(typing); typing = setTimeout(() => { note(target); send(); }, 900); } });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "lang") { mirror(); return; }
    event.preventDefault();
    form.querySelectorAll("textarea, .field input").forEach(note);
    state.done = true;
    if (state.sending && !state.sending.done && !busy) state.sending = null;
    store();
    send();
  });
  addEventListener("online", () => { wait = FIRST; send(); });
  addEventListener("pagehide", () => { if (!state.finished) { form.querySelectorAll("textarea, .field input").forEach(note); send(); } });
  addEventListener("pageshow", ({ persisted }) => { if (persisted && state.finished) location.reload(); });

  /* A browser that goes back fills in what it remembers, perhaps of a questionnaire that is finished; what counts is the state. What was
     tapped while this file was still on its way counts too. */
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const paint = () => {
    if (back) form.reset();
    for (const [field, answer] of Object.entries(state.answers)) put(field, answer);
    mirror();
    follow();
  };
  paint();
  if (back) addEventListener("pageshow", paint);
  /* What the page shows and the state does not know yet: it came back from a plain form, or was tapped early. */
  form.querySelectorAll("input:checked, textarea, .field input").forEach((input) => { if (!(input.name in state.answers)) note(input); });
  follow();
  send();
})();
