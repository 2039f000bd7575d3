"""Photos as others ask for them: those of one answer, of a response, and where a service asks for any."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from peakend_web.asking.grants import visible_surveys
from peakend_web.asking.photos import answer_named, answer_of_field, photo_fields, photos_of_responses
from peakend_web.asking.survey_cache import PublishedSurvey, find
from peakend_web.base.files.disk import content_of, files_about
from peakend_web.base.grants import Standing
from peakend_web.models import File, Response, Service
from peakend_web.store.identity import public_name

__all__ = ["answer_named", "content_of", "items_with_photos", "photos_of_answer", "photos_of_response"]


def photos_of_answer(survey: PublishedSurvey, response: str, field: str) -> QuerySet[File]:
    """The photos of an answer, by its respondent's own name for the response."""
    name = public_name(settings.SECRET_KEY, survey.id, response)
    return files_about(survey.workspace, [answer_of_field(survey.id, name, field)])


def photos_of_response(response: Response) -> QuerySet[File]:
    """The photos of a response."""
    return photos_of_responses(response.workspace_id, [response])


def items_with_photos(here: Standing, service: Service) -> frozenset[str]:
    """The questions of a service that were answered with photos, in any version."""
    surveys = visible_surveys(here, service)
    return frozenset(field.question for each in surveys for field in photo_fields(find(each.token).questionnaire))
