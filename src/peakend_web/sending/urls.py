"""Addresses of the channels by which a workspace reaches people, and of what was sent by them."""

from __future__ import annotations

from peakend_web.base.route import WORKSPACE, route

from . import views

CHANNELS = WORKSPACE + "channels/"

urlpatterns = [
    route(
        CHANNELS,
        views.channels,
        name="channels",
        permission="manage_channels",
        scope="workspace",
        menu="channels",
    ),
    route(
        CHANNELS + "gateway/",
        views.add_gateway,
        name="add-gateway",
        permission="manage_channels",
        scope="workspace",
        verbs="POST",
        page=CHANNELS,
    ),
    route(
        CHANNELS + "<int:channel>/remove/",
        views.remove_channel,
        name="remove-channel",
        permission="manage_channels",
        scope="workspace",
        verbs="POST",
        page=CHANNELS,
    ),
    route(
        CHANNELS + "test/",
        views.test_channel,
        name="test-channel",
        permission="manage_channels",
        scope="workspace",
        verbs="POST",
        page=CHANNELS,
    ),
    route(
        CHANNELS + "messages/<int:message>/again/",
        views.send_again,
        name="send-again",
        permission="manage_channels",
        scope="workspace",
        verbs="POST",
        page=CHANNELS,
    ),
]
