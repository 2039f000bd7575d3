"""The lens of a need, what it asks to be spared or given: a mark, and the mark beside its word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.blocks import BASELINE, LEADING, Line
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.people import Lens
from peakend.terms import Lang, label

MARK: Final = 0.95
"""How large the mark is, in sizes of type."""


@dataclass(frozen=True)
class LensWord:
    """A block: the mark of a lens and its word."""

    lens: Lens
    lang: Lang

    def lines(self, paper: Paper, room: float) -> list[Line]:  # noqa: ARG002 — as every block
        """One line."""

        def draw(pen: Pen, x: float, y: float) -> None:
            draw_lens(pen, self.lens, x + 0.6 * paper.body, y + 0.75 * paper.body, MARK * paper.body)
            pen.text(x + 1.7 * paper.body, y + BASELINE * paper.body, self.told, paper.body, tone="quiet")

        return [Line(LEADING * paper.body, draw)]

    @property
    def told(self) -> str:
        """What it says."""
        return label(f"lens.{self.lens}", self.lang)


def draw_lens(pen: Pen, lens: Lens, x: float, y: float, size: float) -> None:
    """The mark of a lens around a point: something carried up a slope for effort, a clock for time, a heart for
    care.
    """
    r, thick = size / 2, max(1.0, 0.1 * size)
    match lens:
        case "effort":
            pen.curve(f"M{x - r:.1f},{y + r:.1f}H{x + r:.1f}V{y:.1f}z", tone="quiet", thick=thick)
            pen.disc(x - 0.1 * r, y - 0.25 * r, 0.5 * r, "quiet")
        case "time":
            pen.ring(x, y, r, "quiet", thick)
            pen.curve(f"M{x:.1f},{y - 0.6 * r:.1f}V{y:.1f}H{x + 0.45 * r:.1f}", tone="quiet", thick=thick)
        case "care":
            pen.shape(_heart(x, y, r), "quiet")


def _heart(x: float, y: float, r: float) -> str:
    return (
        f"M{x:.1f},{y + r:.1f}C{x - 1.6 * r:.1f},{y:.1f} {x - r:.1f},{y - 1.5 * r:.1f} {x:.1f},{y - 0.5 * r:.1f}"
        f"C{x + r:.1f},{y - 1.5 * r:.1f} {x + 1.6 * r:.1f},{y:.1f} {x:.1f},{y + r:.1f}z"
    )
