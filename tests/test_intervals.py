"""The intervals and tests, against the published and computed numbers that each docstring names, and their
properties.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv

counts = st.integers(0, 400)
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@pytest.mark.parametrize(("x", "n", "ends"), [(0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))])
def test_wilson_at_the_edge_is_newcombe_s(x: int, n: int, ends: iv.Interval) -> None:
    assert iv.wilson(x, n) == pytest.approx(ends, abs=5e-5)  # Newcombe 1998, table I: four decimals


def test_nobody_and_everybody_have_exact_ends_and_no_answers_have_none() -> None:
    assert (iv.wilson(0, 12) or (1, 1))[0] == 0.0
    assert (iv.wilson(12, 12) or (0, 0))[1] == 1.0
    assert [f(0, 0) for f in (iv.wilson, iv.wilson_corrected, iv.clopper_pearson, iv.agresti_coull)] == [None] * 4


def test_a_multinomial_that_fell_in_one_cell_keeps_ends_and_an_empty_one_has_no_interval() -> None:
    alone = iv.sison_glaz((12, 0, 0))
    assert alone is not None
    assert alone[0][1] == 1.0
    assert all(0 <= low < high <= 1 for low, high in alone)
    assert iv.sison_glaz((0, 0, 0)) is None


def test_mann_whitney_has_nothing_to_say_of_one_value_or_of_nobody() -> None:
    assert iv.mann_whitney([0, 9], [0, 4]) is None
    assert iv.mann_whitney([0, 0], [3, 4]) is None


def test_feldt_s_interval_of_the_attitude_data_is_that_of_methods_checked_with_psych() -> None:
    assert iv.feldt(0.84314, 30, 7) == pytest.approx((0.7394, 0.9158), abs=5e-5)  # psych 2.2.9, data(attitude)


def test_exact_binomial_test_is_r_s() -> None:
    assert iv.binomial_test(682, 925, 0.75) == pytest.approx(
        0.3825, abs=5e-5
    )  # help example of binom.test (Conover 1971 p. 97)
    assert iv.binomial_test(0, 0) == 1.0


def test_adjusted_p_values_are_those_worked_by_hand() -> None:
    assert iv.holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert iv.benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.04, 0.04))
    assert iv.holm([]) == ()


def test_welch_is_that_of_student_s_sleep_data() -> None:
    # R: t.test(extra ~ group, data = sleep): t = −1.8608, df = 17.776, p = 0.07939, −3.3654832 to 0.2054832
    one = iv.tally_mean([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1] * 10)
    two = iv.tally_mean([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4], [1] * 10)
    found = iv.welch(one, two)
    assert (found.statistic, found.df, found.p) == pytest.approx((-1.8608, 17.776, 0.07939), abs=5e-4)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)


def test_one_answer_or_equal_answers_have_no_interval_of_the_mean() -> None:
    assert iv.mean_t(1, 5.0, 0.0) is None
    assert iv.mean_t(*iv.tally_mean([5], [40])) is None
    assert iv.t_test(8, 1.0, 0.0) == iv.Comparison(value=1.0, low=None, high=None, statistic=None, p=None)


@given(x=counts, more=counts, conf=confidences)
def test_wilson_holds_the_share_stays_inside_and_mirrors(x: int, more: int, conf: float) -> None:
    n = x + more
    ends, mirrored = iv.wilson(x, n, conf), iv.wilson(more, n, conf)
    if n == 0:
        assert ends is None
        return
    assert ends is not None
    assert mirrored is not None
    assert 0 <= ends[0] <= x / n <= ends[1] <= 1
    assert mirrored == pytest.approx((1 - ends[1], 1 - ends[0]), abs=1e-12)


@given(p=counts, q=counts, d=counts, conf=confidences, kind=st.sampled_from(sorted(iv.NPS_INTERVALS)))
def test_nps_intervals_turn_over_when_promoters_and_detractors_change_sides(
    p: int, q: int, d: int, conf: float, kind: str
) -> None:
    n = p + q + d
    if n == 0:
        assert iv.nps_adjusted_wald(0, 0, 0) is None
        return
    here, there = iv.NPS_INTERVALS[kind](p / n, d / n, n, conf), iv.NPS_INTERVALS[kind](d / n, p / n, n, conf)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert -1 <= here[0] <= here[1] <= 1
        assert there == pytest.approx((-here[1], -here[0]), abs=1e-9)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=11), st.floats(0.1, 50))
def test_equal_weights_change_nothing(tally: list[int], weight: float) -> None:
    n, mean, variance = iv.tally_mean(range(len(tally)), tally)
    w = np.array(tally) * weight
    found = iv.weighted_mean(range(len(tally)), n, w, w * weight)
    if n < 2:
        assert found is None
        return
    assert found is not None
    assert (found.mean, found.n_eff, found.se) == pytest.approx((mean, n, math.sqrt(variance / n)), rel=1e-9, abs=1e-9)
    assert found.base == pytest.approx(n, rel=1e-9)


def test_a_weighted_mean_has_the_linearised_error_worked_by_hand() -> None:
    # three answers 0, 1, 1 with weights 1, 1, 2: m = ¾; SE² = 3/2·(1·9/16 + 1·1/16 + 4·1/16)/16 = 21/256; Kish
    # (1+1+2)²/6
    found = iv.weighted_mean([0, 1], 3, [1, 3], [1, 5])
    assert found is not None
    assert (found.mean, found.se, found.n_eff) == pytest.approx((0.75, math.sqrt(21 / 256), 16 / 6))


def test_weights_that_are_all_zero_weigh_nothing() -> None:
    assert iv.weighted_mean([0, 1], 5, [0, 0], [0, 0]) is None
    assert iv.kish(0, 0) == 0.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_are_never_smaller_and_holm_is_the_stricter(p: list[float]) -> None:
    holm, screened = iv.holm(p), iv.benjamini_hochberg(p)
    assert all(raw <= b + 1e-12 and b <= h + 1e-12 for raw, b, h in zip(p, screened, holm, strict=True))


@given(x=st.lists(counts, min_size=4, max_size=4), y=st.lists(counts, min_size=4, max_size=4))
def test_who_is_higher_turns_over_when_the_two_change_places(x: list[int], y: list[int]) -> None:
    here, there = iv.superiority(x, y), iv.superiority(y, x)
    if here is None or there is None:
        assert not (sum(x) and sum(y))
        return
    assert here == pytest.approx(1 - there, abs=1e-12)
