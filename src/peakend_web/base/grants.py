"""Who may do what: a person's standing in a workspace, and the register of permissions over it.

A standing is looked up once a request, where somebody comes in (`guard`), and handed on as `here`; whatever asks
later asks the standing. A verb looks it up anew inside its own transaction, so that a role that was taken away
meanwhile is gone.

Each room declares its permissions in its own `grants`, and says there which rows of its nouns a standing sees: whatever
shows, counts or changes a thing of a workspace begins at one of these functions, and a test holds pages and files to
it. The rooms are loaded before anything is asked (`apps`), so that the register is complete in every process.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from rules.predicates import Predicate

from peakend_web.models import Membership, Person, Role, Workspace

from .refusals import Denied, Missing

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Standing:
    """What somebody is in a workspace, and the keys of the sites they are limited to; None where they see all
    of them.
    """

    person: Person
    workspace: Workspace
    membership: Membership
    role: Role
    sites: tuple[str, ...] | None

    def may(self, permission: str) -> bool:
        """Whether this person may do this here. A permission that nobody named is an error, not a no."""
        return bool(GRANTS[permission].test(self, self.workspace))

    def require(self, permission: str) -> None:
        """Refuse whoever may not do this here; whoever may not for their sites alone is told so, for what holds for
        all sites is changed by nobody who works at some of them.
        """
        if not self.may(permission):
            raise Denied("web.of_all_sites" if self.lacks_sites_for(permission) else "web.not_allowed")

    def lacks_sites_for(self, permission: str) -> bool:
        """Whether this person might do this here, were they limited to no site."""
        return self.sites is not None and not self.may(permission) and replace(self, sites=None).may(permission)

    def sees(self, sites: Collection[str]) -> bool:
        """Whether everything at these sites is seen; no sites named means all of them."""
        return self.sites is None or (bool(sites) and set(sites) <= set(self.sites))

    def may_grant(self, role: Role, sites: Collection[str] = ()) -> bool:
        """Whether this is no more than one has oneself: no permission, and no site."""
        given, own = replace(self, role=role, sites=None), replace(self, sites=None)
        return self.sees(sites) and all(own.may(permission) for permission in GRANTS if given.may(permission))

    def may_change(self, membership: Membership) -> bool:
        """Whether this member's role and sites are this person's to change: of somebody else, of no higher role, at no
        other site.
        """
        ranks, sites = list(Role), [site.key for site in membership.sites.all()]
        return (
            membership.person_id != self.person.pk
            and ranks.index(self.role) <= ranks.index(Role(membership.role))
            and self.sees(sites)
        )


Anyone = Person | AnonymousUser
Asking = Anyone | Standing


def standing(person: Anyone, workspace: Workspace | str) -> Standing | None:
    """The person's standing in a workspace (or that of an address's name), if they have one and are still active."""
    if not isinstance(person, Person) or not person.is_active:
        return None
    named = {"workspace__slug": workspace} if isinstance(workspace, str) else {"workspace": workspace}
    return _standing_as(_memberships(person).filter(**named).first())


def first_standing(person: Person) -> Standing | None:
    """The person's standing in the workspace that they joined first."""
    return _standing_as(_memberships(person).first()) if person.is_active else None


def _memberships(person: Person) -> QuerySet[Membership]:
    return Membership.objects.select_related("workspace", "person").prefetch_related("sites").filter(person=person)


def _standing_as(membership: Membership | None) -> Standing | None:
    if membership is None:
        return None
    sites = tuple(sorted(site.key for site in membership.sites.all())) or None
    return Standing(membership.person, membership.workspace, membership, Role(membership.role), sites)


def _of(who: Asking, workspace: Workspace) -> Standing | None:
    if isinstance(who, Standing):
        return who if who.workspace.pk == workspace.pk else None
    return standing(who, workspace)


def _role(role: Role) -> Predicate:
    def test(who: Asking, workspace: Workspace) -> bool:
        found = _of(who, workspace)
        return found is not None and found.role == role

    return Predicate(test, name=f"is_{role}")


def _everywhere(who: Asking, workspace: Workspace) -> bool:
    found = _of(who, workspace)
    return found is not None and found.sites is None


is_owner = _role(Role.OWNER)
is_manager = _role(Role.MANAGER)
is_analyst = _role(Role.ANALYST)
is_frontline = _role(Role.FRONTLINE)
is_viewer = _role(Role.VIEWER)
is_everywhere = Predicate(_everywhere, name="is_everywhere")
"""Limited to no site: what concerns the whole workspace is for nobody else."""

leads = is_owner | is_manager
reads_comments = leads | is_analyst | is_frontline
is_member = reads_comments | is_viewer

GRANTS: Final[dict[str, Predicate]] = {}
"""Each permission, and whom it is given to."""


def declare(**permissions: Predicate) -> None:
    """Enter permissions into the register. Raises ImproperlyConfigured for one that is in it already."""
    if twice := GRANTS.keys() & permissions.keys():
        message = f"Given already: {', '.join(sorted(twice))}."
        raise ImproperlyConfigured(message)
    GRANTS.update(permissions)


def may(person: Anyone, permission: str, workspace: Workspace) -> bool:
    """Whether this person may do this in this workspace. A permission that nobody named is an error, not a no."""
    named, found = GRANTS[permission], standing(person, workspace)
    return found is not None and bool(named.test(found, workspace))


def require(person: Anyone, permission: str, workspace: Workspace) -> Standing:
    """The person's standing, refused unless they may do this in this workspace."""
    found = standing(person, workspace)
    if found is None:
        raise Denied("web.not_allowed")
    found.require(permission)
    return found


def sites_of(person: Anyone, workspace: Workspace) -> tuple[str, ...] | None:
    """The keys of the sites this person sees; None for all of them, and none at all for someone who is not a member."""
    found = standing(person, workspace)
    return found.sites if found else ()


def one(rows: QuerySet[Row], **which: object) -> Row:
    """The one row that is meant; what is not seen is missing, exactly as what is not there."""
    row = rows.filter(**which).first()
    if row is None:
        raise Missing("web.missing")
    return row
