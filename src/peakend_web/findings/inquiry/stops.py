"""The touchpoints of a journey with all that is known of each: its score, its waits, what failed there, which cases are
open, and which standards and promises were kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.figures import number
from peakend.result.words import grouped_words, interval_by_days, interval_of_days
from peakend.service.coverage import asked_touchpoints
from peakend.service.drawings.figure_rows import Figure, FigureRow
from peakend.service.drawings.measure_words import measure_words
from peakend.service.journeys import Journey
from peakend_web.base.forms import TITLES
from peakend_web.recovery.queries import OpenCases, open_cases_by_touchpoint
from peakend_web.store import least_sizes
from peakend_web.store.door import Filters, rated_constructs

from . import happenings, touchpoints
from .pledges import MeasuredPledge, pledges, why_no_figure
from .request import Inquiry


@dataclass(frozen=True)
class Line:
    """One thing that is known of a touchpoint: what it is, the figure, what stands behind it, and where to go."""

    name: str
    value: str
    evidence: str = ""
    pale: bool = False
    late: str = ""
    href: str = ""


@dataclass(frozen=True)
class Stop:
    """A touchpoint: its score where it has one, and what else is known of it."""

    id: str
    name: str
    scored: touchpoints.ScoredTouchpoint | None
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Unmeasured:
    """A standard or a promise that has a measure and no figure: its words, what it is called, where it is, and why."""

    text: str
    name: str
    where: str
    why: str


@dataclass(frozen=True)
class Happenings:
    """What happened along a journey, as methods and queries tell it, by touchpoint."""

    waits: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, Any] = field(default_factory=dict)
    open_cases: dict[str, OpenCases] = field(default_factory=dict)
    pledges: Sequence[MeasuredPledge] = ()


def happenings_of(inquiry: Inquiry, journey: Journey) -> Happenings:
    """What happened along a journey, for whoever asks; cases only for who sees them."""
    here = inquiry.here
    cases = open_cases_by_touchpoint(here, here.service) if here.may("see_cases") else {}
    return Happenings(
        happenings.waits(inquiry),
        happenings.failures_by_touchpoint(inquiry),
        cases,
        pledges(inquiry, journey.touchpoints),
    )


def stops_of(inquiry: Inquiry, journey: Journey, known: Happenings) -> list[Stop]:
    """The touchpoints of which anything is known, in the order of the journey."""
    scored = {one.id: one for one in touchpoints.along_journey(inquiry, [point.id for point in journey.touchpoints])}
    every = (
        Stop(point.id, point.title[inquiry.lang], scored.get(point.id), _lines(inquiry, point.id, known))
        for point in journey.touchpoints
    )
    return [stop for stop in every if stop.scored or stop.lines]


def _lines(inquiry: Inquiry, point: str, known: Happenings) -> list[Line]:
    kept = [_quoted_line(inquiry, one) for one in known.pledges if one.touchpoint.id == point]
    lines = [
        _wait_line(inquiry, known.waits.get(point)),
        *kept,
        _failure_line(inquiry, known.failures.get(point)),
        _case_line(inquiry, point, known.open_cases.get(point)),
    ]
    return [line for line in lines if line]


def unmeasured(inquiry: Inquiry, known: Sequence[MeasuredPledge]) -> list[Unmeasured]:
    """The standards and promises that have a measure and no figure, each with the reason."""
    lang = inquiry.lang
    return [
        Unmeasured(one.rule.text[lang], name_of(one), one.touchpoint.title[lang], why_no_figure(inquiry, one))
        for one in known
        if kept_line(inquiry, one) is None
    ]


def _wait_line(inquiry: Inquiry, row: Any) -> Line | None:
    """How long half of them waited at most, and, where times were announced, how many of these were kept."""
    if row is None or row.value is None or row.p50 is None:
        return None
    ends = interval_of_days((row.p50_low, row.p50_high), row.days, row.conf, inquiry.lang)
    said = [ends] if ends else []
    said.append(
        ngettext("%(n)s wait", "%(n)s waits", row.n) % {"n": f"{row.n:,}"}
        if least_sizes.is_firm(row)
        else touchpoints.count_of_low_base(row)
    )
    if row.kept is not None:
        kept_ends = (row.kept_low, row.kept_high)
        ends_of_kept = interval_by_days(kept_ends, row.kept_days, row.conf, inquiry.lang, 0)
        said.append(
            _("announced times kept: %(share)s%% (%(interval)s, n %(n)s)")
            % {"share": number(row.kept, 0), "n": f"{row.promised:,}", "interval": ends_of_kept}
        )
    value, pale = _("%(minutes)s min") % {"minutes": number(row.p50)}, least_sizes.is_pale(row)
    return Line(_("Median wait"), value, " · ".join(said), pale, href=inquiry.address("methods/queue/"))


def name_of(pledge: MeasuredPledge) -> str:
    """What it is called: a promise or a standard."""
    return _("Promise") if pledge.is_promise else _("Standard")


def _quoted(inquiry: Inquiry, pledge: MeasuredPledge) -> str:
    return _("“%(words)s”") % {"words": pledge.rule.text[inquiry.lang]}


def kept_line(inquiry: Inquiry, pledge: MeasuredPledge) -> Line | None:
    """How often a standard or a promise was kept, and how often it must be, where that is said."""
    row, name = pledge.row, name_of(pledge)
    if row is None or row.value is None:
        return None
    n = f"{row.n:,}" if least_sizes.is_firm(row) else touchpoints.count_of_low_base(row)
    days, digits = getattr(row, "days", 0), _digits(row.value)
    ends = interval_by_days((row.low, row.high), days, row.conf, inquiry.lang, digits)
    said = [ends, *[grouped_words(days, inquiry.lang)] * (days > 0 and row.low is not None), _("n %(n)s") % {"n": n}]
    measure = pledge.rule.measure
    if measure and measure.share_at_least:
        target = 100 * measure.share_at_least
        said.append(_("target %(share)s%%") % {"share": number(target, int(target != round(target)))})
    if measure and measure.score_at_least is not None:  # what was answered stands for what was done
        said.append(measure_words(inquiry.document, measure, inquiry.lang))
    value = _("%(share)s%% kept") % {"share": number(row.value, digits)}
    return Line(name, value, " · ".join(said), least_sizes.is_pale(row))


def _digits(percent: float) -> int:
    """Of nearly never and nearly always one digit more: 99.9% is not 100%."""
    return int(0 < percent < 2 or 98 < percent < 100)


def _quoted_line(inquiry: Inquiry, pledge: MeasuredPledge) -> Line | None:
    """The same, with its words."""
    line = kept_line(inquiry, pledge)
    return replace(line, evidence=f"{_quoted(inquiry, pledge)} · {line.evidence}") if line else None


def _failure_line(inquiry: Inquiry, row: Any) -> Line | None:
    """How often something went wrong, for 1,000 visits."""
    if row is None or row.value is None or not row.count:
        return None
    told = ngettext("%(count)s failure in %(n)s visits", "%(count)s failures in %(n)s visits", row.count) % {
        "count": f"{row.count:,}",
        "n": f"{row.n:,}",
    }
    said = [interval_by_days((row.low, row.high), row.days, row.conf, inquiry.lang), told]
    return Line(
        _("Failures per 1,000 visits"),
        number(row.value),
        " · ".join(said),
        least_sizes.is_pale(row),
        href=inquiry.address("methods/failures/"),
    )


def _case_line(inquiry: Inquiry, point: str, cases: OpenCases | None) -> Line | None:
    """How many cases are open, how many of them overdue, and whom they wait for."""
    if cases is None:
        return None
    late = ngettext("%(n)s is overdue", "%(n)s are overdue", cases.overdue) % {"n": f"{cases.overdue:,}"}
    owners = [name or str(TITLES[role]) for name, role in cases.owners][:3]
    href = f"{reverse('cases', args=[inquiry.here.workspace.slug])}?touchpoint={point}"
    return Line(
        _("Open cases"), f"{cases.count:,}", _(", ").join(owners), late=late if cases.overdue else "", href=href
    )


def figure_rows(known: Happenings) -> tuple[FigureRow, ...]:
    """What happened, as rows of figures under the map."""
    waiting = {
        name: Figure(number(row.p50), f"{row.n:,}", pale=least_sizes.is_pale(row))
        for name, row in known.waits.items()
        if row.value is not None and row.p50 is not None
    }
    failed = {
        name: Figure(number(row.value), f"{row.count:,}", pale=least_sizes.is_pale(row))
        for name, row in known.failures.items()
        if row.value is not None and row.count
    }
    cases = {name: Figure(f"{each.count:,}") for name, each in known.open_cases.items()}
    return (
        FigureRow(_("Median wait in minutes; below, how many waits"), waiting),
        FigureRow(_("Failures per 1,000 visits; below, how many"), failed),
        FigureRow(_("Open cases"), cases),
    )


def unasked(inquiry: Inquiry, journey: Journey) -> list[dict[str, str]]:
    """The touchpoints of a journey about which no survey asks, and of which nobody has ever said anything."""
    asked, ids = asked_touchpoints(inquiry.document), tuple(point.id for point in journey.touchpoints)
    rated = inquiry.remember(("rated ever", ids), lambda: rated_constructs(inquiry.facts(Filters()), ids), Filters())
    return [
        {"id": point.id, "name": point.title[inquiry.lang]}
        for point in journey.touchpoints
        if point.id not in asked and point.id not in rated
    ]
