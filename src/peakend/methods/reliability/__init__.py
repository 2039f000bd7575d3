"""Reliability: whether the items of a scale measure one thing together.

`value` is Cronbach's (1951) α = k/(k − 1)·(1 − Σσ²_j/σ²_X) on pairwise-complete covariances, with Feldt's (1965)
interval. Beside it: standardised α, Guttman's (1945) λ6, McDonald's (1999) ω of one factor fitted by maximum
likelihood, α without each item, and each item's correlation with the rest. For scales asked as expectation and
perception the difference has a reliability of its own: α of the item differences, and Peter, Churchill & Brown's (1993)
formula. A negative α is shown as it is: it says that an item is asked the other way round. Checked against: psych 2.2.9
and lavaan 0.6-14 (R 4.2.2) on the data sets attitude and bfi.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.figures import number
from peakend.options import checks_options
from peakend.reduce import moments
from peakend.result import Method, Result, Results, evidence, lead, points
from peakend.result.words import answers
from peakend.sums import Floats, Sums, in_order
from peakend.terms import Lang, label

from . import alpha_and_omega

FEWEST_FOR_VERDICT: Final = 50
"""Below so many respondents the interval is shown without a verdict."""
GAP: Final = ("expectation", "perception")


@dataclass(frozen=True, kw_only=True)
class Reliability(Result):
    """How reliable one scale is in one role. `value` and `alpha` are α; `items` names the k items.

    `standardised` is α from the mean correlation, `lambda6` Guttman's, `omega` one factor's (None below three items,
    and where a uniqueness is not positive), `spearman_brown` for two items, `average_r` the mean correlation; `dropped`
    α without each item, `item_rest` each item's correlation with the sum of the others. `formula` is the reliability of
    a difference by Peter, Churchill & Brown. `reversed` names items that seem to be asked the other way round, and
    `alpha_reversed` is α with these turned: a suspicion to look into, never applied.
    """

    scale: str | None
    role: str
    items: tuple[str, ...]
    k: int
    alpha: float | None = None
    standardised: float | None = None
    lambda6: float | None = None
    omega: float | None = None
    spearman_brown: float | None = None
    average_r: float | None = None
    formula: float | None = None
    dropped: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    item_rest: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    reversed: tuple[str, ...] = ()
    alpha_reversed: float | None = None


@checks_options
@says_weights
def reliability(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    conf: float = 0.95,
) -> Results[Reliability]:
    """The reliability of every construct with at least two items, in each role it was asked, by group.

    Where a construct has expectation and perception, a row of role "gap" is added. Raises MethodError
    `reliability.none` where no construct has two items.
    """
    facts = ratings.customers(answers, where).where(
        role=("score", "expectation", "perception", "importance", "adequate")
    )
    facts = facts.with_names("construct", construct)
    grouped = (by,) if isinstance(by, str) else tuple(by)
    found = moments(facts, grouped, columns=("construct", "role", "item"))
    scales = _scales(found.names)
    if not scales:
        raise MethodError("reliability.none")
    rows = []
    for group, sums in found.groups.items():
        cell = dict(zip(grouped, group, strict=True))
        rows += [
            _infer(_Scale(cell, *key, names), sums.take([found.names.index((*key, name)) for name in names]), conf)
            for key, names in scales.items()
        ]
        rows += [
            _gap(cell, name, found.names, sums, conf)
            for name in sorted({name for name, role in scales if role == GAP[1] and (name, GAP[0]) in scales})
        ]
    place = {group: at for at, group in enumerate(in_order(tuple(row.group.values()) for row in rows))}
    return Results(
        METHOD,
        tuple(sorted(rows, key=lambda row: (place[tuple(row.group.values())], row.scale or "", ROLES.index(row.role)))),
    )


@checks_options
def from_covariance(
    covariance: Any, items: Sequence[str], n: int, *, scale: str | None = None, role: str = "score", conf: float = 0.95
) -> Reliability:
    """The reliability of one scale from the covariance matrix of its items and the number of respondents."""
    return _figures(_Scale({}, scale, role, tuple(items)), np.asarray(covariance, dtype=np.float64), n, conf)


@dataclass(frozen=True)
class _Scale:
    """Which scale, in which role and group."""

    group: Mapping[str, str | None]
    scale: str | None
    role: str
    items: tuple[str, ...]


ROLES: Final = ("score", "importance", "adequate", "expectation", "perception", "gap")


def _scales(names: Sequence[tuple[str, ...]]) -> dict[tuple[str, str], tuple[str, ...]]:
    held: dict[tuple[str, str], list[str]] = {}
    for construct, role, item in names:
        held.setdefault((construct, role), []).append(item)
    return {key: tuple(items) for key, items in held.items() if len(items) > 1}


def _infer(scale: _Scale, sums: Sums, conf: float) -> Reliability:
    return _figures(scale, sums.covariance(), int(sums.n.sum(axis=0).min()), conf)


def _gap(
    group: Mapping[str, str | None], name: str, names: Sequence[tuple[str, ...]], sums: Sums, conf: float
) -> Reliability:
    """α of the differences perception − expectation, whose covariances follow from those of the two sides."""
    items = tuple(
        item
        for construct, role, item in names
        if construct == name and role == GAP[1] and (name, GAP[0], item) in names
    )
    at = [names.index((name, role, item)) for role in GAP for item in items]
    both, k = sums.take(at), len(items)
    difference = np.hstack([-np.eye(k), np.eye(k)])
    covariance = both.covariance()
    row = _figures(
        _Scale(group, name, "gap", items), difference @ covariance @ difference.T, int(both.n.sum(axis=0).min()), conf
    )
    return row if row.value is None else Reliability(**{**row.__dict__, "formula": _formula(covariance, k)})


def _formula(covariance: Floats, k: int) -> float | None:
    """(σ²_P·α_P + σ²_E·α_E − 2·r·σ_P·σ_E) / (σ²_P + σ²_E − 2·r·σ_P·σ_E), on the sums of the items."""
    one, two, across = covariance[:k, :k], covariance[k:, k:], float(covariance[:k, k:].sum())
    v1, v2 = float(one.sum()), float(two.sum())
    spread = v1 + v2 - 2 * across
    return (
        None
        if spread <= 0 or min(v1, v2) <= 0
        else (v1 * alpha_and_omega.alpha(one) + v2 * alpha_and_omega.alpha(two) - 2 * across) / spread
    )


# --- from a covariance matrix to figures ------------------------------------------------------------------------------


def _figures(scale: _Scale, c: Floats, n: int, conf: float) -> Reliability:
    items = scale.items
    fixed: dict[str, Any] = {**scale.__dict__, "k": len(items), "n": n, "conf": conf, "version": METHOD.definition}
    if refusal := _refusal(scale, c, n):
        return Reliability(value=None, low=None, high=None, refused=refusal, **fixed)
    alpha, k = alpha_and_omega.alpha(c), len(items)
    r = c / np.sqrt(np.outer(np.diagonal(c), np.diagonal(c)))
    average = float((r.sum() - k) / (k * (k - 1)))
    omega, heywood = alpha_and_omega.omega(c) if k > 2 else (None, False)
    rest = {name: alpha_and_omega.item_rest(c, i) for i, name in enumerate(items)}
    against = alpha_and_omega.reversed_items(c)
    ends = iv.feldt(alpha, n, k, conf)
    found = {
        "negative_alpha": alpha < 0,
        "reversed_item": bool(against) or any(value is not None and value < 0 for value in rest.values()),
        "just_identified": k == 3 and omega is not None,
        "heywood": heywood,
        "no_verdict": n < FEWEST_FOR_VERDICT,
    }
    return Reliability(
        value=alpha,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        alpha=alpha,
        standardised=k * average / apart if (apart := 1 + (k - 1) * average) > alpha_and_omega.SINGULAR else None,
        lambda6=alpha_and_omega.lambda6(r),
        omega=omega,
        spearman_brown=2 * average / (1 + average) if k == 2 else None,
        average_r=average,
        dropped={
            name: alpha_and_omega.alpha(np.delete(np.delete(c, i, 0), i, 1)) if k > 2 else None
            for i, name in enumerate(items)
        },
        item_rest=rest,
        reversed=tuple(items[i] for i in against),
        alpha_reversed=alpha_and_omega.alpha(alpha_and_omega.reversed_(c, against)) if against else None,
        warnings=tuple(name for name, holds in found.items() if holds),
        **fixed,
    )


def _refusal(scale: _Scale, c: Floats, n: int) -> MethodError | None:
    name = scale.scale or "–"
    if n < 3 or not np.isfinite(c).all():
        return MethodError("reliability.too_few", scale=name, n=n)
    same = [item for item, spread in zip(scale.items, np.diagonal(c), strict=True) if spread <= 0]
    if same:
        return MethodError("reliability.constant", scale=name, n=n, items=", ".join(same))
    if c.sum() <= alpha_and_omega.SINGULAR * np.diagonal(c).sum():
        return MethodError("reliability.cancel", scale=name, n=n)
    return None


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Reliability, lang: Lang) -> str:
    role = f" ({label(row.role, lang)})" if lang == "en" else f"（{label(row.role, lang)}）"
    head = lead(row, lang, *([f"{label(row.scale, lang)}{role}"] if row.scale else []))
    figure = f"{number(row.alpha or 0, 2)}{evidence(row, lang, 2)}"
    few = "no_verdict" in row.warnings
    tail = (
        {
            "en": f"; {answers(row.n, lang)} are too few for a verdict",
            "zh-Hant": "；回答太少，還不能判斷",
            "zh-Hans": "；回答太少，还不能判断",
        }[lang]
        if few
        else ""
    )
    stop = "." if lang == "en" else "。"
    return {
        "en": f"{head}{'consistency' if head else 'Consistency'} (α) of {row.k} questions: {figure}{tail}{stop}",
        "zh-Hant": f"{head}{row.k} 題的內部一致性 α 為 {figure}{tail}{stop}",
        "zh-Hans": f"{head}{row.k} 道题的内部一致性 α 为 {figure}{tail}{stop}",
    }[lang]


def _draw(rows: Sequence[Reliability], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    return dots(points(rows, lang, "scale", "role"), axis=Axis(title="α", format=".2f"), alt=alt, lang=lang)


METHOD: Final = Method(
    id="reliability",
    version="1",
    row=Reliability,
    run=reliability,
    say=_say,
    draw=_draw,
    columns=("k", "standardised", "lambda6", "omega", "spearman_brown", "average_r", "formula"),
    checked="psych 2.2.9 and lavaan 0.6-14 (R 4.2.2) on the data sets attitude and bfi",
    key=("scale", "role"),
)
