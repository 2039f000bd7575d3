"""The path through a survey: which questions the answers that are given lead past.

A question without a condition is on everybody's path. One with a condition is on it where answers to earlier questions
of the path meet the condition; what was answered off the path, before an earlier answer was changed, counts as if it
had not been. The respondent's page decides alike (`survey_path.js`); both are held to each other by a test.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peakend.service.questions import ItemKeys, ShowIf


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered to one item: numbers, options, or neither, where they only said that they had not used it
    or wrote words.
    """

    values: frozenset[float] = frozenset()
    chosen: frozenset[str] = frozenset()


def items_on_path(items: Iterable[ItemKeys], given: Mapping[str, Given]) -> frozenset[str]:
    """The ids of the items that these answers lead past, which are in the order of the survey."""
    path: set[str] = set()
    reached: dict[str, Given] = {}
    for item in items:
        if item.show_if is None or verdict(item.show_if, reached):
            path.add(item.id)
            if item.id in given:
                reached[item.id] = given[item.id]
    return frozenset(path)


def verdict(condition: ShowIf, given: Mapping[str, Given], unknown: Collection[str] = ()) -> bool | None:
    """Whether answers meet a condition; None where that hangs on the answers to items that are not known yet. Items
    without an answer are not in `given`.
    """
    if condition.item is not None:
        return None if condition.item in unknown else _is_so(condition, given.get(condition.item))
    if condition.none:
        inner = verdict(condition.none, given, unknown)
        return None if inner is None else not inner
    decisive = bool(condition.any)  # one that is so decides about any of several; one that is not, about all of them
    verdicts = {verdict(part, given, unknown) for part in condition.any or condition.all}
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _is_so(statement: ShowIf, answer: Given | None) -> bool:
    """Whether what is said of one item is so. Limits are met by one number that lies within both."""
    if statement.answered is not None and statement.answered != (answer is not None):
        return False
    values, chosen = (answer.values, answer.chosen) if answer else (frozenset(), frozenset())
    if statement.chosen and chosen.isdisjoint(statement.chosen):
        return False
    low, high = limits_of(statement)
    return not statement.is_limited or any(low <= value <= high for value in values)


def condition_without(condition: Mapping[str, Any], item: str) -> dict[str, Any] | None:
    """The plain data of a condition without what it says of an item that is gone; None where nothing is left."""
    if condition.get("item") == item:
        return None
    rest = dict(condition)
    for key in ("all", "any"):
        if key in rest:
            rest[key] = [part for each in rest[key] if (part := condition_without(each, item))]
    if "not" in rest:
        rest["not"] = condition_without(rest["not"], item)
    return {key: value for key, value in rest.items() if value not in ([], None)} or None


def limits_of(statement: ShowIf) -> tuple[float, float]:
    """Between which numbers an answer must lie; endless where nothing is said."""
    low, high = statement.at_least, statement.at_most
    return -math.inf if low is None else low, math.inf if high is None else high
