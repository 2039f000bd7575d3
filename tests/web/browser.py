"""A real browser: Chromium, where this machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


def chromium() -> str | None:
    """Where the browser is."""
    return os.environ.get("CHROMIUM") or next(
        (found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None
    )


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser, opened and closed."""
    where = chromium()
    if where is None:
        pytest.skip("browser: no Chromium on this machine")
    # The driver has an event loop in this thread, where Django then refuses the database; the tests await nothing.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=where, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def tap(page: Page, field: str, value: str) -> None:
    """Choose an answer of a survey as a finger does."""
    page.locator(f'label:has(input[name="{field}"][value="{value}"])').click()
