"""What happened at each touchpoint, as the methods of events count it: waits and failures.

Where nothing of the kind was recorded, or the filters name a column that events do not have, there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from peakend.errors import FactsError, PeakendError
from peakend.terms import label

from .request import Inquiry


def rows_by(inquiry: Inquiry, method: str, key: str, **options: Any) -> dict[str, Any]:
    """The rows of a method by what they are about; none where it has nothing to say."""
    try:
        return {getattr(row, key): row for row in inquiry.results(method, **options) if getattr(row, key)}
    except PeakendError:
        return {}


def why_not_told(inquiry: Inquiry) -> str:
    """That events do not hold the column by which they are to be narrowed, so that what happened cannot be told of
    these customers; nothing where they do.
    """
    try:
        inquiry.facts(table="events")
    except FactsError as refused:
        if refused.id != "facts.column_unknown":
            raise
        column = label(str(refused.fields["column"]), inquiry.lang)
        return _(
            "What happens is recorded without “%(column)s”, so failures and waits cannot be shown for this choice."
        ) % {"column": column}
    return ""


def waits(inquiry: Inquiry) -> dict[str, Any]:
    """How long people waited, by touchpoint."""
    return rows_by(inquiry, "queue", "touchpoint")


def failures_by_touchpoint(inquiry: Inquiry) -> dict[str, Any]:
    """The failures for 1,000 visits, by touchpoint; those of all together under `TOTAL`."""
    return rows_by(inquiry, "failures", "cause", of="touchpoint")


def failures_by_beginning(inquiry: Inquiry, begins: Mapping[str, str], conf: float) -> dict[str, Any]:
    """The failures by where each of these begins, the most frequent first; those of all together under `TOTAL`."""
    return rows_by(inquiry, "failures", "cause", begins=beginnings(begins), conf=conf) if begins else {}


def beginnings(begins: Mapping[str, str]) -> tuple[str, ...]:
    """Where each failure begins, as the method takes it."""
    return tuple(f"{failure}={place}" for failure, place in begins.items())
