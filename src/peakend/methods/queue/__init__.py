"""Waiting: how long people waited, how long a place in line will take, and whether what was promised was kept.

Waits and service times are events of kind `wait` and `serve` with an end; the value of a `wait` is the minutes that
were promised. A promise is a range, P50 to P80: about 80% of those who are told it should wait no longer than its end.
A live estimate for k people ahead in line needs k + 1 departures (Erlang), or resamples the service times that were
seen; an idle server means no wait. `from_rates` is the M/M/c queue. Who still waits has waited so long at least: left
out, the longest waits would be (Kaplan & Meier 1958). The waits of one day hang together, for where a queue stands all
wait: intervals are those of as many waits as tell as much alone, by how much days differ, and there is none of fewer
than five days. Days are taken to know nothing of one another. Checked against: queueing 0.2.12 (R) on Hillier &
Lieberman and Gross & Harris, survival 3.5 (R) on two published trials and with clusters, survey 4.1-1 (R).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend import intervals as iv
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.field.data_warnings import says_repeated
from peakend.field.limits import share_kept, verdicts_by_day
from peakend.options import checks_options
from peakend.reduce import COARSE, durations
from peakend.result import Method, Result, Results, picture
from peakend.sums import Counts, Group
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

from .by_day import DailyWaits, daily_waits
from .survival import Survival, kaplan_meier
from .waiting_line import Steady, WaitEstimate, ahead_of, erlang, place_by_resampling, steady
from .words import say

__all__ = ["METHOD", "Queue", "ahead_of", "from_rates", "live", "queue"]

PROMISE: Final = 0.8
"""The share of waits that the end of a promised range must cover."""
MARKS: Final = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0)
"""The minutes of which the share is told that waits longer."""


@dataclass(frozen=True, kw_only=True)
class Queue(Result):
    """The wait at one touchpoint, in minutes: `value` is its mean with Student's interval, `n` counts the waits. Of its
    intervals the waits of each of the `days` hang together; there is none of fewer than five.

    Of these waits `still_waiting` had not ended when the last event of all was written down, and `gave_up` ended with a
    `leave` instead of a service: they count as longer than they were seen to be. Where the longest of all waits is one
    of them, the mean is that of the first `horizon` minutes of each wait. `missing` waits have no end though something
    else came next; they are left out. `course` holds, for some numbers of `minutes`, the `share` (percent) that waits
    longer, `low` and `high` (Greenwood; waits hang together as at the median).

    `p50` (from `p50_low` to `p50_high`) and `p80` are the range to publish, None where fewer waits have ended.
    `service` is the mean service time and `service_cv` its coefficient of variation, from `served` services. `kept` is
    the percent of the `promised` waits that ended within what was promised, with `kept_low` and `kept_high`: Wilson's
    of waits that hang together by day, None of fewer than five `kept_days`; `calibrated` says whether 80% lies between
    these. Where the row is an estimate, `ahead` and `servers` say for which
    place; where it is the M/M/c queue, `steady` holds its figures (ρ, P0, Erlang C, Lq, Wq, L, W).
    """

    touchpoint: str | None = None
    days: int = 0
    p50: float | None = None
    p50_low: float | None = None
    p50_high: float | None = None
    p80: float | None = None
    still_waiting: int = 0
    gave_up: int = 0
    horizon: float | None = None
    course: tuple[Mapping[str, float | None], ...] = ()
    service: float | None = None
    service_cv: float | None = None
    served: int = 0
    promised: int = 0
    kept: float | None = None
    kept_low: float | None = None
    kept_high: float | None = None
    kept_days: int = 0
    calibrated: bool | None = None
    ahead: int | None = None
    servers: int | None = None
    steady: Mapping[str, float] | None = None


@checks_options
def from_rates(arrivals: float, service: float, servers: int = 1) -> Queue:
    """The M/M/c queue with λ arrivals and μ services of one server in a unit of time: `value` is Wq in that unit.

    Raises MethodError `queue.no_steady_state` where ρ ≥ 1, and `queue.rates` for rates that are not above zero.
    """
    found = steady(arrivals, service, servers)
    return Queue(
        value=found.wq, low=None, high=None, n=0, version=METHOD.definition, p50=found.quantile(0.5),
        p80=found.quantile(PROMISE), service=1 / service,
        servers=found.servers, steady=_figures(found),
    )  # fmt: skip


def _figures(found: Steady) -> Mapping[str, float]:
    names = {"rho": "rho", "P0": "p0", "erlang_C": "erlang_c", "Lq": "lq", "Wq": "wq", "L": "l", "W": "w"}
    return MappingProxyType({name: float(getattr(found, own)) for name, own in names.items()})


def live(
    ahead: int,
    servers: int,
    *,
    service: float | None = None,
    times: Sequence[float] | None = None,
    busy: int | None = None,
    no_show: float = 0.0,
) -> Queue:
    """How long a place with `ahead` people in line still takes: Erlang from the mean `service` time, or from recent
    service `times`.

    Fewer `busy` servers than there are and nobody ahead: the wait is 0. Raises MethodError `queue.place` for impossible
    numbers, and `queue.no_service` without a service time.
    """
    if busy is not None and busy < servers and ahead == 0:
        found = WaitEstimate(0.0, (0.0, 0.0))
    elif times is not None:
        found = place_by_resampling(ahead, servers, times, no_show=no_show)
    elif service is not None and service > 0:
        found = erlang(ahead, servers, 1 / service, no_show=no_show)
    else:
        raise MethodError("queue.no_service", n=0)
    return _place(found, ahead, servers, len(times or ()))


def _place(found: WaitEstimate, ahead: int, servers: int, n: int, **fields: Any) -> Queue:
    p50, p80 = found.quantiles
    return Queue(
        value=found.mean,
        low=None,
        high=None,
        n=n,
        version=METHOD.definition,
        p50=p50,
        p80=p80,
        ahead=ahead,
        servers=servers,
        **fields,
    )


# --- from events ------------------------------------------------------------------------------------------------------


@checks_options
@says_repeated
def queue(
    events: Any,
    by: Sequence[str] | str = (),
    *,
    where: Mapping[str, Any] | None = None,
    ahead: int | None = None,
    servers: int = 1,
    no_show: float = 0.0,
    conf: float = 0.95,
) -> Results[Queue]:
    """The waits of each group and touchpoint, in minutes, from events of kind `wait` and `serve`.

    A wait without an end, after which nothing else came in its visit, goes on until the last instant of all events,
    whatever `where` chooses; one after which a `leave` came, until then. Both are censored. Services count once they
    have ended.

    With `ahead`, instead, the estimate for a place behind so many people in line, all `servers` busy, from the service
    times that were seen (`where` and `Facts.between` choose recent ones); `no_show` is the share that does not come.
    Refuses `queue.no_waits` where fewer than two waits have ended, `queue.no_service` where no service is.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    everything = conform(events, "events")
    facts = everything.only(where)
    keys = tuple(name for name in ("touchpoint", "kind") if name not in groups)
    counts = durations(facts.where(kind=("wait", "serve")), groups, keys=keys, beside=everything)
    told = {} if ahead is not None else _by_day(facts, groups, everything)
    rows = []
    for cell, part in counts.split(*dict.fromkeys((*groups, "touchpoint"))):
        named = {
            "group": MappingProxyType({name: cell[name] for name in groups}),
            "touchpoint": cell["touchpoint"],
            "conf": conf,
        }
        waits, services = _of_kind(part, cell, "wait"), _of_kind(part, cell, "serve").where(fate="ended")
        if ahead is not None:
            rows.append(_estimate_row(services, ahead, servers, no_show, named))
        elif len(waits):
            rows.append(_wait_row(waits, services, told[tuple(cell.values())], named))
    return Results(METHOD, tuple(rows))


def _by_day(facts: Facts, groups: tuple[str, ...], everything: Facts) -> dict[Group, Counts]:
    """What became of the waits of each group and touchpoint, day by day."""
    keys = tuple(name for name in ("touchpoint", "day") if name not in groups)
    chosen, beside = facts.where(kind="wait").by_exact_day, everything.by_exact_day
    counts = durations(chosen, groups, keys=keys, beside=beside, digits=COARSE)
    return {tuple(cell.values()): part for cell, part in counts.split(*dict.fromkeys((*groups, "touchpoint")))}


def _of_kind(part: Counts, cell: Mapping[str, Any], kind: str) -> Counts:
    if "kind" in part.keys:
        return part.where(kind=kind)
    return part if cell["kind"] == kind else part.where(seconds=-1.0)


def _estimate_row(services: Counts, ahead: int, servers: int, no_show: float, named: dict[str, Any]) -> Queue:
    n = int(services.count.sum())
    if not n or not services.weight.sum():
        return Queue(
            value=None,
            low=None,
            high=None,
            n=n,
            version=METHOD.definition,
            refused=MethodError("queue.no_service", n=n),
            **named,
        )
    minutes = [seconds / 60 for seconds in services.column("seconds")]
    found = place_by_resampling(ahead, servers, minutes, counts=services.count, no_show=no_show)
    return _place(
        found, ahead, servers, n, warnings=("low_base",) if n < LOW_BASE else (), **_service_fields(services), **named
    )


def _wait_row(waits: Counts, services: Counts, by_day: Counts, named: dict[str, Any]) -> Queue:
    fates = {fate: int(waits.where(fate=fate).count.sum()) for fate in ("ended", "open", "left", "lost")}
    common = {
        "still_waiting": fates["open"], "gave_up": fates["left"], "missing": fates["lost"],
        "n": sum(fates.values()) - fates["lost"],
        "version": METHOD.definition, **named,
    }  # fmt: skip
    if fates["ended"] < 2:
        return Queue(value=None, low=None, high=None, refused=MethodError("queue.no_waits", n=fates["ended"]), **common)
    curve, daily, conf = _curve(waits), daily_waits(by_day), named["conf"]
    open_, longest = fates["open"] + fates["left"], float(curve.times[-1])
    n, mean, variance = _moments(waits.where(fate="ended"))
    if open_:
        mean, of_mean = curve.mean(longest)
        variance = of_mean * n * n / (n - 1)
    low, high = _mean_ends(daily, n, mean, variance, conf) or (None, None)
    alike = daily.of_share()
    p50_low, p50_high = curve.quantile_interval(0.5, conf, alike.wider(conf)) if alike else (None, None)
    flags = {
        "low_base": n < LOW_BASE,
        "few_days": alike is None,
        "no_spread": variance <= 0,
        "open_waits": open_,
        "waits_without_end": fates["lost"],
    }
    return Queue(
        value=mean, low=low, high=high, days=daily.days, p50=curve.quantile(0.5), p50_low=p50_low, p50_high=p50_high,
        p80=curve.quantile(PROMISE),
        horizon=longest if open_ and curve.share[-1] > 0 else None, course=_course(curve, alike, conf),
        warnings=tuple(name for name, held in flags.items() if held),
        **_promise_fields(by_day, fates["open"], conf),
        **_service_fields(services), **common,
    )  # fmt: skip


def _mean_ends(daily: DailyWaits, n: int, mean: float, variance: float, conf: float) -> iv.Interval | None:
    held = daily.of_mean(variance)
    return None if held is None else iv.clustered_mean(held, mean, variance / n, conf, (0.0, math.inf))


def _curve(waits: Counts) -> Survival:
    """How many wait longer than so many minutes."""
    known = [
        cell
        for cell in zip(waits.column("fate"), waits.column("seconds"), waits.count.tolist(), strict=True)
        if cell[0] != "lost"
    ]
    minutes = [seconds / 60 for _, seconds, _ in known]
    return kaplan_meier(
        minutes, [n * (fate == "ended") for fate, _, n in known], [n * (fate != "ended") for fate, _, n in known]
    )


def _course(curve: Survival, alike: iv.Clustering | None, conf: float) -> tuple[Mapping[str, float | None], ...]:
    found = []
    for minutes in MARKS:
        if minutes <= curve.times[-1]:
            known = curve.beyond_interval(minutes, conf, alike.wider(conf)) if alike else None
            low, high = known or (None, None)
            ends = {"low": None if low is None else 100 * low, "high": None if high is None else 100 * high}
            found.append(MappingProxyType({"minutes": minutes, "share": 100 * curve.beyond(minutes), **ends}))
    return tuple(found)


def _moments(counts: Counts) -> tuple[int, float, float]:
    """n, mean and sample variance, in minutes."""
    n, total, squares = int(counts.count.sum()), float(counts.weight.sum()) / 60, float(counts.weight2.sum()) / 3600
    return n, total / n if n else 0.0, max(squares - total**2 / n, 0.0) / (n - 1) if n > 1 else 0.0


def _service_fields(services: Counts) -> dict[str, Any]:
    n, mean, variance = _moments(services)
    return {
        "served": n,
        "service": mean if n else None,
        "service_cv": math.sqrt(variance) / mean if n > 1 and mean else None,
    }


def _promise_fields(by_day: Counts, still_waiting: int, conf: float) -> dict[str, Any]:
    """The share of promises that were kept. Where some still wait, only of those old enough that they would have been
    seen to be broken.
    """
    found = share_kept(verdicts_by_day(by_day, still_waiting), conf)
    if found is None:
        return {}
    low, high = found.low, found.high
    calibrated = None if low is None or high is None else low <= 100 * PROMISE <= high
    kept = {"kept": found.value, "kept_low": low, "kept_high": high, "kept_days": found.days}
    return {"promised": found.decided, **kept, "calibrated": calibrated}


# --- picture ----------------------------------------------------------------------------------------------------------


def _draw(rows: Sequence[Queue], lang: Lang) -> Chart:
    alt = " ".join(say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    return picture(
        rows,
        Axis(title=label("queue.minutes", lang), format=".1f", low=0.0),
        lang,
        "touchpoint",
        alt=alt,
        low_is_good=True,
    )


METHOD: Final = Method(
    id="queue",
    version="3",
    row=Queue,
    run=queue,
    say=say,
    draw=_draw,
    columns=("days", "p50", "p80", "still_waiting", "gave_up", "service", "promised", "kept"),
    checked="R 4.2.2 (qgamma, ppois), queueing 0.2.12 on Hillier & Lieberman's and Gross & Harris's queues, survival "
    "3.5 on two published trials and with clusters, survey 4.1-1",
    key=("touchpoint",),
    reads="events",
)
