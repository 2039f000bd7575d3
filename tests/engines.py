"""The engines that facts come in, each a way to make its frame of one pandas table, and the tables that are hard on
them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import duckdb
import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peakend.facts import ANSWERS, EVENTS, Column, Facts

Row = tuple[Any, ...]
COLUMNS: Final = (
    "response",
    "visit",
    "day",
    "at_us",
    "site",
    "item",
    "construct",
    "role",
    "touchpoint",
    "state",
    "value",
    "low",
    "high",
    "weight",
    "lang",
)
STEPS: Final = ("visit", "at_us", "site", "touchpoint", "kind")
_ARROW: Final = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64()}
_KINDS: Final = {column.name: column.kind for column in (*EVENTS, *ANSWERS, Column("lang", "text"))}

Frame = Callable[[pa.Table], Any]


def arrow(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> pa.Table:
    """Rows as a table of the standard types."""
    schema = pa.schema([(name, _ARROW[_KINDS[name]]) for name in columns])
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema)


@cache
def spark_session() -> Any:
    """One Spark for the whole run: one thread, one partition, no pages, and no compiling of what is asked once: neither
    of queries by Spark nor of its own code by Java.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - optional dependency, slow to import

    return (
        SparkSession.builder.master("local[1]")
        .appName("peakend")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )


def _duckdb(table: pa.Table) -> Any:
    """A relation of a connection of its own, which is not the default one."""
    return duckdb.connect().from_arrow(table)


def _ibis(table: pa.Table) -> Any:
    connection = ibis.duckdb.connect()
    connection.con.from_arrow(table).create("facts")
    return connection.table("facts")


def _pyspark(table: pa.Table) -> Any:
    return spark_session().createDataFrame(table)


ENGINES: Final[Mapping[str, Frame]] = {
    "pandas": lambda table: table.to_pandas(),
    "pandas_arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "polars": pl.from_arrow,
    "polars_lazy": lambda table: pl.from_arrow(table).lazy(),  # type: ignore[union-attr]
    "pyarrow": lambda table: table,
    "duckdb": _duckdb,
    "ibis": _ibis,
    "pyspark": _pyspark,
}
_NO_JAVA: Final = pytest.mark.skipif(
    shutil.which("java") is None, reason="Java is missing: apt-get install openjdk-17-jre-headless"
)
EVERY: Final = [
    pytest.param(name, marks=(pytest.mark.spark, _NO_JAVA) if name == "pyspark" else ()) for name in ENGINES
]
"""All engines, for parametrize; Spark is skipped by name where there is no Java."""

# --- hard tables ------------------------------------------------------------------------------------------------------

NAN: Final = float("nan")


def _answer(response: str, construct: str | None, role: str, value: float | None, **other: Any) -> Row:
    row = {
        "response": response, "visit": None, "day": None, "at_us": 1_790_000_000_000_000, "site": "A",
        "item": construct, "construct": construct,
        "role": role, "touchpoint": None, "state": None, "value": value, "low": 1.0, "high": 7.0, "weight": 1.0,
        "lang": "en",
    }  # fmt: skip
    return tuple({**row, **other}[name] for name in COLUMNS)


def _crowd() -> list[Row]:
    """Forty people, two constructs of two items and one of one, both sides of each, with holes; two sites,
    four days.
    """
    rows = []
    for i in range(40):
        who: dict[str, Any] = {
            "site": ("A", "B", None)[i % 3],
            "at_us": 1_789_999_000_000_000 + (i % 4) * 86_400_000_000,
            "weight": 0.5 + i % 5,
        }
        for k, (construct, item) in enumerate((("r", "r1"), ("r", "r2"), ("e", "e1"), ("e", "e2"), ("有形性", "t1"))):
            for side, role in enumerate(("expectation", "perception")):
                hole = (i * 7 + k * 3 + side) % 11 == 0
                value = None if hole else float(1 + (i * (k + 2) + side * 3 + i // 3) % 7)
                rows.append(_answer(f"p{i}", construct, role, value, item=item, **who))
    return rows


def _moments_of_visits() -> list[Row]:
    """Timed ratings of three visits, with ties in time, and what was remembered of two of them."""
    at = 1_790_000_000_000_000
    timed = {
        "v1": ((0, "b", 3.0), (0, "a", 5.0), (60, "c", 1.0), (120, "d", 4.0)),
        "v2": ((0, "a", 2.0), (30, "b", 6.0), (30, "c", 7.0)),
        "飛行": ((5, "z", 4.0),),
    }
    rows = [
        _answer(visit, item, "score", value, visit=visit, at_us=at + second * 1_000_000, touchpoint=item)
        for visit, steps in timed.items()
        for second, item, value in steps
    ]
    rows += [
        _answer("v1", "memory", "remembered", 3.0, visit="v1"),
        _answer("v2", "memory", "remembered", 6.0, visit="v2"),
    ]
    return rows


TABLES: Final[Mapping[str, list[Row]]] = {
    "empty": [],
    "one row": [_answer("王小姐", "nps", "score", 9.0, low=0.0, high=10.0)],
    "one pair": [_answer("a", "k", "expectation", 5.0), _answer("a", "k", "perception", 3.0)],
    "only nulls": [_answer("a", None, "score", None, site=None, low=None, high=None, at_us=None, lang=None)],
    "nan is null": [
        _answer("a", "x", "score", NAN),
        _answer("b", "x", "score", NAN),
        _answer("c", "x", "score", 3.0, low=NAN, high=NAN),
    ],
    "every state": [
        *(
            _answer(f"s{i}", "x", "expectation", 4.0 if state == "answered" else None, state=state)
            for i, state in enumerate(("answered", "skipped"))
        ),
        *(
            _answer(f"s{i}", "x", "perception", None, state=state)
            for i, state in enumerate(("invalid", "not_applicable"))
        ),
        _answer("n", "x", "expectation", 4.0, state="invalid"),
        _answer("n", "x", "perception", None, state="not_shown"),
    ],
    "the same question again, later": [
        _answer("a", "x", "expectation", 5.0),
        _answer("a", "x", "expectation", 2.0, at_us=1_790_000_060_000_000),
        _answer("a", "x", "perception", 3.0),
        _answer("a", "x", "score", 1.0),
        _answer("a", "x", "score", 2.0, at_us=1_790_000_060_000_000),
    ],
    "unicode": [
        _answer("ℵ'\"\\;--", "Ж%_`", "score", 2.0, site="中'文", lang='日"本'),
        _answer("é", "Ж%_`", "score", 3.0, site="e\u0301", lang=""),
        _answer("e", "", "score", 3.0, site="", lang=" "),
    ],
    "around midnight and before 1970": [
        _answer("a", "x", "score", 2.0, at_us=-1),
        _answer("b", "x", "score", 2.0, at_us=0),
        _answer("c", "x", "score", 2.0, at_us=86_399_999_999),
        _answer("d", "x", "score", 2.0, at_us=86_400_000_000, day=0),
    ],
    "a crowd": _crowd(),
    "timed visits": _moments_of_visits(),
}

HARD_STEPS: Final[Mapping[str, list[Row]]] = {
    "empty": [],
    "one event": [("v", 5, "A", "desk", "arrive")],
    "ties in time": [
        ("v", 5, "A", "b", "serve"),
        ("v", 5, "A", "a", "serve"),
        ("v", 5, "A", "b", "serve"),
        ("v", 9, "A", "a", "leave"),
    ],
    "out of order, holes and unicode": [
        ("入口", 900_000_000, "A", "離開", "leave"),
        ("入口", 0, "A", "到達", "arrive"),
        ("入口", 30, "A", None, "serve"),
        ("入口", None, "A", "desk", "serve"),
        ("w", 7, None, "desk", "serve"),
        ("w", 1_000_000, None, "desk", "serve"),
        ("w", 3_000_000, "B", "gate", "leave"),
    ],
    "a day of visits": [
        (f"v{i % 17}", (i * 37 % 1000) * 1_000_000, "AB"[i % 17 % 2], "abcde"[i * i % 5], "serve") for i in range(200)
    ],
}


def rows(facts: Facts, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of facts, these columns of them."""
    table = facts.frame.collect(backend="pyarrow").to_native()
    return list(zip(*(table.column(name).to_pylist() for name in columns), strict=True))
