"""Small drawings that stand in a cell or on a card: a value on its scale with its interval, a share against what was
promised, how far something is, how much it weighs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from peakend.service.drawings.blocks import BASELINE, LEADING, Block, Drawing, Words
from peakend.service.drawings.curve import Score
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen, Tone
from peakend.service.drawings.phrases import joined, percent
from peakend.service.drawings.subject import Kept
from peakend.service.drawings.typeset import wrap
from peakend.service.journeys import EMOTION
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

SCALE: Final = 6.5
"""How long a scale is beside its value, in sizes of type."""


def emotion_gauge(planned: float, marks: Sequence[str], lang: Lang) -> Drawing:
    """A planned emotion on its scale from −5 to 5, in figures, with what it is designed as."""
    words = joined([f"{planned:+g}".replace("-", "−") if planned else "0", *marks], lang)
    share = (planned + EMOTION) / (2 * EMOTION)

    def draw(pen: Pen, x: float, y: float, _room: float, paper: Paper) -> None:
        _scale(pen, x, y, paper, middle=True)
        pen.dot(x + share * SCALE * paper.body, y + LEADING / 2 * paper.body, 0.36 * paper.body, "ink")
        _beside(pen, x, y, words, paper)

    return Drawing(LEADING, draw, words)


def score_gauge(score: Score, marks: Sequence[str], lang: Lang) -> list[Block]:
    """A measured score on its scale with its interval, its value, its n, and what it is in the journey; pale where the
    answers are few, the reason where there is none.
    """
    if not score.has_value:
        return [Words(score.refused if isinstance(score.refused, str) else label("map.few", lang), tone="quiet")]
    places = 2 if score.scale_high - score.scale_low < 10 else 1
    value = f"{score.value:.{places}f}".replace("-", "−")
    interval = [f"{score.low:.{places}f}–{score.high:.{places}f}"] if None not in (score.low, score.high) else []
    below = (", " if lang == "en" else "，").join([*interval, f"n\u00a0{score.n:,}"])
    tone: Tone = "faint" if score.n < LOW_BASE else "ink"

    def draw(pen: Pen, x: float, y: float, _room: float, paper: Paper) -> None:
        long, middle = SCALE * paper.body, y + LEADING / 2 * paper.body
        _scale(pen, x, y, paper)
        if score.low is not None and score.high is not None:
            low, high = (x + long * score.share(edge) for edge in (score.low, score.high))
            pen.line(low, middle, high, middle, tone=tone, thick=0.22 * paper.body)
        pen.dot(x + long * score.at, middle, 0.36 * paper.body, tone)
        _beside(pen, x, y, value, paper)
        pen.text(x, y + (LEADING + BASELINE) * paper.body, below, paper.body, tone="quiet")

    told = f"{value} ({below})" if lang == "en" else f"{value}（{below}）"
    return [Drawing(2 * LEADING, draw, told), *[Words(joined(marks, lang))] * bool(marks)]


def _scale(pen: Pen, x: float, y: float, paper: Paper, *, middle: bool = False) -> None:
    """An empty scale, with its ends, and its middle where that is a level of its own."""
    long, level, tick = SCALE * paper.body, y + LEADING / 2 * paper.body, 0.28 * paper.body
    thick = 0.09 * paper.body
    pen.line(x, level, x + long, level, tone="faint", thick=thick)
    for share in (0, 0.5, 1) if middle else (0, 1):
        pen.line(x + share * long, level - tick, x + share * long, level + tick, tone="faint", thick=thick)


def _beside(pen: Pen, x: float, y: float, words: str, paper: Paper) -> None:
    pen.text(x + (SCALE + 1) * paper.body, y + BASELINE * paper.body, words, paper.body)


def ladder(names: Sequence[str], done: Sequence[bool]) -> Drawing:
    """How far something is: a step a name, filled where it is done."""
    told = ", ".join(name for name, is_done in zip(names, done, strict=True) if is_done)

    def draw(pen: Pen, x: float, y: float, room: float, paper: Paper) -> None:
        step, level, radius = room / len(names), y + 0.7 * paper.body, 0.42 * paper.body
        centres = [x + (at + 0.5) * step for at in range(len(names))]
        pen.line(centres[0], level, centres[-1], level, tone="faint", thick=0.1 * paper.body)
        for centre, name, is_done in zip(centres, names, done, strict=True):
            if is_done:
                pen.dot(centre, level, radius, "ink")
            else:
                pen.ring(centre, level, radius, "faint", 0.12 * paper.body)
            size = max(paper.least, 0.85 * paper.body)
            tone: Tone = "ink" if is_done else "quiet"
            for at, row in enumerate(wrap(name, size, step - 0.4 * size)[:2]):
                below = level + radius + (BASELINE + at * 1.2) * size
                pen.text(centre, below, row, size, tone=tone, anchor="middle")

    return Drawing(3.8, draw, told)


def kept_gauge(kept: Kept, promised: float | None, lang: Lang, *, below: bool = False) -> list[Block]:
    """How often something was kept, from never to always, with its interval; an upright line where it was promised. In
    words below: share, interval and n, and that it is clearly `below` what was promised.
    """
    tone: Tone = "faint" if kept.n < LOW_BASE else "below" if below else "ink"

    def draw(pen: Pen, x: float, y: float, room: float, paper: Paper) -> None:
        body, level = paper.body, y + 0.75 * paper.body
        x, room = x + 0.3 * body, room - 0.6 * body
        pen.line(x, level, x + room, level, thick=0.5 * body)
        if kept.low is not None and kept.high is not None:
            pen.line(x + room * kept.low, level, x + room * kept.high, level, tone=tone, thick=0.22 * body)
        pen.dot(x + room * kept.share, level, 0.36 * body, tone)
        if promised is not None:
            place = x + room * promised
            pen.line(place, level - 0.62 * body, place, level + 0.62 * body, tone="ink", thick=0.14 * body)

    words = [Words(_kept_figure(kept, lang), tone="quiet" if kept.n < LOW_BASE else "ink")]
    words += [Words(label("kept.below", lang).format(share=percent(promised or 0)), tone="below")] * below
    return [Drawing(1.5, draw), *words]


def _kept_figure(kept: Kept, lang: Lang) -> str:
    known = kept.low is not None and kept.high is not None
    interval = [f"{percent(kept.low or 0).removesuffix('%')}–{percent(kept.high or 0)}"] if known else []
    inside = [*interval, f"n\u00a0{kept.n:,}"]
    figure = percent(kept.share)
    return f"{figure} ({', '.join(inside)})" if lang == "en" else f"{figure}（{'，'.join(inside)}）"


def weight_gauge(weight: float, heaviest: float) -> Drawing:
    """How much something weighs, as a bar beside its figure."""
    words = f"{weight:,g}"

    def draw(pen: Pen, x: float, y: float, room: float, paper: Paper) -> None:
        pen.text(x + 2.6 * paper.body, y + BASELINE * paper.body, words, paper.body, bold=True, anchor="end")
        level, start = y + LEADING / 2 * paper.body, x + 3.4 * paper.body
        long = max(0.0, room - 3.8 * paper.body) * (weight / heaviest if heaviest else 0)
        pen.line(start, level, start + long, level, tone="quiet", thick=0.5 * paper.body)

    return Drawing(LEADING, draw, words)
