"""What happened at each touchpoint, as the methods of events count it: waits and failures.

Where nothing of the kind was recorded, or the filters name a column that events do not have, there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peakend.errors import PeakendError

from .request import Inquiry


def rows_by(inquiry: Inquiry, method: str, key: str, **options: Any) -> dict[str, Any]:
    """The rows of a method by what they are about; none where it has nothing to say."""
    try:
        return {getattr(row, key): row for row in inquiry.results(method, **options) if getattr(row, key)}
    except PeakendError:
        return {}


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
