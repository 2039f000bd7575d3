"""A document is no larger than its pages can be drawn: what is too much is told by `check` and refused by edits."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from peakend.errors import DocumentError
from peakend.service import check, loads
from peakend.service.bounds import MOST_IN_JOURNEY, MOST_IN_LIST, MOST_OF_KIND, MOST_TOUCHPOINTS, excesses
from peakend.service.document import as_data, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.verbs import effects_of
from peakend.terms import LANGUAGES
from tests.service.ward import WARD


def journey(name: str, points: int, steps: int = 0) -> dict[str, Any]:
    """A journey of so many touchpoints, a hundred a stage, each with so many steps."""
    title = {"en": "T"}
    made = [
        {"id": f"{name}-{at}", "title": title}
        | ({"frontstage": [{"id": f"{name}-{at}-{n}", "text": title} for n in range(steps)]} if steps else {})
        for at in range(points)
    ]
    stages = [
        {"id": f"{name}-s{at}", "title": title, "touchpoints": made[at : at + 100]} for at in range(0, points, 100)
    ]
    return {"id": name, "title": title, "stages": stages}


def document(*journeys: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"service": "s", "title": {"en": "S"}, "languages": ["en"], "journeys": [*journeys], **more}


def sites(many: int) -> list[dict[str, Any]]:
    return [{"id": f"site-{at}", "title": {"en": "Site"}} for at in range(many)]


FULL = document(*(journey(name, MOST_IN_JOURNEY) for name in ("a", "b")), sites=sites(MOST_IN_LIST))
TOO_LARGE = {
    "document.many_touchpoints": document(*(journey(name, 101) for name in ("a", "b", "c"))),
    "document.many_in_journey": document(journey("a", MOST_IN_JOURNEY + 1)),
    "document.long_list": document(journey("a", 1), sites=sites(MOST_IN_LIST + 1)),
    "document.many_of_kind": document(journey("a", 16, steps=100)),
}


def test_a_document_at_every_limit_is_whole() -> None:
    assert (MOST_TOUCHPOINTS, list(excesses(FULL))) == (2 * MOST_IN_JOURNEY, [])


@pytest.mark.parametrize("refusal", TOO_LARGE)
def test_what_there_is_too_much_of_is_an_error_with_its_place_and_numbers_in_three_languages(refusal: str) -> None:
    (found,) = [each for each in check(of_data(TOO_LARGE[refusal])) if each.level == "error"]
    assert (found.id, bool(found.path)) == (refusal, True)
    for lang in LANGUAGES:
        assert all(str(found.fields[name]) in found.message(lang) for name in ("found", "most"))
        assert found.hint(lang)


def test_templates_and_samples_have_room_to_grow() -> None:
    data = as_data(loads(WARD))
    assert list(excesses(data)) == []


TOUCHPOINT = {"id": "x", "title": {"en": "X"}}
ADDED = {
    "document.many_touchpoints": (FULL, Edit("add", "stages:c-s0", "touchpoints", value=TOUCHPOINT)),
    "document.many_in_journey": (
        document(journey("a", MOST_IN_JOURNEY)),
        Edit("add", "stages:a-s0", "touchpoints", value=TOUCHPOINT),
    ),
    "document.long_list": (FULL, Edit("add", "document:", "sites", value={"id": "x", "title": {"en": "X"}})),
    "document.many_of_kind": (
        document(journey("a", 15, steps=100)),
        Edit("add", "touchpoints:a-0", "backstage", value={"id": "x", "text": {"en": "X"}}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("refusal", ADDED)
def test_nothing_more_is_added_to_what_is_full_and_the_document_stays_as_it_was(refusal: str) -> None:
    data, edit = ADDED[refusal]
    if refusal == "document.many_touchpoints":
        data = {**data, "journeys": [*data["journeys"], {"id": "c", "title": {"en": "C"}, "stages": [
            {"id": "c-s0", "title": {"en": "C"}}]}]}  # fmt: skip
    working = WorkingDocument(data)
    before = copy.deepcopy(working.data)
    with pytest.raises(DocumentError) as told:
        effects_of(working, edit)
    assert (told.value.id, working.data) == (refusal, before)


def test_what_is_brought_whole_is_counted_with_all_that_is_in_it() -> None:
    working = WorkingDocument(document(journey("a", 100)))
    (stage,) = journey("b", 51)["stages"]
    with pytest.raises(DocumentError) as told:
        effects_of(working, Edit("add", "journeys:a", "stages", value=stage))
    assert (told.value.id, told.value.fields) == (
        "document.many_in_journey", {"name": "a", "found": 151, "most": MOST_IN_JOURNEY},
    )  # fmt: skip


def test_ids_that_are_named_are_counted_too() -> None:
    point = {"id": "p", "title": {"en": "P"}, "channels": [f"c{at}" for at in range(MOST_IN_LIST)]}
    stage = {"id": "s", "title": {"en": "S"}, "touchpoints": [point]}
    working = WorkingDocument(document({"id": "a", "title": {"en": "A"}, "stages": [stage]}))
    with pytest.raises(DocumentError) as told:
        effects_of(working, Edit("link", "touchpoints:p", "channels", value="one-more"))
    assert told.value.id == "document.long_list"


@pytest.mark.parametrize("refusal", TOO_LARGE)
def test_a_document_that_was_too_large_before_is_read_worded_and_made_smaller(refusal: str) -> None:
    working = WorkingDocument(TOO_LARGE[refusal])
    assert effects_of(working, Edit("set_text", "touchpoints:a-0", "title", "en", "Other"))
    assert effects_of(working, Edit("set_value", "touchpoints:a-0", "emotion.planned", value=2))
    assert effects_of(working, Edit("remove", "touchpoints:a-0"))
    assert MOST_OF_KIND > MOST_TOUCHPOINTS
