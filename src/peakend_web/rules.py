"""Who may do what: named predicates over a person and a workspace.

A predicate asks the database each time, so that a role that was taken away is gone at the next request.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from rules.predicates import Predicate
from rules.rulesets import RuleSet

from .models import Membership, Person, Role, Workspace
from .refusals import Denied

Anyone = Person | AnonymousUser


def membership_of(person: Anyone, workspace: Workspace) -> Membership | None:
    """The person's membership of the workspace, if they have one and are still active."""
    if not isinstance(person, Person) or not person.is_active:
        return None
    return Membership.objects.filter(person=person, workspace=workspace).first()


def _role(role: Role) -> Predicate:
    def test(person: Person, workspace: Workspace) -> bool:
        membership = membership_of(person, workspace)
        return membership is not None and membership.role == role

    return Predicate(test, name=f"is_{role}")


is_owner = _role(Role.OWNER)
is_manager = _role(Role.MANAGER)
is_analyst = _role(Role.ANALYST)
is_frontline = _role(Role.FRONTLINE)
is_viewer = _role(Role.VIEWER)

leads = is_owner | is_manager
reads_words = leads | is_analyst | is_frontline
is_member = reads_words | is_viewer

GRANTS = RuleSet(
    {
        "see_results": is_member,
        "see_words": reads_words,
        "see_service": is_member,
        "edit_service": leads,
        "see_surveys": is_member,
        "publish_survey": leads,
        "import_facts": leads | is_analyst,
        "take_back": leads,
        "see_cases": reads_words,
        "work_cases": leads | is_frontline,
        "see_people": leads,
        "manage_people": leads,
        "manage_workspace": is_owner,
        "manage_keys": is_owner,
        "see_audit": is_owner,
    }
)


def may(person: Anyone, permission: str, workspace: Workspace) -> bool:
    """Whether this person may do this in this workspace. A permission that nobody named is an error, not a no."""
    return bool(GRANTS[permission].test(person, workspace))


def require(person: Anyone, permission: str, workspace: Workspace) -> None:
    """Refuse unless this person may do this in this workspace."""
    if not may(person, permission, workspace):
        raise Denied("web.not_allowed")


def sites_of(person: Anyone, workspace: Workspace) -> tuple[str, ...] | None:
    """The keys of the sites this person sees; None for all of them, and none at all for someone who is not a member."""
    membership = membership_of(person, workspace)
    if membership is None:
        return ()
    return tuple(membership.sites.order_by("key").values_list("key", flat=True)) or None
