"""Net promoter score: published and computed numbers, properties, refusals, words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.methods import nps

REFERENCE = {
    # promoters, passives, detractors: NPS::testdata$REC (n = 1,000) and constructed counts, NPS 1.1 and R 4.2.2;
    # adjusted Wald by the formula of Rocks 2016. On −1…1.
    (462, 176, 362): {
        "value": 0.1,
        "variance": 0.814,
        "wald": (0.0440808844844, 0.155919115516),
        "adjusted_wald": (0.0438966692503, 0.155505125366),
        "t": (0.0439850389622, 0.156014961038),
    },
    (50, 30, 20): {
        "value": 0.3,
        "variance": 0.61,
        "wald": (0.14692191925, 0.45307808075),
        "adjusted_wald": (0.140511301788, 0.442012970057),
        "t": (0.144246980162, 0.455753019838),
    },
    (5, 3, 2): {
        "value": 0.3,
        "variance": 0.61,
        "wald": (-0.184075395019, 0.784075395019),
        "adjusted_wald": (-0.190506153764, 0.652044615302),
        "t": (-0.288933741586, 0.888933741586),
    },
    (0, 12, 0): {"value": 0, "variance": 0, "wald": (0, 0), "adjusted_wald": (-0.160030389212, 0.160030389212), "t": None},
}


@pytest.mark.parametrize("counts", REFERENCE)
def test_the_score_its_variance_and_its_three_intervals_are_those_of_the_nps_package_and_rocks_2016(counts: tuple[int, int, int]) -> None:
    row = nps.from_counts(*counts)
    assert row.value is not None
    assert row.intervals is not None
    found = {"value": row.value / 100, "variance": row.variance, **{k: v and (v[0] / 100, v[1] / 100) for k, v in row.intervals.items()}}
    assert found == {name: expected if expected is None else pytest.approx(expected, abs=1e-9) for name, expected in REFERENCE[counts].items()}
    assert (row.low, row.high) == row.intervals["adjusted_wald"]


def test_the_score_against_zero_has_the_p_of_the_nps_package() -> None:
    assert iv.z_test(0.1, 0.0285306852353742).p == pytest.approx(0.000456610394112378, abs=1e-9)  # NPS::testdata$REC


def test_the_eleven_counts_fold_into_the_three() -> None:
    row = nps.from_counts(scores=[74, 10, 22, 35, 40, 140, 41, 57, 119, 227, 235])  # NPS::testdata$REC
    assert (row.promoters, row.passives, row.detractors, row.n) == (462, 176, 362, 1000)
    assert replace(row, scores=None) == nps.from_counts(462, 176, 362)


def test_the_population_of_the_cross_validated_example_has_variance_five_ninths() -> None:
    variance = iv.nps_variance(1 / 2, 1 / 6)
    assert (variance, (variance / 324) ** 0.5) == pytest.approx((5 / 9, 0.041408666249996104), abs=1e-12)


def test_eight_promoters_of_eight_keep_an_interval_that_ends_at_the_scale() -> None:
    row = nps.from_counts(8, 0, 0)
    assert row.value == 100
    assert (row.low, row.high) == (pytest.approx(38.5, abs=0.05), 100.0)  # methods: (.385, 1.069) unclipped
    assert row.intervals is not None
    assert row.intervals["wald"] == (100.0, 100.0)
    assert row.warnings == ("low_base", "no_spread")


WAVES = nps.from_counts(120, 120, 60), nps.from_counts(90, 125, 85)
TESTS = {
    # 300 answers in each wave; NPS 1.1 and R 4.2.2: low, high on −1…1, p
    "wald": (0.062351229333991, 0.304315437332676, 0.00297720579101979),
    "adjusted_wald": (0.0611902636444615, 0.301846039985902, 0.00310987596771002),
    "t": (0.0619032185717759, 0.304763448094891, 0.00314623864793855),
}


@pytest.mark.parametrize("test", TESTS)
def test_two_waves_differ_as_the_nps_package_and_r_say_with_the_sign_kept(test: str) -> None:
    up, down = nps.change(WAVES[1], WAVES[0], test=test), nps.change(*WAVES, test=test)
    low, high, p = TESTS[test]
    assert (up.value, up.low, up.high, up.p, up.clear) == pytest.approx((100 * 0.183333333333333, 100 * low, 100 * high, p, True), abs=1e-7)
    assert (down.value, down.low, down.high, down.p) == pytest.approx((-(up.value or 0), -(up.high or 0), -(up.low or 0), up.p), abs=1e-9)


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
    assert found.refused.message() == "Too few answers to tell a change yet: 9 before and 300 after, of 10 that each side needs."


def test_the_same_people_asked_twice_are_compared_person_by_person() -> None:
    # twelve guests of Mrs Lin's hotel: 4 stayed promoters, 5 rose from passive to promoter, 1 fell from 9 to 3, 2 stayed at 5
    found = nps.change_paired({(9, 10): 4, (7, 9): 5, (9, 3): 1, (5, 5): 2})
    expected = iv.t_test(*iv.tally_mean([0, 1, -2], [6, 5, 1]))
    assert (found.before, found.after, found.value) == pytest.approx((25.0, 50.0, 25.0))
    assert (found.low, found.high, found.p) == pytest.approx((100 * (expected.low or 0), 100 * (expected.high or 0), expected.p))
    assert (found.n_before, found.n_after, found.n, found.test) == (12, 12, 12, "paired_t")


def test_a_score_outside_the_scale_cannot_be_paired() -> None:
    with pytest.raises(MethodError, match=r"nps\.counts"):
        nps.change_paired({(11, 3): 4})


def test_planning_needs_938_answers_for_five_points_and_1537_without_a_guess() -> None:
    # n = z²·V/m², V = .61
    assert (nps.sample_size(5, promoters=0.5, detractors=0.2), nps.sample_size(5)) == (938, 1537)


@given(points=st.floats(2, 40), variance=st.floats(0.1, 1), power=st.floats(0.5, 0.95))
def test_the_planned_waves_find_the_planned_change_as_often_as_planned(points: float, variance: float, power: float) -> None:
    n = nps.sample_size_for_change(points, variance=variance, power=power)
    z = points / 100 / (2 * variance / n) ** 0.5
    assert 1 - iv.special.ndtr(iv.z_quantile() - z) >= power - 1e-9


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


@given(st.lists(st.integers(0, 60), min_size=11, max_size=11), st.floats(0.05, 20), st.sampled_from(sorted(iv.NPS_INTERVALS)))
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
