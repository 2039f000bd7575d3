"""A wide file and its mapping: facts where everything has a meaning, else every problem with its line, and no facts at
all.
"""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.documents.problems import InvalidDocument, Problem
from peakend.errors import PeakendError
from peakend.formats.mapping import check, load, read_mapped
from peakend.formats.pieces import QuotedValues
from peakend.formats.plan import Block, Codes, Mapping
from peakend.methods.csat import csat
from tests.formats.telling import tells
from tests.formats.workbooks import workbook

# Analyst Mei's clinic in Taipei: one row a patient, answers in words, 民國 dates, Big5.
CLINIC = """\
mapping: clinic
source: clinic-2026
survey: visit
wave: "2026"
zone: Asia/Taipei
response: 編號
weight: 權重
at: {column: 日期, form: roc}
columns:
  site: 院區
  channel: {column: 方式, values: {現場: counter, 線上: web}, none: [不詳]}
answers:
  - role: score
    low: 1
    high: 5
    values: {非常滿意: 5, 滿意: 4, 普通: 3, 不滿意: 2, 非常不滿意: 1}
    codes: {not_applicable: [未使用], skipped: [拒答]}
    items:
      - {column: 櫃檯, construct: reception, touchpoint: reception}
      - {column: 候診, construct: wait, touchpoint: wait}
  - role: score
    low: 0
    high: 10
    codes: {invalid: [99]}
    items: [{column: 推薦, construct: nps}]
comments:
  - {columns: [意見]}
events:
  - {kind: arrive, touchpoint: reception, at: {column: 到院}}
  - {kind: leave, touchpoint: pharmacy, at: {column: 離院, after: arrive}}
"""
PATIENTS = """\
編號,日期,院區,方式,櫃檯,候診,推薦,意見,到院,離院,權重
a1,115/11/20,北院,現場,滿意,非常不滿意,６,等了兩小時,下午11:30,00:20,1.5
a2,民國115年11月21日,南院,線上,非常滿意,未使用,10,,8:05,9:10 AM,0.5
a3,1151122,南院,不詳,5,拒答,99,謝謝 =1+1,,10:00,1
"""


def table_of(mapping: str, data: bytes | str, table: str = "answers") -> list[dict[str, Any]]:
    facts = read_mapped(data if isinstance(data, bytes) else data.encode(), mapping.encode())
    native: pa.Table = facts[table].frame.collect("pyarrow").to_native()  # type: ignore[index]
    return list(native.to_pylist())


def problems(mapping: str, data: bytes | str | None = None) -> list[Problem]:
    return check(mapping.encode(), data.encode() if isinstance(data, str) else data)


def only(mapping: str, data: str | None = None) -> Problem:
    found = problems(mapping, data)
    assert [problem.id for problem in found] == [found[0].id]
    return found[0]


# --- a story ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
def test_meis_clinic_becomes_facts_whatever_encoding_excel_saved_it_in(encoding: str) -> None:
    rows = table_of(CLINIC, PATIENTS.encode(encoding))
    told = {(row["response"], row["item"]): (row["state"], row["value"], row["text"]) for row in rows}
    assert told == {
        ("a1", "櫃檯"): ("answered", 4.0, None),
        ("a2", "櫃檯"): ("answered", 5.0, None),
        ("a3", "櫃檯"): ("answered", 5.0, None),
        ("a1", "候診"): ("answered", 1.0, None),
        ("a2", "候診"): ("not_applicable", None, None),
        ("a3", "候診"): ("skipped", None, None),
        ("a1", "推薦"): ("answered", 6.0, None),
        ("a2", "推薦"): ("answered", 10.0, None),
        ("a3", "推薦"): ("invalid", None, None),
        ("a1", "意見"): ("answered", None, "等了兩小時"),
        ("a2", "意見"): ("skipped", None, None),
        ("a3", "意見"): ("answered", None, "謝謝 =1+1"),
    }


def test_every_fact_carries_place_weight_time_and_a_key_that_is_the_same_next_time() -> None:
    rows = table_of(CLINIC, PATIENTS)
    first = next(row for row in rows if row["source_key"] == "a1:櫃檯")
    noon = int(dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC).timestamp()) * 1_000_000
    asked = ("site", "channel", "weight", "at_us", "source", "survey", "wave", "low", "high")
    assert {name: first[name] for name in asked} == {
        "site": "北院", "channel": "counter", "weight": 1.5, "at_us": noon,
        "source": "clinic-2026", "survey": "visit", "wave": "2026", "low": 1.0, "high": 5.0,
    }  # fmt: skip
    assert dt.date(1970, 1, 1) + dt.timedelta(days=first["day"]) == dt.date(2026, 11, 20)
    assert [row["channel"] for row in rows if row["item"] == "櫃檯"] == ["counter", "web", None]
    again = table_of(CLINIC, PATIENTS)
    assert {row["source_key"] for row in again} == {row["source_key"] for row in rows}


def test_a_patient_who_leaves_after_midnight_leaves_on_the_next_day() -> None:
    events = {(row["visit"], row["kind"]): row for row in table_of(CLINIC, PATIENTS, "events")}
    assert (events["a1", "leave"]["at_us"] - events["a1", "arrive"]["at_us"]) / 60e6 == 50
    assert events["a1", "leave"]["day"] == events["a1", "arrive"]["day"] + 1
    assert (events["a2", "leave"]["at_us"] - events["a2", "arrive"]["at_us"]) / 60e6 == 65
    assert ("a3", "arrive") not in events


def test_the_same_file_as_a_workbook_gives_the_same_facts() -> None:
    rows = [line.split(",") for line in PATIENTS.splitlines()]
    assert table_of(CLINIC, workbook({"五月": rows})) == table_of(CLINIC, PATIENTS)


def test_methods_take_what_the_mapping_gives() -> None:
    facts = read_mapped(PATIENTS.encode(), CLINIC.encode())
    assert {row.construct: (row.n, row.not_applicable, row.missing) for row in csat(facts["answers"])} == {
        "reception": (3, 0, 0),
        "wait": (1, 1, 1),
    }


# --- what the file may hold that nobody explained ---------------------------------------------------------------------


def test_values_without_a_meaning_are_listed_with_their_counts_and_first_line() -> None:
    found = only(
        CLINIC,
        PATIENTS.replace("滿意,非常不滿意", "還行,非常不滿意")
        .replace("非常滿意,未使用", "還行,未使用")
        .replace("現場,", "現場,"),
    )
    assert (found.id, found.fields["values"], found.fields["line"]) == ("mapping.answer_unknown", "“還行” ×2", 2)
    assert found.line == 19
    assert "還行" in found.message("zh-Hant")


def test_all_problems_are_told_at_once_in_the_order_of_the_mapping() -> None:
    bad = (
        PATIENTS.replace("115/11/20", "2026/11/20")
        .replace("現場", "電話")
        .replace("6,等", "1１,等")
        .replace("10:00,1", "25:00,-1")
        .replace("６,", "12,")
    )
    assert [problem.id for problem in problems(CLINIC, bad)] == [
        "mapping.weight", "mapping.time_unreadable", "mapping.segment_unknown", "mapping.answer_unknown",
        "mapping.clock_unreadable",
    ]  # fmt: skip


def test_a_refusal_with_quoted_values_says_the_same_when_it_was_copied_or_pickled() -> None:
    values = QuotedValues((("eleven", 2), ("十", 1)), 3)
    for twin in (copy.copy(values), copy.deepcopy(values), pickle.loads(pickle.dumps(values))):  # noqa: S301 — our own
        assert (twin, twin.say("zh-Hant")) == (values, "「eleven」 ×2、「十」 ×1 … (+3)")


def test_a_weight_that_is_too_large_too_small_or_blank_is_refused_with_its_line() -> None:
    for weight in ("1e308", "1e13", "inf", "1e-200", ""):
        data = "編號,分數,權重\na1,4,1\na2,5," + weight + "\n"
        found = only(
            "mapping: m\nsource: s\nresponse: 編號\nweight: 權重\nanswers:\n  - {role: score, low: 1, high: 5, items: "
            "[{column: 分數}]}\n",
            data,
        )
        assert (found.id, found.fields["line"]) == ("mapping.weight", 3), weight


def test_a_value_between_two_points_of_the_scale_is_refused_unless_it_may_be() -> None:
    data = PATIENTS.replace("不詳,5", "不詳,4.5")
    assert only(CLINIC, data).id == "mapping.answer_unknown"
    assert problems(CLINIC.replace("    low: 1\n", "    low: 1\n    whole: false\n"), data) == []


def test_anything_else_is_invalid_where_the_mapping_says_so() -> None:
    mapping = CLINIC.replace("codes: {invalid: [99]}", "anything_else: invalid")
    states = {
        row["response"]: row["state"]
        for row in table_of(mapping, PATIENTS.replace(",10,", ",十,"))
        if row["item"] == "推薦"
    }
    assert states == {"a1": "answered", "a2": "invalid", "a3": "invalid"}


def test_a_column_that_is_not_there_is_met_with_the_nearest_name() -> None:
    found = only(CLINIC.replace("column: 候診,", "column: 候診時間,"), PATIENTS)
    assert (found.id, found.fields["known"], found.line) == ("mapping.column_unknown", "候診", 20)


def test_a_respondent_who_is_there_twice_or_has_no_name_is_refused_with_the_lines() -> None:
    assert only(CLINIC, PATIENTS.replace("a3,", "a1,")).fields == {
        "column": "編號",
        "value": "a1",
        "first": 2,
        "second": 4,
    }
    assert only(CLINIC, PATIENTS.replace("a2,", ",")).fields == {"column": "編號", "line": 3}


def test_nothing_is_read_of_a_file_with_one_bad_cell(tmp_path: Path) -> None:
    file = tmp_path / "clinic.csv"
    file.write_text(PATIENTS.replace("非常滿意", "？"), encoding="utf-8")
    with pytest.raises(InvalidDocument) as refused:
        read_mapped(file, CLINIC.encode())
    tells(refused.value)


# --- reasons why a cell is blank --------------------------------------------------------------------------------------

REASONS = """\
mapping: m
source: s
response: id
answers:
  - role: score
    low: 1
    high: 5
    when_all_blank: not_applicable
    blank_when: [{column: used, is: ["no"], then: not_shown}]
    items: [{column: a}, {column: b}]
"""


def test_a_blank_has_the_reason_that_another_column_gives_and_an_answer_stands_whatever_it_says() -> None:
    rows = table_of(REASONS, "id,used,a,b\n1,no,,\n2,no,3,\n3,yes,,4\n4,yes,,\n")
    states = {(row["response"], row["item"]): row["state"] for row in rows}
    assert states == {
        ("1", "a"): "not_shown", ("1", "b"): "not_shown", ("2", "a"): "answered", ("2", "b"): "not_shown",
        ("3", "a"): "skipped", ("3", "b"): "answered", ("4", "a"): "not_applicable", ("4", "b"): "not_applicable",
    }  # fmt: skip


CODED = """\
mapping: m
source: s
response: id
comments:
  - {item: why, columns: [c1, c2], list: reasons, codes: {skipped: [0], invalid: [9]}}
events:
  - {kind: fail, columns: [c1, c2], list: reasons, codes: {skipped: [0], invalid: [9]}}
choices:
  - column: uses
    separator: ";"
    others: comment
    options: [{cell: cash, id: cash, text: {en: Cash}}, {cell: card; chip, id: card, text: {en: Card}}]
lists:
  reasons:
    1: {text: {en: Too slow, zh-Hant: 太慢}, touchpoint: till, indicator: slow}
    2: {text: {en: Friendly}}
"""


def test_coded_comments_become_words_and_the_codes_that_are_failures_become_events() -> None:
    data = "id,c1,c2,uses\n1,1,2,cash;card; chip\n2,0,,cheque\n3,9,,\n"
    told = [
        (r["response"], r["state"], r["text"], r["touchpoint"]) for r in table_of(CODED, data) if r["item"] == "why"
    ]
    assert sorted(told, key=str) == [
        ("1", "answered", "Friendly", None), ("1", "answered", "Too slow", "till"), ("2", "skipped", None, None),
        ("3", "invalid", None, None),
    ]  # fmt: skip
    assert [(r["visit"], r["touchpoint"], r["indicator"], r["at_us"]) for r in table_of(CODED, data, "events")] == [
        ("1", "till", "slow", None)
    ]


def test_several_choices_in_a_cell_are_told_apart_and_own_words_are_kept() -> None:
    data = "id,c1,c2,uses\n1,1,2,cash;card; chip\n2,0,,cheque\n3,0,,\n"
    rows = [r for r in table_of(CODED, data) if r["item"] == "uses"]
    chosen = {(r["response"], r["construct"]): (r["state"], r["value"]) for r in rows if r["role"] == "choice"}
    assert chosen == {
        ("1", "cash"): ("answered", 1.0), ("1", "card"): ("answered", 1.0), ("2", "cash"): ("answered", 0.0),
        ("2", "card"): ("answered", 0.0),
        ("3", "cash"): ("skipped", None), ("3", "card"): ("skipped", None),
    }  # fmt: skip
    assert [r["text"] for r in rows if r["role"] == "comment"] == ["cheque"]


# --- what can be wrong in a mapping by itself -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "id", "line"),
    [
        ("role: score", "role: scores", "mapping.role", 13),
        ("  - role: score\n", "  - whole: true\n", "mapping.no_role", 13),
        ("low: 1\n    high: 5", "low: 5\n    high: 1", "mapping.scale", 13),
        ("    low: 0\n    high: 10\n", "", "mapping.no_scale", 21),
        ("非常滿意: 5", "非常滿意: 6", "mapping.value_off_scale", 13),
        ("skipped: [拒答]", "skipped: [3]", "mapping.code_on_scale", 13),
        ("skipped: [拒答]", "skipped: [未使用]", "mapping.code_twice", 17),
        ("column: 候診,", "column: 櫃檯,", "mapping.column_twice", 20),
        ("zone: Asia/Taipei\n", "", "mapping.no_zone", 7),
        ("zone: Asia/Taipei", "zone: Asia/Taipeh", "mapping.zone", 5),
        ("form: roc", "form: pattern", "mapping.form_needs", 8),
        ("after: arrive", "after: arival", "mapping.after", 30),
        ("  site: 院區", "  weight: 院區", "mapping.reserved", 10),
        ("- {columns: [意見]}", "- {columns: [意見], list: codes}", "mapping.no_list", 27),
        ("at: {column: 到院}", "at: {column: 到院}, when: {column: 院區, is: [1]}", "mapping.event_needs", 29),
        ("survey: visit", "surveys: visit", "document.unknown_key", 3),
        ("form: roc", "form: lunar", "document.not_one_of", 8),
        ("low: 1", "low: one", "document.not_number", 14),
    ],
)
def test_a_mapping_that_does_not_hold_together_is_told_with_its_line(old: str, new: str, id: str, line: int) -> None:
    assert old in CLINIC
    found = problems(CLINIC.replace(old, new, 1))
    assert [(problem.id, problem.line) for problem in found] == [(id, line)]
    for problem in found:
        assert all(problem.message(lang) and problem.hint(lang) for lang in ("en", "zh-Hant", "zh-Hans"))


def test_a_mapping_with_nothing_to_read_says_so() -> None:
    assert [problem.id for problem in problems("mapping: m\nsource: s\nresponse: id\n")] == ["mapping.nothing"]


def test_a_role_that_is_misspelt_is_met_with_the_right_one() -> None:
    found = problems(CLINIC.replace("role: score", "role: scores", 1))[0]
    assert "score" in found.hint("zh-Hans")


def test_codes_know_their_states() -> None:
    assert dict(Codes(skipped=(0,), invalid=(99,)).by_state()) == {
        "skipped": (0,),
        "not_applicable": (),
        "not_shown": (),
        "invalid": (99,),
    }


# --- whatever is brought, nothing but a clear refusal -----------------------------------------------------------------

_KEYS = st.sampled_from(
    [
        "mapping",
        "source",
        "response",
        "answers",
        "items",
        "column",
        "low",
        "high",
        "role",
        "codes",
        "lists",
        "events",
        "at",
        "x",
    ]
)
_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-3, 99), st.text(max_size=5), _KEYS)
_TREES = st.recursive(
    _VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)


@given(
    st.one_of(
        st.binary(max_size=200), _TREES.map(lambda tree: str(tree).encode()), st.text(max_size=200).map(str.encode)
    )
)
def test_arbitrary_mappings_load_or_are_refused(data: bytes) -> None:
    try:
        assert load(data).mapping.response
    except PeakendError as error:
        tells(error)


@given(st.binary(max_size=300), st.sampled_from([CLINIC, REASONS, CODED]))
def test_arbitrary_files_are_read_or_refused(data: bytes, mapping: str) -> None:
    try:
        assert read_mapped(data, mapping.encode())["answers"].columns
    except PeakendError as error:
        tells(error)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",;\t|｜'), max_size=6)] * 4),
        min_size=1,
        max_size=6,
    )
)
def test_arbitrary_cells_are_read_or_listed(rows: list[tuple[str, ...]]) -> None:
    data = "id,used,a,b\n" + "\n".join(",".join(row) for row in rows)
    try:
        facts = read_mapped(
            data.encode(), REASONS.replace("response: id", "file: {delimiter: ','}\nresponse: id").encode()
        )
        assert len(facts["answers"].frame.collect()) == 2 * len(rows)
    except PeakendError as error:
        tells(error)


def test_the_example_of_the_documentation_works_as_it_stands() -> None:
    text = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    data, mapping = (text.split(f"```{kind}\n")[1].split("```")[0] for kind in ("csv", "yaml"))
    assert problems(mapping, data) == []
    assert len(table_of(mapping, data)) == 3 * 4
    assert set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) <= {
        *Mapping.model_fields,
        *Block.model_fields,
        "blank_when",
    }
