"""How long something lasts where some of it has not ended yet: the estimate of Kaplan and Meier 1958.

Of what has not ended only a least length is known; left out, or taken as ended, it makes all look shorter, for what
lasts long is what is still open. Checked against: R 4.2.2 with survival 3.5-3, `survfit(Surv(t, s) ~ 1, conf.type =
"log-log")` run on the leukaemia trials of Freireich et al. 1963 and Embury et al. 1977 (`aml`): shares, standard
errors, intervals, quantiles with their ends, restricted means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from peakend.intervals import z_quantile
from peakend.sums import Floats, Wholes


@dataclass(frozen=True)
class Survival:
    """`share[i]` lasts longer than `times[i]`, the lengths at which some ended, in order; `risk[i]` had lasted as long,
    of which `ended[i]` ended.

    S(t) = Π_{tᵢ≤t} (1 − dᵢ/nᵢ); Var S(t) = S(t)²·Σ_{tᵢ≤t} dᵢ/(nᵢ(nᵢ−dᵢ)) (Greenwood 1926).
    """

    times: Floats
    risk: Wholes
    ended: Wholes
    share: Floats
    greenwood: Floats

    def beyond(self, t: float) -> float:
        """The share that lasts longer than t."""
        return float(np.append(1.0, self.share)[self._at(t)])

    def se(self, t: float) -> float:
        """The standard error of that share."""
        return self.beyond(t) * math.sqrt(float(np.append(0.0, self.greenwood)[self._at(t)]))

    def beyond_interval(self, t: float, conf: float, wider: float = 1.0) -> tuple[float, float] | None:
        """Greenwood's interval of that share, on the scale of log(−log S), so that it stays between 0 and 1; None at
        either end. `wider` is how many times as large the error is as that of lengths that know nothing of one another.
        """
        ends = self._intervals(conf, wider)[max(self._at(t) - 1, 0)]
        return None if self._at(t) == 0 or np.isnan(ends).any() else (float(ends[0]), float(ends[1]))

    def quantile(self, share: float) -> float | None:
        """The length within which this share has ended; None where fewer have."""
        return _first(self.times, self.share <= 1 - share + 1e-9)

    def quantile_interval(self, share: float, conf: float, wider: float = 1.0) -> tuple[float | None, float | None]:
        """The lengths at which the interval of S holds 1 − share (Brookmeyer & Crowley 1982); None for an end that lies
        beyond what was seen. `wider` as of `beyond_interval`. Of the first few that ended the logarithms make the
        interval of S so wide that it would hold any share: only lengths that are connected with the quantile count.
        """
        ends = self._intervals(conf, wider)
        low, high = np.where(np.isnan(ends), self.share[:, None], ends).T
        above = np.logical_or.accumulate((low > 1 - share)[::-1])[::-1]
        return _first(self.times, ~above), _first(self.times, high <= 1 - share)

    def mean(self, horizon: float) -> tuple[float, float]:
        """The mean of min(T, horizon), the area under S up to there, and its variance Σ Aᵢ²·dᵢ/(nᵢ(nᵢ−dᵢ)), Aᵢ being
        the area from tᵢ on.
        """
        inside = self.times < horizon
        edges = np.concatenate([[0.0], self.times[inside], [horizon]])
        steps = np.concatenate([[1.0], self.share[inside]]) * np.diff(edges)
        after = np.cumsum(steps[::-1])[::-1]
        return float(after[0]), float(np.sum(after[1:] ** 2 * _terms(self.risk, self.ended)[inside]))

    def influence_on_share(self, t: float, lengths: ArrayLike, ended: ArrayLike) -> Floats:
        """By how much S(t) moves with the weight of each of these lengths:
        S(t)·(Σ_{tⱼ≤min(x,t)} dⱼ/(nⱼ(nⱼ−dⱼ)) − 1[ended, x≤t]/(nₓ−dₓ)).
        """
        return self.beyond(t) * self._influence(np.where(self.times <= t, 1.0, 0.0), lengths, ended)

    def influence_on_mean(self, lengths: ArrayLike, ended: ArrayLike) -> Floats:
        """The same of the mean up to the last length at which some ended."""
        after = np.append(self.share[:-1] * np.diff(self.times), 0.0)
        return self._influence(np.cumsum(after[::-1])[::-1], lengths, ended)

    def _influence(self, areas: Floats, lengths: ArrayLike, ended: ArrayLike) -> Floats:
        """Σ_{tⱼ≤x} Aⱼ·dⱼ/(nⱼ(nⱼ−dⱼ)) − 1[ended]·Aₓ/(nₓ−dₓ); what ends where nothing is left moves nothing more."""
        x, has_ended = np.asarray(lengths, dtype=np.float64), np.asarray(ended, dtype=bool)
        left = (self.risk - self.ended).astype(np.float64)
        passed = np.append(0.0, np.cumsum(areas * _terms(self.risk, self.ended)))
        own = np.append(0.0, np.where(left > 0, areas / np.where(left > 0, left, 1.0), 0.0))
        at = np.searchsorted(self.times, x, side="right")
        return np.asarray(passed[at] - np.where(has_ended, own[at], 0.0), dtype=np.float64)

    def _at(self, t: float) -> int:
        return int(np.searchsorted(self.times, t, side="right"))

    def _intervals(self, conf: float, wider: float) -> Floats:
        z = z_quantile(conf) * wider
        with np.errstate(all="ignore"):
            log = np.log(self.share)
            away = z * np.sqrt(self.greenwood) / np.abs(log)
            return np.stack([np.exp(log * np.exp(away)), np.exp(log * np.exp(-away))], axis=1)


def kaplan_meier(lengths: ArrayLike, ended: ArrayLike, still: ArrayLike) -> Survival:
    """The estimate from lengths, how many ended after each, and how many had lasted so long and were not seen any
    further.

    What ended and what was not seen any further at one length: the latter lasted longer.
    """
    t, d, c = (np.asarray(part, dtype=np.float64) for part in (lengths, ended, still))
    times, place = np.unique(t, return_inverse=True)
    ends, seen = (np.bincount(place, weights=part, minlength=len(times)) for part in (d, d + c))
    risk = np.cumsum(seen[::-1])[::-1]
    held = ends > 0
    times, risk, ends = times[held], risk[held], ends[held]
    share, greenwood = np.cumprod(1 - ends / risk), np.cumsum(_terms(risk, ends, last=np.nan))
    return Survival(times, risk.astype(np.int64), ends.astype(np.int64), np.asarray(share, dtype=np.float64), greenwood)


def _terms(risk: ArrayLike, ended: ArrayLike, last: float = 0.0) -> Floats:
    """dᵢ/(nᵢ(nᵢ−dᵢ)); of a length after which nothing is left `last`."""
    n, d = np.asarray(risk, dtype=np.float64), np.asarray(ended, dtype=np.float64)
    return np.where(n > d, d / np.where(n > d, n * (n - d), 1.0), last)


def _first(times: Floats, reached: np.ndarray) -> float | None:
    at = np.flatnonzero(reached)
    return float(times[at[0]]) if len(at) else None
