"""Papers: how large a sheet is, and how small its words may become.

Lengths are points (1/72 inch) of a sheet that is printed; of a page on a screen they are pixels, and it is as high as
what stands on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

PaperName = Literal["page", "phone", "A4", "A3", "A1"]
POINTS_A_MILLIMETRE: Final = 72 / 25.4


@dataclass(frozen=True)
class Paper:
    """A paper, lying. `body` is the size of running words, `least` that of the smallest, `heading` and `title` those of
    the words above them; `height` is None where a sheet is as high as it needs.
    """

    name: PaperName
    width: float
    height: float | None
    margin: float
    title: float
    heading: float
    body: float
    least: float

    @property
    def room(self) -> float:
        """How wide is what stands between the margins."""
        return self.width - 2 * self.margin

    @property
    def small(self) -> float:
        """The size of what is read beside a picture: its marks and their words."""
        return max(self.least, 0.85 * self.body, 0.55 * self.heading)

    @property
    def leading(self) -> float:
        """From one line of running words to the next."""
        return self.body * 1.45

    def enlarged(self, by: float) -> Paper:
        """The same paper with larger type; the smallest, which is read from near, grows less."""
        sizes = {name: getattr(self, name) * by for name in ("title", "heading", "body")}
        return replace(self, least=self.least * by**0.5, **sizes)


def _sheet(name: PaperName, wide: float, high: float, margin: float, sizes: tuple[float, float, float, float]) -> Paper:
    title, heading, body, least = sizes
    scale = POINTS_A_MILLIMETRE
    return Paper(name, wide * scale, high * scale, margin * scale, title, heading, body, least)


PAPERS: Final[Mapping[PaperName, Paper]] = MappingProxyType(
    {
        "page": Paper("page", 1200, None, 24, 30, 16, 13, 11),
        "phone": Paper("phone", 360, None, 16, 21, 15, 14, 12),
        "A4": _sheet("A4", 297, 210, 10, (18, 10, 8, 7)),
        "A3": _sheet("A3", 420, 297, 12, (24, 11, 8, 6.5)),
        "A1": _sheet("A1", 841, 594, 20, (40, 24, 11, 9)),
    }
)
