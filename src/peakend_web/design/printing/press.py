"""Printing a design in a process beside the server: a document that takes too long, or breaks the program that sets
pages, ends one print and nobody else's page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Kept
from peakend.service.drawings.views import View
from peakend.terms import Lang
from peakend_web.base.cache import cached
from peakend_web.base.workers.processes import Processes

PrintForm = Literal["pdf", "png", "preview", "svg", "tiles"]
PATIENCE_S: Final = 20.0
beside: Final = Processes(
    "peakend_web.design.printing.process", many=2, patience_s=PATIENCE_S, failed="web.not_printed"
)


@dataclass(frozen=True)
class Choice:
    """What is to be printed: a view of one journey in a set of lanes (none where the view has none), on a paper, in a
    language; on at least so many sheets, where larger type was asked for, and of these one.
    """

    view: View
    paper: PaperName
    lang: Lang
    lanes: LaneSet | Literal[""] = ""
    journey: str | None = None
    sheets: int | None = None
    sheet: int = 1


@dataclass(frozen=True)
class Source:
    """The document that is printed, and what its corner says of it: its day, which version it is, the address of the
    live page, and the live scores and how often what is pledged was kept, where they are wanted. `of` is the
    workspace that it is printed for.
    """

    document: Mapping[str, Any] = field(compare=False)
    key: str
    of: int
    dated: str
    edition: str
    address: str
    scores: Mapping[str, Any] = field(default_factory=dict, compare=False)
    kept: Mapping[str, Kept] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Extent:
    """What a choice comes to: its sheets, what fits besides, which characters cannot be printed and where, and how many
    tiles of A4 it is, none where it is on A4 already; how many sheets the drawing has, and, where tables are set on
    pages, in which size of type, and whether these are more than they are meant to be.
    """

    sheets: int
    fits: tuple[Mapping[str, Any], ...]
    missing: tuple[tuple[str, str, str, str], ...]
    tiles: int
    drawn: int
    body: float
    over: bool


def print_file(choice: Choice, source: Source, form: PrintForm) -> bytes:
    """A file; raises Busy `web.busy` where too many wait, `web.not_printed` where it could not be made in time."""
    return beside.ask(_asked(choice, source, form), source.of)


@cached(64)
def extent_of(choice: Choice, source: Source) -> Extent:
    """What a choice comes to; raises as `print_file` does."""
    told = json.loads(beside.ask(_asked(choice, source, "fits"), source.of))
    fits, missing = tuple(map(MappingProxyType, told["fits"])), tuple(map(tuple, told["missing"]))
    return Extent(told["sheets"], fits, missing, told["tiles"], told["drawn"], told["body"], told["over"])


def _asked(choice: Choice, source: Source, form: str) -> bytes:
    said = {"form": form, **asdict(choice), "document": source.document, "dated": source.dated,
            "edition": source.edition, "address": source.address, "scores": source.scores,
            "kept": {name: asdict(each) for name, each in source.kept.items()}}  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode()
