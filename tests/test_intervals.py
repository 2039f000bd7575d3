"""The intervals and tests, against the published and computed numbers that each docstring names, and their properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv

counts = st.integers(0, 400)
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])

SHARES = {
    # counts of Newcombe 1998, Statistics in Medicine 17:857–872, computed with binom 1.1-1.1
    (81, 263): {
        "wilson": (0.255288519878, 0.366209576983),
        "wilson_corrected": (0.253508682295, 0.368176201043),
        "clopper_pearson": (0.252736745585, 0.367621922601),
        "agresti_coull": (0.25522066519, 0.366277431671),
    },
    (15, 148): {
        "wilson": (0.0623863995307, 0.160487241723),
        "wilson_corrected": (0.0597782084285, 0.164449779365),
        "clopper_pearson": (0.0578440100834, 0.161650490349),
        "agresti_coull": (0.0613859749288, 0.161487666325),
    },
}


@pytest.mark.parametrize("seen", SHARES)
def test_intervals_of_a_share_are_newcombe_s(seen: tuple[int, int]) -> None:
    found = {name: getattr(iv, name)(*seen) for name in SHARES[seen]}
    assert found == {name: pytest.approx(ends, abs=1e-8) for name, ends in SHARES[seen].items()}


@pytest.mark.parametrize(("x", "n", "ends"), [(0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))])
def test_wilson_at_the_edge_is_newcombe_s(x: int, n: int, ends: iv.Interval) -> None:
    assert iv.wilson(x, n) == pytest.approx(ends, abs=5e-5)  # Newcombe 1998, table I: four decimals


def test_nobody_and_everybody_have_exact_ends_and_no_answers_have_none() -> None:
    assert (iv.wilson(0, 12) or (1, 1))[0] == 0.0
    assert (iv.wilson(12, 12) or (0, 0))[1] == 1.0
    assert [f(0, 0) for f in (iv.wilson, iv.wilson_corrected, iv.clopper_pearson, iv.agresti_coull)] == [None] * 4


DIFFERENCES = {
    # counts of Newcombe 1998, Statistics in Medicine 17:873–890: x1, n1, x2, n2. Computed with R 4.2.2 and PropCIs 0.3-0:
    # Newcombe's method 10, Agresti–Caffo, then χ² with its p, p with Yates' correction, Fisher's p
    (56, 70, 48, 80): (
        (0.0524314724024, 0.333872654037),
        (0.0524529266381, 0.335758455476),
        (7.02341137124, 0.0080450813682, 0.0134094751787, 0.0125211297492),
    ),
    (9, 10, 3, 10): (
        (0.170522723935, 0.809017973535),
        (0.1600008011, 0.8399991989),
        (7.5, 0.00616989932054, 0.0224788733661, 0.0197666110979),
    ),
    (5, 56, 0, 29): (
        (-0.0381371479035, 0.192560013855),
        (-0.0288658463031, 0.171246268995),
        (2.75111607143, 0.0971865681706, 0.240999114196, 0.160621443209),
    ),
    (0, 10, 0, 10): (
        (-0.277532799863, 0.277532799863),
        (-0.221150315029, 0.221150315029),
        (None, None, None, 1),
    ),
    (10, 10, 0, 20): (
        (0.679086037142, 1),
        (0.692243237883, 1.05018100454),
        (30, 4.32046305783e-08, 4.05337928176e-07, 3.32833916042e-08),
    ),
    (10, 10, 0, 10): (
        (0.607509350431, 1),
        (0.612183018304, 1.05448364836),
        (20, 7.74421643104e-06, 5.69941162333e-05, 1.08250882245e-05),
    ),
}


@pytest.mark.parametrize("seen", DIFFERENCES)
def test_two_shares_differ_as_newcombe_1998_and_r_say(seen: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = seen
    plain, yates = iv.shares_test([x1, x2], [n1, n2]), iv.shares_test([x1, x2], [n1, n2], corrected=True)
    tests = (plain and plain.statistic, plain and plain.p, yates and yates.p, iv.fisher(*seen))
    newcombe, caffo, expected = DIFFERENCES[seen]
    assert iv.newcombe(*seen) == pytest.approx(newcombe, abs=1e-8)
    assert iv.agresti_caffo(*seen) == pytest.approx(caffo, abs=1e-8)
    assert tests == pytest.approx(expected, abs=1e-8)


def test_the_smokers_of_fleiss_1981_p_139_differ() -> None:
    found = iv.shares_test([83, 90, 129, 70], [86, 93, 136, 82])
    assert found is not None
    assert (found.statistic, found.df, found.p) == pytest.approx((12.6004112971276, 3, 0.00558547666162702), abs=1e-8)


MULTINOMIALS = {
    # Sison & Glaz 1995: the help example of MultinomialCI 1.2, and Kano counts of the stp25kano README
    (23, 12, 44): (
        (0.189873417722, 0.41067029614),
        (0.0506329113924, 0.271429789811),
        (0.455696202532, 0.67649308095),
    ),
    (95, 123, 45, 33, 0, 0): (
        (0.263513513514, 0.383745582968),
        (0.358108108108, 0.478340177563),
        (0.0945945945946, 0.214826664049),
        (0.0540540540541, 0.174286123509),
        (0, 0.0627996370224),
        (0, 0.0627996370224),
    ),
}


@pytest.mark.parametrize("counted", MULTINOMIALS)
def test_shares_of_a_multinomial_are_sison_and_glaz_s(counted: tuple[int, ...]) -> None:
    found = iv.sison_glaz(counted)
    assert found is not None
    assert np.array(found) == pytest.approx(np.array(MULTINOMIALS[counted]), abs=1e-4)


def test_a_multinomial_that_fell_in_one_cell_keeps_ends_and_an_empty_one_has_no_interval() -> None:
    alone = iv.sison_glaz((12, 0, 0))
    assert alone is not None
    assert alone[0][1] == 1.0
    assert all(0 <= low < high <= 1 for low, high in alone)
    assert iv.sison_glaz((0, 0, 0)) is None


def test_the_permeability_of_hollander_and_wolfe_1973_p_69_ranks_as_r_says() -> None:
    x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.9, 0.74, 1.21]
    values = sorted({*x, *y})
    a, b = [x.count(v) for v in values], [y.count(v) for v in values]
    assert iv.mann_whitney(a, b) == iv.Test(statistic=pytest.approx(35), p=pytest.approx(0.244623605126983, abs=1e-6))
    assert iv.mann_whitney_exact(35, 10, 5) == pytest.approx(0.127206127206127, abs=1e-6)
    assert iv.superiority(a, b) == pytest.approx(0.7, abs=1e-12)


def test_mann_whitney_on_the_categories_of_two_waves_is_r_s() -> None:
    found = iv.mann_whitney([60, 120, 120], [85, 125, 90])  # nps_two_wave_1, R 4.2.2
    assert found is not None
    assert found.p == pytest.approx(0.00322395562795382, abs=1e-9)


def test_mann_whitney_has_nothing_to_say_of_one_value_or_of_nobody() -> None:
    assert iv.mann_whitney([0, 9], [0, 4]) is None
    assert iv.mann_whitney([0, 0], [3, 4]) is None


def test_power_is_r_s_help_examples() -> None:
    found = (iv.power_of_shares(50, 0.5, 0.75), iv.answers_for_shares(0.5, 0.75, 0.9), iv.power_of_means(20, 1, 1))
    assert found == pytest.approx((0.740165901331388, 76.7069301141077, 0.868952801692498), abs=1e-4)


def test_feldt_s_interval_of_the_attitude_data_is_that_of_methods_checked_with_psych() -> None:
    assert iv.feldt(0.84314, 30, 7) == pytest.approx((0.7394, 0.9158), abs=5e-5)  # psych 2.2.9, data(attitude)


def test_exact_binomial_test_is_r_s() -> None:
    assert iv.binomial_test(682, 925, 0.75) == pytest.approx(0.3825, abs=5e-5)  # help example of binom.test (Conover 1971 p. 97)
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
def test_nps_intervals_turn_over_when_promoters_and_detractors_change_sides(p: int, q: int, d: int, conf: float, kind: str) -> None:
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
    # three answers 0, 1, 1 with weights 1, 1, 2: m = ¾; SE² = 3/2·(1·9/16 + 1·1/16 + 4·1/16)/16 = 21/256; Kish (1+1+2)²/6
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
