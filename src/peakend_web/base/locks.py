"""Rows that are held: nobody else changes them until the transaction ends.

What refers to a held row is written meanwhile, for no key is changed: an entry of the trail refers to its workspace,
and whoever writes one would else wait for whoever holds the workspace, who waits for the end of the trail in turn. Of
rows that several verbs hold, the service comes before its drafts.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def lock_rows(rows: QuerySet[Row]) -> QuerySet[Row]:
    """These rows, and not those that are read along with them, held. SQLite's transactions hold all there is."""
    return rows.select_for_update(of=("self",), no_key=True)
