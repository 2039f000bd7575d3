"""Expectation met: the ratio of means by two routes, what stands beside it, unbounded and impossible ratios, words and
picture.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from peakend.errors import MethodError
from peakend.methods import servqual, value
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import SKIPPED, facts, said
from tests.methods.test_servqual import HOSPITAL, SEVEN, gap_facts


def thirty() -> tuple[np.ndarray, np.ndarray]:
    """Thirty of Mrs Lin's guests, on 0–100: what they found goes with what they expected."""
    rng = np.random.default_rng(30)
    expected = np.clip(rng.normal(75, 12, 30), 20, 100)
    return np.clip(0.92 * expected + rng.normal(0, 14, 30), 0, 100), expected


def test_the_ratio_of_paired_means_has_fiellers_interval_by_two_routes() -> None:
    """`fieller_paired_30` by its definition: the ratios r that a paired t test of P − r·E does not refuse (scipy
    1.17).
    """
    found, expected = thirty()
    row = value.from_pairs(found, expected)

    def excess(r: float) -> float:
        return abs(float(stats.ttest_1samp(found - r * expected, 0).statistic)) - float(stats.t.ppf(0.975, 29))

    ratio = found.mean() / expected.mean()
    assert (row.value, row.low, row.high) == pytest.approx(
        (ratio, optimize.brentq(excess, 0.5, ratio), optimize.brentq(excess, ratio, 1.5))
    )
    assert row.bounds == "between"


def test_beside_the_ratio_stand_the_difference_and_the_mean_of_ratios_which_is_another_number() -> None:
    found, expected = thirty()
    row = value.from_pairs(found, expected)
    difference, own = stats.ttest_1samp(found - expected, 0), found / expected
    ends = difference.confidence_interval()
    assert (row.difference, row.mean_ratio) == pytest.approx(((found - expected).mean(), own.mean()))
    assert row.difference_interval == pytest.approx((ends.low, ends.high))
    assert row.mean_ratio_interval == pytest.approx(stats.t.interval(0.95, 29, own.mean(), stats.sem(own)))
    assert row.mean_ratio != pytest.approx(row.value)
    cov = np.cov(found, expected) / 30
    by_hand = row.value * np.sqrt(
        cov[0, 0] / found.mean() ** 2
        + cov[1, 1] / expected.mean() ** 2
        - 2 * cov[0, 1] / found.mean() / expected.mean()
    )
    assert row.se == pytest.approx(by_hand)


def test_seven_points_give_one_ratio_however_they_are_coded() -> None:
    found, expected = [5, 6, 4, 7], [6, 7, 6, 7]
    one = value.from_pairs(found, expected, scale=SEVEN)
    zero = value.from_pairs([x - 1 for x in found], [x - 1 for x in expected], scale=(0.0, 6.0))
    assert (one.value, one.low, one.high) == pytest.approx((zero.value, zero.low, zero.high))
    assert one.value == pytest.approx((4.5 / 6) / (5.5 / 6))
    assert one.value != pytest.approx(5.5 / 6.5)  # what dividing the raw scores would say


def test_who_expects_nothing_is_raised_to_the_floor_in_the_mean_of_ratios_alone_and_counted() -> None:
    row = value.from_pairs([4, 4, 4], [1, 5, 5], scale=SEVEN)
    assert (row.floored, row.floor, row.warnings[-1]) == (1, 1.0, "floored")
    assert row.value == pytest.approx(50 / ((0 + 2 * 100 * 4 / 6) / 3))
    assert row.mean_ratio == pytest.approx((50 / 1 + 2 * 50 / (400 / 6)) / 3)


def test_an_expectation_that_may_as_well_be_zero_leaves_the_ratio_without_bounds() -> None:
    row = value.from_pairs([50, 60, 70, 40], [0, 0, 0, 90])
    assert (row.low, row.high, row.value) == (None, None, pytest.approx(55 / 22.5))
    assert row.g is not None
    assert row.g >= 1
    assert "ratio_unbounded" in row.warnings
    assert "no interval for the ratio" in value.METHOD.say(row, "en")
    none = value.from_pairs([50, 60], [0, 0])
    assert none.refused is not None
    assert (none.refused.id, none.difference) == ("value.no_expectation", 55)


def test_the_ratio_of_a_construct_is_that_of_its_means_over_the_pairs_that_servqual_uses() -> None:
    rows = {row.construct: row for row in value.value(gap_facts(HOSPITAL))}
    for row in servqual.servqual(gap_facts(HOSPITAL)):
        one = rows[row.dimension]
        assert one.value == pytest.approx(((row.perception or 0) - 1) / ((row.expectation or 0) - 1))
        assert one.difference == pytest.approx(100 * (row.gap or 0) / 6)
        assert one.n == row.n
    assert list(rows) == ["empathy", "tangibles", "overall"]


def test_without_one_stated_scale_there_is_no_zero_and_no_ratio() -> None:
    (row,) = value.value(gap_facts({("empathy", "q"): [(6, 5), (7, 5)]}, scale=None))
    assert row.refused is not None
    assert row.refused.id == "value.scale"
    (one,) = value.value(gap_facts({("empathy", "q"): [(6, 5), (7, SKIPPED)]}))
    assert one.refused is not None
    assert (one.refused.id, one.n, one.missing) == ("value.too_few", 1, 1)
    with pytest.raises(MethodError, match=r"value\.floor"):
        value.value(gap_facts(HOSPITAL), floor=0)
    (none,) = value.value(facts(said("empathy", [5], role="perception")))
    assert none.refused is not None
    assert none.refused.id == "value.no_pairs"


pairs = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=2, max_size=15)


@given(pairs)
def test_the_order_of_respondents_changes_nothing_and_no_figure_is_nan(answers: list[tuple[int, int]]) -> None:
    here = value.from_pairs(*zip(*answers, strict=True), scale=SEVEN).as_dict()
    there = value.from_pairs(*zip(*reversed(answers), strict=True), scale=SEVEN).as_dict()
    json.dumps(here, allow_nan=False)
    for name in ("value", "low", "high", "mean_ratio", "difference"):
        assert here[name] == (None if there[name] is None else pytest.approx(there[name], rel=1e-6, abs=1e-6))
    if here["low"] is not None:
        assert here["low"] <= here["value"] <= here["high"]


def test_mrs_lin_reads_how_much_of_what_was_expected_was_found_in_three_languages() -> None:
    found, expected = thirty()
    said_ = [value.METHOD.say(value.from_pairs(found, expected, construct="empathy"), lang) for lang in LANGUAGES]
    assert said_[0].startswith("Empathy: 9")
    assert [
        "% of what was expected (95% confidence interval " in said_[0],
        "達到期望的 9" in said_[1],
        "达到期望的 9" in said_[2],
    ] == [True] * 3
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))
    assert value.value(gap_facts(HOSPITAL)).chart("zh-Hant").svg("zh-Hant").startswith("<svg")


def test_the_weighted_ratio_is_that_of_svyratio_and_weights_of_one_leave_it_as_it_is() -> None:
    """R 4.2.2, survey 4.1: svyratio(~p, ~e, svydesign(~1, weights = ~w, data)) on 0–100; svymean of p − e."""
    rng = np.random.default_rng(11)
    expected = rng.integers(3, 8, 40)
    perceived = np.clip(expected + rng.integers(-2, 2, 40), 1, 7)
    weight = np.round(rng.lognormal(0, 0.6, 40), 3)

    def asked(weights: np.ndarray) -> list[dict[str, object]]:
        sides = (("expectation", expected), ("perception", perceived))
        common = {"construct": "care", "item": "care1", "low": 1.0, "high": 7.0}
        return [
            {"response": f"r{i}", "role": role, "value": float(said[i]), "weight": float(weights[i]), **common}
            for i in range(40)
            for role, said in sides
        ]

    (row,) = value.value(asked(weight))
    assert row.weighted is not None
    assert (row.weighted["value"], row.weighted["se"]) == pytest.approx(
        (0.857408479448963, 0.0510882634927427), abs=1e-12
    )
    assert row.weighted["difference"] == pytest.approx(-9.9946, abs=1e-4)
    (plain,) = value.value(asked(np.ones(40)))
    assert plain.weighted is not None
    assert [plain.weighted[name] for name in ("value", "low", "high", "se")] == pytest.approx(
        [plain.value, plain.low, plain.high, plain.se]
    )
