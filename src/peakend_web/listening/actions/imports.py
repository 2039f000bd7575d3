"""Verbs on facts that come in many at once: a file is imported, an import is cancelled. Beside them, what keeps a
program's batch, which is no verb.

Whatever comes has passed `conform` before: a file that is wrong somewhere is refused whole. Its rows are then written
in batches, each a transaction, so that people who are answering meanwhile do not wait; they count, all at once, when
the last of them is written. Rows that correct others by a higher revision are written last, in the same step; what was
corrected came with no file any more, so it stays where the file is taken back: what had been there before is not kept.
An import that is broken off or cancelled leaves nothing behind; one whose process died counts nowhere, is marked as
stopped and cleaned up by the jobs, and stands in no other's way. One file at a time is brought into a workspace.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils import timezone

from peakend.facts import Facts, TableName
from peakend_web.base import trail
from peakend_web.base.grants import require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Gone, Refusal
from peakend_web.listening.queries.origins import remaining_rows
from peakend_web.models import Answer, ApiKey, Event, Import, Person, Service, TakeBack
from peakend_web.models import Progress as Reached
from peakend_web.store import deliveries, writer
from peakend_web.store.identity import OURS, file_source, identity, program
from peakend_web.store.intake import BATCH, Intake
from peakend_web.store.ledger import Receipt
from peakend_web.store.process_locks import Holder, hold, is_held
from peakend_web.store.rows import Row

from .take_backs import erase_taken_back

STALE: Final = timedelta(minutes=2)
FORGET: Final = "forget"
FAILURES: Final = (Import.Status.CANCELLED, Import.Status.FAILED, Import.Status.STOPPED)
Progress = Callable[[int, int], None]
Rows = dict[TableName, list[Row]]


def import_facts(
    *,
    actor: Person,
    service: Service,
    name: str,
    digest: str,
    answers: Facts | None = None,
    events: Facts | None = None,
    progress: Progress | None = None,
    days_said: bool = True,
) -> Import:
    """Bring a file's facts into a service. `digest` is the file's own: brought a second time it changes nothing,
    but for rows of it that were taken back since, which come in again.

    `progress(written, total)` is told after each batch. `days_said` is whether the days are the file's own; if not,
    each instant has that of its site. Raises Conflict `import.running` while a file is being brought into the
    workspace, `import.conflicting` where a row says something else than what is kept under its identity,
    `facts.answered_again` where a question is answered already; Gone `import.cancelled` where somebody cancels this
    one.
    """
    require(actor, "import_facts", service.workspace)
    tables = [
        Intake(facts, service, file_source(digest), digest, days_said=days_said)
        for facts in (answers, events)
        if facts is not None
    ]
    total = sum(each.many for each in tables)
    with hold(_name_of_hold(service.pk, _next_part(service, digest))) as found:
        begun = _begin(actor, service, name, digest, total, held_by=found)
        return begun if begun.was_there else _bring(actor, begun, tables, progress)


def _bring(actor: Person, begun: Import, tables: Sequence[Intake], progress: Progress | None) -> Import:
    """Write the rows, and let them count when all of them are there; nothing of them stays where that is broken off."""
    later: Rows = {"answers": [], "events": []}
    since: list[tuple[Intake, int | None]] = []
    try:
        for each in tables:
            each.check_sources()
            each.check_codes()
            upto = each.check_questions()
            since.append((each, upto))
            for rows in each.batches(begun.pk):
                later[each.table].extend(_write(begun, each.table, rows))
                if progress:
                    progress(begun.written, begun.total)
        return _finish(actor, begun, later, since)
    except BaseException:
        Import.objects.filter(pk=begun.pk, status=Import.Status.RUNNING).update(status=Import.Status.FAILED)
        erase_uncounted(begun.workspace_id)
        raise


@transaction.atomic
def cancel_import(*, actor: Person, imported: Import) -> Import:
    """End an import that is not done; whatever it has written never counted, and is erased. Raises Conflict
    `import.not_running`.
    """
    require(actor, "import_facts", imported.workspace)
    held = lock_rows(Import.objects.all()).get(pk=imported.pk)
    if held.status != Import.Status.RUNNING:
        raise Conflict("import.not_running", name=held.name)
    held.status = Import.Status.CANCELLED
    held.save(update_fields=["status"])
    before = {"name": held.name, "written": held.written, "total": held.total}
    trail.leave("cancel_import", actor=actor, workspace=held.workspace, about=held, before=before)
    return held


def erase_uncounted(workspace: int) -> int:
    """Erase the rows of imports that were cancelled or failed; how many there were. They never counted, so nobody needs
    to hear of it.
    """
    over = list(
        Import.objects.filter(workspace=workspace, status__in=FAILURES, written__gt=0).values_list("pk", flat=True)
    )
    if not over:
        return 0
    erased = sum(_erase(model, workspace, over) for model in (Answer, Event))
    Import.objects.filter(pk__in=over, status__in=FAILURES).update(written=0)
    # These rows left no word of their removal: what keeps old pages is to be emptied all the same.
    Reached.objects.update_or_create(workspace_id=workspace, job=FORGET, defaults={"seq": -1})
    return erased


def _erase(model: type[Answer | Event], workspace: int, imports: Sequence[int]) -> int:
    erased = 0
    while ids := list(model.objects.filter(imported__in=imports).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            deliveries.erase(model, workspace, ids)
        erased += len(ids)
    return erased


def erase_if_dead(imported: Import) -> None:
    """Erase what an import left behind whose process will not do it; one that is alive does it itself."""
    if _is_gone(imported):
        erase_uncounted(imported.workspace_id)


def is_dead(imported: Import) -> bool:
    """Whether the process has ended of an import that should be running."""
    return imported.status == Import.Status.RUNNING and _is_gone(imported)


def _is_gone(imported: Import) -> bool:
    """Known at once on the machine where it ran; from another one, by its not having moved for long."""
    is_there = is_held(_name_of_hold(imported.service_id, imported.digest))
    return imported.moved_at <= timezone.now() - STALE if is_there is None else not is_there


def stop_dead(workspace: int) -> int:
    """Mark the imports as stopped whose process has ended; how many there were. One that began again meanwhile is left
    alone.
    """
    running = Import.objects.filter(workspace=workspace, status=Import.Status.RUNNING)
    return sum(
        running.filter(pk=each.pk, moved_at=each.moved_at).update(status=Import.Status.STOPPED)
        for each in running
        if is_dead(each)
    )


def _name_of_hold(service: int, digest: str) -> str:
    """What the process of an import holds while it is at it, from before it is said to be running."""
    return f"import-{identity(service, digest)}"


def keep_batch(
    *, key: ApiKey, service: Service, facts: Facts, delivery_key: str, fingerprint: str
) -> deliveries.Acknowledgement:
    """Keep what a program sends, on disk before this returns; exactly once by the rows' own identity or by the
    request's key.

    No verb: no person acts, and facts that arrive change nothing of anybody's. Making the key was one, and left the
    trail; each row says which key brought it. Of a file the whole import is the verb, and its batches are parts of it.

    Raises Refusal `facts.no_identity` where a row has no `source_key` and the request no key, Conflict
    `facts.answered_again` where a question is answered already.
    """
    called = identity("key", key.pk, service.pk, facts.table, delivery_key) if delivery_key else ""
    brought = Intake(facts, service, program(key.prefix, called), called, sender=program(key.prefix))
    brought.check_sources()
    brought.check_codes()
    if not delivery_key and brought.nameless:
        raise Refusal("facts.no_identity")
    upto = brought.check_questions()
    rows = [row for batch in brought.batches() for row in batch]
    return writer.deliver(
        deliveries.Delivery(
            workspace=service.workspace_id,
            key=called,
            fingerprint=fingerprint,
            reply=lambda counts: msgspec.json.encode(Receipt(len(rows), **counts.as_dict())).decode(),
            made_us=time.time_ns() // 1000,
            known_upto=upto,
            **{brought.table: rows},  # type: ignore[arg-type]
        )
    )


# --- an import, step by step ------------------------------------------------------------------------------------------


def _begin(actor: Person, service: Service, name: str, digest: str, total: int, *, held_by: Holder) -> Import:
    """The import, running; or as it is, where the file was brought in before and all of it is there."""
    erase_uncounted(service.workspace_id)
    erase_taken_back(service.workspace_id)
    with transaction.atomic():
        # The first statement takes the lock of all who write facts: of two that begin together the second sees the
        # first.
        deliveries.take_numbers(0)
        digest = _next_part(service, digest)
        _refuse_two(service, digest, held_by)
        defaults = {"name": name, "total": total, "by": actor}
        found, made = Import.objects.get_or_create(
            workspace=service.workspace, service=service, digest=digest, defaults=defaults
        )
        found.was_there = found.status == Import.Status.DONE
        if not made and not found.was_there:
            for field, value in {
                "status": Import.Status.RUNNING,
                "written": 0,
                "revised": 0,
                "older": 0,
                "total": total,
                "by": actor,
                "counted_seq": None,
                "started_at": timezone.now(),
            }.items():
                setattr(found, field, value)
            found.save()
    return found


def _next_part(service: Service, digest: str) -> str:
    """Under which name the file comes in: its own; where rows of it were taken back since, that of a further part,
    which brings those alone.

    What is left of the file goes on counting meanwhile, so its own import cannot begin anew.
    """
    parts: list[Import] = []
    name = digest
    while (
        part := Import.objects.filter(workspace=service.workspace_id, service=service, digest=name).first()
    ) and part.status == Import.Status.DONE:
        parts.append(part)
        name = hashlib.sha256(f"{digest}:{len(parts)}".encode()).hexdigest()
    newest = max((part.counted_seq or 0 for part in parts), default=0)
    taken_since = parts and TakeBack.objects.filter(service=service, seq__gt=newest).exists()
    lacks = part is not None or (taken_since and any(remaining_rows(each, service) < each.written for each in parts))
    return name if lacks or not parts else parts[-1].digest


def _refuse_two(service: Service, digest: str, held_by: Holder) -> None:
    """One import at a time: two that bring the same rows could not be told apart by what each leaves when it is
    cancelled.
    """
    running = Import.objects.filter(workspace=service.workspace_id, status=Import.Status.RUNNING)
    others = running.exclude(service=service, digest=digest)
    again = running.filter(service=service, digest=digest)  # now that it is held by us, only what was found there tells
    if held_by == "what a dead one left":
        again = again.none()
    elif held_by == "nothing":
        again = again.filter(moved_at__gt=timezone.now() - STALE)
    alive = again.first() or next((each for each in others if not is_dead(each)), None)
    if alive is not None:
        raise Conflict("import.running", name=alive.name, written=alive.written, total=alive.total)
    others.update(status=Import.Status.STOPPED)


@transaction.atomic
def _write(begun: Import, table: TableName, rows: Sequence[Row]) -> Sequence[Row]:
    """Write a batch; what of it corrects rows of others is left for the end, and handed back."""
    kept = _deliver(begun, table, rows)
    begun.written += len(rows)
    _note(begun, written=begun.written, older=begun.older)
    return kept.later


def _deliver(begun: Import, table: TableName, rows: Sequence[Row]) -> deliveries.Acknowledgement:
    try:
        kept = writer.deliver(deliveries.Delivery(workspace=begun.workspace_id, **{table: rows}))  # type: ignore[arg-type]
    except deliveries.DeliveryError as error:
        raise (
            Conflict("import.conflicting", **error.fields) if error.id == "delivery.conflicting" else error
        ) from None
    begun.older += kept.counts.conflicting
    return kept


@transaction.atomic
def _finish(actor: Person, begun: Import, later: Rows, since: Sequence[tuple[Intake, int | None]]) -> Import:
    """From here on its rows count, and what it corrects is corrected. What is new, and what had been delivered
    before.
    """
    for table, rows in later.items():
        _correct(begun, table, rows)
    begun.counted_seq = deliveries.take_numbers(1)
    for each, upto in since:
        each.check_questions_since(upto)
    begun.written = Answer.objects.filter(imported=begun).count() + Event.objects.filter(imported=begun).count()
    begun.repeated = begun.total - begun.written - begun.revised - begun.older
    begun.status = Import.Status.DONE
    columns = ("written", "repeated", "revised", "older", "status", "counted_seq")
    _note(begun, **{name: getattr(begun, name) for name in columns})
    more = {name: getattr(begun, name) for name in ("revised", "older") if getattr(begun, name)}
    after = {
        "name": begun.name,
        "service": begun.service.slug,
        "rows": begun.written,
        "repeated": begun.repeated,
        **more,
    }
    trail.leave("import_facts", actor=actor, workspace=begun.workspace, about=begun, after=after)
    return begun


def _correct(begun: Import, table: TableName, rows: Sequence[Row]) -> None:
    """Correct what others brought. What people said on a survey's page, and what a program sent under its own name, is
    theirs to correct.
    """
    foreign = next((row.source for row in rows if row.source.startswith(OURS)), None)
    if foreign is not None:
        raise Refusal("facts.source_reserved", source=foreign[:60])
    for start in range(0, len(rows), BATCH):
        begun.revised += _deliver(
            begun, table, [row.without_import() for row in rows[start : start + BATCH]]
        ).counts.revised


def _note(begun: Import, **fields: Any) -> None:
    """Say how far it is, unless it was cancelled; within the transaction that this is true of."""
    if not Import.objects.filter(pk=begun.pk, status=Import.Status.RUNNING).update(moved_at=timezone.now(), **fields):
        raise Gone("import.cancelled", name=begun.name)
