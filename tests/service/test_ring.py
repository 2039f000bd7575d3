"""The cycle of service: the touchpoints of one visit as a ring, hollow where nobody asks."""

from __future__ import annotations

import re
from math import pi

import pytest

from peakend.samples import service_of
from peakend.service import ServiceDocument, as_data, loads
from peakend.service.coverage import asked_in, asked_touchpoints
from peakend.service.drawings.beside import spread
from peakend.service.drawings.curve import Score
from peakend.service.drawings.ring import Cycle
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import draw_view, sheets_of
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC
from tests.service.limits import service_at_limits


@pytest.fixture(scope="module")
def clinic() -> ServiceDocument:
    return loads(CLINIC)


def cycle_of(service: ServiceDocument, lang: Lang = "en") -> Cycle:
    journey = service.journey()
    assert journey
    return Cycle(Subject(service, journey, lang))


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)", re.sub(r"</?tspan[^>]*>", "", svg))


def test_the_sentence_says_how_many_contacts_there_are_and_at_how_many_somebody_listens() -> None:
    said = {lang: draw_view("ring", template("retail"), lang=lang)[0] for lang in LANGUAGES}
    assert "Twelve touchpoints make one visit; we ask about ten of them." in words(said["en"])
    assert "一次體驗有 12 個接觸點；其中 10 個我們會問顧客。".replace(" ", "\u2009") in words(said["zh-Hant"])
    assert "一次体验有 12 个触点；其中 10 个我们会问客户。".replace(" ", "\u2009") in words(said["zh-Hans"])


def test_a_service_without_surveys_listens_at_none(clinic: ServiceDocument) -> None:
    assert "Four touchpoints make one visit; we ask about none of them yet." in words(draw_view("ring", clinic)[0])


def test_what_managers_are_asked_about_is_not_what_customers_are_asked_about() -> None:
    hotel = template("hotel")
    of_managers = [survey.model_copy(update={"respondents": "manager"}) for survey in hotel.surveys]
    assert asked_touchpoints(hotel)
    assert asked_touchpoints(hotel.model_copy(update={"surveys": tuple(of_managers)})) == frozenset()


def test_answers_without_a_survey_are_told_apart_from_touchpoints_that_a_survey_asks_about() -> None:
    """What the sentence, the middle of the ring and its key say is what was counted: ten asked, one answered."""
    retail = template("retail")
    unasked = next(point.id for point in retail.touchpoints if point.id not in asked_touchpoints(retail))
    score = Score(value=4.0, low=3.8, high=4.2, n=90)
    said = {lang: words(draw_view("ring", retail, lang=lang, scores={unasked: score})[0]) for lang in LANGUAGES}
    assert (
        "Twelve touchpoints make one visit; we ask about ten of them; there are answers about one more." in said["en"]
    )
    assert "11/12" in said["en"]
    assert "a survey asks about it, or answers came another way" in said["en"]
    assert (
        "一次體驗有 12 個接觸點；其中 10 個我們會問顧客；另有 1 個沒有問卷在問，但已有回答。".replace(" ", "\u2009")
        in said["zh-Hant"]
    )
    assert (
        "一次体验有 12 个触点；其中 10 个我们会问客户；另有 1 个没有问卷在问，但已有回答。".replace(" ", "\u2009")
        in said["zh-Hans"]
    )


def test_one_rule_says_of_a_document_and_of_a_draft_what_is_asked() -> None:
    for id in IDS:
        service = template(id)
        assert asked_in(as_data(service)) == asked_touchpoints(service)


def test_touchpoints_that_nobody_asks_about_are_hollow_and_moments_of_truth_are_diamonds() -> None:
    (svg,) = draw_view("ring", template("hotel"), style=False)
    stops = dict(re.findall(r'<g class="pk-stop" data-touchpoint="([^"]+)">(.*?)</g>', svg, re.DOTALL))
    drawn = {
        name: re.findall(r'<(circle|path)[^>]*class="([^"]+)"', stops[name])
        for name in ("search", "breakfast", "check-in")
    }
    assert drawn == {
        "search": [("circle", "pk-paper pk-s-ink")],
        "breakfast": [("circle", "pk-ink pk-s-paper")],
        "check-in": [("path", "pk-ink"), ("path", "pk-s-paper")],
    }


def test_live_answers_make_a_touchpoint_heard_and_stand_beside_it_with_interval_and_n(clinic: ServiceDocument) -> None:
    scores = {"wait": Score(value=3.14, low=3.0, high=3.28, n=412)}
    (svg,) = draw_view("ring", clinic, scores=scores)
    assert (
        "Four touchpoints make one visit; we ask about none of them yet; there are answers about one of them."
        in words(svg)
    )
    assert any("3.14 (3.00–3.28), n 412" in line for line in words(svg))


def test_the_ring_goes_clockwise_from_the_top_and_is_open_there_until_the_next_time() -> None:
    cycle = cycle_of(template("hotel"))
    assert list(cycle.angles) == sorted(cycle.angles)
    gap = cycle.angles[0] + 2 * pi - cycle.angles[-1]
    assert gap > 1.4 * cycle.step
    assert "until next time" in words(draw_view("ring", template("hotel"))[0])


def test_where_it_begins_and_ends_is_said_beside_the_first_and_the_last_touchpoint() -> None:
    said = " ".join(words(draw_view("ring", template("hotel"), paper="A3")[0]))
    assert "Begins: He looks for a bed near" in said
    assert "Ends: A message arrives" in said


def test_the_ring_stays_where_it_is_when_a_word_changes() -> None:
    before = template("hotel")
    data = before.model_dump(by_alias=True, exclude_unset=True)
    data["journeys"][0]["stages"][0]["touchpoints"][0]["title"]["en"] = "Z" + "e" * 50
    after = ServiceDocument.model_validate(data)
    circles = [re.findall(r"<circle[^>]+>", draw_view("ring", one, paper="A4")[0]) for one in (before, after)]
    assert circles[0] == circles[1]


def test_sixty_touchpoints_stand_in_two_columns_on_paper_and_are_numbered_on_a_phone() -> None:
    service = service_at_limits(60, 20, "en")
    on_paper = sheets_of("ring", Subject(service, service.journeys[0], "en"), paper="A4").sheets[0].pen.boxes
    assert sum(box.words.split()[0].isdigit() for box in on_paper if box.words) >= 60
    on_phone = words(draw_view("ring", service, paper="phone")[0])
    assert on_phone.index("The touchpoints in full") < on_phone.index("60 Nobody told me, and")


def test_words_that_were_cut_stand_in_full_on_a_further_sheet() -> None:
    service = service_at_limits(25, 200, "en")
    first, *others = draw_view("ring", service, paper="A4")
    assert any(line.endswith("…") for line in words(first))
    rest = [line for svg in others for line in words(svg)]
    assert "The touchpoints in full" in rest
    assert not any(line.endswith("…") for line in rest)


def test_the_ring_is_described_touchpoint_by_touchpoint(clinic: ServiceDocument) -> None:
    told = re.search(r"<desc[^>]*>(.*?)</desc>", draw_view("ring", clinic)[0], re.DOTALL)
    assert told
    assert told[1].split("\n")[1:] == [
        "1. Register, no survey asks about it yet",
        "2. Wait to be called, trough, no survey asks about it yet",
        "3. Consultation, peak, no survey asks about it yet",
        "4. Pay and collect medicine, end, no survey asks about it yet",
    ]


def test_labels_stand_as_near_to_their_places_as_the_others_leave_room() -> None:
    assert spread([10, 40, 80], [20, 20, 20], 0, 200) == [10, 40, 80]
    assert spread([50, 50], [20, 20], 0, 200) == [40, 60]
    assert spread([0, 0, 0], [20, 20, 20], 0, 200) == [0, 20, 40]
    assert spread([190, 195], [20, 20], 0, 200) == [160, 180]


def test_a_survey_that_is_archived_listens_no_more() -> None:
    cycle = cycle_of(service_of("airport"))
    assert (len(cycle.angles), len(cycle.heard)) == (23, 6)
