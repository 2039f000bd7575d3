"""The sentences of the method `peak_end`, one kind of row a function, in three languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from peakend.figures import many, number, signed_number
from peakend.result import lead
from peakend.result.words import interval_words
from peakend.terms import Lang, label


def _evidence(row: Any, lang: Lang, digits: int = 2) -> str:
    """The bracket behind a figure: its interval where it has one, and how many visits stand behind it."""
    visits = {"en": many(row.n, "visit"), "zh-Hant": f"{row.n:,} 次體驗", "zh-Hans": f"{row.n:,} 次体验"}[lang]
    parts = [visits] if row.low is None else [interval_words((row.low, row.high), row.conf, lang, digits), visits]
    return f" ({', '.join(parts)})" if lang == "en" else f"（{'，'.join(parts)}）"


def _feature(row: Any, lang: Lang) -> str:
    name, r, behind, head = label(row.about, lang), number(row.value, 2), _evidence(row, lang), lead(row, lang)
    told = {
        "en": f"{head}{'the' if head else 'The'} remembered score correlates with {name} at r = {r}{behind}",
        "zh-Hant": f"{head}回憶評價與「{name}」的相關為 {r}{behind}",
        "zh-Hans": f"{head}回忆评价与“{name}”的相关系数为 {r}{behind}",
    }[lang]
    return told + (_verdict(row, lang) if row.verdict else "") + ("." if lang == "en" else "。")


def _verdict(row: Any, lang: Lang) -> str:
    """Peak and end against the mean: better, worse, or no clear difference."""
    mean, difference = number(row.r_mean, 2), signed_number(row.against_mean["value"], 2)
    if row.against_mean["low"] is not None:
        ends = interval_words((row.against_mean["low"], row.against_mean["high"]), row.conf, lang, 2)
        difference += f", {ends}" if lang == "en" else f"，{ends}"
    said = {
        "untested": {
            "en": ", which could not be compared with the mean of all moments: in every visit the two go together",
            "zh-Hant": "，無法與全程平均比較：兩者在每次體驗中完全一致",
            "zh-Hans": "，无法与全程平均比较：两者在每次体验中完全一致",
        },
        "alike": {
            "en": ", and with the mean of all moments as well",
            "zh-Hant": "，與全程平均不相上下",
            "zh-Hans": "，与全程平均不相上下",
        },
        "peak_end": {
            "en": ", more than with the mean of all moments",
            "zh-Hant": "，高於全程平均",
            "zh-Hans": "，高于全程平均",
        },
        "mean": {
            "en": ", less than with the mean of all moments",
            "zh-Hant": "，低於全程平均",
            "zh-Hans": "，低于全程平均",
        },
    }[row.verdict][lang]
    gap = {"en": f" (r = {mean}; difference {difference})"}.get(lang, f"（r = {mean}；相差 {difference}）")
    return f"{said}{gap}"


def _model(row: Any, lang: Lang) -> str:
    name, off, fit, head = (
        label(row.about, lang),
        number(row.value, 2),
        number(100 * row.adjusted_r2, 1),
        lead(row, lang),
    )
    visits = _evidence(row, lang)
    return {
        "en": f"{head}{name[0].upper()}{name[1:]}: a visit the model has not seen is predicted with an error of about "
        f"{off} points{visits}; "
        f"adjusted R² {fit}%.",
        "zh-Hant": f"{head}{name}：用來預測新的一次體驗，誤差約 {off} 分{visits}；調整後 R² 為 {fit}%。",
        "zh-Hans": f"{head}{name}：用来预测新的一次体验，误差约 {off} 分{visits}；调整后 R² 为 {fit}%。",
    }[lang]


def _edit(row: Any, lang: Lang) -> str:
    name, change, behind, head = (
        label(row.about, lang),
        signed_number(row.value, 2),
        _evidence(row, lang),
        lead(row, lang),
    )
    raised, risen = number(row.raised, 1), number(row.risen, 2)
    return {
        "en": f"{head}{name[0].upper()}{name[1:]} raised by {raised} where the scale has room ({risen} per visit): "
        f"the remembered score is predicted to change by {change}"
        f"{behind}, if the association is causal.",
        "zh-Hant": f"{head}「{name}」在量表容許範圍內提高 {raised} 分（平均每次體驗 {risen} 分）："
        f"若兩者確有因果，回憶評價預計變動 {change} 分{behind}。",
        "zh-Hans": f"{head}“{name}”在量表允许范围内提高 {raised} 分（平均每次体验 {risen} 分）："
        f"若两者确有因果，回忆评价预计变动 {change} 分{behind}。",
    }[lang]


def _end_words(row: Any, lang: Lang) -> str:
    name, share, behind, head = label(row.about, lang), number(row.value), _evidence(row, lang, 1), lead(row, lang)
    drop = signed_number(row.drop, 2)
    return {
        "en": f"{head}Of the visits that end at {name}, {share}% end below the middle of the scale{behind}; the last "
        f"moment is {drop} from "
        "the visit's mean.",
        "zh-Hant": f"{head}在「{name}」結束的體驗中，{share}% 的結尾低於量表中點{behind}；結尾與該次平均相差 {drop} "
        "分。",
        "zh-Hans": f"{head}在“{name}”结束的体验中，{share}% 的结尾低于量表中点{behind}；结尾与该次平均相差 {drop} 分。",
    }[lang]


SENTENCES: Final[Mapping[str, Callable[[Any, Lang], str]]] = {
    "features": _feature,
    "models": _model,
    "what_if": _edit,
    "endings": _end_words,
}
