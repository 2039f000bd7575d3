"""What is compared in a finding's sentence, beside whose own figures."""

from __future__ import annotations

import pytest
from django.utils.translation import override

import peakend
from peakend.methods.csat import csat
from peakend_web.findings.inquiry.method_questions import question_of
from peakend_web.findings.inquiry.touchpoints import names_with_means
from peakend_web.findings.words import sentences
from tests.methods.facts_of import facts, said


@pytest.mark.parametrize("method", ["servqual", "value"])
def test_the_whole_is_not_counted_among_its_own_dimensions(method: str) -> None:
    results = getattr(peakend, method)(peakend.sample("kiosk"))
    rows = sentences.rows_in_question(None, results)  # type: ignore[arg-type]
    assert len(results) == 9
    assert [
        row for row in rows if "overall" in {getattr(row, "dimension", None), getattr(row, "construct", None)}
    ] == []
    assert len(rows) == 8


def test_seven_of_eight_dimensions_of_the_kiosk_fall_short() -> None:
    level = question_of("servqual").level
    assert level is not None
    with override("en"):
        assert level(sentences.rows_in_question(None, peakend.servqual(peakend.sample("kiosk")))).startswith(
            "7 of 8 are clearly below"
        )  # type: ignore[arg-type]


def test_consistency_has_no_scale_of_answers_that_would_keep_it_from_being_compared() -> None:
    rows = [row for row in peakend.reliability(peakend.sample("kiosk")) if row.value is not None]
    with override("en"):
        told = sentences._range(rows, question_of("reliability"))
    assert told == "α lies between 0.28 and 0.87; 1 is the most, higher is better"
    assert not question_of("reliability").on_scale


def test_three_touchpoints_are_listed_with_one_and() -> None:
    class One:
        def __init__(self, name: str, row: object) -> None:
            self.name, self.row = name, row

    row = csat(facts(said("overall", [4] * 30)), measure="mean")[0]
    with override("en"):
        assert (
            names_with_means([One(name, row) for name in "ABC"])
            == "“A” (4.00, n 30), “B” (4.00, n 30) and “C” (4.00, n 30)"
        )  # type: ignore[misc]
    with override("zh-hant"):
        assert names_with_means([One(name, row) for name in "AB"]) == "「A」（4.00，n = 30）、「B」（4.00，n = 30）"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("lang", "begins", "then"),
    [
        ("en", "Food, with survey weights: 4.14 (", " Without weights: mean 3.50 on a scale of 1 to 5 ("),
        ("zh-Hant", "food：依調查權重加權後為 4.14（", "不加權時，平均 3.50 分（"),
        ("zh-Hans", "food：按调查权重加权后为 4.14（", "不加权时，平均 3.50 分（"),
    ],
)
def test_a_weighted_figure_that_leads_says_what_it_is_of(lang: peakend.terms.Lang, begins: str, then: str) -> None:
    found = csat(facts(said("food", [2] * 30, weight=1.0), said("food", [5] * 30, weight=2.5)), measure="mean")
    told = found.sentence(found[0], lang, weighted_first=True)
    assert told.startswith(begins)
    assert then in told
