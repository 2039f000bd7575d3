"""Whole wide rows counted: how many responses hold the same values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peakend.facts import Facts
from peakend.reduce.plans import takes_turn
from peakend.reduce.wide_rows import wide_rows
from peakend.sums import Profiles, distinct


@takes_turn
def profiles(
    facts: Facts, by: Sequence[str] = (), *, columns: Sequence[str] = ("construct",), of: str = "response"
) -> Profiles:
    """Count whole rows: how many responses (or customers, with `of="customer"`) hold the same values in all wide
    columns of `moments`.

    For what no sums carry: robust errors of a regression, or who moved from one answer to another. Rows without an `of`
    are left out. It adds up as long as no response (or customer) is split.
    """
    names, table, values = wide_rows(facts, by, tuple(columns), of)
    groups, which = table.groups(by)
    heads = np.ones(len(values), dtype=np.int64)
    return Profiles(
        names, tuple(by), {group: distinct(values[which == g], heads[which == g]) for g, group in enumerate(groups)}
    )
