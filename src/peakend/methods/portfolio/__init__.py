"""Portfolio: the initiatives that are worth most together within a budget; a 0/1 programme, max Σ v·x under Σ c·x ≤ B.

What must be is in first; of those that exclude one another at most one; nothing without what it requires; benefits on
one touchpoint add up only to its cap (stated, else the largest single one there). Costs are whole cents, so the budget
is kept exactly. All equally good sets are named. Where values come with an interval (or `se`), 1,000 resamples (200
beyond 16 initiatives) tell how often each is in the best set; what choosing by value per cost would give stands beside,
for it is often not the best. What is picked because it looks best turns out worse on average: `optimism` is by how much
in the resamples (their bests less what these are worth as stated), and the interval of the total is moved down by it;
without that it would cover 68 to 95% (simulated), with it 93 to 96%. Where an initiative is in the best set
in fewer than 90% of resamples, choosing it is a matter of judgement. Checked against: the KNAPSACK 01 sets of Burkardt
(remembered, optima proved by enumeration), enumeration of every set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend import tables
from peakend.draw import Axis, Chart, Point, bars
from peakend.errors import MethodError
from peakend.maths.binary_programmes import Choice
from peakend.options import checks_options
from peakend.result import Method, Result, Results
from peakend.tables import Field
from peakend.terms import Lang, label

from .selection import ALWAYS, MOST_ENUMERATED, MOST_SETS, Choosing, Initiative, choice_of, ratio
from .words import money, say

RESAMPLES: Final = 1000
RESAMPLES_OF_PROGRAMMES: Final = 200
"""Resamples where each needs a programme of its own."""
SEED: Final = 1957
LARGE_OPTIMISM: Final = 0.1
"""From this part of the interval's width on, it is said by how much the total flatters."""
COLUMNS: Final = (
    Field("initiative", "text"),
    Field("cost", "number"),
    Field("value", "number"),
    *(Field(name, "number", None) for name in ("low", "high", "se", "cap")),
    *(Field(name, "text", None) for name in ("touchpoint", "group", "requires", "must")),
)
_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", ALWAYS, "是"})
_NO: Final = frozenset({"", "0", "0.0", "no", "n", "false", "否"})


@dataclass(frozen=True, kw_only=True)
class Portfolio(Result):
    """The whole set (`initiative` None), or one initiative.

    The whole: `value` is its total with the interval of the resamples, `cost` what it costs, `n` how many initiatives
    were weighed, `optima` the names in each equally good set, the one proposed (the cheapest) first, `by_ratio_value`
    what choosing by ratio gives, `inclusion` how often this very set is the best, `optimism` by how much its total
    flatters. One initiative: its own value, interval and cost, `value_per_cost`, `chosen`, `by_ratio` (value per cost
    would choose it), `inclusion` the share of resamples whose best set holds it.
    """

    initiative: str | None = None
    touchpoint: str | None = None
    cost: float | None = None
    value_per_cost: float | None = None
    chosen: bool | None = None
    by_ratio: bool | None = None
    inclusion: float | None = None
    budget: float | None = None
    optima: tuple[tuple[str, ...], ...] = ()
    by_ratio_value: float | None = None
    optimism: float | None = None
    resamples: int = 0


@checks_options
def portfolio(table: Any, *, budget: float | None = None, conf: float = 0.95) -> Results[Portfolio]:
    """The best set within `budget`, and what becomes of each initiative.

    `table` has initiative, cost, value; and where known low and high (of the value, at `conf`) or se, touchpoint and
    its cap, group (at most one of it), requires (initiatives, separated by ";"), must ("yes", or the name of a set of
    which one must be). A budget or rules that no set keeps refuse, and say what would make one possible. Raises
    MethodError `portfolio.budget`, `portfolio.cost`, `portfolio.interval`, `portfolio.twice`, `portfolio.requires`,
    `portfolio.caps`, and the FormatErrors of `tables.read_table`.
    """
    if budget is None or not 0 <= budget < np.inf:
        raise MethodError("portfolio.budget", found="–" if budget is None else budget)
    rows = tables.read_table(table, COLUMNS)
    asked = choice_of([_initiative(row, at, iv.z_quantile(conf)) for at, row in enumerate(rows, 1)], _cents(budget))
    return Results(METHOD, tuple(_rows(asked, {row["initiative"]: row for row in rows}, conf)))


def _cents(money: float) -> int:
    return round(money * 100)


def _initiative(row: Mapping[str, Any], at: int, z: float) -> Initiative:
    value, low, high, se = row["value"], row["low"], row["high"], row["se"] or 0.0
    if row["cost"] < 0:
        raise MethodError("portfolio.cost", row=at, found=row["cost"])
    if (low is not None and low > value) or (high is not None and high < value) or se < 0:
        raise MethodError(
            "portfolio.interval",
            row=at,
            low="–" if low is None else low,
            value=value,
            high="–" if high is None else high,
        )
    requires = tuple(name.strip() for name in (row["requires"] or "").split(";") if name.strip())
    return Initiative(
        name=row["initiative"], cost=_cents(row["cost"]), value=value, touchpoint=row["touchpoint"] or None,
        group=row["group"] or None,
        down=se if low is None else (value - low) / z, up=se if high is None else (high - value) / z,
        requires=requires, must=_must(row["must"]), cap=row["cap"],
    )  # fmt: skip


def _must(word: str | None) -> str | None:
    plain = (word or "").strip().lower()
    return None if plain in _NO else ALWAYS if plain in _YES else (word or "").strip()


def _rows(asked: Choosing, given: Mapping[str, Mapping[str, Any]], conf: float) -> Iterator[Portfolio]:
    common: dict[str, Any] = {"budget": asked.budget / 100, "conf": conf, "version": METHOD.definition}
    values = asked.values()
    optima = asked.optima(values)
    if not optima:
        yield Portfolio(value=None, low=None, high=None, n=len(asked.all), refused=_impossible(asked), **common)
        return
    best, greedy, drawn = optima[0], asked.greedy(), _drawn_sets(asked)
    yield _whole(asked, optima, greedy, drawn, common)
    share = None if drawn is None else drawn[1].mean(axis=0)
    for i in sorted(
        range(len(asked.all)), key=lambda i: (not best[i], 0.0 if share is None else -share[i], -ratio(asked.all[i]))
    ):
        one, row = asked.all[i], given[asked.all[i].name]
        yield Portfolio(
            initiative=one.name, value=one.value, low=_end(row, -1, conf), high=_end(row, 1, conf), n=1,
            touchpoint=one.touchpoint,
            cost=one.cost / 100, value_per_cost=ratio(one) if one.cost else None, chosen=bool(best[i]),
            by_ratio=bool(greedy[i]),
            inclusion=None if share is None else float(share[i]), resamples=0 if drawn is None else len(drawn[1]),
            **common,
        )  # fmt: skip


def _end(row: Mapping[str, Any], side: int, conf: float) -> float | None:
    """The end of an initiative's interval, as it was given."""
    if row["se"] is not None and row["low"] is None and row["high"] is None:
        return float(row["value"] + side * iv.z_quantile(conf) * row["se"])
    ends = row["low"], row["high"]
    return None if None in ends else float(ends[(side + 1) // 2])


def _impossible(asked: Choosing) -> MethodError:
    """Why no set is possible: the budget is short of what must be, or the musts contradict one another."""
    cheapest = asked.cheapest()
    if cheapest is None:
        return MethodError("portfolio.contradiction", found=", ".join(asked.contradicting()))
    budget, need = money(asked.budget / 100), money(asked.cost(cheapest) / 100)
    return MethodError("portfolio.short", budget=budget, need=need, found=", ".join(_names(asked, cheapest)))


def _drawn_sets(asked: Choosing) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Values as they might be and the best set under each; None where every value is stated as certain."""
    if not any(one.down or one.up for one in asked.all):
        return None
    values = asked.draws(RESAMPLES, SEED)
    return values, asked.winners(values if len(asked.all) <= MOST_ENUMERATED else values[:RESAMPLES_OF_PROGRAMMES])


def _whole(
    asked: Choosing,
    optima: list[Choice],
    greedy: Choice,
    drawn: tuple[NDArray[np.float64], NDArray[np.bool_]] | None,
    common: dict[str, Any],
) -> Portfolio:
    best, values = optima[0], asked.values()[None]
    total, shortcut = asked.worth(np.stack([best, greedy]), values)[0].tolist()
    warnings = {"equally_good": len(optima) > 1, "more_sets": len(optima) == MOST_SETS, "no_uncertainty": drawn is None}
    warnings["capped_by_largest"] = any(
        asked.all[at[0]].cap is None for at in asked.touchpoints().values() if best[at].sum() > 1
    )
    row = Portfolio(
        value=total, low=None, high=None, n=len(asked.all), cost=asked.cost(best) / 100, by_ratio_value=shortcut,
        optima=tuple(_names(asked, one) for one in optima),
        warnings=tuple(name for name, held in warnings.items() if held), **common,
    )  # fmt: skip
    if drawn is None:
        return row
    tail = (1 - row.conf) / 2
    low, high = np.quantile(asked.worth(best[None], drawn[0])[:, 0], (tail, 1 - tail)).tolist()
    same, off = float((drawn[1] == best).all(axis=1).mean()), max(0.0, asked.optimism(*drawn))
    flattered = ("picked_as_best",) if off > LARGE_OPTIMISM * (high - low) else ()
    ends = {"low": min(low - off, total), "high": max(high - off, total)}
    return replace(
        row, **ends, inclusion=same, optimism=off, resamples=len(drawn[1]), warnings=(*row.warnings, *flattered)
    )


def _names(asked: Choosing, chosen: Choice) -> tuple[str, ...]:
    return tuple(one.name for one, taken in zip(asked.all, chosen, strict=True) if taken)


# --- picture --------------------------------------------------------------------------------------------------------


def _draw(rows: Sequence[Portfolio], lang: Lang) -> Chart:
    """How often each is in the best set; where nothing is known of that, what each is worth."""
    alt = " ".join(say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    shown = [row for row in rows if row.initiative is not None] or list(rows)
    if all(row.inclusion is not None for row in shown):
        points = [_point(row, row.inclusion, lang) for row in shown]
        return bars(
            points,
            axis=Axis(title=label("inclusion", lang), low=0.0, high=1.0, format=".0%"),
            alt=alt,
            lang=lang,
            ordered=False,
        )
    points = [replace(_point(row, row.value, lang), low=row.low, high=row.high) for row in shown]
    return bars(points, axis=Axis(title=label("value", lang), format=".1f"), alt=alt, lang=lang, ordered=False)


def _point(row: Portfolio, value: float | None, lang: Lang) -> Point:
    name = label("all" if row.initiative is None else row.initiative, lang)
    return Point(name=name, value=value, n=row.resamples or row.n, term="chosen" if row.chosen else "not_chosen")


METHOD: Final = Method(
    id="portfolio",
    version="1",
    row=Portfolio,
    run=portfolio,
    say=say,
    draw=_draw,
    columns=("cost", "chosen", "by_ratio", "inclusion"),
    checked="KNAPSACK 01 sets of Burkardt (remembered; optima proved by enumeration); every set in R 4.2.2",
    key=("initiative",),
    reads="table",
    counts=(),
)
