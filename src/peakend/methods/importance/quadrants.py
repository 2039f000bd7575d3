"""Where things stand on the plane of importance and performance, and how sure that is, before `importance` names it.

Means have shape (…, 2, p), importance first. Places and crosshair are functions on means; replicated means, from
resampled buckets of respondents or from a normal, say how often a place would come out again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import pair_differences as pd
from peakend.field.pair_differences import RoleScales
from peakend.field.ratings import Scale, scales_text
from peakend.reduce import BUCKETS, moments, tally
from peakend.sums import Counts, Floats, Group, Moments, Sums, in_order
from peakend.thresholds import FEWEST_FOR_SPREAD

Crosshair = Literal["mean", "median", "midpoint"]
Resampling = Literal["bootstrap", "normal"]
Scales = tuple[Scale | None, Scale | None]

CROSSHAIRS: Final[tuple[Crosshair, ...]] = ("mean", "median", "midpoint")
QUADRANTS: Final = ("low_priority", "possible_overkill", "concentrate_here", "keep_up")
"""By 2·(importance is high) + (performance is high)."""
REPLICATES: Final = 1000
SEED: Final = 1977
ROOM: Final = 256_000_000
"""Bytes that buckets of sums may take; where they would take more, replicates are normal draws."""


def crosshair_of(crosshair: str) -> Crosshair:
    """The crosshair of this name; raises MethodError `importance.crosshair` where there is none."""
    for one in CROSSHAIRS:
        if one == crosshair:
            return one
    raise MethodError("importance.crosshair", found=crosshair, known=", ".join(CROSSHAIRS))


def cross(mean: Floats, crosshair: Crosshair, scales: Scales) -> Floats:
    """The crosshair (importance, performance) of means of shape (…, 2, p): their mean or median over the p, or the
    middle of the scales.

    Raises MethodError `importance.midpoint` where a scale is not known.
    """
    if crosshair == "mean":
        return np.asarray(mean.mean(axis=-1), dtype=np.float64)
    if crosshair == "median":
        return np.asarray(np.median(mean, axis=-1), dtype=np.float64)
    if scales[0] is None or scales[1] is None:
        raise MethodError("importance.midpoint")
    return np.broadcast_to(np.array([sum(scale) / 2 for scale in scales if scale]), mean.shape[:-1])


def places(mean: Floats, crosshair: Crosshair, scales: Scales) -> NDArray[np.int64]:
    """The quadrant of each of p things, an index of `QUADRANTS`, shape (…, p), from means of shape (…, 2, p). On the
    crosshair is high.
    """
    high = mean >= cross(mean, crosshair, scales)[..., None] - 1e-9
    return np.asarray(2 * high[..., 0, :] + high[..., 1, :], dtype=np.int64)


def place_fields(mean: Floats, draws: Floats | None, crosshair: Crosshair, scales: Scales) -> list[dict[str, Any]]:
    """The fields of p rows that say where each stands, and in which share of the replicated means (replicates, 2, p) it
    stands there too.
    """
    here, at = places(mean, crosshair, scales), cross(mean, crosshair, scales).tolist()
    rows: list[dict[str, Any]] = [{"quadrant": QUADRANTS[place], "cross": (at[0], at[1])} for place in here.tolist()]
    if draws is None:
        return rows
    drawn = places(draws, crosshair, scales)
    for i, row in enumerate(rows):
        share = np.bincount(drawn[:, i], minlength=4) / len(drawn)
        row |= {
            "probability": float(share[here[i]]),
            "probabilities": MappingProxyType(dict(zip(QUADRANTS, share.tolist(), strict=True))),
        }
    return rows


# --- the plane of one group -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Plane:
    """The means of one group: arrays of shape (2, p), importance first; `variance` of one answer is NaN where it is not
    known.
    """

    names: Sequence[str]
    mean: Floats
    n: Floats
    variance: Floats
    draws: Floats | None = None
    resampling: Resampling | None = None
    scales: Scales = (None, None)
    derived: bool = False

    def place(self, crosshair: Crosshair) -> dict[int, dict[str, Any]]:
        """Of each column that has enough answers, the fields that say where it stands; none of them where it would
        stand alone, or where all stand on one spot.
        """
        enough = np.flatnonzero(
            (self.n[1] >= FEWEST_FOR_SPREAD) & ((self.n[0] >= FEWEST_FOR_SPREAD) | self.derived)
        ).tolist()
        if crosshair != "midpoint" and (len(enough) < 2 or self._alike(enough)):
            return {i: {} for i in enough}
        drawn = None if self.draws is None else self.draws[:, :, enough]
        rows = place_fields(self.mean[:, enough], drawn, crosshair, self.scales)
        return {i: row | {"resampling": self.resampling} for i, row in zip(enough, rows, strict=True)}

    def _alike(self, columns: list[int]) -> bool:
        """Whether nothing sets these apart: neither importance nor performance, or importance that is derived and the
        same for all.
        """
        same = np.ptp(self.mean[:, columns], axis=1) < 1e-9
        return bool(same.all() or (self.derived and same[0]))

    def interval(self, side: int, i: int, conf: float) -> iv.Interval | None:
        """Student's interval of one mean, clipped to its scale."""
        mean, n, variance = (float(part[side, i]) for part in (self.mean, self.n, self.variance))
        known = math.isfinite(variance) and variance > 1e-12
        return iv.mean_t(n, mean, variance, conf, self.scales[side] or (-math.inf, math.inf)) if known else None


# --- from facts -------------------------------------------------------------------------------------------------------

About = dict[str, dict[str, Any]]


def planes(
    facts: Facts, groups: tuple[str, ...], roles: Sequence[str], derived: Mapping[str, float] | None
) -> Iterator[tuple[Plane, About]] | None:
    """The plane of each group, and of each construct the fields that say who was asked; None where nothing has both
    sides.

    Performance is in the first of the `roles` that a construct was asked in. Raises MethodError `importance.scales`.
    """
    asked = pd.asked_roles(facts)
    done = _performance_roles(asked, roles, derived)
    return (
        _planes(facts.where(construct=tuple(done)), groups, done, _scales(asked, done, derived), derived)
        if done
        else None
    )


def _performance_roles(
    asked: Mapping[str, RoleScales], roles: Sequence[str], derived: Mapping[str, float] | None
) -> dict[str, str]:
    """The constructs that have both, and the role that their performance was asked in."""
    matters = {name for name, one in asked.items() if "importance" in one.roles} if derived is None else set(derived)
    found = {
        name: next((role for role in roles if role in one.roles), "") for name, one in asked.items() if name in matters
    }
    return {name: role for name, role in found.items() if role}


def _scales(asked: Mapping[str, RoleScales], done: Mapping[str, str], derived: Mapping[str, float] | None) -> Scales:
    """The one scale of importance (None where it is derived) and the one of performance; raises `importance.scales` for
    several.
    """
    stated = RoleScales({"importance": frozenset().union(*(asked[name].scales("importance") for name in done))})
    given = RoleScales({"performance": frozenset().union(*(asked[name].scales(role) for name, role in done.items()))})
    for one, role in ((stated, "importance"), (given, "performance")):
        if len(one.scales(role)) > 1 and (derived is None or role == "performance"):
            raise MethodError("importance.scales", role=role, scales=scales_text(one.scales(role)))
    return (None if derived is not None else stated.scale("importance")), given.scale("performance")


def _planes(
    facts: Facts, groups: tuple[str, ...], done: Mapping[str, str], scales: Scales, derived: Mapping[str, float] | None
) -> Iterator[tuple[Plane, About]]:
    """The means of each group, and who was asked how they find each construct done."""
    states: dict[tuple[Any, ...], Counter[str]] = {}
    for role in sorted(set(done.values())):
        names = tuple(name for name, one in done.items() if one == role)
        states |= pd.respondents(facts.where(construct=names), groups, (role, role), ("construct",))
    there = in_order(key[:-1] for key in states)
    found = moments(facts, groups, columns=("construct", "role"), buckets=buckets(2 * len(done), len(there)))
    wide = [*((name, "importance") for name in done), *done.items()]
    cells = {
        tuple(cell.values()): part
        for cell, part in tally(facts, groups, keys=("construct", "role"))
        .where(state="answered")
        .split(*groups, "construct", "role")
    }
    for group in there:
        one = _plane(columns_of(found, group, wide), tuple(done), scales, derived)
        n = dict(zip(done, one.n[1].astype(int).tolist(), strict=True))
        about = {
            name: pd.about(groups, group, n[name], states[*group, name]) for name in done if (*group, name) in states
        }
        for name, own in about.items():
            own |= {"weighted": _weighted_twin(cells.get((*group, name, done[name])))}
            own |= {
                "weighted_importance": None
                if derived is not None
                else _weighted_twin(cells.get((*group, name, "importance")))
            }
        yield one, about


def _weighted_twin(cells: Counts | None) -> Mapping[str, float | None] | None:
    """The mean of answers with survey weights: value, its linearised error as survey::svymean, and Kish's number of
    equal answers.
    """
    n = 0 if cells is None else int(cells.count.sum())
    if cells is None or (found := iv.weighted_mean(cells.column("value"), n, cells.weight, cells.weight2)) is None:
        return None
    return MappingProxyType({"value": found.mean, "se": found.se, "n_eff": found.n_eff})


def _plane(sums: Sums, names: tuple[str, ...], scales: Scales, derived: Mapping[str, float] | None) -> Plane:
    shape = (2, len(names))
    mean, n, variance = (
        part.reshape(shape).copy()
        for part in (np.nan_to_num(sums.mean()), sums.count(), np.diagonal(sums.covariance()))
    )
    resampled = len(sums.n) > 1
    draws = bootstrap(sums).reshape(-1, *shape) if resampled else normal(mean, spread_of_means(sums))
    if derived is not None:
        mean[0] = draws[:, 0] = [derived[name] for name in names]
        n[0], variance[0] = 0.0, np.nan
    return Plane(
        names=names, mean=mean, n=n, variance=variance, draws=draws, resampling="bootstrap" if resampled else "normal",
        scales=scales,
        derived=derived is not None,
    )  # fmt: skip


# --- sums of one group ------------------------------------------------------------------------------------------------


def buckets(columns: int, groups: int) -> int:
    """How many buckets of respondents to ask for: one, where resampling them would need more room than there is."""
    return BUCKETS if 24 * columns**2 * BUCKETS * max(1, groups) <= ROOM else 1


def columns_of(found: Moments, group: Group, columns: Sequence[tuple[str, str]]) -> Sums:
    """The sums of these columns in a group, in this order; a column that nobody answered is there, and empty."""
    held = [at for at, column in enumerate(columns) if column in found.names]
    if group not in found.groups:
        empty = np.zeros((1, len(columns), len(columns)))
        return Sums(empty, empty, empty)
    return found.groups[group].take([found.names.index(columns[at]) for at in held]).among(held, len(columns))


# --- replicated means -------------------------------------------------------------------------------------------------


def normal(mean: Floats, spread: Floats) -> Floats:
    """Normal draws of the means, shape (replicates, 2, p), from their covariance (2p, 2p); what in it is not positive
    counts as no spread.
    """
    values, vectors = np.linalg.eigh((spread + spread.T) / 2)
    drawn = np.random.default_rng(SEED).standard_normal((REPLICATES, mean.size)) * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(mean.ravel() + drawn @ vectors.T, dtype=np.float64).reshape(REPLICATES, *mean.shape)


def bootstrap(sums: Sums) -> Floats:
    """The means of all columns in resamples of the buckets of respondents, shape (replicates, columns).

    A resample in which nobody answered a column keeps the mean that was seen.
    """
    buckets = len(sums.n)
    n, s = (np.diagonal(part, axis1=1, axis2=2) for part in (sums.n, sums.s))
    weight = (
        np.random.default_rng(SEED)
        .multinomial(buckets, np.full(buckets, 1 / buckets), size=REPLICATES)
        .astype(np.float64)
    )
    count, total = weight @ n, weight @ s
    seen = np.broadcast_to(np.nan_to_num(sums.mean()), count.shape)
    return np.asarray(np.divide(total, count, out=seen.copy(), where=count > 0), dtype=np.float64)


def spread_of_means(sums: Sums) -> Floats:
    """Covariance of the means of all columns, pairwise complete: Cov(x̄_i, x̄_j) = n_ij·c_ij/(n_i·n_j); 0 where it is
    not known.
    """
    n = sums.n.sum(axis=0)
    own = np.diagonal(n)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = n * sums.covariance() / np.outer(own, own)
    return np.asarray(np.where(np.isfinite(found), found, 0.0), dtype=np.float64)
