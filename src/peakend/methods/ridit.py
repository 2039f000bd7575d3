"""Ridits: how an answer of one group stands among the answers of all, or of a reference, without believing in distances
between the points.

The ridit of a category is the share of the reference below it and half of the share in it (Bross 1958). `value`, a
group's mean ridit, is the chance that one of its answers is higher than one of the reference, ties counting half: 0.5
is no difference. Against all groups pooled the test is Kruskal & Wallis' (1952), against a reference group Mann &
Whitney's (1947), of which it is U/(m·n). Intervals take both sides as samples (placements, Brunner & Munzel 2000), on
the logit scale; a fixed reference would make them too narrow. Checked against: Ridit 1.1 and R 4.2.2 (kruskal.test) on
the data set airquality; wilcox.test's U by counting pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.waves import UNPLACED, with_unplaced
from peakend.figures import number
from peakend.maths import ranks
from peakend.options import checks_options
from peakend.result import Method, Result, Results, evidence, lead, points
from peakend.sums import Floats
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

ALL_TOGETHER: Final = "pooled"
Side = Literal["score", "importance"]
"""The role of the answers that are compared."""


@dataclass(frozen=True, kw_only=True)
class Ridit(Result):
    """The mean ridit of one `level` of the column `across`, of one construct. `reference` is "pooled" or the level that
    all are compared with.

    `statistic`, `df` and `p` are Kruskal and Wallis' over all levels (the same in each row), or Mann and Whitney's U of
    this level, for which `df` is None; `unplaced` answers name no level. The reference itself stands at 0.5 and has no
    interval.
    """

    construct: str | None = None
    across: str = ""
    level: str | None = None
    reference: str = ALL_TOGETHER
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    unplaced: int = 0


@checks_options
@says_weights
def ridit(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    across: str = "wave",
    reference: str | None = None,
    construct: str | None = None,
    role: Side = "score",
    conf: float = 0.95,
) -> Results[Ridit]:
    """Every construct's levels of the column `across` against all of them, or against the level `reference`, in each
    group. The answers are those in `role`: scores, or "importance" for the places that options were given.

    Refused: `ridit.one_group`, `ridit.reference`, `ridit.constant`, `ridit.scales`. Answers that name no level are left
    out.
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name not in {across, "construct"})
    answered = ratings.customers(answers, where).where(role=role)
    rated = ratings.ratings_by(answered.with_names("construct", construct), (*groups, across))
    apart: dict[tuple[Any, ...], dict[str, ratings.Ratings]] = {}
    unplaced: dict[tuple[Any, ...], int] = {}
    for one in rated:
        key = (*(one.group[name] for name in groups), one.construct)
        if one.group[across] is None:
            unplaced[key] = one.n
        elif one.n:
            apart.setdefault(key, {})[str(one.group[across])] = one
    rows: list[Ridit] = []
    for (*cell, name), sides in apart.items():
        about = {"group": MappingProxyType(dict(zip(groups, cell, strict=True))), "construct": name, "across": across}
        about |= {"unplaced": unplaced.get((*cell, name), 0)}
        scales = {scale for side in sides.values() for scale in side.scales}
        values = sorted({value for side in sides.values() for value in side.values})
        counts = {level: _ridits_of(side, values) for level, side in sides.items()}
        unused = {level: side.unused_counts() for level, side in sides.items()}
        rows += _comparison_rows(counts, unused, reference, conf=conf, about=about, scales=scales)
    return Results(METHOD, tuple(rows) or (_nobody(across, conf),))


def _nobody(across: str, conf: float) -> Ridit:
    """Where no answer names a level."""
    refusal = MethodError("ridit.one_group", found="–")
    return Ridit(
        value=None, low=None, high=None, across=across, n=0, conf=conf, version=METHOD.definition, refused=refusal
    )


@checks_options
def from_counts(
    counts: Mapping[str, Sequence[float]], *, reference: str | None = None, conf: float = 0.95
) -> Results[Ridit]:
    """The mean ridits of groups whose answers are counted on the same ordered categories, lowest first."""
    tallies = {level: np.asarray(tally, dtype=float) for level, tally in counts.items()}
    return Results(
        METHOD,
        tuple(
            _comparison_rows(tallies, {level: {} for level in tallies}, reference, conf=conf, about={}, scales=set())
        ),
    )


def _ridits_of(side: ratings.Ratings, values: Sequence[float]) -> Floats:
    held = dict(zip(side.values, side.counts, strict=True))
    return np.array([held.get(value, 0) for value in values], dtype=float)


# --- one construct in one group ---------------------------------------------------------------------------------------


def _comparison_rows(
    counts: Mapping[str, Floats],
    unused: Mapping[str, Any],
    reference: str | None,
    *,
    conf: float,
    about: Mapping[str, Any],
    scales: set[ratings.StatedScale],
) -> Iterator[Ridit]:
    refusal = _cannot(counts, reference, scales)
    whole = ranks.kruskal_wallis(list(counts.values())) if reference is None and refusal is None else None
    for level, tally in counts.items():
        n = int(tally.sum())
        common = {
            **about,
            **unused[level],
            "level": level,
            "n": n,
            "conf": conf,
            "version": METHOD.definition,
            "reference": reference or ALL_TOGETHER,
        }
        left_out = (UNPLACED,) if about.get("unplaced") else ()
        if refusal is not None:
            yield Ridit(value=None, low=None, high=None, refused=refusal, **common)
            continue
        if level == reference:
            yield Ridit(value=0.5, low=None, high=None, warnings=left_out, **common)
            continue
        value, ends = mean_ridit(counts, level, reference, conf)
        test = whole if reference is None else iv.mann_whitney(tally, counts[reference])
        low, high = ends or (None, None)
        warned = (*(("low_base",) if n < LOW_BASE else ()), *(("no_spread",) if ends is None else ()), *left_out)
        found: dict[str, Any] = {} if test is None else {"statistic": test.statistic, "df": test.df, "p": test.p}
        yield Ridit(value=value, low=low, high=high, warnings=warned, **found, **common)


def _cannot(
    counts: Mapping[str, Floats], reference: str | None, scales: set[ratings.StatedScale]
) -> MethodError | None:
    if len(scales) > 1:
        return MethodError("ridit.scales", scales=ratings.scales_text(scales))
    if len(counts) < 2:
        return MethodError("ridit.one_group", found=ratings.ScaleList(dict.fromkeys(counts, "")))
    if reference is not None and reference not in counts:
        return MethodError("ridit.reference", wanted=reference, found=ratings.ScaleList(dict.fromkeys(counts, "")))
    total = np.sum(list(counts.values()), axis=0)
    return MethodError("ridit.constant") if total.max() == total.sum() else None


@checks_options
def mean_ridit(
    counts: Mapping[str, Floats], level: str, reference: str | None = None, conf: float = 0.95
) -> tuple[float, iv.Interval | None]:
    """A level's mean ridit against a reference level, or against all levels pooled (itself among them), with its
    interval.

    The variance is that of each side's mean placement in the others; t with Welch's degrees of freedom on the logit.
    None where a side has one answer, or where the sides do not overlap at all.
    """
    own, sizes = counts[level], {name: float(tally.sum()) for name, tally in counts.items()}
    total = sum(sizes.values())
    others = (
        {reference: 1.0}
        if reference is not None
        else {name: size / total for name, size in sizes.items() if name != level}
    )
    placement = np.sum([share * _below(counts[name]) for name, share in others.items()], axis=0)
    here = float((own * placement).sum() / sizes[level])
    parts = [(_variance(own, placement) / sizes[level], sizes[level])]
    parts += [
        (share**2 * _variance(counts[name], _below(own)) / sizes[name], sizes[name]) for name, share in others.items()
    ]
    value = here + (0.0 if reference is not None else sizes[level] / total / 2)
    return value, _logit(value, parts, conf)


def _below(tally: Floats) -> Floats:
    """The ridit of each category: the share below it, and half of the share in it."""
    return np.asarray((np.cumsum(tally) - tally / 2) / tally.sum(), dtype=np.float64)


def _variance(tally: Floats, scores: Floats) -> float:
    n = float(tally.sum())
    return math.nan if n < 2 else float((tally * (scores - (tally * scores).sum() / n) ** 2).sum() / (n - 1))


def _logit(value: float, parts: Sequence[tuple[float, float]], conf: float) -> iv.Interval | None:
    variance = sum(part for part, _ in parts)
    if not variance > 0 or not 0 < value < 1:
        return None
    df = variance**2 / sum(part**2 / (n - 1) for part, n in parts)
    middle, half = math.log(value / (1 - value)), iv.t_quantile(df, conf) * math.sqrt(variance) / (value * (1 - value))
    return 1 / (1 + math.exp(half - middle)), 1 / (1 + math.exp(-half - middle))


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Ridit, lang: Lang) -> str:
    return with_unplaced(_sentence(row, lang), row.unplaced, row.across, lang)


def _sentence(row: Ridit, lang: Lang) -> str:
    names = [label(part, lang) for part in (row.construct, row.level) if part]
    head, chance, behind = lead(row, lang, *names), number(100 * (row.value or 0)), evidence(_in_percent(row), lang)
    against = (
        {"en": "all groups", "zh-Hant": "全體", "zh-Hans": "全体"}[lang]
        if row.reference == ALL_TOGETHER
        else label(row.reference, lang)
    )
    if row.level == row.reference:
        return {
            "en": f"{head}the group that the others are compared with.",
            "zh-Hant": f"{head}其他各組的比較基準。",
            "zh-Hans": f"{head}其他各组的比较基准。",
        }[lang]
    return {
        "en": f"{head}an answer from this group is higher than one from {against} in {chance}% of pairs, "
        f"ties counting half{behind}; 50% means no difference.",
        "zh-Hant": f"{head}從這一組與{against}各隨機取一筆回答，這一組較高的機率為 {chance}%{behind}；50% "
        "表示沒有差異。",
        "zh-Hans": f"{head}从这一组与{against}各随机取一条回答，这一组较高的概率为 {chance}%{behind}；50% "
        "表示没有差异。",
    }[lang]


def _in_percent(row: Ridit) -> Ridit:
    value, low, high = (None if end is None else 100 * end for end in (row.value, row.low, row.high))
    return replace(row, value=value, low=low, high=high)


def _draw(rows: Sequence[Ridit], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    several = len({row.construct for row in rows}) > 1
    drawn = points(rows, lang, *(("construct", "level") if several else ("level",)))
    axis = Axis(title=label("mean_ridit", lang), format=".2f")
    return dots(drawn, axis=axis, alt=alt, lang=lang, reference=0.5, reference_name=label("no_difference", lang))


METHOD: Final = Method(
    id="ridit",
    version="1",
    row=Ridit,
    run=ridit,
    say=_say,
    draw=_draw,
    columns=("reference", "statistic", "df", "p"),
    checked="Ridit 1.1 and R 4.2.2 (kruskal.test) on airquality",
    key=("construct", "level"),
)
