"""Verbs on what waits in quarantine: it counts after all, or it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from django.db import transaction
from django.utils import timezone

from peakend_web.asking.grants import quarantined_responses
from peakend_web.asking.photos import photos_of_responses
from peakend_web.asking.survey_cache import find
from peakend_web.base import trail
from peakend_web.base.files import disk
from peakend_web.base.grants import require
from peakend_web.base.locks import lock_rows
from peakend_web.customers.actions import forget_left_contacts
from peakend_web.models import Person, Response, Survey
from peakend_web.store import deliveries
from peakend_web.store.identity import survey_source
from peakend_web.store.responses import ResponseKey

AT_ONCE: Final = 200
"""Responses of one transaction: whoever answers meanwhile waits for it."""
Judged = Literal["release_responses", "delete_responses"]


def release_responses(*, actor: Person, survey: Survey, responses: Sequence[int]) -> int:
    """Let responses count that were in quarantine, and no rule sets them apart again; how many there were."""
    return _judge("release_responses", _release, actor=actor, survey=survey, responses=responses)


def delete_responses(*, actor: Person, survey: Survey, responses: Sequence[int]) -> int:
    """Delete responses that were in quarantine, with all that they say; how many there were."""
    return _judge("delete_responses", _delete, actor=actor, survey=survey, responses=responses)


def _judge(
    verb: Judged,
    change: Callable[[Sequence[Response], Sequence[ResponseKey]], None],
    *,
    actor: Person,
    survey: Survey,
    responses: Sequence[int],
) -> int:
    here, judged = require(actor, "judge_responses", survey.workspace), 0
    for start in range(0, len(responses), AT_ONCE):
        with transaction.atomic():
            deliveries.take_numbers(0)
            some = quarantined_responses(here, survey).filter(pk__in=responses[start : start + AT_ONCE])
            found = list(lock_rows(some))
            if found:
                change(found, [_key(each) for each in found])
                trail.leave(
                    verb, actor=actor, workspace=survey.workspace, about=survey, after={"responses": len(found)}
                )
            judged += len(found)
    return judged


def _release(found: Sequence[Response], keys: Sequence[ResponseKey]) -> None:
    ids, workspace = [each.pk for each in found], found[0].workspace_id
    Response.objects.filter(pk__in=ids).update(aside=None, judged_at=timezone.now())
    deliveries.set_apart(workspace, keys, None)


def _delete(found: Sequence[Response], keys: Sequence[ResponseKey]) -> None:
    deliveries.remove_responses(found[0].workspace_id, keys)
    forget_left_contacts(workspace=found[0].survey.workspace, responses=[each.response for each in found])
    disk.erase(photos_of_responses(found[0].workspace_id, found))
    Response.objects.filter(pk__in=[each.pk for each in found]).delete()


def _key(response: Response) -> ResponseKey:
    survey = find(response.survey.token)
    return ResponseKey(survey.service, survey_source(survey.id), response.response, survey.questionnaire.fields)
