"""Service level: the share of waits, or of services that are timed, that ended within a time that was announced or
set as a standard.

A wait that ended is held against its limit to the microsecond. One that goes on, or was given up, counts as broken once
it has lasted longer, and is not judged before; where some go on, only events old enough are judged that they would have
been seen to last longer, for the quick ones of the last minutes would else be counted without the slow ones. The
waits of one day hang together, for where a queue stands all wait: the interval is Wilson's (1927) of as many waits as
tell as much alone, by how much days differ (`intervals.clusters`), and there is none of fewer than five days. Days are
taken to know nothing of one another. Checked against: R 4.2.2 with survey 4.1-1 for the interval, pandas 2 for what is
counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.field.data_warnings import says_repeated
from peakend.field.limits import KeptShare, share_kept, verdicts_by_day
from peakend.field.served import visits_without_failure
from peakend.figures import number
from peakend.instants import MINUTE
from peakend.options import checks_options
from peakend.reduce import durations
from peakend.result import Method, Result, Results, lead, picture
from peakend.result.words import grouped_words, interval_by_days
from peakend.sums import Counts
from peakend.terms import Lang, data_label, label
from peakend.thresholds import LOW_BASE

FAILURE: Final = "fail"
"""The kind of event that nobody wants: of it the visits are counted in which there was none."""


@dataclass(frozen=True, kw_only=True)
class ServiceLevel(Result):
    """The percent of the `n` events of a `kind` at one touchpoint that kept their limit; `kept` counts these. Of kind
    `fail` `n` counts visits, and `kept` those in which nothing failed there.

    `at_most` and `at_least` are the limit in minutes; None for both where each was held against the time that was
    promised for it. `undecided` events are not over and may yet keep it, or their end was not written down. The
    interval knows that events of one of the `days` hang together; there is none of fewer than five.
    """

    touchpoint: str | None = None
    kind: str = "wait"
    kept: int = 0
    at_most: float | None = None
    at_least: float | None = None
    undecided: int = 0
    days: int = 0


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
    a limit, of those for which a time was promised (the value of the event) the share that was over within it. Of kind
    `fail`, which lasts no time: the share of visits in which nothing failed at a touchpoint.

    Raises MethodError `service_level.limits` where both limits are given, `service_level.failures` for one with
    failures. Refuses `service_level.none` where fewer than two have ended, `service_level.no_promise` where no time was
    promised.
    """
    if at_most is not None and at_least is not None:
        raise MethodError("service_level.limits")
    if kind == FAILURE and not (at_most is at_least is None):
        raise MethodError("service_level.failures")
    groups = (by,) if isinstance(by, str) else tuple(by)
    everything = conform(events, "events").by_exact_day
    facts = everything.only(where)
    common = {"kind": kind, "at_most": at_most, "at_least": at_least, "conf": conf, "version": METHOD.definition}
    if kind == FAILURE:
        return Results(METHOD, tuple(_unfailing_rows(facts, groups, common)))
    # At least as long is not shorter: held against the longest time that is shorter.
    limit = at_most if at_least is None else (at_least * MINUTE - 1) / MINUTE
    keys = tuple(name for name in ("touchpoint", "day") if name not in groups)
    counts = durations(facts.where(kind=kind), groups, keys=keys, beside=everything, limit=limit, times=False)
    rows = [
        _row(
            part,
            common | {"group": MappingProxyType({n: cell[n] for n in groups}), "touchpoint": cell["touchpoint"]},
        )
        for cell, part in counts.split(*dict.fromkeys((*groups, "touchpoint")))
    ]
    return Results(METHOD, tuple(rows))


def _unfailing_rows(facts: Facts, groups: tuple[str, ...], common: Mapping[str, Any]) -> Iterable[ServiceLevel]:
    """The visits in which nothing failed, at each touchpoint where anything ever did."""
    by = tuple(name for name in groups if name != "touchpoint")
    for values, days in visits_without_failure(facts, by).items():
        cell = dict(zip((*by, "touchpoint"), values, strict=True))
        about = {"group": MappingProxyType({n: cell[n] for n in groups}), "touchpoint": cell["touchpoint"], **common}
        found = share_kept(days, common["conf"])
        if found is not None:
            yield _counted_row(found, 0, about)


def _row(part: Counts, common: Mapping[str, Any]) -> ServiceLevel:
    ended, open_ = (int(part.where(fate=fate).count.sum()) for fate in ("ended", "open"))
    found = share_kept(verdicts_by_day(part, open_), common["conf"], within=common["at_least"] is None)
    if ended < 2 or found is None:
        refusal = MethodError("service_level.none", n=ended) if ended < 2 else MethodError("service_level.no_promise")
        undecided = int(part.count.sum()) - (found.decided if found else 0)
        return ServiceLevel(value=None, low=None, high=None, n=0, undecided=undecided, refused=refusal, **common)
    return _counted_row(found, int(part.count.sum()) - found.decided, common)


def _counted_row(found: KeptShare, undecided: int, common: Mapping[str, Any]) -> ServiceLevel:
    flags = {"low_base": found.decided < LOW_BASE, "few_days": found.low is None}
    return ServiceLevel(
        value=found.value, low=found.low, high=found.high, n=found.decided, kept=found.within, days=found.days,
        undecided=undecided, warnings=tuple(name for name, held in flags.items() if held), **common,
    )  # fmt: skip


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: ServiceLevel, lang: Lang) -> str:
    about = lead(row, lang, *([data_label(row.touchpoint, lang)] if row.touchpoint else []))
    share = number(row.value or 0.0)
    ends = _sureness(row, lang)
    n = f"{row.n:,}"
    told = {
        "en": f"{share}% of {n} {_limit_words(row, lang)} ({ends})",
        "zh-Hant": f"{n} 次中有 {share}% {_limit_words(row, lang)}（{ends}）",
        "zh-Hans": f"{n} 次中有 {share}% {_limit_words(row, lang)}（{ends}）",
    }[lang]
    return f"{about}{told}{_undecided_words(row, lang)}{'.' if lang == 'en' else '。'}"


def _sureness(row: ServiceLevel, lang: Lang) -> str:
    """The interval, that days are its groups, and how many; without one, how many more it takes."""
    said = interval_by_days((row.low, row.high), row.days, row.conf, lang)
    if row.low is None:
        return said
    return f"{said}{'; ' if lang == 'en' else '；'}{grouped_words(row.days, lang)}"


def _limit_words(row: ServiceLevel, lang: Lang) -> str:
    if row.kind == FAILURE:
        return {"en": "visits went without a failure", "zh-Hant": "沒有發生失誤", "zh-Hans": "没有发生失误"}[lang]
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
    version="2",
    row=ServiceLevel,
    run=service_level,
    say=_say,
    draw=_draw,
    columns=("kept", "undecided", "days"),
    checked="R 4.2.2 with survey 4.1-1 for the interval, and pandas 2 for what is counted",
    key=("touchpoint",),
    reads="events",
)
