"""Rows that the tests of several kernels are made of, and counts as a dictionary."""

from __future__ import annotations

from typing import Any

from peakend.instants import DAY as A_DAY
from peakend.sums import Counts

DAY = 20780  # 2026-11-23, a Monday
NOON = DAY * A_DAY + A_DAY // 2


def said(
    response: str, construct: str | None, value: float | None, role: str = "score", **other: Any
) -> dict[str, Any]:
    return {
        "response": response,
        "construct": construct,
        "item": construct,
        "role": role,
        "value": value,
        "low": 1.0,
        "high": 7.0,
        "at_us": NOON,
        **other,
    }


def cells(counts: Counts) -> dict[tuple[Any, ...], tuple[int, float, float]]:
    return {
        cell: (int(n), float(w), float(w2))
        for cell, n, w, w2 in zip(counts.cells, counts.count, counts.weight, counts.weight2, strict=True)
    }
