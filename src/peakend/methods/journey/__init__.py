"""The journey as it is walked: where visits go from each step, how long that takes, where they end, and where they come
back.

Who directly follows whom within a visit, in order of time. A visit is lost where it ends without having reached the
goal (by default the step that most visits end at; an event there without a time counts as reached, too); a step's
figure is the percent of the visits that reached it and were lost there. A return is a step come back to after another
one; a repetition follows itself. The time to the next step is waiting or service as its event's own duration says. A
case's changes are events too: `activity="kind"` with the kinds open and answer gives response times. Checked against:
visits walked by hand, Wilson 1927 for the share that is lost; the kernel `follows` against SQL by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend import intervals as iv
from peakend.draw import Axis, Chart, Point, bars
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.field.data_warnings import says_repeated
from peakend.figures import many, number
from peakend.options import checks_options
from peakend.reduce import durations, follows, visits_untimed_at
from peakend.result import TOTAL, Method, Result, Results, group_words, lead
from peakend.result.words import duration_words, interval_words
from peakend.sums import Group, Steps
from peakend.terms import Lang, data_label, label
from peakend.thresholds import LOW_BASE

from .flow import Flow, Step, flow, losses
from .picture import map_of

MOST_WAYS: Final = 10
ALL_REACH: Final = "all_reach_goal"
"""The warning of a loss that is nothing because no visit without the goal is in the data."""
Activity = Literal["touchpoint", "kind", "indicator", "channel", "site"]


@dataclass(frozen=True, kw_only=True)
class Journey(Result):
    """One step, or (`TOTAL`) the whole: `value` is the percent of the `n` visits that reached it and were lost there
    (Wilson's interval).

    `starts` and `ends` count visits that begin and end there, `returned` the percent that come back to it after another
    step, `repeats` how often it follows itself. `next` holds a mapping for each step that follows: step, count, share
    (percent of the ways on), mean (minutes), and within which range the median and P80 of the time lie (p50, p80:
    [from, to], tallied by powers of two). `waiting` and `serving` are mean minutes of its events of kind wait and
    serve, without the `unended` ones that have no end (`queue` counts those too). On the whole, `variants` counts the
    ways that are walked and `ways` holds the commonest; `minutes` is the mean time from first to last step, `tied`
    counts events at one instant with another step, `untimed` events that have no time and are in no path, and `unseen`
    visits that reached the goal at such an event. Where every visit reaches the goal the warning `all_reach_goal` says
    that the share lost is none the data could show otherwise: it is no finding.
    """

    step: str
    starts: int = 0
    ends: int = 0
    lost: int = 0
    goal: str = ""
    returned: float | None = None
    repeats: int = 0
    next: tuple[Mapping[str, Any], ...] = ()
    waiting: float | None = None
    serving: float | None = None
    unended: int = 0
    variants: int | None = None
    ways: tuple[Mapping[str, Any], ...] = ()
    minutes: float | None = None
    tied: int = 0
    untimed: int = 0
    unseen: int = 0


@checks_options
@says_repeated
def journey(
    events: Any,
    by: Sequence[str] | str = (),
    *,
    where: Mapping[str, Any] | None = None,
    activity: Activity = "touchpoint",
    only: tuple[str, ...] = (),
    goal: str | None = None,
    conf: float = 0.95,
) -> Results[Journey]:
    """The steps of each group, the whole first, then in the order in which visits reach them.

    `activity` says what a step is; `only` keeps these steps alone: `activity="kind", only=("open", "answer")` for the
    time to an answer. `goal` is the step that a visit should reach. Events at one instant stand in the order of
    delivery (the rows of a file, or a column `order`), else in that of their names, and are counted; so are events
    without a time. Raises MethodError `journey.goal` for a goal that no visit reaches, `journey.none` where no event
    names a step.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    everything = conform(events, "events")
    facts = everything.only(where)
    facts = facts.with_names("only", only or None, activity)
    found = follows(facts, groups, activity=activity, delivered=True)
    if not found:
        raise MethodError("journey.none", activity=activity)
    flows = _without_unseen_goal(
        {group: flow(steps, goal) for group, steps in found.items() if steps.starts}, facts, groups, activity, found
    )
    spans, known, rows = _spans(facts, groups, activity, everything), facts.delivery is not None, list[Journey]()
    for group, steps in found.items():
        cell = dict(zip(groups, group, strict=True))
        if not steps.starts:
            rows.append(_untimed_row(cell, steps.untimed, conf))
            continue
        whole, *others = _rows(flows[group], cell, spans.get(group, {}), conf)
        flags = {
            "ties_as_delivered": steps.tied and known,
            "ties_by_name": steps.tied and not known,
            "events_without_time": steps.untimed,
        }
        warnings = (*whole.warnings, *(name for name, held in flags.items() if held))
        rows += [replace(whole, warnings=warnings, tied=steps.tied, untimed=steps.untimed), *others]
    return Results(METHOD, tuple(rows))


def _without_unseen_goal(
    flows: Mapping[Group, Flow], facts: Facts, by: tuple[str, ...], activity: str, found: Mapping[Group, Steps]
) -> dict[Group, Flow]:
    """The flows without the loss of visits that reached the goal at an event that has no time."""
    told = dict(flows)
    for goal in sorted({one.goal for group, one in flows.items() if one.lost and found[group].untimed}):
        unseen = visits_untimed_at(facts, activity, goal)
        ways = follows(facts.where(visit=unseen), by, activity=activity, delivered=True) if unseen else {}
        told |= {
            group: flows[group].without(losses(ways[group], goal))
            for group in ways
            if group in flows and flows[group].goal == goal
        }
    return told


def _untimed_row(cell: Mapping[str, str | None], events: int, conf: float) -> Journey:
    """A group none of whose events has a time."""
    refusal = MethodError("journey.untimed", n=events)
    return Journey(
        group=MappingProxyType(dict(cell)), step=TOTAL, value=None, low=None, high=None, n=0, untimed=events,
        refused=refusal,
        warnings=("events_without_time",), conf=conf, version=METHOD.definition,
    )  # fmt: skip


Span = tuple[float | None, int]
"""Mean minutes of what has ended, None where nothing has, and how many have not."""


def _spans(
    facts: Facts, by: tuple[str, ...], activity: str, everything: Facts
) -> dict[Group, dict[tuple[str, str], Span]]:
    """How long the events of kind wait and serve took, by group and (step, kind)."""
    keys = tuple(dict.fromkeys(name for name in (activity, "kind") if name not in by))
    sums: dict[Group, dict[tuple[str, str], list[float]]] = {}
    counts = durations(facts.where(kind=("wait", "serve")), by, keys=keys, beside=everything)
    for cell, count, seconds in zip(counts.cells, counts.count.tolist(), counts.weight.tolist(), strict=True):
        named = dict(zip(counts.keys, cell, strict=True))
        held = sums.setdefault(tuple(cell[: len(by)]), {}).setdefault((named[activity], named["kind"]), [0.0, 0.0, 0.0])
        ended = named["fate"] == "ended"
        held[:] = held[0] + count * ended, held[1] + seconds / 60 * ended, held[2] + count * (not ended)
    return {
        group: {key: (minutes / n if n else None, int(open_)) for key, (n, minutes, open_) in found.items()}
        for group, found in sums.items()
    }


def _rows(
    found: Flow, group: Mapping[str, str | None], spans: Mapping[tuple[str, str], Span], conf: float
) -> list[Journey]:
    """The rows of one group. Where every visit reaches the goal, all of them say so: whoever is asked or seen there has
    got there.
    """
    common: dict[str, Any] = {
        "group": MappingProxyType(dict(group)),
        "goal": found.goal,
        "version": METHOD.definition,
        "conf": conf,
    }
    ways = tuple(
        MappingProxyType({"steps": way, "count": n, "share": 100 * n / found.visits})
        for way, n in found.ways[:MOST_WAYS]
    )
    whole = Journey(
        step=TOTAL, **_loss_fields(found.lost, found.visits, conf), starts=found.visits, ends=found.visits,
        variants=found.variants, ways=ways,
        minutes=found.minutes, unseen=found.unseen, **common,
    )  # fmt: skip
    rows = [
        whole,
        *(
            _step(name, step, spans, {**common, **_loss_fields(step.lost, step.visits, conf)})
            for name, step in found.steps.items()
        ),
    ]
    return rows if found.lost else [replace(row, warnings=(*row.warnings, ALL_REACH)) for row in rows]


def _step(name: str, step: Step, spans: Mapping[tuple[str, str], Span], common: Mapping[str, Any]) -> Journey:
    (waiting, still), (serving, going) = (spans.get((name, kind), (None, 0)) for kind in ("wait", "serve"))
    return Journey(
        step=name, starts=step.starts, ends=step.ends, returned=100 * step.returned / step.visits,
        repeats=step.repeats, next=step.next,
        waiting=waiting, serving=serving, unended=still * (waiting is not None) + going * (serving is not None),
        **common,
    )  # fmt: skip


def _loss_fields(lost: int, visits: int, conf: float) -> dict[str, Any]:
    low, high = iv.wilson(lost, visits, conf) or (None, None)
    warnings = ("low_base",) if visits < LOW_BASE else ()
    ends = {"low": None if low is None else 100 * low, "high": None if high is None else 100 * high}
    return {"value": 100 * lost / visits, "n": visits, "lost": lost, "warnings": warnings, **ends}


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Journey, lang: Lang) -> str:
    share = number(row.value or 0.0)
    ends = "" if row.low is None or row.high is None else interval_words((row.low, row.high), row.conf, lang)
    if ALL_REACH in row.warnings:
        text = _all_reach_words(row, lang)
    elif row.step == TOTAL:
        goal, most = data_label(row.goal, lang), _hardly(row, lang)
        text = {
            "en": f"{lead(row, lang)}{most} of {many(row.n, 'visit')} {'ends' if row.n == 1 else 'end'} before {goal} "
            f"({ends}); {_paths(row)}",
            "zh-Hant": f"{lead(row, lang)}{row.n:,} 次體驗中{most}在到達「{goal}」之前就結束（{ends}）；共有 "
            f"{row.variants:,} 種路徑",
            "zh-Hans": f"{lead(row, lang)}{row.n:,} 次体验中{most}在到达“{goal}”之前就结束（{ends}）；共有 "
            f"{row.variants:,} 种路径",
        }[lang]
    else:
        back, lost = number(row.returned or 0.0), "is lost" if row.n == 1 else "are lost"
        head = lead(row, lang, data_label(row.step, lang))
        text = {
            "en": f"{head}{share}% of {many(row.n, 'visit')} {lost} here ({ends}), {back}% come back to it",
            "zh-Hant": f"{head}{row.n:,} 次體驗中有 {share}% 在此流失（{ends}），{back}% 會再回到這一步",
            "zh-Hans": f"{head}{row.n:,} 次体验中有 {share}% 在此流失（{ends}），{back}% 会再回到这一步",
        }[lang]
    return f"{text}{_onward(row, lang)}{_left_open(row, lang)}{'.' if lang == 'en' else '。'}"


def _all_reach_words(row: Journey, lang: Lang) -> str:
    """Where all reach the goal: how many there are, and no share of what is lost, which the data could not show."""
    if row.step == TOTAL:
        goal, head = data_label(row.goal, lang), lead(row, lang)
        return {
            "en": f"{head}{_all(row, 'all' if head else 'All', 'the' if head else 'The')} {goal}: if people are asked "
            "or seen only there, "
            f"nobody who is lost on the way is among them; {_paths(row)}",
            "zh-Hant": f"{head}資料中的 {row.n:,} 次體驗全部到達「{goal}」；若只在該處詢問或記錄，"
            "中途離開的人不會在資料裡；"
            f"共有 {row.variants:,} 種路徑",
            "zh-Hans": f"{head}数据中的 {row.n:,} 次体验全部到达“{goal}”；如果只在该处询问或记录，"
            "中途离开的人不会在数据里；"
            f"共有 {row.variants:,} 种路径",
        }[lang]
    head, back = lead(row, lang, data_label(row.step, lang)), number(row.returned or 0.0)
    again = {
        "en": f", {back}% come back to it",
        "zh-Hant": f"，{back}% 會再回到這一步",
        "zh-Hans": f"，{back}% 会再回到这一步",
    }[lang]
    reached = {
        "en": f"{many(row.n, 'visit')} {'reaches' if row.n == 1 else 'reach'} it",
        "zh-Hant": f"{row.n:,} 次體驗到達",
        "zh-Hans": f"{row.n:,} 次体验到达",
    }[lang]
    return f"{head}{reached}{again if row.returned else ''}"


def _all(row: Journey, every: str, the: str) -> str:
    return f"{the} one visit in these data reaches" if row.n == 1 else f"{every} {row.n:,} visits in these data reach"


def _paths(row: Journey) -> str:
    return "there is one path" if row.variants == 1 else f"there are {row.variants:,} different paths"


def _left_open(row: Journey, lang: Lang) -> str:
    """How many events share their instant, and how their order was taken; how many have no time."""
    tied, untimed, as_delivered = f"{row.tied:,}", f"{row.untimed:,}", "ties_as_delivered" in row.warnings
    order = (
        ", in the order of delivery"
        if as_delivered
        else "; which came first is unknown, so they are taken by their names"
    )
    at_once = {
        "en": f"; {tied} events happened at the same time as another step{order}",
        "zh-Hant": f"；有 {tied} 筆事件與另一步驟同時發生，"
        f"{'依資料順序排列' if as_delivered else '先後不明，依名稱排列'}",
        "zh-Hans": f"；有 {tied} 条事件与另一步骤同时发生，"
        f"{'按数据顺序排列' if as_delivered else '先后不明，按名称排列'}",
    }[lang]
    never = {
        "en": f"; {untimed} event{' has' if row.untimed == 1 else 's have'} no time and "
        f"{'is' if row.untimed == 1 else 'are'} left out",
        "zh-Hant": f"；有 {untimed} 筆事件沒有時間，未計入",
        "zh-Hans": f"；有 {untimed} 条事件没有时间，未计入",
    }[lang]
    endless = {
        "en": f"; {row.unended:,} of its waits and services have no end and are not in its minutes",
        "zh-Hant": f"；這一步有 {row.unended:,} 次等候或服務沒有結束時間，未計入分鐘數",
        "zh-Hans": f"；这一步有 {row.unended:,} 次等候或服务没有结束时间，未计入分钟数",
    }[lang]
    reached = {
        "en": f"; {row.unseen:,} visit{' reaches' if row.unseen == 1 else 's reach'} {data_label(row.goal, lang)} "
        f"without a time and {'is' if row.unseen == 1 else 'are'} not lost",
        "zh-Hant": f"；有 {row.unseen:,} 次體驗到達「{data_label(row.goal, lang)}」但沒有時間，不算流失",
        "zh-Hans": f"；有 {row.unseen:,} 次体验到达“{data_label(row.goal, lang)}”但没有时间，不算流失",
    }[lang]
    parts = ((row.tied, at_once), (row.untimed, never), (row.unseen, reached), (row.unended, endless))
    return "".join(words for count, words in parts if count)


def _hardly(row: Journey, lang: Lang) -> str:
    """The share that is lost; one that would be written as zero in words."""
    share = f"{number(row.value or 0.0)}%"
    if share == "0.0%":
        return {"en": "Almost none" if not row.group else "almost none", "zh-Hant": "幾乎沒有", "zh-Hans": "几乎没有"}[
            lang
        ]
    return {"en": share, "zh-Hant": f"有 {share} ", "zh-Hans": f"有 {share} "}[lang]


def _onward(row: Journey, lang: Lang) -> str:
    """Where most go from here, and how long it takes them; of how many, where not all go on."""
    if not row.next:
        return ""
    on, total = row.next[0], sum(one["count"] for one in row.next)
    of = {"en": "then", "zh-Hant": "接著", "zh-Hans": "接着"}[lang]
    if total != row.n:
        of = {
            "en": f"of the {total:,} times that visits go on,",
            "zh-Hant": f"繼續的 {total:,} 次中",
            "zh-Hans": f"继续的 {total:,} 次中",
        }[lang]
    then, share, minutes = data_label(on["step"], lang), number(on["share"], 0), duration_words(on["mean"], lang)
    return {
        "en": f"; {of} {share}% go to {then}, {minutes} later on average",
        "zh-Hant": f"；{of} {share}% 前往「{then}」，平均 {minutes}後",
        "zh-Hans": f"；{of} {share}% 前往“{then}”，平均 {minutes}后",
    }[lang]


def _draw(rows: Sequence[Journey], lang: Lang) -> Chart:
    wholes = [row for row in rows if row.step == TOTAL]
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    steps = [row for row in rows if row.step != TOTAL]
    if len(wholes) == 1 and len(steps) > 1:
        return map_of(
            [(row.step, row.n, row.lost) for row in steps],
            [(row.step, on["step"], on["count"], on["mean"]) for row in steps for on in row.next],
            lang, alt=alt,
        )  # fmt: skip
    points = [
        Point(
            name=group_words(row, lang) or data_label(row.step, lang),
            value=row.value,
            low=row.low,
            high=row.high,
            n=row.n,
        )
        for row in wholes or rows
    ]
    return bars(points, axis=Axis(title=label("journey.lost", lang), format=".1f"), alt=alt, lang=lang)


METHOD: Final = Method(
    id="journey",
    version="1",
    row=Journey,
    run=journey,
    say=_say,
    draw=_draw,
    columns=("starts", "ends", "returned", "repeats", "waiting", "serving", "variants"),
    checked="R 4.2.2 (table, prop.test); visits walked by hand; Wilson 1927 for the share that is lost; the kernel "
    "against SQL by hand",
    key=("step",),
    reads="events",
)
