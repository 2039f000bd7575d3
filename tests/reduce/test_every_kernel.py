"""What holds of every kernel: results are frozen, and those of different questions are not added."""

from __future__ import annotations

import pytest

from peakend.facts import conform
from peakend.reduce import follows, moments, pairs, tally
from peakend.sums import Moments
from tests.engines import STEPS, TABLES, arrow


def test_results_of_different_questions_are_not_added() -> None:
    facts = conform(arrow(TABLES["a crowd"]))
    with pytest.raises(ValueError, match="cannot be added"):
        tally(facts) + tally(facts, ("site",))
    with pytest.raises(ValueError, match="cannot be added"):
        moments(facts) + moments(facts, ("site",))


def test_results_are_frozen_and_nothing_reduced_is_empty_and_not_an_error() -> None:
    nothing = conform(arrow([]))
    assert [len(tally(nothing)), len(pairs(nothing, left="expectation", right="perception"))] == [0, 0]
    assert moments(nothing) == Moments((), (), {}, {})
    assert follows(conform(arrow([], STEPS), "events")) == {}
    with pytest.raises(AttributeError):
        tally(nothing).keys = ()  # type: ignore[misc]
