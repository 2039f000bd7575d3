/* Says once that a personal link is before somebody's eyes. What fetches links ahead of people shows them to nobody. */
(() => {
  const form = document.getElementById("survey");
  const tell = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", tell);
    fetch(form.dataset.seen, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
  };
  if (!window.fetch) return;
  document.addEventListener("visibilitychange", tell);
  tell();
})();
