"""What changed in a draft since somebody looked: the steps that were kept since, and the fields that they set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from peakend.service.edits import WorkingDocument
from peakend_web.models import Draft, DraftStep, Person

MOST_STEPS: Final = 200
"""Whoever is further behind loads the page again."""


def steps_since(draft: Draft, since: int) -> list[DraftStep]:
    """The steps after one, with who did each."""
    return list(draft.steps.filter(seq__gt=since).select_related("person").order_by("seq")[: MOST_STEPS + 1])


def place_in_words(working: WorkingDocument, target: str) -> tuple[int, int]:
    """At which place a part stands in its list, and how many stand there."""
    held = working.held(target)
    names = working.names_in(held.around, held.key)
    return names.index(target) + 1, len(names)


def values_of(
    working: WorkingDocument, steps: Iterable[DraftStep], reader: Person
) -> Iterator[tuple[str, str, str, Any, str]]:
    """The fields that steps set, as they are now: part, field, language, value, and who else than the reader set each
    last.
    """
    found: dict[tuple[str, str, str], str] = {}
    for step in steps:
        for effect in step.effects:
            if effect["does"] == "set" and working.has(effect["target"]):
                found[effect["target"], effect["field"], effect.get("lang", "")] = other_than(step, reader)
    for (target, path, lang), who in found.items():
        there = working.value(target, path)
        if lang:
            there = there.get(lang) if isinstance(there, dict) else None
        yield target, path, lang, there, who


def other_than(step: DraftStep, reader: Person) -> str:
    """Who did a step; nobody's name where it was the reader, whom others may be called like."""
    return "" if step.person_id == reader.pk else step.person.name
