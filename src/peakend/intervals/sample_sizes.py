"""How many answers a difference needs, and the chance to find it with so many."""

from __future__ import annotations

import math

from scipy import special

from peakend.intervals.quantiles import t_quantile, z_quantile


def power_of_shares(n: float, share1: float, share2: float, alpha: float = 0.05) -> float:
    """Chance to find the difference of two shares with n answers in each group (as R's power.prop.test)."""
    pooled = math.sqrt((share1 + share2) * (1 - (share1 + share2) / 2))
    apart = math.sqrt(share1 * (1 - share1) + share2 * (1 - share2))
    return float(special.ndtr((math.sqrt(n) * abs(share1 - share2) - z_quantile(1 - alpha) * pooled) / apart))


def answers_for_shares(share1: float, share2: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Answers needed in each group to find the difference of two shares with this power; not rounded."""
    pooled = math.sqrt((share1 + share2) * (1 - (share1 + share2) / 2))
    apart = math.sqrt(share1 * (1 - share1) + share2 * (1 - share2))
    return ((z_quantile(1 - alpha) * pooled + float(special.ndtri(power)) * apart) / (share1 - share2)) ** 2


def power_of_means(n: float, difference: float, sd: float, alpha: float = 0.05) -> float:
    """Chance to find a difference of two means with n answers in each group and common `sd` (as R's power.t.test)."""
    df = 2 * (n - 1)
    return float(1 - special.nctdtr(df, math.sqrt(n / 2) * abs(difference) / sd, t_quantile(df, 1 - alpha)))
