"""What an instrument is: whom it asks what, when to use it, which methods read it, and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from peakend.documents.parts import Id, Many, Part, Text, Word
from peakend.facts.shape import Respondent
from peakend.instruments.placeholders import filled
from peakend.instruments.subjects import SAMPLE, Each
from peakend.service.schema import Construct, Segment
from peakend.service.surveys import Item
from peakend.terms import LANGUAGES


class _Repeated(Part):
    """What an item carries beside the keys of a question."""

    for_each: Each | None = None


def _look_at_question(data: dict[str, Any]) -> dict[str, Any]:
    """An item of an instrument is one of a survey once the name of a part stands in it."""
    _Repeated.model_validate({key: value for key, value in data.items() if key == "for_each"})
    Item.model_validate(filled(without_repetition(data), SAMPLE, LANGUAGES))
    return data


Question = Annotated[dict[str, Any], AfterValidator(_look_at_question)]
"""A question of an instrument as plain data: an item of a survey, with `for_each` where it is repeated."""


def without_repetition(question: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a question that are those of an item of a survey."""
    return {key: value for key, value in question.items() if key != "for_each"}


class Instrument(Part):
    """A ready set of questions. `asks`: the manager's question that it answers; `use`: when to use it, in one sentence;
    `reading`: with which options a method reads it, where it needs any; `minutes`: how long it takes, where that is
    more than to write the answers; `note`: what else one should know before using it; `heading`, `intro`, `thanks`:
    what those who are asked read around the questions, the heading in place of the title; `constructs` and `segments`:
    what it measures and tells people apart by, as far as a service document may not name it yet.
    """

    instrument: Id
    title: Text
    asks: Text
    use: Text
    respondents: Respondent
    methods: Annotated[Many[Id], Field(min_length=1)]
    reading: dict[Id, dict[Word, Any]] = Field(default_factory=dict)
    source: Word
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    note: Text | None = None
    heading: Text | None = None
    intro: Text | None = None
    thanks: Text | None = None
    anonymous: bool = True
    constructs: Many[Construct] = ()
    segments: Many[Segment] = ()
    items: Many[Question]
