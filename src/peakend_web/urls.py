"""Every address of the application: each area says its own, and here they are joined.

`base.guard` says what a view receives for each scope. A permission is a name of `base.grants.GRANTS`. What
`findings` has comes last: home is the address of a service, and would be found under the name of any address of its
workspace.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import api
from .admin import site
from .asking.urls import urlpatterns as asking
from .base.route import route, support
from .design.urls import urlpatterns as design
from .findings.urls import urlpatterns as findings
from .listening.urls import urlpatterns as listening
from .people.urls import urlpatterns as people
from .recovery.urls import urlpatterns as recovery
from .running.urls import urlpatterns as running

staff = support("support/", site, verbs={"logout": "POST", "peakend_web_outboxentry_changelist": "GET POST"})
urlpatterns: list[URLPattern | URLResolver] = [
    *running,
    *people,
    *design,
    *asking,
    *listening,
    *recovery,
    *findings,
    route("api/v1/openapi.json", api.description, name="api", permission="anyone", scope="public"),
    staff,
]

handler400 = "peakend_web.base.error_pages.malformed_page"
handler403 = "peakend_web.base.error_pages.denial_page"
handler404 = "peakend_web.base.error_pages.missing_page"
handler500 = "peakend_web.base.error_pages.failure_page"
