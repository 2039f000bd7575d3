"""Kano's evaluation tables (`tables.toml`): of which class each pair of answers about a feature is.

A class is a letter: A attractive, O one-dimensional, M must-be, I indifferent, R reverse, Q questionable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend.errors import MethodError
from peakend.sums import Counts

Cells = NDArray[np.int64]

CLASSES: Final = ("A", "O", "M", "I", "R", "Q")


@dataclass(frozen=True)
class Evaluation:
    """An evaluation table: `cells[f][d]` is the class of the answers f to "if it is there" and d to "if it is not
    there".
    """

    id: str
    source: str
    answers: tuple[str, ...]
    cells: tuple[str, ...]
    functional: tuple[float, ...] | None = None
    dysfunctional: tuple[float, ...] | None = None

    @property
    def size(self) -> int:
        """How many answers each question has."""
        return len(self.answers)

    def classes(self, cells: Cells) -> dict[str, int]:
        """The counts of the six classes in a table of pairs, shape (size, size)."""
        found = dict.fromkeys(CLASSES, 0)
        for row, letters in zip(cells.tolist(), self.cells, strict=True):
            for count, letter in zip(row, letters, strict=True):
                found[letter] += count
        return found


def pair_counts(part: Counts, size: int) -> tuple[NDArray[np.float64], dict[str, int]]:
    """Count, Σw and Σw² of each pair of answers, shape (3, size, size), from the kernel `pairs`; and how many could not
    be used, by state.

    Answers that the table does not have are invalid.
    """
    unused = dict.fromkeys(("skipped", "invalid", "not_applicable", "not_shown"), 0)
    sums = np.zeros((3, size, size))
    for (state, there, absent), *sizes in zip(part.cells, part.count, part.weight, part.weight2, strict=True):
        if state == "answered" and all(value in range(1, size + 1) for value in (there, absent)):
            sums[:, int(there) - 1, int(absent) - 1] += sizes
        else:
            unused["invalid" if state == "answered" else state] += int(sizes[0])
    return sums, unused


@cache
def evaluations() -> Mapping[str, Evaluation]:
    """Every evaluation table by its name."""
    loaded = tomllib.loads(files("peakend.field.kano").joinpath("tables.toml").read_text(encoding="utf-8"))
    return {name: _evaluation(name, entry) for name, entry in loaded.items()}


def evaluation(id: str) -> Evaluation:
    """The table of this name; raises MethodError `kano.table` where there is none."""
    if id not in evaluations():
        raise MethodError("kano.table", found=id, known=", ".join(evaluations()))
    return evaluations()[id]


def _evaluation(id: str, entry: Mapping[str, Any]) -> Evaluation:
    fields: dict[str, Any] = {name: value if isinstance(value, str) else tuple(value) for name, value in entry.items()}
    return Evaluation(id=id, **fields)
