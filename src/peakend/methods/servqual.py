"""SERVQUAL: what customers find (perception) less what they expect, by dimension of service quality: gap 5 (Parasuraman
et al. 1988).

`value` is the gap P − E on the scale of the answers, so a shortfall is negative. A respondent's gap in a dimension is
the mean over the pairs of items answered on both sides, at least half of them; the dimension's is the mean over
respondents with Student's interval of paired answers, and Wilcoxon's signed-rank p beside it. Overall is the mean over
respondents of the mean of their dimension gaps (dimensions have unequal numbers of items), weighted by their own
importance where they stated it. The perceptions alone are SERVPERF (Cronin & Taylor 1992). Checked against: the tables
of PMC6131925, Zarei et al. 2012, Shahrazad (n = 51), Tefera & Govender 2017; R 4.2.2 (t.test), scipy 1.17.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend import weights
from peakend.draw import Axis, Chart, Span, dumbbell
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import pair_differences as pd
from peakend.field import ratings, weighted_means
from peakend.field.data_warnings import says_weights
from peakend.field.pair_differences import NOBODY, PairStatistics, RoleScales
from peakend.field.ratings import Scale
from peakend.figures import number, signed_number
from peakend.options import checks_options
from peakend.reduce import Gaps, gaps, pairs
from peakend.result import Method, Result, Results, evidence, lead
from peakend.sums import Counts, in_order
from peakend.terms import Lang, label
from peakend.thresholds import FEWEST_FOR_SPREAD

PAIR: Final = ("expectation", "perception")
SIGN: Final = "perception - expectation"
OVERALL: Final = "overall"
Level = Literal["dimension", "item"]


@dataclass(frozen=True, kw_only=True)
class Servqual(Result):
    """One dimension (or one item of it, or "overall"). Expectation, perception and gap are on the scale of the answers;
    `sign` says which way the gap is taken.

    `n` counts respondents with a gap. `sd` is that of the gap, `t` and `p` Student's paired test, `p_adjusted` Holm's
    over the `family` of rows of the same group and level, `p_rank` Wilcoxon's; `correlation` that of E and P.
    `weighted` is the overall gap with each respondent's dimensions weighted by the importance they stated: value, low,
    high, n. `survey` is the gap with every respondent counted by their survey weight: value, low, high, se
    (linearised), n_eff (Kish).

    `beside` holds what else is called the overall gap, to be told apart: `individual` (= weighted), `means` (mean
    importance × mean gap), `unweighted` (mean of dimensions), `items` (mean of all items); and SERVPERF, unweighted and
    `servperf_weighted`.
    """

    dimension: str | None = None
    item: str | None = None
    expectation: float | None = None
    perception: float | None = None
    gap: float | None = None
    expectation_interval: iv.Interval | None = None
    perception_interval: iv.Interval | None = None
    sd: float | None = None
    t: float | None = None
    p: float | None = None
    p_rank: float | None = None
    p_adjusted: float | None = None
    family: int = 1
    correlation: float | None = None
    scale: Scale | None = None
    weighted: Mapping[str, float | None] | None = None
    survey: Mapping[str, float | None] | None = None
    beside: Mapping[str, float] | None = None
    sign: str = SIGN

    @property
    def importance_weighted(self) -> float | None:
        """The overall gap weighted by each respondent's importance, for the table."""
        return None if self.weighted is None else self.weighted["value"]

    @property
    def survey_weighted(self) -> float | None:
        """The gap with survey weights, for the table."""
        return weights.figure(self.survey, self.n)


# --- from sums --------------------------------------------------------------------------------------------------------


@checks_options
def from_sums(
    *,
    n: int,
    expectation: float,
    perception: float,
    sd: float,
    dimension: str | None = None,
    scale: Scale | None = None,
    conf: float = 0.95,
) -> Servqual:
    """A dimension from its means and the SD of the gap over n respondents: `from_sums(n=51, expectation=3.94,
    perception=3.51, sd=0.53)`.
    """
    return _infer(
        PairStatistics(n=n, left=expectation, right=perception, variance=sd**2),
        scale=scale,
        conf=conf,
        dimension=dimension,
    )


@checks_options
def from_counts(
    counts: Mapping[tuple[float, float], int],
    *,
    dimension: str | None = None,
    scale: Scale | None = None,
    conf: float = 0.95,
) -> Servqual:
    """An item from how many respondents gave each pair of answers: `{(expectation, perception): count}`."""
    return _of_tally(list(counts), list(counts.values()), scale=scale, conf=conf, dimension=dimension)


def _of_tally(
    cells: Sequence[tuple[float, float]], counts: Any, *, scale: Scale | None, conf: float, **fields: Any
) -> Servqual:
    values = np.array(cells, dtype=float).reshape(-1, 2)
    return _infer(
        pd.of_pairs(values, counts), scale=scale, conf=conf, p_rank=_rank(values[:, 1] - values[:, 0], counts), **fields
    )


def _rank(differences: Any, counts: Any) -> float | None:
    found = pd.signed_rank(differences, counts)
    return None if found is None else found.p


def _infer(found: PairStatistics, *, scale: Scale | None, conf: float, **fields: Any) -> Servqual:
    common: dict[str, Any] = {"n": found.n, "scale": scale, "conf": conf, "version": METHOD.definition, **fields}
    if found.n < FEWEST_FOR_SPREAD:
        refusal = MethodError("servqual.too_few", n=found.n, need=FEWEST_FOR_SPREAD, missing=fields.get("missing", 0))
        return Servqual(value=None, low=None, high=None, **{**common, "refused": refusal, "p_rank": None})
    test = pd.test(found, scale, conf)
    sides = [
        pd.side(found, *side, scale, conf)
        for side in ((found.left, found.left_variance), (found.right, found.right_variance))
    ]
    return Servqual(
        value=test.value, low=test.low, high=test.high, expectation=found.left, perception=found.right, gap=test.value,
        sd=math.sqrt(found.variance), t=test.statistic, p=test.p, expectation_interval=sides[0],
        perception_interval=sides[1],
        correlation=found.correlation, warnings=pd.warnings(found, scale), **common,
    )  # fmt: skip


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def servqual(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    dimension: str | Sequence[str] | None = None,
    level: Level = "dimension",
    conf: float = 0.95,
) -> Results[Servqual]:
    """The gap of every dimension in each group, and overall; `level="item"` for every item instead.

    The two sides are rows of one response with the roles expectation and perception and the same construct (the
    dimension) and item. Where respondents also stated the importance of dimensions (role importance, construct the
    dimension), the overall row is weighted by it too. Dimensions asked on two scales refuse (`servqual.scales`). Raises
    MethodError `servqual.level` for another level.
    """
    if level not in ("dimension", "item"):
        raise MethodError("servqual.level", found=level)
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != "construct")
    facts = ratings.customers(answers, where).where(role=(*PAIR, "importance"))
    asked = pd.asked_in(facts.with_names("dimension", dimension), PAIR)
    if not asked:
        nobody = replace(_infer(NOBODY, scale=None, conf=conf), refused=MethodError("servqual.no_pairs"))
        return Results(METHOD, () if groups else (nobody,))
    rows = _items if level == "item" else _dimensions
    return Results(METHOD, tuple(rows(facts.where(construct=tuple(asked)), groups, asked, conf)))


def _row(asked: RoleScales, about: dict[str, Any], conf: float, infer: Callable[..., Servqual]) -> Servqual:
    """The row that `infer` makes where everybody answered on one scale; a refusal where they did not."""
    if len(scales := asked.scales(*PAIR)) < 2:
        return infer(scale=asked.scale(*PAIR), conf=conf, **about)
    refusal = MethodError("servqual.scales", scales=ratings.scales_text(scales))
    return replace(_infer(NOBODY, scale=None, conf=conf, **about), refused=refusal)


def _dimensions(
    facts: Facts, groups: tuple[str, ...], asked: Mapping[str, RoleScales], conf: float
) -> Iterator[Servqual]:
    every = pd.common_roles(asked.values())
    wanted = {**asked, **({OVERALL: every} if len(asked) > 1 else {})}
    found = gaps(facts, groups, pair=PAIR, importance="importance" if "importance" in every.roles else None)
    ranks = {tuple(cell.values()): part for cell, part in found.tally.split(*groups, "construct")}
    states = pd.respondents(facts, groups, PAIR, ("construct",))
    states |= {(*group, OVERALL): count for group, count in pd.respondents(facts, groups, PAIR, ()).items()}
    for group in in_order(key[:-1] for key in states):
        rows = []
        for name, one in ((name, one) for name, one in wanted.items() if (*group, name) in states):
            sums = found.unweighted.groups.get(group)
            both = (
                NOBODY
                if sums is None
                else pd.of_sums(sums, [found.unweighted.names.index((name, role)) for role in (*PAIR, "gap")])
            )
            about = pd.about(groups, group, both.n, states[*group, name]) | {
                "dimension": name,
                "p_rank": _rank_of(ranks.get((*group, name))),
            }
            row = _row(one, about, conf, partial(_infer, both))
            rows.append(row if row.value is None else _with_twins(row, found, group, (*asked,)))
        yield from _family(rows)


def _with_twins(row: Servqual, found: Gaps, group: tuple[Any, ...], dimensions: Sequence[str]) -> Servqual:
    """The row with its survey-weighted twin and, overall, with the other ways to take an overall gap."""
    place = found.unweighted.names.index((row.dimension or "", "gap"))
    powers = found.of(group)
    row = row if powers is None else replace(row, survey=weighted_means.mean(powers, place, row.conf))
    if row.dimension != OVERALL:
        return row
    sums, names = found.unweighted.groups[group], found.unweighted.names
    stated = ("weighted", "gap") in names and sums.count()[names.index(("weighted", "gap"))] >= FEWEST_FOR_SPREAD
    weighted = pd.mean(sums, names.index(("weighted", "gap")), row.conf) if stated else None
    return replace(row, weighted=weighted, beside=pd.overall(sums, names, dimensions, stated=bool(stated)))


def _rank_of(part: Counts | None) -> float | None:
    if part is None:
        return None
    left, right = (np.array(part.column(side), dtype=float) for side in ("left", "right"))
    return _rank(np.round(right - left, 9), part.count)


def _items(facts: Facts, groups: tuple[str, ...], asked: Mapping[str, RoleScales], conf: float) -> Iterator[Servqual]:
    counts = pairs(facts, groups, left=PAIR[0], right=PAIR[1], keys=("construct", "item"))
    states = pd.respondents(facts, groups, PAIR, ("construct", "item"))
    for group, part in counts.split(*groups):
        rows, place = [], tuple(group.values())
        for cell, item in part.split("construct", "item"):
            known = item.where(state="answered")
            values = [(left, right) for _, left, right in known.cells]
            about = pd.about(groups, place, int(known.count.sum()), states[*place, *cell.values()])
            about |= {"dimension": cell["construct"], "item": cell["item"]}
            rows.append(_row(asked[cell["construct"]], about, conf, partial(_of_tally, values, known.count)))
        yield from _family(rows)


def _family(rows: Sequence[Servqual]) -> list[Servqual]:
    """The rows with Holm's p over those of the family that have one; overall is no part of it."""
    tested = {at: row.p for at, row in enumerate(rows) if row.p is not None and row.dimension != OVERALL}
    adjusted = dict(zip(tested, iv.holm(list(tested.values())), strict=True))
    return [
        replace(row, p_adjusted=adjusted.get(at), family=len(tested) if at in adjusted else 1)
        for at, row in enumerate(rows)
    ]


# --- words and picture ------------------------------------------------------------------------------------------------


_WORDS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "short": {
        "en": "clearly below expectation, gap {}",
        "zh-Hant": "落差 {} 分，明顯不如期望",
        "zh-Hans": "差距 {} 分，明显不如期望",
    },
    "above": {
        "en": "clearly above expectation, gap {}",
        "zh-Hant": "落差 {} 分，明顯優於期望",
        "zh-Hans": "差距 {} 分，明显优于期望",
    },
    "level": {"en": "no clear gap, {}", "zh-Hant": "落差 {} 分，沒有明顯差異", "zh-Hans": "差距 {} 分，没有明显差异"},
    "untested": {
        "en": "gap {}, which could not be tested: it is the same for everybody",
        "zh-Hant": "落差 {} 分，每個人都相同，無法檢定",
        "zh-Hans": "差距 {} 分，每个人都相同，无法检验",
    },
    "weighted": {
        "en": "; {} when weighted by each customer's own priorities",
        "zh-Hant": "；依每位顧客自己的重視程度加權後為 {}",
        "zh-Hans": "；按每位客户自己的重视程度加权后为 {}",
    },
}


def _say(row: Servqual, lang: Lang) -> str:
    head = lead(row, lang, *(label(name, lang) for name in (row.dimension, row.item) if name))
    expected, found = number(row.expectation or 0, 2), number(row.perception or 0, 2)
    verdict = _verdict(row)
    gap = f"{_WORDS[verdict][lang].format(signed_number(row.gap or 0, 2))}{evidence(row, lang, 2)}"
    weighted = (
        ""
        if row.importance_weighted is None
        else _WORDS["weighted"][lang].format(signed_number(row.importance_weighted, 2))
    )
    return {
        "en": f"{head}{'expected' if head else 'Expected'} {expected}, perceived {found}: {gap}{weighted}.",
        "zh-Hant": f"{head}期望 {expected}、感知 {found}，{gap}{weighted}。",
        "zh-Hans": f"{head}期望 {expected}、感知 {found}，{gap}{weighted}。",
    }[lang]


def _verdict(row: Servqual) -> str:
    """What the gap may be called: a shortfall, or more than expected, only where the interval leaves zero out; untested
    where nothing varies.
    """
    if row.low is None or row.high is None:
        return "untested"
    return "level" if row.low <= 0 <= row.high else "short" if (row.gap or 0) < 0 else "above"


def _draw(rows: Sequence[Servqual], lang: Lang) -> Chart:
    """Expectation and perception of each row, the widest shortfall at the top, overall at the bottom."""
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    scales = {row.scale for row in rows if row.scale}
    low, high = next(iter(scales)) if len(scales) == 1 else (None, None)
    axis = Axis(title="" if low is None or high is None else f"({low:g}–{high:g})", low=low, high=high)
    spans = [
        _span(row, lang)
        for row in sorted(rows, key=lambda row: (row.dimension == OVERALL, row.gap is None, row.gap or 0.0))
    ]
    return dumbbell(
        spans, axis=axis, alt=alt, left=label("expectation", lang), right=label("perception", lang), lang=lang
    )


def _span(row: Servqual, lang: Lang) -> Span:
    names = (*(value for value in row.group.values() if value), *(name for name in (row.dimension, row.item) if name))
    return Span(
        name=" · ".join(label(name, lang) for name in names) or label("all", lang), left=row.expectation,
        right=row.perception, low=row.low,
        high=row.high, n=row.n, note=label("too_few", lang),
    )  # fmt: skip


METHOD: Final = Method(
    id="servqual",
    version="1",
    row=Servqual,
    run=servqual,
    say=_say,
    draw=_draw,
    columns=("expectation", "perception", "gap", "importance_weighted", "survey_weighted", "p_rank"),
    checked="PMC6131925, Zarei et al. 2012, Shahrazad (n = 51), Tefera & Govender 2017, R 4.2.2 (t.test), scipy 1.17 "
    "(wilcoxon)",
    key=("dimension", "item"),
    twin="survey",
)
