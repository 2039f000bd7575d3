"""Rating scales: counts in, figures out; the change of two waves; what is refused."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.terms import LANGUAGES, wrong_script

FIVE = (1.0, 5.0)
TOP = frozenset({4.0, 5.0})


@pytest.mark.parametrize("counts", [[4, 6, 15, 40], [4, 6, 15, 40, 35, 1], [4, 6, -1, 40, 35], {0: 3}, {1: 2.5}])
def test_counts_that_do_not_fit_the_scale_are_refused(counts: list[int]) -> None:
    with pytest.raises(MethodError, match=r"ratings\.counts"):
        ratings.from_counts(counts, FIVE)


def test_counts_by_value_and_in_order_are_the_same_ratings() -> None:
    assert ratings.from_counts([4, 0, 15, 40, 35], FIVE) == ratings.from_counts({5: 35, 1: 4, 4: 40, 3: 15}, FIVE)


def row(counts: list[int], measure: ratings.Measure = "top_box", metric: str = "m") -> ratings.RatingRow:
    fields = ratings.figures(ratings.from_counts(counts, FIVE), scale=FIVE, top=TOP, measure=measure, conf=0.95)
    return ratings.RatingRow(version="test/1", metric=metric, **{"measure": measure, **fields})


@given(st.lists(st.integers(0, 80), min_size=5, max_size=5), st.sampled_from(["top_box", "mean"]))
def test_equal_weights_change_nothing(counts: list[int], measure: ratings.Measure) -> None:
    found = row(counts, measure)
    if found.n < 2:
        assert found.weighted is None
        return
    assert found.weighted is not None
    assert found.weighted["n_eff"] == pytest.approx(found.n)
    assert (found.weighted_value, found.weighted["low"], found.weighted["high"]) == pytest.approx(
        (found.value, found.low, found.high), abs=1e-6
    )


@given(st.lists(st.integers(0, 80), min_size=5, max_size=5))
def test_the_figure_lies_in_its_interval_and_the_interval_on_the_scale(counts: list[int]) -> None:
    share, mean = row(counts), row(counts, "mean")
    if share.value is not None and share.low is not None and share.high is not None:
        assert 0 <= share.low <= share.value <= share.high <= 100
    if mean.value is not None and mean.low is not None and mean.high is not None:
        assert 1 <= mean.low <= mean.value <= mean.high <= 5
    assert (share.value is None) == (sum(counts) == 0)
    assert (mean.value is None) == (sum(counts) < 2)


def test_answers_that_are_all_alike_have_a_mean_and_no_interval() -> None:
    found = row([0, 0, 0, 40, 0], "mean")
    assert (found.value, found.low, found.high, found.warnings) == (4.0, None, None, ("no_spread",))


def test_a_share_that_changed_has_newcombe_s_interval_and_the_p_of_r() -> None:
    found = ratings.change("csat", row([32, 0, 0, 0, 48]), row([14, 0, 0, 0, 56]))  # Newcombe 1998: 56/70 against 48/80
    assert (found.value, found.low, found.high) == pytest.approx((20.0, 5.24314724023649, 33.3872654036906), abs=1e-6)
    assert (found.p, found.test, found.clear) == (pytest.approx(0.00804508136819656, abs=1e-9), "newcombe", True)


def test_few_satisfied_answers_are_tested_exactly() -> None:
    found = ratings.change("csat", row([7, 0, 0, 0, 3]), row([1, 0, 0, 0, 9]))  # Newcombe 1998: 9/10 against 3/10
    assert (found.p, found.test) == (pytest.approx(0.0197666110978804, abs=1e-9), "fisher")


def test_a_mean_that_changed_is_welch_s() -> None:
    before, after = [4, 6, 15, 40, 35], [10, 12, 20, 30, 20]
    found = ratings.change("csat", row(before, "mean"), row(after, "mean"))
    expected = iv.welch(iv.tally_mean(range(1, 6), after), iv.tally_mean(range(1, 6), before))
    assert (found.value, found.low, found.high, found.p) == pytest.approx(
        (expected.value, expected.low, expected.high, expected.p)
    )
    assert found.higher == pytest.approx(iv.superiority(after, before))


def test_figures_of_two_metrics_are_not_compared() -> None:
    with pytest.raises(MethodError, match=r"change\.not_comparable"):
        ratings.change("csat", row([4, 6, 15, 40, 35]), row([4, 6, 15, 40, 35], metric="other"))


def test_a_wave_of_nine_answers_tells_no_change() -> None:
    found = ratings.change("csat", row([1, 1, 1, 3, 3]), row([4, 6, 15, 40, 35]))
    assert found.refused is not None
    assert (found.value, found.clear, found.refused.id) == (None, False, "change.too_few")


def test_where_nothing_varies_the_difference_is_said_and_that_no_test_could_judge_it() -> None:
    found = ratings.change("csat", row([0, 0, 20, 0, 0], "mean"), row([0, 0, 0, 20, 0], "mean"))
    assert (found.value, found.p, found.clear) == (1.0, None, False)
    assert [found.text(lang) for lang in LANGUAGES] == [
        (
            "Customer satisfaction: +1.00 points on the scale (it could not be tested: nothing varies within either "
            "side), "
            "from 3.00 (20 answers) to 4.00 (20 answers)."
        ),
        "顧客滿意度：+1.00 分（無法檢定：兩邊各自的數值都沒有差異），由 3.00（20 筆回答）到 4.00（20 筆回答）。",
        "客户满意度：+1.00 分（无法检验：两边各自的数值都没有差异），由 3.00（20 条回答）到 4.00（20 条回答）。",
    ]


DOMESTIC, ABROAD = ({"site": "A", "purpose": purpose} for purpose in ("domestic", "international"))


def of(group: dict[str, str | None], counts: list[int]) -> ratings.RatingRow:
    return replace(row(counts, "mean"), group=MappingProxyType(group))


def test_two_groups_are_compared_by_name_and_not_told_as_a_change() -> None:
    found = ratings.change("csat", of(DOMESTIC, [0, 10, 30, 40, 20]), of(ABROAD, [20, 30, 30, 10, 10]))
    assert (dict(found.group), found.in_time) == ({"site": "A"}, False)
    assert found.text("en") == (
        "Site A · customer satisfaction: purpose international is 1.10 points on the scale lower than purpose domestic "
        "(95% confidence interval −1.40 to −0.80): 2.60 (100 answers) against 3.70 (100 answers)."
    )
    assert found.text("zh-Hant").endswith(
        "低 1.10 分（95% 信賴區間 −1.40 至 −0.80）：2.60（100 筆回答）對 3.70（100 筆回答）。"
    )
    unclear = ratings.change("csat", of(DOMESTIC, [0, 10, 30, 40, 20]), of(ABROAD, [0, 11, 30, 40, 19]))
    assert "no clear difference between purpose international and purpose domestic (−0.03 points" in unclear.text("en")
    assert all(wrong_script(one.text(lang), lang) == set() for one in (found, unclear) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("before", "after", "down", "up"),
    [
        (
            {"month": "2017-04"},
            {"month": "2017-05"},
            ("down 1.10 points", "from 3.70 (2017-04, 100 answers) to 2.60 (2017-05, 100 answers)."),
            ("up 1.10 points", "from 2.60 (2017-04, 100 answers) to 3.70 (2017-05, 100 answers)."),
        ),
        (
            {"wave": "pilot"},
            {"wave": "spring"},
            ("down 1.10 points", "from 3.70 (pilot, 100 answers) to 2.60 (spring, 100 answers)."),
            ("up 1.10 points", "from 2.60 (pilot, 100 answers) to 3.70 (spring, 100 answers)."),
        ),
        (
            {},
            {},
            ("down 1.10 points", "from 3.70 (100 answers) to 2.60 (100 answers)."),
            ("up 1.10 points", "from 2.60 (100 answers) to 3.70"),
        ),
        (
            {"site": "1"},
            {"site": "2"},
            ("site 2 is 1.10 points on the scale lower than site 1",),
            ("site 2 is 1.10 points on the scale higher than",),
        ),
        (
            {},
            {"site": "A"},
            ("site A is 1.10 points on the scale lower than all",),
            ("site A is 1.10 points on the scale higher than all",),
        ),
    ],
)
def test_up_and_down_are_said_of_times_alone(
    before: dict[str, str | None], after: dict[str, str | None], down: tuple[str, ...], up: tuple[str, ...]
) -> None:
    high, low = [0, 10, 30, 40, 20], [20, 30, 30, 10, 10]
    for first, second, said in ((high, low, down), (low, high, up)):
        text = ratings.change("csat", of(before, first), of(after, second)).text("en")
        assert [words for words in said if words not in text] == [], text
        assert (" up " in f" {text}" or " down " in f" {text}") == (len(said) == 2), text
