"""Who comes in where, told as stories; the whole of it is in `test_access_matrix.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from peakend_web.apps import GRANTING
from peakend_web.base.grants import GRANTS, Standing, declare
from peakend_web.models import Membership, Role
from peakend_web.people.actions import members
from peakend_web.recovery import actions as cases
from tests.imports import TREES
from tests.web.conftest import Clinic, browser_of


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST, Role.FRONTLINE, Role.VIEWER])
def test_a_role_that_is_taken_away_is_gone_at_the_next_request(clinic: Clinic, role: Role) -> None:
    membership = Membership.objects.create(workspace=clinic.workspace, person=clinic.sam, role=role)
    browser = browser_of(clinic.sam)
    before = browser.get("/w/harbour/services/").status_code
    members.remove_member(actor=clinic.olivia, membership=membership)
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
    invitation, secret = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="late@harbour.example", role=Role.VIEWER
    )
    invitation.expires_at = timezone.now() - timedelta(seconds=1)
    invitation.save()
    assert Client().get(f"/join/{secret}/").status_code == 404


RULES = {
    "see_results": "owner manager analyst frontline viewer",
    "see_words": "owner manager analyst frontline",
    "see_photos": "owner manager analyst frontline",
    "export_rows": "owner analyst",
    "see_service": "owner manager analyst frontline viewer",
    "edit_service": "owner manager",
    "remark": "owner manager analyst frontline viewer",
    "see_surveys": "owner manager analyst frontline viewer",
    "publish_survey": "owner manager",
    "add_place": "owner manager",
    "judge_responses": "owner manager",
    "enter_answers": "owner manager analyst frontline",
    "import_facts": "owner manager analyst",
    "take_back": "owner manager",
    "see_cases": "owner manager analyst frontline",
    "work_cases": "owner manager frontline",
    "see_people": "owner manager",
    "manage_people": "owner manager",
    "manage_workspace": "owner",
    "manage_brand": "owner manager",
    "manage_channels": "owner manager",
    "manage_keys": "owner",
    "manage_devices": "owner manager",
    "invite_customers": "owner manager",
    "see_contacts": "owner manager",
    "change_contacts": "owner manager",
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


def test_every_room_that_gives_permissions_is_loaded_before_anybody_is_let_in() -> None:
    rooms = {name.split(".")[1] for name in TREES if name.startswith("peakend_web.") and name.endswith(".grants")}
    assert rooms - {"base"} == set(GRANTING)


ALONE = """
import json
import django

django.setup()

from peakend_web.base.grants import Standing
from peakend_web.models import Membership, Person, Role, Workspace

asked = set()


class Heard(Standing):
    def may(self, permission):
        asked.add(permission)
        return super().may(permission)


here = Workspace(pk=1)
no_more = [f"{a} {b}" for a in Role for b in Role if Heard(Person(), here, Membership(), a, None).may_grant(b)]
print(json.dumps([sorted(asked), no_more]))
"""


def test_a_process_that_did_nothing_but_start_compares_all_permissions_before_it_grants_a_role() -> None:
    """A job or a command imports little of the application; a register with holes would grant too much."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    asked, granted = json.loads(done.stdout)
    assert asked == sorted(RULES)
    given = {role: {rule for rule, roles in RULES.items() if role in roles.split()} for role in Role}
    assert granted == [f"{a} {b}" for a in Role for b in Role if given[b] <= given[a]]


def test_a_permission_that_nobody_named_is_an_error_and_none_is_given_twice(clinic: Clinic) -> None:
    mei = Membership.objects.get(person=clinic.mei)
    with pytest.raises(KeyError, match="see_everything"):
        Standing(clinic.mei, clinic.workspace, mei, Role(mei.role), None).may("see_everything")
    with pytest.raises(ImproperlyConfigured, match="see_cases"):
        declare(see_cases=GRANTS["see_results"])
