"""Tables from files as they come: read exactly, or refused with the place and with what to do."""

from __future__ import annotations

import csv
import gzip
import io
import time
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import FormatError
from peakend.formats.sheet import letter
from peakend.formats.tabular import read_table
from tests.formats.telling import tells
from tests.formats.workbooks import DATE, DATETIME, TIME, workbook


def rows_of(data: bytes, **form: object) -> list[dict[str, str]]:
    sheet = read_table(data, **form)  # type: ignore[arg-type]
    return pa.table(dict(sheet.columns)).to_pylist()  # type: ignore[no-any-return]


def refusal(data: bytes, **form: object) -> FormatError:
    with pytest.raises(FormatError) as refused:
        read_table(data, **form)  # type: ignore[arg-type]
    return refused.value


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "｜"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_and_the_line_ends_are_told_from_the_text(separator: str, end: str) -> None:
    text = end.join(separator.join(row) for row in (("id", "分數", "意見"), ("a", "5", "好"), ("b", "", "等太久")))
    assert rows_of(text.encode()) == [{"id": "a", "分數": "5", "意見": "好"}, {"id": "b", "分數": "", "意見": "等太久"}]


def test_quoted_text_keeps_its_commas_quotes_and_lines_and_the_lines_after_it_keep_their_numbers() -> None:
    data = b'id,comment\n1,"slow, ""very""\nand cold"\n\n2,=cmd|x\n'
    sheet = read_table(data)
    assert [row["comment"] for row in pa.table(dict(sheet.columns)).to_pylist()] == ['slow, "very"\nand cold', "=cmd|x"]
    assert [sheet.line(0), sheet.line(1)] == [2, 5]


def test_a_row_with_a_cell_too_many_is_refused_with_its_line() -> None:
    error = refusal(b"id,score\n1,5\n2,4,oops\n")
    assert (error.id, error.fields["line"], error.fields["found"], error.fields["expected"]) == (
        "format.ragged",
        3,
        3,
        2,
    )


def test_a_quote_that_never_closes_is_refused_with_the_line_where_it_begins() -> None:
    error = refusal(b'id,comment\n1,fine\n2,"never closed\n3,fine\n')
    assert (error.id, error.fields["line"]) == ("format.quote", 3)


def test_a_nul_character_is_refused_with_its_line() -> None:
    error = refusal(b"id,comment\n1,a\n2,b\0c\n")
    assert (error.id, error.fields["line"]) == ("format.nul", 3)


def test_two_columns_of_one_name_are_told_apart_by_their_letters() -> None:
    sheet = read_table(b"id,score,id\n1,2,3\n")
    assert [*sheet.columns] == ["id [A]", "score", "id [C]"]
    assert sheet.doubled == {"id": ("A", "C")}


def test_a_heading_may_stand_further_down_and_unseen_characters_are_no_part_of_it() -> None:
    assert rows_of("Survey May,\n\u200bid\u00a0,score \n1,5\n".encode(), head=2) == [{"id": "1", "score": "5"}]


def test_columns_without_a_name_are_left_out_and_said_so_when_something_stands_in_them() -> None:
    sheet = read_table(b"id,,score,\n1,x,5,\n")
    assert list(sheet.columns) == ["id", "score"]
    assert {note.id: note.fields for note in sheet.notes}["note.nameless"] == {"columns": "B"}


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"", "format.empty"),
        (b"\xef\xbb\xbf \n", "format.empty"),
        (b"id,score\n", "format.no_rows"),
        (b",,\n1,2,3\n", "format.no_header"),
    ],
)
def test_a_file_with_nothing_in_it_says_what_is_missing(data: bytes, id: str) -> None:
    assert refusal(data).id == id


def test_a_compressed_text_is_read_and_a_cut_one_refused() -> None:
    packed = gzip.compress(b"id,score\n1,5\n")
    assert rows_of(packed) == [{"id": "1", "score": "5"}]
    assert refusal(packed[:-6]).id == "format.damaged"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
            st.text('ab,;"\n\r\t|', max_size=8),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_pythons_own_writer_wrote_comes_back_cell_by_cell(cells: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "first", "second"))
    writer.writerows((str(i), *row) for i, row in enumerate(cells))
    data = b"\xef\xbb\xbf" + out.getvalue().encode()
    assert [(row["first"], row["second"]) for row in rows_of(data, delimiter=",")] == cells


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_cells_of_a_workbook_become_the_text_a_person_would_type() -> None:
    rows = [
        ["id", "score", "share", "day", "moment", "time", "yes", "words"],
        [
            "a",
            5,
            0.25,
            f'<c r="REF" s="{DATE}"><v>45000</v></c>',
            f'<c r="REF" s="{DATETIME}"><v>45000.5</v></c>',
            f'<c r="REF" s="{TIME}"><v>0.25</v></c>',
            True,
            "９分",
        ],
    ]
    assert rows_of(workbook({"May": rows})) == [
        {
            "id": "a",
            "score": "5",
            "share": "0.25",
            "day": "2023-03-15",
            "moment": "2023-03-15 12:00:00",
            "time": "06:00:00",
            "yes": "TRUE",
            "words": "９分",
        }
    ]


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    sheet = read_table(workbook({"May": [["id", "score"], ["a", 1], [None, None], ["b", 2], [None, ""]]}))
    assert [sheet.line(i) for i in range(sheet.rows)] == [2, 4]


@pytest.mark.parametrize(
    ("cell", "id"),
    [
        ('<c r="REF" t="e"><v>#N/A</v></c>', "format.error_cell"),
        ('<c t="e" r="REF"><f>1/0</f><v>#DIV/0!</v></c>', "format.error_cell"),
        ('<c r="REF"><f>SUM(A1:A2)</f></c>', "format.uncomputed"),
        ('<c r="REF"><f t="shared" si="0"/></c>', "format.uncomputed"),
        (440981199001011234, "format.long_number"),
    ],
)
def test_what_a_spreadsheet_would_lose_in_silence_is_refused_with_its_cell(cell: object, id: str) -> None:
    error = refusal(workbook({"May": [["id", "score"], ["a", 1], ["b", cell]]}))
    assert (error.id, error.fields["cell"]) == (id, "B3")


@pytest.mark.parametrize("piece", ["<c ", "<row ", '<c r="B3" ', "<c x=", "<f ", '<c r="B3"><f ', "<c" + " " * 2000])
def test_tags_that_never_end_are_refused_and_not_looked_through_again_and_again(piece: str) -> None:
    hidden = f"<!-- {(piece * 20_000)[:200_000]} -->"
    began = time.process_time()
    error = refusal(workbook({"May": [["id", "score"], ["a", 1]]}, replaced={"</sheetData>": f"</sheetData>{hidden}"}))
    assert (error.id, time.process_time() - began < 5) == ("format.damaged", True)


def test_a_workbook_whose_settings_never_end_is_read_in_a_moment() -> None:
    hidden = f"<!-- {'<calcPr ' * 50_000} -->"
    began = time.process_time()
    assert rows_of(workbook({"May": [["id"], ["a"]]}, replaced={"</workbook>": f"{hidden}</workbook>"})) == [
        {"id": "a"}
    ]
    assert time.process_time() - began < 5


def test_a_formula_with_its_value_is_read_and_an_empty_result_is_empty() -> None:
    rows = [
        ["id", "score", "note"],
        ["a", '<c r="REF"><f>2+2</f><v>4</v></c>', '<c r="REF" t="str"><f>""</f><v></v></c>'],
    ]
    assert rows_of(workbook({"May": rows})) == [{"id": "a", "score": "4", "note": ""}]


def test_merged_cells_are_refused_below_the_heading_and_allowed_above_it() -> None:
    rows = [["Survey", None], ["id", "score"], ["a", 1], ["b", None]]
    assert refusal(workbook({"May": rows}, merged={"May": ["B3:B4"]}), head=2).fields["cells"] == "B3:B4"
    assert rows_of(workbook({"May": rows[:3]}, merged={"May": ["A1:B1"]}), head=2) == [{"id": "a", "score": "1"}]


def test_a_workbook_with_several_sheets_asks_which_one_and_hidden_ones_are_told_of() -> None:
    sheets = {"May": [["id"], ["a"]], "June": [["id"], ["b"]]}
    assert refusal(workbook(sheets)).fields["found"] == "May, June"
    assert rows_of(workbook(sheets), sheet="June") == [{"id": "b"}]
    assert refusal(workbook(sheets), sheet="Juli").id == "format.sheet_unknown"
    hidden = read_table(workbook(sheets, hidden=["June"]))
    assert {note.id: note.fields for note in hidden.notes}["note.hidden_sheets"] == {"sheets": "June"}


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * 30_000_000)
    assert refusal(out.getvalue()).id == "format.unpacked_large"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="ZZ99999999"><v>1</v></c>',
        '<c r="A99999999999"><v>1</v></c>',
        '<c r="XFE1"><v>1</v></c>',
        '<c r="A&#49;"><v>1</v></c>',
        '<c x=">" r="A1000000"><v>1</v></c>',
        '<c r="XFD1048576"><v>1</v></c>',
    ],
)
def test_a_cell_far_outside_any_sheet_is_refused_before_memory_is_set_aside_for_it(cell: str) -> None:
    assert refusal(workbook({"May": [["id", "score"], ["a", cell]]})).id in {"format.cells_many", "format.damaged"}


# --- other files ------------------------------------------------------------------------------------------------------


def test_parquet_is_read_as_text_and_nested_columns_are_refused() -> None:
    out = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "score": [5, None], "share": [0.5, 6.0]}), out)
    assert rows_of(out.getvalue()) == [
        {"id": "a", "score": "5", "share": "0.5"},
        {"id": "b", "score": "", "share": "6"},
    ]
    nested = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"], "many": [[1, 2]]}), nested)
    assert (refusal(nested.getvalue()).id, refusal(nested.getvalue()).fields["column"]) == ("format.nested", "many")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><table>", "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel 97–2003 (.xls)"),
        (b'{"a": 1}', "JSON"),
        (b"$FL2@(#) SPSS DATA FILE", "SPSS (.sav)"),
    ],
)
def test_what_is_no_table_is_called_by_its_kind_whatever_its_name(data: bytes, kind: str) -> None:
    assert refusal(data, name="answers.csv").fields["kind"] == kind


def test_a_workbook_under_a_password_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(data).id == "format.password"


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as refused:
        read_table(tmp_path / "none.csv")
    assert refused.value.id == "format.no_file"


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [letter(i) for i in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


WHOLE = workbook({"May": [["id", "score"], ["a", 1], ["b", 2]]})


@given(
    st.one_of(
        st.binary(max_size=600),
        st.binary(max_size=80).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=80).map(lambda tail: b"PAR1" + tail),
    )
)
def test_arbitrary_bytes_are_a_table_or_a_format_error(data: bytes) -> None:
    try:
        assert read_table(data).rows > 0
    except FormatError as error:
        tells(error)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.booleans())
def test_a_workbook_with_a_flipped_byte_or_a_cut_end_is_a_table_or_a_format_error(
    at: int, byte: int, cut: bool
) -> None:
    data = WHOLE[:at] if cut else WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]
    try:
        assert read_table(data).rows > 0
    except FormatError as error:
        tells(error)
