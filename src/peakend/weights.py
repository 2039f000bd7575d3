"""What a row says of survey weights: its figure with them, that they are too uneven for one, or that they were not
used.

A weighted twin is a mapping with value, low, high and `n_eff`, the number of equal answers that weigh as much (Kish
1965). Where unequal weights leave fewer than `LEAST_EFFECTIVE`, its linearised error is itself not to be trusted: one
weight of 10⁵ among fifty of one gives an interval of no width. Such a twin stays in the row for comparison, and is told
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peakend.figures import number
from peakend.terms import Lang, label

Twin = Mapping[str, float | None]
FigureForm = tuple[float, str, int | None]
"""By what figures are multiplied for eyes, their unit, and how many digits stand after the point, where that is
fixed.
"""

LEAST_EFFECTIVE: Final = 30
"""The weighted figure of fewer effective answers is not told."""
UNUSED: Final = "weights_unused"
UNEVEN: Final = "weights_uneven"
NOTHING: Final = "weights_nothing"
HINTS: Final = (UNUSED, UNEVEN, NOTHING)
"""The warnings of a row whose figure has no weighted one beside it, though weights were given."""
DECIMALS: Final = 20
"""Figures of scales, below it, are written with two digits after the point; shares and scores with one."""
NOISE: Final = 1e-9
"""Weights that differ by less are the same."""


def uneven(twin: Twin | None, n: float) -> bool:
    """Whether unequal weights leave fewer effective answers than `LEAST_EFFECTIVE` of n; a twin may say itself of how
    many it is.
    """
    effective = None if twin is None else twin.get("n_eff")
    if twin is None or effective is None:
        return False
    return effective < LEAST_EFFECTIVE and effective < (twin.get("n") or n) * (1 - NOISE)


def figure(twin: Twin | None, n: float) -> float | None:
    """The value of a weighted twin of n answers, where it may be told."""
    return None if twin is None or uneven(twin, n) else twin.get("value")


def vary(n: float, weight: float, weight2: float) -> bool:
    """Whether n weights differ, from Σw and Σw²: by Cauchy and Schwarz n·Σw² is (Σw)² only where they do not."""
    return n * weight2 > weight**2 * (1 + NOISE)


def remark(warnings: Sequence[str], twin: Twin | None, n: int, lang: Lang) -> str:
    """What a sentence about the row adds where there is no weighted figure to tell; empty where nothing is to
    be said.
    """
    hint = next((name for name in HINTS if name in warnings), None)
    if hint is None:
        return ""
    effective = (twin or {}).get("n_eff") or 0.0
    few = ".few" if hint == UNEVEN and n < LEAST_EFFECTIVE else ""
    return label(f"{hint}.said{few}", lang).format(n=f"{n:,}", effective=number(effective), least=LEAST_EFFECTIVE)


def beside(
    twin: Twin | None, told: tuple[float | None, int], written: FigureForm, lang: Lang, *, about: str = ""
) -> str:
    """The weighted figure with its interval as a sentence of its own, where it may be told and is not written as the
    one `told`, of n answers; it begins with what it is `about` where it stands first.
    """
    (value, n), (times, unit, fixed) = told, written
    weighted = figure(twin, n)
    if twin is None or weighted is None or value is None:
        return ""
    figures = [None if one is None else one * times for one in (weighted, twin.get("low"), twin.get("high"), value)]
    digits = fixed if fixed is not None else 2 if abs(weighted * times) < DECIMALS else 1
    own, low, high, other = ("" if one is None else number(one, digits) for one in figures)
    if own == other:
        return ""
    ends = label("weights_ends", lang).format(low=low, high=high) if low and high else ""
    words = label("weights_first" if about else "weights_beside", lang)
    return words.format(
        about=f"{about[0].upper()}{about[1:]}" if about and lang == "en" else about, figure=f"{own}{unit}", ends=ends
    )
