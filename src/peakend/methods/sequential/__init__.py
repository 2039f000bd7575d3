"""Looking at a comparison while it runs: what each look may say, so that looking often is not a way to find something.

Each look has the z that it must pass under alpha spending (Lan & DeMets 1983) at its share of the planned information,
and, whatever the plan was, an always-valid p and interval (Johari et al. 2022). The plan and τ² are fixed before the
first look. Checked against: ldbounds 2.0.2, Lan & DeMets' published boundaries.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from peakend import intervals as iv
from peakend import tables
from peakend.draw import Axis, Chart, Point, dots
from peakend.errors import MethodError
from peakend.figures import number, signed_number
from peakend.options import checks_options
from peakend.result import Method, Result, Results
from peakend.result.words import interval_words
from peakend.tables import Field
from peakend.terms import Lang, label

from . import looks
from .looks import Spending

COLUMNS: Final = (
    Field("look", "text", None),
    Field("information", "number"),
    Field("estimate", "number", None),
    Field("se", "number", None),
)


@dataclass(frozen=True, kw_only=True)
class Look(Result):
    """One look: the estimate (0 is no difference) with its always-valid interval.

    `information` is the share of the planned information; `boundary` the |z| to pass, `nominal` its two-sided p,
    `spent` the alpha spent so far; `z` is what was seen and `crossed` whether this or an earlier look has passed.
    `ratio` is Λ of the mixture test and `p_always` the least always-valid p so far. `n` is the number of the look. A
    look still to come has no value.
    """

    look: str | None = None
    information: float = 0.0
    boundary: float | None = None
    nominal: float | None = None
    spent: float | None = None
    z: float | None = None
    crossed: bool = False
    ratio: float | None = None
    p_always: float | None = None
    tau2: float | None = None


@checks_options
def sequential(
    table: Any,
    *,
    spending: Spending = "obrien_fleming",
    planned: float | None = None,
    tau: float | None = None,
    conf: float = 0.95,
) -> Results[Look]:
    """The looks of one comparison in order: a table with the columns information, and of looks already taken estimate
    and se.

    `information` may be shares of the plan or counts of answers, which `planned` (by default the last row's) makes
    shares. `tau` is the size of difference that the mixture expects; it is fixed before the first look, and without it
    nothing always valid is told. Raises MethodError `sequential.se` where a look has an estimate without a standard
    error above zero, `sequential.order` where the information does not rise above zero, `sequential.beyond` where it
    passes the plan.
    """
    rows = tables.read_table(table, COLUMNS)
    for at, row in enumerate(rows, 1):
        if (row["estimate"] is None) != (row["se"] is None) or (row["se"] is not None and row["se"] <= 0):
            raise MethodError(
                "sequential.se", row=at, estimate=_figure_text(row["estimate"]), se=_figure_text(row["se"])
            )
    whole = max((row["information"] for row in rows), default=1.0) if planned is None else planned
    shares = [row["information"] / whole for row in rows]
    if any(b <= a for a, b in zip([0.0, *shares], shares, strict=False)):
        raise MethodError("sequential.order", found=", ".join(f"{row['information']:g}" for row in rows))
    if shares and shares[-1] > 1 + 1e-9:
        raise MethodError("sequential.beyond", planned=f"{whole:g}", found=f"{rows[-1]['information']:g}")
    alpha = 1 - conf
    bounds, spent = looks.boundaries(shares, spending, alpha), looks.alpha_spending(shares, spending, alpha)
    found: list[Look] = []
    for at, (row, share, bound, gone) in enumerate(zip(rows, shares, bounds, spent, strict=True), 1):
        plan = {
            "look": row["look"] or str(at),
            "information": share,
            "boundary": bound,
            "nominal": iv.z_p(bound),
            "spent": gone,
            "n": at,
        }
        found.append(_look(row, plan, tau, found[-1] if found else None, conf))
    return Results(METHOD, tuple(found))


def _figure_text(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:g}"


def _look(row: dict[str, Any], plan: dict[str, Any], tau: float | None, before: Look | None, conf: float) -> Look:
    common: dict[str, Any] = {**plan, "conf": conf, "version": METHOD.definition}
    estimate, se = row["estimate"], row["se"]
    if estimate is None or se is None:
        refusal = MethodError("sequential.to_come", look=plan["look"], z=number(plan["boundary"], 3))
        return Look(value=None, low=None, high=None, refused=refusal, **common)
    z, crossed = estimate / se, before is not None and before.crossed
    found = Look(value=estimate, low=None, high=None, z=z, crossed=crossed or abs(z) >= plan["boundary"], **common)
    if tau is None:
        return found
    always = looks.mixture(estimate, se**2, tau**2, conf)
    least = min(always.p, before.p_always) if before is not None and before.p_always is not None else always.p
    return replace(found, low=always.low, high=always.high, ratio=always.ratio, p_always=least, tau2=tau**2)


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Look, lang: Lang) -> str:
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang, 3)
    z, bound, value = number(row.z or 0, 3), number(row.boundary or 0, 3), signed_number(row.value or 0, 3)
    verdict = _VERDICTS[lang][row.crossed]
    seen = {
        "en": f"Interim look {row.look}: {verdict}; {value}",
        "zh-Hant": f"第 {row.look} 次期中分析：{verdict}；{value}",
        "zh-Hans": f"第 {row.look} 次期中分析：{verdict}；{value}",
    }
    sides = {
        "en": f", z {z} against {bound}",
        "zh-Hant": f"，z 為 {z}，界限 {bound}",
        "zh-Hans": f"，z 为 {z}，界限 {bound}",
    }
    if row.p_always is None:
        return f"{seen[lang]}{sides[lang]}{'.' if lang == 'en' else '。'}"
    p = number(row.p_always, 4)
    return {
        "en": f"{seen[lang]} ({ends}, valid at any look){sides[lang]}, always-valid p {p}.",
        "zh-Hant": f"{seen[lang]}（{ends}，隨時查看都有效）{sides[lang]}，隨時有效的 p 為 {p}。",
        "zh-Hans": f"{seen[lang]}（{ends}，随时查看都有效）{sides[lang]}，随时有效的 p 为 {p}。",
    }[lang]


_VERDICTS: Final = {
    "en": {True: "a difference is found", False: "no difference found yet, go on collecting"},
    "zh-Hant": {True: "已找到差異", False: "尚未找到差異，請繼續收集"},
    "zh-Hans": {True: "已找到差异", False: "尚未找到差异，请继续收集"},
}


def _draw(rows: Sequence[Look], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    shown = [
        Point(
            name=f"{label('look', lang)} {row.look}",
            value=row.z,
            low=-(row.boundary or 0),
            high=row.boundary,
            n=row.n,
            note=label("look.to_come", lang),
        )
        for row in rows
        if row.boundary is not None and math.isfinite(row.boundary)
    ]
    return dots(
        shown, axis=Axis(title=label("look.axis", lang), format=".2f"), alt=alt, lang=lang, ordered=False, reference=0.0
    )


METHOD: Final = Method(
    id="sequential",
    version="1",
    row=Look,
    run=sequential,
    say=_say,
    draw=_draw,
    columns=("information", "boundary", "nominal", "spent", "z", "crossed", "p_always"),
    checked="ldbounds 2.0.2, Lan & DeMets 1983",
    key=("look",),
    reads="table",
    counts=(),
)
