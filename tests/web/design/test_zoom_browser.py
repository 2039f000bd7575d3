"""Every page of the design, enlarged: at 200 % a desk of 1280 px is 640 px wide, at 400 % it is 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from peakend_web.design.actions import drafts
from peakend_web.design.actions.sharing import Shows, share_map
from peakend_web.models import Person
from tests.web.browser import browser
from tests.web.conftest import Clinic
from tests.web.design.editor import WAIT
from tests.web.test_accessibility import heard, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

SERVICE: Final = "/w/harbour/outpatient/"
FACES: Final = ("ring", "moments", "people", "standards", "failures", "senses", "strategy")
PAGES: Final = (
    *(f"{SERVICE}design/{page}" for page in ("", "touchpoints/wait/", "advice/", "remarks/", "print/?paper=A1")),
    *(f"{SERVICE}design/present/?lanes=all&slide={number}" for number in (1, 2, 99)),
    *(f"{SERVICE}design/faces/{face}/" for face in FACES),
    *(f"{SERVICE}design/faces/{part}/" for part in ("moments/touchpoints:wait", "people/stakeholders:head-nurse")),
    *(f"{SERVICE}versions/{page}" for page in ("", "new/", "import/", "links/", "1/2/")),
    *(f"/w/harbour/services/{page}" for page in ("", "begin/", "new/", "import/")),
    *(f"{SERVICE}{page}" for page in ("journey/", "blueprint/")),
)
ZOOMS: Final = {"200 %": 640, "400 %": 320}
UNFOLD: Final = "() => { for (const fold of document.querySelectorAll('main details:not(.menu)')) fold.open = true; }"
SMALL: Final = """() => [...document.querySelectorAll(
    "main :is(a, button, summary, select, textarea, input:not([type=hidden]), .handle)")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".sr, .skip, svg, table"))
  .filter((each) => each.tagName !== "A" || getComputedStyle(each).display !== "inline")
  .map((each) => (/checkbox|radio/.test(each.type) ? each.labels[0] ?? each : each))
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (height < 43.5 || width < 43.5))
  .map(([each, { width, height }]) => `${Math.round(width)} × ${Math.round(height)} ${each}`)"""
ASIDE: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def _pages(settings: Any, generated: Path) -> None:
    settings.STATICFILES_DIRS = [generated]


@pytest.mark.usefixtures("_pages")
@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_enlarged_twice_and_four_times_no_page_scrolls_sideways_and_every_target_is_as_large_as_a_thumb(
    chromium: Browser, live_server: Any, clinic: Clinic, language: str
) -> None:
    """Acceptance 4, with every fold open."""
    Person.objects.filter(pk=clinic.wu.pk).update(language=language)
    for words in ("Have they forgotten me?", "How much longer, and why does nobody say anything?"):
        draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=drafts.Edit("set_text", WAIT, "fears", "en", words))
        if words.startswith("Have"):
            drafts.publish_draft(actor=clinic.wu, draft=draft)
    until = timezone.localdate() + timedelta(days=30)
    shows = Shows(words=True, people=True)
    _link, secret = share_map(actor=clinic.wu, service=clinic.service, reader="The board", until=until, shows=shows)
    context = opened(chromium, live_server.url, clinic.wu)
    page, found = context.new_page(), {}
    wrong = heard(page, live_server.url)
    for where in (*PAGES, f"/map/{secret}"):
        page.set_viewport_size({"width": ZOOMS["200 %"], "height": 450})
        page.goto(live_server.url + where)
        page.evaluate(UNFOLD)
        for zoom, width in ZOOMS.items():
            page.set_viewport_size({"width": width, "height": 450})
            found[where, zoom] = (page.evaluate(ASIDE), page.evaluate(SMALL), [*wrong])
            wrong.clear()
    context.close()
    assert {at: each for at, each in found.items() if each != (0, [], [])} == {}
