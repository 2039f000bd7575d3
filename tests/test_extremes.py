"""What stands out among several figures: named where a test over all says so, and wrongly named no more often than was
promised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from peakend import csat
from peakend import intervals as iv
from peakend.extremes import Ends, Size, apart, below, ends, lowest, share_p, size
from peakend.samples import service_of
from tests.methods.facts_of import sample


@dataclass(frozen=True)
class Figure:
    """A mean with Student's interval."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    conf: float = 0.95
    sd: float | None = None


def mean(value: float, sd: float, n: int, conf: float = 0.95) -> Figure:
    low, high = iv.mean_t(n, value, sd**2, conf) or (None, None)
    return Figure(value, low, high, n, conf, sd)


def means(answers: NDArray[np.int_]) -> list[Figure]:
    """The mean of each column."""
    return [mean(float(column.mean()), float(column.std(ddof=1)), len(column)) for column in answers.T]


def test_the_lowest_is_named_where_it_is_surely_below_all_others() -> None:
    assert ends([mean(3.1, 1, 200), mean(4.1, 1, 200), mean(4.0, 1, 200), mean(4.05, 1, 200)]) == Ends(
        (0,), (), differ=True
    )


def test_both_ends_are_named_in_whichever_order_they_come() -> None:
    assert ends([mean(4, 1, 200), mean(4.8, 1, 200), mean(3.1, 1, 200)]) == Ends((2,), (1,), differ=True)


def test_nothing_is_named_where_the_intervals_overlap_wholly() -> None:
    figures = [mean(3.9, 1, 40), mean(4.0, 1, 40), mean(4.05, 1, 40), mean(4.1, 1, 40)]
    assert (ends(figures), lowest(figures)) == (Ends(), ())


def test_two_that_are_lowest_together_are_named_together() -> None:
    figures = [mean(4.1, 1, 300), mean(3.05, 1, 300), mean(3.1, 1, 300), mean(4, 1, 300), mean(4.05, 1, 300)]
    assert ends(figures).lowest == (1, 2)


def test_a_list_takes_as_many_as_are_surely_below_the_rest_and_a_sentence_as_few() -> None:
    figures = [mean(2, 1, 300), mean(3, 1, 300), mean(4, 1, 300), mean(5, 1, 300)]
    assert (ends(figures).lowest, lowest(figures), lowest(figures, most=1)) == ((0,), (0, 1), (0,))


def test_two_camps_differ_and_yet_nobody_stands_out() -> None:
    assert ends([*[mean(3, 1, 300)] * 4, *[mean(4, 1, 300)] * 4]) == Ends(differ=True)


def test_a_figure_of_few_answers_is_not_named_and_no_other_in_its_place() -> None:
    figures = [mean(2, 0.5, 20), mean(3, 0.5, 200), mean(4, 0.5, 200), mean(5, 0.5, 20)]
    assert (ends(figures), ends(figures, fewest=30)) == (Ends((0,), (3,), differ=True), Ends(differ=True))
    assert (lowest(figures), lowest(figures, fewest=30), lowest(figures[1:], fewest=30)) == ((0, 1), (), (0,))


def test_figures_without_spread_are_not_told_apart_from_each_other() -> None:
    assert ends([mean(3, 0, 50), mean(5, 0, 50)]) == Ends()
    assert ends([mean(3, 0, 50), mean(5, 0, 50), mean(4, 1, 50), mean(4.1, 1, 50)]) == Ends((), (), differ=True)


def test_answers_that_are_all_the_same_are_told_apart_from_those_that_differ() -> None:
    assert ends([mean(5, 0, 120), mean(4, 1, 120), mean(4.1, 1, 120)]) == Ends((), (0,), differ=True)


def test_one_figure_and_none_have_no_ends() -> None:
    assert (ends([mean(3, 1, 50)]), ends([]), ends([Figure(None, None, None, 0), mean(3, 1, 50)])) == (
        Ends(),
        Ends(),
        Ends(),
    )


def test_a_wider_confidence_of_the_interval_says_the_same() -> None:
    told = [[mean(3.5, 1, 100, conf), mean(4, 1, 100, conf)] for conf in (0.8, 0.95, 0.99)]
    assert [ends(figures) for figures in told] == [Ends((0,), (1,), differ=True)] * 3


@pytest.mark.parametrize("conf", [0.8, 0.9, 0.95, 0.99, 0.999])
def test_pairs_are_told_apart_as_by_welch_and_holm(conf: float) -> None:
    about = [(3.6, 1.0, 60), (4.0, 1.2, 45), (4.1, 0.9, 80)]
    pairs = [(0, 1), (0, 2), (1, 2)]
    held = iv.holm([float(stats.ttest_ind_from_stats(*about[i], *about[j], equal_var=False).pvalue) for i, j in pairs])
    below = apart([[mean(*each) for each in about]], conf)[0]
    assert [bool(below[pair]) for pair in pairs] == [p < 1 - conf for p in held]


def test_several_tables_are_one_family() -> None:
    alone, shared = [mean(4, 1, 100), mean(4.33, 1, 100)], [mean(4, 1, 100)] * 6
    assert [bool(table.any()) for table in (apart([alone])[0], apart([alone, shared])[0])] == [True, False]


def test_real_touchpoints_that_lead_and_trail_together_are_named_in_pairs() -> None:
    ids = {touchpoint.id for touchpoint in service_of("airport").touchpoints}
    facts = sample("airport").where(construct=tuple(ids))
    rows = [row for row in csat(facts, measure="mean") if row.construct in ids]
    found = ends(rows)
    assert [[rows[at].construct for at in group] for group in (found.lowest, found.highest)] == [
        ["food", "shops"],
        ["wayfinding", "boarding-area"],
    ]


ROUNDS = 1000
NOISE = 3 * (0.05 * 0.95 / ROUNDS) ** 0.5
"""Three standard errors of a share of 5% in so many rounds."""
ANSWERS = np.array([1, 2, 3, 4, 5])


def asked(rng: np.random.Generator, shares: NDArray[np.float64], n: int, k: int, together: float) -> NDArray[np.int_]:
    """Answers of n people at k touchpoints, all of the same shares; who rates one high rates another high as far as
    they go `together`.
    """
    own, common = rng.standard_normal((n, k)), rng.standard_normal((n, 1))
    ranks = np.argsort(np.argsort(together**0.5 * common + (1 - together) ** 0.5 * own, axis=None)).reshape(n, k)
    return ANSWERS[np.searchsorted(np.cumsum(shares), (ranks + 0.5) / (n * k))]


@pytest.mark.parametrize(("k", "n", "together"), [(3, 30, 0.0), (8, 30, 0.0), (8, 120, 0.5), (20, 60, 0.0)])
def test_where_nothing_differs_anything_is_named_in_no_more_than_five_of_a_hundred(
    k: int, n: int, together: float
) -> None:
    rng, shares = np.random.default_rng(7), np.array([0.05, 0.08, 0.17, 0.4, 0.3])
    named = sum(
        bool((found := ends(means(asked(rng, shares, n, k, together)))).lowest or found.highest) for _ in range(ROUNDS)
    )
    assert named / ROUNDS <= 0.05 + NOISE


def test_a_size_is_a_figure_without_its_sign_and_its_interval_turned_with_it() -> None:
    found = [size(value, interval, 40, 0.95) for value, interval in ((0.4, (0.3, 0.6)), (-0.4, (-0.6, 0.1)))]
    assert found == [Size(0.4, 0.3, 0.6, 40, 0.95), Size(0.4, -0.1, 0.6, 40, 0.95)]
    assert size(-0.4, None, 1, 0.9) == Size(0.4, None, None, 1, 0.9)


# --- shares below their targets --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A share kept with Wilson's interval, of rows alone or of days."""

    share: float
    low: float | None
    high: float | None
    n: int
    days: int = 0


def share_of(kept: int, n: int) -> Share:
    low, high = iv.wilson(kept, n) or (None, None)
    return Share(kept / n, low, high, n)


def share_by_day(kept: NDArray[np.int_], of: NDArray[np.int_]) -> Share:
    low, high = iv.clustered_share(kept, of) or (None, None)
    return Share(float(kept.sum() / of.sum()), low, high, int(of.sum()), len(of))


def test_one_share_alone_is_below_its_target_where_its_interval_is() -> None:
    for kept in range(0, 101, 2):
        share = share_of(kept, 100)
        assert below([share], [0.8]) == ((share.high or 0) < 0.8,), kept


def test_of_days_too_the_test_is_the_one_that_the_interval_speaks_of() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        of = rng.integers(10, 40, 12)
        share = share_by_day(rng.binomial(of, rng.beta(8, 2, 12)), of)
        assert below([share], [0.85]) == ((share.high or 0) < 0.85,)


def test_the_p_of_a_share_is_the_score_tests_by_hand() -> None:
    z = (0.7 - 0.8) / (0.8 * 0.2 / 100) ** 0.5
    assert share_p(share_of(70, 100), 0.8) == pytest.approx(2 * stats.norm.sf(abs(z)))
    assert share_p(Share(0.7, None, None, 100), 0.8) == 1.0
    assert (share_p(share_of(99, 100), 1.0), share_p(share_of(100, 100), 1.0)) == (0.0, 1.0)


def test_a_share_that_is_below_alone_may_not_be_among_twenty_that_are_looked_at() -> None:
    borderline, others = share_of(72, 100), [share_of(80, 100)] * 19
    assert below([borderline], [0.8]) == (True,)
    assert not any(below([borderline, *others], [0.8] * 20))


@pytest.mark.parametrize("by_day", [False, True])
def test_of_twelve_shares_that_are_just_as_promised_any_is_called_low_no_more_often_than_one_time_in_twenty(
    by_day: bool,
) -> None:
    """Alone, each would be called low one time in forty: of twelve, any one time in four."""
    rng = np.random.default_rng(9)
    together = alone = 0
    for _ in range(400):
        if by_day:
            of = np.full(20, 15)
            shares = [share_by_day(rng.binomial(of, rng.beta(16, 4, 20)), of) for _ in range(12)]
        else:
            shares = [share_of(int(kept), 200) for kept in rng.binomial(200, 0.8, 12)]
        together += any(below(shares, [0.8] * 12))
        alone += any((share.high or 1) < 0.8 for share in shares)
    assert together / 400 <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5
    assert alone / 400 > 0.15
