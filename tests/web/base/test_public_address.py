"""Where customers reach the installation: said at set-up, carried by what is printed, and warned of where it is
missing.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from peakend_web.base import public_address
from peakend_web.base.refusals import Denied, Refusal
from peakend_web.models import Installation
from peakend_web.people.actions import workspaces
from peakend_web.running.views import set_up_code
from tests.web.conftest import PASSWORD, Clinic, browser_of, left_by
from tests.web.surveys import clinic_survey

SURVEYS = "/w/harbour/outpatient/surveys/"
WARNS = "This code works on this computer only"


@pytest.mark.django_db
def test_set_up_asks_for_the_public_address_and_proposes_the_one_it_is_reached_at_unless_that_is_this_machine() -> None:
    asked = f"/set-up/?code={set_up_code()}"
    field = 'name="address" value="{}"'
    assert field.format("http://testserver") in Client().get(asked).content.decode()
    assert 'name="address" value=' not in Client(headers={"host": "127.0.0.1:8000"}).get(asked).content.decode()
    given = {
        "name": "Olivia Wang",
        "email": "o@x.example",
        "password": PASSWORD,
        "workspace": "Harbour",
        "timezone": "Asia/Taipei",
    }
    wrong = Client(headers={"accept-language": "en"}).post(asked, {**given, "address": "feedback"})
    assert "“feedback” is not a public address." in wrong.content.decode()
    assert Client().post(asked, {**given, "address": "https://Feedback.Example.org/ "}).status_code == 302
    assert Installation.objects.values_list("public_address", "set_up_by__name").get() == (
        "https://feedback.example.org",
        "Olivia Wang",
    )


def test_links_and_codes_carry_the_public_address_and_the_environment_s_before_all(
    clinic: Clinic, settings: Any
) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    Installation.objects.create(public_address="https://feedback.example.org", set_up_by=clinic.olivia)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "feedback.example.org", "other.example.org"]
    assert f'<a href="https://feedback.example.org/s/{survey.address}">' in wu.get(SURVEYS).content.decode()
    settings.PEAKEND_ADDRESS = "https://other.example.org"
    page = wu.get(SURVEYS).content.decode()
    assert f'<a href="https://other.example.org/s/{survey.address}">' in page
    assert WARNS not in page


def test_a_code_that_works_on_this_machine_only_says_so_where_it_is_published_and_printed(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    for host, warned in (("127.0.0.1:8000", True), ("localhost:8000", True), ("testserver", False)):
        wu = browser_of(clinic.wu, headers={"host": host, "accept-language": "en"})
        assert [WARNS in wu.get(page).content.decode() for page in (SURVEYS, f"{SURVEYS}{survey.pk}/")] == [
            warned,
            warned,
        ]


def test_a_public_address_that_the_server_does_not_answer_to_is_named_with_what_helps(
    clinic: Clinic, settings: Any
) -> None:
    clinic_survey(clinic)
    settings.ALLOWED_HOSTS = ["testserver"]
    Installation.objects.create(public_address="https://feedback.example.org", set_up_by=clinic.olivia)
    for who, page in ((clinic.wu, SURVEYS), (clinic.olivia, "/w/harbour/settings/")):
        assert (
            "Start it with PEAKEND_HOSTS=feedback.example.org"
            in browser_of(who, headers={"accept-language": "en"}).get(page).content.decode()
        )


def test_who_opens_it_by_a_name_that_it_does_not_know_is_told_how_the_name_is_made_known(
    settings: Any, db: None
) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    refused = Client(headers={"host": "shop.example", "accept-language": "en"}).get("/sign-in/")
    assert refused.status_code == 400
    assert "PEAKEND_HOSTS=shop.example" in refused.content.decode()


def test_only_who_set_the_installation_up_changes_its_address(clinic: Clinic) -> None:
    Installation.objects.create(set_up_by=clinic.olivia)
    olivia, address = browser_of(clinic.olivia), "https://feedback.example.org"
    assert olivia.post("/w/harbour/settings/address/", {"address": address}).status_code == 302
    assert public_address.public_address() == address
    assert left_by(None) == [
        (1, "Olivia Wang", "change_address", "installation", {"address": ""}, {"address": address})
    ]
    assert "This installation" in olivia.get("/w/harbour/settings/").content.decode()
    assert "This installation" not in browser_of(clinic.sam).get("/w/lakeside/settings/").content.decode()
    with pytest.raises(Denied):
        workspaces.change_address(actor=clinic.sam, address=address)


@pytest.mark.parametrize(
    "typed",
    [
        "feedback",
        "ftp://x.example",
        "https://",
        "https://x.example/path",
        "https://x.example?a=1",
        "https://a@x.example",
        "http://[",
    ],
)
def test_what_is_no_public_address_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        public_address.plain_address(typed)
    assert refused.value.id == "web.address_wrong"
