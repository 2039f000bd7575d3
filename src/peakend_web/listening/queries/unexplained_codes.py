"""Answers that carry a code which nobody gave a meaning: of which question, out of which file or survey, and which
rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peakend.errors import FactsError
from peakend_web.base.grants import Standing
from peakend_web.models import Service
from peakend_web.store import door
from peakend_web.store.door import Filters
from peakend_web.store.grants import sees_each

MOST: Final = 50
ROWS: Final = 5
INVALID: Final = "invalid"


@dataclass(frozen=True)
class UnexplainedCodes:
    """Such answers to one question out of one source; `rows` names the first of them, for whoever may take rows."""

    source: str
    survey: str
    item: str
    n: int
    rows: Sequence[str]


def unexplained_codes(here: Standing, service: Service) -> list[UnexplainedCodes]:
    """What this person may see of them, the most first; rows by name only for whoever may take the rows anyway."""
    each = here.may("export_rows")
    try:
        found = door.read(service, Filters({"state": (INVALID,)}), sites=here.sites, each=sees_each(here))
    except FactsError:
        return []
    query = (
        "SELECT coalesce(source, ''), coalesce(survey, ''), coalesce(item, construct, ''), count(*), list(source_key "  # noqa: S608
        f"ORDER BY source_key)[1:{ROWS}] "
        f"FROM _rows GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT {MOST}"
    )
    rows = found.frame.to_native().query("_rows", query).fetchall()
    least = 1 if each else here.workspace.least_cell
    return [
        UnexplainedCodes(source, survey, item, n, tuple(keys or ()) if each else ())
        for source, survey, item, n, keys in rows
        if n >= least
    ]
