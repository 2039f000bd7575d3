"""The sentences of the method `queue`, of waits seen, promised and computed, in three languages."""

from __future__ import annotations

from typing import Any

from peakend.result import interval_words, lead, number
from peakend.terms import Lang, label


def say(row: Any, lang: Lang) -> str:
    """The sentence of one row."""
    about = lead(row, lang, *([label(row.touchpoint, lang)] if row.touchpoint else []))
    span = {"en": " to "}.get(lang, "–").join(number(part or 0.0) for part in (row.p50, row.p80))
    mean = number(row.value or 0.0)
    if row.steady is not None:
        told = _steady_words(row, lang)
    elif row.ahead is not None:
        told = {
            "en": f"with {row.ahead} ahead, {span} minutes to wait (mean {mean}, {row.served or row.n:,} services)",
            "zh-Hant": f"前面還有 {row.ahead} 位，約需等候 {span} 分鐘（平均 {mean} 分鐘，依據 {row.served or row.n:,} 次服務）",
            "zh-Hans": f"前面还有 {row.ahead} 位，约需等候 {span} 分钟（平均 {mean} 分钟，依据 {row.served or row.n:,} 次服务）",
        }[lang]
    else:
        ends = "" if row.low is None or row.high is None else f"{interval_words((row.low, row.high), row.conf, lang)}{', ' if lang == 'en' else '，'}"
        told = {
            "en": f"{mean} minutes of waiting on average ({ends}{row.n:,} waits); tell customers {span} minutes",
            "zh-Hant": f"平均等候 {mean} 分鐘（{ends}{row.n:,} 次等候）；可告知顧客約 {span} 分鐘",
            "zh-Hans": f"平均等候 {mean} 分钟（{ends}{row.n:,} 次等候）；可告知客户约 {span} 分钟",
        }[lang]
    return f"{about}{told[0].upper() if not about else told[0]}{told[1:]}{_kept_words(row, lang)}{'.' if lang == 'en' else '。'}"


def _steady_words(row: Any, lang: Lang) -> str:
    figures = row.steady or {}
    load, waiting = number(100 * figures["rho"], 0), number(100 * figures["erlang_C"], 0)
    return {
        "en": f"the mean wait is {number(row.value or 0.0, 3)}; staff are busy {load}% of the time and {waiting}% of customers wait",
        "zh-Hant": f"平均等候 {number(row.value or 0.0, 3)}；服務人員有 {load}% 的時間在忙，{waiting}% 的顧客需要等候",
        "zh-Hans": f"平均等候 {number(row.value or 0.0, 3)}；服务人员有 {load}% 的时间在忙，{waiting}% 的客户需要等候",
    }[lang]


def _kept_words(row: Any, lang: Lang) -> str:
    if row.kept is None or row.kept_low is None or row.kept_high is None:
        return ""
    share, ends = number(row.kept, 0), interval_words((row.kept_low, row.kept_high), row.conf, lang, 0)
    return {
        "en": f"; of {row.promised:,} announced waits {share}% were kept ({ends}; aim for 80%)",
        "zh-Hant": f"；{row.promised:,} 次告知的等候時間有 {share}% 準時（{ends}；目標 80%）",
        "zh-Hans": f"；{row.promised:,} 次告知的等候时间有 {share}% 准时（{ends}；目标 80%）",
    }[lang]
