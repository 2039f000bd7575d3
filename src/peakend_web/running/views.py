"""The first pages of an installation: setting it up, and looking around in the demo."""

from __future__ import annotations

import hmac

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters

from peakend_web.base.derived_keys import derived_key
from peakend_web.base.public_address import is_only_here, link
from peakend_web.base.refusals import Conflict, Denied, Missing
from peakend_web.models import Person
from peakend_web.people.forms.accounts import SetUp
from peakend_web.people.views.accounts import enter_as

from . import demo

ENTRY = "peakend.enter"
ENTRY_SECONDS = 24 * 3600


def set_up_code() -> str:
    """Shown where the server was started: whoever sets up an installation proves that they can see it.

    Also on this very machine, for what comes through a proxy or a tunnel comes from this machine too.
    """
    return hmac.new(derived_key("set-up"), b"", "sha256").hexdigest()[:12]


@sensitive_post_parameters("password")
def set_up(request: HttpRequest) -> HttpResponse:
    """The first person and their workspace, with the samples in another where they are wanted."""
    _may_set_up(request)
    form = SetUp(request.POST or None, initial={"address": _reached_at(request)})
    if request.method == "POST" and form.is_valid():
        person = form.save(get_language() or "en")
        if person and form.cleaned_data["samples"]:
            demo.set_up_demo(person=person)
        if person:
            return enter_as(request, person)
    return render(request, "peakend_web/running/set_up.html", {"form": form, "code": request.GET.get("code", "")})


def _reached_at(request: HttpRequest) -> str:
    """The public address, as far as it is known before anybody said it."""
    there = link(request, "")
    return "" if is_only_here(there) else there


def _may_set_up(request: HttpRequest) -> None:
    if Person.objects.exists():
        raise Conflict("web.set_up_done")
    if not hmac.compare_digest(request.GET.get("code", ""), set_up_code()):
        raise Denied("web.set_up_code")


def enter(request: HttpRequest, entry: str) -> HttpResponse:
    """Look around in the demo by the link that its start printed; it lets in to nothing but samples, for a day."""
    try:
        found = signing.loads(entry, salt=ENTRY, max_age=ENTRY_SECONDS)
    except signing.BadSignature:
        raise Missing("web.entry_gone") from None
    person = Person.objects.filter(pk=found["person"], is_active=True).first()
    if person is None or not demo.is_only_for_show(person):
        raise Missing("web.entry_gone")
    return enter_as(request, person, demo.first_page())


def entry_to(person: Person) -> str:
    """The address that lets somebody look around as this person of the demo."""
    return reverse("enter", args=[signing.dumps({"person": person.pk}, salt=ENTRY)])
