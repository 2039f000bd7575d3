"""How the steps of a scale may look, and which scales each look can show. What is answered never depends on it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Final, Literal

LookName = Literal["buttons", "stars", "faces", "agreement"]
"""A button with its number for each step, which is the usual; stars; neutral faces; or every step of agreement in
words.
"""
STEPS: Final[Mapping[LookName, Container[int]]] = MappingProxyType(
    {"buttons": range(2, 102), "stars": range(2, 11), "faces": range(3, 8), "agreement": (5, 7)}
)
"""How many steps each can show."""


def can_show(look: LookName, low: float, high: float) -> bool:
    """Whether a scale can look like this; stars count from one."""
    return int(high - low) + 1 in STEPS[look] and (look != "stars" or low == 1)
