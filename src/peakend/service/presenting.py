"""A journey as it is presented to people in a room: the whole at one glance, then one lane at a time, then a sheet for
every post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from peakend.service.drawings.map_content import LANES, JourneyMap, Note
from peakend.service.drawings.posts import Post, posts_of
from peakend.service.drawings.subject import Subject
from peakend.service.journeys import Journey
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

LaneSet = Literal["story", "blueprint", "moments", "all"]
LANE_SETS: Final[Mapping[LaneSet, tuple[str, ...]]] = MappingProxyType(
    {
        "story": ("lane.customer", "map.expects", "map.fears"),
        "blueprint": (*(term for term in LANES if term.startswith("lane.")), "map.waits", "map.fails"),
        "moments": ("map.truth", "map.standard", "map.promise"),
        "all": LANES,
    }
)
"""Which lanes are shown one after another."""


@dataclass(frozen=True)
class Overview:
    """The first slide: the whole journey."""

    title: str


@dataclass(frozen=True)
class LaneSlide:
    """One lane: its name, and stage by stage what it says at each touchpoint; `empty` are those where it says none."""

    title: str
    stages: tuple[tuple[str, tuple[tuple[str, tuple[Note, ...]], ...]], ...]
    filled: int
    empty: tuple[str, ...]


@dataclass(frozen=True)
class PostSlide:
    """The sheet of a post."""

    title: str
    post: Post


Slide = Overview | LaneSlide | PostSlide


def slides(service: ServiceDocument, journey: Journey, lang: Lang, lanes: LaneSet) -> tuple[Slide, ...]:
    """The slides of a journey in their order; a lane in which nothing is said is left out."""
    picture = JourneyMap(service, journey, lang, {}, "")
    posts = posts_of(Subject(service, journey, lang))
    sheets = (
        PostSlide(post.person.name[lang] if post.person.name else label(post.person.id, lang), post) for post in posts
    )
    return (Overview(picture.title), *_lanes(picture, LANE_SETS[lanes]), *sheets)


def _lanes(picture: JourneyMap, terms: tuple[str, ...]) -> Iterator[LaneSlide]:
    for term in terms:
        said = [(stage, [(stop.title, tuple(picture.notes(term, stop.touchpoint))) for stop in stops])
                for stage, stops in picture.stages]  # fmt: skip
        stages = [(stage, tuple((title, notes) for title, notes in stops if notes)) for stage, stops in said]
        filled = sum(len(stops) for _stage, stops in stages)
        if filled:
            empty = tuple(title for _stage, stops in said for title, notes in stops if not notes)
            told = tuple((stage, stops) for stage, stops in stages if stops)
            yield LaneSlide(label(term, picture.lang), told, filled, empty)
