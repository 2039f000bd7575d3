"""Small tables of events for the stories that the tests of the methods tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl

from peakend.facts import Facts, conform

MINUTE = 60_000_000
DAY = 86_400_000_000
START = 20_500 * DAY
SCHEMA = {
    "visit": pl.String,
    "at_us": pl.Int64,
    "until_us": pl.Int64,
    "site": pl.String,
    "touchpoint": pl.String,
    "kind": pl.String,
    "indicator": pl.String,
    "value": pl.Float64,
}


def events(rows: Iterable[dict[str, Any]]) -> Facts:
    """The rows as events."""
    return conform(pl.DataFrame(list(rows), schema=SCHEMA), "events")


def at(day: int, minute: float = 0.0) -> int:
    return START + day * DAY + round(minute * MINUTE)


def parcels(days: int = 30, seed: int = 3) -> list[dict[str, Any]]:
    """A depot's parcels: forty arrive a day and some go wrong; on the twentieth day six are lost."""
    rng = np.random.default_rng(seed)
    rows = [
        {"visit": f"{d}-{i}", "kind": "arrive", "at_us": at(d, i), "site": "NS"[i % 2]}
        for d in range(days)
        for i in range(40)
    ]
    for d in range(days):
        failed = {
            "right_day_late": rng.poisson(4),
            "damaged_packages": rng.poisson(0.2),
            "lost_packages": 6 if d == 19 else rng.poisson(0.05),
        }
        whole = [name for name, times in failed.items() for _ in range(times)]
        rows += [
            {"visit": f"{d}-{i}", "kind": "fail", "at_us": at(d, 600 + i), "indicator": name, "site": "NS"[i % 2]}
            for i, name in enumerate(whole)
        ]
    return rows


def clinic(visits: int = 60, seed: int = 5) -> list[dict[str, Any]]:
    """Mrs Lin's clinic: register, wait, consult, pay; some leave while they wait, some go back to the register. Twenty
    minutes are promised.
    """
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for v in range(visits):
        site, now = "AB"[v % 2], 9.0 * v
        begun, rest = ["register", "wait"], ["consult", "pay"]
        way = begun if v % 10 == 3 else [*begun, *begun, *rest] if v % 7 == 2 else [*begun, *rest]
        for place in way:
            lasts, kind = float(rng.exponential(12 if place == "wait" else 4)), "wait" if place == "wait" else "serve"
            row = {
                "visit": f"v{v}",
                "site": site,
                "touchpoint": place,
                "kind": kind,
                "at_us": at(0, now),
                "until_us": at(0, now + lasts),
            }
            rows.append(row | {"value": 20.0} if place == "wait" else row)
            now += lasts + 1
    return rows
