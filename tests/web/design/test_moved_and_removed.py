"""What was answered about a touchpoint stays with it wherever it is moved to, under its last name when it is gone."""

from __future__ import annotations

import pytest

from peakend.service.edits import Edit
from peakend_web.design.actions import drafts
from peakend_web.design.queries import document_at
from peakend_web.models import Answer, Case, Draft
from peakend_web.recovery.actions import open_case
from tests.web.answers import deliver, rate
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, read

WAIT = "touchpoints:wait"


@pytest.fixture
def rated(clinic: Clinic) -> Clinic:
    """Forty patients rated the wait, forty registering; one of them waits for an answer."""
    deliver(clinic.service, [*rate("wait", 2, 40), *rate("register", 4, 40)])
    open_case(
        actor=None, service=clinic.service, source="test", source_key="k", response="r1", site="east",
        touchpoint="wait", value=1.0,
    )  # fmt: skip
    return clinic


def published(clinic: Clinic, *edits: Edit) -> None:
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    for edit in edits:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    drafts.publish_draft(actor=clinic.wu, draft=draft)
    clinic.service.refresh_from_db()


def told(clinic: Clinic) -> tuple[str, str]:
    """What the page of satisfaction says of each touchpoint, and what the list of cases says."""
    browser = browser_of(clinic.wu)
    return read(browser, f"{HOME}methods/csat/"), read(browser, "/w/harbour/cases/?state=all")


def test_a_touchpoint_that_is_moved_ten_times_keeps_its_id_its_answers_and_its_cases(rated: Clinic) -> None:
    """Acceptance 30."""
    before = told(rated)
    places = ["consult", "arrive"] * 5
    published(rated, *(Edit("move", WAIT, around=f"stages:{place}", after="") for place in places))
    draft = drafts.open_draft(actor=rated.wu, service=rated.service)
    points = [part["id"] for part in document_at(draft).parts("stages:arrive", "touchpoints")]
    assert points == ["wait", "register"]
    assert (Answer.objects.filter(touchpoint="wait").count(), Case.objects.get().touchpoint) == (40, "wait")
    assert ["Wait to be called" in page for page in before] == ["Wait to be called" in page for page in told(rated)]
    assert "Wait to be called" in told(rated)[1]


def test_a_touchpoint_that_was_removed_is_read_under_its_last_name(rated: Clinic) -> None:
    """Acceptance 34."""
    published(rated, Edit("set_text", WAIT, "title", "en", "Wait with a number"))
    published(rated, Edit("remove", WAIT))
    assert [Answer.objects.filter(touchpoint="wait").count(), Draft.objects.filter(ended_at=None).count()] == [40, 0]
    figures, cases = told(rated)
    assert "Wait with a number" in figures
    assert "Wait with a number" in cases
