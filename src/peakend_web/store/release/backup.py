"""What was released last, in the database: the second place of what lies in the folder of a release."""

from __future__ import annotations

from peakend.facts import TableName
from peakend_web.models import Release


def find(service: int, table: TableName) -> tuple[str, bytes] | None:
    """The state and the rows that are kept of a table of a service."""
    found = Release.objects.filter(service=service, table=table).values_list("state", "rows").first()
    return (found[0], bytes(found[1])) if found else None


def keep(service: int, table: TableName, state: str, rows: bytes) -> None:
    """Keep these in the place of what was there."""
    Release.objects.update_or_create(service_id=service, table=table, defaults={"state": state, "rows": rows})
