"""Where a function of one number crosses zero: for sample sizes, boundaries and locations that have no formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

EPSILON: Final = 2.0**-52


def zero(f: Callable[[float], float], low: float, high: float, tolerance: float = 1e-10) -> float:
    """A zero of `f` between two places where it has unlike signs, by Brent's (1973) method: interpolated where that is
    safe, else halved.

    The steps are those of the book, so that with the same tolerance a step function gives the same place as R's
    uniroot. Raises ValueError where the signs are alike.
    """
    a, b, fa, fb = low, high, f(low), f(high)
    if fa * fb > 0:
        raise ValueError("no change of sign between the two ends")
    c, fc = a, fa
    while True:
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        least, half = 2 * EPSILON * abs(b) + tolerance / 2, (c - b) / 2
        if abs(half) <= least or fb == 0:
            return b
        step = _step((a, b, c), (fa, fb, fc), before, half, least)
        a, fa = b, fb
        b += step if abs(step) >= least else math.copysign(least, step)
        fb = f(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa


def _step(
    x: tuple[float, float, float], y: tuple[float, float, float], before: float, half: float, least: float
) -> float:
    """The next step: interpolated where it stays well inside and shrinks fast enough, else half the way."""
    (a, b, c), (fa, fb, fc) = x, y
    if abs(before) < least or abs(fa) <= abs(fb):
        return half
    if a == c:
        p, q = (c - b) * fb / fa, 1 - fb / fa
    else:
        r, s, t = fa / fc, fb / fc, fb / fa
        p, q = t * ((c - b) * r * (r - s) - (b - a) * (s - 1)), (r - 1) * (s - 1) * (t - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    return p / q if p < 0.75 * (c - b) * q - abs(least * q) / 2 and p < abs(before * q / 2) else half
