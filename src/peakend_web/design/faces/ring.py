"""The cycle of service: every contact of a visit as a ring, hollow where nobody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.coverage import asked_in
from peakend_web.design.reading import Reading

from .face import Card, Face, Press, Shelf


def _shelves(reading: Reading) -> Sequence[Shelf]:
    heard = _heard(reading)
    silent = [id for id in reading.titles("touchpoints") if id not in heard]
    return [
        Shelf(
            "silent",
            gettext_lazy("Touchpoints without a survey and without answers"),
            cards=[_card(reading, id) for id in silent],
            lesson=gettext_lazy("Every touchpoint has a survey or answers.")
            if reading.titles("touchpoints")
            else gettext_lazy("A ring begins with the first touchpoint. Add touchpoints on the map."),
        )
    ]


def _heard(reading: Reading) -> frozenset[str]:
    """Where a survey asks, or answers came another way."""
    return asked_in(reading.working.data) | frozenset(reading.scores)


def _card(reading: Reading, id: str) -> Card:
    press = Press("", id, _("Ask here"), route="ask-here")
    return Card("", reading.title("touchpoints", id), presses=[press], id=id)


FACE: Final = Face("ring", gettext_lazy("Cycle of service"), "ring", _shelves)
