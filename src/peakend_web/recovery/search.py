"""Cases found again: open, closed or all, by words, by number, by touchpoint.

Nobody finds by a word what they do not read: whoever works on cases reads a customer's words as they were written,
everybody else with contact data and names hidden, and so they are searched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from peakend.terms import Lang
from peakend_web.base.documents import document_of
from peakend_web.base.grants import Standing
from peakend_web.base.masking import masked
from peakend_web.base.seen import cases_seen_by, services_seen_by
from peakend_web.models import Case

State = Literal["open", "closed", "all"]
ORDERS: Final[Mapping[State, tuple[str, ...]]] = {
    "open": ("due_at", "pk"),
    "closed": ("-closed_at", "-pk"),
    "all": ("-opened_at", "-pk"),
}
NUMBER: Final = re.compile(r"[#＃]?([0-9]{1,9})")
TERMS: Final = 8
"""Words that are looked for together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for."""

    state: State = "open"
    words: str = ""
    touchpoint: str = ""


def found(here: Standing, wanted: Wanted) -> QuerySet[Case]:
    """The cases that are seen and meant: of those that are open the most urgent first, else the newest."""
    cases = _in_state(cases_seen_by(here), wanted.state).order_by(*ORDERS[wanted.state])
    if wanted.touchpoint:
        joined = f'"touchpoint": "{wanted.touchpoint}"'
        cases = cases.annotate(others=Cast("further", TextField())).filter(
            Q(touchpoint=wanted.touchpoint) | Q(others__contains=joined)
        )
    terms = wanted.words.split()[:TERMS]
    for term in terms:
        cases = cases.filter(_numbered(term) | Q(words__icontains=term) | Q(note__icontains=term))
    return cases if here.may("work_cases") or not terms else cases.filter(pk__in=_as_read(cases, terms))


def touchpoints(here: Standing, lang: Lang) -> dict[str, str]:
    """What cases can be about, by the names of the services' designs."""
    versions = services_seen_by(here).filter(current__isnull=False).order_by("pk").values_list("current_id", flat=True)
    return {each.id: each.title[lang] for version in versions for each in document_of(version).touchpoints}


def words_of(here: Standing, case: Case, *, listed: bool = False) -> tuple[str, str]:
    """What the customer wrote and what was done, as this person reads it: in full in the case alone, and by those who
    work on it.
    """
    in_full = here.may("work_cases") and not listed
    return (case.words, case.note) if in_full else (masked(case.words), masked(case.note))


def _in_state(cases: QuerySet[Case], state: State) -> QuerySet[Case]:
    if state == "all":
        return cases
    closed = Q(state=Case.State.CLOSED)
    return cases.filter(closed if state == "closed" else ~closed)


def _numbered(term: str) -> Q:
    number = NUMBER.fullmatch(term)
    return Q(pk=int(number[1])) if number else Q(pk__in=[])


def _as_read(cases: QuerySet[Case], terms: list[str]) -> list[int]:
    """Those that hold the terms also where contact data and names are hidden."""
    rows = cases.values_list("pk", "words", "note")
    return [
        pk for pk, words, note in rows if all(_holds(pk, f"{masked(words)}\n{masked(note)}", term) for term in terms)
    ]


def _holds(number: int, text: str, term: str) -> bool:
    named = NUMBER.fullmatch(term)
    return term.casefold() in text.casefold() or (named is not None and int(named[1]) == number)
