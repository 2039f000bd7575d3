"""An attack on what is released: surveys of a few hundred people, answered a few at a time, and somebody who reads
every figure all the time.

The attacker knows what anybody could know: who has which values in every column, and who was counted in which figure at
which time. What they do not know is what each said. From all figures that may be asked for (one column of people at a
time, one value of it, whole months from any to any, at every time) they subtract any from any (`between_two`), and
solve all of them together (`recoverable_figures`). A person is singled out whose answer follows exactly; a group is recovered
that is smaller than the least cell.

`make disclosure` attacks a thousand surveys and writes `docs/disclosure.md`; the tests attack a few.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peakend_web.store.release.batches import PATIENCE, Atoms, decide
from peakend_web.store.release.widening import hidden_values

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
MASKED = -1
LEAST_N = 10
UNDATED = 0
FIRST_MONTH = 2026 * 12 + 3


@dataclass
class Survey:
    """Who answers: a month and a value in each column, in the order in which they come."""

    months: Rows
    values: Rows
    """One row a person, one column a column."""


def survey(rng: np.random.Generator, people: int, columns: int = 5, months: int = 4) -> Survey:
    """Columns of two to six values, some of them rare; some columns follow others, as a language does a site."""
    drawn = []
    for at in range(columns):
        weights = rng.dirichlet(np.full(int(rng.integers(2, 7)), 1.5))
        one = rng.choice(len(weights), people, p=weights)
        if at and rng.random() < 0.4:
            follows = rng.random(people) < rng.choice((0.7, 0.97))
            one = np.where(follows, drawn[at - 1] % len(weights), one)
        drawn.append(one)
    when = np.sort(rng.integers(0, months, people)) + FIRST_MONTH
    return Survey(when.astype(np.int64), np.column_stack(drawn).astype(np.int64))


@dataclass
class Release:
    """What is released of a survey so far: of whom, in which month and with which values they are counted."""

    survey: Survey
    cell: int
    known: int
    """By so many columns people are told apart so far."""
    there: Flags = field(init=False)
    released: Flags = field(init=False)
    months: Rows = field(init=False)
    values: Rows = field(init=False)

    def __post_init__(self) -> None:
        size = len(self.survey.months)
        self.there, self.released = np.zeros(size, bool), np.zeros(size, bool)
        self.months, self.values = self.survey.months.copy(), self.survey.values.copy()

    def come(self, upto: int, now: int) -> None:
        """Everybody up to this one has answered; what can be released is."""
        self.there[:upto] = True
        pending = np.flatnonzero(self.there & ~self.released)
        if not len(pending):
            return
        whole = tuple(self.survey.values[pending, : self.known].T)
        ones, question = np.ones(len(pending), np.int64), np.zeros(len(pending), np.int64)
        found = decide(Atoms(ones, question, self.survey.months[pending], whole, None), self.cell, now)  # type: ignore[arg-type]
        out = pending[~found.held]
        self.released[out] = True
        self.months[pending[found.undated]] = UNDATED
        self._hide(pending, found.masks)

    def widen(self) -> None:
        """From now on people are told apart by all columns."""
        before, self.known = self.known, self.values.shape[1]
        there = np.flatnonzero(self.released)
        ones, question = np.ones(len(there), np.int64), np.zeros(len(there), np.int64)
        whole = tuple(self.values[there].T)
        self._hide(there, hidden_values(Atoms(ones, question, self.months[there], whole, None), before, self.cell))  # type: ignore[arg-type]

    def _hide(self, people: Rows, masks: Rows) -> None:
        for at in range(self.known):
            self.values[people[(masks >> at) & 1 == 1], at] = MASKED

    def figures(self) -> Iterator[Flags]:
        """Who is counted in each figure that may be asked for now."""
        spans: list[Flags] = [self.released]
        known = sorted({int(month) for month in self.survey.months})
        spans += [self.released & (self.months >= a) & (self.months <= b) for a in known for b in known if b >= a]
        for span in spans:
            yield span
            for at in range(self.known):
                for value in np.unique(self.values[:, at]):
                    yield span & (self.values[:, at] == value)


def walk(made: Survey, rng: np.random.Generator, cell: int, most: int, later: int = 0) -> tuple[Release, Flags]:
    """The survey as it is answered, a few at a time; and every figure that there was, each once: (figures, people). So
    many of its columns come when half of them have answered.
    """
    release, seen = Release(made, cell, made.values.shape[1] - later), {}
    at, size = 0, len(made.months)
    while at < size:
        at = min(size, at + int(rng.integers(1, most)))
        if later and at > size // 2 and release.known < made.values.shape[1]:
            release.widen()
        release.come(at, int(made.months[at - 1]))
        seen.update({each.tobytes(): each for each in release.figures()})
    for month in range(1, PATIENCE + 2):
        release.come(size, int(made.months[-1]) + month)
        seen.update({each.tobytes(): each for each in release.figures()})
    return release, np.array([each for each in seen.values() if each.any()])


def between_two(figures: Flags, cell: int) -> tuple[int, Flags]:
    """The smallest group that is a figure or the difference of two of which one lies in the other; and who is in one
    below the cell.
    """
    table = figures.astype(np.float32)
    sizes = table.sum(axis=1)
    smallest, found = int(sizes.min(initial=len(figures[0]))), np.zeros(figures.shape[1], bool)
    for start in range(0, len(table), 2_000):
        part = table[start : start + 2_000]
        inside = (part @ table.T) == part.sum(axis=1)[:, None]
        rest = np.where(inside, sizes[None, :] - part.sum(axis=1)[:, None], 0)
        smallest = min(smallest, int(rest[rest > 0].min(initial=smallest)))
        for one, other in np.argwhere((rest > 0) & (rest < cell)):
            found |= figures[other] & ~figures[start + one]
    return smallest, found | figures[sizes < cell].any(axis=0)


def worked_out(figures: Flags) -> int:
    """How many people's answers follow from all figures together: those whose own indicator is a combination of the
    figures'.
    """
    table = np.unique(figures, axis=1)
    counts = [int((figures == column[:, None]).all(axis=0).sum()) for column in table.T]
    _, sizes, across = np.linalg.svd(table.astype(float), full_matrices=False)
    basis = across[sizes > 1e-8 * sizes.max(initial=1.0)]
    alone = np.isclose((basis**2).sum(axis=0), 1.0, atol=1e-7) & table.any(axis=0)
    return int(sum(count == 1 and bool(single) for count, single in zip(counts, alone, strict=True)))


def naive(made: Survey, cell: int) -> Flags:
    """What a threshold alone would show at the end: every figure of one or two columns that has a cell of people."""
    found = [np.ones(len(made.months), bool)]
    columns = [made.months, *made.values.T]
    ones = [[column == value for value in np.unique(column)] for column in columns]
    found += [each for column in ones for each in column]
    found += [a & b for one, other in combinations(ones, 2) for a in one for b in other]
    return np.array([each for each in found if each.sum() >= cell])


def shown(release: Release) -> tuple[int, int]:
    """Of the values of each column that enough people have for a figure: how many there are, and of how many it is
    shown.
    """
    pairs = [(at, value) for at in range(release.values.shape[1]) for value in np.unique(release.survey.values[:, at])]
    enough = [(at, value) for at, value in pairs if (release.survey.values[:, at] == value).sum() >= LEAST_N]
    return len(enough), sum(
        bool(((release.values[:, at] == value) & release.released).sum() >= LEAST_N) for at, value in enough
    )


def attack(surveys: int, seed: int = 1, cell: int = 5, most: int = 30, later: int = 0) -> dict[str, Any]:
    """What comes of so many surveys, of which so many columns come later."""
    rng, began = np.random.default_rng(seed), time.monotonic()
    total: dict[str, Any] = dict.fromkeys(
        (
            "people",
            "figures",
            "singled_out",
            "in_small_groups",
            "worked_out",
            "cells",
            "shown",
            "held",
            "undated",
            "naive_singled_out",
        ),
        0,
    )
    total["smallest"] = 10**9
    for _ in range(surveys):
        made = survey(rng, int(rng.integers(200, 401)))
        release, figures = walk(made, rng, cell, most, later)
        smallest, small = between_two(figures, cell)
        cells, told = shown(release)
        total["smallest"] = min(total["smallest"], smallest)
        outright = between_two(naive(made, cell), cell)[1]
        found = {
            "people": len(made.months), "figures": len(figures), "in_small_groups": int(small.sum()),
            "worked_out": worked_out(figures),
            "cells": cells, "shown": told, "held": int((~release.released).sum()),
            "undated": int((release.months == UNDATED).sum()),
            "naive_singled_out": int(outright.sum()),
        }  # fmt: skip
        for name, value in found.items():
            total[name] += value
    return {**total, "surveys": surveys, "seconds": round(time.monotonic() - began, 1)}


PAGE = """# What an attacker works out of released figures

`make disclosure`: {surveys:,} surveys of 200 to 400 people with five columns of people over four months, answered one to thirty at a time, and
an attacker who reads every figure of one column and any months after each of these times, knows who is counted in which, and subtracts and
solves (`benchmarks/disclosure.py`; what is released and why is told in `docs/decisions/0008-released-in-batches.md`).

| | |
| --- | --- |
| people | {people:,} |
| different figures read | {figures:,} |
| smallest group between any two figures | {smallest} (least cell {cell}) |
| people in a smaller group | {in_small_groups} |
| people whose answer follows from all figures together | {worked_out} |
| values that ten people have, as many as a figure needs, and whose figure is shown | {shown:,} of {cells:,} ({share:.1f}%) |
| people who are still not counted when the last month is over | {held} |
| people counted without their month | {undated:,} |
| *for comparison:* people in a smaller group where a threshold of {cell} alone guards figures of one and two columns | {naive_singled_out:,} |
"""


def main() -> None:
    """Attack a thousand surveys (or as many as the first argument says) and write the page."""
    found = attack(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    page = PAGE.format(**found, cell=5, share=100 * found["shown"] / found["cells"])
    Path(__file__).parents[1].joinpath("docs", "disclosure.md").write_text(page, encoding="utf-8")
    print(page, f"{found['seconds']} s")


if __name__ == "__main__":
    main()
