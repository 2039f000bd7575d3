"""The journey map as a poster for A1: the whole journey at one glance, and below it, touchpoint by touchpoint, as much
of the rest as can be read from where people stand. No letter is smaller than 18 points when it is printed 841 mm wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.map_content import JourneyMap, Note
from peakend.service.drawings.masthead import Head, draw_head
from peakend.service.drawings.page import BAND, WIDTH, draw_journey
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import joined
from peakend.service.drawings.typeset import wrap
from peakend.terms import label

HEIGHT: Final = WIDTH / 2**0.5
"""The shape of A1 lying."""
MARGIN: Final = 24
BODY: Final = 9.5
"""18 points of that paper are 9.1 here."""
LEADING: Final = 13.0
COLUMNS: Final = 5
GUTTER: Final = 22
BELOW: Final = 34
LOW: Final = 140
"""How high the curve is where the words below need the room."""
ENOUGH_LANES: Final = 4
ORDER: Final = (
    "map.truth", "map.promise", "map.standard", "map.fails", "map.waits", "map.expects", "map.fears", "lane.customer",
    "lane.frontstage",
    "lane.evidence", "lane.backstage", "lane.support",
)  # fmt: skip
"""What is put on the poster first, where not all has room."""


@dataclass(frozen=True)
class Line:
    """A line of the columns: its words, of which the first `lead` letters are quieter."""

    words: str
    lead: int = 0
    bold: bool = False


def draw_poster(picture: JourneyMap, pen: Pen) -> tuple[float, float]:
    """Draw the poster; returns its width and height."""
    start = draw_head(pen, picture, Head(MARGIN, MARGIN, WIDTH - 2 * MARGIN, title=30, headline=15)) + 16
    high, terms, lines = _curve_and_lanes(picture, draw_journey(picture, Pen(picture.lang, "light"), start))
    y = draw_journey(picture, pen, start, high)
    if lines:
        pen.line(MARGIN, y + 14, WIDTH - MARGIN, y + 14)
    width = (WIDTH - 2 * MARGIN + GUTTER) / COLUMNS
    for column, part in enumerate(_columns(lines, _rows(y))):
        for row, line in enumerate(part):
            _write(pen, line, MARGIN + column * width, y + BELOW + row * LEADING)
    _left_out(picture, pen, terms)
    return WIDTH, max(HEIGHT, y + BELOW)


def _curve_and_lanes(picture: JourneyMap, y: float) -> tuple[float, list[str], list[Line]]:
    """How high the curve is, and which lanes stand below it: a lower curve where else hardly a lane had room, all the
    room where none has any.
    """
    for high in (BAND, LOW):
        terms, lines = _fitting_lanes(picture, _rows(y + high - BAND))
        if len(terms) >= ENOUGH_LANES or (terms and high == LOW):
            return high, terms, lines
    return max(BAND, BAND + HEIGHT - 2 * MARGIN - y), [], []


def _rows(y: float) -> int:
    """How many lines there are below a journey that ends at y."""
    return max(0, int((HEIGHT - MARGIN - LEADING - y - BELOW) / LEADING))


def _fitting_lanes(picture: JourneyMap, rows: int) -> tuple[list[str], list[Line]]:
    """The lanes that have room, the most important first, and the lines that say them."""
    told = dict(picture.lanes())
    terms: list[str] = []
    lines: list[Line] = []
    for term in (term for term in ORDER if term in told):
        more = _lines(picture, {name: told[name] for name in (*terms, term)})
        if sum(1 for _ in _columns(more, rows)) <= COLUMNS:
            terms, lines = [*terms, term], more
    return terms, lines


def _lines(picture: JourneyMap, lanes: dict[str, list[list[Note]]]) -> list[Line]:
    """What the lanes say, touchpoint by touchpoint, each with an empty line before it."""
    room = (WIDTH - 2 * MARGIN + GUTTER) / COLUMNS - GUTTER
    lines: list[Line] = []
    for at, stop in enumerate(picture.stops):
        notes = [(term, note) for term, cells in lanes.items() for note in cells[at]]
        if not notes:
            continue
        lines += [Line(""), *(Line(words, bold=True) for words in wrap(stop.title, BODY + 1, room, bold=True))]
        for term, note in notes:
            lead = note.lead or label(term, picture.lang)
            first, *others = wrap(f"{lead} {note.text}", BODY, room)
            lines += [Line(first, lead=min(len(lead), len(first))), *map(Line, others)]
    return lines


def _columns(lines: Sequence[Line], rows: int) -> Iterator[list[Line]]:
    """The lines in columns: none begins with an empty line or ends with a heading."""
    left = list(lines)
    while left:
        left = left[1:] if not left[0].words else left
        cut = min(rows, len(left))
        while 0 < cut < len(left) and (left[cut - 1].bold or not left[cut - 1].words):
            cut -= 1
        yield left[: max(cut, 1)]
        left = left[max(cut, 1) :]


def _write(pen: Pen, line: Line, x: float, y: float) -> None:
    pen.text(x, y, line.words, BODY + line.bold, bold=line.bold, lead=line.lead)


def _left_out(picture: JourneyMap, pen: Pen, terms: Sequence[str]) -> None:
    """What the document says besides, and this poster has no room for."""
    names = [label(term, picture.lang) for term, _ in picture.lanes() if term not in terms]
    if names:
        words = label("map.left_out", picture.lang).format(names=joined(names, picture.lang))
        pen.text(WIDTH - MARGIN, HEIGHT - 10, words, BODY, tone="quiet", anchor="end")
