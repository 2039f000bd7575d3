"""What a drawing needs before it is printed: the font that has its characters, bold words that are bold in a font
without a bold face, and nothing that the font cannot draw.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from peakend.draw.font import print_font
from peakend.draw.palette import LIGHT, PRINT
from peakend.terms import Lang

SVG: Final = "http://www.w3.org/2000/svg"
_TEXT: Final = f"{{{SVG}}}text"
_GROUP: Final = f"{{{SVG}}}g"
_FACES: Final[dict[Lang, str]] = {
    "en": "Noto Sans CJK TC",
    "zh-Hant": "Noto Sans CJK TC",
    "zh-Hans": "Noto Sans CJK SC",
}
_LATIN: Final = "Noto Sans CJK KR"
"""The face whose quotation marks and dots are as wide as Latin ones; for words without a Chinese character."""
_FIRST_HAN: Final = "\u2e80"
_WIDE_SPACE: Final = "\u3000"
BOLD: Final = 0.03
"""How thick the line is, in em, that is drawn round bold words in their own colour."""
ET.register_namespace("", SVG)


@dataclass(frozen=True)
class MissingGlyph:
    """A character that the font cannot draw: where it stands, and the line it is in. It is left out."""

    char: str
    touchpoint: str
    lane: str
    words: str


def read(svg: str) -> ET.Element:
    """A drawing of ours as a tree."""
    return ET.fromstring(svg)  # noqa: S314 — our own drawing, in which every word is escaped


def svg_text(root: ET.Element) -> str:
    """A tree as a drawing."""
    return ET.tostring(root, encoding="unicode")


def face_of(words: str, lang: Lang) -> str:
    """The face of the font that words are set in."""
    return _FACES[lang] if any(char >= _FIRST_HAN and char != _WIDE_SPACE for char in words) else _LATIN


def whiten(root: ET.Element) -> None:
    """Paper has its own white: nothing is printed where a screen shows the colour of paper."""
    for part in root.iter():
        for name in ("fill", "stroke"):
            if part.get(name) == LIGHT["paper"]:
                part.set(name, PRINT["paper"])


def prepare(root: ET.Element, lang: Lang) -> ET.Element:
    """The drawing with what print needs, itself changed."""
    font = print_font()
    for text in root.iter(_TEXT):
        for part in text.iter():
            part.text = font.drawn(part.text or "")
            part.tail = font.drawn(part.tail or "") if part is not text else part.tail
        text.set("font-family", face_of("".join(text.itertext()), lang))
        if text.get("font-weight"):
            del text.attrib["font-weight"]
            _embolden(text)
    return root


def _embolden(text: ET.Element) -> None:
    width = f"{BOLD * float(text.get('font-size', '12')):.3g}"
    for part in text.iter():
        if part.get("fill"):
            part.set("stroke", part.get("fill", ""))
            part.set("stroke-width", width)


def missing_glyphs(svg: str) -> tuple[MissingGlyph, ...]:
    """The characters of a drawing that the font does not have, each once for the place where it stands."""
    return tuple(dict.fromkeys(_missing(read(svg), "", "")))


def _missing(part: ET.Element, touchpoint: str, lane: str) -> Iterator[MissingGlyph]:
    if part.tag == _GROUP:
        touchpoint, lane = part.get("data-touchpoint", touchpoint), part.get("data-lane", lane)
    if part.tag == _TEXT:
        words = "".join(part.itertext())
        yield from (MissingGlyph(char, touchpoint, lane, words) for char in print_font().left_out(words))
        return
    for child in part:
        yield from _missing(child, touchpoint, lane)
