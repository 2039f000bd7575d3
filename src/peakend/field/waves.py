"""The waves of facts in order of time: by an order that was given, by what their names mean, or by when they were
answered.

Names that leave their order open ("pilot", "spring"), and parts of a year that do not say which year
("Dec", "Jan"), are put in order by their answers' days where these say it: each wave over before
the next begins. The rows then carry the warning `ordered_by_answers`. Else the order is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.figures import many
from peakend.periods import Timeline, lack_year, timeline
from peakend.reduce import GRAINS, tally
from peakend.terms import Lang, label

BY_ANSWERS: Final = "ordered_by_answers"
UNPLACED: Final = "answers_without_wave"
"""The warning of answers that are left out because they do not say to which of the groups compared they belong."""


def in_time(
    facts: Facts, across: str, names: Iterable[str], order: Sequence[str] = ()
) -> tuple[Timeline, tuple[str, ...]]:
    """These waves, values of the column `across`, in order of time; and the warning to carry where their answers' days
    say it.

    Raises what `periods.timeline` raises where neither names nor days say it.
    """
    listed = tuple(dict.fromkeys(names))
    try:
        line = timeline(listed, order)
        answered = (
            _by_answers(facts, across, listed) if not order and across not in GRAINS and lack_year(listed) else None
        )
        return (line, ()) if answered in {None, line.names} else (timeline(listed, answered or ()), (BY_ANSWERS,))
    except MethodError as refusal:
        if order or refusal.id == "periods.same" or across in GRAINS:
            raise
        answered = _by_answers(facts, across, listed)
        if answered is None:
            raise
        return timeline(listed, answered), (BY_ANSWERS,)


def _by_answers(facts: Facts, across: str, names: Sequence[str]) -> tuple[str, ...] | None:
    """The waves by their days; None where a day is not known, or where two waves overlap."""
    found: dict[str, list[str | None]] = {}
    for wave, day, *_ in tally(facts.where(state="answered"), (across, "day"), keys=()).cells:
        found.setdefault(str(wave), []).append(day)
    spans = {
        name: (min(map(str, own)), max(map(str, own))) for name in names if (own := found.get(name)) and None not in own
    }
    listed = sorted(spans, key=spans.__getitem__)
    apart = all(spans[one][1] < spans[two][0] for one, two in pairwise(listed))
    return tuple(listed) if apart and len(listed) == len(names) else None


def with_unplaced(sentence: str, n: int, across: str, lang: Lang) -> str:
    """The sentence of a row with how many answers are left out because they do not say to which of the groups compared
    they belong.
    """
    if not n:
        return sentence
    column = {"en": "day"}.get(lang, "日期") if across == "day" else label(across, lang)
    told = {
        "en": f"; {many(n, 'answer')} {'names' if n == 1 else 'name'} no {column} and {'is' if n == 1 else 'are'} left "
        "out",
        "zh-Hant": f"；另有 {n:,} 筆回答未註明{column}，未計入",
        "zh-Hans": f"；另有 {n:,} 条回答未注明{column}，未计入",
    }[lang]
    return f"{sentence.rstrip('.。')}{told}{'.' if lang == 'en' else '。'}"


def wave_words(across: str, wave: str, lang: Lang) -> str:
    """A wave in a sentence: its name; a bare number with the word that says what it counts."""
    if across != "wave" or not wave.strip().isdigit():
        return wave
    return {"en": f"wave {wave}", "zh-Hant": f"第 {wave} 波", "zh-Hans": f"第 {wave} 轮"}[lang]
