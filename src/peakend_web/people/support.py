"""What the installation's staff may look at of who works here."""

from __future__ import annotations

from typing import Final

from peakend_web.base.support import Table
from peakend_web.models import ApiKey, Device, Membership, Person, Site, Workspace

TABLES: Final = (
    Table(Workspace, ("slug", "name", "timezone", "demo", "made_at"), search=("slug", "name")),
    Table(
        Person,
        ("email", "name", "language", "is_active", "is_staff", "joined_at", "last_login"),
        search=("email", "name"),
    ),
    Table(
        Membership,
        ("workspace", "person", "role", "since"),
        search=("workspace__slug", "person__email"),
        filters=("role",),
    ),
    Table(Site, ("workspace", "key", "name", "timezone"), search=("workspace__slug", "key")),
    Table(
        ApiKey, ("workspace", "name", "scope", "prefix", "made_at", "revoked_at"), search=("workspace__slug", "prefix")
    ),
    Table(Device, ("workspace", "name", "site", "page", "seen_at", "revoked_at"), search=("workspace__slug", "name")),
)
