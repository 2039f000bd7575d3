"""What a view is of, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from peakend.periods import day_words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.curve import Score
from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.phrases import titled
from peakend.service.drawings.table import Table
from peakend.service.journeys import Journey
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label


def day_of(service: ServiceDocument, dated: str | None, lang: Lang) -> str:
    """The day in the corner of a drawing: the one that is said, else the document's own; empty where it has none."""
    own = service.dated.isoformat() if service.dated else ""
    return day_words(own if dated is None else dated, lang)


@dataclass(frozen=True)
class Kept:
    """The share of visits, from 0 to 1, in which a standard or a promise was kept, with its interval at 95% and its n;
    `days` where the interval is one of days.
    """

    share: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    days: int = 0


@dataclass(frozen=True)
class Subject:
    """What a view is of: a service, one of its journeys, in one language, with the live scores of its touchpoints by
    id and how often its standards and promises were kept, by theirs; `dated` stands in the corner.
    """

    service: ServiceDocument
    journey: Journey
    lang: Lang
    scores: Mapping[str, Score] = field(default_factory=dict)
    dated: str = ""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    edition: str = ""
    """Which version this is, as it is told in the corner."""
    address: str = ""
    """Where the live view is, for a code on the first sheet."""
    lanes: LaneSet | None = None
    sheets: int | None = None
    """Of the map and the blueprint: which lanes, where not the usual ones, and on how many sheets, where not on as few
    as possible.
    """

    @property
    def corner(self) -> tuple[str, ...]:
        """Date, version, state and source, for the corner of a sheet."""
        service = self.service
        said = (service.label, service.source)
        words = (self.dated, self.edition, *(text[self.lang] for text in said if text))
        return tuple(part for part in words if part)

    def caption(self, view: str, sentence: str, told: Iterable[str], counts: Iterable[str] = ()) -> Caption:
        """What is said above a view, and the whole in words: its sentence, and what it shows line by line. `counts`
        stand in the corner besides.
        """
        title = titled(self.service.title[self.lang], label(f"view.{view}", self.lang))
        return Caption(title, sentence, (*self.corner, *counts), "\n".join([sentence, *told]))


@dataclass(frozen=True)
class Chapter:
    """A part of a view that begins on a page of its own: what is said above it, and its tables and cards."""

    caption: Caption
    tables: Sequence[Table]


@dataclass(frozen=True)
class ViewDrawing:
    """How a view is drawn: what is said above and beside it, and its drawing. Of what is read rather than looked at
    also its chapters, the picture that stands before them, where there is one, and on how many pages it is meant to
    stand.
    """

    caption: Callable[[Subject], Caption]
    draw: Callable[[Subject, Canvas], None]
    chapters: Callable[[Subject], Sequence[Chapter]] | None = None
    picture: Callable[[Subject, Canvas], None] | None = None
    pages: int | None = None
    is_hung: bool = False
    """Whether each chapter is a sheet that hangs where people work."""

    @classmethod
    def of_tables(
        cls,
        caption: Callable[[Subject], Caption],
        draw: Callable[[Subject, Canvas], None],
        tables: Callable[[Subject], Sequence[Table]],
        picture: Callable[[Subject, Canvas], None] | None = None,
        pages: int | None = None,
    ) -> ViewDrawing:
        """A view whose tables are one chapter."""
        return cls(caption, draw, lambda subject: [Chapter(caption(subject), tables(subject))], picture, pages)
