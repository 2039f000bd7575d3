"""What to do with a budget: initiatives, the rules between them, and the sets that are worth most.

The choice is a 0/1 programme, max Σ v·x under Σ c·x ≤ B, with costs in whole cents. Of a set that excludes one another
at most one is chosen; what requires another is chosen only with it; what must be is always chosen, and of a named set
of musts at least one. Benefits on one touchpoint add up only to its cap: the one that is stated, else the largest
single benefit there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend.errors import MethodError
from peakend.maths.binary_programmes import Choice, Programme, programme
from peakend.sums import Floats

MOST_SETS: Final = 50
"""Equally good sets are listed up to so many."""
MOST_ENUMERATED: Final = 16
"""Up to so many initiatives, every set is looked at; beyond, HiGHS finds the best one of each resample."""
_SAME: Final = 1e-9
"""Two totals are equal when they differ by less than this share of all that could be had."""


@dataclass(frozen=True, kw_only=True)
class Initiative:
    """One thing that could be done. `cost` in cents; `down` and `up` are the standard deviations of the value below and
    above it.
    """

    name: str
    cost: int
    value: float
    down: float = 0.0
    up: float = 0.0
    touchpoint: str | None = None
    group: str | None = None
    requires: tuple[str, ...] = ()
    must: str | None = None
    cap: float | None = None


ALWAYS: Final = "yes"
"""The word for `must` that means this one; any other word names a set of which one must be chosen."""


@dataclass(frozen=True)
class Choosing:
    """The initiatives, in order of their names, and what may be spent on them, in cents."""

    all: tuple[Initiative, ...]
    budget: int

    # --- worth --------------------------------------------------------------------------------------------------------

    def values(self) -> Floats:
        """The stated values, shape (n,)."""
        return np.array([one.value for one in self.all])

    def touchpoints(self) -> dict[str, list[int]]:
        """Where several act on the same touchpoint: which."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.all):
            if one.touchpoint is not None:
                found[one.touchpoint].append(i)
        return {name: at for name, at in found.items() if len(at) > 1}

    def cap(self, at: Sequence[int], values: Floats) -> Floats:
        """The most that these, on one touchpoint, are worth together: shape (…) for values of shape (…, n)."""
        stated = [cap for i in at if (cap := self.all[i].cap) is not None]
        return np.asarray(np.full(values.shape[:-1], stated[0]) if stated else values[..., list(at)].max(axis=-1))

    def worth(self, sets: NDArray[np.bool_], values: Floats) -> Floats:
        """The total of each set under each row of values: shapes (s, n) and (d, n) give (d, s)."""
        shared = self.touchpoints()
        alone = [i for i in range(len(self.all)) if not any(i in at for at in shared.values())]
        total = values[:, alone] @ sets[:, alone].T.astype(float)
        for at in shared.values():
            total += np.minimum(values[:, at] @ sets[:, at].T.astype(float), self.cap(at, values)[:, None])
        return np.asarray(total)

    def cost(self, chosen: Choice) -> int:
        """What a set costs, in cents, exactly."""
        return sum(one.cost for one, taken in zip(self.all, chosen, strict=True) if taken)

    # --- rules --------------------------------------------------------------------------------------------------------

    def rules(self) -> Iterator[tuple[Floats, float, float]]:
        """Low ≤ a·x ≤ high for what excludes, requires, and must be; the budget not among them."""
        n, at = len(self.all), {one.name: i for i, one in enumerate(self.all)}
        for members in self._named("group").values():
            yield _marks(n, members), -np.inf, 1.0
        for i, one in enumerate(self.all):
            for other in one.requires:
                yield _marks(n, [i]) - _marks(n, [at[other]]), -np.inf, 0.0
        for name, members in self._named("must").items():
            yield _marks(n, members), float(len(members)) if name == ALWAYS else 1.0, np.inf

    def _named(self, field: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for i, one in enumerate(self.all):
            if (name := getattr(one, field)) is not None:
                found[name].append(i)
        return found

    def keeps(self, chosen: Choice) -> bool:
        """Whether a set keeps every rule and, to the cent, the budget."""
        x = chosen.astype(float)
        return self.cost(chosen) <= self.budget and all(low <= float(a @ x) <= high for a, low, high in self.rules())

    # --- the best -----------------------------------------------------------------------------------------------------

    def optima(self, values: Floats, most: int = MOST_SETS) -> list[Choice]:
        """All sets that are worth most, up to `most` of them, the cheapest first; none where the rules and the budget
        leave none.
        """
        asked, found, top = self._programme(values), list[Choice](), -np.inf
        room = _SAME * (float(np.abs(values).sum()) or 1.0)
        while len(found) < most and (chosen := asked.best()) is not None:
            asked = asked.without(chosen)
            if not self.keeps(chosen):
                continue
            worth = float(self.worth(chosen[None], values[None])[0, 0])
            if worth < top - room:
                break
            top = max(top, worth)
            found.append(chosen)
        return sorted(found, key=lambda one: (self.cost(one), int(one.sum()), [not taken for taken in one]))

    def _programme(self, values: Floats) -> Programme:
        """The 0/1 programme; a touchpoint with several has an unknown of its own at the end, no more than its sum and
        its cap.
        """
        n, shared = len(self.all), tuple(self.touchpoints().values())
        reward, width = values.astype(float).copy(), len(self.all) + len(shared)
        for at in shared:
            reward[at] = 0.0
        caps = np.array([float(self.cap(at, values)) for at in shared])
        asked = Programme(
            -np.r_[reward, np.ones(len(shared))],
            np.r_[np.zeros(n), np.full(len(shared), -np.inf)],
            np.r_[np.ones(n), caps],
            free=len(shared),
        )
        for a, low, high in self.rules():
            asked = asked.with_rule(_wide(a, width), low, high)
        for j, at in enumerate(shared):
            asked = asked.with_rule(_marks(width, [n + j]) - _wide(_marks(n, at) * values, width), high=0.0)
        share = np.array([one.cost / max(self.budget, 1) for one in self.all])
        return asked.with_rule(_wide(share, width), high=self.budget / max(self.budget, 1))

    def cheapest(self) -> Choice | None:
        """The cheapest set that keeps the rules, whatever the budget; None where they contradict one another."""
        asked = programme(
            [one.cost * (len(self.all) + 1) + 1 for one in self.all]
        )  # of two that cost the same, the smaller
        for a, low, high in self.rules():
            asked = asked.with_rule(a, low, high)
        return asked.best()

    def contradicting(self) -> tuple[str, ...]:
        """What must be and cannot be together: those without which the rest could; all musts where no single one is to
        blame.
        """
        musts = [one.name for one in self.all if one.must is not None]
        return tuple(name for name in musts if self._without_must(name).cheapest() is not None) or tuple(musts)

    def _without_must(self, name: str) -> Choosing:
        return replace(self, all=tuple(replace(one, must=None) if one.name == name else one for one in self.all))

    def greedy(self) -> Choice:
        """What choosing by value per cost gives: what must be first, then again and again the best ratio of what still
        fits.
        """
        forced = self.cheapest() if any(one.must for one in self.all) else None
        chosen = np.zeros(len(self.all), dtype=bool) if forced is None else forced
        order = sorted(
            (i for i, one in enumerate(self.all) if one.value > 0),
            key=lambda i: (-ratio(self.all[i]), self.all[i].name),
        )
        while (
            more := next((trial for i in order if not chosen[i] and self.keeps(trial := _with(chosen, i))), None)
        ) is not None:
            chosen = more
        return chosen

    # --- uncertain values ---------------------------------------------------------------------------------------------

    def draws(self, count: int, seed: int) -> Floats:
        """Values as they might be: normal below and above the stated one, each side with its own spread; shape (count,
        n).
        """
        z = np.random.default_rng(seed).standard_normal((count, len(self.all)))
        down, up = (np.array([getattr(one, side) for one in self.all]) for side in ("down", "up"))
        return np.asarray(self.values() + np.where(z < 0, down, up) * z)

    def winners(self, values: Floats) -> NDArray[np.bool_]:
        """The best set under each row of values, shape (d, n)."""
        if len(self.all) > MOST_ENUMERATED:
            return np.stack([self.optima(row, most=1)[0] for row in values])
        sets = self._sets()
        parts = np.array_split(values, max(1, len(values) * len(sets) // 4_000_000))
        return np.concatenate([sets[self.worth(sets, part).argmax(axis=1)] for part in parts])

    def optimism(self, values: Floats, winners: NDArray[np.bool_]) -> float:
        """By how much the best of each draw looks better in that draw than it is as stated, on average: what picking
        the best adds by itself.
        """
        sets, which = np.unique(winners, axis=0, return_inverse=True)
        at = np.arange(len(which)), which.ravel()
        return float(
            np.mean(self.worth(sets, values[: len(which)])[at] - self.worth(sets, self.values()[None])[0][at[1]])
        )

    def _sets(self) -> NDArray[np.bool_]:
        """Every set that keeps the rules and the budget, the cheapest first."""
        n = len(self.all)
        sets = (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(np.int64)
        costs = sets @ np.array([one.cost for one in self.all], dtype=np.int64)
        kept = costs <= self.budget
        for a, low, high in self.rules():
            total = sets @ a.astype(np.int64)
            kept &= (total >= low) & (total <= high)
        return np.asarray(sets[kept][np.argsort(costs[kept], kind="stable")].astype(bool))


def ratio(one: Initiative) -> float:
    """Value for each unit of money; without end where it costs nothing and is worth something."""
    if not one.cost:
        return math.inf if one.value > 0 else 0.0
    return 100 * one.value / one.cost


def choice_of(initiatives: Sequence[Initiative], budget: int) -> Choosing:
    """The initiatives as a choice to make, in order of their names.

    Raises MethodError `portfolio.twice` for a name that stands twice, `portfolio.requires` for a prerequisite that is
    not there, `portfolio.caps` where a touchpoint has two caps.
    """
    names = [one.name for one in initiatives]
    caps: Mapping[str, set[float]] = defaultdict(set)
    for one in initiatives:
        if names.count(one.name) > 1:
            raise MethodError("portfolio.twice", initiative=one.name)
        if unknown := [other for other in one.requires if other not in names]:
            raise MethodError("portfolio.requires", initiative=one.name, found=", ".join(unknown))
        if one.touchpoint is not None and one.cap is not None:
            caps[one.touchpoint].add(one.cap)
    if several := next(((name, found) for name, found in caps.items() if len(found) > 1), None):
        raise MethodError(
            "portfolio.caps", touchpoint=several[0], found=", ".join(f"{cap:g}" for cap in sorted(several[1]))
        )
    return Choosing(tuple(sorted(initiatives, key=lambda one: one.name)), budget)


def _with(chosen: Choice, i: int) -> Choice:
    more = chosen.copy()
    more[i] = True
    return more


def _marks(n: int, at: Sequence[int]) -> Floats:
    a = np.zeros(n)
    a[list(at)] = 1.0
    return a


def _wide(a: Floats, width: int) -> Floats:
    return np.asarray(np.r_[a, np.zeros(width - len(a))])
