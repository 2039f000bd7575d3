"""Whom to ask about files."""

from __future__ import annotations

from peakend_web.base.grants import Standing
from peakend_web.models import Membership, Role
from peakend_web.people.queries import members_who_may


def importers(here: Standing) -> list[Membership]:
    """Those who may bring files in, an analyst first."""
    return sorted(members_who_may(here, "import_facts"), key=lambda each: each.role != Role.ANALYST)
