"""Cells to states and values: looked up once for each different cell, then spread over the rows by numpy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from peakend.facts import STATES
from peakend.formats.plan import BlankWhen, Cell, Codes, NumberForm, Slot
from peakend.ids import plain_id

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

STATE: Final[Mapping[str, int]] = {state: i for i, state in enumerate(STATES)}
ANSWERED, SKIPPED = STATE["answered"], STATE["skipped"]
_COMMA: Final = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
"""A number with a decimal comma; points part thousands."""
PLAIN: Final = NumberForm()
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?")


def key(cell: Cell) -> str:
    """What a cell of an answer says, for comparison: its plain form, and one way to write a number. Ids are compared by
    `plain_id` alone.
    """
    text = plain_id(str(cell))
    found = number(text)
    return text if found is None else f"{found:.15g}"


def number(text: str, form: NumberForm = PLAIN) -> float | None:
    """The number that a text is, or None: decimal digits only, no thousands, no unit, unless the mapping says how
    numbers are written.
    """
    bare, percent = (text[:-1].rstrip(), True) if text.endswith("%") and form.percent else (text, False)
    if form.decimal == "," and _COMMA.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif form.decimal == ",":
        return None
    if not _NUMBER.fullmatch(bare) or not bare.isascii():
        return None
    return float(bare) / 100 if percent and form.percent == "share" else float(bare)


@dataclass(frozen=True)
class CodedColumn:
    """A column as its different cells and, for each row, which of them it has."""

    cells: tuple[str, ...]
    at: Whole

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What each different cell says."""
        return tuple(key(cell) for cell in self.cells)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Each different cell as an id."""
        return tuple(plain_id(cell) for cell in self.cells)

    @cached_property
    def counts(self) -> Whole:
        """How often each different cell stands there."""
        return np.bincount(self.at, minlength=len(self.cells))

    def first(self, cell: int) -> int:
        """The first row with this cell."""
        return int(np.argmax(self.at == cell))

    def among(self, wanted: Iterable[Cell]) -> Truth:
        """The rows whose cell says one of these."""
        known = {key(cell) for cell in wanted}
        return np.array([cell in known for cell in self.keys], dtype=bool)[self.at]


def codes_of(column: pa.ChunkedArray) -> CodedColumn:
    """A column of text, looked at once for each different cell."""
    flat = column.combine_chunks().dictionary_encode()
    return CodedColumn(
        tuple(flat.dictionary.to_pylist()), np.asarray(flat.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    )


@dataclass(frozen=True)
class Answers:
    """States and values of one column, and the cells (as numbers in `Coded.cells`) that nobody said the meaning of."""

    state: npt.NDArray[np.int8]
    value: Real
    unknown: tuple[int, ...]


def answers(column: CodedColumn, slot: Slot, blank: Mapping[int, Truth], form: NumberForm = PLAIN) -> Answers:
    """The answers of a column on its scale. `blank` says, by state, in which rows an empty cell has that state."""
    table = _meanings(slot)
    found = [table.get(said) or _score_of(text, slot, form) for said, text in zip(column.keys, column.ids, strict=True)]
    unknown = tuple(i for i, meaning in enumerate(found) if meaning is None and not slot.invalid_else)
    each = [meaning or (STATE["invalid"], np.nan) for meaning in found]
    state = np.array([state for state, _ in each], dtype=np.int8)[column.at]
    value = np.array([value for _, value in each], dtype=np.float64)[column.at]
    return Answers(states_with_reasons(state, blank), value, unknown)


def states_with_reasons(state: npt.NDArray[np.int8], blank: Mapping[int, Truth]) -> npt.NDArray[np.int8]:
    """The states with every skipped one that has a reason given that reason; the first reason counts."""
    for reason, rows in reversed(list(blank.items())):
        state = np.where((state == SKIPPED) & rows, np.int8(reason), state)
    return state


def _meanings(slot: Slot) -> dict[str, tuple[int, float]]:
    """What the cells mean that the mapping names: codes and words of the scale."""
    words = {key(cell): (ANSWERED, float(value)) for cell, value in slot.values.items()}
    return _EMPTY | words | _code_states(slot.codes)


_EMPTY: Final = {"": (SKIPPED, np.nan)}
"""An empty cell is skipped unless the mapping says what it means."""


def state_codes(codes: Codes) -> dict[str, tuple[int, float]]:
    """The state of every code; an empty cell is skipped unless it is named."""
    return _EMPTY | _code_states(codes)


def _code_states(codes: Codes) -> dict[str, tuple[int, float]]:
    return {key(cell): (STATE[state], np.nan) for state, cells in codes.by_state() for cell in cells}


def _score_of(text: str, slot: Slot, form: NumberForm) -> tuple[int, float] | None:
    """A number on the scale."""
    value = number(text, form)
    if value is None or slot.low is None or slot.high is None or not slot.low <= value <= slot.high:
        return None
    return None if slot.whole and value != int(value) else (ANSWERED, value)


def reasons(rules: Sequence[BlankWhen], columns: Mapping[str, CodedColumn]) -> dict[int, Truth]:
    """By state, the rows in which an empty cell has it."""
    found: dict[int, Truth] = {}
    for rule in rules:
        rows = columns[rule.column].among(rule.any_of)
        state = STATE[rule.then]
        found[state] = found[state] | rows if state in found else rows
    return found


def numbers(column: CodedColumn, form: NumberForm = PLAIN) -> tuple[Real, tuple[int, ...]]:
    """A column of numbers, NaN where it is empty, and the cells that are none."""
    each = [number(text, form) for text in column.ids]
    bad = tuple(i for i, (value, text) in enumerate(zip(each, column.ids, strict=True)) if value is None and text)
    return np.array([np.nan if value is None else value for value in each], dtype=np.float64)[column.at], bad
