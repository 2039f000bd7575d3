"""The page of channels: by what people are reached, a test of each, and what became of the last messages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.base.refusals import Refusal
from peakend_web.models import Channel
from peakend_web.people.queries import brand_of

from .actions import channels as actions
from .addresses import target
from .forms import EXAMPLE, MAIL_EXAMPLE, NewGateway, Test
from .grants import visible_channels, visible_messages
from .queries import gateways_here, last_messages, last_tests, unsent
from .state_words import line_of


def channels(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """By what people are reached, and what became of the last messages."""
    return _channels(request, here)


@sensitive_post_parameters("secret")
def add_gateway(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Have short messages go by a gateway."""
    form = NewGateway(request.POST)
    if form.is_valid() and form.save(here.person, here.workspace):
        success(request, _("Added. Send a test now: it shows what the gateway replies."))
        return redirect("channels", here.workspace.slug)
    return _channels(request, here, gateway=form)


def remove_channel(request: HttpRequest, here: InWorkspace, channel: int) -> HttpResponse:
    """Send nothing more by a gateway."""
    found = one(visible_channels(here), pk=channel, workspace=here.workspace)
    actions.remove_channel(actor=here.person, channel=found)
    success(request, _("Removed, with its secret. Messages that wait are sent by the next gateway."))
    return redirect("channels", here.workspace.slug)


def test_channel(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Send a real message, to see what the channel replies."""
    kind = request.POST.get("kind", "")
    form = Test(request.POST, kind=kind if kind in Channel.Kind.values else Channel.Kind.EMAIL)
    if form.is_valid() and form.save(here.person, here.workspace):
        return redirect("channels", here.workspace.slug)
    return _channels(request, here, tests={form["kind"].value() or "": form})


def send_again(request: HttpRequest, here: InWorkspace, message: int) -> HttpResponse:
    """Have a message tried anew."""
    actions.send_again(actor=here.person, message=one(visible_messages(here), pk=message))
    success(request, _("It is sent again."))
    return redirect("channels", here.workspace.slug)


def _channels(
    request: HttpRequest,
    here: InWorkspace,
    *,
    gateway: NewGateway | None = None,
    tests: dict[str, Test] | None = None,
) -> HttpResponse:
    failed, many_failed = unsent(here)
    tried = last_tests(here)
    shown: dict[str, Any] = {
        kind: {
            "form": (tests or {}).get(kind) or Test(kind=kind),
            "last": line_of(tried[kind]) if kind in tried else None,
        }
        for kind in Channel.Kind.values
    }
    page = {
        "server": settings.PEAKEND_MAIL,
        "mail_example": MAIL_EXAMPLE,
        "brand": brand_of(here.workspace).name or here.workspace.name,
        "gateways": [(each, _address(each)) for each in gateways_here(here)],
        "new_gateway": gateway or NewGateway(initial={"format": "json", "template": EXAMPLE}),
        "email": shown[Channel.Kind.EMAIL],
        "sms": shown[Channel.Kind.SMS_WEBHOOK],
        "failed": [line_of(each) for each in failed],
        "many_failed": many_failed,
        "last": [line_of(each) for each in last_messages(here)],
    }
    return render(request, "peakend_web/sending/channels.html", page)


def _address(channel: Channel) -> str:
    """Where a gateway is, without what its address may hold beside that; empty where it cannot be reached any more."""
    try:
        return target(channel.settings["url"]).shown
    except (Refusal, KeyError):
        return ""
