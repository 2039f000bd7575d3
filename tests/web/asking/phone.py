"""What a guest does with the survey on a phone, what it says, and what is stored of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page

from peakend_web.models import Answer, Survey


def visit(phone: BrowserContext, live_server: Any, survey: Survey) -> Page:
    page = phone.new_page()
    page.goto(f"{live_server.url}/s/{survey.token}")
    return page


def until(page: Page, condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what happens at the server, while the page lives on."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not happen: {stored()}"
        page.wait_for_timeout(20)


def says(page: Page, words: str) -> None:
    """Wait until the page says this of its answers."""
    page.locator("#status").filter(has_text=words).wait_for(timeout=20_000)


def stored() -> dict[str, tuple[float | None, str | None]]:
    return {
        key.partition(":")[2]: (value, text)
        for key, value, text in Answer.objects.values_list("source_key", "value", "text")
    }
