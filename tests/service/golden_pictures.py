"""Every view of the airport, of the eight templates and of a document at its limits, as one line each: how many sheets
and words there are, and the digest of the drawing to its last byte.

`python -m tests.service.golden_pictures [FOLDER]` writes the lines anew, and into a folder each sheet as a picture:
look at those that differ before you commit them. The hotel's views stand beside them in full (`golden_views`).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import vl_convert

from peakend.samples import service_of
from peakend.service import ServiceDocument
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.views import VIEWS, View, draw_view, sheets_of, subject_of
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.service.golden_views import FOLDER
from tests.service.limits import service_at_limits

FILE: Final = FOLDER / "pictures.txt"
LIMITS: Final[tuple[tuple[int, int], ...]] = ((0, 20), (1, 200), (60, 200))
"""Touchpoints, and characters of each text: none, one stage, and as much as somebody may write."""


@dataclass(frozen=True)
class Picture:
    """One view of one document."""

    name: str
    view: View
    service: ServiceDocument
    lang: Lang
    paper: PaperName

    @property
    def sheets(self) -> tuple[str, ...]:
        return draw_view(self.view, self.service, lang=self.lang, paper=self.paper, style=False)

    def line(self) -> str:
        """What is kept of it."""
        canvas = sheets_of(self.view, subject_of(self.service, lang=self.lang), paper=self.paper)
        drawn = canvas.finish("golden", style=False)
        words = sum(len(sheet.pen.boxes) for sheet in canvas.sheets)
        digest = hashlib.sha256("\n".join(drawn).encode()).hexdigest()[:16]
        return f"{self.view} {self.name}: {len(drawn)} sheets, {words} lines of words, {digest}"


@cache
def named(id: str) -> ServiceDocument:
    """The airport or a template; read once, for it is drawn twelve times."""
    return template(id) if id in IDS else service_of(id)


def pictures(view: View) -> Iterator[Picture]:
    """All pictures of a view: the airport as on a page, each template on A4 in one of the languages, the limits on A3
    in each of them.
    """
    yield Picture("airport en", view, named("airport"), "en", "page")
    for at, each in enumerate(IDS):
        lang = LANGUAGES[at % len(LANGUAGES)]
        yield Picture(f"{each} {lang}", view, named(each), lang, "A4")
    for touchpoints, characters in LIMITS:
        for lang in LANGUAGES if touchpoints else LANGUAGES[:1]:
            made = service_at_limits(touchpoints, characters, lang)
            yield Picture(f"{touchpoints} touchpoints of {characters} characters {lang}", view, made, lang, "A3")


def main(folder: Path | None) -> None:
    """Write the lines; and the pictures, where there is a folder for them."""
    every = [each for view in VIEWS for each in pictures(view)]
    FILE.write_text("".join(f"{each.line()}\n" for each in every), encoding="utf-8")
    for each in every if folder else ():
        for at, svg in enumerate(each.sheets, 1):
            assert folder
            (folder / f"{each.view} {each.name} {at}.png").write_bytes(vl_convert.svg_to_png(svg, scale=0.5))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
