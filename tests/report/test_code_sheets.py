"""Codes to hang up: a phone reads each of them from the paper, the words are in the face of their language, and the
file is one for those who have it read aloud.
"""

from __future__ import annotations

import re
import subprocess
from datetime import date
from io import BytesIO
from itertools import repeat
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from peakend.errors import PeakendError
from peakend.report.code_sheets import (
    FORMATS,
    CodeSheets,
    PrintedCode,
    SheetForm,
    SheetWords,
    code_sheets_pdf,
    code_sheets_png,
)
from peakend.report.pages import Imprint
from tests.report.test_print import printed
from tests.report.test_registers import structure

DAY = Imprint("zh-Hant", date(2026, 12, 1))
WORDS = (
    SheetWords(
        "zh-Hant", "這次服務，您覺得如何？", "花 20 秒告訴我們", "匿名填寫：不記錄您的姓名與裝置。", "用手機掃描"
    ),
    SheetWords("en", "How was it?", "Tell us in 20 seconds.", "Anonymous: your name is not kept.", "Scan, or open"),
    SheetWords("zh-Hans", "这次服务，您觉得怎么样？", "花 20 秒告诉我们", "匿名填写：不记录您的姓名。", "用手机扫一扫"),
)
DOOR, TILL = (
    PrintedCode(f"https://feedback.harbour-clinic.example.org/s/{code}", place)
    for code, place in (("k7m2pq", "二樓領藥櫃檯 · 東區"), ("h3xw9d", "大門"))
)


def sheets(form: SheetForm, *codes: PrintedCode, words: tuple[SheetWords, ...] = WORDS) -> CodeSheets:
    return CodeSheets(form, "看診後：QR Code", "海港門診 Harbour Clinic", words, codes)


def pictures(pdf: bytes, folder: Path, ppi: int) -> list[Image.Image]:
    file = folder / "sheets.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(ppi), "-png", str(file), str(folder / "page")], check=True)
    return [Image.open(page) for page in sorted(folder.glob("page*.png"))]


def read_by_a_phone(picture: Image.Image) -> list[str]:
    return sorted(code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))


@pytest.mark.parametrize("form", FORMATS)
def test_a_phone_reads_every_code_from_the_paper_also_from_far_off(form: SheetForm, tmp_path: Path) -> None:
    pages = pictures(code_sheets_pdf(sheets(form, DOOR, TILL), DAY), tmp_path, 72)
    read = [read_by_a_phone(page) for page in pages]
    each = {"tent": 2}.get(form, 1)  # one for either side of the table
    assert read == (
        [sorted([DOOR.link, TILL.link])] if form == "stickers" else [[DOOR.link] * each, [TILL.link] * each]
    )


def test_a_sheet_of_stickers_holds_twenty_four_and_the_next_begins_a_page(tmp_path: Path) -> None:
    full = sheets("stickers", *repeat(DOOR, 24), TILL)
    pages = pictures(code_sheets_pdf(full, DAY), tmp_path, 150)
    assert full.pages == 2
    assert [read_by_a_phone(page) for page in pages] == [[DOOR.link] * 24, [TILL.link]]


@pytest.mark.parametrize("form", FORMATS)
def test_every_word_is_there_in_the_face_of_its_language_and_the_file_may_be_read_aloud(form: SheetForm) -> None:
    pdf = code_sheets_pdf(sheets(form, DOOR), DAY)
    told = printed(pdf, "pdfinfo")
    assert re.findall(r"(Title|Tagged): +(.+)", told) == [("Title", "看診後：QR Code"), ("Tagged", "yes")]
    words = re.sub(r"\s", "", printed(pdf, "pdftotext"))
    terms = [] if form == "stickers" else [each.terms for each in WORDS]
    for said in (*(each.headline for each in WORDS), *(each.time for each in WORDS), *terms, DOOR.path, DOOR.place):
        assert re.sub(r"\s", "", said) in words, said
    fonts = printed(pdf, "pdffonts")
    assert {*re.findall(r"NotoSansCJK(\w\w)", fonts)} == {"tc", "sc", "kr"}
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])  # embedded
    tags = re.findall(r"^ *(H1|Figure)", structure(pdf), flags=re.MULTILINE)
    assert sorted(tags) == ["Figure"] + ["H1"] * (form != "stickers")


def test_the_same_codes_are_the_same_bytes_and_the_first_page_is_shown() -> None:
    assert code_sheets_pdf(sheets("poster", DOOR), DAY) == code_sheets_pdf(sheets("poster", DOOR), DAY)
    shown = Image.open(BytesIO(code_sheets_png(sheets("poster", DOOR, TILL), DAY)))
    assert (shown.size, read_by_a_phone(shown)) == ((1191, 1684), [DOOR.link])


def test_longer_words_and_addresses_than_fit_are_set_smaller_and_none_is_cut(tmp_path: Path) -> None:
    long = PrintedCode(
        "https://feedback.a-very-long-name-of-a-hospital.taipei.example.org:8443/s/k7m2pq", "候診室" * 20
    )
    for form in FORMATS:
        pdf = code_sheets_pdf(sheets(form, long), DAY)
        (tmp_path / form).mkdir()
        (page,) = pictures(pdf, tmp_path / form, 200)
        assert set(read_by_a_phone(page)) == {long.link}
        assert "候診室" * 20 in re.sub(r"\s", "", printed(pdf, "pdftotext"))


def test_more_than_anybody_prints_is_refused() -> None:
    with pytest.raises(PeakendError, match=r"report\.large"):
        code_sheets_pdf(sheets("poster", *repeat(DOOR, 201)), DAY)
