"""Both sides of items from an engine, all roles of a response beside each other: what `sides` takes means of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import Facts
from peakend.reduce.engine_table import EngineTable
from peakend.reduce.plans import Frame, collect, is_answered, plan_once, rows_of
from peakend.reduce.sides import Sides, dimensions
from peakend.reduce.tally import item_counts
from peakend.reduce.units import units_of
from peakend.reduce.wide_rows import Item, Wide, one_row_each, stacked
from peakend.sums import Floats, Wholes


def asked_items(
    facts: Facts, *, pair: tuple[str, ...] | None = None, roles: tuple[str, ...] = (), **_: Any
) -> Hashable:
    """The items by which the first two roles were asked: what is at least half of them is half of all that was asked
    anywhere.
    """
    first = (pair or roles)[:2]
    return _items(facts, first) if first else ()


def _items(facts: Facts, roles: Sequence[str]) -> tuple[Item, ...]:
    return item_counts((facts.whole or facts).where(role=tuple(roles[:2]))).cells


def wide_sides(facts: Facts, by: Sequence[str], pair: tuple[str, str], importance: str | None) -> Wide:
    """One row a response and role from the engine, a column an item; both roles side by side, and means by construct,
    in numpy.
    """
    roles = [*pair, *([importance] if importance else [])]
    items, people, of_role, constructs = sides_of_items(facts, by, roles, constructs=importance is not None)
    sides = Sides([construct for construct, _ in items], *(of_role[role][:, : len(items)] for role in pair))
    important = (
        None if importance is None else {c: of_role[importance][:, len(items) + i] for i, c in enumerate(constructs)}
    )
    named = dimensions(sides, pair, important)
    names = tuple(sorted(named))
    return names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))


def sides_of_items(
    facts: Facts, by: Sequence[str], roles: Sequence[str], *, constructs: bool
) -> tuple[tuple[Item, ...], EngineTable, dict[str, Floats], list[str]]:
    """The items that the first two roles were asked by, a table with one row a response, and of each role the values: a
    column an item, and then one a construct where `constructs` are wanted.
    """
    rows_of(facts, by)
    items = _items(facts, roles)
    whole = sorted({construct for construct, _ in items}) if constructs else []
    table = collect(_by_role(facts, tuple(by), tuple(roles), items, tuple(whole)))
    which, people = units_of(table, by, "response", named=True)
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
    return one_row_each(rows, by, cells, [nw.col(f"_{i}").max() for i in range(len(here))], ("role",))


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
    found[which[here]] = stacked(table, [f"_{i}" for i in range(cells)])[here]
    return found
