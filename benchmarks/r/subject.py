"""What a subject is: data from a seed, the figures that are compared, and what Peakend makes of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Column = Sequence[Any]
Table = Mapping[str, Column]
Tables = Mapping[str, Table]
Numbers = Sequence[float | None]


@dataclass(frozen=True)
class Figure:
    """One figure or a few of a kind: whose it is, what it is, the function of R that tells it, and how far apart both
    may be.
    """

    method: str
    what: str
    r: str
    within: float = 1e-8


@dataclass(frozen=True)
class Subject:
    """The data (`tables`), the figures by id, and Peakend's numbers for each of them, in R's order."""

    name: str
    figures: Mapping[str, Figure]
    tables: Callable[[], Tables]
    ours: Callable[[Tables], Mapping[str, Numbers]]


def write(tables: Tables, folder: Path) -> None:
    """The tables as CSV; nothing is NA."""
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(table)
            lines.writerows(
                [["NA" if value is None else value for value in row] for row in zip(*table.values(), strict=True)]
            )


def largest(ours: Numbers, theirs: Numbers) -> float:
    """The largest difference; infinite where one has a number and the other none, or they have not as many."""
    if len(ours) != len(theirs):
        return float("inf")
    apart = [
        0.0 if a is b is None else abs(a - b) if a is not None and b is not None else float("inf")
        for a, b in zip(ours, theirs, strict=True)
    ]
    return max(apart, default=float("inf"))
