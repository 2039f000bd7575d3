"""Which drivers decide more than the rest, with one chance of a false name in all.

A driver decides where its share of what all explain is surely more than if all had the same share, 1/k of k drivers.
All are looked at together, so each is held to an interval of confidence 1 − α/k (Bonferroni): the chance that any is
named where all decide the same is at most α, as far as the bootstrap's intervals hold; `docs/coverage.md` has how often
it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

CHANCE: Final = 0.05
"""The chance that any driver is said to decide more, where all decide the same."""


class Share(Protocol):
    """A driver with its share of R² in percent, and where the interval of that begins."""

    @property
    def driver(self) -> str:
        """Its name."""

    @property
    def percent(self) -> float | None:
        """Its share of R², in percent; None where it could not be told."""

    @property
    def percent_low(self) -> float | None:
        """The lower end of its interval."""


def confidence_for_all(shared: int) -> float:
    """The confidence of each interval where so many drivers are looked at together."""
    return 1 - CHANCE / max(shared, 1)


def decisive_drivers(rows: Sequence[Share]) -> frozenset[str]:
    """The drivers that decide more than the rest, of rows at `confidence_for_all`; none where only one shares."""
    shared = [row for row in rows if row.percent is not None]
    return frozenset(
        row.driver
        for row in shared
        if len(shared) > 1 and row.percent_low is not None and row.percent_low > 100 / len(shared)
    )
