"""Failures traced to where they begin: the step of the blueprint, its lane, and who does it.

The document says of each failure in which step it begins; how many there were of each is the method's to count. Those
of which it says nothing are counted too, as not traced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from peakend.errors import PeakendError
from peakend.figures import number
from peakend.result import TOTAL
from peakend.service.drawings.traced_blueprint import Faults, Wait
from peakend.service.journeys import BEHIND, LANES, Journey, Lane, Step, Touchpoint
from peakend.service.schema import Failure
from peakend_web.store import least_sizes

from . import happenings
from .request import Inquiry

NOBODY: Final = "-"
CONF: Final = 1 - 0.05 / 2
"""Steps and people are named from the same failures, each by its own family of tests: so that the chance that any name
on the page is false is at most five in a hundred, each family has half of it (Bonferroni).
"""


def has_share(row: Any) -> bool:
    """Whether so many failures are traced that a share of them may be told."""
    return row.share is not None and row.known >= least_sizes.LEAST_N


def leads(row: Any) -> bool:
    """Whether most began there: surely, and of failures enough for such a word."""
    return bool(row.leads) and row.known >= least_sizes.LOW_BASE


@dataclass(frozen=True)
class StepPlace:
    """Where a step stands."""

    touchpoint: Touchpoint
    lane: Lane
    step: Step

    @property
    def is_behind(self) -> bool:
        """Whether customers do not see it."""
        return self.lane in BEHIND


@dataclass(frozen=True)
class FailingStep:
    """A step in which failures began, with the row of the method that counts them."""

    place: StepPlace
    row: Any


@dataclass(frozen=True)
class Tracing:
    """What went wrong in a service, traced."""

    inquiry: Inquiry

    @cached_property
    def places(self) -> dict[str, StepPlace]:
        """Every step of the service, by its id."""
        return {
            step.id: StepPlace(point, lane, step)
            for point in self.inquiry.document.touchpoints
            for lane in LANES
            for step in point.steps(lane)
        }

    @cached_property
    def traced(self) -> dict[str, StepPlace]:
        """Where each failure begins of which the document says it."""
        known = self.places
        failures = self.inquiry.document.failures
        return {one.id: known[one.step] for one in failures if one.step and one.step in known}

    @cached_property
    def whole(self) -> Any:
        """The row of all failures together; None where none is recorded."""
        return happenings.failures_by_touchpoint(self.inquiry).get(TOTAL)

    @cached_property
    def by_step(self) -> list[FailingStep]:
        """The steps in which failures began, the most frequent first."""
        rows = self._rows(lambda place: place.step.id)
        return [FailingStep(self.places[step], row) for step, row in rows.items() if step != TOTAL and row.count]

    @cached_property
    def leading_steps(self) -> frozenset[str]:
        """The steps, by id, in which surely more failures began than in all the others."""
        rows = self._rows(lambda place: place.step.id, CONF)
        return frozenset(step for step, row in rows.items() if leads(row))

    @cached_property
    def behind(self) -> Any:
        """The row of the failures that began behind the line of visibility; None where none did."""
        return self._rows(lambda place: "behind" if place.is_behind else "before").get("behind")

    @cached_property
    def untraced(self) -> int:
        """How many failures are traced to no step."""
        if self.whole is None:
            return 0
        rows = self._rows(lambda place: place.step.id)
        return int(rows[TOTAL].missing if TOTAL in rows else self.whole.count)

    def untraced_failures(self) -> list[tuple[Failure, Any]]:
        """The kinds of failure that are traced to no step, with their rows, the most frequent first."""
        known = {one.id: one for one in self.inquiry.document.failures}
        rows = happenings.rows_by(self.inquiry, "failures", "cause")
        return [
            (known[cause], row)
            for cause, row in rows.items()
            if cause in known and cause not in self.traced and row.count
        ]

    def leaders(self) -> list[str]:
        """Who does the steps behind the line in which surely the most failures began: ids of people, none where nothing
        tells them apart, or where steps that nobody is named for are among these.
        """
        rows = self._rows(lambda place: (place.step.who or NOBODY) if place.is_behind else "", CONF)
        found = [who for who, row in rows.items() if leads(row)]
        return [] if NOBODY in found else found

    def faults(self, journey: Journey) -> Faults:
        """What went wrong, as the drawing of a journey's blueprint takes it."""
        cells = self._rows(lambda place: f"{place.touchpoint.id}|{place.lane}")
        began: dict[tuple[str, Lane], int] = {
            (point.id, lane): cells[name].count
            for point in journey.touchpoints
            for lane in LANES
            if (name := f"{point.id}|{lane}") in cells and cells[name].count
        }
        return Faults(began, self._untraced_by_touchpoint(), self._waits(), firm=least_sizes.is_firm(self.whole))

    def _waits(self) -> dict[str, Wait]:
        rows = happenings.waits(self.inquiry)
        return {
            name: Wait(row.n, number(row.p50))
            for name, row in rows.items()
            if row.value is not None and row.p50 is not None
        }

    def _untraced_by_touchpoint(self) -> dict[str, int]:
        if not self.traced:
            rows = happenings.failures_by_touchpoint(self.inquiry)
            return {place: row.count for place, row in rows.items() if place != TOTAL}
        begins = happenings.beginnings({name: place.step.id for name, place in self.traced.items()})
        try:
            found = self.inquiry.results("failures", ("touchpoint",), begins=begins)
        except PeakendError:
            return {}
        wholes = (row for row in found if row.cause == TOTAL and row.missing)
        return {str(row.group["touchpoint"]): row.missing for row in wholes if row.group["touchpoint"]}

    def _rows(self, where: Callable[[StepPlace], str], conf: float = 0.95) -> Mapping[str, Any]:
        """The failures by what is said of the place in which they begin; those of which nothing is said are not
        traced.
        """
        begins = {name: said for name, place in self.traced.items() if (said := where(place))}
        return happenings.failures_by_beginning(self.inquiry, begins, conf)
