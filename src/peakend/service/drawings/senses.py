"""The five-senses audit: touchpoints by senses. An empty place stays empty, for missing evidence is the finding."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from peakend.documents.parts import Text
from peakend.service.drawings.blocks import LEADING, Drawing, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import counted, listed, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_tables
from peakend.service.journeys import SENSES, Sense, Touchpoint
from peakend.terms import Lang, label

POOR: Final = 0.2
"""A sense that meets something at less than this share of the touchpoints is named as nearly empty."""


def evidence_at(point: Touchpoint) -> dict[Sense, Text]:
    """What a sense meets at a touchpoint, for the senses that meet something."""
    held = {sense: getattr(point.evidence, sense, None) for sense in SENSES}
    return {sense: text for sense, text in held.items() if text}


def caption(subject: Subject) -> Caption:
    """What is said above the audit."""
    told = [row.told for row in _table(subject, phone=True).rows]
    return subject.caption("senses", _sentence(subject.journey.touchpoints, subject.lang), told)


def _sentence(points: Sequence[Touchpoint], lang: Lang) -> str:
    if not points:
        return label("senses.empty", lang)
    found = [evidence_at(point) for point in points]
    places, empty = len(SENSES) * len(points), sum(len(SENSES) - len(each) for each in found)
    if not empty:
        return said([label("senses.full", lang).format(places=places)], lang)
    match lang:
        case "en":
            whole = f"of {places} places for evidence {empty} {'is' if empty == 1 else 'are'} empty"
        case "zh-Hant":
            whole = f"{places} 個可以放有形展示的位置，{empty} 個是空的"
        case "zh-Hans":
            whole = f"{places} 个可以放有形展示的位置，{empty} 个是空的"
    return said([whole, _poorest(found, lang)], lang)


def _poorest(found: Sequence[dict[Sense, Text]], lang: Lang) -> str:
    """The senses that are nearly forgotten; where none is, the one that meets least."""
    counts = {sense: sum(1 for each in found if sense in each) for sense in SENSES}
    poor = [sense for sense in SENSES if counts[sense] < POOR * len(found)]
    if not poor:
        least = min(SENSES, key=lambda sense: counts[sense])
        return label("senses.least", lang).format(
            sense=label(f"senses.{least}", lang), count=counts[least], whole=len(found)
        )
    names = listed([label(f"senses.{sense}", lang) for sense in poor], lang)
    rest = sum(1 for each in found if each.keys() & set(poor))
    match lang:
        case "en":
            but = f" but at {counted(rest, lang, 'touchpoint')}" * bool(rest)
            return f"{names} {'is' if len(poor) == 1 else 'are'} empty everywhere{but}"
        case "zh-Hant":
            return f"{names}除了 {rest} 個接觸點，全都沒有" if rest else f"{names}在每個接觸點都沒有"
        case "zh-Hans":
            return f"{names}除了 {rest} 个触点，全都没有" if rest else f"{names}在每个触点都没有"


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the audit, in the largest type in which it stands on as few sheets."""
    table = _table(subject, phone=canvas.paper.name == "phone")
    canvas.fill(partial(draw_tables, tables=[table]))


def tables(subject: Subject) -> list[Table]:
    """The audit: a row a touchpoint, a column a sense."""
    return [_table(subject, phone=False)]


def _table(subject: Subject, *, phone: bool) -> Table:
    lang, points = subject.lang, subject.journey.touchpoints
    found = {point.id: evidence_at(point) for point in points}
    columns = [Column(label("part.touchpoints", lang), 1.1)]
    for sense in SENSES:
        name, count = label(f"senses.{sense}", lang), sum(1 for each in found.values() if sense in each)
        head = name if phone else label("senses.count", lang).format(sense=name, count=count, whole=len(points))
        columns.append(Column(head))
    rows = [
        Row([[Words(point.title[lang], bold=True)], *_cells(found[point.id], lang, phone=phone)], group)
        for stage in subject.journey.stages
        for group, point in zip([stage.title[lang], *[""] * len(stage.touchpoints)], stage.touchpoints, strict=False)
    ]
    return Table(columns, rows)


def _cells(held: dict[Sense, Text], lang: Lang, *, phone: bool) -> list[Cell]:
    empty: Cell = [Words("–", tone="faint")] if phone else [Drawing(LEADING, _empty_place)]
    return [[Words(held[sense][lang])] if sense in held else empty for sense in SENSES]


def _empty_place(pen: Pen, x: float, y: float, room: float, paper: Paper) -> None:
    """An empty place: its outline, dashed."""
    body = paper.body
    left, right, top, bottom = x, x + room, y + 0.15 * body, y + (LEADING - 0.05) * body
    outline = f"M{left:.1f},{top:.1f}H{right:.1f}V{bottom:.1f}H{left:.1f}Z"
    pen.curve(outline, tone="faint", thick=0.08 * body, dash=f"{0.45 * body:g} {0.4 * body:g}")
