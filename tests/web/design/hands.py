"""Somebody at a page in one of three ways: with a mouse, by keys alone, or with a thumb; what they do is counted.

How long a person would need is reckoned from that: a key takes 0.28 s, a click, a tap or a change of field 1.1 s, and
every line that is written and every choice begins with 1.35 s of thought (Card, Moran & Newell, 1980); to this comes
what the pages themselves took.
"""

from __future__ import annotations

import time
from typing import Final

import pytest
from playwright.sync_api import Locator, Page

KEY: Final = 0.28
TAP: Final = 1.1
THOUGHT: Final = 1.35
MOST_TABS: Final = 90
"""How often somebody presses Tab before they give up."""
WAY: Final = """element => { const here = document.activeElement;
  return here === element ? "" :
  here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING ? "Shift+Tab" : "Tab"; }"""
HEAD: Final = """key => { const here = document.activeElement, heads = [...here.closest("tr").cells];
  return heads.findIndex((head) => head.dataset.cell === key) - heads.indexOf(here); }"""


class Hand:
    """Somebody with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.taps = self.thoughts = 0
        self.began = time.monotonic()

    @property
    def minutes(self) -> float:
        """How long a person would have needed."""
        spent = time.monotonic() - self.began
        return (spent + KEY * self.keys + TAP * self.taps + THOUGHT * self.thoughts) / 60

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)
        self.keys += times

    def type(self, words: str) -> None:
        """Type where one is."""
        for number, line in enumerate(words.split("\n")):
            if number:
                self.press("Enter")
            self.page.keyboard.type(line)
            self.keys += len(line)
            self.thoughts += 1

    def do(self, target: Locator) -> None:
        """Press a button, open a fold, tick a box."""
        target.click()
        self.taps += 1

    def follow(self, target: Locator, to: str) -> None:
        """Press what leads to another page, and wait for it."""
        self.do(target)
        self.page.wait_for_url(to)

    def write(self, target: Locator, words: str) -> None:
        """Write into a field."""
        self.do(target)
        self.type(words)

    def choose(self, target: Locator, option: str) -> None:
        """Choose one of a list: one opens it, and one takes it."""
        target.scroll_into_view_if_needed()
        target.select_option(label=option)
        self.taps += 2
        self.thoughts += 1


class Thumb(Hand):
    """Somebody with a phone in one hand."""

    def do(self, target: Locator) -> None:
        """Tap it."""
        target.tap()
        self.taps += 1


class Keys(Hand):
    """Somebody without a pointer."""

    def reach(self, target: Locator) -> None:
        """Go to an element by Tab, or back to one that is above."""
        element = target.element_handle()
        for _ in range(MOST_TABS):
            way = self.page.evaluate(WAY, element)
            if not way:
                return
            self.press(way)
        pytest.fail(f"{target} is not reached by Tab")

    def go_to_head(self, key: str) -> None:
        """Go to the head of a column of the map by arrows."""
        if not self.page.evaluate("() => document.activeElement.matches('[role=grid] *')"):
            self.reach(self.page.locator("[role=grid] [tabindex='0']"))
            self.press("ArrowDown")
        away = self.page.evaluate(HEAD, key)
        self.press("ArrowRight" if away > 0 else "ArrowLeft", abs(away))

    def skip(self) -> None:
        """Go over the menu by the first link of the page."""
        self.press("Tab")
        self.press("Enter")

    def do(self, target: Locator) -> None:
        """Go there, and press Enter; Space on what is ticked."""
        self.reach(target)
        self.press("Space" if target.get_attribute("type") in {"radio", "checkbox"} else "Enter")

    def follow(self, target: Locator, to: str) -> None:
        """Press what leads to another page, and go over its menu."""
        super().follow(target, to)
        if not self.page.url.endswith("#content"):  # a form that was sent from the content leads back to it
            self.skip()

    def write(self, target: Locator, words: str) -> None:
        """Write into a field."""
        self.reach(target)
        self.type(words)

    def choose(self, target: Locator, option: str) -> None:
        """Choose one of a list by typing how it begins."""
        self.reach(target)
        self.type(option)
        assert target.locator("option:checked").inner_text().strip() == option
