"""The photos that belong to answers: which answer each belongs to, and which belong to a response or a survey."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from peakend.service.questions import AnswerField
from peakend_web.asking.questionnaire import Questionnaire
from peakend_web.base.files.disk import files_about, files_beneath
from peakend_web.models import File, Response, Survey
from peakend_web.store.identity import survey_source

from . import survey_cache


def answer_named(source: str, source_key: str) -> str:
    """What a photo belongs to: an answer, by its identity among the facts."""
    return f"answer:{source}:{source_key}"


def answer_of_field(survey: int, response: str, field: str) -> str:
    """The answer of a response to a field of its survey."""
    return answer_named(survey_source(survey), f"{response}:{field}")


def photo_fields(asked: Questionnaire) -> tuple[AnswerField, ...]:
    """The fields of a questionnaire that take photos."""
    return tuple(field for field in asked.fields.values() if field.files)


def photos_of_responses(workspace: int, responses: Iterable[Response]) -> QuerySet[File]:
    """The photos of responses."""
    things = [
        answer_of_field(each.survey_id, each.response, field.name)
        for each in responses
        for field in photo_fields(survey_cache.find(each.survey.token).questionnaire)
    ]
    return files_about(workspace, things)


def photos_of_survey(survey: Survey, *, response: str = "", source_key: str = "") -> QuerySet[File]:
    """The photos of a survey: all, those of a response that may be gone already, or those of one answer."""
    source = survey_source(survey.pk)
    if source_key:
        return files_about(survey.workspace_id, [answer_named(source, source_key)])
    return files_beneath(survey.workspace_id, answer_named(source, f"{response}:" if response else ""))
