"""The moments of both sides of items, and the tally of their means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from peakend.facts import Facts
from peakend.reduce.item_sides import asked_items, wide_sides
from peakend.reduce.parts import in_parts
from peakend.reduce.power_sums import each_power
from peakend.reduce.wide_rows import Wide
from peakend.sums import Counts, Floats, Gaps


@in_parts("response", depends=asked_items)
def gaps(facts: Facts, by: Sequence[str] = (), *, pair: tuple[str, str], importance: str | None = None) -> Gaps:
    """`moments` with `pair`, and from the same pass the tally of both means: by (by…, construct, left, right),
    "overall" among the constructs.

    Ranks and ratios need the tally, which sums do not give. Means are rounded to nine digits, so that equal ones are
    counted as one.
    """
    wide = wide_sides(facts, by, pair, importance)
    return Gaps(*each_power(wide, by), _tallied(wide, by, pair))


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
