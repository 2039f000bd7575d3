"""How the kinds of question are called where one chooses among them: what each is for, and a small picture of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peakend.service.edits import WorkingDocument
from peakend_web.asking.new_questions import new_question

Words = str | Promise


@dataclass(frozen=True)
class KindWords:
    """A kind of question in words: its name, what it is for, and how its answer looks."""

    id: str
    name: Words
    use: Words
    picture: str


GROUPS: Final[Sequence[tuple[Words, Sequence[KindWords]]]] = (
    (
        _("A score"),
        (
            KindWords("nps", _("Recommendation"), _("Would they recommend you, 0 to 10"), "0 1 … 10"),
            KindWords("csat", _("Satisfaction"), _("How satisfied they are, 1 to 5"), "1 2 3 4 5"),
            KindWords("ces", _("Effort"), _("Whether it was easy, 1 to 7"), "1 … 7"),
            KindWords("rating", _("Rating"), _("Anything on a scale of your own"), "1 2 3 4 5"),
            KindWords("touchpoint_rating", _("Touchpoints"), _("Rate one or several touchpoints"), "▤ 1…5"),
            KindWords("matrix", _("Table"), _("Several lines on one scale"), "▦"),
        ),
    ),
    (
        _("A choice"),
        (
            KindWords("single_choice", _("One of several"), _("One option is chosen"), "◉ ○ ○"),
            KindWords("multi_choice", _("Any of several"), _("Any number of options is ticked"), "☑ ☐ ☑"),
            KindWords("ranking", _("Order"), _("What comes first, second, third"), "1. 2. 3."),
            KindWords("points", _("Points to share out"), _("What matters, with 100 points to give"), "60 + 40"),
        ),
    ),
    (
        _("In their own words"),
        (
            KindWords("text", _("Words"), _("A comment, or why"), "✎"),
            KindWords("number", _("Number"), _("Minutes, nights, a price"), "12"),
            KindWords("date", _("Day"), _("When it was"), "▣"),
        ),
    ),
    (
        _("A method's own pair"),
        (
            KindWords("servqual", _("Expected and found"), _("What excellent services do, and yours"), "↕"),
            KindWords("zone", _("Adequate, desired, found"), _("The zone of tolerance"), "↧ ↥"),
            KindWords("importance", _("Importance and performance"), _("How much it matters, and how it was"), "⚖"),
            KindWords("kano", _("Feature, there or not"), _("How they would feel with it and without it"), "± "),
        ),
    ),
)
"""The kinds in the groups in which one meets them."""

BY_ID: Final[Mapping[str, KindWords]] = {kind.id: kind for _group, kinds in GROUPS for kind in kinds}


def kinds_to_add(working: WorkingDocument) -> Iterator[tuple[Words, list[KindWords]]]:
    """The kinds of which a question can be added to a survey of this document, by group."""
    for group, kinds in GROUPS:
        found = [kind for kind in kinds if new_question(working, kind.id) is not None]
        if found:
            yield group, found
