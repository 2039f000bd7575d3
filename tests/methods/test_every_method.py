"""What no method may depend on, and what none may stumble over, over the whole register at once.

Each is run on a few hundred of the answers that the register shows it on. Nothing changes a result: the order of rows,
how a table is cut into chunks, the engine it lies in, what groups are called, weights of one. Answers that say nothing
end in a named refusal or in clean rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from peakend.errors import PeakendError
from peakend.facts import Facts
from peakend.methods import BY_ID, METHODS
from peakend.methods import ces as ces_module
from peakend.methods import csat as csat_module
from peakend.methods import kano as kano_module
from peakend.methods import kano_drift as drift_module
from peakend.methods import nps as nps_module
from peakend.methods import ridit as ridit_module
from peakend.methods import servqual as servqual_module
from peakend.result import Method, Results
from peakend.terms import LANGUAGES
from tests.methods.test_registry import showing

MOST: Final = 240
"""Responses (visits, for events) that are enough here."""
ON_FACTS: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads != "table"]
ON_ANSWERS: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads == "answers"]
ON_TABLES: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads == "table"]
Rows = list[dict[str, Any]]


@cache
def answers(id: str) -> pl.DataFrame:
    """The first few hundred responses of what a method is shown on."""
    return first_of(id, MOST)


def first_of(id: str, most: int) -> pl.DataFrame:
    """The answers (or events) of the first responses (or visits) of what a method is shown on."""
    source = showing(id).source()
    native: Any = nw.to_native(source.frame) if isinstance(source, Facts) else pl.DataFrame(source)
    table = native.pl() if isinstance(native, duckdb.DuckDBPyRelation) else native.lazy().collect()
    one = "visit" if BY_ID[id].reads == "events" else "response"
    kept = table[one].unique(maintain_order=True).head(most)
    return table.filter(pl.col(one).is_in(kept.implode()))


def run(id: str, source: Any, **more: Any) -> Results[Any]:
    return BY_ID[id].run(source, **{**showing(id).options, **more})


@cache
def plain(id: str) -> Rows:
    return run(id, answers(id)).as_dict()


def same(found: Any, expected: Any) -> bool:
    """Counts and words alike, figures to nine digits, for engines add in different orders."""
    if isinstance(expected, Mapping):
        return (
            isinstance(found, Mapping)
            and list(found) == list(expected)
            and all(same(found[k], v) for k, v in expected.items())
        )
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, float) and isinstance(found, int | float):
        return bool(np.isclose(found, expected, rtol=1e-9, atol=1e-9))
    return bool(found == expected)


def differing(found: Rows, expected: Rows) -> list[Any]:
    """Where two results part, for the eyes of whoever has to find out why."""
    if len(found) != len(expected):
        return [len(found), len(expected)]
    return [
        (name, one.get(name), other[name])
        for one, other in zip(found, expected, strict=True)
        for name in other
        if not same(one.get(name), other[name])
    ]


# --- nothing changes a result -----------------------------------------------------------------------------------------


def _mixed(table: pl.DataFrame) -> pl.DataFrame:
    return table.sample(fraction=1, shuffle=True, seed=11)


def _chunked(table: pl.DataFrame) -> pa.Table:
    arrow = _mixed(table).to_arrow()
    return pa.concat_tables([arrow.slice(at, size) for at, size in ((0, 3), (3, 0), (3, 501), (504, arrow.num_rows))])


def _duckdb(table: pl.DataFrame) -> Any:
    return duckdb.connect().from_arrow(_mixed(table).to_arrow())


FORMS: Final[Mapping[str, Callable[[pl.DataFrame], Any]]] = {
    "polars, rows mixed, lazy": lambda table: _mixed(table).lazy(),
    "pandas, rows mixed": lambda table: _mixed(table).to_pandas(),
    "duckdb, rows mixed": _duckdb,
    "pyarrow, rows mixed, in chunks": _chunked,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", ON_FACTS)
def test_neither_the_order_of_rows_nor_chunks_nor_the_engine_change_a_result(method: Method[Any], form: str) -> None:
    assert differing(run(method.id, FORMS[form](answers(method.id))).as_dict(), plain(method.id)) == []


@pytest.mark.parametrize("method", ON_FACTS)
def test_what_groups_are_called_changes_no_figure(method: Method[Any]) -> None:
    by, table = showing(method.id).by, answers(method.id)
    named = table.with_columns(pl.concat_str(pl.lit("the "), pl.col(by).cast(pl.String)).alias(by))
    before, after = (run(method.id, one, by=by).as_dict() for one in (table, named))
    for row in after:
        row["group"] = {
            name: None if value is None else value.removeprefix("the ") for name, value in row["group"].items()
        }
        row.pop("refused")
    assert differing(after, [{name: value for name, value in row.items() if name != "refused"} for row in before]) == []


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_weights_of_one_are_no_weights(method: Method[Any]) -> None:
    table = answers(method.id)
    ones, none = table.with_columns(weight=pl.lit(1.0)), table.drop("weight", strict=False)
    assert differing(run(method.id, ones).as_dict(), run(method.id, none).as_dict()) == []


@pytest.mark.parametrize("method", ON_TABLES)
def test_a_small_table_is_read_alike_from_every_kind_of_table(method: Method[Any]) -> None:
    rows = showing(method.id).source()
    expected = run(method.id, rows).as_dict()
    frame = pl.DataFrame(rows) if isinstance(rows, list) else rows
    for form in (frame, frame.to_arrow(), frame.to_pandas()):
        assert differing(run(method.id, form).as_dict(), expected) == []


FROM_COUNTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "nps": lambda row: nps_module.from_counts(scores=row.scores),
    "csat": lambda row: csat_module.from_counts({float(value): n for value, n in row.counts.items()}, scale=row.scale),
    "ces": lambda row: ces_module.from_counts(
        {float(value): n for value, n in row.counts.items()}, edition=row.edition
    ),
    "kano": lambda row: kano_module.from_counts(row.counts),
    "kano_drift": lambda row: drift_module.from_counts(dict(zip(row.waves, row.counts, strict=True))),
    "servqual": lambda row: servqual_module.from_sums(
        n=row.n, expectation=row.expectation, perception=row.perception, sd=row.sd, scale=row.scale
    ),
}


@pytest.mark.parametrize("id", FROM_COUNTS)
def test_counts_and_rows_agree(id: str) -> None:
    for row in run(id, answers(id)):
        again = FROM_COUNTS[id](row)
        assert same([again.value, again.low, again.high, again.n], [row.value, row.low, row.high, row.n])


def test_counts_and_rows_of_groups_agree() -> None:
    """Ridits of the airport's answers by site, from the tally of each site."""
    asked = answers("ridit")
    found = run("ridit", asked)
    for construct in {row.construct for row in found}:
        rows = [row for row in found if row.construct == construct and row.refused is None]
        said = asked.filter(
            (pl.col("construct") == construct) & (pl.col("state") == "answered") & (pl.col("role") == "score")
        )
        values = sorted(said["value"].unique())
        tallies = {
            row.level: [said.filter((pl.col(row.across) == row.level) & (pl.col("value") == v)).height for v in values]
            for row in rows
        }
        again = ridit_module.from_counts(tallies) if rows else ()
        assert same([[r.value, r.low, r.high, r.n] for r in again], [[r.value, r.low, r.high, r.n] for r in rows])


# --- nothing makes one stumble ----------------------------------------------------------------------------------------


def _constant(table: pl.DataFrame) -> pl.DataFrame:
    said = pl.col("state") == "answered" if "state" in table.columns else pl.col("value").is_not_null()
    return table.with_columns(
        value=pl.when(said & pl.col("value").is_not_null())
        .then(pl.col("high").fill_null(1.0))
        .otherwise(pl.col("value"))
    )


def _unanswered(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(value=pl.lit(None, pl.Float64), state=pl.lit("skipped"))


def _one_role(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("role") == table["role"].drop_nulls().mode().sort()[0])


HOSTILE: Final[Mapping[str, Callable[[pl.DataFrame], Any]]] = {
    "everybody says the same": _constant,
    "nobody answers": _unanswered,
    "only one side was asked": _one_role,
    "one person answers again and again": lambda table: table.with_columns(response=pl.lit("Mrs Lin")),
    "one answer": lambda table: table.head(1),
    "three answers": lambda table: table.head(3),
    "weights of nothing": lambda table: table.with_columns(weight=pl.lit(0.0)),
}


def wrong(id: str, source: Any) -> list[str]:
    """What is not as it should be where there is little to say; a refusal must have its words."""
    try:
        results = run(id, source)
    except PeakendError as refusal:
        return [
            f"{refusal.id} has no words in {lang}"
            for lang in LANGUAGES
            if not (refusal.message(lang) and refusal.hint(lang))
        ]
    return list(unclean(results))


def unclean(results: Results[Any]) -> Iterator[str]:
    """Data without NaN, a sentence, a table and a picture in each language; yields what is missing."""
    for row in results.as_dict():
        json.dumps(row, allow_nan=False)
        if (row["value"] is None) != (row["refused"] is not None):
            yield f"a row with neither figure nor refusal: {row}"
    for lang in LANGUAGES:
        if not results.text(lang).strip():
            yield f"no words in {lang}"
        json.dumps(results.chart(lang).spec, allow_nan=False)
        json.dumps(results.table(lang).rows, allow_nan=False)


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("method", ON_ANSWERS)
def test_answers_that_say_little_end_in_a_named_refusal_or_in_clean_rows(method: Method[Any], kind: str) -> None:
    assert wrong(method.id, HOSTILE[kind](answers(method.id))) == []


@pytest.mark.parametrize("method", [pytest.param(method, id=method.id) for method in METHODS])
def test_a_table_of_nothing_is_refused_for_the_column_it_lacks(method: Method[Any]) -> None:
    for nothing in ([], pa.table({}), pl.DataFrame()):
        with pytest.raises(PeakendError) as caught:
            run(method.id, nothing)
        assert caught.value.id in {"facts.column_missing", "table.column_missing"}


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_a_negative_weight_is_refused_by_name(method: Method[Any]) -> None:
    table = answers(method.id).with_columns(weight=pl.when(pl.int_range(pl.len()) == 1).then(-1.0).otherwise(1.0))
    with pytest.raises(PeakendError) as caught:
        run(method.id, table)
    assert caught.value.id == "facts.weight_negative"


@pytest.mark.parametrize(
    "method", [pytest.param(method, id=method.id) for method in METHODS if method.reads == "events"]
)
def test_events_that_say_little_end_in_a_named_refusal_or_in_clean_rows(method: Method[Any]) -> None:
    table = answers(method.id)
    for few in (
        table.head(1),
        table.head(3),
        table.with_columns(kind=pl.lit("wait")),
        table.with_columns(visit=pl.lit("Mrs Lin")),
    ):
        assert wrong(method.id, few) == []


@pytest.mark.parametrize("method", ON_TABLES)
def test_a_table_of_one_row_ends_in_a_named_refusal_or_in_clean_rows(method: Method[Any]) -> None:
    rows = showing(method.id).source()
    rows = rows if isinstance(rows, list) else rows.to_dicts()
    for few in (rows[:1], rows[:2], [{**row, "value": 0.0} for row in rows]):
        assert wrong(method.id, few) == []
