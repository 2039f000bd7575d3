"""A day, with what the browser has for choosing one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Final, Literal

from django.utils.translation import gettext_lazy as _

from peakend.documents.parts import DayLimit
from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer
from peakend_web.asking.controls.control import Look, Reading
from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.lines import Line
from peakend_web.base.refusals import Refusal

_WRITTEN: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_FIRST: Final = date(1970, 1, 1).toordinal()
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
"""Where a day ends last, and where it begins first: a phone's today is that of one of the places between."""


@dataclass(frozen=True, kw_only=True)
class WrittenDay(Line):
    """A day within its limits; today is a day wherever it is today, at the time of answering."""

    sends: ClassVar[Literal["text"]] = "text"

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """What was written, and the limits."""
        del item, lang
        first, last = _limits(field)
        return Look(text=said, least=first.isoformat() if first else "", most=last.isoformat() if last else "")

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """The day, as text and as the days since 1970; raises `survey.date_needed`, `survey.date_early`,
        `survey.date_late`.
        """
        said = (given.text or "").strip()
        if not said and given.value is None:
            return "skipped", None, None
        day = _day_of(said)
        if day is None:
            value = said[:40] or f"{given.value:g}"
            raise Refusal("survey.date_needed", item=field.name, value=value, field=field.name)
        first, last = _limits(field, given.waited_ms)
        early = first is not None and day < first
        if early or (last is not None and day > last):
            id, limit = ("survey.date_early", first) if early else ("survey.date_late", last)
            raise Refusal(id, item=field.name, value=day.isoformat(), limit=str(limit), field=field.name)
        return "answered", float(day.toordinal() - _FIRST), day.isoformat()


def _day_of(said: str) -> date | None:
    written = _WRITTEN.fullmatch(said)
    try:
        return date(*map(int, written.groups())) if written else None
    except ValueError:
        return None


def _limits(field: AnswerField, waited_ms: int = 0) -> tuple[date | None, date | None]:
    now = datetime.now(UTC) - timedelta(milliseconds=waited_ms)

    def day(limit: DayLimit | None, around: timedelta) -> date | None:
        return (now + around).date() if limit == "today" else limit

    return day(field.earliest, _WEST), day(field.latest, _EAST)


CONTROL = WrittenDay(kind="date")
WORDS = KindWords(
    group="words",
    name=_("Day"),
    use=_("When it was"),
    picture="▣",
)
