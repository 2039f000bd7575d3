"""The kinds of question in the groups in which one meets them when a question is added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.service.edits import WorkingDocument
from peakend_web.asking.controls.control import Words
from peakend_web.asking.controls.kind_words import Group, KindWords
from peakend_web.asking.kinds import WORDS
from peakend_web.asking.new_questions import new_question

GROUPS: Final[Mapping[Group, Words]] = {
    "score": _("A score"),
    "choice": _("A choice"),
    "words": _("In their own words"),
    "pair": _("A method's own pair"),
}


def kinds_to_add(working: WorkingDocument) -> Iterator[tuple[Words, list[tuple[str, KindWords]]]]:
    """The kinds of which a question can be added to a survey of this document, by group, with their ids."""
    for group, title in GROUPS.items():
        kinds = ((kind, words) for kind, words in WORDS.items() if words.group == group)
        found = [(kind, words) for kind, words in kinds if new_question(working, kind) is not None]
        if found:
            yield title, found
