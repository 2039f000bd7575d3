"""The verb by which somebody on the staff types in what a customer has said."""

from __future__ import annotations

from django.db import transaction

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import submit
from peakend_web.asking.answers import Submission
from peakend_web.asking.grants import hung_places
from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.base.refusals import Denied
from peakend_web.models import Person, Survey


def enter_answers(*, actor: Person, survey: Survey, sent: Submission) -> bool:
    """Keep what a customer said on paper, by phone or in person (`sent.entered`); whether it is new: the same form sent
    twice is kept once.

    Raises what `submit` does; Denied `web.site_not_yours` for whoever is limited to sites and names no place of
    theirs.
    The audit says who, how it was heard and at which place, and nothing of what was said.
    """
    here = require(actor, "enter_answers", survey.workspace)
    place = one(hung_places(here, survey), code=sent.place) if sent.place else None
    if place is None and here.sites is not None:
        raise Denied("web.site_not_yours")
    published = survey_cache.find(survey.token)
    with transaction.atomic():
        is_new = not submit(survey=published, sent=sent).repeated
        if is_new and sent.entered:
            after = {"heard": sent.entered.how, "place": place.label if place else ""}
            trail.leave("enter_answers", actor=actor, workspace=survey.workspace, about=survey, after=after)
    return is_new
