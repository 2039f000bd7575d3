"""The trail: all that a verb leaves behind in the transaction of its change.

It is an audit entry, for people, in the workspace's chain (`chain`), and an outbox entry, for the jobs of other areas.
The audit alone is the first of the two: what the page of changes shows, and what is verified. What is read leaves a
trail too (`reads`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from peakend_web.models import ApiKey, AuditEntry, OutboxEntry, Person, Workspace

from .chain import digest, first_broken, lock_end, verify

__all__ = ["by_key", "first_broken", "leave", "leave_all", "lock_end", "verify"]

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
    last, now = lock_end(workspace), timezone.now()
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
    payloads = ({"audit": entry.number, "object": entry.object_type, "id": entry.object_id} for entry in entries)
    OutboxEntry.objects.bulk_create(
        OutboxEntry(workspace=workspace, kind=verb, payload={**payload, **(more or {})}, due_at=now)
        for payload in payloads
    )
    return entries


def not_done(verb: str, area: str, workspace: int) -> list[dict[str, Any]]:
    """What the outbox entries of a verb say that an area has not carried out yet."""
    # All that waits is little and has an index of its own; that of the workspace would lead through all that ever was.
    waiting = OutboxEntry.objects.filter(kind=verb, area__in=("", area), done_at=None).order_by("due_at")
    return [payload for of, payload in waiting.values_list("workspace", "payload") if of == workspace]
