"""What is explained, and by what: the judgement of the whole, and the scores that may have moved it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.facts.shape import OUTCOMES
from peakend.field import ratings
from peakend.field.ratings import Scale, StatedScale
from peakend.ids import plain_id
from peakend.reduce import tally


def outcome_and_drivers(
    scores: Facts, outcome: str | None, among: Sequence[str] | None
) -> tuple[str, tuple[str, ...], dict[str | None, tuple[StatedScale, ...]]]:
    """The outcome, the names of what may drive it, and every construct's scales.

    Raises MethodError `drivers.no_outcome` where the outcome was not asked, `drivers.none` where nothing stands beside
    it.
    """
    there = ratings.scales_of(scores)
    target = _outcome(outcome, tuple(name for name in there if name))
    names = _construct_names(scores, among) if among is not None else _candidates(scores, target)
    if not names:
        raise MethodError("drivers.none", outcome=target, found=ratings.scale_list(there))
    return target, names, there


def _construct_names(scores: Facts, among: Sequence[str]) -> tuple[str, ...]:
    scores.with_names("among", among)
    return tuple(dict.fromkeys(plain_id(str(name)) for name in among))


def first_of(wanted: Sequence[str], asked: Collection[str | None]) -> str | None:
    """The first of these constructs that was asked."""
    return next((name for name in wanted if name in asked), None)


def _outcome(wanted: str | None, there: tuple[str, ...]) -> str:
    found = first_of(OUTCOMES if wanted is None else (wanted,), there)
    if found is not None:
        return found
    looked_for, offered = (
        ratings.ScaleList(dict.fromkeys(names, "")) for names in ((wanted,) if wanted else OUTCOMES, there)
    )
    raise MethodError("drivers.no_outcome", wanted=looked_for, found=offered)


def _candidates(scores: Facts, outcome: str) -> tuple[str, ...]:
    """The scores that rate a touchpoint as such; only where there are none of these, every score that names a
    touchpoint.
    """
    seen = [
        cell
        for cell in tally(scores, keys=("construct", "touchpoint")).cells
        if cell[0] and cell[1] and cell[0] != outcome
    ]
    whole = {str(construct) for construct, touchpoint, *_ in seen if construct == touchpoint}
    return tuple(sorted(whole or {str(construct) for construct, *_ in seen}))


def stated_scales(scales: Mapping[str | None, Sequence[StatedScale]]) -> dict[str, Scale]:
    """The scale of each construct, where one was stated."""
    stated = {
        str(name): [(low, high) for low, high in all_of if low is not None and high is not None]
        for name, all_of in scales.items()
    }
    return {name: all_of[0] for name, all_of in stated.items() if all_of}


def mixed_scales(scales: Mapping[str | None, Sequence[StatedScale]]) -> dict[str, str]:
    """The constructs that were asked on several scales, whose answers cannot stand in one column, and which
    these are.
    """
    return {str(name): ratings.scales_text(all_of) for name, all_of in scales.items() if len(all_of) > 1}


def present_columns(wanted: Sequence[str], found: Sequence[tuple[str, ...]]) -> tuple[list[str], list[int]]:
    """Which of the wanted constructs a wide table has, and in which of its columns."""
    names = [name for name in wanted if (name,) in found]
    return names, [found.index((name,)) for name in names]
