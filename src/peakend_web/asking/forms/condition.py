"""The form of a condition: statements about earlier answers, each of which may be denied, of which all or one must be
so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from peakend.errors import DocumentError
from peakend.service.condition_words import condition_words, question_words
from peakend.service.document import of_data
from peakend.service.drawings.phrases import quoted
from peakend.service.edits.names import ids_of
from peakend.service.kinds import KINDS
from peakend.service.questions import MOST_STATEMENTS, ShowIf
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.design.forms.setting import Setting

LONGEST_NAME: Final = 40
"""Characters of a question where an answer to it is chosen from a list."""
MOST_STEPS: Final = 11
"""Steps of a scale up to which each may be chosen as a limit."""
Rule = dict[str, Any]
"""A condition as plain data."""
Choice = tuple[str, str, bool]
"""A value of a list, its words, and whether it is chosen."""


@dataclass(frozen=True)
class Line:
    """One statement of a condition, or a further one that is not made yet."""

    number: int
    is_denied: bool
    choices: Sequence[tuple[str, Sequence[Choice]]]


@dataclass(frozen=True)
class Condition:
    """A condition as its form shows it. One that is joined too deeply for the form is kept until somebody makes it
    anew: then it `is_nested`.
    """

    joint: str
    lines: Sequence[Line]
    is_nested: bool

    @property
    def is_joined(self) -> bool:
        """Whether it says more than one thing."""
        return len(self.lines) > 2


def condition_of(at: Setting, survey: str, rule: Rule | None, names: Sequence[str]) -> Condition:
    """The form of a condition on the answers to some questions of a survey, which are called as edits call them; a line
    for each statement, and one more.
    """
    flat = _statements(rule) if rule else ("all", [])
    joint, statements = flat or ("all", [])
    service = of_data(at.working.data)
    asked, wanted = service.survey(ids_of(survey)[-1]), {ids_of(name)[-1] for name in names}
    items = [item for item in asked.items if item.id in wanted] if asked else []
    known = [
        (f"{number} {question_words(service, item, at.lang)}", list(_answers(item, service, number, at.lang)))
        for number, item in enumerate(items, start=1)
    ]

    def line(number: int, part: Rule | None, *, is_denied: bool = False) -> Line:
        groups = [(title, [(json.dumps(each), words, each == part) for each, words in said]) for title, said in known]
        if part and asked and not any(chosen for _title, said in groups for _value, _words, chosen in said):
            words = condition_words(service, asked, ShowIf.model_validate(part), at.lang)
            groups.insert(0, (_("As it is now"), [(json.dumps(part), words, True)]))
        return Line(number, is_denied, groups)

    lines = [line(number, part, is_denied=no) for number, (part, no) in enumerate(statements)]
    lines += [line(len(lines), None)] if len(lines) < MOST_STATEMENTS else []
    return Condition(joint, lines, is_nested=bool(rule) and flat is None)


def rule_of(asked: Mapping[str, str]) -> Rule | None:
    """The condition that was sent; None where nothing is said. Raises DocumentError `edit.no_field` where it cannot be
    read; whether it is one, the schema says.
    """
    numbers = [number for number in range(MOST_STATEMENTS + 1) if asked.get(f"if-{number}")]
    said = [(_read(asked[f"if-{number}"]), asked.get(f"not-{number}") == "1") for number in numbers]
    parts = [{"not": rule} if is_denied else rule for rule, is_denied in said]
    if len(parts) < 2:
        return parts[0] if parts else None
    return {"any" if asked.get("joint") == "any" else "all": parts}


def _read(text: str) -> Rule:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError("edit.no_field", field="show_if") from error
    if not isinstance(found, dict):
        raise DocumentError("edit.no_field", field="show_if")
    return found


def _statements(rule: Rule) -> tuple[str, list[tuple[Rule, bool]]] | None:
    """What joins the statements of a condition, and each with whether it is denied; None where they are joined more
    than once.
    """
    joint = next((key for key in ("all", "any") if key in rule), "")
    parts = rule[joint] if joint else [rule]
    found = [(part["not"], True) if set(part) == {"not"} else (part, False) for part in parts]
    return (joint or "all", found) if all("item" in part for part, _is_denied in found) else None


def _answers(item: Item, service: ServiceDocument, number: int, lang: Lang) -> Iterator[tuple[Rule, str]]:
    """What may be said of the answers to a question, as data and in words that name it: a closed list shows one line
    and no heading.
    """
    question = quoted(question_words(service, item, lang, LONGEST_NAME), lang)
    for rule, words in _said(item, lang):
        yield {"item": item.id, **rule}, f"{number} {question} {words}"


def _said(item: Item, lang: Lang) -> Iterator[tuple[Rule, str]]:
    for option in item.options:
        yield {"chosen": [option.id]}, _("is “%(words)s”") % {"words": option.title[lang]}
    low, high = item.range or (None, None)
    if KINDS[item.kind].is_numeric and low is not None and high is not None and high - low < MOST_STEPS:
        steps = range(int(low), int(high) + 1)
        for step in steps[:-1]:
            yield {"at_most": step}, _("is %(step)s or less") % {"step": step}
        for step in steps[1:]:
            yield {"at_least": step}, _("is %(step)s or more") % {"step": step}
    yield {"answered": True}, _("was answered")
    yield {"answered": False}, _("was not answered")
