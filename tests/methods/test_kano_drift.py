"""Kano over time: tests by hand and by R's printed results (R 4.2.2: prop.trend.test), the same people, refusals, words
and pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from peakend import intervals as iv
from peakend import kano_drift as by_name
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field.kano.tables import evaluation
from peakend.methods import kano_drift as kd
from peakend.methods.kano_drift import contingency as cg
from peakend.methods.kano_drift import movement as dr
from peakend.terms import LANGUAGES, Lang, wrong_script
from tests.methods.facts_of import facts, said
from tests.methods.stories import late_checkouts

WAVES = {
    "2024": {"M": 20, "O": 15, "A": 45, "I": 40, "R": 3, "Q": 1},
    "2025": {"M": 30, "O": 25, "A": 35, "I": 30},
    "2026": {"M": 50, "O": 30, "A": 20, "I": 20},
}
PAIR = {"A": (1, 3), "O": (1, 5), "M": (2, 5), "I": (3, 3), "R": (5, 1)}


# --- tests ------------------------------------------------------------------------------------------------------------


def test_waves_are_compared_by_chi_square_of_the_four_classes() -> None:
    # by hand: each class expects a third of its total in each of three waves of 120
    total = {"M": 100, "O": 70, "A": 100, "I": 90}
    by_hand = sum(
        (wave[letter] - total[letter] / 3) ** 2 / (total[letter] / 3) for wave in WAVES.values() for letter in total
    )
    row = kd.from_counts(WAVES)
    assert row.homogeneity is not None
    assert (row.homogeneity["test"], row.homogeneity["statistic"], row.homogeneity["df"]) == (
        "chi2",
        pytest.approx(by_hand),
        6,
    )


def test_the_trend_is_that_of_prop_trend_test() -> None:
    # R's help, smokers: prop.trend.test(c(83, 90, 129, 70), c(86, 93, 136, 82)) gives X-squared 8.2249, df 1, p-value
    # 0.004132
    found = cg.trend([83, 90, 129, 70], [86, 93, 136, 82])
    assert found is not None
    assert found.statistic is not None
    assert found.statistic**2 == pytest.approx(8.2249, abs=1e-4)
    assert found.p == pytest.approx(0.004132, abs=1e-6)
    again = cg.trend([83, 90, 129, 70], [86, 93, 136, 82], [0, 0, 0, 1])
    assert again is not None
    assert again.statistic is not None
    assert again.statistic**2 == pytest.approx(12.173, abs=1e-3)  # the same help page, scores c(0, 0, 0, 1)


def test_better_and_worse_each_have_a_trend_and_the_change_of_worse_is_newcombe_s() -> None:
    row = kd.from_counts(WAVES)
    worse, better = cg.trend([35, 55, 80], [120] * 3), cg.trend([60, 60, 50], [120] * 3)
    assert worse is not None
    assert better is not None
    assert row.worse_trend is not None
    assert row.better_trend is not None
    assert (row.worse_trend["z"], row.better_trend["z"]) == (worse.statistic, better.statistic)
    assert row.worse_trend["chi2"] == pytest.approx(row.worse_trend["z"] ** 2)
    assert row.value == pytest.approx((80 - 35) / 120)
    assert (row.low, row.high) == iv.newcombe(80, 120, 35, 120)
    assert (row.modes, row.categories, row.sequence, row.n) == (("A", "A", "M"), ("A", "M", "M"), "A → M → M", 364)


def test_stuart_and_maxwell_s_test_of_two_classes_is_mcnemar_s() -> None:
    found = cg.stuart_maxwell([[30, 12], [5, 40]])
    assert found is not None
    assert [found.statistic, found.df] == pytest.approx([(12 - 5) ** 2 / 17, 1])


def test_stuart_and_maxwell_s_test_of_three_classes_is_the_formula_of_fleiss() -> None:
    # Fleiss & Everitt 1971: [n̄23·d1² + n̄13·d2² + n̄12·d3²] / [2(n̄12·n̄23 + n̄12·n̄13 + n̄13·n̄23)], n̄ij the mean of
    # both off-diagonal cells
    table = np.array([[35, 5, 0], [15, 20, 5], [10, 5, 5]])
    d, mean = table.sum(axis=1) - table.sum(axis=0), (table + table.T) / 2
    a, b, c = mean[0, 1], mean[0, 2], mean[1, 2]
    found = cg.stuart_maxwell(table)
    assert found is not None
    assert [found.statistic, found.df] == pytest.approx(
        [(c * d[0] ** 2 + b * d[1] ** 2 + a * d[2] ** 2) / (2 * (a * c + a * b + b * c)), 2]
    )
    assert cg.stuart_maxwell(np.diag([5, 6, 7])) is None


def test_a_table_without_two_rows_or_columns_is_no_comparison() -> None:
    assert cg.homogeneity([[0, 0], [3, 4]]) is None
    assert cg.homogeneity([[3, 0], [4, 0]]) is None
    assert cg.trend([0, 0], [5, 5]) is None
    assert cg.trend([], []) is None
    assert cg.repeated_trend(np.empty((0, 2)), np.empty(0)) is None
    assert cg.repeated_trend([[1, 1], [0, 0]], [4, 5]) is None


def test_no_drift_is_called_one_more_often_than_one_time_in_twenty() -> None:
    rng, truth = np.random.default_rng(8), (0.3, 0.25, 0.25, 0.2)
    draws = rng.multinomial(100, truth, size=(800, 3)).tolist()
    p = [
        kd.from_counts({str(at): dict(zip("MOAI", four, strict=True)) for at, four in enumerate(waves)}).p or 1.0
        for waves in draws
    ]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.025)


# --- refusals and warnings --------------------------------------------------------------------------------------------


def test_one_wave_is_no_drift_and_a_wave_of_nineteen_has_no_class() -> None:
    row = kd.from_counts({"2024": {"A": 40}, "2025": {"M": 19}})
    assert (row.value, row.categories, row.n) == (None, ("A", None), 59)
    assert row.refused is not None
    assert row.refused.id == "kano_drift.too_few"
    assert all(row.refused.message(lang) for lang in LANGUAGES)


def test_everybody_reverse_in_a_wave_has_no_coefficients_there_and_not_zero() -> None:
    row = kd.from_counts({"2024": {"A": 40, "M": 20}, "2025": {"R": 60}, "2026": {"A": 20, "M": 40}})
    assert (row.better[1], row.worse[1], row.modes[1]) == (None, None, None)
    assert row.value == pytest.approx(1 / 3)


def test_two_waves_are_one_step_and_few_expected_are_said() -> None:
    assert kd.from_counts({"1": {"A": 30, "M": 2}, "2": {"A": 30, "M": 1}}).warnings == ("few_expected", "one_step")
    assert kd.from_counts(WAVES).warnings == ()


def test_many_features_are_a_family_and_their_p_is_holm_s() -> None:
    rows = kd.kano_drift(late_checkouts())
    assert {row.family for row in rows} == {3}
    assert tuple(row.p_adjusted for row in rows) == iv.holm([row.p or 0 for row in rows])
    assert [(row.construct, row.drifted) for row in rows] == [
        ("late_checkout", True),
        ("minibar", False),
        ("quiet", False),
    ]


# --- the same people --------------------------------------------------------------------------------------------------


def panel(first: str, last: str, *, customers: bool = True) -> Facts:
    """Customer i answered as letter i of `first` in 2025 and of `last` in 2026; a dash is no answer."""
    rows = []
    for wave, letters in (("2025", first), ("2026", last)):
        for at, letter in enumerate(letters):
            if letter != "-":
                about: Mapping[str, Any] = {
                    "wave": wave,
                    "response": f"{wave}-{at}",
                    "customer": f"c{at}" if customers else None,
                }
                rows += [
                    said("spa", [value], role=role, **about)
                    for role, value in zip(("functional", "dysfunctional"), PAIR[letter], strict=True)
                ]
    return facts(*rows)


BEFORE, AFTER = "A" * 30 + "O" * 10 + "I" * 10 + "M--", "A" * 15 + "M" * 15 + "O" * 10 + "I" * 8 + "M" * 2 + "-MR"


def test_the_same_guests_are_compared_with_themselves() -> None:
    (row,) = kd.kano_drift(panel(BEFORE, AFTER), same=True)
    assert row.same
    assert row.n_same == 50
    assert row.homogeneity is not None
    assert row.homogeneity["test"] == "stuart_maxwell"
    assert row.value == pytest.approx((15 + 10 + 2 - 10) / 50)
    assert row.low is not None
    assert row.high is not None
    se = np.sqrt(17 / 50 * (1 - 17 / 50) / 50)  # nobody moved the other way: the change is one share
    assert (row.high - row.low) / 2 == pytest.approx(1.96 * se, rel=0.1)
    assert row.worse_trend is not None
    assert row.worse_trend["slope"] == pytest.approx(17 / 50)


def test_pairing_sees_a_drift_that_two_crowds_would_hide() -> None:
    story = panel("O" * 50 + "A" * 50, "O" * 50 + "M" * 7 + "A" * 43)
    (same,), (other,) = kd.kano_drift(story, same=True), kd.kano_drift(story)
    assert same.low is not None
    assert other.low is not None
    assert same.low > 0 > other.low
    assert [same.value, other.value] == pytest.approx([0.07, 0.07])


def test_guests_who_came_once_cannot_be_followed() -> None:
    (row,) = kd.kano_drift(panel(BEFORE, AFTER, customers=False), same=True)
    assert row.refused is not None
    assert row.refused.id == "kano_drift.nobody_twice"
    with pytest.raises(MethodError, match=r"kano_drift\.over"):
        kd.kano_drift(panel(BEFORE, AFTER), over="year", same=True)


def test_the_classes_of_a_panel_are_those_of_the_table() -> None:
    names = (("spa", "1", "dysfunctional"), ("spa", "1", "functional"), ("spa", "2", "functional"))
    found = dr.panels(
        names,
        np.array([[5.0, 1.0, 1.0], [3.0, 1.0, np.nan], [9.0, 1.0, 2.0]]),
        np.array([4, 5, 6]),
        evaluation("standard"),
    )
    assert found["spa"].waves == ("1", "2")
    assert found["spa"].classes.tolist() == [[1, -1], [0, -1], [-1, -1]]


# --- from facts, words and pictures -----------------------------------------------------------------------------------


def test_counts_and_facts_tell_the_same_and_other_periods_can_be_compared() -> None:
    row = kd.kano_drift(late_checkouts(), construct="late_checkout")[0]
    plain = kd.from_counts(dict(zip(row.waves, row.counts, strict=True)), construct="late_checkout")
    assert (row.value, row.low, row.p, row.worse) == (plain.value, plain.low, plain.p, plain.worse)
    assert [one.group for one in kd.kano_drift(late_checkouts(), by="site", construct="quiet")] == [
        {"site": "A"},
        {"site": "B"},
    ]
    assert kd.kano_drift(late_checkouts(), over="site", order=("A", "B"), construct="quiet")[0].waves == ("A", "B")
    assert by_name is kd.kano_drift


def test_mrs_lin_reads_that_late_checkout_is_taken_for_granted_by_now() -> None:
    row = kd.kano_drift(late_checkouts(), construct="late_checkout")[0]
    assert [kd.METHOD.say(row, lang) for lang in LANGUAGES] == [
        (
            "Late_checkout: 2024 attractive → 2025 one-dimensional → 2026 must-be. "
            "Without it, 45 more of every 100 customers are dissatisfied than at first (95% confidence interval 28 to "
            "59)."
        ),
        (
            "late_checkout：2024 魅力品質 → 2025 一元品質 → 2026 基本品質。沒有這項會不滿的顧客，每 100 位比起初多 45 "
            "位（95% 信賴區間 28 至 59）。"
        ),
        (
            "late_checkout：2024 魅力属性 → 2025 期望属性 → 2026 必备属性。没有这项会不满的客户，每 100 位比起初多 45 "
            "位（95% 置信区间 28 至 59）。"
        ),
    ]
    assert all(wrong_script(kd.METHOD.say(row, lang), lang) == set() for lang in LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_features_are_a_table_of_classes_and_one_is_two_lines(lang: Lang) -> None:
    rows = kd.kano_drift(late_checkouts())
    table, lines = rows.chart(lang), rows[:1].chart(lang)
    assert [(row["row"], row["column"], row["kind"]) for row in table.spec["data"]["values"]][:3] == [
        ("late_checkout", "2024", "kano.attractive"), ("late_checkout", "2025", "kano.one_dimensional"),
        ("late_checkout", "2026", "kano.must_be"),
    ]  # fmt: skip
    assert [row["value"] for row in lines.spec["data"]["values"]] == pytest.approx([0.6, 0.6, 0.4, 0.3, 0.55, 0.75])
    assert all(chart.svg(lang).startswith("<svg") for chart in (table, lines))
