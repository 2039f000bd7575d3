"""What a survey that is being made is like: its draft, how much it asks, in which languages words are missing, and what
`check` says of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from peakend.service.document import of_data
from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import kind_of, name_of
from peakend.service.surveys import answering_seconds
from peakend.terms import Lang
from peakend_web.asking.questionnaire import Questionnaire, questionnaire_of
from peakend_web.base.grants import Standing
from peakend_web.base.refusals import Refusal
from peakend_web.design.queries import document_at, document_in_force, draft_of, drafts_of
from peakend_web.design.queries.advice import Finding, MissingWords, advice_on
from peakend_web.models import Draft, Service

CARDS: Final = frozenset({"surveys", "items"})
"""Kinds of part that have a card of their own in the studio."""
AREA: Final = "survey:"
"""What the area of a survey's draft begins with; its id follows."""


def area_of(survey: str) -> str:
    """The area of the draft in which a survey is made: each has its own, so that to publish one publishes no other that
    is half done.
    """
    return f"{AREA}{survey}"


def survey_of_area(area: str) -> str:
    """The id of the survey that is made in a draft of this area."""
    return area.removeprefix(AREA)


def survey_draft(here: Standing, service: Service, survey: str) -> Draft | None:
    """The draft in which a survey is being made, for whoever may make it."""
    return draft_of(here, service, area_of(survey))


def survey_drafts(here: Standing, service: Service) -> list[Draft]:
    """The drafts of all surveys that are being made."""
    return [draft for draft in drafts_of(here, service) if draft.area.startswith(AREA)]


def survey_ids_in_drafts(service: Service) -> set[str]:
    """The ids of surveys that are being made."""
    areas = Draft.objects.filter(service=service, ended_at=None, area__startswith=AREA).values_list("area", flat=True)
    return set(map(survey_of_area, areas))


def document_of_survey(service: Service, draft: Draft | None) -> WorkingDocument | None:
    """The document in which a survey stands: that of its draft, else the one in force."""
    return document_at(draft) if draft else document_in_force(service)


def questionnaire_in(working: WorkingDocument, survey: str) -> Questionnaire | None:
    """A survey of a document as it would be put before people; None where it has no question yet."""
    try:
        return questionnaire_of(of_data(working.data), survey)
    except Refusal:
        return None


@dataclass(frozen=True)
class SurveyState:
    """How a survey stands: its questions, how long they take, and what is to be said of it."""

    questions: int
    seconds: int
    missing: Sequence[MissingWords]
    errors: Sequence[Finding]
    better: Sequence[Finding]


def state_of(working: WorkingDocument, survey: str, lang: Lang) -> SurveyState:
    """How a survey of a document stands."""
    asked, advice, name = questionnaire_in(working, survey), advice_on(working, lang), name_of("surveys", survey)
    return SurveyState(
        len(asked.questions) if asked else 0,
        answering_seconds(asked.fields.values()) if asked else 0,
        [MissingWords(each.lang, each.name, _within(each.places, name)) for each in advice.missing],
        _within(advice.errors, name),
        _within(advice.better, name),
    )


def _within(findings: Sequence[Finding], survey: str) -> list[Finding]:
    """Those about a survey, each with the card last in which it is put right: its question's, else the survey's."""
    within = [finding for finding in findings if survey in finding.parts]
    return [replace(each, parts=[name for name in each.parts if kind_of(name) in CARDS]) for each in within]
