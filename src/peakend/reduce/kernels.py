"""The five kernels: everything that any method asks of an engine.

Each reads facts, groups, and returns a small frozen object of counts and sums (`peakend.sums`). None holds a threshold or an opinion;
what the counts mean is said in `methods`. This file and `facts` are the only ones that import Narwhals, and they keep to the part of it
that every engine computes alike: conditions become columns first, and only bare columns are aggregated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa

from peakend.errors import FactsError
from peakend.facts import PART, Facts
from peakend.reduce.columns import EPOCH, GRAINS, Collected, bucket_of
from peakend.reduce.parted import in_parts
from peakend.reduce.sides import Sides, dimensions, zones
from peakend.reduce.stepped import Stepped
from peakend.reduce.visits import FEATURES, NEVER, Events, Timed, features, steps
from peakend.reduce.walking import Rated, Walks
from peakend.sums import Counts, Floats, Gaps, Group, Moments, Profiles, Steps, Sums, Wholes, distinct, products

__all__ = [
    "BUCKETS", "EPOCH", "FEATURES", "GRAINS", "Gaps", "Walks", "ends", "follows", "gaps",
    "levels", "moments", "pairs", "profiles", "tally", "walks",
]  # fmt: skip

BUCKETS: Final = 1024
"""Buckets of responses for resampling: enough that a bucket's own chance does not show (its relative spread is about 2 %)."""

STRENGTH: Final = ("answered", "skipped", "invalid", "not_shown", "not_applicable")
"""The state of a pair is the strongest of its two rows'."""

Frame = nw.LazyFrame[Any]


def _asked_of(facts: Facts, *, pair: tuple[str, ...] | None = None, roles: tuple[str, ...] = (), **_: Any) -> Hashable:
    """The items by which the first two roles were asked: what is at least half of them is half of all that was asked anywhere."""
    first = (pair or roles)[:2]
    return _asked((facts.whole or facts).where(role=first)).cells if first else ()


@in_parts("row")
def _asked(facts: Facts, by: Sequence[str] = ()) -> Counts:
    one = [nw.lit(1.0).alias(name) for name in ("weight", "_squared")]
    rows = facts.frame.filter(~nw.col("construct").is_null()).select(*_columns(by, ("construct", "item")), *one)
    return _counted(rows, by, ("construct", "item"))


@in_parts("row", finish=Counts.settled)
def tally(facts: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("construct",)) -> Counts:
    """Count rows by (by…, keys…, low, high, state, value); the value is null where the state is not answered.

    `by` takes columns of the facts and the grains day, week, month, quarter, year.
    Raises FactsError `facts.column_unknown` for a column that the facts do not have.
    """
    answered = nw.when(nw.col("state") == "answered").then(nw.col("value")).alias("value")
    rows = _rows(facts, (*by, *keys)).select(*_columns(by, keys, ("low", "high", "state")), answered, "weight", _squared("weight"))
    return _counted(rows, by, (*keys, "low", "high", "state", "value"))


@in_parts("response", finish=Counts.settled)
def pairs(facts: Facts, by: Sequence[str] = (), *, left: str, right: str, keys: Sequence[str] = ("construct",)) -> Counts:
    """Count pairs of values within one response by (by…, keys…, state, left, right).

    The pair is the row of role `left` and the row of role `right` that share response and keys; a null construct falls back to the
    item. A pair that is not answered on both sides has no values, and the strongest state of its rows: not_applicable, not_shown,
    invalid, skipped; an empty row beside an answer undoes nothing. Where a side stands twice its higher value counts. The time of a
    pair is the earlier of its two days.
    """
    rows = _rows(facts.where(role=(left, right)), (*by, *keys))
    named = [_construct_or_item() if key == "construct" else nw.col(key) for key in keys]
    said = nw.col("state") == "answered"
    sides = [nw.when((nw.col("role") == role) & said).then(nw.col("value")).alias(side) for side, role in (("_left", left), ("_right", right))]
    rows = rows.select(*(c for c in _columns(by, ("response",)) if c not in keys), *named, *sides, _strength(), "weight")
    one = _one_a_response(rows, by, keys, ("_left", "_right", "_strength", "weight"))
    whole = ~nw.col("_left").is_null() & ~nw.col("_right").is_null()
    state = nw.when(whole).then(nw.lit(0)).when(nw.col("_strength") == 0).then(nw.lit(1)).otherwise(nw.col("_strength"))
    values = [nw.when(whole).then(nw.col(side)).alias(side) for side in ("_left", "_right")]
    one = one.select(*_columns(by, keys), state.alias("_strength"), *values, "weight", _squared("weight"))
    counts = _counted(one, by, (*keys, "_strength", "_left", "_right"))
    cells = [(*cell[:-3], STRENGTH[cell[-3]], *cell[-2:]) for cell in counts.cells]
    return Counts.gather((*by, *keys, "state", "left", "right"), cells, counts.count, counts.weight, counts.weight2)


@in_parts("response", depends=_asked_of)
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
    (construct, "perception"), (construct, "gap"), and ("overall", …) where no construct is wanting; with `importance` (a role), also
    ("weighted", "gap") = Σ importance·gap / Σ importance of each response.

    The time of a response is its first day. What was reduced apart adds up as long as no response is split, and, for pairs, as long as
    every part has seen every item.
    """
    rows = _rows(facts, (*by, *columns))
    wide = _wide_pairs(facts, by, pair, importance) if pair else _wide(rows, by, tuple(columns))
    return _summed(wide, by, buckets, power=int(weighted))


def profiles(facts: Facts, by: Sequence[str] = (), *, columns: Sequence[str] = ("construct",), of: str = "response") -> Profiles:
    """Count whole rows: how many responses (or customers, with `of="customer"`) hold the same values in all wide columns of `moments`.

    For what no sums carry: robust errors of a regression, or who moved from one answer to another. Rows without an `of` are left out. It
    adds up as long as no response (or customer) is split.
    """
    rows = _rows(facts, (*by, *columns, of)).filter(~nw.col(of).is_null()).with_columns(nw.col(of).alias("response"))
    names, table, values = _wide(rows, by, tuple(columns))
    groups, which = table.groups(by)
    heads = np.ones(len(values), dtype=np.int64)
    return Profiles(names, tuple(by), {group: distinct(values[which == g], heads[which == g]) for g, group in enumerate(groups)})


@in_parts("response", depends=_asked_of)
def gaps(facts: Facts, by: Sequence[str] = (), *, pair: tuple[str, str], importance: str | None = None) -> Gaps:
    """`moments` with `pair`, and from the same pass the tally of both means: by (by…, construct, left, right), "overall" among the constructs.

    Ranks and ratios need the tally, which sums do not give. Means are rounded to nine digits, so that equal ones are counted as one.
    """
    wide = _wide_pairs(facts, by, pair, importance)
    plain, weight = _summed(wide, by, 1, power=0), wide[1].numbers("weight")
    alike = bool((weight == 1).all())
    weighted, squared = (plain, plain) if alike else (_summed(wide, by, 1, power=power) for power in (1, 2))
    return Gaps(plain, weighted, squared, _tallied(wide, by, pair))


@in_parts("response", depends=_asked_of)
def levels(facts: Facts, by: Sequence[str] = (), *, roles: tuple[str, str, str]) -> Moments:
    """Sums of each construct's three levels (adequate, desired, perceived: these `roles`) over respondents, as `sides.zones` names them."""
    items, people, of_role, _ = _of_roles(facts, by, roles, constructs=False)
    named = zones([construct for construct, _ in items], *(of_role[role] for role in roles))
    names = tuple(sorted(named))
    return _summed((names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))), by, 1, power=0)


# --- shared by the kernels --------------------------------------------------------------------------------------------


def _rows(facts: Facts, names: Sequence[str]) -> Frame:
    for name in names:
        if name not in facts.columns and name not in GRAINS and name != PART:
            raise FactsError("facts.column_unknown", column=name, found=", ".join(facts.columns))
    return facts.frame


def _columns(*names: Sequence[str]) -> tuple[str, ...]:
    """The columns that an engine must bring for these names: it knows the integer day alone, of which the grains are made afterwards."""
    return tuple(dict.fromkeys("day" if name in GRAINS else name for part in names for name in part))


def _plain(by: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in by if name not in GRAINS)


def _day(by: Sequence[str]) -> tuple[str, ...]:
    return ("day",) if len(_plain(by)) < len(by) else ()


def _answered() -> nw.Expr:
    return (nw.col("state") == "answered") & ~nw.col("value").is_null()


def _squared(name: str) -> nw.Expr:
    return (nw.col(name) * nw.col(name)).alias("_squared")


def _collected(frame: Frame) -> Collected:
    return Collected(frame.collect(backend="pyarrow").to_native())


def _counted(frame: Frame, by: Sequence[str], names: Sequence[str]) -> Counts:
    grouped = frame.group_by(*_columns(by, names))
    table = _collected(grouped.agg(nw.len().alias("_count"), nw.col("weight").sum(), nw.col("_squared").sum()))
    cells, which = table.groups((*by, *names))
    count, weight, squared = (
        np.bincount(which, weights=np.nan_to_num(table.numbers(name)), minlength=len(cells)) for name in ("_count", "weight", "_squared")
    )
    return Counts((*by, *names), tuple(cells), count.astype(np.int64), weight.astype(np.float64), squared.astype(np.float64))


def _one_a_response(rows: Frame, by: Sequence[str], keys: Sequence[str], greatest: Sequence[str]) -> Frame:
    """One row a response and key: the greatest of these columns, and the first day where a grain is wanted."""
    cells = [*(nw.col(name).max() for name in greatest), *(nw.col(name).min() for name in _day(by))]
    return rows.group_by(*_columns(_plain(by), keys, ("response",))).agg(*cells)


def _construct_or_item() -> nw.Expr:
    return nw.when(nw.col("construct").is_null()).then(nw.col("item")).otherwise(nw.col("construct")).alias("construct")


def _strength() -> nw.Expr:
    """The rank of the state in `STRENGTH`; the commonest is asked first."""
    strength = nw.when(nw.col("state") == STRENGTH[0]).then(nw.lit(0))
    for rank, state in enumerate(STRENGTH[1:], 1):
        strength = strength.when(nw.col("state") == state).then(nw.lit(rank))
    return strength.otherwise(nw.lit(0)).alias("_strength")


# --- moments ----------------------------------------------------------------------------------------------------------

Name = tuple[str, ...]
Wide = tuple[tuple[Name, ...], Collected, Floats]
"""Names of the wide columns, the table with one row a response, and the values of shape (responses, p), NaN where there is none."""


def _wide(rows: Frame, by: Sequence[str], columns: tuple[str, ...]) -> Wide:
    answered = rows.filter(_all([_answered(), *(~nw.col(column).is_null() for column in columns)]))
    found = _collected(answered.group_by(*columns).agg(nw.len().alias("_count")))
    counts = dict(zip(zip(*(found.values(column) for column in columns), strict=True), found.wholes("_count").tolist(), strict=True))
    names = tuple(sorted(counts))
    here = [_all([nw.col(column) == part for column, part in zip(columns, name, strict=True)]) for name in names]
    table, values = _pivoted(answered, by, here)
    if int((~np.isnan(values)).sum()) != sum(counts.values()):
        table, values = _averaged(answered, by, here)
    return names, table, values


def _pivoted(answered: Frame, by: Sequence[str], here: Sequence[nw.Expr]) -> tuple[Collected, Floats]:
    """One row a response, right where no cell holds two values: half the work of an average."""
    cells = [nw.when(at).then(nw.col("value")).alias(f"_{i}") for i, at in enumerate(here)]
    table = _by_response(answered, by, cells, [nw.col(f"_{i}").max() for i in range(len(here))])
    return table, _stacked(table, [f"_{i}" for i in range(len(here))])


def _averaged(answered: Frame, by: Sequence[str], here: Sequence[nw.Expr]) -> tuple[Collected, Floats]:
    """One row a response, each cell the mean of its values."""
    sums = [nw.when(at).then(nw.col("value")).alias(f"_s{i}") for i, at in enumerate(here)]
    counts = [nw.when(at).then(nw.lit(1.0)).alias(f"_c{i}") for i, at in enumerate(here)]
    table = _by_response(answered, by, [*sums, *counts], [nw.col(f"_{letter}{i}").sum() for i in range(len(here)) for letter in "sc"])
    return table, _ratio(*(_stacked(table, [f"_{letter}{i}" for i in range(len(here))]) for letter in "sc"))


def _by_response(rows: Frame, by: Sequence[str], derived: Sequence[nw.Expr], cells: Sequence[nw.Expr], also: Sequence[str] = ()) -> Collected:
    rows = rows.select(*_columns(by, also, ("response", "weight")), *derived)
    keys = _columns(_plain(by), also, ("response",))
    return _collected(rows.group_by(*keys).agg(nw.col("weight").max(), *(nw.col(day).min() for day in _day(by)), *cells))


def _stacked(table: Collected, names: Sequence[str]) -> Floats:
    return np.column_stack([table.numbers(name) for name in names]) if names else np.empty((len(table), 0))


def _ratio(sums: Floats, counts: Floats) -> Floats:
    n = np.nan_to_num(counts)
    return np.asarray(np.divide(np.nan_to_num(sums), n, out=np.full(n.shape, np.nan), where=n > 0), dtype=np.float64)


def _all(conditions: Sequence[nw.Expr]) -> nw.Expr:
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition
    return joined


def _wide_pairs(facts: Facts, by: Sequence[str], pair: tuple[str, str], importance: str | None) -> Wide:
    """One row a response and role from the engine, a column an item; both roles side by side, and means by construct, in numpy."""
    roles = [*pair, *([importance] if importance else [])]
    items, people, of_role, constructs = _of_roles(facts, by, roles, constructs=importance is not None)
    sides = Sides([construct for construct, _ in items], *(of_role[role][:, : len(items)] for role in pair))
    important = None if importance is None else {c: of_role[importance][:, len(items) + i] for i, c in enumerate(constructs)}
    named = dimensions(sides, pair, important)
    names = tuple(sorted(named))
    return names, people, np.column_stack([named[name] for name in names]) if names else np.empty((len(people), 0))


def _of_roles(
    facts: Facts, by: Sequence[str], roles: Sequence[str], *, constructs: bool
) -> tuple[list[tuple[str, str | None]], Collected, dict[str, Floats], list[str]]:
    """The items that the first two roles were asked by, a table with one row a response, and of each role the values: a column an item,
    and then one a construct where `constructs` are wanted.
    """
    rows = _rows(facts, by).filter(nw.col("role").is_in(list(roles)) & ~nw.col("construct").is_null())
    items = list(_asked((facts.whole or facts).where(role=tuple(roles[:2]))).cells)
    whole = sorted({construct for construct, _ in items}) if constructs else []
    here = [*_items(items), *(nw.col("construct") == construct for construct in whole)]
    cells = [nw.when(at).then(nw.col("value")).alias(f"_{i}") for i, at in enumerate(here)]
    table = _by_response(rows.filter(_answered()), by, cells, [nw.col(f"_{i}").max() for i in range(len(here))], ("role",))
    which, people = _people(table, by, "response", named=True)
    return items, people, {role: _placed(table, which, len(people), role, len(here)) for role in roles}, whole


def _items(items: Sequence[tuple[str, str | None]]) -> list[nw.Expr]:
    """What makes a row one of an item: its name, and the construct where items of two constructs have one name."""
    named = Counter(item for _, item in items)
    own = [nw.col("item").is_null() if item is None else nw.col("item") == item for _, item in items]
    return [at & (nw.col("construct") == construct) if named[item] > 1 else at for at, (construct, item) in zip(own, items, strict=True)]


def _placed(table: Collected, which: Wholes, people: int, role: str, cells: int) -> Floats:
    """The rows of one role, each in the place of its response."""
    found = np.full((people, cells), np.nan)
    here = np.flatnonzero(table.equal("role", role))
    found[which[here]] = _stacked(table, [f"_{i}" for i in range(cells)])[here]
    return found


def _summed(wide: Wide, by: Sequence[str], buckets: int, *, power: int) -> Moments:
    """The sums with each response counted by this power of its weight: 0 counts heads."""
    names, table, values = wide
    groups, which = table.groups(by)
    bucket = bucket_of(table.values("response"), buckets) if buckets > 1 else np.zeros(len(values), dtype=np.int64)
    weight = table.numbers("weight") ** power if power else np.ones(len(values))
    place = np.argsort(which * buckets + bucket, kind="stable")
    edges = np.searchsorted(which[place], np.arange(len(groups) + 1))
    found: dict[Group, Sums] = {}
    for g, group in enumerate(groups):
        rows = place[edges[g] : edges[g + 1]]
        found[group] = products(values[rows], weight[rows], bucket[rows])
    return Moments(names, tuple(by), found, {group: int(edges[g + 1] - edges[g]) for g, group in enumerate(groups)})


def _tallied(wide: Wide, by: Sequence[str], pair: tuple[str, str]) -> Counts:
    names, table, values = wide
    groups, which = table.groups(by)
    weight = table.numbers("weight")
    cells: list[tuple[Any, ...]] = []
    sums: list[Floats] = []
    for construct in (name for name, role in names if role == "gap" and name not in {"weighted", "items"}):
        both = np.round(values[:, [names.index((construct, role)) for role in pair]], 9) + 0.0
        held = ~np.isnan(both[:, 0] + both[:, 1])
        found, cell = np.unique(np.column_stack([which[held], both[held]]), axis=0, return_inverse=True)
        cells += [(*groups[int(g)], construct, left, right) for g, left, right in found.tolist()]
        sums.append(np.column_stack([np.bincount(cell.ravel(), weights=weight[held] ** power, minlength=len(found)) for power in (0, 1, 2)]))
    total = np.concatenate(sums) if sums else np.empty((0, 3))
    return Counts.gather((*by, "construct", "left", "right"), cells, *total.T)


# --- along a visit ----------------------------------------------------------------------------------------------------


@in_parts("passage")
def ends(facts: Facts, by: Sequence[str] = ()) -> Moments:
    """Features of each visit's moments, and their cross-products over visits; the columns are named `FEATURES`.

    The moments are the answered scores that name a touchpoint, in order of time and, at the same instant, of item; the visit is the
    visit, or the response where there is none. peak = max, trough = min, extreme = the value farthest from the middle of the scale (of
    two equally far the later), end = last, slope = least squares on the index, peak_end = (peak + end)/2; remembered = the mean
    of the visit's `remembered` scores. The time of a visit is its first day. Kahneman, Fredrickson, Schreiber & Redelmeier 1993.
    """
    middle = ((nw.col("low") + nw.col("high")) / 2.0).alias("_middle")
    table = _collected(_remembered(facts, by).select(*_columns(by, ("at_us", "item", "value", "weight", "_visit", "_memory")), middle))
    which, visits = _people(table, by, "_visit")
    return _summed((tuple((name,) for name in FEATURES), visits, _features(table, which, len(visits))), by, 1, power=0)


def _remembered(facts: Facts, by: Sequence[str]) -> Frame:
    """The moments of visits, and what was said of the visits afterwards."""
    moment, memory = (nw.col("role") == "score") & ~nw.col("touchpoint").is_null(), nw.col("role") == "remembered"
    visit = nw.when(nw.col("visit").is_null()).then(nw.col("response")).otherwise(nw.col("visit")).alias("_visit")
    rows = _rows(facts, by).filter(_answered() & (moment | memory))
    return rows.with_columns(visit, nw.when(memory).then(nw.lit(1)).otherwise(nw.lit(0)).alias("_memory"))


def walks(facts: Facts, by: Sequence[str] = ()) -> dict[Group, Walks]:
    """The rated moments of each visit in their order, by group, with what was said of the visit afterwards.

    The rows of `ends` before they are summed: what leaving one visit out, or another rating in its place, would change is not in any sum.
    """
    columns = ("at_us", "item", "touchpoint", "customer", "value", "low", "high", "_visit", "_memory")
    table = _collected(_remembered(facts, by).select(*_columns(by, columns)))
    which, people = _people(table, by, "_visit", named=True)
    groups, group = people.groups(by)
    rated = Rated(table, which, np.array([*people.values("response"), None], dtype=object)[:-1], group)
    return dict(zip(groups, rated.walks(len(groups)), strict=True))


def _people(table: Collected, by: Sequence[str], id: str, *, named: bool = False) -> tuple[Wholes, Collected]:
    """The number of each row's response (or visit), and a table with one row each: its group, its weight, its first day, its id if wanted."""
    groups, group = table.groups(_plain(by))
    code, names = table.codes(id)
    if len(groups) > 1:
        _, one, which = np.unique(group * len(names) + code, return_index=True, return_inverse=True)
    else:
        one, which = np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1)), code
    columns: dict[str, Any] = {name: [groups[g][i] for g in group[one].tolist()] for i, name in enumerate(_plain(by))}
    columns["response"] = [names[c] for c in code[one].tolist()] if named else pa.nulls(len(one), pa.string())
    if "weight" in table.table.column_names:
        columns["weight"] = table.numbers("weight")[one]
    if _day(by):
        columns["day"] = _first_days(table.wholes("day", null=NEVER), which, len(one))
    return which, Collected.of(columns)


def _first_days(days: Wholes, which: Wholes, visits: int) -> list[int | None]:
    first = np.full(visits, NEVER, dtype=np.int64)
    np.minimum.at(first, which, days)
    return [None if day == NEVER else day for day in first.tolist()]


def _features(table: Collected, which: Wholes, visits: int) -> Floats:
    value, memory = table.numbers("value"), table.wholes("_memory") == 1
    columns = (which, table.wholes("at_us", null=-NEVER), table.ranks("item")[0], value, table.numbers("_middle"))
    n, total = (np.bincount(which[memory], weights=w, minlength=visits).astype(np.float64) for w in (None, value[memory]))
    return np.column_stack([features(Timed(*(part[~memory] for part in columns)), visits), _ratio(total, n)])


@in_parts("visit")
def follows(events: Facts, by: Sequence[str] = (), *, activity: str = "touchpoint") -> dict[Group, Steps]:
    """Who follows whom: for each group, the steps from one activity to the next within a visit, their times, and the variants.

    The time of a step runs from the instant of the one to the instant of the next. Events at the same instant are ordered by activity,
    so that the order of rows never decides; events without an activity or an instant are passed over. A visit that is seen at two sites
    is a visit at each; the time of a visit is its first day.

    Two bodies, one contract: where data are local they are scanned in numpy; where the engine is remote (PySpark, Ibis) it steps through
    windows itself, and only counts and one visit of each variant come back.
    """
    known = ~nw.col(activity).is_null() & ~nw.col("at_us").is_null()
    rows = _rows(events, (*by, activity)).filter(known).select(*_columns(by, ("visit", "at_us", activity)))
    remote = rows.implementation.is_pyspark() or rows.implementation.is_ibis()
    return _windowed(rows, by, activity) if remote else _scanned(rows, by, activity)


def _scanned(rows: Frame, by: Sequence[str], activity: str) -> dict[Group, Steps]:
    table = _collected(rows)
    visit, visits = _people(table, by, "visit")
    groups, group = visits.groups(by)
    code, names = table.ranks(activity)
    return dict(zip(groups, steps(Events(group[visit], visit, table.wholes("at_us"), code), len(groups), names), strict=True))


def _windowed(rows: Frame, by: Sequence[str], activity: str) -> dict[Group, Steps]:
    visit, keys = (*_plain(by), "visit"), _columns(by)
    names = sorted(_collected(rows.group_by(activity).agg(nw.len().alias("_count"))).values(activity))
    rows = rows.with_columns(_code(activity, names), *(nw.col(day).min().over(*visit).alias(day) for day in _day(by)))
    order_by = ("at_us", "_a")
    rows = rows.with_columns(
        nw.col("at_us").shift(-1).over(*visit, order_by=order_by).alias("_then"),
        nw.col("_a").shift(-1).over(*visit, order_by=order_by).alias("_b"),
        nw.col("_a").cum_count().over(*visit, order_by=order_by).cast(nw.Int64()).alias("_place"),
    )
    edges = _binned(rows.filter(~nw.col("_b").is_null()).with_columns((nw.col("_then") - nw.col("at_us")).alias("_waited")))
    edges = edges.group_by(*keys, "_a", "_b", "_bin").agg(nw.len().alias("_count"), nw.col("_waited").sum())
    turns = [rows.filter(at).group_by(*keys, "_a").agg(nw.len().alias("_count")) for at in (nw.col("_place") == 1, nw.col("_b").is_null())]
    found = Stepped(names, *(_collected(frame) for frame in (edges, *turns, _one_of_each(rows, visit, keys))))
    return found.steps(by)


def _code(activity: str, names: Sequence[str]) -> nw.Expr:
    code = nw.lit(0)
    for rank, name in enumerate(names):
        code = nw.when(nw.col(activity) == name).then(nw.lit(rank)).otherwise(code)
    return code.cast(nw.Int64()).alias("_a")


def _binned(rows: Frame) -> Frame:
    """⌊log2⌋ of the time waited, by halving: logarithms of engines differ at the powers of two."""
    rows = rows.with_columns(nw.col("_waited").alias("_left"), nw.lit(0).cast(nw.Int64()).alias("_bin"))
    for bits in (32, 16, 8, 4, 2, 1):
        large = nw.col("_left") >= 2**bits
        halved = nw.when(large).then(nw.col("_left") // 2**bits).otherwise(nw.col("_left")).cast(nw.Int64()).alias("_left")
        rows = rows.with_columns(halved, nw.when(large).then(nw.col("_bin") + bits).otherwise(nw.col("_bin")).alias("_bin"))
    return rows


PRIME: Final = 2**31 - 1


def _one_of_each(rows: Frame, visit: Sequence[str], keys: Sequence[str]) -> Frame:
    """The rows of one visit of each variant, with how many visits went that way.

    Variants are told apart by their length and two sums of numbers modulo a prime that depend on activity and place: whole numbers, so
    that every engine agrees, and 62 bits of them, so that two variants do not meet.
    """
    for mark, (a, b, c) in {"_h": (1_103_515, 12_345, 48_271), "_g": (69_069, 362_437, 16_807)}.items():
        mixed = (nw.col("_a") * a + nw.col("_place") * b + c) % PRIME
        for _ in range(3):
            rows = rows.with_columns(mixed.cast(nw.Int64()).alias(mark))
            mixed = (nw.col(mark) * nw.col(mark) + nw.col("_a") * b + nw.col("_place") * c) % PRIME
    whole = [nw.col(mark).sum().over(*visit).cast(nw.Int64()).alias(mark) for mark in ("_h", "_g")]
    rows = rows.with_columns(
        *whole, nw.col("_place").max().over(*visit).alias("_length"), nw.when(nw.col("_place") == 1).then(nw.lit(1)).alias("_times")
    )
    way = (*keys, "_h", "_g", "_length")
    rows = rows.with_columns(nw.col("visit").min().over(*way).alias("_one"), nw.col("_times").sum().over(*way).alias("_times"))
    return rows.filter(nw.col("visit") == nw.col("_one")).select(*keys, "_h", "_g", "_place", "_a", "_times")
