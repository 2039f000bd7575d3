"""What a kiosk's key opens, and what it does not; and how its answers are counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from peakend.instants import SECOND
from peakend_web.asking.actions import add_place, close_survey
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import ONE_BY_ONE, RUSH, arrivals
from peakend_web.asking.openings import openings
from peakend_web.asking.receipts import new_receipt
from peakend_web.asking.render_tokens import make_token
from peakend_web.base.device_keys import COOKIE
from peakend_web.models import Device, Opening, Place, Response, Survey
from peakend_web.people.actions.devices import Shown, add_device, revoke_device
from tests.web.conftest import Clinic
from tests.web.surveys import clinic_survey, kept, said

HOUR = 3_600 * SECOND


@dataclass
class Kiosk:
    """A tablet that stands at the exit."""

    device: Device
    key: str
    survey: Survey
    place: Place
    browser: Client

    @property
    def at(self) -> str:
        return f"/k/{self.device.code}/"

    def sign_in(self, key: str = "") -> Any:
        return self.browser.post(f"{self.at}sign-in", {"code": key or self.key})

    def send(self, response: str, token: str, *answers: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
        """Send answers as the page's script does."""
        body = {"key": f"key-of-{response}", "response": response, "token": token, "place": self.place.code}
        reply = self.browser.post(
            f"{self.at}answers/{self.survey.token}",
            json.dumps({**body, "answers": list(answers), "done": True, **more}),
            content_type="application/json",
        )
        return reply.status_code, reply.json()

    def token(self, response: str, ago_us: int) -> str:
        return make_token(self.survey.pk, self.place.code, response, now_us() - ago_us)


@pytest.fixture
def kiosk(clinic: Clinic) -> Kiosk:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.olivia, survey=survey, label="Exit", site="east", channel="branch")
    shows = Shown(place.code, "east")
    device, key = add_device(actor=clinic.olivia, workspace=clinic.workspace, name="Tablet", shows=shows)
    return Kiosk(device, key, survey, place, Client(headers={"accept-language": "en"}))


def test_the_address_alone_shows_where_to_type_a_key_and_nothing_of_the_survey(kiosk: Kiosk) -> None:
    page = kiosk.browser.get(kiosk.at)
    assert (page.status_code, "Sign this kiosk in" in page.content.decode()) == (401, True)
    assert "recommend" not in page.content.decode()
    for wrong in ("", "nonsense", kiosk.key[:-1], kiosk.device.digest):
        assert kiosk.sign_in(wrong or " ").status_code == 422
    assert COOKIE not in kiosk.browser.cookies
    assert kiosk.browser.get("/k/nosuchcode/").status_code == 404


def test_with_its_key_however_it_is_typed_it_opens_its_own_page_and_the_cookie_goes_nowhere_else(kiosk: Kiosk) -> None:
    assert kiosk.sign_in(f" {kiosk.key[:4].upper()}-{kiosk.key[4:]} ").headers["Location"] == kiosk.at
    cookie = kiosk.browser.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (kiosk.at, True, "Lax")
    page = kiosk.browser.get(kiosk.at)
    text = page.content.decode()
    assert (page.status_code, page.headers["Cache-Control"], "sessionid" in kiosk.browser.cookies) == (
        200, "no-store", False,
    )  # fmt: skip
    assert ("Would you recommend us to a friend?" in text, kiosk.key in text) == (True, False)
    assert "This kiosk needs JavaScript" in text
    device = Device.objects.get()
    assert device.seen_at
    assert kiosk.browser.get("/w/harbour/devices/").status_code == 302, "it is nobody's session"


def test_a_key_of_another_workspace_opens_nothing(clinic: Clinic, kiosk: Kiosk) -> None:
    shows = Shown(kiosk.place.code)
    other, key = add_device(actor=clinic.sam, workspace=clinic.elsewhere, name="Lobby", shows=shows)
    assert kiosk.sign_in(key).status_code == 422
    kiosk.browser.cookies[COOKIE] = key
    assert kiosk.browser.get(kiosk.at).status_code == 401
    response = new_receipt()
    foreign = Kiosk(other, key, kiosk.survey, kiosk.place, kiosk.browser)
    assert foreign.send(response, kiosk.token(response, HOUR), said("recommend", 9))[0] == 404
    assert not Response.objects.exists()


def test_a_revoked_key_closes_the_page_at_the_next_request_and_what_people_said_before_is_taken(
    clinic: Clinic, kiosk: Kiosk
) -> None:
    kiosk.sign_in()
    assert kiosk.browser.post(f"{kiosk.at}alive").status_code == 200
    revoke_device(actor=clinic.wu, device=kiosk.device)
    page = kiosk.browser.get(kiosk.at)
    assert (page.status_code, "This kiosk has been signed off." in page.content.decode()) == (403, True)
    alive = kiosk.browser.post(f"{kiosk.at}alive")
    assert (alive.status_code, alive.json()["error"]) == (403, "web.device_revoked")
    assert kiosk.sign_in().status_code == 403
    response = new_receipt()
    assert kiosk.send(response, kiosk.token(response, HOUR), said("recommend", 9))[0] == 200


def test_its_answers_are_facts_of_its_place_as_those_of_any_other(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    response = new_receipt()
    assert kiosk.send(response, kiosk.token(response, HOUR), said("recommend", 9))[0] == 200
    columns = ("item", "value", "site", "channel", "aside", "source", "segments")
    assert kept(*columns)[0] == (
        "recommend", 9.0, "east", "branch", None, f"survey:{kiosk.survey.pk}", '{"language":"en"}',
    )  # fmt: skip


def test_it_solves_no_puzzle_whatever_crowd_its_place_has_and_gives_no_more_than_one_person_after_the_other(
    kiosk: Kiosk,
) -> None:
    kiosk.sign_in()
    now = now_us()
    for at in range(RUSH + 1):
        arrivals.room_for(b"%d" % at, (kiosk.survey.address, kiosk.place.code), "127.0.0.0/24", now - HOUR, now)
    spare = new_receipt()
    token = kiosk.token(spare, HOUR)
    replies = [
        kiosk.send(f"{spare}--{nth}", token, said("recommend", nth % 11))[1] for nth in range(1, ONE_BY_ONE + 11)
    ]
    assert not any("puzzle" in reply for reply in replies)
    assert Response.objects.exclude(aside=None).count() == 0, "a day's answers that come at once are no crowd"
    at_once = [new_receipt() for _ in range(ONE_BY_ONE + 2)]
    for each in at_once:
        kiosk.send(each, kiosk.token(each, 60 * SECOND), said("recommend", 9))
    assert (
        list(Response.objects.exclude(aside=None).values_list("aside", "reasons"))
        == [("quarantine", "too_many_here")] * 2
    )


def test_the_next_person_s_name_counts_only_when_a_person_has_had_the_time(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    spare = new_receipt()
    token = kiosk.token(spare, 40 * SECOND)
    for nth in (1, 3, 5):
        kiosk.send(f"{spare}--{nth}", token, said("recommend", 9))
    assert list(Response.objects.order_by("pk").values_list("reasons", flat=True)) == ["", "", "no_token"]


def test_people_who_begin_are_counted_as_openings_when_it_says_so_and_the_page_itself_is_none(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    kiosk.browser.get(kiosk.at)
    reply = kiosk.browser.post(f"{kiosk.at}alive", {"begun": "3"})
    openings.add()
    assert (reply.content.decode(), list(Opening.objects.values_list("at", "times"))) == (
        kiosk.survey.token, [(kiosk.place.code, 3)],
    )  # fmt: skip
    for nonsense in ("-1", "many", "9" * 40):
        assert kiosk.browser.post(f"{kiosk.at}alive", {"begun": nonsense}).status_code == 200


def test_of_a_closed_survey_it_says_so_and_looks_again(clinic: Clinic, kiosk: Kiosk) -> None:
    kiosk.sign_in()
    close_survey(actor=clinic.wu, survey=kiosk.survey)
    page = kiosk.browser.get(kiosk.at)
    assert (page.status_code, 'http-equiv="refresh"' in page.content.decode()) == (410, True)
    assert kiosk.browser.post(f"{kiosk.at}alive").content == b""
