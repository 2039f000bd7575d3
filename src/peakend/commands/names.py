"""Ids with their names beside them, so that a person can read a table and a next command can be typed from it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from peakend.commands.arguments import SAMPLE
from peakend.draw import Chart
from peakend.field.kano.classes import TERMS
from peakend.methods import BY_ID
from peakend.result import TOTAL, Results
from peakend.samples import service_of
from peakend.service.document import load
from peakend.service.schema import Segment, ServiceDocument
from peakend.terms import Lang, label, using_names, vocabulary


@dataclass(frozen=True)
class Names:
    """The names of a document: the one that is given, or the sample's own; read only when something needs a name."""

    source: str
    document: str | None
    lang: Lang

    @cached_property
    def service(self) -> ServiceDocument | None:
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

    def sentences(self, results: Results[Any]) -> str:
        """The sentences, with names where ids stand."""
        with self._naming():
            return self._grouped(results).sentences(self.lang)

    def chart(self, results: Results[Any], picture: str) -> Chart:
        """A picture, with names where ids stand."""
        with self._naming():
            return self._grouped(results).chart(self.lang, picture)

    def _naming(self) -> AbstractContextManager[None]:
        """Rows keep their ids, by which sentences and pictures know what a row is about; only what is written is a
        name.
        """
        return using_names(
            {name: words for name, words in self.service.names.items() if name not in BY_ID} if self.service else {}
        )

    def _grouped(self, results: Results[Any]) -> Results[Any]:
        """The results with their cells named: what a value is called depends on its column."""
        return replace(results, rows=tuple(replace(row, group=self._titles(row.group)) for row in results.rows))

    def _titles(self, group: Mapping[str, str | None]) -> dict[str, str | None]:
        return {self.heading(column, column): self._title(column, value) for column, value in group.items()}

    def _title(self, column: str, value: Any) -> Any:
        return self._name(column, value) if isinstance(value, str) and value != TOTAL else value

    def _name(self, column: str, value: str) -> str:
        segment = self._segment(column)
        title = next((part.title[self.lang] for part in (segment.values if segment else ()) if part.id == value), value)
        if title == value and self.service:
            title = self.service.title_of(value, self.lang)
        return label(value, self.lang) if title == value else title

    def _segment(self, column: str) -> Segment | None:
        return next(
            (segment for segment in (self.service.segments if self.service else ()) if segment.id == column), None
        )
