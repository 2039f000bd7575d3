"""Both sides of items as means by construct: what a respondent expected and found, in numpy, all respondents
at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peakend.sums import Floats

Name = tuple[str, ...]


@dataclass(frozen=True)
class Sides:
    """Values of shape (respondents, items), NaN where there is none; `construct[i]` is the one that item i
    belongs to.
    """

    construct: Sequence[str]
    left: Floats
    right: Floats


def dimensions(
    sides: Sides, pair: tuple[str, str], importance: Mapping[str, Floats] | None = None
) -> dict[Name, Floats]:
    """Named columns, one value a respondent: each side and the gap (right − left) of each construct, and across
    constructs.

    A construct needs at least half of its items answered on both sides; "overall" is a respondent's own mean over all
    constructs, none wanting, and ("items", "gap") the same respondent's mean over all answered items instead. With
    importance, ("weighted", …) weighs the constructs by what that respondent says is important, Σ importance·x / Σ
    importance, and (construct, "importance") is that statement, for those alone who made all of them.
    """
    constructs = tuple(sorted(set(sides.construct)))
    named: dict[Name, Floats] = {}
    for construct in constructs:
        own = [i for i, name in enumerate(sides.construct) if name == construct]
        left, right = _means(sides.left[:, own], sides.right[:, own])
        named |= {(construct, pair[0]): left, (construct, pair[1]): right, (construct, "gap"): right - left}
    if constructs:
        named |= _across(named, sides, constructs, (*pair, "gap"))
    if importance is not None and constructs:
        named |= _important(
            named, np.array([importance[construct] for construct in constructs]), constructs, (*pair, "gap")
        )
    return named


def _across(
    named: Mapping[Name, Floats], sides: Sides, constructs: Sequence[str], roles: Sequence[str]
) -> dict[Name, Floats]:
    found: dict[Name, Floats] = {
        ("overall", role): np.mean([named[construct, role] for construct in constructs], axis=0) for role in roles
    }
    left, right = _means(sides.left, sides.right, least=0.0)
    return {**found, ("items", "gap"): np.where(np.isnan(found["overall", "gap"]), np.nan, right - left)}


def _important(
    named: Mapping[Name, Floats], weights: Floats, constructs: Sequence[str], roles: Sequence[str]
) -> dict[Name, Floats]:
    found: dict[Name, Floats] = {
        ("weighted", role): _weighted(np.array([named[construct, role] for construct in constructs]), weights)
        for role in roles
    }
    held = ~np.isnan(found["weighted", "gap"])
    return found | {
        (construct, "importance"): np.where(held, stated, np.nan)
        for construct, stated in zip(constructs, weights, strict=True)
    }


def _means(left: Floats, right: Floats, least: float = 0.5) -> tuple[Floats, Floats]:
    """Means over the items that are answered on both sides, where these are at least that share of all."""
    both = ~np.isnan(left + right)
    n = both.sum(axis=1)
    divisor = np.where((n >= least * both.shape[1]) & (n > 0), n, np.nan)
    return np.where(both, left, 0.0).sum(axis=1) / divisor, np.where(both, right, 0.0).sum(axis=1) / divisor


def _weighted(gaps: Floats, weights: Floats) -> Floats:
    total = weights.sum(axis=0)
    return np.asarray(
        np.divide((weights * gaps).sum(axis=0), total, out=np.full(len(total), np.nan), where=total > 0),
        dtype=np.float64,
    )


def zones(construct: Sequence[str], adequate: Floats, desired: Floats, perceived: Floats) -> dict[Name, Floats]:
    """Named columns, one value a respondent, of each construct: the three levels, the differences between them, and
    what was excluded.

    An item whose desired level lies below its adequate one is no answer: it is counted under "reversed" and used for
    nothing. A respondent who has fewer than half of the construct's items left has no levels; "fallen" is 1 where
    reversals are a reason for it.
    """
    named: dict[Name, Floats] = {}
    for name in sorted(set(construct)):
        own = [i for i, other in enumerate(construct) if other == name]
        a, d, p = adequate[:, own], desired[:, own], perceived[:, own]
        turned = d < a
        whole = ~np.isnan(a + d + p) & ~turned
        n, wrong = whole.sum(axis=1), turned.sum(axis=1)
        divisor = np.where((2 * n >= len(own)) & (n > 0), n, np.nan)
        low, high, found = (np.where(whole, level, 0.0).sum(axis=1) / divisor for level in (a, d, p))
        named |= {
            (name, "adequate"): low,
            (name, "desired"): high,
            (name, "perceived"): found,
            (name, "msa"): found - low,
        }
        named |= {
            (name, "mss"): found - high,
            (name, "zone"): high - low,
            (name, "reversed"): np.where(wrong > 0, wrong, np.nan),
        }
        named[name, "fallen"] = np.where((wrong > 0) & np.isnan(divisor), 1.0, np.nan)
    return named
