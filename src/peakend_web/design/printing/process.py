"""The process that draws and prints: `python -m peakend_web.design.printing.process FD`. It knows the library and
nothing of the application; what a hostile document costs, it costs this process, and for so long as it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from peakend.report.pages import Imprint
from peakend.report.printed import PrintedView
from peakend.report.tiles import tiles
from peakend.service.document import of_data
from peakend.service.drawings.journey_sheets import fits
from peakend.service.drawings.paper import PAPERS
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.views import subject_of
from peakend_web.base.workers.pipe import serve

Asked = Mapping[str, Any]
ROOM: Final = 1536 * 1024 * 1024
"""What the process may take; the largest poster of a template takes a fifth of it."""
KEPT: Final = 1
"""How many choices are kept as they were laid out: the last."""
ONE_OF: Final = frozenset({"form", "sheet"})
"""What is said of a single file of a choice."""
PREVIEW: Final = 1600
"""How many pixels a preview is wide."""


def work(asked: bytes) -> bytes:
    """What was asked for: a file, or, as JSON, what fits."""
    said = json.loads(asked)
    whole = {name: value for name, value in said.items() if name not in ONE_OF}
    return _WORK[said["form"]](said, _printed(json.dumps(whole, sort_keys=True)))


@lru_cache(maxsize=KEPT)
def _printed(whole: str) -> PrintedView:
    """A choice as it is printed, from all that was said of it but which file: a page that shows it asks for several."""
    said = json.loads(whole)
    subject = subject_of(
        of_data(said["document"]), said["journey"], lang=said["lang"], scores=said["scores"],
        kept={name: Kept(**each) for name, each in said["kept"].items()}, dated=said["dated"],
        edition=said["edition"], address=said["address"], lanes=said["lanes"] or None, sheets=said["sheets"],
    )  # fmt: skip
    return PrintedView(said["view"], subject, said["paper"], Imprint(said["lang"], date.fromisoformat(said["dated"])))


def _fits(said: Asked, printed: PrintedView) -> bytes:
    """How many sheets there are, what fits besides, which characters the font does not have, how many tiles it is, and
    in which size of type and on how many sheets as a drawing where its tables are set on pages.
    """
    service, booklet = printed.subject.service, printed.booklet
    journey = service.journey(said["journey"])
    asked = said["lanes"] and journey and journey.touchpoints
    subject = Subject(service, journey, said["lang"], dated=said["dated"], edition=said["edition"]) if journey else None
    found = fits(subject, said["lanes"], said["paper"]) if asked and subject else ()
    on_a4 = PAPERS[said["paper"]].name == "A4"
    told = {
        "sheets": printed.pages,
        "fits": [asdict(fit) for fit in found],
        "missing": sorted([glyph.char, glyph.touchpoint, glyph.lane, glyph.words] for glyph in {*printed.missing()}),
        "tiles": 0 if on_a4 or booklet else len(tiles(said["paper"])) * printed.pages,
        "drawn": len(printed.sheets),
        "body": booklet.body if booklet else 0,
        "over": bool(booklet and booklet.is_over),
    }
    return json.dumps(told).encode()


def _svg(said: Asked, printed: PrintedView) -> bytes:
    """The sheet of the drawing that was asked for; the last where there are fewer."""
    sheets = printed.sheets
    return sheets[min(int(said["sheet"]), len(sheets)) - 1].encode()


def _png(said: Asked, printed: PrintedView) -> bytes:
    return printed.png(int(said["sheet"]))


def _preview(said: Asked, printed: PrintedView) -> bytes:
    """The sheet as it is printed, as wide as a page shows it."""
    inches = PAPERS[said["paper"]].width / 72
    return printed.png(int(said["sheet"]), ppi=PREVIEW / inches)


def _pdf(_said: Asked, printed: PrintedView) -> bytes:
    return printed.pdf()


def _tiles(_said: Asked, printed: PrintedView) -> bytes:
    return printed.tiles()


_WORK: Final[Mapping[str, Callable[[Asked, PrintedView], bytes]]] = MappingProxyType(
    {"fits": _fits, "svg": _svg, "png": _png, "preview": _preview, "pdf": _pdf, "tiles": _tiles}
)


if __name__ == "__main__":
    serve(work, room=ROOM)
