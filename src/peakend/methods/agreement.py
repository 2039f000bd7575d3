"""Agreement of two coders beyond chance: Cohen's κ (1960), and weighted κ (Cohen 1968) where some disagreements are
worse than others.

κ = (p_o − p_e)/(1 − p_e) of observed and chance agreement; weighted, of agreement weights 1 − v/max v, v the
disagreement. The standard error is that of Fleiss, Cohen & Everitt (1969). Before a machine's coding is judged,
people's must agree: no score of the machine above κ between people means anything. Checked against: psych 2.2.9
(cohen.kappa) on Cohen 1968 for both κ and the interval of the unweighted; its weighted interval is not used: it puts
disagreement weights into the formula for agreement and covers too much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend import tables
from peakend.draw import Axis, Cell, Chart, dots, heat
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.figures import many, number, percent
from peakend.options import checks_options
from peakend.reduce import tally
from peakend.result import Method, Result, Results, points
from peakend.result.words import interval_words
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

Weighting = Literal["none", "linear", "quadratic"]
COLUMNS: Final = (tables.Field("unit", "text"), tables.Field("coder", "text"), tables.Field("code", "text", None))


@dataclass(frozen=True, kw_only=True)
class Agreement(Result):
    """κ of one pair of coders; `n` counts the units that both have coded, `missing` those that only one has.

    `observed` and `expected` are the shares agreed on and to be agreed on by chance (weighted, where κ is), `se` the
    standard error of κ, `z` and `p` test that they agree no better than chance (with the standard error under that
    hypothesis). `counts` holds how often each code of the first coder met each of the second.
    """

    pair: str | None = None
    weighting: str = "none"
    observed: float | None = None
    expected: float | None = None
    se: float | None = None
    z: float | None = None
    p: float | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))


@checks_options
def from_counts(
    counts: Sequence[Sequence[float]],
    *,
    codes: Sequence[str] | None = None,
    weighting: Weighting = "none",
    disagreement: Sequence[Sequence[float]] | None = None,
    pair: str | None = None,
    missing: int = 0,
    conf: float = 0.95,
) -> Agreement:
    """κ from the square table of counts: rows are the codes of the first coder, columns of the second, in the same
    order.

    `weighting` takes the codes as ordered and weighs by their distance (linear) or its square; `disagreement` gives the
    weights as Cohen (1968) does, zero on the diagonal. Raises MethodError `agreement.counts` for a table that is not
    square, or counts or weights that are negative or not whole.
    """
    table = np.asarray(counts, dtype=float)
    names = tuple(codes or (str(i + 1) for i in range(len(table))))
    weights = disagreement_of(len(table), weighting) if disagreement is None else np.asarray(disagreement, dtype=float)
    square = table.ndim == 2 and table.shape == (len(names),) * 2 == weights.shape
    if (
        not square
        or (table < 0).any()
        or (table != np.rint(table)).any()
        or (weights < 0).any()
        or np.diag(weights).any()
    ):
        raise MethodError("agreement.counts", found=" × ".join(map(str, table.shape)), codes=len(names))
    kind = weighting if disagreement is None else "own"
    kept = {
        a: MappingProxyType({b: int(c) for b, c in zip(names, row, strict=True)})
        for a, row in zip(names, table.tolist(), strict=True)
    }
    return _row(table, weights, kind, conf, pair=pair, counts=MappingProxyType(kept), missing=missing)


def disagreement_of(k: int, weighting: Weighting) -> iv.Array:
    """Disagreement of the codes i and j: 1 throughout, their distance, or its square."""
    apart = np.abs(np.subtract.outer(np.arange(k), np.arange(k))).astype(float)
    return (apart > 0).astype(float) if weighting == "none" else apart ** {"linear": 1, "quadratic": 2}[weighting]


def _row(table: iv.Array, disagreement: iv.Array, weighting: str, conf: float, **fields: Any) -> Agreement:
    n = int(table.sum())
    common: dict[str, Any] = {"n": n, "conf": conf, "version": METHOD.definition, "weighting": weighting, **fields}
    used = int(((table.sum(axis=0) + table.sum(axis=1)) > 0).sum())
    if n == 0 or used < 2 or disagreement.max() == 0:
        refusal = (
            MethodError("agreement.no_units", missing=fields["missing"])
            if n == 0
            else MethodError("agreement.one_code", n=n)
        )
        return Agreement(value=None, low=None, high=None, refused=refusal, **common)
    found = kappa(table / n, 1 - disagreement / disagreement.max(), n)
    low, high = _ends(found, table, n, conf) or (None, None)
    alone = (table.sum(axis=0) > 0).sum() == 1 or (table.sum(axis=1) > 0).sum() == 1
    flags = {"low_base": n < LOW_BASE, "no_better_than_chance": found.value < 0, "one_code_only": bool(alone)}
    z = None if found.null <= 0 else found.value / found.null
    return Agreement(
        value=found.value, low=low, high=high, observed=found.observed, expected=found.expected, se=found.se, z=z,
        p=None if z is None else iv.z_p(z),
        warnings=tuple(name for name, held in flags.items() if held), **common,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kappa:
    """κ with what it is made of: `se` at what was seen, `null` where agreement is by chance alone."""

    value: float
    observed: float
    expected: float
    se: float
    null: float


def kappa(shares: ArrayLike, weights: ArrayLike, n: int) -> Kappa:
    """κ of a square table of shares with agreement weights in 0…1 (1 on the diagonal), by Fleiss, Cohen & Everitt
    (1969).
    """
    p, w = np.asarray(shares, dtype=float), np.asarray(weights, dtype=float)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    chance = np.outer(rows, columns)
    observed, expected = float((w * p).sum()), float((w * chance).sum())
    left = 1 - expected
    mean = (w @ columns)[:, None] + (rows @ w)[None, :]
    variance = (
        float((p * (w * left - mean * (1 - observed)) ** 2).sum())
        - (observed * expected - 2 * expected + observed) ** 2
    )
    null = float((chance * (w - mean) ** 2).sum()) - expected**2
    scale = math.sqrt(n) * left
    return Kappa(
        value=(observed - expected) / left, observed=observed, expected=expected,
        se=math.sqrt(max(0.0, variance)) / scale / left,
        null=math.sqrt(max(0.0, null)) / scale,
    )  # fmt: skip


def _ends(found: Kappa, table: iv.Array, n: int, conf: float) -> iv.Interval | None:
    """κ ± z·SE, at most 1: within 1.5 points of nominal from n = 100, with quadratic weights from 500 (92 to 94%
    before).

    Where all agree there is no spread: Wilson's lower end of the share agreed on, taken at the same chance, stands in.
    """
    if found.se < 1e-9:
        agreed = iv.wilson(float(np.trace(table)), n, conf)
        if agreed is None:
            return None
        ends = [(end - found.expected) / (1 - found.expected) for end in agreed]
        return min(ends[0], found.value), max(found.value, min(1.0, ends[1]))
    half = iv.z_quantile(conf) * found.se
    return max(-1.0, found.value - half), min(1.0, found.value + half)


# --- from a table -----------------------------------------------------------------------------------------------------


@checks_options
def agreement(
    table: Any, *, weighting: Weighting = "none", order: tuple[str, ...] = (), conf: float = 0.95
) -> Results[Agreement]:
    """κ of every pair of coders, from a table with the columns unit, coder and code; a blank code is one not given.

    `order` puts the codes in order for a weighted κ; without it numbers go by size and words by the alphabet. Raises
    FormatError where the table cannot be read, MethodError `agreement.twice` where a coder coded a unit twice,
    `agreement.one_coder` where there is one, `agreement.order` where `order` lacks a code.
    """
    coded: dict[str, dict[str, str]] = {}
    for row in tables.read_table(table, COLUMNS):
        units = coded.setdefault(row["coder"], {})
        if row["unit"] in units:
            raise MethodError("agreement.twice", coder=row["coder"], unit=row["unit"])
        if row["code"] is not None:
            units[row["unit"]] = row["code"].strip()
    if len(coded) < 2:
        raise MethodError("agreement.one_coder", found=", ".join(coded) or "–")
    codes = _codes({code for units in coded.values() for code in units.values()}, order)
    pairs = combinations(sorted(coded), 2)
    return Results(METHOD, tuple(_pair(coded, (one, two), codes, weighting, conf) for one, two in pairs))


def _codes(found: set[str], order: Sequence[str]) -> tuple[str, ...]:
    if order:
        if unknown := sorted(found - set(order)):
            raise MethodError("agreement.order", found=", ".join(unknown))
        return tuple(order)
    sizes = {code: size for code in found if (size := _size(code)) is not None}
    return tuple(sorted(found, key=lambda code: (sizes[code], code)) if len(sizes) == len(found) else sorted(found))


def _size(code: str) -> Decimal | None:
    """The number that a code is, exactly: long ones that differ in their last digit are two."""
    try:
        number = Decimal(code)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _pair(
    coded: Mapping[str, Mapping[str, str]],
    who: tuple[str, str],
    codes: Sequence[str],
    weighting: Weighting,
    conf: float,
) -> Agreement:
    a, b = coded[who[0]], coded[who[1]]
    table = np.zeros((len(codes), len(codes)))
    for unit in a.keys() & b.keys():
        table[codes.index(a[unit]), codes.index(b[unit])] += 1
    alone = len(a.keys() ^ b.keys())
    return from_counts(table.tolist(), codes=codes, weighting=weighting, pair=" · ".join(who), missing=alone, conf=conf)


# --- from answers ----------------------------------------------------------------------------------------------------


def coded_units(answers: Any, *, coder: str = "respondent_kind", pair: str | None = None) -> list[dict[str, Any]]:
    """A row with unit, coder and code for each score that was given: a unit is a question, a coder whoever differs in
    the column `coder` – the kind of respondent, or the response itself.

    `pair` is a question whose written answer says who belongs together, such as a code that two people agreed on: each
    question is then a unit of each pair, and who named none is left out.
    """
    facts = conform(answers, "answers")
    pairs = _texts_by_response(facts, pair) if pair else None
    table = tally(facts.where(role="score", state="answered"), keys=tuple(dict.fromkeys(("response", coder, "item"))))
    columns = zip(*(table.column(name) for name in ("response", coder, "item", "value")), strict=True)
    return [
        {"unit": " ".join((*named, str(item))), "coder": str(who), "code": f"{value:g}"}
        for response, who, item, value in columns
        for named in ([()] if pairs is None else [(pairs[response],)] if response in pairs else [])
    ]


def _texts_by_response(facts: Facts, item: str) -> dict[Any, str]:
    said = tally(facts.where(item=item, state="answered"), keys=("response", "text"))
    return {one: str(text).strip() for one, text in zip(said.column("response"), said.column("text"), strict=True)}


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Agreement, lang: Lang) -> str:
    head = "" if row.pair is None else f"{row.pair}{': ' if lang == 'en' else '：'}"
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang, 2)
    kind = "κ" if row.weighting == "none" else f"{label('weighting.own', lang)} κ"
    seen, chance = (percent(share or 0) for share in (row.observed, row.expected))
    return {
        "en": f"{head}{kind} is {number(row.value or 0, 2)} ({ends}, {many(row.n, 'unit')}): they agree on {seen}; by "
        f"chance it would be {chance}.",
        "zh-Hant": f"{head}{kind} 為 {number(row.value or 0, 2)}（{ends}，{row.n:,} 個單位）：實際一致 {seen}，"
        f"隨機編碼約一致 {chance}。",
        "zh-Hans": f"{head}{kind} 为 {number(row.value or 0, 2)}（{ends}，{row.n:,} 个单位）：实际一致 {seen}，"
        f"随机编码约一致 {chance}。",
    }[lang]


def _draw(rows: Sequence[Agreement], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    if len(rows) == 1 and rows[0].counts:
        return heat(
            _cells(rows[0]),
            alt=alt,
            lang=lang,
            row_title=label("coder.first", lang),
            column_title=label("coder.second", lang),
        )
    return dots(points(rows, lang, "pair"), axis=Axis(title="κ", high=1.0), alt=alt, lang=lang)


def _cells(row: Agreement) -> list[Cell]:
    return [
        Cell(row=a, column=b, value=float(c), text=str(c)) for a, line in row.counts.items() for b, c in line.items()
    ]


METHOD: Final = Method(
    id="agreement",
    version="1",
    row=Agreement,
    run=agreement,
    say=_say,
    draw=_draw,
    columns=("observed", "expected", "se"),
    checked="psych 2.2.9 (cohen.kappa) on Cohen 1968; Fleiss, Cohen & Everitt 1969",
    key=("pair",),
    reads="table",
    counts=("n", "missing"),
)
