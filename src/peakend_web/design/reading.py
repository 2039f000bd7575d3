"""A document as somebody reads it: its parts with their names, its words in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from peakend.service.document import of_data
from peakend.service.edits import WorkingDocument
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang
from peakend_web.findings.queries.known import Known

from .queries import parts_of, title_of, words_in


@dataclass(frozen=True)
class Reading:
    """A document, and the language in which it is read; the titles of the parts of each kind are looked up once."""

    working: WorkingDocument
    lang: Lang
    _titles: dict[str, Mapping[str, str]] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    """Of the touchpoints of which there are answers, by id, where a face shows them."""
    known: dict[str, Known] = field(default_factory=dict)
    """What was measured about its parts, by id, where a face shows it beside them."""

    @cached_property
    def service(self) -> ServiceDocument:
        """The document as a value. Raises InvalidDocument where a draft cannot be read whole."""
        return of_data(self.working.data)

    def titles(self, kind: str) -> Mapping[str, str]:
        """The parts of a kind by their id, in the order of the document, with what they are called."""
        if kind not in self._titles:
            self._titles[kind] = {part["id"]: title_of(part, self.lang) for _name, part in self.parts(kind)}
        return self._titles[kind]

    def title(self, kind: str, id: str) -> str:
        """What a part is called; its id where there is none."""
        return self.titles(kind).get(id, id)

    def parts(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """The parts of a kind with their names, in the order of the document."""
        return list(parts_of(self.working, kind))

    def words(self, target: str, path: str) -> str:
        """Words of a part, in the nearest language that is there; nothing where there are none."""
        found = self.working.value(target, path)
        return words_in(found, self.lang) if isinstance(found, dict) and found else ""
