"""Expectation met: perception as a share of expectation, P / E, with the difference P − E always beside it.

Some say satisfaction is a ratio, the SERVQUAL tradition a difference: two quantities, never one trend. A ratio needs a
true zero, so both sides are put on 0–100 first (seven points give other ratios coded 1–7 than 0–6). `value` is the
ratio of the means with Fieller's (1954) interval of paired answers; where expectation may as well be zero (g ≥ 1) the
interval has no ends, and the row says so. The mean of each respondent's own ratio is another number, moved by whoever
expects little; expectations below a floor are raised to it there, and counted. Checked against: the paired t test as
second route (scipy 1.17), the delta method by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.field import pair_differences as pd
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Scale
from peakend.figures import number
from peakend.maths import ratios
from peakend.options import checks_options
from peakend.reduce import gaps
from peakend.result import Method, Result, Results, evidence, lead, points
from peakend.sums import in_order
from peakend.terms import Lang, label
from peakend.thresholds import FEWEST_FOR_SPREAD, LOW_BASE
from peakend.weights import figure as weighted_figure

PAIR: Final = ("expectation", "perception")
OVERALL: Final = "overall"
Weights = tuple[iv.Array, iv.Array]
"""Σw and Σw² of the people behind each pair."""
HUNDRED: Final = (0.0, 100.0)


@dataclass(frozen=True, kw_only=True)
class Value(Result):
    """One construct (or "overall"). `value` is mean P / mean E, both on 0–100, as are `expectation`, `perception` and
    `difference`.

    `g` from 1 on says that the ratio has no bounds (`bounds`: between, outside, everything). `se` is the delta
    method's, `log_interval` the delta method's on the log scale. `mean_ratio` is the mean of respondents' own ratios;
    `floored` counts those whose expectation lay below `floor` and was raised to it, there alone. `scale` is that of the
    answers. `weighted` is the twin by survey weights: value, low, high (Fieller), se (linearised, as survey::svyratio),
    n_eff (Kish), difference.
    """

    construct: str | None = None
    expectation: float | None = None
    perception: float | None = None
    difference: float | None = None
    difference_interval: iv.Interval | None = None
    mean_ratio: float | None = None
    mean_ratio_interval: iv.Interval | None = None
    floored: int = 0
    floor: float = ratios.FLOOR
    g: float | None = None
    bounds: ratios.Set | None = None
    se: float | None = None
    log_interval: iv.Interval | None = None
    scale: Scale | None = None
    weighted: Mapping[str, float | None] | None = None

    @property
    def weighted_value(self) -> float | None:
        """The weighted ratio, for the table."""
        return weighted_figure(self.weighted, self.n)


# --- from pairs -------------------------------------------------------------------------------------------------------


@checks_options
def from_pairs(
    perception: ArrayLike,
    expectation: ArrayLike,
    *,
    scale: Scale = HUNDRED,
    construct: str | None = None,
    floor: float = ratios.FLOOR,
    conf: float = 0.95,
) -> Value:
    """From both answers of the same people on one scale: `from_pairs([5, 6], [6, 6], scale=(1, 7))`.

    Quantities that have a true zero of their own (minutes, amounts, 0–100) keep the default scale, whose zero is zero.
    """
    p, e = (np.asarray(side, dtype=float) for side in (perception, expectation))
    return _infer(e, p, np.ones(len(p)), scale=scale, floor=floor, conf=conf, construct=construct)


def _infer(
    expectation: iv.Array,
    perception: iv.Array,
    counts: ArrayLike,
    *,
    scale: Scale,
    floor: float,
    conf: float,
    weights: Weights | None = None,
    **about: Any,
) -> Value:
    e, p, c = (
        ratios.on_hundred(expectation, scale),
        ratios.on_hundred(perception, scale),
        np.asarray(counts, dtype=float),
    )
    n = int(c.sum())
    common: dict[str, Any] = {
        "n": n,
        "scale": scale,
        "floor": floor,
        "conf": conf,
        "version": METHOD.definition,
        **about,
    }
    if n < FEWEST_FOR_SPREAD:
        return _refusal(MethodError("value.too_few", n=n, need=FEWEST_FOR_SPREAD), common)
    _, mean, variance = iv.tally_mean(p - e, c)
    means = ratios.paired_means(p, e, c)
    common |= {
        "expectation": means.bottom,
        "perception": means.top,
        "difference": mean,
        "difference_interval": iv.mean_t(n, mean, variance, conf),
    }
    if means.bottom <= 0:
        return _refusal(MethodError("value.no_expectation", n=n), common)
    raised = np.maximum(e, floor)
    _, own, spread = iv.tally_mean(p / raised, c)
    found, se = ratios.fieller(means, conf), ratios.delta(means)
    floored = int(c[e < floor].sum())
    ends = (
        (None, None)
        if found.low is None or found.high is None or found.high - found.low < _NOISE
        else (found.low, found.high)
    )
    flags = {
        "low_base": n < LOW_BASE,
        "ratio_unbounded": found.set != "between",
        "floored": floored > 0,
        "no_spread": se < _NOISE,
    }
    return Value(
        value=means.ratio, low=ends[0], high=ends[1], mean_ratio=own,
        mean_ratio_interval=iv.mean_t(n, own, spread, conf), floored=floored,
        g=found.g, bounds=found.set, se=se, log_interval=ratios.log_interval(means, conf),
        weighted=_weighted_twin(p, e, c, weights, conf),
        warnings=tuple(name for name, held in flags.items() if held), **common,
    )  # fmt: skip


_NOISE: Final = 1e-12


def _weighted_twin(
    p: iv.Array, e: iv.Array, c: iv.Array, weights: Weights | None, conf: float
) -> Mapping[str, float | None] | None:
    """The twin by survey weights: the ratio with Fieller's ends and its error, the difference of the means, n_eff
    (Kish).
    """
    found = None if weights is None else ratios.weighted_means(p, e, c, *weights)
    if found is None or weights is None or found.bottom <= 0:
        return None
    ends, n_eff = ratios.fieller(found, conf), iv.kish(float(weights[0].sum()), float(weights[1].sum()))
    difference = found.top - found.bottom
    return MappingProxyType(
        {
            "value": found.ratio,
            "low": ends.low,
            "high": ends.high,
            "se": ratios.delta(found),
            "n_eff": n_eff,
            "difference": difference,
        }
    )


def _refusal(refusal: MethodError, common: Mapping[str, Any]) -> Value:
    return Value(value=None, low=None, high=None, refused=refusal, **common)


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def value(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    floor: float = ratios.FLOOR,
    conf: float = 0.95,
) -> Results[Value]:
    """The ratio of every construct asked as expectation and perception, in each group, and of all together.

    A respondent's side of a construct is the mean over the items answered on both sides (at least half), as in
    SERVQUAL. Refuses constructs without one stated scale (`value.scale`): without a zero there is no ratio. Raises
    MethodError `value.floor` for a floor that is not between 0 and 100.
    """
    if not 0 < floor < HUNDRED[1]:
        raise MethodError("value.floor", found=f"{floor:g}")
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != "construct")
    facts = ratings.customers(answers, where).where(role=PAIR)
    asked = pd.asked_in(facts.with_names("construct", construct), PAIR)
    if not asked:
        return pd.of_nobody(METHOD, Value, groups, conf, MethodError("value.no_pairs"))
    facts = facts.where(construct=tuple(asked))
    wanted = {**asked, **({OVERALL: pd.common_roles(asked.values())} if len(asked) > 1 else {})}
    parts = {
        tuple(cell.values()): part for cell, part in gaps(facts, groups, pair=PAIR).tally.split(*groups, "construct")
    }
    states = pd.respondents(facts, groups, PAIR, ("construct",))
    states |= {
        (*group, OVERALL): count
        for group, count in pd.respondents(facts, groups, PAIR, ()).items()
        if OVERALL in wanted
    }
    rows, place = [], {group: at for at, group in enumerate(in_order(key[:-1] for key in states))}
    for *group, name in sorted(states, key=lambda key: (place[key[:-1]], key[-1] == OVERALL, key[-1])):
        part, scale = parts.get((*group, name)), wanted[name].scale(*PAIR)
        left, right = (np.array(part.column(side) if part else (), dtype=float) for side in ("left", "right"))
        count = part.count if part else np.zeros(0)
        about = pd.about(groups, group, int(count.sum()), states[*group, name]) | {"construct": name}
        if scale is None:
            refusal = MethodError("value.scale", construct=name, scales=ratings.scales_text(wanted[name].scales(*PAIR)))
            rows.append(
                _refusal(
                    refusal,
                    {"n": int(count.sum()), "floor": floor, "conf": conf, "version": METHOD.definition, **about},
                )
            )
        else:
            weights = (part.weight, part.weight2) if part else None
            rows.append(_infer(left, right, count, scale=scale, floor=floor, conf=conf, weights=weights, **about))
    return Results(METHOD, tuple(rows))


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Value, lang: Lang) -> str:
    head = lead(row, lang, *([label(row.construct, lang)] if row.construct else []))
    percent, difference, more = (
        number(100 * (row.value or 0), 0),
        number(abs(row.difference or 0), 1),
        (row.difference or 0) > 0,
    )
    shown = replace(
        row, low=None if row.low is None else 100 * row.low, high=None if row.high is None else 100 * row.high
    )
    unbounded = "ratio_unbounded" in row.warnings
    tail = {
        "en": "; no interval for the ratio, read the difference",
        "zh-Hant": "；比值算不出區間，請看差值",
        "zh-Hans": "；比值算不出区间，请看差值",
    }[lang]
    return {
        "en": f"{head}{percent}% of what was expected{evidence(shown, lang, 0)}, {difference} points "
        f"{'above' if more else 'below'} it on 0–100{tail if unbounded else ''}.",
        "zh-Hant": f"{head}達到期望的 {percent}%{evidence(shown, lang, 0)}，比期望{'高' if more else '低'} "
        f"{difference} 分（以 0–100 分計）{tail if unbounded else ''}。",
        "zh-Hans": f"{head}达到期望的 {percent}%{evidence(shown, lang, 0)}，比期望{'高' if more else '低'} "
        f"{difference} 分（按 0–100 分计）{tail if unbounded else ''}。",
    }[lang]


def _draw(rows: Sequence[Value], lang: Lang) -> Chart:
    """The ratios with their intervals against 100%, where everything expected was found."""
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    axis, met = Axis(title=label("value.axis", lang), format=".0%"), label("value.met", lang)
    return dots(points(rows, lang, "construct"), axis=axis, alt=alt, lang=lang, reference=1.0, reference_name=met)


METHOD: Final = Method(
    id="value",
    version="1",
    row=Value,
    run=value,
    say=_say,
    draw=_draw,
    columns=("expectation", "perception", "difference", "mean_ratio", "weighted_value", "floored"),
    checked="R 4.2.2 (paired t.test as Fieller's second route), survey 4.1 (svyratio), the delta method by hand",
    key=("construct",),
    twin="weighted",
    written=(100, "%", 1),
)
