"""Edits by verb and id: what each does, what it refuses, and that undoing them in turn leads back to the same bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakend.errors import DocumentError
from peakend.samples import service_of
from peakend.service import check, difference, loads, of_data
from peakend.service.document import as_data
from peakend.service.edits import Edit, Effect, WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.service.edits.verbs import effects_of, undo
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES
from tests.service.any_edit import any_edit
from tests.service.clinic import CLINIC
from tests.service.ward import WARD

WAIT = "touchpoints:wait"


def ward() -> WorkingDocument:
    return WorkingDocument.of(loads(WARD))


def clinic() -> WorkingDocument:
    return WorkingDocument.of(loads(CLINIC))


def as_bytes(draft: WorkingDocument) -> str:
    return json.dumps(draft.data, ensure_ascii=False)


def titles(draft: WorkingDocument, stage: str = "arrive") -> list[str]:
    return [part["id"] for part in draft.parts(f"stages:{stage}", "touchpoints")]


def test_words_are_set_in_one_language_and_the_others_stay() -> None:
    draft = clinic()
    effects = effects_of(draft, Edit("set_text", WAIT, "title", "zh-Hant", "等候叫號"))
    assert draft.value(WAIT, "title") == {"en": "Wait to be called", "zh-Hant": "等候叫號", "zh-Hans": "候诊叫号"}
    assert effects == [Effect("set", WAIT, "title", "zh-Hant", was="候診叫號", now="等候叫號")]
    assert effects_of(draft, Edit("set_text", WAIT, "title", "zh-Hant", "等候叫號")) == []


def test_words_deep_in_a_part_bring_what_is_around_them_and_take_it_away_again() -> None:
    draft = clinic()
    effects_of(draft, Edit("set_text", WAIT, "evidence.smell", "en", "Fresh air"))
    assert draft.value(WAIT, "evidence") == {"smell": {"en": "Fresh air"}}
    effects_of(draft, Edit("clear_text", WAIT, "evidence.smell", "en"))
    assert draft.value(WAIT, "evidence") is None
    effects_of(draft, Edit("set_text", WAIT, "moment_of_truth.thinks", "en", "Am I forgotten?"))
    effects_of(draft, Edit("clear_text", WAIT, "moment_of_truth.thinks", "en"))
    assert draft.value(WAIT, "moment_of_truth") == {}  # it decides, even if nothing is said about it


def test_a_second_peak_takes_the_mark_of_the_first_in_the_same_edit() -> None:
    draft = clinic()
    effects = effects_of(draft, Edit("set_value", WAIT, "designed_as", value="peak"))
    assert [(effect.target, effect.now) for effect in effects] == [("touchpoints:consult", None), (WAIT, "peak")]
    undo(draft, effects)
    assert draft.value("touchpoints:consult", "designed_as") == "peak"


def test_a_removed_touchpoint_takes_its_links_along_and_undoing_brings_both_back() -> None:
    draft = clinic()
    before = as_bytes(draft)
    effects = effects_of(draft, Edit("remove", WAIT))
    assert titles(draft) == ["register"]
    assert draft.value("stakeholders:nurse", "touches") is None
    assert [problem.id for problem in check(of_data(draft.data)) if problem.level == "error"] == []
    undo(draft, effects)
    assert as_bytes(draft) == before


@pytest.mark.parametrize("id", IDS)
def test_any_one_touchpoint_of_a_template_can_be_removed_and_the_document_still_has_no_errors(id: str) -> None:
    draft = WorkingDocument.of(template(id))
    first = as_bytes(draft)
    for name in [name for name in draft.names() if name.startswith("touchpoints:")]:
        effects = effects_of(draft, Edit("remove", name))
        problems = [problem for problem in check(of_data(draft.data)) if problem.level == "error"]
        assert [(name, problem.id, problem.path) for problem in problems] == []
        undo(draft, effects)
        assert as_bytes(draft) == first


def test_a_touchpoint_is_put_in_after_another_and_moved_to_another_stage() -> None:
    draft = clinic()
    part = {"id": "triage", "title": {"en": "Triage"}}
    effects_of(draft, Edit("add", "stages:arrive", "touchpoints", value=part, after="touchpoints:register"))
    assert titles(draft) == ["register", "triage", "wait"]
    effects_of(draft, Edit("move", "touchpoints:triage", around="stages:consult"))
    assert (titles(draft), titles(draft, "consult")) == (["register", "wait"], ["triage", "consult"])
    effects_of(draft, Edit("move", "touchpoints:triage", around="stages:consult", after="touchpoints:consult"))
    assert titles(draft, "consult") == ["consult", "triage"]


def test_a_lane_in_words_becomes_its_first_step_when_a_step_is_added() -> None:
    draft = ward()
    step = {"id": "smiles", "text": {"en": "Smiles"}}
    effects = effects_of(draft, Edit("add", WAIT, "frontstage", value=step, after="steps:wait-frontstage-1"))
    assert [part["id"] for part in draft.parts(WAIT, "frontstage")] == ["wait-frontstage-1", "smiles"]
    assert draft.value("steps:wait-frontstage-1", "text") == {"en": "Says the time aloud"}
    undo(draft, effects)
    assert draft.value(WAIT, "frontstage") == {"en": "Says the time aloud"}


def test_a_step_is_moved_behind_the_line_and_keeps_its_id() -> None:
    draft = ward()
    effects_of(draft, Edit("move", "steps:bring-file", "support", around=WAIT, after="steps:file-system"))
    assert [part["id"] for part in draft.parts(WAIT, "support")] == ["file-system", "bring-file"]


def test_weights_and_links_are_edited_one_by_one() -> None:
    draft = ward()
    effects_of(draft, Edit("set_value", "indicators:2026-01-01", "weights.file-missing", value=5))
    effects_of(draft, Edit("link", "stakeholders:nurse", "touches", value="call"))
    effects_of(draft, Edit("link", "stakeholders:nurse", "touches", value="wait"))
    effects_of(draft, Edit("unlink", "stakeholders:nurse", "touches", value="call"))
    assert draft.value("indicators:2026-01-01", "weights") == {"file-missing": 5}
    assert draft.value("stakeholders:nurse", "touches") == ["wait"]


def test_options_and_items_are_named_by_what_they_stand_in() -> None:
    draft = ward()
    effects_of(draft, Edit("set_text", "items:pulse/overall", "wording", "en", "How was it?"))
    effects_of(draft, Edit("set_text", "values:visit-number/first", "title", "en", "First time"))
    effects_of(draft, Edit("set_text", "document:", "strategy.promise", "en", "Home by one"))
    service = of_data(draft.data)
    assert (
        service.surveys[0].items[0].wording
        == loads(WARD.replace("All in all?", "How was it?")).surveys[0].items[0].wording
    )
    assert service.strategy is not None
    assert service.strategy.promise is not None
    assert service.strategy.promise["en"] == "Home by one"


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (Edit("set_text", "touchpoints:gone", "title", "en", "X"), "edit.no_part"),
        (Edit("set_text", WAIT, "titel", "en", "X"), "edit.no_field"),
        (Edit("set_text", WAIT, "evidence.colour", "en", "X"), "edit.no_field"),
        (Edit("set_value", WAIT, "id", value="other"), "edit.no_field"),
        (Edit("set_value", "document:", "service", value="other"), "edit.no_field"),
        (Edit("set_text", WAIT, "title", None, "X"), "edit.not_there"),
        (Edit("set_text", WAIT, "title", "en", "  "), "edit.not_there"),
        (Edit("set_text", WAIT, "fails", "en", "X"), "edit.not_there"),
        (Edit("set_value", WAIT, "title", value="X"), "edit.not_there"),
        (Edit("set_text", WAIT, "backstage", "en", "X"), "edit.not_there"),
        (Edit("set_text", WAIT, "title", "en", "x" * 201), "document.long_title"),
        (
            Edit("add", "stages:come", "touchpoints", value={"id": "x", "title": {"en": "x" * 201}}),
            "document.long_title",
        ),
        (Edit("set_text", WAIT, "customer", "en", "x" * 4001), "edit.long_text"),
        (Edit("set_text", WAIT, "title", "en", "bell \a"), "document.control_character"),
        (Edit("clear_text", WAIT, "title", "en"), "document.missing_key"),
        (Edit("set_value", WAIT, "emotion.planned", value=9), "document.out_of_range"),
        (Edit("set_value", WAIT, "basis", value="measured"), "document.not_one_of"),
        (Edit("set_value", "rules:tenth", "cue"), "document.rule_verb"),
        (Edit("add", "stages:come", "touchpoints", value={"id": "x y", "title": {"en": "X"}}), "document.bad_id"),
        (Edit("add", "stages:come", "touchpoints", value={"id": "call", "title": {"en": "X"}}), "edit.changed"),
        (Edit("add", "stages:come", "title", value={}), "edit.not_there"),
        (Edit("remove", "document:"), "edit.not_there"),
        (Edit("move", "stages:come", around="touchpoints:wait"), "edit.moved_away"),
        (Edit("move", WAIT, around="surveys:pulse"), "edit.moved_away"),
        (Edit("move", WAIT, around="journeys:visit"), "edit.moved_away"),
        (Edit("move", "steps:find-file", "promises", around=WAIT), "edit.moved_away"),
        (Edit("move", WAIT, around="stages:later", after="touchpoints:nobody"), "edit.no_part"),
        (Edit("link", WAIT, "title", value="x"), "edit.not_there"),
    ],
)
def test_what_cannot_be_is_refused_and_the_draft_stays_as_it_was(edit: Edit, error: str) -> None:
    draft = ward()
    before = as_bytes(draft)
    with pytest.raises(DocumentError) as caught:
        effects_of(draft, edit)
    assert caught.value.id == error
    assert as_bytes(draft) == before
    assert all(caught.value.message(lang) and caught.value.hint(lang) for lang in LANGUAGES)


def test_undoing_what_somebody_has_changed_since_is_refused_and_nothing_is_undone() -> None:
    draft = ward()
    mine = effects_of(draft, Edit("set_text", WAIT, "title", "en", "Waiting"))
    effects_of(draft, Edit("set_text", WAIT, "title", "en", "The wait"))
    before = as_bytes(draft)
    with pytest.raises(DocumentError, match="changed meanwhile"):
        undo(draft, mine)
    assert as_bytes(draft) == before


def test_an_undoing_is_itself_undone_exactly_where_others_moved_what_stood_beside() -> None:
    draft = clinic()
    mine = effects_of(draft, Edit("move", WAIT))
    effects_of(draft, Edit("move", "touchpoints:consult", around="stages:arrive"))
    before = as_bytes(draft)
    assert titles(draft) == ["consult", "wait", "register"]
    back = undo(draft, mine)
    assert titles(draft) == ["consult", "register", "wait"]
    undo(draft, back)
    assert as_bytes(draft) == before


def test_what_is_named_within_a_part_stays_in_it() -> None:
    draft = ward()
    effects_of(draft, Edit("add", "document:", "segments", value={"id": "other", "title": {"en": "Other"}, "values": [
        {"id": "one", "title": {"en": "One"}}]}))  # fmt: skip
    with pytest.raises(DocumentError) as caught:
        effects_of(draft, Edit("move", "values:visit-number/first", around="segments:other"))
    assert caught.value.id == "edit.moved_away"


def test_a_part_without_an_id_gets_one_by_which_it_is_edited() -> None:
    draft = clinic()
    assert draft.value("rules:rule-1", "to") == "nurse"
    assert WorkingDocument.of(service_of("airport")).has("needs:need-1")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from([WARD, CLINIC]), st.data())
def test_edits_can_be_kept_done_again_and_undone_to_the_same_bytes(text: str, data: st.DataObject) -> None:
    draft = WorkingDocument.of(loads(text))
    first, kept = as_bytes(draft), []
    for _ in range(data.draw(st.integers(1, 12))):
        before = as_bytes(draft)
        try:
            kept.append(effects_of(draft, any_edit(draft, data)))
        except DocumentError:
            assert as_bytes(draft) == before
    last: dict[str, Any] = draft.data
    assert as_data(of_data(last)) == last  # still a valid document, in its order
    again = WorkingDocument(json.loads(first))
    for effects in kept:
        for effect in effects:
            again.take(effect_of(json.loads(json.dumps(effect.as_data()))))
    assert as_bytes(again) == as_bytes(draft)
    changed = difference(of_data(json.loads(first)), of_data(last)) != ()
    assert changed == (as_data(of_data(json.loads(first))) != last)
    for effects in reversed(kept):
        undo(draft, effects)
    assert as_bytes(draft) == first
