"""What a published survey asks, from its document alone: no database, no request."""

from __future__ import annotations

from peakend.service import loads
from peakend_web.asking.questionnaire import Questionnaire, questionnaire_of

TWO_SURVEYS = """\
service: harbour-clinic
title: {en: "Harbour Clinic", zh-Hant: "港灣診所", zh-Hans: "港湾诊所"}
languages: [zh-Hant, en]
journeys:
  - id: visit
    title: {en: "Visit", zh-Hant: "看診", zh-Hans: "就诊"}
    stages:
      - id: stay
        title: {en: "Stay", zh-Hant: "在院", zh-Hans: "在院"}
        touchpoints:
          - {id: wait, title: {en: "Wait", zh-Hant: "候診", zh-Hans: "候诊"}}
          - {id: pay, title: {en: "Pay", zh-Hant: "批價", zh-Hans: "缴费"}}
surveys:
  - id: waiting
    title: {en: "Waiting", zh-Hant: "候診", zh-Hans: "候诊"}
    items:
      - {id: rating, kind: csat, touchpoint: wait, wording: {en: "Good?", zh-Hant: "好嗎？", zh-Hans: "好吗？"}}
      - {id: why, kind: text, about: rating, wording: {en: "Why?", zh-Hant: "為什麼？", zh-Hans: "为什么？"}}
  - id: paying
    title: {en: "Paying", zh-Hant: "批價", zh-Hans: "缴费"}
    items:
      - {id: rating, kind: csat, touchpoint: pay, wording: {en: "Good?", zh-Hant: "好嗎？", zh-Hans: "好吗？"}}
      - {id: why, kind: text, about: rating, wording: {en: "Why?", zh-Hant: "為什麼？", zh-Hans: "为什么？"}}
"""


def asked(survey: str) -> Questionnaire:
    return questionnaire_of(loads(TWO_SURVEYS), survey)


def test_words_explain_the_answer_of_their_own_survey_though_another_survey_has_an_item_of_that_name() -> None:
    assert [asked(survey).fields["why"].touchpoint for survey in ("waiting", "paying")] == ["wait", "pay"]


def test_somebody_is_asked_in_the_language_they_chose_else_in_their_devices_else_in_the_first_of_the_survey() -> None:
    survey = asked("waiting")
    assert survey.language_for((None, "en", "zh-Hant"), "zh-TW") == "en"
    assert survey.language_for(("klingon", None, "zh-Hant"), "en") == "zh-Hant", "a word that is no language is none"
    assert survey.language_for((None, None), "en-GB,en;q=0.8") == "en"
    assert survey.language_for((None, "zh-Hans"), None) == "zh-Hant", "the other Chinese script is nearer than English"
    assert survey.language_for((None, None), None) == "zh-Hant"
