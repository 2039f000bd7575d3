"""How many answers a question needs before it is asked: power and sample size of shares, means and pairs.

Beside `intervals.power_of_shares`, `intervals.answers_for_shares` and `intervals.power_of_means`. Nothing is rounded
here. Checked against: R 4.2.2 (power.prop.test, power.t.test), and by simulation in `docs/coverage.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from scipy import special

from peakend import intervals as iv
from peakend.maths.roots import zero

MOST_ANSWERS: Final = 1e8
"""Nobody asks more people than this."""


def power_of_pairs(n: float, difference: float, sd: float, alpha: float = 0.05) -> float:
    """Chance to find a mean difference within n people asked twice, `sd` that of their differences (as R's
    power.t.test, paired).
    """
    return float(1 - special.nctdtr(n - 1, math.sqrt(n) * abs(difference) / sd, iv.t_quantile(n - 1, 1 - alpha)))


def answers_for_means(difference: float, sd: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Answers needed in each of two groups to find a difference of means with common `sd`."""
    return _least_n(lambda n: iv.power_of_means(n, difference, sd, alpha), power)


def answers_for_pairs(difference: float, sd: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """People to be asked twice to find a mean difference, `sd` that of their differences."""
    return _least_n(lambda n: power_of_pairs(n, difference, sd, alpha), power)


def answers_for_margin(variance: float, margin: float, conf: float = 0.95) -> float:
    """Answers for an interval of ± `margin`: z²·V/m², with V = p(1 − p) of a share (¼ at worst), p + d − (p − d)² of an
    NPS, σ² of a mean.
    """
    return iv.z_quantile(conf) ** 2 * variance / margin**2


def _least_n(power_at: Callable[[float], float], power: float) -> float:
    """The least n with this power: found by doubling, then exactly. 2 where two are enough; infinite where nobody could
    ask so many.
    """
    low, high = 2.0, 4.0
    if power_at(low) >= power:
        return low
    while power_at(high) < power:
        low, high = high, 2 * high
        if high > MOST_ANSWERS:
            return math.inf
    return zero(lambda n: power_at(n) - power, low, high, 1e-9)
