"""One way to write a figure for eyes, in every sentence and table."""

from __future__ import annotations


def number(value: float, digits: int = 1) -> str:
    """A figure for eyes: thousands separators, a real minus sign, and never a negative zero."""
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def figure(value: float, digits: int) -> str:
    """A figure of a table: one that is not zero is never written as zero, but as less than half of what can be shown: "<0.001"."""
    least = 10**-digits
    if value == 0 or abs(value) >= least / 2:
        return number(value, digits)
    return f"<{least:.{digits}f}" if value > 0 else f">−{least:.{digits}f}"


def signed(value: float, digits: int = 1) -> str:
    """A difference for eyes: with its sign, unless it is written as zero."""
    text = number(value, digits)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"
