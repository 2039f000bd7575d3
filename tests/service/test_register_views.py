"""The registers as drawings: what decides, what was promised, what may fail, what the strategy is, what senses meet."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from peakend import intervals as iv
from peakend.errors import DocumentError
from peakend.samples import service_of
from peakend.service import Score, ServiceDocument, loads
from peakend.service.coverage import asked_touchpoints
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.phrases import of_them
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.views import View, draw_view, sheets_of
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.service.test_view_limits import faults
from tests.service.ward import WARD

VIEWS: tuple[View, ...] = ("moments", "standards", "failures", "strategy", "senses", "posts")
PAPERS_IN_TURN: tuple[PaperName, ...] = ("A3", "phone", "A4", "A1")
EMPTY = """\
service: new
title: {en: New, zh-Hant: 新, zh-Hans: 新}
languages: [en]
journeys: [{id: way, title: {en: Way}}]
"""


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)", re.sub(r"</?tspan[^>]*>", "", svg))


def sentence_of(view: View, service: ServiceDocument, lang: Lang = "en", kept: Mapping[str, Kept] | None = None) -> str:
    (svg,) = draw_view(view, service, lang=lang, kept=kept)
    found = re.search(r"<desc[^>]*>([^\n<]*)", svg)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def hospital() -> ServiceDocument:
    return template("hospital")


@pytest.fixture(scope="module")
def ward() -> ServiceDocument:
    return loads(WARD)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_register_in_which_nothing_stands_says_the_one_step_that_fills_it(view: View, lang: Lang) -> None:
    (svg,) = draw_view(view, loads(EMPTY), lang=lang, paper="phone")
    assert len(sentence_of(view, loads(EMPTY), lang)) > 20
    title, *sentence = words(svg)
    assert ("New" if lang == "en" else "新") in title
    assert sentence


def test_the_sentence_of_moments_says_what_has_no_standard_and_what_nobody_asks_about(
    hospital: ServiceDocument,
) -> None:
    airport = service_of("airport")
    assert [sentence_of("moments", service, lang) for service in (hospital, airport) for lang in LANGUAGES] == [
        "Four moments decide; each has a standard and is asked about.",
        "4 個關鍵時刻決定整體評價；都訂了標準，也都問了顧客。",
        "4 个关键时刻决定总体评价；都定了标准，也都问了客户。",
        "Six moments decide; nobody asks about three of them.",
        "6 個關鍵時刻決定整體評價；3 個還沒有人去問顧客。",
        "6 个关键时刻决定总体评价；3 个还没有去问客户。",
    ]


@pytest.mark.parametrize(
    ("count", "whole", "words"),
    [(0, 3, "none of them"), (1, 3, "one of them"), (2, 3, "two of them"), (3, 3, "all of them"), (1, 1, "it"),
     (0, 1, "none of them")],
)  # fmt: skip
def test_how_many_of_them_is_said_as_people_say_it(count: int, whole: int, words: str) -> None:
    assert of_them(count, whole) == words


def test_a_moment_is_as_far_as_the_document_shows_and_was_improved_where_its_authors_say_so() -> None:
    text = """\
service: cafe
title: {en: Cafe}
languages: [en]
journeys:
  - id: visit
    title: {en: Visit}
    stages:
      - id: in
        title: {en: Come in}
        touchpoints:
          - id: greet
            title: {en: Greeting}
            standard: {text: {en: Within ten seconds}}
            moment_of_truth: {state: improved, words: {en: Good morning}}
          - {id: pay, title: {en: Pay}, moment_of_truth: {state: named}}
surveys: [{id: pulse, title: {en: Pulse}, items: [{id: q, kind: touchpoint_rating, touchpoints: [pay]}]}]
"""
    (svg,) = draw_view("moments", loads(text))
    assert re.findall(r"named[a-z, ]*", svg[svg.index("<desc") : svg.index("</desc>")]) == [
        "named, standard set, improved",
        "named, asked",
    ]
    assert sentence_of("moments", loads(text)) == (
        "Two moments decide; for one of them no standard is set; nobody asks about one of them."
    )
    (scored,) = draw_view("moments", loads(text), scores={"greet": Score(value=4.5, low=4.3, high=4.7, n=60)})
    assert "named, standard set, asked, improved" in scored
    assert "4.30–4.70, n\u00a060" in scored


def test_a_moment_says_where_it_stands_by_what_is_measured_beside_what_was_planned(hospital: ServiceDocument) -> None:
    scores = {
        point.id: Score(value=value, low=value - 0.1, high=value + 0.1, n=400)
        for point, value in zip(hospital.touchpoints, [3.5] * 20, strict=False)
    } | {"wait": Score(value=2.1, low=2.0, high=2.2, n=400), "consult": Score(value=4.8, low=4.7, high=4.9, n=400)}
    (svg,) = draw_view("moments", hospital, scores=scores)
    cards = svg[svg.index("<desc") : svg.index("</desc>")].split("\n")[1:]
    ends = [card[card.index("measured") :].split(" | ")[0] for card in cards]
    assert ends == [
        "measured 3.50 (3.40–3.60, n\u00a0400)",
        "measured 2.10 (2.00–2.20, n\u00a0400) trough",
        "measured 4.80 (4.70–4.90, n\u00a0400) peak",
        "measured 3.50 (3.40–3.60, n\u00a0400) end",
    ]
    assert [("planned +4, peak" in card, "planned +3, end" in card) for card in cards[2:]] == [
        (True, False),
        (False, True),
    ]


def test_a_refused_score_says_why(hospital: ServiceDocument) -> None:
    (svg,) = draw_view("moments", hospital, scores={"wait": Score(value=None, n=4, refused="4 of 10 answers")})
    assert "4 of 10 answers" in words(svg)


def test_surveys_ask_about_a_touchpoint_by_name_by_a_feature_and_by_what_is_measured_there() -> None:
    text = """\
service: cafe
title: {en: Cafe}
languages: [en]
journeys:
  - id: visit
    title: {en: Visit}
    stages:
      - id: in
        title: {en: Come in}
        touchpoints: [{id: greet, title: {en: A}}, {id: order, title: {en: B}}, {id: sit, title: {en: C}},
                      {id: pay, title: {en: D}}, {id: leave, title: {en: E}}]
constructs: [{id: comfort, title: {en: Comfort}, touchpoint: sit}]
features: [{id: app, title: {en: App}, touchpoint: order, functional: {en: With}, dysfunctional: {en: Without}}]
surveys:
  - id: pulse
    title: {en: Pulse}
    items:
      - {id: a, kind: touchpoint_rating, touchpoints: [greet]}
      - {id: b, kind: rating, construct: comfort, wording: {en: How?}, scale: {low: 1, high: 5}}
      - {id: c, kind: kano, feature: app}
  - {id: old, title: {en: Old}, archived: true, items: [{id: d, kind: touchpoint_rating, touchpoints: [pay]}]}
"""
    assert asked_touchpoints(loads(text)) == {"greet", "order", "sit"}


def test_standards_say_in_words_with_units_what_they_are_measured_by(hospital: ServiceDocument) -> None:
    (svg,) = draw_view("standards", hospital, lang="en", paper="A1")
    said = " ".join(words(svg))
    assert "waiting: at most 55 minutes, in at least 80% of visits" in said
    assert "“Greeted at once”: a score of at least 4" in said
    assert sentence_of("standards", hospital) == (
        "We promise four things and set 19 standards; 17 of them can be measured."
    )


def test_a_share_kept_stands_with_interval_and_n_and_is_called_low_only_where_that_is_sure(
    hospital: ServiceDocument,
) -> None:
    ids = [
        rule.id or ""
        for point in hospital.touchpoints
        for rule in point.all_standards
        if rule.measure and rule.measure.share_at_least == 0.9
    ]
    low, few = Kept(0.5, 0.45, 0.55, 400), Kept(0.5, 0.25, 0.75, 12)
    (svg,) = draw_view("standards", hospital, kept={ids[0]: low, ids[1]: few}, paper="page")
    said = words(svg)
    assert ("50% (45–55%, n\u00a0400)" in said, "50% (25–75%, n\u00a012)" in said) == (True, True)
    assert said.count("clearly below 90%") == 1
    assert sentence_of("standards", hospital, "zh-Hant", {ids[0]: low}).endswith(
        "；有數字可查的 1 項中，1 項明顯低於應有的比例。"
    )
    assert sentence_of("standards", hospital, "en", {ids[1]: few}).endswith(
        "; the one that was counted is not clearly kept less often than it should be."
    )
    assert sentence_of("standards", hospital, "en", {ids[0]: low, ids[1]: few}).endswith(
        "; of two that were counted one is clearly kept less often than it should be."
    )


def test_standards_are_called_low_only_together_and_the_sentence_says_how_sure_that_is(
    hospital: ServiceDocument,
) -> None:
    """One lies below its target by its own interval; of three that are looked at, that is no finding."""
    rules = [rule for point in hospital.touchpoints for rule in (*point.all_promises, *point.all_standards)]
    ids = [rule.id or "" for rule in rules if rule.measure and rule.measure.share_at_least == 0.9]
    narrow, even = (Kept(kept / 340, *(iv.wilson(kept, 340) or ()), n=340) for kept in (294, 306))
    alone = draw_view("standards", hospital, kept={ids[0]: narrow}, paper="page")[0]
    assert "clearly below 90%" in words(alone)
    together = draw_view("standards", hospital, kept=dict(zip(ids, [narrow, even, even], strict=True)), paper="page")
    assert "clearly below 90%" not in words(together[0])
    assert sentence_of("standards", hospital, "en", dict(zip(ids, [narrow, even, even], strict=True))).endswith(
        "; of three that were counted none is clearly kept less often than it should be; they are tested together: "
        "the chance that any is named wrongly is at most 5%."
    )


def test_a_measure_without_a_figure_says_why() -> None:
    """The shop's standard of at most three people ahead can never be counted; others are not counted yet."""
    kept = {"another": Kept(0.5, 0.45, 0.55, 400)}
    said = " ".join(words(draw_view("standards", template("retail"), kept=kept, paper="page")[0]))
    assert "no figure: what is recorded says how long people waited, not how many were ahead of them" in said
    assert "no figure yet: too little is recorded for it" in said


def test_failures_stand_by_weight_with_the_step_they_begin_in_its_lane_and_who_does_it(ward: ServiceDocument) -> None:
    told = draw_view("failures", template("hotel"))[0]
    rows = told[told.index("<desc") : told.index("</desc>")].split("\n")
    weights = [float(row.split(" | ")[0]) for row in rows[1:14]]
    assert weights == sorted(weights, reverse=True)
    assert rows[0].startswith('<desc id="failures-hotel-')
    assert "Safety or privacy broken" in rows[1]
    assert rows[1].endswith("Makes the key for this guest and this room only; frontstage, Front desk lead")
    assert (
        sentence_of("failures", ward) == "One failure is named; it weighs 10; one begins behind the line of visibility."
    )


def test_weights_keep_their_history_by_day_with_the_set_and_its_source() -> None:
    text = (
        EMPTY
        + """\
failures: [{id: lost, title: {en: Lost}}]
indicators:
  - {since: 2025-01-01, weights: {lost: 5}, set: express-12, source: {en: A carrier}}
  - {since: 2026-01-01, per: visits, weights: {lost: 10}}
"""
    )
    (svg,) = draw_view("failures", loads(text))
    rows = svg[svg.index("<desc") : svg.index("</desc>")].split("\n")[1:]
    assert rows == [
        "10 | Lost | – | 1 January 2025 5",
        "1 January 2026 | visits",
        "1 January 2025 | express-12 | A carrier",
    ]


def test_the_strategy_stands_on_one_page_with_its_features_first(hospital: ServiceDocument) -> None:
    (svg,) = draw_view("strategy", hospital, paper="A3")
    said = words(svg)
    assert (
        said.index("Live number on the phone") < said.index("beside these") < said.index("Screen says who goes first")
    )
    assert sentence_of("strategy", hospital) == (
        "Four features are to earn our highest ratings; customers are expected to be delighted by one of them; "
        "four benchmarks are compared with ours."
    )


def test_an_empty_place_for_evidence_is_drawn_as_empty_and_counted(hospital: ServiceDocument) -> None:
    (svg,) = draw_view("senses", hospital, paper="A1")
    assert svg.count("stroke-dasharray") == 32
    assert sentence_of("senses", hospital) == (
        "Of 70 places for evidence 32 are empty; smell and taste are empty everywhere but at two touchpoints."
    )
    assert [head for head in words(svg) if re.search(r"\d of 14$", head)] == [
        "sight 14 of 14", "sound 14 of 14", "smell 2 of 14", "taste 1 of 14", "touch 7 of 14",
    ]  # fmt: skip


def test_every_post_has_a_sheet_with_its_name_its_moments_its_steps_and_its_standards(
    hospital: ServiceDocument,
) -> None:
    sheets = draw_view("posts", hospital, paper="A4")
    by_title = {words(svg)[0]: words(svg) for svg in sheets}
    assert len(sheets) == len(by_title) == 14
    desk = by_title["Check-in lead"]
    assert desk[1:3] == ["You are expected", "duty of the post Checks patients in and finds what is missing"]
    assert ("Check in" in desk, "My steps" in desk, "My standards" in desk) == (True, True, True)
    assert "“Good morning, Mrs Lin. Dr Wang at ten, is that right?”" in " ".join(desk)
    nurses = by_title["Clinic nurses"]
    assert "Records lead Makes sure the record is there, finds it if not" in " ".join(nurses), "a handover names who"
    assert "My standards" not in nurses, "they own no touchpoint"


def test_on_a_phone_the_posts_stand_below_one_another_under_a_sentence(
    hospital: ServiceDocument, ward: ServiceDocument
) -> None:
    (svg,) = draw_view("posts", hospital, paper="phone")
    assert sentence_of("posts", hospital) == "14 posts work here; three own a moment of truth."
    assert words(svg).count("Volunteers") >= 1
    assert sentence_of("posts", ward) == ("Two posts work here; for one of them nobody has written what it is for.")


def test_a_journey_that_is_not_there_is_refused_and_names_those_that_are(hospital: ServiceDocument) -> None:
    with pytest.raises(DocumentError, match="nowhere"):
        draw_view("moments", hospital, "nowhere")


@pytest.mark.parametrize("id", ["airport", *IDS])
def test_the_views_of_every_template_are_drawn_with_no_words_over_others(id: str) -> None:
    service = service_of("airport") if id == "airport" else template(id)
    at, journey = [*IDS, "airport"].index(id), service.journeys[0]
    lang, paper = LANGUAGES[at % 3], PAPERS_IN_TURN[at % 4]
    scores = {point.id: Score(value=3.21, low=2.91, high=3.51, n=1_204) for point in journey.touchpoints}
    kept = {
        rule.id or "": Kept(0.71, 0.68, 0.74, 1_204) for point in journey.touchpoints for rule in point.all_standards
    }
    found = {}
    for view in VIEWS:
        canvas = sheets_of(view, Subject(service, journey, lang, scores, "2026-11-30", kept), paper=paper)
        canvas.finish("template", style=False)
        found[view] = faults(canvas)
    assert found == {view: [] for view in VIEWS}


@pytest.mark.parametrize("paper", ["page", "phone"])
def test_a_picture_on_a_page_leaves_title_and_sentence_to_the_page_and_is_told_whole_to_who_cannot_see_it(
    hospital: ServiceDocument, paper: PaperName
) -> None:
    (headed,) = draw_view("moments", hospital, paper=paper)
    (bare,) = draw_view("moments", hospital, paper=paper, headed=False)
    assert words(headed)[-len(words(bare)) :] == words(bare)
    assert "".join(words(headed)[: -len(words(bare))]).startswith("Hospital outpatient clinic")
    assert re.findall("<desc.*?</desc>", bare, re.DOTALL) == re.findall("<desc.*?</desc>", headed, re.DOTALL)


def test_where_nothing_stands_yet_a_page_that_says_so_gets_no_empty_picture() -> None:
    assert [view for view in VIEWS if draw_view(view, loads(EMPTY), headed=False)] == []
