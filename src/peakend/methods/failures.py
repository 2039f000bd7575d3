"""Failures: how often something went wrong for 1,000 visits, where, and in which step of the blueprint it began (after
Shostack's fail points, HBR 62(1), 1984).

Failures come in bouts, as on a day when everything is late. So days are what is counted: the interval of a rate is the
score interval of a Poisson count over the visits, that of a share of the failures of which a cause is known Wilson's,
each of so many times fewer failures as days differ more than failures that come one by one (`intervals.clusters`);
there is none of fewer than five days. Which of several causes lead is no matter of the eye: of two counts over the same
visits the one is, if both are as frequent, binomial with ½ given their sum (Przyborowski & Wilenski 1940); and the mean
of their differences, day by day, has Student's t. The larger p of both counts, and the p of all pairs are held together
by Holm (1979), so that the chance of any false name is at most 1 − conf. A failure counts where it was written down,
and begins where the one who knows the service says it does: that says where to look, not what the cause is. Checked
against: R 4.2.2 with survey 4.1-1 (intervals), scipy 1.17 (binomtest, ttest_rel), counts by pandas 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point, bars
from peakend.errors import MethodError
from peakend.extremes import MOST_TOGETHER
from peakend.facts import conform
from peakend.field.data_warnings import says_repeated
from peakend.field.served import visits_begun
from peakend.figures import many, number
from peakend.maths.control_limits import rate_interval
from peakend.options import checks_options
from peakend.reduce import event_counts
from peakend.result import TOTAL, Method, Result, Results, group_words, lead
from peakend.result.words import grouped_words, interval_by_days, interval_words
from peakend.sums import Counts
from peakend.terms import Lang, data_label, label
from peakend.thresholds import FEWEST_DAYS, LOW_BASE

PER: Final = 1000.0
Cause = Literal["indicator", "touchpoint", "channel", "site"]


@dataclass(frozen=True, kw_only=True)
class Failures(Result):
    """Failures for 1,000 visits, of one cause or (`TOTAL`) of all; `n` counts the visits.

    `count` failures are the `share` in percent, from `share_low` to `share_high`, of the `known` ones: those of which a
    cause is known, for any cause may be behind the others. `leads` says that this cause is surely more frequent than
    all that do not lead. `missing` counts the failures of which no cause is known. Intervals know that failures of one
    of the `days` hang together; there is none of fewer than five days, and nothing leads.
    """

    cause: str
    count: int
    known: int = 0
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    leads: bool = False
    days: int = 0


@checks_options
@says_repeated
def failures(
    events: Any,
    by: Sequence[str] | str = (),
    *,
    where: Mapping[str, Any] | None = None,
    of: Cause = "indicator",
    begins: tuple[str, ...] = (),
    conf: float = 0.95,
) -> Results[Failures]:
    """The failures of each group, the whole first, then by cause, the most frequent first; from events of kind `fail`.

    A cause is what the column `of` says; with `begins` it is where each of these begins: `begins=("late=kitchen",
    "cold=kitchen")` counts both in the kitchen, and what is not named as of no known cause. Visits are the `arrive`
    events, else the visits that began. Raises MethodError `failures.none` where no failure is in the data,
    `failures.begins` for what is not written so; refuses `failures.no_visits` where nothing says how many came.
    """
    groups, beginnings = (by,) if isinstance(by, str) else tuple(by), _beginnings(begins)
    facts = conform(events, "events").only(where).by_exact_day
    counts = event_counts(facts, groups, keys=tuple(name for name in ("kind", of, "day") if name not in groups))
    if not len(counts):
        return Results(METHOD, ())
    if "fail" not in _column(counts, "kind"):
        raise MethodError("failures.none")
    visits = {} if "arrive" in _column(counts, "kind") else visits_begun(facts, groups)
    parts = [_counted(part, cell, of, beginnings) for cell, part in counts.split(*groups)]
    parts = [part if part.came else replace(part, came=visits.get(tuple(part.group.values()), {})) for part in parts]
    return _results([part.by_days() for part in parts], conf)


def of_counts(counts: Mapping[str, int], visits: int, *, conf: float = 0.95) -> Results[Failures]:
    """The failures of each cause from how many there were, of so many visits: of no days, so each stands alone."""
    found = {cause: np.array([count]) for cause, count in counts.items()}
    return _results([_Days(MappingProxyType({}), found, np.array([float(visits)]), alone=True)], conf)


def of_days(counts: Mapping[str, Sequence[int]], visits: Sequence[float], *, conf: float = 0.95) -> Results[Failures]:
    """The failures of each cause from how many there were day by day, of so many visits."""
    found = {cause: np.array(days) for cause, days in counts.items()}
    return _results([_Days(MappingProxyType({}), found, np.array(visits, dtype=float))], conf)


def _results(parts: Sequence[_Days], conf: float) -> Results[Failures]:
    """The rows of each group; every cause has one, also where nothing went wrong."""
    causes = sorted({cause for part in parts for cause in part.by_cause if cause is not None})
    tables = [[*_rows(part, _ordered(part, causes), conf)] for part in parts]
    return Results(METHOD, tuple(row for table in _with_leaders(tables, parts, conf) for row in table))


def _beginnings(given: Iterable[str]) -> dict[str, str]:
    """Where each of the named failures begins."""
    pairs = [one.partition("=") for one in given]
    wrong = next(("".join(pair) for pair in pairs if not (pair[0].strip() and pair[2].strip())), None)
    if wrong is not None:
        raise MethodError("failures.begins", found=wrong)
    return {name.strip(): place.strip() for name, _, place in pairs}


def _column(counts: Counts, name: str, cell: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """A column of the counts; of a group the value that it has by being this group."""
    return counts.column(name) if name in counts.keys else ((cell or {}).get(name),) * len(counts)


@dataclass(frozen=True)
class _Counted:
    """The failures of a group by cause, None where it is not known, and by day; and how many arrived on each."""

    group: Mapping[str, str | None]
    by_cause: Mapping[Any, Mapping[Any, int]]
    came: Mapping[Any, float]

    def by_days(self) -> _Days:
        """The same with a place for each day on which anything was."""
        days = dict.fromkeys([*self.came, *(day for found in self.by_cause.values() for day in found)])
        found = {
            cause: np.array([of_day.get(day, 0) for day in days], dtype=np.int64)
            for cause, of_day in self.by_cause.items()
        }
        return _Days(self.group, found, np.array([self.came.get(day, 0.0) for day in days], dtype=float))


@dataclass(frozen=True)
class _Days:
    """The failures of a group by cause, day by day, and the visits of each day; `alone` where days are not known and
    each failure is taken to stand alone.
    """

    group: Mapping[str, str | None]
    by_cause: Mapping[Any, NDArray[np.int64]]
    visits: NDArray[np.float64]
    alone: bool = False

    def of(self, cause: str | None) -> NDArray[np.int64]:
        """The failures of a cause."""
        return self.by_cause.get(cause, np.zeros(len(self.visits), dtype=np.int64))

    @property
    def count(self) -> int:
        """How many days there are."""
        return 0 if self.alone else len(self.visits)

    @property
    def are_enough(self) -> bool:
        """Whether there are days enough to tell how they differ, or none is looked at."""
        return self.alone or self.count >= FEWEST_DAYS


def _counted(part: Counts, cell: Mapping[str, Any], of: str, beginnings: Mapping[str, str]) -> _Counted:
    found, came = dict[str | None, dict[Any, int]](), dict[Any, float]()
    columns = (_column(part, name, cell) for name in ("kind", of, "day"))
    for kind, name, day, count in zip(*columns, part.count.tolist(), strict=True):
        if kind == "fail":
            days = found.setdefault(beginnings.get(name) if beginnings else name, {})
            days[day] = days.get(day, 0) + count
        elif kind == "arrive":
            came[day] = came.get(day, 0.0) + count
    return _Counted(MappingProxyType(cell), found, came)


def _ordered(part: _Days, causes: Sequence[str]) -> list[str]:
    """The causes, the most frequent first."""
    return sorted(causes, key=lambda cause: (-int(part.of(cause).sum()), cause))


def _rows(part: _Days, causes: Sequence[str], conf: float) -> Iterable[Failures]:
    every = sum(part.by_cause.values(), start=np.zeros(len(part.visits), dtype=np.int64))
    known = every - part.of(None)
    common: dict[str, Any] = {
        "group": part.group, "n": round(float(part.visits.sum())), "known": int(known.sum()), "days": part.count,
        "missing": int(part.of(None).sum()), "conf": conf, "version": METHOD.definition,
    }  # fmt: skip
    yield Failures(cause=TOTAL, count=int(every.sum()), **_rate_fields(part, every, conf), **common)
    for cause in causes:
        own = part.of(cause)
        fields = {**_share_fields(part, own, known, conf), **_rate_fields(part, own, conf)}
        yield Failures(cause=cause, count=int(own.sum()), **fields, **common)


def _share_fields(part: _Days, own: NDArray[np.int64], known: NDArray[np.int64], conf: float) -> dict[str, Any]:
    """Which part of the failures of known cause these are."""
    count, whole = int(own.sum()), int(known.sum())
    if not whole:
        return {}
    if part.alone:
        ends = iv.wilson(count, whole, conf)
    else:
        ends = iv.clustered_share(own, known, conf) if part.are_enough else None
    low, high = (None, None) if ends is None else (100 * ends[0], 100 * ends[1])
    return {"share": 100 * count / whole, "share_low": low, "share_high": high}


def _rate_fields(part: _Days, own: NDArray[np.int64], conf: float) -> dict[str, Any]:
    n, count = round(float(part.visits.sum())), int(own.sum())
    if not n:
        return {"value": None, "low": None, "high": None, "refused": MethodError("failures.no_visits")}
    held = iv.clustering(own, part.visits, count) if part.are_enough and not part.alone else None
    divisor = 1.0 if part.alone else held and held.divisor(conf)
    low, high = rate_interval(count / divisor, n / PER / divisor, conf) if divisor else (None, None)
    flags = {"low_base": n < LOW_BASE, "few_days": low is None}
    return {
        "value": PER * count / n, "low": low, "high": high,
        "warnings": tuple(name for name, held in flags.items() if held),
    }  # fmt: skip


# --- which lead -------------------------------------------------------------------------------------------------------


def _with_leaders(tables: Sequence[list[Failures]], parts: Sequence[_Days], conf: float) -> list[list[Failures]]:
    """The rows, of each table those marked that lead: the fewest, up to three, that are surely more frequent than all
    the others.
    """
    pairs = [
        (table, i, j)
        for table, rows in enumerate(tables)
        for i in range(1, len(rows))
        for j in range(i + 1, len(rows))
        if rows[i].count + rows[j].count
    ]
    ps = iv.holm([_pair_p(parts[table], tables[table][i].cause, tables[table][j].cause) for table, i, j in pairs])
    above = [np.zeros((len(rows), len(rows)), dtype=bool) for rows in tables]
    for (table, i, j), p in zip(pairs, ps, strict=True):
        above[table][i, j] = p < 1 - conf
    return [_marked(rows, found) for rows, found in zip(tables, above, strict=True)]


def _pair_p(part: _Days, one: str, other: str) -> float:
    """The p of two causes if both are as frequent: as counts, and day by day; 1 where days are too few to tell."""
    mine, its = part.of(one), part.of(other)
    as_counts = equal_counts_p(int(mine.sum()), int(its.sum()))
    if part.alone:
        return as_counts
    return max(as_counts, equal_days_p(mine, its)) if part.are_enough else 1.0


def equal_days_p(one: ArrayLike, other: ArrayLike) -> float:
    """The two-sided p of Student's t on the differences of two counts, day by day, if they are 0 in the mean; 0 where
    every day has the same, and not 0.
    """
    apart = np.asarray(one, dtype=float) - np.asarray(other, dtype=float)
    mean, spread = float(apart.mean()), float(apart.std(ddof=1))
    if not spread:
        return 0.0 if mean else 1.0
    return iv.t_p(mean / spread * math.sqrt(len(apart)), len(apart) - 1)


def equal_counts_p(one: int, other: int) -> float:
    """The two-sided p of two counts over the same visits, if both are as frequent: min(1, 2·P(X ≤ smaller)), X binomial
    with ½ of their sum.
    """
    return min(1.0, 2 * float(special.bdtr(min(one, other), one + other, 0.5)))


def _marked(rows: list[Failures], above: NDArray[np.bool_]) -> list[Failures]:
    """Rows stand in order of their counts, behind the whole."""
    for size in range(1, MOST_TOGETHER + 1):
        first, others = [*range(1, 1 + size)], [*range(1 + size, len(rows))]
        if size <= len(others) and above[np.ix_(first, others)].all():
            return [replace(row, leads=at in first) for at, row in enumerate(rows)]
    return rows


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Failures, lang: Lang) -> str:
    about = lead(row, lang, *([data_label(row.cause, lang)] if row.cause != TOTAL else []))
    rate, count, n = number(row.value or 0.0), f"{row.count:,}", f"{row.n:,}"
    ends = interval_by_days((row.low, row.high), row.days, row.conf, lang)
    if row.cause == TOTAL and row.days and row.low is not None:
        ends += f"{'; ' if lang == 'en' else '；'}{grouped_words(row.days, lang)}"
    visits = many(row.n, "visit")
    told = {
        "en": f"{many(row.count, 'failure')}{_share_words(row, lang)}, {rate} for every 1,000 visits ({ends}; {visits})"
        f"{_more_words(row, lang)}.",
        "zh-Hant": f"{count} 次失誤{_share_words(row, lang)}，每千次體驗 {rate} 次（{ends}；{n} 次體驗）"
        f"{_more_words(row, lang)}。",
        "zh-Hans": f"{count} 次失误{_share_words(row, lang)}，每千次体验 {rate} 次（{ends}；{n} 次体验）"
        f"{_more_words(row, lang)}。",
    }[lang]
    return f"{about}{told}"


def _share_words(row: Failures, lang: Lang) -> str:
    """Which part of all failures these are, or of those of which a cause is known, where they are a part."""
    if row.share is None:
        return ""
    share, ends = number(row.share, 0), ""
    if row.share_low is not None and row.share_high is not None:
        ends = interval_words((row.share_low, row.share_high), row.conf, lang, 0)
        ends = f" ({ends})" if lang == "en" else f"（{ends}）"
    whole = label("failures.known" if row.missing else "failures.all", lang)
    return {
        "en": f", {share}% of {whole}{ends}",
        "zh-Hant": f"，占{whole}的 {share}%{ends}",
        "zh-Hans": f"，占{whole}的 {share}%{ends}",
    }[lang]


def _more_words(row: Failures, lang: Lang) -> str:
    """That the cause leads; or, of the whole, of how many failures no cause is known."""
    if row.leads:
        return {
            "en": "; clearly more than the others",
            "zh-Hant": "；明顯多於其他原因",
            "zh-Hans": "；明显多于其他原因",
        }[lang]
    if row.cause != TOTAL or not row.missing:
        return ""
    return {
        "en": f"; {row.missing:,} of them without a known cause",
        "zh-Hant": f"；其中 {row.missing:,} 次查不到起因",
        "zh-Hans": f"；其中 {row.missing:,} 次查不到起因",
    }[lang]


def _draw(rows: Sequence[Failures], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:4] if row.value is not None) or label("too_few", lang)
    own = [row for row in rows if row.cause != TOTAL] or rows
    points = [
        Point(
            name=" · ".join(part for part in (group_words(row, lang), data_label(row.cause, lang)) if part),
            value=row.value, low=row.low, high=row.high, n=row.n, note=label("too_few", lang),
        )
        for row in own
    ]  # fmt: skip
    return bars(points, axis=Axis(title=label("failures.axis", lang), format=".1f"), alt=alt, lang=lang)


METHOD: Final = Method(
    id="failures",
    version="2",
    row=Failures,
    run=failures,
    say=_say,
    draw=_draw,
    columns=("count", "share", "leads", "days"),
    checked="R 4.2.2 with survey 4.1-1 for the intervals; scipy 1.17 (binomtest, ttest_rel) for which lead",
    key=("cause",),
    reads="events",
)
