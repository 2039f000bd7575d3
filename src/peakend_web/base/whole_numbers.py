"""Whole numbers that somebody typed or sent."""

from __future__ import annotations

from typing import Final

DIGITS: Final = 15


def whole_number(text: str, otherwise: int = 0) -> int:
    """The number that these digits write; `otherwise` where it is none, and the largest of fifteen digits where it is
    larger than that.
    """
    if not (text.isascii() and text.isdecimal()):
        return otherwise
    return int(text) if len(text) <= DIGITS else 10**DIGITS - 1
