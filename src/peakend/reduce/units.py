"""Which response, or which visit, each row of a table belongs to, and one row for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from peakend.reduce.engine_table import GRAINS, EngineTable
from peakend.reduce.visit_order import NEVER
from peakend.sums import Wholes


def units_of(table: EngineTable, by: Sequence[str], id: str, *, named: bool = False) -> tuple[Wholes, EngineTable]:
    """The number of each row's response (or visit), and a table with one row each: its group, its weight, its first
    day, its id if wanted.
    """
    own = [name for name in by if name not in GRAINS]
    groups, group = table.groups(own)
    code, names = table.arrow_codes(id)
    if len(groups) > 1:
        _, one, which = np.unique(group * len(names) + code, return_index=True, return_inverse=True)
    else:
        one, which = np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1)), code
    columns: dict[str, Any] = {
        name: pa.array([values[i] for values in groups], pa.string()).take(pa.array(group[one]))
        for i, name in enumerate(own)
    }
    columns["response"] = names.take(pa.array(code[one])) if named else pa.nulls(len(one), pa.string())
    if "weight" in table.table.column_names:
        columns["weight"] = table.numbers("weight")[one]
    if len(own) < len(by):
        columns["day"] = _first_days(table.wholes("day", null=NEVER), which, len(one))
    return which, EngineTable.of(columns)


def _first_days(days: Wholes, which: Wholes, visits: int) -> list[int | None]:
    first = np.full(visits, NEVER, dtype=np.int64)
    np.minimum.at(first, which, days)
    return [None if day == NEVER else day for day in first.tolist()]
