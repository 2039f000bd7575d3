"""The chain of a workspace's audit entries: each entry's digest is an HMAC, keyed with the installation's secret, over
the entry and the digest before it.

Whoever can write to the database but does not know the secret cannot change, remove or reorder an entry without
`first_broken` finding it. Entries cut off at the end show where a later digest was noted down elsewhere, as in a
backup.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.utils import timezone

from peakend_web.base.derived_keys import derived_key
from peakend_web.models import AuditEntry, Workspace


def digest(entry: AuditEntry, previous: str) -> str:
    """What entry and predecessor amount to, for those who know the secret."""
    about = [entry.verb, entry.object_type, entry.object_id, entry.before, entry.after]
    told = [entry.workspace_id, entry.number, entry.actor_id, *about, _instant(entry.at)]
    text = json.dumps([previous, *told], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived_key("audit"), text.encode(), hashlib.sha256).hexdigest()


def first_broken(workspace: Workspace | None) -> int | None:
    """The number of the first entry that is not as it was written; None where the chain holds."""
    return _follow(workspace, _START)[0]


@dataclass(frozen=True, slots=True)
class Position:
    """An entry up to which a chain was found as it was written, and when it was last gone through from its first."""

    number: int
    digest: str
    from_first: datetime | None = None


_START: Final = Position(0, "")
_A_DAY: Final = timedelta(days=1)
_positions: dict[int | None, Position] = {}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at a chain found: the first entry that is not as it was written, and when all of them were last gone
    through.
    """

    broken: int | None
    from_first: datetime


def verify(workspace: Workspace | None, shown: Sequence[AuditEntry] = (), *, wholly: bool = False) -> Verification:
    """Whether the chain holds: from its first entry where that was not looked at for a day, or `wholly`; else from the
    last one that was looked at.

    The entries that are `shown` are looked at each time, so that nothing is read that was altered since.
    """
    key, now = workspace.pk if workspace else None, timezone.now()
    position = _positions.get(key, _START)
    if wholly or position.from_first is None or now - position.from_first >= _A_DAY:
        position = _START
    broken, last = _follow(workspace, position)
    began = position.from_first or now
    broken = broken or _first_altered(workspace, shown)
    if broken is None:
        _positions[key] = Position(last.number, last.digest, began)
    else:
        _positions.pop(key, None)
    return Verification(broken, began)


def _follow(workspace: Workspace | None, position: Position) -> tuple[int | None, Position]:
    """The first entry behind a position that is not as it was written, and the last one that is; all of them where the
    position itself is another.
    """
    entries = AuditEntry.objects.filter(workspace=workspace, number__gte=position.number).order_by("number").iterator()
    if position.number:
        there = next(entries, None)
        if there is None or (there.number, there.digest) != (position.number, position.digest):
            return _follow(workspace, _START)
    for entry in entries:
        if entry.number != position.number + 1 or not _is_as_written(entry, position.digest):
            return position.number + 1, position
        position = Position(entry.number, entry.digest)
    return None, position


def _first_altered(workspace: Workspace | None, shown: Sequence[AuditEntry]) -> int | None:
    """The first of these entries that does not follow from the one before it."""
    numbers = [entry.number - 1 for entry in shown]
    before = dict(AuditEntry.objects.filter(workspace=workspace, number__in=numbers).values_list("number", "digest"))
    return min(
        (entry.number for entry in shown if not _is_as_written(entry, before.get(entry.number - 1, ""))), default=None
    )


def _is_as_written(entry: AuditEntry, previous: str) -> bool:
    return hmac.compare_digest(entry.digest, digest(entry, previous))


def lock_end(workspace: Workspace | None) -> AuditEntry | None:
    """The end of the chain, which nobody else lengthens until the transaction ends. SQLite's transactions hold it
    anyway: they begin as writers.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_CHAIN, workspace.pk if workspace else 0])
    return AuditEntry.objects.filter(workspace=workspace).order_by("-number").first()


_CHAIN = 1_718_642_027


def _instant(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")
