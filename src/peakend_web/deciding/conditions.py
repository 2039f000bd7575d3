"""The condition of a rule, as the database is asked for it and as one answer is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from django.db.models import Q

from peakend.service import ServiceDocument
from peakend.service.rules import Rule
from peakend_web.models import Answer

Opens = Literal["case"]
"""What a rule may open."""
SCORES: Final = frozenset({"score", "perception", "remembered"})


def candidates(documents: Mapping[int, ServiceDocument], opens: Opens) -> Q:
    """Low answers that a rule names, and words, which may belong to one; the database passes over all others."""
    wanted = Q(pk__in=[])
    for service, document in documents.items():
        for rule in document.rules:
            if rule.open == opens and rule.score_at_most is not None:
                wanted |= Q(service=service, value__lte=rule.score_at_most, role__in=SCORES)
                wanted |= Q(service=service, role="comment")
    return wanted


def first_rule(rules: Iterable[Rule], answer: Answer, opens: Opens) -> Rule | None:
    """The first of the rules that this answer fulfils."""
    for rule in rules:
        named = ((rule.survey, answer.survey), (rule.item, answer.item), (rule.touchpoint, answer.touchpoint))
        fits = all(wanted is None or wanted == given for wanted, given in named)
        low = rule.score_at_most is not None and answer.value is not None and answer.value <= rule.score_at_most
        if rule.open == opens and fits and low and answer.role in SCORES:
            return rule
    return None
