"""How a kind of question is called where one chooses among them, and what a new one says before anybody words it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from peakend.terms import Lang

from .control import Words

Group = Literal["score", "choice", "words", "pair"]


def in_three(en: str, hant: str, hans: str) -> Mapping[Lang, str]:
    """Words of a new question, written three times."""
    return {"en": en, "zh-Hant": hant, "zh-Hans": hans}


OTHERWISE: Final = in_three("How was it for you?", "您覺得如何？", "您觉得怎么样？")


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """A kind of question in words: its group, its name, what it is for, how its answer looks, and what a new one asks.

    `also_needs`: what a new one has beside what its kind cannot do without. `about_a_touchpoint`: whether it is about
    the touchpoint for which a survey is begun.
    """

    group: Group
    name: Words
    use: Words
    picture: str
    asks: Mapping[Lang, str] = field(default_factory=lambda: OTHERWISE)
    also_needs: frozenset[str] = frozenset()
    about_a_touchpoint: bool = False
