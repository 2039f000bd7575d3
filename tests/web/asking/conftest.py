"""A phone with a browser, and the survey of Mrs Lin's hotel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from peakend_web.models import Survey
from peakend_web.store import writer
from tests.web.browser import browser
from tests.web.conftest import make_clinic
from tests.web.surveys import hotel_survey

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def survey(transactional_db: None) -> Iterator[Survey]:
    yield hotel_survey(make_clinic())
    writer.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(**PHONE, locale="en")
    yield context
    context.close()
