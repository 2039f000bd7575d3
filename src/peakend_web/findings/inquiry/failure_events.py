"""Single failures, as they were written down: those that the blueprint counts, one by one, the newest first.

Only whoever sees each row sees them; everybody else sees what is counted of those that are released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from peakend.reduce import event_counts
from peakend.service.schema import Failure
from peakend_web.base.localtime import day_words, moment_words

from .request import Inquiry
from .tracing import StepPlace, Tracing

BEHIND: Final = "behind"
"""The failures that began behind the line of visibility."""
UNTRACED: Final = "untraced"
"""Those that are traced to no step."""
COLUMNS: Final = ("at_us", "day", "site", "touchpoint", "indicator", "source_key")
Causes = tuple[str | None, ...]


@dataclass(frozen=True)
class FailureEvent:
    """One failure: when, at which site and touchpoint, what went wrong, and in which step that begins; by ids."""

    at: str
    site: str
    touchpoint: str
    failure: Failure | None
    cause: str
    place: StepPlace | None


@dataclass(frozen=True)
class FailureList:
    """Which failures are meant: those of some `causes` (None for all), and how many the method counts of them."""

    causes: Causes | None
    count: int


def list_of(tracing: Tracing, part: str = "", step: str = "") -> FailureList:
    """The failures that began in a step, behind the line of visibility or in no step that is known; else all."""
    traced = tracing.traced
    if step:
        row = next((one.row for one in tracing.by_step if one.place.step.id == step), None)
        causes: list[str | None] = [name for name, place in traced.items() if place.step.id == step]
        return FailureList(tuple(causes), row.count if row else 0)
    if part == BEHIND:
        behind = tuple(name for name, place in traced.items() if place.is_behind)
        return FailureList(behind, tracing.behind.count if tracing.behind else 0)
    if part == UNTRACED:
        return FailureList(tuple(_untraced(tracing)), tracing.untraced)
    return FailureList(None, tracing.whole.count if tracing.whole else 0)


def _untraced(tracing: Tracing) -> list[str | None]:
    """What was written down and is traced to no step, also without a name."""
    counts = event_counts(tracing.inquiry.facts(table="events").where(kind="fail"), keys=("indicator",))
    return [cause for cause in counts.column("indicator") if cause not in tracing.traced]


def page_of_failures(tracing: Tracing, causes: Causes | None, page: int, size: int) -> Sequence[FailureEvent]:
    """A page of them, for whoever sees each row; the trail says that they were looked at."""
    inquiry = tracing.inquiry
    if not inquiry.sees_each:
        return ()
    inquiry.readings.add("read_failures")
    rows = inquiry.remember(("page of failures", causes, page, size), lambda: _rows(inquiry, causes, page, size))
    known = {one.id: one for one in inquiry.document.failures}
    return [_event(tracing, row, known) for row in rows]


def _rows(inquiry: Inquiry, causes: Causes | None, page: int, size: int) -> Sequence[Mapping[str, Any]]:
    facts = inquiry.facts(table="events").where(kind="fail")
    found = facts if causes is None else facts.where(indicator=causes)
    frame = (
        found.frame.select(*COLUMNS)
        .sort("day", "at_us", "source_key", descending=True, nulls_last=True)
        .head((page + 1) * size)
        .collect("pyarrow")
    )
    rows: Sequence[Mapping[str, Any]] = frame.to_native().slice(page * size).to_pylist()
    return rows


def _event(tracing: Tracing, row: Mapping[str, Any], known: Mapping[str, Failure]) -> FailureEvent:
    cause = row["indicator"] or ""
    return FailureEvent(
        _time_words(tracing.inquiry, row),
        row["site"] or "",
        row["touchpoint"] or "",
        known.get(cause),
        cause,
        tracing.traced.get(cause),
    )


def _time_words(inquiry: Inquiry, row: Mapping[str, Any]) -> str:
    """When it was in the workspace's own time; of what came without a time, its day."""
    if row["at_us"] is not None:
        return moment_words(datetime.fromtimestamp(row["at_us"] / 1e6, tz=UTC), inquiry.lang)
    return "" if row["day"] is None else day_words(date(1970, 1, 1) + timedelta(days=row["day"]), inquiry.lang)
