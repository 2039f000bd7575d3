"""Two answers of the same people about the same thing: their difference, before a method names what it means.

The difference is always right − left (perception − expectation), so a shortfall is negative. Student's interval and
test are those of paired answers: testing the two sides as if different people had given them is the commonest mistake
with gap scores. Everything starts from sums or tallies. Beside it stands a check for tables that others printed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field.ratings import Scale, StatedScale
from peakend.reduce import pairs, tally
from peakend.result import Method, Result, Results
from peakend.sums import Sums
from peakend.thresholds import FEWEST_FOR_SPREAD, LOW_BASE

R = TypeVar("R", bound=Result)

EXACT: Final = 50
"""Up to so many differences that are not zero the signed-rank test is exact."""
_NOISE: Final = 1e-12


# --- the difference ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PairStatistics:
    """n respondents, the means of both sides, and (co)variances with n − 1; None where only the difference's spread is
    known.
    """

    n: int
    left: float
    right: float
    variance: float
    left_variance: float | None = None
    right_variance: float | None = None
    covariance: float | None = None

    @property
    def correlation(self) -> float | None:
        """Pearson's r of the two sides; None where a side has no spread or is not known."""
        if not self.left_variance or not self.right_variance or self.covariance is None:
            return None
        return max(-1.0, min(1.0, self.covariance / math.sqrt(self.left_variance * self.right_variance)))


NOBODY: Final = PairStatistics(n=0, left=0.0, right=0.0, variance=0.0)


def of_pairs(cells: ArrayLike, counts: ArrayLike) -> PairStatistics:
    """From the tally of pairs: `cells` of shape (k, 2), how often each stands in `counts`."""
    values = np.asarray(cells, dtype=float).reshape(-1, 2)
    (n, left, v1), (_, right, v2), (_, _, v) = (
        iv.tally_mean(x, counts) for x in (values[:, 0], values[:, 1], values[:, 1] - values[:, 0])
    )
    return PairStatistics(
        n=n, left=left, right=right, variance=v, left_variance=v1, right_variance=v2, covariance=(v1 + v2 - v) / 2
    )


def of_sums(sums: Sums, columns: Sequence[int]) -> PairStatistics:
    """From the sums of three columns: left, right, and their difference in the same respondents."""
    part = sums.take(columns)
    n = int(part.count()[2])
    if n < FEWEST_FOR_SPREAD:
        return PairStatistics(n=n, left=0.0, right=0.0, variance=0.0)
    mean, spread = part.mean().tolist(), part.covariance().tolist()
    return PairStatistics(
        n=n, left=mean[0], right=mean[1], variance=max(0.0, spread[2][2]), left_variance=spread[0][0],
        right_variance=spread[1][1],
        covariance=spread[0][1],
    )  # fmt: skip


def test(found: PairStatistics, scale: Scale | None, conf: float) -> iv.Comparison:
    """The difference against zero by Student's paired test, its interval clipped to the largest difference that the
    scale allows.
    """
    compared = iv.t_test(found.n, found.right - found.left, found.variance if found.variance > _NOISE else 0.0, conf)
    if compared.low is None or compared.high is None or scale is None:
        return compared
    most = scale[1] - scale[0]
    return iv.Comparison(
        value=compared.value,
        low=max(compared.low, -most),
        high=min(compared.high, most),
        statistic=compared.statistic,
        p=compared.p,
        df=compared.df,
    )


def side(
    found: PairStatistics, mean: float, variance: float | None, scale: Scale | None, conf: float
) -> iv.Interval | None:
    """Student's interval of one side's mean, clipped to the scale; None where its spread is not known or zero."""
    if variance is None or variance <= _NOISE:
        return None
    return iv.mean_t(found.n, mean, variance, conf, scale or (-math.inf, math.inf))


def warnings(found: PairStatistics, scale: Scale | None) -> tuple[str, ...]:
    """What a reader must know of a difference: few answers, no spread, no stated scale."""
    flags = {"low_base": found.n < LOW_BASE, "no_spread": found.variance <= _NOISE, "scale_unstated": scale is None}
    return tuple(name for name, held in flags.items() if held)


def mean(sums: Sums, column: int, conf: float) -> Mapping[str, float | None] | None:
    """The mean of one column with Student's interval: value, low, high, n; None for fewer than two respondents."""
    part = sums.take([column])
    n = int(part.count()[0])
    if n < FEWEST_FOR_SPREAD:
        return None
    found = iv.t_test(n, float(part.mean()[0]), max(0.0, float(part.covariance()[0, 0])), conf)
    return MappingProxyType({"value": found.value, "low": found.low, "high": found.high, "n": n})


def overall(
    sums: Sums, names: Sequence[tuple[str, ...]], dimensions: Sequence[str], *, stated: bool
) -> Mapping[str, float]:
    """The ways to take one overall gap from the sums of `reduce.gaps`, over the same respondents, that are easily taken
    for each other.

    `unweighted` is the mean of the dimensions, `items` that of all items, `servperf` the mean perception. Where
    importance was stated: `individual` weighs each respondent's dimensions by their own, `means` multiplies mean
    importance by mean gap, which is another number.
    """
    mean = dict(zip(names, sums.mean().tolist(), strict=True))
    found = {
        "unweighted": mean["overall", "gap"],
        "items": mean["items", "gap"],
        "servperf": mean["overall", "perception"],
    }
    if stated:
        n, s, at = sums.n.sum(axis=0), sums.s.sum(axis=0), names.index(("weighted", "gap"))
        own = [names.index((name, "gap")) for name in dimensions]
        importance = np.array([mean[name, "importance"] for name in dimensions])
        means = float((importance * s[own, at] / n[own, at]).sum() / importance.sum())
        found = {
            "individual": mean["weighted", "gap"],
            "means": means,
            **found,
            "servperf_weighted": mean["weighted", "perception"],
        }
    return MappingProxyType(found)


# --- ranks ------------------------------------------------------------------------------------------------------------


def signed_rank(differences: ArrayLike, counts: ArrayLike) -> iv.Test | None:
    """Wilcoxon's (1945) signed-rank test against zero, two-sided: `counts[i]` differences of `differences[i]`.

    Zeros are left out; ties share their mean rank. `statistic` is W+, the sum of the ranks of positive differences (R's
    V). p is exact up to 50 differences, ties included; above it is normal with tie and continuity correction. None
    where no difference is left. Checked against scipy 1.17 (wilcoxon) and by enumeration.
    """
    d, c = np.asarray(differences, dtype=float), np.asarray(counts, dtype=float)
    size, where = np.unique(np.abs(d[d != 0]), return_inverse=True)
    if c[d != 0].sum() == 0:
        return None
    ties = np.zeros(len(size)) + np.bincount(where, weights=c[d != 0], minlength=len(size))
    positive = np.zeros(len(size)) + np.bincount(where, weights=(c * (d > 0))[d != 0], minlength=len(size))
    rank = np.cumsum(ties) - (ties - 1) / 2
    statistic, n = float((rank * positive).sum()), float(ties.sum())
    return iv.Test(statistic=statistic, p=_exact(statistic, rank, ties) if n <= EXACT else _normal(statistic, n, ties))


def _exact(statistic: float, rank: iv.Array, ties: iv.Array) -> float:
    """P of a W+ at least as far from its middle, over all 2^n signs: by doubled ranks, which are whole numbers."""
    ways = np.ones(1)
    for value, times in zip((2 * rank).astype(int).tolist(), ties.astype(int).tolist(), strict=True):
        for _ in range(times):
            ways = (np.concatenate([ways, np.zeros(value)]) + np.concatenate([np.zeros(value), ways])) / 2
    middle = (len(ways) - 1) / 2
    far = np.abs(np.arange(len(ways)) - middle) >= abs(2 * statistic - middle) - 1e-9
    return min(1.0, float(ways[far].sum()))


def _normal(statistic: float, n: float, ties: iv.Array) -> float:
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((ties**3 - ties).sum()) / 48
    off = abs(statistic - n * (n + 1) / 4)
    return iv.z_p(max(0.0, off - 0.5) / math.sqrt(variance))


# --- who was asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoleScales:
    """How something was asked about: the scales of its answers in each role (none where nobody answered)."""

    roles: Mapping[str, frozenset[StatedScale]]

    def scales(self, *roles: str) -> frozenset[StatedScale]:
        """All scales of these roles."""
        return frozenset().union(*(self.roles.get(role, frozenset()) for role in roles))

    def scale(self, *roles: str) -> Scale | None:
        """The one scale of these roles; None where it was not stated, or where there are several."""
        found = self.scales(*roles)
        low, high = next(iter(found)) if len(found) == 1 else (None, None)
        return None if low is None or high is None else (low, high)


def asked_roles(facts: Facts) -> dict[str, RoleScales]:
    """Every construct and the roles it was asked about in."""
    found: dict[str, dict[str, set[StatedScale]]] = {}
    for construct, role, low, high, state, _ in tally(facts, keys=("construct", "role")).cells:
        if construct is not None:
            found.setdefault(construct, {}).setdefault(role, set()).update([(low, high)] if state == "answered" else [])
    return {
        construct: RoleScales({role: frozenset(scales) for role, scales in roles.items()})
        for construct, roles in found.items()
    }


def asked_in(facts: Facts, roles: Sequence[str]) -> dict[str, RoleScales]:
    """Every construct that was asked about in all of these roles."""
    return {name: one for name, one in asked_roles(facts).items() if {*roles} <= {*one.roles}}


def of_nobody(
    method: Method[R], row: Callable[..., R], groups: Sequence[str], conf: float, refused: MethodError
) -> Results[R]:
    """What a method says where nothing was asked in its roles: one row that refuses; none where it is asked by
    group.
    """
    nobody = row(value=None, low=None, high=None, n=0, conf=conf, version=method.definition, refused=refused)
    return Results(method, () if groups else (nobody,))


def common_roles(parts: Iterable[RoleScales]) -> RoleScales:
    """Several as one: the roles that all of them were asked about in, with all their scales."""
    known = list(parts)
    shared = set(known[0].roles).intersection(*(one.roles for one in known)) if known else set()
    return RoleScales({role: frozenset().union(*(one.roles[role] for one in known)) for role in shared})


Respondents = dict[tuple[Any, ...], Counter[str]]


def respondents(facts: Facts, groups: Sequence[str], roles: tuple[str, str], keys: tuple[str, ...]) -> Respondents:
    """How many respondents answered and how many were in another state, by group and keys; one role twice asks of that
    role alone.
    """
    found: Respondents = {}
    counts = pairs(facts, groups, left=roles[0], right=roles[1], keys=keys)
    for (*cell, state, _, _), count in zip(counts.cells, counts.count.tolist(), strict=True):
        found.setdefault(tuple(cell), Counter())[state] += count
    return found


def about(groups: Sequence[str], group: Sequence[Any], n: int, states: Counter[str]) -> dict[str, Any]:
    """The fields of a row that say whose it is, and how many who were asked are not in it; without another reason they
    are missing.
    """
    unused = {name: states[name] for name in ("invalid", "not_applicable", "not_shown")}
    missing = max(0, states.total() - n - sum(unused.values()))
    return {"group": MappingProxyType(dict(zip(groups, group, strict=True))), "missing": missing, **unused}


# --- tables that others printed ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PrintedCheck:
    """What a printed row implies, and what in it does not agree: `problems` are ids of terms (`printed.gap` …), empty
    where all agrees.

    `se` follows from the printed interval, `t` from gap and se, `correlation` (of the two sides) from se and the two
    printed SDs.
    """

    gap: float
    se: float | None
    t: float | None
    correlation: float | None
    problems: tuple[str, ...]


def check_printed(
    *,
    n: int,
    left: float,
    right: float,
    gap: float,
    t: float | None = None,
    interval: iv.Interval | None = None,
    sds: tuple[float, float] | None = None,
    digits: int = 2,
    conf: float = 0.95,
) -> PrintedCheck:
    """Whether a printed row of a gap table agrees with itself, allowing for figures rounded to so many `digits`.

    Checks gap = right − left (and whether it is left − right instead), that the interval lies round the gap, and that t
    is the gap over the standard error that the interval's width implies.
    """
    half, found = 0.5 * 10.0**-digits, right - left
    se = None if interval is None else (interval[1] - interval[0]) / 2 / iv.t_quantile(n - 1, conf)
    problems = {
        "printed.sign": abs(gap - found) > 3.01 * half and abs(gap + found) <= 3.01 * half,
        "printed.gap": min(abs(gap - found), abs(gap + found)) > 3.01 * half,
        "printed.centre": interval is not None and abs(sum(interval) / 2 - gap) > 2.01 * half,
        "printed.t": se is not None and t is not None and not _agrees(gap, se, t, half, iv.t_quantile(n - 1, conf)),
    }
    variance = None if se is None else se**2 * n
    correlation = (
        None if sds is None or variance is None else (sds[0] ** 2 + sds[1] ** 2 - variance) / (2 * sds[0] * sds[1])
    )
    wrong = tuple(name for name, held in problems.items() if held)
    return PrintedCheck(gap=found, se=se, t=gap / se if se else None, correlation=correlation, problems=wrong)


def _agrees(gap: float, se: float, t: float, half: float, quantile: float) -> bool:
    """Whether |t| lies between the least and the most that rounded figures allow."""
    loose = half / quantile
    least = max(0.0, abs(gap) - half) / (se + loose)
    most = (abs(gap) + half) / (se - loose) if se > loose else math.inf
    return least <= abs(t) <= most
