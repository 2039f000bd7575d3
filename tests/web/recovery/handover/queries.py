"""Whose cases are whose."""

from __future__ import annotations

from django.db.models import QuerySet

from peakend_web.base.grants import Standing
from peakend_web.models import Case
from peakend_web.recovery.grants import visible_cases


def own_cases(here: Standing) -> QuerySet[Case]:
    """The cases that this person has taken."""
    return visible_cases(here).filter(owner=here.person, state=Case.State.TAKEN)
