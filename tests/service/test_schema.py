"""What a document may say beside the journey: kept as it was written, drawn, and refused with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from ruamel.yaml import YAML

from peakend.errors import DocumentError
from peakend.service import check, dump, loads, of_data
from peakend.service.document import as_data
from peakend.service.drawings.journey_map import draw_map
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.verbs import effects_of, undo
from peakend.service.rules import Cue, Opened
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC
from tests.service.ward import WARD

TOUCHPOINT = "journeys/visit/stages/come/touchpoints/wait"


def test_all_that_a_document_may_say_is_kept_as_it_was_written() -> None:
    service = loads(WARD)
    assert check(WARD) == []
    assert loads(dump(service)) == service
    assert of_data(as_data(service)) == service
    assert dump(service, base=WARD) == WARD


def test_a_document_from_before_all_this_is_read_as_ever_and_not_a_letter_of_it_changes() -> None:
    """Acceptance 32: the clinic as it was written on 23 November 2026, before a document could say more."""
    text = Path(__file__).with_name("first_clinic.yaml").read_text(encoding="utf-8")
    service, plain = loads(text), YAML(typ="safe", pure=True).load(text)
    assert as_data(service) == json.loads(json.dumps(plain, default=str))
    assert ([problem for problem in check(text) if problem.level == "error"], dump(service, base=text)) == ([], text)
    draft = WorkingDocument.of(service)
    effects = effects_of(draft, Edit("set_text", "touchpoints:wait", "title", "en", "Wait"))
    undo(draft, effects)
    assert draft.data == WorkingDocument.of(service).data


def test_a_lane_is_read_in_words_or_step_by_step() -> None:
    point = loads(WARD).touchpoints[0]
    assert [text["en"] for text in point.actions("frontstage")] == ["Says the time aloud"]
    assert [text["en"] for text in point.actions("backstage")] == ["Finds the file", "Brings it"]
    assert [(step.id, step.who, step.after) for step in point.steps("backstage")] == [
        ("find-file", "records", None), ("bring-file", "nurse", "find-file"),
    ]  # fmt: skip
    assert point.steps("frontstage") == ()


def test_several_steps_standards_and_promises_are_drawn_one_after_another() -> None:
    drawn = " ".join(re.findall(r">([^<>]+)<", draw_map(loads(WARD), layout="wall")))
    said = ("Finds the file", "Brings it", "File system", "Told after 15 minutes", "Looked at first", "place is kept")
    assert [words for words in said if words not in drawn] == []


def test_a_single_standard_comes_first_and_a_thought_is_read_wherever_it_is_written() -> None:
    point = loads(CLINIC).touchpoints[0]
    assert point.all_standards == (point.standard,)
    thinks = "moment_of_truth: {thinks: {en: Is it my turn?}, trigger: {en: The queue stops}"
    text = WARD.replace("            thinks: {en: Have they forgotten me?}\n", "")
    point = loads(text.replace("moment_of_truth: {trigger: {en: The queue stops}", thinks)).touchpoints[0]
    assert point.mind is not None
    assert point.mind["en"] == "Is it my turn?"


@pytest.mark.parametrize(
    ("old", "new", "name", "path", "level"),
    [
        ("after: find-file", "after: found-file", "document.no_step", f"{TOUCHPOINT}/backstage/bring-file/after",
         "error"),
        ("step: find-file", "step: fond-file", "document.no_step", "failures/file-missing/step", "error"),
        ("who: records}", "who: records, after: bring-file}", "document.circle",
         f"{TOUCHPOINT}/backstage/find-file/after", "error"),
        ("for: [nurse], ", "for: [nurse], after: [hard-words], ", "document.circle", "courses/basics/after/1", "error"),
        ("after: [basics]", "after: [basic]", "document.no_course", "courses/hard-words/after/1", "error"),
        ("{id: file-system,", "{id: find-file,", "document.duplicate", f"{TOUCHPOINT}/support/find-file/id", "error"),
        ("{id: looked-at,", "{id: told,", "document.duplicate", f"{TOUCHPOINT}/standards/told/id", "error"),
        ("{en: Finds the file}", "Finds the file", "document.not_words", f"{TOUCHPOINT}/backstage/find-file/text",
         "error"),
        ("{id: find-file, text", "{id: find-file, onwer: x, text", "document.unknown_key",
         f"{TOUCHPOINT}/backstage/find-file/onwer", "error"),
        ("frontstage: {en: Says the time aloud}", "frontstage: Says it", "document.not_words",
         f"{TOUCHPOINT}/frontstage", "error"),
        ("item: greeted, score", "item: greeting, score", "document.no_item",
         f"{TOUCHPOINT}/standards/looked-at/measure/item", "advice"),
        ("remedy: voucher", "remedy: flowers", "document.no_remedy", "rules/low-and-long/remedy", "error"),
        ("skills: [telling], for", "skills: [tell], for", "document.no_skill", "courses/basics/skills/1", "error"),
        ("personas: [mrs-lin]", "personas: [mr-lin]", "document.no_persona", "strategy/personas/1", "error"),
        ("features: [live-number]", "features: [number]", "document.no_feature", "strategy/features/1", "error"),
        ("invite: pulse", "invite: pulze", "document.no_survey", "rules/silent/invite", "error"),
        ("invite: pulse", "invite: pulse, cue: care", "document.rule_verb", "rules/silent", "error"),
        ("item: overall, score_at_most: 2", "item: overal, score_at_most: 2", "document.no_item",
         "rules/low-and-long/when/all/1/answer/item", "error"),
        ("item: overall, score_at_most: 2", "item: overall, score_at_most: 9", "document.rule_scale",
         "rules/low-and-long/when/all/1/answer/score_at_most", "error"),
        ("item: overall, score_at_most: 2", "item: overall", "document.condition_open",
         "rules/low-and-long/when/all/1/answer", "error"),
        ("visits: {every: 10}", "visits: {within_days: 10}", "document.condition_open", "rules/tenth/when/visits",
         "error"),
        ("visits: {every: 10}", "visits: {every: 10}, customer: return", "document.condition_kinds",
         "rules/tenth/when", "error"),
        ("{visits: {every: 10}}", "{}", "document.condition_kinds", "rules/tenth/when", "error"),
        ("above: nurse", "above: nobody", "document.nobody", "remedies/voucher/above", "advice"),
        ("power: 2", "power: 9", "document.out_of_range", "stakeholders/patient/power", "error"),
        ("        after: true\n", "", "document.end_not_last", "journeys/visit", "advice"),
    ],
)  # fmt: skip
def test_each_mistake_is_found_where_it_stands(old: str, new: str, name: str, path: str, level: str) -> None:
    assert old in WARD
    problems = check(WARD.replace(old, new, 1))
    assert (name, path, level) in {(problem.id, problem.path, problem.level) for problem in problems}
    problem = next(problem for problem in problems if problem.id == name)
    assert problem.line is not None
    assert all(problem.message(lang) and problem.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


def test_a_hundred_steps_in_a_circle_are_told_once_and_soon() -> None:
    steps = ", ".join(f"{{id: s{at}, text: {{en: S}}, after: s{(at + 1) % 2000}}}" for at in range(2000))
    text = WARD.replace("support: [{id: file-system, text: {en: File system}}]", f"support: [{steps}]")
    assert sorted(problem.id for problem in check(text)) == [
        "document.circle", "document.long_list", "document.many_of_kind",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whoever_writes_a_rule_without_an_effect_is_told_of_each(lang: Lang) -> None:
    hint = DocumentError("document.rule_verb").hint(lang)
    effects = [*get_args(Opened), *get_args(Cue)]
    assert [effect for effect in effects if effect not in hint] == [], "document.rule_verb of src/peakend/errors.toml"


def test_a_question_is_worded_as_its_survey_words_it_and_where_none_is_named_as_all_do() -> None:
    document = loads(CLINIC)
    (pulse,) = document.surveys
    other = pulse.items[0].model_copy(update={"wording": pulse.items[1].wording})
    door = pulse.model_copy(update={"id": "door", "items": (other, pulse.items[1])})
    both = document.model_copy(update={"surveys": (pulse, door)})
    asked = [("nps", "pulse"), ("nps", "door"), ("nps", None), ("why", None), ("nps", "gone"), ("gone", None)]
    said = [words["en"] if (words := both.wording(*each)) else None for each in asked]
    assert said == ["Recommend?", "Why?", None, "Why?", None, None]
