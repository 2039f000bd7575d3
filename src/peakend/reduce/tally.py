"""The kernel that counts: rows by group, item, role and value, and their weights."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from peakend.facts import Facts
from peakend.reduce.parts import in_parts
from peakend.reduce.plans import Frame, columns, counts_of, group_sums, is_answered, plan_once, rows_of, square
from peakend.sums import Counts


@in_parts("row", finish=Counts.settle)
def tally(facts: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("construct",)) -> Counts:
    """Count rows by (by…, keys…, low, high, state, value); the value is null where the state is not answered.

    `by` takes columns of the facts and the grains day, week, month, quarter, year.
    Raises FactsError `facts.column_unknown` for a column that the facts do not have.
    """
    return counts_of(_by_value(facts, columns(by), tuple(keys)), by, (*keys, "low", "high", "state", "value"))


@plan_once
def _by_value(facts: Facts, by: tuple[str, ...], keys: tuple[str, ...]) -> Frame:
    said = nw.when(nw.col("state") == "answered").then(nw.col("value")).alias("value")
    rows = rows_of(facts, (*by, *keys)).select(
        *columns(by, keys, ("low", "high", "state")), said, "weight", square("weight")
    )
    return group_sums(rows, by, (*keys, "low", "high", "state", "value"))


@in_parts("row", finish=Counts.settle)
def weight_sums(facts: Facts, by: Sequence[str] = ()) -> Counts:
    """Count rows with their Σw and Σw² by (by…, said): 1 where there is an answer with a value, else 0."""
    return counts_of(_by_whether_said(facts, columns(by)), by, ("said",))


@plan_once
def _by_whether_said(facts: Facts, by: tuple[str, ...]) -> Frame:
    said = nw.when(is_answered()).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()).alias("said")
    return group_sums(rows_of(facts, by).select(*columns(by), said, "weight", square("weight")), by, ("said",))


@in_parts("row")
def item_counts(facts: Facts, by: Sequence[str] = ()) -> Counts:
    """Count rows by (by…, construct, item), whatever was answered."""
    return counts_of(_by_item(facts, columns(by)), by, ("construct", "item"))


@plan_once
def _by_item(facts: Facts, by: tuple[str, ...]) -> Frame:
    one = [nw.lit(1.0).alias(name) for name in ("weight", "_squared")]
    return group_sums(
        facts.counting_rows.filter(~nw.col("construct").is_null()).select(*columns(by, ("construct", "item")), *one),
        by,
        ("construct", "item"),
    )
