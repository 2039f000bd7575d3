"""One definition, every engine: each kernel gives on each engine, on each hard table, what it gives on a list of rows
in DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pytest

from peakend.facts import ORDER, Facts, conform
from peakend.reduce import ends, follows, gaps, levels, moments, pairs, profiles, tally
from peakend.reduce.follows import _steps_by_scan, _steps_by_windows
from tests.engines import COLUMNS, ENGINES, EVERY, HARD_STEPS, STEPS, TABLES, Row, arrow

KERNELS: dict[str, Callable[[Facts], Any]] = {
    "tally": lambda facts: tally(facts, ("site", "lang"), keys=("construct", "role")),
    "tally by week": lambda facts: tally(facts, ("week", "site"), keys=()),
    "pairs": lambda facts: pairs(facts, ("site", "month"), left="expectation", right="perception"),
    "pairs of items": lambda facts: pairs(facts, left="expectation", right="perception", keys=("construct", "item")),
    "moments": lambda facts: moments(facts, ("site",), columns=("construct", "role"), buckets=4, weighted=True),
    "moments of gaps": lambda facts: moments(facts, ("site", "quarter"), pair=("expectation", "perception"), buckets=3),
    "gaps": lambda facts: gaps(facts, ("site",), pair=("expectation", "perception"), importance="importance"),
    "levels": lambda facts: levels(facts, ("site",), roles=("perception", "expectation", "perception")),
    "profiles": lambda facts: profiles(facts, ("site",), columns=("construct", "role")),
    "profiles of customers by month": lambda facts: profiles(facts, ("month",), columns=("role",), of="customer"),
    "ends": lambda facts: ends(facts, ("site",)),
}


def together(tables: Mapping[str, list[Row]], columns: tuple[str, ...], names: Collection[str]) -> list[Row]:
    """The rows of all hard tables as one, in which nobody of one table is somebody of another."""
    own = [at for at, name in enumerate(columns) if name in names]
    return [
        tuple(f"{table}: {cell}" if at in own and cell is not None else cell for at, cell in enumerate(row))
        for table, rows in tables.items()
        for row in rows
    ]


ALL: Final = "all together"
ROWS: Final = {**TABLES, ALL: together(TABLES, COLUMNS, {"response", "visit"})}
STEPPED: Final = {**HARD_STEPS, ALL: together(HARD_STEPS, STEPS, {"visit"})}
TOLD_BY_TYPE: Final = frozenset({"empty", "only nulls", "nan is null", "unicode", ALL})
"""Tables in which a column has a type or a null of its own in each engine; and all rows at once, the others' too.
"""
DEAR: Final = frozenset({"pyspark", "ibis"})
"""Engines where each question takes longer than all of them do elsewhere: they are given nothing, and every hard row at
once.
"""


def on_every_engine(tables: Mapping[str, list[Row]]) -> list[Any]:
    """Each engine with each table."""
    return [
        pytest.param(engine.values[0], table, marks=engine.marks, id=f"{engine.values[0]}-{table}")
        for engine in EVERY
        for table in tables
        if table in ({"empty", ALL} if engine.values[0] in DEAR else TOLD_BY_TYPE if tables is ROWS else tables)
    ]


@cache
def expected(table: str) -> dict[str, Any]:
    facts = conform(arrow(ROWS[table]))
    return {kernel: run(facts) for kernel, run in KERNELS.items()}


# Ibis still calls DuckDB by a name that DuckDB has since changed; PySpark opens sockets that it leaves to the
# collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize(("engine", "table"), on_every_engine(ROWS))
def test_every_engine_gives_the_same_counts_and_sums(engine: str, table: str) -> None:
    facts = conform(ENGINES[engine](arrow(ROWS[table], COLUMNS)))
    assert {kernel: run(facts) for kernel, run in KERNELS.items()} == expected(table)


@pytest.mark.parametrize(("engine", "table"), on_every_engine(STEPPED))
def test_every_engine_gives_the_same_steps(engine: str, table: str) -> None:
    facts = conform(ENGINES[engine](arrow(STEPPED[table], STEPS)), "events")
    assert follows(facts, ("site",)) == follows(conform(arrow(STEPPED[table], STEPS), "events"), ("site",))


@pytest.mark.parametrize("table", HARD_STEPS)
@pytest.mark.parametrize("by", [(), ("site",), ("week", "site")], ids=" ".join)
def test_windows_in_the_engine_and_the_scan_in_numpy_find_the_same_steps(table: str, by: tuple[str, ...]) -> None:
    rows = conform(arrow(HARD_STEPS[table], STEPS), "events").frame.filter(
        ~nw.col("touchpoint").is_null() & ~nw.col("at_us").is_null()
    )
    assert _steps_by_windows(rows, by, "touchpoint", ()) == _steps_by_scan(rows, by, "touchpoint", ())


def in_turn(table: str) -> pa.Table:
    """Steps with the order in which they were delivered, which is neither that of their rows nor of their names."""
    steps = arrow(HARD_STEPS[table], STEPS)
    return steps.append_column(
        "order", pa.array([float((at * 7 + 2) % 13) for at in range(steps.num_rows)], pa.float64())
    )


@pytest.mark.parametrize("table", HARD_STEPS)
@pytest.mark.parametrize("by", [(), ("week", "site")], ids=" ".join)
def test_windows_and_the_scan_find_the_same_steps_in_the_order_of_delivery(table: str, by: tuple[str, ...]) -> None:
    rows = conform(in_turn(table), "events").rows_by_delivery.filter(
        ~nw.col("touchpoint").is_null() & ~nw.col("at_us").is_null()
    )
    assert _steps_by_windows(rows, by, "touchpoint", (ORDER,)) == _steps_by_scan(rows, by, "touchpoint", (ORDER,))


@pytest.mark.parametrize("engine", EVERY)
def test_every_engine_keeps_the_order_of_delivery_at_one_instant(engine: str) -> None:
    """Lin is registered, waits and pays in one second, and the file says in which order: it is the reverse of the
    alphabet's.
    """
    said = [("lin", 5, "A", name, "serve") for name in ("pay", "register", "wait")]
    table = arrow(said, STEPS).append_column("order", pa.array([2.0, 0.0, 1.0], pa.float64()))
    found = follows(conform(ENGINES[engine](table), "events"), delivered=True)[()]
    assert (dict(found.variants), found.tied, found.untimed) == ({("register", "wait", "pay"): 1}, 3, 0)
    assert dict(follows(conform(ENGINES[engine](table), "events"))[()].variants) == {("pay", "register", "wait"): 1}


def test_numbers_are_whole_after_a_sum_of_nothing() -> None:
    counts = tally(conform(arrow([])))
    assert (counts.cells, counts.count.dtype, counts.weight.dtype) == ((), np.int64, np.float64)
