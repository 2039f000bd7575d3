"""Somebody's browser with the journey map open, and what is asked of the draft behind it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import BrowserContext, CDPSession, Page

from peakend.service import as_data, loads
from peakend.service.document import dump, of_data
from peakend_web.design.actions import drafts
from peakend_web.design.queries import document_at
from peakend_web.models import Draft, Person
from tests.web.conftest import OUTPATIENT
from tests.web.test_accessibility import heard

MAP: Final = "/w/harbour/outpatient/design/?lang=en"
WAIT: Final = "touchpoints:wait"


def long_service() -> str:
    """Sixty touchpoints in six stages, each with the lanes filled in three languages."""
    data = as_data(loads(OUTPATIENT))
    words = {"en": "They look for a sign, ask twice, and wait in a line that does not move. " * 2,
             "zh-Hant": "他們找指標、問了兩次，排在不動的隊伍裡。" * 6,
             "zh-Hans": "他们找指示牌、问了两次，排在不动的队伍里。" * 6}  # fmt: skip
    lanes = ("customer", "thinks", "expects", "fears", "frontstage", "backstage", "support")
    data["service"], data["journeys"] = "long", [
        {"id": "visit", "title": dict.fromkeys(words, "Visit"), "stages": [
            {"id": f"stage-{s}", "title": dict.fromkeys(words, f"Stage {s}"), "touchpoints": [
                {"id": f"point-{s}-{n}", "title": dict.fromkeys(words, f"Point {s} {n}"),
                 **dict.fromkeys(lanes, words), "emotion": {"planned": (s + n) % 11 - 5}}
                for n in range(10)]}
            for s in range(6)]}]  # fmt: skip
    kept = ("peakend", "service", "title", "languages", "journeys")
    return dump(of_data({key: data[key] for key in kept if key in data}))


class Editor:
    """Somebody's browser with the map open."""

    def __init__(self, context: BrowserContext, live_server: Any) -> None:
        self.context, self.url = context, live_server.url
        self.page: Page = context.new_page()
        self.wrong = heard(self.page, live_server.url)

    def open(self, where: str = MAP) -> Page:
        """Load the map; the grid is ready then."""
        self.page.goto(self.url + where)
        return self.page

    def at(self, key: str) -> None:
        """Go to a cell."""
        self.page.locator(f'[data-cell="{key}"]').focus()

    def cell(self, key: str) -> str:
        """What a cell shows."""
        return self.page.locator(f'[data-cell="{key}"]').inner_text().strip()

    def here(self) -> str:
        """The cell in which the focus is."""
        return str(self.page.evaluate("document.activeElement.dataset.cell || document.activeElement.tagName"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def said(self) -> str:
        """What was last told to whoever does not see."""
        self.page.wait_for_timeout(120)
        return self.page.locator("[data-live]").inner_text()

    def saved(self) -> None:
        """Wait until all is saved."""
        self.page.wait_for_function("() => document.querySelector('[data-status]').dataset.status === 'saved'")

    def close(self) -> None:
        self.context.close()


def until(page: Page, happens: Callable[[], bool], seconds: float = 5) -> float:
    """Wait until something is so, and say how long that took."""
    began = time.monotonic()
    while not happens():
        assert time.monotonic() - began < seconds, "it did not happen"
        page.wait_for_timeout(40)
    return time.monotonic() - began


def words(field: str, target: str = WAIT, lang: str = "en") -> Any:
    """What stands in a field of the draft, in a language."""
    found = document_at(Draft.objects.get(ended_at=None, service__slug="outpatient")).value(target, field)
    return found.get(lang) if isinstance(found, dict) else found


def order() -> list[str]:
    """The touchpoints of the draft, in order."""
    working = document_at(Draft.objects.get(ended_at=None, service__slug="outpatient"))
    stages = working.parts("journeys:visit", "stages")
    return [point["id"] for stage in stages for point in stage.get("touchpoints", [])]


def stages() -> list[str]:
    """The stages of the draft."""
    working = document_at(Draft.objects.get(ended_at=None, service__slug="outpatient"))
    return [f"stages:{stage['id']}" for stage in working.parts("journeys:visit", "stages")]


def sends(person: Person, draft: Draft, field: str, text: str) -> None:
    """Somebody edits from elsewhere."""
    edit = drafts.Edit("set_text", WAIT, field, "en", text)
    drafts.edit_draft(actor=person, draft=Draft.objects.get(pk=draft.pk), edit=edit)


def finger(devtools: CDPSession, kind: str, *points: dict[str, float]) -> None:
    """What a finger does on the glass."""
    devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def work_of(done: Callable[[], object]) -> float:
    """How many seconds of work something takes."""
    began = time.process_time()
    done()
    return time.process_time() - began


COMPOSE: Final = """(text) => {
  const area = document.activeElement, at = { bubbles: true, composed: true };
  area.dispatchEvent(new CompositionEvent("compositionstart", { ...at, data: "" }));
  for (const letter of text) {
    area.dispatchEvent(new KeyboardEvent("keydown", { ...at, key: "Process", keyCode: 229, isComposing: true }));
    area.value += letter;
    area.dispatchEvent(new InputEvent("input", { ...at, isComposing: true }));
  }
  for (const key of ["Enter", "Escape", "Tab", " "])
    area.dispatchEvent(new KeyboardEvent("keydown", { ...at, key, keyCode: 229, isComposing: true, cancelable: true }));
}"""
"""An input method at work: letters that are not committed yet, and the keys that it has for itself."""
SMALL: Final = """() => [...document.querySelectorAll(
    "main :is(a, button, summary, textarea, select, .handle, [role=grid] th, [role=grid] td)")]
  .filter((each) => each.checkVisibility() && !each.closest(".sr, [hidden], p:not(.row), .map"))
  .map((each) => [each.outerHTML.slice(0, 60), each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (height < 43.5 || width < 43.5))
  .map(([each, { width, height }]) => `${each} ${width} ${height}`)"""
"""Which targets are smaller than a thumb."""
