"""Whether an improvement is there: two waves of one construct compared, the difference with its interval before any p.

Means by Welch (1947), shares by Newcombe's (1998) interval with χ², or Fisher's p where few are expected, net promoter
scores by adjusted Wald (Rocks 2016). Beside each stand what needs no distances: how often an answer after is higher
than one before, Mann–Whitney's p, and the shift of Hodges & Lehmann. Where the same people were asked twice (`paired`),
each is compared with themself: by Student's paired t, shares by McNemar's (1947) exact test and Bonett & Price's (2012)
interval, ranks by Wilcoxon's. Several constructs are held to one chance of a false finding (Holm 1979). Checked
against: R 4.2.2 (prop.test, fisher.test, wilcox.test, kruskal.test, t.test, binom.test), PropCIs 0.3-0, NPS 1.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend import intervals as iv
from peakend.change import FEWEST_A_SIDE, Change, is_clear, through_time, unit_words
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import cell_figures, ratings
from peakend.field.cell_figures import Coding
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Ratings
from peakend.field.waves import UNPLACED, in_time, wave_words, with_unplaced
from peakend.figures import number
from peakend.maths.ranks import hodges_lehmann, kruskal_wallis
from peakend.options import checks_options
from peakend.result import Method, Results, points
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

from . import couples as cp
from .couples import Couples

POWER: Final = 0.8
SEVERAL: Final = 3
"""From so many constructs on, the lowest one is taken as chosen because it was the lowest."""


@dataclass(frozen=True, kw_only=True)
class Verify(Change):
    """The change of one construct from one wave to another; other fields as in `result.Change`.

    `p_adjusted` is p held to the `family` of constructs compared. `shift` is Hodges and Lehmann's, with its ends;
    `waves` and `p_waves` ask whether any of all waves differ (χ² of shares, Kruskal–Wallis of answers). `detectable` is
    the least change that so many answers would have found four times in five. `regression` is how much of the change is
    expected of a construct so far from the others even if nothing had changed. `weighted` is the change of the weighted
    figures: value, low, high, p, and n with n_eff (Kish) of the side that has fewer. `people` is how many were asked in
    both waves where these were compared with themselves, and `alone` how many answered in one wave only and are left
    out; `unplaced` answers name no wave.
    """

    construct: str | None = None
    before_wave: str | None = None
    after_wave: str | None = None
    across: str = "wave"
    p_adjusted: float | None = None
    family: int = 1
    shift: float | None = None
    shift_low: float | None = None
    shift_high: float | None = None
    waves: int = 2
    p_waves: float | None = None
    detectable: float | None = None
    regression: float | None = None
    weighted: Mapping[str, float | None] | None = None
    unplaced: int = 0
    people: int | None = None
    alone: int | None = None

    @property
    def in_time(self) -> bool:
        """Whether the two sides are waves."""
        return through_time(self.across, (self.before_wave, self.after_wave))

    def sides(self, lang: Lang = "en") -> tuple[str, str]:
        """The waves compared."""
        return wave_words(self.across, self.before_wave or "", lang), wave_words(
            self.across, self.after_wave or "", lang
        )


@checks_options
@says_weights
def verify(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: tuple[str, ...] | str | None = None,
    across: str = "wave",
    before: str | None = None,
    after: str | None = None,
    order: tuple[str, ...] = (),
    figure: cell_figures.Figure | None = None,
    boxes: int | None = None,
    chosen_as_worst: bool = False,
    paired: bool = False,
    conf: float = 0.95,
) -> Results[Verify]:
    """after − before of each construct in each group, between the first and the last wave unless others are named.

    Waves are the values of the column `across` (a time grain as "quarter" will do), in order of time: as `order` lists
    them, else by what their names mean, else by the days of their answers (`field.waves`). A side with fewer than ten
    answers refuses. `chosen_as_worst` says that the constructs were picked because they were low, which warns. Raises
    MethodError `verify.waves` where there are not two waves, `verify.wave` where the one named is not there.
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name not in {across, "construct"})
    scores = cell_figures.scores(answers, where, construct)
    parts = ratings.ratings_by(scores, (*groups, across))
    waves = tuple(dict.fromkeys(str(part.group[across]) for part in parts if part.group[across] is not None))
    ends, warned = _ends(scores, across, waves, before=before, after=after, order=order)
    found: dict[tuple[Any, ...], dict[str, Ratings]] = {}
    unplaced: dict[tuple[Any, ...], int] = {}
    for part in parts:
        key = (*(part.group[name] for name in groups), part.construct)
        if part.group[across] is None:
            unplaced[key] = part.n
        else:
            found.setdefault(key, {})[str(part.group[across])] = part

    def group(key: tuple[Any, ...]) -> dict[str, str | None]:
        return dict(zip(groups, key[:-1], strict=True))

    same = cp.couples(scores, groups, across, ends) if paired else None
    rows = []
    for key, own in found.items():
        row = _comparison_row(
            group(key),
            own,
            ends,
            coded=_coding_of(figure, boxes),
            conf=conf,
            same=None if same is None else same.get(key, cp.NOBODY),
        )
        warnings = (*row.warnings, *warned, *((UNPLACED,) if unplaced.get(key) else ()))
        rows.append(replace(row, across=across, unplaced=unplaced.get(key, 0), warnings=warnings))
    return Results(METHOD, tuple(_family(rows, chosen_as_worst=chosen_as_worst)))


def _ends(
    scores: Facts, across: str, found: Sequence[str], *, before: str | None, after: str | None, order: Sequence[str]
) -> tuple[tuple[str, str], tuple[str, ...]]:
    """The two waves to compare, and the warning that their order carries. Where both are named no order is
    asked for.
    """
    waves: Sequence[str] = found
    warned: tuple[str, ...] = ()
    if len(set(found) - {before, after}) > 1 or (len(found) > 1 and before is after is None):
        line, warned = in_time(scores, across, found, order)
        waves = line.names
    for wave in (before, after):
        if wave is not None and wave not in waves:
            raise MethodError("verify.wave", across=across, wave=wave, found=", ".join(waves) or "–")
    if before is not None and before == after:
        raise MethodError("verify.same", across=across, found=before)
    rest = [wave for wave in waves if wave not in {before, after}]
    one = before or next(iter(rest), None)
    two = after or next((wave for wave in reversed(rest) if wave != one), None)
    if one is None or two is None:
        raise MethodError("verify.waves", across=across, found=", ".join(waves) or "–")
    return (one, two), warned


def _comparison_row(
    group: Mapping[str, str | None],
    own: Mapping[str, Ratings],
    ends: tuple[str, str],
    *,
    coded: CodingOf,
    conf: float,
    same: Couples | None,
) -> Verify:
    construct = next(iter(own.values())).construct
    old, new = (
        own.get(wave) or Ratings(construct=construct, values=(), counts=(), weight=(), weight2=()) for wave in ends
    )
    fixed: dict[str, Any] = {
        "group": MappingProxyType(dict(group)), "construct": construct, "before_wave": ends[0], "after_wave": ends[1],
        **{name: count + new.unused_counts()[name] for name, count in old.unused_counts().items()},
    }  # fmt: skip
    coding, refusal = coded([*own.values()])
    if same is not None:
        return _of_same(
            same,
            coding,
            refusal or cp.enough(same, dict(zip(("before", "after"), ends, strict=True)), FEWEST_A_SIDE),
            conf,
            fixed,
        )
    if coding is None or min(old.n, new.n) < FEWEST_A_SIDE:
        refusal = refusal or MethodError("change.too_few", before=old.n, after=new.n, fewest=FEWEST_A_SIDE)
        measure = coding.figure if coding else "mean"
        return Verify(
            value=None, low=None, high=None, p=None, before=None, after=None, measure=measure, unit="scale_point",
            test="", clear=False,
            refused=refusal, n=old.n + new.n, n_before=old.n, n_after=new.n, conf=conf, version=METHOD.definition,
            **fixed,
        )  # fmt: skip
    return change_between(old, new, coding, conf=conf, **fixed, **_all_waves(list(own.values()), coding))


def _of_same(
    same: Couples, coding: Coding | None, refusal: MethodError | None, conf: float, fixed: Mapping[str, Any]
) -> Verify:
    """The change of people who were asked twice; `n` counts the answers of both, as everywhere."""
    about: dict[str, Any] = {
        **fixed, "n": 2 * same.n, "n_before": same.n, "n_after": same.n, "people": same.n, "alone": same.alone,
        "conf": conf, "version": METHOD.definition,
        "measure": coding.figure if coding else "mean",
        "unit": cell_figures.UNITS[coding.figure] if coding else "scale_point",
    }  # fmt: skip
    if coding is None or refusal is not None:
        return Verify(
            value=None,
            low=None,
            high=None,
            p=None,
            before=None,
            after=None,
            test="",
            clear=False,
            refused=refusal,
            **about,
        )
    (test, value, ends, p), (before, after), (higher, p_rank) = (
        cp.paired_change(same, coding, conf),
        cp.means(same, coding),
        cp.ranks(same),
    )
    low, high = ends or (None, None)
    return Verify(
        value=value, low=low, high=high, p=p, before=before, after=after, test=test,
        clear=is_clear(ends),
        higher=higher, p_rank=p_rank, detectable=_detectable(ends, conf), warnings=_warnings_of(same.n, ends), **about,
    )  # fmt: skip


def _detectable(ends: iv.Interval | None, conf: float) -> float | None:
    return (
        None
        if ends is None
        else (ends[1] - ends[0]) / 2 / iv.z_quantile(conf) * (iv.z_quantile(conf) + iv.z_quantile(2 * POWER - 1))
    )


def _warnings_of(fewest: int, ends: iv.Interval | None) -> tuple[str, ...]:
    return tuple(name for name, held in {"low_base": fewest < LOW_BASE, "no_spread": ends is None}.items() if held)


CodingOf = Callable[[Sequence[Ratings]], tuple[Coding | None, MethodError | None]]


def _coding_of(figure: cell_figures.Figure | None, boxes: int | None) -> CodingOf:
    """How the answers of some waves are read, or why they cannot be."""

    def coded(parts: Sequence[Ratings]) -> tuple[Coding | None, MethodError | None]:
        try:
            return cell_figures.coding_of(parts, figure, boxes), None
        except MethodError as refusal:
            return None, refusal

    return coded


def change_between(old: Ratings, new: Ratings, coding: Coding, *, conf: float = 0.95, **fixed: Any) -> Verify:
    """The change between two tallies, tested as their figure wants it."""
    first, last = coding.value(old) or 0.0, coding.value(new) or 0.0
    test, ends, p = cell_figures.compare(old, new, coding, conf)
    value = last - first
    low, high = (min(ends[0], value), max(ends[1], value)) if ends else (None, None)
    values = sorted({*old.values, *new.values})
    one, two = ([dict(zip(r.values, r.counts, strict=True)).get(v, 0) for v in values] for r in (old, new))
    rank, (shift, *reached) = iv.mann_whitney(two, one), hodges_lehmann(values, two, one, conf) or (None, None, None)
    return Verify(
        value=value, low=low, high=high, p=p, before=first, after=last, measure=coding.figure,
        unit=cell_figures.UNITS[coding.figure], test=test,
        clear=is_clear(ends), higher=iv.superiority(two, one),
        p_rank=rank.p if rank else None,
        shift=shift, shift_low=reached[0], shift_high=reached[1],
        weighted=cell_figures.weighted_change(old, new, coding, conf),
        detectable=_detectable(ends, conf),
        n=old.n + new.n, n_before=old.n, n_after=new.n, conf=conf, version=METHOD.definition,
        warnings=_warnings_of(min(old.n, new.n), ends), **fixed,
    )  # fmt: skip


def _all_waves(parts: Sequence[Ratings], coding: Coding) -> dict[str, Any]:
    """Whether any of all waves differ."""
    held = [part for part in parts if part.n]
    if coding.figure == "top_box":
        test = iv.shares_test([coding.yes(part) for part in held], [part.n for part in held]) if len(held) > 1 else None
    else:
        values = sorted({v for part in held for v in part.values})
        test = kruskal_wallis(
            [[dict(zip(part.values, part.counts, strict=True)).get(v, 0) for v in values] for part in held]
        )
    return {"waves": len(held), "p_waves": test.p if test else None}


# --- several constructs -----------------------------------------------------------------------------------------------


def _family(rows: Sequence[Verify], *, chosen_as_worst: bool) -> list[Verify]:
    """p held to the family of all rows; what the lowest construct of each group gains by having been the lowest."""
    tested = [row for row in rows if row.p is not None]
    adjusted = dict(zip(map(id, tested), iv.holm([row.p for row in tested if row.p is not None]), strict=True))
    found = []
    for row in rows:
        others = [
            one for one in rows if one.group == row.group and one.measure == row.measure and one.before is not None
        ]
        pull = _regression(row, others)
        lowest = (
            len(others) >= SEVERAL
            and row.before is not None
            and row.before == min(one.before for one in others if one.before is not None)
        )
        warned = row.value is not None and row.value > 0 and (chosen_as_worst or lowest)
        warnings = (*row.warnings, *(["regression_to_the_mean"] if warned else []))
        found.append(
            replace(row, p_adjusted=adjusted.get(id(row)), family=len(tested), regression=pull, warnings=warnings)
        )
    return found


def _regression(row: Verify, others: Sequence[Verify]) -> float | None:
    """How far the figure before is expected to come back to the mean of all: noise/(noise + true spread) of the way
    (James & Stein 1961).
    """
    if row.before is None or row.detectable is None or len(others) < SEVERAL:
        return None
    before = np.array([one.before for one in others], dtype=float)
    noise = (
        (row.detectable / (iv.z_quantile(row.conf) + iv.z_quantile(2 * POWER - 1))) ** 2
        * row.n_after
        / (row.n_before + row.n_after)
    )
    spread = float(before.var(ddof=1))
    return float((before.mean() - row.before) * (min(1.0, noise / spread) if spread > 0 else 1.0))


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Verify, lang: Lang) -> str:
    return with_unplaced(_change_words(row, lang), row.unplaced, row.across, lang)


def _change_words(row: Verify, lang: Lang) -> str:
    about = dict.fromkeys(
        label(name, lang) for name in (row.construct, row.measure, "the_same_people" if row.people else None) if name
    )
    told = row.text(lang, *about)
    if "regression_to_the_mean" not in row.warnings or row.regression is None:
        return told
    pull, unit = number(abs(row.regression), 2), unit_words(row.unit, lang)
    return {
        "en": f"{told[:-1]}; {pull} of it would have come anyway, because the lowest tend to rise by themselves.",
        "zh-Hant": f"{told[:-1]}；其中約 {pull}{unit}是「最低者自然回升」，不算改善的成果。",
        "zh-Hans": f"{told[:-1]}；其中约 {pull}{unit}是“最低者自然回升”，不算改进的成果。",
    }[lang]


def _draw(rows: Sequence[Verify], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    units = {row.unit for row in rows if row.value is not None}
    title = (
        label("change", lang)
        if len(units) != 1
        else f"{label('change', lang)} · {label(next(r.measure for r in rows if r.value is not None), lang)}"
    )
    axis = Axis(title=title, format="+.2f" if units == {"scale_point"} else "+.1f")
    return dots(
        points(rows, lang, "construct"),
        axis=axis,
        alt=alt,
        lang=lang,
        reference=0.0,
        reference_name=label("no_change", lang),
    )


METHOD: Final = Method(
    id="verify",
    version="1",
    row=Verify,
    run=verify,
    say=_say,
    draw=_draw,
    columns=("before_wave", "after_wave", "before", "after", "p", "p_adjusted", "higher", "p_rank", "detectable"),
    checked="R 4.2.2 (prop.test, fisher.test, wilcox.test), PropCIs 0.3-0, NPS 1.1",
    key=("construct",),
    twin="weighted",
)
