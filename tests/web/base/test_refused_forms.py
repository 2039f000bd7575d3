"""A form that is refused says so by its status, whichever it is, so that a program and a browser's history know
it too.
"""

from __future__ import annotations

import pytest
from django.test import Client

from peakend_web.base.declaration import PAGES
from peakend_web.design.faces import FACES
from peakend_web.running.views import set_up_code
from tests.web.base.test_access_matrix import DECLARED, Address, name, possessions
from tests.web.conftest import OUTPATIENT, PASSWORD, Clinic, browser_of

POSTED = [each for each in DECLARED if each.declared and "POST" in each.declared.verbs and each.declared.scope in PAGES]
BUTTONS = {
    "sign-out",
    "language",
    "leave",
    "remove-member",
    "take-case",
    "withdraw-consent",
    "erase-customer",
    "revoke-key",
    "revoke-device",
    "remove-channel",
    "send-again",
    "close-survey",
    "reopen-survey",
    "retire-place",
    "restore-place",
    "begin-survey",
    "edit-survey",
    "undo-survey",
    "drop-survey",
    "publish-survey-draft",
    "cancel-import",
    "put-in-force",
    "end-shared-map",
    "ask-here",
    "begin-design",
    "edit-design",
    "undo-design",
    "publish-design",
    "drop-design",
    "change-remark",
    "withdraw-invitations",
    "word-invitations",  # without words it means the usual ones
}
"""Nothing is typed there: what they ask for is done, or refused by a page of its own."""
OTHERWISE = {
    "set-up",
    "sign-in-code",
    "survey",
    "survey-keep",
    "invited",
    "invited-keep",
    "invited-seen",
    "kiosk-keep",
    "kiosk-alive",
    "invited-unsubscribe",
    "design-touchpoint",
    "preview-service",
    "make-remark",
    "survey-change",
    "survey-photos",
    "survey-photos-remove",
    "receipt-delete",
    "receipt-card",
} | {face.part_name for face in FACES.values()}
"""The first two are tried below, a touchpoint in `test_studio.py`, the parts of a face in `test_faces.py`; a preview
shows what can be read by now. A remark and a respondent's form lead on to the page that says what is wrong, and so does
what is done with a code that finds nothing, whose card is for the page's script; what is sent as data is told as data.
"""
NOBODY = {"sign-in", "join"}
FORMS = [each for each in POSTED if each.declared and each.declared.name not in BUTTONS | OTHERWISE]
NONSENSE = {
    "address": "no address", "email": "nobody", "name": "", "role": "king", "scope": "all", "timezone": "Moon/Crater",
    "least_cell": "many",
    "resets_after": "soon", "item": "", "text": "", "note": "", "code": "", "source": "", "password": "",
    "current": "", "language": "klingon", "colour": "klingon", "origins": "nowhere",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("address", FORMS, ids=name)
def test_a_form_filled_in_with_nonsense_is_refused_by_its_status(clinic: Clinic, address: Address) -> None:
    assert address.declared
    where = address.filled(possessions(clinic.olivia, clinic, OUTPATIENT))
    who = Client() if address.declared.name in NOBODY else browser_of(clinic.olivia)
    assert who.post(where, NONSENSE).status_code == 422, (
        "a form in which something is wrong comes back with 422; a button without fields is named in BUTTONS"
    )


@pytest.mark.django_db
def test_a_site_of_a_number_that_no_database_can_hold_is_refused_like_any_that_is_not_there(clinic: Clinic) -> None:
    asked = {"email": "new@harbour.example", "role": "viewer"}
    told = [
        browser_of(clinic.olivia).post("/w/harbour/people/invite/", {**asked, "sites": site}).status_code
        for site in (10**20, 10**9, "x")
    ]
    assert told == [422, 422, 422]


@pytest.mark.django_db
def test_the_first_set_up_is_refused_by_its_status() -> None:
    assert Client().post(f"/set-up/?code={set_up_code()}", NONSENSE).status_code == 422


@pytest.mark.django_db
def test_what_is_asked_for_by_address_alone_is_refused_by_its_status_and_says_why(clinic: Clinic) -> None:
    reply = browser_of(clinic.wu).get("/w/harbour/outpatient/data/take-back/", headers={"accept-language": "en"})
    assert (reply.status_code, "Name a source." in reply.content.decode()) == (422, True)


@pytest.mark.django_db
def test_a_wrong_password_is_refused_by_its_status_and_a_right_one_leads_on(clinic: Clinic) -> None:
    given = {"email": "wu@harbour.example", "password": "wrong"}
    assert [Client().post("/sign-in/", {**given, **more}).status_code for more in ({}, {"password": PASSWORD})] == [
        422,
        302,
    ]


@pytest.mark.parametrize("odd", ["\u202enoitcerid", "be\x07ll", "two\nlines", "\u2066inside"])
def test_a_line_with_a_character_that_nobody_sees_is_refused_and_says_so(clinic: Clinic, odd: str) -> None:
    """It would turn round or hide what stands beside it wherever others read a name or a note."""
    wu = browser_of(clinic.wu)
    answer = wu.post("/w/harbour/outpatient/versions/links/", {"reader": f"Board {odd}", "until": "2026-12-31"})
    assert (answer.status_code, "an invisible control character" in answer.content.decode()) == (422, True)
    fine = {"reader": "董事會 – ملخص", "until": "2026-12-31"}
    assert wu.post("/w/harbour/outpatient/versions/links/", fine).status_code == 302
