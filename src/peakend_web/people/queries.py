"""What others may ask about a workspace: its sites, whose it is, and whom to turn to."""

from __future__ import annotations

from peakend_web.base.grants import Standing
from peakend_web.models import Membership, Role

from .grants import members_everywhere, memberships_of, visible_sites

__all__ = ["members_who_may", "memberships_of", "visible_sites"]


def members_who_may(here: Standing, permission: str) -> list[Membership]:
    """Whom to ask for what one may not do oneself: those who may, at every site."""
    everywhere = [
        Standing(each.person, here.workspace, each, Role(each.role), None) for each in members_everywhere(here)
    ]
    return [each.membership for each in everywhere if each.may(permission)]
