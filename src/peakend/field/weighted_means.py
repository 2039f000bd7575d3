"""Means with survey weights: each respondent counted as often as they stand for others, with errors that know how
unequal the weights are.

Everything comes from three sums of the same columns, each respondent counted with w⁰, w¹ and w². Cov = n/(n − 1)·Σ w²(x
− m)(x − m)ᵀ/(Σw)², linearised. Checked against: survey 4.1-1 (svymean, svyratio).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from peakend import intervals as iv
from peakend.sums import Floats, Sums
from peakend.thresholds import FEWEST_FOR_SPREAD

Three = tuple[Sums, Sums, Sums]
"""The same columns of the same respondents, each counted with w⁰, w¹ and w²."""
_NOISE: Final = 1e-12


@dataclass(frozen=True, kw_only=True)
class Means:
    """Means of several columns over the same n respondents, and the covariance of these means; `n_eff` is Kish's."""

    n: float
    mean: Floats
    covariance: Floats
    n_eff: float | None


def means(powers: Three, columns: Sequence[int]) -> Means | None:
    """The means of columns that the same respondents answered, with survey weights; None for fewer than two or where
    all weights are 0.
    """
    plain, first, second = (part.take(columns).total() for part in powers)
    n, w, w2 = (float(part.n[0, 0, 0]) for part in (plain, first, second))
    if n < FEWEST_FOR_SPREAD or w <= 0:
        return None
    m, s2 = np.diagonal(first.s[0]) / w, np.diagonal(second.s[0])
    away = second.ss[0] - np.outer(m, s2) - np.outer(s2, m) + w2 * np.outer(m, m)
    return Means(n=n, mean=m, covariance=n / (n - 1) * away / w**2, n_eff=iv.kish(w, w2))


def mean(powers: Three, column: int, conf: float) -> Mapping[str, float | None] | None:
    """The mean of one column with survey weights: value, low, high, se (linearised), n_eff (Kish); None for fewer than
    two or no weight.

    Student's interval with n − 1.
    """
    found = means(powers, [column])
    if found is None:
        return None
    variance = max(0.0, float(found.covariance[0, 0]))
    low, high = iv.mean_t(found.n, float(found.mean[0]), variance * found.n if variance > _NOISE else 0.0, conf) or (
        None,
        None,
    )
    return MappingProxyType(
        {"value": float(found.mean[0]), "low": low, "high": high, "se": math.sqrt(variance), "n_eff": found.n_eff}
    )
