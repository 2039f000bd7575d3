"""What the five senses meet at each touchpoint. An empty cell is the finding: there nobody has thought of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from peakend.service.journeys import SENSES
from peakend.terms import label
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.touchpoint_fields import EVIDENCE
from peakend_web.design.reading import Reading

from .face import Face, Name, Row, Shelf, Table, always


def _shelves(reading: Reading) -> Sequence[Shelf]:
    rows = [
        Row(
            reading.title("touchpoints", part["id"]),
            name,
            [reading.words(name, f"evidence.{sense}") for sense in SENSES],
        )
        for name, part in reading.parts("touchpoints")
    ]
    senses = [capfirst(label(f"senses.{sense}", reader_language())) for sense in SENSES]
    head: list[Name] = [gettext_lazy("Touchpoint"), *senses]
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
