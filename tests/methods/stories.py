"""Answers that a method of the register is shown on, where neither sample was asked what it needs."""

from __future__ import annotations

from typing import Any

import numpy as np

from peakend.facts import Facts
from tests.methods.facts_of import facts, said

SEVEN = (1.0, 7.0)


def tolerated() -> Facts:
    """A bank asks forty customers at two branches what is just adequate, what they desire, and what they find."""
    rng, rows = np.random.default_rng(9), []
    for dimension, found in (("responsiveness", 1), ("assurance", 2), ("empathy", -1)):
        for item in ("one", "two"):
            adequate = rng.integers(3, 6, 40)
            levels = {
                "adequate": adequate,
                "expectation": adequate + rng.integers(1, 3, 40),
                "perception": adequate + found + rng.integers(-1, 2, 40),
            }
            rows += [one for role, values in levels.items() for one in _each(dimension, values, item=item, role=role)]
    return facts(*rows)


def _each(construct: str, values: Any, **about: Any) -> list[list[dict[str, Any]]]:
    """One answer a respondent r0, r1, … who come to the branches A and B in turn."""
    kept = np.clip(values, *SEVEN).tolist()
    return [said(construct, [value], scale=SEVEN, response=f"r{at}", site="AB"[at % 2], **about) for at, value in enumerate(kept)]
