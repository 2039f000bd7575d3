"""The two fact tables, and the door through which every source comes to them.

Whatever anyone said or did is a row of `answers` or of `events`. `conform` brings a frame or a file to one of them:
names and defaults, types, states, scales, duplicates. Everything behind the door speaks only these columns.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from pathlib import Path
from threading import RLock
from typing import Any, Final, Literal, Protocol

import narwhals.stable.v2 as nw
import pyarrow as pa

from peakend.errors import FactsError, PeakendError
from peakend.facts.conditions import holds, meant, need
from peakend.facts.files import engine, read_file, readable
from peakend.facts.frames import header, of_arrow, of_pandas, of_rows, twice
from peakend.facts.scan import Scanned, latest, once, scan
from peakend.facts.shape import (
    ANSWERS,
    DTYPES,
    EVENTS,
    INSTANTS,
    KINDS,
    ORDER,
    REQUIRED,
    RESPONDENTS,
    ROLES,
    SQL,
    STATES,
    TABLES,
    Column,
    Kind,
    TableName,
)  # fmt: skip
from peakend.facts.spelling import folded, respelled
from peakend.facts.sql import quoted_name
from peakend.instants import DAY, SECOND

__all__ = [
    "ANSWERS", "EVENTS", "INSTANTS", "KINDS", "ORDER", "PART", "REQUIRED", "RESPONDENTS", "ROLES", "SQL", "STATES",
    "TABLES",
    "Column", "Facts", "Kind", "Parts", "TableName", "Unit", "conform", "engine", "opened",
]  # fmt: skip

PLANS: Final = 256
"""Plans of questions that facts keep."""

Unit = Literal["row", "response", "visit", "passage"]
"""What a kernel must see whole: a row, a response, a visit, or a passage (the visit, or the response where there is
none).
"""
PART: Final = "_part"
"""The column of the number of a part, a text."""
LENT: Final = RLock()
"""The turn of every relation that was lent to us: which connection is behind it cannot be told, and two may
share one.
"""


class Parts(Protocol):
    """Where facts lie in parts, and what was computed of each is kept. A part's key changes whenever its rows do."""

    def keys(self, unit: Unit) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """The parts between which no unit is split: those that stay as they are when rows are added, and the others."""

    def facts(self, unit: Unit, wanted: Sequence[Hashable]) -> Facts:
        """All rows of these parts, with the place of the part in `wanted` in the column `PART`."""

    def get(self, key: Hashable) -> Any:
        """What was kept under this key; None where it is not there any more."""

    def put(self, key: Hashable, value: Any) -> None:
        """Keep it, while there is room."""


@dataclass(frozen=True, repr=False)
class Facts:
    """A fact table in whatever engine holds it. Nothing is computed until a kernel asks.

    `columns` are the standard columns followed by the source's own ones, which are segments.
    """

    source: nw.LazyFrame[Any] | Callable[[], nw.LazyFrame[Any]]
    """The rows before the conditions, or how to come by them."""
    table: TableName
    columns: tuple[str, ...]
    keep: object = None
    """What must live as long as the frame: the connection behind a relation."""
    turn: AbstractContextManager[Any] = field(default_factory=nullcontext, repr=False, compare=False)
    """Held while the engine is asked: one connection serves one thread at a time, and facts may be asked by many."""
    parts: Parts | None = None
    """Where the rows lie in parts of which kernels keep what they found."""
    asked: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """The conditions so far, by which parts are narrowed in the same way."""
    whole: Facts | None = None
    """Of what these are parts."""
    tests: tuple[nw.Expr, ...] = field(default=(), repr=False, compare=False)
    """The conditions as the engine takes them."""
    delivery: nw.LazyFrame[Any] | None = field(default=None, repr=False, compare=False)
    """The rows before the conditions with their place in the order of delivery, in the column `ORDER`; None where that
    is not known.
    """
    brought: tuple[str, ...] = field(default=(), compare=False)
    """The standard columns that the source has; the others were made."""
    doubled: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Names that several columns of the source have: none of them was taken."""
    again: int = 0
    """How many answers a later one to the same question took the place of."""
    weighted: bool = True
    """Whether an answer has another weight than one; where that was not looked for, it may."""
    repeated: int = 0
    """How many rows of the source stand in it again, the same in every column, and count once."""
    plans: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict, repr=False, compare=False)
    """The plans of what was asked already; facts that differ in their conditions alone share them."""

    @cached_property
    def frame(self) -> nw.LazyFrame[Any]:
        """The rows that pass the conditions. One filter for all of them, and none before somebody asks: an engine plans
        each step anew.
        """
        return self._filtered(self._rows())

    @cached_property
    def counted(self) -> nw.LazyFrame[Any]:
        """The rows that count: of several answers to one question the latest alone, and of rows that are the same in
        every column one.
        """
        if self.repeated and self.delivery is not None:
            return self.delivered.sort(ORDER).drop(ORDER)
        if not (self.again or self.repeated):
            return self.frame
        rows = once(self._rows()) if self.repeated else self._rows()
        return self._filtered(latest(rows) if self.again else rows)

    @cached_property
    def delivered(self) -> nw.LazyFrame[Any]:
        """The rows that count and pass the conditions, with their place in the order of delivery where that is
        known.
        """
        rows = self._rows() if self.delivery is None else self.delivery
        return self._filtered(once(rows) if self.repeated else rows)

    def _rows(self) -> nw.LazyFrame[Any]:
        return self.source() if callable(self.source) else self.source

    def _filtered(self, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return rows.filter(reduce(lambda one, other: one & other, self.tests)) if self.tests else rows

    def where(self, **conditions: Any) -> Facts:
        """Only the rows whose column equals the value, or one of several; None stands for null. What no row has finds
        none.
        """
        for name in conditions:
            self.need(name)
        wanted = {
            name: tuple(value for each in meant(name, given) for value in each) for name, given in conditions.items()
        }
        return self._only([holds(name, values) for name, values in wanted.items()], ("where", tuple(wanted.items())))

    def only(self, conditions: Mapping[str, Any] | None) -> Facts:
        """The rows that `where` finds, by conditions that somebody wrote.

        Raises FactsError `facts.value_unknown` for a value that no row has, and names those that there are;
        `facts.conditions` for what does not name columns, `facts.condition_empty` for a column with an empty list.
        """
        if conditions is not None and not isinstance(conditions, Mapping):
            raise FactsError("facts.conditions", found=type(conditions).__name__)
        for name, given in (conditions or {}).items():
            self.need(name)
            if not (wanted := meant(name, given)):
                raise FactsError("facts.condition_empty", column=name)
            with self.turn:
                need(self.frame, name, wanted)
        return self.where(**(conditions or {}))

    def named(self, option: str, given: str | Iterable[Any] | None, column: str = "construct") -> Facts:
        """The rows whose column has one of the names that an option of a method gives; all rows where it gives none.

        Raises FactsError `option.none_named` for an empty list, `option.unknown` for a name that no row has though
        there are rows.
        """
        if given is None:
            return self
        wanted = meant(column, given)
        if not wanted:
            raise FactsError("option.none_named", option=option)
        with self.turn:
            need(self.frame, column, wanted, option)
        return self.where(**{column: tuple(value for each in wanted for value in each)})

    def between(self, start_us: int | None = None, end_us: int | None = None) -> Facts:
        """Only the rows from the first instant up to, not including, the second; in microseconds since 1970 UTC."""
        begin = [] if start_us is None else [nw.col("at_us") >= start_us]
        return self._only(
            begin + ([] if end_us is None else [nw.col("at_us") < end_us]), ("between", (start_us, end_us))
        )

    def of_parts(self, unit: Unit, wanted: Sequence[Hashable]) -> Facts:
        """The rows of these parts that pass the same conditions, with the number of the part in the column `PART`."""
        assert self.parts is not None  # noqa: S101 — asked where there are parts
        return replace(
            self.parts.facts(unit, wanted), columns=self.columns, whole=self, tests=self.tests, asked=self.asked
        )

    def planned(self, question: Hashable, build: Callable[[], nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
        """The plan of a question, made once: planning a short question takes an engine longer than to answer it."""
        if callable(self.source):
            return build()
        key = repr((self.asked, question))
        plan = self.plans.get(key)
        if plan is None:
            if len(self.plans) >= PLANS:
                self.plans.clear()
            plan = self.plans[key] = build()
        return plan

    def _only(self, tests: Sequence[nw.Expr], asked: tuple[str, tuple[Any, ...]]) -> Facts:
        return replace(self, tests=(*self.tests, *tests), asked=(*self.asked, asked)) if tests else self

    @property
    def segments(self) -> tuple[str, ...]:
        """The columns that the source brought beside the standard ones."""
        standard = {column.name for column in TABLES[self.table]}
        return tuple(name for name in self.columns if name not in standard)

    def need(self, name: str) -> None:
        """Raise FactsError `facts.column_unknown` or `facts.column_twice` for a column that the facts do not have."""
        if name in self.columns:
            return
        if name in self.doubled:
            raise twice(name, [other for other in self.doubled if other.lower() == name.lower()])
        raise FactsError("facts.column_unknown", column=name, found=", ".join(self.columns))

    def __repr__(self) -> str:
        """What was read, and as what: `Facts(answers; read response, value; own ward)`."""
        parts = {"read": self.brought, "own": self.segments, "named twice": self.doubled}
        told = [f"{word} {', '.join(names)}" for word, names in parts.items() if names]
        told += [f"{self.repeated:,} repeated and counted once"] if self.repeated else []
        return f"Facts({'; '.join([self.table, *told])})"


def conform(
    source: Any, table: TableName = "answers", *, names: Mapping[str, str] | None = None, check: bool = True
) -> Facts:
    """Bring a frame or a file to a fact table.

    `source` is a path to CSV or Parquet, a frame of pandas, Polars, PyArrow, DuckDB, PySpark or Ibis, or a list of
    dictionaries; Facts are returned as they are. pandas and PyArrow move into DuckDB at the door, because Narwhals
    computes some aggregations wrongly on them; the others stay in their engine. Missing optional columns take their
    defaults, unknown columns stay as segments (as text), NaN becomes null, an instant without a zone is UTC, an answer
    that says nothing is skipped, and where no answer has a weight each has one of 1. Events at one instant keep the
    order of their rows where the source has one (files, lists, frames of pandas, Polars and PyArrow), or that of a
    column `order` that it brings. A column that has the name of a standard one is taken for it, whatever it holds:
    `names` says otherwise, for instance `{"weight": "kilos", "state": "province", "date": "at"}`, a source's name and
    the one it has here. The repr of the facts says what was read. Ids and names are brought to one plain form
    (`peakend.plain`): `A1`, `A1 ` and `Ａ１` are one site, and a blank one is none. Of columns that share a name, or
    differ in capitals alone, none is taken. `check=False` is for a table that was conformed when it was written: it is
    not scanned for bad values, and what it has is taken as it is; only columns that are missing are made. Facts may be
    asked by several threads at once: what one connection is asked is asked in turn. Relations of DuckDB and tables of
    Ibis share one turn, for they may share one connection; while facts of theirs are asked, nothing else should use
    that connection.

    Raises FactsError for a missing column, two that cannot be told apart, a wrong type, a value off its scale, an
    unknown role or state, a weight that is negative, beyond 10¹² or missing beside others, a row that stands there
    twice and a question that one response answers twice, unless their times say which answer is the latest: then that
    one counts (`Facts.counted`). An event, a skipped question, a choice or a comment that is the same as another one in
    every column is that one, delivered twice: it counts once, and `Facts.repeated` says how many there are. What
    happened twice at one instant has a `source_key`, or a column of its own, by which the two differ.
    """
    if isinstance(source, Facts):
        return source
    if table not in TABLES:
        raise FactsError("option.choice", option="table", found=table, known=", ".join(TABLES))
    return _facts(_read(source, table, names or {}), source, table, check=check)


def opened(source: Any) -> Any:
    """The door of methods that read answers as well as a small table of their own: Facts where the source holds answers
    (it has a column `response`), in whatever form `conform` takes; anything else as it is. What cannot be read is for
    its reader to say.
    """
    if isinstance(source, Facts):
        return source
    try:
        read = _read(source, "answers", {})
        named = {name.lower() for name in read.names}
    except (PeakendError, AttributeError):
        return source
    return _facts(read, source, "answers", check=True) if "response" in named else source


def _turn(native: Any, keep: object) -> AbstractContextManager[Any]:
    """Our own connections take turns each for itself, lent ones all together; other engines serve many threads
    at once.
    """
    if keep is not None:
        return RLock()
    return LENT if type(native).__module__.partition(".")[0].strip("_") in {"duckdb", "ibis"} else nullcontext()


def _facts(read: _Read, source: Any, table: TableName, *, check: bool) -> Facts:
    native, keep = (
        (read.native, read.keep) if read.rows is None else _in_engine(folded(read.rows) if check else read.rows)
    )
    turn = _turn(native, keep)
    with turn:
        return replace(
            _conformed(native, keep, source, table, check=check, spelled=read.rows is not None),
            turn=turn,
            doubled=read.doubled,
        )


def _conformed(native: Any, keep: object, source: Any, table: TableName, *, check: bool, spelled: bool) -> Facts:
    rows = _known(_lazy(native), table)
    own = rows.collect_schema().names()
    brought = tuple(name for name in own if name in {*KINDS, *INSTANTS})
    if check:
        rows = _in_turn(rows, source) if table == "events" else rows
        rows = rows if spelled else respelled(rows)
    frame = _named(_timed(rows, table), table, mend=check)
    found = scan(frame, table) if check else Scanned(again=0, repeated=0, weighted=True)
    frame = frame.with_columns(nw.col("weight").fill_null(1.0)) if check and table == "answers" else frame
    ordered, delivery = ORDER in frame.collect_schema().names(), frame
    frame = frame.drop(ORDER) if ordered else frame
    columns = tuple(frame.collect_schema().names())
    return Facts(
        frame, table, columns, keep, delivery=delivery if ordered else None, brought=brought, again=found.again,
        repeated=found.repeated,
        weighted=found.weighted,
    )  # fmt: skip


# --- sources ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A source as it was read: rows in memory, or a frame in its engine with what must live as long as it; and the
    names that several columns have.
    """

    rows: pa.Table | None = None
    native: Any = None
    keep: object = None
    doubled: tuple[str, ...] = ()

    @property
    def names(self) -> Sequence[str]:
        """The columns."""
        if self.rows is not None:
            return list(self.rows.column_names)
        with _turn(self.native, self.keep):
            return _lazy(self.native).collect_schema().names()


def _read(source: Any, table: TableName, names: Mapping[str, str]) -> _Read:
    """The source, read once."""
    if isinstance(source, str | Path):
        native, keep, doubled = read_file(Path(source), table, names)
        return _Read(None, native, keep, doubled)
    if isinstance(source, nw.DataFrame | nw.LazyFrame):
        source = source.to_native()
    module = type(source).__module__.partition(".")[0]
    if isinstance(source, list | tuple):
        rows, top = of_rows(source, names, table)
    elif module == "pandas":
        rows, top = of_pandas(source, names, table)
    elif module == "pyarrow":
        rows, top = of_arrow(source, names, table)
    else:
        return _Read(None, _renamed(source, table, names))
    if not rows.column_names:
        raise FactsError("facts.column_missing", column=REQUIRED[table][0], found="–")
    return _Read(rows, doubled=top.doubled)


def _in_engine(rows: pa.Table) -> tuple[Any, object]:
    """Rows in memory as a relation of an engine that computes right, and the connection behind it."""
    connection = engine()
    return readable(connection.from_arrow(rows)), connection


def _renamed(source: Any, table: TableName, names: Mapping[str, str]) -> Any:
    """A frame that stays in its engine, by the names that are wanted, in types that every engine knows."""
    lent = type(source).__module__.partition(".")[0].strip("_") == "duckdb"
    if not names:
        return readable(source) if lent else source
    frame = _lazy(source)
    header(frame.collect_schema().names(), table, names)
    renamed = nw.to_native(frame.rename(dict(names)))
    return readable(renamed) if lent else renamed


def _in_turn(frame: nw.LazyFrame[Any], source: Any) -> nw.LazyFrame[Any]:
    """The rows with the place of each in the order of delivery: what a numeric column `order` says, else their own
    where the source has one.

    Raises FactsError `facts.type` for an order that is not made of numbers.
    """
    schema = frame.collect_schema()
    if "order" in schema:
        if not schema["order"].is_numeric():
            raise FactsError("facts.type", column="order", found=str(schema["order"]), wanted="number")
        return frame.with_columns(nw.col("order").cast(nw.Float64()).alias(ORDER))
    source = source.to_native() if isinstance(source, nw.DataFrame) else source
    module = type(source).__module__.partition(".")[0]
    native: Any = nw.to_native(frame)
    if module == "polars" and type(source).__name__ == "DataFrame":
        return _lazy(native.with_row_index(ORDER))
    if isinstance(source, str | Path | list) or module in {"pandas", "pyarrow"}:
        return _lazy(native.project(f"*, row_number() over () as {quoted_name(ORDER)}"))
    return frame


# --- names, defaults, types -------------------------------------------------------------------------------------------


def _known(frame: nw.LazyFrame[Any], table: TableName) -> nw.LazyFrame[Any]:
    """Columns that differ from a standard one in capitals alone are that one: most engines do not tell them apart."""
    names = frame.collect_schema().names()
    standard = {column.name for column in TABLES[table]} | set(INSTANTS)
    meant = {name: name.lower() for name in names if name.lower() in standard and name.lower() not in names}
    return frame.rename(meant) if meant else frame


def _timed(frame: nw.LazyFrame[Any], table: TableName) -> nw.LazyFrame[Any]:
    """Give the frame its integer instants: no engine-neutral way turns a timestamp into a number, so each engine has
    its own.
    """
    for instant, number in INSTANTS.items():
        names = frame.collect_schema().names()
        if instant in names and number not in names and any(c.name == number for c in TABLES[table]):
            frame = _instant(frame, instant, number)
        if instant in names:
            frame = frame.drop(instant)
    return frame


def _instant(frame: nw.LazyFrame[Any], instant: str, number: str) -> nw.LazyFrame[Any]:
    dtype = frame.collect_schema()[instant]
    if not isinstance(dtype, nw.Datetime | nw.Date):
        raise FactsError("facts.type", column=instant, found=str(dtype), wanted="timestamp")
    native = nw.to_native(frame)
    module = type(native).__module__.partition(".")[0]
    if module == "polars":
        return frame.with_columns(
            nw.col(instant).cast(nw.Datetime("us")).dt.timestamp("us").cast(nw.Int64()).alias(number)
        )
    if "duckdb" in module:
        zoned = "TIMESTAMPTZ" if isinstance(dtype, nw.Datetime) and dtype.time_zone else "TIMESTAMP"
        return _lazy(native.project(f"*, epoch_us(cast({quoted_name(instant)} as {zoned})) as {quoted_name(number)}"))
    if module == "ibis":
        seconds = native[instant].truncate("s").epoch_seconds().cast("int64")
        return _lazy(native.mutate(**{number: seconds * SECOND + native[instant].microsecond().cast("int64")}))
    return _lazy(native.selectExpr("*", f"unix_micros(cast(`{instant}` as timestamp)) as `{number}`"))


def _lazy(native: Any) -> nw.LazyFrame[Any]:
    try:
        frame: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    except TypeError:
        raise FactsError("facts.source", found=f"{type(native).__module__}.{type(native).__name__}") from None
    return frame


def _named(frame: nw.LazyFrame[Any], table: TableName, *, mend: bool) -> nw.LazyFrame[Any]:
    schema = frame.collect_schema()
    for name in REQUIRED[table]:
        if name not in schema:
            raise FactsError(
                "facts.column_missing",
                column=name,
                found=", ".join(name for name in schema.names() if name != ORDER) or "–",
            )
    if table == "answers" and "value" not in schema and "text" not in schema:
        raise FactsError(
            "facts.column_missing",
            column="value",
            found=", ".join(name for name in schema.names() if name != ORDER) or "–",
        )
    standard = {column.name for column in TABLES[table]}
    typed = [_column(column, schema.get(column.name), mend=mend).alias(column.name) for column in TABLES[table]]
    if not mend and all(schema.get(column.name) == DTYPES[column.kind] for column in TABLES[table]):
        others = [
            nw.col(name).cast(nw.String())
            for name in schema.names()
            if name not in standard and schema[name] != nw.String
        ]
        return frame.with_columns(*others) if others else frame
    brought = [name for name in schema.names() if name not in {*standard, ORDER}]
    own = [nw.col(name) if schema[name] == nw.String else nw.col(name).cast(nw.String()) for name in brought]
    own += [nw.col(ORDER).cast(nw.Float64())] if ORDER in schema else []
    derived = [
        made for name, made in (("day", _DAY), ("state", _STATE)) if name in standard and (mend or name not in schema)
    ]
    frame = frame.select(*typed, *own)
    return frame.with_columns(*derived) if derived else frame


def _column(column: Column, dtype: Any, *, mend: bool) -> nw.Expr:
    """The column in its type, with NaN as null and its default in the place of null; a weight that is null beside
    others is not mended.
    """
    wanted = DTYPES[column.kind]
    if dtype is None or isinstance(dtype, nw.Unknown):
        return nw.lit(column.default).cast(wanted)
    if column.kind != "text" and not dtype.is_numeric():
        raise FactsError("facts.type", column=column.name, found=str(dtype), wanted="number")
    expression = nw.col(column.name) if dtype == wanted else nw.col(column.name).cast(wanted)
    if not mend:
        return expression
    if column.kind == "number" and not dtype.is_integer():
        expression = nw.when(~expression.is_nan()).then(expression)
    return expression if column.default is None or column.name == "weight" else expression.fill_null(column.default)


_DAY: Final = (
    nw.when(nw.col("day").is_null())
    .then((nw.col("at_us") - ((nw.col("at_us") % DAY) + DAY) % DAY) // DAY)
    .otherwise(nw.col("day"))
    .cast(nw.Int64())
    .alias("day")
)
"""The day of an instant. Engines differ on how they divide what is before 1970, but not on what leaves no remainder."""
_SILENT: Final = nw.col("value").is_null() & nw.col("text").is_null()
_STATE: Final = (
    nw.when(nw.col("state").is_null() & ~_SILENT)
    .then(nw.lit("answered"))
    .when(_SILENT & (nw.col("state").is_null() | (nw.col("state") == "answered")))
    .then(nw.lit("skipped"))
    .otherwise(nw.col("state"))
    .alias("state")
)
"""The state follows from whether anything was said, unless it is stated; an answer that says nothing is none."""
