"""What can be wrong in a document, each with its line, its path and what to do."""

from __future__ import annotations

import pytest

from peakend.service import check, loads
from peakend.service.check import RULES
from peakend.service.references import MISSING, NAMED_AS
from tests.service.clinic import CLINIC

PULSE = "surveys/pulse"
WAIT = "journeys/visit/stages/arrive/touchpoints/wait"
WHY = "      - id: why\n"


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_whole_document_has_no_problem() -> None:
    assert check(CLINIC) == []
    assert check(loads(CLINIC)) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        # what the schema knows of a part
        ("owner: nurse", "onwer: nurse", ("document.unknown_key", "onwer", f"{WAIT}/onwer", "error")),
        ("languages: [en, zh-Hant, zh-Hans]", "languages: []", ("document.too_few", "languages", "languages", "error")),
        ("languages: [en, zh-Hant, zh-Hans]", "languages: en",
         ("document.not_list", "languages", "languages", "error")),
        ("side: frontstage", "side: front", ("document.not_one_of", "side: front", "stakeholders/nurse/side", "error")),
        ("emotion: {planned: -1}", "emotion: {planned: -9}",
         ("document.out_of_range", "planned: -9", f"{WAIT}/emotion/planned", "error")),
        ("emotion: {planned: -1}", "emotion: {planned: low}",
         ("document.not_number", "planned: low", f"{WAIT}/emotion/planned", "error")),
        ("emotion: {planned: -1}", "emotion: sad", ("document.not_map", "emotion: sad", f"{WAIT}/emotion", "error")),
        ("since: 2026-01-01", "since: last January",
         ("document.not_date", "since: last", "indicators/1/since", "error")),
        ("since: 2026-01-01", "since: 5", ("document.not_date", "since: 5", "indicators/1/since", "error")),
        ("required: true", "required: please",
         ("document.not_yes_no", "required: please", f"{PULSE}/items/nps/required", "error")),
        ("id: wait\n", "id: wait here\n",
         ("document.bad_id", "id: wait here", "journeys/visit/stages/arrive/touchpoints/wait here/id", "error")),
        ("service: clinic", "service: 7", ("document.not_text", "service: 7", "service", "error")),
        ('    title: {en: "Pulse"', '    name: {en: "Pulse"', ("document.missing_key", "- id: pulse", PULSE, "error")),
        ('{en: "Pulse", zh-Hant: "看診後", zh-Hans: "就诊后"}', "Pulse",
         ("document.not_words", "title: Pulse", f"{PULSE}/title", "error")),
        ('en: "Pulse"', 'zh-TW: "Pulse"', ("document.unknown_language", "title: {zh-TW", f"{PULSE}/title", "error")),
        ('en: "Pulse"', 'en: " "', ("document.empty_text", 'title: {en: " "', f"{PULSE}/title", "error")),
        ('en: "Pulse"', f'en: "{"x" * 4001}"', ("document.long_text", 'title: {en: "xxx', f"{PULSE}/title", "error")),
        ('en: "Pulse"', 'en: "Pu\\alse"', ("document.control_character", 'title: {en: "Pu', f"{PULSE}/title", "error")),
        ("{event: serve, minutes_at_most: 3}", "{event: serve}",
         ("document.measure_empty", "measure: {event: serve}",
          "journeys/visit/stages/arrive/touchpoints/register/standard/measure", "error")),
        ("{estimate-missed: 5}", "{estimate-missed: -5}",
         ("document.out_of_range", "weights: {", "indicators/1/weights/estimate-missed", "error")),
        ("required: true", "scale: {low: 5, high: 1}",
         ("document.scale", "scale: {low: 5", f"{PULSE}/items/nps/scale", "error")),
        ("required: true", "scale: {low: 0, high: 2.5}",
         ("document.scale_steps", "scale: {low: 0", f"{PULSE}/items/nps/scale", "error")),
        ("required: true", "scale: {low: 1, high: 10}",
         ("document.nps_scale", "{id: nps", f"{PULSE}/items/nps", "error")),
        ("required: true", "edition: 2", ("document.item_takes_no", "{id: nps", f"{PULSE}/items/nps", "error")),
        ("kind: text", "kind: single_choice", ("document.item_needs", "- id: why", f"{PULSE}/items/why", "error")),
        ("{item: nps, at_most: 6}", "{item: nps}",
         ("document.condition_empty", "show_if: {item: nps}", f"{PULSE}/items/why/show_if", "error")),
        ("{open: case, ", "{open: case, cue: care, ", ("document.rule_verb", "- {open", "rules/1", "error")),
        ("score_at_most: 6, to", "to", ("document.rule_never", "- {open", "rules/1", "error")),
        # what only shows across the document
        ('en: "Pulse"', f'en: "{"x" * 201}"',
         ("document.long_title", 'en: "xxx', f"{PULSE}/title/en", "error")),
        ("- id: pay\n", "- id: wait\n",
         ("document.duplicate", '- id: wait\n            title: {en: "Pay',
          "journeys/visit/stages/leave/touchpoints/wait/id", "error")),
        ("\nsurveys:", '\nsegments:\n  - {id: Customer, title: {en: C, zh-Hant: 客, zh-Hans: 客}}\nsurveys:',
         ("document.segment_reserved", "- {id: Customer", "segments/Customer/id", "error")),
        *(
            ("\nsurveys:", f'\nsegments:\n  - {{id: {name}, title: {{en: C, zh-Hant: 客, zh-Hans: 客}}}}\nsurveys:',
             ("document.segment_reserved", f"- {{id: {name}", f"segments/{name}/id", "error"))
            for name in ("day", "week", "Month", "quarter", "year")
        ),
        ("touches: [wait]", "touches: [wiat]",
         ("document.no_touchpoint", "touches: [wiat]", "stakeholders/nurse/touches/1", "error")),
        ("survey: pulse, ", "survey: plus, ", ("document.no_survey", "survey: plus", "rules/1/survey", "error")),
        ("item: nps, score", "item: npz, score", ("document.no_item", "item: npz", "rules/1/item", "error")),
        ("fails: [estimate-missed]", "fails: [estimat-missed]",
         ("document.no_failure", "fails: [", f"{WAIT}/fails/1", "error")),
        ("{estimate-missed: 5}", "{estimate-missed: 5, late: 1}",
         ("document.no_failure", "weights: {", "indicators/1/weights/late", "error")),
        ('    title: {en: "From', '    persona: mrs-lin\n    title: {en: "From',
         ("document.no_persona", "persona: mrs", "journeys/visit/persona", "error")),
        ("kind: text", "kind: text\n        construct: worry",
         ("document.no_construct", "construct: worry", f"{PULSE}/items/why/construct", "advice")),
        (', zh-Hans: "就诊后"', "", ("document.language_missing", 'title: {en: "Pulse"', f"{PULSE}/title", "advice")),
        ("看診後", "看诊後", ("document.wrong_script", '"看诊後"', f"{PULSE}/title/zh-Hant", "advice")),
        ("就诊后", "就診后", ("document.wrong_script", '"就診后"', f"{PULSE}/title/zh-Hans", "advice")),
        ("owner: nurse", "owner: nobody", ("document.nobody", "owner: nobody", f"{WAIT}/owner", "advice")),
        ("designed_as: end", "designed_as: peak", ("document.peaks", "- id: visit", "journeys/visit", "advice")),
        ("designed_as: peak", "designed_as: end", ("document.end_not_last", "- id: visit", "journeys/visit", "advice")),
        ("{estimate-missed: 5}", "{estimate-missed: 0}",
         ("document.weight_nothing", "weights: {", "indicators/1/weights/estimate-missed", "advice")),
        ("surveys:", "  - {since: 2025-01-01, weights: {estimate-missed: 1}}\nsurveys:",
         ("document.weights_order", "- {since: 2025", "indicators/2/since", "error")),
        ("about: nps", "about: later", ("document.show_later", "about: later", f"{PULSE}/items/why/about", "error")),
        ("{item: nps, at_most: 6}", "{item: why, at_most: 6}",
         ("document.show_later", "show_if:", f"{PULSE}/items/why/show_if", "error")),
        ("{item: nps, at_most: 6}", "{item: nps, at_least: 11}",
         ("document.show_never", "show_if:", f"{PULSE}/items/why/show_if", "error")),
        ("{item: nps, at_most: 6}", "{item: nps, at_least: 7, at_most: 6}",
         ("document.show_never", "show_if:", f"{PULSE}/items/why/show_if", "error")),
        ("{item: nps, at_most: 6}", "{item: nps, answered: false}",
         ("document.show_never", "show_if:", f"{PULSE}/items/why/show_if", "error")),
        ("{item: nps, at_most: 6}", "{item: nps, chosen: [six]}",
         ("document.condition_no_option", "show_if:", f"{PULSE}/items/why/show_if", "error")),
        ("score_at_most: 6,", "score_at_most: 10,",
         ("document.rule_scale", "score_at_most: 10", "rules/1/score_at_most", "error")),
        ("rules:", '  - {id: empty, title: {en: "E", zh-Hant: "空", zh-Hans: "空"}}\nrules:',
         ("document.survey_empty", "- {id: empty", "surveys/empty", "error")),
        ("rules:", '  - {id: empty, instrument: nps, title: {en: "E", zh-Hant: "空", zh-Hans: "空"}}\nrules:',
         ("document.survey_empty", "- {id: empty", "surveys/empty", "error")),
        ("rules:", "      - {id: rate, kind: touchpoint_rating}\nrules:",
         ("document.rates_nothing", "- {id: rate", f"{PULSE}/items/rate", "error")),
    ],
)  # fmt: skip
def test_each_mistake_is_found_where_it_stands(old: str, new: str, finding: tuple[str, str, str, str]) -> None:
    name, at, path, level = finding
    assert old in CLINIC
    text = CLINIC.replace("\n\nrules:", "\nrules:").replace("\n\nsurveys:", "\nsurveys:").replace(old, new, 1)
    found = {(problem.id, problem.line, problem.path, problem.level) for problem in check(text)}
    assert (name, line_of(text, at), path, level) in found
    problem = next(problem for problem in check(text) if problem.id == name)
    assert all(
        problem.message(lang) and problem.hint(lang) and problem.place(lang) for lang in ("en", "zh-Hant", "zh-Hans")
    )


def test_every_problem_is_found_at_once_in_the_order_of_the_text() -> None:
    text = (
        CLINIC.replace("owner: nurse", "onwer: nurse")
        .replace("touches: [wait]", "touches: [wiat]")
        .replace("survey: pulse,", "survey: plus,")
    )
    assert [(problem.id, problem.line) for problem in check(text)] == [
        ("document.no_touchpoint", 8),
        ("document.unknown_key", 27),
        ("document.no_survey", line_of(CLINIC, "survey: pulse,")),
    ]


def test_a_misspelt_key_and_a_misspelt_id_are_answered_with_the_likely_word() -> None:
    misspelt = check(CLINIC.replace("owner: nurse", "onwer: nurse"))
    assert [(problem.line, problem.column) for problem in misspelt] == [(27, 13)]
    assert misspelt[0].hint() == "Did you mean one of these: owner?"
    assert (
        check(CLINIC.replace("touches: [wait]", "touches: [wiat]"))[0].hint("zh-Hant")
        == "您要寫的是不是其中之一：wait？"
    )


def test_the_nurses_pulse_may_ask_for_a_place_that_is_not_on_the_journey_only_once_it_is() -> None:
    rating = "      - {id: rate, kind: touchpoint_rating, touchpoints: [wait, garden]}\n"
    text = CLINIC.replace(WHY, rating + WHY)
    assert [(problem.id, problem.path) for problem in check(text)] == [
        ("document.no_touchpoint", "surveys/pulse/items/rate/touchpoints/2")
    ]


def test_a_service_without_its_text_has_problems_without_lines() -> None:
    service = loads(CLINIC.replace("touches: [wait]", "touches: [wiat]"))
    assert [(problem.id, problem.line, problem.path) for problem in check(service)] == [
        ("document.no_touchpoint", None, "stakeholders/nurse/touches/1")
    ]


def test_a_problem_as_data_says_what_and_what_to_do() -> None:
    (problem,) = check(CLINIC.replace("touches: [wait]", "touches: [wiat]"))
    assert problem.as_dict("zh-Hans") == {
        "error": "document.no_touchpoint",
        "level": "error",
        "path": "stakeholders/nurse/touches/1",
        "line": 8,
        "column": CLINIC.splitlines()[7].index("wait") + 1,
        "what": "没有“wiat”这个触点。",
        "do": "您要写的是不是其中之一：wait？",
    }


def test_all_rules_are_listed() -> None:
    assert len(RULES) == 13
    named = {"touchpoint", "feature", "persona", "survey", "failure", "segment", "construct", "person"}
    assert set(NAMED_AS.values()) == set(MISSING)  # what can be named lets go of what is removed
    assert set(MISSING) == named | {"step", "remedy", "skill", "course"}


@pytest.mark.parametrize(
    ("promised", "asked_for"),
    [("[en]", 'en: "…"'), ("[zh-Hans, en]", 'en: "…", zh-Hans: "…"'), ("[]", 'en: "…", zh-Hant: "…", zh-Hans: "…"')],
)
def test_words_are_asked_for_in_the_languages_that_the_document_promises_and_in_no_other(
    promised: str, asked_for: str
) -> None:
    text = f"service: clinic\ntitle: Clinic\nlanguages: {promised}\n"
    hints = [problem.hint("en") for problem in check(text) if problem.id == "document.not_words"]
    assert hints == [f"Write them as {{{asked_for}}}."]
