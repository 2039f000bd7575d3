"""Highest of all: the probability that one's mean is above the best of the others, not only above one of them.

Comparing with whoever happens to lead takes the leader's luck for merit, so the maximum is taken anew inside each
replicate: every rival's answers are drawn again from their own (bootstrap, Efron 1979), and `value` is the share of
replicates in which a rival's mean is the highest; ties share. The values of one construct add up to 1. With no
difference at all each of k has 1/k, which is no evidence of anything; so `clear` says whether a rival is the best by a
test, too (`extremes`: all pairs of rivals on all constructs, held to one chance of a false finding). Checked against:
the normal integral for two rivals (scipy 1.17), exact enumeration of small tallies, calibration by simulation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Final

import numpy as np

from peakend import extremes
from peakend import intervals as iv
from peakend.draw import Axis, Cell, Chart, bars, heat
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Ratings, Scale
from peakend.field.waves import UNPLACED, with_unplaced
from peakend.figures import number
from peakend.options import checks_options
from peakend.result import Method, Result, Results, group_words, lead, points
from peakend.result.words import answers
from peakend.sums import in_order
from peakend.terms import Lang, data_label, label
from peakend.thresholds import LOW_BASE

ROUNDS: Final = 10_000
FEWEST_ANSWERS: Final = 10
"""A rival with fewer answers is not compared: its own answers say too little of how else they might have fallen."""


@dataclass(frozen=True, kw_only=True)
class Highest(Result):
    """One rival on one construct. `value` is the probability that its mean is the highest of all `rivals` compared;
    `mean` has its own interval. No interval stands at a probability that is itself the statement of doubt. `clear`: its
    mean is told apart from that of every other. `unplaced` answers of the construct name no rival in the column
    `rivalry`.
    """

    construct: str | None = None
    rival: str | None = None
    rivals: int = 0
    mean: float | None = None
    mean_interval: iv.Interval | None = None
    scale: Scale | None = None
    clear: bool = False
    unplaced: int = 0
    rivalry: str = "site"


@checks_options
def probabilities(tallies: Sequence[Mapping[float, int]], *, rounds: int = ROUNDS, seed: int = 0) -> tuple[float, ...]:
    """The probability of each to have the highest mean, from `{value: count}` of each rival."""
    means, rng = np.empty((len(tallies), rounds)), np.random.default_rng(seed)
    for at, tally in enumerate(tallies):
        held = sorted((value, count) for value, count in tally.items() if count)
        values, counts = np.array([v for v, _ in held]), np.array([c for _, c in held], dtype=float)
        n = int(counts.sum())
        means[at] = rng.multinomial(n, counts / n, rounds) @ values / n
    first = means >= means.max(axis=0) - 1e-9
    return tuple((first / first.sum(axis=0)).mean(axis=1).tolist())


@checks_options
@says_weights
def highest(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    rivals: str = "site",
    rounds: int = ROUNDS,
    conf: float = 0.95,
) -> Results[Highest]:
    """The probability of each value of the column `rivals` (a site, a brand) to have the highest mean of each
    construct, by group.

    Answers without a rival are left out. Refuses a rival with fewer than ten answers (`highest.too_few`), constructs
    with fewer than two rivals (`highest.alone`), and rivals asked on different scales (`highest.scales`).
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != rivals)
    facts = ratings.scores(answers, where)
    facts = facts.with_names("construct", construct)
    fields: dict[tuple[Any, ...], list[Ratings]] = {}
    unplaced: dict[tuple[Any, ...], int] = {}
    for one in ratings.ratings_by(facts, (*groups, rivals)):
        key = (*(one.group[name] for name in groups), one.construct)
        if one.group[rivals] is None:
            unplaced[key] = one.n
        else:
            fields.setdefault(key, []).append(one)
    tables = [_comparison_rows(fields[key], groups, rivals, rounds, conf) for key in in_order(fields)]
    left_out = [unplaced.get(key, 0) for key in in_order(fields)]
    rows = (
        _with_left_out(row, n, rivals) for table, n in zip(_mark_clear(tables), left_out, strict=True) for row in table
    )
    return Results(METHOD, tuple(rows))


def _with_left_out(row: Highest, n: int, rivals: str) -> Highest:
    return replace(row, unplaced=n, rivalry=rivals, warnings=(*row.warnings, *((UNPLACED,) if n else ())))


@dataclass(frozen=True)
class _Mean:
    """The mean of a row, as a figure that is compared."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    conf: float


def _mean_of(row: Highest) -> _Mean:
    low, high = row.mean_interval or (None, None)
    return _Mean(row.mean, low, high, row.n, row.conf)


def _mark_clear(tables: Sequence[Sequence[Highest]]) -> list[list[Highest]]:
    """The rows, those that are told apart from all their rivals marked."""
    compared = [[row for row in table if row.value is not None] for table in tables]
    figures = [[_mean_of(row) for row in table] for table in compared]
    best = {
        id(row)
        for table, below in zip(compared, extremes.apart(figures), strict=True)
        for at, row in enumerate(table)
        if len(table) > 1 and np.delete(below[:, at], at).all()
    }
    return [[replace(row, clear=id(row) in best) for row in table] for table in tables]


def _comparison_rows(
    field: Sequence[Ratings], groups: Sequence[str], rivals: str, rounds: int, conf: float
) -> list[Highest]:
    enough = [one for one in field if one.n >= FEWEST_ANSWERS]
    scales = {scale for one in enough for scale in one.scales}
    found = dict.fromkeys(map(id, enough), 0.0)
    if len(enough) > 1 and len(scales) == 1:
        tallies = [dict(zip(one.values, one.counts, strict=True)) for one in enough]
        found = dict(zip(found, probabilities(tallies, rounds=rounds), strict=True))
    rows = []
    for one in field:
        refusal = _refusal(one, len(enough), scales, rivals)
        about = {**_about(one, groups, rivals, scales, conf), "rivals": len(enough)}
        warnings = () if refusal or one.n >= LOW_BASE else ("low_base",)
        rows.append(
            Highest(
                value=None if refusal else found[id(one)],
                low=None,
                high=None,
                refused=refusal,
                warnings=warnings,
                **about,
            )
        )
    return rows


def _refusal(one: Ratings, enough: int, scales: set[ratings.StatedScale], rivals: str) -> MethodError | None:
    if one.n < FEWEST_ANSWERS:
        return MethodError("highest.too_few", n=one.n, need=FEWEST_ANSWERS)
    if enough < 2:
        return MethodError("highest.alone", column=rivals)
    return MethodError("highest.scales", scales=ratings.scales_text(scales)) if len(scales) > 1 else None


def _about(
    one: Ratings, groups: Sequence[str], rivals: str, scales: set[ratings.StatedScale], conf: float
) -> dict[str, Any]:
    low, high = next(iter(scales)) if len(scales) == 1 else (None, None)
    scale = None if low is None or high is None else (low, high)
    n, mean, variance = iv.tally_mean(one.values, one.counts)
    ends = iv.mean_t(n, mean, variance, conf, scale) if scale else iv.mean_t(n, mean, variance, conf)
    return {
        "group": {name: one.group[name] for name in groups}, "construct": one.construct, "rival": one.group[rivals],
        "n": one.n,
        "mean": mean if n else None, "mean_interval": ends, "scale": scale, "conf": conf, "version": METHOD.definition,
        **one.unused_counts(),
    }  # fmt: skip


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Highest, lang: Lang) -> str:
    return with_unplaced(_sentence(row, lang), row.unplaced, row.rivalry, lang)


def _sentence(row: Highest, lang: Lang) -> str:
    about = ((label, row.construct), (data_label, row.rival))
    head = lead(row, lang, *(label_of(name, lang) for label_of, name in about if name))
    value = row.value or 0.0
    percent = "< 1" if value < 0.01 else "> 99" if value > 0.99 else number(100 * value, 0)
    n, mean = answers(row.n, lang), number(row.mean or 0, 2)
    sure = CLEARLY[lang] if row.clear else UNCLEAR[lang] if value * row.rivals > 1 else ""
    return {
        "en": f"{head}mean {mean} ({n}), {percent}% chance of having the highest of {row.rivals}{sure}.",
        "zh-Hant": f"{head}平均 {mean}（{n}），在 {row.rivals} 個比較對象中為最高的機率是 {percent}%{sure}。",
        "zh-Hans": f"{head}平均 {mean}（{n}），在 {row.rivals} 个比较对象中为最高的概率是 {percent}%{sure}。",
    }[lang]


UNCLEAR: Final[Mapping[Lang, str]] = {
    "en": "; not clearly above every other",
    "zh-Hant": "，並未明顯高於其他每一個",
    "zh-Hans": "，并未明显高于其他每一个",
}
CLEARLY: Final[Mapping[Lang, str]] = {
    "en": "; clearly above every other",
    "zh-Hant": "，明顯高於其他每一個",
    "zh-Hans": "，明显高于其他每一个",
}


def _draw(rows: Sequence[Highest], lang: Lang) -> Chart:
    """One construct: the probabilities as bars from nothing to certain. Several: a table of them, a row a construct and
    a column a rival; with more rivals than fit beside one another, the leader of each construct as a bar.
    """
    alt = " ".join(_say(row, lang) for row in rows[:4] if row.value is not None) or label("too_few", lang)
    constructs = tuple(dict.fromkeys((*row.group.values(), row.construct) for row in rows))
    rivals = tuple(dict.fromkeys(row.rival for row in rows))
    axis = Axis(title=label("highest.axis", lang), low=0.0, high=1.0, format=".0%")
    if len(constructs) <= 1:
        return bars(points(rows, lang, "rival"), axis=axis, alt=alt, lang=lang)
    if len(rivals) > MOST_COLUMNS:
        leaders = {(*row.group.values(), row.construct): row for row in sorted(rows, key=lambda row: row.value or 0.0)}
        return bars(
            points([leaders[each] for each in constructs], lang, "construct", "rival"), axis=axis, alt=alt, lang=lang
        )
    first, names, last = _common([data_label(rival or "", lang) for rival in rivals])
    columns = dict(zip(rivals, names, strict=True))
    cells = [
        Cell(row=_about_words(row, lang), column=columns[row.rival], value=row.value, text=_in_cell(row))
        for row in rows
    ]
    head = " · ".join(part for part in (first or last, f"{label('highest.axis', lang)} (%)") if part)
    return heat(cells, alt=alt, lang=lang, column_title=[head, label("highest.clear", lang)], step=ROW)


def _common(names: Sequence[str]) -> tuple[str, list[str], str]:
    """The words that all names begin or end with, said once over a table and not over each of its columns; and between
    them what tells them apart.
    """
    words = [name.split() for name in names]
    first = sum(
        1 for _ in takewhile(lambda place: len(set(place)) == 1, zip(*(each[:-1] for each in words), strict=False))
    )
    last = (
        0
        if first
        else sum(
            1
            for _ in takewhile(lambda place: len(set(place)) == 1, zip(*(each[:0:-1] for each in words), strict=False))
        )
    )
    return (
        " ".join(words[0][:first]),
        [" ".join(each[first : len(each) - last]) for each in words],
        " ".join(words[0][len(words[0]) - last :]),
    )


def _about_words(row: Highest, lang: Lang) -> str:
    return " · ".join(part for part in (group_words(row, lang), label(row.construct or "", lang)) if part)


def _in_cell(row: Highest) -> str:
    """The percent; nothing where there is hardly a chance, so that those who have one are seen."""
    return (
        "–"
        if row.value is None
        else ""
        if row.value < HARDLY
        else f"{number(100 * row.value, 0)}{' ✓' if row.clear else ''}"
    )


MOST_COLUMNS: Final = 8
"""So many rivals stand beside one another in a table that still can be read."""
HARDLY: Final = 0.005
ROW: Final = 30
"""How high a row of that table is."""


METHOD: Final = Method(
    id="highest",
    version="1",
    row=Highest,
    run=highest,
    say=_say,
    draw=_draw,
    columns=("mean", "rivals"),
    checked="scipy 1.17 (normal integral for two rivals), exact enumeration of small tallies, calibration by "
    "simulation",
    key=("construct", "rival"),
)
