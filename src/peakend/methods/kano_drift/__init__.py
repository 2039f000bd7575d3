"""Kano over time: whether what a feature does to satisfaction has moved from wave to wave, as delight turns into
expectation.

`value` is the change of |worse| from the first wave to the last, in 0…1: how many more of all customers miss the
feature when it is not there. Different respondents in each wave: χ² of the counts of M, O, A and I, and
Cochran–Armitage's test on better and on |worse|, Newcombe's interval. The same respondents (`same`): Stuart–Maxwell
between the first wave and the last, each one's own slope, and an interval by resampling respondents. That features
drift I → A → O → M is only partly borne out by published evidence: a drift is reported, never forecast. Checked
against: the printed results of R 4.2.2 (prop.trend.test); χ² and Stuart–Maxwell by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point
from peakend.draw.strokes import Line, courses
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.kano import classes as kano_classes
from peakend.field.kano import pictures as kp
from peakend.field.kano import tables as kano_tables
from peakend.field.kano.classes import TERMS
from peakend.field.kano.tables import CLASSES
from peakend.field.waves import UNPLACED, in_time, with_unplaced
from peakend.figures import number
from peakend.ids import plain_id
from peakend.options import checks_options
from peakend.periods import Timeline, clear_timeline
from peakend.reduce import pairs, profiles
from peakend.result import Method, Result, Results, lead
from peakend.result.words import interval_words
from peakend.sums import Counts
from peakend.terms import Lang, label

from . import movement as dr


@dataclass(frozen=True, kw_only=True)
class KanoDrift(Result):
    """One feature over `waves`, in their order; what has a figure for each wave is a tuple as long, None where a wave
    has under 20 pairs.

    `counts` are the six classes, `modes` the largest, `categories` what the exact test says (rule 2 of `kano`);
    `better` and `worse` with Wilson's intervals. `value` is the change of |worse| from the first wave to the last,
    `better_change` that of better. `homogeneity` is the test that nothing moved (with its name), `p` its p and
    `p_adjusted` Holm's within the `family` of features in a group; `better_trend` and `worse_trend` are z and p of a
    rise (+) or fall (−) of better and of |worse|. `drifted` says that p_adjusted is below 1 − conf; `unplaced` pairs
    name no wave, or nothing in the column `over`.
    """

    construct: str | None = None
    waves: tuple[str, ...] = ()
    counts: tuple[Mapping[str, int], ...] = ()
    modes: tuple[str | None, ...] = ()
    categories: tuple[str | None, ...] = ()
    better: tuple[float | None, ...] = ()
    worse: tuple[float | None, ...] = ()
    better_intervals: tuple[iv.Interval | None, ...] = ()
    worse_intervals: tuple[iv.Interval | None, ...] = ()
    same: bool = False
    n_same: int | None = None
    better_change: float | None = None
    better_change_interval: iv.Interval | None = None
    homogeneity: Mapping[str, Any] | None = None
    better_trend: Mapping[str, float] | None = None
    worse_trend: Mapping[str, float] | None = None
    p: float | None = None
    p_adjusted: float | None = None
    family: int = 0
    drifted: bool = False
    unplaced: int = 0
    over: str = "wave"

    @property
    def sequence(self) -> str:
        """The classes in turn, for the table; a dash for a wave with too few."""
        return " → ".join(letter or "–" for letter in self.categories)


@checks_options
def from_counts(
    waves: Mapping[str, Mapping[str, int]], *, construct: str | None = None, conf: float = 0.95
) -> KanoDrift:
    """A feature from the counts of its classes in each wave, in order: `{"2024": {"A": 40, "O": 20, "M": 10, "I": 30},
    …}`. Independent waves.
    """
    counts = {wave: {letter: int(six.get(letter, 0)) for letter in CLASSES} for wave, six in waves.items()}
    return _family([_row(construct, {}, counts, None, conf)])[0]


@checks_options
@says_weights
def kano_drift(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | Sequence[str] | None = None,
    over: str = "wave",
    order: tuple[str, ...] = (),
    same: bool = False,
    table: str = "standard",
    conf: float = 0.95,
) -> Results[KanoDrift]:
    """The drift of every feature in each group, over the waves, or over another column or grain of time (`over`), in
    order of time: as `order` lists them, else by what their names mean, else by the days of their answers
    (`field.waves`).

    `same` says that the same customers answered in every wave: answers are then paired by customer. Raises MethodError
    `kano.table`, and `kano_drift.over` where `same` is asked over a grain of time.
    """
    facts = ratings.customers(answers, where)
    facts.where(role=("functional", "dysfunctional")).with_names("construct", construct)
    wanted = {plain_id(name) for name in ((construct,) if isinstance(construct, str) else construct or ())}
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name not in {"construct", over})
    moved = _panels(facts, groups, over, table) if same else {}
    rows: list[KanoDrift] = []
    counts = pairs(facts, (*groups, over), left="functional", right="dysfunctional", once=True)
    line, warned = in_time(facts, over, (str(name) for name in counts.column(over) if name is not None), order)
    for group, part in counts.split(*groups):
        found = []
        for cell, one in part.split("construct"):
            if not wanted or cell["construct"] in wanted:
                own, unused, unplaced = _waves(one, over, kano_tables.evaluation(table))
                waves = {name: own[name] for name in line.names if name in own}
                panel = moved.get((tuple(group.values()), cell["construct"]))
                row = replace(_row(cell["construct"], group, waves, panel, conf, same=same), **unused)
                flags = {"waves_passed_over": _passes_over(line, waves), UNPLACED: unplaced}
                found.append(
                    replace(
                        row,
                        unplaced=unplaced,
                        over=over,
                        warnings=(*row.warnings, *(name for name, held in flags.items() if held)),
                    )
                )
        rows += _family([replace(row, warnings=(*row.warnings, *warned)) for row in found])
    nothing = KanoDrift(
        value=None, low=None, high=None, n=0, conf=conf, version=METHOD.definition, refused=MethodError("kano.no_pairs")
    )
    return Results(METHOD, tuple(rows) or (() if groups else (nothing,)))


def _passes_over(line: Timeline, waves: Mapping[str, Any]) -> bool:
    """Whether a wave is missing between the first and the last: the trend takes one as far from the next as every
    other.
    """
    places = [line.at[name] for name in waves]
    return bool(line.missing) or (len(places) > 1 and places[-1] - places[0] + 1 > len(places))


def _waves(
    part: Counts, over: str, table: kano_tables.Evaluation
) -> tuple[dict[str, dict[str, int]], dict[str, Any], int]:
    """The counts of the classes in each wave, what could not be used, and how many pairs are of no wave."""
    unplaced = 0
    total: dict[str, Any] = dict.fromkeys(("missing", "invalid", "not_applicable", "not_shown"), 0)
    waves: dict[str, dict[str, int]] = {}
    for cell, one in part.split(over):
        if cell[over] is not None:
            sums, unused = kano_tables.pair_counts(one, table.size)
            waves[str(cell[over])] = table.classes(sums[0].astype(np.int64))
            for state, n in unused.items():
                total["missing" if state == "skipped" else state] += n
        else:
            unplaced = int(one.count.sum())
    return waves, total, unplaced


def _panels(facts: Facts, groups: tuple[str, ...], over: str, table: str) -> dict[tuple[Any, ...], dr.Panel]:
    """Each customer's class of each feature in each wave, by group and feature."""
    if over not in facts.columns:
        raise MethodError("kano_drift.over", over=over)
    sides = facts.where(role=("functional", "dysfunctional"))
    found = profiles(sides, groups, columns=("construct", over, "role"), of="customer")
    return {
        (group, construct): panel
        for group, (values, count) in found.groups.items()
        for construct, panel in dr.panels(found.names, values, count, kano_tables.evaluation(table)).items()
    }


def _row(
    construct: str | None,
    group: Mapping[str, Any],
    waves: Mapping[str, Mapping[str, int]],
    panel: dr.Panel | None,
    conf: float,
    *,
    same: bool = False,
) -> KanoDrift:
    each = [dr.wave(counts, conf) for counts in waves.values()]
    told = [i for i, one in enumerate(each) if one.better is not None]
    common: dict[str, Any] = {
        "construct": construct, "group": MappingProxyType(dict(group)), "same": same, "conf": conf,
        "version": METHOD.definition, "waves": tuple(waves),
        "counts": tuple(MappingProxyType(dict(six)) for six in waves.values()),
        "modes": tuple(one.mode for one in each), "categories": tuple(one.category for one in each),
        "better": tuple(one.better for one in each), "worse": tuple(one.worse for one in each),
        "better_intervals": tuple(one.better_interval for one in each),
        "worse_intervals": tuple(one.worse_interval for one in each),
        "n": sum(sum(six.values()) for six in waves.values()),
    }  # fmt: skip
    if len(told) < 2:
        return KanoDrift(
            value=None,
            low=None,
            high=None,
            refused=MethodError("kano_drift.too_few", n=len(told), need=kano_classes.FEWEST_PAIRS),
            **common,
        )
    found = (
        dr.same_people_fields(panel, [list(waves)[i] for i in told], conf)
        if same
        else dr.movement_fields([list(waves.values())[i] for i in told], conf)
    )
    if found is None:
        return KanoDrift(
            value=None,
            low=None,
            high=None,
            refused=MethodError("kano_drift.nobody_twice", need=kano_classes.FEWEST_PAIRS),
            **common,
        )
    return KanoDrift(**common, **found)


def _family(rows: Sequence[KanoDrift]) -> list[KanoDrift]:
    """The features of a group with their p raised for one another's company."""
    tested = [row.p for row in rows if row.p is not None]
    adjusted = iter(iv.holm(tested))
    told = []
    for row in rows:
        p = None if row.p is None else next(adjusted)
        told.append(replace(row, p_adjusted=p, family=len(tested), drifted=p is not None and p < 1 - row.conf))
    return told


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: KanoDrift, lang: Lang) -> str:
    return with_unplaced(_sentence(row, lang), row.unplaced, row.over, lang)


def _sentence(row: KanoDrift, lang: Lang) -> str:
    head, each = lead(row, lang, *([label(row.construct, lang)] if row.construct else [])), _sequence(row, lang)
    by, ends = (
        number(abs(100 * (row.value or 0)), 0),
        interval_words((100 * (row.low or 0), 100 * (row.high or 0)), row.conf, lang, 0),
    )
    if not row.drifted:
        no = (_UNCLEAR if row.p is not None else _NOBODY if row.same else _UNTESTED)[lang]
        head += no if head or lang != "en" else f"{no[0].upper()}{no[1:]}"
        return {"en": f"{head} ({each}).", "zh-Hant": f"{head}（{each}）。", "zh-Hans": f"{head}（{each}）。"}[lang]
    more = (row.value or 0) >= 0
    return {
        "en": f"{head}{each}. Without it, {by} {'more' if more else 'fewer'} of every 100 customers are dissatisfied "
        f"than at first ({ends}).",
        "zh-Hant": f"{head}{each}。沒有這項會不滿的顧客，每 100 位比起初{'多' if more else '少'} {by} 位（{ends}）。",
        "zh-Hans": f"{head}{each}。没有这项会不满的客户，每 100 位比起初{'多' if more else '少'} {by} 位（{ends}）。",
    }[lang]


_UNCLEAR: Final[Mapping[Lang, str]] = {
    "en": "no clear change of class",
    "zh-Hant": "類別沒有明顯變化",
    "zh-Hans": "类别没有明显变化",
}
_UNTESTED: Final[Mapping[Lang, str]] = {
    "en": "a change of class could not be tested, for all answers fall into one class",
    "zh-Hant": "所有回答都屬於同一類，無法檢定類別是否改變",
    "zh-Hans": "所有回答都属于同一类，无法检验类别是否改变",
}


_NOBODY: Final[Mapping[Lang, str]] = {
    "en": "a change of class could not be tested, for nobody’s class changed",
    "zh-Hant": "沒有人的類別改變，無法檢定類別是否改變",
    "zh-Hans": "没有人的类别改变，无法检验类别是否改变",
}


def _sequence(row: KanoDrift, lang: Lang) -> str:
    """The classes in turn, a wave with too few as a dash: "2024 attractive → 2025 must-be"."""
    return " → ".join(
        f"{wave} {label(TERMS[one], lang) if one else '–'}" for wave, one in zip(row.waves, row.categories, strict=True)
    )


def _draw(rows: Sequence[KanoDrift], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    if len(rows) == 1:
        return _course(rows[0], alt, lang)
    waves = _in_turn([row.waves for row in rows])
    named = [(_name(row, lang), dict(zip(row.waves, row.categories, strict=True))) for row in rows]
    return kp.sequence(named, waves, alt, lang)


def _in_turn(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The waves of all rows in an order that each of them keeps: that of their meaning where it is one, for a row may
    lack waves.
    """
    line = clear_timeline(wave for waves in rows for wave in waves)
    if line is not None and all(list(waves) == [wave for wave in line.names if wave in waves] for waves in rows):
        return list(line.names)
    rest, found = [list(waves) for waves in rows], list[str]()
    while rest := [waves for waves in rest if waves]:
        first = next(waves[0] for waves in rest if not any(waves[0] in others[1:] for others in rest))
        found.append(first)
        rest = [[wave for wave in waves if wave != first] for waves in rest]
    return found


def _name(row: KanoDrift, lang: Lang) -> str:
    return " · ".join((*(label(str(value), lang) for value in row.group.values()), label(row.construct or "all", lang)))


def _course(row: KanoDrift, alt: str, lang: Lang) -> Chart:
    """Better and |worse| of one feature from wave to wave."""
    missed = [None if value is None else -value for value in row.worse]
    ends = [None if pair is None else (-pair[1], -pair[0]) for pair in row.worse_intervals]
    lines = [
        Line(
            name=label("kano.with_it", lang), term="kano.with_it", points=_points(row, row.better, row.better_intervals)
        ),
        Line(name=label("kano.without_it", lang), term="kano.without_it", points=_points(row, missed, ends)),
    ]
    return courses(lines, axis=Axis(title="", low=0, high=1, format=".0%"), alt=alt, lang=lang)


def _points(row: KanoDrift, values: Sequence[float | None], ends: Sequence[iv.Interval | None]) -> list[Point]:
    return [
        Point(name=wave, value=value, low=pair and pair[0], high=pair and pair[1], n=sum(six.values()))
        for wave, value, pair, six in zip(row.waves, values, ends, row.counts, strict=True)
    ]


METHOD: Final = Method(
    id="kano_drift",
    version="1",
    row=KanoDrift,
    run=kano_drift,
    say=_say,
    draw=_draw,
    columns=("better_change", "sequence", "p", "p_adjusted"),
    checked="R 4.2.2 (prop.trend.test, chisq.test), Stuart–Maxwell by hand",
    key=("construct",),
)
