"""How many answers it takes before a figure is said, and before it is said firmly: one number for sentences, pictures
and pages.
"""

from __future__ import annotations

from typing import Final, Literal

Side = Literal["below", "level", "above"]
"""Where an interval lies of a reference; "level" where that is not sure."""

LOW_BASE: Final = 30
"""Below this many answers a figure is shown pale, with a warning, and nothing is called better or worse by it."""
FEWEST_DAYS: Final = 5
"""What happens on one day hangs together: of events of fewer days there is no interval, however many they are."""
FEWEST_FOR_SPREAD: Final = 2
"""One answer has no spread: of fewer there is neither a variance nor an interval or a test of a mean."""


def side_of(low: float | None, high: float | None, reference: float, *, n: int) -> Side:
    """Which side of the reference a figure of n answers lies on: "below" or "above" where its whole interval does and
    the answers are enough, else "level".
    """
    if low is None or high is None or n < LOW_BASE:
        return "level"
    return "below" if high < reference else "above" if low > reference else "level"
