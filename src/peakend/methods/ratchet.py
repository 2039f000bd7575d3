"""The expectation ratchet: whether expectations only rise, estimated from people who were asked again.

E(t+1) = E(t) + α↑·(P(t) − E(t))⁺ − α↓·(E(t) − P(t))⁺. A strict ratchet has α↑ = 1 and α↓ = 0; here both are estimated
and α↓ = 0 is tested instead of assumed. Least squares on the changes of expectation, without a constant; standard
errors by customer (Liang & Zeger 1986, with the small-sample factor), Student's t with one degree of freedom less than
there are customers. Where the best experience elsewhere is known, what it offers beyond the expectation, (X − E)⁺,
stands beside, since good experience elsewhere raises expectations too. Errors in the answers pull both α towards each
other: an expectation marked too high by chance falls by itself. Checked against: numpy (least squares, sandwich
written out), recovery of known α by simulation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend import tables
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.figures import many, number
from peakend.options import checks_options
from peakend.periods import timeline
from peakend.result import Method, Result, Results, points
from peakend.result.words import interval_words
from peakend.sums import Floats
from peakend.tables import Field
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

FEWEST_CUSTOMERS: Final = 5
"""Of fewer customers asked again no rate is told."""
COLUMNS: Final = (
    Field("customer", "text"),
    Field("period", "text"),
    Field("expectation", "number"),
    Field("perception", "number", None),
    Field("elsewhere", "number", None),
)


@dataclass(frozen=True, kw_only=True)
class Ratchet(Result):
    """One rate of adjustment: `up` (α↑), `down` (α↓) or `elsewhere`. `n` counts steps from one period to the next,
    `customers` whose.

    `p` tests the rate against 0, `p_one` against 1. `missing` counts steps that lack an answer.
    """

    rate: str
    customers: int = 0
    se: float | None = None
    t: float | None = None
    p: float | None = None
    p_one: float | None = None


# --- the model --------------------------------------------------------------------------------------------------------


def expectations(start: float, perceptions: Sequence[float], *, up: float, down: float) -> tuple[float, ...]:
    """What is expected in each period, from the first on: `expectations(5, [6, 4, 6.1], up=0.5, down=0.2)`."""
    found = [float(start)]
    for perceived in perceptions[:-1]:
        away = perceived - found[-1]
        found.append(found[-1] + (up if away > 0 else down) * away)
    return tuple(found[: len(perceptions)])


def scores(start: float, perceptions: Sequence[float], *, up: float, down: float) -> tuple[float, ...]:
    """P / E in each period: the same service scores less once more is expected."""
    return tuple(p / e for p, e in zip(perceptions, expectations(start, perceptions, up=up, down=down), strict=True))


# --- from a panel -----------------------------------------------------------------------------------------------------


@checks_options
def ratchet(table: Any, *, order: tuple[str, ...] = (), conf: float = 0.95) -> Results[Ratchet]:
    """The rates of adjustment from a panel: a row a customer and period, with expectation and perception (and
    elsewhere, optional).

    A step leads from one period of a customer to that customer's next, in order of time: by what the names of periods
    mean, or as `order` lists them. Refuses fewer than five customers (`ratchet.few`), a rate that nobody's answers
    could show (`ratchet.never`). Raises MethodError `ratchet.twice` where a customer has one period twice.
    """
    rows = tables.read_table(table, COLUMNS)
    steps, missing = _steps(rows, timeline([row["period"] for row in rows], order, delivered=True).names)
    names = ("up", "down", "elsewhere") if any(row["elsewhere"] is not None for row in rows) else ("up", "down")
    who = np.unique([name for name, *_ in steps], return_inverse=True)[1] if steps else np.zeros(0, dtype=np.int64)
    return Results(
        METHOD, tuple(_fit_rows(names, who, np.array([s[1:] for s in steps]).reshape(len(steps), 4), missing, conf))
    )


def _steps(
    rows: Sequence[Mapping[str, Any]], periods: Sequence[str]
) -> tuple[list[tuple[str, float, float, float, float]], int]:
    """Customer, change of expectation, (P − E)⁺, −(E − P)⁺ and (X − E)⁺ of each step, and how many steps lack an
    answer.
    """
    by_customer: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        held = by_customer.setdefault(row["customer"], {})
        if row["period"] in held:
            raise MethodError("ratchet.twice", customer=row["customer"], period=row["period"])
        held[row["period"]] = row
    found, missing = [], 0
    for customer in sorted(by_customer):
        own = [by_customer[customer][period] for period in periods if period in by_customer[customer]]
        for now, then in pairwise(own):
            if now["perception"] is None:
                missing += 1
                continue
            away, e = now["perception"] - now["expectation"], now["expectation"]
            beyond = 0.0 if now["elsewhere"] is None else max(0.0, now["elsewhere"] - e)
            found.append((customer, then["expectation"] - e, max(0.0, away), min(0.0, away), beyond))
    return found, missing


def _fit_rows(names: Sequence[str], who: NDArray[Any], steps: Floats, missing: int, conf: float) -> list[Ratchet]:
    n, customers = len(steps), len(np.unique(who))
    common: dict[str, Any] = {
        "n": n,
        "missing": missing,
        "customers": customers,
        "conf": conf,
        "version": METHOD.definition,
    }
    if customers < FEWEST_CUSTOMERS:
        refusal = MethodError("ratchet.few", customers=customers, need=FEWEST_CUSTOMERS, n=n)
        return [Ratchet(rate=name, value=None, low=None, high=None, refused=refusal, **common) for name in names]
    x, y = steps[:, 1 : 1 + len(names)], steps[:, 0]
    seen = [i for i in range(len(names)) if np.unique(who[x[:, i] != 0]).size > 1]
    if not seen or np.linalg.matrix_rank(x[:, seen]) < len(seen):
        seen = []
    estimate, spread = least_squares(x[:, seen], y, who) if seen else (np.zeros(0), np.zeros(0))
    rows = []
    for i, name in enumerate(names):
        if i in seen:
            rows.append(_row(name, float(estimate[seen.index(i)]), float(spread[seen.index(i)]), customers, common))
        else:
            rows.append(
                Ratchet(
                    rate=name,
                    value=None,
                    low=None,
                    high=None,
                    refused=MethodError("ratchet.never", rate=name, n=n),
                    **common,
                )
            )
    return rows


def least_squares(x: Floats, y: Floats, who: NDArray[Any]) -> tuple[Floats, Floats]:
    """Coefficients and their standard errors, steps of one customer taken together (CR1)."""
    bread = np.linalg.inv(x.T @ x)
    estimate = bread @ x.T @ y
    rest = y - x @ estimate
    clusters = int(who.max()) + 1
    meat = np.zeros((clusters, x.shape[1]))
    np.add.at(meat, who, x * rest[:, None])
    factor = clusters / (clusters - 1) * (len(y) - 1) / max(1, len(y) - x.shape[1])
    return estimate, np.sqrt(np.diagonal(factor * bread @ (meat.T @ meat) @ bread))


def _row(name: str, value: float, se: float, customers: int, common: Mapping[str, Any]) -> Ratchet:
    flags = {"low_base": customers < LOW_BASE, "no_spread": se <= 1e-12}
    warnings = tuple(flag for flag, held in flags.items() if held)
    if se <= 1e-12:
        return Ratchet(rate=name, value=value, low=None, high=None, warnings=warnings, **common)
    half, t = iv.t_quantile(customers - 1, common["conf"]) * se, value / se
    p, p_one = iv.t_p(t, customers - 1), iv.t_p((value - 1) / se, customers - 1)
    return Ratchet(
        rate=name,
        value=value,
        low=value - half,
        high=value + half,
        se=se,
        t=t,
        p=p,
        p_one=p_one,
        warnings=warnings,
        **common,
    )


# --- words and picture ------------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "up": {
        "en": "After a service better than expected, expectations rise by {} of the amount by which it was better",
        "zh-Hant": "服務優於期望之後，期望的上升幅度約為超出部分的 {}",
        "zh-Hans": "服务优于期望之后，期望的上升幅度约为超出部分的 {}",
    },
    "down": {
        "en": "After a service worse than expected, expectations fall by {} of the amount by which it was worse",
        "zh-Hant": "服務不如期望之後，期望的下降幅度約為不足部分的 {}",
        "zh-Hans": "服务不如期望之后，期望的下降幅度约为不足部分的 {}",
    },
    "elsewhere": {
        "en": "A better experience elsewhere raises expectations by {} of the amount by which it was better",
        "zh-Hant": "在別處有更好的體驗時，期望的上升幅度約為超出部分的 {}",
        "zh-Hans": "在别处有更好的体验时，期望的上升幅度约为超出部分的 {}",
    },
    "never": {
        "en": "; the data do not rule out that they never fall",
        "zh-Hant": "；與「期望只升不降」並不矛盾",
        "zh-Hans": "；与“期望只升不降”并不矛盾",
    },
    "falls": {
        "en": "; expectations do fall",
        "zh-Hant": "；期望確實會下降，不是只升不降",
        "zh-Hans": "；期望确实会下降，不是只升不降",
    },
}


def _say(row: Ratchet, lang: Lang) -> str:
    percent = f"{number(100 * (row.value or 0), 0)}%"
    ends = (
        ""
        if row.low is None or row.high is None
        else interval_words((100 * row.low, 100 * row.high), row.conf, lang, 0)
    )
    n = {
        "en": f"{many(row.n, 'step')} of {many(row.customers, 'customer')}",
        "zh-Hant": f"{row.customers:,} 位顧客的 {row.n:,} 次變化",
        "zh-Hans": f"{row.customers:,} 位客户的 {row.n:,} 次变化",
    }[lang]
    inside = ({"en": ", "}.get(lang, "，")).join(part for part in (ends, n) if part)
    verdict = "" if row.rate != "down" or row.low is None else _WORDS["falls" if row.low > 0 else "never"][lang]
    rate = _WORDS[row.rate][lang].format(percent)
    return f"{rate} ({inside}){verdict}." if lang == "en" else f"{rate}（{inside}）{verdict}。"


def _draw(rows: Sequence[Ratchet], lang: Lang) -> Chart:
    """The rates with their intervals: 0 moves nothing, 1 goes all the way."""
    alt = " ".join(_say(row, lang) for row in rows if row.value is not None) or label("too_few", lang)
    return dots(
        points(rows, lang, "rate"),
        axis=Axis(title=label("ratchet.axis", lang), format=".0%"),
        alt=alt,
        lang=lang,
        ordered=False,
    )


METHOD: Final = Method(
    id="ratchet",
    version="1",
    row=Ratchet,
    run=ratchet,
    say=_say,
    draw=_draw,
    columns=("se", "p", "p_one", "customers"),
    checked="R 4.2.2 (lm) and sandwich 3.0-2 (vcovCL), and recovery of known rates",
    key=("rate",),
    reads="table",
)
