/* The survey studio with a script: a question opens in its place, buttons do without loading the page, questions are
   dragged, and the phone beside shows each change. All of it works as plain forms and links too. */
(() => {
  const desk = document.querySelector(".studio-desk"), frame = document.querySelector(".phone-frame");
  if (!desk || !window.fetch) return;
  const studio = window.studio, LIST = "#desk-list", STATE = "#state";
  let later = 0, stateLater = 0, drawing = Promise.resolve();

  /* --- the phone --- */
  const look = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      const place = frame.contentWindow?.scrollY ?? 0;
      frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, place), { once: true });
      frame.contentWindow?.location.reload();
    }, 250);
  };
  document.querySelector("[data-dark]")?.addEventListener("click", ({ currentTarget }) => {
    const dark = currentTarget.getAttribute("aria-pressed") !== "true";
    currentTarget.setAttribute("aria-pressed", dark);
    document.getElementById("phone").classList.toggle("dark", dark);
  });
  document.addEventListener("click", ({ target }) => {
    const tab = target.closest("[data-lang]");
    if (!tab?.matches("#phone .chips a")) return;
    for (const each of document.querySelectorAll("#phone [data-lang]")) each.removeAttribute("aria-current");
    tab.setAttribute("aria-current", "true");
  });
  for (const tab of document.querySelectorAll("[data-shows-tab]")) {
    tab.addEventListener("click", () => {
      desk.dataset.shows = tab.dataset.showsTab;
      for (const each of document.querySelectorAll("[data-shows-tab]")) {
        each.setAttribute("aria-pressed", each === tab);
      }
    });
  }
  if (!studio) return;

  /* --- a piece of the page as it is now --- */
  const state = () => {
    clearTimeout(stateLater);
    stateLater = setTimeout(() => {
      const heads = [...document.querySelectorAll("[data-head]")].map(({ dataset }) => `[data-head="${dataset.head}"]`);
      studio.swap(location.href, [STATE, ...heads]);
    }, 700);
  };
  const draw = async (address, options) => {
    studio.saveAll();
    const folds = new Map([...document.querySelectorAll(`${LIST} details[id]`)].map(({ id, open }) => [id, open]));
    const opened = document.querySelector(`${LIST} .part-card.open`)?.id;
    const page = await studio.swap(address, [LIST, STATE], options);
    if (document.querySelector(`${LIST} .part-card.open`)?.id === opened) {
      for (const [id, open] of folds) document.getElementById(id)?.toggleAttribute("open", open);
    }
    for (const said of page.querySelectorAll("#messages p, #messages li")) studio.tell(said.textContent.trim());
    drag();
    look();
  };
  const open = async (part) => {
    const address = new URL(location.href);
    address.searchParams.set("part", part);
    address.hash = part;
    history.replaceState(null, "", address);
    await draw(address.href.split("#")[0]);
    reach(part);
  };
  const reach = (part) => {
    const card = document.getElementById(part), first = card?.querySelector("textarea, input:not([type=hidden])");
    (first ?? card)?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.open);
  });

  /* --- what buttons and choices do --- */
  const ask = async (form, submitter) => {
    const data = new FormData(form, submitter), kind = form.dataset.do;
    const reply = await fetch(form.action, { method: "POST", body: data });
    history.replaceState(null, "", reply.url);
    const part = new URL(reply.url).searchParams.get("part");
    await draw(location.href.split("#")[0]);
    if (kind === "add" || kind === "copy") reach(part);
  };
  const move = (part, after, key) => {
    studio.saveAll();
    studio.send({ verb: "move", target: part, field: "", value: null, after }, () => drawing.then(() => {
      const card = document.getElementById(part), button = card?.querySelector(`[data-key="${key}"]`);
      (button && !button.disabled ? button : card)?.focus({ preventScroll: true });
    }));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".part-form")) { event.preventDefault(); studio.saveAll(); }
    if (!form.dataset.do) return;
    event.preventDefault();
    const { part, after } = form.elements;
    if (form.dataset.do === "move") move(part.value, after.value, event.submitter?.dataset.key);
    else ask(form, event.submitter);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select") && target.form?.matches("[data-at-once]")) ask(target.form);
  });
  /* An option goes up, down or away beside the words that are being written. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-option-do]");
    if (!button) return;
    event.preventDefault();
    const { optionDo: does, of } = button.dataset, parts = [...document.querySelectorAll(`[data-option-do=${does}]`)];
    const names = parts.map((each) => each.dataset.of), at = names.indexOf(of);
    const after = does === "up" ? names[at - 2] ?? "" : names[at + 1];
    studio.saveAll();
    if (does === "remove") studio.send({ verb: "remove", target: of, field: "", value: null });
    else if (does === "up" ? at > 0 : after) studio.send({ verb: "move", target: of, field: "", value: null, after });
  });
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("#questions > li");
    if (!card || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    card.querySelector(`[data-key="${event.key === "ArrowUp" ? "up" : "down"}"]:not(:disabled)`)?.click();
  });

  /* --- dragging --- */
  const drag = () => {
    studio.sort(document.getElementById("questions"), { onEnd: drop });
  };
  studio.drags(drag);
  const drop = ({ item, oldIndex, newIndex }) => {
    if (oldIndex === newIndex) return;
    move(item.dataset.part, item.previousElementSibling?.dataset.part ?? "");
  };

  studio.reads({
    take: (answer, edit) => {
      look();
      state();
      const own = edit && ["set_text", "clear_text", "set_value"].includes(edit.verb);
      if (answer.anew && !own) drawing = draw(location.href.split("#")[0]);
    },
    refresh: () => draw(location.href.split("#")[0]),
    people: (people) => {
      const line = document.querySelector("[data-others]"), names = people.map(([name]) => name);
      line.textContent = names.length
        ? studio.fill(studio.words.others, { names: names.join(studio.words.comma) })
        : "";
    },
  });
})();
