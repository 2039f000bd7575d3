"""The sentences of the method `portfolio`, of the whole set and of one initiative, in three languages."""

from __future__ import annotations

from typing import Any

from peakend.figures import number, percent
from peakend.result import lead
from peakend.result.words import interval_words
from peakend.terms import Lang, data_label, label


def say(row: Any, lang: Lang) -> str:
    """The sentence of one row."""
    return _say_whole(row, lang) if row.initiative is None else _say_one(row, lang)


def money(amount: float | None) -> str:
    """Two decimals where there are cents."""
    return number(amount or 0, 0 if amount is None or amount == int(amount) else 2)


def _ends(row: Any, lang: Lang) -> str:
    if row.low is None or row.high is None:
        return ""
    inside = interval_words((row.low, row.high), row.conf, lang)
    return {"en": f" ({inside})"}.get(lang, f"（{inside}）")


def _say_whole(row: Any, lang: Lang) -> str:
    names, stop = (row.optima or ((),))[0], {"en": ", "}.get(lang, "、")
    listed, value, spent, limit = (
        stop.join(data_label(name, lang) for name in names) or "–",
        number(row.value or 0),
        money(row.cost),
        money(row.budget),
    )
    head = {
        "en": f"{lead(row, lang)}Within {limit}, {len(names)} of {row.n}: {listed}. Worth {value}{_ends(row, lang)}, "
        f"for {spent}",
        "zh-Hant": f"{lead(row, lang)}預算 {limit} 內，{row.n} 項中選 {len(names)} 項：{listed}。價值 "
        f"{value}{_ends(row, lang)}，花費 {spent}",
        "zh-Hans": f"{lead(row, lang)}预算 {limit} 内，{row.n} 项中选 {len(names)} 项：{listed}。价值 "
        f"{value}{_ends(row, lang)}，花费 {spent}",
    }[lang]
    return f"{head}{_by_ratio(row, lang)}{_other_sets(row, lang)}{'.' if lang == 'en' else '。'}"


def _by_ratio(row: Any, lang: Lang) -> str:
    """What the usual shortcut would have lost; nothing where it loses nothing."""
    if row.by_ratio_value is None or number(row.by_ratio_value) == number(row.value or 0):
        return ""
    value = number(row.by_ratio_value)
    return {
        "en": f"; choosing by value per cost gives only {value}",
        "zh-Hant": f"；若只依價值成本比來選，只得 {value}",
        "zh-Hans": f"；若只按价值成本比来选，只得 {value}",
    }[lang]


def _other_sets(row: Any, lang: Lang) -> str:
    others = len(row.optima) - 1
    if others < 1:
        return ""
    if "more_sets" in row.warnings:
        return {
            "en": f"; more than {others} other sets are just as good",
            "zh-Hant": f"；另有超過 {others} 組同樣好",
            "zh-Hans": f"；另有超过 {others} 组同样好",
        }[lang]
    return {
        "en": f"; {others} other set{' is' if others == 1 else 's are'} just as good",
        "zh-Hant": f"；另有 {others} 組同樣好",
        "zh-Hans": f"；另有 {others} 组同样好",
    }[lang]


def _say_one(row: Any, lang: Lang) -> str:
    sure = "" if row.inclusion is None else percent(row.inclusion)
    words = label("chosen" if row.chosen else "not_chosen", lang)
    head = f"{lead(row, lang, data_label(row.initiative or '', lang))}{words}"
    value, cost = f"{number(row.value or 0)}{_ends(row, lang)}", money(row.cost)
    return {
        "en": f"{head}{sure and f' (in {sure} of resamples)'}; worth {value} for {cost}.",
        "zh-Hant": f"{head}{sure and f'（{sure} 的重抽樣中入選）'}；價值 {value}，花費 {cost}。",
        "zh-Hans": f"{head}{sure and f'（{sure} 的重抽样中入选）'}；价值 {value}，花费 {cost}。",
    }[lang]
