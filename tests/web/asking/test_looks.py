"""What a question looks like says nothing but its steps: stars, faces, agreement, a table of rows, three levels."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import BrowserContext

from peakend.service import loads
from peakend.terms import Lang
from peakend_web.asking.controls.control import Look
from peakend_web.asking.forms.survey_page import QuestionOnPage, questions_on_page
from peakend_web.asking.questionnaire import questionnaire_of
from peakend_web.base.languages import CODES
from peakend_web.models import Survey
from tests.web.asking.phone import stored, until, visit
from tests.web.browser import tap
from tests.web.conftest import Clinic
from tests.web.surveys import EVERYTHING, LIN, hotel_survey, kept


def rated(look: str, high: int = 5, lang: Lang = "en") -> Look:
    """A rating from one up to a step, as it looks."""
    how = f"look: {look}, scale: {{low: 1.0, high: {high}.0}}"
    return asked(EVERYTHING.replace("look: stars", how), "clean", lang).fields[0].look


def asked(document: str, item: str, lang: Lang) -> QuestionOnPage:
    with translation.override(CODES[lang]):
        questions = questions_on_page(questionnaire_of(loads(document), "morning-after"), lang)
    return next(each for each in questions if each.item == item)


def words(look: Look, lang: Lang = "en") -> list[str]:
    """What each step is called."""
    with translation.override(CODES[lang]):
        return [str(each.label) for each in look.choices]


def test_every_step_that_is_drawn_has_its_words_in_three_languages() -> None:
    faces = rated("faces")
    assert words(rated("stars")) == ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]
    assert words(rated("stars", lang="zh-Hant"))[-1] == "5 顆星"
    assert words(rated("stars", lang="zh-Hans"))[-1] == "5 颗星"
    assert words(faces) == ["Very unhappy", "Unhappy", "Neither happy nor unhappy", "Happy", "Very happy"]
    assert words(faces, "zh-Hant") == ["非常不滿意", "不滿意", "普通", "滿意", "非常滿意"]
    assert words(faces, "zh-Hans") == ["非常不满意", "不满意", "一般", "满意", "非常满意"]
    assert [each.value for each in rated("stars").choices] == [each.value for each in faces.choices] == list("12345")


def test_agreement_words_every_step_with_a_middle_only_where_there_is_one() -> None:
    seven = rated("agreement", high=7)
    disagree, agree = ["Strongly disagree", "Disagree"], ["Agree", "Strongly agree"]
    assert words(rated("agreement")) == [*disagree, "Neither agree nor disagree", *agree]
    middle = ["Somewhat disagree", "Neither agree nor disagree", "Somewhat agree"]
    assert words(seven) == [*disagree, *middle, *agree]
    assert (seven.is_list, seven.low, seven.high) == (True, "", "")


def test_a_face_bends_its_mouth_and_changes_nothing_else() -> None:
    drawings = [each.drawing for each in rated("faces", high=7).choices]
    mouths = [re.fullmatch(r"(.*)M7\.5 ([\d.]+)q4\.5 (-?[\d.]+) 9 0", each) for each in drawings]
    assert len({mouth[1] for mouth in mouths if mouth}) == 1
    assert [float(mouth[3]) for mouth in mouths if mouth] == [-4.8, -3.2, -1.6, 0, 1.6, 3.2, 4.8]


def test_what_several_rows_are_asked_together_is_their_heading(clinic: Clinic) -> None:
    page = Client(headers={"accept-language": "en"}).get(f"/s/{hotel_survey(clinic).token}").content.decode()
    assert re.findall(r'<h2 id="q-[\w-]+" tabindex="-1">([^<]+)</h2>', page) == [
        "How was each of these for you?",
        "Our staff …",
        "How quiet is a night?",
        "Empathy",
        "Late check-out",
        "Quiet",
    ]


def test_a_matrix_is_a_table_whose_rows_and_columns_have_heads_and_whose_buttons_say_both(clinic: Clinic) -> None:
    page = Client(headers={"accept-language": "en"}).get(f"/s/{hotel_survey(clinic).token}").content.decode()
    table = page.partition("<table")[2].partition("</table>")[0]
    steps = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree", "Met nobody"]
    assert re.findall(r'<th scope="col">([^<]+)</th>', table) == steps
    rows = re.findall(r'<th scope="row"><span [^>]*>([^<]+)</span>', table)
    assert rows == ["greeted me by name", "listened to me", "served breakfast quickly"]
    assert re.findall(r'aria-label="([^"]+)"', table) == [f"{row}: {step}" for row in rows for step in steps]


def test_without_a_script_whoever_wishes_for_less_than_would_do_is_asked_again_and_taken_at_their_word(
    clinic: Clinic,
) -> None:
    survey, phone = hotel_survey(clinic), Client(headers={"accept-language": "en"})
    levels = {"quietness.adequate": "6", "quietness.expectation": "4", "response": LIN, "lang": "en", "rev": "1"}
    asks = "Please look again; if you mean it, leave it so.</p>"
    assert asks not in phone.get(f"/s/{survey.token}").content.decode()
    assert asks in phone.get(phone.post(f"/s/{survey.token}", levels)["Location"]).content.decode()
    assert kept("role", "value") == [("adequate", 6.0), ("expectation", 4.0)]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_stars_faces_rows_and_levels_are_answered_by_thumb_and_by_key(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    for field, value in (("clean", "4"), ("dinner", "2"), ("staff.served", "na"), ("quietness.expectation", "3")):
        tap(page, field, value)
    page.locator('input[name="staff.greeted"][value="1"]').focus()
    page.keyboard.press("ArrowRight")
    asks = page.locator('[data-item="quietness"] [role=status]')
    assert asks.inner_text() == ""
    tap(page, "quietness.adequate", "7")
    assert "Please look again" in asks.inner_text()
    tap(page, "quietness.expectation", "8")
    assert asks.inner_text() == ""
    until(
        page,
        lambda: (
            stored()
            == {
                "clean": (4.0, None),
                "dinner": (2.0, None),
                "staff.served": (None, None),
                "staff.greeted": (2.0, None),
                "quietness.adequate": (7.0, None),
                "quietness.expectation": (8.0, None),
            }
        ),
    )
    filled = (
        "[...document.querySelectorAll('[data-item=clean] path')].map(each => getComputedStyle(each).fill !== 'none')"
    )
    assert page.evaluate(filled) == [True, True, True, True, False]
    beside = "document.querySelector('.grid thead').getBoundingClientRect().height"
    assert page.evaluate(beside) <= 1, "on a phone the rows stand one below another"
    page.set_viewport_size({"width": 1000, "height": 900})
    assert page.evaluate(beside) > 20, "where there is room it is a table with heads"
