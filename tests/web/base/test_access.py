"""Who comes in where, told as stories; the whole of it is in `test_access_matrix.py`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from peakend_web.base.grants import GRANTS
from peakend_web.models import Membership, Role
from peakend_web.people.actions import people
from peakend_web.recovery import actions as cases
from tests.web.conftest import Clinic, browser_of


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.FRONTLINE, Role.VIEWER])
def test_a_role_that_is_taken_away_is_gone_at_the_next_request(clinic: Clinic, role: Role) -> None:
    membership = Membership.objects.create(workspace=clinic.workspace, person=clinic.sam, role=role)
    browser = browser_of(clinic.sam)
    before = browser.get("/w/harbour/services/").status_code
    people.remove_member(actor=clinic.olivia, membership=membership)
    assert (before, browser.get("/w/harbour/services/").status_code) == (200, 404)


def test_a_member_of_one_site_sees_no_case_of_another(clinic: Clinic) -> None:
    own, other = (
        cases.open_case(
            actor=None,
            service=clinic.service,
            source="s",
            source_key=site,
            response=f"r-{site}",
            site=site,
            words=f"{site} was cold",
        )
        for site in ("east", "west")
    )
    assert own
    assert other
    browser = browser_of(clinic.chen)
    page = browser.get("/w/harbour/cases/").content.decode()
    assert ("east was cold" in page, "west was cold" in page) == (True, False)
    assert [browser.get(f"/w/harbour/cases/{case.pk}/").status_code for case in (own, other)] == [200, 404]


def test_an_invitation_ends_by_itself(clinic: Clinic) -> None:
    invitation, secret = people.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="late@harbour.example", role=Role.VIEWER
    )
    invitation.expires_at = timezone.now() - timedelta(seconds=1)
    invitation.save()
    assert Client().get(f"/join/{secret}/").status_code == 404


RULES = {
    "see_results": "owner manager analyst frontline viewer",
    "see_words": "owner manager analyst frontline",
    "export_rows": "owner analyst",
    "see_service": "owner manager analyst frontline viewer",
    "edit_service": "owner manager",
    "see_surveys": "owner manager analyst frontline viewer",
    "publish_survey": "owner manager",
    "import_facts": "owner manager analyst",
    "take_back": "owner manager",
    "see_cases": "owner manager analyst frontline",
    "work_cases": "owner manager frontline",
    "see_people": "owner manager",
    "manage_people": "owner manager",
    "manage_workspace": "owner",
    "manage_keys": "owner",
    "see_audit": "owner",
}


def test_each_permission_is_of_the_roles_it_is_meant_for(clinic: Clinic) -> None:
    roles = {
        "owner": clinic.olivia,
        "manager": clinic.wu,
        "analyst": clinic.mei,
        "frontline": clinic.chen,
        "viewer": clinic.victor,
        "stranger": clinic.sam,
    }
    assert {
        rule: " ".join(role for role, who in roles.items() if GRANTS[rule].test(who, clinic.workspace))
        for rule in GRANTS
    } == RULES
