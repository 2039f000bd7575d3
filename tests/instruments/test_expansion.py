"""A manager uses an instrument for her own service: what is asked, about what, and what is refused."""

from __future__ import annotations

import pytest

from peakend.errors import DocumentError
from peakend.instruments import instrument, loads
from peakend.instruments.expansion import edits_of, survey_of
from peakend.service import ServiceDocument, check
from peakend.service import loads as service_of
from peakend.service.edits import WorkingDocument
from peakend.service.edits.verbs import effects_of

CAFE = """\
service: cafe
title: {en: "Café", zh-Hant: "咖啡店"}
languages: [en, zh-Hant]
journeys:
  - id: visit
    title: {en: "A visit", zh-Hant: "一次光顧"}
    stages:
      - id: inside
        title: {en: "Inside", zh-Hant: "店內"}
        touchpoints:
          - id: order
            title: {en: "Ordering", zh-Hant: "點餐"}
            moment_of_truth: {behaviours: {welcome: {en: "Say hello.", zh-Hant: "打招呼。"}}}
          - id: pay
            title: {en: "Paying", zh-Hant: "結帳"}
            standard: {text: {en: "Within 1 minute.", zh-Hant: "1 分鐘內。"}}
features:
  - id: wifi
    title: {en: "Wi-Fi", zh-Hant: "無線網路"}
    touchpoint: order
    functional: {en: "If there is?", zh-Hant: "如果有？"}
    dysfunctional: {en: "If not?", zh-Hant: "如果沒有？"}
  - id: quiet
    title: {en: "A quiet corner", zh-Hant: "安靜角落"}
    functional: {en: "If there is?", zh-Hant: "如果有？"}
    dysfunctional: {en: "If not?", zh-Hant: "如果沒有？"}
"""
PLACES = """\
instrument: places
title: {en: "Places", zh-Hant: "各處", zh-Hans: "各处"}
asks: {en: "How is it there?", zh-Hant: "那裡如何？", zh-Hans: "那里如何？"}
use: {en: "Any time.", zh-Hant: "隨時。", zh-Hans: "随时。"}
respondents: auditor
methods: [csat]
source: "Wu"
constructs: [{id: greeted, title: {en: "greeted", zh-Hant: "招呼", zh-Hans: "招呼"}}]
items:
  - id: "{id}"
    kind: rating
    for_each: touchpoints
    touchpoint: "{touchpoint}"
    wording: {en: "How was “{title}”?", zh-Hant: "「{title}」如何？", zh-Hans: "“{title}”如何？"}
  - id: "why-{id}"
    kind: text
    for_each: touchpoints
    about: "{id}"
    show_if: {item: "{id}", at_most: 3}
    wording: {en: "Why?", zh-Hant: "為什麼？", zh-Hans: "为什么？"}
  - id: hello
    kind: rating
    for_each: behaviours
    construct: greeted
    touchpoint: "{touchpoint}"
    wording: {en: "{where}: {title}", zh-Hant: "{where}：{title}", zh-Hans: "{where}：{title}"}
  - id: best
    kind: multi_choice
    options: "{features}"
    wording: {en: "Which did you like?", zh-Hant: "您喜歡哪些？", zh-Hans: "您喜欢哪些？"}
  - id: worst
    kind: touchpoint_rating
    touchpoints: "{touchpoints}"
    wording: {en: "And these?", zh-Hant: "這些呢？", zh-Hans: "这些呢？"}
"""


@pytest.fixture(scope="module")
def cafe() -> ServiceDocument:
    return service_of(CAFE)


def test_mei_asks_about_every_touchpoint_one_after_another_in_the_languages_of_her_cafe(cafe: ServiceDocument) -> None:
    survey = survey_of(loads(PLACES), cafe).model_dump(by_alias=True, exclude_unset=True)
    items = survey.pop("items")
    assert survey == {
        "id": "places",
        "title": {"en": "Places", "zh-Hant": "各處"},
        "respondents": "auditor",
        "instrument": "places",
    }
    assert [item["id"] for item in items] == ["order", "why-order", "pay", "why-pay", "hello", "best", "worst"]
    assert items[3] == {
        "id": "why-pay",
        "kind": "text",
        "about": "pay",
        "show_if": {"item": "pay", "at_most": 3},
        "wording": {"en": "Why?", "zh-Hant": "為什麼？"},
    }
    assert items[2]["wording"] == {"en": "How was “Paying”?", "zh-Hant": "「結帳」如何？"}
    assert items[4]["wording"] == {"en": "Ordering: Say hello.", "zh-Hant": "點餐：打招呼。"}
    assert items[5]["options"] == (
        {"id": "wifi", "title": {"en": "Wi-Fi", "zh-Hant": "無線網路"}},
        {"id": "quiet", "title": {"en": "A quiet corner", "zh-Hant": "安靜角落"}},
    )
    assert items[6]["touchpoints"] == ("order", "pay")


def test_at_one_touchpoint_only_what_belongs_there_is_asked(cafe: ServiceDocument) -> None:
    survey = survey_of(loads(PLACES), cafe, touchpoint="order")
    assert [item.id for item in survey.items] == ["order", "why-order", "hello", "best", "worst"]
    assert ([option.id for option in survey.items[3].options], survey.items[4].touchpoints) == (["wifi"], ("order",))


def test_it_comes_into_the_document_by_edits_and_a_second_one_under_the_next_free_name(cafe: ServiceDocument) -> None:
    working = WorkingDocument.of(cafe)
    for edit in edits_of(loads(PLACES), cafe):
        effects_of(working, edit)
    once = ServiceDocument.model_validate(working.data)
    assert ([survey.id for survey in once.surveys], [each.id for each in once.constructs]) == (["places"], ["greeted"])
    assert [problem.id for problem in check(once)] == []
    again = edits_of(loads(PLACES), once, taken={"places-2"})
    assert [(edit.field, edit.value["id"], edit.after) for edit in again] == [("surveys", "places-3", "surveys:places")]


@pytest.mark.parametrize(
    ("id", "text", "touchpoint", "refusal"),
    [
        ("kano", CAFE[: CAFE.index("features:")], None, "instrument.no_features"),
        ("kano", CAFE, "pay", "instrument.none_at"),
        ("kano", CAFE, "cellar", "document.no_touchpoint"),
        ("nps", CAFE, "pay", "instrument.of_the_whole"),
    ],
)
def test_what_the_service_lacks_is_said_with_where_to_add_it(
    id: str, text: str, touchpoint: str | None, refusal: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        survey_of(instrument(id), service_of(text), touchpoint=touchpoint)
    assert refused.value.id == refusal


def test_a_part_with_a_long_id_still_gives_questions_with_ids_of_their_own(cafe: ServiceDocument) -> None:
    long = "w" * 64
    survey = survey_of(instrument("kano"), service_of(CAFE.replace("id: wifi", f"id: {long}")))
    assert [(item.id, item.feature) for item in survey.items] == [(f"kano-{'w' * 40}", long), ("kano-quiet", "quiet")]
