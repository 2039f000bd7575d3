"""A poster in pieces for a printer at home: pages of A4 that overlap a little, each with its place, the names of what
it shows, and marks to cut at. A piece holds only what lies on it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from math import ceil
from typing import Final

from peakend.draw.font import print_font
from peakend.draw.palette import LIGHT
from peakend.report.ink import SVG, read, svg_text
from peakend.service.drawings.paper import PAPERS, POINTS_A_MILLIMETRE, PaperName

OVERLAP: Final = 8 * POINTS_A_MILLIMETRE
MARGIN: Final = 9 * POINTS_A_MILLIMETRE
"""What a printer at home leaves white, and where the names and marks stand."""
MARK: Final = 4 * POINTS_A_MILLIMETRE
SMALL: Final = 7.0
RIM: Final = 6.0
"""How much of a poster's own white edge is printed."""
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_STEP: Final = re.compile(r"([A-Za-z])([^A-Za-z]*)")


@dataclass(frozen=True)
class Area:
    """A rectangle of the poster."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area) -> bool:
        """Whether two rectangles have anything in common."""
        beside = self.right < other.left or other.right < self.left
        return not beside and not (self.bottom < other.top or other.bottom < self.top)


@dataclass(frozen=True)
class Tile:
    """A piece of a poster: its place, such as B3, and which part of the poster it shows."""

    place: str
    area: Area


def tiles(paper: PaperName) -> tuple[Tile, ...]:
    """The pieces of a paper, row by row; the rows are letters, the columns numbers. Neighbours overlap."""
    poster, page = PAPERS[paper], PAPERS["A4"]
    wide, high = page.width - 2 * MARGIN, (page.height or 0) - 2 * MARGIN
    cut = poster.margin - RIM
    columns = ceil((poster.width - 2 * cut - OVERLAP) / (wide - OVERLAP))
    rows = ceil(((poster.height or 0) - 2 * cut - OVERLAP) / (high - OVERLAP))
    return tuple(
        Tile(f"{chr(65 + row)}{column + 1}", Area(x, y, x + wide, y + high))
        for row in range(rows)
        for column in range(columns)
        for x, y in [(cut + column * (wide - OVERLAP), cut + row * (high - OVERLAP))]
    )


def tiles_of(sheet: str, paper: PaperName) -> tuple[str, ...]:
    """A drawing on a paper as drawings of its pieces on A4."""
    root = read(sheet)
    names = tuple(_names(root))
    return tuple(_piece(root, tile, names, f"{at}/{len(tiles(paper))}") for at, tile in enumerate(tiles(paper), 1))


@dataclass(frozen=True)
class Name:
    """The name of a lane or a stage, and which part of the poster it is of."""

    words: str
    across: bool
    start: float
    end: float


def _piece(root: ET.Element, tile: Tile, names: tuple[Name, ...], count: str) -> str:
    page, area = PAPERS["A4"], tile.area
    width, height = page.width, page.height or 0.0
    piece = ET.Element(root.tag, {**root.attrib, "viewBox": f"0 0 {width:.2f} {height:.2f}"})
    piece.set("width", f"{width:.2f}")
    piece.set("height", f"{height:.2f}")
    for name in ("title", "desc"):
        known = root.find(f"{{{SVG}}}{name}")
        if known is not None:
            ET.SubElement(piece, known.tag, known.attrib).text = f"{known.text} {tile.place}"
    inner = ET.SubElement(
        piece,
        f"{{{SVG}}}svg",
        {
            "x": f"{MARGIN:.2f}",
            "y": f"{MARGIN:.2f}",
            "width": f"{area.right - area.left:.2f}",
            "height": f"{area.bottom - area.top:.2f}",
            "viewBox": f"{area.left:.2f} {area.top:.2f} {area.right - area.left:.2f} {area.bottom - area.top:.2f}",
        },
    )
    for part in root:
        kept = _within(part, area)
        if kept is not None:
            inner.append(kept)
    for mark in _marks(width, height):
        piece.append(mark)
    for words in _edge_names(tile, names, count, height):
        piece.append(words)
    return svg_text(piece)


def _within(part: ET.Element, area: Area) -> ET.Element | None:
    """A part of a drawing, or what of a group lies on an area."""
    name = part.tag.removeprefix(f"{{{SVG}}}")
    if name == "g":
        group = ET.Element(part.tag, part.attrib)
        group.extend(kept for child in part if (kept := _within(child, area)) is not None)
        return group if len(group) else None
    if name in {"title", "desc", "style"}:
        return None
    extent = extent_of(part)
    return deepcopy(part) if extent is None or extent.meets(area) else None


def extent_of(part: ET.Element) -> Area | None:
    """What a shape or a text covers; None where it covers everything."""
    name = part.tag.removeprefix(f"{{{SVG}}}")
    match name:
        case "text":
            return _text_extent(part)
        case "path":
            return _path_extent(part.get("d", ""))
        case "circle":
            x, y, r = (float(part.get(key, "0")) for key in ("cx", "cy", "r"))
            return Area(x - r, y - r, x + r, y + r)
        case "line":
            x0, y0, x1, y1 = (float(part.get(key, "0")) for key in ("x1", "y1", "x2", "y2"))
            return Area(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        case "rect" if "%" not in part.get("width", ""):
            x, y, w, h = (float(part.get(key, "0")) for key in ("x", "y", "width", "height"))
            return Area(x, y, x + w, y + h)
    return None


def _text_extent(text: ET.Element) -> Area:
    """The lines of a text, from its first to its last; wide enough for whatever face is printed."""
    size, x, y = (float(text.get(key, "0")) for key in ("font-size", "x", "y"))
    rows = [text, *(row for row in text if row.get("dy"))]
    widths = [sum(max(print_font().em(char), 0.5) for char in "".join(row.itertext())) * size for row in rows]
    deep = sum(float(row.get("dy", "0")) for row in text)
    wide = max(widths)
    before = {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0) * wide
    return Area(x - before, y - 0.85 * size, x - before + wide, y + deep + 0.3 * size)


def _path_extent(data: str) -> Area:
    """What a path covers, by the points that it is drawn with; small steps from a point reach as far as their sum."""
    xs, ys = [], []
    x = y = 0.0
    for step, words in _STEP.findall(data):
        numbers = [float(number) for number in _NUMBER.findall(words)]
        if step in "MLC":
            xs += numbers[::2]
            ys += numbers[1::2]
            x, y = numbers[-2], numbers[-1]
        elif step in {"l", "c"}:
            xs += [x + number for number in numbers[::2]]
            ys += [y + number for number in numbers[1::2]]
            x, y = x + numbers[-2], y + numbers[-1]
        elif step == "h":
            x += numbers[0]
            xs.append(x)
        elif step == "v":
            y += numbers[0]
            ys.append(y)
        elif numbers:
            return Area(-1e9, -1e9, 1e9, 1e9)
    return Area(min(xs), min(ys), max(xs), max(ys)) if xs and ys else Area(-1e9, -1e9, 1e9, 1e9)


def _names(root: ET.Element) -> Iterator[Name]:
    """The names of lanes and stages, from the groups that a drawing marks them with."""
    for group in root.iter(f"{{{SVG}}}g"):
        kind = group.get("class", "")
        if kind not in {"pk-lane", "pk-stage"}:
            continue
        text = group.find(f"{{{SVG}}}text")
        extents = [area for part in group.iter() if part is not group and (area := extent_of(part)) is not None]
        if text is not None and extents:
            words = " ".join(text.itertext())
            across = kind == "pk-stage"
            low = min(area.left if across else area.top for area in extents)
            high = max(area.right if across else area.bottom for area in extents)
            yield Name(words, across, low, high)


def _edge_names(tile: Tile, names: tuple[Name, ...], count: str, height: float) -> Iterator[ET.Element]:
    """In the white edge: the place of the piece, the stages above it and the lanes beside it."""
    area = tile.area
    yield _words(f"{tile.place} · {count}", MARGIN + MARK, height - 0.3 * MARGIN, bold=True)
    for name in names:
        low, high = (area.left, area.right) if name.across else (area.top, area.bottom)
        start, end = max(name.start, low), min(name.end, high)
        if end - start < 3 * SMALL:
            continue
        if name.across:
            yield _words(name.words, MARGIN + start - low + 2, 0.6 * MARGIN)
        else:
            yield _words(name.words, 0.6 * MARGIN, MARGIN + (start + end) / 2 - low, turned=True)


def _words(words: str, x: float, y: float, *, bold: bool = False, turned: bool = False) -> ET.Element:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": f"{SMALL:g}", "fill": LIGHT["quiet"]}
    attributes |= {"font-weight": "600"} if bold else {}
    attributes |= {"transform": f"rotate(-90 {x:.1f} {y:.1f})", "text-anchor": "middle"} if turned else {}
    text = ET.Element(f"{{{SVG}}}text", attributes)
    text.text = words
    return text


def _marks(width: float, height: float) -> Iterator[ET.Element]:
    """Where to cut: at the corners of what is printed."""
    for x, out in ((MARGIN, -1), (width - MARGIN, 1)):
        for y, down in ((MARGIN, -1), (height - MARGIN, 1)):
            yield _line(x, y + down * 2, x, y + down * MARK)
            yield _line(x + out * 2, y, x + out * MARK, y)


def _line(x0: float, y0: float, x1: float, y1: float) -> ET.Element:
    ends = {"x1": x0, "y1": y0, "x2": x1, "y2": y1}
    return ET.Element(
        f"{{{SVG}}}line",
        {**{name: f"{value:.1f}" for name, value in ends.items()}, "stroke": LIGHT["quiet"], "stroke-width": "0.5"},
    )
