"""The sentences of the method `drivers`, in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from peakend.figures import number, percent
from peakend.result import evidence, lead
from peakend.terms import Lang, data_label, label

ALL: Final = 0.995
_VISITS: Final[Mapping[Lang, str]] = {
    "en": " Customers who did not use a touchpoint are in the model as “not used”.",
    "zh-Hant": "未使用某接觸點的顧客，以「未使用」納入模型，不補值。",
    "zh-Hans": "未使用某触点的客户，以“未使用”纳入模型，不做插补。",
}
_SURE: Final[Mapping[Lang, str]] = {
    "en": " (in {percent} of resamples)",
    "zh-Hant": "，在{percent} 的重抽樣中排第一",
    "zh-Hans": "，在{percent} 的重抽样中排第一",
}
_BETWEEN: Final[Mapping[Lang, str]] = {
    "en": "between places {first} and {last} of {of} (not told apart from {others})",
    "zh-Hant": "第 {first} 至第 {last} 之間（共 {of} 項，與{others}分不出先後）",
    "zh-Hans": "第 {first} 至第 {last} 之间（共 {of} 项，与{others}分不出先后）",
}
_UNTESTED: Final[Mapping[Lang, str]] = {
    "en": "in place {at} of {of} by the figures alone (too few answers to test the order)",
    "zh-Hant": "第 {at}（共 {of} 項；只看數字，回答太少，無法檢定先後）",
    "zh-Hans": "第 {at}（共 {of} 项；只看数字，回答太少，无法检验先后）",
}
_TOGETHER: Final[Mapping[Lang, str]] = {
    "en": " It can hardly be told apart from {names}: together they account for {percent}%.",
    "zh-Hant": "它與{names}難以區分，合為一項共占 {percent}%。",
    "zh-Hans": "它与{names}难以区分，合为一项共占 {percent}%。",
}


def say(row: Any, lang: Lang) -> str:
    """One driver: what improving it is worth, its share of what is explained, how much that is, what it cannot be told
    apart from, and how absence was counted.
    """
    if row.ranked == 1:
        return _alone(row, lang)
    told = _share_words(row, lang) if row.worth_rank is None else _worth(row, lang)
    return told + _alike(row, lang) + (_VISITS[lang] if row.model == "visits" else "")


def _alone(row: Any, lang: Lang) -> str:
    """Of one touchpoint alone nothing comes first."""
    name, outcome, head = data_label(row.driver, lang), label(row.outcome, lang), lead(row, lang)
    whole = number(100 * (row.r2 or 0))
    return {
        "en": f"{head}{name} is the only touchpoint with enough answers, so none can be put first; "
        f"it explains {whole}% of the differences in “{outcome}”.",
        "zh-Hant": f"{head}只有「{name}」的回答足夠，因此無法排出先後；它可解釋「{outcome}」評分差異的 {whole}%。",
        "zh-Hans": f"{head}只有“{name}”的回答足够，因此无法排出先后；它可解释“{outcome}”评分差异的 {whole}%。",
    }[lang]


def _worth(row: Any, lang: Lang) -> str:
    """Where its scale is known: use and room first, the share second."""
    name, outcome = data_label(row.driver, lang), label(row.outcome, lang)
    percent, whole, use = number(row.percent or 0), number(100 * (row.r2 or 0)), number(100 * (row.visit_rate or 0), 0)
    head, ends, room = lead(row, lang), evidence(in_percent(row), lang), number(row.headroom or 0, 2)
    place = _place(row, lang)
    return {
        "en": f"{head}{name} comes {place} for improvement: {use}% use it, it is {room} points below the top of its "
        "scale, and it accounts for "
        f"{percent}% of what the touchpoints explain of “{outcome}”{ends}; together they explain {whole}% of its "
        "differences.",
        "zh-Hant": f"{head}「{name}」的改善優先順序為{place}：{use}% 的顧客使用過，離滿分尚有 {room} 分，"
        f"占各接觸點解釋力的 {percent}%{ends}；"
        f"各接觸點合計可解釋「{outcome}」評分差異的 {whole}%。",
        "zh-Hans": f"{head}“{name}”的改进优先顺序为{place}：{use}% 的客户使用过，离满分还有 {room} 分，"
        f"占各触点解释力的 {percent}%{ends}；"
        f"各触点合计可解释“{outcome}”评分差异的 {whole}%。",
    }[lang]


def _place(row: Any, lang: Lang) -> str:
    """Its place by priority; of the first also in how many resamples it was that. Where others cannot be told from it,
    the places it may have.
    """
    at, of = row.worth_rank, row.ranked
    if row.places is None:
        return _UNTESTED[lang].format(at=at, of=of)
    if row.not_apart:
        first, last = row.places
        return _BETWEEN[lang].format(first=first, last=last, of=of, others=_names_of(row.not_apart, lang))
    sure = "" if at != 1 or row.p_worth is None else _SURE[lang].format(percent=_often(row.p_worth, lang))
    return {
        "en": f"{'first' if at == 1 else f'number {at}'} of {of}{sure}",
        "zh-Hant": f"第 {at}（共 {of} 項{sure}）",
        "zh-Hans": f"第 {at}（共 {of} 项{sure}）",
    }[lang]


def _often(share: float, lang: Lang) -> str:
    """A share of resamples in percent, with the space that Chinese sets before a figure; all of them are no
    certainty.
    """
    if share < ALL:
        return f"{'' if lang == 'en' else ' '}{percent(share)}"
    return {"en": "over 99%", "zh-Hant": "超過 99%", "zh-Hans": "超过 99%"}[lang]


def _share_words(row: Any, lang: Lang) -> str:
    """Where no scale was stated: the share alone."""
    name, outcome = data_label(row.driver, lang), label(row.outcome, lang)
    percent, whole = number(row.percent or 0), number(100 * (row.r2 or 0))
    head, ends = lead(row, lang), evidence(in_percent(row), lang)
    return {
        "en": f"{head}{name} accounts for {percent}% of what the touchpoints explain of “{outcome}”{ends}; "
        f"together they explain {whole}% of its differences.",
        "zh-Hant": f"{head}「{name}」占各接觸點解釋力的 {percent}%{ends}；各接觸點合計可解釋「{outcome}」評分差異的 "
        f"{whole}%。",
        "zh-Hans": f"{head}“{name}”占各触点解释力的 {percent}%{ends}；各触点合计可解释“{outcome}”评分差异的 {whole}%。",
    }[lang]


def _alike(row: Any, lang: Lang) -> str:
    """What inflates it, and is told with it as one."""
    if not row.together:
        return ""
    names = _names_of([name for name in row.together if name != row.driver], lang)
    return _TOGETHER[lang].format(names=names, percent=number(row.together_percent))


def _names_of(ids: Sequence[str], lang: Lang) -> str:
    """Drivers by their names, with the marks of the language."""
    names = [data_label(name, lang) for name in ids]
    return {
        "en": ", ".join(names),
        "zh-Hant": "、".join(f"「{name}」" for name in names),
        "zh-Hans": "、".join(f"“{name}”" for name in names),
    }[lang]


def in_percent(row: Any) -> Any:
    """The row on the scale of the sentence and the picture: percent of R²."""
    return row if not row.r2 else replace(row, value=row.percent, low=row.percent_low, high=row.percent_high)
