"""How sure the shares of drivers are: resampled buckets of respondents, from their sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.maths import decompose
from peakend.maths.decompose import Floats
from peakend.sums import Sums

REPLICATES: Final = 2000
EXACT: Final = 15
"""Up to so many drivers every order is counted; beyond, orders are sampled, and the grouped jackknife takes the bootstrap's place."""
GROUPS: Final = 20
SEED: Final = 20_031_203
ORDERS: Final = 400
"""Orders sampled for each replicate of many drivers."""


def uncertain(sums: Sums, share: Floats, conf: float, sizes: Sequence[int] = ()) -> tuple[Floats | None, Floats | None, Floats | None]:
    """Percentile intervals and the chance of being first; None where the sums are one bucket, or too few to resample.

    With `sizes` so many columns together are one driver, in their order.
    """
    used = np.flatnonzero(np.diagonal(sums.n, axis1=1, axis2=2)[:, -1] > 0)
    if len(used) < GROUPS:
        return None, None, None
    if len(share) > EXACT:
        return _jackknife(sums, used, share, conf, sizes)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(used), np.full(len(used), 1 / len(used)), size=REPLICATES).astype(np.float64)
    shares = _replicated(_redrawn(sums, used, drawn), sizes)
    low, high = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2], axis=0)
    return low, high, np.bincount(np.argmax(shares, axis=1), minlength=len(share)) / len(shares)


def _jackknife(sums: Sums, used: Any, share: Floats, conf: float, sizes: Sequence[int]) -> tuple[Floats, Floats, Floats]:
    """Delete a group of buckets at a time; Student's interval with groups − 1 degrees of freedom, and normal draws for the chance of being first."""
    rng = np.random.default_rng(SEED)
    group = rng.permutation(np.arange(len(used)) % GROUPS)
    kept = (group[None, :] != np.arange(GROUPS)[:, None]).astype(np.float64)
    shares = _replicated(_redrawn(sums, used, kept), sizes)
    spread = (GROUPS - 1) / GROUPS * (shares - shares.mean(axis=0)).T @ (shares - shares.mean(axis=0))
    half = iv.t_quantile(GROUPS - 1, conf) * np.sqrt(np.diagonal(spread))
    draws = rng.multivariate_normal(share, spread, size=REPLICATES, check_valid="ignore")
    chance = np.bincount(np.argmax(draws, axis=1), minlength=len(share)) / REPLICATES
    return np.maximum(share - half, 0), np.minimum(share + half, 1), chance


def _redrawn(sums: Sums, used: Any, weight: Floats) -> Floats:
    """Pairwise covariance of each replicate, shape (replicates, p + 1, p + 1), from weights of shape (replicates, buckets in use)."""
    n, s, ss = (np.tensordot(weight, part[used], axes=1) for part in (sums.n, sums.s, sums.ss))
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = (ss - s * np.swapaxes(s, 1, 2) / n) / (n - 1)
    return np.asarray(covariance[np.isfinite(covariance).all(axis=(1, 2)) & (np.diagonal(covariance, axis1=1, axis2=2) > 0).all(axis=1)])


def _replicated(covariances: Floats, sizes: Sequence[int]) -> Floats:
    r, _ = decompose.repaired(decompose.correlation(covariances))
    players = len(sizes) or r.shape[-1] - 1
    if players > EXACT:
        return decompose.sampled(r, ORDERS, sizes=sizes)[0]
    size = max(1, (1 << 20) >> players)
    return np.concatenate([decompose.lmg(decompose.explained(r[i : i + size], sizes)) for i in range(0, len(r), size)])
