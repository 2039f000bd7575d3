"""What stands in the cells of each lane, from a touchpoint as the draft holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from peakend.figures import number, short_signed_number
from peakend.service.edits import WorkingDocument
from peakend.service.edits.kinds import WHOLE, kind_of_list
from peakend.service.edits.names import kind_of, name_of
from peakend.service.journeys import SENSES
from peakend.terms import Lang, label
from peakend_web.base.languages import reader_language

from .cells import Cell, Lane, Takes, Words, words_of


def cell(working: WorkingDocument, column: str, lane: Lane, lang: Lang) -> Cell:
    """A cell of a lane; an empty one in the column that a stage without touchpoints keeps."""
    key = f"{column}/{lane.key}"
    if kind_of(column) != "touchpoints":
        return Cell(key, lane.key, "", "", "panel", "", ())
    part = working.held(column).data
    match lane.key:
        case "emotion":
            return _of_emotion(key, lane, column, working.value(column, lane.field))
        case "evidence" | "wait" | "fails":
            return Cell(key, lane.key, column, lane.field, "panel", "", list(_several(working, part, lane.key, lang)))
    held = part.get(lane.field, [] if lane.takes == "panel" else None)
    if isinstance(held, list):
        return _of_parts(key, lane, column, [*_single(part, lane.key), *held], lang)
    return _of_words(working, key, lane, column, lang)


def _of_words(working: WorkingDocument, key: str, lane: Lane, part: str, lang: Lang) -> Cell:
    """A cell of words; a thought is edited where it is written: at the moment of truth, else at the touchpoint."""
    at_the_moment = lane.key == "thinks" and working.value(part, "moment_of_truth.thinks") is not None
    field = "moment_of_truth.thinks" if at_the_moment else lane.field
    words = working.value(part, field) or {}
    shown, missing = words_of(words, lang)
    return Cell(key, lane.key, part, field, "words", words.get(lang, ""), (shown,) if shown.text else (), missing)


def _of_emotion(key: str, lane: Lane, part: str, planned: float | None) -> Cell:
    shown = () if planned is None else (Words(short_signed_number(planned)),)
    value = "" if planned is None else f"{planned:g}"
    return Cell(key, lane.key, part, lane.field, "number", value, shown)


def _single(part: Mapping[str, Any], lane: str) -> Iterator[Mapping[str, Any]]:
    """The one standard or promise that older documents keep outside the list."""
    found = part.get(lane.removesuffix("s"))
    if found and lane in {"standards", "promises"}:
        yield found


def _of_parts(key: str, lane: Lane, part: str, parts: Sequence[Mapping[str, Any]], lang: Lang) -> Cell:
    """Several steps, standards or promises; one alone of a list is written in its cell."""
    found = [words_of(each.get("text"), lang) for each in parts]
    shown, missing = [words for words, _missing in found], any(missing for _words, missing in found)
    takes: Takes = "words" if len(parts) == 1 and "id" in parts[0] else "panel"
    if takes == "panel":
        return Cell(key, lane.key, part, lane.field, takes, "", shown, missing)
    own = name_of(kind_of_list(lane.key), parts[0]["id"])
    return Cell(key, lane.key, own, "text", takes, parts[0].get("text", {}).get(lang, ""), shown, missing)


def _several(working: WorkingDocument, part: Mapping[str, Any], lane: str, lang: Lang) -> Iterator[Words]:
    """What the senses meet, how long the wait is, what may fail: each with what it is called."""
    reader = reader_language()
    if lane == "evidence":
        for sense in SENSES:
            words, _missing = words_of(part.get("evidence", {}).get(sense), lang)
            if words.text:
                yield Words(words.text, words.lang, capfirst(label(f"part.{sense}", reader)))
    elif lane == "fails":
        titles = {each["id"]: each.get("title") for each in working.parts(WHOLE, "failures")}
        for id in part.get("fails", ()):
            words, _missing = words_of(titles.get(id), lang)
            yield words if words.text else Words(id)
    elif "wait" in part:
        yield from _wait(part["wait"], lang)


def _wait(wait: Mapping[str, Any], lang: Lang) -> Iterator[Words]:
    named = {
        "typical_minutes": _("Usually %(minutes)s min"),
        "promised_minutes": _("Promised: %(minutes)s min"),
        "care_after_minutes": _("Offer care after %(minutes)s min"),
    }
    figures = [said % {"minutes": number(wait[key], 0)} for key, said in named.items() if key in wait]
    yield Words(" · ".join(figures) or _("Customers wait here"))
    words, _missing = words_of(wait.get("text"), lang)
    if words.text:
        yield words
