"""The scan of a table at the door: rows that cannot be, rows that stand there twice, and questions that were answered
again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals.stable.v2 as nw

from peakend.errors import FactsError
from peakend.facts.shape import CODE, HEAVIEST, LIGHTEST, ORDER, RESPONDENTS, ROLES, STATES, TableName

QUESTION: Final = ("response", "item", "construct", "role", "touchpoint")
"""What makes a question one: in which questionnaire it stands, what it asks, of which side, and where."""
OCCASION: Final = ("respondent_kind", "survey", "wave", "visit")
"""Answers to one question on several occasions are not one answer and its correction."""
HAPPENING: Final = ("visit", "at_us", "kind", "touchpoint", "indicator")
"""What differs between almost any two events."""
RECORD: Final = r"^[a-z_]+:[^\r\n]{1,200}$"
"""How a record is written: its kind and its id, as in case:12. A column that is called so by chance and holds anything
else is refused: taken for records, its rows would silently be left out of every method.
"""
CODED: Final = ".#[0-9]+$"
"""How the item of a code is written: the item of its comment and the number of the clause, as in why#2."""
LARGEST_VALUE: Final = sys.float_info.max
WEIGHTLESS: Final = "facts.weight_missing"
"""An answer without a weight, beside others that have one."""
SEVERAL: Final = ("comment", "choice", "code")
"""Roles of which one question may have several rows: choices, and the codes of a comment."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the scan of a table found: how many answers were given again later, how many rows are repeated, the same in
    every column (of answers: skipped questions, choices and comments, for a figure that was given twice is refused, or
    the latest counts), and whether any answer has another weight than one.
    """

    again: int
    repeated: int
    weighted: bool


def scan(frame: nw.LazyFrame[Any], table: TableName) -> ScanResult:
    """Look at every row of a table. Raises FactsError for the first kind of bad row.

    A weight that nobody stated is still null here.
    """
    flags = _answer_flags() if table == "answers" else _event_flags()
    marked = {f"bad_{i}": bad for i, (_, bad) in enumerate(flags)} | (
        {"weighted": _WEIGHTED} if table == "answers" else {}
    )
    flagged = frame.with_columns(
        *(
            nw.when(mark).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()).alias(name)
            for name, mark in marked.items()
        )
    )
    sums = flagged.select(*(nw.col(name).sum() for name in marked)).collect().to_dict(as_series=False)
    for i, (refusal, bad) in enumerate(flags):
        count = int(sums[f"bad_{i}"][0] or 0)
        if count and not (refusal == WEIGHTLESS and count == _answered(frame)):
            raise FactsError(refusal, count=count, **_example(frame.filter(bad), table))
    _no_row_twice(frame)
    if table == "events":
        return ScanResult(again=0, repeated=_repeated(frame, HAPPENING), weighted=False)
    again = _given_again(frame)
    return ScanResult(
        again=again, repeated=_repeated(frame.filter(~_is_answer()), QUESTION), weighted=bool(sums["weighted"][0])
    )


_WEIGHTED: Final = (nw.col("state") == "answered") & (nw.col("weight") != 1)
"""An answer with another weight than one: found in the look at every row that is taken anyway, so that no method has to
look again for none.
"""


def _answered(frame: nw.LazyFrame[Any]) -> int:
    """How many answers there are: where none of them has a weight, none was given."""
    rows = frame.filter(nw.col("state") == "answered").with_columns(nw.lit(1).cast(nw.Int64()).alias("times"))
    return int(rows.select(nw.col("times").sum()).collect().to_dict(as_series=False)["times"][0] or 0)


def _answer_flags() -> list[tuple[str, nw.Expr]]:
    answered = nw.col("state") == "answered"
    code = nw.col("role") == CODE
    clause = nw.when(code).then(nw.col("item"))
    off = (nw.col("value") < nw.col("low")) | (nw.col("value") > nw.col("high"))
    return [
        ("facts.response_empty", nw.col("response").is_null()),
        ("facts.state_unknown", ~nw.col("state").is_in(list(STATES))),
        ("facts.role_unknown", ~nw.col("role").is_in(list(ROLES))),
        ("facts.code_item", code & (clause.is_null() | ~clause.str.contains(CODED))),
        ("facts.respondent_unknown", ~nw.col("respondent_kind").is_in(list(RESPONDENTS))),
        ("facts.scale_empty", nw.col("low") >= nw.col("high")),
        ("facts.off_scale", answered & off),
        ("facts.weight_negative", nw.col("weight") < 0),
        ("facts.weight_too_large", nw.col("weight") > HEAVIEST),
        ("facts.weight_too_small", (nw.col("weight") > 0) & (nw.col("weight") < LIGHTEST)),
        (WEIGHTLESS, answered & nw.col("weight").is_null()),
    ]


def _event_flags() -> list[tuple[str, nw.Expr]]:
    return [
        ("facts.visit_empty", (nw.col("visit").is_null() & nw.col("record").is_null()) | nw.col("kind").is_null()),
        ("facts.record_form", ~nw.col("record").is_null() & ~nw.col("record").str.contains(RECORD)),
        ("facts.value_infinite", (nw.col("value") > LARGEST_VALUE) | (nw.col("value") < -LARGEST_VALUE)),
        ("facts.promise_negative", (nw.col("kind") == "wait") & (nw.col("value") < 0)),
        ("facts.ends_before_it_begins", nw.col("until_us") < nw.col("at_us")),
    ]


def _example(frame: nw.LazyFrame[Any], table: TableName) -> dict[str, object]:
    """One bad row, so that the message can say where to look."""
    rows = frame.head(1).collect().to_dict(as_series=False)
    names = (
        ("response", "item", "role", "state", "respondent_kind", "value", "low", "high", "weight")
        if table == "answers"
        else ("visit", "record", "kind", "touchpoint", "at_us", "until_us", "value")
    )
    return {name: "–" if rows[name][0] is None else rows[name][0] for name in names}


def _no_row_twice(frame: nw.LazyFrame[Any]) -> None:
    keyed = frame.filter(~nw.col("source").is_null() & ~nw.col("source_key").is_null()).select("source", "source_key")
    repeated = (
        keyed.with_columns(nw.lit(1).cast(nw.Int64()).alias("times"))
        .group_by("source", "source_key")
        .agg(nw.col("times").sum())
    )
    found = _first(repeated.filter(nw.col("times") > 1))
    if found["times"]:
        raise FactsError(
            "facts.row_twice", source=found["source"][0], key=found["source_key"][0], times=int(found["times"][0])
        )


def _is_answer() -> nw.Expr:
    return (nw.col("state") == "answered") & ~nw.col("value").is_null() & ~nw.col("role").is_in(list(SEVERAL))


def _given_again(frame: nw.LazyFrame[Any]) -> int:
    """How many answers were given again later. Raises FactsError `facts.answer_twice` where nothing says which answer
    is the latest.
    """
    rows = frame.filter(_is_answer()).select(
        *QUESTION, *OCCASION, "at_us", *(nw.lit(1).cast(nw.Int64()).alias(name) for name in ("times", "_one")),
        nw.when(~nw.col("at_us").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()).alias("timed"),
    )  # fmt: skip
    repeated = rows.group_by(*QUESTION).agg(nw.col("times").sum(), nw.col("timed").sum()).filter(nw.col("times") > 1)
    if not _first(repeated)["times"]:
        return 0
    occasions = (
        rows.select(*QUESTION, *OCCASION, "_one").unique().group_by(*QUESTION).agg(nw.col("_one").sum().alias("times"))
    )
    at_once = rows.group_by(*QUESTION, "at_us").agg(nw.col("times").sum())
    for unclear in (
        at_once.filter(nw.col("times") > 1),
        repeated.filter(nw.col("timed") < nw.col("times")),
        occasions.filter(nw.col("times") > 1),
    ):
        if (found := _first(unclear))["times"]:
            asked = found["item"][0] or found["construct"][0] or found["role"][0]
            raise FactsError(
                "facts.answer_twice",
                response=found["response"][0],
                item=asked,
                role=found["role"][0],
                times=int(found["times"][0]),
            )
    total = (
        repeated.with_columns((nw.col("times") - 1).alias("times"))
        .select(nw.col("times").sum())
        .collect()
        .to_dict(as_series=False)
    )
    return int(total["times"][0])


def _repeated(frame: nw.LazyFrame[Any], first: Sequence[str]) -> int:
    """How many rows stand there again, the same in every column. All columns are only compared where the `first` ones
    leave it open.
    """
    own = [name for name in frame.collect_schema().names() if name != ORDER]
    one = nw.lit(1).cast(nw.Int64()).alias("_times")
    near = [name for name in first if name in own]
    if not _first(_several(frame.select(*near, one), near))["_times"]:
        return 0
    more = _several(frame.select(*own, one), own).select((nw.col("_times") - 1).alias("_times"))
    return int(more.select(nw.col("_times").sum()).collect().to_dict(as_series=False)["_times"][0] or 0)


def _several(rows: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
    return rows.group_by(*names).agg(nw.col("_times").sum()).filter(nw.col("_times") > 1)


def once(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Of rows that are the same in every column the first alone; which of them is first only their place in the order
    of delivery says.
    """
    names = rows.collect_schema().names()
    own, place = [name for name in names if name != ORDER], ORDER if ORDER in names else "_one"
    counted = rows.with_columns(nw.lit(1).cast(nw.Int64()).alias("_one"))
    counted = counted.with_columns(nw.col("_one").cum_sum().over(*own, order_by=place).alias("_time"))
    return counted.filter(nw.col("_time") == 1).drop("_one", "_time")


def _first(frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = frame.head(1).collect().to_dict(as_series=False)
    return rows


def latest(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Of the answers to one question the latest alone, and all rows that are no answers."""
    given = rows.with_columns(nw.when(_is_answer()).then(nw.col("at_us")).alias("_answered"))
    given = given.with_columns(nw.col("_answered").max().over(*QUESTION).alias("_newest"))
    return given.filter(nw.col("_answered").is_null() | (nw.col("_answered") == nw.col("_newest"))).drop(
        "_answered", "_newest"
    )
