"""The kernels that multiply: one row a response, a column for each thing that was asked, and the sums of their
products.

The engine pivots (`when … then`, the greatest of a cell: half the work of an average, and right where no cell holds two
values); numpy multiplies the columns, which is much cheaper than to ask an engine for every product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import Facts
from peakend.reduce.columns import EngineTable, bucket_of
from peakend.reduce.parts import in_parts
from peakend.reduce.people import people_of
from peakend.reduce.plans import (
    Frame,
    all_of,
    collect,
    columns,
    days,
    is_answered,
    plan_once,
    rows_of,
    takes_turn,
    without_grains,
)
from peakend.reduce.sides import Sides, dimensions, zones
from peakend.reduce.tallies import item_counts
from peakend.sums import Counts, Floats, Gaps, Group, Moments, Powers, Profiles, Wholes, distinct, products

BUCKETS: Final = 1024
"""Buckets of responses for resampling: enough that a bucket's own chance does not show (its relative spread is about
2%).
"""

Name = tuple[str, ...]
Item = tuple[str, str | None]
Wide = tuple[tuple[Name, ...], EngineTable, Floats]
"""Names of the wide columns, the table with one row a response, and the values of shape (responses, p), NaN where there
is none.
"""


def _asked_of(facts: Facts, *, pair: tuple[str, ...] | None = None, roles: tuple[str, ...] = (), **_: Any) -> Hashable:
    """The items by which the first two roles were asked: what is at least half of them is half of all that was asked
    anywhere.
    """
    first = (pair or roles)[:2]
    return _items(facts, first) if first else ()


def _items(facts: Facts, roles: Sequence[str]) -> tuple[Item, ...]:
    return item_counts((facts.whole or facts).where(role=tuple(roles[:2]))).cells


@in_parts("response", depends=_asked_of)
def moments(
    facts: Facts,
    by: Sequence[str] = (),
    *,
    columns: Sequence[str] = ("construct",),
    pair: tuple[str, str] | None = None,
    importance: str | None = None,
    buckets: int = 1,
    weighted: bool = False,
    squares: bool = False,
) -> Moments:
    """Pairwise-complete n, Σx, Σxy over responses, by group and bucket.

    Without `pair`, the wide columns are the combinations of `columns` (for instance `("construct", "role")`), and a
    response's cell is the mean of its answered values there. With `pair=("expectation", "perception")` the cells are,
    for each construct, the means over the items answered on both sides, if these are at least half of the construct's
    items: names (construct, "expectation"), (construct, "perception"), (construct, "gap"), and ("overall", …) where no
    construct is wanting; with `importance` (a role), also ("weighted", "gap") = Σ importance·gap / Σ importance of each
    response.

    With `squares`, also Σx² of each over the responses that hold both of a pair, for the correlation of a pair over its
    own n. The time of a response is its first day. What was reduced apart adds up as long as no response is split, and,
    for pairs, as long as every part has seen every item.
    """
    wide = _wide_pairs(facts, by, pair, importance) if pair else _wide(facts, by, tuple(columns))
    return power_sums(wide, by, buckets, power=int(weighted), squares=squares)


@takes_turn
def profiles(
    facts: Facts, by: Sequence[str] = (), *, columns: Sequence[str] = ("construct",), of: str = "response"
) -> Profiles:
    """Count whole rows: how many responses (or customers, with `of="customer"`) hold the same values in all wide
    columns of `moments`.

    For what no sums carry: robust errors of a regression, or who moved from one answer to another. Rows without an `of`
    are left out. It adds up as long as no response (or customer) is split.
    """
    names, table, values = _wide(facts, by, tuple(columns), of)
    groups, which = table.groups(by)
    heads = np.ones(len(values), dtype=np.int64)
    return Profiles(
        names, tuple(by), {group: distinct(values[which == g], heads[which == g]) for g, group in enumerate(groups)}
    )


@in_parts("response", depends=_asked_of)
def gaps(facts: Facts, by: Sequence[str] = (), *, pair: tuple[str, str], importance: str | None = None) -> Gaps:
    """`moments` with `pair`, and from the same pass the tally of both means: by (by…, construct, left, right),
    "overall" among the constructs.

    Ranks and ratios need the tally, which sums do not give. Means are rounded to nine digits, so that equal ones are
    counted as one.
    """
    wide = _wide_pairs(facts, by, pair, importance)
    return Gaps(*_powers(wide, by), _tallied(wide, by, pair))


@in_parts("response", depends=_asked_of)
def levels(facts: Facts, by: Sequence[str] = (), *, roles: tuple[str, str, str]) -> Powers:
    """Sums of each construct's three levels (adequate, desired, perceived: these `roles`) over respondents, as
    `sides.zones` names them.
    """
    items, people, of_role, _ = _of_roles(facts, by, roles, constructs=False)
    named = zones([construct for construct, _ in items], *(of_role[role] for role in roles))
    names = tuple(sorted(named))
    return Powers(
        *_powers(
            (names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))),
            by,
        )
    )


# --- a column for each combination ------------------------------------------------------------------------------------


def _wide(facts: Facts, by: Sequence[str], keys: tuple[str, ...], of: str = "response") -> Wide:
    asked = _conditioned(facts, keys) or _combined(facts, keys, of)
    table = collect(_pivoted(facts, tuple(by), keys, asked, of))
    values = _stacked(table, [f"_{i}" for i in range(len(asked))])
    if int((~np.isnan(values)).sum()) < int(table.wholes("_rows").sum()):  # a cell holds two values
        table = collect(_averaged(facts, tuple(by), keys, asked, of))
        values = _ratio(*(_stacked(table, [f"_{letter}{i}" for i in range(len(asked))]) for letter in "sc"))
    there = np.flatnonzero((~np.isnan(values)).any(axis=0)).tolist()
    return tuple(asked[i] for i in there), table, values if len(there) == len(asked) else values[:, there]


def _conditioned(facts: Facts, keys: tuple[str, ...]) -> tuple[Name, ...]:
    """The constructs that the conditions name, where they are the columns: not all of them need be there. Else
    nothing.
    """
    conditions = [dict(pairs) for kind, pairs in facts.asked if kind == "where"] if keys == ("construct",) else []
    named = next((each["construct"] for each in reversed(conditions) if "construct" in each), ())
    return tuple(
        sorted({(str(name),) for name in (named if isinstance(named, tuple) else (named,)) if name is not None})
    )


def _answers(facts: Facts, by: Sequence[str], keys: Sequence[str], of: str) -> Frame:
    known = [~nw.col(key).is_null() for key in keys]
    if of == "response":
        return rows_of(facts, (*by, *keys)).filter(all_of([is_answered(), *known]))
    return (
        rows_of(facts, (*by, *keys, of))
        .filter(all_of([is_answered(), *known, ~nw.col(of).is_null()]))
        .with_columns(nw.col(of).alias("response"))
    )


def _combined(facts: Facts, keys: tuple[str, ...], of: str) -> tuple[Name, ...]:
    """The combinations that have a value."""
    found = collect(_combinations(facts, keys, of))
    return tuple(sorted(zip(*(found.values(key) for key in keys), strict=True)))


@plan_once
def _combinations(facts: Facts, keys: tuple[str, ...], of: str) -> Frame:
    return _answers(facts, (), keys, of).group_by(*keys).agg(nw.len().alias("_count"))


def _here(keys: Sequence[str], names: Sequence[Name]) -> list[nw.Expr]:
    return [all_of([nw.col(key) == part for key, part in zip(keys, name, strict=True)]) for name in names]


@plan_once
def _pivoted(facts: Facts, by: tuple[str, ...], keys: tuple[str, ...], names: tuple[Name, ...], of: str) -> Frame:
    """One row a response, right where no cell holds two values."""
    cells = [nw.when(at).then(nw.col("value")).alias(f"_{i}") for i, at in enumerate(_here(keys, names))]
    return _by_response(
        _answers(facts, by, keys, of),
        by,
        cells,
        [nw.len().alias("_rows"), *(nw.col(f"_{i}").max() for i in range(len(names)))],
    )


@plan_once
def _averaged(facts: Facts, by: tuple[str, ...], keys: tuple[str, ...], names: tuple[Name, ...], of: str) -> Frame:
    """One row a response, each cell as the sum and the number of its values."""
    here = _here(keys, names)
    sums = [nw.when(at).then(nw.col("value")).alias(f"_s{i}") for i, at in enumerate(here)]
    counts = [nw.when(at).then(nw.lit(1.0)).alias(f"_c{i}") for i, at in enumerate(here)]
    cells = [nw.col(f"_{letter}{i}").sum() for i in range(len(here)) for letter in "sc"]
    return _by_response(_answers(facts, by, keys, of), by, [*sums, *counts], cells)


def _by_response(
    rows: Frame, by: Sequence[str], derived: Sequence[nw.Expr], cells: Sequence[nw.Expr], also: Sequence[str] = ()
) -> Frame:
    rows = rows.select(*columns(by, also, ("response", "weight")), *derived)
    return rows.group_by(*columns(without_grains(by), also, ("response",))).agg(
        nw.col("weight").max(), *(nw.col(day).min() for day in days(by)), *cells
    )


def _stacked(table: EngineTable, names: Sequence[str]) -> Floats:
    return np.column_stack([table.numbers(name) for name in names]) if names else np.empty((len(table), 0))


def _ratio(sums: Floats, counts: Floats) -> Floats:
    n = np.nan_to_num(counts)
    return np.asarray(np.divide(np.nan_to_num(sums), n, out=np.full(n.shape, np.nan), where=n > 0), dtype=np.float64)


# --- both sides of items ----------------------------------------------------------------------------------------------


def _wide_pairs(facts: Facts, by: Sequence[str], pair: tuple[str, str], importance: str | None) -> Wide:
    """One row a response and role from the engine, a column an item; both roles side by side, and means by construct,
    in numpy.
    """
    roles = [*pair, *([importance] if importance else [])]
    items, people, of_role, constructs = _of_roles(facts, by, roles, constructs=importance is not None)
    sides = Sides([construct for construct, _ in items], *(of_role[role][:, : len(items)] for role in pair))
    important = (
        None if importance is None else {c: of_role[importance][:, len(items) + i] for i, c in enumerate(constructs)}
    )
    named = dimensions(sides, pair, important)
    names = tuple(sorted(named))
    return names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))


def _of_roles(
    facts: Facts, by: Sequence[str], roles: Sequence[str], *, constructs: bool
) -> tuple[tuple[Item, ...], EngineTable, dict[str, Floats], list[str]]:
    """The items that the first two roles were asked by, a table with one row a response, and of each role the values: a
    column an item, and then one a construct where `constructs` are wanted.
    """
    rows_of(facts, by)
    items = _items(facts, roles)
    whole = sorted({construct for construct, _ in items}) if constructs else []
    table = collect(_by_role(facts, tuple(by), tuple(roles), items, tuple(whole)))
    which, people = people_of(table, by, "response", named=True)
    return (
        items,
        people,
        {role: _placed(table, which, len(people), role, len(items) + len(whole)) for role in roles},
        whole,
    )


@plan_once
def _by_role(
    facts: Facts, by: tuple[str, ...], roles: tuple[str, ...], items: tuple[Item, ...], whole: tuple[str, ...]
) -> Frame:
    rows = rows_of(facts, by).filter(nw.col("role").is_in(list(roles)) & ~nw.col("construct").is_null() & is_answered())
    here = [*_of_items(items), *(nw.col("construct") == construct for construct in whole)]
    cells = [nw.when(at).then(nw.col("value")).alias(f"_{i}") for i, at in enumerate(here)]
    return _by_response(rows, by, cells, [nw.col(f"_{i}").max() for i in range(len(here))], ("role",))


def _of_items(items: Sequence[Item]) -> list[nw.Expr]:
    """What makes a row one of an item: its name, and the construct where items of two constructs have one name."""
    named = Counter(item for _, item in items)
    own = [nw.col("item").is_null() if item is None else nw.col("item") == item for _, item in items]
    return [
        at & (nw.col("construct") == construct) if named[item] > 1 else at
        for at, (construct, item) in zip(own, items, strict=True)
    ]


def _placed(table: EngineTable, which: Wholes, people: int, role: str, cells: int) -> Floats:
    """The rows of one role, each in the place of its response."""
    found = np.full((people, cells), np.nan)
    here = np.flatnonzero(table.equal("role", role))
    found[which[here]] = _stacked(table, [f"_{i}" for i in range(cells)])[here]
    return found


# --- sums -------------------------------------------------------------------------------------------------------------


def power_sums(wide: Wide, by: Sequence[str], buckets: int, *, power: int, squares: bool = False) -> Moments:
    """The sums with each response counted by this power of its weight: 0 counts heads."""
    names, table, values = wide
    groups, which = table.groups(by)
    bucket = bucket_of(table.values("response"), buckets) if buckets > 1 else np.zeros(len(values), dtype=np.int64)
    weight = table.numbers("weight") ** power if power else np.ones(len(values))
    place = np.argsort(which * buckets + bucket, kind="stable")
    edges = np.searchsorted(which[place], np.arange(len(groups) + 1))
    found: dict[Group, Any] = {}
    for g, group in enumerate(groups):
        rows = place[edges[g] : edges[g + 1]]
        found[group] = products(values[rows], weight[rows], bucket[rows], squares=squares)
    return Moments(names, tuple(by), found, {group: int(edges[g + 1] - edges[g]) for g, group in enumerate(groups)})


def _powers(wide: Wide, by: Sequence[str]) -> tuple[Moments, Moments, Moments]:
    """The sums with w⁰, w¹ and w²; the same ones where all weights are one."""
    plain, alike = power_sums(wide, by, 1, power=0), bool((wide[1].numbers("weight") == 1).all())
    return (
        (plain, plain, plain) if alike else (plain, power_sums(wide, by, 1, power=1), power_sums(wide, by, 1, power=2))
    )


def _tallied(wide: Wide, by: Sequence[str], pair: tuple[str, str]) -> Counts:
    names, table, values = wide
    groups, which = table.groups(by)
    weight = table.numbers("weight")
    cells: list[tuple[Any, ...]] = []
    sums: list[Floats] = []
    for construct in (name for name, role in names if role == "gap" and name not in {"weighted", "items"}):
        both = np.round(values[:, [names.index((construct, role)) for role in pair]], 9) + 0.0
        held = ~np.isnan(both[:, 0] + both[:, 1])
        found, cell = np.unique(np.column_stack([which[held], both[held]]), axis=0, return_inverse=True)
        cells += [(*groups[int(g)], construct, left, right) for g, left, right in found.tolist()]
        sums.append(
            np.column_stack(
                [np.bincount(cell.ravel(), weights=weight[held] ** power, minlength=len(found)) for power in (0, 1, 2)]
            )
        )
    total = np.concatenate(sums) if sums else np.empty((0, 3))
    return Counts.gather((*by, "construct", "left", "right"), cells, *total.T)
