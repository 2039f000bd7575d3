"""Files as offices and survey tools really write them: ids that look like numbers, dates of two calendars, totals
below, heads above.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from peakend.documents.problems import Problem
from peakend.errors import FormatError
from peakend.formats.cells import codes_of
from peakend.formats.mapping import apply_plan, check, load, read_mapped, sheet_of
from peakend.formats.plan import At
from peakend.formats.tabular import read_table
from peakend.formats.times import instants, iso, roc
from peakend.methods.nps import nps
from peakend.terms import LANGUAGES
from tests.formats.telling import tells
from tests.formats.workbooks import workbook

TAIPEI = ZoneInfo("Asia/Taipei")
SCORED = """\
mapping: clinic
source: clinic-1
response: id
answers:
  - {role: score, low: 0, high: 10, items: [{column: s, construct: nps}]}
"""


def table_of(mapping: str, data: str | bytes, table: str = "answers") -> list[dict[str, Any]]:
    facts = read_mapped(data if isinstance(data, bytes) else data.encode(), mapping.encode())
    native: pa.Table = facts[table].frame.collect("pyarrow").to_native()  # type: ignore[index]
    return list(native.to_pylist())


def only(mapping: str, data: str) -> Problem:
    (found,) = check(mapping.encode(), data.encode())
    tells(found)
    return found


def notes_of(mapping: str, data: str | bytes) -> list[tuple[str, dict[str, object]]]:
    plan = load(mapping.encode())
    notes = apply_plan(plan, sheet_of(plan, data if isinstance(data, bytes) else data.encode())).notes
    return [(note.id, dict(note.fields)) for note in notes if not note.id.startswith("note.read")]


# --- ids --------------------------------------------------------------------------------------------------------------

SITES = ("110101199003074512", "110101199003074513", "1E5", "100000", "00100000")


def test_ids_are_texts_whatever_number_they_look_like() -> None:
    data = "id,s,site\n" + "".join(f"{at},5,{site}\n" for at, site in enumerate(SITES))
    mapping = SCORED.replace("answers:", "columns: {site: site}\nanswers:")
    assert {row["site"] for row in table_of(mapping, data)} == {*SITES}
    assert len(nps(read_mapped(data.encode(), mapping.encode())["answers"], by="site")) == len(SITES)


def test_the_keys_of_a_mapping_are_ids_too() -> None:
    mapping = SCORED.replace("answers:", 'columns: {site: {column: site, values: {"007": bond, "7": seven}}}\nanswers:')
    found = table_of(mapping, "id,s,site\n1,5,007\n2,5,7\n3,5,７\n")
    assert [row["site"] for row in found] == ["bond", "seven", "seven"]


def test_one_id_written_in_two_ways_is_one_and_both_lines_are_named() -> None:
    found = only(SCORED, "id,s\nA1,5\nＡ１,6\n")
    assert (found.id, found.fields["first"], found.fields["second"]) == ("mapping.id_twice", 2, 3)


def test_a_file_without_ids_is_read_by_the_numbers_of_its_rows() -> None:
    mapping = SCORED.replace("response: id\n", "")
    assert [(row["response"], row["value"]) for row in table_of(mapping, "s\n9\n\n7\n")] == [("2", 9.0), ("4", 7.0)]
    assert notes_of(mapping, "s\n9\n") == [("note.numbered", {})]


# --- choices ----------------------------------------------------------------------------------------------------------


def test_an_option_called_other_stands_beside_the_words_of_others() -> None:
    mapping = """\
mapping: m
source: m-1
response: id
choices:
  - column: why
    others: comment
    options:
      - {cell: Price, id: price, text: {en: Price}}
      - {cell: Other, id: other, text: {en: Other}}
"""
    found = table_of(mapping, 'id,why\n1,"Price, Other, my own words"\n2,Price\n')
    assert [row["text"] for row in found if row["role"] == "comment"] == ["my own words"]
    assert [(row["response"], row["value"]) for row in found if row["construct"] == "other"] == [("1", 1.0), ("2", 0.0)]
    assert len({row["source_key"] for row in found}) == len(found)


def test_a_blank_that_means_not_chosen_is_an_answer() -> None:
    mapping = """\
mapping: m
source: m-1
response: id
answers:
  - role: choice
    low: 0
    high: 1
    values: {Y: 1, "": 0}
    items: [{column: "why[A]", item: why, construct: a}, {column: "why[B]", item: why, construct: b}]
"""
    found = table_of(mapping, "id,why[A],why[B]\n1,Y,\n2,,Y\n3,,\n")
    chosen = {(row["construct"], row["response"]): (row["state"], row["value"]) for row in found}
    assert chosen == {
        (option, person): ("answered", float((option, person) in {("a", "1"), ("b", "2")}))
        for option in "ab" for person in "123"
    }  # fmt: skip


# --- dates ------------------------------------------------------------------------------------------------------------


def utc(text: str, form: str) -> str:
    found = instants(codes_of(pa.chunked_array([[text]])), At(column="x", form=form), TAIPEI)  # type: ignore[arg-type]
    return str(pa.scalar(int(found.at[0]), pa.timestamp("us")).as_py()) if not found.unreadable else "unreadable"


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        ("iso", "2026/3/5 9:05", "2026-03-05 01:05:00"),
        ("iso", "2026-3-5 09:05", "2026-03-05 01:05:00"),
        ("iso", "2026/03/05 下午 3:04:05", "2026-03-05 07:04:05"),
        ("iso", "2026/03/05 3:04:05 下午 [GMT+8]", "2026-03-05 07:04:05"),
        ("iso", "2026/03/05 3:04:05 PM GMT+9", "2026-03-05 06:04:05"),
        ("iso", "2026年3月5日 14時5分", "2026-03-05 06:05:00"),
        ("iso", "2026年3月5日上午9:05", "2026-03-05 01:05:00"),
        ("iso", "2026-03-05T09:05:00.25+08:00", "2026-03-05 01:05:00.250000"),
        ("iso", "2026-03-05T01:05:00Z", "2026-03-05 01:05:00"),
        ("roc", "115/11/20 14:02", "2026-11-20 06:02:00"),
        ("roc", "民國115年11月20日 下午2:02", "2026-11-20 06:02:00"),
        ("roc", "0991231", "2010-12-31 04:00:00"),
        ("roc", "991231", "2010-12-31 04:00:00"),
        ("roc", "1151120", "2026-11-20 04:00:00"),
        ("iso", "2026-02-30", "unreadable"),
        ("iso", "2026-03-05 25:00", "unreadable"),
        ("iso", "2026-03-05 13:00 PM", "unreadable"),
        ("iso", "2026-03-05 09:05 +99:00", "unreadable"),
        ("roc", "115/13/01", "unreadable"),
        ("roc", "11511201", "unreadable"),
    ],
)
def test_a_date_is_read_as_people_of_taiwan_and_the_mainland_write_it(form: str, text: str, moment: str) -> None:
    assert utc(text, form) == moment


def test_the_day_is_the_day_in_the_files_zone_however_the_instant_is_written() -> None:
    mapping = SCORED.replace("response: id", "zone: Asia/Taipei\nresponse: id\nat: t")
    data = (
        "id,s,t\n1,10,2026-03-31T16:05:00Z\n2,5,2026-03-31T23:30:00Z\n3,9,2026-04-01 "
        "08:00\n4,0,2026-04-01T12:00:00-08:00\n"
    )
    (first, second) = nps(read_mapped(data.encode(), mapping.encode())["answers"], by="day")
    assert (first.group["day"], first.n, round(first.value or 0, 1), second.group["day"]) == (
        "2026-04-01",
        3,
        33.3,
        "2026-04-02",
    )


@pytest.mark.parametrize("read", [iso, roc])
@pytest.mark.parametrize("text", ["", "x", "99999999999999", "2026-03-05 " * 50, "115/1/1 Z", "\u0660\u0661"])
def test_no_text_is_too_odd_to_be_refused(read: Any, text: str) -> None:
    with contextlib.suppress(ValueError, OverflowError):
        read(text)


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_a_decimal_comma_and_a_percent_are_read_where_the_mapping_says_so() -> None:
    mapping = """\
mapping: m
source: m-1
response: id
weight: w
numbers: {decimal: ",", percent: share}
answers:
  - {role: score, low: 0, high: 1000, whole: false, items: [{column: s, construct: x}]}
"""
    found = table_of(mapping, "id;s;w\n1;4,5;1,25\n2;1.000;2\n3;80%;0,5\n4;12,5 %;1\n")
    assert [(row["value"], row["weight"]) for row in found] == [(4.5, 1.25), (1000.0, 2.0), (0.8, 0.5), (0.125, 1.0)]
    points = mapping.replace("percent: share", "percent: points")
    assert [row["value"] for row in table_of(points, "id;s;w\n1;80%;1\n")] == [80.0]


def test_without_a_word_in_the_mapping_a_comma_and_a_percent_are_refused() -> None:
    assert only(SCORED, 'id,s\n1,"4,5"\n').id == "mapping.answer_unknown"
    assert only(SCORED, "id,s\n1,8%\n").id == "mapping.answer_unknown"


# --- rows and heads ---------------------------------------------------------------------------------------------------


def test_empty_rows_are_passed_over_in_a_text_as_in_a_workbook() -> None:
    text, rows = "id,s\n1,9\n,\n2,8\n,\n,,,\n", [["id", "s"], ["1", 9], [None, None], ["2", 8], [None, None]]
    for data in (text, workbook({"May": rows})):
        assert [(row["response"], row["value"]) for row in table_of(SCORED, data)] == [("1", 9.0), ("2", 8.0)]
        assert notes_of(SCORED, data) == [("note.blank_rows", {"count": 1})]


@pytest.mark.parametrize("name", ["合計", "平均", "总计：", "Total", "Average", "備註：不含住院", "Source: our files"])
def test_a_total_or_a_note_is_no_respondent(name: str) -> None:
    found = only(SCORED, f'id,s\n1,9\n"{name}",9\n')
    assert (found.id, found.fields["line"]) == ("mapping.total_row", 3)
    hints = {line for lang in LANGUAGES for line in re.findall(r"leave_out: \[.*\]\}\]", found.hint(lang))}
    assert len(hints) == 1, "the same in every language"
    left_out = SCORED.replace("response: id", f"{hints.pop()}\nresponse: id")
    assert [row["response"] for row in table_of(left_out, f'id,s\n1,9\n"{name}",9\n')] == ["1"]
    assert notes_of(left_out, f'id,s\n1,9\n"{name}",9\n') == [("note.left_out", {"count": 1, "line": 3})]


def test_hidden_rows_are_read_and_said() -> None:
    data = workbook({"May": [["id", "s"], ["1", 9], ["2", 8]]}, replaced={'<row r="3"': '<row r="3" hidden="1"'})
    assert [row["response"] for row in table_of(SCORED, data)] == ["1", "2"]
    assert notes_of(SCORED, data) == [("note.hidden_rows", {"count": 1, "first": 3})]


def test_the_number_of_the_head_is_that_of_its_line_in_every_kind_of_file() -> None:
    mapping = SCORED.replace("response: id", "file: {header: 3}\nresponse: id")
    text, rows = "Survey May,\n\nid,s\n1,9\n", [["Survey May", None], [None, None], ["id", "s"], ["1", 9]]
    for data in (text.encode(), workbook({"May": rows})):
        assert [row["value"] for row in table_of(mapping, data)] == [9.0]


def test_two_rows_of_heads_become_one_name_each() -> None:
    text = b",Waiting,,Doctor,\nid,score,why,score,why\n1,5,slow,4,kind\n"
    rows = [
        [None, "Waiting", None, "Doctor", None],
        ["id", "score", "why", "score", "why"],
        ["1", 5, "slow", 4, "kind"],
    ]
    for data in (text, workbook({"May": rows}, merged={"May": ["B1:C1", "D1:E1"]})):
        sheet = read_table(data, head=(1, 2))
        assert [*sheet.columns] == ["id", "Waiting score", "Waiting why", "Doctor score", "Doctor why"]
        assert sheet.line(0) == 3


def test_two_columns_of_one_name_stop_nobody_who_uses_neither() -> None:
    assert [row["value"] for row in table_of(SCORED, "id,s,Comment,Comment\n1,5,a,b\n")] == [5.0]
    commented = SCORED + "comments: [{columns: [Comment]}]\n"
    found = only(commented, "id,s,Comment,Comment\n1,5,a,b\n")
    assert (found.id, found.fields["places"]) == ("mapping.column_doubled", "C, D")
    lettered = SCORED + 'comments: [{columns: ["Comment [D]"]}]\n'
    assert [
        row["text"] for row in table_of(lettered, "id,s,Comment,Comment\n1,5,a,b\n") if row["role"] == "comment"
    ] == ["b"]


@pytest.mark.parametrize(
    ("wanted", "columns", "likely"),
    [
        ("Score", "id,score ", "score"),
        ("over all", "id,Overall", "Overall"),
        ("q7", "id,Q1,Q17", "id, Q1, Q17"),
        ("Q12", "id,Q11,Q13", "id, Q11, Q13"),
    ],
)
def test_the_column_that_was_likely_meant_is_named_and_never_another_question(
    wanted: str, columns: str, likely: str
) -> None:
    found = only(
        SCORED.replace("column: s,", f"column: {wanted},"),
        f"{columns}\n" + ",".join("1" for _ in columns.split(",")) + "\n",
    )
    assert (found.id, found.fields["known"]) == ("mapping.column_unknown", likely)


# --- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["<v />", "<v></v>", "<v/>", ""])
def test_a_formula_that_nobody_computed_is_refused_with_its_cell(value: str) -> None:
    data = workbook({"May": [["id", "s"], ["1", f'<c r="REF"><f>3+2</f>{value}</c>']]})
    with pytest.raises(FormatError) as refused:
        read_table(data)
    assert (refused.value.id, refused.value.fields["cell"]) == ("format.uncomputed", "B2")


def test_the_placeholder_beside_a_formula_is_no_answer_where_the_computing_is_still_to_come() -> None:
    rows = {"May": [["id", "s"], ["1", '<c r="REF"><f>3+2</f><v>0</v></c>']]}
    pending = workbook(rows, replaced={"</workbook>": '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'})
    with pytest.raises(FormatError) as refused:
        read_table(pending)
    assert (refused.value.id, refused.value.fields["cell"]) == ("format.uncomputed", "B2")
    assert [row["value"] for row in table_of(SCORED, workbook(rows))] == [0.0]
