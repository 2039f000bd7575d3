"""The scan of a table at the door: rows that cannot be, rows that stand there twice, and questions that were answered
again.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
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

    What is asked of every table is asked at once, for an engine plans and starts each query anew; only what remembers
    every key is asked apart, so that it need not lie in memory beside what remembers every question.
    A weight that nobody stated is still null here.
    """
    flags = _answer_flags() if table == "answers" else _event_flags()
    found = _asked_at_once(_marked(frame, flags, table), _most_alike(frame, table))
    for i, (refusal, bad) in enumerate(flags):
        count = found[f"bad_{i}"]
        if count and not (refusal == WEIGHTLESS and count == found["answered"]):
            raise FactsError(refusal, count=count, **_example(frame.filter(bad), table))
    _no_row_twice(frame)
    again = _given_again(frame) if table == "answers" and found["asked"] > 1 else 0
    others = frame.filter(~_is_answer()) if table == "answers" else frame
    repeated = _repeated(others) if found["alike"] > 1 else 0
    return ScanResult(again=again, repeated=repeated, weighted=table == "answers" and bool(found["weighted"]))


def _asked_at_once(*questions: nw.LazyFrame[Any]) -> dict[str, int]:
    """The counts of several questions, each of which is answered by one row with names of its own; what no row answers
    is 0.
    """
    rows = nw.concat(questions, how="diagonal").collect().to_dict(as_series=False)
    return {name: sum(int(count or 0) for count in counts) for name, counts in rows.items()}


def _marked(frame: nw.LazyFrame[Any], flags: Sequence[tuple[str, nw.Expr]], table: TableName) -> nw.LazyFrame[Any]:
    """How many rows are bad, in each way; and of answers, what is to be known of their weights."""
    marks = {f"bad_{i}": bad for i, (_, bad) in enumerate(flags)} | (_OF_WEIGHTS if table == "answers" else {})
    flagged = frame.with_columns(*(_one_where(mark).alias(name) for name, mark in marks.items()))
    return flagged.select(*(nw.col(name).sum() for name in marks))


def _one_where(test: nw.Expr) -> nw.Expr:
    return nw.when(test).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64())


_OF_WEIGHTS: Final = {
    "weighted": (nw.col("state") == "answered") & (nw.col("weight") != 1),
    "answered": nw.col("state") == "answered",
}
"""An answer with another weight than one: found in the look at every row that is taken anyway, so that no method has to
look again for none. And how many answers there are: where none of them has a weight, none was given.
"""


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


def _counted(rows: nw.LazyFrame[Any], *names: str) -> nw.LazyFrame[Any]:
    """How many rows there are of each different one."""
    one = nw.lit(1).cast(nw.Int64()).alias("_times")
    return rows.select(*names, one).group_by(*names).agg(nw.col("_times").sum())


def _no_row_twice(frame: nw.LazyFrame[Any]) -> None:
    keyed = frame.filter(~nw.col("source").is_null() & ~nw.col("source_key").is_null())
    found = _first(_counted(keyed, "source", "source_key").filter(nw.col("_times") > 1))
    if found["_times"]:
        raise FactsError(
            "facts.row_twice", source=found["source"][0], key=found["source_key"][0], times=int(found["_times"][0])
        )


def _most_alike(frame: nw.LazyFrame[Any], table: TableName) -> nw.LazyFrame[Any]:
    """How many rows there are at most in which the columns are the same that differ between almost any two: of answers
    those to one question (`asked`), and what else it has (`alike`).
    """
    if table == "events":
        return _counted(frame, *HAPPENING).select(nw.col("_times").max().alias("alike"))
    rows = _counted(frame.with_columns(_one_where(_is_answer()).alias("_given")), *QUESTION, "_given")
    given = {"asked": nw.col("_given") == 1, "alike": nw.col("_given") == 0}
    return rows.select(*(nw.when(test).then(nw.col("_times")).alias(name) for name, test in given.items())).select(
        *(nw.col(name).max() for name in given)
    )


def _is_answer() -> nw.Expr:
    return (nw.col("state") == "answered") & ~nw.col("value").is_null() & ~nw.col("role").is_in(list(SEVERAL))


def _given_again(frame: nw.LazyFrame[Any]) -> int:
    """How many answers were given again later. Raises FactsError `facts.answer_twice` where nothing says which answer
    is the latest.
    """
    rows = frame.filter(_is_answer()).select(*QUESTION, *OCCASION, "at_us")
    timed = rows.with_columns(
        _one_where(~nw.col("at_us").is_null()).alias("timed"), nw.lit(1).cast(nw.Int64()).alias("_times")
    )
    repeated = timed.group_by(*QUESTION).agg(nw.col("_times").sum(), nw.col("timed").sum()).filter(nw.col("_times") > 1)
    unclear = (
        _counted(rows, *QUESTION, "at_us").filter(nw.col("_times") > 1),
        repeated.filter(nw.col("timed") < nw.col("_times")),
        _counted(rows.select(*QUESTION, *OCCASION).unique(), *QUESTION).filter(nw.col("_times") > 1),
    )
    found = _asked_at_once(
        repeated.select((nw.col("_times") - 1).alias("again")).select(nw.col("again").sum()),
        *(each.select(nw.col("_times").max().alias(f"unclear_{i}")) for i, each in enumerate(unclear)),
    )
    for i, each in enumerate(unclear):
        if found[f"unclear_{i}"]:
            raise _answer_twice(_first(each))
    return found["again"]


def _answer_twice(found: Mapping[str, list[Any]]) -> FactsError:
    return FactsError(
        "facts.answer_twice",
        response=found["response"][0],
        item=found["item"][0] or found["construct"][0] or found["role"][0],
        role=found["role"][0],
        times=int(found["_times"][0]),
    )


def _repeated(frame: nw.LazyFrame[Any]) -> int:
    """How many rows stand there again, the same in every column. Asked only where some columns leave it open."""
    own = [name for name in frame.collect_schema().names() if name != ORDER]
    more = _counted(frame, *own).select((nw.col("_times") - 1).alias("_times"))
    return _asked_at_once(more.select(nw.col("_times").sum()))["_times"]


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
