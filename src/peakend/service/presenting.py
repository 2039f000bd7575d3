"""A journey as it is presented to people in a room: the whole at one glance, then one lane at a time, then a sheet for
every post.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peakend.service.drawings.lanes import LANE_SETS, LaneSet, lane_name, lanes_of
from peakend.service.drawings.map_content import JourneyMap, Note
from peakend.service.drawings.posts import Post, posts_of
from peakend.service.drawings.subject import Subject
from peakend.service.journeys import Journey
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label


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
    return (Overview(picture.title), *_lanes(picture, lanes), *sheets)


def lane_slides(service: ServiceDocument, journey: Journey, lang: Lang, lanes: LaneSet) -> tuple[LaneSlide, ...]:
    """The lanes of a set in words; one in which nothing is said is left out."""
    return tuple(_lanes(JourneyMap(service, journey, lang, {}, ""), lanes))


def sets_with_words(service: ServiceDocument, journey: Journey, lang: Lang) -> tuple[LaneSet, ...]:
    """The sets of lanes in which anything is said of a journey."""
    picture = JourneyMap(service, journey, lang, {}, "")
    return tuple(one for one in LANE_SETS if any(any(lane.cells) for lane in lanes_of(picture, one)))


def _lanes(picture: JourneyMap, lanes: LaneSet) -> Iterator[LaneSlide]:
    """The curve is no lane of its own here: it stands above each of them."""
    for lane in lanes_of(picture, lanes):
        if not any(lane.cells):
            continue
        cells = iter(lane.cells)
        said = [(stage, [(stop.title, next(cells)) for stop in stops]) for stage, stops in picture.stages]
        stages = [(stage, tuple((title, notes) for title, notes in stops if notes)) for stage, stops in said]
        yield LaneSlide(
            lane_name(lane.term, picture),
            tuple((stage, stops) for stage, stops in stages if stops),
            sum(len(stops) for _stage, stops in stages),
            tuple(title for _stage, stops in said for title, notes in stops if not notes),
        )
