"""Who is released together: the largest batch in which nobody stands alone. What that means is said in the package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
PATIENCE: Final = 3
"""For so many months after its own somebody waits for company of the same values."""


@dataclass(frozen=True)
class Atoms:
    """The rows to decide of, put together where nothing tells them apart: how many people, and a number for each
    question, month and value.
    """

    people: Whole
    questions: Whole
    months: Whole
    values: tuple[Whole, ...]
    keys: pa.Table


@dataclass(frozen=True)
class Decision:
    """Of each atom: whether it waits, whether it is counted without its month, and without which values (a bit a
    column).
    """

    held: Flags
    undated: Flags
    masks: Whole


def decide(atoms: Atoms, cell: int, now: int) -> Decision:
    """First as they came; then, of months that are over, without the month; of months long over without rare values,
    and then without any.
    """
    size = len(atoms.people)
    released, undated, masks = np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, np.int64)
    released |= company(atoms.people, atoms.questions, atoms.months, atoms.values, cell)
    nowhen = np.zeros(size, np.int64)
    for step in ("month", "rare", "all"):
        left = ~released & (atoms.months < (now if step == "month" else now - PATIENCE))
        if not left.any():
            continue
        hidden = _masks(atoms, left, cell, step)
        values = tuple(np.where(which, -1, value) for which, value in zip(hidden, atoms.values, strict=True))
        part = tuple(value[left] for value in values)
        new = np.zeros(size, bool)
        new[left] = company(atoms.people[left], atoms.questions[left], nowhen[left], part, cell)
        undated |= new
        masks += sum((np.where(new & which, 1 << at, 0) for at, which in enumerate(hidden)), np.zeros(size, np.int64))
        released |= new
    return Decision(~released, undated, masks)


def _masks(atoms: Atoms, left: Flags, cell: int, step: str) -> list[Flags]:
    """For each column, of which atoms the value is hidden."""
    if step != "rare":
        return [np.full(len(left), step == "all") for _ in atoms.values]
    return [_small(key_of(atoms.questions, value), atoms.people * left, cell) for value in atoms.values]


def company(people: Whole, questions: Whole, months: Whole, values: Sequence[Whole], cell: int) -> Flags:
    """The largest set of atoms that can be released as they are: all that keep a rule, after those that break one have
    left, until none does.
    """
    there = np.ones(len(people), bool)
    blocks = key_of(questions, months)
    cells = [blocks, *(key_of(blocks, value) for value in values)]
    crossed = [(one, other, key_of(one, other)) for one, other in combinations(cells[1:], 2)]
    while there.any():
        now = people * there
        gone = np.any([_small(each, now, cell) for each in cells], axis=0)
        if not gone.any():
            beside = [
                _beside(a, b, both, now, cell) for one, other, both in crossed for a, b in ((one, other), (other, one))
            ]
            gone = np.any(beside, axis=0) if beside else gone
        if not (gone & there).any():
            gone = _worked_out(blocks, cells[1:], now, cell)
        if not (gone & there).any():
            break
        there &= ~gone
    return there


def _small(key: Whole, people: Whole, cell: int) -> Flags:
    """Atoms in a group of fewer people than the cell."""
    sizes = np.bincount(key, people)
    return np.asarray((sizes > 0) & (sizes < cell))[key]


def _beside(one: Whole, other: Whole, both: Whole, people: Whole, cell: int) -> Flags:
    """Atoms that are few beside a group: all of a value of one column are in a value of the other, and these are the
    rest of that one.
    """
    n_one, n_other, n_both = (np.bincount(key, people)[key] for key in (one, other, both))
    rest = n_other - n_both
    within = (people > 0) & (n_both == n_one) & (rest > 0) & (rest < cell)
    crowded = np.zeros(int(other.max(initial=-1)) + 1, bool)
    crowded[other[within]] = True
    return np.asarray(crowded[other] & ~within & (people > 0))


def _worked_out(blocks: Whole, cells: Sequence[Whole], people: Whole, cell: int) -> Flags:
    """Atoms of fewer people than the cell whose sum follows from the sums of all cells of their block together.

    Figures are sums of cells, so what follows from them is what lies in the span of the cells' indicators; an atom's
    own indicator lies in it where its leverage is one.
    """
    found = np.zeros(len(people), bool)
    if len(cells) < 2:
        return found
    for block in np.unique(blocks[people > 0]):
        at = np.flatnonzero((blocks == block) & (people > 0))
        alike = key_of(*(each[at] for each in cells))
        first = np.unique(alike, return_index=True)[1]
        places, size = _places([each[at[first]] for each in cells])
        gram = np.zeros((size, size))
        for one in places:
            for other in places:
                np.add.at(gram, (one, other), 1.0)
        inverse = np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
        leverage = sum((inverse[one, other] for one in places for other in places), np.zeros(len(first)))
        found[at] = ((np.bincount(alike, people[at]) < cell) & (leverage > 1 - _SURE))[alike]
    return found


_SURE: Final = 1e-6


def _places(cells: Sequence[Whole]) -> tuple[list[Whole], int]:
    """The cells of all columns numbered through, and how many there are."""
    places, size = [], 0
    for each in cells:
        codes = np.unique(each, return_inverse=True)[1].astype(np.int64)
        places.append(codes + size)
        size += int(codes.max(initial=-1)) + 1
    return places, size


def key_of(*parts: Whole) -> Whole:
    """One number for each combination."""
    found = np.zeros(len(parts[0]), np.int64)
    for part in parts:
        codes = np.unique(part, return_inverse=True)[1].astype(np.int64)
        found = np.unique(found * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1].astype(np.int64)
    return found
