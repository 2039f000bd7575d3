"""What the covariances of a scale's items say of how they hang together: α, λ6, and ω of one factor, in numpy.

Everything takes a covariance (or correlation) matrix `c` of shape (k, k). Checked against psych 2.2.9 and lavaan 0.6-14
in `tests/methods/test_reliability.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend.sums import Floats

ROUNDS: Final = 2_000
TOLERANCE: Final = 1e-13
SINGULAR: Final = 1e-10
"""Directions with less of the spread than this are taken for none."""


def alpha(c: Floats) -> float:
    """Cronbach's (1951) α = k/(k − 1)·(1 − Σσ²_j/σ²_X)."""
    k = len(c)
    return float(k / (k - 1) * (1 - np.trace(c) / c.sum()))


def lambda6(r: Floats) -> float | None:
    """Guttman's (1945) λ6 = 1 − Σ(1 − R²_j)/σ²_X on standardised items, R²_j the squared multiple correlation of an
    item with the others.

    R²_j is that of least squares, which has an answer where others follow exactly from one another too: of three
    identical items 1. None where the sum of the items has no spread.
    """
    k, spread = len(r), float(r.sum())
    if spread <= SINGULAR * k * k:
        return None
    rest = [np.delete(np.arange(k), j) for j in range(k)]
    explained = [
        float(r[j, own] @ np.linalg.lstsq(r[np.ix_(own, own)], r[own, j], rcond=SINGULAR)[0])
        for j, own in enumerate(rest)
    ]
    return 1 - sum(1 - min(max(one, 0.0), 1.0) for one in explained) / spread


def item_rest(c: Floats, i: int) -> float | None:
    """The correlation of item i with the sum of the others; None where that sum has no spread."""
    rest = np.delete(np.arange(len(c)), i)
    spread = c[i, i] * c[np.ix_(rest, rest)].sum()
    return float(c[i, rest].sum() / np.sqrt(spread)) if spread > 0 else None


def reversed_items(c: Floats) -> tuple[int, ...]:
    """The items that go against the others: those on the smaller side of the first principal component, where turning
    them raises α.

    Of two sides equally large the one that does not hold the first item is turned. None where all point one way.
    """
    sd = np.sqrt(np.diagonal(c))
    main = np.linalg.eigh(c / np.outer(sd, sd))[1][:, -1]
    against = (
        main < 0 if 2 * (main < 0).sum() < len(c) or (2 * (main < 0).sum() == len(c) and main[0] >= 0) else main > 0
    )
    return tuple(np.flatnonzero(against).tolist()) if against.any() and alpha(reversed_(c, against)) > alpha(c) else ()


def reversed_(c: Floats, against: Floats | NDArray[np.bool_] | tuple[int, ...]) -> Floats:
    """The covariances with these items scored the other way round."""
    sign = np.ones(len(c))
    sign[np.asarray(against)] = -1.0
    return np.asarray(c * np.outer(sign, sign), dtype=np.float64)


def omega(c: Floats) -> tuple[float | None, bool]:
    """McDonald's (1999) (Σλ)²/((Σλ)² + Σθ) of one factor by maximum likelihood; None and True in a Heywood case."""
    theta = None if np.linalg.eigvalsh(c)[0] <= 0 else _exact(c) if len(c) == 3 else _uniquenesses(c)
    if theta is None or (theta <= 0).any():
        return None, True
    common = float(_loadings(c, theta).sum() ** 2)
    return common / (common + float(theta.sum())), False


def _uniquenesses(c: Floats) -> Floats | None:
    """The uniquenesses of more than three items, by Lawley's equations; None where they do not settle.

    Each round takes two steps and goes on along the line they describe (SQUAREM, Varadhan & Roland 2008): a few dozen
    rounds do what plain steps need thousands for.
    """
    theta: Floats = 1 / np.diagonal(np.linalg.inv(c))
    for _ in range(ROUNDS):
        if (one := _step(c, theta)) is None or (two := _step(c, one)) is None:
            return None
        if np.abs(two - one).max() <= TOLERANCE * np.diagonal(c).max():
            return two
        first, second = one - theta, two - 2 * one + theta
        stride = np.linalg.norm(first) / max(float(np.linalg.norm(second)), 1e-300)
        along = theta + 2 * stride * first + stride**2 * second
        theta = along if (along > 0).all() else two
    return None


def _exact(c: Floats) -> Floats | None:
    """The uniquenesses of three items, which one factor fits exactly: λ²_1 = c12·c13/c23; None where it cannot."""
    products = np.array([c[0, 1] * c[0, 2], c[0, 1] * c[1, 2], c[0, 2] * c[1, 2]])
    others = np.array([c[1, 2], c[0, 2], c[0, 1]])
    if (others == 0).any() or (products / others <= 0).any():
        return None
    return np.asarray(np.diagonal(c) - products / others, dtype=np.float64)


def _loadings(c: Floats, theta: Floats) -> Floats:
    root = np.sqrt(theta)
    values, vectors = np.linalg.eigh(c / np.outer(root, root))
    return np.asarray(root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)), dtype=np.float64)


def _step(c: Floats, theta: Floats) -> Floats | None:
    """One round of Lawley's equations; None where a uniqueness is no longer positive."""
    after = np.diagonal(c) - _loadings(c, theta) ** 2
    return np.asarray(after, dtype=np.float64) if (after > 0).all() and np.isfinite(after).all() else None
