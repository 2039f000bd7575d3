"""Verbs on photos: one is kept beside its answer, or removed.

A photo is sent by itself, before its questionnaire is finished or after, and its answer says how many there are: that
is counted anew here whenever one comes or goes, in the transaction that keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction

from peakend.instants import SECOND
from peakend.service.questions import AnswerField
from peakend_web.asking.actions import delivery_of
from peakend_web.asking.answers import GivenAnswer, Submission
from peakend_web.asking.photos import answer_of_field
from peakend_web.asking.receipts import random_code
from peakend_web.asking.render_tokens import Opened, read_token
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.files import disk
from peakend_web.base.files.photos import KIND, draw_photo
from peakend_web.base.refusals import Refusal
from peakend_web.base.tries import Tries
from peakend_web.models import Answer
from peakend_web.store import deliveries, writer
from peakend_web.store.identity import public_name
from peakend_web.store.rows import AnswerRow

MOST: Final = {"place": 1_500, "network": 1_500}
"""Photos of a quarter of an hour at one place, and from one neighbourhood: three of five hundred people."""
_taken: Final = Tries(MOST, "survey.photos_rush")
_TOLD: Final = {
    "web.picture_heif": "survey.photo_heif",
    "web.picture_large": "survey.photo_large",
    "web.picture_unknown": "survey.photo_unknown",
}
"""What is wrong with a photo, as its sender is told."""


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """How many photos an answer has now, and the name of the one that was sent."""

    many: int
    name: str


def take_photo(
    *, survey: PublishedSurvey, sent: Submission, field: str, content: bytes, waited_ms: int = 0
) -> TakenPhoto:
    """Keep a photo of an answer, drawn anew, on the disk before this returns; one that is there already stays as it is.
    `sent` is whose it is, without answers. Public: whoever has the page may send some.

    Raises Refusal `survey.photo_unknown`, `survey.photo_heif`, `survey.photo_large`, `survey.photos_many`,
    `survey.photos_full`, `survey.photo_page`; TooMany `survey.photos_rush`; StorageError `storage.full`; Busy; and what
    `delivery_of` does.
    """
    asked, about = _field(survey, field), _answer(survey, sent, field)
    opened = read_token(sent.token, survey.id, sent.place or "", sent.response, sent.received_us)
    if not isinstance(opened, Opened):
        raise Refusal("survey.photo_page", item=field, field=field)
    mark, there = disk.sent_mark(content), disk.files_about(survey.workspace, [about])
    if known := there.filter(sent=mark).first():
        return TakenPhoto(there.count(), known.name)
    _require_place(there.count(), asked)
    _require_room(survey, sent, field)
    drawn = _drawn(content, survey, field)
    at = datetime.fromtimestamp(sent.received_us / SECOND - waited_ms / 1000, tz=UTC)
    with disk.on_disk(survey.workspace, drawn) as name, transaction.atomic():
        deliveries.take_numbers(0)
        _require_place(there.count(), asked)
        if known := there.filter(sent=mark).first():
            disk.discard(survey.workspace, name)
            return TakenPhoto(there.count(), known.name)
        disk.keep(name, workspace=survey.workspace, about=about, kind=KIND, content=drawn, sent=mark, at=at)
        return TakenPhoto(_count_anew(survey, sent, asked, waited_ms), name)


@transaction.atomic
def remove_photos(*, survey: PublishedSurvey, sent: Submission, field: str, name: str = "") -> int:
    """Remove a photo of an answer by its name, or all of them, at their sender's wish; how many are left."""
    deliveries.take_numbers(0)
    asked = _field(survey, field)
    there = disk.files_about(survey.workspace, [_answer(survey, sent, field)])
    gone = disk.erase(there.filter(name=name) if name else there)
    return _count_anew(survey, sent, asked) if gone else there.count()


def _answer(survey: PublishedSurvey, sent: Submission, field: str) -> str:
    return answer_of_field(survey.id, public_name(settings.SECRET_KEY, survey.id, sent.response), field)


def _field(survey: PublishedSurvey, name: str) -> AnswerField:
    field = survey.questionnaire.fields.get(name)
    if field is None or not field.files:
        raise Refusal("survey.item_unknown", item=name, field=name)
    return field


def _require_place(many: int, field: AnswerField) -> None:
    if many >= field.files:
        raise Refusal("survey.photos_many", item=field.name, most=field.files, field=field.name)


def _require_room(survey: PublishedSurvey, sent: Submission, field: str) -> None:
    """That nobody fills the disk: neither many at once, nor one house in the long run."""
    keys = [("place", f"{survey.address}:{sent.place or ''}"), ("network", sent.network)]
    _taken.require(keys)
    if disk.bytes_of(survey.workspace) >= settings.PEAKEND_FILES_MB * 2**20:
        raise Refusal("survey.photos_full", item=field, field=field)
    disk.require_room()
    _taken.count(keys)


def _drawn(content: bytes, survey: PublishedSurvey, field: str) -> bytes:
    try:
        return draw_photo(content, survey.workspace)
    except Refusal as error:
        if error.id not in _TOLD:
            raise
        raise Refusal(_TOLD[error.id], item=field, field=field) from None


def _count_anew(survey: PublishedSurvey, sent: Submission, field: AnswerField, waited_ms: int = 0) -> int:
    """Have the answer say how many photos it has, where it is given: its first word is the respondent's, by whose page
    it is known whose answer it is. What else its row says stays as it was said last.
    """
    about = _answer(survey, sent, field.name)
    many = disk.files_about(survey.workspace, [about]).count()
    given = GivenAnswer(field=field.name, value=float(many), ago_ms=waited_ms)
    said = replace(sent, key=f"photos:{random_code(20)}", answers=[given], done=False, amends=True)
    delivery = delivery_of(survey=survey, sent=said)
    row = delivery.answers[0]
    before = Answer.objects.filter(
        workspace=survey.workspace, service=survey.service, source=row.source, source_key=row.source_key
    ).first()
    if before:
        columns: dict[str, Any] = {name: getattr(before, name) for name in AnswerRow.__struct_fields__}
        row = msgspec.structs.replace(AnswerRow(**columns), state=row.state, value=row.value)
        writer.deliver(replace(delivery, answers=[row]))
    return many
