"""Net promoter score: published and computed numbers, properties, refusals, words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.methods import nps


def test_eight_promoters_of_eight_keep_an_interval_that_ends_at_the_scale() -> None:
    row = nps.from_counts(8, 0, 0)
    assert row.value == 100
    assert (row.low, row.high) == (pytest.approx(38.5, abs=0.05), 100.0)  # methods: (.385, 1.069) unclipped
    assert row.intervals is not None
    assert row.intervals["wald"] == (100.0, 100.0)
    assert row.warnings == ("low_base",)


@pytest.mark.parametrize("interval", ["wald", "t"])
def test_an_interval_without_a_width_is_none_and_is_said(interval: str) -> None:
    row = nps.from_counts(8, 0, 0, interval=interval)
    assert (row.low, row.high, row.warnings) == (None, None, ("low_base", "no_spread"))


WAVES = nps.from_counts(120, 120, 60), nps.from_counts(90, 125, 85)


def test_a_change_of_waves_with_known_scores_has_mann_whitney_beside_it() -> None:
    before = nps.from_counts(scores=[60, 0, 0, 0, 0, 0, 0, 120, 0, 120, 0])
    after = nps.from_counts(scores=[85, 0, 0, 0, 0, 0, 0, 125, 0, 90, 0])
    found = nps.change(before, after)
    assert found.p_rank == pytest.approx(0.00322395562795382, abs=1e-9)  # R 4.2.2, wilcox.test on the categories
    assert found.higher == pytest.approx(iv.superiority([85, 125, 90], [60, 120, 120]))
    assert (nps.change(*WAVES).higher, nps.change(*WAVES).p_rank) == (None, None)


def test_a_change_with_nine_answers_on_a_side_is_refused_and_says_so() -> None:
    found = nps.change(nps.from_counts(5, 2, 2), WAVES[0])
    assert (found.value, found.low, found.p, found.clear) == (None, None, None, False)
    assert found.refused is not None
    assert (
        found.refused.message()
        == "Too few answers to tell a change yet: 9 before and 300 after, of 10 that each side needs."
    )


def test_the_same_people_asked_twice_are_compared_person_by_person() -> None:
    # twelve guests of Mrs Lin's hotel: 4 stayed promoters, 5 rose from passive to promoter, 1 fell from 9 to 3, 2
    # stayed at 5
    found = nps.change_paired({(9, 10): 4, (7, 9): 5, (9, 3): 1, (5, 5): 2})
    expected = iv.t_test(*iv.tally_mean([0, 1, -2], [6, 5, 1]))
    assert (found.before, found.after, found.value) == pytest.approx((25.0, 50.0, 25.0))
    assert (found.low, found.high, found.p) == pytest.approx(
        (100 * (expected.low or 0), 100 * (expected.high or 0), expected.p)
    )
    assert (found.n_before, found.n_after, found.n, found.test) == (12, 12, 12, "paired_t")


def test_a_score_outside_the_scale_cannot_be_paired() -> None:
    with pytest.raises(MethodError, match=r"nps\.counts"):
        nps.change_paired({(11, 3): 4})


@given(points=st.floats(2, 40), variance=st.floats(0.1, 1), power=st.floats(0.5, 0.95))
def test_the_planned_waves_find_the_planned_change_as_often_as_planned(
    points: float, variance: float, power: float
) -> None:
    n = nps.sample_size_for_change(points, variance=variance, power=power)
    z = points / 100 / (2 * variance / n) ** 0.5
    assert 1 - ndtr(iv.z_quantile() - z) >= power - 1e-9


@pytest.mark.parametrize("counts", [(-1, 2, 3), (1.5, 2, 3)])
def test_counts_that_are_none_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(MethodError, match=r"nps\.counts"):
        nps.from_counts(*counts)


def test_an_unknown_interval_is_refused_with_those_there_are() -> None:
    with pytest.raises(MethodError) as refused:
        nps.from_counts(1, 1, 1, interval="bootstrap")
    assert refused.value.fields == {"found": "bootstrap", "known": "adjusted_wald, wald, t"}


def test_nobody_has_no_score_and_a_reason() -> None:
    row = nps.from_counts(0, 0, 0)
    assert (row.value, row.low, row.high, row.n) == (None, None, None, 0)
    assert row.refused is not None
    assert row.refused.id == "nps.no_answers"


@given(
    st.lists(st.integers(0, 60), min_size=11, max_size=11),
    st.floats(0.05, 20),
    st.sampled_from(sorted(iv.NPS_INTERVALS)),
)
def test_equal_weights_change_nothing(scores: list[int], weight: float, interval: str) -> None:
    row = nps.from_counts(scores=scores, interval=interval)
    twin = nps.weighted_twin(scores, [c * weight for c in scores], [c * weight**2 for c in scores], interval, 0.95)
    if row.n < 2:
        assert twin is None
        return
    assert twin is not None
    assert twin["value"] == pytest.approx(row.value, abs=1e-7)
    assert twin["n_eff"] == pytest.approx(row.n, rel=1e-9)
    assert (twin["low"], twin["high"]) == pytest.approx((row.low, row.high), abs=1e-6)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.sampled_from([0.8, 0.9, 0.99]))
def test_turning_the_scale_over_turns_the_score_over(p: int, q: int, d: int, conf: float) -> None:
    here, there = nps.from_counts(p, q, d, conf=conf), nps.from_counts(d, q, p, conf=conf)
    if not here.n:
        assert there.value is None
        return
    assert here.value is not None
    assert here.low is not None
    assert here.high is not None
    assert (there.value, there.low, there.high) == pytest.approx((-here.value, -here.high, -here.low), abs=1e-9)
    assert -100 <= here.low <= here.value <= here.high <= 100


def test_of_a_hundred_there_are_never_more_than_a_hundred() -> None:
    for promoters in range(201):
        assert sum(nps.of_hundred(nps.from_counts(promoters, 0, 200 - promoters))) == 100
