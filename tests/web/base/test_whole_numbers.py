from __future__ import annotations

import pytest

from peakend_web.base.whole_numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("042", 42),
        ("9" * 15, 10**15 - 1),
        ("1" * 4_301, 10**15 - 1),
        ("", 7),
        ("-1", 7),
        ("1.5", 7),
        ("４２", 7),
        ("²", 7),
    ],
)
def test_digits_are_a_number_and_whatever_is_none_is_what_was_said_for_it(text: str, number: int) -> None:
    assert whole_number(text, otherwise=7) == number
