"""How a survey goes: how often it was opened, how far people come, from where and when, and how many answers its score
still needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from peakend import intervals as iv
from peakend.errors import MethodError, PeakendError
from peakend.maths.response_rates import Rates, rates
from peakend.methods import nps
from peakend.methods.power.sample_sizes import answers_for_margin
from peakend_web.asking.queries.flow import Flow, Flows, by_hour, by_place, entered_by_staff, flows_of, questions_of
from peakend_web.asking.queries.invitations import Funnel
from peakend_web.base.localtime import zone_of
from peakend_web.models import Place, Survey
from peakend_web.store import door, least_sizes, progress
from peakend_web.store.identity import survey_source

from .request import Inquiry

MARGINS: Final = (10, 5, 3)
"""How exactly a score may be wanted: ± so many points."""


@dataclass(frozen=True)
class Share:
    """A share of those who began, with its interval; in percent."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Needed:
    """How many answers make a score known to ± `margin` points, of how many there are; and to how much it is known
    now.
    """

    method: str
    margin: int
    n: int
    answers: int
    known_to: float | None

    @property
    def more(self) -> int:
        """How many are still needed."""
        return max(0, self.answers - self.n)


@dataclass(frozen=True)
class SurveyCourse:
    """The course of one published survey, for whoever asks."""

    inquiry: Inquiry
    survey: Survey

    @cached_property
    def answers(self) -> Inquiry:
        """The same inquiry, of the answers to this survey and round alone."""
        columns = {"survey": (self.survey.item,), **({"wave": (self.survey.wave,)} if self.survey.wave else {})}
        filters = self.inquiry.selection.filters
        return self.inquiry.among(replace(filters, columns={**filters.columns, **columns}))

    @cached_property
    def _flows(self) -> Flows:
        """What came in, read once for the places and for the hours."""
        return flows_of(self.inquiry.here, self.survey)

    @cached_property
    def by_place(self) -> dict[Place | None, Flow]:
        """What came in at each place that is seen."""
        return by_place(self.inquiry.here, self.survey, self._flows)

    @cached_property
    def flow(self) -> Flow:
        """What came in at all of them."""
        return sum(self.by_place.values(), Flow())

    @cached_property
    def entered(self) -> int:
        """How many responses staff typed in for customers, which are in no rate."""
        return entered_by_staff(self.inquiry.here, self.survey)

    def by_hour(self) -> dict[int, Flow]:
        """What came in by the hour of the day, in the workspace's time."""
        zone = zone_of(self.inquiry.here.workspace)
        return dict(sorted(by_hour(self._flows, lambda at: at.astimezone(zone).hour).items()))

    def reached(self) -> list[Share]:
        """Of those who began this version, how many gave an answer to each question or to a later one."""
        items = questions_of(self.survey, self.inquiry.lang)
        facts = door.read(
            self.inquiry.here.service, self.answers.selection.filters, sites=self.inquiry.sites, each=True
        ).where(source=survey_source(self.survey.pk))
        came = progress.reached(facts, [item for item, _ in items])
        begun = max(came, default=0)
        return [_share(words, many, begun) for (_, words), many in zip(items, came, strict=True)] if begun else []

    def needed(self, margin: int) -> Needed | None:
        """How many answers the recommendation still needs, where it was asked; else the share of the satisfied."""
        return self._needed("nps", margin) or self._needed("csat", margin)

    def _needed(self, method: str, margin: int) -> Needed | None:
        try:
            row = next((row for row in self.answers.results(method) if row.n), None)
        except PeakendError:
            return None
        if row is None:
            return None
        known = None if row.low is None or row.high is None else (row.high - row.low) / 2
        return Needed(method, margin, row.n, _answers_for(method, row, margin), known)


def _answers_for(method: str, row: Any, margin: int) -> int:
    """Answers for ± so many points: by what was answered, where it is enough to go by; else as many as it can take."""
    firm = least_sizes.is_firm(row)
    if method == "nps":
        shares = {"promoters": row.promoters / row.n, "detractors": row.detractors / row.n} if firm else {}
        return nps.sample_size(margin, **shares)
    share = row.value / 100 if firm else 0.5
    return -int(-answers_for_margin(share * (1 - share), margin / 100) // 1)


def rates_of(flow: Flow) -> Rates | None:
    """Its rates; None where it was opened before openings were counted, or answered without being opened."""
    try:
        return rates(flow.finished, partial=flow.begun - flow.finished, invited=flow.opened)
    except MethodError:
        return None


def invited_rate(funnel: Funnel) -> Rates | None:
    """The rates of those who were invited and reached."""
    try:
        return rates(
            funnel.finished,
            partial=funnel.begun - funnel.finished,
            invited=funnel.invited,
            undelivered=funnel.refused,
        )
    except MethodError:
        return None


def _share(name: str, many: int, of: int) -> Share:
    low, high = iv.wilson(many, of) or (0.0, 1.0)
    return Share(name, 100 * many / of, 100 * low, 100 * high, many)
