"""The two fact tables, and the door through which every source comes to them.

Whatever anyone said or did is a row of `answers` or of `events`. `conform` brings a frame or a file to one of them:
names and defaults, types, states, scales, duplicates. Everything behind the door speaks only these columns.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import Any, Final, Literal, Protocol

import narwhals.stable.v2 as nw

from peakend.errors import FactsError, PeakendError
from peakend.facts.arrow_tables import twice
from peakend.facts.conditions import holds, need, wanted_values
from peakend.facts.files import engine
from peakend.facts.scan import ScanResult, latest, once, scan
from peakend.facts.shape import (
    ANSWERS,
    EVENTS,
    INSTANTS,
    KINDS,
    ORDER,
    QUARANTINE,
    QUESTIONABLE,
    REQUIRED,
    RESPONDENTS,
    ROLES,
    SQL,
    STATES,
    TABLES,
    Column,
    Kind,
    TableName,
)
from peakend.facts.sources import Source, in_engine, read_source, turn_of, with_order
from peakend.facts.spelling import fold_frame, fold_rows
from peakend.facts.standard import lazy, standard_columns, standard_names, with_instants

__all__ = [
    "ANSWERS", "EVENTS", "INSTANTS", "KINDS", "ORDER", "PART", "QUARANTINE", "QUESTIONABLE", "REQUIRED", "RESPONDENTS",
    "ROLES", "SQL", "STATES", "TABLES",
    "Column", "Conditions", "Facts", "Kind", "Parts", "TableName", "Unit", "conform", "engine", "open_facts",
]  # fmt: skip

PLANS: Final = 256
"""Plans of questions that facts keep."""

Follow = Literal["visit", "record", "all"]
"""Whose events are read: those of visits, without the steps of records; those of records, each by its record in the
place of the visit; or all, as they came.
"""
Unit = Literal["row", "response", "visit", "passage"]
"""What a kernel must see whole: a row, a response, a visit, or a passage (the visit, or the response where there is
none).
"""
PART: Final = "_part"
"""The column of the number of a part, a text."""


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


@dataclass(frozen=True)
class Conditions:
    """What narrows the rows of a fact table. Words and tests say the same, so they are only ever added together."""

    asked: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """The conditions as they were asked for, by which plans and kept sums are told apart."""
    tests: tuple[nw.Expr, ...] = field(default=(), repr=False, compare=False)
    """The conditions as the engine takes them."""
    follow: Follow = "visit"
    """Whose events are read. A case is followed by its record and never stands in a customer's journey, so nobody reads
    its steps who has not asked for them: `of_records`, or a condition on `record`.
    """
    aside: bool = False
    """Whether answers are read that are set apart (`aside`): nobody reads them who has not asked for them, `with_aside`
    or a condition on `aside`.
    """

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What tells these conditions from others, without the engine's tests."""
        return (self.asked, self.follow, self.aside)

    def with_condition(self, tests: Sequence[nw.Expr], asked: tuple[str, tuple[Any, ...]]) -> Conditions:
        """These conditions and another one, which may be several tests."""
        return replace(self, tests=(*self.tests, *tests), asked=(*self.asked, asked))


@dataclass(frozen=True, repr=False)
class Facts:
    """A fact table in whatever engine holds it. Nothing is computed until a kernel asks.

    `columns` are the standard columns followed by the source's own ones, which are segments. `source`, `delivery`,
    `keep`, `turn` and `plans` belong to the rows as they lie and stay together; `conditions` alone changes when rows
    are narrowed. Where the rows lie in `parts`, those of some parts have their own source and plans, the conditions of
    the `whole`, and no parts.
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
    conditions: Conditions = Conditions()
    """The conditions so far, by which parts are narrowed in the same way."""
    whole: Facts | None = None
    """Of what these are parts."""
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
    has_aside: bool = False
    """Whether the source says of answers that they are set apart."""
    repeated: int = 0
    """How many rows of the source stand in it again, the same in every column, and count once."""
    exact: Facts | None = field(default=None, repr=False, compare=False)
    """The same rows by the day they are of, where `day` is told coarser."""
    plans: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict, repr=False, compare=False)
    """The plans of what was asked already; facts that differ in their conditions alone share them."""

    @cached_property
    def frame(self) -> nw.LazyFrame[Any]:
        """The rows that pass the conditions. One filter for all of them, and none before somebody asks: an engine plans
        each step anew.
        """
        return self._filtered(self._rows())

    @cached_property
    def counting_rows(self) -> nw.LazyFrame[Any]:
        """The rows that count: of several answers to one question the latest alone, and of rows that are the same in
        every column one.
        """
        if self.repeated and self.delivery is not None:
            return self.rows_by_delivery.sort(ORDER).drop(ORDER)
        if not (self.again or self.repeated):
            return self.frame
        rows = once(self._rows()) if self.repeated else self._rows()
        return self._filtered(latest(rows) if self.again else rows)

    @cached_property
    def rows_by_delivery(self) -> nw.LazyFrame[Any]:
        """The rows that count and pass the conditions, with their place in the order of delivery where that is
        known.
        """
        rows = self._rows() if self.delivery is None else self.delivery
        return self._filtered(once(rows) if self.repeated else rows)

    def _rows(self) -> nw.LazyFrame[Any]:
        return self.source() if callable(self.source) else self.source

    def _filtered(self, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        tests, follow = self.conditions.tests, self.conditions.follow
        if self.table == "events" and follow == "visit":
            tests = (*tests, nw.col("record").is_null())
        if self.has_aside and not self.conditions.aside:
            tests = (*tests, nw.col("aside").is_null() | (nw.col("aside") == QUESTIONABLE))
        if tests:
            rows = rows.filter(reduce(lambda one, other: one & other, tests))
        if self.table == "events" and follow == "record":
            rows = rows.with_columns(nw.coalesce("record", "visit").alias("visit"))
        return rows

    def where(self, **conditions: Any) -> Facts:
        """Only the rows whose column equals the value, or one of several; None stands for null. What no row has finds
        none.
        """
        for name in conditions:
            self.need(name)
        wanted = {
            name: tuple(value for each in wanted_values(name, given) for value in each)
            for name, given in conditions.items()
        }
        return self._asked_for(conditions)._only(
            [holds(name, values) for name, values in wanted.items()], ("where", tuple(wanted.items()))
        )

    def of_records(self, kind: str | None = None) -> Facts:
        """The steps of records, or of those of one kind ("case"): each is followed by its record, which stands in the
        place of the visit.
        """
        test = ~nw.col("record").is_null() if kind is None else nw.col("record").str.starts_with(f"{kind}:")
        return self._followed_by_record()._only([test], ("of_records", (kind,)))

    def with_aside(self) -> Facts:
        """The answers that count and those that are set apart (`aside`)."""
        return replace(self, conditions=replace(self.conditions, aside=True))

    def as_they_came(self) -> Facts:
        """All rows, the steps of records and what is set apart among them, for whoever hands them on and computes
        nothing.
        """
        return self.with_aside()._following("all")

    def _asked_for(self, conditions: Mapping[str, Any]) -> Facts:
        """The rows among which these conditions look: also those that nobody reads who does not name their column."""
        found = self._followed_by_record() if "record" in conditions else self
        return found.with_aside() if "aside" in conditions else found

    def _followed_by_record(self) -> Facts:
        return self._following("record") if self.table == "events" and self.conditions.follow == "visit" else self

    def _following(self, follow: Follow) -> Facts:
        return replace(self, conditions=replace(self.conditions, follow=follow))

    def only(self, conditions: Mapping[str, Any] | None) -> Facts:
        """The rows that `where` finds, by conditions that somebody wrote.

        Raises FactsError `facts.value_unknown` for a value that no row has, and names those that there are;
        `facts.conditions` for what does not name columns, `facts.condition_empty` for a column with an empty list.
        """
        if conditions is not None and not isinstance(conditions, Mapping):
            raise FactsError("facts.conditions", found=type(conditions).__name__)
        among = self._asked_for(conditions or {})
        for name, given in (conditions or {}).items():
            self.need(name)
            if not (wanted := wanted_values(name, given)):
                raise FactsError("facts.condition_empty", column=name)
            with self.turn:
                need(among.frame, name, wanted)
        return self.where(**(conditions or {}))

    def with_names(self, option: str, given: str | Iterable[Any] | None, column: str = "construct") -> Facts:
        """The rows whose column has one of the names that an option of a method gives; all rows where it gives none.

        Raises FactsError `option.none_named` for an empty list, `option.unknown` for a name that no row has though
        there are rows.
        """
        if given is None:
            return self
        wanted = wanted_values(column, given)
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
        rows = self.parts.facts(unit, wanted)
        return replace(rows, columns=self.columns, whole=self, conditions=self.conditions)

    @property
    def by_exact_day(self) -> Facts:
        """The same rows by the day they are of, for what hangs together by day, where days are told as months. No day
        itself may be told of them.
        """
        return self if self.exact is None else replace(self.exact, conditions=self.conditions)

    def plan_of(self, question: Hashable, build: Callable[[], nw.LazyFrame[Any]]) -> nw.LazyFrame[Any]:
        """The plan of a question, made once: planning a short question takes an engine longer than to answer it."""
        if callable(self.source):
            return build()
        key = repr((self.conditions.key, question))
        plan = self.plans.get(key)
        if plan is None:
            if len(self.plans) >= PLANS:
                self.plans.clear()
            plan = self.plans[key] = build()
        return plan

    def _only(self, tests: Sequence[nw.Expr], asked: tuple[str, tuple[Any, ...]]) -> Facts:
        return replace(self, conditions=self.conditions.with_condition(tests, asked)) if tests else self

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
    (`peakend.ids`): `A1`, `A1 ` and `Ａ１` are one site, and a blank one is none. Of columns that share a name, or
    differ in capitals alone, none is taken. `check=False` is for a table that was conformed when it was written: it is
    not scanned for bad values, and what it has is taken as it is; only columns that are missing are made. Facts may be
    asked by several threads at once: what one connection is asked is asked in turn. Relations of DuckDB and tables of
    Ibis share one turn, for they may share one connection; while facts of theirs are asked, nothing else should use
    that connection.

    Raises FactsError for a missing column, two that cannot be told apart, a wrong type, a value off its scale, an
    unknown role or state, a weight that is negative, beyond 10¹² or missing beside others, a row that stands there
    twice and a question that one response answers twice, unless their times say which answer is the latest: then that
    one counts (`Facts.counting_rows`). An event, a skipped question, a choice or a comment that is the same as another
    one in every column is that one, delivered twice: it counts once, and `Facts.repeated` says how many there are. What
    happened twice at one instant has a `source_key`, or a column of its own, by which the two differ.
    """
    if isinstance(source, Facts):
        return source
    if table not in TABLES:
        raise FactsError("option.choice", option="table", found=table, known=", ".join(TABLES))
    return _facts(read_source(source, table, names or {}), source, table, check=check)


def open_facts(source: Any) -> Any:
    """The door of methods that read answers as well as a small table of their own: Facts where the source holds answers
    (it has a column `response`), in whatever form `conform` takes; anything else as it is. What cannot be read is for
    its reader to say.
    """
    if isinstance(source, Facts):
        return source
    try:
        origin = read_source(source, "answers", {})
        named = {name.lower() for name in origin.names}
    except (PeakendError, AttributeError):
        return source
    return _facts(origin, source, "answers", check=True) if "response" in named else source


def _facts(origin: Source, source: Any, table: TableName, *, check: bool) -> Facts:
    native, keep = (
        (origin.native, origin.keep)
        if origin.rows is None
        else in_engine(fold_rows(origin.rows) if check else origin.rows)
    )
    turn = turn_of(native, keep)
    with turn:
        return replace(
            _standard(native, keep, source, table, check=check, spelled=origin.rows is not None),
            turn=turn,
            doubled=origin.doubled,
        )


def _standard(native: Any, keep: object, source: Any, table: TableName, *, check: bool, spelled: bool) -> Facts:
    rows = standard_names(lazy(native), table)
    own = rows.collect_schema().names()
    brought = tuple(name for name in own if name in {*KINDS, *INSTANTS})
    if check:
        rows = with_order(rows, source) if table == "events" else rows
        rows = rows if spelled else fold_frame(rows)
    frame = standard_columns(with_instants(rows, table), table, mend=check)
    found = scan(frame, table) if check else ScanResult(again=0, repeated=0, weighted=True)
    frame = frame.with_columns(nw.col("weight").fill_null(1.0)) if check and table == "answers" else frame
    ordered, delivery = ORDER in frame.collect_schema().names(), frame
    frame = frame.drop(ORDER) if ordered else frame
    columns = tuple(frame.collect_schema().names())
    return Facts(
        frame, table, columns, keep, delivery=delivery if ordered else None, brought=brought, again=found.again,
        repeated=found.repeated,
        weighted=found.weighted,
        has_aside="aside" in own,
    )  # fmt: skip
