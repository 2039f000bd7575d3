"""What the installation's staff may look at of the surveys."""

from __future__ import annotations

from typing import Final

from peakend_web.base.support import Table
from peakend_web.models import Survey

TABLES: Final = (Table(Survey, ("service", "item", "wave", "status", "published_at"), search=("token",)),)
