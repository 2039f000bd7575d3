"""Difference in differences: how much more changed where something was changed than where nothing was.

The value is the mean change of the treated units less that of the others. Interval and p are Welch's on the units'
changes, which is cluster-robust and keeps its size with few units; with one treated unit only the rank of its change
among placebos counts. From two units a side on a wild cluster bootstrap gives a second p, to be read beside the others
and not instead (a p only, no interval). `errors` shows how much the standard error depends on what is taken for
independent. Checked against: Card & Krueger 1994, and organ donor registrations in California, in R 4.2.2 with sandwich
3.0-2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from peakend import tables
from peakend.change import no_test_words
from peakend.draw import Axis, Chart, dumbbell
from peakend.draw.marks import Span
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import cell_figures, ratings
from peakend.field.data_warnings import says_weights
from peakend.figures import number, signed_number
from peakend.ids import plain_id
from peakend.options import checks_options
from peakend.periods import clear_timeline, listing_order, names_in_message, timeline
from peakend.result import Method, Result, Results
from peakend.result.words import interval_words, p_value
from peakend.terms import Lang, label

from . import panels
from .panels import Observation

FEW_UNITS: Final = 10
"""Below so many units on a side the warning `few_units_compared`."""
ALPHA: Final = 0.05
"""A trend check this small is a warning."""
COLUMNS: Final = (
    tables.Field("unit", "text"),
    tables.Field("period", "text"),
    tables.Field("treated", "whole"),
    tables.Field("value", "number"),
    tables.Field("after", "whole", None),
)


@dataclass(frozen=True, kw_only=True)
class DiD(Result):
    """One difference in differences; `n` counts the units compared, `missing` those seen only before or only after,
    which are left out.

    `change_treated` and `change_others` are mean changes; `cells` the means of the four cells. `p` is Welch's, or the
    placebo's with one treated unit; `p_placebo` comes from `ways` ways to have chosen the treated units, `p_wild` from
    a wild cluster bootstrap (two units a side and more; no interval is inverted from it). `errors` holds the standard
    errors of independent observations (cells, pooled), clustered by unit (clustered, within: two-way fixed effects),
    and of changes (change_ols, change_hc1, welch). `trend` is how much the slopes differed before, a period, with
    `p_trend`.
    """

    construct: str | None = None
    change_treated: float | None = None
    change_others: float | None = None
    units_treated: int = 0
    units_others: int = 0
    p: float | None = None
    p_placebo: float | None = None
    ways: int | None = None
    p_wild: float | None = None
    df: float | None = None
    cells: Mapping[str, Mapping[str, float | None]] = field(default_factory=lambda: MappingProxyType({}))
    errors: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    trend: float | None = None
    p_trend: float | None = None


@checks_options
@says_weights
def did(
    table: Any,
    *,
    at: str | None = None,
    treated: tuple[str, ...] | None = None,
    unit: str = "site",
    period: str = "wave",
    order: tuple[str, ...] = (),
    where: ratings.Where | None = None,
    construct: str | None = None,
    figure: cell_figures.Figure | None = None,
    conf: float = 0.95,
) -> Results[DiD]:
    """The treated units against the others, before and from the period `at` on.

    The table has the columns unit, period, treated (0 or 1), value, and where `at` is not given after (0 or 1); a unit
    has a period once. Periods are put in order by what their names mean, or as `order` lists them. It may be answers (a
    frame, a file or Facts): then the figure (mean, top_box or nps) of each `unit` in each `period` column is taken, and
    `treated` names the units; it also does for a table that has no such column. Raises MethodError `did.treated_twice`
    where it has one, `option.unknown` for a unit that is not there, `did.at` where nothing lies before or after,
    `did.sides` where units of both kinds are not there, `did.turned` where a unit is both.
    """
    parts = (
        _of_facts((unit, period), treated, cell_figures.ratings_of(table, (unit, period), where, construct), figure)
        if isinstance(table, Facts)
        else {None: _of_table(table, treated)}
    )
    start, delivered = None if at is None else str(at), not isinstance(table, Facts)
    return Results(
        METHOD,
        tuple(
            _infer(_observations(rows, start, order, delivered=delivered), name, conf) for name, rows in parts.items()
        ),
    )


Raw = tuple[str, str, bool, float, bool | None]


def _of_table(table: Any, treated: Sequence[str] | None) -> list[Raw]:
    if treated is None:
        rows = tables.read_table(table, COLUMNS)
    else:
        rows = tables.read_table(
            table, [replace(column, default=None) if column.name == "treated" else column for column in COLUMNS]
        )
        if any(row["treated"] is not None for row in rows):
            raise MethodError("did.treated_twice", found=", ".join(treated))
        named = _units(treated, {row["unit"] for row in rows}, "unit")
        rows = [{**row, "treated": row["unit"] in named} for row in rows]
    return [
        (r["unit"], r["period"], bool(r["treated"]), r["value"], None if r["after"] is None else bool(r["after"]))
        for r in rows
    ]


def _units(treated: Sequence[str] | None, there: Set[str], column: str) -> frozenset[str]:
    """The units that were changed, each of which is there."""
    named = frozenset(plain_id(name) for name in treated or ())
    if treated is not None and not named:
        raise MethodError("option.none_named", option="treated")
    if unknown := sorted(named - there):
        raise MethodError(
            "option.unknown",
            option="treated",
            column=column,
            found=", ".join(unknown),
            known=", ".join(sorted(there)[:20]) or "–",
        )
    return named


def _of_facts(
    by: tuple[str, str],
    treated: Sequence[str] | None,
    asked: Sequence[ratings.Ratings],
    figure: cell_figures.Figure | None,
) -> dict[str | None, list[Raw]]:
    parts: dict[str | None, list[ratings.Ratings]] = {}
    for part in asked:
        if part.n and all(part.group[name] is not None for name in by):
            parts.setdefault(part.construct, []).append(part)
    found: dict[str | None, list[Raw]] = {}
    named = _units(treated, {str(part.group[by[0]]) for own in parts.values() for part in own}, by[0])
    for name, own in parts.items():
        coding = cell_figures.coding_of(own, figure)
        values = [(str(part.group[by[0]]), str(part.group[by[1]]), coding.value(part) or 0.0) for part in own]
        found[name] = [(one, at, one in named, value, None) for one, at, value in values]
    return found


def _observations(rows: Sequence[Raw], at: str | None, order: Sequence[str], *, delivered: bool) -> list[Observation]:
    """The observations, each before or after, and where they stand in time. Where the table says what is after, the
    order is not asked for.
    """
    names = tuple(dict.fromkeys(period for _, period, *_ in rows))
    if at is None and any(after is None for *_, after in rows):
        raise MethodError("did.at", at="–", found=names_in_message(listing_order(names)) or "–")
    _once(rows)
    line = (
        clear_timeline(names, delivered=delivered)
        if at is None and not order
        else timeline(names, order, delivered=delivered)
    )
    start = None if line is None or at is None else line.place(at)
    if at is not None and start is None:
        raise MethodError("did.at", at=at or "–", found=names_in_message(line.names if line else names) or "–")
    place: Mapping[str, float] = {} if line is None else line.at
    found = [
        Observation(
            unit=unit,
            treated=treated,
            after=bool(after) if start is None else place[period] >= start,
            value=value,
            period=period,
            at=place.get(period),
        )
        for unit, period, treated, value, after in rows
    ]
    sides: dict[str, set[bool]] = {}
    for one in found:
        sides.setdefault(one.unit, set()).add(one.treated)
    if both := [unit for unit, side in sides.items() if len(side) > 1]:
        raise MethodError("did.turned", found=", ".join(both[:6]))
    if len({one.after for one in found}) < 2:
        raise MethodError("did.at", at=at or "–", found=names_in_message(line.names if line else names) or "–")
    if len({one.treated for one in found}) < 2:
        raise MethodError("did.sides", found=", ".join(sorted(sides)[:12]))
    return found


def _once(rows: Sequence[Raw]) -> None:
    times = Counter((unit, period) for unit, period, *_ in rows)
    if twice := [key for key, count in times.items() if count > 1]:
        raise MethodError("did.twice", unit=twice[0][0], period=twice[0][1], times=times[twice[0]])


def _infer(seen: Sequence[Observation], construct: str | None, conf: float) -> DiD:
    found, four = panels.changes(seen), panels.cells(seen)
    counts = len(found.treated), len(found.others)
    common: dict[str, Any] = {
        "construct": construct, "n": sum(counts), "missing": len(found.left_out), "conf": conf,
        "version": METHOD.definition, "units_treated": counts[0],
        "units_others": counts[1], "cells": _means_of_cells(four),
    }  # fmt: skip
    if min(counts) < 1 or sum(counts) < 3:
        refusal = MethodError("did.too_few", treated=counts[0], others=counts[1])
        return DiD(value=None, low=None, high=None, refused=refusal, **common)
    compared, rank, trend = panels.compare_changes(found, conf), panels.placebo(found), panels.trend_check(seen)
    one, two = (sum(side.values()) / len(side) for side in (found.treated, found.others))
    errors = {
        **panels.cell_errors(four),
        "clustered": panels.cluster_error(seen),
        "within": panels.within(seen),
        **panels.change_errors(found),
    }
    single, tested = min(counts) == 1, panels.vary(found)
    wild = panels.wild(found) if tested else None
    p, p_placebo = (rank.p if single else compared.p, rank.p) if tested else (None, None)
    flags = {
        "no_spread": not tested,
        "one_treated_unit": single,
        "few_units_compared": not single and min(counts) < FEW_UNITS,
        "unbalanced": bool(found.left_out),
        "no_trend_check": trend is None,
        "trends_differ": trend is not None and trend[1] < ALPHA,
    }
    return DiD(
        value=one - two, low=compared.low, high=compared.high, change_treated=one, change_others=two, df=compared.df,
        p=p, p_placebo=p_placebo, ways=rank.ways, p_wild=wild.p if wild else None, errors=MappingProxyType(errors),
        trend=trend and trend[0], p_trend=trend and trend[1],
        warnings=tuple(name for name, held in flags.items() if held), **common,
    )  # fmt: skip


def _means_of_cells(four: panels.Cells) -> Mapping[str, Mapping[str, float | None]]:
    names = {key: f"{'treated' if key[0] else 'others'}_{'after' if key[1] else 'before'}" for key in four}
    return MappingProxyType(
        {names[key]: MappingProxyType({"mean": c.mean, "sd": c.sd, "n": c.n}) for key, c in four.items()}
    )


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: DiD, lang: Lang) -> str:
    head = "" if row.construct is None else f"{label(row.construct, lang)}{': ' if lang == 'en' else '：'}"
    ends = (
        ""
        if row.low is None or row.high is None
        else f"{interval_words((row.low, row.high), row.conf, lang, 2)}{', ' if lang == 'en' else '，'}"
    )
    one, two = (signed_number(v or 0, 2) for v in (row.change_treated, row.change_others))
    value, less = number(abs(row.value or 0), 2), round(row.value or 0, 2) < 0
    a, b = row.units_treated, row.units_others
    proof = (
        no_test_words(lang)
        if row.p is None
        else f" ({ends}{p_value(row.p, lang)})"
        if lang == "en"
        else f"（{ends}{p_value(row.p, lang)}）"
    )
    return {
        "en": f"{head}{value} {'less' if less else 'more'} where it was changed{proof}: "
        f"the {a} changed units moved by {one}, the {b} others by {two}.",
        "zh-Hant": f"{head}有改變的單位比其他單位{'少' if less else '多'} {value}{proof}：有改變的 {a} 個平均 {one}，"
        f"其他 {b} 個平均 {two}。",
        "zh-Hans": f"{head}有改变的单位比其他单位{'少' if less else '多'} {value}{proof}：有改变的 {a} 个平均 {one}，"
        f"其他 {b} 个平均 {two}。",
    }[lang]


def _draw(rows: Sequence[DiD], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    spans = [span for row in rows for span in _spans(row, lang, named=len(rows) > 1)]
    return dumbbell(
        spans, axis=Axis(title=""), alt=alt, left=label("before", lang), right=label("after", lang), lang=lang
    )


def _spans(row: DiD, lang: Lang, *, named: bool) -> list[Span]:
    head = f"{label(row.construct, lang)} · " if named and row.construct else ""
    return [
        Span(
            name=f"{head}{label(f'did.{side}', lang)}",
            left=_mean(row, f"{side}_before"),
            right=_mean(row, f"{side}_after"),
            n=n,
        )
        for side, n in (("treated", row.units_treated), ("others", row.units_others))
    ]


def _mean(row: DiD, cell: str) -> float | None:
    return row.cells[cell]["mean"] if cell in row.cells else None


METHOD: Final = Method(
    id="did",
    version="2",
    row=DiD,
    run=did,
    say=_say,
    draw=_draw,
    columns=("p", "p_placebo", "p_wild", "change_treated", "change_others", "units_treated", "units_others", "p_trend"),
    checked="R 4.2.2 with sandwich 3.0-2 on Card & Krueger 1994",
    key=("construct",),
    reads="table",
    counts=(),
)
