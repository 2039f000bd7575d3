"""Answers that are in the columnar copy already, beside which a second one to the same question is refused before it
comes in, so that no page counts both; what came after them is looked at in `fresh_answers`.

Within one file or request the library decides (`Facts.counting_rows`): the latest by time counts, and what leaves it
open is refused. What is there already was told as kept, so a second answer to its question is not taken under another
name: it is a revision, or it takes the place of rows that somebody takes back. The copy is brought up to the truth
before.
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

import pyarrow as pa

from peakend.facts.scan import QUESTION, SEVERAL
from peakend_web.base.refusals import Conflict
from peakend_web.models import Service

from . import columnar
from .identity import tellable

_ROLES: Final = ", ".join(f"'{role}'" for role in SEVERAL)
_IS_ANSWER: Final = f"state = 'answered' AND value IS NOT NULL AND role NOT IN ({_ROLES})"
_SAME: Final = " AND ".join(f"sent.{name} IS NOT DISTINCT FROM kept.{name}" for name in QUESTION if name != "response")


def refuse_duplicates(service: Service, rows: pa.Table) -> int:
    """Refuse answers, of which each has its identity, to questions that their responses have answered in other rows of
    the service.

    The number is returned up to which that is known: what comes after it is looked at where rows are written
    (`fresh_answers`). Raises Conflict `facts.answered_again`.
    """
    manifest = columnar.refresh(service.workspace_id)
    if not manifest.tables["answers"].chunks:
        return manifest.clock
    sent = rows.select([*QUESTION, "state", "value", "source", "source_key"])
    copy = columnar.source(service.workspace_id, manifest, "answers")
    there = f"SELECT * FROM ({copy}) WHERE service = {service.pk:d} AND {_IS_ANSWER}"  # noqa: S608 — our own names
    query = (
        "SELECT sent.response, coalesce(sent.item, sent.construct, sent.role), "  # noqa: S608 — our own names
        "sent.source, kept.source, count(*) OVER () "
        f"FROM sent JOIN ({there}) AS kept ON sent.response = kept.response AND {_SAME} "
        f"WHERE sent.{_IS_ANSWER.replace(' AND ', ' AND sent.')} "
        "AND (sent.source, sent.source_key) IS DISTINCT FROM (kept.source, kept.source_key) "
        "ORDER BY sent.response "
        "LIMIT 1"
    )
    with closing(columnar.engine()) as engine:
        engine.register("sent", sent)
        found = engine.execute(query).fetchone()
    if found:
        response, item, own, other, count = found
        raise Conflict(
            "facts.answered_again", response=response, item=item, source=tellable(other, own) or "…", count=count
        )
    return manifest.clock
