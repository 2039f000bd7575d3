from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from peakend_web import settings as configured
from peakend_web.models import Membership, Person, Role, Workspace
from peakend_web.people import totp
from peakend_web.people.actions import members, second_factor
from peakend_web.running import demo
from peakend_web.running.views import entry_to, set_up_code
from tests.web.conftest import PASSWORD, Clinic, browser_of

NEW_PASSWORD = "seven herons over the harbour"  # noqa: S105


def errors_of(response: Any) -> dict[str, list[str]]:
    return {field: list(words) for field, words in response.context["form"].errors.items()}


def signed_in_as(client: Client) -> Person | None:
    return Person.objects.filter(pk=client.session.get("_auth_user_id")).first()


def code_of(person: Person, later: int = 0) -> str:
    factor = person.second_factor
    return totp.code_at(second_factor.secret_of(factor), int(time.time() // totp.STEP) + later)


SET_UP = {
    "name": "Olivia Wang",
    "email": "Olivia@Harbour.example",
    "password": PASSWORD,
    "workspace": "Harbour Clinic",
    "timezone": "Asia/Taipei",
}


@pytest.mark.django_db
def test_the_first_visitor_sets_up_and_is_in_the_workspace_at_once() -> None:
    browser = Client()
    assert browser.get("/").headers["Location"] == "/set-up/"
    assert browser.get(set_up_at()).status_code == 200
    assert browser.post(set_up_at(), SET_UP).headers["Location"] == "/"
    assert browser.get("/").headers["Location"] == "/w/harbour-clinic/"
    workspace = Workspace.objects.get()
    assert (workspace.name, workspace.timezone, signed_in_as(browser)) == (
        "Harbour Clinic",
        "Asia/Taipei",
        Person.objects.get(email="olivia@harbour.example"),
    )
    assert Client().get("/").headers["Location"] == "/sign-in/"
    again = Client().post("/set-up/", {**SET_UP, "email": "sam@lakeside.example"})
    assert (again.status_code, again.context["error"]["id"], Person.objects.count()) == (409, "web.set_up_done", 1)


def set_up_at() -> str:
    return f"/set-up/?code={set_up_code()}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "way",
    [
        {},
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_HOST": "127.0.0.1"},
    ],
)
def test_the_first_visitor_needs_the_code_that_the_server_printed_also_on_this_machine(way: dict[str, str]) -> None:
    """Behind a proxy or a tunnel on the same machine everybody comes from this machine."""
    for code in ("", "?code=", "?code=000000000000", f"?code={set_up_code()[:-1]}"):
        refused = Client(**way).post(f"/set-up/{code}", SET_UP)
        assert (refused.status_code, refused.context["error"]["id"], Person.objects.count()) == (
            403,
            "web.set_up_code",
            0,
        )
    assert Client(**way).post(set_up_at(), SET_UP).status_code == 302
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_what_is_missing_is_said_beside_its_field() -> None:
    response = Client().post(set_up_at(), {**SET_UP, "email": "not an address", "password": "short"})
    assert set(errors_of(response)) == {"email"}
    response = Client().post(set_up_at(), {**SET_UP, "password": "short"})
    assert set(errors_of(response)) == {"password"}
    assert Person.objects.count() == 0


def test_olivia_signs_in_however_she_spells_her_email_and_goes_where_she_wanted(clinic: Clinic) -> None:
    browser = Client()
    wanted = browser.get("/w/harbour/people/").headers["Location"]
    assert wanted == "/sign-in/?next=/w/harbour/people/"
    response = browser.post(
        wanted, {"email": "OLIVIA@harbour.example", "password": PASSWORD, "next": "/w/harbour/people/"}
    )
    assert (response.headers["Location"], signed_in_as(browser)) == ("/w/harbour/people/", clinic.olivia)


def test_signing_in_leads_to_no_other_host(clinic: Clinic) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        response = Client().post("/sign-in/", {"email": clinic.wu.email, "password": PASSWORD, "next": elsewhere})
        assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The e-mail address or the password is wrong. Check both; capital letters count in the password."),
        ("zh-TW", "電子郵件或密碼不正確。請檢查兩者；密碼會區分大小寫。"),
        ("zh-CN", "电子邮箱或密码不正确。请检查两者；密码区分大小写。"),
    ],
)
@pytest.mark.parametrize("email", ["olivia@harbour.example", "nobody@harbour.example"])
def test_a_wrong_password_and_an_unknown_email_are_told_alike_in_the_readers_language(
    clinic: Clinic, language: str, told: str, email: str
) -> None:
    response = Client(HTTP_ACCEPT_LANGUAGE=language).post("/sign-in/", {"email": email, "password": "wrong"})
    assert (response.status_code, errors_of(response)) == (422, {"__all__": [told]})


def test_guessing_is_stopped_there_and_not_elsewhere(clinic: Clinic) -> None:
    guesser = {"REMOTE_ADDR": "203.0.113.9"}
    told = [
        Client(**guesser).post("/sign-in/", {"email": clinic.wu.email, "password": f"guess {n}"}).status_code
        for n in range(9)
    ]
    assert told == [422] * 7 + [429] * 2
    assert Client(**guesser).post("/sign-in/", {"email": clinic.wu.email, "password": PASSWORD}).status_code == 429
    assert (
        Client(REMOTE_ADDR="203.0.113.8")
        .post("/sign-in/", {"email": clinic.wu.email, "password": PASSWORD})
        .status_code
        == 302
    )
    assert Client(**guesser).post("/sign-in/", {"email": clinic.mei.email, "password": PASSWORD}).status_code == 302


def test_a_claimed_address_does_not_help_a_guesser(clinic: Clinic) -> None:
    tries = [
        Client(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
        .post("/sign-in/", {"email": clinic.wu.email, "password": "x"})
        .status_code
        for n in range(9)
    ]
    assert tries[-1] == 429


def test_nurse_chen_signs_in_with_her_password_and_her_app(clinic: Clinic) -> None:
    browser = browser_of(clinic.chen)
    assert browser.get("/account/second-factor/").status_code == 200
    page = browser.post("/account/second-factor/", {"code": code_of(clinic.chen)}, follow=True)
    recovery = page.context["codes"]
    phone = Client()
    assert (
        phone.post(
            "/sign-in/", {"email": clinic.chen.email, "password": PASSWORD, "next": "/w/harbour/cases/"}
        ).headers["Location"]
        == "/sign-in/code/"
    )
    assert (signed_in_as(phone), phone.get("/w/harbour/cases/").status_code) == (None, 302)
    assert phone.post("/sign-in/code/", {"code": code_of(clinic.chen)}).status_code == 422, (
        "the code that was used to begin is spent"
    )
    assert phone.post("/sign-in/code/", {"code": code_of(clinic.chen, 1)}).headers["Location"] == "/w/harbour/cases/"
    assert signed_in_as(phone) == clinic.chen
    lost = Client()
    lost.post("/sign-in/", {"email": clinic.chen.email, "password": PASSWORD})
    assert lost.post("/sign-in/code/", {"code": recovery[0]}).headers["Location"] == "/"


def test_wrong_codes_count_as_wrong_passwords_do(clinic: Clinic) -> None:
    second_factor.begin_second_factor(actor=clinic.chen)
    second_factor.confirm_second_factor(actor=clinic.chen, code=code_of(clinic.chen))
    guesser = Client()
    told = []
    for _ in range(9):
        guesser.post("/sign-in/", {"email": clinic.chen.email, "password": PASSWORD})
        told.append(guesser.post("/sign-in/code/", {"code": "00000-00000"}).status_code)
    assert told == [422] * 7 + [429] * 2
    assert guesser.post("/sign-in/", {"email": clinic.chen.email, "password": PASSWORD}).status_code == 429
    assert signed_in_as(guesser) is None


def test_the_code_alone_opens_nothing(clinic: Clinic) -> None:
    assert Client().post("/sign-in/code/", {"code": "123456"}).headers["Location"] == "/sign-in/"


def test_lin_joins_by_her_link(clinic: Clinic) -> None:
    _, secret = members.invite(
        actor=clinic.wu, workspace=clinic.workspace, email="lin@harbour.example", role=Role.FRONTLINE
    )
    browser = Client(HTTP_ACCEPT_LANGUAGE="zh-TW")
    assert browser.get(f"/join/{secret}/").status_code == 200
    assert (
        browser.post(f"/join/{secret}/", {"name": "Lin", "password": NEW_PASSWORD}).headers["Location"] == "/w/harbour/"
    )
    lin = signed_in_as(browser)
    assert lin is not None
    assert (lin.email, lin.language, Membership.objects.get(person=lin).role) == (
        "lin@harbour.example",
        "zh-hant",
        "frontline",
    )
    assert Client().get(f"/join/{secret}/").status_code == 404


def test_victor_changes_his_language_by_hand_and_it_stays_with_him(clinic: Clinic) -> None:
    browser = browser_of(clinic.victor)
    response = browser.post("/language/", {"language": "zh-hans", "next": "/account/"})
    assert (response.headers["Location"], response.cookies["peakend_language"].value) == ("/account/", "zh-hans")
    assert (
        Person.objects.get(pk=clinic.victor.pk).language,
        b'lang="zh-Hans"' in browser.get("/account/").content,
    ) == ("zh-hans", True)
    assert browser.post("/language/", {"language": "xx"}).status_code == 400


def test_a_new_password_ends_every_other_session(clinic: Clinic) -> None:
    here, elsewhere = browser_of(clinic.mei), browser_of(clinic.mei)
    wrong = here.post("/account/password/", {"current": "not it", "password": NEW_PASSWORD})
    assert wrong.status_code == 422
    assert (
        here.post("/account/password/", {"current": PASSWORD, "password": NEW_PASSWORD}).headers["Location"]
        == "/account/"
    )
    assert (here.get("/account/").status_code, elsewhere.get("/account/").status_code) == (200, 302)


def test_passwords_are_kept_with_argon2() -> None:

    assert configured.PASSWORD_HASHERS[0].endswith("Argon2")


def test_a_person_who_may_no_longer_sign_in_is_out_at_the_next_request(clinic: Clinic) -> None:
    browser = browser_of(clinic.mei)
    Person.objects.filter(pk=clinic.mei.pk).update(is_active=False)
    assert browser.get("/w/harbour/").headers["Location"] == "/sign-in/?next=/w/harbour/"


def test_signing_out_ends_the_session_on_the_server(clinic: Clinic) -> None:
    browser = browser_of(clinic.mei)
    session = browser.cookies["peakend_session"].value
    assert browser.post("/sign-out/").headers["Location"] == "/sign-in/"
    replayed = Client()
    replayed.cookies["peakend_session"] = session
    assert replayed.get("/account/").status_code == 302


def test_the_demos_link_lets_in_to_samples_and_to_nothing_else(clinic: Clinic) -> None:
    visitor = Person.objects.create_user(demo.EMAIL, name="Demo")
    way_in = entry_to(visitor)
    browser = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert (browser.get(way_in).headers["Location"], signed_in_as(browser)) == ("/", visitor)
    assert b'lang="zh-Hans"' in browser.get("/account/").content
    Membership.objects.create(workspace=clinic.workspace, person=visitor, role=Role.VIEWER)
    assert Client().get(way_in).status_code == 404
    assert [Client().get(entry_to(clinic.olivia)).status_code, Client().get("/enter/made-up/").status_code] == [
        404,
        404,
    ]


@pytest.mark.django_db
def test_whoever_sets_up_may_bring_the_samples_along() -> None:
    browser = Client()
    assert browser.post(set_up_at(), {**SET_UP, "samples": "on"}).status_code == 302
    olivia = Person.objects.get()
    assert list(olivia.memberships.values_list("workspace__slug", "workspace__demo", "role")) == [
        ("harbour-clinic", False, "owner"),
        ("demo", True, "owner"),
    ]
    assert browser.get("/w/demo/airport/methods/nps.json").json()[0]["n"] == 2746
