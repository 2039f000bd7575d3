"""What may be chosen in a field: one of the values of the schema, or another part of the document, each with what the
reader calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.text import capfirst

from peakend.service.edits.kinds import key_at, values_of
from peakend.service.edits.names import name_of
from peakend.terms import label, vocabulary
from peakend_web.base.languages import reader_language
from peakend_web.design.queries import words_in

from .part_fields import Field
from .setting import Setting

Choice = tuple[str, Any]

NAMED_IN: Final[Mapping[str, str]] = {
    "owner": "stakeholders",
    "channels": "channels",
    "who": "stakeholders",
    "fails": "failures",
    "touches": "touchpoints",
    "touchpoint": "touchpoints",
    "touchpoints": "touchpoints",
    "where": "channels",
    "step": "steps",
    "persona": "personas",
    "personas": "personas",
    "feature": "features",
    "segment": "segments",
    "construct": "constructs",
    "after": "touchpoints",
    "features": "features",
}
"""The kind of part that stands under a key which names one."""

_TERMS: Final[Mapping[str, str]] = {"designed_as": "map", "state": "moment"}
"""Under which name the vocabulary keeps the values of a key, where that is not the key's."""


def choices(at: Setting, field: Field) -> list[Choice]:
    """What may be chosen, with nothing first where nothing is usual; what stands there is among it, whatever it is."""
    known = [*_values(at, field), *part_choices(at, field)]
    here = at.working.value(field.target, field.path)
    strange = [(str(here), str(here))] if here is not None and str(here) not in dict(known) else []
    return [*([] if field.usual else [("", "—")]), *known, *strange]


def part_choices(at: Setting, field: Field) -> list[Choice]:
    """The parts that may be named in a field, with what they are called."""
    kind = field.kind or ("" if "segment." in field.path else NAMED_IN.get(field.last_key, ""))
    return list(at.titles(kind).items()) if kind else []


def value_name(key: str, value: str) -> str:
    """What a value of a key is called."""
    name = f"{_TERMS.get(key, key)}.{'standard' if value == 'standard set' else value.replace(' ', '_')}"
    return capfirst(label(name, reader_language())) if name in vocabulary() else value


def _values(at: Setting, field: Field) -> Iterator[Choice]:
    around, _dot, last = field.path.rpartition(".")
    if around == "segment":
        yield from _of_segment(at, last)
        return
    if field.last_key == "per":
        yield "visits", label("failures.per_visits", reader_language())
    key = key_at(at.working.held(field.target).kind.model, field.path)
    yield from ((value, value_name(field.last_key, value)) for value in field.values or values_of(key))


def _of_segment(at: Setting, segment: str) -> Iterator[Choice]:
    for part in at.working.parts(name_of("segments", segment), "values"):
        yield part["id"], words_in(part["title"], at.lang)
