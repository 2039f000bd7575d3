"""A service as a workbook: any document survives the way out and back, and whatever is wrong in a workbook is refused
whole, with its sheet, row and column, and what to do.
"""

from __future__ import annotations

import copy
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakend.documents.problems import InvalidDocument
from peakend.documents.source import walk
from peakend.errors import DocumentError, FormatError
from peakend.formats.service_book import is_book, read_book, write_book
from peakend.formats.service_book.registers import head_of, registers
from peakend.formats.xlsx import read_grids
from peakend.samples import service_of
from peakend.service import ServiceDocument, as_data, check, loads, of_data
from peakend.service.edits.kinds import kinds
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES
from tests.formats.workbooks import workbook
from tests.service.clinic import CLINIC
from tests.service.test_round_trip import document, sentence
from tests.service.ward import WARD

slowly = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("service", [loads(WARD), loads(CLINIC), service_of("airport"), service_of("kiosk")])
def test_a_service_written_as_a_workbook_is_read_back_equal(service: ServiceDocument) -> None:
    assert read_book(write_book(service, "zh-Hant")) == service


@pytest.mark.parametrize("id", IDS)
def test_every_template_written_as_a_workbook_is_read_back_equal(id: str) -> None:
    assert read_book(write_book(template(id), "zh-Hans")) == template(id)


def with_ids_of_their_own(data: dict[str, Any]) -> dict[str, Any]:
    """The document with no id twice and every reference cut, so that it has no errors."""
    number = iter(range(10**6))
    for path, value in walk(data):
        if isinstance(value, dict) and "id" in value and path and isinstance(path[-1], int):
            value["id"] = f"{value['id'][:50]}-{next(number)}"
    return data


@slowly
@given(document)
def test_any_document_survives_the_way_into_a_workbook_and_back(service: ServiceDocument) -> None:
    data = with_ids_of_their_own(as_data(service))
    for _path, value in walk(data):
        for key in ("fails", "owner", "show_if") if isinstance(value, dict) else ():
            value.pop(key, None)
    whole = of_data(data)
    if not any(problem.level == "error" for problem in check(whole)):
        assert read_book(write_book(whole)) == whole


def bent(data: dict[str, Any], words: list[str], chance: random.Random) -> ServiceDocument | None:
    """A document in which some words are others, some numbers too, up to two keys are gone and up to two lists are
    turned round; None where it would have errors.
    """
    parts = [value for _, value in walk(data) if isinstance(value, dict) and value]
    for value in parts:
        if value.keys() <= set(LANGUAGES):
            bend_words(value, words, chance)
        else:
            bend_numbers(value, chance)
    for part in chance.sample(parts, chance.randint(0, 2)):
        part.pop(chance.choice(list(part)))
    for value in chance.sample([value for _, value in walk(data) if isinstance(value, list)], chance.randint(0, 2)):
        value.reverse()
    try:
        service = of_data(data)
    except DocumentError:
        return None
    return None if any(problem.level == "error" for problem in check(service)) else service


def bend_words(value: dict[str, Any], words: list[str], chance: random.Random) -> None:
    for lang in list(value):
        if chance.random() < 0.1:
            value[lang] = chance.choice(words)
    if len(value) > 1 and chance.random() < 0.05:
        value.pop(chance.choice(list(value)))


def bend_numbers(value: dict[str, Any], chance: random.Random) -> None:
    for key, number in value.items():
        if isinstance(number, float) and key not in {"low", "high"} and chance.random() < 0.1:
            value[key] = min(1.0, max(0.0, number / 3))


def test_many_bent_documents_are_documents_so_that_something_is_tried() -> None:
    bends = [bent(as_data(template("hotel")), ["Wait"], random.Random(seed)) for seed in range(12)]  # noqa: S311
    assert sum(service is not None for service in bends) >= 4


@slowly
@given(st.sampled_from(["ward", *IDS]), st.lists(sentence, min_size=3, max_size=6), st.integers(0, 10**9))
def test_a_document_with_everything_in_it_survives_however_it_is_bent(id: str, words: list[str], seed: int) -> None:
    """Acceptance: document → XLSX → document, over all fields of the schema."""
    data = as_data(loads(WARD) if id == "ward" else template(id))
    service = bent(copy.deepcopy(data), words, random.Random(seed))  # noqa: S311
    if service is not None:
        assert read_book(write_book(service)) == service


def test_the_sheets_and_columns_follow_from_the_schema() -> None:
    assert {*registers()} == {*kinds(), "weights"}
    heads = {head for register in registers().values() for head in register.heads(register.in_languages(LANGUAGES))}
    assert {head for head in heads if head_of(head) is None} == set()
    assert {
        "touchpoints^stages", "touchpoints.title:zh-Hant", "touchpoints.moment_of_truth.behaviours.welcome:en",
        "steps^lane", "options^items", "options^surveys", "weights^indicators", "weights.value", "rules.when",
    } <= heads  # fmt: skip


def test_the_same_service_is_the_same_bytes() -> None:
    assert write_book(loads(CLINIC), "en") == write_book(loads(CLINIC), "en")


# --- changed by people ------------------------------------------------------------------------------------------------

Rows = dict[str, list[list[str]]]


def rows_of(book: bytes) -> Rows:
    """The sheets of a workbook by the register on each."""
    found: Rows = {}
    for grid in read_grids(book):
        head = next(iter(filter(None, map(head_of, grid.rows[1] if len(grid.rows) > 1 else []))), None)
        found[head.register if head else grid.name] = grid.rows
    return found


def written(rows: Mapping[str, Sequence[Sequence[object]]], merged: Mapping[str, str] | None = None) -> bytes:
    """A workbook with these rows, as somebody's program would write them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, lines in rows.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if cell not in ("", None):
                        sheet.write(row, column, cell)
            if merged and name in merged:
                sheet.merge_range(merged[name], "touchpoints.title:en")
    return out.getvalue()


def changed(edit: Callable[[Rows], object], text: str = CLINIC) -> bytes:
    rows = rows_of(write_book(loads(text)))
    edit(rows)
    return written(rows)


def put(rows: Rows, sheet: str, row: int, head: str, cell: str) -> None:
    lines = rows[sheet]
    if head not in lines[1]:
        lines[0].append("")
        lines[1].append(head)
    while len(lines) < row:
        lines.append([])
    at = lines[1].index(head)
    lines[row - 1].extend([""] * (at + 1 - len(lines[row - 1])))
    lines[row - 1][at] = cell


def problems_of(book: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as told:
        read_book(book)
    for lang in LANGUAGES:
        assert all(problem.message(lang) and problem.hint(lang) for problem in told.value.problems)
    return [(problem.id, problem.place()) for problem in told.value.problems]


def test_wu_types_a_new_touchpoint_without_an_id_and_it_gets_one_from_its_title() -> None:
    def add(rows: Rows) -> None:
        put(rows, "touchpoints", 7, "touchpoints^stages", "leave")
        put(rows, "touchpoints", 7, "touchpoints.title:en", "Call the next day")
        put(rows, "touchpoints", 7, "touchpoints.emotion.planned", "3")

    read = read_book(changed(add), taken={"touchpoints:call-the-next-day"})
    assert [point.id for point in read.touchpoints] == ["register", "wait", "consult", "pay", "call-the-next-day-2"]


def test_renamed_and_moved_tabs_and_reordered_columns_are_read_as_ever() -> None:
    rows = rows_of(write_book(loads(CLINIC)))
    turned = {f"my {name}": [row[::-1] for row in lines] for name, lines in reversed(rows.items())}
    assert read_book(written(turned)) == loads(CLINIC)


def test_everything_that_is_wrong_is_told_at_its_cell_and_nothing_is_read() -> None:
    def spoil(rows: Rows) -> None:
        put(rows, "touchpoints", 3, "touchpoints.emotion.planned", "rather good")
        put(rows, "touchpoints", 4, "touchpoints.designed_as", "summit")
        put(rows, "touchpoints", 5, "touchpoints.emotion.planned", "7")

    places = [name for _, name in problems_of(changed(spoil))]
    assert [place.partition("!")[0] for place in places] == ["touchpoints"] * 3
    assert sorted(place[-1] for place in places) == ["3", "4", "5"]
    assert {name for name, _ in problems_of(changed(spoil))} == {
        "document.not_number", "document.not_one_of", "document.out_of_range",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda rows: put(rows, "touchpoints", 4, "touchpoints.id", "register"),
         [("document.duplicate", "touchpoints!A4"), ("document.no_touchpoint", "stakeholders!")]),
        (lambda rows: put(rows, "touchpoints", 4, "touchpoints^stages", "arival"),
         [("book.parent_unknown", "touchpoints!A4")]),
        (lambda rows: put(rows, "touchpoints", 4, "touchpoints^stages", ""),
         [("book.parent_missing", "touchpoints!A4")]),
        (lambda rows: put(rows, "touchpoints", 4, "touchpoints.fails", "lost"),
         [("document.no_failure", "touchpoints!")]),
        (lambda rows: rows.pop("personas"), [("book.sheet_missing", "personas")]),
        (lambda rows: rows.update(copy=rows["failures"]), [("book.sheet_twice", "copy")]),
        (lambda rows: put(rows, "rules", 3, "rules.when", "{not json"), [("book.json", "rules!")]),
        (lambda rows: put(rows, "failures", 2, "failures.titel:en", "failures.titel:en"),
         [("book.column_unknown", "failures!")]),
        (lambda rows: rows["failures"][2].append("a remark"), [("book.column_nameless", "failures!")]),
        (lambda rows: rows["document"].append(rows["document"][2]), [("book.one_row", "document")]),
        (lambda rows: rows["document"].pop(), [("book.one_row", "document")]),
        (lambda rows: put(rows, "document", 3, "document.title:en", ""), []),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_its_sheet_row_and_column(
    edit: Callable[[Rows], object], expected: list[tuple[str, str]]
) -> None:
    if not expected:
        assert read_book(changed(edit)).title.root.keys() == {"zh-Hant", "zh-Hans"}
        return
    told = problems_of(changed(edit))
    assert told[0][0] == expected[0][0]
    assert told[0][1].startswith(expected[0][1])


def test_lines_that_do_not_pair_and_a_lane_with_words_and_steps_are_refused() -> None:
    def goals(rows: Rows) -> None:
        put(rows, "personas", 3, "personas.goals:en", "Home by noon\nNo pain")
        put(rows, "personas", 3, "personas.goals:zh-Hant", "中午前到家")

    def lane(rows: Rows) -> None:
        put(rows, "steps", 5, "steps^touchpoints", "wait")
        put(rows, "steps", 5, "steps^lane", "frontstage")
        put(rows, "steps", 5, "steps.text:en", "Smiles")

    assert [name for name, _ in problems_of(changed(goals, WARD))] == ["book.lines"]
    assert [name for name, _ in problems_of(changed(lane, WARD))] == ["book.lane"]


def test_merged_heads_are_refused_and_merged_heads_for_people_are_not() -> None:
    rows = rows_of(write_book(loads(CLINIC)))
    assert problems_of(written(rows, {"touchpoints": "C2:D2"})) == [("format.merged", "touchpoints!C2:D2")]
    rows["stages"][0] = []
    assert read_book(written(rows, {"about": "A1:B1"})) == loads(CLINIC)


def test_what_would_run_in_a_spreadsheet_stands_there_as_text_and_comes_back_as_it_was() -> None:
    told = '=HYPERLINK("http://evil.example")'
    service = loads(CLINIC.replace('en: "Register"', f"en: '{told}'"))
    book = write_book(service)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in xml or b"<hyperlink" in xml for xml in sheets)
    assert read_book(book) == service


def test_a_formula_nobody_computed_a_damaged_file_and_a_bomb_are_refused() -> None:
    rows: dict[str, list[list[object]]] = {**rows_of(write_book(loads(CLINIC)))}  # type: ignore[dict-item]
    rows["failures"][2][1] = "=1/0"
    with pytest.raises(FormatError, match=r"format\.uncomputed"):
        read_book(written(rows))
    with pytest.raises(FormatError, match=r"format\.damaged"):
        read_book(b"PK\x03\x04 and no more")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 80_000_000)
    with pytest.raises(FormatError, match=r"format\.unpacked_large"):
        read_book(bomb.getvalue())
    with pytest.raises(FormatError, match=r"format\.large"):
        read_book(bytes(17 * 1024 * 1024))


def test_a_workbook_of_something_else_is_none_of_a_service() -> None:
    assert is_book(write_book(loads(CLINIC)))
    assert not is_book(workbook({"list": [["stage", "step"], ["Come", "Wait"]]}))
    with pytest.raises(FormatError, match=r"book\.none"):
        read_book(workbook({"list": [["stage", "step"], ["Come", "Wait"]]}))


def test_a_document_with_one_id_twice_is_not_written() -> None:
    with pytest.raises(DocumentError, match=r"document\.duplicate"):
        write_book(loads(CLINIC.replace("- id: pay", "- id: wait")))


@pytest.mark.parametrize(
    "words",
    ["_x0041_", "a\ufffeb", "a\uffffb", "  blanks  ", "'=1+1", "TRUE", "00123", "1e5", "2026-01-01", '["a"]', "{x",
     "a\n\nb", "\u2028x", "🙂", "長" * 4_000],
)  # fmt: skip
def test_words_that_look_like_something_else_come_back_as_they_were(words: str) -> None:
    data = as_data(loads(CLINIC))
    data["journeys"][0]["stages"][0]["touchpoints"][0]["customer"] = {"en": words}
    assert read_book(write_book(of_data(data))) == of_data(data)


def test_what_is_longer_than_a_cell_comes_back_in_pieces_and_numbers_to_their_last_digit() -> None:
    data = as_data(loads(WARD))
    data["skills"][0]["levels"] = [dict.fromkeys(LANGUAGES, "長" * 4_000) for _ in range(5)]
    data["personas"][0]["goals"] = [{"en": "[a"}, {"en": "b, c", "zh-Hant": "乙"}]
    data["personas"][0]["fears"] = [{"en": "a\u2028b"}, {"en": "c"}]
    data["kpis"][0]["options"] = {f"option{at}": "x" * 200 for at in range(300)}
    first = data["benchmarks"][0]
    data["benchmarks"] += [
        {**first, "id": f"b{at}", "value": value} for at, value in enumerate([0.1 + 0.2, 1.5e17, -1e-300])
    ]
    assert read_book(write_book(of_data(data))) == of_data(data)


def test_a_workbook_made_to_keep_the_reader_busy_is_refused_at_once() -> None:
    def deep(rows: Rows) -> None:
        put(rows, "rules", 3, "rules.when", '{"all": [' * 300 + "]}" * 300)

    def many(rows: Rows) -> None:
        for row in range(10, 5_000):
            put(rows, "touchpoints", row, "touchpoints^stages", f"nowhere-{row}")

    assert [name for name, _ in problems_of(changed(deep))][:1] == ["book.json"]
    assert len(problems_of(changed(many))) == 100


def test_a_workbook_that_says_more_than_a_document_may_is_refused() -> None:
    def long(rows: Rows) -> None:
        for row in range(10, 110):
            put(rows, "failures", row, "failures.id", f"failure-{row}")
            for lang in LANGUAGES:
                put(rows, "failures", row, f"failures.title:{lang}", "長" * 3_900)

    with pytest.raises(DocumentError, match=r"document\.large"):
        read_book(changed(long))


# --- made to take the memory of a machine -----------------------------------------------------------------------------

FAR = "<c r='C990000'><v>1</v></c>"


def refusal_of(data: bytes) -> str:
    with pytest.raises(FormatError) as told:
        read_book(data)
    return told.value.id


def test_many_sheets_that_each_span_a_little_less_than_may_be_share_what_there_is() -> None:
    """A hundred of them, in a file of fifty kilobytes, ended the process that read them."""
    sheets: dict[str, list[list[object]]] = {f"s{at}": [["x", FAR]] for at in range(3)}
    assert refusal_of(workbook(sheets)) == "format.cells_many"
    plain: dict[str, list[list[object]]] = {f"s{at}": [["x"]] for at in range(101)}
    assert refusal_of(workbook(plain)) == "format.sheets_many"


def test_a_part_that_is_longer_than_its_entry_says_is_refused_before_another_reader_unpacks_it() -> None:
    """Python stops where the entry says; the reader of workbooks goes on to the end of what was packed."""
    said, packed = b"<sst>" + b" " * 95, zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packed.compress(said + b" " * 5_000_000) + packed.flush()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        entry = zipfile.ZipInfo("xl/sharedStrings.xml")
        entry.compress_type, entry.CRC, entry.file_size = zipfile.ZIP_DEFLATED, zlib.crc32(said), len(said)
        entry.compress_size, entry.header_offset = len(stream), out.tell()
        out.write(entry.FileHeader(zip64=False) + stream)
        archive.filelist.append(entry)
        archive.NameToInfo[entry.filename] = entry
        archive.start_dir = out.tell()  # type: ignore[attr-defined]
    assert refusal_of(out.getvalue()) == "format.damaged"
