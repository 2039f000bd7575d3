"""Both sides of items as means by construct: what a respondent expected and found, in numpy, all respondents at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from peakend.sums import Floats

Name = tuple[str, ...]


@dataclass(frozen=True)
class Sides:
    """Values of shape (respondents, items), NaN where there is none; `construct[i]` is the one that item i belongs to."""

    construct: Sequence[str]
    left: Floats
    right: Floats


def dimensions(sides: Sides, pair: tuple[str, str], importance: Mapping[str, Floats] | None = None) -> dict[Name, Floats]:
    """Named columns, one value a respondent: each side and the gap (right − left) of each construct, and across constructs.

    A construct needs at least half of its items answered on both sides; "overall" is a respondent's own mean over all constructs, none
    wanting; ("weighted", "gap") weighs it by what that respondent says is important, Σ importance·gap / Σ importance.
    """
    constructs = tuple(sorted(set(sides.construct)))
    named: dict[Name, Floats] = {}
    for construct in constructs:
        own = [i for i, name in enumerate(sides.construct) if name == construct]
        left, right = _means(sides.left[:, own], sides.right[:, own])
        named |= {(construct, pair[0]): left, (construct, pair[1]): right, (construct, "gap"): right - left}
    for role in (*pair, "gap"):
        if constructs:
            named["overall", role] = np.mean([named[construct, role] for construct in constructs], axis=0)
    if importance is not None and constructs:
        weights = np.array([importance[construct] for construct in constructs])
        named["weighted", "gap"] = _weighted(np.array([named[construct, "gap"] for construct in constructs]), weights)
    return named


def _means(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    both = ~np.isnan(left + right)
    n = both.sum(axis=1)
    divisor = np.where((2 * n >= both.shape[1]) & (n > 0), n, np.nan)
    return np.where(both, left, 0.0).sum(axis=1) / divisor, np.where(both, right, 0.0).sum(axis=1) / divisor


def _weighted(gaps: Floats, weights: Floats) -> Floats:
    total = weights.sum(axis=0)
    return np.asarray(np.divide((weights * gaps).sum(axis=0), total, out=np.full(len(total), np.nan), where=total > 0), dtype=np.float64)
