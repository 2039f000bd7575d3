"""The kernel that multiplies: n, Σx, Σy and Σxy of each pair of things that were asked, over responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peakend.facts import Facts
from peakend.reduce.item_sides import asked_items, wide_sides
from peakend.reduce.parts import in_parts
from peakend.reduce.power_sums import power_sums
from peakend.reduce.wide_rows import wide_rows
from peakend.sums import Moments

BUCKETS: Final = 1024
"""Buckets of responses for resampling: enough that a bucket's own chance does not show (its relative spread is about
2%).
"""


@in_parts("response", depends=asked_items)
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
    wide = wide_sides(facts, by, pair, importance) if pair else wide_rows(facts, by, tuple(columns))
    return power_sums(wide, by, buckets, power=int(weighted), squares=squares)
