from __future__ import annotations

import re

import pytest
from django.test import Client

from peakend_web.models import ApiKey, AuditEntry, Membership, Role
from tests.web.conftest import Clinic, browser_of

NEW_PASSWORD = "seven herons over the harbour"  # noqa: S105


def text_of(response: object) -> str:
    html = re.sub(r"<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_wu_invites_lin_and_gives_her_the_link_that_is_shown_once(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    page = wu.post(
        "/w/harbour/people/invite/",
        {"email": "lin@harbour.example", "role": "frontline", "sites": [clinic.east.pk]},
        follow=True,
    )
    (link,) = re.findall(r"http://testserver(/join/[\w-]+/)", page.content.decode())
    assert "/join/" not in wu.get("/w/harbour/people/").content.decode()
    lin = Client()
    assert lin.post(link, {"name": "Lin", "password": NEW_PASSWORD}).headers["Location"] == "/w/harbour/"
    made = Membership.objects.get(person__email="lin@harbour.example")
    assert (made.role, [site.key for site in made.sites.all()]) == ("frontline", ["east"])


def test_the_link_is_there_still_where_wu_changes_the_language_of_the_page_that_shows_it(clinic: Clinic) -> None:
    wu, page = browser_of(clinic.wu), "/w/harbour/people/"
    shown = wu.post(page + "invite/", {"email": "lin@harbour.example", "role": "viewer"}, follow=True).content.decode()
    (link,) = re.findall(r"http://testserver/join/[\w-]+/", shown)
    (brought,) = re.findall(r'name="once" value="([^"]+)"', shown)
    chinese = wu.post(
        "/language/", {"language": "zh-hant", "next": page, "once": brought}, follow=True
    ).content.decode()
    assert ('lang="zh-Hant"' in chinese, link in chinese) == (True, True)
    assert link not in wu.get(page).content.decode()
    olivia = browser_of(clinic.olivia)
    olivia.post("/language/", {"language": "en", "next": page, "once": brought})
    assert link not in olivia.get(page).content.decode(), "it is for whoever made it"


@pytest.mark.parametrize(
    ("posted", "page"),
    [
        ("/w/harbour/people/invite/", "/w/harbour/people/"),
        ("/w/harbour/cases/7/close/", "/w/harbour/cases/7/"),
        ("/w/harbour/outpatient/surveys/3/places/", "/w/harbour/outpatient/surveys/3/"),
        ("/language/", "/"),
        ("/s/abc/answers", "/s/abc"),
    ],
)
def test_an_address_that_forms_post_to_leads_to_the_page_the_form_stands_on(
    clinic: Clinic, posted: str, page: str
) -> None:
    reply = browser_of(clinic.olivia).get(posted)
    assert (reply.status_code, reply.headers["Location"]) == (302, page)


def test_a_mistake_in_an_invitation_is_told_in_the_form(clinic: Clinic) -> None:
    page = browser_of(clinic.wu).post("/w/harbour/people/invite/", {"email": clinic.mei.email, "role": "viewer"})
    assert page.context["form"].non_field_errors() == [
        "mei@harbour.example is a member of this workspace already. Change their role in the list of members instead."
    ]


def test_olivia_changes_victors_role_and_removes_him(clinic: Clinic) -> None:
    olivia, victor = browser_of(clinic.olivia), Membership.objects.get(person=clinic.victor)
    assert olivia.post(f"/w/harbour/people/{victor.pk}/", {"role": "analyst"}).status_code == 302
    victor.refresh_from_db()
    assert victor.role == Role.ANALYST
    assert olivia.post(f"/w/harbour/people/{victor.pk}/remove/").status_code == 302
    assert browser_of(clinic.victor).get("/w/harbour/").status_code == 404


def test_the_last_owner_who_leaves_is_told_why_not(clinic: Clinic) -> None:
    response = browser_of(clinic.olivia).post("/w/harbour/leave/")
    assert (response.status_code, response.context["error"]["id"]) == (409, "web.last_owner")
    assert browser_of(clinic.wu).post("/w/harbour/leave/").headers["Location"] == "/"


def test_a_key_is_shown_once_and_ends_by_one_tap(clinic: Clinic) -> None:
    olivia = browser_of(clinic.olivia)
    page = olivia.post("/w/harbour/keys/", {"name": "Till 3", "scope": "read"}, follow=True)
    (secret,) = re.findall(r"pe_[\w-]{30,}", page.content.decode())
    key = ApiKey.objects.get()
    assert secret not in olivia.get("/w/harbour/keys/").content.decode()
    use = {"headers": {"Authorization": f"Bearer {secret}"}}
    before = Client().get("/api/v1/harbour/outpatient/methods/nps", **use).status_code
    olivia.post(f"/w/harbour/keys/{key.pk}/revoke/")
    assert (before, Client().get("/api/v1/harbour/outpatient/methods/nps", **use).status_code) == (200, 401)


def test_the_trail_says_who_did_what_and_whether_it_holds(clinic: Clinic) -> None:
    olivia = browser_of(clinic.olivia)
    olivia.post("/w/harbour/settings/", {"name": "Harbour", "timezone": "Asia/Taipei"})
    page = text_of(olivia.get("/w/harbour/audit/"))
    assert (
        "Olivia Wang changed the settings of the workspace" in page,
        "The log is complete and unchanged" in page,
    ) == (True, True)
    AuditEntry.objects.filter(workspace=clinic.workspace).update(verb="nothing")
    assert "entry 1 was altered" in text_of(olivia.get("/w/harbour/audit/"))
