"""An instrument for one service: its questions as the items of a survey, and the edits that put it into the document.

The survey is an ordinary one from then on: whoever uses an instrument may word it, shorten it and order it anew. It
records which instrument it was made from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from pydantic import ValidationError

from peakend.documents.parts import NamedPart
from peakend.documents.problems import InvalidDocument, guess, of_schema
from peakend.errors import DocumentError
from peakend.ids import free_id
from peakend.instruments.instrument import Instrument, Question, without_repetition
from peakend.instruments.placeholders import Values, filled, places_in
from peakend.instruments.subjects import EACH, MISSING, OF_NO_TOUCHPOINT, Each, Subject, subjects
from peakend.service.edits import Edit
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import name_of
from peakend.service.references import ids_by_kind
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Survey

_AROUND: Final = ("intro", "thanks", "respondents", "anonymous")
"""What of an instrument stands around the questions of its survey as well."""


def survey_of(
    instrument: Instrument, service: ServiceDocument, *, touchpoint: str | None = None, taken: Collection[str] = ()
) -> Survey:
    """An instrument as a survey of a service, about one touchpoint where one is named; its id is the instrument's, or
    the next that neither a survey of the service has nor `taken`.

    Raises DocumentError: what the service lacks (`instrument.no_features`, …), `document.no_touchpoint`,
    `instrument.none_at` where nothing of it is at this touchpoint, `instrument.of_the_whole` where it asks about none;
    and InvalidDocument where words of the service are too long for a question.
    """
    around = instrument.model_dump(by_alias=True, exclude_unset=True)
    data: dict[str, Any] = {
        "id": free_id(instrument.instrument, {*taken, *(survey.id for survey in service.surveys)}),
        "title": around.get("heading", around["title"]),
        **{key: around[key] for key in _AROUND if key in around},
        "instrument": instrument.instrument,
        "items": list(_questions(instrument, service, touchpoint)),
    }
    return _valid(filled(data, {}, service.languages))


def edits_of(
    instrument: Instrument, service: ServiceDocument, *, touchpoint: str | None = None, taken: Collection[str] = ()
) -> list[Edit]:
    """The edits that put an instrument into the document of a service: what it measures and tells people apart by, as
    far as the document does not name it yet, and its survey. Raises as `survey_of`.
    """
    survey = survey_of(instrument, service, touchpoint=touchpoint, taken=taken)
    known = ids_by_kind(service)
    return [
        *_additions(service, "segments", [each for each in instrument.segments if each.id not in known["segment"]]),
        *_additions(
            service, "constructs", [each for each in instrument.constructs if each.id not in known["construct"]]
        ),
        *_additions(service, "surveys", [survey]),
    ]


def _additions(service: ServiceDocument, key: str, parts: Sequence[NamedPart]) -> Iterator[Edit]:
    """Each part behind the one before it, the first behind the last that is there."""
    after = name_of(key, getattr(service, key)[-1].id) if getattr(service, key) else ""
    for part in parts:
        value = filled(part.model_dump(mode="json", by_alias=True, exclude_unset=True), {}, service.languages)
        yield Edit("add", WHOLE, key, value=value, after=after)
        after = name_of(key, part.id)


def _valid(data: dict[str, Any]) -> Survey:
    try:
        return Survey.model_validate(data)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, data, None, Survey)) from None


def _questions(instrument: Instrument, service: ServiceDocument, touchpoint: str | None) -> Iterator[dict[str, Any]]:
    """The items, those that are repeated together for one part after another."""
    _require_touchpoint(instrument, service, touchpoint)
    for each, group in groupby(instrument.items, key=lambda question: question.get("for_each")):
        questions = [without_repetition(question) for question in group]
        for values in _parts(service, each, touchpoint) if each else [_lists(questions, service, touchpoint)]:
            yield from (filled(question, values, service.languages) for question in questions)


def _parts(service: ServiceDocument, each: Each, touchpoint: str | None) -> list[Subject]:
    """The parts that are asked about, one after another. Raises `instrument.no_…`, `instrument.none_at`."""
    found = subjects(service, each)
    if not found:
        raise DocumentError(MISSING[each])
    here = [part for part in found if touchpoint in (None, part["touchpoint"]) or each in OF_NO_TOUCHPOINT]
    if not here:
        raise DocumentError("instrument.none_at", name=touchpoint)
    return here


def _lists(questions: Sequence[Question], service: ServiceDocument, touchpoint: str | None) -> Values:
    """All parts at once, of each kind that the questions name as a whole."""
    named = [each for each in EACH if each in places_in(questions)]
    return {
        each: [{"id": part["part"], "title": part["title"].root} for part in _parts(service, each, touchpoint)]
        for each in named
    }


def kinds_asked(instrument: Instrument) -> list[Each]:
    """Of what of a service an instrument asks, beside the whole."""
    repeated = {question.get("for_each") for question in instrument.items}
    listed = places_in([question for question in instrument.items if "for_each" not in question])
    return [each for each in EACH if each in repeated | listed]


def _require_touchpoint(instrument: Instrument, service: ServiceDocument, touchpoint: str | None) -> None:
    if touchpoint is None:
        return
    known = [point.id for point in service.touchpoints]
    if touchpoint not in known:
        raise DocumentError("document.no_touchpoint", name=touchpoint, known=guess(touchpoint, known))
    if not set(kinds_asked(instrument)) - OF_NO_TOUCHPOINT:
        raise DocumentError("instrument.of_the_whole", name=instrument.instrument, touchpoint=touchpoint)
