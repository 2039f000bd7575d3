"""What is explained, and by what: the judgement of the whole, and the scores that may have moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import ratings
from peakend.field.ratings import Stated
from peakend.reduce import tally

OUTCOMES: Final = ("overall", "satisfaction", "csat", "nps")
"""What is explained, where the caller does not say: the first of these constructs that was asked."""


def explained(scores: Facts, outcome: str | None, among: Sequence[str] | None) -> tuple[str, tuple[str, ...], dict[str | None, tuple[Stated, ...]]]:
    """The outcome, the names of what may drive it, and every construct's scales.

    Raises MethodError `drivers.no_outcome` where the outcome was not asked, `drivers.none` where nothing stands beside it.
    """
    there = ratings.scales_of(scores)
    target = _outcome(outcome, tuple(name for name in there if name))
    names = tuple(among) if among is not None else _candidates(scores, target)
    if not names:
        raise MethodError("drivers.none", outcome=target, found=ratings.named(there))
    return target, names, there


def _outcome(wanted: str | None, there: tuple[str, ...]) -> str:
    for name in OUTCOMES if wanted is None else (wanted,):
        if name in there:
            return name
    raise MethodError("drivers.no_outcome", wanted=wanted or ", ".join(OUTCOMES), found=", ".join(there) or "–")


def _candidates(scores: Facts, outcome: str) -> tuple[str, ...]:
    """The scores that rate a touchpoint as such; only where there are none of these, every score that names a touchpoint."""
    seen = [cell for cell in tally(scores, keys=("construct", "touchpoint")).cells if cell[0] and cell[1] and cell[0] != outcome]
    whole = {str(construct) for construct, touchpoint, *_ in seen if construct == touchpoint}
    return tuple(sorted(whole or {str(construct) for construct, *_ in seen}))


def tops(scales: Mapping[str | None, Sequence[Stated]]) -> dict[str, float]:
    """The top of each construct's scale, where one was stated."""
    highs = {str(name): [high for _, high in stated if high is not None] for name, stated in scales.items()}
    return {name: max(stated) for name, stated in highs.items() if stated}


def there(wanted: Sequence[str], found: Sequence[tuple[str, ...]]) -> tuple[list[str], list[int]]:
    """Which of the wanted constructs a wide table has, and in which of its columns."""
    names = [name for name in wanted if (name,) in found]
    return names, [found.index((name,)) for name in names]
