"""What whoever does not see hears of the journey map, stop by stop, in three languages: as the browser hands it to a
screen reader. Where that has changed, the test says where it wrote what is heard now, to be read and taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from peakend_web.design.actions import drafts
from peakend_web.models import Person
from tests.web.browser import browser
from tests.web.conftest import Clinic
from tests.web.design.editor import WAIT
from tests.web.test_accessibility import opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

GOLDEN: Final = Path(__file__).parent / "golden" / "transcript.txt"
LANGUAGES: Final = {"en": "en", "zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}
THOUGHT: Final = {"en": "Have they forgotten me?", "zh-Hant": "是不是把我忘了？", "zh-Hans": "是不是把我忘了？"}
PLACED: Final = {
    "en": "“Wait to be called”: 2 of 2 in “Arrive”",
    "zh-Hant": "「候診」：「到院」的第 2 個，共 2 個",
    "zh-Hans": "“候诊”：“到院”的第 2 个，共 2 个",
}
THINKS: Final = {"en": "Thinks", "zh-Hant": "心裡想", "zh-Hans": "心里想"}
WALK: Final = (
    *("Home", "ArrowUp", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft", "PageDown"),
    *("Enter", "Escape", "Control+End", "Control+Home"),
    *("ArrowRight", "ArrowDown", "Space", "ArrowRight", "Space", "p", "Escape"),
)
"""From the first cell on: stages, touchpoints, lanes, a field, a touchpoint that is lifted and moved, the panel."""
STATES: Final = ("expanded", "pressed", "invalid", "readonly", "disabled", "required")
SPOKEN_STATES: Final = {"invalid": "false", "readonly": False, "disabled": False, "required": False}


class Listener:
    """A screen reader, as far as it matters here: it says the heads of a column and a row when one comes into them,
    then the name, role, value, description and state of what has the focus; and what a live region says.
    """

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.page, self.devtools = page, devtools
        self.heads = ["", ""]
        self.live = ""

    def hears(self) -> str:
        """What is spoken now."""
        tree = self.devtools.send("Accessibility.getFullAXTree")["nodes"]
        nodes = {node["nodeId"]: node for node in tree}
        found = self.devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        about = self.devtools.send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
        node = next(each for each in tree if each.get("backendDOMNodeId") == about)
        said = [*self._new_heads(nodes, node), *_of(node), *self._announced()]
        return " | ".join(said)

    def _new_heads(self, nodes: dict[str, Any], node: dict[str, Any]) -> Iterator[str]:
        """The heads of the column and of the row, where they are others than those of the last cell."""
        if node["role"]["value"] != "gridcell":
            return
        row = nodes[node["parentId"]]
        at = row["childIds"].index(node["nodeId"])
        table = _up(nodes, row, "grid")
        rows = [each for each in nodes.values() if each["role"]["value"] == "row" and _up(nodes, each, "grid") is table]
        points = max(rows, key=lambda each: sum(_is_head(nodes[child]) for child in each["childIds"]))["childIds"]
        heads = [_name(nodes[points[at]]) if at else "", _name(nodes[row["childIds"][0]])]
        for was, now in zip(self.heads, heads, strict=True):
            if now and now != was and now != _name(node):
                yield now
        self.heads = heads

    def _announced(self) -> Iterator[str]:
        self.page.wait_for_timeout(70)
        said = self.page.locator("[data-live]").inner_text()
        if said and said != self.live:
            yield f"“{said}”"
        self.live = said


def _up(nodes: dict[str, Any], node: dict[str, Any], role: str) -> Any:
    while node["role"]["value"] != role:
        node = nodes[node["parentId"]]
    return node


def _is_head(node: dict[str, Any]) -> bool:
    return bool(node["role"]["value"] == "columnheader")


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _of(node: dict[str, Any]) -> Iterator[str]:
    role = node["role"]["value"]
    yield _name(node) or "(empty)"
    yield f"[{role}]"
    for key in ("value", "description"):
        if node.get(key, {}).get("value"):
            yield str(node[key]["value"]).strip()
    for one in node.get("properties", ()):
        value = one["value"].get("value")
        if one["name"] in STATES and value != SPOKEN_STATES.get(one["name"]):
            yield f"{one['name']} {value}".lower()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def walked(chromium: Browser, live_server: Any, clinic: Clinic, settings: Any, generated: Path) -> dict[str, list[str]]:
    """What is heard at each stop, by language."""
    settings.STATICFILES_DIRS = [generated]
    found = {}
    for language, lang in LANGUAGES.items():
        Person.objects.filter(pk=clinic.wu.pk).update(language=language)
        draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
        thought = drafts.Edit("set_text", WAIT, "thinks", lang, THOUGHT[lang])
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=thought)
        context = opened(chromium, live_server.url, clinic.wu, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{live_server.url}/w/harbour/outpatient/design/?lang={lang}")
        listener = Listener(page, context.new_cdp_session(page))
        listener.devtools.send("Accessibility.enable")
        page.locator("[role=grid] [tabindex='0']").focus()
        heard = [f"Tab: {listener.hears()}"]
        for key in WALK:
            page.keyboard.press(key)
            if key == "p":
                page.locator("#panel :focus").wait_for()
            if page.locator("[data-status=saving]").count():
                page.locator("[data-status=saved]").wait_for()
            heard.append(f"{key}: {listener.hears()}")
        found[lang] = heard
        context.close()
        drafts.drop_draft(actor=clinic.wu, draft=draft)
    return found


def test_stage_touchpoint_lane_and_position_are_heard_at_every_stop_in_three_languages(
    walked: dict[str, list[str]], tmp_path: Path
) -> None:
    """Acceptance 3."""
    told = "\n\n".join("\n".join([f"# {lang}", *stops]) for lang, stops in walked.items()) + "\n"
    fresh = tmp_path / GOLDEN.name
    fresh.write_text(told, encoding="utf-8")
    for lang, stops in walked.items():
        assert f"ArrowRight: {PLACED[lang]} | [columnheader]" in stops, lang
        assert f"ArrowDown: {THINKS[lang]} | {THOUGHT[lang]} | [gridcell]" in stops, lang
    assert told == GOLDEN.read_text(encoding="utf-8"), f"what is heard now is written in {fresh}"
