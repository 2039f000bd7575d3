"""The surveys that are out, as a request needs them: in memory, and looked at again every second.

A survey's questions never change under its token, for versions are never changed; whether it is open and which places it has can. So a
survey that is closed is closed everywhere within a second, and keeping an answer asks the database for nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from peakend_web.asking import Questionnaire, questionnaire
from peakend_web.documents import document_of
from peakend_web.models import Site, Survey
from peakend_web.refusals import Missing

FRESH_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a survey: what it adds to the facts that come in there."""

    id: int
    label: str
    site: str | None
    channel: str | None
    touchpoint: str | None
    resets_after: int


@dataclass(frozen=True, slots=True)
class Published:
    """A survey that is out."""

    id: int
    token: str
    workspace: int
    asker: str
    service: int
    item: str
    wave: str | None
    is_open: bool
    asked: Questionnaire
    spots: Mapping[str, Spot]
    zone: ZoneInfo
    site_zones: Mapping[str, ZoneInfo]

    def zone_at(self, site: str | None) -> ZoneInfo:
        """Whose midnight begins a day at a site."""
        return self.site_zones.get(site or "", self.zone)


_known: dict[str, tuple[float, Published]] = {}
_asked: dict[tuple[int, str], Questionnaire] = {}
_looking = threading.Lock()


def find(token: str) -> Published:
    """The survey under this token; raises Missing `survey.unknown`."""
    known = _known.get(token)
    now = time.monotonic()
    if known and now - known[0] < FRESH_S:
        return known[1]
    # One looks again, the others go on with what is a second old.
    if not _looking.acquire(blocking=known is None):
        return known[1] if known else _look(token)
    try:
        found = _look(token)
        _known[token] = (now, found)
        return found
    finally:
        _looking.release()


def at_hand(token: str) -> Published | None:
    """The survey under this token, where nothing need be looked up for it: it is fresh, or somebody is looking already."""
    known = _known.get(token)
    if known and (time.monotonic() - known[0] < FRESH_S or _looking.locked()):
        return known[1]
    return None


def forget(token: str) -> None:
    """Look again at the next request."""
    _known.pop(token, None)


def _look(token: str) -> Published:
    survey = Survey.objects.select_related("workspace").filter(token=token).first()
    if survey is None:
        _known.pop(token, None)
        raise Missing("survey.unknown")
    zones = Site.objects.filter(workspace=survey.workspace).exclude(timezone="").values_list("key", "timezone")
    return Published(
        id=survey.pk,
        token=survey.token,
        workspace=survey.workspace_id,
        asker=survey.workspace.name,
        service=survey.service_id,
        item=survey.item,
        wave=survey.wave or None,
        is_open=survey.status == Survey.Status.OPEN,
        asked=_questionnaire(survey),
        spots={
            place.code: Spot(place.pk, place.label, place.site, place.channel, place.touchpoint, place.resets_after) for place in survey.places.all()
        },
        zone=ZoneInfo(survey.workspace.timezone),
        site_zones={key: ZoneInfo(zone) for key, zone in zones},
    )


def _questionnaire(survey: Survey) -> Questionnaire:
    key = (survey.version_id, survey.item)
    if key not in _asked:
        _asked[key] = questionnaire(document_of(survey.version_id), survey.item)
    return _asked[key]
