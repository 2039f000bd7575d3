/* Shows a survey within a page of somebody's website, as high as it is: one line there,
   <script src="https://…/embed.js" data-survey="CODE" async></script>. It stores and reads nothing there. */
(() => {
  const script = document.currentScript, host = new URL(script.src).origin;
  const frame = document.createElement("iframe");
  const lang = script.dataset.lang ? "&lang=" + encodeURIComponent(script.dataset.lang) : "";
  frame.src = host + "/s/" + encodeURIComponent(script.dataset.survey) + "?embedded=1" + lang;
  frame.title = script.dataset.title || "Survey";
  Object.assign(frame.style, { width: "100%", height: "40rem", border: "0" });
  addEventListener("message", ({ source, origin, data }) => {
    const height = source === frame.contentWindow && origin === host && data && data.peakendHeight;
    if (Number.isFinite(height)) frame.style.height = Math.ceil(height) + "px";
  });
  script.after(frame);
})();
