"""One way to write a figure for eyes, in every sentence and table."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

DIGITS: Final = 10
"""Significant digits of a figure as data: engines add weights in different orders and agree to some fifteen."""
LARGE: Final = 1e15
POWER_DIGITS: Final = 3
"""Digits of a figure that is said by its power of ten."""
SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def many(n: int, one: str, more: str = "") -> str:
    """A number with its noun, as English has it: "1 visit", "2,746 visits". `more` is the plural where it is not made
    by an s.
    """
    return f"{n:,} {one if n == 1 else more or f'{one}s'}"


def number(value: float, digits: int = 1) -> str:
    """A figure for eyes: thousands separators, a real minus sign, never a negative zero, and beyond 10¹⁵ by its power
    of ten.

    What is a half is rounded away from zero, as people do; and as data have ten digits, so has what is rounded: a table
    that holds −0.575 and a sentence that holds what a sum of it came to, a hair less, say the same.
    """
    if abs(value) >= LARGE:
        return _by_power(value)
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{DIGITS}g}")
    text = f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """A share for eyes: "13%" for an eighth."""
    return f"{number(100 * share, digits)}%"


def _by_power(value: float) -> str:
    """So large a figure as its first digits and the power of ten: "1.5 × 10³⁰⁸"."""
    if not math.isfinite(value):
        return f"{value}".replace("-", "−").replace("inf", "∞")
    first, _, power = f"{value:.{POWER_DIGITS - 1}e}".partition("e")
    return f"{float(first):g} × 10{str(int(power)).translate(SUPERSCRIPTS)}".replace("-", "−")


def figure(value: float, digits: int) -> str:
    """A figure of a table: one that is not zero is never written as zero, but as less than half of what can be shown:
    "<0.001".
    """
    least = 10**-digits
    if value == 0 or abs(value) >= least / 2:
        return number(value, digits)
    return f"<{least:.{digits}f}" if value > 0 else f">−{least:.{digits}f}"


def signed_number(value: float, digits: int = 1) -> str:
    """A difference for eyes: with its sign, unless it is written as zero."""
    text = number(value, digits)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"


def short_signed_number(value: float) -> str:
    """The same, without a point where it is whole: a planned emotion."""
    return signed_number(value, 0 if value == int(value) else 1)
