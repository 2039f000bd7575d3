"""The two addresses, beside all that there are."""

from __future__ import annotations

from peakend_web.base.route import WORKSPACE, route
from peakend_web.urls import handler400, handler403, handler404, handler500
from peakend_web.urls import urlpatterns as others

from . import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "own", "urlpatterns"]

own = [
    route(
        WORKSPACE + "cases/own/",
        views.own,
        name="own-cases",
        permission="work_cases",
        scope="workspace",
        menu="cases",
    ),
    route(
        WORKSPACE + "cases/<int:case>/give-back/",
        views.give_back,
        name="give-case-back",
        permission="work_cases",
        scope="workspace",
        verbs="POST",
        page=WORKSPACE + "cases/own/",
    ),
]
urlpatterns = [*own, *others]
