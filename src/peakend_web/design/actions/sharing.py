"""Verbs on links to maps: made by somebody who may edit the design, and ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from peakend_web.base import grants as rules
from peakend_web.base import trail
from peakend_web.base.api_keys import digest_of
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one, require
from peakend_web.base.localtime import zone_of
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Gone, Missing, Refusal
from peakend_web.design.grants import visible_services, visible_shared_maps, visible_versions
from peakend_web.models import Person, Service, ServiceVersion, SharedMap, Workspace

LONGEST: Final = timedelta(days=365)
"""How long a link opens at most."""


@dataclass(frozen=True, slots=True)
class Shows:
    """What a link shows beside the map: what customers think and say, who does the work, live scores; nothing of it
    where nobody says so.
    """

    words: bool = False
    people: bool = False
    scores: bool = False


def today_in(workspace: Workspace) -> date:
    """The day that it is in a workspace."""
    return timezone.localtime(timezone=zone_of(workspace)).date()


@transaction.atomic
def share_map(
    *,
    actor: Person,
    service: Service,
    reader: str,
    until: date,
    version: ServiceVersion | None = None,
    shows: Shows | None = None,
) -> tuple[SharedMap, str]:
    """Make a link to the map of a service, for `reader`, that opens up to a day; the link's secret is returned here and
    never again. Raises Refusal `web.map_until` for a day before today or more than a year away, Conflict
    `web.map_of_nothing` where there is no touchpoint yet.
    """
    here = require(actor, "edit_service", service.workspace)
    kept = one(visible_services(here), pk=service.pk)
    shown = one(visible_versions(here, kept), pk=version.pk) if version else kept.current
    if shown is None or not document_of(shown.pk).touchpoints:
        raise Conflict("web.map_of_nothing")
    _require_day(kept.workspace, until)
    wanted, secret = shows or Shows(), secrets.token_urlsafe(24)
    link = SharedMap.objects.create(
        service=kept,
        version=shown if version else None,
        digest=digest_of(secret),
        reader=reader,
        until=until,
        shows_words=wanted.words,
        shows_people=wanted.people,
        shows_scores=wanted.scores,
        made_by=actor,
    )
    after: dict[str, object] = {"reader": reader, "until": until.isoformat()}
    after |= {"words": wanted.words, "people": wanted.people, "scores": wanted.scores}
    trail.leave("share_map", actor=actor, workspace=kept.workspace, about=kept, after=after)
    return link, secret


def _require_day(workspace: Workspace, until: date) -> None:
    """A link ends, within a year."""
    today = today_in(workspace)
    if not today <= until <= today + LONGEST:
        raise Refusal("web.map_until", last=(today + LONGEST).isoformat())


def find_shared_map(secret: str) -> SharedMap:
    """The link that a secret opens: up to its day, until it is ended, and while whoever made it could still make it.
    Raises Missing `web.map_unknown` and Gone `web.map_ended`.
    """
    links = SharedMap.objects.select_related("service__workspace", "service__current", "version", "made_by")
    found = links.filter(digest=digest_of(secret)).first()
    if found is None:
        raise Missing("web.map_unknown")
    if found.ended_at is not None or is_past(found) or not is_still_theirs(found):
        raise Gone("web.map_ended")
    return found


def is_past(link: SharedMap) -> bool:
    """Whether the last day of a link is over."""
    return link.until < today_in(link.service.workspace)


def is_still_theirs(link: SharedMap) -> bool:
    """Whether whoever made a link could still make it."""
    return rules.may(link.made_by, "edit_service", link.service.workspace)


@transaction.atomic
def end_shared_map(*, actor: Person, link: SharedMap) -> SharedMap:
    """End a link: whoever opens it from now on is told so."""
    here = require(actor, "edit_service", link.service.workspace)
    kept = one(lock_rows(visible_shared_maps(here)), pk=link.pk)
    kept.ended_at = timezone.now()
    kept.save(update_fields=["ended_at"])
    before = {"reader": kept.reader, "until": kept.until.isoformat()}
    trail.leave("end_shared_map", actor=actor, workspace=here.workspace, about=kept.service, before=before)
    return kept
