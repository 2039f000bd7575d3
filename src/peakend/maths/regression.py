"""Least squares and Poisson regression on a few dozen rows, with the standard errors that series and panels need.

Rows of a series are not independent of their neighbours, nor rows of one unit of each other: the coefficients stay,
their standard errors must not be those of independent rows. Checked against: R 4.2.2 (lm, glm), sandwich 3.0-2
(NeweyWest, vcovHC, vcovCL), lmtest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from peakend import intervals as iv

Array = NDArray[np.float64]
STEPS = 50


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Coefficients of shape (k,), the rows they were fitted on, (n, k), and the inverse of X'X (of X'WX for counts).

    `residual` is y − ŷ; `dispersion` is σ² of least squares, Pearson's χ²/(n − k) of counts.
    """

    coefficients: Array
    rows: Array
    residual: Array
    bread: Array
    dispersion: float

    @property
    def df(self) -> int:
        """Degrees of freedom left: n − k."""
        return int(self.rows.shape[0] - self.rows.shape[1])

    def classical_errors(self) -> Array:
        """Standard errors of independent rows with one variance (of counts: quasi-Poisson's)."""
        return _roots(self.bread * self.dispersion)


def least_squares(rows: ArrayLike, y: ArrayLike) -> Fit:
    """Ordinary least squares. Raises LinAlgError where the columns are not independent."""
    x, seen = np.asarray(rows, dtype=float), np.asarray(y, dtype=float)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise np.linalg.LinAlgError("columns depend on each other")
    bread = np.linalg.inv(x.T @ x)
    coefficients = bread @ (x.T @ seen)
    residual = seen - x @ coefficients
    left = x.shape[0] - x.shape[1]
    return Fit(
        coefficients=coefficients,
        rows=x,
        residual=residual,
        bread=bread,
        dispersion=float(residual @ residual) / left if left else 0.0,
    )


def poisson(rows: ArrayLike, y: ArrayLike, exposure: ArrayLike | None = None) -> Fit:
    """Counts with a log link and log(exposure) as offset, by iteratively reweighted least squares.

    Starts, stops (deviance changed by less than 10⁻⁸ of itself) and weighs (by the step before the last) as R's glm
    does, so that dispersion and standard errors are its to six digits. Raises LinAlgError where it does not converge.
    """
    x, seen = np.asarray(rows, dtype=float), np.asarray(y, dtype=float)
    offset = np.zeros(len(seen)) if exposure is None else np.log(np.asarray(exposure, dtype=float))
    mean, before = seen + 0.1, math.inf
    for _ in range(STEPS):
        weight = mean
        bread = np.asarray(np.linalg.inv(x.T @ (x * weight[:, None])), dtype=np.float64)
        coefficients = bread @ (x.T @ (weight * (np.log(mean) - offset + (seen - mean) / mean)))
        mean = np.exp(np.clip(x @ coefficients + offset, -700, 700))
        deviance = 2 * float((special.xlogy(seen, seen / mean) - (seen - mean)).sum())
        if abs(deviance - before) < 1e-8 * (abs(deviance) + 0.1):
            break
        before = deviance
    else:
        raise np.linalg.LinAlgError("not converged")
    left, chi2 = x.shape[0] - x.shape[1], float((weight * ((seen - mean) / mean) ** 2).sum())
    return Fit(
        coefficients=coefficients, rows=x, residual=seen - mean, bread=bread, dispersion=chi2 / left if left else 0.0
    )


# --- standard errors --------------------------------------------------------------------------------------------------


def newey_west(fit: Fit, lag: int, *, small: bool = True) -> Array:
    """Standard errors of rows in order of time that remember `lag` steps (Newey & West 1987, Bartlett weights, no
    prewhitening).

    `small` multiplies the covariance by n/(n − k), as R's `adjust = TRUE`. Many lags in a short series make them too
    small, not safer; and even the usual lag does: an interval of a level covers 84% for n = 24, 89 for 59 and 92 for
    120 where neighbours do not depend on each other, less where they do. It is kept because it is what others report;
    nothing is claimed for it.
    """
    scores, n = fit.rows * fit.residual[:, None], len(fit.residual)
    meat = scores.T @ scores
    for step in range(1, min(lag, n - 1) + 1):
        cross = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (cross + cross.T)
    return _roots(fit.bread @ meat @ fit.bread * (n / fit.df if small and fit.df else 1.0))


def newey_west_automatic(fit: Fit, *, small: bool = False) -> tuple[Array, int]:
    """Standard errors after a VAR(1) has taken most memory out of the scores, and the lag that Newey & West (1994)
    choose for what is left.

    R's default (`sandwich::NeweyWest`, its bwNeweyWest: Bartlett weights, the first column left out of the choice as an
    intercept). `small` as in `newey_west`. Raises LinAlgError where the scores have no VAR(1) that fades.
    """
    scores, n = fit.rows * fit.residual[:, None], len(fit.residual)
    past, now = scores[:-1], scores[1:]
    memory = np.linalg.solve(past.T @ past, past.T @ now)
    if np.abs(np.linalg.eigvals(memory)).max() >= 1:
        raise np.linalg.LinAlgError("scores do not fade")
    left = now - past @ memory
    lag = min(_chosen_lag(left[:, 1:].sum(axis=1), n), n - 2)
    meat = left.T @ left
    for step in range(1, lag + 1):
        cross = left[step:].T @ left[:-step]
        meat += (1 - step / (lag + 1)) * (cross + cross.T)
    colour = np.linalg.inv(np.eye(scores.shape[1]) - memory)
    return _roots(fit.bread @ colour.T @ meat @ colour @ fit.bread * (n / fit.df if small and fit.df else 1.0)), lag


def _chosen_lag(summed: Array, n: int) -> int:
    """⌊1.1447·(s1²/s0²·n)^(1/3)⌋ from the first ⌊3·(n/100)^(2/9)⌋ autocovariances of the prewhitened scores, summed
    over columns.
    """
    reach = int(3 * (n / 100) ** (2 / 9))
    sigma = np.array([summed[: len(summed) - step] @ summed[step:] for step in range(reach + 1)]) / len(summed)
    s0, s1 = sigma[0] + 2 * sigma[1:].sum(), 2 * float(np.arange(1, reach + 1) @ sigma[1:])
    return int(1.1447 * ((s1 / s0) ** 2 * n) ** (1 / 3)) if s0 else 0


def cluster_errors(fit: Fit, cluster: ArrayLike) -> Array:
    """Standard errors of rows that come in clusters: G/(G − 1)·(n − 1)/(n − k) times the sandwich (vcovCL's HC1). Not
    for one treated cluster.
    """
    scores = fit.rows * fit.residual[:, None]
    _, where = np.unique(np.asarray(cluster), return_inverse=True)
    groups = int(where.max()) + 1
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, where, scores)
    n = len(fit.residual)
    return _roots(fit.bread @ (sums.T @ sums) @ fit.bread * groups / (groups - 1) * (n - 1) / fit.df)


def usual_lag(n: int) -> int:
    """The lag that Newey & West (1994) start from: ⌊4·(n/100)^(2/9)⌋; 3 for five years of months."""
    return int(4 * (n / 100) ** (2 / 9))


def _roots(covariance: Array) -> Array:
    return np.asarray(np.sqrt(np.maximum(np.diag(covariance), 0.0)), dtype=np.float64)


# --- does a series remember? ------------------------------------------------------------------------------------------


def durbin_watson(fit: Fit) -> float | None:
    """About 2 where neighbours do not depend on each other, below where they are alike (Durbin & Watson 1950); None
    without residuals.
    """
    total = float(fit.residual @ fit.residual)
    return float((np.diff(fit.residual) ** 2).sum()) / total if total > 0 else None


def breusch_godfrey(fit: Fit, order: int) -> iv.Test | None:
    """Whether residuals depend on those up to `order` steps before: n·R² of them on the rows and their own past, χ²
    (missing past as 0).
    """
    n, e = len(fit.residual), fit.residual
    past = np.column_stack([np.concatenate([np.zeros(step), e[:-step]]) for step in range(1, order + 1)])
    x = np.hstack([fit.rows, past])
    if np.linalg.matrix_rank(x) < x.shape[1] or not float(e @ e) or n <= x.shape[1]:
        return None
    left = least_squares(x, e).residual
    statistic = n * (1 - float(left @ left) / float(e @ e))
    return iv.Test(statistic=statistic, p=iv.chi2_p(statistic, order), df=order)
