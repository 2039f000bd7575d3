"""A journey as slides: the whole, lane by lane, and a sheet for every post."""

from __future__ import annotations

import pytest

from peakend.service import loads
from peakend.service.drawings.lanes import CURVE, LANE_SETS, MOMENT, LaneSet
from peakend.service.presenting import LaneSlide, Overview, PostSlide, slides
from peakend.templates import IDS, template
from peakend.terms import label
from tests.service.clinic import CLINIC  # the clinic has lanes that are written at some touchpoints alone


@pytest.mark.parametrize("lanes", LANE_SETS)
@pytest.mark.parametrize("id", IDS)
def test_every_template_is_shown_whole_then_lane_by_lane_then_post_by_post(id: str, lanes: LaneSet) -> None:
    service = template(id)
    found = slides(service, service.journeys[0], "zh-Hans", lanes)
    kinds = [type(slide) for slide in found]
    assert kinds == sorted(kinds, key=[Overview, LaneSlide, PostSlide].index)
    terms = [term for term in LANE_SETS[lanes] if term != CURVE]
    assert [slide.title for slide in found if isinstance(slide, LaneSlide)] == [
        label("map.truth" if term == MOMENT else term, "zh-Hans") for term in terms
    ]
    assert any(isinstance(slide, PostSlide) and slide.post.moments for slide in found)


def test_a_lane_names_the_touchpoints_where_nothing_is_written_and_an_empty_one_is_left_out() -> None:
    service = loads(CLINIC)
    journey = service.journeys[0]
    lanes = [slide for slide in slides(service, journey, "en", "all") if isinstance(slide, LaneSlide)]
    assert len(lanes) == 3
    for slide in lanes:
        told = [title for _stage, stops in slide.stages for title, _notes in stops]
        assert sorted([*told, *slide.empty]) == sorted(point.title["en"] for point in journey.touchpoints)
        assert slide.filled == len(told) > 0
