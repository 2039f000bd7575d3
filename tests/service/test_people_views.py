"""Stakeholder map, iceberg and personas: who takes part, what they need, and for whom it all is."""

from __future__ import annotations

import re
from math import hypot

import pytest

from peakend.samples import service_of
from peakend.service import ServiceDocument, loads
from peakend.service.drawings.stakeholders import Around
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import View, draw_view
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.service.limits import service_at_limits
from tests.service.ward import WARD

EMPTY = "{service: new, title: {en: New, zh-Hant: 新, zh-Hans: 新}, languages: [en]}"


@pytest.fixture(scope="module")
def ward() -> ServiceDocument:
    return loads(WARD)


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)", re.sub(r"</?tspan[^>]*>", "", svg))


def around_of(service: ServiceDocument) -> Around:
    return Around(Subject(service, service.journeys[0], "en"))


@pytest.mark.parametrize("view", ["ring", "stakeholders", "iceberg", "personas"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_document_without_them_says_the_one_step_that_begins_the_picture(view: View, lang: Lang) -> None:
    (svg,) = draw_view(view, loads(EMPTY), lang=lang, paper="A4")
    title, *sentence = words(svg)
    assert title.startswith("New · " if lang == "en" else "新 · ")
    assert "".join(sentence).endswith("." if lang == "en" else "。")


# --- the stakeholder map ----------------------------------------------------------------------------------------------


def test_everybody_stands_on_the_ring_that_the_document_chose_in_the_sector_of_their_side() -> None:
    around = around_of(template("hotel"))
    rings = {each.stakeholder.id: each.ring for each in around.placed}
    assert rings == {one.id: one.near for one in template("hotel").stakeholders}
    sides = [each.stakeholder.side for each in around.placed]
    assert sides == sorted(sides, key=["customer", "frontstage", "backstage", "support", "outside"].index)


def test_within_a_side_they_follow_the_journey_and_nobody_stands_on_another() -> None:
    around = around_of(template("hotel"))
    order = [each.stakeholder.id for each in around.placed if each.stakeholder.side == "support"]
    assert order == ["it-lead", "chief-engineer"]
    angles = [each.angle for each in around.placed]
    assert angles == sorted(set(angles))


def test_whose_distance_is_not_chosen_is_drawn_hollow_and_the_key_says_so() -> None:
    (airport,) = draw_view("stakeholders", service_of("airport"))
    assert "distance not chosen yet" in words(airport)
    (hotel,) = draw_view("stakeholders", template("hotel"))
    assert "distance not chosen yet" not in words(hotel)


def test_the_sentence_says_how_many_take_part_and_where_nobody_is_named(ward: ServiceDocument) -> None:
    assert "Three take part; nobody is named at one of two touchpoints." in words(draw_view("stakeholders", ward)[0])
    assert "16 take part; somebody is named at every touchpoint." in words(
        draw_view("stakeholders", template("hotel"))[0]
    )


def test_the_table_says_where_each_is_present_and_what_they_give_and_get(ward: ServiceDocument) -> None:
    told = re.search(r"<desc[^>]*>(.*?)</desc>", draw_view("stakeholders", ward)[0], re.DOTALL)
    assert told
    assert told[1].split("\n")[1:] == [
        "1 patient; influence 2/5, interest 5/5 | Trust | Rest",
        "2 Nurse Chen; Nobody is alone",
        "Wait | The true time | Patience",
        "3 records",
    ]


def test_the_map_stays_where_it_is_when_a_name_changes(ward: ServiceDocument) -> None:
    renamed = loads(WARD.replace("Nurse Chen", "Senior nurse Chen of the day ward"))
    shapes = [re.findall(r'data-stakeholder="[^"]+">\n<path d="([^"]+)"', draw_view("stakeholders", one, paper="A4")[0])
              for one in (ward, renamed)]  # fmt: skip
    assert shapes[0] == shapes[1] != []


# --- the iceberg ------------------------------------------------------------------------------------------------------


def test_a_third_of_the_iceberg_is_above_the_water() -> None:
    (svg, *_) = draw_view("iceberg", template("hotel"), paper="A4")
    berg = re.search(r'<path d="M([-\d., L]+)z" class="pk-paper"', svg)
    water = re.search(r'<path d="M[\d.]+,([\d.]+)q', svg)
    assert berg
    assert water
    heights = [float(place.split(",")[1]) for place in berg[1].split("L")]
    assert (float(water[1]) - min(heights)) / (max(heights) - min(heights)) == pytest.approx(1 / 3, abs=0.02)


def test_what_is_said_stands_above_the_water_and_what_is_meant_and_lies_beneath_below_it(ward: ServiceDocument) -> None:
    (svg, *_) = draw_view("iceberg", template("hospital"), paper="A3", lang="zh-Hant")
    water = re.search(r'<path d="M[\d.]+,([\d.]+)q', svg)
    assert water
    lines = {text: float(y) for y, text in re.findall(r'<text x="[\d.]+" y="([\d.]+)"[^>]*>([^<]+)', svg)}
    above = [y for text, y in lines.items() if text.startswith("「")]
    below = [y for text, y in lines.items() if text in {"意思是", "更深一層", "幫我省時"}]
    assert max(above) < float(water[1]) < min(below)


def test_no_sheet_holds_more_than_seven_icebergs_and_every_word_stands_in_the_table() -> None:
    service = service_at_limits(60, 200, "en")
    sheets = draw_view("iceberg", service, paper="A1")
    bergs = [svg.count('class="pk-need"') for svg in sheets]
    assert sum(bergs) == 18
    assert max(bergs) <= 7
    table = " ".join(line for svg, count in zip(sheets, bergs, strict=True) if not count for line in words(svg))
    assert "The needs in full, with what proves them" in table
    assert "…" not in table


def test_the_words_that_prove_a_need_are_quoted_and_a_need_without_says_so(ward: ServiceDocument) -> None:
    assert "“Nobody told me.”" in words(draw_view("iceberg", ward)[0])
    assert "no words of a customer yet" in words(draw_view("iceberg", template("hotel"))[0])
    assert "One need lies below what is said aloud; one is backed by a customer’s own words." in words(
        draw_view("iceberg", ward)[0]
    )


# --- the personas -----------------------------------------------------------------------------------------------------


def test_a_card_says_who_they_are_what_they_want_fear_and_need_and_who_in_the_data_they_are() -> None:
    said = words(draw_view("personas", template("hotel"))[0])
    expected = ["Mr Tanaka, 52, lands at 23:40", "Asleep within half an hour, awake at seven",
                "An empty desk and no room", "Business, Stayed before, Alone", "“A quiet room, please”",
                "To be a person, not a room number", "spare me effort"]  # fmt: skip
    assert [line for line in expected if line not in said] == []


def test_three_personas_stand_side_by_side_on_a4_rather_than_on_two_sheets() -> None:
    (sheet,) = draw_view("personas", template("hotel"), paper="A4")
    names = ("Mr Tanaka", "The Huangs", "Ms Li")
    assert [any(line.startswith(name) for line in words(sheet)) for name in names] == [True, True, True]


def test_what_somebody_wrote_cannot_become_markup() -> None:
    evil = WARD.replace("Mrs Lin", "<script>alert(1)</script>").replace("Nurse Chen", '\\"><b>')
    for view in ("personas", "iceberg", "stakeholders"):
        for svg in draw_view(view, loads(evil)):  # type: ignore[arg-type]
            assert "<script" not in svg
            assert "<b>" not in svg


def test_places_on_the_map_lie_within_its_rings() -> None:
    (svg,) = draw_view("stakeholders", template("bank"), style=False)
    rings = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg)
    x, y, radius = (float(each) for each in rings[0])
    marks = re.findall(r'data-stakeholder="[^"]+">\n<path d="M([\d.]+),([\d.]+)', svg)
    assert len(marks) == 14
    assert all(hypot(float(mx) - x, float(my) - y) < radius for mx, my in marks)


@pytest.mark.parametrize(("at", "name"), list(enumerate(IDS)))
def test_the_personas_of_a_template_stand_side_by_side_on_one_sheet_of_a4(at: int, name: str) -> None:
    (sheet,) = draw_view("personas", template(name), lang=LANGUAGES[at % 3], paper="A4")
    assert "undernea-" not in sheet
