"""Ids and names of a source in their one plain form, whatever engine holds them and however they were spelled."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from peakend.errors import FactsError
from peakend.facts import conform
from tests.engines import ENGINES, EVERY, rows

pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SPELLED = [
    {"response": f"r{at}", "value": float(at), "site": site, "ward": ward}
    for at, (site, ward) in enumerate(
        [("A1", "east"), ("A1 ", "east "), ("Ａ１", "ｅａｓｔ"), ("\u3000台北\u3000站", " "), ("台北  站", None)]
    )
]


SITES = [("A1", "east"), ("A1", "east"), ("A1", "east"), ("台北 站", None), ("台北 站", None)]


@pytest.mark.parametrize("engine", EVERY)
def test_an_id_spelled_in_several_ways_is_one_in_every_engine(engine: str) -> None:
    facts = conform(ENGINES[engine](pa.Table.from_pylist(SPELLED)))
    rows = facts.frame.select("value", "site", "ward").sort("value").collect().to_dict(as_series=False)
    assert list(zip(rows["site"], rows["ward"], strict=True)) == SITES
    asked = facts.only({"site": "Ａ１ ", "ward": " east"}).frame.select("value").collect()
    assert sorted(asked.to_dict(as_series=False)["value"]) == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("engine", EVERY)
def test_a_blank_id_is_none_whatever_stands_beside_it(engine: str) -> None:
    wards = {
        "plain": ["east", "", "west"],
        "chinese": ["東", "", "西"],
        "padded": ["east", " ", "west"],
        "nowhere": ["", "", ""],
    }
    table = pa.table({"response": ["a", "b", "c"], "value": [1.0, 2.0, 3.0], "role": ["score", "", "score"], **wards})
    found = (
        conform(ENGINES[engine](table))
        .frame.select("value", "role", *wards)
        .sort("value")
        .collect()
        .to_dict(as_series=False)
    )
    assert found["role"] == ["score"] * 3
    assert {name: found[name] for name in wards} == {
        name: [each.strip() or None for each in said] for name, said in wards.items()
    }


def test_a_blank_cell_of_a_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('response,value,ward\nr1,1,east\nr2,2,""\nr3,3," "\n', encoding="utf-8")
    assert sorted(rows(conform(path), "response", "ward")) == [("r1", "east"), ("r2", None), ("r3", None)]


@pytest.mark.parametrize("engine", ["pandas", "pyarrow", "polars_lazy", "duckdb", "ibis"])
def test_any_number_of_ids_is_brought_to_one_spelling(engine: str) -> None:
    table = pa.table({
        "response": [f"Ｒ{at}" for at in range(600)],
        "value": [1.0] * 600,
        "site": [f" s{at}\t" for at in range(600)],
        "ward": ["it’s", "it's", "Ｏ'1"] * 200,
    })  # fmt: skip
    found = conform(ENGINES[engine](table)).frame.select("response", "site", "ward").collect().to_dict(as_series=False)
    assert sorted(found["response"]) == sorted(f"R{at}" for at in range(600))
    assert sorted(found["site"]) == sorted(f"s{at}" for at in range(600))
    assert set(found["ward"]) == {"it’s", "it's", "O'1"}


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_ids_in_any_form_of_arrow_have_one_spelling(kind: pa.DataType) -> None:
    wards = ["east", "east ", "Ｅ", "", None, "E"]
    whole = pa.table({"response": list("abcdef"), "value": [1.0] * 6, "ward": pa.array(wards, pa.string()).cast(kind)})
    parts = pa.concat_tables([whole.slice(0, 2), whole.slice(2, 4)])
    for table in (whole, parts, whole.slice(0, 6)):
        assert sorted(rows(conform(table), "response", "ward")) == list(
            zip("abcdef", ["east", "east", "E", None, None, "E"], strict=True)
        )
    assert sorted(rows(conform(whole.slice(2, 2)), "ward"), key=str) == [("E",), (None,)]


def test_a_file_s_ids_have_one_spelling_and_its_words_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("response,item,site,text\nr1,why,A1 ,so  what？\nr2,why,Ａ１, fine\n", encoding="utf-8")
    rows = conform(path).frame.select("response", "site", "text").sort("response").collect().to_dict(as_series=False)
    assert rows == {"response": ["r1", "r2"], "site": ["A1", "A1"], "text": ["so  what？", " fine"]}


def test_two_rows_that_are_one_answer_once_they_are_spelled_alike_are_refused() -> None:
    with pytest.raises(FactsError) as caught:
        conform([{"response": "r1", "item": "q", "value": 1.0}, {"response": "r1 ", "item": "q", "value": 2.0}])
    assert caught.value.id == "facts.answer_twice"
