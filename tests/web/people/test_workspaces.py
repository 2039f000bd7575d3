from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from peakend.service.check import check
from peakend_web.asking import actions as collection
from peakend_web.design import actions as services
from peakend_web.models import ApiKey, AuditEntry, Case, Membership, Role, Service, ServiceVersion, Survey
from peakend_web.recovery import actions as cases
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, left_by

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


# --- services and their versions


def test_wu_saves_a_version_from_a_file_and_sees_what_changed(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    changed = OUTPATIENT.replace("Wait to be called", "Wait with a number")
    upload = SimpleUploadedFile("outpatient.yaml", changed.encode())
    response = wu.post("/w/harbour/outpatient/versions/new/", {"file": upload, "note": "Numbers on a screen"})
    assert response.headers["Location"] == "/w/harbour/outpatient/versions/"
    saved = Service.objects.get(slug="outpatient", workspace=clinic.workspace).current
    assert saved
    assert (saved.number, saved.text, saved.note, saved.made_by, saved.document["service"]) == (
        2,
        changed,
        "Numbers on a screen",
        clinic.wu,
        "outpatient",
    )
    assert left_by(clinic.workspace)[-1] == (
        1, "Wu", "save_service_version", "service", {"number": 1}, {"number": 2, "note": "Numbers on a screen"},
    )  # fmt: skip
    shown = text_of(wu.get("/w/harbour/outpatient/versions/1/2/"))
    assert "Wait to be called” → “Wait with a number”" in shown
    assert wu.get("/w/harbour/outpatient/versions/1/").content.decode() == OUTPATIENT


def test_every_problem_of_a_document_is_shown_with_its_line_and_the_text_is_not_lost(clinic: Clinic) -> None:
    broken = OUTPATIENT.replace("kind: nps", "kind: npss").replace("to: head-nurse", "to: nobody")
    response = browser_of(clinic.wu).post("/w/harbour/outpatient/versions/new/", {"text": broken})
    lines = [broken[: broken.index(part)].count("\n") + 1 for part in ("kind: npss",)]
    assert response.status_code == 422
    assert [
        problem["at"].startswith(f"line {line}, ")
        for problem, line in zip(response.context["problems"], lines, strict=False)
    ] == [True]
    assert response.context["form"]["text"].value() == broken
    assert ServiceVersion.objects.filter(service=clinic.service).count() == 1


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00bad", b"a: &x [*x, *x]", b"", b"- just\n- a list\n", b"service: [1", b"\x00"]
)
def test_a_file_that_is_no_document_is_refused_with_words(clinic: Clinic, body: bytes) -> None:
    response = browser_of(clinic.wu).post(
        "/w/harbour/services/new/", {"file": SimpleUploadedFile("x.yaml", body), "text": ""}
    )
    assert (response.status_code, Service.objects.filter(workspace=clinic.workspace).count()) == (422, 1)
    assert response.context["problems"] or response.context["form"].errors


def test_a_document_of_another_service_does_not_become_a_version_of_this_one(clinic: Clinic) -> None:
    other = OUTPATIENT.replace("service: outpatient", "service: ward")
    response = browser_of(clinic.wu).post("/w/harbour/outpatient/versions/new/", {"text": other})
    assert "This document is of the service “ward”; here it is “outpatient”." in str(
        response.context["form"].non_field_errors()
    )
    made = browser_of(clinic.wu).post("/w/harbour/services/new/", {"text": other})
    assert made.headers["Location"] == "/w/harbour/ward/surveys/"


@pytest.mark.parametrize("name", ["people", "settings", "護理"])
def test_a_service_cannot_take_an_address_of_the_workspace(clinic: Clinic, name: str) -> None:
    text = OUTPATIENT.replace("service: outpatient", f"service: {name}")
    response = browser_of(clinic.wu).post("/w/harbour/services/new/", {"text": text})
    assert f"“{name}” cannot be the address of a service." in str(response.context["form"].non_field_errors())


def test_the_text_that_is_current_already_makes_no_new_version(clinic: Clinic) -> None:
    saved = services.save_service_version(
        actor=clinic.wu, workspace=clinic.workspace, text=OUTPATIENT, service=clinic.service
    )
    assert (saved.number, left_by(clinic.workspace)) == (1, [])


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Our service"), ("zh-hant", "我們的服務"), ("zh-hans", "我们的服务")]
)
def test_a_first_service_is_saved_and_published_from_the_example_as_it_stands(
    clinic: Clinic, language: str, title: str
) -> None:
    clinic.wu.language = language
    clinic.wu.save()
    wu = browser_of(clinic.wu)
    for slug in ("our-service", "our-service-2"):
        given = wu.get("/w/harbour/services/new/").context["form"].initial
        led = wu.post("/w/harbour/services/new/", given)
        assert led.headers["Location"] == f"/w/harbour/{slug}/surveys/"
        page = wu.get(led.headers["Location"]).content.decode()
        assert title in page.partition("<main")[2], "the message names what was made and what comes next"
        assert wu.post(f"/w/harbour/{slug}/surveys/publish/", {"item": "after-visit"}).status_code == 302
    survey = Survey.objects.get(service__slug="our-service")
    asked = Client().get(f"/s/{survey.address}")
    assert (asked.status_code, asked.content.decode().count("<textarea")) == (200, 1)
    assert [problem.level for problem in check(given["text"])] == []


def test_a_new_service_brings_its_sites_and_a_known_one_keeps_its_name(clinic: Clinic) -> None:
    text = OUTPATIENT.replace("service: outpatient", "service: ward").replace("{id: west,", "{id: north,")
    services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text)
    assert list(clinic.workspace.sites.values_list("key", "name")) == [
        ("east", "East"),
        ("north", "West"),
        ("west", "West"),
    ]


def test_wu_saves_over_what_olivia_saved_meanwhile_only_when_she_has_seen_it(clinic: Clinic) -> None:
    wu, olivia, at = browser_of(clinic.wu), browser_of(clinic.olivia), "/w/harbour/outpatient/versions/new/"
    begun = {who: browser.get(at).context["form"]["base"].value() for who, browser in (("wu", wu), ("olivia", olivia))}
    assert begun == {"wu": 1, "olivia": 1}
    theirs, hers = (
        OUTPATIENT.replace("Wait to be called", name) for name in ("Wait with a number", "Wait in the hall")
    )
    assert olivia.post(at, {"text": theirs, "base": 1, "note": "Numbers"}).status_code == 302
    refused = wu.post(at, {"text": hers, "base": 1})
    shown = text_of(refused)
    assert (refused.status_code, ServiceVersion.objects.filter(service=clinic.service).count()) == (409, 2)
    for part in (
        "Olivia Wang saved version 2",
        "Numbers",
        "Wait to be called” → “Wait with a number”",
        "Save on top of version 2",
    ):
        assert part in shown
    assert "/w/harbour/outpatient/versions/1/2/" in refused.content.decode()
    form = refused.context["form"]
    assert (form["text"].value(), form["base"].value()) == (hers, 2)
    assert wu.post(at, {"text": hers, "base": 2}).status_code == 302
    assert ServiceVersion.objects.get(service=clinic.service, number=3).text == hers


def test_a_new_service_is_no_new_version_of_one_that_somebody_made_meanwhile(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    refused = wu.post("/w/harbour/services/new/", {"text": OUTPATIENT + "# mine\n", "base": 0})
    assert (refused.status_code, ServiceVersion.objects.filter(service=clinic.service).count()) == (409, 1)
    assert "Olivia Wang saved version 1" in text_of(refused)


def test_the_verb_refuses_what_was_made_from_another_version(clinic: Clinic) -> None:
    save = {"actor": clinic.wu, "workspace": clinic.workspace, "service": clinic.service}
    services.save_service_version(text=OUTPATIENT + "# 2\n", base=1, **save)
    with pytest.raises(services.NewerVersion, match=r"web\.newer_version"):
        services.save_service_version(text=OUTPATIENT + "# 3\n", base=1, **save)
    assert services.save_service_version(text=OUTPATIENT + "# 2\n", base=1, **save).number == 2


# --- cases


def test_nurse_chen_reads_takes_and_closes_a_case_in_three_taps(clinic: Clinic) -> None:
    case = cases.open_case(
        actor=None, service=clinic.service, source="s", source_key="k", response="r", site="east", touchpoint="wait",
        value=1, low=1, high=5,
        words="<b>等了兩個小時</b>",
    )  # fmt: skip
    assert case
    chen = browser_of(clinic.chen)
    assert "&lt;b&gt;等了兩個小時&lt;/b&gt;" in chen.get("/w/harbour/cases/").content.decode()
    here = f"/w/harbour/cases/{case.pk}/"
    assert [chen.post(here + "take/").headers["Location"], chen.get(here).status_code] == [here, 200]
    assert chen.post(here + "close/", {"note": ""}).context["form"].errors
    assert chen.post(here + "close/", {"note": "已致電道歉。"}).headers["Location"] == "/w/harbour/cases/"
    assert "已致電道歉。" in chen.get(here).content.decode()
    assert Case.objects.get().closed_by == clinic.chen


def test_a_published_survey_keeps_to_its_version(clinic: Clinic) -> None:
    survey = collection.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    services.save_service_version(
        actor=clinic.wu, workspace=clinic.workspace, text=OUTPATIENT + "# v2\n", service=clinic.service
    )
    survey.refresh_from_db()
    assert survey.version.number == 1


def test_a_text_that_lacks_a_language_is_said_beside_the_versions(clinic: Clinic, olivia: Client) -> None:
    lacking = OUTPATIENT.replace(
        "title: {en: Register, zh-Hant: 報到, zh-Hans: 报到}", "title: {en: Register, zh-Hant: 報到}"
    )
    olivia.post("/w/harbour/outpatient/versions/new/", {"text": lacking, "note": "", "base": "1"})
    page = olivia.get("/w/harbour/outpatient/versions/").content.decode()
    assert "suggestion" in page
    assert "zh-Hans" in page
