"""The verb on answers that leave the house row by row."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from peakend_web.base import trail
from peakend_web.base.grants import require
from peakend_web.models import Person, Service
from peakend_web.store import door
from peakend_web.store.door import Filters


@transaction.atomic
def export_rows(*, actor: Person, service: Service, filters: Filters, path: Path) -> int:
    """Write the answers that this person may see into a Parquet file; how many rows. The trail says who took how many,
    not what they say.
    """
    sites = require(actor, "export_rows", service.workspace).sites
    rows = door.write_rows(service, filters, sites, path)
    days = {"from": filters.since, "to": filters.until}
    after = {
        "rows": rows,
        "filters": sorted(filters.columns),
        **{name: day.isoformat() for name, day in days.items() if day},
    }
    trail.leave("export_rows", actor=actor, workspace=service.workspace, about=service, after=after)
    return rows
