"""The kernel of ends: the features of a visit, whatever the order of rows and at one instant."""

from __future__ import annotations

from typing import Any

import numpy as np

from peakend.facts import Facts, conform
from peakend.reduce import FEATURES, ends
from tests.reduce.rows import NOON, said


def features(facts: Facts, by: tuple[str, ...] = ()) -> dict[Any, dict[str, float]]:
    found = ends(facts, by)
    return {group: dict(zip(FEATURES, sums.mean().tolist(), strict=True)) for group, sums in found.groups.items()}


def test_the_features_of_a_visit_follow_its_order_in_time() -> None:
    timed = [(30, "c", 6.0), (0, "a", 4.0), (10, "b", 1.0), (40, "d", 5.0)]
    rows = [said("v", item, value, visit="v", touchpoint=item, item=item, at_us=NOON + at) for at, item, value in timed]
    rows.append(said("v", "memory", 2.0, "remembered", visit="v", at_us=NOON + 50))
    sd, slope = float(np.std([4, 1, 6, 5], ddof=1)), float(np.polyfit(range(4), [4, 1, 6, 5], 1)[0])
    expected = [4, 16, 4, 6, 1, 1, 4, 5, sd, slope, 5.5, 3.0, 2]
    np.testing.assert_allclose(list(features(conform(rows))[()].values()), expected)


def test_of_moments_at_one_instant_the_name_decides_and_of_equal_extremes_the_later() -> None:
    rows = [said("v", item, value, touchpoint=item, item=item) for item, value in (("b", 7.0), ("a", 1.0), ("c", 4.0))]
    found = features(conform(rows))[()]
    assert (found["start"], found["end"], found["extreme"]) == (1.0, 4.0, 7.0)


def test_a_moment_without_an_instant_comes_before_those_with_one() -> None:
    rows = [
        said("v", item, value, touchpoint=item, item=item, at_us=at)
        for item, value, at in (("a", 7.0, NOON), ("b", 1.0, None), ("c", 4.0, -5))
    ]
    found = features(conform(rows))[()]
    assert (found["start"], found["end"], found["slope"]) == (1.0, 7.0, 3.0)


def test_a_visit_of_one_moment_has_no_spread_and_one_that_is_only_remembered_no_peak() -> None:
    one = features(conform([said("v", "a", 3.0, touchpoint="a")]))[()]
    assert (one["peak"], one["end"], one["n"]) == (3.0, 3.0, 1.0)
    assert np.isnan([one["sd"], one["slope"], one["remembered"]]).all()
    only = ends(conform([said("v", "memory", 3.0, "remembered")])).groups[()]
    assert only.count().tolist() == [0.0] * 12 + [1.0]
