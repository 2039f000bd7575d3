"""The process that draws and prints: `python -m peakend_web.design.printing.process FD`. It knows the library and
nothing of the application; what a hostile document costs, it costs this process, and for so long as it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from peakend.report.ink import missing_glyphs
from peakend.report.pages import Imprint, pdf_of, png_of
from peakend.report.tiles import tiles, tiles_of
from peakend.service.document import of_data
from peakend.service.drawings.journey_sheets import fits
from peakend.service.drawings.paper import PAPERS
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import draw_view
from peakend.service.schema import ServiceDocument
from peakend_web.base.workers.pipe import serve

Asked = Mapping[str, Any]
PREVIEW: Final = 1600
"""How many pixels a preview is wide."""


def work(asked: bytes) -> bytes:
    """What was asked for: a file, or, as JSON, what fits."""
    said = json.loads(asked)
    return _WORK[said["form"]](said, of_data(said["document"]))


def _sheets(said: Asked, service: ServiceDocument) -> tuple[str, ...]:
    return draw_view(
        said["view"], service, said["journey"], lang=said["lang"], scores=said["scores"], paper=said["paper"],
        dated=said["dated"], edition=said["edition"], address=said["address"], lanes=said["lanes"] or None,
        sheets=said["sheets"],
    )  # fmt: skip


def _imprint(said: Asked) -> Imprint:
    return Imprint(said["lang"], date.fromisoformat(said["dated"]))


def _fits(said: Asked, service: ServiceDocument) -> bytes:
    """How many sheets there are, what fits besides, which characters the font does not have, how many tiles it is."""
    sheets = _sheets(said, service)
    journey = service.journey(said["journey"])
    asked = said["lanes"] and journey and journey.touchpoints
    subject = Subject(service, journey, said["lang"], dated=said["dated"], edition=said["edition"]) if journey else None
    found = fits(subject, said["lanes"], said["paper"]) if asked and subject else ()
    glyphs = {glyph for sheet in sheets for glyph in missing_glyphs(sheet)}
    told = {
        "sheets": len(sheets),
        "fits": [asdict(fit) for fit in found],
        "missing": sorted([glyph.char, glyph.touchpoint, glyph.lane, glyph.words] for glyph in glyphs),
        "tiles": len(tiles(said["paper"])) * len(sheets) if PAPERS[said["paper"]].name != "A4" else 0,
    }
    return json.dumps(told).encode()


def _svg(said: Asked, service: ServiceDocument) -> bytes:
    return _one(said, service).encode()


def _png(said: Asked, service: ServiceDocument) -> bytes:
    return png_of(_one(said, service), _imprint(said), paper=said["paper"])


def _preview(said: Asked, service: ServiceDocument) -> bytes:
    """The sheet as it is printed, as wide as a page shows it."""
    inches = PAPERS[said["paper"]].width / 72
    return png_of(_one(said, service), _imprint(said), paper=said["paper"], ppi=PREVIEW / inches)


def _one(said: Asked, service: ServiceDocument) -> str:
    """The sheet that was asked for; the last where there are fewer."""
    sheets = _sheets(said, service)
    at = min(int(said["sheet"]), len(sheets))
    return sheets[at - 1]


def _pdf(said: Asked, service: ServiceDocument) -> bytes:
    return pdf_of(_sheets(said, service), _imprint(said), paper=said["paper"])


def _tiles(said: Asked, service: ServiceDocument) -> bytes:
    pieces = [piece for sheet in _sheets(said, service) for piece in tiles_of(sheet, said["paper"])]
    return pdf_of(pieces, _imprint(said), paper="A4")


_WORK: Final[Mapping[str, Callable[[Asked, ServiceDocument], bytes]]] = MappingProxyType(
    {"fits": _fits, "svg": _svg, "png": _png, "preview": _preview, "pdf": _pdf, "tiles": _tiles}
)


if __name__ == "__main__":
    serve(work)
