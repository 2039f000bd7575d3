"""Waiting: how long people waited, how long a place in line will take, and whether what was promised was kept.

Waits and service times are events of kind `wait` and `serve` with an end; the value of a `wait` is the minutes that were promised. A promise
is a range, P50 to P80: about 80% of those who are told it should wait no longer than its end. A live estimate for k people ahead in line needs
k + 1 departures (Erlang), or resamples the service times that were seen; an idle server means no wait. `from_rates` is the M/M/c
queue. Checked against: queueing 0.2.12 (R) on Hillier & Lieberman and Gross & Harris.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.field.queue_words import say
from peakend.maths.waiting import Place, Steady, ahead_of, erlang, resampled, steady
from peakend.options import checks_options
from peakend.reduce import lasted
from peakend.result import LOW_BASE, Method, Result, Results, picture
from peakend.sums import Counts
from peakend.terms import Lang, label

__all__ = ["METHOD", "Queue", "ahead_of", "from_rates", "live", "queue"]

VERSION: Final = "queue/1"
PROMISE: Final = 0.8
"""The share of waits that the end of a promised range must cover."""


@dataclass(frozen=True, kw_only=True)
class Queue(Result):
    """The wait at one touchpoint, in minutes: `value` is its mean with Student's interval, `n` counts the waits.

    `p50` and `p80` are the range to publish. `service` is the mean service time and `service_cv` its coefficient of variation, from `served`
    services. `kept` is the percent of the `promised` waits that ended within what was promised, with `kept_low` and `kept_high`
    (Wilson); `calibrated` says whether 80% lies between these. Where the row is an estimate, `ahead` and `servers` say for which place; where it
    is the M/M/c queue, `steady` holds its figures (ρ, P0, Erlang C, Lq, Wq, L, W).
    """

    touchpoint: str | None = None
    p50: float | None = None
    p80: float | None = None
    service: float | None = None
    service_cv: float | None = None
    served: int = 0
    promised: int = 0
    kept: float | None = None
    kept_low: float | None = None
    kept_high: float | None = None
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
        value=found.wq, low=None, high=None, n=0, version=VERSION, p50=found.quantile(0.5), p80=found.quantile(PROMISE), service=1 / service,
        servers=found.servers, steady=_figures(found),
    )  # fmt: skip


def _figures(found: Steady) -> Mapping[str, float]:
    names = {"rho": "rho", "P0": "p0", "erlang_C": "erlang_c", "Lq": "lq", "Wq": "wq", "L": "l", "W": "w"}
    return MappingProxyType({name: float(getattr(found, own)) for name, own in names.items()})


def live(
    ahead: int, servers: int, *, service: float | None = None, times: Sequence[float] | None = None, busy: int | None = None, no_show: float = 0.0
) -> Queue:
    """How long a place with `ahead` people in line still takes: Erlang from the mean `service` time, or from recent service `times`.

    Fewer `busy` servers than there are and nobody ahead: the wait is 0. Raises MethodError `queue.place` for impossible numbers, and
    `queue.no_service` without a service time.
    """
    if busy is not None and busy < servers and ahead == 0:
        found = Place(0.0, (0.0, 0.0))
    elif times is not None:
        found = resampled(ahead, servers, times, no_show=no_show)
    elif service is not None and service > 0:
        found = erlang(ahead, servers, 1 / service, no_show=no_show)
    else:
        raise MethodError("queue.no_service", n=0)
    return _place(found, ahead, servers, len(times or ()))


def _place(found: Place, ahead: int, servers: int, n: int, **fields: Any) -> Queue:
    p50, p80 = found.quantiles
    return Queue(value=found.mean, low=None, high=None, n=n, version=VERSION, p50=p50, p80=p80, ahead=ahead, servers=servers, **fields)


# --- from events --------------------------------------------------------------------------------------------------------------------


@checks_options
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
    """The waits of each group and touchpoint, in minutes, from events of kind `wait` and `serve` that have an end.

    With `ahead`, instead, the estimate for a place behind so many people in line, all `servers` busy, from the service times that were
    seen (`where` and `Facts.between` choose recent ones); `no_show` is the share that does not come. Refuses `queue.no_waits` where
    fewer than two waits are known, `queue.no_service` where no service is.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    facts = conform(events, "events").only(where)
    keys = tuple(name for name in ("touchpoint", "kind") if name not in groups)
    counts = lasted(facts.where(kind=("wait", "serve")), groups, keys=keys)
    rows = []
    for cell, part in counts.split(*dict.fromkeys((*groups, "touchpoint"))):
        named = {"group": MappingProxyType({name: cell[name] for name in groups}), "touchpoint": cell["touchpoint"], "conf": conf}
        waits, services = (_of_kind(part, cell, kind) for kind in ("wait", "serve"))
        if ahead is not None:
            rows.append(_estimated(services, ahead, servers, no_show, named))
        elif len(waits):
            rows.append(_waited(waits, services, named))
    return Results(METHOD, tuple(rows))


def _of_kind(part: Counts, cell: Mapping[str, Any], kind: str) -> Counts:
    if "kind" in part.keys:
        return part.where(kind=kind)
    return part if cell["kind"] == kind else part.where(seconds=-1.0)


def _estimated(services: Counts, ahead: int, servers: int, no_show: float, named: dict[str, Any]) -> Queue:
    n = int(services.count.sum())
    if not n or not services.weight.sum():
        return Queue(value=None, low=None, high=None, n=n, version=VERSION, refused=MethodError("queue.no_service", n=n), **named)
    minutes = [seconds / 60 for seconds in services.column("seconds")]
    found = resampled(ahead, servers, minutes, counts=services.count, no_show=no_show)
    return _place(found, ahead, servers, n, warnings=("low_base",) if n < LOW_BASE else (), **_served(services), **named)


def _waited(waits: Counts, services: Counts, named: dict[str, Any]) -> Queue:
    n, mean, variance = _moments(waits)
    if n < 2:
        return Queue(value=None, low=None, high=None, n=n, version=VERSION, refused=MethodError("queue.no_waits", n=n), **named)
    low, high = iv.mean_t(n, mean, variance, named["conf"], (0.0, math.inf)) or (None, None)
    p50, p80 = (_quantile(waits, share) for share in (0.5, PROMISE))
    warnings = (("low_base",) if n < LOW_BASE else ()) + (("no_spread",) if low is None else ())
    return Queue(
        value=mean, low=low, high=high, n=n, version=VERSION, p50=p50, p80=p80, warnings=warnings, **_kept(waits, named["conf"]), **_served(services),
        **named,
    )  # fmt: skip


def _moments(counts: Counts) -> tuple[int, float, float]:
    """n, mean and sample variance, in minutes."""
    n, total, squares = int(counts.count.sum()), float(counts.weight.sum()) / 60, float(counts.weight2.sum()) / 3600
    return n, total / n if n else 0.0, max(squares - total**2 / n, 0.0) / (n - 1) if n > 1 else 0.0


def _quantile(counts: Counts, share: float) -> float:
    """The smallest wait that at least this share does not exceed, in minutes, from the tally."""
    seconds = np.asarray(counts.column("seconds"), dtype=np.float64)
    order = np.argsort(seconds, kind="stable")
    reached = np.cumsum(counts.count[order])
    return float(seconds[order][np.searchsorted(reached, share * reached[-1] - 1e-9)]) / 60


def _served(services: Counts) -> dict[str, Any]:
    n, mean, variance = _moments(services)
    return {"served": n, "service": mean if n else None, "service_cv": math.sqrt(variance) / mean if n > 1 and mean else None}


def _kept(waits: Counts, conf: float) -> dict[str, Any]:
    kept, told = (int(sum(c for k, c in zip(waits.column("kept"), waits.count, strict=True) if k in wanted)) for wanted in ({1}, {0, 1}))
    ends = iv.wilson(kept, told, conf) if told else None
    if ends is None:
        return {}
    low, high = (100 * end for end in ends)
    return {"promised": told, "kept": 100 * kept / told, "kept_low": low, "kept_high": high, "calibrated": low <= 100 * PROMISE <= high}


# --- picture --------------------------------------------------------------------------------------------------------------


def _draw(rows: Sequence[Queue], lang: Lang) -> Chart:
    alt = " ".join(say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    return picture(rows, Axis(title=label("queue.minutes", lang), format=".1f", low=0.0), lang, "touchpoint", alt=alt, low_is_good=True)


METHOD: Final = Method(
    id="queue",
    version="1",
    row=Queue,
    run=queue,
    say=say,
    draw=_draw,
    columns=("p50", "p80", "service", "promised", "kept"),
    checked="R 4.2.2 (qgamma, ppois), queueing 0.2.12 on Hillier & Lieberman's and Gross & Harris's queues",
    key=("touchpoint",),
    reads="events",
)
