"""Figures on the map of a page: to the digit, pale where few stand behind them, and none lies on another."""

from __future__ import annotations

from itertools import combinations

import pytest

from peakend.errors import FactsError
from peakend.methods.csat import csat
from peakend.samples import sample, service_of
from peakend.service import Score, draw_map, loads
from peakend.service.drawings.figure_rows import Figure, FigureRow
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.page import WIDTH, draw_page
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.traced_blueprint import Faults, Wait, draw_on, draw_traced_blueprint
from peakend.service.journeys import LANES
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC
from tests.service.test_draw import SVG, drawn, words

ROWS = (
    FigureRow("Median wait in minutes", {"wait": Figure("14.2", "1,204"), "pay": Figure("3.1", "12", pale=True)}),
    FigureRow("Failures", {"register": Figure("20.9", "57")}),
    FigureRow("Open cases", {}),
)


def scores(n: int = 210) -> dict[str, Score]:
    values = {"register": 4.1, "wait": 2.4, "consult": 4.7, "pay": 3.6}
    return {name: Score(value=v, low=v - 0.2, high=v + 0.2, n=n) for name, v in values.items()}


def test_the_curve_of_the_airport_carries_value_and_n_as_the_method_has_them() -> None:
    """Acceptance 35: measured curve, n and interval on the map equal the method's result to the digit."""
    service = service_of("airport")
    places = tuple(point.id for point in service.touchpoints)
    rows = {}
    for place in places:
        try:
            rows[place] = csat(sample("airport"), construct=place, measure="mean")[0]
        except FactsError:
            continue
    root = drawn(draw_map(service, layout="page", scores=rows))
    said = words(root)
    description = root.findtext(f"{SVG}desc") or ""
    assert len(rows) > 15
    for row in rows.values():
        assert (f"{row.value:.2f}" in said, f"{row.n:,}" in said) == (True, True)
        assert f"{row.value:.2f} ({row.low:.2f}–{row.high:.2f}, n\u00a0{row.n:,})" in description


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_of_figures_stand_under_their_stops_and_empty_ones_are_left_out(lang: Lang) -> None:
    root = drawn(draw_map(loads(CLINIC), lang=lang, layout="page", scores=scores(), rows=ROWS))
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "pk-figures"]
    assert [words(group) for group in groups] == [
        ["Median wait in minutes", "14.2", "1,204", "3.1", "12"],
        ["Failures", "20.9", "57"],
    ]
    assert "14.2" in (root.findtext(f"{SVG}desc") or "")


def test_with_fewer_than_thirty_answers_nothing_has_a_colour_and_figures_are_pale() -> None:
    """Acceptance 36."""
    coloured = {
        n: {
            mark.get("class")
            for mark in drawn(draw_map(loads(CLINIC), layout="page", scores=scores(n), rows=ROWS)).iter()
            if (mark.get("class") or "").startswith(("pk-below", "pk-above"))
        }
        for n in (29, 30)
    }
    assert coloured[29] == set()
    assert coloured[30]
    few = drawn(draw_map(loads(CLINIC), layout="page", scores=scores(29)))
    tones = {text.text: text.get("class") for text in few.iter(f"{SVG}text") if text.text == "2.40"}
    assert tones == {"2.40": "pk-quiet"}


@pytest.mark.parametrize("name", ["clinic", "airport"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_of_the_page_lie_on_others_and_none_leaves_it(name: str, lang: Lang) -> None:
    service = loads(CLINIC) if name == "clinic" else service_of(name)
    (journey, *_) = service.journeys
    points = {point.id: Figure("120.4", "12,204") for point in journey.touchpoints}
    known = {place: Score(value=4.1, low=4.0, high=4.2, n=1204) for place in points}
    pen = Pen(lang, "light")
    picture = JourneyMap(service, journey, lang, known, "30 Nov 2026", [FigureRow("Waits", points)] * 2)
    _, height = draw_page(picture, pen)
    met = [(a.words, b.words) for a, b in combinations(pen.boxes, 2) if a.meets(b, 1.0)]
    assert met == []
    assert [box.words for box in pen.boxes if box.x + box.w > WIDTH or box.y + box.h > height] == []


@pytest.mark.parametrize("name", ["clinic", "airport"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_of_the_blueprint_with_its_failures_lie_on_others(name: str, lang: Lang) -> None:
    service = loads(CLINIC) if name == "clinic" else service_of(name)
    (journey, *_) = service.journeys
    points = [point.id for point in journey.touchpoints]
    began = {(place, lane): 1204 for place in points for lane in LANES}
    faults = Faults(began, dict.fromkeys(points, 1204), dict.fromkeys(points, Wait(12_044, "120.4")))
    pen = Pen(lang, "light")
    height = draw_on(JourneyMap(service, journey, lang, {}, ""), pen, faults)
    assert [(a.words, b.words) for a, b in combinations(pen.boxes, 2) if a.meets(b, 1.0)] == []
    assert [box.words for box in pen.boxes if box.x + box.w > WIDTH or box.y + box.h > height] == []


def test_failures_of_few_visits_have_no_colour() -> None:
    service = loads(CLINIC)
    drawn_ = {
        firm: draw_traced_blueprint(
            service, service.journeys[0], "en", Faults({("wait", "backstage"): 9}, firm=firm), theme="light"
        )
        for firm in (True, False)
    }
    lanes = {firm: svg[svg.index('data-lane="lane.backstage"') :].partition("</g>")[0] for firm, svg in drawn_.items()}
    assert ("pk-below" in lanes[True], "pk-below" in lanes[False]) == (True, False)
