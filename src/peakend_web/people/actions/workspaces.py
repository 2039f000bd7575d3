"""Verbs on workspaces, and on where customers reach the installation that they are of."""

from __future__ import annotations

from django.db import transaction

from peakend_web.base import trail
from peakend_web.base.grants import require
from peakend_web.base.locks import lock_rows
from peakend_web.base.public_address import plain_address
from peakend_web.base.refusals import Conflict, Denied
from peakend_web.models import Installation, Membership, Person, Role, Workspace
from peakend_web.models.people import SMALLEST_CELL


@transaction.atomic
def create_workspace(*, actor: Person, name: str, slug: str, timezone: str = "UTC", demo: bool = False) -> Workspace:
    """Make a workspace that the acting person owns."""
    if Workspace.objects.filter(slug=slug).exists():
        raise Conflict("web.workspace_exists", slug=slug)
    workspace = Workspace.objects.create(name=name, slug=slug, timezone=timezone, demo=demo)
    Membership.objects.create(workspace=workspace, person=actor, role=Role.OWNER)
    trail.leave(
        "create_workspace",
        actor=actor,
        workspace=workspace,
        about=workspace,
        after={"slug": slug, "name": name, "owner": actor.email},
    )
    return workspace


@transaction.atomic
def change_workspace(
    *,
    actor: Person,
    workspace: Workspace,
    name: str,
    timezone: str,
    least_cell: int | None = None,
    weighted: bool | None = None,
) -> Workspace:
    """Rename a workspace, say whose midnight begins its day, about how few people something may be shown (at least
    three), and whether its pages lead with figures that use survey weights.
    """
    require(actor, "manage_workspace", workspace)
    current = lock_rows(Workspace.objects.all()).get(pk=workspace.pk)
    before = {field: getattr(current, field) for field in ("name", "timezone", "least_cell", "weighted")}
    current.name, current.timezone = name, timezone
    current.least_cell = current.least_cell if least_cell is None else max(least_cell, SMALLEST_CELL)
    current.weighted = current.weighted if weighted is None else weighted
    after = {field: getattr(current, field) for field in before}
    current.save(update_fields=[*after])
    trail.leave("change_workspace", actor=actor, workspace=current, about=current, before=before, after=after)
    return current


def looks_after_installation(person: Person) -> bool:
    """Whether somebody may change what is true of the whole installation: who set it up, and its support staff; where
    nobody is known to have set it up, as in a demo, whoever says so first.
    """
    known = Installation.objects.exclude(set_up_by=None)
    return person.is_staff or not known.exists() or known.filter(set_up_by=person).exists()


@transaction.atomic
def change_address(*, actor: Person, address: str) -> Installation:
    """Say where customers reach this installation. Raises `web.address_wrong`."""
    if not looks_after_installation(actor):
        raise Denied("web.not_allowed")
    installation, _made = lock_rows(Installation.objects.all()).get_or_create(pk=1)
    before, installation.public_address = installation.public_address, plain_address(address)
    installation.set_up_by = installation.set_up_by or actor
    installation.save(update_fields=["public_address", "set_up_by"])
    trail.leave(
        "change_address",
        actor=actor,
        workspace=None,
        about=installation,
        before={"address": before},
        after={"address": installation.public_address},
    )
    return installation
