"""The map and the blueprint on paper: bands of the journey under one another, each with its heads, lanes and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.band import Band, draw_band, draw_strip
from peakend.service.drawings.band_layout import (
    ABOVE_CURVE,
    BELOW_CURVE,
    FIGURES,
    LEADING,
    STRIP,
    BandLayout,
    BandPart,
    Row,
)
from peakend.service.drawings.blueprint import draw_mark
from peakend.service.drawings.breaks import GAP
from peakend.service.drawings.canvas import Canvas, Sheet
from peakend.service.drawings.composition import BETWEEN, Composition
from peakend.service.drawings.lanes import CURVE
from peakend.service.drawings.map_content import Stop
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import width, wrap
from peakend.terms import label, vocabulary

HIGHEST_CURVE: Final = 24.0
"""How high a curve may become where a sheet has room, in em."""
MOST_AIR: Final = 1.6
"""How much air a lane may gain there, in em."""


@dataclass(frozen=True)
class Slack:
    """What the room that is left gives each curve and each lane, the same on every sheet, so that slopes can be
    compared.
    """

    curve: float = 0
    lane: float = 0

    @classmethod
    def of(cls, composition: Composition, layout: BandLayout) -> Slack:
        """The slack of a composition."""
        body = layout.paper.body
        curve = min(
            [HIGHEST_CURVE * body - layout.curve]
            + [spare / count for spare, count in zip(composition.spare, _curves(composition), strict=True) if count]
        )
        curve = max(0.0, curve) if any(_curves(composition)) else 0.0
        lane = min(
            [MOST_AIR * body]
            + [
                (spare - curve * count) / sum(len(part.rows) for part in parts)
                for spare, count, parts in zip(composition.spare, _curves(composition), composition.sheets, strict=True)
                if any(part.rows for part in parts)
            ]
        )
        return cls(curve, max(0.0, lane))


def _curves(composition: Composition) -> list[int]:
    return [sum(part.has_curve for part in parts) for parts in composition.sheets]


@dataclass
class BandPainter:
    """Draws a composition on a canvas whose paper has the type that was chosen."""

    canvas: Canvas
    layout: BandLayout
    composition: Composition
    slack: Slack

    def draw(self) -> None:
        """All sheets: the bands, the key below the last, and what was cut."""
        body = self.layout.paper.body
        for parts in self.composition.sheets:
            sheet = self.canvas.new_sheet()
            for at, part in enumerate(parts):
                sheet.y += BETWEEN * body if at else 0
                self._part(sheet, part)
        last = self.canvas.sheets[-1]
        last.y = self.layout.draw_key(last.pen, last.y)
        self._appendix(last)

    def _appendix(self, sheet: Sheet) -> None:
        appendix = self.composition.appendix
        if appendix is None:
            return
        room = self.canvas.bottom - sheet.y
        if appendix.rows_within(room) is None:
            sheet = self.canvas.new_sheet()
            room = self.canvas.bottom - sheet.y
        for at, columns in enumerate(appendix.pages(room)):
            sheet = self.canvas.new_sheet() if at else sheet
            sheet.y = appendix.draw(sheet.pen, sheet.y, columns)

    def _part(self, sheet: Sheet, part: BandPart) -> None:
        top = sheet.y
        self._head(sheet, part)
        for row in part.rows:
            self._row(sheet, part, row)
        pen, paper = sheet.pen, self.layout.paper
        pen.line(paper.margin, sheet.y, self._right(part), sheet.y)
        at = 0
        for span in part.spans[:-1]:
            at += span.count
            x = part.lefts[at] - GAP * paper.body
            pen.line(x, top + part.head.stage_height, x, sheet.y)

    def _right(self, part: BandPart) -> float:
        return part.lefts[-1] + part.column

    def _head(self, sheet: Sheet, part: BandPart) -> None:
        pen, layout, head = sheet.pen, self.layout, part.head
        paper, size = layout.paper, layout.paper.heading
        bottom, at = sheet.y + head.stage_height, 0
        for span, lines in zip(part.spans, head.stages, strict=True):
            left = part.lefts[at]
            base = bottom - 0.5 * size - 1.28 * size * (len(lines) - 1) - 0.15 * size
            at += span.count
            pen.begin("stage")
            pen.text(left, base, lines, size, bold=True, leading=1.28 * size)
            pen.line(left, bottom, part.lefts[at - 1] + part.column, bottom, tone="ink", thick=size / 12)
            pen.end()
        y = bottom + 0.5 * paper.body
        deepest = max(map(len, head.titles)) * LEADING * layout.title
        for place, (left, title, channels) in enumerate(zip(part.lefts, head.titles, head.channels, strict=True)):
            stop = layout.picture.stops[part.first + place]
            pen.begin("stop", touchpoint=stop.touchpoint.id)
            base = y + layout.title
            pen.text(left, base, title, layout.title, bold=True, leading=LEADING * layout.title)
            mark = "truth" if stop.touchpoint.moment_of_truth else ""
            draw_mark(pen, mark, left - 0.6 * paper.body, base - 0.36 * layout.title, paper.body / 14)
            if channels:
                below = y + deepest + 0.9 * layout.small
                pen.text(left, below, channels, layout.small, tone="quiet", leading=LEADING * layout.small)
            pen.end()
        sheet.y += head.height

    def _row(self, sheet: Sheet, part: BandPart, row: Row) -> None:
        pen, layout = sheet.pen, self.layout
        start, body = sheet.y, layout.paper.body
        y = self._edge(pen, part, row, start)
        pen.begin("lane", lane=row.lane.term)
        term = vocabulary().get(row.lane.term)
        known = term.colour if term else None
        step = LEADING * layout.small
        if known:
            pen.swatch(layout.paper.margin - 0.7 * body, y + 0.1 * body, 0.35 * body, step * len(row.name), known)
        pen.text(layout.paper.margin, y + layout.small, row.name, layout.small, tone="quiet", bold=True, leading=step)
        if row.lane.term == CURVE:
            self._curve(pen, part, y)
            sheet.y = start + row.height + self.slack.curve + self.slack.lane
        else:
            self._cells(pen, part, row, y)
            sheet.y = start + row.height + self.slack.lane
        pen.end()

    def _edge(self, pen: Pen, part: BandPart, row: Row, y: float) -> float:
        """What lies above a lane: a hair, or a named line of the blueprint; returns where the lane begins."""
        layout = self.layout
        paper, small, high = layout.paper, layout.small, layout.edge(row.lane)
        if not row.lane.line:
            pen.line(paper.margin, y, self._right(part), y)
            return y + high
        words = label(row.lane.line, layout.picture.lang)
        base = y + 0.5 * high + 0.35 * small
        pen.text(paper.margin, base, words, small, tone="quiet")
        start = paper.margin + width(words, small) + 0.8 * small
        dash = f"{0.5 * paper.body:.1f} {0.4 * paper.body:.1f}"
        pen.line(
            start, y + 0.5 * high, self._right(part), y + 0.5 * high, tone="quiet", thick=paper.body / 10, dash=dash
        )
        return y + high

    def _cells(self, pen: Pen, part: BandPart, row: Row, y: float) -> None:
        body, stops = self.layout.paper.body, self.layout.picture.stops[part.first :]
        for left, lines, stop in zip(part.lefts, row.cells, stops, strict=False):
            if not lines:
                continue
            pen.begin("cell", touchpoint=stop.touchpoint.id)
            for at, line in enumerate(lines):
                base = y + 0.92 * body + at * LEADING * body
                draw_mark(pen, line.mark, left + 0.36 * body, base - 0.36 * body, body / 14)
                pen.text(left + line.inset, base, line.words, body, lead=line.lead)
            pen.end()

    def _curve(self, pen: Pen, part: BandPart, y: float) -> None:
        layout = self.layout
        body, picture = layout.paper.body, layout.picture
        stations = [left + part.column / 2 for left in part.lefts]
        step = part.column + GAP * body
        top = y + ABOVE_CURVE * body
        low = top + layout.curve + self.slack.curve
        start, end = part.lefts[0] - 0.5 * GAP * body, self._right(part) + 0.5 * GAP * body
        band = Band(
            stations, low, top, weight=body / 12.5, first=part.first, step=step, small=layout.small, air=2.6 * body
        )
        draw_band(pen, picture, band, start, min(end, layout.paper.width - layout.paper.margin))
        y = low + BELOW_CURVE * body
        if picture.has_scores:
            for at, x in enumerate(stations):
                self._figures(pen, picture.stops[part.first + at], x, y, part.column)
            y += FIGURES * body
        if picture.planned_beside:
            strip = Band(
                stations, y + (STRIP - 0.6) * body, y + 2.2 * body, weight=body / 12.5, first=part.first, step=step,
                small=layout.small,
            )  # fmt: skip
            draw_strip(pen, picture, strip, start, end, small=layout.small)

    def _figures(self, pen: Pen, stop: Stop, x: float, y: float, room: float) -> None:
        """Value, interval and n under the curve; or why there is none."""
        layout, score = self.layout, stop.score
        body, small, picture = layout.paper.body, layout.small, layout.picture
        if score is None or not score.has_value:
            pen.text(x, y + body, "–", body, tone="faint", anchor="middle")
            why = wrap(picture.why_none(stop), small, room, measure=layout.measure)[:2] if score else []
            self._centred(pen, x, y + 2.3 * body, why)
            return
        pen.text(x, y + 1.1 * body, picture.number(score.value, score), 1.25 * body, bold=True, anchor="middle")
        interval = (
            [f"{picture.number(score.low, score)}–{picture.number(score.high, score)}"]
            if score.low is not None and score.high is not None
            else []
        )
        self._centred(pen, x, y + 2.3 * body, [*interval, f"n {score.n:,}"])

    def _centred(self, pen: Pen, x: float, y: float, lines: Sequence[str]) -> None:
        small = self.layout.small
        for at, line in enumerate(lines):
            pen.text(x, y + at * 1.25 * small, line, small, tone="quiet", anchor="middle")
