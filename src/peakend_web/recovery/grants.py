"""Who may see and work on customers' cases; and which of them: those of one's own sites alone."""

from __future__ import annotations

from django.db.models import QuerySet

from peakend_web.base.grants import Standing, declare, is_frontline, leads, reads_comments
from peakend_web.models import Case

declare(see_cases=reads_comments, work_cases=leads | is_frontline)


def visible_cases(here: Standing) -> QuerySet[Case]:
    """The cases of customers, the most urgent first."""
    cases = Case.objects.filter(workspace=here.workspace).select_related("owner", "closed_by", "service", "workspace")
    return cases if here.sites is None else cases.filter(site__in=here.sites)
