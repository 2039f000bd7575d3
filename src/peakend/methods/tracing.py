"""Tracing gap 5: which of gaps 1–4 goes with the shortfall that customers find, over units such as branches (Zeithaml,
Berry & Parasuraman 1988).

From fifteen units on, the unit's gap 5 is regressed on its shortfalls 1–4 (standardised), each a mean over dimensions:
`value` is the share of R² that belongs to each gap (LMG), with a percentile interval by bootstrap over units, because
units and not people were compared. Below fifteen no regression is fitted: `value` is Spearman's rank correlation with
gap 5 without interval, and the picture is the table of units by dimensions. `concordance` is Kendall's W: whether the
units agree which dimension falls short most. None of it says what causes what. Checked against: scipy 1.17 (spearmanr,
friedmanchisquare), numpy (least squares), LMG by all orders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Cell, Chart, dots, heat
from peakend.errors import MethodError
from peakend.field import five_gaps, ratings
from peakend.field.data_warnings import says_weights
from peakend.figures import number
from peakend.maths import shapley
from peakend.options import checks_options
from peakend.result import Method, Result, Results, lead, points
from peakend.result.words import interval_words
from peakend.sums import Floats
from peakend.terms import Lang, label

Measure = Literal["share", "rank"]
Units = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Shortfalls by unit, gap and dimension."""
UNITS: Final = 15
"""Units from which a regression on four gaps is fitted."""
FEWEST_UNITS: Final = 3
"""Of fewer units no gap is traced."""
ROUNDS: Final = 1000
CAUSES: Final = ("gap1", "gap2", "gap3", "gap4")


@dataclass(frozen=True, kw_only=True)
class Trace(Result):
    """One of gaps 1–4. `n` counts units with all gaps, `missing` those without; `measure` says what `value` is: share
    of R², or rank.

    `beta` is the standardised coefficient, `r2` that of the regression, `rank` Spearman's ρ with gap 5; `concordance`
    is Kendall's W of the units over dimensions and `p_concordance` its χ² test. `by_unit` holds gap 5 by unit and
    dimension where units are few.
    """

    gap: str
    measure: Measure = "share"
    beta: float | None = None
    r2: float | None = None
    rank: float | None = None
    concordance: float | None = None
    p_concordance: float | None = None
    by_unit: Mapping[str, Mapping[str, float]] | None = None


@checks_options
@says_weights
def tracing(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    dimension: str | Sequence[str] | None = None,
    unit: str = "site",
    conf: float = 0.95,
) -> Results[Trace]:
    """Which of gaps 1–4 goes with gap 5 over the values of the column `unit`, in each group.

    Refuses below three units (`tracing.units`), for a gap that nobody was asked about (`tracing.not_asked`), and for
    one that is the same everywhere (`tracing.constant`).
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != unit)
    found: dict[tuple[Any, ...], dict[str, dict[str, dict[str, float]]]] = {}
    for cell in five_gaps.cells(answers, (*groups, unit), where, dimension):
        held = found.setdefault(cell.group[:-1], {})
        if cell.group[-1] is not None:
            for gap, value in five_gaps.shortfalls(cell).items():
                held.setdefault(cell.group[-1], {}).setdefault(gap, {})[cell.dimension] = value
    rows = [
        row
        for group, units in found.items()
        for row in traces_of(units, conf, group=MappingProxyType(dict(zip(groups, group, strict=True))), unit=unit)
    ]
    return Results(METHOD, tuple(rows))


def traces_of(units: Units, conf: float = 0.95, *, unit: str = "site", **about: Any) -> Iterator[Trace]:
    """The rows of one group from its units' shortfalls, `{unit: {gap: {dimension: shortfall}}}`."""
    asked = [gap for gap in CAUSES if any(gap in held for held in units.values())]
    whole = {name: held for name, held in units.items() if {*asked, "gap5"} <= set(held)}
    table = np.array([[_mean(held[gap]) for gap in (*asked, "gap5")] for held in whole.values()]).reshape(
        len(whole), len(asked) + 1
    )
    varied = [gap for gap, spread in zip(asked, np.ptp(table, axis=0), strict=False) if spread > 0] if whole else []
    common = {
        "n": len(whole),
        "missing": len(units) - len(whole),
        "conf": conf,
        "version": METHOD.definition,
        **about,
        **_agreement_fields(whole),
    }
    known = _gaps_by_unit(table, asked, varied, conf) if len(whole) >= FEWEST_UNITS and np.ptp(table[:, -1]) > 0 else {}
    for gap in CAUSES:
        if gap in known:
            yield Trace(gap=gap, **known[gap], **common)
        else:
            yield Trace(
                gap=gap, value=None, low=None, high=None, refused=_refusal(gap, asked, len(whole), unit), **common
            )


def _mean(by_dimension: Mapping[str, float]) -> float:
    return sum(by_dimension.values()) / len(by_dimension)


def _refusal(gap: str, asked: Sequence[str], n: int, unit: str) -> MethodError:
    if asked and n < FEWEST_UNITS:
        return MethodError("tracing.units", n=n, need=FEWEST_UNITS, unit=unit)
    return MethodError("tracing.constant", gap=gap, n=n) if gap in asked else MethodError("tracing.not_asked", gap=gap)


def _gaps_by_unit(table: Floats, asked: Sequence[str], varied: Sequence[str], conf: float) -> dict[str, dict[str, Any]]:
    at = [asked.index(gap) for gap in varied]
    used = table[:, [*at, -1]]
    ranks = {gap: spearman(used[:, i], used[:, -1]) for i, gap in enumerate(varied)}
    if len(table) < UNITS or not varied:
        few = {"low": None, "high": None, "measure": "rank", "warnings": ("few_units",)}
        return {gap: {"value": rank, "rank": rank, **few} for gap, rank in ranks.items()}
    share, r2, betas = _shares(_covariance(used, np.ones((1, len(used)))))
    counts = np.random.default_rng(0).multinomial(len(used), np.full(len(used), 1 / len(used)), ROUNDS).astype(float)
    drawn = _shares(_covariance(used, counts[(counts > 0).sum(axis=1) > len(varied) + 1]))[0]
    low, high = np.quantile(drawn, [(1 - conf) / 2, (1 + conf) / 2], axis=0)
    value = share[0]
    return {
        gap: {
            "value": float(value[i]), "low": float(min(low[i], value[i])), "high": float(max(high[i], value[i])),
            "rank": ranks[gap],
            "beta": float(betas[0, i]), "r2": float(r2[0]),
        }
        for i, gap in enumerate(varied)
    }  # fmt: skip


def _covariance(table: Floats, counts: Floats) -> Floats:
    """The covariance of the columns in each replicate, row i counted counts[b, i] times: shape (b, p, p)."""
    n = counts.sum(axis=1)[:, None]
    away = table[None] - (counts @ table / n)[:, None]
    return np.asarray(np.einsum("bi,bij,bik->bjk", counts, away, away) / n[..., None], dtype=np.float64)


def _shares(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Each gap's share of R², R², and standardised coefficients. A replicate in which a gap is the same everywhere
    counts it as none.
    """
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    flat = sd <= 0
    safe = np.where(flat, 1.0, sd)
    r, _ = shapley.repair(covariance / safe[..., :, None] / safe[..., None, :] + flat[..., None] * np.eye(sd.shape[-1]))
    subsets = shapley.r2_of_subsets(r)
    parts, r2 = shapley.lmg(subsets), subsets[..., -1]
    total = np.where(r2 > 0, r2, 1.0)
    return parts / total[..., None], r2, shapley.betas(r)


def spearman(x: Floats, y: Floats) -> float:
    """Spearman's (1904) rank correlation, ties sharing their mean rank."""
    return float(np.corrcoef(_ranks(x), _ranks(y))[0, 1])


def _ranks(values: Floats) -> Floats:
    _, which, count = np.unique(np.round(values, 12), return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[which], dtype=np.float64)


def _agreement_fields(units: Units) -> dict[str, Any]:
    """Kendall's (1939) W of the units over the dimensions that all of them have, with its χ² test; the table itself
    where units are few.
    """
    by_unit = {name: dict(sorted(held["gap5"].items())) for name, held in units.items()}
    shown = MappingProxyType(by_unit) if len(units) < UNITS else None
    names = set.intersection(*(set(held) for held in by_unit.values())) if by_unit else set()
    m, k = len(by_unit), len(names)
    if m < 2 or k < 2:
        return {"by_unit": shown}
    ranks = np.array([_ranks(np.array([held[name] for name in sorted(names)])) for held in by_unit.values()])
    ties = sum(float((c**3 - c).sum()) for c in (np.unique(row, return_counts=True)[1] for row in ranks))
    spread, most = float(((ranks.sum(axis=0) - m * (k + 1) / 2) ** 2).sum()), m * m * (k**3 - k) - m * ties
    if most <= 0:
        return {"by_unit": shown}
    w = 12 * spread / most
    return {"by_unit": shown, "concordance": w, "p_concordance": iv.chi2_p(m * (k - 1) * w, k - 1)}


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Trace, lang: Lang) -> str:
    head = lead(row, lang, label(row.gap, lang))
    if row.measure == "rank":
        rho = number(row.value or 0, 2)
        return {
            "en": f"{head}rank correlation with gap 5 over {row.n} units {rho}; too few units for a regression "
            f"({row.n} of {UNITS}).",
            "zh-Hant": f"{head}在 {row.n} 個單位中與缺口五的等級相關為 {rho}；單位太少，不做迴歸（{row.n}／{UNITS}）。",
            "zh-Hans": f"{head}在 {row.n} 个单位中与差距五的等级相关为 {rho}；单位太少，不做回归（{row.n}／{UNITS}）。",
        }[lang]
    percent, explained = number(100 * (row.value or 0), 0), number(100 * (row.r2 or 0), 0)
    known = row.low is not None and row.high is not None
    ends = interval_words((100 * (row.low or 0), 100 * (row.high or 0)), row.conf, lang, 0) if known else ""
    inside = "" if not ends else f" ({ends})" if lang == "en" else f"（{ends}）"
    return {
        "en": f"{head}accounts for {percent}% of what gaps 1–4 explain of gap 5{inside}; together they "
        f"explain {explained}% of the differences between {row.n} units.",
        "zh-Hant": f"{head}占缺口一至四解釋力的 {percent}%{inside}；四個缺口合計可解釋 {row.n} 個單位缺口五差異的 "
        f"{explained}%。",
        "zh-Hans": f"{head}占差距一至四解释力的 {percent}%{inside}；四个差距合计可解释 {row.n} 个单位差距五差异的 "
        f"{explained}%。",
    }[lang]


def _draw(rows: Sequence[Trace], lang: Lang) -> Chart:
    """The shares with their intervals; where units are few, gap 5 of every unit and dimension."""
    alt = " ".join(_say(row, lang) for row in rows[:4] if row.value is not None) or label("too_few", lang)
    few = next((row for row in rows if row.by_unit and row.value is not None), None)
    if few is None or few.by_unit is None:
        return dots(
            points(rows, lang, "gap"),
            axis=Axis(title=label("share_of_r2", lang), low=0.0, high=1.0, format=".0%"),
            alt=alt,
            lang=lang,
        )
    cells = [
        Cell(row=label(unit, lang), column=label(name, lang), value=max(0.0, value), text=f"{number(-100 * value, 0)}%")
        for unit, held in few.by_unit.items()
        for name, value in held.items()
    ]
    return heat(cells, alt=alt, lang=lang, column_title=label("gap5", lang))


METHOD: Final = Method(
    id="tracing",
    version="1",
    row=Trace,
    run=tracing,
    say=_say,
    draw=_draw,
    columns=("measure", "beta", "rank", "r2", "concordance"),
    checked="relaimpo 2.2-7 and R 4.2.2 (lm, cor, friedman.test), LMG by all orders",
    key=("gap",),
)
