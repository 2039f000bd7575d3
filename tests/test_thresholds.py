"""On which side of a reference a figure lies."""

from __future__ import annotations

import pytest

from peakend.thresholds import LOW_BASE, side_of


@pytest.mark.parametrize(
    ("low", "high", "n", "side"),
    [
        (0.2, 0.4, LOW_BASE, "below"),
        (0.6, 0.8, LOW_BASE, "above"),
        (0.4, 0.6, LOW_BASE, "level"),
        (0.5, 0.8, LOW_BASE, "level"),
        (0.2, 0.5, LOW_BASE, "level"),
        (0.2, 0.4, LOW_BASE - 1, "level"),
        (None, 0.4, LOW_BASE, "level"),
        (0.6, None, LOW_BASE, "level"),
    ],
)
def test_a_figure_has_a_side_where_its_whole_interval_and_enough_answers_lie_there(
    low: float | None, high: float | None, n: int, side: str
) -> None:
    assert side_of(low, high, 0.5, n=n) == side
