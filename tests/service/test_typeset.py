"""Where lines break."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from peakend.service.drawings.typeset import even, is_torn, width, with_thin_spaces, wrap


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("Wait to be called", 60, ["Wait to be", "called"]),
        ("遞上健保卡、說明來意。", 62, ["遞上健保", "卡、說明", "來意。"]),
        ("他說「您好」就坐下", 50, ["他說「您", "好」就", "坐下"]),
        ("最多等十五分鐘喔", 84, ["最多等十五分", "鐘喔"]),
        ("最多等 15 分鐘就叫到您", 74, ["最多等", "15\u2009分鐘", "就叫到您"]),
        ("服務過程：至少 4 分", 74, ["服務過程：", "至少\u20094\u2009分"]),
        ("看 LED 螢幕", 50, ["看\u2009LED", "螢幕"]),
        ("one\ntwo", 200, ["one", "two"]),
        ("internationalisation", 60, ["internati-", "onalisati-", "on"]),
    ],
)
def test_lines_break_where_a_printer_would_break_them(text: str, room: float, lines: list[str]) -> None:
    assert wrap(text, 12, room) == lines


def test_headings_have_lines_of_about_the_same_length() -> None:
    assert wrap("長期停車場接駁車", 12, 86) == ["長期停車場接", "駁車"]
    assert even("長期停車場接駁車", 12, 86) == ["長期停車", "場接駁車"]


def test_a_heading_parts_where_its_sense_does() -> None:
    assert even("說出口的話底下有九項需求，其中三項有顧客原話佐證。", 12, 250) == [
        "說出口的話底下有九項需求，",
        "其中三項有顧客原話佐證。",
    ]


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("行李在腳邊坐著而行李在腳邊", 146, ["行李在腳邊坐著而行李", "在腳邊"]),
        ("官方網站、電話、飯店 App", 122, ["官方網站、電話、", "飯店\u2009App"]),
        ("病人常問還要等多久才會輪到自己看診", 180, ["病人常問還要等多久才會輪到自己", "看診"]),
        ("What to watch for at home and whom to call if", 250, ["What to watch for at home and whom to", "call if"]),
        ("Waiting alone", 50, ["Waiting", "alone"]),
    ],
)
def test_what_would_stand_alone_on_a_last_line_takes_down_what_belongs_to_it(
    text: str, room: float, lines: list[str]
) -> None:
    """Where no sign, particle or joining word is near, a word of two characters may stand alone: none is broken."""
    assert wrap(text, 12, room) == lines


def test_a_broken_word_and_a_character_alone_on_a_line_are_told() -> None:
    torn = {
        text: is_torn(wrap(text, 12, room), text) for text, room in (("Morning or afternoon?", 50), ("一點入住嗎", 26))
    }
    assert torn == {"Morning or afternoon?": True, "一點入住嗎": True}
    whole = [is_torn(wrap(text, 12, 120), text) for text in ("Morning or afternoon?", "搭 AirTrain 到 A 航廈", "好")]
    assert whole == [False] * 3


def test_evening_lines_out_never_breaks_a_word() -> None:
    assert even("Boarding area", 12, 88) == ["Boarding area"]
    assert even("Boarding area", 12, 70) == ["Boarding", "area"]
    assert even("Escalators, lifts and walkways", 12, 84) == ["Escalators,", "lifts and", "walkways"]


def test_chinese_and_latin_are_set_apart_by_a_thin_space_once() -> None:
    assert with_thin_spaces("搭 AirTrain到A 航廈") == "搭\u2009AirTrain\u2009到\u2009A\u2009航廈"
    assert with_thin_spaces(with_thin_spaces("搭AirTrain")) == "搭\u2009AirTrain"


@given(st.text(alphabet="ab 漢字，。「」（）!-0\n", max_size=80), st.integers(30, 300))
@example(text="0\n 0字0", room=30)
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, room: int) -> None:
    lines = wrap(text, 12, room)
    squeezed = str.maketrans("", "", " \n\u2009-")
    assert "".join(lines).translate(squeezed) == text.translate(squeezed)
    assert max((width(line, 12) for line in lines), default=0) <= room
