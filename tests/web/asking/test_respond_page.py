"""What the respondent's page says: who asks, why, how long, in which language, and thanks; and what it weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from tests.web.conftest import Clinic
from tests.web.surveys import clinic_survey, hotel_survey


def test_the_page_says_who_asks_why_how_long_and_whether_one_is_known(clinic: Clinic) -> None:
    page = Client(headers={"accept-language": "en"}).get(f"/s/{hotel_survey(clinic).token}").content.decode()
    for words in (
        "Lakeside Hotel · A night's stay",
        "We read every word.",
        "21 questions",
        "about 4 minutes",
        "linked to your visit",
    ):
        assert words.replace("'", "&#x27;") in page
    known = Client(headers={"accept-language": "zh-TW"}).get(f"/s/{clinic_survey(clinic).token}").content.decode()
    assert "看診之後" in known


def test_an_anonymous_survey_that_takes_words_says_that_words_can_tell_who_one_is(clinic: Clinic) -> None:
    page = Client(headers={"accept-language": "en"}).get(f"/s/{clinic_survey(clinic).token}").content.decode()
    assert (
        "Anonymous: neither your name nor your device is kept. Unless you write down who you are: your comment is "
        "read exactly as you write it." in page
    )
    assert (
        "Unless you write"
        not in Client(headers={"accept-language": "en"}).get(f"/s/{hotel_survey(clinic).token}").content.decode()
    )


@pytest.mark.parametrize(("asked", "told"), [("en", "en"), ("zh-TW", "zh-hant"), ("zh-CN", "zh-hans")])
def test_each_page_names_the_language_that_it_is_in(clinic: Clinic, asked: str, told: str) -> None:
    survey, phone = clinic_survey(clinic), Client(headers={"accept-language": "en"})
    lang = {"en": "en", "zh-TW": "zh-Hant", "zh-CN": "zh-Hans"}[asked]
    for address in (f"/s/{survey.token}", f"/s/{survey.token}/thanks"):
        for reply in (phone.get(f"{address}?lang={lang}"), Client(headers={"accept-language": asked}).get(address)):
            assert (reply["Content-Language"], f'<html lang="{lang}">' in reply.content.decode()) == (told, True)


def test_the_thanks_page_thanks_once_and_promises_only_what_the_service_says(clinic: Clinic) -> None:
    of_their_own, plain = (
        re.sub(r'<div class="card" [^>]* hidden></div>\n', "", page.split("<h1>")[1].split("</section>")[0])
        for page in (
            Client(headers={"accept-language": "en"}).get(f"/s/{survey.token}/thanks").content.decode()
            for survey in (hotel_survey(clinic), clinic_survey(clinic))
        )
    )
    of_their_own, plain = (
        re.sub(r'<div class="card" [^>]* hidden></div>\n', "", page) for page in (of_their_own, plain)
    )
    counted = "<p>Your answers now count together with everyone else’s.</p>\n"
    assert (
        of_their_own
        == f'Your answers have arrived.</h1>\n<p>Come back soon.</p>\n{counted}<p class="quiet">You can close this '
        "page.</p>\n"
    )
    assert (
        plain
        == f'Thank you. Your answers have arrived.</h1>\n\n{counted}<p class="quiet">You can close this page.</p>\n'
    )


def test_the_page_weighs_at_most_thirty_kilobytes_with_its_style_and_script_and_names_no_other_host(
    clinic: Clinic,
) -> None:
    survey = hotel_survey(clinic)
    page = Client().get(f"/s/{survey.token}", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.content).decode()
    files = {Path(str(find(name))) for name in re.findall(r'(?:src|href)="/static/(peakend_web/survey[^"?]*)"', text)}
    names = {"survey", "survey_path", "survey_photos", "survey_points", "survey_ranking", "survey_unsent"}
    assert {each.name for each in files} == {"survey.css", *(f"{each}.js" for each in names)}
    weight = len(page.content) + sum(len(gzip.compress(each.read_bytes())) for each in files)
    assert weight < 27 * 1024, "thirty, with room for what is still to come"
    assert set(re.findall(r'(?:src|href)="(?!#|/static/peakend_web/survey[._]|data:,)([^"]*)"', text)) == set()
    assert "style=" not in text
    assert page["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert page["Cache-Control"] == "no-store"
