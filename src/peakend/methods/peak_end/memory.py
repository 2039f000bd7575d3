"""What of a visit is remembered: six regressions on the features of its moments, and the test of the peak and end
against the mean.

Rows are visits. Leave-one-out errors come from one fit (the residual over 1 − leverage, Allen's 1974 PRESS), and
replicates from sums of cross-products over resampled customers, so that nothing is fitted twice. Sources: Kahneman,
Fredrickson, Schreiber & Redelmeier 1993; Williams 1959, Steiger 1980 (dependent correlations); Zou 2007 (their
difference); MacKinnon & White 1985 (HC3). Checked against: psych 2.2.9 (r.test, Steiger 1980 case A), R 4.2.2 (lm, AIC,
BIC).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peakend import intervals as iv
from peakend.maths import shapley
from peakend.reduce import FEATURES, Walks
from peakend.sums import Floats

Peak = Literal["peak", "extreme", "trough"]
Model = Literal["m1", "m2", "m3", "m4", "m5", "m6"]

MODELS: Final[Mapping[Model, tuple[str, ...]]] = {
    "m1": ("peak", "end"),
    "m2": ("peak_end",),
    "m3": ("mean",),
    "m4": ("peak", "end", "mean"),
    "m5": ("peak", "end", "duration"),
    "m6": ("peak", "end", "mean", "duration"),
}
"""The features that each model explains the remembered score by; duration is the number of moments."""
REPLICATES: Final = 2000
BUCKETS: Final = 1024
SEED: Final = 19_930_901


def of_visits(features: Floats, peak: Peak = "peak") -> dict[str, Floats]:
    """The columns of `Walks.features` by name, `peak` and `peak_end` by the moment that stands for the peak.

    In an unpleasant episode the peak is the worst moment: `trough`, or `extreme`, the moment farthest from the middle
    of its scale.
    """
    named = dict(zip(FEATURES[:-1], features.T, strict=True))
    most = named[peak]
    return {**named, "duration": named["n"], "peak": most, "peak_end": (most + named["end"]) / 2, "best": named["peak"]}


# --- two correlations with one thing ----------------------------------------------------------------------------------


def williams(n: int, r_y1: float, r_y2: float, r_12: float) -> iv.Test | None:
    """Whether x1 goes with y more than x2 does, both measured on the same n: Williams' (1959) t with n − 3 df, as
    Steiger (1980) advises.

    None for n < 4, or where x1 and x2 are the same thing.
    """
    rest = 1 - r_y1**2 - r_y2**2 - r_12**2 + 2 * r_y1 * r_y2 * r_12
    spread = 2 * (n - 1) / (n - 3) * rest + ((r_y1 + r_y2) / 2) ** 2 * (1 - r_12) ** 3 if n > 3 else 0.0
    if spread <= 1e-12:
        return None
    t = (r_y1 - r_y2) * math.sqrt((n - 1) * (1 + r_12) / spread)
    return iv.Test(statistic=t, p=iv.t_p(t, n - 3), df=n - 3)


def correlation_interval(r: float, n: int, conf: float = 0.95) -> iv.Interval | None:
    """Fisher's (1921) interval of a correlation; None for n < 4 or |r| = 1."""
    if n < 4 or abs(r) >= 1 - 1e-12:
        return None
    half = iv.z_quantile(conf) / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def difference_interval(n: int, r_y1: float, r_y2: float, r_12: float, conf: float = 0.95) -> iv.Interval | None:
    """The difference r_y1 − r_y2 of two correlations with one thing, from their Fisher intervals and how they move
    together (Zou 2007).
    """
    one, two = correlation_interval(r_y1, n, conf), correlation_interval(r_y2, n, conf)
    if one is None or two is None:
        return None
    together = ((r_12 - r_y1 * r_y2 / 2) * (1 - r_y1**2 - r_y2**2 - r_12**2) + r_12**3) / (
        (1 - r_y1**2) * (1 - r_y2**2)
    )
    below, above = (r_y1 - one[0], two[1] - r_y2), (one[1] - r_y1, r_y2 - two[0])
    ends = [math.sqrt(max(0.0, a * a + b * b - 2 * together * a * b)) for a, b in (below, above)]
    return r_y1 - r_y2 - ends[0], r_y1 - r_y2 + ends[1]


# --- one model --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ModelFit:
    """Least squares of the remembered score on some features: by feature the coefficient, its HC3 standard error, and
    its share (LMG).

    `loo_rmse` is the root of the mean squared error of each visit predicted from all others; `aic` and `bic` count σ
    among the parameters, as R does (others do not: theirs are smaller by 2 and by ln n). `rss` and `df` carry the
    nested tests.
    """

    features: tuple[str, ...]
    intercept: float
    coefficients: Mapping[str, float]
    errors: Mapping[str, float]
    shares: Mapping[str, float]
    r2: float
    adjusted_r2: float
    loo_rmse: float
    aic: float
    bic: float
    rss: float
    df: int


def fit(y: Floats, columns: Mapping[str, Floats], names: Sequence[str]) -> ModelFit | None:
    """The fit of y on these columns; None where they are not independent of one another, or leave no visit to
    judge by.
    """
    x = np.column_stack([np.ones(len(y)), *(columns[name] for name in names)])
    scale = np.sqrt((x**2).sum(axis=0))
    left = len(y) - x.shape[1]
    if left < 1 or np.any(scale == 0) or np.linalg.matrix_rank(x / scale, tol=1e-9) < x.shape[1]:
        return None
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ (x.T @ y)
    rest, leverage = y - x @ beta, np.einsum("ij,jk,ik->i", x, bread, x)
    alone = rest / np.maximum(1 - leverage, 1e-9)
    robust = bread @ ((x * (alone**2)[:, None]).T @ x) @ bread
    rss, total, n = float(rest @ rest), float(((y - y.mean()) ** 2).sum()), len(y)
    deviance = n * (math.log(2 * math.pi * max(rss, 1e-300) / n) + 1)
    shares = shapley.lmg(shapley.r2_of_subsets(shapley.correlation(np.cov(np.column_stack([x[:, 1:], y]).T))))
    return ModelFit(
        features=tuple(names), intercept=float(beta[0]), coefficients=_by_name(names, beta[1:]),
        shares=_by_name(names, shares),
        errors=_by_name(names, np.sqrt(np.diagonal(robust))[1:]), r2=1 - rss / total,
        adjusted_r2=1 - rss / left / (total / (n - 1)),
        loo_rmse=float(np.sqrt(np.mean(alone**2))), aic=deviance + 2 * (x.shape[1] + 1),
        bic=deviance + math.log(n) * (x.shape[1] + 1),
        rss=rss, df=left,
    )  # fmt: skip


def _by_name(names: Sequence[str], values: Floats) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))


def nested_test(small: ModelFit, large: ModelFit) -> iv.Test | None:
    """F of what the larger model explains beyond the smaller one that it holds; None where nothing is left over."""
    more = small.df - large.df
    if large.rss <= 0 or more < 1:
        return None
    f = (small.rss - large.rss) / more / (large.rss / large.df)
    return iv.Test(statistic=f, p=float(special.fdtrc(more, large.df, f)), df=more)


# --- what if ----------------------------------------------------------------------------------------------------------


def raise_moment(walks: Walks, moment: str, raised: float) -> Floats:
    """The ratings with one moment of each visit raised, and kept on its scale: "end", "start", "peak" or "trough" (of
    equals the first), or every rating of the touchpoint of that name.
    """
    value = walks.value.copy()
    at = _moment(walks, moment)
    value[at] = np.clip(
        value[at] + raised,
        np.where(np.isnan(walks.low), -np.inf, walks.low)[at],
        np.where(np.isnan(walks.high), np.inf, walks.high)[at],
    )
    return value


def _moment(walks: Walks, moment: str) -> Any:
    if moment in {"start", "end"}:
        return walks.first if moment == "start" else walks.last
    if moment not in {"peak", "trough"}:
        return np.flatnonzero(walks.touchpoint == (walks.names.index(moment) if moment in walks.names else -1))
    toward = -walks.value if moment == "peak" else walks.value
    return np.lexsort((np.arange(len(toward)), toward, walks.owner))[walks.first]


def what_if(
    walks: Walks, moments: Sequence[str], raised: float, *, model: Model, peak: Peak = "peak", conf: float = 0.95
) -> dict[str, dict[str, Any]]:
    """By moment: what the remembered score is predicted to change by, on average over all visits, with a percentile
    interval.

    The features are taken anew from the edited ratings and put into the model; customers are resampled (2,000 times, by
    bucket where there are more than 1,024 of them) and the model fitted anew each time. It predicts only if the
    association is causal.
    """
    names = MODELS[model]
    before = of_visits(walks.features(), peak)
    x = np.column_stack([np.ones(len(walks.first)), *(before[name] for name in names)])
    changes = {moment: raise_moment(walks, moment, raised) for moment in moments}
    moved = {
        moment: _matrix(of_visits(walks.features(value), peak), names) - x[:, 1:] for moment, value in changes.items()
    }
    beta, mean = _replicates(x, walks.remembered, np.stack(list(moved.values()), axis=1), _who(walks))
    found = {}
    tails = [(1 - conf) / 2, (1 + conf) / 2]
    for at, moment in enumerate(moments):
        effect = (beta[:, 1:] * mean[:, at]).sum(axis=1)
        low, high = np.quantile(effect[1:], tails).tolist()
        rise = np.add.reduceat(changes[moment] - walks.value, walks.first) if len(walks.value) else np.zeros(1)
        found[moment] = {
            "value": float(effect[0]),
            "low": low,
            "high": high,
            "risen": float(rise.mean()),
            "reached": int((rise != 0).sum()),
        }
    return found


def _matrix(columns: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    return np.column_stack([columns[name] for name in names])


def _who(walks: Walks) -> NDArray[np.int64]:
    """The bucket of each visit: its customer, or where there are many a group of them."""
    _, who = np.unique(walks.who.astype(str), return_inverse=True)
    return np.asarray(who % BUCKETS, dtype=np.int64)


def _replicates(x: Floats, y: Floats, moved: Floats, who: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Coefficients (replicates + 1, k) and mean moves (replicates + 1, moments, k − 1): first of all visits, then of
    resampled buckets.
    """
    used, who = np.unique(who, return_inverse=True)
    k, size = x.shape[1], len(used)
    flat = np.column_stack(
        [(x[:, :, None] * np.column_stack([x, y])[:, None, :]).reshape(len(x), -1), moved.reshape(len(x), -1)]
    )
    sums = np.zeros((size, flat.shape[1]))
    np.add.at(sums, who, flat)
    drawn = np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), size=REPLICATES).astype(np.float64)
    total = np.vstack([np.ones(size), drawn]) @ sums
    products = total[:, : k * (k + 1)].reshape(-1, k, k + 1)
    sound = np.linalg.cond(products[:, :, :k]) < 1e12
    sound[0] = True
    products, mean = products[sound], total[sound, k * (k + 1) :] / products[sound, 0, 0][:, None]
    beta = np.linalg.solve(products[:, :, :k], products[:, :, k:])[..., 0]
    return np.asarray(beta, dtype=np.float64), np.asarray(mean.reshape(len(mean), -1, k - 1), dtype=np.float64)
