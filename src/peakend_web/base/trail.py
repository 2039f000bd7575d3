"""What every verb leaves behind: an audit entry in the workspace's chain, and an outbox entry.

The chain: each entry's digest is an HMAC, keyed with the installation's secret, over the entry and the digest before
it. Whoever can write to the database but does not know the secret cannot change, remove or reorder an entry without
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
from typing import Any, Final

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from peakend_web.models import ApiKey, AuditEntry, OutboxEntry, Person, Workspace

State = dict[str, Any] | None


def leave(
    verb: str,
    *,
    actor: Person | None,
    workspace: Workspace | None,
    about: models.Model | None,
    before: State = None,
    after: State = None,
    more: State = None,
) -> AuditEntry:
    """Write what was done to `about`, and that others are to be told. Within the transaction of the change.

    The chain cannot forget, so `before` and `after` hold no customer's words and nothing else that a customer may ask
    to have erased. `more` is for the outbox alone: what its reader could not find out any more.
    """
    return leave_all(verb, actor=actor, workspace=workspace, done=[(about, before, after)], more=more)[0]


def by_key(key: ApiKey | None) -> State:
    """What an entry says of the key by which a program acted; nothing where a person did."""
    return None if key is None else {"key": key.name}


def leave_all(
    verb: str,
    *,
    actor: Person | None,
    workspace: Workspace | None,
    done: Sequence[tuple[models.Model | None, State, State]],
    more: State = None,
) -> list[AuditEntry]:
    """The same for the same verb done to many: (about, before, after) of each, in their order."""
    last, now = hold(workspace), timezone.now()
    first, previous = (last.number + 1, last.digest) if last else (1, "")
    entries = []
    for number, (about, before, after) in enumerate(done, first):
        name, key = (str(about._meta.model_name), str(about.pk)) if about is not None else ("", "")
        entry = AuditEntry(
            workspace=workspace,
            number=number,
            actor=actor,
            verb=verb,
            object_type=name,
            object_id=key,
            before=before,
            after=after,
            at=now,
        )
        entry.digest = previous = digest(entry, previous)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    told = ({"audit": entry.number, "object": entry.object_type, "id": entry.object_id} for entry in entries)
    OutboxEntry.objects.bulk_create(
        OutboxEntry(workspace=workspace, kind=verb, payload={**payload, **(more or {})}, due_at=now) for payload in told
    )
    return entries


def not_done(verb: str, workspace: int) -> list[dict[str, Any]]:
    """What the outbox entries of a verb say that nobody has carried out yet."""
    # All that waits is little and has an index of its own; that of the workspace would lead through all that ever was.
    waiting = OutboxEntry.objects.filter(kind=verb, done_at=None).order_by("due_at")
    return [payload for of, payload in waiting.values_list("workspace", "payload") if of == workspace]


def digest(entry: AuditEntry, previous: str) -> str:
    """What entry and predecessor amount to, for those who know the secret."""
    about = [entry.verb, entry.object_type, entry.object_id, entry.before, entry.after]
    told = [entry.workspace_id, entry.number, entry.actor_id, *about, _instant(entry.at)]
    text = json.dumps([previous, *told], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived_key("audit"), text.encode(), hashlib.sha256).hexdigest()


def first_broken(workspace: Workspace | None) -> int | None:
    """The number of the first entry that is not as it was written; None where the chain holds."""
    return _followed(workspace, _START)[0]


@dataclass(frozen=True, slots=True)
class Place:
    """An entry up to which a chain was found as it was written, and when it was last gone through from its first."""

    number: int
    digest: str
    from_first: datetime | None = None


_START: Final = Place(0, "")
_A_DAY: Final = timedelta(days=1)
_places: dict[int | None, Place] = {}


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at a chain found: the first entry that is not as it was written, and when all of them were last gone
    through.
    """

    broken: int | None
    from_first: datetime


def verified(workspace: Workspace | None, shown: Sequence[AuditEntry] = (), *, wholly: bool = False) -> Verified:
    """Whether the chain holds: from its first entry where that was not looked at for a day, or `wholly`; else from the
    last one that was looked at.

    The entries that are `shown` are looked at each time, so that nothing is read that was altered since.
    """
    key, now = workspace.pk if workspace else None, timezone.now()
    place = _places.get(key, _START)
    if wholly or place.from_first is None or now - place.from_first >= _A_DAY:
        place = _START
    broken, last = _followed(workspace, place)
    began = place.from_first or now
    broken = broken or _altered(workspace, shown)
    if broken is None:
        _places[key] = Place(last.number, last.digest, began)
    else:
        _places.pop(key, None)
    return Verified(broken, began)


def _followed(workspace: Workspace | None, place: Place) -> tuple[int | None, Place]:
    """The first entry behind a place that is not as it was written, and the last one that is; all of them where the
    place itself is another.
    """
    entries = AuditEntry.objects.filter(workspace=workspace, number__gte=place.number).order_by("number").iterator()
    if place.number:
        there = next(entries, None)
        if there is None or (there.number, there.digest) != (place.number, place.digest):
            return _followed(workspace, _START)
    for entry in entries:
        if entry.number != place.number + 1 or not _holds(entry, place.digest):
            return place.number + 1, place
        place = Place(entry.number, entry.digest)
    return None, place


def _altered(workspace: Workspace | None, shown: Sequence[AuditEntry]) -> int | None:
    """The first of these entries that does not follow from the one before it."""
    numbers = [entry.number - 1 for entry in shown]
    before = dict(AuditEntry.objects.filter(workspace=workspace, number__in=numbers).values_list("number", "digest"))
    return min((entry.number for entry in shown if not _holds(entry, before.get(entry.number - 1, ""))), default=None)


def _holds(entry: AuditEntry, previous: str) -> bool:
    return hmac.compare_digest(entry.digest, digest(entry, previous))


def derived_key(purpose: str) -> bytes:
    """A key for one purpose, made from the installation's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"peakend.{purpose}".encode(), hashlib.sha256).digest()


def hold(workspace: Workspace | None) -> AuditEntry | None:
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
