"""How long one waits before trying again what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(seconds=10)
MOST_DOUBLINGS: Final = 20
"""More of them than any limit lets through, and few enough for a number of days."""


def wait_after(tries: int, longest: timedelta) -> timedelta:
    """Ten seconds after the first try, twice as long after each further one, and never longer than `longest`."""
    doublings: int = min(tries - 1, MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), longest)
