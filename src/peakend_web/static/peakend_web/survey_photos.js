/* Makes photos small on the phone, sends each by itself and before the rest, and keeps what cannot be sent yet until it
   can. Without this file the form brings them along. */
(() => {
  const form = document.getElementById("survey"), boxes = [...document.querySelectorAll("[data-photos]")];
  if (!form || !boxes.length || "plain" in form.dataset) return;
  if (!window.fetch || !window.FormData || !window.createImageBitmap) return;
  const SIDE = 1600, QUALITY = 0.85, MOST = 10, KEPT = 14 * 864e5, FIRST = 3e3, LAST = 6e4;
  const keep = form.dataset.keep, at = form.dataset.photosAt, fields = form.elements;
  const own = (entry) => entry.response === fields.response.value;

  /* What waits: in the browser's own database, else for as long as this page lives. */
  const memory = new Map();
  const opened = new Promise((done) => {
    try {
      const asked = indexedDB.open("peakend-photos", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "id" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
  const inStore = async (use) => {
    const db = await opened;
    return db && new Promise((done) => {
      try {
        const deal = db.transaction("waiting", "readwrite"), asked = use(deal.objectStore("waiting"));
        deal.oncomplete = () => done({ result: asked.result });
        deal.onerror = deal.onabort = () => done(null);
      } catch { done(null); }
    });
  };
  const all = async () => [...((await inStore((store) => store.getAll()))?.result || []), ...memory.values()];
  const put = async (entry) => { if (!(await inStore((store) => store.put(entry)))) memory.set(entry.id, entry); };
  const drop = async (id) => { memory.delete(id); await inStore((store) => store.delete(id)); };

  /* Upright, small, and nothing but what is seen. What the browser cannot read goes as it is: the server says why. */
  const small = async (file) => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "white"; // what is transparent: a JPEG has no colour for it
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY))) || file;
    } catch { return file; }
  };
  const thumb = async (canvas, blob) => {
    try {
      const picture = await createImageBitmap(blob), side = Math.min(picture.width, picture.height);
      canvas.getContext("2d").drawImage(
        picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 96, 96,
      );
    } catch { /* it has no picture then */ }
  };

  /* Each question: what of it is known here, sent (with its name) or waiting; others were sent before this page. */
  const parts = boxes.map((box) => ({
    input: box.querySelector("input[type=file]"),
    list: box.querySelector("ul"),
    line: box.querySelector("[role=status]"),
    words: box.dataset,
    known: [],
  }));
  for (const line of document.querySelectorAll("[data-photos] .there")) line.remove();
  for (const part of parts) part.before = Number(part.input.dataset.count) || 0;
  const many = ({ before, known }) => before + known.length;
  const tell = (part) => {
    const count = String(many(part) || "");
    if (part.input.dataset.count !== count) {
      part.input.dataset.count = count;
      part.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    part.input.disabled = many(part) >= Number(part.words.most);
    const rows = part.known.map((one, index) => row(part, one, part.before + index + 1));
    part.list.replaceChildren(...(part.before ? [row(part, null, part.before)] : []), ...rows);
  };
  const row = (part, one, number) => {
    const item = document.createElement("li"), name = document.createElement("span"), { words } = part;
    const button = document.createElement("button"), state = one && (one.name ? words.sent : words.waits);
    const text = (one ? words.photo : words.there).replace("{n}", number);
    name.textContent = one ? `${text} · ${state}` : text;
    Object.assign(button, { type: "button", className: "plain", textContent: words.remove });
    button.setAttribute("aria-label", `${words.remove}: ${text}`);
    button.addEventListener("click", () => remove(part, one));
    item.append(...(one ? [one.canvas] : []), name, button);
    return item;
  };
  const post = (address, entry, more) => {
    const body = new FormData();
    for (const key of ["response", "token", "place", "field", "lang"]) body.append(key, entry[key] || "");
    for (const [key, value] of Object.entries(more)) body.append(key, value);
    return fetch(address, { method: "POST", body, credentials: "omit" });
  };
  const isFinal = ({ status }) => status >= 400 && status < 500 && status !== 408 && status !== 429;
  const entryOf = (part) => ({
    response: fields.response.value, token: fields.token.value, place: fields.place.value, field: part.input.name,
    lang: document.documentElement.lang,
  });

  const thumbOf = (id) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 96;
    return { id, canvas };
  };
  const add = async (part, files) => {
    part.line.textContent = "";
    for (const file of files) {
      const full = (await all()).length >= MOST;
      if (full || many(part) >= Number(part.words.most)) {
        part.line.textContent = full ? part.words.offline : part.words.full;
        break;
      }
      const one = thumbOf(`${Date.now()}-${Math.random()}`), blob = await small(file);
      part.known.push(one);
      await thumb(one.canvas, blob);
      if (keep) await put({ ...entryOf(part), id: one.id, blob, at: Date.now(), to: at });
      else one.name = one.id;
      tell(part);
    }
    flush();
  };
  const remove = async (part, one) => {
    const { name } = one || { name: "" };
    if (one) await drop(one.id);
    if (keep && name !== undefined) {
      const reply = await post(`${at}/remove`, entryOf(part), { name }).catch(() => null);
      part.line.textContent = reply && reply.ok ? "" : part.words.later;
      if (!reply || !reply.ok) return;
    }
    part.known = part.known.filter((each) => (one ? each !== one : !each.name));
    if (!one) part.before = 0;
    tell(part);
    part.input.focus();
  };

  /* Sends what waits, of this page and of others; whether nothing of this page is left that the server may yet take. */
  let wait = FIRST, timer = 0, running = null;
  const flush = () => (running ??= run().finally(() => { running = null; }));
  const run = async () => {
    clearTimeout(timer);
    let fine = true;
    for (const entry of keep ? await all() : []) {
      if (Date.now() - entry.at > KEPT) { await drop(entry.id); continue; }
      const part = own(entry) && parts.find(({ input }) => input.name === entry.field);
      const one = part && part.known.find(({ id }) => id === entry.id);
      let reply = null;
      try {
        reply = await post(entry.to, entry, { ago: Math.max(0, Date.now() - entry.at), file: entry.blob });
      } catch {
        if (part) part.line.textContent = part.words.offline;
        return again(fine);
      }
      if (!reply.ok && !isFinal(reply)) {
        if (part) { part.line.textContent = part.words.later; fine = false; }
        continue;
      }
      const said = await reply.json().catch(() => ({}));
      await drop(entry.id);
      if (!part) continue;
      if (reply.ok) {
        if (one) one.name = said.name;
        part.line.textContent = "";
      } else {
        part.known = part.known.filter((each) => each !== one);
        part.line.textContent = `${said.what || part.words.failed} ${said.do || ""}`;
        fine = false;
      }
      tell(part);
      wait = FIRST;
    }
    return fine ? true : again(false);
  };
  const again = (fine) => {
    timer = setTimeout(flush, wait);
    wait = Math.min(LAST, wait * 2);
    return fine;
  };
  /* The page's script waits for this before it sends the end. */
  window.surveyPhotos = flush;

  for (const part of parts) {
    part.input.addEventListener("change", () => {
      const files = [...part.input.files];
      part.input.value = "";
      if (files.length) add(part, files);
    });
  }
  addEventListener("online", () => { wait = FIRST; flush(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) flush(); });
  /* What this page still had waiting when it was loaded again. */
  (async () => {
    for (const entry of await all()) {
      const part = own(entry) && parts.find(({ input }) => input.name === entry.field);
      if (!part) continue;
      const one = thumbOf(entry.id);
      part.before = Math.max(0, part.before - 1);
      part.known.push(one);
      thumb(one.canvas, entry.blob);
    }
    parts.forEach(tell);
    flush();
  })();
})();
