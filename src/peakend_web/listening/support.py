"""What the installation's staff may look at of what came in."""

from __future__ import annotations

from typing import Final

from peakend_web.base.support import Table
from peakend_web.models import Import

TABLES: Final = (
    Table(
        Import,
        ("workspace", "service", "name", "status", "written", "total", "started_at", "moved_at"),
        filters=("status",),
    ),
)
