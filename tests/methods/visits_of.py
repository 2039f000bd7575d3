"""Visits whose memory is known: Mrs Lin's guests rate five to eight touchpoints in their order, and a day later the
whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from peakend.facts import Facts, conform

MINUTE, DAY = 60_000_000, 86_400_000_000
PLACES = ("arrival", "desk", "room", "breakfast", "pool", "bar", "taxi", "checkout")
SCALE = (1.0, 7.0)


def walked(
    ratings: Sequence[Sequence[float]], remembered: Sequence[float | None], *, later: int = DAY, **more: Any
) -> Facts:
    """One visit a list of ratings, in the order of `PLACES`; what was said afterwards, `later` microseconds after the
    last.
    """
    rows: list[dict[str, Any]] = []
    for i, (moments, memory) in enumerate(zip(ratings, remembered, strict=True)):
        of = {
            "visit": f"v{i:03}",
            "customer": None,
            "site": "AB"[i % 2],
            "low": SCALE[0],
            "high": SCALE[1],
            "state": "answered",
            **more,
        }
        rows += [
            {
                **of,
                "response": f"v{i:03}-{at}",
                "at_us": at * MINUTE,
                **dict.fromkeys(("item", "construct", "touchpoint"), name),
                "role": "score",
                "value": x,
            }
            for at, (name, x) in enumerate(zip(PLACES, moments, strict=False))
        ]
        if memory is not None:
            last = (len(moments) - 1) * MINUTE
            said = {
                "item": "whole",
                "construct": "overall",
                "touchpoint": None,
                "role": "remembered",
                "value": memory,
                "at_us": last + later,
            }
            rows.append({**of, "response": f"v{i:03}-whole", **said})
    return conform(pl.DataFrame(rows, infer_schema_length=None))


def guests(
    n: int = 120,
    *,
    weights: tuple[float, float, float] = (0.35, 0.45, 0.0),
    noise: float = 0.5,
    seed: int = 8,
    **more: Any,
) -> Facts:
    """The remembered score is made of the peak, the end and the mean of each visit, by these weights."""
    rng = np.random.default_rng(seed)
    own = rng.normal(4.3, 0.6, n)
    ratings = [np.clip(np.round(rng.normal(own[i], 1.2, int(rng.integers(5, 9)))), *SCALE).tolist() for i in range(n)]
    made = [weights[0] * max(x) + weights[1] * x[-1] + weights[2] * float(np.mean(x)) for x in ratings]
    remembered = np.clip(np.array(made) + rng.normal(0, noise, n) + 0.6, *SCALE)
    return walked(ratings, remembered.tolist(), **more)
