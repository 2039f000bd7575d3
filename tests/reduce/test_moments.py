"""The kernel of moments: pairwise complete sums, weights, buckets, and the gaps of both sides."""

from __future__ import annotations

from typing import Any

import numpy as np

from peakend.facts import Facts, conform
from peakend.reduce import moments
from tests.reduce.rows import said


def wide(
    rng: np.random.Generator, n: int = 60, p: int = 4, holes: float = 0.2
) -> np.ndarray[Any, np.dtype[np.float64]]:
    x = rng.integers(1, 8, (n, p)).astype(float)
    x[rng.random((n, p)) < holes] = np.nan
    return x


def long(x: np.ndarray[Any, Any]) -> Facts:
    return conform(
        [
            said(f"r{i}", f"c{j}", None if np.isnan(v) else float(v))
            for i, row in enumerate(x)
            for j, v in enumerate(row)
        ]
    )


def test_moments_are_the_pairwise_complete_sums_of_the_wide_table() -> None:
    x = wide(np.random.default_rng(1))
    found = moments(long(x))
    held = ~np.isnan(x)
    sums = found.groups[()]
    assert found.names == (("c0",), ("c1",), ("c2",), ("c3",))
    np.testing.assert_array_equal(sums.n[0], held.T.astype(int) @ held.astype(int))
    np.testing.assert_allclose(sums.mean(), np.nanmean(x, axis=0))
    for i, j in ((0, 1), (1, 3), (2, 2)):
        both = x[held[:, i] & held[:, j]]
        np.testing.assert_allclose(sums.covariance()[i, j], np.cov(both[:, i], both[:, j])[0, 1])


def test_weighted_moments_weigh_each_response_once() -> None:
    facts = conform(
        [said("lin", "a", 2.0, weight=3.0), said("lin", "b", 4.0, weight=3.0), said("chen", "a", 6.0, weight=1.0)]
    )
    sums = moments(facts, weighted=True).groups[()]
    assert (sums.n[0].tolist(), sums.s[0].tolist(), sums.ss[0].tolist()) == (
        [[4, 3], [3, 3]],
        [[12, 6], [12, 12]],
        [[48, 24], [24, 48]],
    )


def test_a_cell_with_two_answers_is_their_mean() -> None:
    facts = conform(
        [
            said("lin", "a", 2.0),
            said("lin", "a", 5.0, item="a, asked otherwise"),
            said("lin", "b", 1.0),
            said("chen", "a", 4.0),
        ]
    )
    sums = moments(facts).groups[()]
    np.testing.assert_allclose(sums.mean(), [3.75, 1.0])
    np.testing.assert_array_equal(sums.count(), [2, 1])


def test_buckets_part_the_responses_and_add_up_to_the_whole() -> None:
    facts = long(wide(np.random.default_rng(2)))
    parted, whole = moments(facts, buckets=8).groups[()], moments(facts).groups[()]
    assert set(parted.bucket.tolist()) <= set(range(8))
    assert len(parted.bucket) > 1
    assert parted.total() == whole


def test_gaps_need_half_the_items_of_a_construct_answered_on_both_sides() -> None:
    answers: dict[str, list[tuple[float | None, float | None]]] = {
        "lin": [(7.0, 5.0), (6.0, 5.0), (5.0, None)],
        "chen": [(7.0, 1.0), (None, 4.0), (3.0, None)],
        "wu": [(5.0, 6.0), (5.0, 6.0), (5.0, 6.0)],
    }
    sides = ("expectation", "perception")
    items = [
        (who, f"q{i}", role, value)
        for who, asked in answers.items()
        for i, both in enumerate(asked)
        for role, value in zip(sides, both, strict=True)
    ]
    rows = [said(who, "staff", value, role, item=item) for who, item, role, value in items]
    found = moments(conform(rows), pair=("expectation", "perception"))
    named = [(name, role) for name in ("overall", "staff") for role in ("expectation", "gap", "perception")]
    assert found.names == (("items", "gap"), *named)
    sums = dict(zip(found.names, zip(found.groups[()].count(), found.groups[()].mean(), strict=True), strict=True))
    assert sums["staff", "expectation"] == (2, (6.5 + 5) / 2)
    assert sums["staff", "gap"] == sums["overall", "gap"] == (2, (-1.5 + 1) / 2)


def test_the_overall_gap_needs_every_construct_and_importance_weighs_each_respondents_own() -> None:
    rows = []
    for who, gaps, weights in (
        ("lin", {"a": -2.0, "b": 0.0}, {"a": 75.0, "b": 25.0}),
        ("chen", {"a": -1.0}, {"a": 50.0, "b": 50.0}),
    ):
        rows += [
            said(who, name, value, role)
            for name, gap in gaps.items()
            for value, role in ((5.0, "expectation"), (5.0 + gap, "perception"))
        ]
        rows += [said(who, name, weight, "importance", low=0.0, high=100.0) for name, weight in weights.items()]
    found = moments(conform(rows), pair=("expectation", "perception"), importance="importance")
    sums = found.groups[()]
    mean, count = (dict(zip(found.names, part.tolist(), strict=True)) for part in (sums.mean(), sums.count()))
    assert (mean["overall", "gap"], count["overall", "gap"], mean["weighted", "gap"], count["weighted", "gap"]) == (
        -1.0,
        1,
        -1.5,
        1,
    )


def test_constructs_named_by_numbers_in_a_notebook_are_those_of_the_facts() -> None:
    """Texts hold numbers as well, and not every construct that a condition names need be there."""
    asked = conform([said(f"r{i}", name, float(i + int(name))) for i in range(3) for name in "12"])
    whole = moments(asked)
    assert moments(asked.where(construct=(1, 2, 7))) == whole
    assert moments(asked.where(construct=2)) == moments(asked.where(construct="2"))
    assert moments(asked.where(construct=2)).names == (("2",),)
