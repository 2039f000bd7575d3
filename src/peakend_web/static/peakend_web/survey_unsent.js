/* What could not be sent yet, on this device, by the name of its response. A browser's database is on the disk as soon
   as it says so, and outlives an empty battery; its storage is written before a tab is gone, but only later on the
   disk. So both are used, and whoever asks is told whether one of them keeps it. */
const surveyUnsent = (prefix) => {
  const STORE = "unsent", PATIENCE = 2000;
  const soon = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, PATIENCE))]);
  const opened = new Promise((done) => {
    try {
      const asked = indexedDB.open("peakend", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
  /* What was asked of the database, once it is on the disk; nothing where there is none, or it refuses. */
  const use = async (mode, ask) => {
    const base = await soon(opened);
    return base && soon(new Promise((done) => {
      try {
        const all = base.transaction(STORE, mode), asked = ask(all.objectStore(STORE));
        all.oncomplete = () => done({ result: asked.result });
        all.onabort = all.onerror = () => done(null);
      } catch { done(null); }
    }));
  };
  const shelf = (use, otherwise) => {
    try { const done = use(localStorage); return done === undefined ? true : done; } catch { return otherwise; }
  };
  /* A page may live in another tab, and say more: what is newer than one knows stays as it is. */
  const isNewer = (text, { revision }) => Boolean(text) && JSON.parse(text).revision > revision;
  const keyOf = ({ of, response }) => `${prefix}${of}:${response}`;
  const change = (state, onShelf, inBase) => {
    const key = keyOf(state);
    const isDone = shelf((there) => isNewer(there.getItem(key), state) || onShelf(there, key), false);
    return [isDone, use("readwrite", (store) => {
      const asked = store.get(key);
      asked.onsuccess = () => { if (!isNewer(asked.result, state)) inBase(store, key); };
      return asked;
    })];
  };
  /* Whether it is kept. What is older than it must not stay where it does not fit. */
  const put = (state) => {
    const text = JSON.stringify(state);
    const kept = change(state, (there, key) => there.setItem(key, text), (store, key) => store.put(text, key));
    const [onShelf, inBase] = kept;
    if (!onShelf) shelf((there) => there.removeItem(keyOf(state)));
    return inBase.then((done) => Boolean(done) || onShelf);
  };
  const drop = (state) => change(state, (there, key) => there.removeItem(key), (store, key) => store.delete(key))[1];
  const newer = (texts) => texts.map((text) => JSON.parse(text || "null")).reduce(
    (one, other) => (other && !(one?.revision >= other.revision) ? other : one),
    null,
  );
  const read = async (state) => {
    const key = keyOf(state), kept = await use("readonly", (store) => store.get(key));
    return newer([kept?.result, shelf((there) => there.getItem(key), null)]);
  };
  /* All of it, of each response what is newest. */
  const all = async () => {
    const range = window.IDBKeyRange && IDBKeyRange.bound(prefix, prefix + "\uffff");
    const keys = (await use("readonly", (store) => store.getAllKeys(range)))?.result || [];
    const onShelf = shelf((there) => Object.keys(there).filter((key) => key.startsWith(prefix)), []);
    const found = [];
    for (const key of new Set([...keys, ...onShelf])) {
      const [of, response] = key.slice(prefix.length).split(":");
      found.push(await read({ of, response }));
    }
    return found.filter(Boolean);
  };
  return { put, drop, read, all };
};
