"""Importance and performance: what matters, against how well it is done, in four quadrants (Martilla & James 1977).

`value` is the mean performance with Student's (1908) interval; importance, stated or derived, stands beside it. The
crosshair is the mean (or the median) over the constructs, or the middle of the scale; which one is part of the result,
for it decides places: in the classic table 4 of 14 attributes change theirs between mean and median. A construct on the
crosshair counts as high. How sure a place is, is the share of 1,000 resamples (respondents by bucket; normal draws
where there are only means and their spread) in which it is the same, crosshair included. Checked against: the table of
Martilla & James 1977 (remembered, not opened), R 4.2.2 (t.test).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend.draw import Axis, Chart, PlanePoint, plane
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Scale
from peakend.figures import number, percent
from peakend.options import checks_options
from peakend.result import Method, Result, Results, evidence, lead
from peakend.terms import Lang, label
from peakend.thresholds import FEWEST_FOR_SPREAD, LOW_BASE

from . import quadrants as qd
from .quadrants import Crosshair, Resampling

SURE: Final = 0.9
"""Below this share of resamples a place is not sure yet."""


@dataclass(frozen=True, kw_only=True)
class Importance(Result):
    """One construct on the plane. `n` counts its performance answers, `n_importance` those of importance (0 where it is
    derived).

    `quadrant` is None where there is nothing to compare with; `probability` is how often resamples agree with it,
    `probabilities` how often each quadrant came out. `cross` is the crosshair (importance, performance), by the rule
    `crosshair`. `gap` is performance − importance, only where both were asked on one scale: derived importance is on no
    scale of answers and is never subtracted. `weighted` and `weighted_importance` are performance and importance with
    survey weights: value, se, n_eff. Places are unweighted.
    """

    construct: str | None = None
    importance: float | None = None
    performance: float | None = None
    importance_interval: iv.Interval | None = None
    n_importance: int = 0
    derived: bool = False
    quadrant: str | None = None
    probability: float | None = None
    probabilities: Mapping[str, float] | None = None
    crosshair: Crosshair = "mean"
    cross: tuple[float, float] | None = None
    gap: float | None = None
    weighted: Mapping[str, float | None] | None = None
    weighted_importance: Mapping[str, float | None] | None = None
    scale: Scale | None = None
    importance_scale: Scale | None = None
    resampling: Resampling | None = None


# --- one group --------------------------------------------------------------------------------------------------------


def _rows(
    plane: qd.Plane, about: Mapping[str, Mapping[str, Any]], crosshair: Crosshair, conf: float
) -> Iterator[Importance]:
    """A row for each name in `about`: a refusal where a side has too few answers, no place where there is nothing to
    compare with.
    """
    placed = plane.place(crosshair)
    for i, name in enumerate(plane.names):
        if name in about:
            yield _row(plane, i, placed.get(i), {"crosshair": crosshair, "conf": conf, **about[name]})


def _row(plane: qd.Plane, i: int, place: dict[str, Any] | None, about: dict[str, Any]) -> Importance:
    """The row of one construct, refused where it has no place to be in."""
    (matters, done), (n_importance, n) = plane.mean[:, i].tolist(), plane.n[:, i].astype(int).tolist()
    common = {
        "construct": plane.names[i],
        "n": n,
        "n_importance": n_importance,
        "derived": plane.derived,
        "version": METHOD.definition,
        **about,
    }
    common |= {"importance_scale": plane.scales[0], "scale": plane.scales[1]}
    if place is None:
        refusal = MethodError("importance.too_few", n=n, other=n_importance, need=FEWEST_FOR_SPREAD)
        return Importance(value=None, low=None, high=None, refused=refusal, **common)
    ends = [plane.interval(side, i, about["conf"]) for side in (0, 1)]
    flags = {"low_base": n < LOW_BASE, "no_spread": ends[1] is None, "nothing_to_compare": not place}
    if ends == [None, None] and "probability" in place:  # every replicate of what does not vary is the same
        place = {
            name: value for name, value in place.items() if name not in {"quadrant", "probability", "probabilities"}
        }
    same = plane.scales[0] is not None and plane.scales[0] == plane.scales[1]
    low, high = ends[1] or (None, None)
    return Importance(
        value=done, low=low, high=high, performance=done, importance=matters, importance_interval=ends[0],
        gap=done - matters if same else None, warnings=tuple(name for name, held in flags.items() if held), **common,
        **place,
    )  # fmt: skip


@checks_options
def from_means(
    importance: Mapping[str, float],
    performance: Mapping[str, float],
    *,
    n: int,
    sds: tuple[Mapping[str, float], Mapping[str, float]] | None = None,
    covariance: ArrayLike | None = None,
    crosshair: Crosshair = "mean",
    scale: Scale | None = None,
    conf: float = 0.95,
) -> Results[Importance]:
    """The plane from means that are known already, over `n` respondents.

    `sds` are the standard deviations of the answers (importance, performance); `covariance` of all answers, shape (2p,
    2p), importance first, also tells how they move together. Without either there are places, but no intervals and not
    how sure the places are. Raises MethodError `importance.names` where the two do not name the same,
    `importance.crosshair`, `importance.midpoint`.
    """
    names, crosshair = tuple(importance), qd.crosshair_of(crosshair)
    if set(names) != set(performance):
        raise MethodError("importance.names", found=", ".join(sorted(set(names) ^ set(performance))))
    mean = np.array([[side[name] for name in names] for side in (importance, performance)], dtype=np.float64)
    spread = np.diag([side[name] ** 2 for side in sds for name in names]) if sds else None
    spread = spread if covariance is None else np.asarray(covariance, dtype=np.float64)
    variance = np.full(mean.shape, np.nan) if spread is None else np.diagonal(spread).reshape(mean.shape)
    known: dict[str, Any] = {} if spread is None else {"draws": qd.normal(mean, spread / n), "resampling": "normal"}
    one = qd.Plane(
        names=names, mean=mean, n=np.full(mean.shape, float(n)), variance=variance, scales=(scale, scale), **known
    )
    return Results(METHOD, tuple(_rows(one, {name: {} for name in names}, crosshair, conf)))


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def importance(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    performance: str | None = None,
    derived: Mapping[str, float] | None = None,
    crosshair: Crosshair = "mean",
    conf: float = 0.95,
) -> Results[Importance]:
    """Every construct that has importance and performance, in each group.

    Importance are the rows of role importance, performance those of the role named, else score, else perception, of the
    same construct. With `derived` (for instance the shares of a driver analysis) importance is what it says, by
    construct, and not what respondents stated. Raises MethodError `importance.scales` where constructs were asked on
    several scales, `importance.midpoint`, `importance.crosshair`.
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != "construct")
    roles, crosshair = (performance,) if performance else ("score", "perception"), qd.crosshair_of(crosshair)
    facts = ratings.customers(answers, where).where(role=("importance", *roles))
    facts = facts.with_names("derived", derived if derived is None else tuple(derived)).with_names(
        "construct", construct
    )
    planes = qd.planes(facts, groups, roles, derived)
    if planes is None:
        nobody = Importance(
            value=None,
            low=None,
            high=None,
            n=0,
            version=METHOD.definition,
            conf=conf,
            refused=MethodError("importance.no_pairs"),
        )
        return Results(METHOD, () if groups else (nobody,))
    return Results(METHOD, tuple(row for one, about in planes for row in _rows(one, about, crosshair, conf)))


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Importance, lang: Lang) -> str:
    head = lead(row, lang, *([label(row.construct, lang)] if row.construct else []))
    matters, done = number(row.importance or 0, 2), f"{number(row.performance or 0, 2)}{evidence(row, lang, 2)}"
    place = (
        _place(row, lang) if row.quadrant else _UNTOLD[lang] if "no_spread" in row.warnings and row.resampling else ""
    )
    return {
        "en": f"{head}{'importance' if head else 'Importance'} {matters}, performance {done}{place and ': '}{place}.",
        "zh-Hant": f"{head}重要度 {matters}、表現 {done}{place and '，'}{place}。",
        "zh-Hans": f"{head}重要性 {matters}、表现 {done}{place and '，'}{place}。",
    }[lang]


_UNTOLD: Final[Mapping[Lang, str]] = {
    "en": "its quadrant is not clear, because all answers are the same",
    "zh-Hant": "回答完全相同，無法判斷屬於哪個象限",
    "zh-Hans": "回答完全相同，无法判断属于哪个象限",
}


_BY_MEANS: Final[Mapping[Lang, str]] = {
    "en": "by its means alone {}; how sure that is cannot be said, for no spread is known",
    "zh-Hant": "單看平均數屬於{}；不知道離散程度，無法判斷把握有多大",
    "zh-Hans": "单看平均值属于{}；不知道离散程度，无法判断把握有多大",
}


def _place(row: Importance, lang: Lang) -> str:
    """The quadrant, and how sure it is where that is known."""
    name, sure = label(row.quadrant or "", lang), row.probability
    named, belongs = (
        {"en": name, "zh-Hant": f"「{name}」", "zh-Hans": f"“{name}”"}[lang],
        {"en": "", "zh-Hant": "屬於", "zh-Hans": "属于"}[lang],
    )
    if sure is None:
        return _BY_MEANS[lang].format(named)
    if sure > 0.99:
        return {
            "en": f"{name} (more than 99% sure)",
            "zh-Hant": f"{belongs}{named}（把握超過 99%）",
            "zh-Hans": f"{belongs}{named}（把握超过 99%）",
        }[lang]
    if sure >= SURE:
        return f"{name} ({percent(sure)} sure)" if lang == "en" else f"{belongs}{named}（把握 {percent(sure)}）"
    return {
        "en": f"not sure yet; so far {name} ({percent(sure)})",
        "zh-Hant": f"還不能確定，目前較可能是{named}（{percent(sure)}）",
        "zh-Hans": f"还不能确定，目前较可能是{named}（{percent(sure)}）",
    }[lang]


def _draw(rows: Sequence[Importance], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    crosses = {row.cross for row in rows if row.cross is not None}
    at = next(iter(crosses)) if len(crosses) == 1 else None
    corners = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
    top_left, top_right, bottom_left, bottom_right = (label(name, lang) if at else "" for name in corners)
    return plane(
        [_plane_point(row, lang) for row in rows],
        x=Axis(title=_axis("performance", rows[0].scale if rows else None, lang)),
        y=Axis(title=_axis("importance", rows[0].importance_scale if rows else None, lang)),
        alt=alt, lang=lang, cross=None if at is None else (at[1], at[0]),
        quadrants=(top_left, top_right, bottom_left, bottom_right),
    )  # fmt: skip


def _axis(name: str, scale: Scale | None, lang: Lang) -> str:
    return label(name, lang) + ("" if scale is None else f" ({scale[0]:g}–{scale[1]:g})")


def _plane_point(row: Importance, lang: Lang) -> PlanePoint:
    names = (*(value for value in row.group.values() if value), row.construct or "all")
    low, high = row.importance_interval or (None, None)
    doubtful = row.quadrant is not None and (row.probability is None or row.probability < SURE)
    return PlanePoint(
        name=" · ".join(label(name, lang) for name in names), x=row.performance, y=row.importance, x_low=row.low,
        x_high=row.high,
        y_low=low, y_high=high, n=row.n, term="not_sure_yet" if doubtful else row.quadrant,
    )  # fmt: skip


METHOD: Final = Method(
    id="importance",
    version="1",
    row=Importance,
    run=importance,
    say=_say,
    draw=_draw,
    columns=("importance", "performance", "quadrant", "probability"),
    checked="Martilla & James 1977 (remembered), R 4.2.2 (t.test)",
    key=("construct",),
)
