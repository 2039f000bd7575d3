"""Wu adds a kiosk: its key is shown once and kept as a digest; it is revoked by name, and others see nothing of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client

from peakend_web.asking.actions import add_place
from peakend_web.base.api_keys import digest_of
from peakend_web.base.device_keys import plain_key
from peakend_web.base.refusals import Denied, Missing
from peakend_web.models import Device, Place
from peakend_web.people.actions.devices import Shown, add_device, revoke_device
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.surveys import clinic_survey

PAGE = "/w/harbour/devices/"


@pytest.fixture
def places(clinic: Clinic) -> dict[str, Place]:
    survey = clinic_survey(clinic)
    return {site: add_place(actor=clinic.olivia, survey=survey, label=f"Exit {site}", site=site)
            for site in ("east", "west")}  # fmt: skip


def add(browser: Client, place: Place, name: str = "Tablet") -> Any:
    return browser.post(PAGE, {"name": name, "shows": place.code}, follow=True)


def test_a_key_is_shown_once_to_be_typed_or_scanned_and_its_digest_alone_is_kept(
    clinic: Clinic, places: dict[str, Place]
) -> None:
    wu = browser_of(clinic.wu)
    page = add(wu, places["east"]).content.decode()
    typed = re.search(r"<code>([A-Z2-7-]{29})</code>", page)
    assert typed
    device = Device.objects.get()
    kept = (device.name, device.site, device.page, device.shows, device.seen_at, device.digest)
    assert kept == ("Tablet", "east", "kiosk", places["east"].code, None, digest_of(plain_key(typed[1])))
    assert (f"/k/{device.code}/" in page, "data:image/svg" in page) == (True, True)
    again = wu.get(PAGE).content.decode()
    assert (typed[1] in again, "After your visit · Exit east · East" in again, "not yet" in again) == (
        False, True, True,
    )  # fmt: skip
    assert left_by(clinic.workspace)[-1][1:] == (
        "Wu", "add_device", "device", None, {"name": "Tablet", "page": "kiosk", "site": "east"},
    )  # fmt: skip


def test_it_is_revoked_by_whoever_sees_it_and_says_what_cannot_be_seen_from_here(
    clinic: Clinic, places: dict[str, Place]
) -> None:
    wu = browser_of(clinic.wu)
    add(wu, places["east"])
    device = Device.objects.get()
    assert "Answers that are still unsent on it cannot be seen from here" in wu.get(PAGE).content.decode()
    assert wu.post(f"{PAGE}{device.pk}/revoke/").status_code == 302
    device.refresh_from_db()
    assert device.revoked_at
    assert "No devices yet" in wu.get(PAGE).content.decode()
    assert left_by(clinic.workspace)[-1][1:] == (
        "Wu", "revoke_device", "device", {"name": "Tablet", "page": "kiosk", "site": "east"}, None,
    )  # fmt: skip
    assert wu.post(f"{PAGE}{device.pk}/revoke/").status_code == 404


def test_whoever_is_limited_to_a_site_has_the_devices_there_and_others_none(
    clinic: Clinic, places: dict[str, Place]
) -> None:
    for site, place in places.items():
        add_device(
            actor=clinic.olivia, workspace=clinic.workspace, name=f"Tablet {site}", shows=Shown(place.code, site)
        )
    clinic.workspace.memberships.get(person=clinic.wu).sites.add(clinic.east)
    wu = browser_of(clinic.wu)
    page = wu.get(PAGE).content.decode()
    assert ("Tablet east" in page, "Tablet west" in page, places["west"].code in page) == (True, False, False)
    west = Device.objects.get(site="west")
    assert wu.post(f"{PAGE}{west.pk}/revoke/").status_code == 404
    assert wu.post(PAGE, {"name": "Mine", "shows": places["west"].code}).status_code == 422
    with pytest.raises(Denied):
        add_device(actor=clinic.wu, workspace=clinic.workspace, name="Mine", shows=Shown(places["west"].code, "west"))
    for who, status in ((clinic.mei, 403), (clinic.chen, 403), (clinic.victor, 403), (clinic.sam, 404)):
        assert browser_of(who).get(PAGE).status_code == status
    with pytest.raises((Denied, Missing, ObjectDoesNotExist)):
        revoke_device(actor=clinic.sam, device=west)
    west.refresh_from_db()
    assert west.revoked_at is None


def test_where_no_survey_hangs_anywhere_the_page_says_what_comes_first(clinic: Clinic) -> None:
    page = browser_of(clinic.olivia).get(PAGE).content.decode()
    assert "first publish a survey, and give the place its code there" in page
