"""Guests of Mrs Lin's hotel: what each scored, and the whole, by effects that are known."""

from __future__ import annotations

import numpy as np
import polars as pl


def visits(n: int = 600, *, seed: int = 7, effects: tuple[float, ...] = (0.8, 0.4, 0.0)) -> pl.DataFrame:
    """Guests of Mrs Lin's hotel: desk matters twice as much as the room, the lift not at all; a third never took the
    lift.
    """
    rng = np.random.default_rng(seed)
    scores = np.clip(np.round(rng.normal(3.6, 0.9, size=(n, 3))), 1, 5)
    overall = np.clip(np.round(3 + (scores - 3.6) @ np.array(effects) + rng.normal(0, 0.5, n)), 1, 5)
    rows = [
        {
            "response": f"g{i}",
            "construct": name,
            "touchpoint": name,
            "value": float(scores[i, k]),
            "low": 1.0,
            "high": 5.0,
        }
        for i in range(n)
        for k, name in enumerate(("desk", "room", "lift"))
        if name != "lift" or i % 3
    ]
    rows += [
        {
            "response": f"g{i}",
            "construct": "overall",
            "touchpoint": None,
            "value": float(overall[i]),
            "low": 1.0,
            "high": 5.0,
        }
        for i in range(n)
    ]
    return pl.DataFrame(rows)
