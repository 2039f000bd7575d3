"""Verbs on the places where a survey hangs: they are given codes, renamed, retired and hung up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from peakend_web.asking import survey_cache
from peakend_web.asking.grants import visible_places
from peakend_web.asking.receipts import random_code
from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Denied
from peakend_web.base.trail import State
from peakend_web.models import Person, Place, Survey
from peakend_web.models.asking import RESETS_AFTER


@dataclass(frozen=True)
class Spot:
    """What a new place is called, and its site."""

    label: str
    site: str | None = None


@transaction.atomic
def add_places(
    *,
    actor: Person,
    survey: Survey,
    spots: Sequence[Spot],
    channel: str | None = None,
    touchpoint: str | None = None,
    resets_after: int = RESETS_AFTER,
) -> list[Place]:
    """Give counters, rooms or receipts their own codes, so that answers know where they were given; a place that is
    there already keeps its code.

    `resets_after`: seconds without a touch after which the page there begins anew for the next person; 0: never.
    """
    here = require(actor, "add_place", survey.workspace)
    if not all(here.sees([spot.site] if spot.site else []) for spot in spots):
        raise Denied("web.site_not_yours")
    found = [
        Place.objects.get_or_create(
            service=survey.service,
            item=survey.item,
            label=spot.label,
            site=spot.site or None,
            channel=channel or None,
            touchpoint=touchpoint or None,
            defaults={"code": random_code(6), "resets_after": resets_after},
        )
        for spot in spots
    ]
    made = [place for place, is_new in found if is_new]
    told = [(each, None, {"label": each.label, "site": each.site, "touchpoint": each.touchpoint}) for each in made]
    if told:
        trail.leave_all("add_place", actor=actor, workspace=survey.workspace, done=told)
        transaction.on_commit(partial(survey_cache.forget, survey.token))
    return [place for place, _is_new in found]


def add_place(
    *,
    actor: Person,
    survey: Survey,
    label: str,
    site: str | None = None,
    channel: str | None = None,
    touchpoint: str | None = None,
    resets_after: int = RESETS_AFTER,
) -> Place:
    """Give one place its code."""
    about = {"channel": channel, "touchpoint": touchpoint}
    spots = [Spot(label, site)]
    return add_places(actor=actor, survey=survey, spots=spots, resets_after=resets_after, **about)[0]


@transaction.atomic
def rename_place(*, actor: Person, survey: Survey, place: Place, label: str) -> Place:
    """Call a place otherwise; its code stays."""
    kept = _place_to_change(actor, survey, place)
    before, kept.label = kept.label, label
    if before != label:
        kept.save(update_fields=["label"])
        _leave("rename_place", actor, survey, kept, ({"label": before}, {"label": label}))
    return kept


@transaction.atomic
def retire_place(*, actor: Person, survey: Survey, place: Place) -> Place:
    """Take a place down: its code, where it still hangs, leads to the survey without the place, so that nobody who
    scans it is turned away.
    """
    kept = _place_to_change(actor, survey, place)
    if kept.retired_at is None:
        kept.retired_at = timezone.now()
        kept.save(update_fields=["retired_at"])
        _leave("retire_place", actor, survey, kept, ({"retired": False}, {"retired": True}))
    return kept


@transaction.atomic
def restore_place(*, actor: Person, survey: Survey, place: Place) -> Place:
    """Hang it up again, with the same code."""
    kept = _place_to_change(actor, survey, place)
    if kept.retired_at is not None:
        kept.retired_at = None
        kept.save(update_fields=["retired_at"])
        _leave("restore_place", actor, survey, kept, ({"retired": True}, {"retired": False}))
    return kept


def _place_to_change(actor: Person, survey: Survey, place: Place) -> Place:
    here = require(actor, "add_place", survey.workspace)
    return one(lock_rows(visible_places(here, survey)), pk=place.pk)


def _leave(verb: str, actor: Person, survey: Survey, place: Place, change: tuple[State, State]) -> None:
    before, after = change
    trail.leave(verb, actor=actor, workspace=survey.workspace, about=place, before=before, after=after)
    transaction.on_commit(partial(survey_cache.forget, survey.token))
