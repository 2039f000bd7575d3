"""Wu prints the codes of his survey: which, on what, in which languages."""

from __future__ import annotations

from html import unescape
from io import BytesIO

from django.test import Client
from PIL import Image

from peakend_web.asking.actions import add_place
from peakend_web.models import Place, Survey
from tests.report.test_code_sheets import read_by_a_phone
from tests.report.test_print import printed, squeezed
from tests.web.conftest import Clinic, browser_of
from tests.web.surveys import clinic_survey, hotel_survey

SURVEYS = "/w/harbour/outpatient/surveys/"


def hung(clinic: Clinic) -> tuple[Survey, Place, Place]:
    survey = clinic_survey(clinic)
    east, west = (
        add_place(actor=clinic.wu, survey=survey, label=label, site=site)
        for label, site in (("Waiting room", "east"), ("Till", "west"))
    )
    return survey, east, west


def link(place: Place) -> str:
    return f"http://testserver/s/{place.code}"


def text_of(client: Client, address: str, **query: object) -> str:
    file = client.get(f"{address}sheets.pdf", query)
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    return squeezed(printed(file.content, "pdftotext"))


def test_wu_prints_a_poster_for_every_place_and_the_page_shows_the_first(clinic: Clinic) -> None:
    survey, east, west = hung(clinic)
    wu, address = browser_of(clinic.wu), f"{SURVEYS}{survey.pk}/print/"
    assert f'href="{address}"' in wu.get(f"{SURVEYS}{survey.pk}/").content.decode()
    page = unescape(wu.get(address).content.decode())
    assert "2 pages to print" in page
    assert "up to 100 cm away" in page
    shown = Image.open(BytesIO(wu.get(f"{address}sheet.png").content))
    assert read_by_a_phone(shown) == [link(east)]
    words = text_of(wu, address)
    for said in ("Howwasit?", "Harbour", f"testserver/s/{west.code}", "Tell", "Waitingroom"):
        assert said in words


def test_one_place_in_one_language_as_stickers_fills_its_sheet_and_two_are_one_of_each(clinic: Clinic) -> None:
    survey, east, west = hung(clinic)
    wu, address = browser_of(clinic.wu), f"{SURVEYS}{survey.pk}/print/"
    one = text_of(wu, address, sheet="stickers", at=east.code, languages="en")
    assert (one.count(f"/s/{east.code}"), one.count("Howwasit?"), west.code in one) == (24, 24, False)
    both = text_of(wu, address, sheet="stickers", at=[east.code, west.code], languages="en")
    assert (both.count(f"/s/{east.code}"), both.count(f"/s/{west.code}")) == (1, 1)
    assert text_of(wu, address, sheet="stickers", at=east.code, copies=3).count(f"/s/{east.code}") == 3


def test_nonsense_in_the_address_is_as_if_it_were_not_said(clinic: Clinic) -> None:
    survey, _east, _west = hung(clinic)
    wu, address = browser_of(clinic.wu), f"{SURVEYS}{survey.pk}/print/"
    nonsense = {"sheet": "billboard", "at": "nowhere", "languages": "tlh", "copies": "many"}
    assert text_of(wu, address, **nonsense) == text_of(wu, address)
    assert f"/s/{survey.address}" in text_of(wu, address, at=survey.address)


def test_who_works_at_one_site_prints_the_codes_there_and_nobody_those_of_others(clinic: Clinic) -> None:
    survey, east, west = hung(clinic)
    chen, address = browser_of(clinic.chen), f"{SURVEYS}{survey.pk}/print/"
    words = text_of(chen, address, at=[east.code, west.code])
    assert (east.code in words, west.code in words) == (True, False)
    foreign = hotel_survey(clinic)
    for file in ("", "sheets.pdf", "sheet.png"):
        assert browser_of(clinic.wu).get(f"{SURVEYS}{foreign.pk}/print/{file}").status_code == 404
