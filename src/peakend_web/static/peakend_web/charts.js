// Draws every <figure data-chart> of the page. The specification stands beside it as JSON; how it looks is chosen here,
// from the reader's light or dark and from the width there is. Without this file the figure shows the picture that the
// server drew.

const vega = document.getElementById("charts").dataset.vega;
const dark = matchMedia("(prefers-color-scheme: dark)");
let paper = matchMedia("print").matches;
const views = new Map();
let library;

function fallback(figure) {
  const still = figure.querySelector("noscript");
  const picture = figure.querySelector(".chart-picture");
  if (still && picture && !picture.querySelector("img")) {
    const parsed = new DOMParser().parseFromString(still.textContent, "text/html");
    picture.replaceChildren(...parsed.body.childNodes);
  }
}

async function draw(figure) {
  const picture = figure.querySelector(".chart-picture");
  const narrow = picture.clientWidth < 480;
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const language = document.documentElement.lang;
  library ??= import(vega).then(() => window.peakendVega);
  const { embed, themes } = await library;
  const config = themes[language]?.[dark.matches && !paper ? "dark" : "light"]?.[narrow ? "narrow" : "wide"];
  const place = document.createElement("div");
  const view = await embed(
    place,
    { ...spec, width: picture.clientWidth, params: [{ name: "narrow", value: narrow }] },
    {
      config: { ...config, background: "transparent" },
      actions: false,
      ast: true,
      logLevel: 1,
      renderer: "svg",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    },
  );
  views.get(figure)?.finalize();
  views.set(figure, view);
  picture.replaceChildren(place);
  figure.dataset.drawn = `${picture.clientWidth}`;
}

const attempt = (figure) => draw(figure).catch((error) => { console.error(error); fallback(figure); });

const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const figure = target.closest("figure");
    const before = Number(figure.dataset.drawn ?? 0);
    if (target.clientWidth && Math.abs(before - target.clientWidth) > 8) attempt(figure);
  }
});

function find(root) {
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    widths.observe(figure.querySelector(".chart-picture"));
  }
}

const again = () => views.forEach((_, figure) => attempt(figure));
dark.addEventListener("change", again);
// Ink on paper is dark, whatever the screen is.
for (const [event, now] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => {
    paper = now;
    if (dark.matches) again();
  });
}
find(document);
document.addEventListener("htmx:load", (event) => find(event.target));

// What the pages need besides: a menu closes when one goes elsewhere, a line of code is copied.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = event.target.closest("button[data-copy]");
  if (button) {
    navigator.clipboard.writeText(button.previousElementSibling.textContent.trim());
    button.textContent = button.dataset.copy;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Who sets up is most likely where their browser is.
for (const select of document.querySelectorAll('select[data-zone="guess"]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}
