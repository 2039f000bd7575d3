"""A drawn order of questions and options: the same for one response wherever it is shown, and in the facts."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter

from django.conf import settings
from django.test import Client

from peakend.service import loads
from peakend.service.drawn_order import in_drawn_order, question_order, shown_places
from peakend_web.models import Answer, Survey
from peakend_web.store.identity import public_name
from tests.web.asking.tea import TEA_HOUSE, tea_survey
from tests.web.conftest import Clinic
from tests.web.surveys import LIN, said, send

SURVEY = loads(TEA_HOUSE).surveys[0]


def page(survey: Survey, lang: str = "en", **posted: str) -> str:
    phone = Client()
    if not posted:
        return phone.get(f"/s/{survey.token}?lang={lang}").content.decode()
    led = phone.post(f"/s/{survey.token}", {"lang": lang, **posted})["Location"]
    return phone.get(led).content.decode()


def questions(text: str) -> list[str]:
    return re.findall(r'data-item="(\w+)"', text)


def options(text: str) -> list[str]:
    return re.findall(r'name="drink"[^>]* value="(\w+)"', text)


def test_the_order_is_that_of_the_hashes_of_the_response_s_name_and_what_is_fixed_stays() -> None:
    def digest(name: str) -> str:
        return hashlib.sha256(f"a-response:{name}".encode()).hexdigest()

    drawn = sorted(("taste", "warmth", "price"), key=digest)
    assert question_order(SURVEY, "a-response") == ["drink", *drawn, "cups", "why"]
    assert shown_places(SURVEY, "a-response") == {id: at for at, id in enumerate(drawn, 2)}
    named = in_drawn_order(SURVEY.items[0].options, SURVEY.items[0], "a-response", lambda option: option.id)
    movable = sorted(("tea", "coffee", "juice"), key=lambda option: digest(f"drink.{option}"))
    assert [option.id for option in named] == [*movable, "other"]


def test_every_order_comes_about_as_often_as_any_other() -> None:
    orders = Counter(tuple(question_order(SURVEY, f"response {number}")[1:4]) for number in range(6_000))
    assert len(orders) == 6
    assert all(900 < times < 1_100 for times in orders.values())


def test_one_form_keeps_its_order_when_it_comes_back_in_another_language_and_others_have_others(
    clinic: Clinic,
) -> None:
    survey = tea_survey(clinic)
    name = public_name(settings.SECRET_KEY, survey.pk, LIN)
    back = [page(survey, lang, response=LIN, warmth="3") for lang in ("en", "zh-Hant", "zh-Hans")]
    assert [questions(each) for each in back] == [question_order(SURVEY, name)] * 3
    assert len({tuple(options(each)) for each in back}) == 1
    assert options(back[0])[-1] == "other"
    assert len({tuple(questions(page(survey))) for _ in range(30)}) > 2


def test_at_which_place_each_was_shown_stands_in_the_facts_and_nothing_else_changes(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "juice"), said("taste", 4), done=True)
    name = public_name(settings.SECRET_KEY, survey.pk, LIN)
    places = shown_places(SURVEY, name)
    assert sorted(places.values()) == [2, 3, 4]
    found = {item: json.loads(segments) for item, segments in Answer.objects.values_list("item", "segments")}
    assert found == {
        item.id: {"language": "en", **({"shown_place": str(places[item.id])} if item.id in places else {})}
        for item in SURVEY.items
    }
    assert Answer.objects.get(item="drink").value == 3.0  # its place in the document, wherever it was shown


def test_a_piped_answer_is_text_and_never_html_and_stands_in_neutral_words_where_there_is_none(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    assert legend(page(survey), "taste") == "How did your drink taste?"
    assert legend(page(survey, "zh-Hant"), "taste") == "您的飲料味道如何？"
    back = page(survey, response=LIN, drink="coffee", taste="1", cups="2")
    assert legend(back, "taste") == "How did your Coffee & <b>milk</b> taste?"
    assert "<b>milk</b>" not in back
    assert legend(page(survey, "zh-Hans", response=LIN, drink="tea"), "taste") == "您的茶味道如何？"
    assert "What was wrong with 2 of Coffee &amp; " in re.sub("</?bdi[^>]*>", "", back)


def legend(text: str, item: str) -> str:
    section = text.partition(f'id="q-{item}-s"')[2].partition("</section>")[0]
    words = section.partition("<legend")[2].partition(">")[2].partition("</legend>")[0]
    return html.unescape(re.sub("<[^>]*>", "", words))


def test_a_refusal_names_the_question_in_neutral_words(clinic: Clinic) -> None:
    status, told = send(tea_survey(clinic), said("drink", "juice"), done=True)
    assert (status, told["what"]) == (422, "“How did your drink taste?” still needs an answer.")


def test_without_a_script_it_is_said_who_is_asked(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    assert "Only if you gave 1 to 2 to “How did your drink taste?”." in page(survey)
    assert "您在「您的飲料味道如何？」給了 1 到 2 分，才需要回答這一題。" in page(survey, "zh-Hant")
    assert "您在“您的饮料味道如何？”给了 1 到 2 分，才需要回答这一题。" in page(survey, "zh-Hans")
