"""How the counts of a feature's classes are read: the rules that name its class, coefficients, scores and curves (Kano
1984).

Functions on counts, before the method `kano` counts them from facts. A class (in rows the field `category`, for Python
keeps the word) is a letter: A attractive, O one-dimensional, M must-be, I indifferent, R reverse, Q questionable.
Counts may be shares where nothing is tested; a test refuses them. Better and worse leave R and Q out of their
denominator; the two strengths and Fong's bound keep them in. The evaluation tables, by which pairs of answers become
such counts, are read in `tables`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.errors import MethodError

from .tables import Cells, Evaluation, evaluation

ClassCounts = Mapping[str, float]
WholeCounts = Mapping[str, int]
"""Of pairs: what is tested cannot be shares of them."""
Rule = Literal["order", "mode", "berger", "lee_newcomb"]
Equal = Literal["binomial", "tie", "strength", "fong"]

ORDER: Final = ("M", "O", "A", "I", "R", "Q")
"""What a tie is decided by: what hurts most when it is missing comes first."""
RULES: Final[tuple[Rule, ...]] = ("order", "mode", "berger", "lee_newcomb")
EQUALS: Final[tuple[Equal, ...]] = ("binomial", "tie", "strength", "fong")
SIGNIFICANCE: Final = 0.05
CLOSE_LEAD: Final = 0.06
"""A lead of less than 6% of all pairs counts as none (Lee & Newcomb 1997)."""
COMBINATION: Final = "C"
"""Lee & Newcomb's answer where no class leads."""
TERMS: Final[Mapping[str, str]] = {
    "A": "kano.attractive",
    "O": "kano.one_dimensional",
    "M": "kano.must_be",
    "I": "kano.indifferent",
    "R": "kano.reverse",
    "Q": "kano.questionable",
    "C": "kano.combination",
}
FEWEST_PAIRS: Final = 20
"""Of fewer pairs no class is named; the counts are shown."""
HALF: Final = 0.5
"""Where better and |worse| are cut into the four classes: what at least half of the people say decides."""
_DRAWS: Final = 1000


# --- coefficients and strengths ---------------------------------------------------------------------------------------


def deciding_pairs(counts: ClassCounts) -> float:
    """A + O + M + I: the pairs that better and worse are shares of."""
    return sum(counts[letter] for letter in "AOMI")


def coefficients(counts: ClassCounts) -> tuple[float, float] | None:
    """Better (A + O)/n and worse −(O + M)/n, n = A + O + M + I (Berger et al. 1993); None where n is 0: undefined is
    not 0.
    """
    n = deciding_pairs(counts)
    if n <= 0:
        return None
    return (counts["A"] + counts["O"]) / n, -(counts["O"] + counts["M"]) / n


def coefficient_intervals(counts: ClassCounts, conf: float = 0.95) -> tuple[iv.Interval, iv.Interval] | None:
    """Wilson's (1927) intervals of better and of worse, each a share of the A + O + M + I pairs; None where there are
    none.
    """
    n = deciding_pairs(counts)
    with_it, without = iv.wilson(counts["A"] + counts["O"], n, conf), iv.wilson(counts["O"] + counts["M"], n, conf)
    return None if with_it is None or without is None else (with_it, mirrored(without))


def mirrored(ends: iv.Interval) -> iv.Interval:
    """The interval of the same share below 0."""
    return (0.0 - ends[1], 0.0 - ends[0])


def covariance(counts: ClassCounts) -> float | None:
    """Of better and |worse|, which share the pairs in O: (O/n − better·|worse|)/n."""
    both, n = coefficients(counts), deciding_pairs(counts)
    return None if both is None else (counts["O"] / n + both[0] * both[1]) / n


def classes_by_size(counts: ClassCounts) -> list[str]:
    """The classes but Q, the largest first; exact ties in the order M, O, A, I, R."""
    return sorted(ORDER[:-1], key=lambda letter: (-counts[letter], ORDER.index(letter)))


def strengths(counts: ClassCounts) -> tuple[float, float]:
    """Total strength (A + O + M)/N and class strength (largest − second)/N without Q; N counts all six (Lee & Newcomb
    1997).
    """
    n, (first, second, *_) = sum(counts.values()), classes_by_size(counts)
    return (counts["A"] + counts["O"] + counts["M"]) / n, (counts[first] - counts[second]) / n


def has_close_lead(counts: ClassCounts) -> bool:
    """Whether the largest class leads the second by so little that Lee & Newcomb (1997) see no lead."""
    return strengths(counts)[1] < CLOSE_LEAD


# --- rules ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fong:
    """The lead of the largest class over the second, and the lead that Fong (1996) asks for. For comparison: it asks
    for too little.
    """

    lead: float
    needed: float

    @property
    def clear(self) -> bool:
        """Whether the lead is large enough for Fong."""
        return self.lead >= self.needed


def _check_whole(counts: WholeCounts) -> None:
    """Raises MethodError `kano.counts` for shares: nobody knows of how many pairs they are."""
    if not all(count >= 0 and float(count).is_integer() for count in counts.values()):
        raise MethodError("kano.counts", found=dict(counts), size=evaluation("standard").size)


def fong(counts: WholeCounts) -> Fong:
    """|a − b| against 1.65·√[(a + b)(2N − a − b)/(2N)]; a, b the two largest without Q, N all six.

    Anti-conservative: it takes a and b for independent shares, and 1.65 is a one-sided bound. The class is decided by
    `lead_p`. Raises MethodError `kano.counts` for shares.
    """
    _check_whole(counts)
    n, (first, second, *_) = sum(counts.values()), classes_by_size(counts)
    both = counts[first] + counts[second]
    return Fong(counts[first] - counts[second], 1.65 * math.sqrt(both * (2 * n - both) / (2 * n)))


def lead_p(counts: WholeCounts) -> float:
    """Exact binomial p of the largest class against the second, had both been equally likely. Raises MethodError
    `kano.counts` for shares.
    """
    _check_whole(counts)
    first, second, *_ = classes_by_size(counts)
    return iv.binomial_test(counts[first], counts[first] + counts[second])


def mode(counts: ClassCounts) -> str:
    """Rule 1: the largest of the six; exact ties in the order M, O, A, I, R, Q."""
    return max(ORDER, key=lambda letter: counts[letter])


def class_by_order(counts: WholeCounts, equal: Equal = "binomial") -> str:
    """Rule 2: of the two largest, where they count as equal, the first in the order M, O, A, I, R; else the largest.

    Equal is by `equal`: "binomial" (exact test, p ≥ 0.05), "tie", "strength" (a lead of less than 6% of all pairs) or
    "fong". Where most pairs are questionable the answer is Q. Raises MethodError `kano.counts` for shares.
    """
    _check_whole(counts)
    first, second, *_ = classes_by_size(counts)
    if counts["Q"] > counts[first]:
        return "Q"
    return min(first, second, key=ORDER.index) if _equal(counts, equal) else first


def _equal(counts: WholeCounts, equal: Equal) -> bool:
    match equal:
        case "binomial":
            return lead_p(counts) >= SIGNIFICANCE
        case "tie":
            return fong(counts).lead == 0
        case "strength":
            return has_close_lead(counts)
        case "fong":
            return not fong(counts).clear


def berger(counts: ClassCounts) -> str:
    """Rule 3: if O + A + M > I + R + Q the largest of O, A, M, else the largest of I, R, Q (Berger et al. 1993)."""
    cares = sum(counts[letter] for letter in "OAM") > sum(counts[letter] for letter in "IRQ")
    return max("MOA" if cares else "IRQ", key=lambda letter: counts[letter])


def lee_newcomb(counts: ClassCounts) -> str:
    """Rule 4: the mode, but "C" (combination) where it leads by less than 6% of all pairs (Lee & Newcomb 1997)."""
    return COMBINATION if has_close_lead(counts) else mode(counts)


def classes(counts: WholeCounts, equal: Equal = "binomial") -> dict[Rule, str]:
    """The answer of each rule. Raises MethodError `kano.counts` for shares."""
    return {
        "order": class_by_order(counts, equal),
        "mode": mode(counts),
        "berger": berger(counts),
        "lee_newcomb": lee_newcomb(counts),
    }


def mode_probability(counts: WholeCounts, letter: str) -> float | None:
    """In which share of 1,000 multinomial resamples of the pairs (fixed seed) this class is the largest, ties as in
    `mode`; None for a combination, which no resample can have as its largest. Raises MethodError `kano.counts` for
    shares.
    """
    if letter not in ORDER:
        return None
    _check_whole(counts)
    n = sum(counts.values())
    drawn = np.random.default_rng(1984).multinomial(n, [counts[one] / n for one in ORDER], size=_DRAWS)
    return float((drawn.argmax(axis=1) == ORDER.index(letter)).mean())


# --- continuous scores ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Continuous:
    """DuMouchel's scores: mean, SD and SE of "if it is there" and "if it is not there" over `n` pairs; `dropped` were
    questionable.

    `category` is the quadrant cut at 2 (a convention; the mean hides mixtures): A top left, O top right, M bottom
    right, I bottom left; R where a mean is surely negative and neither reaches 2.
    """

    n: int
    dropped: int
    functional: float
    dysfunctional: float
    functional_sd: float | None
    dysfunctional_sd: float | None
    functional_se: float | None
    dysfunctional_se: float | None
    category: str


def continuous(cells: Cells, table: Evaluation, conf: float = 0.95) -> Continuous | None:
    """DuMouchel's scores (in Berger et al. 1993) of a table of pairs; None where the table has no scores or every pair
    is questionable.
    """
    if table.functional is None or table.dysfunctional is None:
        return None
    kept = np.where(np.array([list(row) for row in table.cells]) == "Q", 0, cells)
    sides = iv.tally_mean(table.functional, kept.sum(axis=1)), iv.tally_mean(table.dysfunctional, kept.sum(axis=0))
    n = sides[0][0]
    if n == 0:
        return None
    sds = [math.sqrt(variance) if n > 1 else None for _, _, variance in sides]
    ses = [None if sd is None else sd / math.sqrt(n) for sd in sds]
    return Continuous(
        n=n, dropped=int(cells.sum()) - n, functional=sides[0][1], dysfunctional=sides[1][1], functional_sd=sds[0],
        dysfunctional_sd=sds[1],
        functional_se=ses[0], dysfunctional_se=ses[1], category=_quadrant(*sides, conf),
    )  # fmt: skip


def _quadrant(there: iv.Summary, absent: iv.Summary, conf: float) -> str:
    surely = [(iv.mean_t(*side, conf) or (side[1], side[1]))[1] < 0 for side in (there, absent)]
    if any(surely) and max(there[1], absent[1]) < 2:
        return "R"
    return {(True, True): "O", (True, False): "A", (False, True): "M", (False, False): "I"}[
        there[1] >= 2, absent[1] >= 2
    ]


# --- curves -----------------------------------------------------------------------------------------------------------


def curve(
    category: str, better: float, worse: float, x: Sequence[float] = (0, 0.25, 0.5, 0.75, 1)
) -> tuple[float, ...] | None:
    """Satisfaction at fulfilment x in 0…1, from worse at 0 to better at 1 (Wang & Ji 2010): O linear, A a·eˣ + b, M
    −a·e⁻ˣ + b.

    None for the other classes, which have no such curve.
    """
    at, rise = np.asarray(x, dtype=float), better - worse
    match category:
        case "O":
            y = worse + rise * at
        case "A":
            y = worse + rise * np.expm1(at) / math.expm1(1)
        case "M":
            y = worse + rise * np.expm1(-at) / math.expm1(-1)
        case _:
            return None
    return tuple(y.tolist())
