"""Service level: the share of waits, or of services that are timed, that ended within a time that was announced or
set as a standard.

A wait that ended is held against its limit to the microsecond. One that goes on, or was given up, counts as broken once
it has lasted longer, and is not judged before; where some go on, only events old enough are judged that they would have
been seen to last longer, for the quick ones of the last minutes would else be counted without the slow ones. The share
has Wilson's (1927) interval; waits of one hour hang together, so where a queue stands all day the truth is less sure
than it says. Checked against: the counts of Newcombe 1998 for the interval, pandas 2 for what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend import intervals as iv
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.field.data_warnings import says_repeated
from peakend.field.limits import verdicts
from peakend.figures import number
from peakend.instants import MINUTE
from peakend.options import checks_options
from peakend.reduce import durations
from peakend.result import Method, Result, Results, lead, picture
from peakend.result.words import interval_words
from peakend.sums import Counts
from peakend.terms import Lang, data_label, label
from peakend.thresholds import LOW_BASE


@dataclass(frozen=True, kw_only=True)
class ServiceLevel(Result):
    """The percent of the `n` events at one touchpoint that kept their limit; `kept` counts these.

    `at_most` and `at_least` are the limit in minutes; None for both where each was held against the time that was
    promised for it. `undecided` events are not over and may yet keep it, or their end was not written down.
    """

    touchpoint: str | None = None
    kept: int = 0
    at_most: float | None = None
    at_least: float | None = None
    undecided: int = 0


@checks_options
@says_repeated
def service_level(
    events: Any,
    by: Sequence[str] | str = (),
    *,
    where: Mapping[str, Any] | None = None,
    kind: str = "wait",
    at_most: float | None = None,
    at_least: float | None = None,
    conf: float = 0.95,
) -> Results[ServiceLevel]:
    """The share of events of a kind that lasted at most, or at least, so many minutes, by group and touchpoint; without
    a limit, of those for which a time was promised (the value of the event) the share that was over within it.

    Raises MethodError `service_level.limits` where both are given. Refuses `service_level.none` where fewer than two
    have ended, `service_level.no_promise` where no time was promised.
    """
    if at_most is not None and at_least is not None:
        raise MethodError("service_level.limits")
    groups = (by,) if isinstance(by, str) else tuple(by)
    everything = conform(events, "events")
    facts = everything.only(where)
    # At least as long is not shorter: held against the longest time that is shorter.
    limit = at_most if at_least is None else (at_least * MINUTE - 1) / MINUTE
    keys = tuple(name for name in ("touchpoint",) if name not in groups)
    counts = durations(facts.where(kind=kind), groups, keys=keys, beside=everything, limit=limit)
    common = {"at_most": at_most, "at_least": at_least, "conf": conf, "version": METHOD.definition}
    rows = [
        _row(
            part,
            common | {"group": MappingProxyType({n: cell[n] for n in groups}), "touchpoint": cell["touchpoint"]},
        )
        for cell, part in counts.split(*dict.fromkeys((*groups, "touchpoint")))
    ]
    return Results(METHOD, tuple(rows))


def _row(part: Counts, common: Mapping[str, Any]) -> ServiceLevel:
    ended, open_ = (int(part.where(fate=fate).count.sum()) for fate in ("ended", "open"))
    within, decided = verdicts(part, open_)
    kept = decided - within if common["at_least"] is not None else within
    about = {**common, "n": decided, "kept": kept, "undecided": int(part.count.sum()) - decided}
    refusal = (
        MethodError("service_level.none", n=ended)
        if ended < 2
        else MethodError("service_level.no_promise")
        if not decided
        else None
    )
    if refusal:
        return ServiceLevel(value=None, low=None, high=None, refused=refusal, **{**about, "n": 0, "kept": 0})
    low, high = iv.wilson(kept, decided, common["conf"]) or (0.0, 1.0)
    warnings = ("low_base",) if decided < LOW_BASE else ()
    return ServiceLevel(value=100 * kept / decided, low=100 * low, high=100 * high, warnings=warnings, **about)


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: ServiceLevel, lang: Lang) -> str:
    about = lead(row, lang, *([data_label(row.touchpoint, lang)] if row.touchpoint else []))
    share = number(row.value or 0.0)
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang)
    n = f"{row.n:,}"
    told = {
        "en": f"{share}% of {n} {_limit_words(row, lang)} ({ends})",
        "zh-Hant": f"{n} 次中有 {share}% {_limit_words(row, lang)}（{ends}）",
        "zh-Hans": f"{n} 次中有 {share}% {_limit_words(row, lang)}（{ends}）",
    }[lang]
    return f"{about}{told}{_undecided_words(row, lang)}{'.' if lang == 'en' else '。'}"


def _limit_words(row: ServiceLevel, lang: Lang) -> str:
    if row.at_most is not None:
        minutes = f"{row.at_most:g}"
        return {
            "en": f"took at most {minutes} min",
            "zh-Hant": f"在 {minutes} 分鐘以內",
            "zh-Hans": f"在 {minutes} 分钟以内",
        }[lang]
    if row.at_least is not None:
        minutes = f"{row.at_least:g}"
        return {
            "en": f"took at least {minutes} min",
            "zh-Hant": f"至少 {minutes} 分鐘",
            "zh-Hans": f"至少 {minutes} 分钟",
        }[lang]
    return {
        "en": "kept the time that was announced",
        "zh-Hant": "符合當時告知的時間",
        "zh-Hans": "符合当时告知的时间",
    }[lang]


def _undecided_words(row: ServiceLevel, lang: Lang) -> str:
    if not row.undecided:
        return ""
    return {
        "en": f"; {row.undecided:,} more cannot be judged",
        "zh-Hant": f"；另有 {row.undecided:,} 次無法判斷",
        "zh-Hans": f"；另有 {row.undecided:,} 次无法判断",
    }[lang]


def _draw(rows: Sequence[ServiceLevel], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    axis = Axis(title=label("service_level.axis", lang), format=".0f", low=0.0, high=100.0)
    return picture(rows, axis, lang, "touchpoint", alt=alt)


METHOD: Final = Method(
    id="service_level",
    version="1",
    row=ServiceLevel,
    run=service_level,
    say=_say,
    draw=_draw,
    columns=("kept", "undecided"),
    checked="the counts of Newcombe 1998 for the interval, and pandas 2 for what is counted",
    key=("touchpoint",),
    reads="events",
)
