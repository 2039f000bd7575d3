"""How sure the shares of drivers are: resampled buckets of respondents, from their sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.maths import shapley
from peakend.sums import Floats, Sums

REPLICATES: Final = 2000
EXACT: Final = 15
"""Up to so many drivers every order is counted; beyond, orders are sampled, and the grouped jackknife takes the
bootstrap's place.
"""
GROUPS: Final = 20
OVER: Final = "over"
EQUAL: Final = 1e-9
"""Two shares that differ by less than this part are equal."""
SEED: Final = 20_031_203
ORDERS: Final = 400
"""Orders sampled for each replicate of many drivers."""


def uncertain(
    sums: Sums, share: Floats, conf: float, sizes: Sequence[int] = (), room: Floats | None = None
) -> dict[str, Floats | None]:
    """`low` and `high` of the shares, `percent_low` and `percent_high` of the shares of R² in percent, divided within
    each replicate; the chance `p_first` of the largest share and, with `room`, `p_worth` of the largest share times
    room, which several that are equal have in equal parts; and `over`, shape (p, p), how often each comes before each
    other by share times room, else by share. None where the sums are one bucket, or too few to resample.

    With `sizes` so many columns together are one driver, in their order.
    """
    used = _usable(sums)
    if len(used) < GROUPS:
        return dict.fromkeys(("low", "high", "percent_low", "percent_high", "p_first", "p_worth", OVER))
    if len(share) > EXACT:
        return _jackknife(sums, share, conf, sizes, room)
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(used), np.full(len(used), 1 / len(used)), size=REPLICATES).astype(np.float64)
    shares = _replicates(_redrawn(sums, used, drawn), sizes)
    ends = [(1 - conf) / 2, (1 + conf) / 2]
    low, high = _around(share, np.quantile(shares, ends, axis=0))
    least, most = _around(_percent(share), np.quantile(_percent(shares), ends, axis=0))
    return {"low": low, "high": high, "percent_low": least, "percent_high": most, **_places(shares, room)}


def _around(found: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Ends that hold what was found: shares cannot be below 0, so that where one driver has nearly all, every replicate
    gives the others more than they have.
    """
    return np.minimum(ends[0], found), np.maximum(ends[1], found)


def _usable(sums: Sums) -> Any:
    """The buckets in which somebody judged the whole."""
    return np.flatnonzero(np.diagonal(sums.n, axis1=1, axis2=2)[:, -1] > 0)


def _percent(shares: Floats) -> Floats:
    """The shares of each replicate in percent of its own R²."""
    return np.asarray(100 * shares / shares.sum(axis=-1, keepdims=True))


def _places(shares: Floats, room: Floats | None) -> dict[str, Floats | None]:
    worth = None if room is None or np.isnan(room).any() else shares * room
    return {
        "p_first": _first(shares),
        "p_worth": None if worth is None else _first(worth),
        OVER: _over(shares if worth is None else worth),
    }


def _first(shares: Floats) -> Floats:
    """How often each is the largest; of several that are equal each has its part."""
    first = shares >= shares.max(axis=1, keepdims=True) * (1 - EQUAL)
    return np.asarray((first / first.sum(axis=1, keepdims=True)).mean(axis=0))


def _over(shares: Floats) -> Floats:
    """How often each is above each other."""
    room = EQUAL * np.abs(shares).max(axis=1)
    return np.stack([(one[:, None] > shares + room[:, None]).mean(axis=0) for one in shares.T])


def _jackknife(
    sums: Sums, share: Floats, conf: float, sizes: Sequence[int], room: Floats | None
) -> dict[str, Floats | None]:
    """Delete a group of buckets at a time; Student's interval with groups − 1 degrees of freedom, and normal draws for
    the chance of being first.
    """
    rng, used = np.random.default_rng(SEED), _usable(sums)
    group = rng.permutation(np.arange(len(used)) % GROUPS)
    kept = (group[None, :] != np.arange(GROUPS)[:, None]).astype(np.float64)
    shares = _replicates(_redrawn(sums, used, kept), sizes)
    spread = _spread(shares)
    half, half_percent = (
        iv.t_quantile(GROUPS - 1, conf) * np.sqrt(np.diagonal(one)) for one in (spread, _spread(_percent(shares)))
    )
    draws, percent = rng.multivariate_normal(share, spread, size=REPLICATES, check_valid="ignore"), _percent(share)
    return {
        "low": np.maximum(share - half, 0),
        "high": np.minimum(share + half, 1),
        "percent_low": np.maximum(percent - half_percent, 0),
        "percent_high": np.minimum(percent + half_percent, 100),
        **_places(draws, room),
    }


def _spread(shares: Floats) -> Floats:
    """The jackknife's covariance."""
    away = shares - shares.mean(axis=0)
    return np.asarray((GROUPS - 1) / GROUPS * away.T @ away)


def _redrawn(sums: Sums, used: Any, weight: Floats) -> Floats:
    """Pairwise covariance of each replicate, shape (replicates, p + 1, p + 1), from weights of shape (replicates,
    buckets in use).
    """
    n, s, ss = (np.tensordot(weight, part[used], axes=1) for part in (sums.n, sums.s, sums.ss))
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = (ss - s * np.swapaxes(s, 1, 2) / n) / (n - 1)
    return np.asarray(
        covariance[
            np.isfinite(covariance).all(axis=(1, 2)) & (np.diagonal(covariance, axis1=1, axis2=2) > 0).all(axis=1)
        ]
    )


def _replicates(covariances: Floats, sizes: Sequence[int]) -> Floats:
    r, _ = shapley.repair(shapley.correlation(covariances))
    players = len(sizes) or r.shape[-1] - 1
    if players > EXACT:
        return shapley.lmg_of_sample(r, ORDERS, sizes=sizes)[0]
    size = max(1, (1 << 20) >> players)
    return np.concatenate([shapley.lmg(shapley.r2_of_subsets(r[i : i + size], sizes)) for i in range(0, len(r), size)])
