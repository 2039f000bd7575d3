"""Ids in one plain form, instants, and the day that each has where it was."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.ids import fold_case, free_id, id_from, plain_id
from peakend.instants import FIRST_US, LAST_US, local_day, read_instant, unit_of

TAIPEI, NEW_YORK = ZoneInfo("Asia/Taipei"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("A1", "A1"),
        (" A1 ", "A1"),
        ("Ａ１", "A1"),
        ("A  1", "A 1"),
        ("\u3000台北\u3000站\u3000", "台北 站"),
        ("007", "007"),
        ("1E5", "1E5"),
        ("", ""),
        ("ｶﾞ", "ガ"),
    ],
)
def test_an_id_has_one_plain_form_and_stays_a_text(typed: str, form: str) -> None:
    assert plain_id(typed) == form


@given(st.text())
def test_a_plain_form_is_its_own(text: str) -> None:
    assert plain_id(plain_id(text)) == plain_id(text)


def test_columns_are_compared_without_capitals_and_widths() -> None:
    assert {fold_case(name) for name in ("Store", "store", " STORE ", "ｓｔｏｒｅ")} == {"store"}


@pytest.mark.parametrize(
    ("text", "zone", "at", "day"),
    [
        ("2026-03-31T16:05:00Z", TAIPEI, 1_774_973_100_000_000, 20_544),
        ("2026-03-31T16:05:00Z", NEW_YORK, 1_774_973_100_000_000, 20_543),
        ("2026-04-01 00:05", TAIPEI, 1_774_973_100_000_000, 20_544),
        ("2026-04-01T00:05:00.000001+08:00", NEW_YORK, 1_774_973_100_000_001, 20_543),
        ("2026-04-01", TAIPEI, 1_775_016_000_000_000, 20_544),
        ("1969-12-31T23:59:59.5Z", TAIPEI, -500_000, 0),
    ],
)
def test_an_instant_is_read_and_has_the_day_of_its_place(text: str, zone: ZoneInfo, at: int, day: int) -> None:
    assert read_instant(text, zone) == at
    assert local_day(at, zone) == day


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-3-1", "2026-02-30", "20260331", "2026-W14", "2026-03-31T25:00", "1774973100"]
)
def test_what_is_no_iso_moment_is_none(text: str) -> None:
    assert read_instant(text, TAIPEI) is None


def test_nanoseconds_are_recognised_and_what_could_be_anything_is_not() -> None:
    assert [unit_of(number) for number in (1_700_000_000_000_000_000, 9 * 10**18, LAST_US, FIRST_US, 0)] == [
        "ns",
        "",
        "",
        "",
        "",
    ]


def test_an_id_is_made_of_the_latin_letters_of_a_title_else_of_its_kind_and_is_never_one_that_is_taken() -> None:
    taken: set[str] = set()
    for title in ("Doctor's visit", "Doctor’s visit", "Café 2", "付款 Pay", "候診", "候診", "x" * 60):
        taken.add(id_from(title, "touchpoint", taken))
    assert taken == {
        "doctors-visit", "doctors-visit-2", "cafe-2", "pay", "touchpoint-1", "touchpoint-2", "x" * 40,
    }  # fmt: skip
    assert [free_id("候診", ()), free_id("候診", {"候診", "候診-2"})] == ["候診", "候診-3"]
