"""Ids with their names beside them, so that a person can read a table and a next command can be typed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from peakend.commands.arguments import SAMPLE
from peakend.field.features import TERMS
from peakend.result import TOTAL, Results
from peakend.samples import service_of
from peakend.service.document import load
from peakend.service.schema import Segment, Service
from peakend.terms import Lang, label, vocabulary


@dataclass(frozen=True)
class Names:
    """The names of a document: the one that is given, or the sample's own; read only when something needs a name."""

    source: str
    document: str | None
    lang: Lang

    @cached_property
    def service(self) -> Service | None:
        """The document, where there is one."""
        if self.document:
            return load(Path(self.document))
        return service_of(self.source.removeprefix(SAMPLE)) if self.source.startswith(SAMPLE) else None

    def heading(self, column: str, otherwise: str) -> str:
        """The heading of a column: a segment's title, or what the table calls it."""
        segment = None if column in vocabulary() else self._segment(column)
        return segment.title[self.lang] if segment else otherwise

    def of(self, column: str, value: Any) -> Any:
        """A value as it is shown: an id, and its name where it has one."""
        if not isinstance(value, str):
            return value
        name = label(TERMS.get(value, value), self.lang) if column == "category" else self._name(column, value)
        return value if name.lower() == value.lower() else f"{value}  {name}"

    def told(self, results: Results[Any]) -> Results[Any]:
        """The results with names in place of ids, for sentences and pictures. Roles, dimensions, gaps and rates stay: they are terms of the field."""
        fields = tuple(name for name in results.method.key if name not in {"role", "dimension", "gap", "rate"})
        return replace(results, rows=tuple(self._row(row, fields) for row in results.rows))

    def _row(self, row: Any, fields: Sequence[str]) -> Any:
        group = {self.heading(column, column): self._title(column, value) for column, value in row.group.items()}
        return replace(row, group=group, **{name: self._title(name, getattr(row, name)) for name in fields})

    def _title(self, column: str, value: Any) -> Any:
        return self._name(column, value) if isinstance(value, str) and value != TOTAL else value

    def _name(self, column: str, value: str) -> str:
        segment = self._segment(column)
        title = next((part.title[self.lang] for part in (segment.values if segment else ()) if part.id == value), value)
        if title == value and self.service:
            title = self.service.title_of(value, self.lang)
        return label(value, self.lang) if title == value else title

    def _segment(self, column: str) -> Segment | None:
        return next((segment for segment in (self.service.segments if self.service else ()) if segment.id == column), None)
