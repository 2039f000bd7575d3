"""Verbs of a kiosk: it says that it is there, and how many people have begun on it."""

from __future__ import annotations

from typing import Final

from peakend_web.asking.openings import openings
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.models import Device
from peakend_web.people.actions.devices import note_seen

MOST: Final = 5_000
"""People who may have begun since it last said so: more than a long day of them."""


def note_kiosk(*, device: Device, survey: PublishedSurvey, place: str = "", begun: int = 0) -> None:
    """A kiosk has asked for something. What counts as opened is that somebody went past its first screen, which nobody
    tells the server before there is a network: they are counted in the hour in which it says so.
    """
    note_seen(device=device)
    for _ in range(min(begun, MOST)):
        openings.note(survey.id, place)
