"""The cycle of service: every contact of a visit as a ring, hollow where nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.errors import DocumentError
from peakend.service.coverage import asked_touchpoints
from peakend_web.design.reading import Reading

from .face import Card, Face, Press, Shelf


def _shelves(reading: Reading) -> Sequence[Shelf]:
    asked = _asked(reading)
    silent = [id for id in reading.titles("touchpoints") if id not in asked]
    return [
        Shelf(
            "silent",
            gettext_lazy("Touchpoints that no survey asks about yet"),
            cards=[_card(reading, id) for id in silent],
            lesson=gettext_lazy("A survey asks about every touchpoint.")
            if asked
            else gettext_lazy("A ring begins with the first touchpoint. Add touchpoints on the map."),
        )
    ]


def _asked(reading: Reading) -> frozenset[str]:
    """Where a survey asks, or answers came another way."""
    try:
        return asked_touchpoints(reading.service) | frozenset(reading.scores)
    except DocumentError:  # a draft that cannot be read whole yet
        return frozenset()


def _card(reading: Reading, id: str) -> Card:
    press = Press("", id, _("Ask here"), route="ask-here")
    return Card("", reading.title("touchpoints", id), presses=[press], id=id)


FACE: Final = Face("ring", gettext_lazy("Cycle of service"), "ring", _shelves)
