"""Reliability, against psych and lavaan, and on scales whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from peakend.errors import MethodError
from peakend.facts import conform
from peakend.methods.reliability import Reliability, from_covariance, reliability


def test_three_items_have_an_omega_that_no_fit_can_question() -> None:
    row = from_covariance([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]], ["a", "b", "c"], 100)
    assert row.warnings == ("just_identified",)
    loading = np.sqrt([0.5 * 0.4 / 0.3, 0.5 * 0.3 / 0.4, 0.4 * 0.3 / 0.5])
    assert row.omega == pytest.approx(loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum()))


def test_the_more_the_sides_agree_the_less_reliable_is_their_difference() -> None:
    """Peter, Churchill & Brown 1993: r_D falls as r(P, E) rises, the reliability of both sides staying what it is."""
    rng, found = np.random.default_rng(5), []
    for shared in (0.0, 0.5, 0.8):
        common = rng.normal(size=(4000, 1))
        sides = [
            np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.normal(size=(4000, 1)) + rng.normal(0, 0.7, (4000, 3))
            for _ in range(2)
        ]
        rows = [
            {"response": f"p{i}", "item": f"q{j}", "construct": "empathy", "role": role, "value": float(side[i, j])}
            for role, side in zip(("expectation", "perception"), sides, strict=True)
            for i in range(400)
            for j in range(3)
        ]
        gap = reliability(pl.DataFrame(rows))[2]
        found.append((gap.formula or 0, gap.alpha or 0))
    assert found == sorted(found, reverse=True)
    assert all(abs(formula - direct) < 0.1 for formula, direct in found)


def test_two_items_are_told_by_spearman_brown_and_have_no_omega() -> None:
    row = from_covariance([[1, 0.5], [0.5, 1]], ["a", "b"], 80)
    assert (row.alpha, row.spearman_brown) == pytest.approx((2 / 3, 2 / 3))
    assert (row.omega, dict(row.dropped)) == (None, {"a": None, "b": None})


def test_a_model_that_does_not_fit_gives_no_omega() -> None:
    """r12·r13/r23 > 1: the loading of the first item would leave it a negative variance of its own (Heywood 1931)."""
    row = from_covariance([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]], ["a", "b", "c"], 100)
    assert (row.omega, row.warnings) == (None, ("heywood",))


def asked(n: int = 200, *, seed: int = 3) -> pl.DataFrame:
    """Wu's clinic: three items on empathy, expected and perceived, which share one trait; one person in ten
    skips one.
    """
    rng = np.random.default_rng(seed)
    trait, rows = rng.normal(size=(n, 2)), []
    for role, side in (("expectation", 0), ("perception", 1)):
        for item in ("e1", "e2", "e3"):
            values = np.clip(np.round(4 + trait[:, side] + rng.normal(0, 0.8, n)), 1, 7)
            rows += [
                {
                    "response": f"p{i}",
                    "item": item,
                    "construct": "empathy",
                    "role": role,
                    "value": float(values[i]),
                    "low": 1.0,
                    "high": 7.0,
                }
                for i in range(n)
                if rng.random() > 0.1
            ]
    return pl.DataFrame(rows)


def test_expectation_perception_and_their_difference_each_have_a_reliability() -> None:
    found = reliability(asked())
    assert [(row.scale, row.role, row.k) for row in found] == [
        ("empathy", "expectation", 3),
        ("empathy", "perception", 3),
        ("empathy", "gap", 3),
    ]
    gap = found[2]
    assert gap.formula is not None
    assert gap.alpha == pytest.approx(gap.formula, abs=0.08)
    assert all(
        row.low is not None and row.alpha is not None and row.high is not None and row.low < row.alpha < row.high
        for row in found
    )


def test_the_difference_equals_alpha_computed_on_the_differences_of_complete_answers() -> None:
    frame = asked(150)
    wide = frame.pivot(on=["role", "item"], index="response", values="value").drop_nulls()
    gaps = np.column_stack(
        [
            wide[f'{{"perception","{i}"}}'].to_numpy() - wide[f'{{"expectation","{i}"}}'].to_numpy()
            for i in ("e1", "e2", "e3")
        ]
    )
    whole = frame.filter(pl.col("response").is_in(wide["response"].to_list()))
    direct = from_covariance(np.cov(gaps.T), ["e1", "e2", "e3"], len(gaps))
    assert reliability(whole)[2].alpha == pytest.approx(direct.alpha, abs=1e-12)


def test_an_item_is_not_correlated_with_others_that_cancel_each_other() -> None:
    row = from_covariance([[1, 0, 0], [0, 1, -1], [0, -1, 1]], ["a", "b", "c"], 100)
    assert row.item_rest == {"a": None, "b": pytest.approx(-(0.5**0.5)), "c": pytest.approx(-(0.5**0.5))}


def test_one_item_is_no_scale_and_constant_answers_have_no_alpha() -> None:
    with pytest.raises(MethodError) as refusal:
        reliability(asked().filter(pl.col("item") == "e1"))
    assert refusal.value.id == "reliability.none"
    flat = reliability(asked().with_columns(value=pl.lit(5.0)))
    assert [row.refused.id if row.refused else None for row in flat] == ["reliability.constant"] * 3


def test_feldts_interval_covers_the_true_alpha_as_often_as_it_says() -> None:
    """600 draws of 60 people, four parallel items, α = 0.8; nominal 95%, Monte-Carlo standard error 0.9 points."""
    rng, hits, draws, n = np.random.default_rng(1), 0, 600, 60
    for _ in range(draws):
        x = rng.normal(size=(n, 1)) + rng.normal(size=(n, 4))
        row: Reliability = from_covariance(np.cov(x.T), list("abcd"), n)
        hits += row.low <= 0.8 <= row.high  # type: ignore[operator]
    assert 0.925 <= hits / draws <= 0.975


def test_the_engine_never_changes_a_result() -> None:
    frame = asked(80)
    assert reliability(conform(frame)).as_dict() == reliability(conform(frame.to_pandas())).as_dict()


@pytest.mark.parametrize("lang", ["en", "zh-Hant", "zh-Hans"])
def test_reliability_is_told_and_drawn_in_three_languages(lang: Any) -> None:
    found = reliability(asked())
    assert len(found.sentences(lang).splitlines()) == 3
    assert "<svg" in found.chart(lang).svg(lang)
