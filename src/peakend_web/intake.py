"""The door at which facts come in many at once, from a program or a file: what readers could not read later is refused here.

Whatever comes has passed `conform` before. A column `revision` beside the fact columns says which word on a fact is the last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

from peakend.facts import TABLES, Facts
from peakend_web import delta, inserts
from peakend_web.models import Service
from peakend_web.refusals import Refusal

BATCH: Final = 2_000
REVISION: Final = "revision"
HIGHEST: Final = 2**53
"""The highest revision: beyond it, not every program tells two numbers apart."""
RESERVED: Final = {*delta.KEPT["answers"], *delta.KEPT["events"], "workspace", "at", "until"} - {
    column.name for table in TABLES.values() for column in table
}


class Brought:
    """The facts of a program or a file, about to come into a service.

    `source` stands for the source of rows that name none, and a row's number for its key. Raises Refusal `facts.column_reserved` for a segment
    that would hide a column of ours, `facts.revision` for a revision that is none.
    """

    def __init__(self, facts: Facts, service: Service, source: str) -> None:
        reserved = next((name for name in facts.segments if name in RESERVED), None)
        if reserved is not None:
            raise Refusal("facts.column_reserved", column=reserved)
        self.table = facts.table
        self._service, self._source = service, source
        self._segments = tuple(name for name in facts.segments if name != REVISION)
        self._rows: pa.Table = facts.frame.collect(backend="pyarrow").to_native()
        self._revisions = _revisions(self._rows.column(REVISION).to_pylist()) if REVISION in facts.segments else [0] * self.many

    @property
    def many(self) -> int:
        """How many rows there are."""
        return int(self._rows.num_rows)

    @property
    def nameless(self) -> bool:
        """Whether there is a row without a key of its own."""
        return bool(self._rows.column("source_key").null_count)

    def batches(self, imported: int | None = None) -> Iterator[list[inserts.Row]]:
        """The rows as `ingest` takes them, a batch at a time."""
        shape, own = inserts.SHAPES[self.table], [column.name for column in TABLES[self.table]]
        for start in range(0, self.many, BATCH):
            part = self._rows.slice(start, BATCH)
            many, columns = part.num_rows, {name: part.column(name).to_pylist() for name in part.column_names}
            named = {name: columns[name] for name in own} | {
                "workspace_id": [self._service.workspace_id] * many,
                "service_id": [self._service.pk] * many,
                "imported_id": [imported] * many,
                "segments": _segments(columns, self._segments, many),
                "source": [each or self._source for each in columns["source"]],
                "source_key": [each or str(number) for number, each in enumerate(columns["source_key"], start)],
                "revision": self._revisions[start : start + many],
            }
            yield shape.rows(many, **named)


def _revisions(said: Sequence[str | None]) -> list[int]:
    """Revisions as whole numbers; none is the first."""
    read = {text: _revision(text) for text in set(said)}
    return [read[text] for text in said]


def _revision(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST)) and int(text) <= HIGHEST):
        raise Refusal("facts.revision", found=text[:40], most=HIGHEST)
    return int(text)


def _segments(columns: dict[str, list[Any]], names: Sequence[str], many: int) -> list[str]:
    """The segment columns of each row as one JSON object of texts; what is not known is not in it."""
    if not names:
        return ["{}"] * many
    rows = zip(*(columns[name] for name in names), strict=True)
    named = ({name: str(value) for name, value in zip(names, row, strict=True) if value is not None} for row in rows)
    return [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in named]
