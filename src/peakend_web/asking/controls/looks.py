"""How a scale can look beside plain buttons: the words and the drawings of its steps, which say nothing but the step.

A face is a neutral line with a mouth that bends with the step; no colour tells good from bad. Each step has its words,
for whoever hears the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy, ngettext

from peakend.service.looks import LookName

from .control import Words

AGREEMENT: Final[tuple[Words, ...]] = (
    gettext_lazy("Strongly disagree"),
    gettext_lazy("Disagree"),
    gettext_lazy("Somewhat disagree"),
    gettext_lazy("Neither agree nor disagree"),
    gettext_lazy("Somewhat agree"),
    gettext_lazy("Agree"),
    gettext_lazy("Strongly agree"),
)
"""The seven steps of agreement."""
MOODS: Final[tuple[Words, ...]] = (
    gettext_lazy("Very unhappy"),
    gettext_lazy("Unhappy"),
    gettext_lazy("Somewhat unhappy"),
    gettext_lazy("Neither happy nor unhappy"),
    gettext_lazy("Somewhat happy"),
    gettext_lazy("Happy"),
    gettext_lazy("Very happy"),
)
"""What the seven faces say."""
OF_SEVEN: Final[Mapping[int, Sequence[int]]] = MappingProxyType(
    {3: (1, 3, 5), 4: (0, 1, 5, 6), 5: (0, 1, 3, 5, 6), 6: (0, 1, 2, 4, 5, 6), 7: range(7)}
)
"""Which of seven steps are shown, by how many there are; the middle one only where there is a middle."""
STAR: Final = "M12 2.6l2.9 6 6.5.9-4.7 4.6 1.1 6.5L12 17.5l-5.8 3.1 1.1-6.5L2.6 9.5l6.5-.9z"
_HEAD: Final = "M2 12a10 10 0 1 0 20 0a10 10 0 1 0-20 0M8.5 9v.8M15.5 9v.8"


def shape_of(look: LookName | None) -> str:
    """What its steps are drawn as; empty where they are written."""
    return look if look in ("stars", "faces") else ""


def words_of(look: LookName | None, at: int, many: int) -> Words | None:
    """What a step is called, the first of so many being 0; None where it is called by its number."""
    match look:
        case "stars":
            return ngettext("%d star", "%d stars", at + 1) % (at + 1)
        case "faces":
            return MOODS[OF_SEVEN[many][at]]
        case "agreement":
            return AGREEMENT[OF_SEVEN[many][at]]
    return None


def drawing_of(look: LookName | None, at: int, many: int) -> str:
    """The path of a step's drawing in a square of 24; empty where it is written."""
    match look:
        case "stars":
            return STAR
        case "faces":
            bend = OF_SEVEN[many][at] - 3
            return f"{_HEAD}M7.5 {15.5 - 0.4 * bend:g}q4.5 {1.6 * bend:g} 9 0"
    return ""
