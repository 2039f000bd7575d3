"""The page of a workspace's devices: kiosks that stand where customers are."""

from __future__ import annotations

import segno
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from peakend.draw.palette import LIGHT
from peakend_web.asking.queries.kiosk_places import kiosk_places, named_places
from peakend_web.base import flash
from peakend_web.base.device_keys import in_groups
from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.base.public_address import link
from peakend_web.people.actions.devices import revoke_device as revoke
from peakend_web.people.forms.devices import NewDevice
from peakend_web.people.grants import visible_devices


@sensitive_variables("made")
def devices(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The devices that one sees; the key of a new one is shown once, to be typed or scanned."""
    places = kiosk_places(here)
    form = NewDevice(request.POST or None, places=places)
    made = form.save(here.person, here.workspace) if request.method == "POST" and form.is_valid() else None
    if made:
        return flash.send(request, request.path, {"name": made[0].name, "code": made[0].code, "key": made[1]})
    shown, names = flash.read(request), named_places(here)
    page = {
        "devices": [(each, names.get(each.shows, "")) for each in visible_devices(here)],
        "form": form,
        "places": places,
        "made": _card(request, **shown) if shown else None,
    }
    return flash.clear(request, render(request, "peakend_web/people/devices.html", page))


@sensitive_variables("key", "picture")
def _card(request: HttpRequest, name: str, code: str, key: str) -> dict[str, str]:
    """A new key as it is typed and scanned."""
    address = link(request, f"/k/{code}/")
    picture = segno.make(f"{address}#{key}", error="m", micro=False)
    return {
        "name": name,
        "address": address,
        "key": in_groups(key),
        "picture": picture.svg_data_uri(scale=4, border=3, dark=LIGHT["code"], light=LIGHT["code_ground"]),
    }


def revoke_device(request: HttpRequest, here: InWorkspace, device: int) -> HttpResponse:
    """End a device's key."""
    found = one(visible_devices(here), pk=device)
    revoke(actor=here.person, device=found)
    success(request, _("The device “%(name)s” has been revoked.") % {"name": found.name})
    return redirect("devices", here.workspace.slug)
