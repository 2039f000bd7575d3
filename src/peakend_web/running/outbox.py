"""The outbox: what has been changed is carried on by every area that reads of it.

Who reads what is known here alone, and not by the verb that leaves an entry. So the worker first makes of an entry one
for each area that reads its kind, in one transaction, and from then on each has its own lease, its own tries and its
own end: whoever dies in between leaves either none or all of them, an area that fails is tried again by itself, and no
area is done with what another has done. One transaction around all areas would have let one that always fails undo the
others for ever, and could not hold what leaves the house.

An entry is leased by one conditional update, and whoever dies while holding a lease is followed by another once it has
run out. So a thing is done at least once, and its message's name stays the same each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils import timezone

from peakend_web.base.jobs import Reader
from peakend_web.base.storage import storage_fault
from peakend_web.base.workers.waits import wait_after
from peakend_web.models import OutboxEntry

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
LONGEST_WAIT: Final = timedelta(hours=6)
"""What fails may be another's machine, which is down for a night: it is not asked every hour."""

Readers = Mapping[str, Mapping[str, Callable[[OutboxEntry], None]]]
"""What is done about each kind of entry, by area."""


def by_kind(of_areas: Iterable[tuple[str, Iterable[Reader]]]) -> Readers:
    """What the areas read, by kind. Raises ImproperlyConfigured where one reads the same kind twice."""
    joined: dict[str, dict[str, Callable[[OutboxEntry], None]]] = {}
    for area, readers in of_areas:
        for reader in readers:
            if area in joined.setdefault(reader.kind, {}):
                message = (
                    f"{area} reads “{reader.kind}” twice: one Reader of its jobs.py does all that it does about a kind."
                )
                raise ImproperlyConfigured(message)
            joined[reader.kind][area] = reader.read
    return joined


def empty(kind: str, area: str, readers: Readers) -> int:
    """Do what an area has to do about a kind of entry and is due; how many were done."""
    _share_out(kind, list(readers[kind]))
    return sum(_work(entry, readers[kind][area]) for entry in iter(partial(_take, kind, area), None))


def pass_over(readers: Readers) -> int:
    """Be done, in one go, with what no area reads, or none any more; how many there were."""
    unread = ~models.Q(kind__in=readers)
    for kind, areas in readers.items():
        unread |= models.Q(kind=kind) & ~models.Q(area__in=["", *areas])
    waiting = _due().filter(unread)
    return waiting.update(done_at=timezone.now()) if waiting.exists() else 0


def _due() -> models.QuerySet[OutboxEntry]:
    """What is to be done now and nobody is at."""
    now = timezone.now()
    return OutboxEntry.objects.filter(
        models.Q(leased_until=None) | models.Q(leased_until__lt=now), done_at=None, due_at__lte=now
    )


def _share_out(kind: str, areas: Sequence[str]) -> None:
    """Make of each new entry of a kind one for each area that reads it: itself the first one's."""
    first, *others = areas
    for entry in _due().filter(kind=kind, area="").order_by("pk"):
        with transaction.atomic():
            if _due().filter(pk=entry.pk, area="").update(area=first):
                OutboxEntry.objects.bulk_create(
                    OutboxEntry(
                        workspace_id=entry.workspace_id,
                        kind=kind,
                        area=area,
                        payload=entry.payload,
                        due_at=entry.due_at,
                    )
                    for area in others
                )


def _take(kind: str, area: str) -> OutboxEntry | None:
    """An area's oldest entry of a kind that is due and free, leased."""
    while entry := _due().filter(kind=kind, area=area).order_by("pk").first():
        taken = _due().filter(pk=entry.pk).update(leased_until=timezone.now() + LEASE, tries=models.F("tries") + 1)
        if taken:
            entry.refresh_from_db()
            return entry
    return None


def _work(entry: OutboxEntry, read: Callable[[OutboxEntry], None]) -> int:
    """Do what an entry asks for; where that fails, say why, and try again later, each time after twice as long."""
    try:
        read(entry)
    except Exception as error:
        if storage_fault(error):
            raise  # its lease runs out, and it is taken again
        log.exception("outbox entry %s failed", entry.message)
        due_at = timezone.now() + wait_after(entry.tries, LONGEST_WAIT)
        _settle(entry, problem=f"{type(error).__name__}: {error}"[:500], leased_until=None, due_at=due_at)
        return 0
    _settle(entry, problem="", done_at=timezone.now())
    return 1


def _settle(entry: OutboxEntry, **fields: object) -> None:
    OutboxEntry.objects.filter(pk=entry.pk).update(**fields)
