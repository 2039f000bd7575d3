"""The surveys that are out, as a request needs them: in memory, and looked at again every second.

A survey's questions never change under its token, for versions are never changed; whether it is open and which places
it has can. So a survey that is closed is closed everywhere a second later, two at most, and keeping an answer asks the
database for nothing.
"""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from peakend.draw.contrast import accent_of
from peakend.instants import SECOND
from peakend_web.base.cache import Cache, cached, on_forget
from peakend_web.base.documents import document_of
from peakend_web.base.refusals import Missing
from peakend_web.base.time_zones import Zones, zones_of
from peakend_web.models import Place, QuotaCount, Survey, Workspace
from peakend_web.people.queries import brand_of

from .questionnaire import Questionnaire, questionnaire_of

FRESH_S: Final = 1.0
RUNS: Final = 4
"""How many of the last pieces of an address are tried."""
LOGO_HEIGHT: Final = 48
"""How high a logo is at most on a page, in its pixels."""


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """A place where a survey that is out hangs: what it adds to the facts that come in there."""

    id: int
    label: str
    site: str | None
    channel: str | None
    touchpoint: str | None
    resets_after: int
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """Who asks, as customers know them: by their name, their logo (its address and its size on the page) and the style
    that has their colour; and the origins of their websites.
    """

    name: str
    logo: str
    width: int
    height: int
    style: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedSurvey:
    """A survey that is out."""

    id: int
    token: str
    address: str
    workspace: int
    house: House
    service: int
    item: str
    wave: str | None
    is_open: bool
    closed_us: int | None
    full: frozenset[str]
    """The quotas in which there is no place any more."""
    questionnaire: Questionnaire
    places_by_code: Mapping[str, PublishedPlace]
    zones: Zones

    def place_at(self, code: str) -> PublishedPlace | None:
        """The place that hangs under this code. What somebody began at one that is retired since is still kept as
        said there (`places_by_code`).
        """
        place = self.places_by_code.get(code)
        return None if place is None or place.is_retired else place


_surveys: dict[str, tuple[float, PublishedSurvey]] = {}
_addresses: Final = Cache(4_096)
"""What was read of what somebody typed, and when."""
_one_loads = threading.Lock()
_sent_to_look: dict[str, float] = {}
"""When somebody was last sent to look, by token."""


def find(token: str) -> PublishedSurvey:
    """The survey under this token; raises Missing `survey.unknown`."""
    known = _surveys.get(token)
    now = time.monotonic()
    if known and now - known[0] < FRESH_S:
        return known[1]
    # One looks again, the others go on with what is a second old.
    if not _one_loads.acquire(blocking=known is None):
        return known[1] if known else _load(token)
    try:
        found = _load(token)
        _surveys[token] = (now, found)
        return found
    finally:
        _one_loads.release()


def at_hand(token: str) -> PublishedSurvey | None:
    """The survey under this token, where nothing need be looked up for it: it is fresh, or somebody was sent to look.
    For the event loop alone.

    Whoever is told None is the one who is sent: were all sent who come before the first of them has begun to look, a
    crowd would go the long way every second.
    """
    known, now = _surveys.get(token), time.monotonic()
    if known is None:
        return None
    if now - known[0] < FRESH_S or now - _sent_to_look.get(token, -FRESH_S) < FRESH_S:
        return known[1]
    _sent_to_look[token] = now
    return None


@dataclass(frozen=True, slots=True)
class Address:
    """What somebody typed or scanned, read: the word that stands for it, the survey it leads to, and the place it hangs
    at.
    """

    word: str
    token: str
    place: str = ""


def read_address(typed: str) -> Address:
    """Where a printed code or link leads, however it was copied: in capitals, full-width, with what stood behind it in
    a sentence.

    The code of a place, and the address of a survey, lead to what is open there now; only where nothing is, to what is
    closed. Raises Missing `survey.unknown`.
    """
    for word in dict.fromkeys((typed, *_words(typed))):
        known: tuple[float, Address] | None = _addresses.get(word)
        if known and time.monotonic() - known[0] < FRESH_S:
            return known[1]
        found = _address_of(word)
        if found:
            _addresses.put(word, (time.monotonic(), found))
            return found
    raise Missing("survey.unknown")


def plain_code(typed: str) -> str:
    """The code of a place as it is kept, however it was copied."""
    return next(iter(_words(typed)), "")


def _words(typed: str) -> Iterator[str]:
    """What may be meant: the first run of letters and digits, all of them together, or one of the last, where the whole
    address was copied behind ours.
    """
    runs = re.findall("[a-z0-9]+", unicodedata.normalize("NFKC", typed).casefold())
    yield from runs[:1]
    yield "".join(runs)
    yield from reversed(runs[-RUNS:])


def _address_of(word: str) -> Address | None:
    place = Place.objects.filter(code=word).first()
    there = Survey.objects.filter(address=word).order_by("-pk")
    named = next((survey for survey in there if survey.status == Survey.Status.OPEN), None)
    if named:
        return Address(word, named.token)
    named = there.first() or Survey.objects.filter(token=word).first()
    if place is None and named is None:
        return None
    service, item = (place.service_id, place.item) if place else (named.service_id, named.item)  # type: ignore[union-attr]
    of_this = Survey.objects.filter(service=service, item=item).order_by("-pk")
    survey = of_this.filter(status=Survey.Status.OPEN).first() or named or of_this.first()
    hung = place.code if place and place.retired_at is None else ""
    return Address(word, survey.token, hung) if survey else None


def forget(token: str) -> None:
    """Look again at the next request."""
    _surveys.pop(token, None)
    _addresses.clear()


@on_forget
def _forget_all() -> None:
    _surveys.clear()
    _sent_to_look.clear()


def _load(token: str) -> PublishedSurvey:
    survey = Survey.objects.select_related("workspace").filter(token=token).first()
    if survey is None:
        _surveys.pop(token, None)
        raise Missing("survey.unknown")
    places = Place.objects.filter(service=survey.service_id, item=survey.item)
    questionnaire = _questionnaire(survey.version_id, survey.item)
    return PublishedSurvey(
        id=survey.pk,
        token=survey.token,
        address=survey.address,
        workspace=survey.workspace_id,
        house=house_of(survey.workspace),
        service=survey.service_id,
        item=survey.item,
        wave=survey.wave or None,
        is_open=survey.status != Survey.Status.CLOSED,
        closed_us=int(survey.closed_at.timestamp() * SECOND) if survey.closed_at else None,
        full=_full_quotas(survey, questionnaire),
        questionnaire=questionnaire,
        places_by_code={
            place.code: PublishedPlace(
                place.pk,
                place.label,
                place.site,
                place.channel,
                place.touchpoint,
                place.resets_after,
                place.retired_at is not None,
            )
            for place in places
        },
        zones=zones_of(survey.workspace),
    )


def house_of(workspace: Workspace) -> House:
    """How a workspace shows itself on its surveys."""
    brand = brand_of(workspace)
    logo = reverse("logo", args=[brand.logo_digest]) if brand.logo_digest else ""
    scale = min(1.0, LOGO_HEIGHT / brand.logo_height) if brand.logo_height else 0.0
    size = round(brand.logo_width * scale), round(brand.logo_height * scale)
    style = accent_of(brand.colour).style if brand.colour else ""
    return House(brand.name or workspace.name, logo, *size, style, tuple(brand.embedded_on))


def _full_quotas(survey: Survey, asked: Questionnaire) -> frozenset[str]:
    most = {quota.id: quota.at_most for quota in asked.survey.quotas}
    if not most:
        return frozenset()
    counts = QuotaCount.objects.filter(service=survey.service_id, item=survey.item, wave=survey.wave)
    return frozenset(each.quota for each in counts if each.taken >= most.get(each.quota, each.taken + 1))


@cached(1_024)
def _questionnaire(version: int, item: str) -> Questionnaire:
    return questionnaire_of(document_of(version), item)
