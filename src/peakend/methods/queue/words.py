"""The sentences of the method `queue`, of waits seen, promised and computed, in three languages."""

from __future__ import annotations

from typing import Any

from peakend.figures import many, number
from peakend.result import lead
from peakend.result.words import interval_by_days, interval_of_days
from peakend.terms import Lang, data_label


def say(row: Any, lang: Lang) -> str:
    """The sentence of one row."""
    about = lead(row, lang, *([data_label(row.touchpoint, lang)] if row.touchpoint else []))
    mean = number(row.value or 0.0)
    if row.steady is not None:
        told = _steady_words(row, lang)
    elif row.ahead is not None:
        span = _span(row, lang)
        told = {
            "en": f"with {row.ahead} ahead, {span} minutes to wait (mean {mean}, "
            f"{many(row.served or row.n, 'service')})",
            "zh-Hant": f"前面還有 {row.ahead} 位，約需等候 {span} 分鐘（平均 {mean} 分鐘，依據 {row.served or row.n:,} "
            "次服務）",
            "zh-Hans": f"前面还有 {row.ahead} 位，约需等候 {span} 分钟（平均 {mean} 分钟，依据 {row.served or row.n:,} "
            "次服务）",
        }[lang]
    else:
        told = _seen_words(row, mean, lang)
    first, end = told[0] if about else told[0].upper(), "." if lang == "en" else "。"
    return f"{about}{first}{told[1:]}{_kept_words(row, lang)}{end}"


def _span(row: Any, lang: Lang) -> str:
    return {"en": " to "}.get(lang, "–").join(number(part or 0.0) for part in (row.p50, row.p80))


def _seen_words(row: Any, mean: str, lang: Lang) -> str:
    said = interval_of_days((row.low, row.high), row.days, row.conf, lang)
    ends = f"{said}{'; ' if lang == 'en' else '；'}" if said else ""
    first = "" if row.horizon is None else number(row.horizon)
    within = {
        "en": f", of each wait the first {first} minutes counted",
        "zh-Hant": f"（每次最多計 {first} 分鐘）",
        "zh-Hans": f"（每次最多计 {first} 分钟）",
    }[lang]
    on_average = {
        "en": f"{mean} minutes of waiting on average "
        f"({ends}{many(row.n, 'wait')}{_open_words(row, lang)}){within if first else ''}",
        "zh-Hant": f"平均等候 {mean} 分鐘{within if first else ''}（{ends}{row.n:,} 次等候{_open_words(row, lang)}）",
        "zh-Hans": f"平均等候 {mean} 分钟{within if first else ''}（{ends}{row.n:,} 次等候{_open_words(row, lang)}）",
    }[lang]
    has, are = ("has", "is") if row.missing == 1 else ("have", "are")
    lost = {
        "en": f"; {row.missing:,} more {has} no end though something else came next, and {are} left out",
        "zh-Hant": f"；另有 {row.missing:,} 次沒有結束時間但之後已有其他紀錄，未計入",
        "zh-Hans": f"；另有 {row.missing:,} 次没有结束时间但之后已有其他记录，未计入",
    }[lang]
    return f"{on_average}{_to_tell(row, lang)}{lost if row.missing else ''}"


def _open_words(row: Any, lang: Lang) -> str:
    """How many of the waits are known to have been at least so long."""
    still = {"en": "{n:,} still waiting", "zh-Hant": "{n:,} 次尚未結束", "zh-Hans": "{n:,} 次尚未结束"}[lang]
    gone = {
        "en": "{n:,} left before being served",
        "zh-Hant": "{n:,} 次沒等到就離開",
        "zh-Hans": "{n:,} 次没等到就离开",
    }[lang]
    told = {"en": " and "}.get(lang, "、").join(
        words.format(n=n) for words, n in ((still, row.still_waiting), (gone, row.gave_up)) if n
    )
    return told and {"en": f", {told}", "zh-Hant": f"，其中 {told}", "zh-Hans": f"，其中 {told}"}[lang]


def _to_tell(row: Any, lang: Lang) -> str:
    """The range to tell customers; where too few have ended, no more than is known of it."""
    if row.p50 is None:
        return {
            "en": "; most wait longer than is known yet",
            "zh-Hant": "；多數人等候的時間比目前所知的更長",
            "zh-Hans": "；多数人等候的时间比目前所知的更长",
        }[lang]
    if row.p80 is None:
        least = number(row.p50)
        return {
            "en": f"; tell customers {least} minutes or more",
            "zh-Hant": f"；可告知顧客 {least} 分鐘以上",
            "zh-Hans": f"；可告知客户 {least} 分钟以上",
        }[lang]
    span = _span(row, lang)
    return {
        "en": f"; tell customers {span} minutes",
        "zh-Hant": f"；可告知顧客約 {span} 分鐘",
        "zh-Hans": f"；可告知客户约 {span} 分钟",
    }[lang]


def _steady_words(row: Any, lang: Lang) -> str:
    figures = row.steady or {}
    load, waiting, mean = (
        number(100 * figures["rho"], 0),
        number(100 * figures["erlang_C"], 0),
        number(row.value or 0.0, 3),
    )
    return {
        "en": f"the mean wait is {mean} of the unit of time in which the rates were given; "
        f"staff are busy {load}% of the time and {waiting}% of customers wait",
        "zh-Hant": f"平均等候 {mean}（單位與輸入的速率相同）；服務人員有 {load}% 的時間在忙，{waiting}% 的顧客需要等候",
        "zh-Hans": f"平均等候 {mean}（单位与输入的速率相同）；服务人员有 {load}% 的时间在忙，{waiting}% 的客户需要等候",
    }[lang]


def _kept_words(row: Any, lang: Lang) -> str:
    if row.kept is None:
        return ""
    share, ends = number(row.kept, 0), interval_by_days((row.kept_low, row.kept_high), row.kept_days, row.conf, lang, 0)
    return {
        "en": f"; of {many(row.promised, 'announced wait')} {share}% {'was' if row.promised == 1 else 'were'} kept "
        f"({ends}; aim for 80%)",
        "zh-Hant": f"；{row.promised:,} 次告知的等候時間有 {share}% 準時（{ends}；目標 80%）",
        "zh-Hans": f"；{row.promised:,} 次告知的等候时间有 {share}% 准时（{ends}；目标 80%）",
    }[lang]
