"""The columns of a frame as the standard ones: their names, their instants as integers, their types and defaults."""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from peakend.errors import FactsError
from peakend.facts.shape import DTYPES, INSTANTS, ORDER, REQUIRED, TABLES, Column, TableName
from peakend.facts.sql import quoted_name
from peakend.instants import DAY, SECOND


def standard_names(frame: nw.LazyFrame[Any], table: TableName) -> nw.LazyFrame[Any]:
    """Columns that differ from a standard one in capitals alone are that one: most engines do not tell them apart."""
    names = frame.collect_schema().names()
    standard = {column.name for column in TABLES[table]} | set(INSTANTS)
    meant = {name: name.lower() for name in names if name.lower() in standard and name.lower() not in names}
    return frame.rename(meant) if meant else frame


def with_instants(frame: nw.LazyFrame[Any], table: TableName) -> nw.LazyFrame[Any]:
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
        return lazy(native.project(f"*, epoch_us(cast({quoted_name(instant)} as {zoned})) as {quoted_name(number)}"))
    if module == "ibis":
        seconds = native[instant].truncate("s").epoch_seconds().cast("int64")
        return lazy(native.mutate(**{number: seconds * SECOND + native[instant].microsecond().cast("int64")}))
    return lazy(native.selectExpr("*", f"unix_micros(cast(`{instant}` as timestamp)) as `{number}`"))


def lazy(native: Any) -> nw.LazyFrame[Any]:
    """A frame of an engine as Narwhals asks it. Raises FactsError `facts.source` for what is none."""
    try:
        frame: nw.LazyFrame[Any] = nw.from_native(native).lazy()
    except TypeError:
        raise FactsError("facts.source", found=f"{type(native).__module__}.{type(native).__name__}") from None
    return frame


def standard_columns(frame: nw.LazyFrame[Any], table: TableName, *, mend: bool) -> nw.LazyFrame[Any]:
    """Every standard column in its type, with its default where it is missing, then the own ones as texts.

    Raises FactsError `facts.column_missing` for what no table can be without, `facts.type` for what is no number.
    """
    schema = frame.collect_schema()
    for name in REQUIRED[table]:
        if name not in schema and not (name == "visit" and "record" in schema):
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
