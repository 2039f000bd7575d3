"""The moments of truth: the touchpoints that decide how the whole is judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.errors import DocumentError
from peakend.service.drawings.curve import Score
from peakend.service.drawings.moments import STEPS, moments_of
from peakend.service.drawings.subject import Subject
from peakend.service.edits import Edit
from peakend.service.journeys import Behaviours
from peakend.terms import label
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.forms.touchpoint_fields import MOMENT
from peakend_web.design.reading import Reading
from peakend_web.findings.queries.known.moments import MEMORY, known_of_moments, mark_id

from .decisive import BESIDE
from .face import Adding, Card, Face, Input, Line, Name, Press, Shelf, always, part_asked, part_name
from .failures import sets_by_day

MARK: Final = "moment_of_truth"
_WRITTEN: Final = (
    ("moment_of_truth.trigger", "part.trigger"),
    ("thinks", "map.thinks"),
    ("fears", "map.fears"),
    ("moment_of_truth.words", "part.words"),
    *((f"moment_of_truth.behaviours.{name}", f"behaviour.{name}") for name in Behaviours.model_fields),
    ("moment_of_truth.delight", "part.delight"),
)
"""What is written at a moment, with what it is called."""


def _shelves(reading: Reading) -> Sequence[Shelf]:
    points, steps = reading.parts("touchpoints"), _steps(reading)
    moments = [(name, part) for name, part in points if MARK in part]
    others = [(name, reading.titles("touchpoints")[part["id"]]) for name, part in points if MARK not in part]
    marking = Adding(
        "mark",
        gettext_lazy("Another moment of truth"),
        gettext_lazy("Mark as a moment of truth"),
        [Input("part", gettext_lazy("Touchpoint"), "choice", others)],
    )
    return [
        Shelf(
            "moments",
            gettext_lazy("Moments of truth"),
            cards=[
                _card(reading, name, part, steps.get(part["id"], ()))
                for name, part in sorted(moments, key=lambda one: -weight(reading, one[1]))
            ],
            lesson=gettext_lazy(
                "A moment of truth is a touchpoint that decides how the whole is judged. Most services have three to "
                "five."
            ),
            example=gettext_lazy(
                "In a clinic: waiting to be called. She thinks “Have they forgotten me?”, and the nurse says “You are "
                "fourth, about twenty minutes. You may step out.”"
            ),
            adding=[marking] if others else [],
        ),
        *_peak_and_end(reading),
    ]


def _peak_and_end(reading: Reading) -> list[Shelf]:
    """Where the journey peaks and ends as it is planned and as it is; nothing where no journey is there."""
    names: list[tuple[str, Name]] = [
        (mark_id("peak"), gettext_lazy("Peak")),
        (mark_id("end"), gettext_lazy("End")),
        (MEMORY, gettext_lazy("What is remembered")),
    ]
    cards = [Card("", str(name), known=reading.known[id]) for id, name in names if id in reading.known]
    return [Shelf("peak-and-end", gettext_lazy("Peak and end, planned and real"), cards=cards)] if cards else []


def weight(reading: Reading, touchpoint: dict[str, Any]) -> float:
    """How much may go wrong at a touchpoint: the weights of its failures, as they are from the last day on."""
    sets = sets_by_day(reading)
    weights = sets[-1]["weights"] if sets else {}
    return sum(float(weights.get(failure, 0)) for failure in touchpoint.get("fails", ()))


def _steps(reading: Reading) -> dict[str, list[tuple[Name, bool]]]:
    """How far each moment is, by the id of its touchpoint, as the drawing says it."""
    try:
        service = reading.service
    except DocumentError:  # a draft that cannot be read whole yet
        return {}
    scores = {name: Score.of(each) for name, each in reading.scores.items()}
    return {
        moment.touchpoint.id: [
            (capfirst(label(step, reading.lang)), done) for step, done in zip(STEPS, moment.steps, strict=True)
        ]
        for journey in service.journeys
        for moment in moments_of(Subject(service, journey, reading.lang, scores))
    }


def _card(reading: Reading, name: str, part: dict[str, Any], steps: Sequence[tuple[Name, bool]]) -> Card:
    lang, title = reader_language(), reading.titles("touchpoints")[part["id"]]
    written = [(capfirst(label(term, lang)), _words(reading, name, path)) for path, term in _WRITTEN]
    owner = part.get("owner")
    notes = [
        *([_("Owner: %(name)s") % {"name": reading.title("stakeholders", owner)}] if owner else []),
        *([_("Weight of its failures: %(weight)g") % {"weight": found}] if (found := weight(reading, part)) else []),
    ]
    gaps = [*([] if owner else [part_name("owner")]), *(term for term, words in written if not words)]
    words = reading.words(name, "moment_of_truth.words")
    lines = [Line(term, text) for term, text in written if text]
    press = Press("unmark", name, _("Unmark “%(name)s” as a moment of truth") % {"name": title})
    known = reading.known.get(part["id"])
    return Card(name, title, notes, lines, gaps, words, [press], id=part["id"], steps=steps, known=known)


def _words(reading: Reading, name: str, path: str) -> str:
    found = reading.words(name, path)
    return found or (reading.words(name, "moment_of_truth.thinks") if path == "thinks" else "")


def _mark(at: Setting, asked: QueryDict) -> list[Edit]:
    return [Edit("set_value", part_asked(at, asked, "touchpoints"), MARK, value={})]


def _unmark(at: Setting, asked: QueryDict) -> list[Edit]:
    return [Edit("set_value", part_asked(at, asked, "touchpoints"), MARK)]


_FORM: Final = always(
    Group(
        gettext_lazy("What happens, and what the customer feels"),
        [
            Field("title", rows=1),
            Field(MARK, "mark"),
            *(field for field in MOMENT if field.last_key in {"trigger", "thinks"}),
            Field("thinks", term="map.thinks"),
            Field("fears"),
            *(field for field in MOMENT if field.last_key == "state"),
        ],
    ),
    Group(
        gettext_lazy("What staff say and do"),
        [
            Field("owner", "choice"),
            *(field for field in MOMENT if "words" in field.path or "behaviours" in field.path),
        ],
    ),
    Group(
        gettext_lazy("What would delight"),
        [*(field for field in MOMENT if field.last_key == "delight"), Field("designed_as", "choice")],
    ),
)

FACE: Final = Face(
    "moments",
    gettext_lazy("Moments of truth"),
    "moments",
    _shelves,
    {"touchpoints": _FORM},
    {"mark": _mark, "unmark": _unmark},
    beside=BESIDE,
    known=known_of_moments,
)
