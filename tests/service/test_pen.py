"""The pen remembers where words stand."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from peakend.service.drawings.pen import Box, Pen


def test_every_line_of_words_has_its_box() -> None:
    pen = Pen("zh-Hant", "light")
    pen.text(10, 20, ["候診", "叫號"], 10, leading=14)
    pen.text(100, 20, "報到", 10, anchor="end")
    pen.text(100, 20, "付款", 10, anchor="middle")
    assert [(round(box.x), round(box.y, 1), box.w, round(box.h), box.words) for box in pen.boxes] == [
        (10, 11.8, 20, 10, "候診"),
        (10, 25.8, 20, 10, "叫號"),
        (80, 11.8, 20, 10, "報到"),
        (90, 11.8, 20, 10, "付款"),
    ]


def test_boxes_meet_where_they_share_more_than_a_rim() -> None:
    box = Box(0, 0, 20, 10, 10, "候診")
    assert not box.meets(Box(20, 0, 20, 10, 10, "叫號"))
    assert not box.meets(Box(0, 10, 20, 10, 10, "叫號"))
    assert box.meets(Box(19, 9, 20, 10, 10, "叫號"))


def test_a_drawing_can_be_read_whatever_stands_in_its_words() -> None:
    pen, odd = Pen("en", "light"), "A\x01\x7f\ufffe\uffff&<b>\"' \U0010ffff"
    pen.begin("lane", lane=odd)
    pen.text(0, 0, [odd, odd], 10, leading=12, lead=4)
    pen.end()
    words = "A\x7f&<b>\"' \U0010ffff"
    root = ET.fromstring(pen.finish(90, 40, odd, odd, id="odd", style=False))  # noqa: S314 — our own drawing
    said = [
        "".join(each.itertext()) for each in root.iter() if each.tag.rpartition("}")[2] in {"title", "desc", "text"}
    ]
    assert said == [words, words, words * 2]
    assert [group.get("data-lane") for group in root.iter("{http://www.w3.org/2000/svg}g")] == [words]
