"""The proof of a copy: whether it and the truth add up to the same, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from peakend.facts import TABLES, TableName
from peakend_web.store import changes

from .manifest import Manifest, load
from .reading import engine, source


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the copy and the truth disagree: rows, values, Σ value, Σ weight, Σ seq of each."""

    table: str
    day: int
    truth: tuple[float, ...]
    copy: tuple[float, ...]


def differences(workspace: int) -> list[Difference]:
    """The days on which they do not; every day of the truth where there is no copy."""
    manifest = load(workspace)
    if manifest is None:
        return [
            Difference(table, day, sums, ())
            for table in TABLES
            for day, sums in changes.sums_by_day(table, workspace).items()
        ]
    return [
        each
        for table in TABLES
        for each in _compare(table, changes.sums_by_day(table, workspace), _sums(workspace, manifest, table))
    ]


def _sums(workspace: int, manifest: Manifest, table: TableName) -> dict[int, tuple[float, ...]]:
    weight = "weight" if table == "answers" else "1.0"
    asked = f"coalesce(day, {changes.NO_DAY}), count(*), count(value), coalesce(sum(value), 0), sum({weight}), sum(seq)"
    found = engine().execute(f"SELECT {asked} FROM ({source(workspace, manifest, table)}) GROUP BY 1").fetchall()  # noqa: S608 — our own names
    return {int(row[0]): tuple(float(each) for each in row[1:]) for row in found}


def _compare(
    table: str, truth: dict[int, tuple[float, ...]], copy: dict[int, tuple[float, ...]]
) -> Iterator[Difference]:
    """Counts and numbers to the last digit; sums of values and weights to 9 digits, for engines add in different orders
    and round at each step.
    """
    for day in sorted(truth.keys() | copy.keys()):
        ours, theirs = truth.get(day, ()), copy.get(day, ())
        if len(ours) != len(theirs) or not np.allclose(ours, theirs, rtol=_TOLERANCES, atol=0):
            yield Difference(table, day, ours, theirs)


_TOLERANCES: Final = (0.0, 0.0, 1e-9, 1e-9, 0.0)
"""Rows, values, Σ value, Σ weight, Σ seq."""
