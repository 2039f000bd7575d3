"""How many answers, before asking: the power of a plan, or the answers that it needs for a power.

Plans compare two shares, two means, or the same people twice; or they ask for an interval of some width. The value is
answers a group (people, for pairs), a whole number, where the plan has no n, and the power in percent where it has.
Checked against: R 4.2.2 (power.prop.test, power.t.test), the worked sizes of NPS margins, and simulation in
`docs/coverage.md`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend import intervals as iv
from peakend import tables
from peakend.draw import Axis, Chart, bars
from peakend.errors import MethodError
from peakend.figures import many, number
from peakend.options import checks_options
from peakend.result import Method, Result, Results, points
from peakend.tables import Field
from peakend.terms import Lang, label

from . import sample_sizes

DESIGNS: Final = ("shares", "means", "pairs", "margin")
COLUMNS: Final = (
    Field("plan", "text", None),
    Field("design", "text"),
    *(Field(name, "number", None) for name in ("share1", "share2", "difference", "sd", "margin", "n", "power")),
)


@dataclass(frozen=True, kw_only=True)
class Power(Result):
    """One plan: `needed` answers a group not rounded, or the `power` (0…1) that its n has. `n` is the answers a group,
    whole.
    """

    plan: str | None = None
    design: str = "shares"
    needed: float | None = None
    power: float | None = None
    alpha: float = 0.05


@checks_options
def power(table: Any, *, target: float = 0.8, alpha: float = 0.05, conf: float = 0.95) -> Results[Power]:
    """The answers or the power of each plan: a row with design (shares, means, pairs, margin) and what that design
    needs.

    shares: share1 and share2 (0…1). means: difference and sd of an answer. pairs: difference and sd of the differences.
    margin: margin and sd, half the width of an interval at `conf`. With n the power is told, without it the n for
    `power`, else for `target`. Raises MethodError `power.design` for another design; a plan that lacks a figure or
    makes no sense refuses (`power.plan`).
    """
    return Results(
        METHOD, tuple(_row(row, at, target, alpha, conf) for at, row in enumerate(tables.read_table(table, COLUMNS), 1))
    )


def _row(row: dict[str, Any], at: int, target: float, alpha: float, conf: float) -> Power:
    design = str(row["design"]).strip().lower()
    if design not in DESIGNS:
        raise MethodError("power.design", found=design, known=", ".join(DESIGNS))
    fixed: dict[str, Any] = {
        "plan": row["plan"] or str(at),
        "design": design,
        "alpha": alpha,
        "conf": conf,
        "version": METHOD.definition,
        "low": None,
        "high": None,
    }
    if row["power"] is not None and not alpha < row["power"] < 1:
        refusal = MethodError("power.chance", plan=fixed["plan"], power=f"{row['power']:g}", alpha=f"{alpha:g}")
        return Power(value=None, n=0, refused=refusal, **fixed)
    if not _sensible(row, design):
        refusal = MethodError("power.plan", plan=fixed["plan"], design=design, wants=", ".join(_WANTS[design]))
        return Power(value=None, n=0, refused=refusal, **fixed)
    if row["n"] is not None:
        chance = _power(row, design, alpha)
        return Power(value=100 * chance, power=chance, n=int(row["n"]), **fixed)
    wanted = target if row["power"] is None else row["power"]
    needed = _answers_needed(row, design, wanted, alpha, conf)
    if not math.isfinite(needed):
        return Power(
            value=None,
            n=0,
            refused=MethodError("power.plan", plan=fixed["plan"], design=design, wants=", ".join(_WANTS[design])),
            **fixed,
        )
    whole = math.ceil(needed - 1e-9)
    return Power(value=float(whole), needed=needed, power=None if design == "margin" else wanted, n=whole, **fixed)


_WANTS: Final = {
    "shares": ("share1", "share2"),
    "means": ("difference", "sd"),
    "pairs": ("difference", "sd"),
    "margin": ("margin", "sd"),
}


def _sensible(row: dict[str, Any], design: str) -> bool:
    """Whether all figures are there and possible."""
    figures = [row[name] for name in _WANTS[design]]
    if any(figure is None for figure in figures):
        return False
    one, two = figures
    apart = 0 <= one <= 1 and 0 <= two <= 1 and one != two if design == "shares" else one != 0 and two > 0
    return apart and (row["n"] is None or (row["n"] >= 2 and design != "margin"))


def _power(row: dict[str, Any], design: str, alpha: float) -> float:
    if design == "shares":
        return iv.power_of_shares(row["n"], row["share1"], row["share2"], alpha)
    of = iv.power_of_means if design == "means" else sample_sizes.power_of_pairs
    return of(row["n"], row["difference"], row["sd"], alpha)


def _answers_needed(row: dict[str, Any], design: str, wanted: float, alpha: float, conf: float) -> float:
    if design == "shares":
        return iv.answers_for_shares(row["share1"], row["share2"], wanted, alpha)
    if design == "margin":
        return sample_sizes.answers_for_margin(row["sd"] ** 2, row["margin"], conf)
    of = sample_sizes.answers_for_means if design == "means" else sample_sizes.answers_for_pairs
    return of(row["difference"], row["sd"], wanted, alpha)


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Power, lang: Lang) -> str:
    head = f"{row.plan}{': ' if lang == 'en' else '：'}"
    if row.needed is None:
        return {
            "en": f"{head}with {many(row.n, 'answer')} {_each(row, lang)} such a difference is found in "
            f"{number(row.value or 0)}% of cases (power).",
            "zh-Hant": f"{head}{_each(row, lang)} {row.n:,} 筆回答時，有 {number(row.value or 0)}% "
            "的機會偵測到這個差異（檢定力）。",
            "zh-Hans": f"{head}{_each(row, lang)} {row.n:,} 条回答时，有 {number(row.value or 0)}% "
            "的机会检出这一差异（检验功效）。",
        }[lang]
    aim = {"en": "an interval that narrow", "zh-Hant": "達到這個區間寬度", "zh-Hans": "达到这个区间宽度"}[lang]
    if row.power is not None:
        chance = f"{100 * row.power:g}"
        aim = {"en": f"{chance}% power", "zh-Hant": f"達到 {chance}% 檢定力", "zh-Hans": f"达到 {chance}% 检验功效"}[
            lang
        ]
    return {
        "en": f"{head}{many(row.n, 'answer')} {_each(row, lang)} {'is' if row.n == 1 else 'are'} needed for {aim}.",
        "zh-Hant": f"{head}要{aim}，{_each(row, lang)}需要 {row.n:,} 筆回答。",
        "zh-Hans": f"{head}要{aim}，{_each(row, lang)}需要 {row.n:,} 条回答。",
    }[lang]


def _each(row: Power, lang: Lang) -> str:
    if row.design in {"shares", "means"}:
        return {"en": "in each group", "zh-Hant": "每組", "zh-Hans": "每组"}[lang]
    if row.design == "pairs":
        return {
            "en": "before and after, of the same people,",
            "zh-Hant": "同一批人前後各",
            "zh-Hans": "同一批人前后各",
        }[lang]
    return {"en": "in all", "zh-Hant": "總共", "zh-Hans": "总共"}[lang]


def _draw(rows: Sequence[Power], lang: Lang) -> Chart:
    told = [row for row in rows if row.value is not None]
    alt = " ".join(_say(row, lang) for row in told[:3]) or label("too_few", lang)
    sizes = any(row.needed is not None for row in told)
    axis = Axis(title=label("answers_needed" if sizes else "power_percent", lang), format=".0f")
    shown = [row for row in rows if row.value is None or (row.needed is not None) == sizes]
    return bars(points(shown, lang, "plan"), axis=axis, alt=alt, lang=lang, ordered=False)


METHOD: Final = Method(
    id="power",
    version="1",
    row=Power,
    run=power,
    say=_say,
    draw=_draw,
    columns=("design", "needed", "power"),
    checked="R 4.2.2 (power.prop.test, power.t.test)",
    key=("plan",),
    reads="table",
    counts=(),
)
