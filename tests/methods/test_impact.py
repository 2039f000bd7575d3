"""Impact asymmetry: regression and robust errors by hand, the guard, who passed by, too few, words and picture.

Penalty–reward contrast after Brandt 1987 and Mittal et al. 1998; HC3 (MacKinnon & White 1985) written out here row by
row in numpy 2.4.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend import impact as by_name
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.methods import impact
from peakend.methods.impact import contrast as ct
from peakend.sums import Floats
from peakend.terms import LANGUAGES, Lang, wrong_script
from tests.methods.facts_of import NOT_APPLICABLE, facts, said, sample
from tests.methods.stories import airport_lounge

NAMES = ("desk", "wifi", "signs", "overall")


def planted(n: int = 600, seed: int = 1) -> Floats:
    """Desk can mostly cost, wifi mostly earn, signs do nothing; a third never went to the desk and are a little
    happier.
    """
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, (n, 3)).astype(float)
    x[rng.random(n) < 0.3, 0] = np.nan
    y = (
        3
        - 0.6 * (x[:, 0] <= 2)
        + 0.1 * (x[:, 0] == 5)
        + 0.2 * np.isnan(x[:, 0])
        + 0.5 * (x[:, 1] == 5)
        + rng.normal(0, 0.7, n)
    )
    return np.column_stack([x, y])


def by_hand(table: Floats) -> tuple[Floats, Floats]:
    """Coefficients of low and high in turn of each touchpoint, and their HC3 covariance, one row a respondent."""
    x, y = table[:, :-1], table[:, -1]
    columns = [flag for j in range(x.shape[1]) for flag in (x[:, j] <= 2, x[:, j] == 5)]
    design = np.column_stack(
        [np.ones(len(y)), *columns, *(np.isnan(x[:, j]) for j in range(x.shape[1]) if np.isnan(x[:, j]).any())]
    )
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ y
    hat = np.diag(design @ inverse @ design.T)
    meat = design.T @ np.diag(((y - design @ beta) / (1 - hat)) ** 2) @ design
    return beta[1:], (inverse @ meat @ inverse)[1:, 1:]


def test_penalties_and_rewards_are_those_of_the_regression_with_hc3_errors() -> None:
    table = planted()
    beta, covariance = by_hand(table)
    rows = {row.driver: row for row in impact.from_rows(table, NAMES, "overall")}
    for j, name in enumerate(NAMES[:-1]):
        row, (p, r), v = rows[name], beta[2 * j : 2 * j + 2], covariance[2 * j : 2 * j + 2, 2 * j : 2 * j + 2]
        assert (row.penalty, row.reward, row.value) == pytest.approx((p, r, r - p), rel=1e-9)
        assert row.statistic == pytest.approx((r + p) / np.sqrt(v.sum()), rel=1e-9)
        assert row.df == 600 - 8
        assert row.penalty_interval is not None
        assert (row.penalty_interval[1] - row.penalty_interval[0]) / 2 == pytest.approx(
            1.963991 * np.sqrt(v[0, 0]), rel=1e-5
        )


def test_the_shares_of_penalty_and_reward_add_up_to_one_and_the_asymmetry_is_their_difference() -> None:
    desk, wifi, signs = (row for row in impact.from_rows(planted(), NAMES, "overall"))
    assert [row.driver for row in (desk, wifi, signs)] == ["desk", "wifi", "signs"]
    for row in (desk, wifi):
        assert row.sgp is not None
        assert row.dgp is not None
        assert row.sgp + row.dgp == pytest.approx(1)
        assert row.asymmetry == pytest.approx(row.sgp - row.dgp)
    assert (desk.category, wifi.category) == ("impact.frustrator", "impact.satisfier")


def test_a_touchpoint_without_an_effect_is_not_classified_for_its_ratios_would_explode() -> None:
    # in a published oracle a touchpoint with p = .57, r = .63 of no true effect has SGP 18.9 and IA 36.8
    raw = ct.asymmetry(0.179, 0.189, ((0.04, 0.01), (0.01, 0.04)), 70)
    assert (raw.sgp, raw.asymmetry) == pytest.approx((18.9, 36.8))
    signs = impact.from_rows(planted(), NAMES, "overall")[2]
    assert (signs.sgp, signs.dgp, signs.asymmetry, signs.category) == (None, None, None, "not_classifiable")
    assert "not_classifiable" in signs.warnings
    assert signs.value is not None


@pytest.mark.parametrize(
    ("ia", "named"),
    [
        (-1, "frustrator"),
        (-0.71, "frustrator"),
        (-0.5, "dissatisfier"),
        (-0.2, "hybrid"),
        (0.2, "hybrid"),
        (0.7, "satisfier"),
        (0.9, "delighter"),
    ],
)
def test_the_cut_offs_are_those_that_the_result_names(ia: float, named: str) -> None:
    assert ct.class_of(ia) == f"impact.{named}"
    assert impact.from_rows(planted(), NAMES, "overall")[0].cuts == (0.2, 0.7)


@pytest.mark.parametrize(
    ("scale", "found"), [((1, 5), (2, 5)), ((1, 7), (2, 7)), ((0, 10), (2, 9)), ((1, 10), (3, 10)), ((1, 3), (1, 3))]
)
def test_low_is_the_lowest_quarter_of_the_scale_and_high_the_highest_tenth(
    scale: tuple[float, float], found: tuple[float, float]
) -> None:
    assert ct.bands(scale) == ct.Bands(*found)
    assert ct.bands(scale, 1, 4) == ct.Bands(1, 4)


def test_those_who_passed_a_touchpoint_by_are_a_group_of_their_own_and_no_middle() -> None:
    table = planted(4000)
    desk = next(row for row in impact.from_rows(table, NAMES, "overall") if row.driver == "desk")
    assert desk.n_away == int(np.isnan(table[:, 0]).sum())
    assert desk.n + desk.n_away == desk.n_model == 4000
    assert desk.penalty == pytest.approx(-0.6, abs=0.1)
    assert desk.reward == pytest.approx(0.1, abs=0.1)
    filled = table.copy()
    filled[np.isnan(table[:, 0]), 0] = 3  # as if nobody had passed it by: the middle is then a mixture
    wrong = next(row for row in impact.from_rows(filled, NAMES, "overall") if row.driver == "desk")
    assert wrong.penalty is not None
    assert desk.penalty is not None
    assert wrong.penalty < desk.penalty - 0.05


def test_a_handful_who_passed_by_is_left_out_and_says_so() -> None:
    table = planted()
    table[np.isnan(table[:, 0]), 0] = 3
    table[:9, 0] = np.nan
    desk = next(row for row in impact.from_rows(table, NAMES, "overall") if row.driver == "desk")
    assert (desk.n_model, desk.n_away, desk.warnings) == (591, 0, ("few_away",))


def test_a_dummy_of_fewer_than_fifteen_joins_the_middle_and_the_touchpoint_is_refused() -> None:
    table = planted()
    low = np.flatnonzero(table[:, 1] <= 2)
    table[low[14:], 1] = 3
    rows = {row.driver: row for row in impact.from_rows(table, NAMES, "overall")}
    wifi = rows["wifi"]
    assert (wifi.value, wifi.penalty, wifi.n_low) == (None, None, 14)
    assert wifi.reward == pytest.approx(0.5, abs=0.3)
    assert wifi.refused is not None
    assert wifi.refused.id == "impact.too_few"
    assert rows["desk"].value is not None
    assert impact.from_rows(table, NAMES, "overall", fewest=14)[1].penalty is not None


def test_two_touchpoints_that_are_always_answered_alike_cannot_be_told_apart() -> None:
    table = planted()
    twin = np.column_stack([table[:, 1], table[:, 1:3], table[:, -1]])
    rows = {row.driver: row for row in impact.from_rows(twin, ("lobby", "wifi", "signs", "overall"), "overall")}
    assert rows["wifi"].refused is not None
    assert rows["wifi"].refused.id == "impact.dependent"
    assert rows["lobby"].value is not None


@pytest.mark.parametrize("table", [np.full((200, 4), 3.0), np.full((5, 4), 3.0), planted(30)])
def test_what_cannot_carry_a_model_is_refused(table: Floats) -> None:
    rows = impact.from_rows(table, NAMES, "overall")
    assert [row.value for row in rows] == [None] * 3
    assert {row.refused.id for row in rows if row.refused} <= {"impact.too_few", "impact.no_model"}


def test_standardised_coefficients_say_so_and_are_free_of_the_units_of_the_judgement() -> None:
    table = planted()
    tenfold = np.column_stack([table[:, :-1], 10 * table[:, -1]])
    one, ten = (impact.from_rows(rows, NAMES, "overall", coefficients="standardised")[0] for rows in (table, tenfold))
    raw = impact.from_rows(table, NAMES, "overall")[0]
    assert one.coefficients == "standardised"
    assert (one.penalty, one.low) == pytest.approx((ten.penalty, ten.low))
    assert one.penalty == pytest.approx((raw.penalty or 0) * (table[:, 0] <= 2).std(ddof=1) / table[:, -1].std(ddof=1))


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_counting_equal_ones_changes_anything(seed: int, rng: random.Random) -> None:
    table = np.round(planted(120, seed))
    order = list(range(120))
    rng.shuffle(order)
    rows, shuffled = (
        impact.from_rows(table, NAMES, "overall", fewest=4),
        impact.from_rows(table[order], NAMES, "overall", fewest=4),
    )
    fit = ct.contrasts(table[:, :-1], table[:, -1], np.ones(120), [ct.Bands(2, 5)] * 3, 4)
    values, count = np.unique(table, axis=0, return_counts=True)
    counted = ct.contrasts(values[:, :-1], values[:, -1], count.astype(float), [ct.Bands(2, 5)] * 3, 4)
    assert [row.value for row in rows] == pytest.approx([row.value for row in shuffled], nan_ok=False)
    for one, two in zip(fit.found, counted.found, strict=True):
        assert (one.penalty, one.reward) == pytest.approx((two.penalty, two.reward))
        assert np.array(one.covariance) == pytest.approx(np.array(two.covariance))


# --- from facts -------------------------------------------------------------------------------------------------------


def test_analyst_mei_finds_in_her_facts_what_she_finds_in_her_table() -> None:
    story, table = airport_lounge()
    rows = impact.impact(story, among=("desk", "wifi"), outcome="overall")
    plain = impact.from_rows(table, ("desk", "wifi", "overall"), "overall")
    assert [row.driver for row in rows] == [row.driver for row in plain]
    assert [row.value for row in rows] == pytest.approx([row.value for row in plain])
    assert [row.low for row in rows] == pytest.approx([row.low for row in plain])
    assert {row.driver: row.not_applicable for row in rows} == {"desk": int(np.isnan(table[:, 0]).sum()), "wifi": 0}
    assert by_name is impact.impact


def test_the_airport_s_touchpoints_have_penalties_where_they_are_bad() -> None:
    rows = impact.impact(sample("airport"))
    told = [row for row in rows if row.value is not None]
    assert len(told) >= 5
    assert all(row.n_low >= 15 and row.n_high >= 15 for row in told)
    assert [row.value for row in told] == sorted((row.value or 0 for row in told), reverse=True)
    assert sum((row.penalty or 0) < 0 for row in told) > len(told) / 2


def test_low_and_high_can_be_said_and_must_leave_a_middle() -> None:
    story, _ = airport_lounge()
    row = impact.impact(story, among=("wifi",), outcome="overall", low=3, high=5)[0]
    assert (row.low_upto, row.high_from) == (3, 5)
    with pytest.raises(MethodError) as refused:
        impact.impact(story, among=("wifi",), outcome="overall", low=4, high=4)
    assert refused.value.id == "impact.bands"
    assert all(refused.value.message(lang) for lang in LANGUAGES)


def test_a_scale_that_is_not_known_is_asked_for() -> None:
    rows = [said("overall", [3, 4], scale=None), said("desk", [3, 4], scale=None)]
    with pytest.raises(MethodError, match=r"impact\.bands"):
        impact.impact(facts(*rows), among=("desk",))


# --- words and picture ------------------------------------------------------------------------------------------------


def test_manager_wu_reads_what_is_at_stake_at_the_desk() -> None:
    row = impact.from_rows(planted(), NAMES, "overall")[0]
    english, taiwan, mainland = (impact.METHOD.say(row, lang) for lang in LANGUAGES)
    assert english == (
        "After a bad experience of desk, “overall” is 0.61 points lower (95% confidence interval 0.46 to 0.77); after "
        "a good one, "
        "not clearly different, +0.03 points (95% confidence interval −0.15 to 0.21): leaning towards frustrator, not "
        "certain. 434 answers."
    )
    assert taiwan.startswith(
        "「desk」體驗差時，「整體」低 0.61 分（95% 信賴區間 0.46 至 0.77）；體驗好時，沒有明顯差異，+0.03 分"
    )
    assert mainland.endswith("。倾向挫败因素，还不能确定。共 434 条回答。")
    assert not wrong_script(taiwan, "zh-Hant")


def test_standardised_coefficients_are_said_in_standard_deviations_and_no_class_is_no_class() -> None:
    row = impact.from_rows(planted(), NAMES, "overall", coefficients="standardised")[0]
    assert " standard deviations lower (" in impact.METHOD.say(row, "en")
    assert "個標準差（" in impact.METHOD.say(row, "zh-Hant")
    assert "points" not in impact.METHOD.say(row, "en")
    unknown = replace(row, category="not_classifiable", asymmetry_interval=None)
    assert "。無法分類。共" in impact.METHOD.say(unknown, "zh-Hant")
    certain = replace(row, category="impact.frustrator", asymmetry_interval=(-1.4, -0.9))
    assert "。屬於挫折因素。共" in impact.METHOD.say(certain, "zh-Hant")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_sets_penalty_and_reward_of_each_touchpoint_on_one_line(lang: Lang) -> None:
    chart = impact.from_rows(planted(), NAMES, "overall").chart(lang)
    rows: list[dict[str, Any]] = chart.spec["data"]["values"]
    assert [(row["key"], row["side"]) for row in rows] == [
        ("desk", "below"), ("desk", "level"), ("wifi", "level"), ("wifi", "above"), ("signs", "level"),
        ("signs", "level"),
    ]  # fmt: skip
    assert chart.svg(lang).startswith("<svg")


def lounge_without_answers() -> Facts:
    return facts(said("overall", [4, 5] * 20), said("desk", [NOT_APPLICABLE] * 40, scale=None))


def test_a_touchpoint_that_nobody_met_has_no_row() -> None:
    assert impact.impact(lounge_without_answers(), among=("desk",), low=2, high=5).rows == ()
