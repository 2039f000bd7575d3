"""Printing: exact pages, embedded fonts, words that stay words, no ink where none belongs, and the same bytes twice."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from peakend.draw.font import print_font
from peakend.draw.palette import LIGHT
from peakend.errors import PeakendError
from peakend.report.ink import MissingGlyph, missing_glyphs, read, svg_text, whiten
from peakend.report.pages import MOST_SHEETS, Imprint, pdf_of, png_of
from peakend.report.tiles import extent_of, tiles, tiles_of
from peakend.samples import service_of
from peakend.service import ServiceDocument
from peakend.service.document import as_data, of_data
from peakend.service.drawings.paper import POINTS_A_MILLIMETRE, PaperName
from peakend.service.drawings.views import draw_view
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.service.journeys_at_length import long_journey

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 11, 30)
MILLIMETRES = {"A4": (297, 210), "A3": (420, 297), "A1": (841, 594)}


def printed(pdf: bytes, tool: str, *words: str) -> str:
    done = subprocess.run(
        [tool, *words, "-", *(["-"] if tool == "pdftotext" else [])], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2009]+", "", text)


def pixels(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")


def dark_share(png: bytes) -> float:
    histogram = pixels(png).histogram()
    return sum(histogram[:128]) / sum(histogram)


def whitened(sheet: str) -> ET.Element:
    root = read(sheet)
    whiten(root)
    return root


def with_words(words: str) -> ServiceDocument:
    data = as_data(long_journey(8, 20, "en"))
    data["journeys"][0]["stages"][0]["touchpoints"][1]["thinks"]["en"] = words
    return of_data(data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("industry", IDS)
def test_a_template_on_one_a1_has_its_size_its_words_and_its_fonts_and_is_no_black_page(
    industry: str, lang: Lang
) -> None:
    """Acceptance 24 and 25: no glyph box, exact size, fonts embedded, every title there, PDF/UA-1 accepted."""
    service = template(industry)
    (sheet,) = draw_view("map", service, lang=lang, paper="A1", lanes="all", dated="2026-11-30")
    pdf = pdf_of([sheet], Imprint(lang, DAY), paper="A1")
    assert len(pdf) < 2**20
    told = printed(pdf, "pdfinfo")
    wide, high = (float(number) for number in re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0])
    assert wide / POINTS_A_MILLIMETRE == pytest.approx(841, abs=0.5)
    assert high / POINTS_A_MILLIMETRE == pytest.approx(594, abs=0.5)
    assert re.findall(r"Title: +(.*)", told) == [read(sheet).findtext(f"{SVG}title")]
    assert re.findall(r"Tagged: +(.*)", told) == ["yes"]
    fonts = printed(pdf, "pdffonts").splitlines()[2:]
    assert fonts
    assert all(re.search(r"NotoSansCJK.* yes yes yes ", font) for font in fonts)
    words = squeezed(printed(pdf, "pdftotext"))
    journey = service.journeys[0]
    titles = [part.title[lang] for part in (*journey.stages, *journey.touchpoints)]
    assert [title for title in titles if not _has(words, squeezed(title))] == []
    assert missing_glyphs(sheet) == ()


def _has(words: str, title: str) -> bool:
    """Whether a title is there, be it on two lines between which others stand."""
    return title in words or all(title[at : at + 3] in words for at in range(0, max(1, len(title) - 2), 3))


@pytest.mark.parametrize("paper", ["A4", "A3", "A1"])
def test_a_page_has_exactly_the_size_of_its_paper_and_is_hardly_inked(paper: PaperName) -> None:
    """The dark share guards against the poster that was painted wholly black."""
    sheets = draw_view("map", service_of("airport"), lang="zh-Hant", paper=paper, lanes="story")
    pdf = pdf_of(sheets, Imprint("zh-Hant", DAY), paper=paper)
    told = printed(pdf, "pdfinfo")
    size = [float(number) / POINTS_A_MILLIMETRE for number in re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0]]
    assert size == pytest.approx(MILLIMETRES[paper], abs=0.5)
    assert f"Pages:           {len(sheets)}" in told
    assert 0.002 < dark_share(png_of(sheets[0], Imprint("zh-Hant"), paper=paper, ppi=60)) < 0.1


def test_paper_stays_white_and_a_picture_keeps_the_colour_of_the_page() -> None:
    sheet = draw_view("map", service_of("airport"), paper="A4")[0]
    assert pixels(png_of(sheet, Imprint("en"), paper="A4", ppi=30)).getpixel((2, 2)) == 250
    assert LIGHT["paper"].lower() not in svg_text(whitened(sheet)).lower()


def test_the_same_version_printed_twice_is_the_same_bytes() -> None:
    """Acceptance 26."""
    sheets = draw_view("blueprint", template("hotel"), lang="en", paper="A3", dated="2026-11-30")
    first, second = (pdf_of(sheets, Imprint("en", DAY), paper="A3") for _ in range(2))
    assert first == second
    assert re.search(r"CreationDate: +Mon Nov 30 \d\d:\d\d:\d\d 2026", printed(first, "pdfinfo"))


def test_peak_and_trough_are_told_apart_without_colour() -> None:
    """Acceptance 27: by their names, and by the way in which their dots point."""
    sheet = draw_view("map", service_of("airport"), lang="en", paper="A1", lanes="story")[0]
    pointers = re.findall(r'<path d="M[\d.]+,[\d.]+l[\d.]+,(-?)[\d.]+h-[\d.]+z" class="pk-paper"', sheet)
    assert sorted(pointers) == ["", "-"]
    assert [word in sheet for word in (">peak<", ">trough<", ">end<")] == [True] * 3


def test_in_a_grey_picture_the_dot_of_the_peak_points_up_and_that_of_the_trough_down() -> None:
    """Acceptance 27, on the pixels: the pointer within a dot is wide at its lower end, or at its upper one."""
    sheet, scale = draw_view("map", template("public"), paper="A3", lanes="story")[0], 144 / 72
    grey = pixels(png_of(sheet, Imprint("en"), paper="A3", ppi=72 * scale))
    pointers = re.findall(r'<path d="M([\d.]+),([\d.]+)l[\d.]+,(-?[\d.]+)h-[\d.]+z" class="pk-paper"', sheet)
    lower_ends = []
    for x, apex, high in (map(float, pointer) for pointer in pointers):
        light = [_light(grey, x * scale, (apex + share * high) * scale) for share in (0.2, 0.8)]
        lower_ends.append(light if high > 0 else light[::-1])
    (peak_up, peak_down), (trough_up, trough_down) = lower_ends
    assert (peak_up < peak_down, trough_up > trough_down) == (True, True)


def _light(grey: Image.Image, x: float, y: float) -> int:
    """How light a line is around the middle of a dot, as wide as its pointer."""
    return sum(grey.crop((round(x) - 4, round(y), round(x) + 4, round(y) + 1)).tobytes())


def test_a_poster_of_25_touchpoints_takes_two_seconds_a_mebibyte_and_300_mebibytes_at_most(tmp_path: Path) -> None:
    """Acceptance 25; measured 0.4 s, 80 KiB and 190 MiB on two shared cores."""
    target = tmp_path / "poster.pdf"
    program = (
        "import re, time\n"
        "from datetime import date\n"
        "from peakend.report.pages import Imprint, pdf_of\n"
        "from peakend.service.drawings.views import draw_view\n"
        "from tests.service.journeys_at_length import long_journey\n"
        "service = long_journey(25, 60, 'en')\n"
        "begun = time.process_time()\n"
        "sheets = draw_view('map', service, paper='A1', lanes='story')\n"
        "pdf = pdf_of(sheets, Imprint('en', date(2026, 11, 30)), paper='A1')\n"
        f"open({str(target)!r}, 'wb').write(pdf)\n"
        "seconds = time.process_time() - begun\n"
        "most = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())\n"
        "print(len(sheets), seconds, int(most[1]) / 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    count, seconds, mebibytes = map(float, done.stdout.split())
    assert (count, target.stat().st_size < 2**20) == (1, True)
    assert seconds < 2
    assert mebibytes < 300


def test_an_emoji_is_named_with_its_cell_and_left_out() -> None:
    service = with_words("So tired 😀 today")
    sheet = draw_view("map", service, paper="A3", lanes="story")[0]
    assert missing_glyphs(sheet) == (MissingGlyph("😀", "t1", "map.thinks", "So tired 😀 today"),)
    words = printed(pdf_of([sheet], Imprint("en"), paper="A3"), "pdftotext")
    assert "So tired" in words
    assert "😀" not in words


def test_letters_whose_marks_are_written_apart_are_printed_and_a_mark_that_no_letter_of_the_font_bears_is_named() -> (
    None
):
    """As some programs and keyboards write them: without this no page of the whole print was set."""
    words = "Cafe\u0301 Mu\u0308ller m\u0304 x\u0301 \u5b57\u302e"
    sheet = draw_view("map", with_words(words), paper="A3", lanes="story")[0]
    assert [glyph.char for glyph in missing_glyphs(sheet)] == ["\u0301", "\u302e"]
    printed_words = printed(pdf_of([sheet], Imprint("en"), paper="A3"), "pdftotext")
    assert all(each in printed_words for each in ("Caf\u00e9", "M\u00fcller", "m", "x"))


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("no") $x$ `raw` <script>alert(1)</script> &amp; ]]> #image("/etc/passwd")',
        "\\u{1F600} #sys.inputs {given} %s \\\\ \" ' < > &",
        "a" * 4000,
        "（" * 300 + "」" * 300,
        "ק" * 200 + "א",
    ],
)
def test_whatever_is_written_in_a_cell_is_printed_as_words_or_left_out(hostile: str) -> None:
    service = with_words(hostile)
    sheets = draw_view("map", service, paper="A3", lanes="story")
    pdf = pdf_of(sheets, Imprint("en"), paper="A3")
    told = squeezed(printed(pdf, "pdftotext"))
    assert squeezed(hostile.replace("ק", "").replace("א", ""))[:12] in told
    assert "root:" not in told


def test_more_than_anybody_prints_is_refused_with_what_to_do() -> None:
    sheet = draw_view("map", long_journey(1, 0, "en"), paper="A4")[0]
    with pytest.raises(PeakendError) as refusal:
        pdf_of([sheet] * (MOST_SHEETS + 1), Imprint("en"), paper="A4")
    assert refusal.value.id == "report.large"


@pytest.mark.parametrize("paper", ["A3", "A1"])
def test_tiles_put_together_miss_nothing(paper: PaperName) -> None:
    """Acceptance 28: every part of the poster lies whole on one tile or in pieces on neighbours that overlap."""
    sheet = draw_view("blueprint", template("hotel"), lang="en", paper=paper, lanes="blueprint")[0]
    pieces, places = tiles_of(sheet, paper), tiles(paper)
    assert len(pieces) == len(places) == {"A3": 4, "A1": 9}[paper]
    shown = [read(piece) for piece in pieces]
    kinds = {f"{SVG}{name}" for name in ("text", "path", "line", "circle")}
    parts = [part for part in read(sheet).iter() if part.tag in kinds]
    held = {ET.tostring(part) for piece in shown for part in piece.iter()}
    assert [ET.tostring(part) for part in parts if ET.tostring(part) not in held] == []
    for part in parts:
        extent = extent_of(part)
        assert extent is not None
        on = [tile for tile in places if extent.meets(tile.area)]
        assert min(tile.area.left for tile in on) <= extent.left
        assert max(tile.area.right for tile in on) >= extent.right
        assert min(tile.area.top for tile in on) <= extent.top
        assert max(tile.area.bottom for tile in on) >= extent.bottom
    assert [re.search(r"([A-C][1-4]) · ", ET.tostring(piece, "unicode"))[1] for piece in shown] == [  # type: ignore[index]
        tile.place for tile in places
    ]


def test_the_font_is_measured_as_it_is_printed() -> None:
    """The widths against which lines are broken are those of the printed page, within a hundredth."""
    sheet = draw_view("map", long_journey(8, 60, "en"), paper="A3", lanes="story")[0]
    boxes = printed(pdf_of([sheet], Imprint("en"), paper="A3"), "pdftotext", "-bbox")
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([A-Za-z]{6,})<', boxes)
    assert len(words) > 50
    font = print_font()
    sizes = {round((float(x1) - float(x0)) / sum(map(font.em, word)), 1) for x0, _, x1, _, word in words}
    assert len(sizes) <= 12, "the words of a sheet have few sizes, so each width is its size times what was measured"
