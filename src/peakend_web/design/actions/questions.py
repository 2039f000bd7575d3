"""Verbs on questions of a draft: a touchpoint that nobody asks about is asked about from the next version on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from peakend.ids import free_id
from peakend.service.coverage import asked_in, surveys_of_customers_in
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import ids_in, name_of
from peakend.service.kinds.touchpoint_rating import KIND
from peakend.terms import LANGUAGES, label
from peakend_web.base.refusals import Conflict, Missing
from peakend_web.design.queries import document_at, names_ever
from peakend_web.models import Draft, Person, Service

from .drafts import edit_draft, open_draft


@dataclass(frozen=True)
class Asked:
    """That a survey of a draft asks about a touchpoint; `anew` where it does so since just now."""

    survey: Mapping[str, str]
    anew: bool


@transaction.atomic
def ask_about(*, actor: Person, service: Service, touchpoint: str) -> Asked:
    """Let a survey rate a touchpoint, in the draft of the design: the first that is not archived and rates touchpoints
    already, else the first that asks customers. One that is asked about already, by whatever question, stays as it is.

    Raises Missing `web.missing` for a touchpoint that is not there, Conflict `web.no_survey_to_ask` where no survey is.
    """
    draft = open_draft(actor=actor, service=service)
    working = document_at(draft)
    if not working.has(name_of("touchpoints", touchpoint)):
        raise Missing("web.missing")
    surveys = surveys_of_customers_in(working.data)
    rating = next((one for one in surveys if any(item["kind"] == KIND.id for item in one.get("items", ()))), None)
    survey = rating or next(iter(surveys), None)
    if survey is None:
        raise Conflict("web.no_survey_to_ask")
    if touchpoint in asked_in(working.data):
        return Asked(survey["title"], anew=False)
    edit_draft(actor=actor, draft=draft, edit=_edit(draft, working, survey, touchpoint))
    return Asked(survey["title"], anew=True)


def _edit(draft: Draft, working: WorkingDocument, survey: dict[str, Any], touchpoint: str) -> Edit:
    """The touchpoint joins those that one question rates together; where there is none, it has a question of its own,
    on the scale of the others.
    """
    around = working.name_in(WHOLE, "surveys", survey)
    items = survey.get("items", [])
    ratings = [item for item in items if item["kind"] == KIND.id]
    together = next((item for item in ratings if item.get("touchpoints")), None)
    if together is not None:
        return Edit("link", working.name_in(around, "items", together), "touchpoints", value=touchpoint)
    last = (ratings or items)[-1:]
    after = working.name_in(around, "items", last[0]) if last else ""
    return Edit("add", around, "items", value=_item(draft, working, ratings, touchpoint), after=after)


def _item(draft: Draft, working: WorkingDocument, ratings: list[dict[str, Any]], touchpoint: str) -> dict[str, Any]:
    title = working.value(name_of("touchpoints", touchpoint), "title")
    wording = {lang: label("ask.touchpoint", lang).format(name=title[lang]) for lang in LANGUAGES if lang in title}
    beside: dict[str, Any] = {key: ratings[-1][key] for key in ("scale", "not_used") if ratings and key in ratings[-1]}
    id = free_id(touchpoint, ids_in(names_ever(draft), "items"))
    named = {"id": id, "kind": KIND.id, "touchpoint": touchpoint}
    return {**named, "wording": wording, **beside}
