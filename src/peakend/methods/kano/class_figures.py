"""The fields of a row of the method `kano`, from the counts of a feature's classes, its table of pairs or its survey
weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.field.kano.classes import (
    EQUALS,
    FEWEST_PAIRS,
    HALF,
    RULES,
    ClassCounts,
    Equal,
    Rule,
    classes,
    classes_by_size,
    coefficient_intervals,
    coefficients,
    continuous,
    covariance,
    fong,
    lead_p,
    mirrored,
    mode_probability,
    strengths,
)
from peakend.field.kano.tables import CLASSES, Cells, evaluation
from peakend.thresholds import LOW_BASE

FIRM: Final = 50
"""Below so many pairs a class is a leaning."""
RELEVANT: Final = 0.6
"""Below this total strength a feature is of low relevance (Lee & Newcomb 1997, remembered)."""
DOUBTFUL: Final = 0.05
"""Above this share of questionable pairs the wording is warned of."""


@dataclass(frozen=True, kw_only=True)
class ClassRules:
    """By which table, rule and criterion of equality pairs are read, and the confidence of the intervals.

    Raises MethodError `kano.table` and `kano.rule` for names that are not known.
    """

    evaluation_table: str = "standard"
    rule: Rule = "order"
    equal: Equal = "binomial"
    conf: float = 0.95

    def __post_init__(self) -> None:
        evaluation(self.evaluation_table)
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
    table = evaluation(class_rules.evaluation_table)
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
    letters = np.array([list(row) for row in evaluation(class_rules.evaluation_table).cells])
    kept = np.isin(letters, list("AOMI"))
    n, weight, weight2 = (part[kept] for part in sums)
    satisfied, missed = (
        iv.weighted_mean(np.isin(letters[kept], list(those)), int(n.sum()), weight, weight2) for those in ("AO", "OM")
    )
    if satisfied is None or missed is None:
        return None
    with_it, without = (iv.wilson(one.mean * one.base, one.base, class_rules.conf) for one in (satisfied, missed))
    low, high = with_it or (None, None)
    worst, least = (None, None) if without is None else mirrored(without)
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
