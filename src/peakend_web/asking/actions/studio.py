"""Verbs on a survey that is being made: it begins in a draft of its own, and is published from there and opened."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from peakend.service.document import of_data
from peakend.service.edits import Edit
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import ids_in, name_of
from peakend.service.titles import new_id
from peakend_web.asking.queries.studio import area_of, survey_ids_in_drafts
from peakend_web.asking.questionnaire import questionnaire_of
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict
from peakend_web.design.actions.drafts import edit_draft, open_draft, publish_draft
from peakend_web.design.queries import document_at, names_in_versions, visible_services
from peakend_web.models import Draft, DraftStep, Person, Service, Survey

from . import publish_survey


@transaction.atomic
def begin_survey(
    *,
    actor: Person,
    service: Service,
    survey: Mapping[str, Any],
    first: Sequence[Edit] = (),
    name: uuid.UUID | None = None,
) -> Draft:
    """Open a draft in which a new survey stands, under an id that no survey of this service had; `first` comes what it
    measures that the design does not name yet. What is sent twice under the same `name` begins one. Raises Conflict
    `web.draft_of_nothing` where the service has no design yet, and what `edit_draft` does.
    """
    here = require(actor, "edit_service", service.workspace)
    held = one(lock_rows(visible_services(here)), pk=service.pk)
    known = DraftStep.objects.filter(draft__service=held, name=name).select_related("draft").first() if name else None
    if known is not None:
        return known.draft
    if held.current is None:
        raise Conflict("web.draft_of_nothing")
    taken = ids_in(names_in_versions(held.pk), "surveys") | survey_ids_in_drafts(held)
    id = new_id(survey, "surveys", taken)
    draft = open_draft(actor=actor, service=held, area=area_of(id), title=survey.get("title"))
    for edit in first:
        edit_draft(actor=actor, draft=draft, edit=edit)
    after = document_at(draft).last_in(WHOLE, "surveys")
    edit = Edit("add", WHOLE, "surveys", value={**survey, "id": id}, after=after)
    edit_draft(actor=actor, draft=draft, edit=edit, name=name)
    return draft


def publish_studio(*, actor: Person, draft: Draft, item: str, note: str = "") -> Survey:
    """Make the draft the version in force, and put its survey before people, in the round that it is out in. Raises
    what `questionnaire_of`, `publish_draft` and `publish_survey` do; what can be known before is refused before
    anything is published.
    """
    require(actor, "publish_survey", draft.service.workspace)
    questionnaire_of(of_data(document_at(draft).data), item)
    publish_draft(actor=actor, draft=draft, note=note)
    out = Survey.objects.filter(service=draft.service, item=item, status=Survey.Status.OPEN).order_by("-pk").first()
    return publish_survey(actor=actor, service=draft.service, item=item, wave=out.wave if out else "")


@transaction.atomic
def edit_survey(*, actor: Person, draft: Draft, edits: Sequence[Edit], name: uuid.UUID | None = None) -> str:
    """Do what a button of the studio asks for, all of it or nothing; the name of the part that came, where one did."""
    came = ""
    for at, edit in enumerate(edits):
        step = edit_draft(actor=actor, draft=draft, edit=edit, name=uuid.uuid5(name, str(at)) if name else None)
        for effect in step.effects if step else ():
            came = effect["target"] if effect["does"] == "put" else came
    return came


def survey_name(item: str) -> str:
    """How edits call a survey."""
    return name_of("surveys", item)
