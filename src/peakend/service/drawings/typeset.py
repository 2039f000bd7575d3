"""Where lines break: English between words, Chinese between characters, and neither against the rules of its printers.

A drawing that must look right without a browser's help has to know about how wide its words are. Widths are estimates
for common system fonts, a little generous; a Chinese character is one em wide, a Latin one as wide as its shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_NARROW: Final = frozenset("iljtfI.,:;'|!()[]{}‘’ \u2009·-")
_BROAD: Final = frozenset("mwMW@%—…")
_HAN: Final = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_HAN: Final = re.compile(f"[{_HAN}“”‘’…—]")
_NOT_FIRST: Final = frozenset("，。、；：！？）」』】》〉”’…—·％%,.;:!?)]}")
_NOT_LAST: Final = frozenset("（「『【《〈“‘([{")
_PIECE: Final = re.compile(f"[{_HAN}]|[^ {_HAN}]+|[ ]+")
_BESIDE: Final = re.compile("(?<=[\u3400-\u9fff])[ ]?(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])[ ]?(?=[\u3400-\u9fff])")
THIN: Final = "\u2009"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, in pixels, at a font size in pixels; bold Latin letters are a tenth wider."""
    return sum(_em(char) * (1.1 if bold and char < "\u2e80" else 1) for char in text) * size


def _em(char: str) -> float:
    if "\u2e80" <= char <= "\uffef" or char == "—":
        return 1.0
    if char in _NARROW:
        return 0.33
    if char in _BROAD:
        return 0.92
    return 0.68 if char.isupper() else 0.58


def with_thin_spaces(text: str) -> str:
    """The text with a thin space wherever Chinese and Latin characters meet."""
    return _BESIDE.sub(THIN, text)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The lines of a text in a column of some pixels.

    A line begins with no closing and ends with no opening punctuation; a word that is wider than the column is broken
    with a hyphen.
    """
    lines: list[str] = []
    for paragraph in with_thin_spaces(text.strip()).split("\n"):
        lines += _fill(paragraph, size * 1.1 if bold and not _IS_HAN.search(paragraph) else size, room) or [""]
    return lines


def even(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The lines of a heading: no more than it needs, and of about the same length."""
    lines = wrap(text, size, room, bold=bold)
    narrower = (wrap(text, size, room * part / 20, bold=bold) for part in range(8, 20))
    # A narrower column that breaks a word has a hyphen more, and is no better.
    fitting = (found for found in narrower if len(found) == len(lines) and _letters(found) == _letters(lines))
    return next(fitting, lines) if len(lines) > 1 else lines


def _letters(lines: list[str]) -> str:
    return "".join(lines).replace(" ", "")


def _fill(paragraph: str, size: float, room: float) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(paragraph, size, room):
        if line and width((line + piece).rstrip(), size) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(paragraph: str, size: float, room: float) -> Iterator[str]:
    """What may not be broken: words with the space after them, characters with the punctuation that must stay beside
    them.
    """
    held = ""
    for piece in _PIECE.findall(paragraph):
        glued = piece[0] in _NOT_FIRST or piece.isspace() or (held and held[-1] in _NOT_LAST)
        if held and not glued:
            yield from _broken(held, size, room)
            held = ""
        held += piece
    yield from _broken(held, size, room)


SURELY_WIDER: Final = 400
"""Characters that fill more than any line, whatever they are: they need not be measured."""


def _broken(piece: str, size: float, room: float) -> Iterator[str]:
    while len(piece) > 2 and (len(piece) > SURELY_WIDER or width(piece.rstrip(), size) > room):
        # From the front: what fits on a line is short, however long the word is.
        cut = next((at - 1 for at in range(3, len(piece)) if width(piece[:at] + "-", size) > room), len(piece) - 1)
        han = _IS_HAN.match(piece[cut - 1])
        yield piece[:cut] + ("" if han or piece[cut - 1] in "-/_" else "-")
        piece = piece[cut:]
    if piece:
        yield piece
