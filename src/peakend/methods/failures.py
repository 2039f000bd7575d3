"""Failures: how often something went wrong for 1,000 visits, where, and in which step of the blueprint it began (after
Shostack's fail points, HBR 62(1), 1984).

Failures are counts: each rate has the score interval of a Poisson count over the visits, each share of those of which
a cause is known Wilson's. Failures that come in bouts, as on a day when everything is late, vary more than such counts
do: both intervals are then too narrow, and a cause is called the leading one too easily. Which of several causes lead
is no matter of the eye: of two counts over the same visits the one is, if both are as frequent, binomial with ½ given
their sum (Przyborowski & Wilenski 1940); the p of all pairs are held together by Holm (1979), so that the chance of any
false name is at most 1 − conf. A failure counts where it was written down, and begins where the one who knows the
service says it does: that says where to look, not what the cause is. Checked against: scipy 1.17 (binomtest), counts by
pandas 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
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
from peakend.result.words import interval_words
from peakend.sums import Counts, Group
from peakend.terms import Lang, data_label, label
from peakend.thresholds import LOW_BASE

PER: Final = 1000.0
Cause = Literal["indicator", "touchpoint", "channel", "site"]


@dataclass(frozen=True, kw_only=True)
class Failures(Result):
    """Failures for 1,000 visits, of one cause or (`TOTAL`) of all; `n` counts the visits.

    `count` failures are the `share` in percent, from `share_low` to `share_high`, of the `known` ones: those of which a
    cause is known, for any cause may be behind the others. `leads` says that this cause is surely more frequent than
    all that do not lead. `missing` counts the failures of which no cause is known.
    """

    cause: str
    count: int
    known: int = 0
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    leads: bool = False


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
    facts = conform(events, "events").only(where)
    counts = event_counts(facts, groups, keys=tuple(name for name in ("kind", of) if name not in groups))
    if not len(counts):
        return Results(METHOD, ())
    if "fail" not in _column(counts, "kind"):
        raise MethodError("failures.none")
    visits = {} if "arrive" in _column(counts, "kind") else visits_begun(facts, groups)
    parts = [_counted(part, cell, of, beginnings) for cell, part in counts.split(*groups)]
    tables = _with_leaders(_tables(parts, visits, conf), conf)
    return Results(METHOD, tuple(row for table in tables for row in table))


def of_counts(counts: Mapping[str, int], visits: int, *, conf: float = 0.95) -> Results[Failures]:
    """The failures of each cause from how many there were, of so many visits."""
    (rows,) = _with_leaders(
        [[*_rows(_Counted(MappingProxyType({}), counts, visits), sorted(counts), visits, conf)]], conf
    )
    return Results(METHOD, tuple(rows))


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
    """The failures of a group by cause, None where it is not known, and how many arrived."""

    group: Mapping[str, str | None]
    by_cause: Mapping[Any, int]
    came: float


def _counted(part: Counts, cell: Mapping[str, Any], of: str, beginnings: Mapping[str, str]) -> _Counted:
    found, came = dict[str | None, int](), 0
    for kind, name, count in zip(
        _column(part, "kind", cell), _column(part, of, cell), part.count.tolist(), strict=True
    ):
        if kind == "fail":
            cause = beginnings.get(name) if beginnings else name
            found[cause] = found.get(cause, 0) + count
        came += count * (kind == "arrive")
    return _Counted(MappingProxyType(cell), found, came)


def _tables(
    parts: Sequence[_Counted], visits: Mapping[Group, Mapping[str, float]], conf: float
) -> list[list[Failures]]:
    """The rows of each group; every cause has one, also where nothing went wrong."""
    causes = sorted({cause for part in parts for cause in part.by_cause if cause is not None})
    return [
        [*_rows(part, causes, round(part.came or sum(visits.get(tuple(part.group.values()), {}).values())), conf)]
        for part in parts
    ]


def _rows(found: _Counted, causes: Sequence[str], n: int, conf: float) -> Iterable[Failures]:
    every, unknown = sum(found.by_cause.values()), found.by_cause.get(None, 0)
    known = every - unknown
    common: dict[str, Any] = {
        "group": found.group, "n": n, "known": known, "missing": unknown, "conf": conf, "version": METHOD.definition
    }  # fmt: skip
    yield Failures(cause=TOTAL, count=every, **_rate_fields(every, n, conf), **common)
    for cause in sorted(causes, key=lambda cause: (-found.by_cause.get(cause, 0), cause)):
        count = found.by_cause.get(cause, 0)
        low, high = iv.wilson(count, known, conf) or (None, None)
        shares = {"share_low": low, "share_high": high, "share": count / known if known else None}
        percents: dict[str, Any] = {name: None if end is None else 100 * end for name, end in shares.items()}
        yield Failures(cause=cause, count=count, **percents, **_rate_fields(count, n, conf), **common)


def _rate_fields(count: int, n: int, conf: float) -> dict[str, Any]:
    if not n:
        return {"value": None, "low": None, "high": None, "refused": MethodError("failures.no_visits")}
    low, high = rate_interval(count, n / PER, conf)
    return {
        "value": PER * count / n, "low": low, "high": high, "warnings": ("low_base",) if n < LOW_BASE else ()
    }  # fmt: skip


# --- which lead -------------------------------------------------------------------------------------------------------


def _with_leaders(tables: Sequence[list[Failures]], conf: float) -> list[list[Failures]]:
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
    ps = iv.holm([equal_counts_p(tables[table][i].count, tables[table][j].count) for table, i, j in pairs])
    above = [np.zeros((len(rows), len(rows)), dtype=bool) for rows in tables]
    for (table, i, j), p in zip(pairs, ps, strict=True):
        above[table][i, j] = p < 1 - conf
    return [_marked(rows, found) for rows, found in zip(tables, above, strict=True)]


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
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang)
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
    if row.share is None or row.share_low is None or row.share_high is None:
        return ""
    share, ends = number(row.share, 0), interval_words((row.share_low, row.share_high), row.conf, lang, 0)
    whole = label("failures.known" if row.missing else "failures.all", lang)
    return {
        "en": f", {share}% of {whole} ({ends})",
        "zh-Hant": f"，占{whole}的 {share}%（{ends}）",
        "zh-Hans": f"，占{whole}的 {share}%（{ends}）",
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
    version="1",
    row=Failures,
    run=failures,
    say=_say,
    draw=_draw,
    columns=("count", "share", "leads"),
    checked="scipy 1.17 (binomtest) for which lead; R 4.2.2's score interval as for u charts",
    key=("cause",),
    reads="events",
)
