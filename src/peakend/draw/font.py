"""The font that pictures for paper are set in: how wide its characters are, and which it has.

It is read from the file of the font package itself, so that what is measured is what is printed: Han glyphs are one em
wide, Latin ones as wide as they are drawn.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final
from unicodedata import normalize

_PLACE: Final = 3
"""Where the face for Traditional Chinese stands in the collection; that for Simplified is as wide in every
character.
"""
_UNICODE: Final = 12
"""The form of a character map that knows all of Unicode."""
_SPACES: Final = {"\u2009": 0.2, "\u00a0": 0.224, "\u3000": 1.0, "\t": 0.224, "\n": 0.0}
"""White space that may be missing in the map and is drawn all the same."""
_MARK: Final = "\u0300-\u036f\u20d0-\u20ff\u302a-\u302f\u3099\u309a"
_MARKED: Final = re.compile(f"([^{_MARK}]?)[{_MARK}]+")
"""A letter with the marks that are written apart from it: "e" and an accent, as some programs write "é"."""
_MARKED_GLYPHS: Final = frozenset(
    ("M\u0300", "m\u0300", "M\u0304", "m\u0304", "\u00ca\u0304", "\u00ea\u0304", "\u00ca\u030c", "\u00ea\u030c")
)
"""Letters of which the font has the glyph with the mark on them, and Unicode no character."""


def _composed(words: str) -> str:
    """Words with every mark on its letter, where there is a character for both."""
    return _MARKED.sub(lambda found: normalize("NFC", found[0]), words)


@dataclass(frozen=True)
class Font:
    """The widths of all characters, in em."""

    widths: dict[str, float]

    def em(self, char: str) -> float:
        """How wide a character is; one em where the font has none."""
        return self.widths.get(char, 1.0)

    def has(self, char: str) -> bool:
        """Whether the font can draw a character by itself."""
        return char in self.widths

    def drawn(self, words: str) -> str:
        """What the font can draw of words."""
        whole = _MARKED.sub(lambda found: found[0] if found[0] in _MARKED_GLYPHS else found[1], _composed(words))
        return "".join(filter(self.has, whole))

    def left_out(self, words: str) -> str:
        """The characters of words that the font cannot draw."""
        return "".join((Counter(_composed(words)) - Counter(self.drawn(words))).elements())


def font_folder() -> Path:
    """The folder of the font's file."""
    return Path(str(import_module("noto_cjk_sans_otc").__file__)).parent


@cache
def print_font() -> Font:
    """The font, read once in a process."""
    (file,) = sorted(font_folder().glob("*.ttc"))[:1]
    with file.open("rb") as opened:
        tables = _tables(opened.read(1 << 16))
        parts = {}
        for name in _READ:
            offset, length = tables[name]
            opened.seek(offset)
            parts[name] = opened.read(length)
    advances = _advances(parts)
    glyphs = _glyphs(parts["cmap"])
    widths = {chr(code): advances[min(glyph, len(advances) - 1)] for code, glyph in glyphs.items()}
    return Font(_SPACES | {char: width for char, width in widths.items() if char >= " "})


_READ: Final = ("head", "hhea", "hmtx", "cmap")


def _tables(head: bytes) -> dict[str, tuple[int, int]]:
    """Where the tables of the face stand in the collection, and how long they are."""
    (start,) = struct.unpack_from(">I", head, 12 + 4 * _PLACE)
    (count,) = struct.unpack_from(">H", head, start + 4)
    found = {}
    for at in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", head, start + 12 + 16 * at)
        found[tag.decode("ascii")] = (offset, length)
    return found


def _advances(parts: dict[str, bytes]) -> list[float]:
    """The widths of the glyphs in em; whatever comes after the last is as wide as it."""
    (em,) = struct.unpack_from(">H", parts["head"], 18)
    (count,) = struct.unpack_from(">H", parts["hhea"], 34)
    return [advance / em for advance in struct.unpack_from(">" + "Hh" * count, parts["hmtx"])[::2]]


def _glyphs(cmap: bytes) -> dict[int, int]:
    """The glyph of every code point."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    starts = [struct.unpack_from(">I", cmap, 8 + 8 * at)[0] for at in range(count)]
    start = next(start for start in starts if struct.unpack_from(">H", cmap, start)[0] == _UNICODE)
    (groups,) = struct.unpack_from(">I", cmap, start + 12)
    found: dict[int, int] = {}
    for at in range(groups):
        first, last, glyph = struct.unpack_from(">III", cmap, start + 16 + 12 * at)
        found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found
