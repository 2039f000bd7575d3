"""Figures for eyes: a half is written as people round it, whichever sentence holds it."""

from __future__ import annotations

import pytest

from peakend.figures import number, percent


@pytest.mark.parametrize(
    ("share", "said"), [(0.125, "13%"), (0.135, "14%"), (0.005, "1%"), (0.0, "0%"), (1.0, "100%"), (-0.125, "−13%")]
)
def test_half_a_percent_is_rounded_away_from_zero(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_share_has_the_digits_of_its_figure() -> None:
    assert percent(0.3125, 1) == f"{number(31.25)}%" == "31.3%"
