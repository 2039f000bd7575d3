"""Where lines break: English between words, Chinese between characters, and neither against the rules of its printers.

A drawing that must look right without a browser's help has to know about how wide its words are. Widths are estimates
for common system fonts, a little generous; a Chinese character is one em wide, a Latin one as wide as its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise, starmap
from typing import Final

from peakend.draw.font import print_font
from peakend.terms import Lang

_NARROW: Final = frozenset("iljtfI.,:;'|!()[]{}‘’ \u2009·-")
_WIDE: Final = frozenset("—“”")
"""As wide as a Chinese character, for so the fonts of Chinese draw them."""
_BROAD: Final = frozenset("mwMW@%—…")
_HAN: Final = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_HAN: Final = re.compile(f"[{_HAN}“”‘’…—]")
_NOT_FIRST: Final = frozenset("，。、；：！？）」』】》〉”’…—·％%,.;:!?)]}")
_NOT_LAST: Final = frozenset("（「『【《〈“‘([{")
UNBROKEN: Final = (
    "(?:(?:第|至少|至多)[ \u2009]?)?[0-9][0-9.,:–~+%]*[ \u2009\u00a0]?"
    "(?:小時|小时|分鐘|分钟|個月|个月|工作天|工作日|公里|公尺|公分|毫米|"
    "[年月日天週周時时點点分秒個个人位次筆笔條条項项種种元歲岁倍折成頁页步樓楼級级題题份家間间台張张名號号則则])"
)
"""A number with its unit in Chinese stands on one line."""
_PIECE: Final = re.compile(f"{UNBROKEN}|[{_HAN}]|[^ \u2009{_HAN}]+|[ \u2009]+")
_BESIDE: Final = re.compile("(?<=[\u3400-\u9fff])[ ]?(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])[ ]?(?=[\u3400-\u9fff])")
THIN: Final = "\u2009"


@dataclass(frozen=True)
class Measure:
    """How wide characters are, in em, and how much wider bold Latin letters are."""

    em: Callable[[str], float]
    bold: float = 1.0

    def of(self, text: str) -> float:
        """How wide a text is, in em."""
        return sum(map(self.em, text))


def _em(char: str) -> float:
    if "\u2e80" <= char <= "\uffef" or char in _WIDE:
        return 1.0
    if char in _NARROW:
        return 0.33
    if char in _BROAD:
        return 0.92
    return 0.68 if char.isupper() else 0.58


SCREEN: Final = Measure(_em, bold=1.1)
"""For a page, whose reader has fonts of her own."""


@cache
def _bolder(measure: Measure) -> Measure:
    """The widths of bold letters."""
    return Measure(lambda char: measure.em(char) * (measure.bold if char < "\u2e80" else 1))


@cache
def printed(lang: Lang) -> Measure:
    """For paper: the widths of the very font that is printed; what is bold there is as wide as what is not. Its Chinese
    faces set quotation marks and the dot between names as wide as a character, whatever its table says.
    """
    font = print_font()
    if lang == "en":
        return Measure(font.em)
    return Measure(lambda char: 1.0 if char in _WIDE_IN_CHINESE else font.em(char))


_WIDE_IN_CHINESE: Final = frozenset("“”‘’·")


def width(text: str, size: float, *, bold: bool = False, measure: Measure = SCREEN) -> float:
    """About how wide a text is, in pixels, at a font size in pixels; bold Latin letters are wider on screens."""
    wider = measure.bold if bold else 1.0
    return sum(measure.em(char) * (wider if char < "\u2e80" else 1) for char in text) * size


@lru_cache(maxsize=8192)
def with_thin_spaces(text: str) -> str:
    """The text with a thin space wherever Chinese and Latin characters meet."""
    return _BESIDE.sub(THIN, text)


def wrap(text: str, size: float, room: float, *, bold: bool = False, measure: Measure = SCREEN) -> list[str]:
    """The lines of a text in a column of some pixels.

    A line begins with no closing and ends with no opening punctuation; a word that is wider than the column is broken
    with a hyphen.
    """
    lines: list[str] = []
    for paragraph in with_thin_spaces(text.strip()).split("\n"):
        lines += _fill(paragraph, room / size, _bolder(measure) if bold else measure) or [""]
    return lines


def even(text: str, size: float, room: float, *, bold: bool = False, measure: Measure = SCREEN) -> list[str]:
    """The lines of a heading: no more than it needs, of about the same length, and parted where its sense is, if it has
    a sign there.
    """
    lines = wrap(text, size, room, bold=bold, measure=measure)
    if len(lines) < 2:
        return lines
    narrower = (wrap(text, size, room * part / 20, bold=bold, measure=measure) for part in range(8, 20))
    # A narrower column that breaks a word has a hyphen more, and is no better.
    fitting = [found for found in narrower if len(found) == len(lines) and _letters(found) == _letters(lines)]
    parted = [found for found in fitting if all(line[-1:] in PARTING for line in found[:-1])]
    eased = [found for found in fitting if all(starmap(_parts_well, pairwise(found)))]
    return next(iter((*parted, *eased, *fitting)), lines)


PARTING: Final = frozenset("，、；：。！？,;:.!?·")
"""After these a heading parts well."""


def clamped(lines: list[str], most: int, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The first lines of a text, with an ellipsis where more would follow."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(f"{last}…", size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip('-，、。；：,;: ')}…"]


def _letters(lines: list[str]) -> str:
    return "".join(lines).replace(" ", "").replace(THIN, "")


@lru_cache(maxsize=4096)
def _fill(paragraph: str, room: float, measure: Measure) -> tuple[str, ...]:
    """The lines of a paragraph in so many em."""
    lines: list[str] = []
    above: list[str] = []
    row: list[str] = []
    wide = 0.0
    for piece, words, spaces in _pieces(paragraph, measure):
        if row and wide + words > room:
            lines.append("".join(row).rstrip())
            above, row, wide = row, [], 0.0
        *full, rest = _broken(piece, room, measure) if words > room else (piece,)
        lines += full
        row = [*([] if full else row), rest if row or not rest.startswith(_SPACES) else rest.lstrip()]
        wide = measure.of("".join(row)) if full or wide == 0 else wide + words + spaces
        above = [] if full else above
    if not "".join(row).strip():
        return tuple(lines)
    if above:
        above, row = _with_company(above, row, room, measure)
        lines[-1] = "".join(above).rstrip()
    return (*lines, "".join(row).rstrip())


def _with_company(above: list[str], row: list[str], room: float, measure: Measure) -> tuple[list[str], list[str]]:
    """The last two lines: what would stand alone on the last takes those before it down, where more stays above."""
    pieces = above + row
    for count in (_belonging(pieces), NO_FEWER) if _is_lonely("".join(row)) else ():
        stays, moved = "".join(pieces[:-count]).rstrip(), "".join(pieces[-count:]).rstrip()
        wide, most = measure.of(moved), room if count == NO_FEWER else min(room, HANGING * measure.of(stays))
        if len(row) < count < len(pieces) and len(stays) >= LEFT_ABOVE and wide <= most:
            return pieces[:-count], pieces[-count:]
    return above, row


def is_torn(lines: Sequence[str], text: str) -> bool:
    """Whether a word is broken in lines of a text, or a single Chinese character stands on one of several lines."""
    alone = (line for line in lines if len(lines) > 1 and any(map(_IS_HAN.match, line)))
    return _letters([*lines]) != _letters(text.split()) or any(map(_is_single, alone))


def _is_single(line: str) -> bool:
    return sum(1 for char in line if char not in _NOT_FIRST and char not in _NOT_LAST) == 1


def end_of(text: str) -> str:
    """The last words of a text that must not part, lest too little stand on its last line; none where that is all."""
    pieces = [piece for piece, _, _ in _pieces(text, SCREEN)]
    count = _belonging(pieces)
    return "".join(pieces[-count:]) if 0 < count < len(pieces) else ""


def _belonging(pieces: Sequence[str]) -> int:
    """How many of the last pieces belong on one line: enough to fill it, from where a text parts well. Where it does so
    nowhere near, two Chinese characters may stand alone, one may not.
    """
    least = next((count for count in range(1, len(pieces)) if not _is_lonely("".join(pieces[-count:]))), len(pieces))
    near = range(least, min(least + NEAR, len(pieces)))
    return next((count for count in near if _parts_well(pieces[-count - 1], pieces[-count])), NO_FEWER)


def _parts_well(before: str, after: str) -> bool:
    """Whether a line may end here: between words, behind a sign or a particle, or before a word that joins."""
    if not before or not after:  # white space at the beginning or the end of a line has no letters
        return False
    return before[-1].isspace() or before[-1] in PARTING or before[-1] in _ENDING or after[0] in _JOINING


def _is_lonely(line: str) -> bool:
    """Whether a last line is too little: two Chinese characters, or a short word alone."""
    letters = [char for char in line if char not in _NOT_FIRST and char not in _NOT_LAST and not char.isspace()]
    if any(map(_IS_HAN.match, letters)):
        return len(letters) <= LONELY
    return " " not in line.strip() and len(letters) <= SHORT


_ENDING: Final = frozenset("的了著着過过嗎吗呢吧們们")
_JOINING: Final = frozenset("與与和及或在就也又再跟把被從从讓让但並并")
LEFT_ABOVE: Final = 3
"""So many characters stay on the line before the last."""
LONELY: Final = 2
"""So many Chinese characters do not fill a last line, and so many letters of a single word."""
SHORT: Final = 4
HANGING: Final = 1.2
"""By how much a last line may be longer than the one before it."""
NO_FEWER: Final = 2
"""So many characters stand on a last line, wherever it begins."""
NEAR: Final = 4
"""So many places before the nearest are looked at."""


_SPACES: Final = (" ", THIN)


@lru_cache(maxsize=8192)
def _pieces(paragraph: str, measure: Measure) -> tuple[tuple[str, float, float], ...]:
    """What may not be broken, with its width and that of the space after it, in em: words, characters with the
    punctuation that must stay beside them.
    """
    pieces: list[str] = []
    held = ""
    for piece in _PIECE.findall(paragraph):
        glued = piece[0] in _NOT_FIRST or piece.isspace() or (held and held[-1] in _NOT_LAST)
        if held and not glued:
            pieces.append(held)
            held = ""
        held += piece
    pieces += [held] * bool(held)
    words = [measure.of(piece.rstrip()) for piece in pieces]
    return tuple(
        (piece, wide, measure.of(piece[len(piece.rstrip()) :])) for piece, wide in zip(pieces, words, strict=True)
    )


SURELY_WIDER: Final = 400
"""Characters that fill more than any line, whatever they are: they need not be measured."""


def _broken(piece: str, room: float, measure: Measure) -> list[str]:
    """A piece that is wider than a line, in parts that are not."""
    parts: list[str] = []
    while len(piece) > 2 and (len(piece) > SURELY_WIDER or measure.of(piece.rstrip()) > room):
        # From the front: what fits on a line is short, however long the word is.
        cut = next((at - 1 for at in range(3, len(piece)) if measure.of(piece[:at] + "-") > room), len(piece) - 1)
        han = _IS_HAN.match(piece[cut - 1])
        parts.append(piece[:cut] + ("" if han or piece[cut - 1] in "-/_" else "-"))
        piece = piece[cut:]
    return [*parts, piece]
