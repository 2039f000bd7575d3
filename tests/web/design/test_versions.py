"""A service's design in versions: saved from a file or its text, with every problem by its line, and set apart."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from peakend.service.check import check
from peakend_web.asking import actions as surveys
from peakend_web.design.actions import versions as services
from peakend_web.models import Service, ServiceVersion, Survey
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, left_by
from tests.web.people.test_workspaces import text_of


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
        "Save as the version after 2",
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


def test_a_published_survey_keeps_to_its_version(clinic: Clinic) -> None:
    survey = surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
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
    assert "2 versions of the design; version 2 is in force." in page
    assert "suggestion" in page
    assert "zh-Hans" in page


def test_two_versions_stand_on_one_map_and_changed_words_show_their_difference(clinic: Clinic) -> None:
    """What was removed is hatched, what was added has a plus; the sentences stand below."""
    changed = OUTPATIENT.replace(
        "{id: register, title: {en: Register, zh-Hant: 報到, zh-Hans: 报到}}",
        "{id: greet, title: {en: Be greeted, zh-Hant: 有人招呼, zh-Hans: 有人招呼}, emotion: {planned: 2}}",
    )
    first = OUTPATIENT.replace(
        "zh-Hans: 候诊}}", "zh-Hans: 候诊}, expects: {en: A seat, zh-Hant: 座位, zh-Hans: 座位}}"
    )
    second = changed.replace(
        "zh-Hans: 候诊}}", "zh-Hans: 候诊}, expects: {en: A seat by the window, zh-Hant: 靠窗座位, zh-Hans: 靠窗座位}}"
    )
    for text in (first, second):
        services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text, service=clinic.service)
    page = browser_of(clinic.victor).get("/w/harbour/outpatient/versions/2/3/").content.decode()
    drawn = page[page.index('class="pk-map"') : page.index("</svg>", page.index('class="pk-map"'))]
    assert [drawn.count(f'"pk-{mark}"') for mark in ("removed", "added", "moved")] == [1, 1, 0]
    assert "A seat<ins> by the window</ins>" in page
    assert "Removed: touchpoint “Register” in stage “Arrive”." in page
    assert 'style="' not in drawn


def test_versions_with_the_same_journeys_show_no_map(clinic: Clinic) -> None:
    text = OUTPATIENT.replace("zh-Hant: 東院", "zh-Hant: 東區")
    services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text, service=clinic.service)
    assert "pk-map" not in browser_of(clinic.victor).get("/w/harbour/outpatient/versions/1/2/").content.decode()
