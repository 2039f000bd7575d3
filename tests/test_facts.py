"""The door to the facts: what a table may leave out, what it may not hold, and that every engine's frame becomes the
same facts.
"""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peakend
from peakend.errors import FactsError
from peakend.facts import ANSWERS, EVENTS, Facts, conform
from tests.engines import ENGINES, EVERY, arrow, rows

NOON = 1_795_435_200_000_000  # 2026-11-23 12:00 UTC
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def mrs_lin(**other: Any) -> dict[str, Any]:
    """What Mrs Lin answered at the desk, at noon."""
    return {
        "response": "lin",
        "item": "q1",
        "construct": "desk",
        "value": 4.0,
        "low": 1.0,
        "high": 5.0,
        "at_us": NOON,
        **other,
    }


# --- what a table may leave out ---------------------------------------------------------------------------------------


def test_a_response_and_a_value_are_enough_and_the_rest_takes_its_default() -> None:
    facts = conform([{"response": "lin", "value": 4.0}])
    assert facts.columns == tuple(column.name for column in ANSWERS)
    assert rows(facts, *facts.columns) == [
        (
            "lin",
            "customer",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            "score",
            None,
            "answered",
            4.0,
            None,
            None,
            None,
            1.0,
            None,
            None,
            None,
        )
    ]


def test_events_need_a_visit_and_a_kind() -> None:
    facts = conform([{"visit": "v1", "kind": "arrive", "at_us": NOON}], "events")
    assert facts.columns == tuple(column.name for column in EVENTS)
    assert rows(facts, "visit", "kind", "at_us", "day", "touchpoint") == [("v1", "arrive", NOON, 20780, None)]
    with pytest.raises(FactsError) as refused:
        conform([{"visit": "v1"}], "events")
    assert (refused.value.id, refused.value.fields) == ("facts.column_missing", {"column": "kind", "found": "visit"})


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"value": 4.0}, "answered"),
        ({"value": None, "text": "too slow"}, "answered"),
        ({"value": None}, "skipped"),
        ({"value": float("nan")}, "skipped"),
        ({"value": None, "state": "answered"}, "skipped"),
        ({"value": None, "state": "not_applicable"}, "not_applicable"),
        ({"value": 11.0, "high": 10.0, "state": "invalid"}, "invalid"),
    ],
)
def test_the_state_follows_from_what_was_said_unless_it_is_stated(said: dict[str, Any], state: str) -> None:
    assert rows(conform([mrs_lin(**said)]), "state") == [(state,)]


@pytest.mark.parametrize("engine", EVERY)
def test_what_is_set_apart_is_read_by_nobody_who_has_not_asked_for_it(engine: str) -> None:
    reasons = {"lin": None, "wu": "questionable", "chen": "late", "kao": " quarantine ", "sun": ""}
    said = [(who, "desk", 4.0, 1.0, 5.0, aside) for who, aside in reasons.items()]
    facts = conform(ENGINES[engine](arrow(said, ("response", "construct", "value", "low", "high", "aside"))))

    def readers(found: Facts) -> set[str]:
        return {who for (who,) in rows(found, "response")}

    assert {
        "by default": readers(facts),
        "with all": readers(facts.with_aside()),
        "one reason": readers(facts.where(aside="quarantine")),
        "none, or late": readers(facts.only({"aside": [None, "late"]})),
        "as they came": readers(facts.as_they_came()),
        "without the column": readers(conform([mrs_lin()])),
    } == {
        "by default": {"lin", "wu", "sun"},
        "with all": {*reasons},
        "one reason": {"kao"},
        "none, or late": {"lin", "chen", "sun"},
        "as they came": {*reasons},
        "without the column": {"lin"},
    }
    assert [row.n for row in peakend.csat(facts)] == [3]


def test_a_column_that_the_facts_do_not_know_is_a_segment_and_is_text() -> None:
    facts = conform([mrs_lin(ward=7, insured=True, language="zh-Hant")])
    assert facts.segments == ("ward", "insured", "language")
    assert rows(facts, *facts.segments) == [("7", "true", "zh-Hant")]


def test_a_day_that_is_given_is_the_local_day_and_is_kept() -> None:
    table = [
        mrs_lin(),
        mrs_lin(response="chen", day=20781),
        mrs_lin(response="wu", at_us=-1),
        mrs_lin(response="mei", at_us=None),
    ]
    assert rows(conform(table), "response", "day") == [("lin", 20780), ("chen", 20781), ("wu", -1), ("mei", None)]


def test_facts_come_out_as_they_are() -> None:
    facts = conform([mrs_lin()])
    assert conform(facts) is facts


# --- every engine, one table ------------------------------------------------------------------------------------------

INSTANTS = {
    "in UTC": pa.timestamp("us", tz="UTC"),
    "without a zone": pa.timestamp("us"),
    "nanoseconds": pa.timestamp("ns"),
}


@pytest.mark.parametrize("kind", INSTANTS)
@pytest.mark.parametrize("engine", EVERY)
def test_an_instant_becomes_the_same_integer_on_every_engine(engine: str, kind: str) -> None:
    if engine == "pyspark" and kind != "in UTC":
        pytest.skip("Spark has one kind of timestamp")
    moments = [
        dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC),
        dt.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
        None,
    ]
    at = pa.array(moments, pa.timestamp("us", tz="UTC")).cast(INSTANTS[kind])
    table = pa.table({"response": ["a", "b", "c"], "value": [1.0, 2.0, 3.0], "at": at})
    facts = conform(ENGINES[engine](table))
    assert sorted(rows(facts, "response", "at_us", "day")) == [("a", NOON, 20780), ("b", -1, -1), ("c", None, None)]
    assert "at" not in facts.columns


@pytest.mark.parametrize("engine", EVERY)
def test_every_engine_gives_the_same_facts(engine: str) -> None:
    people = [
        mrs_lin(ward="7", weight=2.0),
        mrs_lin(response="陳", value=float("nan"), ward=None, weight=None),
        mrs_lin(response="!", ward="", state="invalid", value=9.0, weight=2.5),
    ]
    names = dict.fromkeys(name for person in people for name in person)
    table = pa.table({name: [person.get(name) for person in people] for name in names})
    facts = conform(ENGINES[engine](table))
    columns = ("response", "state", "value", "weight", "role", "day", "ward")
    assert sorted(rows(facts, *columns)) == [
        ("!", "invalid", 9.0, 2.5, "score", 20780, None),
        ("lin", "answered", 4.0, 2.0, "score", 20780, "7"),
        ("陳", "skipped", None, 1.0, "score", 20780, None),
    ]


@pytest.mark.parametrize("engine", EVERY)
def test_every_engine_refuses_the_same_value(engine: str) -> None:
    table = pa.Table.from_pylist([mrs_lin(), mrs_lin(response="chen", value=6.0)])
    with pytest.raises(FactsError) as refused:
        conform(ENGINES[engine](table))
    assert refused.value.id == "facts.off_scale"
    assert (refused.value.fields["count"], refused.value.fields["response"], refused.value.fields["value"]) == (
        1,
        "chen",
        6.0,
    )


def test_numbers_come_in_any_width_and_texts_as_categories() -> None:
    frame = pd.DataFrame([mrs_lin(value=4, low=1, high=5)]).astype(
        {"value": "int8", "response": "category", "low": "float32", "high": "Int64"}
    )
    narrow = pl.DataFrame({"response": ["lin"], "value": [4]}, schema={"response": pl.Categorical, "value": pl.UInt8})
    assert rows(conform(frame), "response", "value", "low", "high") == [("lin", 4.0, 1.0, 5.0)]
    assert rows(conform(narrow), "response", "value") == [("lin", 4.0)]


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_csv_is_read_with_its_numbers_its_instants_and_its_empty_cells(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(
        "﻿Response,VALUE,at,ward,text\nlin,4,2026-11-23T20:00:00+08:00,007,\n陳,,2026-11-23 12:00,,“慢”，真的\n",
        encoding="utf-8",
    )
    facts = conform(file)
    assert rows(facts, "response", "value", "at_us", "ward", "text", "state") == [
        ("lin", 4.0, NOON, "007", None, "answered"),
        ("陳", None, NOON, None, "“慢”，真的", "answered"),
    ]


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_capitals_in_the_name_of_a_column_do_not_matter(engine: str) -> None:
    facts = conform(ENGINES[engine](pa.table({"Response": ["lin"], "VALUE": [4.0], "Site": ["A"], "Ward": ["7"]})))
    assert rows(facts, "response", "value", "site", "Ward") == [("lin", 4.0, "A", "7")]


def test_parquet_is_read(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([mrs_lin()]), tmp_path / "answers.parquet")
    assert rows(conform(str(tmp_path / "answers.parquet")), "response", "value") == [("lin", 4.0)]


@pytest.mark.parametrize(
    ("name", "content", "id", "fields"),
    [
        ("none.csv", None, "facts.file_missing", {}),
        ("not.parquet", b"PAR2, but not really", "facts.file_unreadable", {}),
        ("word.csv", b"response,value\nlin,four\n", "facts.not_a_number", {"column": "value", "found": "four"}),
        (
            "when.csv",
            b"response,value,at\nlin,4,\nwu,4,tomorrow\n",
            "facts.not_an_instant",
            {"column": "at", "found": "tomorrow", "row": 3},
        ),
        ("columns.csv", b"name,score\nlin,4\n", "facts.column_missing", {"column": "response", "found": "name, score"}),
    ],
)
def test_a_file_that_cannot_be_read_says_what_and_where(
    tmp_path: Path, name: str, content: bytes | None, id: str, fields: dict[str, Any]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FactsError) as refused:
        conform(tmp_path / name)
    assert refused.value.id == id
    assert fields.items() <= refused.value.fields.items()
    assert refused.value.message("zh-Hant")


# --- what a table may not hold ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "id"),
    [
        ({"response": None}, "facts.response_empty"),
        ({"state": "maybe"}, "facts.state_unknown"),
        ({"role": "rating"}, "facts.role_unknown"),
        ({"respondent_kind": "robot"}, "facts.respondent_unknown"),
        ({"low": 5.0, "high": 5.0}, "facts.scale_empty"),
        ({"value": 5.5}, "facts.off_scale"),
        ({"value": 0.0}, "facts.off_scale"),
        ({"value": float("inf")}, "facts.off_scale"),
        ({"weight": -0.5}, "facts.weight_negative"),
        ({"weight": float("inf")}, "facts.weight_too_large"),
        ({"weight": 1e308}, "facts.weight_too_large"),
        ({"weight": 1e-200}, "facts.weight_too_small"),
    ],
)
def test_a_bad_answer_is_refused_by_name_and_told_in_three_languages(change: dict[str, Any], id: str) -> None:
    with pytest.raises(FactsError) as refused:
        conform([mrs_lin(response="chen"), mrs_lin(**change)])
    assert refused.value.id == id
    assert refused.value.fields["count"] == 1
    assert all(refused.value.message(lang) and refused.value.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


@pytest.mark.parametrize("blank", [None, float("nan")])
@pytest.mark.parametrize("engine", EVERY)
def test_an_answer_without_a_weight_beside_others_that_have_one_is_refused_and_where_nobody_has_one_each_counts_once(
    engine: str, blank: float | None
) -> None:
    table = pa.Table.from_pylist([mrs_lin(weight=250.0), mrs_lin(response="chen", weight=blank)])
    with pytest.raises(FactsError) as refused:
        conform(ENGINES[engine](table))
    assert (refused.value.id, refused.value.fields["count"], refused.value.fields["response"]) == (
        "facts.weight_missing",
        1,
        "chen",
    )
    assert all(
        "chen" in refused.value.message(lang) and refused.value.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans")
    )
    nobody = pa.table(
        {"response": ["lin", "chen"], "value": [4.0, 5.0], "weight": pa.array([blank, blank], pa.float64())}
    )
    assert rows(conform(ENGINES[engine](nobody)), "weight") == [(1.0,), (1.0,)]


def test_a_trusted_table_is_neither_scanned_nor_mended_and_what_it_lacks_is_made() -> None:
    trusted = conform([mrs_lin(value=6.0, state="answered"), mrs_lin(value=None, state="answered")], check=False)
    assert rows(trusted, "value", "state", "day", "role") == [
        (6.0, "answered", 20780, "score"),
        (None, "answered", 20780, "score"),
    ]


@pytest.mark.parametrize(
    ("change", "id"),
    [({"kind": None}, "facts.visit_empty"), ({"until_us": NOON - 1}, "facts.ends_before_it_begins")],
)
def test_a_bad_event_is_refused_by_name(change: dict[str, Any], id: str) -> None:
    with pytest.raises(FactsError) as refused:
        conform(
            [{"visit": "v0", "kind": "leave", "at_us": 1}, {"visit": "v1", "kind": "arrive", "at_us": NOON, **change}],
            "events",
        )
    assert (refused.value.id, refused.value.fields["visit"]) == (id, "v1")


def test_a_second_delivery_of_a_row_is_refused_and_rows_without_a_key_are_not_compared() -> None:
    twice = [
        mrs_lin(source="desk", source_key="7"),
        mrs_lin(source="phone", source_key="7"),
        mrs_lin(source="desk", source_key="7"),
        mrs_lin(at_us=1),
        mrs_lin(at_us=2),
    ]
    with pytest.raises(FactsError) as refused:
        conform(twice)
    assert (refused.value.id, refused.value.fields) == ("facts.row_twice", {"source": "desk", "key": "7", "times": 2})
    with pytest.raises(FactsError) as again:
        conform(twice[1:])
    assert (again.value.id, again.value.fields["times"]) == ("facts.answer_twice", 2)
    assert len(rows(conform(twice[2:]), "response")) == 3


@pytest.mark.parametrize(
    ("source", "id"),
    [
        ([{"value": 4.0}], "facts.column_missing"),
        ([{"response": "lin"}], "facts.column_missing"),
        ([{"response": "lin", "value": "4"}], "facts.type"),
        ([{"response": "lin", "value": 4.0, "at": "today"}], "facts.type"),
        (7, "facts.source"),
        ({"response": ["lin"]}, "facts.source"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused(source: Any, id: str) -> None:
    with pytest.raises(FactsError) as refused:
        conform(source)
    assert refused.value.id == id


# --- asking for some of it --------------------------------------------------------------------------------------------


def crowd() -> Facts:
    sites = {"lin": "A", "chen": "B", "wu": None, "mei": "A"}
    return conform(
        [mrs_lin(response=who, site=site, at_us=NOON + i, wave="2026") for i, (who, site) in enumerate(sites.items())]
    )


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        ({"site": "A"}, ["lin", "mei"]),
        ({"site": ("A", "B")}, ["chen", "lin", "mei"]),
        ({"site": ["A", "B"]}, ["chen", "lin", "mei"]),
        ({"site": {"A", "B"}}, ["chen", "lin", "mei"]),
        ({"site": pl.Series(["A", "B"])}, ["chen", "lin", "mei"]),
        ({"site": np.array(["A"])}, ["lin", "mei"]),
        ({"site": None}, ["wu"]),
        ({"site": math.nan}, ["wu"]),
        ({"site": ("B", None)}, ["chen", "wu"]),
        ({"site": ()}, []),
        ({"site": "A", "response": "mei"}, ["mei"]),
        ({"value": 4}, ["chen", "lin", "mei", "wu"]),
        ({"value": "4"}, ["chen", "lin", "mei", "wu"]),
        ({"wave": 2026}, ["chen", "lin", "mei", "wu"]),
        ({"wave": 2026.0}, ["chen", "lin", "mei", "wu"]),
        ({"value": [True, np.int64(4)]}, ["chen", "lin", "mei", "wu"]),
        ({"day": "20780"}, ["chen", "lin", "mei", "wu"]),
        ({"site": "A' OR '1'='1"}, []),
    ],
)
def test_where_keeps_the_rows_with_one_of_the_values(condition: dict[str, Any], who: list[str]) -> None:
    assert sorted(name for (name,) in rows(crowd().where(**condition), "response")) == who


@pytest.mark.parametrize(
    ("wanted", "who"), [(True, ["a"]), ([False], ["b"]), ("true", ["a"]), ([True, False], ["a", "b"])]
)
def test_true_and_false_find_a_frames_own_column_of_them(wanted: Any, who: list[str]) -> None:
    frame = pd.DataFrame({"response": ["a", "b"], "value": [4, 5], "member": [True, False]})
    assert sorted(name for (name,) in rows(conform(frame).where(member=wanted), "response")) == who


@pytest.mark.parametrize("wanted", [3, 3.0, [3], "3.0", np.float64(3)])
def test_a_number_finds_its_text_however_a_frame_wrote_it(wanted: Any) -> None:
    frame = pd.DataFrame({"response": ["a", "b"], "value": [4, 5], "desk": [3, None]})
    assert rows(conform(frame).where(desk=wanted), "response") == [("a",)]


@pytest.mark.parametrize(
    ("conditions", "fields"),
    [
        ({"site": "Z"}, {"column": "site", "value": "Z", "found": "A, B"}),
        ({"site": ["A", "Z", "Q"]}, {"column": "site", "value": "Z, Q", "found": "A, B"}),
        ({"value": 9}, {"column": "value", "value": "9.0", "found": "4"}),
        ({"channel": "web"}, {"column": "channel", "value": "web", "found": "–"}),
    ],
)
def test_a_value_that_no_row_has_is_refused_by_those_that_there_are(
    conditions: dict[str, Any], fields: dict[str, Any]
) -> None:
    with pytest.raises(FactsError) as refused:
        crowd().only(conditions)
    assert (refused.value.id, dict(refused.value.fields)) == ("facts.value_unknown", fields)


def test_a_known_word_that_no_row_has_finds_none_and_an_empty_table_refuses_nothing() -> None:
    assert rows(crowd().only({"respondent_kind": "manager", "site": ["A", "B"]}), "response") == []
    assert rows(crowd().where(site="nowhere").only({"site": "A"}), "response") == []


def test_between_takes_the_first_instant_and_not_the_last() -> None:
    assert [name for (name,) in rows(crowd().between(NOON + 1, NOON + 3), "response")] == ["chen", "wu"]
    assert len(rows(crowd().between(None, None), "response")) == 4


@pytest.mark.parametrize(
    ("condition", "id"), [({"gate": "B"}, "facts.column_unknown"), ({"value": "much"}, "facts.condition")]
)
def test_a_condition_that_makes_no_sense_is_refused(condition: dict[str, Any], id: str) -> None:
    with pytest.raises(FactsError) as refused:
        crowd().where(**condition)
    assert refused.value.id == id


@settings(max_examples=40)
@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))), max_size=8
    )
)
def test_any_text_comes_through_the_door_unharmed(texts: list[str | None]) -> None:
    table = pa.table({"response": [f"r{i}" for i in range(len(texts))], "text": pa.array(texts, pa.string())})
    assert [text for (text,) in rows(conform(table), "text")] == texts


def test_a_relation_lives_as_long_as_its_facts() -> None:
    def made() -> Facts:
        return conform(duckdb.connect().from_arrow(pa.Table.from_pylist([mrs_lin()])))

    assert rows(made(), "response") == [("lin",)]
