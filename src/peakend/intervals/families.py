"""Families of tests: p values adjusted for how many were made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peakend.intervals.quantiles import Array


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Holm's (1979) adjusted p values: for confirming, holds the chance of any false finding. In the given order."""
    order, m = np.argsort(p, kind="stable"), len(p)
    raised = np.maximum.accumulate(np.asarray(p, dtype=float)[order] * (m - np.arange(m)))
    return _in_given_order(np.minimum(1.0, raised), order)


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Benjamini & Hochberg's (1995) adjusted p values: for screening, holds the share of false findings. In the given
    order.
    """
    order, m = np.argsort(p, kind="stable")[::-1], len(p)
    lowered = np.minimum.accumulate(np.asarray(p, dtype=float)[order] * m / (m - np.arange(m)))
    return _in_given_order(np.minimum(1.0, lowered), order)


def _in_given_order(values: Array, order: NDArray[np.intp]) -> tuple[float, ...]:
    out = np.empty(len(values))
    out[order] = values
    return tuple(out.tolist())
