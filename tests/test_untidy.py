"""Frames and options as they come from a notebook: columns that no engine knows, names that stand twice, and words in
the wrong place.
"""

from __future__ import annotations

import tracemalloc
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from peakend.errors import PeakendError
from peakend.facts import conform
from peakend.formats.mapping import read_mapped
from peakend.formats.tabular import read_table
from peakend.methods.csat import csat
from peakend.methods.nps import nps
from peakend.service.document import load
from tests.test_facts import rows

pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def frame(**other: Any) -> pd.DataFrame:
    """What Mrs Lin, Mr Chen and Miss Wu answered."""
    return pd.DataFrame({"response": ["lin", "chen", "wu"], "value": [10.0, 9.0, 2.0], **other})


def headed(*names: str) -> pd.DataFrame:
    table = frame(**{f"_{i}": [str(i)] * 3 for i in range(len(names) - 2)})
    table.columns = list(names)
    return table


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, "x", None], ["1", "x", None]),
        ([1j, 2j, 3j], ["1j", "2j", "3j"]),
        (pd.Categorical([1, "x", 2]), ["1", "x", "2"]),
        (pd.arrays.SparseArray([1, 0, 0]), ["1", "0", "0"]),
        ([1, pd.NA, float("nan")], ["1", None, None]),
    ],
    ids=["mixed", "complex", "categories", "sparse", "missing"],
)
def test_a_column_of_ones_own_that_no_engine_knows_is_a_text(values: Any, texts: list[str | None]) -> None:
    facts = conform(frame(junk=values))
    assert [text for (text,) in rows(facts, "junk")] == texts
    assert nps(facts)[0].n == 3


def test_mixed_ids_are_texts_and_a_word_among_scores_is_refused_with_its_row() -> None:
    assert rows(conform(frame().assign(response=[1, "x", 3])), "response") == [("1",), ("x",), ("3",)]
    assert rows(conform([{"response": 1, "value": 3}, {"response": "x", "value": 4}]), "response") == [("1",), ("x",)]
    for source in (frame().assign(value=[1, "x", 3]), [{"response": "a", "value": 1}, {"response": "b", "value": "x"}]):
        with pytest.raises(PeakendError) as refused:
            conform(source)
        assert (refused.value.id, refused.value.fields) == ("facts.cell", {"column": "value", "row": 2, "found": "x"})


def written(tmp_path: Path) -> Path:
    file = tmp_path / "doubled.csv"
    file.write_text("response,value,x,x\nlin,10,a,b\nchen,9,a,b\nwu,2,a,b\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "made",
    [
        lambda _: headed("response", "value", "x", "x"),
        lambda _: headed("response", "value", "x", "X"),
        lambda _: pa.table(
            [["lin", "chen", "wu"], [10.0, 9.0, 2.0], ["a"] * 3, ["b"] * 3], names=["response", "value", "x", "x"]
        ),
        written,
    ],
    ids=["pandas", "capitals", "pyarrow", "csv"],
)
def test_a_name_that_stands_twice_hinders_only_who_asks_for_it(made: Callable[[Path], Any], tmp_path: Path) -> None:
    facts = conform(made(tmp_path))
    assert (nps(facts)[0].n, facts.segments) == (3, ())
    for asked in ({"by": "x"}, {"where": {"x": "a"}}):
        with pytest.raises(PeakendError) as refused:
            nps(facts, **asked)
        assert refused.value.id == "facts.column_twice"


def test_a_standard_column_that_stands_twice_is_refused_unless_one_is_spelled_as_it_is() -> None:
    for names in (("response", "value", "value"), ("response", "Value", "VALUE")):
        with pytest.raises(PeakendError) as refused:
            conform(headed(*names))
        assert refused.value.id == "facts.column_twice"
    assert rows(conform(headed("response", "value", "Value")), "value") == [(10.0,), (9.0,), (2.0,)]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_of_any_unit_and_zone_is_read(unit: str) -> None:
    taipei = pd.to_datetime(["2026-01-01T10:00+08:00"] * 3).tz_convert("Asia/Taipei").as_unit(unit)
    assert rows(conform(frame(at=taipei)), "at_us")[0] == (1_767_232_800_000_000,)
    connection = duckdb.connect()
    assert rows(conform(connection.from_arrow(pa.Table.from_pandas(frame(at=taipei)))), "at_us")[0] == (
        1_767_232_800_000_000,
    )


def test_identities_that_are_uuids_are_texts_and_not_nothing() -> None:
    one = uuid.UUID("00000000-0000-4000-8000-000000000001")
    facts = conform(duckdb.connect().sql(f"SELECT '{one}'::UUID AS response, 9.0 AS value"))
    assert rows(facts, "response", "value") == [(str(one), 9.0)]


# --- columns that bear our names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "values", "id"),
    [
        ("state", ["TX", "CA", "NY"], "facts.state_unknown"),
        ("role", ["nurse", "cook", "guest"], "facts.role_unknown"),
        ("weight", ["light", "heavy", "light"], "facts.type"),
        ("weight", [-1, 2, 3], "facts.weight_negative"),
    ],
)
def test_a_column_that_bears_our_name_and_means_something_else_is_refused_with_a_way_out(
    column: str, values: list[Any], id: str
) -> None:
    with pytest.raises(PeakendError) as refused:
        conform(frame(**{column: values}))
    assert refused.value.id == id
    assert "give it another name" in refused.value.hint()
    facts = conform(frame(**{column: values}), names={column: "mine"})
    assert [text for (text,) in rows(facts, "mine")] == [str(value) for value in values]


@pytest.mark.parametrize(
    "made", [lambda table, _: table, lambda table, path: table.to_csv(path, index=False) or path], ids=["pandas", "csv"]
)
def test_names_say_what_a_column_is_called_here(made: Callable[[Any, Path], Any], tmp_path: Path) -> None:
    source = made(frame(weight=[70, 80, 90], date=pd.to_datetime(["2026-01-01"] * 3)), tmp_path / "answers.csv")
    facts = conform(source, names={"weight": "kilos", "date": "at"})
    assert rows(facts, "at_us", "weight", "kilos")[0] == (1_767_225_600_000_000, 1.0, "70")
    with pytest.raises(PeakendError) as refused:
        conform(source, names={"height": "metres"})
    assert (refused.value.id, refused.value.fields["column"]) == ("facts.column_unknown", "height")


def test_facts_say_what_was_read_and_what_is_ones_own() -> None:
    facts = conform(frame(weight=[70, 80, 90], date=["2026-01-01"] * 3))
    assert repr(facts) == "Facts(answers; read response, value, weight; own date)"
    assert (
        repr(conform(headed("response", "value", "x", "X"))) == "Facts(answers; read response, value; named twice x, X)"
    )


# --- words in the wrong place -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        (lambda: nps([9, 8, 7]), "facts.source"),
        (lambda: nps(pd.Series([9, 8])), "facts.source"),
        (lambda: nps(np.array([9, 8])), "facts.source"),
        (lambda: nps(pa.array([9, 8])), "facts.source"),
        (lambda: conform("response,value\nlin,4\n" * 40), "facts.file_missing"),
        (lambda: conform(frame(), "opinions"), "option.choice"),  # type: ignore[arg-type]
        (lambda: nps(frame(), conf="95"), "option.number"),  # type: ignore[arg-type]
        (lambda: nps(frame(), conf=None), "option.text"),  # type: ignore[arg-type]
        (lambda: nps(frame(), by=5), "option.names"),  # type: ignore[arg-type]
        (lambda: nps(frame(), by=None), "option.text"),  # type: ignore[arg-type]
        (lambda: nps(frame(site="A"), by=("site", "site")), "option.twice"),
        (lambda: csat(frame(site="A"), by=["site", "value", "site"]), "option.twice"),
        (lambda: nps(frame(), where="site=A"), "facts.conditions"),  # type: ignore[arg-type]
        (lambda: nps(frame(), where=["site"]), "facts.conditions"),  # type: ignore[arg-type]
        (lambda: read_mapped("answers.csv", "response: {column: id}\nitems: []\n"), "document.not_a_path"),
        (lambda: read_mapped("answers.csv", {"response": "id"}), "document.not_a_path"),  # type: ignore[arg-type]
        (lambda: load("service: clinic\n"), "document.not_a_path"),
    ],
)
def test_what_stands_in_the_wrong_place_is_refused_by_the_catalogue(asked: Callable[[], Any], id: str) -> None:
    with pytest.raises(PeakendError) as refused:
        asked()
    assert refused.value.id == id
    assert all(refused.value.message(lang) and refused.value.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


@pytest.mark.parametrize(
    "said", [lambda r: r.text("fr"), lambda r: r.table("fr"), lambda r: r.chart("fr"), lambda r: r.as_dict("fr")]
)
def test_a_language_that_is_not_spoken_is_refused(said: Callable[[Any], Any]) -> None:
    with pytest.raises(PeakendError) as refused:
        said(nps(frame()))
    assert (refused.value.id, refused.value.fields) == (
        "language.unknown",
        {"found": "fr", "known": "en, zh-Hant, zh-Hans"},
    )


# --- a line without an end --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["response,value,text\nlin,4,{}\n", "{}"], ids=["a cell", "one line"])
def test_a_line_without_an_end_is_refused_with_its_number_before_it_takes_memory(tmp_path: Path, text: str) -> None:
    file = tmp_path / "long.csv"
    file.write_text(text.format("x" * 20_000_000), encoding="utf-8")
    line = text.count("\n", 0, text.index("{}")) + 1
    tracemalloc.start()
    for read, id, most in ((conform, "facts.file_line", "2,000,000"), (read_table, "format.line_long", "16,000,000")):
        with pytest.raises(PeakendError) as refused:
            read(file)
        assert (refused.value.id, refused.value.fields["line"], refused.value.fields["most"]) == (id, line, most)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000
