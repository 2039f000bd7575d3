"""Ratios of means: Fieller's set by two routes, the delta method against its published example, and unbounded sets said
so.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from peakend.maths import ratios


def test_fieller_s_ends_are_where_the_paired_t_test_of_p_less_r_times_e_stops_refusing() -> None:
    """The second route of `fieller_paired_30`: the ratios r at which |t| of mean(P − r·E) is exactly the quantile."""
    rng = np.random.default_rng(30)
    expected = rng.normal(75, 10, 30)
    found = 0.92 * expected + rng.normal(0, 14, 30)
    result = ratios.fieller(ratios.paired_means(found, expected, np.ones(30)))

    def excess(r: float) -> float:
        return abs(float(stats.ttest_1samp(found - r * expected, 0).statistic)) - float(stats.t.ppf(0.975, 29))

    middle = found.mean() / expected.mean()
    assert (result.low, result.high) == pytest.approx(
        (optimize.brentq(excess, 0.3, middle), optimize.brentq(excess, middle, 2.0))
    )
    assert (result.set, result.g) == (
        "between",
        pytest.approx(stats.t.ppf(0.975, 29) ** 2 * expected.var(ddof=1) / 30 / expected.mean() ** 2),
    )


def test_a_bottom_that_may_be_zero_leaves_no_ends() -> None:
    outside = ratios.fieller(ratios.Means(top=5, bottom=1, top_variance=0.5, bottom_variance=1))
    assert (outside.low, outside.high, outside.set) == (None, None, "outside")
    assert ratios.fieller(ratios.Means(top=0.1, bottom=0.1, top_variance=1, bottom_variance=1)).set == "everything"
    assert ratios.fieller(ratios.Means(top=5, bottom=0, top_variance=0.5, bottom_variance=1)).g == math.inf


pairs = st.lists(st.tuples(st.integers(1, 100), st.integers(20, 100), st.integers(1, 5)), min_size=3, max_size=20)


@given(pairs)
def test_counts_and_rows_agree_and_the_ratio_lies_inside(pairs: list[tuple[int, int, int]]) -> None:
    top, bottom, counts = (np.array(part, dtype=float) for part in zip(*pairs, strict=True))
    counted = ratios.paired_means(top, bottom, counts)
    rows = ratios.paired_means(
        *(np.repeat(part, counts.astype(int)) for part in (top, bottom)), np.ones(int(counts.sum()))
    )
    assert [getattr(counted, name) for name in ("top", "bottom", "top_variance", "covariance")] == pytest.approx(
        [getattr(rows, name) for name in ("top", "bottom", "top_variance", "covariance")]
    )
    found = ratios.fieller(counted)
    if found.low is not None and found.high is not None:
        assert found.low <= counted.ratio + 1e-9
        assert found.high >= counted.ratio - 1e-9


def test_seven_points_and_six_coded_from_zero_give_one_ratio_on_0_to_100() -> None:
    assert (
        ratios.on_hundred([1, 4, 7], (1, 7)).tolist() == ratios.on_hundred([0, 3, 6], (0, 6)).tolist() == [0, 50, 100]
    )
