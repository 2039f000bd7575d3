"""Programmes in zeros and ones: the least of a linear cost over choices that keep linear rules, by HiGHS (Huangfu &
Hall 2018).

SciPy brings HiGHS; it is reached through `scipy.optimize`, which SciPy loads when it is first touched, so that nobody
waits for it who never chooses. Now and then it writes to the process's own output, which belongs to whoever reads our
JSON: that is held shut meanwhile. HiGHS works in floating point: whoever must keep a rule to the cent checks the choice
in whole numbers and forbids it if it fails (`forbidding`).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from peakend.errors import MethodError
from peakend.sums import Floats

Choice = NDArray[np.bool_]
LARGE: Final = 1e4
"""Costs are scaled to this size, for HiGHS stops at an absolute gap of 1e-6 too."""
_INFEASIBLE: Final = 2


@contextmanager
def _silence() -> Iterator[None]:
    """Send what compiled code writes to the standard output nowhere. It is buffered by the C library, so that is
    emptied before and after.
    """
    if sys.platform == "win32":
        yield
        return
    libc, kept, nowhere = ctypes.CDLL(None), os.dup(1), os.open(os.devnull, os.O_WRONLY)
    libc.fflush(None)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        libc.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


@dataclass(frozen=True)
class Programme:
    """The least of `cost`·x over x in {0, 1}, with `free` continuous unknowns at its end, under rows low ≤ a·x ≤ high.

    `least` and `most` bound each unknown, shape (n,).
    """

    cost: Floats
    least: Floats
    most: Floats
    rules: tuple[tuple[Floats, float, float], ...] = ()
    free: int = 0
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.cost) - self.free)

    def with_rule(self, a: ArrayLike, low: float = -np.inf, high: float = np.inf) -> Programme:
        """The same programme with one rule more."""
        return replace(self, rules=(*self.rules, (np.asarray(a, dtype=np.float64), low, high)))

    def without(self, choice: Choice) -> Programme:
        """The same programme without this one choice: at least one unknown must differ."""
        a = np.zeros(len(self.cost))
        a[: self.size] = np.where(choice, -1.0, 1.0)
        return self.with_rule(a, low=1.0 - float(choice.sum()))

    def best(self) -> Choice | None:
        """The best choice, or None where the rules leave none. Raises MethodError `whole.unsolved` where HiGHS gives
        up.
        """
        tools, (a, low, high) = scipy.optimize, _matrix(self.rules, len(self.cost))
        kinds = np.r_[np.ones(self.size), np.zeros(self.free)]
        with _silence():
            found = tools.milp(
                self.cost * (LARGE / (np.abs(self.cost).max() or 1.0)), integrality=kinds,
                bounds=tools.Bounds(self.least, self.most),
                constraints=tools.LinearConstraint(a, low, high), options={"mip_rel_gap": 0.0, "presolve": False},
            )  # fmt: skip
        if found.status == _INFEASIBLE:
            return None
        if found.x is None or found.status != 0:
            raise MethodError("whole.unsolved", reason=str(found.message))
        return np.asarray(found.x[: self.size] > 0.5)


def programme(cost: ArrayLike, *, least: ArrayLike | None = None) -> Programme:
    """A programme without rules yet; `least` of 1 fixes an unknown to be chosen."""
    c = np.asarray(cost, dtype=np.float64)
    return Programme(c, np.zeros(len(c)) if least is None else np.asarray(least, dtype=np.float64), np.ones(len(c)))


def _matrix(rules: Sequence[tuple[Floats, float, float]], width: int) -> tuple[Floats, Floats, Floats]:
    if not rules:
        return np.zeros((1, width)), np.array([-np.inf]), np.array([np.inf])
    return (
        np.stack([a for a, _, _ in rules]),
        np.array([low for _, low, _ in rules]),
        np.array([high for _, _, high in rules]),
    )
