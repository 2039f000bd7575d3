"""Every view of a document, whichever it is: what it looks like, that it is the same each time, and that it can be read
by everybody and every program.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from peakend.draw.font import print_font
from peakend.draw.palette import DARK, LIGHT
from peakend.errors import DocumentError
from peakend.service import ServiceDocument, loads
from peakend.service.drawings.pen import TONES
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.templates import IDS, template, template_text
from peakend.terms import LANGUAGES, vocabulary
from tests.service.golden_pictures import FILE, pictures
from tests.service.golden_views import file_of, golden_of

EMPTY = "{service: new, title: {en: New, zh-Hant: 新, zh-Hans: 新}, languages: [en]}"
OPENING = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hotel() -> ServiceDocument:
    return template("hotel")


def evil(value: object) -> object:
    """A document's data with markup before every word that somebody wrote."""
    if isinstance(value, dict):
        texts = value and value.keys() <= set(LANGUAGES)
        return {key: f'{OPENING}"&' + each if texts else evil(each) for key, each in value.items()}
    return [evil(each) for each in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("view", VIEWS)
def test_it_looks_as_it_did(view: View) -> None:
    kept = file_of(view).read_text(encoding="utf-8")
    assert golden_of(view) == kept, "look at the picture; if it is better now: python -m tests.service.golden_views"


@pytest.mark.parametrize("view", VIEWS)
def test_the_airport_the_eight_templates_and_a_document_at_its_limits_look_as_they_did(view: View) -> None:
    kept = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith(f"{view} ")]
    drawn = [each.line() for each in pictures(view)]
    assert drawn == kept, "look at the pictures; if they are better now: python -m tests.service.golden_pictures"


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_document_is_the_same_picture_byte_for_byte(view: View, hotel: ServiceDocument) -> None:
    again = loads(hotel.model_dump_json(by_alias=True, exclude_unset=True))
    assert draw_view(view, hotel, paper="A3") == draw_view(view, again, paper="A3")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sheet_is_named_and_described_in_the_readers_language(
    view: View, lang: str, hotel: ServiceDocument
) -> None:
    drawn = draw_view(view, hotel, lang=lang, paper="A4")  # type: ignore[arg-type]
    sheets = [ET.fromstring(svg) for svg in drawn]  # noqa: S314 — our own
    ids = [each.attrib["id"] for sheet in sheets for each in sheet.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids)) == 2 * len(sheets)
    assert {sheet.attrib["lang"] for sheet in sheets} == {lang}
    for sheet in sheets:
        title, description = (sheet.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
        assert title
        assert len(description or "") > 20


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_of_one_theme_holds_no_colour_of_the_other(view: View, theme: str, hotel: ServiceDocument) -> None:
    svg = "".join(draw_view(view, hotel, theme=theme))  # type: ignore[arg-type]
    own, other = (LIGHT, DARK) if theme == "light" else (DARK, LIGHT)
    fixed = {term.colour for term in vocabulary().values()}
    foreign = {other[tone] for tone in TONES} - set(own.values()) - fixed
    assert {colour for colour in foreign if f'"{colour}"' in svg} == set()
    assert "var(" not in svg
    assert "style=" not in svg


@pytest.mark.parametrize("view", VIEWS)
def test_what_somebody_wrote_cannot_become_markup(view: View, hotel: ServiceDocument) -> None:
    data = evil(hotel.model_dump(by_alias=True, exclude_unset=True))
    for svg in draw_view(view, ServiceDocument.model_validate(data), paper="phone", style=False):
        root = ET.fromstring(svg)  # noqa: S314 — our own
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {
            "svg", "title", "desc", "rect", "text", "tspan", "line", "path", "circle", "g",
        }  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_document_is_drawn_as_one_friendly_sentence(view: View, lang: str) -> None:
    (svg,) = draw_view(view, loads(EMPTY), lang=lang, paper="A4")  # type: ignore[arg-type]
    assert svg.count("<text") <= 6
    assert re.search(r"[.?。？]</desc>", svg)


@pytest.mark.parametrize("name", IDS)
def test_the_printed_font_has_every_character_of_a_template(name: str) -> None:
    font = print_font()
    assert {char for char in template_text(name) if not char.isspace() and not font.has(char)} == set()


def test_the_printed_font_has_every_character_of_what_views_say_by_themselves() -> None:
    font = print_font()
    said = "".join(term.name[lang] for term in vocabulary().values() for lang in LANGUAGES)
    assert {char for char in said if not char.isspace() and not font.has(char)} == set()


def test_a_journey_that_is_named_and_not_there_cannot_be_drawn(hotel: ServiceDocument) -> None:
    with pytest.raises(DocumentError) as refused:
        draw_view("ring", hotel, "departure")
    assert (refused.value.id, refused.value.fields) == (
        "document.no_journey", {"name": "departure", "known": "stay"},
    )  # fmt: skip
