"""Every address of the application, on one screen: what it is called, who may come in, and which verbs it takes.

`routing.route` says what a view receives for each scope. A permission is a name of `rules.GRANTS`. Addresses of one workspace begin with
`w/<workspace>/`, those of one service with `w/<workspace>/<service>/`; a service cannot be called like an address of its workspace.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler400 = "peakend_web.views.errors.malformed"
handler403 = "peakend_web.views.errors.denied"
handler404 = "peakend_web.views.errors.missing"
handler500 = "peakend_web.views.errors.failed"
