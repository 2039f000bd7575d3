"""A phone with a browser, the survey of Mrs Lin's hotel, and a kind of question that is planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext

from peakend.service import kinds as service_kinds
from peakend_web.asking import kinds as asking_kinds
from peakend_web.models import Survey
from peakend_web.store import writer
from tests.web.browser import browser
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.surveys import hotel_survey

from .thumbs import control, kind

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True}
TEMPLATES: Final = Path(__file__).parent / "thumbs" / "templates"
THUMBS: Final = """
service: kiosk
title: {en: Kiosk}
languages: [en]
surveys:
  - id: thumb
    title: {en: One question}
    items:
      - {id: liked, kind: thumbs, required: true, wording: {en: Did you like it?}}
      - {id: why, kind: text, show_if: {item: liked, at_most: 0}, wording: {en: What went wrong?}}
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def survey(transactional_db: None) -> Iterator[Survey]:
    yield hotel_survey(make_clinic())
    writer.close()


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    """Wu's browser, with the draft of the survey after a visit open."""
    browser = browser_of(clinic.wu)
    browser.post("/w/harbour/outpatient/surveys/studio/after-visit/begin/")
    return browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(**PHONE, locale="en")
    yield context
    context.close()


@pytest.fixture
def thumbs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> str:
    """The text of a document that asks for a thumb: a kind planted as its three files and the two lines that name them,
    and nothing else.
    """
    controls = (*asking_kinds.MODULES, control)
    monkeypatch.setattr(service_kinds, "KINDS", {each.KIND.id: each.KIND for each in (*service_kinds.MODULES, kind)})
    monkeypatch.setattr(asking_kinds, "CONTROLS", {each.CONTROL.kind: each.CONTROL for each in controls})
    settings.TEMPLATES = [{**each, "DIRS": [TEMPLATES]} for each in settings.TEMPLATES]
    return THUMBS
