"""Verbs on facts that come in many at once: a file is imported, an import is undone, a program's batch is kept.

Whatever comes has passed `conform` before: a file that is wrong somewhere is refused whole. Its rows are then written in batches, each a
transaction, so that people who are answering meanwhile do not wait. An import that is broken off is undone; one whose process died goes
on where the same file is brought again, for a row that is there already changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from peakend.facts import TABLES, Facts
from peakend_web import delta, ingest, inserts
from peakend_web.models import Answer, ApiKey, Event, Import, Person, Service
from peakend_web.refusals import Conflict, Refusal
from peakend_web.rules import require

from . import trail

BATCH: Final = 2_000
STALE: Final = timedelta(minutes=2)
COLUMNS: Final = {"answers": inserts.ANSWER_COLUMNS, "events": inserts.EVENT_COLUMNS}
RESERVED: Final = {*delta.KEPT["answers"], *delta.KEPT["events"], "workspace", "at", "until"} - {
    column.name for table in TABLES.values() for column in table
}
Progress = Callable[[int, int], None]


def import_facts(
    *,
    actor: Person,
    service: Service,
    name: str,
    digest: str,
    answers: Facts | None = None,
    events: Facts | None = None,
    progress: Progress | None = None,
) -> Import:
    """Bring a file's facts into a service. `digest` is the file's own: brought a second time it changes nothing.

    `progress(written, total)` is told after each batch. Raises Conflict `import.running` while the same file is being brought in.
    """
    require(actor, "import_facts", service.workspace)
    tables = [(facts, _collected(facts)) for facts in (answers, events) if facts is not None]
    begun = _begin(actor, service, name, digest, sum(table.num_rows for _, table in tables))
    if begun.status == Import.Status.DONE:
        return begun
    try:
        for facts, table in tables:
            for rows in _batches(facts, table, service, begun.pk, f"file:{digest[:16]}"):
                _write(begun, facts.table, rows)
                if progress:
                    progress(begun.written, begun.total)
    except BaseException:
        _take_back(begun, Import.Status.FAILED)
        raise
    return _finish(actor, begun)


def undo_import(*, actor: Person, imported: Import) -> Import:
    """Take an import back: its rows are gone from the truth and, at the next look, from the copy."""
    require(actor, "import_facts", imported.workspace)
    removed = _take_back(imported, Import.Status.CANCELLED)
    with transaction.atomic():
        trail.leave("undo_import", actor=actor, workspace=imported.workspace, about=imported, before={"name": imported.name, "rows": removed})
    return imported


def keep_batch(*, key: ApiKey, service: Service, facts: Facts, delivery_key: str, fingerprint: str) -> ingest.Kept:
    """Keep what a program sends, on disk before this returns; exactly once by the rows' own identity or by the request's key.

    Raises Refusal `facts.no_identity` where a row has no `source_key` and the request no key.
    """
    table = _collected(facts)
    if not delivery_key and table.column("source_key").null_count:
        raise Refusal("facts.no_identity")
    source = f"key:{key.prefix}" if not delivery_key else f"key:{key.prefix}:{delivery_key[:80]}"
    rows = [row for batch in _batches(facts, table, service, None, source) for row in batch]
    return ingest.deliver(
        ingest.Delivery(
            workspace=service.workspace_id,
            key=f"{key.pk}:{delivery_key}" if delivery_key else "",
            fingerprint=fingerprint,
            reply=json.dumps({"rows": len(rows)}),
            made_us=time.time_ns() // 1000,
            **{facts.table: rows},  # type: ignore[arg-type]
        )
    )


# --- an import, step by step ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _begin(actor: Person, service: Service, name: str, digest: str, total: int) -> Import:
    defaults = {"name": name, "total": total, "by": actor}
    found, made = Import.objects.get_or_create(workspace=service.workspace, service=service, digest=digest, defaults=defaults)
    found = Import.objects.select_for_update().get(pk=found.pk)
    if made or found.status == Import.Status.DONE:
        return found
    if found.status == Import.Status.RUNNING and found.moved_at > timezone.now() - STALE:
        raise Conflict("import.running", name=found.name, written=found.written, total=found.total)
    found.status, found.written, found.total = Import.Status.RUNNING, 0, total
    found.save(update_fields=["status", "written", "total", "moved_at"])
    return found


@transaction.atomic
def _write(begun: Import, table: str, rows: Sequence[inserts.Row]) -> None:
    ingest.deliver(ingest.Delivery(workspace=begun.workspace_id, **{table: rows}))  # type: ignore[arg-type]
    begun.written += len(rows)
    begun.save(update_fields=["written", "moved_at"])


@transaction.atomic
def _finish(actor: Person, begun: Import) -> Import:
    """Count what is new and what had been delivered before."""
    begun.written = Answer.objects.filter(imported=begun).count() + Event.objects.filter(imported=begun).count()
    begun.repeated = begun.total - begun.written
    begun.status = Import.Status.DONE
    begun.save(update_fields=["written", "repeated", "status", "moved_at"])
    after = {"name": begun.name, "service": begun.service.slug, "rows": begun.written, "repeated": begun.repeated}
    trail.leave("import_facts", actor=actor, workspace=begun.workspace, about=begun, after=after)
    return begun


def _take_back(imported: Import, status: Import.Status) -> int:
    """Remove what an import has written, in batches; how many rows there were."""
    removed = 0
    for model in (Answer, Event):
        while ids := list(model.objects.filter(imported=imported).values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                ingest.remove(model, imported.workspace_id, ids)
            removed += len(ids)
    imported.status, imported.written = status, 0
    imported.save(update_fields=["status", "written", "moved_at"])
    return removed


# --- facts as rows -------------------------------------------------------------------------------------------------------------------


def _collected(facts: Facts) -> pa.Table:
    """The facts in memory. Raises Refusal `facts.column_reserved` for a segment that would hide a column of ours."""
    reserved = next((name for name in facts.segments if name in RESERVED), None)
    if reserved is not None:
        raise Refusal("facts.column_reserved", column=reserved)
    return facts.frame.collect(backend="pyarrow").to_native()


def _batches(facts: Facts, table: pa.Table, service: Service, imported: int | None, source: str) -> Iterator[list[inserts.Row]]:
    """The rows as `ingest` takes them; `source` and the row's number stand for identities that the rows do not have."""
    fixed = {"workspace_id": service.workspace_id, "service_id": service.pk, "imported_id": imported, "revision": 0}
    for start in range(0, table.num_rows, BATCH):
        part = table.slice(start, BATCH)
        columns = {name: part.column(name).to_pylist() for name in part.column_names}
        columns["segments"] = _segments(columns, facts.segments, part.num_rows)
        columns["source"] = [each or source for each in columns["source"]]
        columns["source_key"] = [each or str(number) for number, each in enumerate(columns["source_key"], start)]
        wanted = [columns.get(name) or [fixed[name]] * part.num_rows for name in COLUMNS[facts.table]]
        yield list(zip(*wanted, strict=True))


def _segments(columns: dict[str, list[Any]], names: Sequence[str], many: int) -> list[str]:
    """The segment columns of each row as one JSON object of texts; what is not known is not in it."""
    if not names:
        return ["{}"] * many
    rows = zip(*(columns[name] for name in names), strict=True)
    return [json.dumps({name: str(value) for name, value in zip(names, row, strict=True) if value is not None}, ensure_ascii=False) for row in rows]
