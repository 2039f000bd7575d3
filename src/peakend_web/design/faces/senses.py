"""What the five senses meet at each touchpoint. An empty cell is the finding: there nobody has thought of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from peakend.service.journeys import SENSES
from peakend.terms import label
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.touchpoint_fields import EVIDENCE
from peakend_web.design.reading import Reading

from .face import Face, Name, Row, Shelf, Table, always

NO_DIMENSION: Final = "–"
"""No dimension is bound to a touchpoint: that is no gap in its evidence."""


def _shelves(reading: Reading) -> Sequence[Shelf]:
    bound = _dimensions(reading)
    rows = [
        Row(
            reading.title("touchpoints", part["id"]),
            name,
            [
                *(reading.words(name, f"evidence.{sense}") for sense in SENSES),
                *([bound.get(part["id"], NO_DIMENSION)] if bound else []),
            ],
        )
        for name, part in reading.parts("touchpoints")
    ]
    senses = [capfirst(label(f"senses.{sense}", reader_language())) for sense in SENSES]
    head: list[Name] = [
        gettext_lazy("Touchpoint"),
        *senses,
        *([gettext_lazy("Dimensions asked here")] if bound else []),
    ]
    return [
        Shelf(
            "senses",
            gettext_lazy("Touchpoint by touchpoint"),
            table=Table(gettext_lazy("What the senses meet"), head, rows, gap=gettext_lazy("Nothing yet")),
            lesson=gettext_lazy("Customers judge by what they see, hear, smell, taste and touch."),
            example=gettext_lazy(
                "In a clinic, waiting to be called: a screen with the number, a low voice, no smell of disinfectant, "
                "water to drink, a warm seat."
            ),
        )
    ]


def _dimensions(reading: Reading) -> dict[str, str]:
    """The dimensions of quality that are asked about at each touchpoint, where the document binds any to one."""
    found: dict[str, list[str]] = {}
    for kind in ("constructs", "features"):
        for _name, part in reading.parts(kind):
            if "touchpoint" in part and "dimension" in part:
                found.setdefault(part["touchpoint"], []).append(reading.title("constructs", part["dimension"]))
    return {id: gettext(", ").join(dict.fromkeys(names)) for id, names in found.items()}


FACE: Final = Face(
    "senses",
    gettext_lazy("Five senses"),
    "senses",
    _shelves,
    {
        "touchpoints": always(
            Group(gettext_lazy("Evidence for the five senses"), EVIDENCE),
            Group(gettext_lazy("What the customer does here"), [Field("customer"), Field("title", rows=1)]),
        )
    },
    is_table=True,
)
