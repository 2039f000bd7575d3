"""Manager Wu publishes a survey, hangs its codes up, looks how many have answered, and closes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place, close_survey, publish_survey
from peakend_web.asking.answers import now_us
from peakend_web.asking.render_tokens import make_token
from peakend_web.base.refusals import Denied, Refusal
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Place, Survey
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, left_by, service
from tests.web.surveys import LIN, clinic_survey, hotel_survey, said, send

SURVEYS = "/w/harbour/outpatient/surveys/"


def test_wu_publishes_the_survey_sees_its_link_and_code_and_the_first_person_who_answered(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    assert "No survey is published" in wu.get(SURVEYS).content.decode()
    assert wu.post(f"{SURVEYS}publish/", {"item": "after-visit", "wave": "spring"})["Location"] == SURVEYS
    survey = Survey.objects.get()
    send(survey, said("recommend", 9))
    assert "No answers are shown yet" in wu.get(SURVEYS).content.decode()
    page = browser_of(clinic.olivia).get(SURVEYS).content.decode()
    assert f'<a href="http://testserver/s/{survey.token}">' in page
    assert "1 person has answered, 0 of them to the end" in page
    assert left_by(clinic.workspace) == [
        (1, "Wu", "publish_survey", "survey", None, {"item": "after-visit", "version": 1})
    ]


def test_publishing_twice_is_publishing_once_but_another_round_or_version_is_another_survey(clinic: Clinic) -> None:
    first = clinic_survey(clinic)
    assert clinic_survey(clinic) == first
    assert publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit", wave="autumn") != first
    close_survey(actor=clinic.wu, survey=first)
    assert clinic_survey(clinic) != first
    assert Survey.objects.count() == 3


def test_a_link_cannot_be_guessed_and_is_read_aloud_without_doubt(clinic: Clinic) -> None:
    tokens = {
        publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit", wave=str(wave)).token
        for wave in range(20)
    }
    assert len(tokens) == 20
    assert all(re.fullmatch(r"[a-hjkmnp-z2-9]{12}", token) for token in tokens)


def test_a_place_has_its_own_code_and_the_same_place_is_not_made_twice(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    for _ in range(2):
        made = wu.post(f"{SURVEYS}{survey.pk}/places/", {"label": "Waiting room", "site": "east", "touchpoint": "wait"})
        assert made["Location"] == f"{SURVEYS}{survey.pk}/"
    place = Place.objects.get()
    page = wu.get(f"{SURVEYS}{survey.pk}/").content.decode()
    assert f"http://testserver/s/{place.code}" in page
    assert "Wait to be called" in page
    for printed in (f"/s/{place.code}", f"/s/{survey.token}?at={place.code}"):
        assert f'name="place" value="{place.code}"' in Client().get(printed).content.decode()


COPIED = [
    "{}/",
    "{}.",
    "{}。",
    "{},",
    "{})",
    "{}」",
    " {}",
    "{} ",
    "「{}」",
    "{}，謝謝",
    "<{}>",
    "{}/.",
    "{}//",
    "{}/thanks.",
    "{}%E3%80%82",
]


@pytest.mark.parametrize("copied", COPIED)
def test_a_link_or_code_that_was_copied_with_what_stood_around_it_finds_its_survey(clinic: Clinic, copied: str) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Door")
    for printed in (survey.address, place.code):
        for spelled in (printed, printed.upper(), "".join(chr(ord(each) + 0xFEE0) for each in printed)):
            found = Client().get(f"/s/{copied.format(spelled)}?lang=en")
            assert (found.status_code, found["Location"]) == (303, f"/s/{printed}?lang=en")
    assert Client().get("/s/nosuchcode.").status_code == 404


def test_the_code_of_a_place_copied_behind_an_old_link_is_read_too(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Door")
    page = Client().get(f"/s/{survey.token}", {"at": f"{place.code.upper()}。"}).content.decode()
    assert f'name="place" value="{place.code}"' in page


def test_what_was_printed_leads_to_the_newest_version_and_who_had_the_old_one_open_may_finish(clinic: Clinic) -> None:
    old = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=old, label="Door")
    send(old, said("recommend", 3))
    save_service_version(
        actor=clinic.olivia,
        workspace=clinic.workspace,
        service=clinic.service,
        text=OUTPATIENT.replace("After your visit", "After this visit"),
        note="",
    )
    clinic.service.refresh_from_db()
    new = clinic_survey(clinic)
    forget_all()
    assert (new.pk != old.pk, new.address, new.token != old.token) == (True, old.token, True)
    for printed in (f"/s/{old.token}", f"/s/{place.code}", f"/s/{old.token}?at={place.code}"):
        assert f'data-token="{new.token}"' in Client().get(printed).content.decode()
    assert send(old, said("recommend", 4, revision=2), key="later-key", done=True)[0] == 200
    assert (
        send(new, said("recommend", 5), key="newer-key", response="somebody-else-at-the-door", place=place.code)[0]
        == 200
    )


def test_a_closed_survey_is_opened_again_at_the_same_address_unless_a_newer_one_stands_there(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    place = add_place(actor=clinic.wu, survey=survey, label="Door")
    assert "Yes, close it" in wu.get(SURVEYS).content.decode()
    wu.post(f"{SURVEYS}{survey.pk}/close/")
    forget_all()
    assert Client().get(f"/s/{place.code}").status_code == 410
    assert "Open it again" in wu.get(SURVEYS).content.decode()
    assert wu.post(f"{SURVEYS}{survey.pk}/reopen/")["Location"] == SURVEYS
    forget_all()
    assert Client().get(f"/s/{place.code}").status_code == 200
    wu.post(f"{SURVEYS}{survey.pk}/close/")
    again = clinic_survey(clinic)
    assert again.address == survey.address
    assert "Open it again" not in wu.get(SURVEYS).content.decode()
    assert wu.post(f"{SURVEYS}{survey.pk}/reopen/").status_code == 409
    assert [entry[2] for entry in left_by(clinic.workspace)] == [
        "publish_survey", "add_place", "close_survey", "reopen_survey", "close_survey", "publish_survey",
    ]  # fmt: skip


def forget_all() -> None:
    """The test's transaction never commits, which is when surveys are looked at anew."""
    for token in Survey.objects.values_list("token", flat=True):
        survey_cache.forget(token)


def test_a_code_is_a_picture_that_can_be_printed_and_one_of_an_unknown_place_is_missing(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    place = add_place(actor=clinic.wu, survey=survey, label="Door")
    svg, png = (wu.get(f"{SURVEYS}{survey.pk}/code.{form}?at={place.code}") for form in ("svg", "png"))
    assert (svg["Content-Type"], svg.content[:5]) == ("image/svg+xml", b"<?xml")
    assert (png["Content-Type"], png.content[:4]) == ("image/png", b"\x89PNG")
    assert svg["Content-Disposition"] == f'inline; filename="after-visit-{place.code}.svg"'
    assert wu.get(f"{SURVEYS}{survey.pk}/code.svg?at=nowhere").status_code == 404


def test_closing_ends_it_within_the_next_look_and_a_survey_of_others_is_missing(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    foreign = hotel_survey(clinic)
    assert wu.post(f"{SURVEYS}{foreign.pk}/close/").status_code == 404
    assert wu.post(f"{SURVEYS}{survey.pk}/close/")["Location"] == SURVEYS
    survey_cache.forget(survey.token)
    opened_since = make_token(survey.pk, "", LIN, now_us())
    assert send(survey, said("recommend", 9), token=opened_since)[0] == 410
    assert "Closed" in wu.get(SURVEYS).content.decode()
    close_survey(actor=clinic.wu, survey=survey)
    assert [entry[2] for entry in left_by(clinic.workspace)] == ["publish_survey", "close_survey"]


def test_analyst_mei_looks_but_does_not_publish(clinic: Clinic) -> None:
    mei, survey = browser_of(clinic.mei), clinic_survey(clinic)
    page = mei.get(SURVEYS).content.decode()
    assert survey.token in page
    assert "publish/" not in page
    assert mei.post(f"{SURVEYS}publish/", {"item": "after-visit"}).status_code == 403
    for verb in (
        lambda: publish_survey(actor=clinic.mei, service=clinic.service, item="after-visit"),
        lambda: close_survey(actor=clinic.mei, survey=survey),
    ):
        with pytest.raises(Denied):
            verb()


@pytest.mark.parametrize(
    ("change", "item", "error"),
    [
        (("", ""), "no-such", "survey.not_in_document"),
        (
            ("    items:\n      - id: recommend", "    archived: true\n    items:\n      - id: recommend"),
            "after-visit",
            "survey.archived",
        ),
        (("kind: nps", "kind: nps"), "empty", "survey.no_questions"),
    ],
)
def test_a_survey_that_cannot_be_published_says_why(
    clinic: Clinic, change: tuple[str, str], item: str, error: str
) -> None:
    text = (
        (Path(__file__).parents[1] / "outpatient.yaml")
        .read_text(encoding="utf-8")
        .replace("service: outpatient", "service: other")
        .replace(*change)
    )
    text = text.replace("rules:", "  - {id: empty, title: {en: Empty, zh-Hant: 空, zh-Hans: 空}}\nrules:")
    with pytest.raises(Refusal) as refused:
        publish_survey(actor=clinic.wu, service=service(clinic.workspace, text, clinic.wu), item=item)
    assert refused.value.id == error
    assert not Survey.objects.exists()
