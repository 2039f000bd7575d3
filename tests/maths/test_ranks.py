"""Ranks from tallies, the root they are compared by, and rates of response."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.maths.ranks import hodges_lehmann, kruskal_wallis
from peakend.maths.response_rates import of_question, rates
from peakend.maths.roots import zero

# the permeability of the human chorioamnion, Hollander & Wolfe 1973, pp. 69–71, as in the help of R 4.2.2's wilcox.test
X = (0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
Y = (1.15, 0.88, 0.9, 0.74, 1.21)


def tallies(x: tuple[float, ...], y: tuple[float, ...]) -> tuple[list[float], list[int], list[int]]:
    values = sorted({*x, *y})
    return values, [x.count(v) for v in values], [y.count(v) for v in values]


def test_hollander_and_wolfe_s_permeability_is_r_s() -> None:
    values, x, y = tallies(X, Y)
    test = iv.mann_whitney(x, y)
    assert test is not None
    assert (test.statistic, iv.superiority(x, y)) == (pytest.approx(35), pytest.approx(0.7))
    assert iv.mann_whitney_exact(35, 10, 5) == pytest.approx(
        0.127206127206127, abs=1e-12
    )  # greater, as printed: p = 0.1272
    assert test.p == pytest.approx(0.244623605126983, abs=1e-9)
    assert hodges_lehmann(values, x, y) == pytest.approx((0.305, -0.15, 0.76))


def test_the_shift_that_r_prints_without_exact_is_where_its_search_stops_between_the_two_middle_differences() -> None:
    """R 4.2.2, wilcox.test(exact = FALSE): 0.302508339041572. The two middle differences are 0.30 and 0.31; their
    middle is the estimate.
    """

    def away(shift: float) -> float:
        _, x, y = tallies(tuple(v - shift for v in X), Y)
        ties, n = np.array(x) + np.array(y), 15
        return ((iv.superiority(x, y) or 0) * 50 - 25) / math.sqrt(
            50 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1)))
        )

    assert zero(away, min(X) - max(Y), max(X) - min(Y), 1e-4) == pytest.approx(0.302508339041572, abs=1e-6)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9), st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_the_shift_is_the_median_of_all_differences(x: list[int], y: list[int]) -> None:
    values, a, b = tallies(tuple(map(float, x)), tuple(map(float, y)))
    found = hodges_lehmann(values, a, b)
    assert found is not None
    assert found[0] == np.median([p - q for p, q in itertools.product(x, y)])
    assert found[1] <= found[0] <= found[2]
    assert hodges_lehmann(values, a, [0] * len(b)) is None


def test_kruskal_and_wallis_of_two_is_mann_and_whitney_s_without_correction() -> None:
    x, y = [4, 6, 15, 40, 35], [10, 20, 30, 25, 15]
    h = kruskal_wallis([x, y])
    ties, n = np.array(x) + np.array(y), 200
    u = (iv.superiority(x, y) or 0) * 100 * 100
    variance = 100 * 100 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1)))
    assert h is not None
    assert h.statistic == pytest.approx((u - 5000) ** 2 / variance)
    assert kruskal_wallis([x, [0] * 5]) is None
    assert kruskal_wallis([[0, 3], [0, 4]]) is None


def test_kruskal_and_wallis_s_h_is_r_s_on_the_mucociliary_efficiency_of_hollander_and_wolfe() -> None:
    """R's help of kruskal.test (Hollander & Wolfe 1973, p. 116): χ² = 0.77143, df = 2, p = 0.68; remembered, recomputed
    by hand.
    """
    groups = [(2.9, 3.0, 2.5, 2.6, 3.2), (3.8, 2.7, 4.0, 2.4), (2.8, 3.4, 3.7, 2.2, 2.0)]
    values = sorted({v for group in groups for v in group})
    h = kruskal_wallis([[group.count(v) for v in values] for group in groups])
    assert h is not None
    assert (h.statistic, h.df, h.p) == (pytest.approx(0.771428571), 2, pytest.approx(0.6799648, abs=1e-6))


def test_a_zero_is_found_and_its_absence_told() -> None:
    assert zero(lambda x: x**3 - 2, 0, 2) == pytest.approx(2 ** (1 / 3), abs=1e-9)
    assert zero(math.cos, 1, 2) == pytest.approx(math.pi / 2, abs=1e-9)
    with pytest.raises(ValueError, match="no change of sign"):
        zero(lambda x: x * x + 1, -1, 1)


def test_of_two_hundred_invited_sixty_finish_and_twenty_stop_midway() -> None:
    found = rates(60, partial=20, invited=210, undelivered=10)
    assert (found.response, found.with_partial, found.completion, found.base) == (0.3, 0.4, 0.75, 200)
    assert (found.low, found.high) == pytest.approx(iv.wilson(60, 200))
    assert rates(3, partial=1).response is None
    assert rates(3, partial=1).completion == 0.75
    with pytest.raises(MethodError, match=r"responding\.counts"):
        rates(60, invited=50)


def test_those_who_were_asked_a_question_and_gave_a_valid_answer_are_a_share_with_wilsons_interval() -> None:
    found = of_question(80, invalid=2, missing=18)
    assert (found["value"], found["asked"]) == (0.8, 100)
    assert (found["low"], found["high"]) == pytest.approx(
        (0.71117083, 0.86663307), abs=1e-8
    )  # R 4.2.2: prop.test(80, 100, correct = FALSE)
    assert of_question(0)["value"] is None
