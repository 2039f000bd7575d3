"""What may be shown of counts by group: small cells hidden, and with them as few others as keep them from being worked
out.

A cell of fewer than `threshold` people (default 10, empty cells aside: nobody is exposed by them) is hidden. Where
totals are published too, a single hidden cell is its total less the others, so further cells are hidden: the fewest,
and of those the ones with the fewest people (a 0/1 programme, cutting planes after Fischetti & Salazar 1999, solved by
HiGHS). What stays then has two properties, and `recoverable_figures` audits them: no hidden count follows from the
published ones by any adding and subtracting, and what is hidden under each published total holds together at least
`threshold` people.

For a table that is published once, as in a report. Not a protection against knowledge from elsewhere, nor against
tables published at other times, the same people minus one: pages that are read again and again release their figures in
batches (`docs/decisions/0008-released-in-batches.md`). Checked against: exhaustive search of all patterns on small
tables; rank of the published equations.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import scipy
from numpy.typing import NDArray

from peakend.errors import MethodError
from peakend.maths.binary_programmes import Programme, programme

THRESHOLD: Final = 10
ALL: Final = "*"
"""In a key, the place of a dimension that is summed over: ("A", "*") is the total of A."""

Key = Hashable
Floats = NDArray[np.float64]
_ZERO: Final = 1e-9
_DEARER: Final = 4.0
"""A total is worth so many cells: it is hidden only where that spares more."""


@dataclass(frozen=True, kw_only=True)
class SuppressedTable:
    """The figures that may be published, None where hidden; totals stand under keys with "*".

    `small` are hidden for their own sake, `others` so that those cannot be worked out.
    """

    figures: Mapping[Key, int | None]
    small: tuple[Key, ...]
    others: tuple[Key, ...]
    threshold: int

    @property
    def hidden_names(self) -> tuple[Key, ...]:
        """All that is hidden."""
        return (*self.small, *self.others)


def suppress(counts: Mapping[Any, int], *, threshold: int = THRESHOLD, totals: bool = True) -> SuppressedTable:
    """The counts with what must be hidden hidden.

    `counts` by cell: a name, or a tuple of names for a table of several dimensions (cells that are not there are
    empty). With `totals` every margin is published too, down to the grand total. Raises MethodError `disclosure.counts`
    for counts that are negative or not whole, for keys of different lengths, or a threshold below 2.
    """
    cells = _checked_counts(counts, threshold)
    table = _Table.of(cells, totals=totals)
    small = {i for i, count in enumerate(table.counts) if 0 < count < threshold}
    hidden = table.pattern(small, threshold) if small else set[int]()
    plain = all(not isinstance(key, tuple) for key in counts)
    names = [key[0] if plain else key for key in table.keys]
    return SuppressedTable(
        figures=MappingProxyType({name: None if i in hidden else table.counts[i] for i, name in enumerate(names)}),
        small=tuple(names[i] for i in sorted(small)),
        others=tuple(names[i] for i in sorted(hidden - small)),
        threshold=threshold,
    )


def recoverable_figures(figures: Mapping[Any, int | None]) -> dict[Key, float]:
    """The hidden figures that follow from the published ones by adding and subtracting, and what they come to; {} where
    none does.
    """
    keys = [key if isinstance(key, tuple) else (key,) for key in figures]
    hidden = [i for i, value in enumerate(figures.values()) if value is None]
    relations = _relations(keys)
    if not hidden or not len(relations):
        return {}
    known = np.array([0.0 if value is None else float(value) for value in figures.values()])
    names = list(figures)
    return {
        names[i]: float(-(y @ relations) @ known)
        for i in hidden
        if (y := _combination(relations, hidden, i)) is not None
    }


def _checked_counts(counts: Mapping[Any, int], threshold: int) -> dict[tuple[str, ...], int]:
    cells = {key if isinstance(key, tuple) else (key,): count for key, count in counts.items()}
    wrong = [count for count in cells.values() if count < 0 or count != int(count)]
    if wrong or len({len(key) for key in cells}) > 1 or threshold < 2 or any(ALL in key for key in cells):
        raise MethodError(
            "disclosure.counts", found=", ".join(str(count) for count in wrong) or "–", threshold=threshold
        )
    return {key: int(count) for key, count in cells.items()}


@dataclass(frozen=True)
class _Table:
    """Cells and totals in one list, and the equations between them: relations @ counts = 0, a row of +1 for parts and
    −1 for their total.
    """

    keys: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]
    relations: Floats

    @classmethod
    def of(cls, cells: Mapping[tuple[str, ...], int], *, totals: bool) -> _Table:
        every = dict(cells)
        dimensions = len(next(iter(cells), ()))
        for size in range(1, dimensions + 1 if totals else 0):
            for over in combinations(range(dimensions), size):
                for key, count in cells.items():
                    margin = tuple(ALL if i in over else name for i, name in enumerate(key))
                    every[margin] = every.get(margin, 0) + count
        return cls(tuple(every), tuple(every.values()), _relations(list(every)))

    def pattern(self, small: set[int], threshold: int) -> set[int]:
        """The cheapest set of figures to hide that holds the small ones and leaves none of its own to be worked out."""
        asked = self._programme(small, threshold)
        while True:
            found = asked.best()
            if found is None:  # it is there whenever hiding everything is, and that keeps every rule
                return {i for i, count in enumerate(self.counts) if count}
            hidden = {int(i) for i in np.flatnonzero(found)}
            cuts = list(self._cuts(hidden))
            if not cuts:
                return hidden
            for a in cuts:
                asked = asked.with_rule(a, low=0.0)

    def _programme(self, small: set[int], threshold: int) -> Programme:
        """Few figures first, of those few people; empty ones stay; what one total hides holds enough people, unless the
        total is hidden too.
        """
        counts = np.array(self.counts, dtype=float)
        totals = np.array([ALL in key for key in self.keys])
        least = np.array([1.0 if i in small else 0.0 for i in range(len(counts))])
        asked = programme(np.where(totals, _DEARER, 1.0) + counts / (counts.sum() + 1.0), least=least)
        for i in np.flatnonzero(counts == 0):
            asked = asked.with_rule(_unit(len(counts), int(i)), high=0.0)
        for row in self.relations:
            for a in self._row_rules(row, counts, threshold):
                asked = asked.with_rule(a, low=0.0)
        return asked

    def _row_rules(self, row: Floats, counts: Floats, threshold: int) -> Iterator[Floats]:
        """Of one total and its parts: none is hidden alone, and unless the total is hidden the hidden parts hold enough
        people.
        """
        there, n = (row != 0) & (counts > 0), len(row)
        total, held = (
            int(np.flatnonzero(row < 0)[0]),
            np.where((row > 0) & there, np.minimum(counts / threshold, 1.0), 0.0),
        )
        for i in np.flatnonzero(there):
            yield there.astype(float) - 2.0 * _unit(n, int(i))
            if i != total and held[i] < 1.0:
                yield held - _unit(n, int(i)) + _unit(n, total)

    def _cuts(self, hidden: set[int]) -> Iterator[Floats]:
        """For each hidden figure that can be worked out: of the others in the equation that gives it away, one more
        must be hidden.
        """
        for i in sorted(hidden):
            if (y := _combination(self.relations, sorted(hidden), i)) is not None:
                others = (np.abs(_fewest(self.relations, sorted(hidden), i, y) @ self.relations) > _ZERO) & (
                    np.array(self.counts) > 0
                )
                others[i] = False
                yield others.astype(float) - _unit(len(self.keys), i)


def _relations(keys: Sequence[tuple[Any, ...]]) -> Floats:
    """Each total as the sum over one dimension of what is one step finer, where all of it is there; shape (relations,
    figures).
    """
    rows = []
    for i, key in enumerate(keys):
        for over in (d for d, name in enumerate(key) if name == ALL):
            parts = [j for j, other in enumerate(keys) if other[over] != ALL and _but(other, over) == _but(key, over)]
            if parts:
                row = np.zeros(len(keys))
                row[parts], row[i] = 1.0, -1.0
                rows.append(row)
    return np.array(rows).reshape(len(rows), len(keys))


def _but(key: tuple[Any, ...], over: int) -> tuple[Any, ...]:
    return key[:over] + key[over + 1 :]


def _combination(relations: Floats, hidden: Sequence[int], i: int) -> Floats | None:
    """How to add and subtract equations so that of the hidden figures only this one stays, with a coefficient of one;
    None where it cannot be.
    """
    if not len(relations):
        return None
    a, wanted = relations[:, list(hidden)].T, np.array([1.0 if j == i else 0.0 for j in hidden])
    y = np.linalg.lstsq(a, wanted, rcond=None)[0]
    return np.asarray(y) if np.allclose(a @ y, wanted, atol=1e-7) else None


def _fewest(relations: Floats, hidden: Sequence[int], i: int, y: Floats) -> Floats:
    """Of all combinations that give a figure away, one that takes the fewest published figures to do so: the sharpest
    cut (a linear programme).
    """
    known = np.setdiff1d(np.arange(relations.shape[1]), hidden)
    a, m, k = relations[:, known].T, len(relations), len(known)
    bounded = np.block([[a, -np.eye(k)], [-a, -np.eye(k)]])
    kept = np.hstack([relations[:, list(hidden)].T, np.zeros((len(hidden), k))])
    found = scipy.optimize.linprog(
        np.r_[np.zeros(m), np.ones(k)], A_ub=bounded, b_ub=np.zeros(2 * k), A_eq=kept,
        b_eq=[float(j == i) for j in hidden],
        bounds=[(None, None)] * m + [(0, None)] * k,
    )  # fmt: skip
    return y if found.x is None else np.asarray(found.x[:m])


def _unit(n: int, i: int) -> Floats:
    a = np.zeros(n)
    a[i] = 1.0
    return a
