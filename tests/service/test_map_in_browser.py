"""Map and views as a browser sets them: no word lies on another, and none leaves the picture, in any language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from peakend.service import Score, ServiceDocument, draw_map, load
from peakend.service.drawings.journey_map import Layout
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.templates import template
from peakend.terms import LANGUAGES, Lang

PAPERS: tuple[PaperName, ...] = ("page", "phone")
SAMPLES = Path(__file__).parents[2] / "src" / "peakend" / "samples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

COLLISIONS = """() => {
  const picture = document.querySelector('svg').getBoundingClientRect();
  const texts = [...document.querySelectorAll('svg text')]
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  const found = [];
  texts.forEach(([words, box], at) => {
    if (box.left < picture.left - 1 || box.right > picture.right + 1 || box.bottom > picture.bottom + 1)
      found.push(['outside', words]);
    for (const [others, other] of texts.slice(at + 1)) {
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (across > 1 && down > 4) found.push([words, others]);
    }
  });
  return found;
}"""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@cache
def document(name: str) -> ServiceDocument:
    return load(SAMPLES / f"{name}.service.yaml")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("layout", ["wall", "wide", "page", "column"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["airport", "kiosk"])
def test_no_word_lies_on_another_or_leaves_the_picture(page: Page, name: str, lang: Lang, layout: Layout) -> None:
    service = document(name)
    scores = {
        point.id: Score(value=3 + at % 4 / 2, low=2.9 + at % 4 / 2, high=3.1 + at % 4 / 2, n=1000 + at)
        for at, point in enumerate(service.touchpoints)
    }
    for given in (scores, None):
        page.set_content(
            f'<html lang="{lang}"><body style="margin: 0">{draw_map(service, lang=lang, layout=layout, scores=given)}'
        )
        assert page.evaluate(COLLISIONS) == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_word_of_a_view_lies_on_another_or_leaves_its_sheet(page: Page, view: View) -> None:
    service = template("hotel")
    for lang, paper in product(LANGUAGES, PAPERS):
        (sheet,) = draw_view(view, service, lang=lang, paper=paper)
        page.set_content(f'<html lang="{lang}"><body style="margin: 0">{sheet}')
        assert (lang, paper, page.evaluate(COLLISIONS)) == (lang, paper, [])
