"""The service quality indicator: failures a day, each counted by what it weighs, for 1,000 served (after FedEx's SQI).

Points of a day are Σ w·c. Such a sum is a demerit, not a Poisson count: its chart has the centre Σ w·ū and the variance
Σ w²·ū/n; a plain u-chart of the points would be far too narrow. Failures that come together are widened for by Laney's
σ_z, or charted as XmR. Each indicator stands beside the whole with its share of the points (Pareto) and a u-chart of
its own, because a flood of what weighs 1 can hide a lost package. Weights are dated: history keeps the weights of its
day. Checked against: Evans & Lindsay's exercise and the published twelve weights; the charts against qcc 2.7 and
qicharts2 0.8.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from peakend.draw import Axis, Chart, Point, bars
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.field import control_series as cs
from peakend.field.data_warnings import says_repeated
from peakend.figures import many, number
from peakend.maths import control_limits as cl
from peakend.options import checks_options
from peakend.result import TOTAL, Method, Result, Results, group_words, lead
from peakend.result.words import interval_words
from peakend.terms import Lang, label, vocabulary
from peakend.thresholds import LOW_BASE

from .failures import Daily, dailies, weights_of
from .weights import weight_sets

PER: Final = 1000.0
Charts = Literal["demerit", "laney", "xmr"]


@dataclass(frozen=True, kw_only=True)
class SQI(Result):
    """Points for 1,000 served, of one indicator or (`TOTAL`) of all; `n` is how many were served.

    `count` failures weigh `points`, the `share` of all points in percent; `variance` is Σw²c, that of the points if
    failures are independent. `weight` is what one failure weighs (None where that changed). `series` holds the days as
    a control chart's points do, for 1,000 served; `out` counts its signals and `sigma_z` is its spread. `missing`
    counts failures without an indicator, `closed` days on which nobody was served.
    """

    indicator: str
    count: int
    points: float
    share: float | None = None
    weight: float | None = None
    variance: float = 0.0
    days: int = 0
    baseline: int = 0
    out: int = 0
    sigma_z: float | None = None
    closed: int = 0
    series: tuple[cs.ControlPoint, ...] = ()

    @property
    def share_of_points(self) -> float | None:
        """The share, for the table, where a share alone would be one of R²."""
        return self.share


@dataclass(frozen=True, kw_only=True)
class ChartOptions:
    """How the chart is wanted."""

    chart: Charts = "demerit"
    baseline: int | str | None = None
    rules: tuple[int, ...] = cl.DEFAULT_RULES
    run: int = cl.RUN
    conf: float = 0.95


@checks_options
def from_counts(
    counts: Mapping[str, float] | Sequence[Mapping[str, float]],
    volume: float | Sequence[float],
    weights: Any = None,
    *,
    days: Sequence[str] | None = None,
    kind: Charts = "demerit",
    baseline: int | str | None = None,
    rules: Sequence[int] = cl.DEFAULT_RULES,
    run: int = cl.RUN,
    conf: float = 0.95,
) -> Results[SQI]:
    """The index from counts by indicator, of one period or of several in order, and how many were served in each.

    `weights` is what `weights.weight_sets` takes: the name of a published set, a mapping, dated sets; without it each
    failure weighs 1. Raises MethodError `sqi.counts`, `sqi.weight_missing`, `sqi.weights`, and what a control chart
    refuses.
    """
    rows = [counts] if isinstance(counts, Mapping) else list(counts)
    served = [float(volume)] * len(rows) if isinstance(volume, int | float) else [float(n) for n in volume]
    names = tuple(days or (str(at) for at in range(1, len(rows) + 1)))
    indicators = tuple(dict.fromkeys(name for row in rows for name in row))
    table = np.array([[float(row.get(name, 0)) for name in indicators] for row in rows]).reshape(
        len(rows), len(indicators)
    )
    if (
        len(served) != len(rows)
        or len(names) != len(rows)
        or (table < 0).any()
        or min(served, default=0.0) < 0
        or sum(served) <= 0
    ):
        raise MethodError("sqi.counts", rows=len(rows), served=len(served))
    sets = None if weights is None else weight_sets(weights)
    daily = Daily(
        days=names,
        indicators=indicators,
        counts=table,
        weights=weights_of(sets, names, indicators),
        volume=np.array(served),
    )
    asked = ChartOptions(chart=kind, baseline=baseline, rules=cs.rule_numbers(rules, run), run=run, conf=conf)
    return Results(METHOD, tuple(_rows(daily, asked, unweighted=sets is None)))


def _rows(daily: Daily, asked: ChartOptions, *, unweighted: bool) -> Iterable[SQI]:
    """The whole first, then the indicators by their points."""
    served = daily.volume > 0
    points = (daily.weights * daily.counts).sum(axis=0)
    yield _row(daily, asked, served, None, float(points.sum()), unweighted=unweighted)
    for at in sorted(range(len(points)), key=lambda at: (-points[at], daily.indicators[at])):
        yield _row(daily, asked, served, at, float(points.sum()), unweighted=unweighted)


def _row(daily: Daily, asked: ChartOptions, served: Any, at: int | None, total: float, *, unweighted: bool) -> SQI:
    held = slice(None) if at is None else slice(at, at + 1)
    c, w, n = daily.counts[:, held], daily.weights[:, held], float(daily.volume.sum())
    points, variance = float((w * c).sum()), float((w**2 * c).sum())
    common: dict[str, Any] = {
        "group": daily.group, "indicator": TOTAL if at is None else daily.indicators[at],
        "count": round(float(c.sum())), "points": points,
        "variance": variance, "days": len(daily.days), "closed": int((~served).sum()),
        "missing": daily.missing if at is None else 0, "n": round(n),
        "share": 100 * points / total if total else None,
        "weight": float(w.flat[0]) if at is not None and len(set(w.flat)) == 1 else None,
        "conf": asked.conf, "version": METHOD.definition,
    }  # fmt: skip
    if n <= 0:
        return SQI(value=None, low=None, high=None, refused=MethodError("sqi.no_volume"), **common)
    chart = _chart_fields(daily, asked, served, held, single=at is not None)
    spread = max(chart["sigma_z"] or 1.0, 1.0) if asked.chart == "laney" else 1.0
    low, high = cl.weighted_rate_interval(
        points, variance, n / PER, heaviest=float(w.max(initial=1.0)), conf=asked.conf, spread=spread
    )
    few = ("low_base",) if common["count"] < LOW_BASE else ()
    warnings = (*few, *chart.pop("warnings"), *(("unweighted",) if unweighted and at is None else ()))
    return SQI(value=PER * points / n, low=low, high=high, warnings=warnings, **common, **chart)


def _chart_fields(daily: Daily, asked: ChartOptions, served: Any, held: slice, *, single: bool) -> dict[str, Any]:
    """The control chart of the open days for 1,000 served; none where they are fewer than five."""
    days = [day for day, is_open in zip(daily.days, served, strict=True) if is_open]
    if len(days) < cs.FEWEST_POINTS:
        return {"warnings": (), "sigma_z": None}
    baseline = cs.baseline_length(asked.baseline, days)
    c, w, n = daily.counts[served][:, held], daily.weights[served][:, held], daily.volume[served]
    if asked.chart == "xmr" and not single:
        chart = cl.limits("xmr", (w * c).sum(axis=1) / n, baseline=baseline)
    else:
        chart = cl.demerits(c, w, n, baseline=baseline)
        chart = cl.with_laney(chart) if asked.chart == "laney" else chart
    rules, sparse = cs.usable_rules(asked.rules, float(c[:baseline].sum()), baseline)
    found = cs.series(
        days,
        chart,
        rules,
        counts=(w * c).sum(axis=1).tolist(),
        sizes=n.tolist(),
        unit=PER,
        run=asked.run,
        primed=asked.chart == "laney",
    )
    return {
        "series": found.points,
        "out": len(found.signals),
        "sigma_z": found.sigma_z,
        "baseline": baseline,
        "warnings": (*found.warnings, *sparse),
    }


# --- from events ------------------------------------------------------------------------------------------------------


@checks_options
@says_repeated
def sqi(
    events: Any,
    by: Sequence[str] | str = (),
    *,
    where: Mapping[str, Any] | None = None,
    weights: str | None = None,
    volume: float | None = None,
    amounts: bool = False,
    kind: Charts = "demerit",
    baseline: str | None = None,
    rules: tuple[str, ...] = cs.DEFAULT_RULE_NAMES,
    run: int = cl.RUN,
    conf: float = 0.95,
) -> Results[SQI]:
    """The index of each group, and each of its indicators, from events of kind `fail`.

    Each event is one failure; with `amounts` its value says how many. Served are the `arrive` events of the day, else
    the visits that began on it, or as many as `volume` says. `weights` names a published set (courier-12, courier-10,
    courier-9) or a document; from Python also a mapping, dated sets, or a service's `indicators`. Without it each
    failure weighs 1, and a warning says so. Refuses (`sqi.no_volume`) where nothing says how many were served; raises
    as `from_counts` does.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    facts = conform(events, "events").only(where)
    sets = None if weights is None else weight_sets(weights)
    asked = ChartOptions(chart=kind, baseline=baseline, rules=cs.rule_numbers(rules, run), run=run, conf=conf)
    rows = [
        row
        for daily in dailies(facts, groups, volume, sets, amounts=amounts)
        for row in _rows(daily, asked, unweighted=sets is None)
    ]
    return Results(METHOD, tuple(rows))


# --- words and picture ------------------------------------------------------------------------------------------------


def _name(indicator: str, lang: Lang) -> str:
    """An indicator by its term: "sqi.ID" where the id alone would name something else too (an international flight is
    no customs delay).
    """
    own = f"sqi.{indicator}"
    return label(own if own in vocabulary() else indicator, lang)


def _points(points: str) -> str:
    return f"{points} point{'' if points == '1' else 's'}"


def _say(row: SQI, lang: Lang) -> str:
    level, n = number(row.value or 0.0, 2), f"{row.n:,}"
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang, 2)
    failures, points = f"{row.count:,}", number(row.points, 0)
    signals = f"{'; ' if lang == 'en' else '；'}{cs.signals_words(row.series, lang)}" if row.series else ""
    if row.indicator != TOTAL:
        share, weight = number(row.share or 0.0, 0), "" if row.weight is None else f"{row.weight:g}"
        about = lead(row, lang, _name(row.indicator, lang))
        return {
            "en": f"{about}{share}% of all points ({many(row.count, 'failure')}{weight and f' × weight {weight}'} = "
            f"{_points(points)}){signals}.",
            "zh-Hant": f"{about}占總點數 {share}%（{failures} 次失誤{weight and f' × 權重 {weight}'} ＝ {points} 點）"
            f"{signals}。",
            "zh-Hans": f"{about}占总点数 {share}%（{failures} 次失误{weight and f' × 权重 {weight}'} ＝ {points} 点）"
            f"{signals}。",
        }[lang]
    head = {
        "en": f"{lead(row, lang)}{level} failure points for every 1,000 services ({ends}; "
        f"{many(row.count, 'failure')}, "
        f"{_points(points)}, {many(row.n, 'service')}){signals}.",
        "zh-Hant": f"{lead(row, lang)}每千次服務 {level} 個失誤點（{ends}；{n} 次服務中有 {failures} 次失誤、共 "
        f"{points} 點）{signals}。",
        "zh-Hans": f"{lead(row, lang)}每千次服务 {level} 个失误点（{ends}；{n} 次服务中有 {failures} 次失误、共 "
        f"{points} 点）{signals}。",
    }[lang]
    return f"{head[0].upper()}{head[1:]}"


def _draw(rows: Sequence[SQI], lang: Lang) -> Chart:
    wholes = [row for row in rows if row.indicator == TOTAL]
    alt = " ".join(_say(row, lang) for row in (*wholes[:2], *rows[:3])[:4] if row.value is not None) or label(
        "too_few", lang
    )
    shown = wholes if wholes and (len(wholes) > 1 or wholes[0].series) else rows
    if len(shown) == 1 and shown[0].series:
        return cs.picture(shown[0].series, Axis(title=label("sqi.per_1000", lang), format=".1f"), lang, alt=alt)
    return pareto(rows, lang) if len(wholes) == 1 and len(rows) > 1 else _levels(shown, lang, alt)


def _levels(rows: Sequence[SQI], lang: Lang, alt: str) -> Chart:
    points = [
        Point(
            name=group_words(row, lang) or _name(row.indicator, lang),
            value=row.value,
            low=row.low,
            high=row.high,
            n=row.n,
            note=label("too_few", lang),
        )
        for row in rows
    ]
    return bars(points, axis=Axis(title=label("sqi.per_1000", lang), format=".2f"), alt=alt, lang=lang)


def pareto(rows: Sequence[SQI], lang: Lang = "en") -> Chart:
    """The indicators as bars of their share of all points, the largest first."""
    own = [row for row in rows if row.indicator != TOTAL and row.points]
    alt = " ".join(_say(row, lang) for row in own[:3]) or label("too_few", lang)
    points = [Point(name=_name(row.indicator, lang), value=row.share, n=row.count) for row in own]
    return bars(points, axis=Axis(title=label("sqi.share", lang), format=".0f"), alt=alt, lang=lang)


METHOD: Final = Method(
    id="sqi",
    version="1",
    row=SQI,
    run=sqi,
    say=_say,
    draw=_draw,
    columns=("count", "weight", "points", "share_of_points", "days", "out", "sigma_z"),
    checked="Evans & Lindsay's exercise (1,645 errors, 2,783 points); qcc 2.7 and qicharts2 0.8.1 (R) for the charts",
    key=("indicator",),
    reads="events",
)
