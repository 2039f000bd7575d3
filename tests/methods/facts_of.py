"""Small fact tables for the stories that the tests of the methods tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import polars as pl

from peakend import samples
from peakend.facts import Facts, conform

SCHEMA = {
    "response": pl.String,
    "respondent_kind": pl.String,
    "site": pl.String,
    "wave": pl.String,
    "customer": pl.String,
    "day": pl.Int64,
    "item": pl.String,
    "construct": pl.String,
    "role": pl.String,
    "state": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "weight": pl.Float64,
}
sample: Final = cache(samples.sample)
"""The facts of a sample. They are frozen, so that one reading does for all tests."""
SKIPPED, INVALID, NOT_APPLICABLE, NOT_SHOWN = "skipped", "invalid", "not_applicable", "not_shown"


def said(
    construct: str | None, values: Iterable[float | str], *, scale: tuple[float, float] | None = (1.0, 5.0), **more: Any
) -> list[dict[str, Any]]:
    """One row an answer, each of another response: a number that was answered, or the state of one that was not."""
    low, high = scale or (None, None)
    base: Mapping[str, Any] = {"construct": construct, "low": low, "high": high, **more}
    rows = []
    for at, value in enumerate(values):
        state, number = (value, None) if isinstance(value, str) else ("answered", float(value))
        rows.append({"response": f"{construct}-{scale}-{more}-{at}", **base, "state": state, "value": number})
    return rows


def facts(*rows: list[dict[str, Any]]) -> Facts:
    """The rows as facts."""
    return conform(pl.DataFrame([row for part in rows for row in part], schema=SCHEMA))
