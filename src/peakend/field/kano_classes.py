"""How the two answers about a feature are read: evaluation tables, classes, the rules that name one, coefficients and
curves (Kano 1984).

Functions on counts, before the method `kano` counts them from facts. A class (in rows the field `category`, for Python
keeps the word) is a letter: A attractive, O one-dimensional, M must-be, I indifferent, R reverse, Q questionable.
Counts may be shares where nothing is tested; a test refuses them. Better and worse leave R and Q out of their denominator; the two strengths
and Fong's bound keep them in. The tables are data (`kano_tables.toml`).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.sums import Counts
from peakend.thresholds import LOW_BASE

ClassCounts = Mapping[str, float]
WholeCounts = Mapping[str, int]
"""Of pairs: what is tested cannot be shares of them."""
Cells = NDArray[np.int64]
Rule = Literal["order", "mode", "berger", "lee_newcomb"]
Equal = Literal["binomial", "tie", "strength", "fong"]

CLASSES: Final = ("A", "O", "M", "I", "R", "Q")
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
FIRM: Final = 50
"""Below so many pairs a class is a leaning."""
RELEVANT: Final = 0.6
"""Below this total strength a feature is of low relevance (Lee & Newcomb 1997, remembered)."""
DOUBTFUL: Final = 0.05
"""Above this share of questionable pairs the wording is warned of."""
HALF: Final = 0.5
"""Where better and |worse| are cut into the four classes: what at least half of the people say decides."""
_DRAWS: Final = 1000


# --- evaluation tables ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evaluation:
    """An evaluation table: `cells[f][d]` is the class of the answers f to "if it is there" and d to "if it is not
    there".
    """

    id: str
    source: str
    answers: tuple[str, ...]
    cells: tuple[str, ...]
    functional: tuple[float, ...] | None = None
    dysfunctional: tuple[float, ...] | None = None

    @property
    def size(self) -> int:
        """How many answers each question has."""
        return len(self.answers)

    def classes(self, cells: Cells) -> dict[str, int]:
        """The counts of the six classes in a table of pairs, shape (size, size)."""
        found = dict.fromkeys(CLASSES, 0)
        for row, letters in zip(cells.tolist(), self.cells, strict=True):
            for count, letter in zip(row, letters, strict=True):
                found[letter] += count
        return found


def pair_counts(part: Counts, size: int) -> tuple[NDArray[np.float64], dict[str, int]]:
    """Count, Σw and Σw² of each pair of answers, shape (3, size, size), from the kernel `pairs`; and how many could not
    be used, by state.

    Answers that the table does not have are invalid.
    """
    unused = dict.fromkeys(("skipped", "invalid", "not_applicable", "not_shown"), 0)
    sums = np.zeros((3, size, size))
    for (state, there, absent), *sizes in zip(part.cells, part.count, part.weight, part.weight2, strict=True):
        if state == "answered" and all(value in range(1, size + 1) for value in (there, absent)):
            sums[:, int(there) - 1, int(absent) - 1] += sizes
        else:
            unused["invalid" if state == "answered" else state] += int(sizes[0])
    return sums, unused


@cache
def evaluations() -> Mapping[str, Evaluation]:
    """Every evaluation table by its name."""
    loaded = tomllib.loads(files("peakend.field").joinpath("kano_tables.toml").read_text(encoding="utf-8"))
    return {name: _evaluation(name, entry) for name, entry in loaded.items()}


def evaluation(id: str) -> Evaluation:
    """The table of this name; raises MethodError `kano.table` where there is none."""
    if id not in evaluations():
        raise MethodError("kano.table", found=id, known=", ".join(evaluations()))
    return evaluations()[id]


def _evaluation(id: str, entry: Mapping[str, Any]) -> Evaluation:
    fields: dict[str, Any] = {name: value if isinstance(value, str) else tuple(value) for name, value in entry.items()}
    return Evaluation(id=id, **fields)


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
    return None if with_it is None or without is None else (with_it, _negative(without))


def _negative(ends: iv.Interval) -> iv.Interval:
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


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ClassRules:
    """By which table, rule and criterion of equality pairs are read, and the confidence of the intervals.

    Raises MethodError `kano.table` and `kano.rule` for names that are not known.
    """

    table: str = "standard"
    rule: Rule = "order"
    equal: Equal = "binomial"
    conf: float = 0.95

    def __post_init__(self) -> None:
        evaluation(self.table)
        for found, known in ((self.rule, RULES), (self.equal, EQUALS)):
            if found not in known:
                raise MethodError("kano.rule", found=found, known=", ".join(known))


def figures(counts: Mapping[str, int], class_rules: ClassRules) -> dict[str, Any]:
    """The fields of a result from the counts of the six classes; a refusal where there are fewer than 20 pairs or
    nobody to be a share of.
    """
    n, fields = (
        sum(counts.values()),
        {"counts": MappingProxyType(dict(counts)), "value": None, "low": None, "high": None, **asdict(class_rules)},
    )
    if n < FEWEST_PAIRS:
        return {**fields, "n": n, "refused": MethodError("kano.too_few", n=n, need=FEWEST_PAIRS)}
    return {**fields, "n": n, **_class_fields(counts, n, class_rules), **_shares(counts, n, class_rules.conf)}


def _class_fields(counts: Mapping[str, int], n: int, class_rules: ClassRules) -> dict[str, Any]:
    """The class by each rule, how sure it is, and what to be warned of."""
    rules, (total, strength) = classes(counts, class_rules.equal), strengths(counts)
    contested = len({rules["order"], rules["mode"], rules["berger"]}) > 1
    flags = {
        "low_base": n < LOW_BASE, "leaning": n < FIRM, "contested": contested,
        "questionable": counts["Q"] > DOUBTFUL * n, "mostly_reverse": rules["mode"] == "R",
        "mixture": _is_mixture(counts, _corner(counts)),
    }  # fmt: skip
    return {
        "category": rules[class_rules.rule], "rules": MappingProxyType(rules), "contested": contested,
        "leaning": n < FIRM, "lead_p": lead_p(counts),
        "fong": MappingProxyType({**asdict(fong(counts)), "clear": fong(counts).clear}), "total_strength": total,
        "category_strength": strength,
        "low_relevance": total < RELEVANT, "mode_probability": mode_probability(counts, rules[class_rules.rule]),
        "warnings": tuple(name for name, held in flags.items() if held),
    }  # fmt: skip


def _corner(counts: ClassCounts) -> str | None:
    """The quadrant of better and |worse|, cut at one half."""
    both = coefficients(counts)
    return (
        None
        if both is None
        else {(1, 1): "O", (1, 0): "A", (0, 1): "M", (0, 0): "I"}[int(both[0] >= HALF), int(both[1] <= -HALF)]
    )


def _is_mixture(counts: ClassCounts, where: str | None) -> bool:
    """Whether the average lies where few customers stand: a mixture of people who want different things looks like none
    of them.
    """
    return where is not None and where not in classes_by_size(counts)[:2]


def _shares(counts: Mapping[str, int], n: int, conf: float) -> dict[str, Any]:
    """Better and worse with Wilson's intervals, and the six shares with Sison & Glaz's."""
    six = iv.sison_glaz([counts[letter] for letter in CLASSES], conf) or ()
    shares = MappingProxyType(dict(zip(CLASSES, six, strict=True)))
    both, ends = coefficients(counts), coefficient_intervals(counts, conf)
    if both is None or ends is None:
        return {"shares": shares, "refused": MethodError("kano.undefined", n=n)}
    return {
        "shares": shares, "value": both[0], "low": ends[0][0], "high": ends[0][1], "better": both[0], "worse": both[1],
        "better_interval": ends[0], "worse_interval": ends[1], "covariance": covariance(counts),
    }  # fmt: skip


def pair_figures(cells: Cells, class_rules: ClassRules) -> dict[str, Any]:
    """The fields of a result from the table of pairs: those of its classes, DuMouchel's means, and the question turned
    round.
    """
    table = evaluation(class_rules.table)
    found = {**figures(table.classes(cells), class_rules), "cells": tuple(tuple(line) for line in cells.tolist())}
    if "category" not in found:
        return found
    means = continuous(cells, table, class_rules.conf)
    turned = _turned_figures(table.classes(cells.T), class_rules) if found["rules"]["mode"] == "R" else None
    if means is not None and "mixture" not in found["warnings"] and _is_mixture(table.classes(cells), means.category):
        found["warnings"] = (*found["warnings"], "mixture")
    return {**found, "continuous": None if means is None else MappingProxyType(asdict(means)), "turned": turned}


def _turned_figures(counts: Mapping[str, int], class_rules: ClassRules) -> Mapping[str, Any]:
    """The figures of the same pairs with the question turned round: what being without it does."""
    better, worse = coefficients(counts) or (None, None)
    category = classes(counts, class_rules.equal)[class_rules.rule]
    return MappingProxyType(
        {"counts": MappingProxyType(dict(counts)), "category": category, "better": better, "worse": worse}
    )


def weighted_figures(sums: NDArray[np.float64], class_rules: ClassRules) -> Mapping[str, float | None] | None:
    """Better and worse with every pair counted by its survey weight, from count, Σw and Σw² of each pair, shape (3,
    size, size).

    The intervals are Wilson's at the number of equal answers that has the linearised SE; equal weights change nothing.
    They are None where the weights carry none.
    """
    letters = np.array([list(row) for row in evaluation(class_rules.table).cells])
    kept = np.isin(letters, list("AOMI"))
    n, weight, weight2 = (part[kept] for part in sums)
    satisfied, missed = (
        iv.weighted_mean(np.isin(letters[kept], list(those)), int(n.sum()), weight, weight2) for those in ("AO", "OM")
    )
    if satisfied is None or missed is None:
        return None
    with_it, without = (iv.wilson(one.mean * one.base, one.base, class_rules.conf) for one in (satisfied, missed))
    low, high = with_it or (None, None)
    worst, least = (None, None) if without is None else _negative(without)
    return MappingProxyType(
        {
            "value": satisfied.mean,
            "low": low,
            "high": high,
            "worse": -missed.mean,
            "worse_low": worst,
            "worse_high": least,
            "n_eff": satisfied.n_eff,
        }
    )
