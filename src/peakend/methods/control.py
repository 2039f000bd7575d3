"""Control charts: is it chance or a signal? u, c, p and XmR charts, Laney's u′ and p′, and the Western Electric rules
(Shewhart 1931).

A table of periods: counts of failures among what was served, or one figure a period. Counts of opportunities use u (or
p, where each one fails at most once); counts alone c; a figure XmR. With many thousands a period counts vary more than
chance alone, and a plain chart cries wolf: the primed charts (Laney 2002) widen the limits by the spread that is seen.
Limits come from the baseline and stay frozen. Rules 1 and 4 are on; each further one costs false alarms (all four: one
in 92 points instead of 370). Checked against: qcc 2.7, qicharts2 0.8.1 (R) on NIST, Montgomery and SAS data; Champ &
Woodall 1987 by simulation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point, dots
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import cell_figures, ratings
from peakend.field import control_series as cs
from peakend.field.data_warnings import says_weights
from peakend.field.rows_in_time import in_time
from peakend.field.waves import UNPLACED, with_unplaced
from peakend.figures import many, number
from peakend.maths import control_limits as cl
from peakend.options import checks_options
from peakend.periods import MOST_NAMES
from peakend.result import Method, Result, Results
from peakend.result.words import interval_words, period_words
from peakend.tables import Field, read_table
from peakend.terms import Lang, data_label, label

COLUMN_NAMES: Final = ("each", "period", "count", "size", "value")
"""The columns of a table of periods, unless they are said to have other names."""
Grain = Literal["day", "week", "month", "quarter", "year"]
ChartChoice = Literal["auto", "u", "c", "p", "xmr", "u_prime", "p_prime"]


@dataclass(frozen=True, kw_only=True)
class Control(Result):
    """One chart. `value` is its centre with the interval of the level behind it; `n` counts its periods, `baseline`
    those that set the limits.

    `chart_name` (in data `chart`) is the site, indicator or construct that is charted. `points` holds a mapping for
    each period: period, value, count, size, center, sigma, low, high (the limits), z, rules, phase. `out` counts the
    points that break a rule. `sigma_z` is the spread of z, 1 where chance alone is at work; `mr_bar` the mean moving
    range of XmR and `mr_high` its limit, 3.267·mR̄. `closed` counts periods in which nothing was served; `absent` names
    those between the first and the last of which the table has no row. Of answers, `figure` and `scale` say what is
    charted, `undated` how many have no day and are left out.
    """

    chart_name: str | None = field(default=None, metadata={"output": "chart"})
    kind: str
    baseline: int = 0
    points: tuple[cs.ControlPoint, ...] = ()
    out: int = 0
    sigma_z: float | None = None
    mr_bar: float | None = None
    mr_high: float | None = None
    closed: int = 0
    absent: tuple[str, ...] = ()
    figure: cell_figures.Figure | None = None
    scale: tuple[float, float] | None = None
    undated: int = 0


@checks_options
def from_counts(
    counts: Sequence[float],
    size: Sequence[float] | None = None,
    *,
    kind: ChartChoice = "auto",
    periods: Sequence[str] | None = None,
    baseline: int | str | None = None,
    rules: Sequence[int] = cl.DEFAULT_RULES,
    run: int = cl.RUN,
    conf: float = 0.95,
) -> Control:
    """The chart of counts in order of time, of which `size` holds how many were served; without `size` a c chart.

    Raises MethodError `control.counts` for negative counts or sizes, counts above their size on a p chart, or a size
    that is missing; `control.periods` where `periods` are not one name for each; `control.baseline`; `control.rules`.
    Refuses (`control.too_few`) with fewer than five periods.
    """
    charted: cl.Kind = ("c" if size is None else "u") if kind == "auto" else kind
    names = _period_names(periods, len(counts))
    sizes = tuple(size) if size is not None else (1.0,) * len(counts)
    _check(charted, counts, sizes, names, sized=size is not None)
    served = [at for at, n in enumerate(sizes) if n > 0]
    open_counts, open_sizes = ([float(part[at]) for at in served] for part in (counts, sizes))
    return _chart_row(
        charted, [names[at] for at in served], open_counts, open_sizes if size is not None else None,
        closed=len(names) - len(served),
        baseline=baseline, rules=rules, run=run, conf=conf,
    )  # fmt: skip


@checks_options
def from_values(
    values: Sequence[float],
    *,
    periods: Sequence[str] | None = None,
    baseline: int | str | None = None,
    rules: Sequence[int] = cl.DEFAULT_RULES,
    run: int = cl.RUN,
    d2: float = cl.D2,
    conf: float = 0.95,
) -> Control:
    """The XmR chart of one figure a period (a mean wait, a score). `d2` is 1.128 as tables print it, or
    exactly 2/√π. Raises MethodError `control.periods`, `control.baseline` and `control.rules`.
    """
    names = _period_names(periods, len(values))
    return _chart_row(
        "xmr", names, list(values), None, closed=0, baseline=baseline, rules=rules, run=run, conf=conf, d2=d2
    )


def _period_names(periods: Sequence[str] | None, n: int) -> tuple[str, ...]:
    """The names of `n` periods: those given, or their numbers. Raises MethodError `control.periods` for another number
    of names.
    """
    names = tuple(str(at) for at in range(1, n + 1)) if periods is None else tuple(periods)
    if len(names) != n:
        raise MethodError("control.periods", n=n, periods=len(names))
    return names


def _check(kind: str, counts: Sequence[float], sizes: Sequence[float], names: Sequence[str], *, sized: bool) -> None:
    if len(counts) != len(sizes) or (not sized and kind not in {"c", "xmr"}):
        raise MethodError("control.sizes", n=len(counts), sizes=len(sizes) if sized else 0, chart=kind)
    for at, (count, size) in enumerate(zip(counts, sizes, strict=True)):
        possible = count >= 0 and size >= 0 and (size > 0 or count == 0) and (not kind.startswith("p") or count <= size)
        if not possible and kind != "xmr":
            raise MethodError(
                "control.counts",
                period=names[at],
                count=f"{count:g}",
                size=f"{size:g}",
                chart=kind,
            )


def _chart_row(
    kind: cl.Kind, periods: Sequence[str], x: Sequence[float], size: Sequence[float] | None, *, closed: int,
    baseline: int | str | None,
    rules: Sequence[int], run: int, conf: float, d2: float = cl.D2,
) -> Control:  # fmt: skip
    chosen = cs.rule_numbers(rules, run)
    common: dict[str, Any] = {
        "kind": kind,
        "n": len(periods),
        "closed": closed,
        "conf": conf,
        "version": METHOD.definition,
    }
    if len(periods) < cs.FEWEST_POINTS:
        refusal = MethodError("control.too_few", n=len(periods), fewest=cs.FEWEST_POINTS)
        return Control(value=None, low=None, high=None, refused=refusal, **common)
    held = cs.baseline_length(baseline, periods)
    chart = cl.limits(kind, x, size, baseline=held, d2=d2)
    primed = kind.endswith("_prime")
    used, sparse = (chosen, ()) if kind == "xmr" else cs.usable_rules(chosen, sum(x[:held]), held)
    found = cs.series(periods, chart, used, counts=None if kind == "xmr" else x, sizes=size, run=run, primed=primed)
    low, high = _level(kind, x[:held], size and size[:held], chart, conf) or (None, None)
    return Control(
        value=float(chart.center[0]), low=low, high=high, baseline=held, points=found.points, out=len(found.signals),
        sigma_z=chart.sigma_z,
        mr_bar=chart.mr_bar, mr_high=chart.mr_high,
        warnings=(*found.warnings, *sparse), **common,
    )  # fmt: skip


def _level(
    kind: str, x: Sequence[float], size: Sequence[float] | None, chart: cl.Limits, conf: float
) -> iv.Interval | None:
    """The interval of the level: Student's for XmR, Wilson's for p, the score interval for u and c; wider by σ_z on a
    primed chart.
    """
    if kind == "xmr":
        return cl.level_interval(chart, conf)
    total, count, spread = (
        sum(size) if size else float(len(x)),
        sum(x),
        max(chart.sigma_z or 1.0, 1.0) if kind.endswith("_prime") else 1.0,
    )
    return (
        iv.wilson(count / spread**2, total / spread**2, conf)
        if kind.startswith("p")
        else cl.rate_interval(count, total, conf, spread)
    )


# --- from a table -----------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def control(
    table: Any,
    *,
    kind: ChartChoice = "auto",
    period: str = "period",
    count: str = "count",
    size: str = "size",
    value: str = "value",
    each: str = "each",
    order: tuple[str, ...] = (),
    baseline: str | int | None = None,
    rules: tuple[str, ...] = cs.DEFAULT_RULE_NAMES,
    run: int = cl.RUN,
    grain: Grain = "month",
    where: ratings.Where | None = None,
    construct: str | None = None,
    figure: cell_figures.Figure | None = None,
    conf: float = 0.95,
) -> Results[Control]:
    """The charts of a table with one row a period: `period`, and `count` (with `size`, how many were served) or one
    `value`.

    Of answers it makes that table itself, a chart for each construct (or for each value of a column `each`, of one
    construct): of each period of a `grain` the `figure`, which is a mean or an NPS (XmR), or how many of the answers
    give the top scores (p).

    The five column options say which columns hold them; a column `each` (a site, an indicator) makes a chart of each of
    its values. Periods are put in order by what their names mean, or as `order` lists them ("rows": as they stand in
    the table). `baseline` is how many of the first periods make phase I (20, or "first:20"), or the last of them by
    name ("2026-03", or "until:20" where the period is called 20). Raises FormatError `table.…` for a table that cannot
    be read, MethodError `periods.…` for periods that stand twice or do not say their order, `control.columns` where
    neither counts nor values stand in it, `control.blank` where one row has none, and what `from_counts` raises.
    """
    about: dict[str | None, dict[str, Any]] = {}
    if isinstance(table, Facts):
        by = (grain, each) if each in table.columns else (grain,)
        table, kind, about = _of_answers(cell_figures.ratings_of(table, by, where, construct), by, figure, kind)
        each, period, count, size, value = COLUMN_NAMES
    fields = [
        Field(each, "text", None),
        Field(period, "text"),
        *(Field(name, "number", None) for name in (count, size, value)),
    ]
    rows = [{**row, "row": at} for at, row in enumerate(read_table(table, fields), 1)]
    options: dict[str, Any] = {
        "kind": kind,
        "baseline": baseline,
        "rules": cs.rule_numbers(rules, run),
        "run": run,
        "conf": conf,
    }
    found = []
    for name in dict.fromkeys(row[each] for row in rows):
        own, line = in_time([row for row in rows if row[each] == name], period, order)
        chart = _of_table(name, own, {"period": period, "count": count, "size": size, "value": value}, options)
        told = about.get(name, {})
        flags = {"gaps_in_series": line.missing, UNPLACED: told.get("undated")}
        found.append(
            replace(
                chart,
                absent=line.missing,
                warnings=(*chart.warnings, *(flag for flag, held in flags.items() if held)),
                **told,
            )
        )
    return Results(METHOD, tuple(found))


def _of_answers(
    parts: Sequence[ratings.Ratings], by: Sequence[str], figure: cell_figures.Figure | None, kind: ChartChoice
) -> tuple[list[dict[str, Any]], ChartChoice, dict[str | None, dict[str, Any]]]:
    """A row a chart and period, the kind of chart that they make, and what each chart says beside. Raises MethodError
    `series.which` where one chart would mix constructs.
    """
    charts: dict[str | None, list[ratings.Ratings]] = {}
    undated: Counter[str | None] = Counter()
    for part in parts:
        name = part.group[by[1]] if len(by) > 1 else part.construct
        if part.n and part.group[by[0]]:
            charts.setdefault(name, []).append(part)
        else:
            undated[name] += part.n
    rows: list[dict[str, Any]] = []
    about: dict[str | None, dict[str, Any]] = {}
    for name, own in charts.items():
        if len({part.construct for part in own}) > 1:
            raise MethodError("series.which", found=ratings.scale_list({part.construct: part.scales for part in own}))
        coding, boxes = cell_figures.coding_of(own, figure), figure == "top_box"
        about[name] = {"figure": coding.figure, "scale": (coding.low, coding.high), "undated": undated[name]}
        counted = ((part, coding.yes(part) if boxes else None, part.n if boxes else None) for part in own)
        rows += [
            dict(
                zip(
                    COLUMN_NAMES,
                    (name, str(part.group[by[0]]), yes, size, None if boxes else coding.value(part)),
                    strict=True,
                )
            )
            for part, yes, size in counted
        ]
    return rows, "p" if kind == "auto" and figure == "top_box" else kind, about


def _of_table(
    name: str | None, rows: Sequence[Mapping[str, Any]], column: Mapping[str, str], options: Mapping[str, Any]
) -> Control:
    held = {kind: [row[column[kind]] for row in rows] for kind in ("count", "size", "value")}
    whole = {kind for kind, cells in held.items() if all(cell is not None for cell in cells)}
    if not whole & {"count", "value"} or (
        "value" not in whole and any(cell is not None for cell in held["size"]) and "size" not in whole
    ):
        _blank(rows, column, held)
    given, wanted = dict(options), options["kind"]
    kind = given.pop("kind")
    given["periods"] = [row[column["period"]] for row in rows]
    if wanted == "xmr" or (wanted == "auto" and "value" in whole):
        if "value" not in whole and "count" not in whole:
            raise MethodError("control.columns", count=column["count"], value=column["value"])
        row = from_values(held["value" if "value" in whole else "count"], **given)
    elif "count" in whole:
        row = from_counts(
            held["count"], held["size"] if "size" in whole and wanted != "c" else None, kind=kind, **given
        )
    else:
        raise MethodError("control.columns", count=column["count"], value=column["value"])
    return replace(row, chart_name=name)


def _blank(
    rows: Sequence[Mapping[str, Any]], column: Mapping[str, str], held: Mapping[str, Sequence[float | None]]
) -> None:
    """Name the row that lacks what others have."""
    for kind in ("count", "value", "size"):
        if any(cell is not None for cell in held[kind]):
            at = next((at for at, cell in enumerate(held[kind]) if cell is None), None)
            if at is not None:
                raise MethodError(
                    "control.blank", row=rows[at]["row"], period=rows[at][column["period"]], column=column[kind]
                )


# --- words and picture ------------------------------------------------------------------------------------------------


def _digits(row: Control) -> int:
    return max(0, 2 - math.floor(math.log10(abs(row.value)))) if row.value else 2


_LEVEL: Final[Mapping[str, Mapping[Lang, str]]] = {
    "u": {"en": "{} failures per service", "zh-Hant": "平均每次服務 {} 次失誤", "zh-Hans": "平均每次服务 {} 次失误"},
    "c": {"en": "{} failures per period", "zh-Hant": "平均每期 {} 次失誤", "zh-Hans": "平均每期 {} 次失误"},
    "p": {"en": "{}%", "zh-Hant": "平均比例 {}%", "zh-Hans": "平均比例 {}%"},
    "mean": {"en": "a mean of {}", "zh-Hant": "平均 {} 分", "zh-Hans": "平均 {} 分"},
    "top_box": {"en": "{}% with the top scores", "zh-Hant": "給最高分的占 {}%", "zh-Hans": "给最高分的占 {}%"},
    "nps": {"en": "a net promoter score of {}", "zh-Hant": "淨推薦值 {}", "zh-Hans": "净推荐值 {}"},
    "": {"en": "{}", "zh-Hant": "平均水準 {}", "zh-Hans": "平均水平 {}"},
}
"""The level with its unit: by the figure of the answers, else by the first letter of the kind of chart."""


def _is_share(row: Control) -> bool:
    return row.kind in {"p", "p_prime"}


def _say(row: Control, lang: Lang) -> str:
    return with_unplaced(_sentence(row, lang), row.undated, "day", lang)


def _on_scale(row: Control, lang: Lang) -> str:
    """The scale of a mean, and that more of it is better."""
    if row.figure != "mean" or row.scale is None:
        return ""
    low, high = (f"{end:g}" for end in row.scale)
    return {
        "en": f"on a scale of {low} to {high}",
        "zh-Hant": f"量表 {low}–{high} 分",
        "zh-Hans": f"量表 {low}–{high} 分",
    }[lang]


def _sentence(row: Control, lang: Lang) -> str:
    times, digits = (100, 1) if _is_share(row) else (1, min(_digits(row), 6))
    level = _LEVEL.get(row.figure or row.kind[0], _LEVEL[""])[lang].format(number(times * (row.value or 0.0), digits))
    ends = (
        ""
        if row.low is None or row.high is None
        else interval_words((times * row.low, times * row.high), row.conf, lang, digits)
    )
    comma = {"en": ", "}.get(lang, "，")
    inside = comma.join(part for part in (_on_scale(row, lang), ends, _periods(row, lang)) if part)
    about = (
        ""
        if row.chart_name in {None, row.figure}
        else f"{data_label(row.chart_name, lang)}{': ' if lang == 'en' else '：'}"
    )
    signals = f"{cs.signals_words(row.points, lang, shares=_is_share(row))}{_absent(row, lang)}"
    head = {
        "en": f"the level is {level} ({inside}); {signals}.",
        "zh-Hant": f"{level}（{inside}）；{signals}。",
        "zh-Hans": f"{level}（{inside}）；{signals}。",
    }[lang]
    return f"{about}{head}" if about else f"{head[0].upper()}{head[1:]}"


def _periods(row: Control, lang: Lang) -> str:
    """On how many periods the level stands, and how many there are where it does not stand on all; of shares, on how
    many answers, too.
    """
    n = f"n {number(sum(point['size'] for point in row.points if point['phase'] == 1), 0)}" if _is_share(row) else ""
    if row.baseline == row.n:
        periods = {"en": many(row.n, "period"), "zh-Hant": f"{row.n:,} 期", "zh-Hans": f"{row.n:,} 期"}[lang]
    else:
        periods = {
            "en": f"the first {many(row.baseline, 'period')} of {row.n:,}",
            "zh-Hant": f"取前 {row.baseline:,} 期，共 {row.n:,} 期",
            "zh-Hans": f"取前 {row.baseline:,} 期，共 {row.n:,} 期",
        }[lang]
    return {"en": ", "}.get(lang, "，").join(part for part in (periods, n) if part)


def _absent(row: Control, lang: Lang) -> str:
    """The periods of which there is no row."""
    joint, n = {"en": ", "}.get(lang, "、"), len(row.absent)
    names = joint.join(period_words(name, lang) for name in row.absent[:MOST_NAMES]) + (" …" if n > MOST_NAMES else "")
    return {
        "en": f"; {many(n, 'period')} in between missing ({names})",
        "zh-Hant": f"；中間缺 {n:,} 期（{names}）",
        "zh-Hans": f"；中间缺 {n:,} 期（{names}）",
    }[lang] if n else ""  # fmt: skip


def _draw(rows: Sequence[Control], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    shown = [row for row in rows if row.points]
    if len(rows) == 1 and shown:
        row = rows[0]
        form = ".1%" if _is_share(row) else f".{min(_digits(row), 6)}f"
        axis = Axis(title=label(_TITLES.get(row.figure or "", f"control.{row.kind}"), lang), format=form)
        return cs.picture(row.points, axis, lang, alt=alt, less_is_better=_less_is_better(row))
    named = [
        Point(
            name=row.chart_name or label("all", lang),
            value=row.value,
            low=row.low,
            high=row.high,
            n=row.n,
            note=label("too_few", lang),
        )
        for row in rows
    ]
    return dots(named, axis=Axis(title=label("control.center", lang), format=".3g"), alt=alt, lang=lang)


_TITLES: Final = {"mean": "mean", "top_box": "control.top_box", "nps": "nps"}
"""What stands at the axis of a figure of answers."""


def _less_is_better(row: Control) -> bool | None:
    """Of counts of failures less is better, of what customers answered more; a figure of a table does not say."""
    return False if row.figure else None if row.kind == "xmr" else True


METHOD: Final = Method(
    id="control",
    version="1",
    row=Control,
    run=control,
    say=_say,
    draw=_draw,
    columns=("kind", "baseline", "out", "sigma_z", "mr_bar"),
    checked="qcc 2.7 and qicharts2 0.8.1 (R) on NIST, Montgomery and SAS/QC data; Champ & Woodall 1987 (run rules, "
    "simulated)",
    key=("chart_name",),
    reads="table",
)
