"""Every address of the application: each area says its own, and here they are joined.

`base.guard` says what a view receives for each scope. A permission is a name of `base.grants.GRANTS`.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import api
from .admin import site
from .apps import modules
from .base.route import route, support
from .running.urls import urlpatterns as running

staff = support("support/", site, verbs={"logout": "POST", "peakend_web_outboxentry_changelist": "GET POST"})
# What findings has comes last: home is the address of a service, and would be found under the name of any address of
# its workspace.
areas = sorted(modules("urls"), key=lambda named: named[0] == "findings")
urlpatterns: list[URLPattern | URLResolver] = [
    *running,
    *(address for _, area in areas for address in area.urlpatterns),
    route("api/v1/openapi.json", api.description, name="api", permission="anyone", scope="public"),
    staff,
]

handler400 = "peakend_web.base.error_pages.malformed_page"
handler403 = "peakend_web.base.error_pages.denial_page"
handler404 = "peakend_web.base.error_pages.missing_page"
handler500 = "peakend_web.base.error_pages.failure_page"
