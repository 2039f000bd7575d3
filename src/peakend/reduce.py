"""The five kernels: everything that any method asks of an engine.

Each reads facts once, groups, and returns a small frozen object of counts and sums (`peakend.sums`). None holds a threshold or
an opinion; what the counts mean is said in `methods`. This file and `facts` are the only ones that import Narwhals, and they keep to the
part of it that every engine computes alike: conditions become columns first, and only bare columns are aggregated.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np

from peakend.errors import FactsError
from peakend.facts import Facts
from peakend.sums import Cell, Counts, Floats, Group, Moments, Steps, Sums, added, order

BUCKETS: Final = 1024
"""Buckets of responses for resampling: enough that a bucket's own chance does not show (its relative spread is about 2 %)."""

EPOCH: Final = dt.date(1970, 1, 1)
GRAINS: Final[Mapping[str, Callable[[dt.date], str]]] = {
    "day": lambda date: date.isoformat(),
    "week": lambda date: "{}-W{:02d}".format(*date.isocalendar()[:2]),
    "month": lambda date: f"{date:%Y-%m}",
    "quarter": lambda date: f"{date.year}-Q{(date.month + 2) // 3}",
    "year": lambda date: f"{date.year:04d}",
}
# The state of a pair is the strongest of its two rows'.
STRENGTH: Final = ("answered", "skipped", "invalid", "not_shown", "not_applicable")


def tally(facts: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("construct",)) -> Counts:
    """Count rows by (by…, keys…, low, high, state, value); the value is null where the state is not answered.

    `by` takes columns of the facts and the grains day, week, month, quarter, year.
    """
    names = (*keys, "low", "high", "state", "value")
    value = nw.when(nw.col("state") == "answered").then(nw.col("value")).alias("value")
    return _counted(_grouping(facts, by).with_columns(value), by, names)


def pairs(facts: Facts, by: Sequence[str] = (), *, left: str, right: str, keys: Sequence[str] = ("construct",)) -> Counts:
    """Count pairs of values within one response by (by…, keys…, state, left, right).

    The pair is the row of role `left` and the row of role `right` that share response and keys; a null construct falls back to the
    item. A pair that is not answered on both sides has no values, and the strongest state of its rows.
    """
    rows = _grouping(facts.where(role=(left, right)), by)
    if "construct" in keys:
        rows = rows.with_columns(nw.when(nw.col("construct").is_null()).then(nw.col("item")).otherwise(nw.col("construct")).alias("construct"))
    one = _one_a_response(rows, (*_engine(by), *keys), {"left": left, "right": right})
    whole = ~(nw.col("left").is_null() | nw.col("right").is_null())
    one = one.with_columns(
        nw.when(whole).then(nw.lit(0)).otherwise(nw.when(nw.col("strength") == 0).then(nw.lit(1)).otherwise(nw.col("strength"))).alias("strength")
    )
    one = one.with_columns(_state_of("strength"), *(nw.when(nw.col("strength") == 0).then(nw.col(side)).alias(side) for side in ("left", "right")))
    return _counted(one, by, (*keys, "state", "left", "right"))


def moments(
    facts: Facts,
    by: Sequence[str] = (),
    *,
    columns: Sequence[str] = ("construct",),
    pair: tuple[str, str] | None = None,
    importance: str | None = None,
    buckets: int = 1,
    weighted: bool = False,
) -> Moments:
    """Pairwise-complete n, Σx, Σxy over responses, by group and bucket.

    Without `pair`, the wide columns are the combinations of `columns` (for instance `("construct", "role")`), and a response's cell is the
    mean of its answered values there. With `pair=("expectation", "perception")` the cells are, for each construct, the means over the
    items answered on both sides, if these are at least half of the construct's items: names (construct, "expectation"),
    (construct, "perception"), (construct, "gap"), and ("overall", "gap") where no construct is wanting; with `importance` (a role), also
    ("weighted", "gap") = Σ importance·gap / Σ importance of each response.
    """
    answered = _grouping(facts.where(state="answered"), by).filter(~nw.col("value").is_null())
    wide = _wide_pairs(answered, by, pair, importance) if pair else _wide(answered, by, tuple(columns))
    return _summed(wide, by, buckets, weighted=weighted)


# --- shared by the kernels --------------------------------------------------------------------------------------------


def _engine(by: Sequence[str]) -> tuple[str, ...]:
    """What the engine groups by: the integer day stands for every grain of time, and is rolled up afterwards."""
    return tuple(dict.fromkeys("day" if name in GRAINS else name for name in by))


def _grouping(facts: Facts, by: Sequence[str]) -> nw.LazyFrame[Any]:
    for name in _engine(by):
        if name not in facts.columns:
            raise FactsError("facts.column_unknown", column=name, found=", ".join(facts.columns))
    return facts.frame


def _counted(frame: nw.LazyFrame[Any], by: Sequence[str], names: Sequence[str]) -> Counts:
    engine = (*_engine(by), *names)
    frame = frame.with_columns((nw.col("weight") * nw.col("weight")).alias("weight2"))
    table = _collected(frame.group_by(*engine).agg(nw.len().alias("count"), nw.col("weight").sum(), nw.col("weight2").sum()))
    cells = list(zip(*(_rolled(table, name) for name in (*by, *names)), strict=True))
    return Counts.gather((*by, *names), cells, *(table[name] for name in ("count", "weight", "weight2")))


def _collected(frame: nw.LazyFrame[Any]) -> dict[str, list[Any]]:
    return frame.collect().to_dict(as_series=False)


def _rolled(table: Mapping[str, list[Any]], name: str) -> list[Any]:
    if name not in GRAINS:
        return table[name]
    grain = GRAINS[name]
    known = {day: None if day is None else grain(EPOCH + dt.timedelta(days=int(day))) for day in set(table["day"])}
    return [known[day] for day in table["day"]]


def _one_a_response(rows: nw.LazyFrame[Any], keys: Sequence[str], sides: Mapping[str, str]) -> nw.LazyFrame[Any]:
    """One row a response and key: the value of each side's role, the strongest state, the weight."""
    said = nw.col("state") == "answered"
    derived = [nw.when((nw.col("role") == role) & said).then(nw.col("value")).alias(side) for side, role in sides.items()]
    strength = nw.lit(0)
    for rank, state in enumerate(STRENGTH[1:], 1):
        strength = nw.when(nw.col("state") == state).then(nw.lit(rank)).otherwise(strength)
    rows = rows.with_columns(*derived, strength.alias("strength"))
    wanted = (*sides, "strength", "weight")
    return rows.group_by(*dict.fromkeys((*keys, "response"))).agg(*(nw.col(name).max() for name in wanted))


def _state_of(name: str) -> nw.Expr:
    state = nw.lit(STRENGTH[0])
    for rank, word in enumerate(STRENGTH[1:], 1):
        state = nw.when(nw.col(name) == rank).then(nw.lit(word)).otherwise(state)
    return state.alias("state")


# --- moments ----------------------------------------------------------------------------------------------------------

Wide = tuple[tuple[tuple[str, ...], ...], dict[str, list[Any]], Floats]
"""Names of the wide columns, the collected keys, and the values of shape (responses, p), NaN where there is none."""


def _wide(answered: nw.LazyFrame[Any], by: Sequence[str], columns: tuple[str, ...]) -> Wide:
    found = _collected(answered.select(*columns).unique())
    names = tuple(sorted(cell for cell in zip(*(found[c] for c in columns), strict=True) if None not in cell))
    derived = []
    for i, name in enumerate(names):
        here = _all([nw.col(column) == part for column, part in zip(columns, name, strict=True)])
        derived += [nw.when(here).then(nw.col("value")).alias(f"s{i}"), nw.when(here).then(nw.lit(1.0)).alias(f"c{i}")]
    keys = tuple(dict.fromkeys((*_engine(by), "response")))
    sums = [nw.col(f"{letter}{i}").sum() for i in range(len(names)) for letter in "sc"]
    table = _collected(answered.with_columns(*derived).group_by(*keys).agg(nw.col("weight").max(), *sums))
    values = [_ratio(table[f"s{i}"], table[f"c{i}"]) for i in range(len(names))]
    return names, table, np.column_stack(values) if values else np.empty((len(table["response"]), 0))


def _wide_pairs(answered: nw.LazyFrame[Any], by: Sequence[str], pair: tuple[str, str], importance: str | None) -> Wide:
    roles = {"left": pair[0], "right": pair[1], **({"importance": importance} if importance else {})}
    rows = answered.filter(nw.col("role").is_in(list(roles.values())) & ~nw.col("construct").is_null())
    items = _collected(rows.filter(nw.col("role").is_in(list(pair))).select("construct", "item").unique())
    sizes = {construct: items["construct"].count(construct) for construct in sorted(set(items["construct"]))}
    one = _one_a_response(rows, (*_engine(by), "construct", "item"), roles)
    table = _collected(_by_construct(one, by, tuple(sizes), important="importance" in roles))
    left, right = ({c: _at_least_half(table, i, side, size) for i, (c, size) in enumerate(sizes.items())} for side in ("left", "right"))
    named = {(c, role): found[c] for c in sizes for role, found in zip(pair, (left, right), strict=True)}
    named |= {(c, "gap"): right[c] - left[c] for c in sizes}
    if sizes:
        named |= _across(named, tuple(sizes), table if "importance" in roles else None)
    names = tuple(sorted(named))
    return names, table, np.column_stack([named[name] for name in names]) if names else np.empty((len(table["response"]), 0))


def _by_construct(one: nw.LazyFrame[Any], by: Sequence[str], constructs: tuple[str, ...], *, important: bool) -> nw.LazyFrame[Any]:
    whole = ~(nw.col("left").is_null() | nw.col("right").is_null())
    derived, sums = [], []
    for i, construct in enumerate(constructs):
        here = nw.col("construct") == construct
        derived += [nw.when(here & whole).then(nw.col(side)).alias(f"{side}{i}") for side in ("left", "right")]
        derived += [nw.when(here & whole).then(nw.lit(1.0)).alias(f"items{i}")]
        derived += [nw.when(here).then(nw.col("importance")).alias(f"importance{i}")] if important else []
        sums += [nw.col(f"{name}{i}").sum() for name in ("left", "right", "items")]
        sums += [nw.col(f"importance{i}").max()] if important else []
    keys = tuple(dict.fromkeys((*_engine(by), "response")))
    return one.with_columns(*derived).group_by(*keys).agg(nw.col("weight").max(), *sums)


def _at_least_half(table: Mapping[str, list[Any]], i: int, side: str, size: int) -> Floats:
    items = _numbers(table[f"items{i}"])
    mean = _ratio(table[f"{side}{i}"], table[f"items{i}"])
    half = 2 * np.nan_to_num(items) >= size
    return np.asarray(np.where(half, mean, np.nan), dtype=np.float64)


def _across(
    named: Mapping[tuple[str, str], Floats], constructs: tuple[str, ...], table: Mapping[str, list[Any]] | None
) -> dict[tuple[str, str], Floats]:
    """A respondent's own mean over all constructs, and the mean weighted by what they say is important to them."""
    roles = sorted({role for _, role in named})
    across = {("overall", role): np.mean([named[construct, role] for construct in constructs], axis=0) for role in roles}
    if table is not None:
        weights = np.array([_numbers(table[f"importance{i}"]) for i in range(len(constructs))])
        gaps = np.array([named[construct, "gap"] for construct in constructs])
        total = weights.sum(axis=0)
        across["weighted", "gap"] = np.divide((weights * gaps).sum(axis=0), total, out=np.full(len(total), np.nan), where=total > 0)
    return across


def _all(conditions: Sequence[nw.Expr]) -> nw.Expr:
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition
    return joined


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _ratio(sums: Sequence[float | None], counts: Sequence[float | None]) -> Floats:
    n = np.nan_to_num(_numbers(counts))
    return np.asarray(np.divide(_numbers(sums), n, out=np.full(len(n), np.nan), where=n > 0), dtype=np.float64)


def _summed(wide: Wide, by: Sequence[str], buckets: int, *, weighted: bool) -> Moments:
    names, table, values = wide
    groups = list(zip(*(_rolled(table, name) for name in by), strict=True)) if by else [()] * len(values)
    bucket = np.array([zlib.crc32(str(response).encode()) % buckets for response in table["response"]], dtype=np.int64)
    weight = np.array(table["weight"], dtype=np.float64) if weighted else np.ones(len(values))
    rows: dict[Group, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    found = {group: _products(values[rows[group]], weight[rows[group]], bucket[rows[group]], buckets) for group in sorted(rows, key=order)}
    return Moments(names, tuple(by), found, {group: len(rows[group]) for group in found})


def _products(values: Floats, weight: Floats, bucket: Any, buckets: int) -> Sums:
    p = values.shape[1]
    n, s, ss = (np.zeros((buckets, p, p)) for _ in range(3))
    by_bucket = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[by_bucket], np.arange(buckets + 1))
    for b in np.unique(bucket):
        rows = by_bucket[edges[b] : edges[b + 1]]
        held = ~np.isnan(values[rows])
        x = np.where(held, values[rows], 0.0)
        present, wx = held.astype(np.float64), x * weight[rows, None]
        n[b], s[b], ss[b] = (present * weight[rows, None]).T @ present, wx.T @ present, wx.T @ x
    return Sums(n, s, ss)


# --- ends -------------------------------------------------------------------------------------------------------------

FEATURES: Final = ("n", "sum", "mean", "peak", "trough", "extreme", "start", "end", "sd", "slope", "peak_end", "extreme_end", "remembered")


def ends(facts: Facts, by: Sequence[str] = ()) -> Moments:
    """Features of each visit's moments, and their cross-products over visits; the columns are named `FEATURES`.

    The moments are the answered scores that name a touchpoint, in order of time and, at the same instant, of item; the visit is the
    visit, or the response where there is none. peak = max, trough = min, extreme = the value farthest from the middle of the scale (of
    two equally far the later), end = last, slope = least squares on the index, peak_end = (peak + end)/2; remembered = the mean
    of the visit's `remembered` scores. Kahneman, Fredrickson, Schreiber & Redelmeier 1993.
    """
    rows = _grouping(facts.where(state="answered", role=("score", "remembered")), by).filter(~nw.col("value").is_null())
    rows = rows.filter((nw.col("role") == "remembered") | ~nw.col("touchpoint").is_null())
    rows = rows.with_columns(nw.when(nw.col("visit").is_null()).then(nw.col("response")).otherwise(nw.col("visit")).alias("visit"))
    table = _collected(rows.select(*dict.fromkeys((*_engine(by), "visit", "at_us", "item", "role", "value", "low", "high", "weight"))))
    return _summed(_features(table, by), by, 1, weighted=False)


def _features(table: dict[str, list[Any]], by: Sequence[str]) -> Wide:
    visits: dict[Cell, list[int]] = {}
    for row, key in enumerate(zip(*(table[name] for name in (*_engine(by), "visit")), strict=True)):
        visits.setdefault(key, []).append(row)
    names = tuple((feature,) for feature in FEATURES)
    keys = {name: [key[i] for key in visits] for i, name in enumerate((*_engine(by), "response"))}
    values = [_visit(table, rows) for rows in visits.values()]
    return names, {**keys, "weight": [1.0] * len(values)}, np.array(values).reshape(len(values), len(FEATURES))


def _visit(table: Mapping[str, list[Any]], rows: list[int]) -> list[float]:
    remembered = [table["value"][row] for row in rows if table["role"][row] == "remembered"]
    moments_ = sorted((row for row in rows if table["role"][row] == "score"), key=lambda row: order((table["at_us"][row], table["item"][row])))
    last = float(np.mean(remembered)) if remembered else np.nan
    if not moments_:
        return [np.nan] * (len(FEATURES) - 1) + [last]
    x = np.array([table["value"][row] for row in moments_])
    middle = np.array([_middle(table["low"][row], table["high"][row]) for row in moments_])
    far = np.abs(x - middle)
    extreme = x[len(x) - 1 - int(np.argmax(far[::-1]))] if not np.isnan(far).any() else np.nan
    index = np.arange(len(x)) - (len(x) - 1) / 2
    slope = float(index @ x / (index @ index)) if len(x) > 1 else np.nan
    sd = float(x.std(ddof=1)) if len(x) > 1 else np.nan
    peak, end = float(x.max()), float(x[-1])
    return [len(x), x.sum(), x.mean(), peak, x.min(), extreme, x[0], end, sd, slope, (peak + end) / 2, (extreme + end) / 2, last]


def _middle(low: float | None, high: float | None) -> float:
    return np.nan if low is None or high is None else (low + high) / 2


# --- follows ----------------------------------------------------------------------------------------------------------


def follows(events: Facts, by: Sequence[str] = (), *, activity: str = "touchpoint") -> dict[Group, Steps]:
    """Who follows whom: for each group, the steps from one activity to the next within a visit, their times, and the variants.

    The time of a step runs from the instant of the one to the instant of the next. Events at the same instant are ordered by activity,
    so that the order of rows never decides; events without an activity or an instant are passed over.
    """
    rows = _grouping(events, by).filter(~nw.col(activity).is_null() & ~nw.col("at_us").is_null())
    table = _collected(rows.select(*dict.fromkeys((*_engine(by), "visit", "at_us", activity))))
    groups = list(zip(*(_rolled(table, name) for name in by), strict=True)) if by else [()] * len(table["visit"])
    visits: dict[Group, dict[str, list[tuple[int, str]]]] = {}
    for group, visit, at, what in zip(groups, table["visit"], table["at_us"], table[activity], strict=True):
        visits.setdefault(group, {}).setdefault(visit, []).append((at, what))
    return {group: _steps(visits[group].values()) for group in sorted(visits, key=order)}


def _steps(visits: Iterable[list[tuple[int, str]]]) -> Steps:
    edges: Counter[tuple[str, str]] = Counter()
    waited: Counter[tuple[str, str]] = Counter()
    spread: dict[tuple[str, str], list[int]] = {}
    starts: Counter[str] = Counter()
    last: Counter[str] = Counter()
    variants: Counter[tuple[str, ...]] = Counter()
    for visit in visits:
        steps = sorted(visit)
        for (at, one), (then, two) in pairwise(steps):
            edges[one, two] += 1
            waited[one, two] += then - at
            spread.setdefault((one, two), [0] * 64)[max(then - at, 1).bit_length() - 1] += 1
        starts[steps[0][1]] += 1
        last[steps[-1][1]] += 1
        variants[tuple(what for _, what in steps)] += 1
    tallied = {edge: tuple(spread[edge]) for edge in sorted(spread)}
    return Steps(added(edges, {}), added(waited, {}), tallied, added(starts, {}), added(last, {}), added(variants, {}))
