"""The steps of a case stand in nobody's journey, and what a coder read out of a comment is no answer: no method sees
either, unless it is asked for, on any engine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pytest

from peakend.errors import FactsError
from peakend.facts import RESPONDENTS, Facts, conform
from peakend.methods import METHODS
from peakend.methods.nps import nps
from peakend.result import Method
from tests.engines import ENGINES, EVERY
from tests.methods.test_every_method import ON_ANSWERS, answers, differing, run

ON_EVENTS: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads == "events"]
# In Spark, where each question takes seconds, one method stands for all: which rows are read is decided before them.
ON_EVERY: Final = [
    pytest.param(method.values[0], engine.values[0], marks=engine.marks, id=f"{method.id}-{engine.values[0]}")
    for method in ON_EVENTS
    for engine in EVERY
    if engine.values[0] != "pyspark" or method.id == "queue"
]

# Ibis still calls DuckDB by a name that DuckDB has since changed; PySpark leaves its sockets to the collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def plain_arrow(table: pl.DataFrame) -> pa.Table:
    """The table in the types that every engine takes."""
    arrow = table.to_arrow()
    narrow = {pa.large_string(): pa.string(), pa.int32(): pa.int64(), pa.null(): pa.string()}
    return arrow.cast(pa.schema([(field.name, narrow.get(field.type, field.type)) for field in arrow.schema]))


def with_cases(table: pl.DataFrame) -> pl.DataFrame:
    """The same events, and beside them the steps of a case for every one of them: on the same visits, and on none."""
    bare = table.with_columns(record=pl.lit(None, pl.String))
    step = table.with_columns(record=pl.lit("case:12"), source_key=pl.lit(None, pl.String))
    moved = {name: pl.col(name) + 60_000_000 for name in ("at_us", "until_us") if name in table.columns}
    of_nobody = step.with_columns(visit=pl.lit(None, pl.String), record=pl.lit("initiative:3"), **moved)
    return pl.concat([step.with_columns(**moved), bare, of_nobody])


@pytest.mark.parametrize(("method", "engine"), ON_EVERY)
def test_no_method_reads_the_steps_of_a_record(method: Method[Any], engine: str) -> None:
    table = answers(method.id)
    found = run(method.id, ENGINES[engine](plain_arrow(with_cases(table)))).as_dict()
    assert differing(found, run(method.id, table).as_dict()) == []


def with_codes(table: pl.DataFrame) -> pl.DataFrame:
    """The same answers, and beside each what a coder read out of its response: a clause, an aspect of the very names
    that are measured, and a sentiment; of some the coder abstained.
    """
    clause = pl.concat_str(pl.col("item").fill_null("why"), pl.lit("#1"))
    codes = table.with_columns(
        item=clause, role=pl.lit("code"), value=pl.lit(1.0), low=pl.lit(-1.0), high=pl.lit(1.0),
        state=pl.when(pl.int_range(pl.len()) % 5 == 0).then(pl.lit("invalid")).otherwise(pl.lit("answered")),
        source=pl.lit("coder"), source_key=pl.int_range(pl.len()).cast(pl.String),
    )  # fmt: skip
    return pl.concat([table, codes.select(table.columns)], how="vertical_relaxed")


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_no_method_counts_a_code_as_an_answer(method: Method[Any]) -> None:
    table = answers(method.id)
    whole = table.with_columns(
        **{
            name: pl.lit(None, pl.Float64 if name in {"low", "high"} else pl.String)
            for name in ("item", "low", "high", "source", "source_key", "touchpoint")
            if name not in table.columns
        },
        **({} if "role" in table.columns else {"role": pl.lit("score")}),
        **({} if "state" in table.columns else {"state": pl.lit(None, pl.String)}),
    )
    assert differing(run(method.id, with_codes(whole)).as_dict(), run(method.id, whole).as_dict()) == []


MEI: Final[list[dict[str, Any]]] = [
    {"visit": "mei", "kind": "arrive", "touchpoint": "door", "at_us": 0},
    {"visit": "mei", "kind": "leave", "touchpoint": "desk", "at_us": 600_000_000},
    {"visit": "mei", "kind": "open", "touchpoint": "complaint", "at_us": 700_000_000, "record": "case:12"},
    {"visit": None, "kind": "answer", "touchpoint": "reply", "at_us": 4_300_000_000, "record": "case:12"},
    {"visit": None, "kind": "launch", "touchpoint": "launch", "at_us": 9_000_000_000, "record": "initiative:3"},
]


def visits(events: Facts) -> list[tuple[str, str]]:
    rows = events.frame.select("visit", "kind").collect().to_dict(as_series=False)
    return sorted(zip(rows["visit"], rows["kind"], strict=True))


def test_a_case_is_followed_by_its_record_where_somebody_asks_for_it() -> None:
    """Mei's visit is two steps; her complaint is a case of its own, from opened to answered."""
    events = conform(MEI, "events")
    case = [("case:12", "answer"), ("case:12", "open")]
    assert visits(events) == [("mei", "arrive"), ("mei", "leave")]
    assert visits(events.where(record="case:12")) == visits(events.only({"record": "case:12"})) == case
    assert visits(events.of_records("case")) == case
    assert visits(events.of_records()) == [*case, ("initiative:3", "launch")]
    assert len(events.as_they_came().frame.collect()) == len(MEI)


def test_only_what_is_of_a_record_may_be_of_no_visit() -> None:
    for rows, error in (
        ([{"visit": None, "record": None, "kind": "open"}], "facts.visit_empty"),
        ([{"visit": "mei", "record": "4711", "kind": "open"}], "facts.record_form"),
        ([{"visit": "mei", "record": f"case:{'1' * 201}", "kind": "open"}], "facts.record_form"),
        ([{"kind": "open"}], "facts.column_missing"),
    ):
        with pytest.raises(FactsError) as caught:
            conform(rows, "events")
        assert caught.value.id == error
    assert conform([{"record": "case:12", "kind": "open"}], "events").brought == ("record", "kind")


@pytest.mark.parametrize("item", ["why", "why#", "#1", "why#one", "why＃1#", None])
def test_a_code_says_of_which_clause_of_which_comment_it_is(item: str | None) -> None:
    with pytest.raises(FactsError) as caught:
        conform([{"response": "mei", "role": "code", "item": item, "construct": "effort", "value": 1.0}], "answers")
    assert caught.value.id == "facts.code_item"


def test_a_file_from_before_records_is_read_as_it_was(tmp_path: Path) -> None:
    """Parquet and CSV without the column: every row is of a visit."""
    table = pl.DataFrame([{name: row[name] for name in ("visit", "kind", "touchpoint", "at_us")} for row in MEI[:2]])
    table.write_parquet(tmp_path / "before.parquet")
    table.write_csv(tmp_path / "before.csv")
    for file in ("before.parquet", "before.csv"):
        assert visits(conform(tmp_path / file, "events")) == [("mei", "arrive"), ("mei", "leave")]


def test_every_kind_of_respondent_is_let_in_and_only_customers_make_the_figure() -> None:
    rows = [
        {"response": f"{kind}{n}", "respondent_kind": kind, "item": "nps", "construct": "nps", "value": value,
         "low": 0.0, "high": 10.0}
        for kind in RESPONDENTS
        for n in range(12)
        for value in [10.0 if kind == "customer" else 0.0]
    ]  # fmt: skip
    assert [(row.value, row.n) for row in nps(rows, where={"respondent_kind": "customer"})] == [(100.0, 12)]
    assert conform(rows).where(respondent_kind=RESPONDENTS).columns == conform(rows).columns
    with pytest.raises(FactsError) as caught:
        conform([{**rows[0], "respondent_kind": "robot"}])
    assert caught.value.id == "facts.respondent_unknown"
