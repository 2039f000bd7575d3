"""Cases found again (open, closed or all; by words, by number, by touchpoint), and what of them may be read.

Nobody finds by a word what they do not read: whoever works on cases reads a customer's words as they were written,
everybody else with contact data and names hidden, and so they are searched. Of a case of which something was taken
back, nobody reads what the customer said until the job has let that go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from peakend.service import ServiceDocument
from peakend.terms import Lang
from peakend_web.base import trail
from peakend_web.base.documents import document_of
from peakend_web.base.grants import Standing
from peakend_web.base.masking import mask
from peakend_web.design.queries import visible_services
from peakend_web.models import Answer, Case, Progress, Removal, Service

from .grants import visible_cases

State = Literal["open", "closed", "all"]
ORDERS: Final[Mapping[State, tuple[str, ...]]] = {
    "open": ("due_at", "pk"),
    "closed": ("-closed_at", "-pk"),
    "all": ("-opened_at", "-pk"),
}
JOB: Final = "cases"
"""Under which name the job that opens cases keeps how far it has looked."""
TAKEN_BACK: Final = ("take_back", "delete_response")
"""The verbs by which answers are taken back, by those who work here or by the respondent."""
NUMBER: Final = re.compile(r"[#＃]?([0-9]{1,9})")
TERMS: Final = 8
"""Words that are looked for together."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What somebody looks for."""

    state: State = "open"
    words: str = ""
    touchpoint: str = ""


def matching_cases(here: Standing, wanted: CaseFilter) -> QuerySet[Case]:
    """The cases that are seen and meant: of those that are open the most urgent first, else the newest."""
    cases = _in_state(visible_cases(here), wanted.state).order_by(*ORDERS[wanted.state])
    if wanted.touchpoint:
        joined = f'"touchpoint": "{wanted.touchpoint}"'
        cases = cases.annotate(others=Cast("further", TextField())).filter(
            Q(touchpoint=wanted.touchpoint) | Q(others__contains=joined)
        )
    terms = wanted.words.split()[:TERMS]
    if not terms:
        return cases
    silent = silent_cases(here.workspace.pk)
    for term in terms:
        spoken = Q(words__icontains=term) & ~Q(pk__in=silent)
        cases = cases.filter(_by_number(term) | spoken | Q(note__icontains=term))
    return cases if here.may("work_cases") else cases.filter(pk__in=_matches_as_read(cases, terms, silent))


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The cases of a service that wait for somebody: how many, how many of them are overdue, and whom they wait for, an
    owner's name or where nobody took it the role, the most urgent first.
    """

    count: int
    overdue: int
    owners: Sequence[tuple[str | None, str]]


def open_cases(here: Standing, service: Service) -> OpenCases:
    """What waits at a service, of the cases that this person sees."""
    cases = _in_state(visible_cases(here).filter(service=service), "open")
    counts = cases.aggregate(every=Count("pk"), overdue=Count("pk", filter=Case.overdue()))
    owners = cases.values_list("owner__name", "owner_role").annotate(due=Min("due_at"), first=Min("pk"))
    return OpenCases(
        counts["every"], counts["overdue"], [(name, role) for name, role, *_ in owners.order_by("due", "first")]
    )


def open_cases_by_touchpoint(here: Standing, service: Service) -> dict[str, OpenCases]:
    """What waits at each touchpoint of a service, of the cases that this person sees; a case about several counts at
    each, as it is found by each.
    """
    cases = _in_state(visible_cases(here).filter(service=service), "open").select_related(None).order_by("due_at", "pk")
    now, found = timezone.now(), dict[str, list[tuple[bool, tuple[str | None, str]]]]()
    columns = ("touchpoint", "further", "due_at", "owner__name", "owner_role")
    for place, further, due, name, role in cases.values_list(*columns):
        for each in {place, *(other.get("touchpoint") for other in further)} - {None}:
            found.setdefault(each, []).append((due < now, (name, role)))
    return {
        place: OpenCases(len(each), sum(late for late, _ in each), list(dict.fromkeys(owner for _, owner in each)))
        for place, each in found.items()
    }


def touchpoints(here: Standing, lang: Lang) -> dict[str, str]:
    """What cases can be about, by the names of the services' designs."""
    versions = visible_services(here).filter(current__isnull=False).order_by("pk").values_list("current_id", flat=True)
    return {each.id: each.title[lang] for version in versions for each in document_of(version).touchpoints}


def cases_to_read(here: Standing, cases: Iterable[Case]) -> list[Case]:
    """The cases as anybody may read them now: without what a customer said where some of it was taken back."""
    silent, found = silent_cases(here.workspace.pk), list(cases)
    for case in found:
        if case.pk in silent:
            case.words, case.value = "", None
            case.further = [{**each, "value": None} for each in case.further]
    return found


def words_of(here: Standing, case: Case, *, listed: bool = False) -> tuple[str, str]:
    """What the customer wrote and what was done, as this person reads it: in full in the case alone, and by those who
    work on it.
    """
    in_full = here.may("work_cases") and not listed
    return (case.words, case.note) if in_full else (mask(case.words), mask(case.note))


def _in_state(cases: QuerySet[Case], state: State) -> QuerySet[Case]:
    if state == "all":
        return cases
    closed = Q(state=Case.State.CLOSED)
    return cases.filter(closed if state == "closed" else ~closed)


def _by_number(term: str) -> Q:
    number = NUMBER.fullmatch(term)
    return Q(pk=int(number[1])) if number else Q(pk__in=[])


def _matches_as_read(cases: QuerySet[Case], terms: Sequence[str], silent: Collection[int]) -> list[int]:
    """Those that hold the terms also where contact data and names are hidden."""
    rows = ((pk, "" if pk in silent else words, note) for pk, words, note in cases.values_list("pk", "words", "note"))
    return [pk for pk, words, note in rows if all(_holds(pk, f"{mask(words)}\n{mask(note)}", term) for term in terms)]


def _holds(number: int, text: str, term: str) -> bool:
    named = NUMBER.fullmatch(term)
    return term.casefold() in text.casefold() or (named is not None and int(named[1]) == number)


# --- the answers behind a case ----------------------------------------------------------------------------------------


def cases_on(service: Service, seq: int) -> dict[str, bool]:
    """The cases that hold something of the answers that were taken back at a number, while those are there still: by
    their number, with whether the answer itself went that each was opened from.
    """
    name = Answer._meta.model_name
    gone = Answer.objects.filter(
        pk__in=Removal.objects.filter(workspace=service.workspace_id, table=name, seq=seq).values("fact")
    )
    of_response, of_answer = (
        Exists(gone.filter(**{column: OuterRef(column) for column in columns}))
        for columns in (("source", "response"), ("source", "source_key"))
    )
    touched = Case.objects.filter(of_response, service=service).annotate(whole=of_answer)
    return {str(pk): whole for pk, whole in touched.order_by("pk").values_list("pk", "whole")}


def silent_cases(workspace: int) -> frozenset[int]:
    """The cases that still hold what was taken back: for a second, until the job has let it go, nothing is read of
    them that a customer said.
    """
    return frozenset(
        int(pk)
        for verb in TAKEN_BACK
        for each in trail.not_done(verb, "recovery", workspace)
        for pk in each.get("cases", ())
    )


def looked_up_to(workspace: int) -> int:
    """The number up to which answers were looked at for cases; 0 before the first look."""
    return Progress.objects.filter(workspace=workspace, job=JOB).values_list("seq", flat=True).first() or 0


def answers_there(case: Case, keys: Collection[str]) -> set[str]:
    """Under which of these keys answers are there beside that of the case, and were not taken back."""
    found = Answer.objects.filter(
        workspace=case.workspace_id, service=case.service_id, source=case.source, source_key__in=keys
    )
    there = found.exclude(Removal.of(Answer))
    return set(there.values_list("source_key", flat=True))


@dataclass(frozen=True, slots=True)
class AnswersBeside:
    """The answers from which some cases were opened and what the same people wrote in the same survey, as far as it is
    there and was not taken back. `texts` by service, source and key; `written` the questions of a service that are
    answered in words.
    """

    texts: Mapping[tuple[int, str, str], str]
    written: Mapping[int, Sequence[str]]

    def has_answer(self, case: Case) -> bool:
        """Whether the answer is there that the case was opened from."""
        return (case.service_id, case.source, case.source_key) in self.texts

    def words(self, case: Case) -> str:
        """What the person of the case wrote, a question a line."""
        keys = _written_keys(case, self.written)
        return "\n".join(text for key in keys if (text := self.texts.get((case.service_id, case.source, key))))


def answers_beside(documents: Mapping[int, ServiceDocument], cases: Collection[Case]) -> AnswersBeside:
    """What stands beside these cases of one workspace, asked in one go: whoever opens cases holds up all answers
    meanwhile.
    """
    written = {service: _written_items(document) for service, document in documents.items()}
    keys = {case.source_key for case in cases} | {key for case in cases for key in _written_keys(case, written)}
    found = Answer.objects.filter(
        workspace__in={case.workspace_id for case in cases},
        service__in={case.service_id for case in cases},
        source__in={case.source for case in cases},
        source_key__in=keys,
    ).exclude(Removal.of(Answer))
    rows = found.values_list("service", "source", "source_key", "state", "text")
    texts = {
        (service, source, key): (text if state == "answered" else "") or ""
        for service, source, key, state, text in rows
    }
    return AnswersBeside(texts, written)


def _written_items(document: ServiceDocument) -> Sequence[str]:
    return sorted({item.id for survey in document.surveys for item in survey.items if item.spec.is_written})


def _written_keys(case: Case, written: Mapping[int, Sequence[str]]) -> list[str]:
    return [f"{case.response}:{item}" for item in written.get(case.service_id, ())]
