"""What others may ask about a workspace: its sites, whose it is, and whom to turn to; and what its own pages ask of the
audit.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from peakend_web.base.audit_lines import Row
from peakend_web.base.grants import Standing, one
from peakend_web.models import AuditEntry, Brand, Membership, Person, Role, Workspace

from .grants import members_everywhere, memberships_of, visible_audit, visible_sites

__all__ = [
    "audit_actors",
    "audit_entries",
    "audited_rows",
    "brand_of",
    "entries_about",
    "is_anybody_there",
    "logo_of",
    "members_who_may",
    "memberships_of",
    "person_numbered",
    "person_of",
    "visible_sites",
]


def members_who_may(here: Standing, permission: str) -> list[Membership]:
    """Whom to ask for what one may not do oneself: those who may, at every site."""
    everywhere = [
        Standing(each.person, here.workspace, each, Role(each.role), None) for each in members_everywhere(here)
    ]
    return [each.membership for each in everywhere if each.may(permission)]


def brand_of(workspace: Workspace) -> Brand:
    """How a workspace shows itself to customers, without the picture itself; all of it empty where nobody has said."""
    return Brand.objects.filter(workspace=workspace).defer("logo").first() or Brand(workspace=workspace)


def logo_of(digest: str) -> bytes:
    """The logo of this digest, which whoever is shown it knows. Raises Missing `web.missing`."""
    return bytes(one(Brand.objects.filter(logo__isnull=False), logo_digest=digest).logo or b"")


# --- before anybody is known ------------------------------------------------------------------------------------------


def is_anybody_there() -> bool:
    """Whether this installation was set up."""
    return Person.objects.exists()


def person_of(email: str) -> Person | None:
    """Whose e-mail this is."""
    return Person.objects.filter(email=email.lower()).first()


def person_numbered(number: int) -> Person:
    """Who has shown a password and is to show a second factor. Raises Person.DoesNotExist."""
    return Person.objects.get(pk=number)


# --- the audit --------------------------------------------------------------------------------------------------------


def audit_entries(here: Standing, actor: int | None, verbs: Collection[str] | None) -> QuerySet[AuditEntry]:
    """Its entries, the newest first; of one person, or of some verbs, where they are named."""
    entries = visible_audit(here)
    if actor is not None:
        entries = entries.filter(actor_id=actor)
    return entries if verbs is None else entries.filter(verb__in=verbs)


def audit_actors(here: Standing) -> list[Person]:
    """Everybody who stands in the audit, by name."""
    return list(Person.objects.filter(pk__in=visible_audit(here).order_by().values("actor")).order_by("name", "pk"))


def entries_about(here: Standing, table: str, ids: Collection[str]) -> QuerySet[AuditEntry]:
    """The entries about some rows of a table."""
    return visible_audit(here).filter(object_type=table, object_id__in=ids).order_by("number")


def audited_rows(here: Standing, row: Row, ids: Collection[str]) -> QuerySet[Any]:
    """The rows that entries are about, of this workspace alone: whoever reads the audit reads of all of it."""
    rows = row.table._default_manager.filter(**{row.within: here.workspace.pk}, pk__in=ids)
    return rows.select_related(*row.beside).distinct()
