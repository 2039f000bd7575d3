"""Remarks: what members of a workspace say to one another about a part of a service.

Who may make and change them, and on what, is said by the area whose parts they are. The trail tells that there was one
and on which part, never its words.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from peakend_web.models import Person, Remark, Service

from . import trail

LONGEST: Final = 2_000
"""Characters of a remark."""


def remarks_on(services: Sequence[Service] | QuerySet[Service], part: str = "") -> QuerySet[Remark]:
    """The remarks on a part of services, or on all of their parts, the oldest first."""
    found = Remark.objects.filter(service__in=services).select_related("by", "resolved_by", "service__workspace")
    return found.filter(part=part) if part else found


@transaction.atomic
def make(*, actor: Person, service: Service, part: str, field: str, words: str, name: uuid.UUID | None) -> Remark:
    """Keep a remark; one that is sent twice under the same `name` once."""
    said = {"part": part, "field": field, "words": words, "by": actor}
    made, is_new = Remark.objects.get_or_create(service=service, name=name or uuid.uuid4(), defaults=said)
    if is_new:
        _leave("remark", actor, made)
    return made


@transaction.atomic
def resolve(*, actor: Person, remark: Remark) -> None:
    """Say that nothing more is to be done about a remark; nothing where that was said already."""
    if remark.resolved_at is None:
        remark.resolved_at, remark.resolved_by = timezone.now(), actor
        remark.save(update_fields=["resolved_at", "resolved_by"])
        _leave("resolve_remark", actor, remark)


@transaction.atomic
def reopen(*, actor: Person, remark: Remark) -> None:
    """Take back that a remark is resolved."""
    if remark.resolved_at is not None:
        remark.resolved_at = remark.resolved_by = None
        remark.save(update_fields=["resolved_at", "resolved_by"])
        _leave("reopen_remark", actor, remark)


@transaction.atomic
def erase(*, actor: Person, remark: Remark) -> None:
    """Erase the words of a remark; that there was one stays."""
    if remark.words:
        remark.words = ""
        remark.save(update_fields=["words"])
        _leave("erase_remark", actor, remark)


def _leave(verb: str, actor: Person, remark: Remark) -> None:
    after = {"remark": remark.pk, "part": remark.part, "field": remark.field}
    trail.leave(verb, actor=actor, workspace=remark.service.workspace, about=remark.service, after=after)
