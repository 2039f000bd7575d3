"""Which of the constructs that a service knows were rated at all: methods refuse a name that no answer has, for it may
be misspelt, and a touchpoint of the design that nobody was asked about is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from peakend.facts import Facts
from peakend.field import ratings
from peakend.reduce import tally


def rated(facts: Facts, constructs: Iterable[str]) -> tuple[str, ...]:
    """Those of the constructs of which there are scores."""
    there = {*tally(ratings.scores(facts), ("construct",), keys=()).column("construct")}
    return tuple(one for one in constructs if one in there)
