"""Impact asymmetry: what a bad experience of each touchpoint takes from the judgement of the whole, and what a good one
adds.

Penalty–reward contrast (Brandt 1987; Mittal, Ross & Baldasare 1998): overall = b0 + Σ p·low + Σ r·high, the middle of
the scale as reference, and a third dummy for those who passed the touchpoint by. `value` is the range of impact r − p
(RIOCS) with its HC3 interval by t. There is no consensus on what is low and high, on raw or standardised coefficients,
or on the cut-offs of the classes (Albayrak & Caber 2013): all three stand in the result. The classes are of impact
asymmetry (cut-offs of Mikulić & Prebežac 2008, remembered), and are not Kano's: that they would be is questionable
(Mikulić & Prebežac 2011). Facts are reduced to distinct rows of answers and how many gave each; weights are not used.
Checked against: HC3 and Wald's test written out row by row in numpy 2.4, planted coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point
from peakend.draw.strokes import two_sided
from peakend.errors import MethodError
from peakend.field import outcomes, ratings
from peakend.field.data_warnings import says_weights
from peakend.figures import number, signed_number
from peakend.options import checks_options
from peakend.reduce import profiles
from peakend.result import Method, Result, Results, lead
from peakend.result.words import answers as answers_words
from peakend.result.words import interval_words
from peakend.sums import Floats
from peakend.terms import Lang, data_label, label

from . import contrast as ct

Coefficients = Literal["raw", "standardised"]
FEWEST_PER_DUMMY: Final = 15
"""Answers that a dummy needs, where the caller does not say."""


@dataclass(frozen=True, kw_only=True)
class Impact(Result):
    """One touchpoint. `value` is RIOCS = `reward` − `penalty`, on the scale of the judgement (in its standard
    deviations with standardised coefficients); `n` counts those in the model who met the touchpoint, `n_away` those
    without an answer: who did not use it.

    `sgp` = r/RIOCS and `dgp` = −p/RIOCS are the shares of reward and penalty, `asymmetry` = (r + p)/(r − p) with
    Fieller's (1954) interval; None, and `category` not_classifiable, unless RIOCS is surely above zero and p ≤ 0 ≤ r
    within their intervals: else the ratios explode. `statistic`, `df` and `p` are Wald's t of r + p = 0 (its square is
    F), `p_adjusted` for the family of touchpoints (Benjamini & Hochberg 1995). `low_upto` and `high_from` say which
    answers are low and high, `coefficients` and `cuts` what the classes rest on.
    """

    driver: str
    outcome: str
    penalty: float | None = None
    reward: float | None = None
    penalty_interval: iv.Interval | None = None
    reward_interval: iv.Interval | None = None
    sgp: float | None = None
    dgp: float | None = None
    asymmetry: float | None = None
    asymmetry_interval: iv.Interval | None = None
    category: str | None = None
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    p_adjusted: float | None = None
    family: int = 0
    n_low: int = 0
    n_middle: int = 0
    n_high: int = 0
    n_away: int = 0
    n_model: int = 0
    r2: float | None = None
    low_upto: float | None = None
    high_from: float | None = None
    coefficients: Coefficients = "raw"
    cuts: tuple[float, float] = ct.CUTS


@dataclass(frozen=True)
class _Asked:
    """How the model of every group is to be made."""

    names: tuple[str, ...]
    outcome: str
    bands: tuple[ct.Bands, ...]
    coefficients: Coefficients
    fewest: int
    conf: float


@checks_options
@says_weights
def impact(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    outcome: str | None = None,
    among: Sequence[str] | None = None,
    low: float | None = None,
    high: float | None = None,
    coefficients: Coefficients = "raw",
    fewest: int = FEWEST_PER_DUMMY,
    conf: float = 0.95,
) -> Results[Impact]:
    """The penalties and rewards of touchpoints in each group, the largest range of impact first.

    `outcome` and `among` are chosen as by key drivers. Answers up to `low` are bad, from `high` good (else the lowest
    quarter and the highest tenth of the scale: 1–2 and 5 of 1–5). A dummy with fewer than `fewest` answers joins the
    middle, and its touchpoint says so. Raises MethodError `drivers.no_outcome`, `drivers.none`, `impact.bands` where a
    scale is not known or low and high leave no middle.
    """
    scores = ratings.scores(answers, where)
    target, names, scales = outcomes.outcome_and_drivers(scores, outcome, among)
    groups = (by,) if isinstance(by, str) else tuple(by)
    found = profiles(scores.where(construct=(*names, target)), groups)
    held = tuple(name for (name,) in found.names if name != target)
    asked = _Asked(
        held, target, tuple(_bands(name, scales[name], low, high) for name in held), coefficients, fewest, conf
    )
    unused = {
        (tuple(one.group.values()), one.construct): one.unused_counts()
        for one in ratings.ratings_by(scores.where(construct=names), groups)
    }
    place = [found.names.index((name,)) for name in (*held, target) if (name,) in found.names]
    rows = [
        row
        for group, (values, count) in found.groups.items()
        for row in _infer(
            asked,
            dict(zip(groups, group, strict=True)),
            values[:, place],
            count,
            {n: unused.get((group, n), {}) for n in held},
        )
    ]
    return Results(METHOD, tuple(rows))


@checks_options
def from_rows(
    rows: Any,
    names: Sequence[str],
    outcome: str,
    *,
    scale: tuple[float, float] = (1.0, 5.0),
    low: float | None = None,
    high: float | None = None,
    coefficients: Coefficients = "raw",
    fewest: int = FEWEST_PER_DUMMY,
    conf: float = 0.95,
) -> Results[Impact]:
    """The same from a plain table, shape (n, p + 1), NaN where there is no answer; `names` names its columns, `outcome`
    among them.
    """
    table = np.asarray(rows, dtype=np.float64)
    held = tuple(name for name in names if name != outcome)
    place = [list(names).index(name) for name in (*held, outcome)]
    asked = _Asked(held, outcome, tuple(_bands(name, (scale,), low, high) for name in held), coefficients, fewest, conf)
    return Results(METHOD, _infer(asked, {}, table[:, place], np.ones(len(table)), {}))


def _bands(name: str, scales: Sequence[ratings.StatedScale], low: float | None, high: float | None) -> ct.Bands:
    known = [(a, b) for a, b in scales if a is not None and b is not None]
    if len(known) == 1 or (low is not None and high is not None):
        found = ct.bands(known[0] if known else (0.0, 1.0), low, high)
        if found.low < found.high:
            return found
    raise MethodError("impact.bands", driver=name, scale=ratings.scales_text(scales))


# --- from rows to figures ---------------------------------------------------------------------------------------------


def _infer(
    asked: _Asked, group: Mapping[str, str | None], table: Floats, count: Any, unused: Mapping[str, Mapping[str, int]]
) -> tuple[Impact, ...]:
    weight = np.asarray(count, dtype=np.float64)
    model = ct.contrasts(
        table[:, :-1],
        table[:, -1],
        weight,
        asked.bands,
        asked.fewest,
        standardised=asked.coefficients == "standardised",
    )
    tests = {j: ct.asymmetry(*one.both, model.df, asked.conf) for j, one in enumerate(model.found) if one.both}
    known = [j for j in tests if tests[j].wald.p is not None]
    adjusted = dict(zip(known, iv.benjamini_hochberg([tests[j].wald.p or 0.0 for j in known]), strict=True))
    rows = []
    for j, one in enumerate(model.found):
        about = {"group": group, **_about(asked, j, one, model), **unused.get(asked.names[j], {})}
        if j in tests:
            family: dict[str, Any] = {"p_adjusted": adjusted.get(j), "family": len(known)}
            rows.append(Impact(**about, **family, **_figures(tests[j], about, one, model.df)))
        else:
            rows.append(Impact(**about, value=None, low=None, high=None, refused=_refusal(asked, j, one, model)))
    return tuple(sorted(rows, key=lambda row: (row.value is None, -(row.value or 0.0), row.driver)))


def _about(asked: _Asked, j: int, one: ct.Contrast, model: ct.Contrasts) -> dict[str, Any]:
    """What a row says whether or not it has a figure: definitions, counts, and the sides that are known."""
    penalty, reward = one.tests(model.df, asked.conf)
    return {
        "driver": asked.names[j], "outcome": asked.outcome, "conf": asked.conf, "version": METHOD.definition,
        "coefficients": asked.coefficients,
        "low_upto": asked.bands[j].low, "high_from": asked.bands[j].high, "n": one.n, "n_low": one.n_low,
        "n_middle": one.n_middle,
        "n_high": one.n_high, "n_away": one.n_away, "n_model": model.n, "r2": model.r2, "penalty": one.penalty,
        "reward": one.reward,
        "penalty_interval": penalty and penalty.ends, "reward_interval": reward and reward.ends,
    }  # fmt: skip


def _figures(found: ct.Asymmetry, sides: Mapping[str, Any], one: ct.Contrast, df: int) -> dict[str, Any]:
    """The figures of a touchpoint that has both sides; ratios only where they can be told."""
    range_, wald = found.riocs, found.wald
    sure = range_.low is not None and range_.low > 0
    signed_right = sure and (sides["penalty_interval"] or (1, 1))[0] <= 0 <= (sides["reward_interval"] or (-1, -1))[1]
    flags = {"not_classifiable": not signed_right, "few_away": one.n_dropped > 0, "no_spread": range_.low is None}
    fields: dict[str, Any] = {
        "value": range_.value, "low": range_.low, "high": range_.high, "statistic": wald.statistic, "df": df,
        "p": wald.p, "category": ct.UNKNOWN,
        "warnings": tuple(name for name, held in flags.items() if held),
    }  # fmt: skip
    if not signed_right:
        return fields
    ends = None if found.ends.low is None or found.ends.high is None else (found.ends.low, found.ends.high)
    told = {"sgp": found.sgp, "dgp": found.dgp, "asymmetry": found.asymmetry, "asymmetry_interval": ends}
    return {**fields, **told, "category": ct.class_of(found.asymmetry)}


def _refusal(asked: _Asked, j: int, one: ct.Contrast, model: ct.Contrasts) -> MethodError:
    name = asked.names[j]
    if min(one.n_low, one.n_middle, one.n_high) < asked.fewest:
        return MethodError(
            "impact.too_few", driver=name, low=one.n_low, middle=one.n_middle, high=one.n_high, need=asked.fewest
        )
    if one.dependent:
        return MethodError("impact.dependent", driver=name)
    return MethodError("impact.no_model", n=model.n, outcome=asked.outcome)


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Impact, lang: Lang) -> str:
    name, outcome = data_label(row.driver, lang), label(row.outcome, lang)
    head, lost, won = (
        lead(row, lang),
        _shift(row.penalty, row.penalty_interval, row, lang),
        _shift(row.reward, row.reward_interval, row, lang),
    )
    low, high = (
        _ends(ends, row.conf, lang, value or 0.0)
        for ends, value in ((row.penalty_interval, row.penalty), (row.reward_interval, row.reward))
    )
    kind = _class(row, lang)
    n = answers_words(row.n, lang)
    return {
        "en": f"{head}{'after' if head else 'After'} a bad experience of {name}, “{outcome}” is {lost}{low}; "
        f"after a good one, {won}{high}: {kind}. {n}.",
        "zh-Hant": f"{head}「{name}」體驗差時，「{outcome}」{lost}{low}；體驗好時，{won}{high}。{kind}。共 {n}。",
        "zh-Hans": f"{head}“{name}”体验差时，“{outcome}”{lost}{low}；体验好时，{won}{high}。{kind}。共 {n}。",
    }[lang]


def _class(row: Impact, lang: Lang) -> str:
    """The class, and that it is not certain where the interval of the asymmetry reaches into another one."""
    name, ends = label(row.category or ct.UNKNOWN, lang), row.asymmetry_interval
    if row.category in {None, ct.UNKNOWN}:
        return name
    if ends is not None and ct.class_of(ends[0]) == ct.class_of(ends[1]):
        return {"en": name}.get(lang, f"{'屬於' if lang == 'zh-Hant' else '属于'}{name}")
    return {
        "en": f"leaning towards {name}, not certain",
        "zh-Hant": f"傾向{name}，還不能確定",
        "zh-Hans": f"倾向{name}，还不能确定",
    }[lang]


_UNITS: Final[Mapping[Coefficients, Mapping[Lang, str]]] = {
    "raw": {"en": "points", "zh-Hant": "分", "zh-Hans": "分"},
    "standardised": {"en": "standard deviations", "zh-Hant": "個標準差", "zh-Hans": "个标准差"},
}


def _shift(found: float | None, ends: iv.Interval | None, row: Impact, lang: Lang) -> str:
    """By how much a rating is lower or higher: "0.26 points lower"; that it is neither clearly where the interval holds
    zero, and that it was not tested where there is none.
    """
    value, unit = found or 0.0, _UNITS[row.coefficients][lang]
    told = f"{signed_number(value, 2)} {unit}"
    if ends is not None and ends[0] <= 0 <= ends[1]:
        return {
            "en": f"not clearly different, {told}",
            "zh-Hant": f"沒有明顯差異，{told}",
            "zh-Hans": f"没有明显差异，{told}",
        }[lang]
    if ends is None:
        return {
            "en": f"{told} away (not tested)",
            "zh-Hant": f"相差 {told}（未能檢定）",
            "zh-Hans": f"相差 {told}（未能检验）",
        }[lang]
    size, down = f"{number(abs(value), 2)} {unit}", value < 0
    return {"en": f"{size} {'lower' if down else 'higher'}"}.get(lang, f"{'低' if down else '高'} {size}")


def _ends(ends: iv.Interval | None, conf: float, lang: Lang, value: float) -> str:
    """The interval of a shift, in the direction of its words."""
    if ends is None:
        return ""
    inside = interval_words(ends if value >= 0 or ends[0] <= 0 <= ends[1] else (-ends[1], -ends[0]), conf, lang, 2)
    return f" ({inside})" if lang == "en" else f"（{inside}）"


def _draw(rows: Sequence[Impact], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    drawn = [
        (_point(row, row.penalty, row.penalty_interval, lang), _point(row, row.reward, row.reward_interval, lang))
        for row in rows
    ]
    titles = (label("penalty", lang), label("reward", lang))
    return two_sided(drawn, axis=Axis(title="", format="+.2f"), alt=alt, lang=lang, titles=titles)


def _point(row: Impact, value: float | None, ends: iv.Interval | None, lang: Lang) -> Point:
    low, high = ends or (None, None)
    place = " · ".join(label(str(part), lang) for part in (*row.group.values(), row.driver) if part is not None)
    note = label("too_few", lang) if row.penalty is None and row.reward is None else ""
    return Point(name=place, value=value, low=low, high=high, n=row.n, note=note)


METHOD: Final = Method(
    id="impact",
    version="1",
    row=Impact,
    run=impact,
    say=_say,
    draw=_draw,
    columns=("penalty", "reward", "asymmetry", "category", "p_adjusted", "n_low", "n_high", "n_away"),
    checked="R 4.2.2 (lm) and sandwich 3.0-2 (HC3), Wald's test by hand, planted coefficients",
    key=("driver",),
)
