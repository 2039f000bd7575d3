"""The verbs that keep what was told: after the days that a survey names, what people wrote in it and the photos that
they sent are gone.

The row stays, with its time and that something was written, so that every count stays as it was; its words are empty.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from peakend_web.asking.photos import photos_of_survey
from peakend_web.asking.questionnaire import Questionnaire, questionnaire_of
from peakend_web.base import trail
from peakend_web.base.documents import document_of
from peakend_web.base.files import disk
from peakend_web.models import Answer, Removal, Survey
from peakend_web.store import deliveries, writer
from peakend_web.store.identity import survey_source
from peakend_web.store.rows import AnswerRow

DAY_US: Final = 24 * 3600 * 1_000_000
PORTION: Final = 500
"""Answers whose words go in one transaction, so that people who are answering meanwhile do not wait."""


def expire_words(*, workspace: int) -> int:
    """Let go of all words whose time is over, by what the version said that they were asked under; how many there were.

    Their codes go with them, and cases that hold them let go of them, as where a respondent clears them.
    """
    surveys = Survey.objects.filter(workspace=workspace).select_related("workspace").order_by("pk")
    return sum(_expire_in_portions(survey) for survey in surveys)


def expire_photos(*, workspace: int) -> int:
    """Let go of all photos whose time is over, by what the version said that they were asked for under; how many there
    were.
    """
    surveys = Survey.objects.filter(workspace=workspace).select_related("workspace").order_by("pk")
    return sum(_expire_photos_of(survey) for survey in surveys)


@transaction.atomic
def _expire_photos_of(survey: Survey) -> int:
    days = questionnaire_of(document_of(survey.version_id), survey.item).survey.keep_days
    if days is None:
        return 0
    gone = disk.erase(photos_of_survey(survey).filter(at__lt=timezone.now() - timedelta(days=days)))
    if gone:
        trail.leave("expire_photos", actor=None, workspace=survey.workspace, about=survey, after={"photos": gone})
    return gone


def _expire_in_portions(survey: Survey) -> int:
    asked = questionnaire_of(document_of(survey.version_id), survey.item)
    days = asked.survey.keep_days
    if days is None:
        return 0
    over = _words_until(survey, asked, time.time_ns() // 1000 - days * DAY_US)
    return sum(_expire(survey, rows) for rows in _portions(over))


def _portions(rows: QuerySet[Answer]) -> Iterator[Sequence[Answer]]:
    """A few rows after the other; what was let go of is not among them any more."""
    while some := list(rows[:PORTION]):
        yield some


@transaction.atomic
def _expire(survey: Survey, rows: Sequence[Answer]) -> int:
    kept = writer.deliver(
        deliveries.Delivery(workspace=survey.workspace_id, answers=[_without_words(row) for row in rows])
    )
    trail.leave(
        "expire_words", actor=None, workspace=survey.workspace, about=survey, after={"rows": kept.counts.revised}
    )
    return kept.counts.revised


def _words_until(survey: Survey, asked: Questionnaire, until_us: int) -> QuerySet[Answer]:
    """The answers in words that were given until then and say something."""
    written = [question.item.id for question in asked.questions if question.item.spec.is_written]
    return (
        Answer.objects.filter(
            workspace=survey.workspace_id,
            service=survey.service_id,
            source=survey_source(survey.pk),
            item__in=written,
            at_us__lt=until_us,
        )
        .exclude(Q(text=None) | Q(text=""))
        .exclude(Removal.of(Answer))
        .order_by("pk")
    )


def _without_words(row: Answer) -> AnswerRow:
    columns: dict[str, Any] = {name: getattr(row, name) for name in AnswerRow.__struct_fields__}
    return msgspec.structs.replace(AnswerRow(**columns), text="", revision=row.revision + 1)
