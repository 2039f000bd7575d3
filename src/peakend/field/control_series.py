"""A control chart as methods show it: its points with limits and signals as plain data, its picture, and the words for
its signals.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend.draw import SCHEMA, Axis, Chart
from peakend.errors import MethodError
from peakend.figures import number, percent
from peakend.maths.control_limits import DEFAULT_RULES, RULES, RUN, Limits, broken_rules
from peakend.periods import clear_timeline, under_axis
from peakend.result.words import period_words
from peakend.terms import Lang, label

DEFAULT_RULE_NAMES: Final = tuple(str(rule) for rule in DEFAULT_RULES)
"""The same as the options of a method name them, for a command line has no numbers."""
FEWEST_POINTS: Final = 5
"""A chart has at least so many points in its baseline."""
SHORT_BASELINE: Final = 20
"""A baseline of fewer points carries the warning `short_baseline`: its limits are rough."""
WIDE_SIGMA_Z: Final = 1.5
"""A chart whose σ_z is beyond this, with a baseline that is not short, carries the warning `overdispersed`."""
SPARSE_FAILURES: Final = 5
"""Failures a period below which the run rules and zones, made for a symmetric spread, are left out: warning
`sparse`.
"""
MOST_SIGNALS: Final = 3
ControlPoint = Mapping[str, Any]


@dataclass(frozen=True)
class Series:
    """The points of a chart: each a mapping of period, value, count, size, center, sigma, low, high, z, rules, phase (1
    or 2).
    """

    points: tuple[ControlPoint, ...]
    sigma_z: float | None
    warnings: tuple[str, ...]

    @property
    def signals(self) -> tuple[ControlPoint, ...]:
        """The points that break a rule."""
        return tuple(point for point in self.points if point["rules"])


def series(
    periods: Sequence[str], chart: Limits, rules: Sequence[int], *, counts: Sequence[float] | None = None,
    sizes: Sequence[float] | None = None,
    unit: float = 1.0, run: int = RUN, primed: bool = False,
) -> Series:  # fmt: skip
    """The chart of these periods; figures are multiplied by `unit` (1,000 for points per thousand)."""
    marks = broken_rules(chart.z, rules, run)
    columns = [(unit * part).tolist() for part in (chart.value, chart.center, chart.sigma, chart.low, chart.high)]
    rows = zip(periods, *columns, chart.z.tolist(), marks, strict=True)
    points = tuple(
        MappingProxyType(
            {
                "period": period, "value": value, "count": None if counts is None else counts[at],
                "size": None if sizes is None else sizes[at],
                "center": center, "sigma": sigma, "low": low, "high": high, "z": z, "rules": marked,
                "phase": 1 if at < chart.baseline else 2,
            }
        )
        for at, (period, value, center, sigma, low, high, z, marked) in enumerate(rows)
    )  # fmt: skip
    return Series(points, chart.sigma_z, _warnings(chart, primed=primed))


def _warnings(chart: Limits, *, primed: bool) -> tuple[str, ...]:
    short = ("short_baseline",) if chart.baseline < SHORT_BASELINE else ()
    if chart.sigma_z is None:
        return short
    wide = not primed and not short and chart.sigma_z > WIDE_SIGMA_Z
    return short + (("overdispersed",) if wide else ()) + (("underdispersed",) if primed and chart.sigma_z < 1 else ())


def baseline_length(baseline: str | int | None, periods: Sequence[str]) -> int:
    """How many of the first periods make the baseline: all, so many (20, "20", "first:20"), or up to and with the one
    named ("2026-03", "until:20").

    Raises MethodError `control.baseline_unclear` where a number may be a count and the name of a period, and they are
    not the same; `control.baseline` where it names no period, or fewer than five.
    """
    if baseline is None:
        return len(periods)
    way, _, name = (
        str(baseline).rpartition(":") if str(baseline).startswith(("first:", "until:")) else ("", "", str(baseline))
    )
    by_name = _place_of(name, periods) if way != "first" and not isinstance(baseline, int) else 0
    by_count = int(name) if way != "until" and name.isascii() and name.isdigit() and int(name) <= len(periods) else 0
    if by_name and by_count and by_name != by_count:
        raise MethodError(
            "control.baseline_unclear", found=name, first=periods[0], last=periods[by_count - 1], until=by_name
        )
    held = by_name or by_count
    if not FEWEST_POINTS <= held <= len(periods):
        raise MethodError(
            "control.baseline", found=str(baseline), first=periods[0], last=periods[-1], fewest=FEWEST_POINTS
        )
    return held


def _place_of(name: str, periods: Sequence[str]) -> int:
    """The place of a period, in whatever way it is spelled; 0 where there is none of this name."""
    if name in periods:
        return periods.index(name) + 1
    line = clear_timeline(periods)
    place = None if line is None else line.place(name)
    return next((at for at, period in enumerate(periods, 1) if line is not None and line.at[period] == place), 0)


def rule_numbers(rules: Sequence[int | str], run: int) -> tuple[int, ...]:
    """The rules as numbers. Raises MethodError `control.rules` for one that is not 1 to 4, or a run of fewer
    than two.
    """
    if run < 2 or any(str(rule) not in map(str, RULES) for rule in rules):
        raise MethodError("control.rules", found=", ".join(str(rule) for rule in rules), run=run)
    return tuple(sorted({int(rule) for rule in rules}))


def usable_rules(rules: tuple[int, ...], count: float, periods: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The rules that so many failures in so many periods can bear. Under five a period most lie on one side by nature:
    rule 1 alone is left.
    """
    is_sparse = count < SPARSE_FAILURES * periods and bool({*rules} - {1})
    return (tuple(rule for rule in rules if rule == 1), ("sparse",)) if is_sparse else (rules, ())


# --- words ------------------------------------------------------------------------------------------------------------


def signals_words(points: Sequence[ControlPoint], lang: Lang, *, shares: bool = False) -> str:
    """What the chart says: "no signal", or the periods that gave one and why, the latest first; of shares, each with
    its counts.
    """
    found = [point for point in reversed(points) if point["rules"]]
    if not found:
        return {
            "en": "no signal: the ups and downs are within normal variation",
            "zh-Hant": "沒有異常訊號，起伏在正常範圍內",
            "zh-Hans": "没有异常信号，波动在正常范围内",
        }[lang]
    comma, more = {"en": ", "}.get(lang, "、"), len(found) - MOST_SIGNALS
    told = comma.join(
        f"{period_words(str(point['period']), lang)}{_why(point, lang, shares=shares)}"
        for point in found[:MOST_SIGNALS]
    )
    rest = (
        {"en": f" and {more} before", "zh-Hant": f"，另有更早的 {more} 個", "zh-Hans": f"，另有更早的 {more} 个"}[lang]
        if more > 0
        else ""
    )
    head = {
        "en": f"{len(found)} signal{'' if len(found) == 1 else 's'}: ",
        "zh-Hant": f"{len(found)} 個異常訊號：",
        "zh-Hans": f"{len(found)} 个异常信号：",
    }[lang]
    return f"{head}{told}{rest}"


def _why(point: ControlPoint, lang: Lang, *, shares: bool) -> str:
    counts = (_share(point, lang),) if shares else ()
    words = {"en": ", "}.get(lang, "、").join(
        (*counts, *(label(f"control.rule{rule}", lang) for rule in point["rules"]))
    )
    return f" ({words})" if lang == "en" else f"（{words}）"


def _share(point: ControlPoint, lang: Lang) -> str:
    """A share with what it is of: "30.0%, 90 of 300"."""
    share, count, size = percent(point["value"], 1), number(point["count"], 0), number(point["size"], 0)
    return {
        "en": f"{share}, {count} of {size}",
        "zh-Hant": f"{share}，{size} 中有 {count}",
        "zh-Hans": f"{share}，{size} 中有 {count}",
    }[lang]


# --- the picture ------------------------------------------------------------------------------------------------------


def picture(
    points: Sequence[ControlPoint], axis: Axis, lang: Lang, *, alt: str, less_is_better: bool | None = True
) -> Chart:
    """The line of the figures between their limits; a signal is a diamond with its period, amber on the worse side and
    blue on the better, dark where nobody said which way is good (None).

    The limits stand at the right; a dotted rule ends the baseline.
    """
    rows = [_row(point, axis, lang, less_is_better=less_is_better) for point in points]
    at = axis.ends([point[name] for point in points for name in ("value", "low", "high")])
    words, title = under_axis([row["key"] for row in rows], lang)
    for row in rows:
        row["label"] = words[row["key"]]
    axis_of_time = {
        "title": title or None, "labelOverlap": "greedy",
        "labelExpr": f"{json.dumps(dict(words), ensure_ascii=False)}[datum.label]",
    }  # fmt: skip
    x = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.5},
        "axis": axis_of_time,
    }
    layers = [
        _mark({"type": "area", "style": "band", "interpolate": "step"}, y=at.encoding("low"), y2={"field": "high"}),
        _mark({"type": "line", "style": "reference", "interpolate": "step"}, y=at.encoding("center")),
        *_end_of_baseline(points, lang),
        _mark({"type": "line", "style": "line", "interpolate": "linear", "strokeWidth": 1.5}, y=at.encoding("value")),
        _mark(
            {"type": "point", "style": "dot", "size": 22, "strokeWidth": 0.5}, y=at.encoding("value"), tooltip=_TOOLTIP
        ),
        *_signals(rows, at),
        *_ends(rows, at, lang),
    ]
    spec = {
        "$schema": SCHEMA, "description": alt, "data": {"values": rows},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": {"x": x}, "layer": layers, "height": 260,
    }  # fmt: skip
    return Chart(spec, alt)


_TOOLTIP: Final = [{"field": name, "type": "nominal", "title": ""} for name in ("label", "shown", "range", "why")]


def _row(point: ControlPoint, axis: Axis, lang: Lang, *, less_is_better: bool | None) -> dict[str, Any]:
    shown = _share(point, lang) if axis.format.endswith("%") else _figure_text(point["value"], axis)
    worse = (point["value"] > point["center"]) == less_is_better
    sided = bool(point["rules"]) and less_is_better is not None
    return {
        "key": point["period"], "value": point["value"], "low": point["low"], "high": point["high"],
        "center": point["center"],
        "side": ("below" if worse else "above") if sided else "level", "shown": shown,
        "range": f"{_figure_text(point['low'], axis)} … {_figure_text(point['high'], axis)}",
        "why": " ".join(f"W{rule}" for rule in point["rules"]),
    }  # fmt: skip


def _figure_text(value: float, axis: Axis) -> str:
    return format(value, axis.format).replace("-", "−")


def _mark(mark: Mapping[str, Any], transform: Sequence[Mapping[str, Any]] = (), /, **encoding: Any) -> dict[str, Any]:
    return (
        {"transform": list(transform), "mark": mark, "encoding": encoding}
        if transform
        else {"mark": mark, "encoding": encoding}
    )


def _signals(rows: Sequence[Mapping[str, Any]], at: Axis) -> list[dict[str, Any]]:
    """The diamonds; each named where they are few, else only the last."""
    marked = [row for row in rows if row["why"]]
    colour = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["below", "level", "above"], "range": "sides"},
    }
    diamonds = _mark(
        {"type": "point", "style": "dot", "shape": "diamond", "size": 130}, [{"filter": "datum.why != ''"}],
        y=at.encoding("value"),
        color=colour, tooltip=_TOOLTIP,
    )  # fmt: skip
    named = marked if len(marked) <= MOST_SIGNALS + 1 else marked[-1:]
    words = [
        _mark(
            {"type": "text", "style": style, "fontSize": 11},
            [
                {
                    "filter": {
                        "field": "key",
                        "oneOf": [row["key"] for row in named if (row["value"] > row["center"]) == over],
                    }
                }
            ],
            y=at.encoding("value"),
            text={"field": "label"},
        )
        for style, over in (("nameAbove", True), ("nameBelow", False))
    ]
    return [diamonds, *words] if marked else []


def _ends(rows: Sequence[Mapping[str, Any]], at: Axis, lang: Lang) -> list[dict[str, Any]]:
    """The last limits and the centre, in figures at the right."""
    last = rows[-1]
    told = [
        ("high", label("control.upper", lang)),
        ("center", label("control.center", lang)),
        ("low", label("control.lower", lang)),
    ]
    return [
        {
            "data": {
                "values": [{"key": last["key"], "at": last[name], "text": f"{words} {_figure_text(last[name], at)}"}]
            },
            "mark": {"type": "text", "style": "referenceNameY", "dx": 14, "dy": 0, "baseline": "middle"},
            "encoding": {
                "x": {"field": "key", "type": "ordinal", "sort": None},
                "y": at.encoding("at"),
                "text": {"field": "text"},
            },
        }
        for name, words in told
    ]


def _end_of_baseline(points: Sequence[ControlPoint], lang: Lang) -> list[dict[str, Any]]:
    first = [point["period"] for point in points if point["phase"] == 1]
    if len(first) == len(points):
        return []
    place = {"x": {"field": "key", "type": "ordinal", "sort": None}}
    data = {"data": {"values": [{"key": first[-1], "text": f"← {label('control.baseline_ends', lang)}"}]}}
    line = {**data, "mark": {"type": "rule", "style": "reference"}, "encoding": place}
    words = {
        **data,
        "mark": {"type": "text", "style": "referenceNameY", "align": "right", "dx": -4, "baseline": "top", "dy": 2},
        "encoding": {**place, "y": {"value": 0}, "text": {"field": "text"}},
    }
    return [line, words]
