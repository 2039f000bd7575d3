"""A house's colour is read on its pages by day and in the dark; one that is not is refused with the nearest that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.draw.contrast import READABLE, accent_of, contrast, is_readable, readable
from peakend.draw.palette import DARK, LIGHT

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_contrast_is_that_of_the_guidelines() -> None:
    """The pairs and ratios are those that WebAIM's checker gives."""
    pairs = {("#000000", "#ffffff"): 21.0, ("#777777", "#ffffff"): 4.48, ("#ff0000", "#ffffff"): 4.0}
    assert {pair: round(contrast(*pair), 2) for pair in pairs} == pairs


@given(COLOURS)
def test_every_colour_has_one_near_it_that_is_read_on_paper_and_a_twin_for_the_dark(colour: str) -> None:
    nearest = readable(colour)
    assert is_readable(nearest)
    assert (nearest == colour) == is_readable(colour)
    accent = accent_of(nearest)
    by_day = (contrast(accent.light, LIGHT["paper"]), contrast(accent.light, LIGHT["on_accent"]))
    in_the_dark = (contrast(accent.dark, DARK["raised"]), contrast(accent.dark, DARK["on_accent"]))
    assert min(by_day + in_the_dark) >= READABLE


@pytest.mark.parametrize(
    ("colour", "nearest"), [("#ffc800", "#8c6e00"), ("#0b6150", "#0b6150"), ("#e60012", "#e60012")]
)
def test_a_yellow_becomes_an_ochre_and_a_dark_colour_stays(colour: str, nearest: str) -> None:
    assert readable(colour) == nearest
