"""What the installation's staff may look at of the services."""

from __future__ import annotations

from typing import Final

from peakend_web.base.support import Table
from peakend_web.models import Service

TABLES: Final = (Table(Service, ("workspace", "slug", "current", "made_at"), search=("workspace__slug", "slug")),)
