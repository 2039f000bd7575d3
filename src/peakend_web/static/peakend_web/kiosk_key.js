/* Signs a kiosk in with the key that was scanned, which stands behind the # and is sent to nobody but as the form's, or
   typed; and leaves no page behind to go back to. The form works without this file. */
(() => {
  const form = document.getElementById("key"), key = location.hash.slice(1);
  if (!form || !window.fetch) return;
  if (key) history.replaceState(null, "", location.pathname);
  const signIn = async () => {
    const request = { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" };
    const reply = await fetch(form.action, request).catch(() => null);
    if (reply && reply.type === "opaqueredirect") location.replace(location.pathname); else form.submit();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); signIn(); });
  if (key) { form.elements.code.value = decodeURIComponent(key); signIn(); }
})();
