"""Looking at an experiment while it runs, without being fooled by looking often.

Two answers. Alpha spending (Lan & DeMets 1983): so many looks at planned shares of the information, each with a
boundary that leaves the chance of any false alarm at alpha. Always valid (Johari, Koomen, Pekelis & Walsh 2022; Robbins
1970): a p and an interval that hold at every look, however many, from a normal mixture whose spread τ² is fixed before
the first look. Checked against: ldbounds 2.0.2 and Lan & DeMets' published boundaries, which are reproduced by
numerical integration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import special

from peakend import intervals as iv
from peakend.maths.roots import zero

Spending = Literal["obrien_fleming", "pocock"]
NODES: Final = 200
FARTHEST: Final = 38.0
"""A boundary beyond any z that a double can tell from certainty."""


def obrien_fleming(share: float, alpha: float) -> float:
    """One side's alpha spent at a share of the information: 2 − 2Φ(z_{alpha/2}/√share). Hardly any at first."""
    return float(2 * special.ndtr(special.ndtri(alpha / 2) / math.sqrt(share)))


def pocock(share: float, alpha: float) -> float:
    """One side's alpha spent at a share of the information: alpha·ln(1 + (e − 1)·share). About as much at each look."""
    return alpha * math.log1p((math.e - 1) * share)


SPENDING: Final[dict[Spending, Callable[[float, float], float]]] = {"obrien_fleming": obrien_fleming, "pocock": pocock}


def alpha_spending(information: Sequence[float], spending: Spending, alpha: float = 0.05) -> tuple[float, ...]:
    """Two-sided alpha spent up to each look: twice what one side spends of alpha/2."""
    return tuple(2 * SPENDING[spending](min(1.0, share), alpha / 2) for share in information)


def boundaries(
    information: Sequence[float], spending: Spending = "obrien_fleming", alpha: float = 0.05
) -> tuple[float, ...]:
    """The |z| that each look must pass, at rising shares of the information (the last one 1 in a finished plan).

    The score process is a Brownian motion; the part of it that has crossed no boundary yet is carried from look to look
    by Gauss–Legendre integration, and each boundary is where what crosses it anew is just the alpha newly spent.
    """
    x, mass, before, found = np.zeros(1), np.ones(1), 0.0, []
    for share, now, then in zip(
        information,
        alpha_spending(information, spending, alpha),
        (0.0, *alpha_spending(information, spending, alpha)),
        strict=False,
    ):
        step, fresh = math.sqrt(share - before), max(now - then, 0.0)
        bound = _bound(x, mass, step, fresh)
        found.append(bound / math.sqrt(share))
        x, mass, before = *_carry(x, mass, step, bound), share
    return tuple(found)


def _bound(x: iv.Array, mass: iv.Array, step: float, fresh: float) -> float:
    """The place on the scale of the process beyond which, on both sides, lies just the alpha newly spent."""
    far = FARTHEST * step + float(np.abs(x).max())
    return (
        zero(lambda b: _beyond(x, mass, step, b) - fresh, 0.0, far, 1e-12)
        if fresh > _beyond(x, mass, step, far)
        else far
    )


def _beyond(x: iv.Array, mass: iv.Array, step: float, bound: float) -> float:
    return float(mass @ (special.ndtr((x - bound) / step) + special.ndtr((-x - bound) / step)))


def _carry(x: iv.Array, mass: iv.Array, step: float, bound: float) -> tuple[iv.Array, iv.Array]:
    """What is still inside after this look: nodes, and the probability that each stands for."""
    at, weight = _LEGENDRE
    to = bound * at
    density = np.exp(-(((to[:, None] - x[None, :]) / step) ** 2) / 2) / (step * math.sqrt(2 * math.pi))
    return to, bound * weight * (density @ mass)


_LEGENDRE: Final[tuple[iv.Array, iv.Array]] = np.polynomial.legendre.leggauss(NODES)


# --- always valid -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Always:
    """One look of the mixture test: its likelihood ratio, the p of this look alone, and the interval that is valid at
    every look.
    """

    ratio: float
    p: float
    low: float
    high: float


def mixture(estimate: float, variance: float, tau2: float, conf: float = 0.95) -> Always:
    """The mixture sequential probability ratio test of an estimate against zero, from its sampling `variance` V so far
    (σ²/n).

    With the mixture N(0, τ²): Λ = √(V/(V + τ²))·exp(x²τ²/(2V(V + τ²))), p = min(1, 1/Λ), and the interval is
    x ± √(V(V + τ²)/τ²·(2 ln(1/α) + ln((V + τ²)/V))). The p to report is the least so far.
    """
    both = variance + tau2
    log = 0.5 * math.log(variance / both) + estimate**2 * tau2 / (2 * variance * both)
    half = math.sqrt(variance * both / tau2 * (2 * math.log(1 / (1 - conf)) + math.log(both / variance)))
    return Always(
        ratio=math.exp(min(log, 700.0)),
        p=min(1.0, math.exp(-log) if log > 0 else 1.0),
        low=estimate - half,
        high=estimate + half,
    )
