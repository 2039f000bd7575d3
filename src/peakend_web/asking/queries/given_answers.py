"""What a respondent has said, found again by their code: as the page would send it once more, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from peakend.service.questions import AnswerField
from peakend.terms import Lang
from peakend_web.asking import survey_cache
from peakend_web.asking.answers import GivenAnswer, KnownRespondent, Submission
from peakend_web.asking.forms.survey_page import FieldOnPage, questions_on_page
from peakend_web.asking.receipts import mark_of, receipt_of
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.refusals import Missing
from peakend_web.base.tries import Tries
from peakend_web.customers.queries import contact_left_with
from peakend_web.models import Answer, Removal, Response
from peakend_web.store.identity import public_name, survey_source

MOST: Final = {"receipt": 60}
"""Wrong codes from one place in a quarter of an hour. A right one is always let in: no code can be guessed, and a whole
shop may stand behind one address.
"""
TICKED: Final = "✓"
"""What a box says whose own words stand beside it."""
_tries: Final = Tries(MOST, "survey.receipts_many")


@dataclass(frozen=True, slots=True)
class GivenResponse:
    """A finished response: its row, the survey it answers, and everything that it says."""

    row: Response
    survey: PublishedSurvey
    said: Submission


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    """One answer as its respondent would say it: to a question, or to one row of it."""

    question: str
    row: str
    words: str


def response_of(typed: str, address: str) -> GivenResponse:
    """The response that is found by the code which somebody typed, at a device of this address. Raises Missing
    `survey.receipt_unknown`, whatever is wrong with the code; TooMany `survey.receipts_many` where many were wrong.
    """
    receipt = receipt_of(typed)
    found = Response.objects.select_related("survey", "place").filter(receipt=mark_of(receipt)).order_by("pk").first()
    if not receipt or found is None:
        keys = [("receipt", address)]
        _tries.require(keys)
        _tries.count(keys)
        raise Missing("survey.receipt_unknown")
    survey = survey_cache.find(found.survey.token)
    said = Submission(
        response=receipt,
        key="",
        answers=answers_of(found, survey),
        lang=survey.questionnaire.language_for((found.language,), None),
        place=found.place.code if found.place else None,
        done=True,
        amends=True,
    )
    return GivenResponse(found, survey, said)


def answers_of(found: Response, survey: PublishedSurvey) -> list[GivenAnswer]:
    """What a response says so far, as its page would send it again."""
    fields = survey.questionnaire.fields
    given = [_given(fields[row.source_key.partition(":")[2]], row) for row in _rows_of(found.response, survey)]
    return [*given, *_left_contact(found, survey)]


def said_before(survey: PublishedSurvey, name: str, fields: Sequence[str]) -> list[GivenAnswer]:
    """What a response, by the name under which it is kept, has answered in these fields."""
    wanted = frozenset(fields)
    rows = _rows_of(name, survey).filter(state="answered") if wanted else ()
    found = ((survey.questionnaire.fields[row.source_key.partition(":")[2]], row) for row in rows)
    return [_given(field, row) for field, row in found if field.name in wanted]


def known_respondent(survey: PublishedSurvey, response: str) -> KnownRespondent | None:
    """Of a response, by its respondent's own name for it: whose its answers are, as they say themselves; None of one
    of which nobody knows.
    """
    name = public_name(settings.SECRET_KEY, survey.id, response)
    rows = list(_rows_of(name, survey).exclude(customer=None, visit=name))
    if not rows:
        return None
    fields = survey.questionnaire.fields
    open_fields = (row for row in rows if not fields[row.source_key.partition(":")[2]].touchpoint)
    about = next((row.touchpoint for row in open_fields if row.touchpoint), None)
    return KnownRespondent(rows[0].customer, None if rows[0].visit == name else rows[0].visit, rows[0].site, about)


def _rows_of(name: str, survey: PublishedSurvey) -> QuerySet[Answer]:
    """The answers of a response, by the name under which it is kept."""
    keys = [f"{name}:{field}" for field in survey.questionnaire.fields]
    kept = Answer.objects.filter(
        workspace=survey.workspace, service=survey.service, source=survey_source(survey.id), source_key__in=keys
    )
    return kept.exclude(Removal.of(Answer)).order_by("pk")


def _left_contact(found: Response, survey: PublishedSurvey) -> Iterator[GivenAnswer]:
    """Where the respondent wants to be reached: shown to them alone, by their code."""
    contacts = survey.questionnaire.contacts
    left = contact_left_with(survey.workspace, found.response) if contacts else None
    if left is not None:
        address, name, box = contacts[0].fields
        yield GivenAnswer(field=address.name, text=left.address)
        yield GivenAnswer(field=name.name, text=left.name)
        yield GivenAnswer(field=box.name, value=1.0)


def _given(field: AnswerField, row: Answer) -> GivenAnswer:
    return GivenAnswer(
        field=field.name,
        value=row.value,
        text=row.text,
        not_used=row.state == "not_applicable",
        revision=max(row.revision, 0),
    )


def in_words(given: GivenResponse, lang: Lang) -> Sequence[AnswerInWords]:
    """Everything that was answered, in the order of the page; what was skipped or not asked is not told."""
    return list(_in_words(given, lang))


def _in_words(given: GivenResponse, lang: Lang) -> Iterator[AnswerInWords]:
    for question in questions_on_page(given.survey.questionnaire, lang, given.said):
        if question.control.sends == "tick":
            ticked = [str(choice.label) for field in question.fields for choice in field.look.choices if choice.chosen]
            if ticked:
                yield AnswerInWords(str(question.wording), "", " · ".join(ticked))
            continue
        for field in question.fields:
            if words := _words(field):
                label = str(field.label) if question.is_group else ""
                yield AnswerInWords(str(question.wording), label, TICKED if words == label else words)


def _words(field: FieldOnPage) -> str:
    look = field.look
    unused = (look.not_used,) if look.not_used else ()
    written = str(look.words or look.text)
    chosen = next((str(choice.label) for choice in (*look.choices, *unused) if choice.chosen), written)
    if chosen.isdecimal() and look.choices:
        return f"{chosen} ({look.choices[0].value}–{look.choices[-1].value})"
    return chosen
