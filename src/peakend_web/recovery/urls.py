"""Addresses of cases."""

from __future__ import annotations

from peakend_web.base.route import WORKSPACE, route
from peakend_web.models import Case

from . import views as cases

urlpatterns = [
    route(
        WORKSPACE + "cases/",
        cases.cases,
        name="cases",
        permission="see_cases",
        scope="workspace",
        menu="cases",
        reads="read_cases",
    ),
    route(
        WORKSPACE + "cases/<int:case>/",
        cases.case,
        name="case",
        permission="see_cases",
        scope="workspace",
        menu="cases",
        reads="read_case",
        about=Case,
    ),
    route(
        WORKSPACE + "cases/<int:case>/take/",
        cases.take,
        name="take-case",
        permission="work_cases",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "cases/<int:case>/",
    ),
    route(
        WORKSPACE + "cases/<int:case>/close/",
        cases.close,
        name="close-case",
        permission="work_cases",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "cases/<int:case>/",
    ),
]
