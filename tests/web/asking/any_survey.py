"""Surveys that nobody would write, and people who answer them as nobody would: for what must hold of every survey."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from peakend.service.document import of_data
from peakend.service.questions import AnswerField
from peakend_web.asking import kinds
from peakend_web.asking.answers import GivenAnswer
from peakend_web.asking.questionnaire import Questionnaire, questionnaire_of

IDS: Final = ("recommend", "drink", "a.b", "constructor", "toString", "喝了什麼", "why", "q-1", "q_2", "valueOf", "x")
"""Ids among which some are names of something in a script."""
BLANK: Final = ("", " ", "\u3000", "\ufeff", "\x1c", "\u200b")
WORDS: Final = {"en": "Words"}


def options(chance: random.Random) -> list[dict[str, Any]]:
    return [{"id": f"o{at}", "title": {"en": f"Option {at}"}} for at in range(chance.randint(1, 4))]


def scale(chance: random.Random) -> dict[str, Any]:
    low = chance.randint(-1, 1)
    return {"scale": {"low": low, "high": low + chance.randint(1, 6)}} if chance.random() < 0.5 else {}


def unused(chance: random.Random) -> dict[str, Any]:
    return {"not_used": {"en": "Not used"}} if chance.random() < 0.5 else {}


KINDS: Final[tuple[Callable[[random.Random], dict[str, Any]], ...]] = (
    lambda _: {"kind": "nps", "wording": WORDS},
    lambda chance: {"kind": "rating", "wording": WORDS, **scale(chance), **unused(chance)},
    lambda chance: {"kind": "csat", "wording": WORDS, **unused(chance)},
    lambda chance: {"kind": "number", "wording": WORDS, **scale(chance)},
    lambda chance: {"kind": "single_choice", "wording": WORDS, "options": options(chance)},
    lambda chance: {"kind": "multi_choice", "wording": WORDS, "options": options(chance)},
    lambda _: {"kind": "text", "wording": WORDS},
    lambda chance: {"kind": "touchpoint_rating", "touchpoints": ["desk", "room"][: chance.randint(1, 2)]},
    lambda _: {"kind": "servqual", "expectation": WORDS, "perception": WORDS, "construct": "reliability"},
)


def any_survey(chance: random.Random) -> Questionnaire:
    """A survey of up to eleven questions, most of which hang on others."""
    ids = chance.sample(IDS, chance.randint(2, len(IDS)))
    items: list[dict[str, Any]] = []
    for id in ids:
        item = {"id": id, **chance.choice(KINDS)(chance), "required": chance.random() < 0.4}
        if items and chance.random() < 0.7:
            item["show_if"] = any_condition(chance, items, chance.randint(1, 4))
        items.append(item)
    touchpoints = [{"id": id, "title": {"en": id}} for id in ("desk", "room")]
    stages = [{"id": "stay", "title": WORDS, "touchpoints": touchpoints}]
    survey = {"id": "any", "title": WORDS, "items": items}
    document = {"service": "inn", "title": WORDS, "languages": ["en"], "surveys": [survey],
                "journeys": [{"id": "night", "title": WORDS, "stages": stages}]}  # fmt: skip
    return questionnaire_of(of_data(document), "any")


def any_condition(chance: random.Random, items: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    """A condition on earlier questions, of up to so many levels."""
    join = chance.choice(("all", "any", "not", "", ""))
    if depth == 1 or not join:
        return any_statement(chance, chance.choice(items))
    if join == "not":
        return {"not": any_condition(chance, items, depth - 1)}
    return {join: [any_condition(chance, items, depth - 1) for _ in range(chance.randint(1, 2))]}


def any_statement(chance: random.Random, item: dict[str, Any]) -> dict[str, Any]:
    """Something said of one question; of a scale often both limits."""
    said: dict[str, Any] = {"item": item["id"]}
    if "options" in item and chance.random() < 0.8:
        ids = [option["id"] for option in item["options"]]
        return said | {"chosen": chance.sample(ids, chance.randint(1, len(ids)))}
    if item["kind"] not in {"text", "single_choice", "multi_choice"} and chance.random() < 0.8:
        low = chance.randint(-1, 9)
        limits = {"at_least": low, "at_most": low + chance.randint(0, 4)}
        return said | (limits if chance.random() < 0.4 else dict([chance.choice(list(limits.items()))]))
    return said | {"answered": chance.random() < 0.6}


@dataclass(frozen=True)
class Walk:
    """What somebody said last in each field, as their page has it; `refused` are answers that nobody can give."""

    answers: Mapping[str, dict[str, Any]]

    def sent(self) -> list[GivenAnswer]:
        """The answers as they are sent."""
        return [
            GivenAnswer(field=field, value=each.get("value"), text=each.get("text"), not_used="not_used" in each)
            for field, each in self.answers.items()
        ]


def any_walk(chance: random.Random, asked: Questionnaire) -> Walk:
    """Somebody who taps here and there, changes their mind, goes back, and writes nonsense."""
    answers: dict[str, dict[str, Any]] = {}
    for _ in range(chance.randint(0, 3 * len(asked.fields))):
        field = chance.choice(list(asked.fields.values()))
        for each in (field, *(_together(asked, field) if field.name not in answers else ())):
            answers[each.name] = any_answer(chance, asked, each)
    return Walk(answers)


def _together(asked: Questionnaire, field: AnswerField) -> list[AnswerField]:
    """The boxes of a question are noted together."""
    others = (each for each in asked.fields.values() if each.item == field.item and each.name != field.name)
    return list(others) if field.option else []


def any_answer(chance: random.Random, asked: Questionnaire, field: AnswerField) -> dict[str, Any]:
    """An answer to a field as the page notes it."""
    control = kinds.CONTROLS[field.kind]
    if field.not_used and chance.random() < 0.2:
        return {"not_used": True}
    if control.sends == "tick":
        return {"value": chance.randint(0, 1)}
    if control.sends == "text":
        words = chance.choice(field.options) if field.options else chance.choice((*BLANK, "words", " more words "))
        return {"text": words}
    if field.kind == "number" and chance.random() < 0.3:
        return {"text": ""} if chance.random() < 0.5 else {"text": "many", "refused": True}
    if field.kind == "number" and field.steps and chance.random() < 0.1:
        return {"value": field.steps[-1] + 1, "refused": True}
    return {"value": chance.choice(field.steps or (0, 2.5, 7))}
