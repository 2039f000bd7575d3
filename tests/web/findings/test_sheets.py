"""A table for eyes: classes by name and letter, yes and no in the product's words, and no p that is zero."""

from __future__ import annotations

from peakend.result import Table
from peakend.terms import Words, using_names
from peakend_web.findings.words.sheets import sheet


def test_a_class_has_its_name_a_small_p_is_not_zero_and_yes_is_yes_whatever_the_service_calls_it() -> None:
    table = Table(
        ("category", "sequence", "p", "chosen"),
        ("類別", "各波類別", "p 值", "選入"),
        (("M", "A → O → M", 0.00004, True), ("impact.delighter", "A", 0.02, False)),
    )
    with using_names({"yes": Words("has one", "有", "有"), "no": Words("has none", "沒有", "没有")}):
        found = sheet("", table, "zh-Hant")
    assert [[cell.text for cell in row] for row in found.rows] == [
        ["基本品質 M", "魅力品質 A → 一元品質 O → 基本品質 M", "<0.001", "是"],
        ["驚喜因素", "魅力品質 A", "0.020", "否"],
    ]
