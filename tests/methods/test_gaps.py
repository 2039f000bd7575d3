"""The five gaps: each with its own respondents, all on one scale, the audit that adds up, refusals, words and the
picture.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.methods import gaps, servqual
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import facts, said
from tests.methods.stories import SEVEN, five_sided

MANAGERS, CUSTOMERS = [6.0, 5.5, 6.5, 5.0, 6.0, 7.0], [6.5, 7.0, 6.0, 6.8, 7.0, 6.4, 6.9, 5.8, 7.0, 6.6]


def one_dimension(*, staff: int = 6, levels: bool = False, **about: Any) -> Facts:
    """Empathy at one counter: forty customers, and so many managers and staff."""
    rng, rows = np.random.default_rng(8), []

    def ask(who: str, kind: str, role: str, n: int, at: float, **scale: Any) -> None:
        values = np.clip(np.round(at + rng.normal(0, 1, n)), 1, 7).tolist()
        for i, value in enumerate(values):
            rows.append(
                said(
                    "empathy",
                    [value],
                    response=f"{who}{i}",
                    role=role,
                    item="e1",
                    respondent_kind=kind,
                    **({"scale": SEVEN} | scale),
                    **about,
                )
            )

    ask("c", "customer", "expectation", 40, 6)
    ask("c", "customer", "perception", 40, 4)
    ask("m", "manager", "belief", staff, 5)
    ask("m", "manager", "standard", staff, 5)
    ask("f", "frontline", "delivered", staff, 4)
    if not levels:
        ask("f", "frontline", "promised", staff, 6)
    return facts(*rows)


def test_gap_1_is_welchs_comparison_of_managers_belief_with_customers_expectation() -> None:
    """`gap1_welch` by its second route, scipy 1.17's ttest_ind with unequal variances."""
    row = gaps.knowledge(MANAGERS, CUSTOMERS, scale=SEVEN)
    by_scipy = stats.ttest_ind(MANAGERS, CUSTOMERS, equal_var=False)
    ends = by_scipy.confidence_interval(0.95)
    assert (row.difference, row.t, row.df, row.p) == pytest.approx(
        (np.mean(MANAGERS) - np.mean(CUSTOMERS), by_scipy.statistic, by_scipy.df, by_scipy.pvalue)
    )
    assert row.difference_interval == pytest.approx((ends.low, ends.high))
    assert (row.value, row.low, row.high) == pytest.approx((-(row.difference or 0) / 6, -ends.high / 6, -ends.low / 6))
    assert (row.n, row.n_against, row.respondents, row.against) == (6, 10, "manager", "customer")


def test_with_four_managers_there_is_a_value_and_no_interval() -> None:
    row = gaps.knowledge(MANAGERS[:4], CUSTOMERS, scale=SEVEN)
    assert (row.difference_interval, row.low, row.t, row.p, row.warnings) == (None, None, None, None, ("few_staff",))
    assert row.difference == pytest.approx(np.mean(MANAGERS[:4]) - np.mean(CUSTOMERS))


@pytest.mark.parametrize(
    ("scale", "at", "short"),
    [(SEVEN, [7.0] * 5, 0.0), (SEVEN, [1.0] * 5, 1.0), (SEVEN, [4.0] * 5, 0.5), ((1.0, 5.0), [2.0] * 5, 0.75)],
)
def test_a_rating_whose_high_end_is_good_falls_short_by_what_it_lacks_to_the_top(
    scale: tuple[float, float], at: list[float], short: float
) -> None:
    row = gaps.level(at, gap="gap2", scale=scale)
    assert (row.value, row.level, row.low, row.warnings) == (short, at[0], None, ("low_base", "no_spread"))


def test_every_gap_has_its_own_respondents_and_all_stand_on_one_scale() -> None:
    rows = {row.gap: row for row in gaps.gaps(one_dimension())}
    assert list(rows) == ["gap1", "gap2", "gap3", "gap4", "gap5"]
    assert [row.respondents for row in rows.values()] == ["manager", "manager", "frontline", "frontline", "customer"]
    (gap5,) = servqual.servqual(one_dimension())
    assert (rows["gap5"].difference, rows["gap5"].t, rows["gap5"].p) == pytest.approx((gap5.gap, gap5.t, gap5.p))
    assert rows["gap5"].value == pytest.approx(-(gap5.gap or 0) / 6)
    assert all(
        row.low is not None and row.high is not None and row.low <= (row.value or 0) <= row.high
        for row in rows.values()
    )
    assert rows["gap3"].value == pytest.approx((7 - (rows["gap3"].level or 0)) / 6)


def test_the_audit_takes_gap_5_apart_exactly() -> None:
    """P − E = (P − D) + (D − S) + (S − B) + (B − E), an identity whatever the answers are."""
    rows = {row.gap: row for row in gaps.gaps(one_dimension(levels=True), audit=True)}
    assert list(rows) == ["gap1", "gap2", "gap3", "perception_error", "gap5"]
    terms = [row for name, row in rows.items() if name != "gap5"]
    assert sum(row.difference or 0 for row in terms) == pytest.approx(rows["gap5"].difference, abs=1e-12)
    assert sum(row.value or 0 for row in terms) == pytest.approx(rows["gap5"].value, abs=1e-12)
    assert [(row.respondents, row.against) for row in terms] == [
        ("manager", "customer"), ("manager", "manager"), ("frontline", "manager"), ("customer", "frontline"),
    ]  # fmt: skip
    assert rows["gap1"].difference_interval == pytest.approx(
        next(iter(gaps.gaps(one_dimension(levels=True)))).difference_interval
    )


def test_the_audit_needs_all_levels_on_one_scale() -> None:
    (row,) = gaps.gaps(one_dimension().where(role=("expectation", "perception", "belief", "standard")), audit=True)
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields["role"]) == ("gaps.not_asked", "delivered")


def test_what_nobody_was_asked_is_said_with_whom_to_ask() -> None:
    rows = gaps.gaps(one_dimension().where(respondent_kind=("customer", "manager")))
    unknown = {row.gap: row.refused for row in rows if row.refused is not None}
    assert {name: (refusal.id, refusal.fields["kind"]) for name, refusal in unknown.items()} == {
        "gap3": ("gaps.not_asked", "frontline"), "gap4": ("gaps.not_asked", "frontline"),
    }  # fmt: skip


def test_two_scales_and_a_filter_on_respondents_are_refused_by_name() -> None:
    rows = [
        said("empathy", [6, 7], scale=SEVEN, role="expectation"),
        said("empathy", [4, 5], scale=(1.0, 5.0), role="belief", respondent_kind="manager"),
    ]
    refusal = gaps.gaps(facts(*rows))[0].refused
    assert refusal is not None
    assert (refusal.id, refusal.fields["scales"]) == ("gaps.scale", "1–5, 1–7")
    with pytest.raises(MethodError, match=r"gaps\.kinds"):
        gaps.gaps(one_dimension(), where={"respondent_kind": "manager"})


def test_each_touchpoint_has_its_five_gaps() -> None:
    rows = gaps.gaps(one_dimension(site="Taipei"), by="site")
    assert [(dict(row.group), row.gap) for row in rows] == [({"site": "Taipei"}, f"gap{i}") for i in range(1, 6)]
    json.dumps(rows.as_dict(), allow_nan=False)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=9), st.lists(st.integers(1, 7), min_size=1, max_size=9))
def test_the_order_of_people_changes_nothing_and_a_shortfall_is_a_share(
    managers: list[int], customers: list[int]
) -> None:
    here, there = (
        gaps.knowledge(managers, customers, scale=SEVEN),
        gaps.knowledge(managers[::-1], customers[::-1], scale=SEVEN),
    )
    assert here.value == pytest.approx(there.value)
    assert -1 <= (here.value or 0) <= 1
    json.dumps(here.as_dict(), allow_nan=False)


def test_manager_wu_reads_that_he_underestimates_his_customers_in_three_languages() -> None:
    row = gaps.knowledge(MANAGERS, CUSTOMERS, scale=SEVEN, dimension="empathy")
    said_ = [gaps.METHOD.say(row, lang) for lang in LANGUAGES]
    assert said_[0].startswith(
        "Empathy · gap 1 (knowledge): no clear shortfall (−0.60 points, −10% of the full scale; 95% confidence"
    )
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))
    low = gaps.knowledge([3.0, 4.0, 3.0, 4.0, 3.5], CUSTOMERS, scale=SEVEN)
    assert [
        "managers think customers expect less than they do" in gaps.METHOD.say(low, "en"),
        "主管低估了顧客的期望" in gaps.METHOD.say(low, "zh-Hant"),
    ] == [True, True]
    high = gaps.knowledge(CUSTOMERS, [3.0, 4.0, 3.0, 4.0, 3.5], scale=SEVEN)
    assert "managers think customers expect more than they do" in gaps.METHOD.say(high, "en")


def test_the_picture_has_the_widest_service_gap_at_the_top_and_a_mark_where_nothing_is_known() -> None:
    chart = gaps.gaps(five_sided()).chart("en")
    rows = chart.spec["data"]["values"]
    assert list(dict.fromkeys(row["key"] for row in rows)) == [
        "empathy",
        "reliability",
        "responsiveness",
        "tangibles",
        "assurance",
    ]
    assert {row["side"] for row in rows if row["n" if "n" in row else "count"] in {"n 6", "n 8"}} == {
        "level"
    }  # too few for a colour
    assert (
        next(row["side"] for row in rows if row["key"] == "empathy" and row["column"] == "gap 5 (service quality)")
        == "below"
    )


def test_the_audit_is_drawn_with_heads_on_two_lines_and_the_n_of_the_fewer_side() -> None:
    drawn = gaps.gaps(one_dimension(levels=True), audit=True).chart("en").spec
    heads = next(
        layer["encoding"]["x"]["axis"]["labelExpr"]
        for layer in drawn["layer"]
        if "axis" in layer["encoding"].get("x", {})
    )
    assert '["delivered", "not perceived"]' in heads
    assert [row["count"] for row in drawn["data"]["values"]] == ["n 6", "n 6", "n 6", "n 6", "n 40"]


def test_a_gap_that_alone_was_measured_is_drawn_alone_with_what_falls_short_below_zero() -> None:
    found = gaps.gaps(one_dimension().where(respondent_kind="customer"))
    partly = found.chart("zh-Hant")
    value = next(row.value for row in found if row.gap == "gap5")
    assert [row["value"] for row in partly.spec["data"]["values"]] == [-value]
    assert partly.svg("zh-Hant").startswith("<svg")


def test_what_the_gaps_come_from_is_read_from_the_good_end_of_each_scale_by_those_it_is_about() -> None:
    managers = {"upward_communication": [5, 6, 4, 5, 6, 5], "role_conflict": [1, 1, 1, 1, 1, 1]}
    staff = {"role_conflict": [2, 3, 6, 5, 4, 4, 3], "horizontal_communication": [5, 5, 6, 4, 5]}
    rows = [
        row
        for kind, asked in (("manager", managers), ("frontline", staff))
        for name, values in asked.items()
        for row in said(name, values, scale=(1.0, 7.0), role="score", respondent_kind=kind, item=name)
    ]
    found = {row.dimension: row for row in gaps.gaps(facts(rows), antecedents=True)}
    assert [(row.gap, row.dimension, row.respondents, row.n) for row in found.values()] == [
        ("gap1", "upward_communication", "manager", 6),
        ("gap3", "role_conflict", "frontline", 7),
        ("gap4", "horizontal_communication", "frontline", 5),
    ]
    upward, conflict = found["upward_communication"], found["role_conflict"]
    assert (upward.level, upward.value) == (pytest.approx(31 / 6), pytest.approx((7 - 31 / 6) / 6))
    assert (conflict.level, conflict.value) == (pytest.approx(27 / 7), pytest.approx((27 / 7 - 1) / 6))
    assert conflict.low is not None
    assert conflict.high is not None
    assert conflict.low < (conflict.value or 0) < conflict.high
    text = gaps.gaps(facts(rows), antecedents=True).text("zh-Hant")
    assert ("向上溝通" in text, "角色衝突" in text, "低估" in text) == (True, True, False)
    assert gaps.METHOD.say(conflict, "en") == (
        "Role conflict · gap 3 (delivery): rated 3.86, where the lowest is best: above it by 48% of the full scale "
        "(95% confidence interval 27 to 68, 7 answers)."
    )


def test_an_antecedent_on_two_scales_is_refused_and_one_that_nobody_was_asked_is_not_there() -> None:
    rows = [
        row
        for scale in ((1.0, 5.0), (1.0, 7.0))
        for row in said("teamwork", [4, 5, 3], scale=scale, role="score", respondent_kind="frontline", item="t")
    ]
    (row,) = gaps.gaps(facts(rows), antecedents=True)
    assert row.refused is not None
    assert row.refused.id == "gaps.scale"
