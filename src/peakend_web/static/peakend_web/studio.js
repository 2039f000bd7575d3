/* Saves each edit of a design as it is made, on every page that holds `#studio`: whatever carries data-part and
   data-field is sent when it is left, and one second after typing stops; what could not be sent waits in this browser,
   under its name, and is done once. The forms work without this file. */
window.studio = (() => {
  const root = document.getElementById("studio");
  if (!root || !window.fetch || !window.AbortSignal?.timeout) return null;
  const set = root.dataset, words = JSON.parse(set.words);
  const PLACE = `peakend-design:${set.me}:${set.draft}:`, LONGEST = +set.longest;
  const status = root.querySelector("[data-status]"), live = root.querySelector("[data-live]");
  const shelf = document.getElementById("clashes");
  const CONTROL = ":is(input, select, textarea)[data-part]";
  const queue = [], clashes = new Map(), afterwards = new Map(), timers = new WeakMap(), readers = [];
  let seq = +set.seq, busy = false, composing = false, wait = 1000, over = false, known = "", at = "", order = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  const tell = (text) => { if (text) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); } };
  const show = (name, more) => {
    status.textContent = fill(words[name] ?? name, more ?? {});
    status.dataset.status = name;
  };
  const query = (address, values) => {
    const { lang, draft, grid } = set;
    return `${address}?${new URLSearchParams({ lang, draft, ...(grid ? {} : { plain: 1 }), ...values })}`;
  };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const digit = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
  const name = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
  const field = (edit) => [edit.target, edit.field, edit.lang ?? ""].join("|");

  /* What waits in this browser; where that is denied it waits in this page. */
  const keep = (edit) => {
    try { localStorage.setItem(PLACE + edit.name, JSON.stringify(edit)); } catch { /* the page's memory must do */ }
  };
  const forget = (edit) => { try { localStorage.removeItem(PLACE + edit.name); } catch { /* nothing was kept */ } };
  const waiting = () => {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(PLACE))
        .map((key) => JSON.parse(localStorage.getItem(key)))
        .sort((a, b) => a.at - b.at);
    } catch { return []; }
  };

  /* --- controls --- */
  const tidy = (text) => text.replace(/\r\n?/g, "\n").replace(/\t/g, " ").trim();
  const READ = {
    words: ({ value }) => tidy(value) || null,
    choice: ({ value }) => value || null,
    number: ({ value }) => {
      const text = value.trim().replace("−", "-").replace(",", ".");
      return text === "" ? null : Number(text);
    },
    mark: ({ checked }) => (checked ? {} : null),
    yes: ({ checked }) => checked,
    ids: ({ checked }) => checked,
    part: ({ value }) => tidy(value) || null,
  };
  const read = (control) => READ[control.dataset.takes](control);
  const base = (control) => {
    if (control.type === "checkbox") return READ[control.dataset.takes]({ checked: control.defaultChecked });
    const first = control.options
      ? ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? ""
      : control.defaultValue;
    return READ[control.dataset.takes]({ value: first });
  };
  const text = (value) => (value === null || value === undefined ? "" : String(value));
  const settle = (control, value) => {
    if (control.type === "checkbox") control.defaultChecked = Boolean(value);
    else if (control.options) {
      for (const option of control.options) option.defaultSelected = option.value === text(value);
    } else control.defaultValue = text(value);
    const was = control.form?.elements[`was-${control.name}`];
    if (!was || control.dataset.takes === "ids") return;
    was.value = control.type === "checkbox" ? (value ? "True" : "False") : text(value);
  };
  const put = (control, value) => {
    if (control.type === "checkbox") control.checked = Boolean(value); else control.value = text(value);
    settle(control, value);
  };
  const controls = (edit) => [...document.querySelectorAll(CONTROL)].filter((each) => {
    const data = each.dataset;
    const same = data.part === edit.target && data.field === edit.field && (data.lang ?? "") === (edit.lang ?? "");
    return same && !["part", "ids"].includes(data.takes);
  });

  const editOf = (control, now, was) => {
    const { part, field: path, lang, takes } = control.dataset;
    const verb = { words: "set_text", ids: now ? "link" : "unlink", part: "add" }[takes] ?? "set_value";
    const edit = { verb, target: part, field: path, lang: takes === "words" ? lang : null, value: now };
    if (takes === "words" && now === null) edit.verb = "clear_text";
    if (takes === "ids") edit.value = control.value;
    if (takes === "part") {
      edit.value = { [control.dataset.words ?? "text"]: { [lang]: now } };
      edit.after = control.dataset.after ?? "";
    }
    if (["words", "number", "choice"].includes(takes)) edit.seen = was;
    return edit;
  };
  const save = (control) => {
    clearTimeout(timers.get(control));
    if (!control.dataset.takes) return null;
    const now = read(control), was = base(control), wrong = Number.isNaN(now);
    control.toggleAttribute("aria-invalid", false);
    if (wrong) { control.setAttribute("aria-invalid", "true"); tell(words.number); show("number"); return null; }
    if (JSON.stringify(now) === JSON.stringify(was)) return null;
    const edit = editOf(control, now, was);
    if (control.dataset.takes === "part") control.value = ""; else settle(control, now);
    return send(edit, (answer) => { if (["part", "ids"].includes(control.dataset.takes)) redraw(control, answer); });
  };
  const saveAll = () => { for (const control of document.querySelectorAll(CONTROL)) save(control); };

  /* --- sending --- */
  const send = (edit, then) => {
    const clash = clashes.get(field(edit)), last = queue.at(-1);
    if (clash && edit.verb.endsWith("_text")) { clash.mine(edit.value); return edit; }
    const same = last && !last.tried && "seen" in edit && "seen" in last && field(last) === field(edit);
    if (same) Object.assign(last, { value: edit.value, verb: edit.verb });
    else queue.push(Object.assign(edit, { name: name(), at: Date.now() + order++ / 1000, tried: false }));
    const kept = queue.at(-1);
    if (then) afterwards.set(kept.name, then);
    keep(kept);
    show("saving");
    pump();
    return kept;
  };
  const pump = async () => {
    if (busy || over) return;
    busy = true;
    while (queue.length && !over) {
      const edit = queue[0], reply = await post(edit);
      if (!reply) { later(); break; }
      wait = 1000;
      queue.shift();
      if (reply.status === 200) { forget(edit); done(edit, reply.told); } else refused(edit, reply.told ?? {});
    }
    busy = false;
  };
  const post = (edit) => {
    const { at: _when, tried: _again, ...asked } = edit;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    edit.tried = true;
    return ask(query(set.steps, {}), { method: "POST", headers, body: JSON.stringify({ ...asked, since: seq }) });
  };
  /* Whoever goes has no time to wait for answers: words in fields that wait for their turn are sent at once. They stay
     in this browser too, are sent again under their names from the next such page, and done once. */
  const sendLast = () => {
    saveAll();
    for (const edit of queue.slice(busy ? 1 : 0)) if ("seen" in edit && !over) post(edit);
  };
  /* A reply that says something; nothing where it must be asked again. */
  const ask = async (address, options) => {
    try {
      const small = !options.body || options.body.length < 50000;
      const signal = AbortSignal.timeout(20000);
      const reply = await fetch(address, { ...options, redirect: "manual", keepalive: small, signal });
      if (reply.type === "opaqueredirect" || [401, 403, 404].includes(reply.status)) {
        over = true;
        show("out");
        tell(words.out);
        return null;
      }
      if (reply.status >= 500 || [408, 429].includes(reply.status)) return null;
      return { status: reply.status, told: reply.status === 204 ? null : await reply.json() };
    } catch { return null; }
  };
  const later = () => {
    if (over) return;
    show("again");
    setTimeout(pump, wait);
    wait = Math.min(wait * 2, 30000);
  };
  const done = (edit, answer) => {
    if (!queue.length) {
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      show("saved", { time });
    }
    for (const [which, many] of (answer.undo ?? []).entries()) {
      for (const button of document.querySelectorAll(which ? "[data-redo]" : "[data-undo]")) button.disabled = !many;
    }
    take(answer, edit);
    tell(answer.say);
    afterwards.get(edit.name)?.(answer);
    afterwards.delete(edit.name);
  };
  /* What was sent stays in this browser until somebody has decided about it. */
  const refused = (edit, told) => {
    afterwards.get(edit.name)?.({ refused: true, ...told });
    afterwards.delete(edit.name);
    if (told.error === "web.draft_ended") over = true;
    show("refused");
    if (told.error === "web.draft_changed" || edit.verb.endsWith("_text")) clash(edit, told);
    else { forget(edit); notice(told.say ?? words.refused); refresh(); }
  };
  const notice = (said) => {
    const box = shelf.appendChild(document.createElement("div"));
    const line = box.appendChild(document.createElement("p"));
    const button = box.appendChild(document.createElement("button"));
    line.textContent = said;
    Object.assign(button, { textContent: words.close, className: "button plain", type: "button" });
    button.onclick = () => box.remove();
    tell(said);
  };

  /* --- two who changed the same --- */
  const differing = (one, other) => {
    let from = 0, most = Math.min(one.length, other.length), to = 0;
    while (from < most && one[from] === other[from]) from++;
    while (to < most - from && one[one.length - 1 - to] === other[other.length - 1 - to]) to++;
    return [one.slice(0, from), one.slice(from, one.length - to), one.slice(one.length - to)];
  };
  const marked = (place, one, other) => {
    const [before, middle, after] = differing(one, other), mark = document.createElement("mark");
    mark.textContent = middle;
    place.replaceChildren(before, ...(middle ? [mark] : []), after);
  };
  const clash = (edit, told) => {
    const box = document.getElementById("clash").content.firstElementChild.cloneNode(true);
    const part = (which) => box.querySelector(`[data-${which}]`);
    const theirs = text(told.theirs), both = "theirs" in told;
    const close = () => {
      clashes.delete(field(edit));
      forget(edit);
      box.remove();
    };
    const again = (value) => {
      close();
      for (const control of controls(edit)) put(control, value);
      const verb = value ? edit.verb.replace("clear", "set") : edit.verb;
      send({ ...edit, verb, value, seen: both ? told.theirs : edit.seen });
    };
    const mine = (value) => {
      edit.value = value;
      keep(edit);
      marked(part("mine"), text(value), theirs);
      marked(part("theirs"), theirs, text(value));
    };
    for (const late of queue.filter((each) => field(each) === field(edit))) {
      edit.value = late.value;
      forget(late);
      queue.splice(queue.indexOf(late), 1);
    }
    part("said").textContent = told.say ?? words.refused;
    part("who").textContent = told.who ?? "";
    for (const each of box.querySelectorAll("[data-both]")) each.hidden = !both || (each.dataset.both && !edit.lang);
    for (const button of box.querySelectorAll("[data-keep]")) {
      button.textContent = fill(button.textContent, { name: told.who ?? "" });
    }
    part("keep=theirs").onclick = () => {
      close();
      for (const control of controls(edit)) put(control, told.theirs);
      refresh();
    };
    part("keep=mine").onclick = () => again(edit.value);
    part("keep=both").onclick = () => again([theirs, text(edit.value)].filter(Boolean).join("\n"));
    part("keep=none").onclick = () => {
      close();
      refresh();
    };
    part("keep=back").onclick = () => {
      send({ verb: "restore", target: told.gone, field: "", value: null });
      again(edit.value);
    };
    part("keep=none").hidden = both;
    part("keep=back").hidden = !told.gone;
    clashes.set(field(edit), { mine });
    mine(edit.value);
    shelf.append(box);
    tell(told.say);
    if (!document.activeElement?.matches?.("textarea, input")) box.querySelector("button:not([hidden])")?.focus();
  };

  /* --- what is otherwise now --- */
  const take = (answer, edit) => {
    if (answer.people) { known = answer.people_known; for (const reader of readers) reader.people?.(answer.people); }
    if (!(answer.seq > seq)) return;
    if (answer.reload) { refresh(); seq = answer.seq; return; }
    if (readers.some((reader) => reader.holds?.(answer))) return;
    seq = answer.seq;
    for (const [target, path, lang, value, by] of answer.fields ?? []) {
      for (const control of controls({ target, field: path, lang })) {
        const dirty = control === document.activeElement
          || JSON.stringify(read(control)) !== JSON.stringify(base(control));
        if (!dirty) put(control, value);
        else if (by) changedBy(control, by);
      }
    }
    for (const reader of readers) reader.take?.(answer, edit);
  };
  const changedBy = (control, by) => {
    const note = control.parentElement.querySelector(".changed-by")
      ?? control.insertAdjacentElement("afterend", document.createElement("p"));
    note.className = "changed-by";
    note.textContent = fill(words.changed, { name: by });
    tell(note.textContent);
  };
  const refresh = () => { for (const reader of readers) reader.refresh?.(); };
  const poll = async () => {
    if (!over && !busy) {
      const reply = await ask(query(set.changes, { since: seq, people: known, at }), {});
      if (reply?.told && reply.status === 200 && !busy) take(reply.told);
      else if (reply?.told?.error) { over = true; show("ended"); notice(reply.told.say); }
    }
    if (!over) setTimeout(poll, document.hidden ? 15000 : 2000);
  };

  /* A part of the page as it is now, in the place of what was there; scroll and focus stay. */
  const swap = async (address, selectors, options) => {
    const reply = await fetch(address, options);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html"), was = document.activeElement;
    const reach = (part) => [...part.querySelectorAll("a, button, input, select, textarea, summary")];
    let again = null;
    for (const selector of selectors) {
      const there = document.querySelector(selector), now = page.querySelector(selector);
      if (!there || !now) continue;
      const at = reach(there).indexOf(was), held = there.contains(was);
      now.toggleAttribute("open", Boolean(there.open));
      carryOver(there, now);
      there.replaceWith(document.adoptNode(now));
      if (held) again = (was.id && document.getElementById(was.id)) || reach(now)[Math.min(at, reach(now).length - 1)];
    }
    again?.focus({ preventScroll: true });
    for (const reader of readers) reader.drawn?.();
    return page;
  };
  /* What somebody has typed meanwhile is theirs still, with their place in it. */
  const carryOver = (there, now) => {
    for (const control of there.querySelectorAll(`${CONTROL}[id]:not([type=checkbox])`)) {
      const fresh = now.querySelector(`#${CSS.escape(control.id)}`);
      if (!fresh || JSON.stringify(read(control)) === JSON.stringify(base(control))) continue;
      clearTimeout(timers.get(control));
      fresh.value = control.value;
      if (control.selectionStart !== null) fresh.setSelectionRange?.(control.selectionStart, control.selectionEnd);
      control.value = control.defaultValue;
    }
  };
  const redraw = async (control, answer) => {
    if (composing) { addEventListener("compositionend", () => redraw(control, answer), { once: true }); return; }
    const around = document.getElementById(control.closest("details[id]")?.id); // for it may have been drawn anew since
    if (answer.refused) { if (control.dataset.takes === "ids") control.checked = control.defaultChecked; return; }
    if (control.dataset.takes !== "part" || !around) return;
    await swap(around.closest("[data-from]")?.dataset.from ?? location.href, [`#${around.id}`]);
  };

  addEventListener("compositionstart", () => { composing = true; }, true);
  addEventListener("compositionend", ({ target }) => {
    composing = false;
    if (target.matches?.(CONTROL)) soon(target);
  }, true);
  const soon = (control) => {
    clearTimeout(timers.get(control));
    if (["part", "number"].includes(control.dataset.takes)) return;
    timers.set(control, setTimeout(() => { if (!composing && control.isConnected) save(control); }, 1000));
  };
  document.addEventListener("input", ({ target }) => {
    if (!composing && target.matches(CONTROL)) soon(target);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches(CONTROL) && !target.matches("textarea")) save(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (!target.matches(CONTROL)) return;
    composing = false;
    save(target);
  });
  document.addEventListener("paste", (event) => {
    const control = event.target, longest = control.maxLength > 0 ? control.maxLength : LONGEST;
    const pasted = event.clipboardData?.getData("text/plain").length ?? 0;
    if (!control.matches?.("textarea" + CONTROL)) return;
    if (control.value.length - (control.selectionEnd - control.selectionStart) + pasted > longest) {
      tell(fill(words.cut, { longest }));
      show("cut", { longest });
    }
  });
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-undo], [data-redo]");
    if (!button) return;
    event.preventDefault();
    undo(button.matches("[data-redo]"));
  });
  const undo = (again) => { saveAll(); send({ verb: again ? "redo" : "undo", target: "", field: "", value: null }); };
  addEventListener("online", () => { wait = 1000; pump(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && !composing) saveAll(); });
  addEventListener("pagehide", () => {
    sendLast();
    fetch(query(set.changes, { bye: 1 }), { keepalive: true }).catch(() => {});
  });
  queue.push(...waiting().map((edit) => ({ ...edit, tried: true })));
  if (queue.length) pump();
  setTimeout(poll, 2000);

  /* --- dragging: what drags comes when somebody first goes to a handle, and has the press that called it --- */
  const drags = (begin) => {
    let pressed = null, called = false;
    const call = (event) => {
      if (window.Sortable || !event.target.closest?.(".handle")) return;
      pressed = event.type === "pointerdown" ? event : pressed;
      if (called) return;
      called = true;
      const script = Object.assign(document.createElement("script"), { src: set.sortable });
      script.onload = () => {
        begin();
        if (pressed) pressed.target.dispatchEvent(new PointerEvent("pointerdown", pressed));
      };
      document.head.append(script);
    };
    for (const kind of ["pointerover", "pointerdown"]) document.addEventListener(kind, call);
    document.addEventListener("pointerup", () => { pressed = null; });
  };
  const sort = (list, more) => {
    if (!window.Sortable || !list || window.Sortable.get(list)) return;
    const touch = { delay: 150, delayOnTouchOnly: true, touchStartThreshold: 4 };
    window.Sortable.create(list, { handle: ".handle", animation: 120, ghostClass: "ghost", ...touch, ...more });
  };

  return {
    send, save, saveAll, undo, swap, tell, show, fill, words, set, take, notice, CONTROL, LONGEST, drags, sort,
    isComposing: () => composing,
    isOver: () => over,
    here: (where) => { at = where; },
    reads: (reader) => readers.push(reader),
  };
})();
