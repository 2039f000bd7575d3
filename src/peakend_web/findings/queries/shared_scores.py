"""The live scores of a service for drawings: as somebody sees them, and as they may be shown to somebody who is not
signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from peakend.service.drawings.subject import Kept
from peakend.service.schema import ServiceDocument
from peakend_web.base.grants import standing
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.pledges import kept_by_rule
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.selection import selection_of
from peakend_web.models import Person, Role, Service


def scores_of(here: InService) -> Mapping[str, Any]:
    """The live scores of touchpoints as drawings take them, in all that somebody sees of what was answered; also where
    answers are too few for a figure.
    """
    return touchpoints.map_scores(touchpoints.scores(Inquiry.of_all(here)))


def scores_for_anybody(person: Person, service: Service) -> Mapping[str, Any]:
    """The scores of touchpoints, over all answers, as a viewer sees them: released in groups, with the least numbers of
    every page. `person` is the member who lets others see them, and no site that they do not see themselves; nothing
    where they are no member any more.
    """
    inquiry = _for_anybody(person, service)
    return touchpoints.map_scores(touchpoints.scores(inquiry)) if inquiry else {}


def kept_for_anybody(person: Person, service: Service, document: ServiceDocument) -> Mapping[str, Kept]:
    """How often the standards and promises of a document were kept, as `scores_for_anybody` tells scores."""
    inquiry = _for_anybody(person, service)
    return kept_by_rule(inquiry, document) if inquiry else {}


def _for_anybody(person: Person, service: Service) -> Inquiry | None:
    here = standing(person, service.workspace)
    if here is None or service.current_id is None:
        return None
    viewer = InService(here.person, here.workspace, here.membership, Role.VIEWER, here.sites, service)
    return Inquiry(viewer, selection_of(QueryDict()), reader_language())
