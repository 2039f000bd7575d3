"""What kernels return: small frozen tables of counts and sums that can be added, over days, sites and shards.

Adding two of them gives what the kernel would have given on both sets of rows together, provided no response (for
moments and pairs) and no visit (for ends and steps) is split between the two.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from peakend.periods import listing_order

Group = tuple[str | None, ...]
Cell = tuple[Any, ...]
Floats = NDArray[np.float64]
Wholes = NDArray[np.int64]


def in_order(cells: Iterable[Cell]) -> list[Cell]:
    """Distinct cells as tables list them: nulls first, periods and counters by what they mean
    (`periods.listing_order`), the rest as words.
    """
    distinct = set(cells)
    columns = [{cell[at] for cell in distinct} for at in range(min(map(len, distinct), default=0))]
    places = [_places(column) for column in columns]
    return sorted(distinct, key=lambda cell: tuple(place[part] for place, part in zip(places, cell, strict=True)))


def _places(values: set[Any]) -> dict[Any, int]:
    known = [value for value in values if value is not None]
    listed = listing_order(known) if all(isinstance(value, str) for value in known) else sorted(known)
    return {None: -1, **{value: at for at, value in enumerate(listed)}}


def order(cell: Cell) -> tuple[tuple[bool, Any], ...]:
    """A sorting key for cells that may hold nulls: nulls first."""
    return tuple((part is not None, part) for part in cell)


@dataclass(frozen=True)
class Counts:
    """A small table of counts: `keys` names the key columns, `cells[i]` is the i-th combination, in sorted order.

    `count`, `weight` and `weight2` are, for each cell, the number of rows, Σw and Σw².
    """

    keys: tuple[str, ...]
    cells: tuple[Cell, ...]
    count: Wholes
    weight: Floats
    weight2: Floats

    @classmethod
    def gather(cls, keys: Sequence[str], cells: Sequence[Cell], count: Any, weight: Any, weight2: Any) -> Counts:
        """Counts from rows in any order, in which a cell may appear more than once."""
        merged: dict[Cell, list[float]] = {}
        for cell, *sums in zip(cells, count, weight, weight2, strict=True):
            held = merged.setdefault(cell, [0, 0.0, 0.0])
            for i, part in enumerate(sums):
                held[i] += part
        ordered = tuple(sorted(merged, key=order))
        table = np.array([merged[cell] for cell in ordered], dtype=np.float64).reshape(len(ordered), 3)
        return cls(tuple(keys), ordered, table[:, 0].astype(np.int64), table[:, 1], table[:, 2])

    def __add__(self, other: Counts) -> Counts:
        if self.keys != other.keys:
            raise ValueError(f"counts by {self.keys} cannot be added to counts by {other.keys}")
        both = [
            np.concatenate(pair)
            for pair in ((self.count, other.count), (self.weight, other.weight), (self.weight2, other.weight2))
        ]
        return Counts.gather(self.keys, self.cells + other.cells, *both)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        same = self.keys == other.keys and self.cells == other.cells and bool(np.array_equal(self.count, other.count))
        return same and bool(
            np.allclose(self.weight, other.weight, rtol=1e-11) and np.allclose(self.weight2, other.weight2, rtol=1e-11)
        )

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.cells)

    def split(self, *names: str) -> Iterator[tuple[dict[str, Any], Counts]]:
        """The table in parts, one for each combination of these key columns, which the parts no longer have."""
        at = [self.keys.index(name) for name in names]
        rest = [i for i in range(len(self.keys)) if i not in at]
        parts: dict[Cell, list[int]] = {}
        for row, cell in enumerate(self.cells):
            parts.setdefault(tuple(cell[i] for i in at), []).append(row)
        for part in in_order(parts):
            rows = parts[part]
            cells = tuple(tuple(self.cells[row][i] for i in rest) for row in rows)
            yield (
                dict(zip(names, part, strict=True)),
                Counts(
                    tuple(self.keys[i] for i in rest), cells, self.count[rows], self.weight[rows], self.weight2[rows]
                ),
            )

    def column(self, name: str) -> tuple[Any, ...]:
        """The values of one key column, one a cell."""
        at = self.keys.index(name)
        return tuple(cell[at] for cell in self.cells)

    def settle(self) -> Counts:
        """The sums of weights to twelve significant digits: engines, threads and parts add in different orders, and the
        last digits would tell.
        """
        return replace(self, weight=_digits(self.weight), weight2=_digits(self.weight2))

    def where(self, **wanted: Any) -> Counts:
        """Only the cells whose key columns equal these values."""
        at = {self.keys.index(name): value for name, value in wanted.items()}
        rows = [row for row, cell in enumerate(self.cells) if all(cell[i] == value for i, value in at.items())]
        return Counts(
            self.keys, tuple(self.cells[row] for row in rows), self.count[rows], self.weight[rows], self.weight2[rows]
        )


def _digits(sums: Floats) -> Floats:
    size = np.floor(np.log10(np.abs(np.where(sums == 0, 1.0, sums))))
    scale = 10.0 ** np.clip(11 - size, -280, 280)
    return np.asarray(np.round(sums * scale) / scale, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Sums:
    """Pairwise-complete sums of p columns in one group, by bucket of responses: arrays of shape (buckets, p, p).

    `n[b, i, j]` is the number of responses (Σw when weighted) that hold both i and j; `s[b, i, j]` is Σx_i over those;
    `ss[b, i, j]` is Σx_i·x_j. `bucket[b]` names the bucket; buckets into which no response falls are left out.
    `squares[b, i, j]` is Σx_i² over those that hold both, where it was asked for.
    """

    n: Floats
    s: Floats
    ss: Floats
    bucket: Wholes = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    squares: Floats | None = None

    def __add__(self, other: Sums) -> Sums:
        bucket = np.union1d(self.bucket, other.bucket)
        parts = zip((self.n, self.s, self.ss, self.squares), (other.n, other.s, other.ss, other.squares), strict=True)
        n, s, ss, squares = (
            None
            if a is None or b is None
            else _placed_sums(a, self.bucket, bucket) + _placed_sums(b, other.bucket, bucket)
            for a, b in parts
        )
        return Sums(cast("Floats", n), cast("Floats", s), cast("Floats", ss), bucket, squares)

    def _of_each(self, change: Callable[[Floats], Floats], bucket: Wholes) -> Sums:
        n, s, ss = (change(part) for part in (self.n, self.s, self.ss))
        return Sums(n, s, ss, bucket, None if self.squares is None else change(self.squares))

    def __eq__(self, other: object) -> bool:
        """Equal up to the rounding of sums that were added in another order."""
        if (
            not isinstance(other, Sums)
            or self.n.shape != other.n.shape
            or not np.array_equal(self.bucket, other.bucket)
        ):
            return False
        return all(
            np.allclose(a, b, rtol=1e-12, atol=1e-12)
            for a, b in ((self.n, other.n), (self.s, other.s), (self.ss, other.ss))
        )

    __hash__ = None  # type: ignore[assignment]

    def total(self) -> Sums:
        """All buckets as one."""
        return self._of_each(lambda part: part.sum(axis=0, keepdims=True), np.zeros(1, dtype=np.int64))

    def count(self) -> Floats:
        """Responses that hold each column, shape (p,)."""
        return np.asarray(np.diagonal(self.n.sum(axis=0)), dtype=np.float64)

    def mean(self) -> Floats:
        """The mean of each column, shape (p,); NaN where nobody answered."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.diagonal(self.s.sum(axis=0)) / self.count(), dtype=np.float64)

    def covariance(self, ddof: int = 1) -> Floats:
        """Pairwise-complete covariance, shape (p, p): each pair over the responses that hold both, as R's `use =
        "pairwise"`.
        """
        n, s, ss = (part.sum(axis=0) for part in (self.n, self.s, self.ss))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((ss - s * s.T / n) / (n - ddof), dtype=np.float64)

    def correlations(self) -> Floats:
        """The correlation of each pair over the responses that hold both, shape (p, p), as R's cor(use = "pairwise");
        from `squares`.
        """
        if self.squares is None:
            raise ValueError("these sums were made without squares")
        n, s, ss, squares = (part.sum(axis=0) for part in (self.n, self.s, self.ss, self.squares))
        with np.errstate(invalid="ignore", divide="ignore"):
            own = squares - s**2 / n
            return np.asarray((ss - s * s.T / n) / np.sqrt(own * own.T), dtype=np.float64)

    def among(self, places: Sequence[int], size: int) -> Sums:
        """The same columns at these places among `size` columns, the others never answered."""
        return self._of_each(lambda part: _spread(part, places, size), self.bucket)

    def take(self, columns: Sequence[int]) -> Sums:
        """Only these columns, in this order."""
        grid = np.ix_(range(self.n.shape[0]), columns, columns)
        return self._of_each(lambda part: part[grid], self.bucket)


@dataclass(frozen=True)
class Moments:
    """Sums of the same p columns in each group. `names[i]` says which column i is; `by` names the grouping columns."""

    names: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]
    groups: Mapping[Group, Sums]
    responses: Mapping[Group, int]

    def __add__(self, other: Moments) -> Moments:
        if self.by != other.by:
            raise ValueError(f"moments by {self.by} cannot be added to moments by {other.by}")
        names = self.names if self.names == other.names else tuple(sorted({*self.names, *other.names}))
        one, two = self._as(names), other._as(names)
        groups = {
            group: one[group] + two[group] if group in one and group in two else (one.get(group) or two[group])
            for group in {**one, **two}
        }
        seen = {group: self.responses.get(group, 0) + other.responses.get(group, 0) for group in groups}
        ordered = in_order(groups)
        return Moments(names, self.by, {g: groups[g] for g in ordered}, {g: seen[g] for g in ordered})

    def _as(self, names: tuple[tuple[str, ...], ...]) -> dict[Group, Sums]:
        at = [names.index(name) for name in self.names]
        return {group: sums.among(at, len(names)) for group, sums in self.groups.items()}


@dataclass(frozen=True, eq=False)
class Profiles:
    """How many gave the same answers to everything, in each group: the table of rows that a regression or a passage
    between waves needs.

    `names[i]` says which column i is; a group has its distinct rows, shape (m, p), NaN where there is no answer, and
    how many gave each.
    """

    names: tuple[tuple[str, ...], ...]
    by: tuple[str, ...]
    groups: Mapping[Group, tuple[Floats, Wholes]]

    def __add__(self, other: Profiles) -> Profiles:
        if self.by != other.by:
            raise ValueError(f"profiles by {self.by} cannot be added to profiles by {other.by}")
        names = tuple(sorted({*self.names, *other.names}))
        parts = [(group, part._rows(group, names)) for part in (self, other) for group in part.groups]
        found = {
            group: [rows for own, rows in parts if own == group] for group in in_order(group for group, _ in parts)
        }
        merged = {
            g: (np.concatenate([values for values, _ in rows]), np.concatenate([n for _, n in rows]))
            for g, rows in found.items()
        }
        return Profiles(names, self.by, {group: distinct(*rows) for group, rows in merged.items()})

    def _rows(self, group: Group, names: tuple[tuple[str, ...], ...]) -> tuple[Floats, Wholes]:
        values, count = self.groups[group]
        wide = np.full((len(values), len(names)), np.nan)
        wide[:, [names.index(name) for name in self.names]] = values
        return wide, count

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profiles) or (self.names, self.by, list(self.groups)) != (
            other.names,
            other.by,
            list(other.groups),
        ):
            return False
        both = zip(self.groups.values(), other.groups.values(), strict=True)
        return all(np.array_equal(a[0], b[0], equal_nan=True) and np.array_equal(a[1], b[1]) for a, b in both)

    __hash__ = None  # type: ignore[assignment]


def distinct(values: Floats, count: Wholes) -> tuple[Floats, Wholes]:
    """The distinct rows of a table, sorted, and how many stand for each; NaN is equal to NaN and comes last."""
    at = np.zeros(len(values), dtype=np.int64)
    for column in values.T:
        known, code = np.unique(column, return_inverse=True)
        _, at = np.unique(at * len(known) + code.ravel(), return_inverse=True)
    _, first = np.unique(at, return_index=True)
    return values[first], np.bincount(at.ravel(), weights=count, minlength=len(first)).astype(np.int64)


def _placed_sums(part: Floats, own: Wholes, bucket: Wholes) -> Floats:
    wide = np.zeros((len(bucket), *part.shape[1:]))
    wide[np.searchsorted(bucket, own)] = part
    return wide


def _spread(part: Floats, at: Sequence[int], size: int) -> Floats:
    wide = np.zeros((part.shape[0], size, size))
    wide[np.ix_(range(part.shape[0]), at, at)] = part
    return wide


@dataclass(frozen=True)
class Powers:
    """The same sums of the same responses, each counted once, with its weight, and with its weight squared."""

    unweighted: Moments
    weighted: Moments
    squared: Moments

    def of(self, group: Group) -> tuple[Sums, Sums, Sums] | None:
        """The three sums of one group; None where nobody is in it."""
        if group not in self.unweighted.groups:
            return None
        return self.unweighted.groups[group], self.weighted.groups[group], self.squared.groups[group]


@dataclass(frozen=True)
class Gaps(Powers):
    """What one pass over two sides gives: the sums of `moments`, and the tally of both sides' means."""

    tally: Counts


class Ways(Mapping[tuple[str, ...], int]):
    """How many visits went each way, by the names of its steps. There can be as many ways as visits: they are named
    when asked for.
    """

    def __init__(self, names: Sequence[str], codes: Wholes, first: Wholes, count: Wholes) -> None:
        """The way i is `names[codes[first[i]]]`, … up to where the next begins, and `count[i]` visits went it."""
        self._names, self._codes, self._first, self._count = names, codes, first, count

    @cached_property
    def _named(self) -> dict[tuple[str, ...], int]:
        steps = np.array(self._names, dtype=object)[self._codes].tolist()
        bounds = [*self._first.tolist(), len(self._codes)]
        return {tuple(steps[a:b]): n for a, b, n in zip(bounds, bounds[1:], self._count.tolist(), strict=False)}

    def __getitem__(self, way: tuple[str, ...]) -> int:
        return self._named[way]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._count)

    def items(self) -> ItemsView[tuple[str, ...], int]:
        """All ways with their counts, in one pass."""
        return self._named.items()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._named)


@dataclass(frozen=True)
class Steps:
    """Who follows whom in the visits of one group.

    `edges[(a, b)]` counts steps from a to b; `waited[(a, b)]` is their Σ of time in microseconds and `spread[(a, b)]`
    the tally of ⌊log2(microseconds)⌋ in 64 bins; `starts` and `ends` count visits by first and last step; `variants`
    counts whole ways. `tied` counts events whose neighbour is another step at the same instant, `untimed` those that
    have no instant and are in nothing else.
    """

    edges: Mapping[tuple[str, str], int]
    waited: Mapping[tuple[str, str], int]
    spread: Mapping[tuple[str, str], tuple[int, ...]]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    variants: Mapping[tuple[str, ...], int]
    tied: int = field(default=0, compare=False)
    untimed: int = field(default=0, compare=False)

    def __add__(self, other: Steps) -> Steps:
        spread = {
            edge: tuple(
                a + b for a, b in zip(self.spread.get(edge, (0,) * 64), other.spread.get(edge, (0,) * 64), strict=True)
            )
            for edge in sorted({*self.spread, *other.spread})
        }
        return Steps(
            edges=add_tallies(self.edges, other.edges),
            waited=add_tallies(self.waited, other.waited),
            spread=spread,
            starts=add_tallies(self.starts, other.starts),
            ends=add_tallies(self.ends, other.ends),
            variants=add_tallies(self.variants, other.variants),
            tied=self.tied + other.tied,
            untimed=self.untimed + other.untimed,
        )


def add_tallies(one: Mapping[Any, int], two: Mapping[Any, int]) -> dict[Any, int]:
    """Two tallies as one, in sorted order."""
    return {key: one.get(key, 0) + two.get(key, 0) for key in sorted({*one, *two})}


def products(values: Floats, weight: Floats, bucket: Wholes, *, squares: bool = False) -> Sums:
    """The sums of rows that are sorted by bucket; with their `squares` where these are wanted."""
    found, first = np.unique(bucket, return_index=True)
    held = ~np.isnan(values)
    x, present = np.where(held, values, 0.0), held.astype(np.float64)
    n, s, ss, own = (np.empty((len(found), values.shape[1], values.shape[1])) for _ in range(4))
    for b, (start, end) in enumerate(zip(first, [*first[1:], len(bucket)], strict=True)):
        here, there = x[start:end], present[start:end]
        wx = here * weight[start:end, None]
        n[b], s[b], ss[b] = (there * weight[start:end, None]).T @ there, wx.T @ there, wx.T @ here
        if squares:
            own[b] = (wx * here).T @ there
    return Sums(n, s, ss, found, own if squares else None)
