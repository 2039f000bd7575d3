"""Total value: relative benefit over relative price (Gale's (1994) customer value added, remembered).

Benefit B = Σ w·score over what customers get (product, service, process …), scores on 0–100, weights stated and summing
to one; TVI = (B / B of the reference) / (price / price of the reference). Above 1: more for the money than the
reference. Scores are never added raw and divided by a currency: such a figure changes with the unit. Price includes
effort or time only where they were converted to money first. `low` and `high` are the delta method's on the log scale,
from the standard errors of the scores (columns NAME_se); prices count as known. Checked against: the delta method by
hand (`total_value_delta`), and the definition.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend import tables
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.figures import number
from peakend.maths import ratios
from peakend.options import checks_options
from peakend.result import Method, Result, Results, lead, points
from peakend.result.words import interval_words
from peakend.tables import Field
from peakend.terms import Lang, data_label, label


@dataclass(frozen=True, kw_only=True)
class TotalValue(Result):
    """One provider. `value` is its total value index; `benefit` on 0–100 with its `se`, `relative_benefit` and
    `relative_price` against the `reference`, whose index is 1. `scores` and `weights` by component; `n` the answers
    behind the scores, where stated.
    """

    provider: str
    reference: str
    benefit: float | None = None
    se: float | None = None
    price: float | None = None
    relative_benefit: float | None = None
    relative_price: float | None = None
    scores: Mapping[str, float] | None = None
    weights: Mapping[str, float] | None = None


@checks_options
def total_value(
    table: Any, *, weights: tuple[str, ...] = (), reference: str = "", conf: float = 0.95
) -> Results[TotalValue]:
    """The total value index of each provider: a row a provider, with price, a column a component (0–100), optional
    NAME_se and n.

    `weights` names the components, `("product=0.5", "service=0.3", "process=0.2")`, summing to 1 or 100; `reference`
    the provider that all are compared with. Raises MethodError `total_value.weights`, `total_value.reference`,
    `total_value.score` (outside 0–100: raw scores are not added), `total_value.price` (not above zero),
    `total_value.twice`.
    """
    stated = _weights(weights)
    optional = [Field(f"{name}_se", "number", None) for name in stated]
    wanted = (
        Field("provider", "text"),
        Field("price", "number"),
        *(Field(name, "number") for name in stated),
        *optional,
        Field("n", "whole", 0),
    )
    rows = tables.read_table(table, wanted)
    names = [row["provider"] for row in rows]
    if len(set(names)) < len(names):
        raise MethodError("total_value.twice", provider=next(name for name in names if names.count(name) > 1))
    if rows and reference not in names:
        raise MethodError("total_value.reference", found=reference or "–", known=", ".join(names))
    benefits = {row["provider"]: _benefit(row, stated) for row in rows}
    base = next((row for row in rows if row["provider"] == reference), None)
    if base is None:
        return Results(METHOD, ())
    return Results(METHOD, tuple(_infer(row, base, benefits, stated, conf) for row in rows))


def _weights(stated: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in stated:
        name, _, text = part.partition("=")
        try:
            found[name.strip()] = float(text)
        except ValueError:
            raise MethodError("total_value.weights", found=part) from None
    total = sum(found.values())
    if (
        not found
        or min(found.values()) < 0
        or not math.isfinite(total)
        or not any(math.isclose(total, whole, rel_tol=1e-6) for whole in (1.0, 100.0))
    ):
        raise MethodError("total_value.weights", found=", ".join(stated) or "–")
    return {name: weight / total for name, weight in found.items()}


def _benefit(row: Mapping[str, Any], weights: Mapping[str, float]) -> tuple[float, float | None]:
    """Σ w·score and its standard error, None where a component has none."""
    for name in weights:
        if not 0 <= row[name] <= 100:
            raise MethodError("total_value.score", provider=row["provider"], component=name, found=f"{row[name]:g}")
    if row["price"] <= 0:
        raise MethodError("total_value.price", provider=row["provider"], found=f"{row['price']:g}")
    ses = [row[f"{name}_se"] for name in weights]
    se = (
        None
        if None in ses
        else math.sqrt(sum((weight * spread) ** 2 for weight, spread in zip(weights.values(), ses, strict=True)))
    )
    return sum(weight * row[name] for name, weight in weights.items()), se


def _infer(
    row: Mapping[str, Any],
    base: Mapping[str, Any],
    benefits: Mapping[str, tuple[float, float | None]],
    weights: Mapping[str, float],
    conf: float,
) -> TotalValue:
    name, (benefit, se), (best, best_se) = row["provider"], benefits[row["provider"]], benefits[base["provider"]]
    price = row["price"] / base["price"]
    common: dict[str, Any] = {
        "n": row["n"], "provider": name, "reference": base["provider"], "benefit": benefit, "se": se,
        "price": row["price"], "conf": conf,
        "relative_price": price, "scores": MappingProxyType({part: row[part] for part in weights}),
        "weights": MappingProxyType(dict(weights)),
        "version": METHOD.definition,
    }  # fmt: skip
    if best <= 0:
        refusal = MethodError("total_value.no_benefit", provider=base["provider"])
        return TotalValue(value=None, low=None, high=None, refused=refusal, **common)
    low, high = (None, None)
    if row is not base and se is not None and best_se is not None:
        means = ratios.Means(top=benefit, bottom=best, top_variance=se**2, bottom_variance=best_se**2)
        low, high = (end / price for end in ends) if (ends := ratios.log_interval(means, conf)) else (None, None)
    warnings = () if low is not None or row is base else ("without_error",)
    return TotalValue(
        value=benefit / best / price, low=low, high=high, relative_benefit=benefit / best, warnings=warnings, **common
    )


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: TotalValue, lang: Lang) -> str:
    head = lead(row, lang, data_label(row.provider, lang))
    if row.low is None and not row.warnings:
        return {
            "en": f"{head}the reference, 1.",
            "zh-Hant": f"{head}比較基準，指數為 1。",
            "zh-Hans": f"{head}比较基准，指数为 1。",
        }[lang]
    index, benefit, price = (
        number(row.value or 0, 2),
        number(row.relative_benefit or 0, 2),
        number(row.relative_price or 0, 2),
    )
    inside = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang, 2)
    ends = "" if not inside else f" ({inside})" if lang == "en" else f"（{inside}）"
    return {
        "en": f"{head}total value {index} times that of {row.reference}{ends}: {benefit} times the benefit for {price} "
        "times the price.",
        "zh-Hant": f"{head}整體價值為 {row.reference} 的 {index} 倍{ends}：效益 {benefit} 倍，價格 {price} 倍。",
        "zh-Hans": f"{head}整体价值为 {row.reference} 的 {index} 倍{ends}：效益 {benefit} 倍，价格 {price} 倍。",
    }[lang]


def _draw(rows: Sequence[TotalValue], lang: Lang) -> Chart:
    """The indices with their intervals against the reference."""
    alt = " ".join(_say(row, lang) for row in rows[:4] if row.value is not None) or label("too_few", lang)
    reference = rows[0].reference if rows else ""
    axis = Axis(title=label("total_value.axis", lang))
    chart = dots(points(rows, lang, "provider"), axis=axis, alt=alt, lang=lang, reference=1.0, reference_name=reference)
    for row in chart.spec["data"]["values"]:
        row["count"] = row["count"] if row["n"] else ""  # scores may come without their number of answers
    return chart


METHOD: Final = Method(
    id="total_value",
    version="1",
    row=TotalValue,
    run=total_value,
    say=_say,
    draw=_draw,
    columns=("benefit", "price", "relative_benefit", "relative_price"),
    checked="the delta method by hand (75 ± 2 over 60 ± 3), and the definition of Gale 1994",
    key=("provider",),
    reads="table",
)
