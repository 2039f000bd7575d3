"""Ridits: against R and against counted pairs; intervals, references, refusals, from facts to words."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv
from peakend.methods.ridit import from_counts, ridit
from tests.methods.facts_of import facts, said, sample

# airquality: Ozone by Month without missing values (R datasets, after Chambers et al. 1983)


def tallied(groups: dict[str, Any]) -> dict[str, list[int]]:
    values = sorted({value for group in groups.values() for value in group})
    return {name: [list(group).count(value) for value in values] for name, group in groups.items()}


def test_against_a_reference_it_is_the_share_of_pairs_won_and_one_less_the_other_way_round() -> None:
    groups = {"before": (1, 2, 2, 3, 5, 4, 3), "after": (3, 4, 5, 5, 2, 4, 5, 1)}
    won = [(x > y) + 0.5 * (x == y) for x, y in itertools.product(groups["after"], groups["before"])]
    reference, after = from_counts(tallied(groups), reference="before")
    assert (reference.value, reference.low, reference.p) == (0.5, None, None)
    assert after.value == pytest.approx(np.mean(won))
    u_of_before = sum((x > y) + 0.5 * (x == y) for x, y in itertools.product(groups["before"], groups["after"]))
    assert after.value == pytest.approx(1 - u_of_before / 56)
    test = iv.mann_whitney(tallied(groups)["after"], tallied(groups)["before"])
    assert test is not None
    assert (after.statistic, after.p) == pytest.approx((test.statistic, test.p))
    assert from_counts(tallied(groups), reference="after")[0].value == pytest.approx(1 - (after.value or 0))


@given(
    st.lists(
        st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(lambda tally: sum(tally) > 0), min_size=2, max_size=4
    )
)
def test_weighted_by_their_answers_the_pooled_ridits_average_to_a_half(tallies: list[list[int]]) -> None:
    rows = from_counts({str(at): tally for at, tally in enumerate(tallies)})
    if rows[0].refused is None:
        assert sum((row.value or 0) * row.n for row in rows) / sum(row.n for row in rows) == pytest.approx(0.5)
        assert all(row.low is None or row.low <= (row.value or 0) <= (row.high or 0) for row in rows)


def test_the_interval_of_two_groups_follows_brunner_and_munzel_in_the_middle() -> None:
    """On the logit scale around ½ the width is that of their variance: s²(placements)/n of either side."""
    a, b = np.array([10.0, 20, 40, 20, 10]), np.array([12.0, 22, 36, 20, 10])
    row = from_counts({"a": a, "b": b}, reference="b")[0]  # type: ignore[dict-item]
    below = {name: (np.cumsum(x) - x / 2) / 100 for name, x in {"a": a, "b": b}.items()}
    parts = [
        np.average((f - np.average(f, weights=x)) ** 2, weights=x) * 100 / 99 / 100
        for x, f in ((a, below["b"]), (b, below["a"]))
    ]
    assert (row.high or 0) - (row.low or 0) == pytest.approx(2 * 1.972 * np.sqrt(sum(parts)), rel=0.01)


@pytest.mark.parametrize(
    ("counts", "reference", "refusal"),
    [
        ({"A": [1, 2]}, None, "ridit.one_group"),
        ({"A": [0, 2], "B": [0, 3]}, None, "ridit.constant"),
        ({"A": [1, 2], "B": [1, 1]}, "C", "ridit.reference"),
    ],
)
def test_what_cannot_be_compared_says_why(counts: Any, reference: Any, refusal: str) -> None:
    assert {row.refused.id for row in from_counts(counts, reference=reference) if row.refused} == {refusal}


def test_groups_that_were_asked_on_different_scales_are_not_compared() -> None:
    mixed = facts(said("csat", [1, 2, 5, 4], site="A"), said("csat", [1, 7, 6, 2], scale=(1.0, 7.0), site="B"))
    assert {row.refused.id for row in ridit(mixed, across="site") if row.refused} == {"ridit.scales"}


def test_groups_without_any_overlap_have_a_value_and_no_interval() -> None:
    rows = from_counts({"low": [5, 5, 0, 0], "high": [0, 0, 5, 5]}, reference="low")
    assert (rows[1].value, rows[1].low, rows[1].warnings) == (1.0, None, ("low_base", "no_spread"))


def test_the_waves_of_mrs_lin_s_survey_are_told_in_three_languages() -> None:
    answers = facts(
        said("overall", [3, 4, 2, 3, 4, 3, 2, 4] * 6, site="spring"),
        said("overall", [4, 5, 3, 4, 5, 4, 4, 2] * 6, site="autumn"),
    )
    found = ridit(answers, across="site", reference="spring")
    assert [(row.level, row.n) for row in found] == [("autumn", 48), ("spring", 48)]
    assert found[0].low is not None
    assert found[0].low > 0.5
    assert (
        "autumn: an answer from this group is higher than one from spring in 72.7% of pairs, ties counting half"
        in found.text()
    )
    assert "機率" in found.text("zh-Hant")
    assert "概率" in found.text("zh-Hans")
    assert found.chart("zh-Hant").svg("zh-Hant").startswith("<svg")


def test_counts_and_rows_agree_on_the_airport() -> None:
    rows = ridit(sample("airport"), across="site", construct="overall")
    assert sum((row.value or 0) * row.n for row in rows) / sum(row.n for row in rows) == pytest.approx(0.5)
    assert len({row.p for row in rows}) == 1
