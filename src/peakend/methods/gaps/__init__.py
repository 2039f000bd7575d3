"""The five gaps of service quality on one scale, by dimension (Zeithaml, Berry & Parasuraman 1988; Zeithaml,
Parasuraman & Berry 1990).

`value` is the shortfall as a share of the scale, 0 … 1 (negative: more than enough), so that gaps that are differences
(1 and 5) and gaps that are ratings whose high end is good (2–4: shortfall (high − x)/(high − low)) can stand beside
each other. `difference` is the gap itself: for gap 1 managers' belief less customers' expectation (negative: managers
underestimate) with Welch's interval, for gap 5 P − E of the same customers with Student's; `level` is x. With fewer
than five managers or staff there are values and no interval.

`audit` reads the roles standard and delivered as levels on the customers' own items and scale, and takes the gap apart
exactly: P − E = (P − D) + (D − S) + (S − B) + (B − E), D delivered, S specified, B managers' belief. Different people
rate, so the terms' uncertainties add in quadrature. Gap 4 is no term of it: what is promised moves both P and E.
`antecedents` reads what gaps 1 to 4 come from. Checked against: scipy 1.17 (ttest_ind, Welch), the identity of the
audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point, bars, dots
from peakend.errors import MethodError
from peakend.field import five_gaps, ratings
from peakend.field import pair_differences as pd
from peakend.field.data_warnings import says_weights
from peakend.field.five_gaps import GAPS, PAIR, RATED, STAFF, GapCell
from peakend.field.ratings import Scale
from peakend.figures import number, signed_number
from peakend.methods.gaps.picture import Fall, falls
from peakend.options import checks_options
from peakend.result import TOTAL, Method, Result, Results, evidence, lead, points
from peakend.terms import Lang, label
from peakend.thresholds import FEWEST_FOR_SPREAD, LOW_BASE

from . import antecedents as an

AUDIT: Final = ("gap1", "gap2", "gap3", "perception_error", "gap5")
"""The terms of the audit in the order in which they build up, and their sum."""


@dataclass(frozen=True, kw_only=True)
class Gap(Result):
    """One gap of one dimension. `value` is the shortfall (a share of the scale, positive falls short), `n` who
    answered.

    `difference` with its interval, `t`, `df`, `p` is the gap in points of the scale (gaps 1 and 5, and every term of an
    audit); `level` the mean rating (gaps 2–4). `respondents` says whose view it is, `against` and `n_against` whom it
    is compared with.
    """

    dimension: str
    gap: str
    difference: float | None = None
    difference_interval: iv.Interval | None = None
    level: float | None = None
    level_interval: iv.Interval | None = None
    respondents: str = ""
    against: str = ""
    n_against: int | None = None
    t: float | None = None
    df: float | None = None
    p: float | None = None
    scale: Scale | None = None


# --- from summaries ---------------------------------------------------------------------------------------------------


@checks_options
def knowledge(
    managers: ArrayLike, customers: ArrayLike, *, scale: Scale, dimension: str = TOTAL, conf: float = 0.95
) -> Gap:
    """Gap 1 from answers: what managers believe that customers expect, against what customers expect, one number a
    person.
    """
    return _knowledge(_summary(managers), _summary(customers), scale, conf, dimension=dimension)


@checks_options
def level(answers: ArrayLike, *, gap: str, scale: Scale, dimension: str = TOTAL, conf: float = 0.95) -> Gap:
    """Gap 2, 3 or 4 from ratings whose high end is good, one number a person."""
    return _level(_summary(answers), gap, scale, conf, dimension=dimension)


def _summary(values: ArrayLike) -> iv.Summary:
    held = np.asarray(values, dtype=float)
    return len(held), float(held.mean()) if len(held) else 0.0, float(held.var(ddof=1)) if len(held) > 1 else 0.0


def _knowledge(managers: iv.Summary, customers: iv.Summary, scale: Scale, conf: float, **about: Any) -> Gap:
    found = iv.welch(managers, customers, conf)
    return _difference(
        found, scale, conf, n=(managers[0], customers[0]), gap="gap1", kinds=("manager", "customer"), **about
    )


def _difference(
    found: iv.Comparison,
    scale: Scale,
    conf: float,
    *,
    n: tuple[float, float],
    kinds: tuple[str, str],
    least: int | None = None,
    **about: Any,
) -> Gap:
    """A row from a difference in points; without interval and test where those who are few are fewer than five."""
    few = (n[0] if least is None else least) < STAFF
    ends = None if few else found.ends
    width = scale[1] - scale[0]
    low, high = (None, None) if ends is None else (-ends[1] / width, -ends[0] / width)
    tested: dict[str, Any] = {} if few else {"t": found.statistic, "df": found.df, "p": found.p}
    return Gap(
        value=_whole(-found.value / width), low=low, high=high, n=int(n[0]), n_against=int(n[1]), respondents=kinds[0],
        against=kinds[1],
        difference=found.value, difference_interval=ends, scale=scale, conf=conf, version=METHOD.definition,
        warnings=_warnings(n[0], ends, few=few),
        **tested, **about,
    )  # fmt: skip


def _whole(value: float) -> float:
    return value + 0.0


def _warnings(n: float, ends: iv.Interval | None, *, few: bool) -> tuple[str, ...]:
    flags = {"few_staff": few, "low_base": not few and n < LOW_BASE, "no_spread": not few and ends is None}
    return tuple(name for name, held in flags.items() if held)


def _level(found: iv.Summary, gap: str, scale: Scale, conf: float, **about: Any) -> Gap:
    n, mean, variance = found
    ends, width = None if n < STAFF else iv.mean_t(n, mean, variance, conf, scale), scale[1] - scale[0]
    low, high = (None, None) if ends is None else ((scale[1] - ends[1]) / width, (scale[1] - ends[0]) / width)
    return Gap(
        value=(scale[1] - mean) / width, low=low, high=high, n=int(n), gap=gap, level=mean, level_interval=ends,
        respondents=an.KIND[gap],
        scale=scale, conf=conf, version=METHOD.definition, warnings=_warnings(n, ends, few=n < STAFF), **about,
    )  # fmt: skip


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def gaps(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    dimension: str | Sequence[str] | None = None,
    audit: bool = False,
    antecedents: bool = False,
    conf: float = 0.95,
) -> Results[Gap]:
    """All five gaps of every dimension in each group; `by="touchpoint"` for each touchpoint. What was not asked is a
    row that says so.

    Roles and respondents: belief, standard (respondent_kind manager); delivered, promised (frontline); expectation,
    perception (customer). With `audit`, gap 5 taken apart into what managers, standards, delivery and perception add to
    it; delivered may be rated by auditors. With `antecedents`, instead the scales of what gaps 1–4 come from
    (`field.antecedents`), each as a shortfall from its good end. Raises MethodError `gaps.kinds` where the conditions
    name a kind of respondent.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    groups = tuple(name for name in groups if name not in {"construct", "respondent_kind"})
    if antecedents:
        return Results(METHOD, tuple(_behind(one, groups, conf) for one in an.cells(answers, groups, where)))
    rows: list[Gap] = []
    for cell in five_gaps.cells(answers, groups, where, dimension):
        about = {"group": MappingProxyType(dict(zip(groups, cell.group, strict=True))), "dimension": cell.dimension}
        rows += _audit_rows(cell, conf, about) if audit else [_row_of(cell, gap, conf, about) for gap in GAPS]
    return Results(METHOD, tuple(rows))


def _behind(cell: an.AntecedentCell, groups: Sequence[str], conf: float) -> Gap:
    """An antecedent as a level, read from its good end."""
    about = {"group": MappingProxyType(dict(zip(groups, cell.group, strict=True))), "dimension": cell.name}
    try:
        row = _level(cell.found, cell.gap, cell.scale(), conf, **about)
    except MethodError as refusal:
        return _refusal(cell.gap, conf, refusal, about, int(cell.found[0]))
    if cell.name not in an.LOW_IS_GOOD or row.value is None:
        return row
    low, high = (None, None) if row.low is None or row.high is None else (1 - row.high, 1 - row.low)
    return replace(row, value=1 - row.value, low=low, high=high)


def _row_of(cell: GapCell, gap: str, conf: float, about: Mapping[str, Any]) -> Gap:
    try:
        return _one(cell, gap, conf, about)
    except MethodError as refusal:
        return _refusal(gap, conf, refusal, about)


def _refusal(gap: str, conf: float, refusal: MethodError, about: Mapping[str, Any], n: int = 0) -> Gap:
    return Gap(
        value=None, low=None, high=None, n=n, gap=gap, conf=conf, version=METHOD.definition, refused=refusal, **about
    )


def _one(cell: GapCell, gap: str, conf: float, about: Mapping[str, Any]) -> Gap:
    if gap == "gap5":
        return _service(cell, conf, about)
    if gap == "gap1":
        sides = _summary_of(cell, "belief", "manager"), _summary_of(cell, "expectation", "customer")
        return _knowledge(*sides, cell.scale("belief", "expectation"), conf, **about)
    role, kind = RATED[gap]
    return _level(_summary_of(cell, role, kind), gap, cell.scale(role), conf, **about)


def _summary_of(cell: GapCell, role: str, kind: str) -> iv.Summary:
    found = cell.side(role, kind)
    if not found[0]:
        raise MethodError("gaps.not_asked", dimension=cell.dimension, role=role, kind=kind)
    return found


def _service(cell: GapCell, conf: float, about: Mapping[str, Any]) -> Gap:
    if cell.pairs.n < FEWEST_FOR_SPREAD:
        refusal = MethodError("gaps.no_pairs", dimension=cell.dimension, n=cell.pairs.n, need=FEWEST_FOR_SPREAD)
        return _refusal("gap5", conf, refusal, about, cell.pairs.n)
    scale, n = cell.scale(*PAIR), cell.pairs.n
    return _difference(
        pd.test(cell.pairs, scale, conf),
        scale,
        conf,
        n=(n, n),
        least=STAFF,
        gap="gap5",
        kinds=("customer", "customer"),
        **about,
    )


def _audit_rows(cell: GapCell, conf: float, about: Mapping[str, Any]) -> list[Gap]:
    """Gap 5 as the sum of four differences, all on one scale; one refusal where any of the levels is wanting."""
    try:
        return _chain_rows(cell, conf, about)
    except MethodError as refusal:
        return [_refusal("gap5", conf, refusal, about)]


def _chain_rows(cell: GapCell, conf: float, about: Mapping[str, Any]) -> list[Gap]:
    service = _service(cell, conf, about)
    if service.refused is not None:
        return [service]
    kind = cell.auditing
    scale = cell.scale("belief", "standard", "delivered", *PAIR)
    belief, standard, delivered = (
        _summary_of(cell, *who) for who in (("belief", "manager"), ("standard", "manager"), ("delivered", kind))
    )
    found = cell.pairs
    chain = (
        ("customer", (found.n, found.left, found.left_variance or 0.0)), ("manager", belief), ("manager", standard),
        (kind, delivered),
        ("customer", (found.n, found.right, found.right_variance or 0.0)),
    )  # fmt: skip
    terms = []
    for name, (before, one), (after, two) in zip(AUDIT, chain, chain[1:], strict=False):
        n = (two[0], one[0])
        terms.append(
            _difference(
                iv.welch(two, one, conf), scale, conf, n=n, kinds=(after, before), least=int(min(n)), gap=name, **about
            )
        )
    return [*terms, service]


# --- words and picture ------------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "short": {
        "en": "{points} points below what is needed, {share} of the full scale",
        "zh-Hant": "低 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "低 {points} 分，相当于量表全距的 {share}",
    },
    "above": {
        "en": "{points} points above what is needed, {share} of the full scale",
        "zh-Hant": "高 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "高 {points} 分，相当于量表全距的 {share}",
    },
    "short5": {
        "en": "{points} points below expectation, {share} of the full scale",
        "zh-Hant": "比期望低 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "比期望低 {points} 分，相当于量表全距的 {share}",
    },
    "above5": {
        "en": "{points} points above expectation, {share} of the full scale",
        "zh-Hant": "比期望高 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "比期望高 {points} 分，相当于量表全距的 {share}",
    },
    "short1": {
        "en": "managers think customers expect less than they do, by {points} points, {share} of the full scale",
        "zh-Hant": "主管低估了顧客的期望 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "管理者低估了客户的期望 {points} 分，相当于量表全距的 {share}",
    },
    "above1": {
        "en": "managers think customers expect more than they do, by {points} points, {share} of the full scale",
        "zh-Hant": "主管高估了顧客的期望 {points} 分，相當於量表全距的 {share}",
        "zh-Hans": "管理者高估了客户的期望 {points} 分，相当于量表全距的 {share}",
    },
    "rated": {
        "en": "rated {points}, below the top by {share} of the full scale",
        "zh-Hant": "評分 {points}，比最高分低量表全距的 {share}",
        "zh-Hans": "评分 {points}，比最高分低量表全距的 {share}",
    },
    "turned": {
        "en": "rated {points}, where the lowest is best: above it by {share} of the full scale",
        "zh-Hant": "評分 {points}，此項越低越好，比最低分高量表全距的 {share}",
        "zh-Hans": "评分 {points}，此项越低越好，比最低分高量表全距的 {share}",
    },
    "level": {"en": "no clear shortfall", "zh-Hant": "沒有明顯不足", "zh-Hans": "没有明显不足"},
    "few": {
        "en": "could not be tested, with fewer than five people on one side",
        "zh-Hant": "有一方不到五人，無法檢定",
        "zh-Hans": "有一方不到五人，无法检验",
    },
    "same": {
        "en": "could not be tested, for nothing varies",
        "zh-Hant": "數值沒有差異，無法檢定",
        "zh-Hans": "数值没有差异，无法检验",
    },
}
_AROUND: Final[Mapping[Lang, str]] = {
    "en": "{points} points, {share} of the full scale",
    "zh-Hant": "相差 {points} 分，相當於量表全距的 {share}",
    "zh-Hans": "相差 {points} 分，相当于量表全距的 {share}",
}


def _say(row: Gap, lang: Lang) -> str:
    head, verdict = lead(row, lang, label(row.dimension, lang), label(row.gap, lang)), _verdict(row)
    ends = [None if end is None else 100 * end for end in (row.low, row.high)]
    turned = (row.difference or 0) * (row.value or 0) < 0 and verdict in {"level", "few", "same"}
    if (turned or verdict.startswith("above")) and ends[0] is not None and ends[1] is not None:
        ends = [-ends[1], -ends[0]]
    percent = Result(value=None, low=ends[0], high=ends[1], n=row.n, conf=row.conf, version=METHOD.definition)
    if verdict in {"level", "few", "same"}:
        share = f"{number(100 * (-1 if turned else 1) * (row.value or 0), 0)}%"
        about = _AROUND[lang].format(points=signed_number(row.difference or 0, 2), share=share)
        return f"{head}{_WORDS[verdict][lang]}{evidence(percent, lang, 0, about)}{'.' if lang == 'en' else '。'}"
    told = abs(row.difference or 0) if row.level is None else row.level
    short = _WORDS[verdict][lang].format(points=number(told, 2), share=f"{number(100 * abs(row.value or 0), 0)}%")
    return f"{head}{short}{evidence(percent, lang, 0)}{'.' if lang == 'en' else '。'}"


def _verdict(row: Gap) -> str:
    """What may be said: a rating is always read against the good end of its scale; a difference is only clear where its
    interval leaves zero out.

    Where nothing was tested that is said, and why.
    """
    if row.level is not None:
        return "turned" if row.dimension in an.LOW_IS_GOOD else "rated"
    if row.low is not None and row.high is not None and row.low <= 0 <= row.high:
        return "level"
    if row.low is None or row.high is None:
        return "few" if "few_staff" in row.warnings else "same"
    side = "short" if (row.value or 0) > 0 else "above"
    return f"{side}{row.gap[-1]}" if row.gap in {"gap1", "gap5"} else side


def _draw(rows: Sequence[Gap], lang: Lang) -> Chart:
    """The five gaps of each dimension as one line that falls where the service falls short; the widest gap 5 at the
    top.
    """
    alt = " ".join(_say(row, lang) for row in rows[:5] if row.value is not None) or label("too_few", lang)
    if rows and all(row.dimension in an.NAMES for row in rows):
        axis = Axis(title=label("antecedents.short", lang), low=0, high=1, format=".0%")
        return bars(points(rows, lang, "gap", "dimension"), axis=axis, alt=alt, lang=lang)
    known = {row.gap for row in rows if row.value is not None}
    names = [name for name in (AUDIT if "perception_error" in known else GAPS) if name in known]
    if len(names) < 2:
        return _alone([row for row in rows if row.gap in names], alt, lang)
    worst = {_name(row, lang): row.value for row in rows if row.gap == "gap5" and row.value is not None}
    ordered = sorted(
        rows, key=lambda row: (_name(row, lang) not in worst, -worst.get(_name(row, lang), 0.0), _name(row, lang))
    )
    columns, title = [label(name, lang) for name in names], label("gaps.line", lang)
    return falls([_fall(row, lang) for row in ordered], columns=columns, alt=alt, last=label("gap5", lang), title=title)


def _alone(rows: Sequence[Gap], alt: str, lang: Lang) -> Chart:
    """One gap of each dimension, where no other was measured: what falls short lies below zero."""
    drawn = [
        Point(
            name=_name(row, lang),
            value=_reversed(row.value),
            low=_reversed(row.high),
            high=_reversed(row.low),
            n=row.n,
            note=label("too_few", lang),
        )
        for row in rows
    ]
    title = f"{label(rows[0].gap, lang)} · {label('gaps.line', lang)}" if rows else label("gaps.line", lang)
    return dots(drawn, axis=Axis(title=title, format="+.0%"), alt=alt, lang=lang, reference=0.0)


def _reversed(value: float | None) -> float | None:
    return None if value is None else -value


def _fall(row: Gap, lang: Lang) -> Fall:
    """A row as it is drawn: of two sides, the n is that of the fewer."""
    ends = None if row.low is None or row.high is None else (row.low, row.high)
    shown = "" if row.value is None else f"{signed_number(-100 * row.value, 0)}%"
    fewest = row.n if row.n_against is None else min(row.n, row.n_against)
    return Fall(row=_name(row, lang), column=label(row.gap, lang), value=row.value, ends=ends, n=fewest, shown=shown)


def _name(row: Gap, lang: Lang) -> str:
    return " · ".join(label(name, lang) for name in (*(value for value in row.group.values() if value), row.dimension))


METHOD: Final = Method(
    id="gaps",
    version="1",
    row=Gap,
    run=gaps,
    say=_say,
    draw=_draw,
    columns=("difference", "level", "respondents", "n_against"),
    checked="R 4.2.2 (t.test), scipy 1.17 (ttest_ind, Welch), and the identity of the audit",
    key=("dimension", "gap"),
)
