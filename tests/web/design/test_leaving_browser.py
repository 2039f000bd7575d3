"""Wu leaves the journey map while his last words still wait for their turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from peakend_web.design.actions import drafts
from peakend_web.models import DraftStep
from tests.web.browser import browser
from tests.web.conftest import Clinic
from tests.web.design.editor import WAIT, Editor, until, words
from tests.web.test_accessibility import opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

HELD = """() => {
  const ask = window.fetch, held = (reply) => new Promise((done) => setTimeout(done, 60000, reply));
  window.fetch = (...asked) => ask(...asked).then(held);
}"""
"""Every reply comes a minute late."""


def test_words_that_wait_when_one_leaves_the_map_are_in_the_draft_and_stand_once(
    live_server: Any, clinic: Clinic, settings: Any, generated: Path
) -> None:
    settings.STATICFILES_DIRS = [generated]
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    with browser() as chromium:
        wu = Editor(opened(chromium, live_server.url, clinic.wu, viewport={"width": 1280, "height": 900}), live_server)
        page = wu.open()
        page.evaluate(HELD)
        for field, said in (("thinks", "Am I forgotten?"), ("customer", "Sits down")):
            wu.at(f"{WAIT}/{field}")
            wu.press("Enter", "ControlOrMeta+a")
            page.keyboard.type(said)
            wu.press("Enter")
        page.goto(f"{live_server.url}/w/harbour/outpatient/design/moments/")
        until(page, lambda: (words("thinks"), words("customer")) == ("Am I forgotten?", "Sits down"))
        wu.open()
        page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('peakend-design'))")
        assert sorted(DraftStep.objects.values_list("field", flat=True)) == ["customer", "thinks"]
        wu.close()
