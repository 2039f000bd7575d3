/* The code with which a respondent finds their answers again: shown after sending, copied at a tap, and taken out of a
   link. The pages work without this file. */
(() => {
  const card = document.getElementById("receipt"), input = document.getElementById("code-in");
  const linked = location.hash.slice(1);
  if (linked) history.replaceState(null, "", location.pathname + location.search);

  /* A link that was followed: what stands behind its # is sent to nobody but as the form's code. */
  if (input && linked) {
    input.value = decodeURIComponent(linked);
    input.form.submit();
  }

  const copies = (button) => {
    button.hidden = false;
    button.onclick = async () => {
      const code = document.getElementById(button.dataset.copy);
      getSelection().selectAllChildren(code);
      try { await navigator.clipboard.writeText(code.textContent); } catch {
        if (!document.execCommand("copy")) return;
      }
      button.textContent = button.dataset.copied;
    };
  };
  const copiable = () => document.querySelectorAll("[data-copy]").forEach(copies);

  /* What the survey's page has left in this tab; on a device of many it is taken away as it is shown. */
  const left = () => {
    const key = "peakend:" + card.dataset.token;
    try {
      const state = JSON.parse(sessionStorage.getItem(key));
      if ("shared" in card.dataset) sessionStorage.removeItem(key);
      return state && state.receipt;
    } catch { return ""; }
  };
  const show = async (code) => {
    const reply = await fetch(card.dataset.card, {
      method: "POST",
      body: new URLSearchParams({ code, lang: card.dataset.lang }),
      credentials: "omit",
    });
    if (!reply.ok) return;
    card.innerHTML = await reply.text();
    card.hidden = false;
    copiable();
  };
  const code = card && card.hidden && (linked || left());
  if (code) show(code).catch(() => {});
  copiable();
})();
