"""Where in a workbook a part of a document came from, so that whatever is wrong with it is said with its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peakend.documents.problems import Problem
from peakend.documents.source import path_name, walk


@dataclass
class Places:
    """The cells of every part: where its row is, and the cell of each of its fields."""

    rows: dict[int, tuple[str, dict[tuple[str, ...], str]]] = field(default_factory=dict)

    def note(self, part: Mapping[str, Any], row: str, fields: dict[tuple[str, ...], str]) -> None:
        """Keep where a part stands; the part itself stays the same object until the problems are told."""
        self.rows[id(part)] = (row, fields)

    def tell(self, problems: Iterable[Problem], data: Any) -> list[Problem]:
        """The problems with their cells instead of their paths; as they are where there is no cell."""
        cells = dict(self._cells(data))
        return [replace(problem, path=_nearest(problem.path, cells), line=None) for problem in problems]

    def _cells(self, data: Any) -> Iterable[tuple[str, str]]:
        for path, value in walk(data):
            if isinstance(value, dict) and id(value) in self.rows:
                row, fields = self.rows[id(value)]
                yield path_name(data, path), row
                for inner, cell in fields.items():
                    yield path_name(data, (*path, *inner)), cell


def _nearest(path: str, cells: Mapping[str, str]) -> str:
    """The cell of a path, or of the nearest thing around it that has one."""
    steps = path.split("/")
    for length in range(len(steps), -1, -1):
        if found := cells.get("/".join(steps[:length])):
            return found
    return path
