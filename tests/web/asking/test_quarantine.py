"""What waits in quarantine is listed with its reasons, and somebody lets it count or deletes it."""

from __future__ import annotations

from typing import Any

import pytest

from peakend_web.models import Answer, Case, Response, Survey
from peakend_web.recovery.jobs import open_from_answers
from peakend_web.store import columnar
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.findings.test_pages import HOME, read
from tests.web.store.test_aside import counts
from tests.web.surveys import clinic_survey, said, send

FLOOD = 12


@pytest.fixture
def flooded(clinic: Clinic) -> Survey:
    """Two guests, and a machine that has found the address but no page."""
    survey = clinic_survey(clinic)
    for at in range(2):
        send(survey, said("recommend", 9), response=f"a-guest-of-the-day-{at}", key=f"key-of-guest-{at}")
    for at in range(FLOOD):
        forged = [said("recommend", 0), said("why", "Buy cheap pills at 0912345678")]
        send(survey, *forged, response=f"forged-without-end-{at:02d}", key=f"forged-{at:02d}", token="")
    return survey


def page_of(survey: Survey) -> str:
    return f"{HOME}surveys/{survey.pk}/quarantine/"


def test_the_page_says_how_many_wait_and_why_and_what_they_wrote_without_its_numbers(
    clinic: Clinic, flooded: Survey
) -> None:
    page = read(browser_of(clinic.wu), page_of(flooded))
    assert "12 responses are kept here and are in no figure" in page
    assert "12 · It did not come from a page of ours." in page
    assert ("12 × Buy cheap pills at •••" in page, "0912345678" in page) == (True, False)
    assert "12 responses are in quarantine" in read(browser_of(clinic.wu), f"{HOME}surveys/")
    assert "cheap pills" not in read(browser_of(clinic.victor), page_of(flooded)), "Victor reads no words"


def post(clinic: Clinic, survey: Survey, verb: str, **sent: Any) -> int:
    return browser_of(clinic.wu).post(f"{page_of(survey)}{verb}/", sent).status_code


def test_what_somebody_lets_count_counts_and_is_not_set_apart_again(clinic: Clinic, flooded: Survey) -> None:
    one = Response.objects.filter(aside="quarantine").order_by("pk").first()
    assert one
    assert (counts(clinic.olivia, clinic), post(clinic, flooded, "release", response=[one.pk])) == (
        {"counted": 2, "sure": 2, "all": 14},
        302,
    )
    assert counts(clinic.olivia, clinic) == {"counted": 3, "sure": 3, "all": 14}
    send(flooded, said("recommend", 1, 2), response="forged-without-end-00", key="forged-again", token="")
    assert counts(clinic.olivia, clinic) == {"counted": 3, "sure": 3, "all": 14}
    assert post(clinic, flooded, "release", reason="no_token") == 302
    assert (counts(clinic.olivia, clinic)["counted"], columnar.verify(clinic.workspace.pk)) == (14, [])


def test_what_somebody_deletes_is_gone_with_its_words(clinic: Clinic, flooded: Survey) -> None:
    assert post(clinic, flooded, "delete", reason="no_token") == 302
    assert (Response.objects.count(), Answer.objects.count()) == (2, 2)
    assert counts(clinic.olivia, clinic) == {"counted": 2, "sure": 2, "all": 2}
    assert "Nothing waits here" in read(browser_of(clinic.wu), page_of(flooded))


@pytest.mark.parametrize("verb", ["release", "delete"])
def test_each_verb_leaves_how_many_and_by_whom(clinic: Clinic, flooded: Survey, verb: str) -> None:
    post(clinic, flooded, verb, reason="no_token")
    _, who, told, about, before, after = left_by(clinic.workspace)[-1]
    assert (who, told, about, before, after) == ("Wu", f"{verb}_responses", "survey", None, {"responses": 12})


def test_whoever_does_not_lead_decides_nothing(clinic: Clinic, flooded: Survey) -> None:
    for verb in ("release", "delete"):
        reply = browser_of(clinic.victor).post(f"{page_of(flooded)}{verb}/", {"reason": "no_token"})
        assert reply.status_code == 403
    assert counts(clinic.olivia, clinic) == {"counted": 2, "sure": 2, "all": 14}


def test_a_low_score_in_quarantine_opens_no_case_until_it_counts(clinic: Clinic, flooded: Survey) -> None:
    open_from_answers(workspace=clinic.workspace)
    before = Case.objects.count()
    post(clinic, flooded, "release", reason="no_token")
    open_from_answers(workspace=clinic.workspace)
    assert (before, Case.objects.count()) == (0, 12)
