"""Pictures of every page: in three languages, wide and on a phone, light and dark.

Run as `python -m tools.screenshots`; it serves the demo from a directory of its own, or takes the entry link of one
that is running (`--entry http://127.0.0.1:8000/enter/…`). Pictures go to var/pictures; `--docs` writes the few that the
documentation shows to docs/pictures. A page that scrolls sideways, that asks another host for anything, or that writes
an error to the console is told, and ends the run with 1.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import IO, Final, Literal
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT: Final = Path(__file__).parents[1]
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET: Final = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"]  # fmt: skip

Scheme = Literal["light", "dark"]
LANGUAGES: Final = {"en": "en", "zh-Hant": "zh-hant", "zh-Hans": "zh-hans"}
WIDTHS: Final = {"wide": (1280, 900), "narrow": (360, 740)}
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
AIRPORT: Final = "/w/demo/airport/"
KIOSK: Final = "/w/demo/kiosk/"
PAGES: Final = {
    "home": AIRPORT,
    "home-narrowed": AIRPORT + "?site=A&purpose=business",
    "home-nothing": AIRPORT + "?site=A&from=2030-01-01",
    "journey": AIRPORT + "journey/",
    "blueprint": AIRPORT + "blueprint/",
    "failure-events": AIRPORT + "blueprint/failures/?part=behind",
    "findings": AIRPORT + "methods/",
    "nps": AIRPORT + "methods/nps/",
    "csat": AIRPORT + "methods/csat/",
    "drivers": AIRPORT + "methods/drivers/",
    "ces-not-asked": AIRPORT + "methods/ces/",
    "impact": AIRPORT + "methods/impact/",
    "highest": AIRPORT + "methods/highest/",
    "sqi": AIRPORT + "methods/sqi/",
    "walked": AIRPORT + "methods/journey/",
    "peak-end-refused": AIRPORT + "methods/peak_end/",
    "words": AIRPORT + "words/?touchpoint=restrooms",
    "surveys": AIRPORT + "surveys/",
    "brand": "/w/demo/brand/",
    "survey-new": AIRPORT + "surveys/new/",
    "survey-studio": AIRPORT + "surveys/studio/pulse/",
    "data": AIRPORT + "data/",
    "kiosk": KIOSK,
    "servqual": KIOSK + "methods/servqual/",
    "gaps": KIOSK + "methods/gaps/",
    "value": KIOSK + "methods/value/",
    "kano": KIOSK + "methods/kano/",
    "importance": KIOSK + "methods/importance/",
    "reliability": KIOSK + "methods/reliability/",
    "design": AIRPORT + "design/",
    **{
        f"design-{slug}": AIRPORT + f"design/faces/{slug}/"
        for slug in ("ring", "moments", "people", "standards", "failures", "senses", "strategy")
    },
    "versions": AIRPORT + "versions/",
    "import-design": AIRPORT + "versions/import/",
    "services": "/w/demo/services/",
    "begin-service": "/w/demo/services/begin/",
    "print": AIRPORT + "design/print/?paper=A1&lanes=all",
    "present": AIRPORT + "design/present/?slide=2",
    "remarks": AIRPORT + "design/remarks/",
    "people": "/w/demo/people/",
    "keys": "/w/demo/keys/",
    "changes": "/w/demo/audit/",
    "account": "/account/",
    "cases": "/w/demo/cases/",
    "customers": "/w/demo/customers/",
    "add-customers": "/w/demo/customers/add/",
    "missing": AIRPORT + "nowhere/",
}
DOCS: Final = (
    ("home", "en", "wide", "light"), ("journey", "zh-Hant", "wide", "light"), ("kano", "en", "wide", "light"),
    ("home", "zh-Hans", "narrow", "dark"), ("journey", "zh-Hant", "narrow", "light"), ("nps", "en", "narrow", "dark"),
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One picture to take."""

    page: str
    language: str
    shape: str
    scheme: Scheme

    @property
    def name(self) -> str:
        """What its file is called."""
        return f"{self.page}-{self.language}-{self.shape}-{self.scheme}.png"


def wanted(only: Sequence[str]) -> list[Shot]:
    """Every picture, of the pages named or of all."""
    return [Shot(*each) for each in product(only or PAGES, LANGUAGES, WIDTHS, SCHEMES)]


@contextmanager
def demo(data: Path, port: int) -> Iterator[str]:
    """The demo, served; its entry link."""
    command = [str(Path(sys.executable).with_name("peakend")), "demo", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "PEAKEND_DATA": str(data), "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    try:
        yield _entry(server.stdout)
    finally:
        server.terminate()
        server.wait(20)


def _entry(said: IO[str] | None) -> str:
    for line in said or ():
        print(line, end="")
        found = re.search(r"http\S+/enter/\S+", line)
        if found:
            return found[0]
    message = "The demo ended before it could be entered."
    raise SystemExit(message)


def enter(browser: Browser, entry: str, code: str) -> dict[str, object]:
    """Sign in by the entry link and choose the language, which is kept with the person; the cookies of the browser."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(entry)
    _speak(page, code)
    state = context.storage_state()
    context.close()
    return dict(state)


def _speak(page: Page, code: str) -> None:
    page.locator("form[action$='language/']").locator("xpath=..").locator("summary").click()
    page.locator(f"button[name=language][value={code}]").click()
    page.wait_for_load_state()


def take(context: BrowserContext, address: str, target: Path, *, whole: bool = True) -> list[str]:
    """Take one picture, of the whole page or of what stands on the first screen; what is wrong with the page."""
    page = context.new_page()
    wrong: list[str] = []
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            wrong.append(f"asks {asked.url}")
            if urlsplit(asked.url).netloc not in {urlsplit(address).netloc, ""}
            else None
        ),
    )
    page.goto(address, timeout=120_000)
    page.wait_for_load_state("networkidle", timeout=120_000)
    page.wait_for_timeout(400)
    aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wrong += [f"scrolls sideways by {aside} points"] if aside > 0 else []
    save(page.screenshot(full_page=whole), target)
    page.close()
    return wrong


def save(png: bytes, target: Path) -> None:
    """Write a picture small: the pages have few colours."""
    target.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").quantize(
        256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    ).save(target, optimize=True)


def shoot(entry: str, shots: Sequence[Shot], out: Path, *, whole: bool = True) -> int:
    """Take all the pictures; how many pages something was wrong with."""
    root, found = "{0.scheme}://{0.netloc}".format(urlsplit(entry)), 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for language, code in LANGUAGES.items():
            state = enter(browser, entry, code)
            for shot in (each for each in shots if each.language == language):
                found += bool(_shot(browser, state, shot, root + PAGES[shot.page], out, whole=whole))
        browser.close()
    return found


def _shot(browser: Browser, state: dict[str, object], shot: Shot, address: str, out: Path, *, whole: bool) -> list[str]:
    width, height = WIDTHS[shot.shape]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme, storage_state=state
    )  # type: ignore[arg-type]
    wrong = take(context, address, out / shot.name, whole=whole)
    context.close()
    print(shot.name, *wrong, sep="\n  ")
    return wrong


def main() -> int:
    """Read the words of the command line, and shoot."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("pages", nargs="*", choices=[*PAGES, []], help="only these pages")
    parser.add_argument("--entry", help="the entry link of a demo that is running")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "pictures")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--docs", action="store_true", help="the pictures of the documentation, to docs/pictures")
    asked = parser.parse_args()
    shots, out = (
        ([Shot(*each) for each in DOCS], ROOT / "docs" / "pictures") if asked.docs else (wanted(asked.pages), asked.out)
    )
    if asked.entry:
        return min(1, shoot(asked.entry, shots, out, whole=not asked.docs))
    with demo(ROOT / "var" / "demo", asked.port) as entry:
        return min(1, shoot(entry, shots, out, whole=not asked.docs))


if __name__ == "__main__":
    sys.exit(main())
