"""Lengths of what has partly not ended: published trials as R's survival prints them, and the plain figures where
everything has ended.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.methods.queue.survival import Survival, kaplan_meier


def trial(told: str) -> Survival:
    """Lengths as trials print them: "9 13 13+", of which those with a plus had not ended."""
    words = told.split()
    still = [word.endswith("+") for word in words]
    return kaplan_meier([float(word.rstrip("+")) for word in words], [not each for each in still], still)


REMISSION = trial("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+")
"""Weeks of remission under 6-mercaptopurine (Freireich et al. 1963)."""
MAINTAINED, NOT = trial("9 13 13+ 18 23 28+ 31 34 45+ 48 161+"), trial("5 5 8 8 12 16+ 23 27 30 33 43 45")
"""R's `aml`: weeks of remission with and without further treatment (Embury et al. 1977)."""


def test_the_remission_trial_has_its_published_shares_and_standard_errors() -> None:
    assert REMISSION.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert (REMISSION.risk.tolist(), REMISSION.ended.tolist()) == ([21, 17, 15, 12, 11, 7, 6], [3, 1, 1, 1, 1, 1, 1])
    assert REMISSION.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert [REMISSION.se(week) for week in REMISSION.times] == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5
    )
    assert REMISSION.beyond_interval(6, 0.95) == pytest.approx((0.6197, 0.9516), abs=5e-5)
    assert (REMISSION.quantile(0.5), REMISSION.quantile_interval(0.5, 0.95), REMISSION.quantile(0.8)) == (
        23,
        (13, None),
        None,
    )


R_LOW = [0.61971796, 0.56314656, 0.50319951, 0.43161022, 0.36751086, 0.26777894, 0.18805201]
R_HIGH = [0.95155175, 0.92280902, 0.88936184, 0.84906596, 0.80491219, 0.74679072, 0.68014263]


def test_all_figures_of_the_remission_trial_are_those_that_r_gives() -> None:
    """R 4.2.2, survival 3.5-3: `summary(survfit(Surv(t, s) ~ 1, conf.type = "log-log"))`, its table, and `quantile(…,
    c(0.5, 0.8))`.
    """
    shares = [0.85714286, 0.80672269, 0.75294118, 0.69019608, 0.62745098, 0.53781513, 0.44817927]
    errors = [0.076360355, 0.086935285, 0.096349653, 0.106814708, 0.114053865, 0.128233752, 0.134591457]
    ends = [REMISSION.beyond_interval(week, 0.95) for week in REMISSION.times]
    assert (REMISSION.share, [REMISSION.se(week) for week in REMISSION.times]) == (
        pytest.approx(shares),
        pytest.approx(errors),
    )
    assert [end for pair in ends if pair for end in pair] == pytest.approx(
        [end for pair in zip(R_LOW, R_HIGH, strict=True) for end in pair]
    )
    assert (REMISSION.quantile_interval(0.5, 0.95), REMISSION.quantile_interval(0.8, 0.95)) == ((13, None), (23, None))
    value, variance = REMISSION.mean(35)
    assert (value, variance**0.5) == (pytest.approx(23.28739495798), pytest.approx(2.82746762337))


def test_the_quantiles_of_a_trial_and_their_ends_are_those_that_r_gives() -> None:
    """The same of all of `aml`: `quantile(…, c(0.5, 0.8))` gives 27 (13 to 34) and 45 (31 to none)."""
    both = trial("9 13 13+ 18 23 28+ 31 34 45+ 48 161+ 5 5 8 8 12 16+ 23 27 30 33 43 45")
    assert [(both.quantile(q), *both.quantile_interval(q, 0.95)) for q in (0.5, 0.8)] == [(27, 13, 34), (45, 31, None)]
    assert both.beyond_interval(48, 0.95) == pytest.approx((0.0069559668, 0.28676037))
    value, variance = both.mean(161)
    assert (value, variance**0.5) == (pytest.approx(36.36438923395), pytest.approx(9.85410105666))


def test_restricted_means_and_medians_are_those_of_survfit() -> None:
    """`print(survfit(Surv(time, status) ~ x, aml), rmean = "common")`, of which the horizon is 161 weeks."""
    for found, mean, se, median in ((MAINTAINED, 52.6, 19.83, 31), (NOT, 22.7, 4.18, 23)):
        value, variance = found.mean(161)
        assert (value, variance**0.5, found.quantile(0.5)) == (
            pytest.approx(mean, abs=0.05),
            pytest.approx(se, abs=0.005),
            median,
        )


def test_before_the_first_end_nothing_is_lost_and_after_the_last_nothing_is_known() -> None:
    assert (REMISSION.beyond(5.9), REMISSION.se(5.9), REMISSION.beyond_interval(5.9, 0.95)) == (1.0, 0.0, None)
    assert (NOT.beyond(45), NOT.beyond_interval(45, 0.95)) == (0.0, None)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=60))
def test_where_everything_has_ended_it_is_the_plain_mean_and_the_plain_share(lengths: list[int]) -> None:
    found, plain = kaplan_meier(lengths, [1] * len(lengths), [0] * len(lengths)), np.array(lengths, dtype=float)
    mean, variance = found.mean(plain.max())
    assert (mean, variance) == (pytest.approx(plain.mean()), pytest.approx(plain.var() / len(plain)))
    assert [found.beyond(at) for at in range(42)] == pytest.approx([float((plain > at).mean()) for at in range(42)])


@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60).filter(
        lambda each: any(ended for _, ended in each)
    )
)
def test_to_be_still_open_never_makes_it_shorter(seen: list[tuple[int, bool]]) -> None:
    lengths, ended = zip(*seen, strict=True)
    found, all_ended = (
        kaplan_meier(lengths, ended, [not each for each in ended]),
        kaplan_meier(lengths, [1] * len(seen), [0] * len(seen)),
    )
    assert all(found.beyond(at) >= all_ended.beyond(at) - 1e-12 for at in range(42))
    assert ((found.share >= 0) & (found.share <= 1)).all()
