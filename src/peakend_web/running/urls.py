"""Addresses at the first start, and the demo's entry."""

from __future__ import annotations

from peakend_web.base.route import route

from . import views as first

urlpatterns = [
    route("set-up/", first.set_up, name="set-up", permission="anyone", scope="public", verbs="GET POST", secret=True),
    route("enter/<str:entry>/", first.enter, name="enter", permission="anyone", scope="public", secret=True),
]
