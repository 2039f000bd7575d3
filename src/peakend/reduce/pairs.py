"""The kernel that counts the two values of a pair within one response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals.stable.v2 as nw

from peakend.errors import FactsError
from peakend.facts import Facts
from peakend.reduce.parts import in_parts
from peakend.reduce.plans import Frame, columns, counts_of, days, group_sums, plan_once, rows_of, square, without_grains
from peakend.sums import Counts

STRENGTH: Final = ("answered", "skipped", "invalid", "not_shown", "not_applicable")
"""The state of a pair is the strongest of its two rows'."""
TWICE: Final = 10
"""What is added to the rank of a pair one side of which was answered twice."""


@in_parts("response", finish=Counts.settle)
def pairs(
    facts: Facts,
    by: Sequence[str] = (),
    *,
    left: str,
    right: str,
    keys: Sequence[str] = ("construct",),
    once: bool = False,
) -> Counts:
    """Count pairs of values within one response by (by…, keys…, state, left, right).

    The pair is the row of role `left` and the row of role `right` that share response and keys; a null construct falls
    back to the item. A pair that is not answered on both sides has no values, and the strongest state of its rows:
    not_applicable, not_shown, invalid, skipped; an empty row beside an answer undoes nothing. Where a side stands twice
    its higher value counts; or, where each is to be answered `once`, FactsError `facts.side_twice` is raised. The time
    of a pair is the earlier of its two days.
    """
    found = counts_of(_paired(facts, tuple(by), left, right, tuple(keys)), by, (*keys, "_strength", "_left", "_right"))
    if once and (twice := [cell for cell in found.cells if cell[-3] >= TWICE]):
        raise FactsError("facts.side_twice", construct=twice[0][len(by)] or "–", left=left, right=right)
    cells = [(*cell[:-3], STRENGTH[cell[-3] % TWICE], *cell[-2:]) for cell in found.cells]
    return Counts.gather((*by, *keys, "state", "left", "right"), cells, found.count, found.weight, found.weight2)


@plan_once
def _paired(facts: Facts, by: tuple[str, ...], left: str, right: str, keys: tuple[str, ...]) -> Frame:
    rows = rows_of(facts.where(role=(left, right)), (*by, *keys))
    named = [_construct_or_item() if key == "construct" else nw.col(key) for key in keys]
    said = nw.col("state") == "answered"
    sides = [
        nw.when((nw.col("role") == role) & said).then(nw.col("value")).alias(side)
        for side, role in (("_left", left), ("_right", right))
    ]
    rows = rows.select(*(c for c in columns(by, ("response",)) if c not in keys), *named, *sides, _strength(), "weight")
    given = [
        nw.when(~nw.col(side).is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()).alias(f"{side}s")
        for side in ("_left", "_right")
    ]
    one = _one_a_response(
        rows.with_columns(*given), by, keys, ("_left", "_right", "_strength", "weight"), ("_lefts", "_rights")
    )
    whole = ~nw.col("_left").is_null() & ~nw.col("_right").is_null()
    state = nw.when(whole).then(nw.lit(0)).when(nw.col("_strength") == 0).then(nw.lit(1)).otherwise(nw.col("_strength"))
    twice = nw.when((nw.col("_lefts") > 1) | (nw.col("_rights") > 1)).then(nw.lit(TWICE)).otherwise(nw.lit(0))
    values = [nw.when(whole).then(nw.col(side)).alias(side) for side in ("_left", "_right")]
    one = one.select(*columns(by, keys), (state + twice).alias("_strength"), *values, "weight", square("weight"))
    return group_sums(one, by, (*keys, "_strength", "_left", "_right"))


def _one_a_response(
    rows: Frame, by: Sequence[str], keys: Sequence[str], greatest: Sequence[str], added: Sequence[str]
) -> Frame:
    """One row a response and key: the greatest of these columns, the sums of those, and the first day where a grain is
    wanted.
    """
    cells = [
        *(nw.col(name).max() for name in greatest),
        *(nw.col(name).sum() for name in added),
        *(nw.col(name).min() for name in days(by)),
    ]
    return rows.group_by(*columns(without_grains(by), keys, ("response",))).agg(*cells)


def _construct_or_item() -> nw.Expr:
    return nw.when(nw.col("construct").is_null()).then(nw.col("item")).otherwise(nw.col("construct")).alias("construct")


def _strength() -> nw.Expr:
    """The rank of the state in `STRENGTH`; the commonest is asked first."""
    strength = nw.when(nw.col("state") == STRENGTH[0]).then(nw.lit(0))
    for rank, state in enumerate(STRENGTH[1:], 1):
        strength = strength.when(nw.col("state") == state).then(nw.lit(rank))
    return strength.otherwise(nw.lit(0)).alias("_strength")
