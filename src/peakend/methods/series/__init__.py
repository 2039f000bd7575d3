"""Whether a series took another course from a change on: an interrupted time series (segmented regression; Wagner et
al. 2002).

One row a term: `level_change`, the jump at the first period after the change, and `slope_change`, from eight periods on
each side. Values are fitted by least squares with Newey–West standard errors, counts by quasi-Poisson regression of
their rate. Checked against: the smoking ban series of Lopez Bernal, Cummins & Gasparrini 2017 in R 4.2.2 with sandwich
3.0-2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend import tables
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import cell_figures, ratings
from peakend.field.data_warnings import says_weights
from peakend.field.rows_in_time import in_time
from peakend.field.waves import UNPLACED, with_unplaced
from peakend.figures import many, number, signed_number
from peakend.options import checks_options
from peakend.periods import clear_timeline, timeline
from peakend.result import Method, Result, Results
from peakend.result.words import interval_words, period_words
from peakend.terms import Lang, label

from . import segmented_regression as sg
from .picture import Step, course

Model = Literal["values", "counts"]
Grain = Literal["day", "week", "month", "quarter", "year"]
COLUMNS: Final = (
    tables.Field("period", "text"),
    tables.Field("value", "number"),
    tables.Field("exposure", "number", 1.0),
    tables.Field("after", "whole", 0),
)
TERMS: Final = {"level_change": "level", "slope_change": "slope"}
MANY_PERIODS: Final = 200
"""Fewer periods than this, and standard errors that remember neighbours come out too small (simulated in
`docs/coverage.md`).
"""
EXACT: Final = 1e-9
"""A standard error this small is none: the periods lie on the line, and nothing says how far chance moves them."""
WIDE_DISPERSION: Final = 1.5
"""From this dispersion on counts are called more scattered than Poisson's."""


@dataclass(frozen=True, kw_only=True)
class Series(Result):
    """One term of the change: a difference in the unit of the series, or of counts a rate ratio (1 means no change).

    `n` counts the periods; `before` and `after` those on each side. `se` is on the scale of the model (of counts, the
    log), `lag` how many periods the standard error remembers (`hac`: fixed, or chosen from the series), `dispersion`
    how much counts scatter beyond Poisson's, `remembers` the p of Breusch and Godfrey. `expected` and `fitted` are the
    counterfactual and the line in the last period; `course` has all periods of both. Of answers, `figure` says what of
    them is followed, `undated` how many have no day and are left out.
    """

    term: str | None = None
    model: str = "values"
    construct: str | None = None
    change_at: str | None = None
    periods_before: int = 0
    periods_after: int = 0
    se: float | None = None
    p: float | None = None
    lag: int | None = None
    hac: str | None = None
    dispersion: float | None = None
    durbin_watson: float | None = None
    remembers: float | None = None
    fitted: float | None = None
    expected: float | None = None
    course: tuple[MappingProxyType[str, Any], ...] = ()
    figure: cell_figures.Figure | None = None
    undated: int = 0


@checks_options
@says_weights
def series(
    table: Any,
    *,
    at: str | None = None,
    model: Model = "values",
    slope: bool | None = None,
    harmonics: int = 0,
    season: int = 12,
    lag: int | None = None,
    hac: sg.Hac = "fixed",
    order: tuple[str, ...] = (),
    grain: Grain = "month",
    where: ratings.Where | None = None,
    construct: str | None = None,
    figure: cell_figures.Figure | None = None,
    conf: float = 0.95,
) -> Results[Series]:
    """The level and slope from the period `at` (the first after the change) on, against what went before.

    The table has the columns period, value, for counts exposure, and where `at` is not given after (0 or 1); its
    periods are put in order by what their names mean, or as `order` lists them ("rows": as they stand), and each stands
    once. It may be answers (a frame, a file or Facts), of which those to one construct are put into periods of a
    `grain` (`figure` mean, top_box or nps; as counts, the top scores among the answers). `harmonics` takes so many
    waves of a `season` out. Standard errors of values remember a fixed `lag`, or with `hac` automatic what the series
    itself asks for (R's `NeweyWest()` default: prewhitened, bandwidth of 1994; no sample factor). Raises MethodError
    `series.at` where no period has this name, `series.lag` for a lag of as many periods as there are, `series.which`
    where no single construct is named.
    """
    asked = isinstance(table, Facts)
    about: dict[str, Any] = {}
    if asked:
        (found, about), marked = (
            _of_facts(cell_figures.ratings_of(table, (grain,), where, construct), grain, figure, model),
            None,
        )
    else:
        found, marked = _of_table(table, order)
    start, named = _start(found, marked if at is None else str(at))
    if lag is not None and lag >= len(found):
        raise MethodError("series.lag", lag=lag, periods=len(found))
    fixed: dict[str, Any] = {
        "n": len(found), "conf": conf, "version": METHOD.definition, "model": model, "change_at": named, **about,
        "hac": None if model == "counts" else "fixed" if lag is not None else hac,
    }  # fmt: skip
    try:
        fit = sg.fit(
            found, start, kind=model, slope=slope, harmonics=harmonics, season=season, lag=lag, hac=hac, conf=conf
        )
    except MethodError as refusal:
        warnings = (UNPLACED,) if about.get("undated") else ()
        return Results(
            METHOD,
            (
                Series(
                    value=None, low=None, high=None, term="level_change", refused=refusal, warnings=warnings, **fixed
                ),
            ),
        )
    return Results(METHOD, tuple(_row(term, fit, found, start, fixed) for term in TERMS if TERMS[term] in fit.terms))


def _of_table(source: Any, order: Sequence[str]) -> tuple[list[sg.Period], str | None]:
    """The periods at their places in time, and the first that is marked as after the change. Raises MethodError
    `series.after`.
    """
    rows, line = in_time(tables.read_table(source, COLUMNS), "period", order)
    found = [
        sg.Period(name=row["period"], at=1 + line.at[row["period"]], value=row["value"], exposure=row["exposure"])
        for row in rows
    ]
    marks = [bool(row["after"]) for row in rows]
    if marks != sorted(marks):
        raise MethodError(
            "series.after",
            first=rows[marks.index(True)]["period"],
            then=rows[marks.index(False, marks.index(True))]["period"],
        )
    return found, next((row["period"] for row in rows if row["after"]), None)


def _of_facts(
    parts: Sequence[ratings.Ratings], grain: Grain, figure: cell_figures.Figure | None, model: Model
) -> tuple[list[sg.Period], dict[str, Any]]:
    """The periods, and what their rows say of them."""
    if len({part.construct for part in parts}) > 1:
        raise MethodError("series.which", found=ratings.scale_list({part.construct: part.scales for part in parts}))
    dated = {str(part.group[grain]): part for part in parts if part.n and part.group[grain]}
    coding = cell_figures.coding_of(list(dated.values()), "top_box" if model == "counts" and figure is None else figure)
    values = {
        name: float(coding.yes(part)) if model == "counts" else coding.value(part) or 0.0
        for name, part in dated.items()
    }
    line = timeline(dated)
    undated = sum(part.n for part in parts if not part.group[grain])
    about = {"construct": next((part.construct for part in parts), None), "figure": coding.figure, "undated": undated}
    return [
        sg.Period(name=name, at=1 + line.step * line.at[name], value=values[name], exposure=dated[name].n)
        for name in line.names
    ], about


def _start(found: Sequence[sg.Period], at: str | None) -> tuple[float, str]:
    """The place and the name of the first period after the change."""
    line = clear_timeline(one.name for one in found)
    meant = None if line is None or at is None else line.place(at)
    place = next((one for one in found if one.name == at or (line is not None and line.at[one.name] == meant)), None)
    if place is None:
        raise MethodError(
            "series.at", at=at or "–", first=found[0].name if found else "–", last=found[-1].name if found else "–"
        )
    return place.at, place.name


def _row(
    term: str, fit: sg.InterruptedSeries, found: Sequence[sg.Period], start: float, fixed: dict[str, Any]
) -> Series:
    one = fit.terms[TERMS[term]]
    gaps = found[-1].at - found[0].at + 1 > len(found)
    flags = {
        "no_slope": "slope" not in fit.terms,
        "neighbours_alike": fit.remembers is not None and fit.remembers < 0.05,
        "overdispersed_counts": (fit.dispersion or 0) > WIDE_DISPERSION,
        "gaps_in_series": gaps,
        "few_periods": len(found) < MANY_PERIODS and fit.lag is not None,
        UNPLACED: bool(fixed.get("undated")),
    }
    exact = one.se <= EXACT * max(1.0, abs(one.value))
    low, high, p = (None, None, None) if exact else (one.low, one.high, one.p)
    return Series(
        term=term, value=one.value, low=low, high=high, se=one.se, p=p, lag=fit.lag, dispersion=fit.dispersion,
        periods_before=fit.before, periods_after=fit.after, durbin_watson=fit.durbin_watson, remembers=fit.remembers,
        fitted=fit.fitted[-1],
        expected=fit.counterfactual[-1], course=_course(fit, found, start) if term == "level_change" else (),
        warnings=tuple(name for name, held in flags.items() if held), **fixed,
    )  # fmt: skip


def _course(
    fit: sg.InterruptedSeries, found: Sequence[sg.Period], start: float
) -> tuple[MappingProxyType[str, Any], ...]:
    lines = zip(found, fit.fitted, fit.counterfactual, strict=True)
    return tuple(
        MappingProxyType(
            {"period": p.name, "value": p.value, "fitted": line, "expected": other if p.at >= start else None}
        )
        for p, line, other in lines
    )


# --- words and picture ------------------------------------------------------------------------------------------------


_UNTESTED: Final[Mapping[Lang, str]] = {
    "en": "it could not be tested: the periods do not vary around the line",
    "zh-Hant": "無法檢定：各期數值都落在趨勢線上",
    "zh-Hans": "无法检验：各期数值都落在趋势线上",
}


def _say(row: Series, lang: Lang) -> str:
    return with_unplaced(_sentence(row, lang), row.undated, "day", lang)


def _sentence(row: Series, lang: Lang) -> str:
    counts = row.model == "counts"
    ends = (
        _UNTESTED[lang]
        if row.low is None or row.high is None
        else interval_words((row.low, row.high), row.conf, lang, 2)
    )
    noise = row.low is not None and row.high is not None and row.low <= (1 if counts else 0) <= row.high
    figure, after = _figure(row, lang), period_words(str(row.change_at), lang)
    known = {
        "en": f"{many(row.periods_before, 'period')} before, {row.periods_after:,} after",
        "zh-Hant": f"之前 {row.periods_before} 期、之後 {row.periods_after} 期",
        "zh-Hans": f"之前 {row.periods_before} 期、之后 {row.periods_after} 期",
    }[lang]
    name, about = label(row.term or "level_change", lang), _about(row, lang)
    clear = {
        "en": ", no clear change" * noise,
        "zh-Hant": "，沒有明顯變化" * noise,
        "zh-Hans": "，没有明显变化" * noise,
    }[lang]
    last = "" if row.term != "level_change" else _last(row, lang)
    said = {
        "en": f"{about}{name} from {after}: {figure} ({ends}, {known}){clear}{last}.",
        "zh-Hant": f"{about}{after} 起的{name}：{figure}（{ends}，{known}）{clear}{last}。",
        "zh-Hans": f"{about}{after} 起的{name}：{figure}（{ends}，{known}）{clear}{last}。",
    }[lang]
    return f"{said[0].upper()}{said[1:]}"


def _about(row: Series, lang: Lang) -> str:
    """Of which answers the series is, and which figure of theirs; nothing of a table, which does not say."""
    if row.figure is None:
        return ""
    name, figure = label(row.construct or "value", lang), label(OF_FIGURE[row.figure], lang)
    own = name if row.construct == row.figure else f"{name} ({figure})" if lang == "en" else f"{name}（{figure}）"
    return f"{own}, " if lang == "en" else f"{own}，"


OF_FIGURE: Final[Mapping[cell_figures.Figure, str]] = {"mean": "mean", "top_box": "control.top_box", "nps": "nps"}
_UNITS: Final[Mapping[cell_figures.Figure, Mapping[Lang, str]]] = {
    "mean": {"en": "points", "zh-Hant": "分", "zh-Hans": "分"},
    "top_box": {"en": "percentage points", "zh-Hant": "個百分點", "zh-Hans": "个百分点"},
    "nps": {"en": "points", "zh-Hant": "分", "zh-Hans": "分"},
}


def _figure(row: Series, lang: Lang) -> str:
    """The change as it is said: so many times as many for counts, so many points of answers, and of a slope a period; a
    table has no unit.
    """
    value = row.value or 0.0
    if row.model != "counts":
        told = " ".join((signed_number(value, 2), *([_UNITS[row.figure][lang]] if row.figure else [])))
        return told if row.term == "level_change" else f"{told} per period" if lang == "en" else f"每期 {told}"
    times = number(value, 2)
    if row.term == "level_change":
        return {"en": f"{times} times as many", "zh-Hant": f"為原來的 {times} 倍", "zh-Hans": f"为原来的 {times} 倍"}[
            lang
        ]
    return {
        "en": f"{times} times per period",
        "zh-Hant": f"每期為前一期的 {times} 倍",
        "zh-Hans": f"每期为前一期的 {times} 倍",
    }[lang]


def _last(row: Series, lang: Lang) -> str:
    now, otherwise = number(row.fitted or 0, 1), number(row.expected or 0, 1)
    return {
        "en": f"; the last period is {now}; without the change it would be {otherwise}",
        "zh-Hant": f"；最後一期為 {now}，若沒有這項改變則為 {otherwise}",
        "zh-Hans": f"；最后一期为 {now}，若没有这项改变则为 {otherwise}",
    }[lang]


def _draw(rows: Sequence[Series], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows if row.value is not None) or label("too_few", lang)
    shown = next((row for row in rows if row.course), None)
    steps = (
        []
        if shown is None
        else [
            Step(name=p["period"], seen=p["value"], fitted=p["fitted"], otherwise=p["expected"]) for p in shown.course
        ]
    )
    if shown is None or not steps:
        return course(
            [Step(name="–", seen=None, fitted=None, otherwise=None)],
            axis=Axis(title=""),
            change="",
            alt=alt,
            otherwise="",
        )
    return course(
        steps,
        axis=Axis(title=label(shown.construct or "value", lang)),
        change=shown.change_at or "",
        alt=alt,
        otherwise=label("series.otherwise", lang),
    )


METHOD: Final = Method(
    id="series",
    version="2",
    row=Series,
    run=series,
    say=_say,
    draw=_draw,
    columns=("p", "se", "lag", "dispersion", "periods_before", "periods_after", "fitted", "expected"),
    checked="R 4.2.2 (glm, lm) and sandwich 3.0-2 on Lopez Bernal, Cummins & Gasparrini 2017",
    key=("term",),
    reads="table",
    counts=(),
)
