"""Wu hangs a survey up at many places, renames and retires them, and sees which are silent."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place
from peakend_web.models import Place, Response, Survey
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.surveys import clinic_survey, said, send

SURVEYS = "/w/harbour/outpatient/surveys/"
LIST = "Counter 1, east\n  Counter 2，WEST \n\nGate 5, upstairs\nCounter 1, east\nRoom 3、east"


def page_of(clinic: Clinic, survey: Survey) -> str:
    reply = browser_of(clinic.wu).get(f"{SURVEYS}{survey.pk}/", headers={"accept-language": "en"})
    return unescape(reply.content.decode())


def forget_all() -> None:
    for token in Survey.objects.values_list("token", flat=True):
        survey_cache.forget(token)


def test_a_pasted_list_gives_each_line_its_code_and_a_site_after_a_comma_its_site(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    assert "Put each code up where its name says" in page_of(clinic, survey)
    for _ in range(2):
        assert wu.post(f"{SURVEYS}{survey.pk}/places/", {"label": LIST}).status_code == 302
    assert list(Place.objects.order_by("pk").values_list("label", "site")) == [
        ("Counter 1", "east"), ("Counter 2", "west"), ("Gate 5, upstairs", None), ("Room 3", "east"),
    ]  # fmt: skip
    assert [entry[2] for entry in left_by(clinic.workspace)] == ["publish_survey", *["add_place"] * 4]
    assert "It hangs at 4 places. 4 of them have had fewer than 5 answers." in page_of(clinic, survey)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("x" * 101, "has 100 characters at most"),
        ("\n".join(f"Table {n}" for n in range(201)), "More than 200 places"),
        ("Door\nTa\u202eble", "invisible control character"),
        (" \n ", "This field is required"),
    ],
    ids=["a long name", "many", "one that nobody sees", "nothing"],
)
def test_a_list_in_which_something_is_wrong_comes_back_whole_and_nothing_is_hung(
    clinic: Clinic, label: str, said: str
) -> None:
    survey = clinic_survey(clinic)
    reply = browser_of(clinic.wu).post(
        f"{SURVEYS}{survey.pk}/places/", {"label": label}, headers={"accept-language": "en"}
    )
    assert (reply.status_code, said in unescape(reply.content.decode())) == (422, True)
    assert not Place.objects.exists()


def test_a_place_is_renamed_and_its_code_stays(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    place = add_place(actor=clinic.wu, survey=survey, label="Cuonter 1")
    at = f"{SURVEYS}{survey.pk}/places/{place.pk}/rename/"
    assert wu.post(at, {"label": ""}).status_code == 422
    assert wu.post(at, {"label": "Counter 1"}).status_code == 302
    assert Place.objects.values_list("label", "code").get() == ("Counter 1", place.code)
    assert left_by(clinic.workspace)[-1] == (
        3, "Wu", "rename_place", "place", {"label": "Cuonter 1"}, {"label": "Counter 1"},
    )  # fmt: skip


def test_the_code_of_a_retired_place_leads_to_the_survey_without_it_and_back_when_it_hangs_again(
    clinic: Clinic,
) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    place = add_place(actor=clinic.wu, survey=survey, label="Till", site="east")
    at = f"{SURVEYS}{survey.pk}/places/{place.pk}/"
    for verb, hangs in (("retire", False), ("retire", False), ("restore", True)):
        assert wu.post(f"{at}{verb}/").status_code == 302
        forget_all()
        for printed in (f"/s/{place.code}", f"/s/{survey.token}?at={place.code}"):
            page = Client().get(printed)
            assert (page.status_code, f'name="place" value="{place.code}"' in page.content.decode()) == (200, hangs)
        sheets = wu.get(f"{SURVEYS}{survey.pk}/print/").content.decode()
        assert (place.code in sheets, "Retired places" in page_of(clinic, survey)) == (hangs, not hangs)
    assert [entry[2] for entry in left_by(clinic.workspace)[2:]] == ["retire_place", "restore_place"]


def test_what_somebody_began_at_a_place_that_is_retired_meanwhile_is_kept_as_said_there(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Till", site="east")
    browser_of(clinic.wu).post(f"{SURVEYS}{survey.pk}/places/{place.pk}/retire/")
    forget_all()
    assert send(survey, said("recommend", 9), place=place.code)[0] == 200
    assert Response.objects.get().place == place
    assert "No answer yet" not in browser_of(clinic.olivia).get(f"{SURVEYS}{survey.pk}/").content.decode()


def test_who_sees_groups_is_told_of_a_silent_place_only_as_many_as_a_group_has(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Till", site="east")
    for number in range(5):
        before = page_of(clinic, survey)
        assert "One of them has had fewer than 5 answers." in before
        key, response = f"the-key-of-{number}", f"guest-at-the-till-{number}"
        assert send(survey, said("recommend", 9), place=place.code, key=key, response=response)[0] == 200
    assert "Each has had 5 answers or more." in page_of(clinic, survey)


def test_who_only_looks_sees_codes_and_changes_nothing(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Till", site="east")
    page = browser_of(clinic.victor).get(f"{SURVEYS}{survey.pk}/").content.decode()
    assert [word in page for word in (place.code, "Add places", "/retire/")] == [True, False, False]
    for verb in ("rename", "retire", "restore"):
        at = f"{SURVEYS}{survey.pk}/places/{place.pk}/{verb}/"
        assert browser_of(clinic.victor).post(at, {"label": "Mine"}).status_code == 403
        assert browser_of(clinic.wu).post(at.replace(f"{place.pk}/{verb}", f"999/{verb}")).status_code == 404


TYPED = [
    "/S/{}",
    "/s/http://testserver/s/{}",
    "/s/https://testserver/s/{}。",
    "/s/s/{}",
    "/s/{}）",
    "/s/{}」",
    "/s/{}、",
    "/s/{},",
    "/s/ {} ",
    "/s/\u200b{}\u200b",
    "/s/{}?",
    "/s/{}!",
    "/s/《{}》",
    "/s/{}/answers。",
]


@pytest.mark.parametrize("typed", TYPED)
def test_an_address_that_was_typed_twice_in_capitals_or_with_signs_around_it_finds_its_survey(
    clinic: Clinic, typed: str
) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Door")
    for printed in (survey.address, place.code):
        for spelled in (printed, printed.upper(), "".join(chr(ord(each) + 0xFEE0) for each in printed)):
            led = Client().get(typed.format(spelled))
            found = Client().get(led.headers.get("Location", typed.format(spelled)))
            assert found.status_code == 200
            assert f'data-token="{survey.token}"' in found.content.decode()


def test_a_code_that_was_typed_in_pieces_is_read_and_one_of_nobody_is_missing(clinic: Clinic) -> None:
    place = add_place(actor=clinic.wu, survey=clinic_survey(clinic), label="Door")
    code = place.code
    for typed in (f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", f"{code[:2]}\u200b{code[2:]}"):
        assert Client().get(f"/s/{typed}")["Location"] == f"/s/{code}"
    for nobodys in ("/S/nosuch", "/s/http://testserver/s/nosuch", "/s/%E3%80%82"):
        assert Client().get(nobodys).status_code == 404
