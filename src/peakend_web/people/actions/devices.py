"""Verbs on devices: screens of the house that sign in with a key of their own. Whether a key opens a page is decided at
the door (`base/device_keys.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.api_keys import digest_of
from peakend_web.base.device_keys import new_key
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Denied
from peakend_web.models import Device, Person, Workspace
from peakend_web.people.grants import visible_devices

CODE: Final = 10
"""Characters of the code by which a device is addressed."""
SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Shown:
    """What a device may show, and where: the code of a place, and the key of its site, empty where it has none."""

    code: str
    site: str = ""


@transaction.atomic
def add_device(*, actor: Person, workspace: Workspace, name: str, shows: Shown) -> tuple[Device, str]:
    """Let a device show one page; its key is returned here and never again."""
    here = require(actor, "manage_devices", workspace)
    if not here.sees([shows.site] if shows.site else []):
        raise Denied("web.site_not_yours")
    key = new_key()
    device = Device.objects.create(
        workspace=workspace,
        name=name,
        site=shows.site,
        shows=shows.code,
        code=new_key()[:CODE],
        digest=digest_of(key),
        made_by=actor,
    )
    after = {"name": name, "page": device.page, "site": device.site or None}
    trail.leave("add_device", actor=actor, workspace=workspace, about=device, after=after)
    return device, key


@transaction.atomic
def revoke_device(*, actor: Person, device: Device) -> Device:
    """End a device's key: its next request is refused."""
    kept = one(lock_rows(visible_devices(require(actor, "manage_devices", device.workspace))), pk=device.pk)
    kept.revoked_at = timezone.now()
    kept.save(update_fields=["revoked_at"])
    before = {"name": kept.name, "page": kept.page, "site": kept.site or None}
    trail.leave("revoke_device", actor=actor, workspace=kept.workspace, about=kept, before=before)
    return kept


def note_seen(*, device: Device) -> None:
    """A device has asked for something. Once a minute is enough. Nobody has changed anything, so no trail tells it."""
    now = timezone.now()
    if device.seen_at is None or now - device.seen_at >= SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(seen_at=now)
