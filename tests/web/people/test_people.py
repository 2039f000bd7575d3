from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection

from peakend.errors import PeakendError
from peakend_web.base import trail
from peakend_web.models import AuditEntry, Membership, Person, Role, Workspace
from peakend_web.people.actions import accounts, members, workspaces
from tests.web.conftest import PASSWORD, Clinic, left_by

NEW_PASSWORD = "seven herons over the harbour"  # noqa: S105


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(PeakendError) as caught:
        call()
    return caught.value.id


@pytest.mark.django_db
def test_olivia_sets_up_an_installation_once() -> None:
    olivia = accounts.set_up(
        email="Olivia@Harbour.example",
        name="Olivia Wang",
        password=PASSWORD,
        workspace="Harbour Clinic",
        slug="harbour",
    )
    workspace = Workspace.objects.get()
    assert (olivia.email, olivia.check_password(PASSWORD)) == ("olivia@harbour.example", True)
    assert list(Membership.objects.values_list("workspace__slug", "person__email", "role")) == [
        ("harbour", "olivia@harbour.example", "owner")
    ]
    after = {"slug": "harbour", "name": "Harbour Clinic", "owner": "olivia@harbour.example"}
    assert left_by(workspace) == [(1, "Olivia Wang", "create_workspace", "workspace", None, after)]
    again = lambda: accounts.set_up(email="sam@x.example", name="Sam", password=PASSWORD, workspace="X", slug="x")  # noqa: E731
    assert refused(again) == "web.set_up_done"
    assert (Person.objects.count(), Workspace.objects.count()) == (1, 1)


def test_wu_invites_a_nurse_who_joins_with_her_own_password(clinic: Clinic) -> None:
    _, secret = members.invite(
        actor=clinic.wu,
        workspace=clinic.workspace,
        email="Lin@Harbour.example",
        role=Role.FRONTLINE,
        sites=[clinic.east],
    )
    membership = members.accept_invitation(secret=secret, name="Lin", password=NEW_PASSWORD, language="zh-hant")
    told = {"email": "lin@harbour.example", "role": "frontline", "sites": ["east"]}
    assert left_by(clinic.workspace) == [
        (1, "Wu", "invite", "invitation", None, told),
        (2, "Lin", "accept_invitation", "membership", None, told),
    ]
    assert (membership.person.language, membership.person.check_password(NEW_PASSWORD)) == ("zh-hant", True)
    assert (
        refused(lambda: members.accept_invitation(secret=secret, name="Lin", password=NEW_PASSWORD))
        == "web.invitation_gone"
    )


def test_an_invitation_is_for_the_person_it_names(clinic: Clinic) -> None:
    _, secret = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email=clinic.sam.email, role=Role.VIEWER
    )
    assert refused(lambda: members.accept_invitation(secret=secret, actor=clinic.victor)) == "web.invitation_other"
    assert (
        refused(lambda: members.accept_invitation(secret=secret, name="Sam", password=NEW_PASSWORD))
        == "web.invitation_sign_in"
    )
    members.accept_invitation(secret=secret, actor=clinic.sam)
    assert Membership.objects.filter(workspace=clinic.workspace, person=clinic.sam, role=Role.VIEWER).count() == 1


def test_a_second_invitation_replaces_the_first(clinic: Clinic) -> None:
    _, first = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="lin@harbour.example", role=Role.VIEWER
    )
    _, second = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="lin@harbour.example", role=Role.ANALYST
    )
    assert refused(lambda: members.find_invitation(first)) == "web.invitation_gone"
    assert members.find_invitation(second).role == Role.ANALYST


def test_an_easy_password_is_refused_and_nobody_joins(clinic: Clinic) -> None:
    _, secret = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="lin@harbour.example", role=Role.VIEWER
    )
    with pytest.raises(ValidationError):
        members.accept_invitation(secret=secret, name="Lin", password="password")  # noqa: S106
    assert not Person.objects.filter(email="lin@harbour.example").exists()


def test_olivia_makes_mei_a_manager_of_the_west(clinic: Clinic) -> None:
    mei = Membership.objects.get(person=clinic.mei)
    members.change_role(actor=clinic.olivia, membership=mei, role=Role.MANAGER, sites=[clinic.west])
    mei.refresh_from_db()
    assert (mei.role, [site.key for site in mei.sites.all()]) == ("manager", ["west"])
    before, after = {"role": "analyst", "sites": []}, {"role": "manager", "sites": ["west"]}
    assert left_by(clinic.workspace) == [(1, "Olivia Wang", "change_role", "membership", before, after)]


def test_a_manager_makes_no_owner_and_unmakes_none(clinic: Clinic) -> None:
    owner, viewer = Membership.objects.get(person=clinic.olivia), Membership.objects.get(person=clinic.victor)
    calls: list[Callable[[], Any]] = [
        lambda: members.change_role(actor=clinic.wu, membership=viewer, role=Role.OWNER),
        lambda: members.change_role(actor=clinic.wu, membership=owner, role=Role.VIEWER),
        lambda: members.remove_member(actor=clinic.wu, membership=owner),
        lambda: members.invite(actor=clinic.wu, workspace=clinic.workspace, email="x@x.example", role=Role.OWNER),
        lambda: members.invite(actor=clinic.mei, workspace=clinic.workspace, email="x@x.example", role=Role.VIEWER),
        lambda: members.invite(actor=clinic.sam, workspace=clinic.workspace, email="x@x.example", role=Role.VIEWER),
    ]
    assert [refused(call) for call in calls] == ["web.not_allowed"] * 6
    assert left_by(clinic.workspace) == []


def test_the_last_owner_can_neither_step_down_nor_leave(clinic: Clinic) -> None:
    owner = Membership.objects.get(person=clinic.olivia)
    assert (
        refused(lambda: members.change_role(actor=clinic.olivia, membership=owner, role=Role.MANAGER))
        == "web.last_owner"
    )
    assert refused(lambda: members.remove_member(actor=clinic.olivia, membership=owner)) == "web.last_owner"
    members.change_role(actor=clinic.olivia, membership=Membership.objects.get(person=clinic.wu), role=Role.OWNER)
    members.remove_member(actor=clinic.olivia, membership=owner)
    assert not Membership.objects.filter(person=clinic.olivia).exists()


def test_a_site_of_another_workspace_is_missing(clinic: Clinic) -> None:
    stranger = clinic.elsewhere.sites.create(key="pool", name="Pool")
    mei = Membership.objects.get(person=clinic.mei)
    assert (
        refused(lambda: members.change_role(actor=clinic.olivia, membership=mei, role=Role.VIEWER, sites=[stranger]))
        == "web.missing"
    )
    mei.refresh_from_db()
    assert mei.role == "analyst"


def test_what_a_person_changes_of_their_own_is_told_without_the_password(clinic: Clinic) -> None:
    accounts.change_profile(actor=clinic.chen, name="Nurse Chen", language="zh-hans")
    accounts.change_password(actor=clinic.chen, password=NEW_PASSWORD)
    before, after = {"name": "Chen", "language": "zh-hant"}, {"name": "Nurse Chen", "language": "zh-hans"}
    assert left_by(None) == [
        (1, "Nurse Chen", "change_profile", "person", before, after),
        (2, "Nurse Chen", "change_password", "person", None, None),
    ]
    assert clinic.chen.check_password(NEW_PASSWORD)


def test_a_workspace_is_renamed_by_its_owner_alone(clinic: Clinic) -> None:
    workspaces.change_workspace(
        actor=clinic.olivia, workspace=clinic.workspace, name="Harbour", timezone="Asia/Shanghai"
    )
    before = {"name": "Harbour Clinic", "timezone": "Asia/Taipei", "least_cell": 5, "weighted": False}
    after = {"name": "Harbour", "timezone": "Asia/Shanghai", "least_cell": 5, "weighted": False}
    assert left_by(clinic.workspace) == [(1, "Olivia Wang", "change_workspace", "workspace", before, after)]
    assert (
        refused(
            lambda: workspaces.change_workspace(
                actor=clinic.wu, workspace=clinic.workspace, name="Wu's", timezone="UTC"
            )
        )
        == "web.not_allowed"
    )


def test_the_trail_shows_an_entry_that_was_edited_removed_or_reordered(clinic: Clinic) -> None:
    for name in ("A", "B", "C", "D"):
        workspaces.change_workspace(actor=clinic.olivia, workspace=clinic.workspace, name=name, timezone="UTC")
    entries = list(AuditEntry.objects.filter(workspace=clinic.workspace))
    found = [trail.first_broken(clinic.workspace)]
    AuditEntry.objects.filter(pk=entries[1].pk).update(after={"name": "X", "timezone": "UTC"})
    found.append(trail.first_broken(clinic.workspace))
    AuditEntry.objects.filter(pk=entries[1].pk).update(after=entries[1].after)
    AuditEntry.objects.filter(pk=entries[2].pk).delete()
    found.append(trail.first_broken(clinic.workspace))
    AuditEntry.objects.filter(pk=entries[3].pk).update(number=3)
    found.append(trail.first_broken(clinic.workspace))
    AuditEntry.objects.filter(pk=entries[0].pk).update(actor=clinic.wu)
    found.append(trail.first_broken(clinic.workspace))
    assert found == [None, 2, 3, 3, 1]


def test_a_change_that_cannot_be_told_is_not_made(clinic: Clinic) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE peakend_web_outboxentry RENAME TO away")
        with pytest.raises(DatabaseError):
            workspaces.change_workspace(actor=clinic.olivia, workspace=clinic.workspace, name="Half", timezone="UTC")
        cursor.execute("ALTER TABLE away RENAME TO peakend_web_outboxentry")
    clinic.workspace.refresh_from_db()
    assert (clinic.workspace.name, left_by(clinic.workspace)) == ("Harbour Clinic", [])


def test_an_email_is_one_person_however_it_is_spelt(clinic: Clinic) -> None:
    assert Person.objects.get_by_natural_key(" Olivia@Harbour.Example ") == clinic.olivia
    with pytest.raises(IntegrityError):
        Person.objects.create_user("OLIVIA@harbour.example", name="Another")
