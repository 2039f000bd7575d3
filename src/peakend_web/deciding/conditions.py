"""The condition of a rule, as the database is asked for it and as one answer is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from peakend.service import ServiceDocument
from peakend.service.rules import Effect, Rule
from peakend_web.models import Answer

SCORES: Final = frozenset({"score", "perception", "remembered"})


@dataclass(frozen=True, slots=True)
class LowScore:
    """The condition itself, a score that is no higher than a rule says: as the database is asked, and of one answer."""

    at_most: float

    def query(self) -> Q:
        """Of many answers, those that fulfil it."""
        return Q(value__lte=self.at_most, role__in=SCORES)

    def holds(self, answer: Answer) -> bool:
        """Whether this one does."""
        return answer.role in SCORES and answer.value is not None and answer.value <= self.at_most


def _conditions(rules: Iterable[Rule], effect: Effect) -> Iterator[tuple[Rule, LowScore]]:
    """The rules from which this follows, each with its condition."""
    for rule in rules:
        if rule.effect == effect and rule.score_at_most is not None:
            yield rule, LowScore(rule.score_at_most)


def candidates(documents: Mapping[int, ServiceDocument], effect: Effect) -> Q:
    """Low answers that a rule names, and words, which may belong to one; the database passes over all others."""
    wanted = Q(pk__in=[])
    for service, document in documents.items():
        for _, condition in _conditions(document.rules, effect):
            wanted |= Q(service=service) & (condition.query() | Q(role="comment"))
    return wanted


def first_rule(rules: Iterable[Rule], answer: Answer, effect: Effect) -> Rule | None:
    """The first of the rules that this answer fulfils."""
    for rule, condition in _conditions(rules, effect):
        named = ((rule.survey, answer.survey), (rule.item, answer.item), (rule.touchpoint, answer.touchpoint))
        if condition.holds(answer) and all(wanted is None or wanted == given for wanted, given in named):
            return rule
    return None
