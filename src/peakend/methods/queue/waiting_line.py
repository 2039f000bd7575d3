"""Waiting in line: the M/M/c queue (Erlang 1917), and how long a place in line still takes.

Times are in the unit of the rates. Checked against: queueing 0.2.12 (R) on Hillier & Lieberman's and Gross & Harris's
examples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from peakend.errors import MethodError
from peakend.figures import number
from peakend.sums import Floats

DRAWS: Final = 20_000
"""Simulated waits of an empirical estimate: a quantile then moves by about 1% from one seed to another."""


@dataclass(frozen=True)
class Steady:
    """An M/M/c queue in its steady state: `rho` the load of each server, `p0` the chance that nobody is there,
    `erlang_c` that one must wait, `lq` and `wq` how many wait and how long, `l` and `w` how many are there and for how
    long.
    """

    arrivals: float
    service: float
    servers: int
    rho: float
    p0: float
    erlang_c: float
    lq: float
    wq: float
    l: float  # noqa: E741 - Little's letter
    w: float

    def waits_longer(self, t: float) -> float:
        """P(W > t) = C·e^{−(cμ−λ)t}: the share of customers who wait longer than t before they are served."""
        return self.erlang_c * math.exp(-(self.servers * self.service - self.arrivals) * t)

    def quantile(self, share: float) -> float:
        """The wait that this share of customers does not exceed; 0 where as many need not wait."""
        if share <= 1 - self.erlang_c:
            return 0.0
        return math.log(self.erlang_c / (1 - share)) / (self.servers * self.service - self.arrivals)


def steady(arrivals: float, service: float, servers: int) -> Steady:
    """The M/M/c queue with λ arrivals and μ services of one server in a unit of time, and c servers.

    a = λ/μ, ρ = a/c, C = (a^c/c!)/((1−ρ)Σ_{k<c} a^k/k! + a^c/c!), Lq = C·ρ/(1−ρ), Wq = Lq/λ. Raises MethodError
    `queue.rates` for rates or servers that are not above zero, `queue.no_steady_state` where ρ ≥ 1: the line grows
    without end.
    """
    if not (0 < arrivals < math.inf and 0 < service < math.inf and servers >= 1 and servers == int(servers)):
        raise MethodError("queue.rates", arrivals=arrivals, service=service, servers=servers)
    load = arrivals / service
    rho = load / servers
    if rho >= 1:
        raise MethodError(
            "queue.no_steady_state",
            rho=number(rho, 2),
            arrivals=f"{arrivals:g}",
            service=f"{service:g}",
            servers=servers,
            need=math.floor(load) + 1,
        )
    blocked = 1.0  # Erlang B by its recursion, which overflows for no number of servers
    for at in range(1, int(servers) + 1):
        blocked = load * blocked / (at + load * blocked)
    c = blocked / (1 - rho * (1 - blocked))
    logs = [k * math.log(load) - math.lgamma(k + 1) for k in range(int(servers))]
    full = servers * math.log(load) - math.lgamma(servers + 1) - math.log1p(-rho)
    p0 = math.exp(-float(special.logsumexp([*logs, full])))
    lq = c * rho / (1 - rho)
    wq = lq / arrivals
    return Steady(arrivals, service, int(servers), rho, p0, c, lq, wq, lq + load, wq + 1 / service)


def ahead_of(number: int, serving: int) -> int:
    """How many are ahead of a ticket while another is served: number − serving − 1. Raises MethodError `queue.ticket`
    for one that is past.
    """
    if number <= serving:
        raise MethodError("queue.ticket", number=number, serving=serving)
    return number - serving - 1


@dataclass(frozen=True)
class WaitEstimate:
    """How long a place in line still takes: the mean and the quantiles asked for."""

    mean: float
    quantiles: tuple[float, ...]


def erlang(
    ahead: int, servers: int, service: float, shares: Sequence[float] = (0.5, 0.8), *, no_show: float = 0.0
) -> WaitEstimate:
    """A place with `ahead` people in line, all servers busy, exponential service of rate `service`: k+1 departures of
    rate cμ.

    With no-shows the k ahead are thinned: each comes with chance 1 − no_show, so the departures are 1 + Binomial(k, 1 −
    no_show).
    """
    _check_line(ahead, servers, no_show)
    departures, weights = np.arange(1, ahead + 2), _binomial(ahead, 1 - no_show)
    rate = servers * service
    mean = float(weights @ departures) / rate
    return WaitEstimate(mean, tuple(_mixture_quantile(share, departures, weights) / rate for share in shares))


def _mixture_quantile(share: float, departures: np.ndarray, weights: Floats) -> float:
    """The quantile of a mixture of Erlang distributions of rate 1, by bisection between those of its parts."""
    parts = special.gammaincinv(departures[weights > 0], share)
    low, high = float(parts.min()), float(parts.max())
    while high - low > 1e-12 * max(high, 1.0):
        middle = (low + high) / 2
        below = float(weights @ special.gammainc(departures, middle)) < share
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2


def _binomial(n: int, p: float) -> Floats:
    if p == 1:
        return np.asarray(np.eye(n + 1)[n], dtype=np.float64)
    k = np.arange(n + 1)
    return np.asarray(
        np.exp(
            special.gammaln(n + 1)
            - special.gammaln(k + 1)
            - special.gammaln(n - k + 1)
            + special.xlogy(k, p)
            + special.xlog1py(n - k, -p)
        )
    )


def place_by_resampling(
    ahead: int,
    servers: int,
    times: ArrayLike,
    shares: Sequence[float] = (0.5, 0.8),
    *,
    counts: ArrayLike | None = None,
    no_show: float = 0.0,
) -> WaitEstimate:
    """The same with service times drawn from those that were seen, `counts` of each: no shape of their distribution is
    assumed.

    All servers are busy; each is somewhere in a service that began before (length-biased residual). Simulated from a
    fixed seed.
    """
    _check_line(ahead, servers, no_show)
    seen = np.asarray(times, dtype=np.float64)
    n = np.ones(len(seen)) if counts is None else np.asarray(counts, dtype=np.float64)
    if not len(seen) or (seen < 0).any() or n.sum() <= 0 or seen @ n <= 0:
        raise MethodError("queue.no_service", n=len(seen))
    rng = np.random.default_rng(0)
    long = seen * n
    free = rng.choice(seen, (DRAWS, servers), p=long / long.sum()) * rng.random((DRAWS, servers))
    comes = rng.random((DRAWS, ahead)) >= no_show
    every = np.arange(DRAWS)
    for person in range(ahead):
        first = free.argmin(axis=1)
        free[every, first] += np.where(comes[:, person], rng.choice(seen, DRAWS, p=n / n.sum()), 0.0)
    waits = free.min(axis=1)
    return WaitEstimate(float(waits.mean()), tuple(float(q) for q in np.quantile(waits, shares)))


def _check_line(ahead: int, servers: int, no_show: float) -> None:
    if ahead < 0 or servers < 1 or not 0 <= no_show < 1:
        raise MethodError("queue.place", ahead=ahead, servers=servers, no_show=no_show)
