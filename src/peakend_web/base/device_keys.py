"""Device keys at the door: which device of the house a request comes from. Verbs on devices are in `people`.

A device is addressed by its code (`/k/CODE/`), which opens nothing. Whoever signs it in shows its key once, by hand or
behind the `#` of a QR Code, where no server and no log sees it; the browser then keeps the key in a cookie that is sent
to that one address alone and that no script can read. So it opens that page and nothing else, and no person's session
is ever on a screen that stands among customers.
"""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from peakend_web.models import Device

from .api_keys import digest_of
from .refusals import Missing

COOKIE: Final = "peakend_device_key"
LASTS_S: Final = 400 * 24 * 3600
"""As long as browsers keep a cookie at most; each visit begins it anew."""
BYTES: Final = 15
GROUP: Final = 4


def new_key() -> str:
    """A key of 120 bits that can be typed on a screen: 24 letters and digits."""
    return base64.b32encode(secrets.token_bytes(BYTES)).decode().lower()


def plain_key(typed: str) -> str:
    """A key as it was typed, without blanks, hyphens and capitals."""
    return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKC", typed[:200]).casefold())


def in_groups(key: str) -> str:
    """A key as it is shown and typed."""
    return "-".join(key[at : at + GROUP] for at in range(0, len(key), GROUP)).upper()


def device_addressed(code: str, page: Device.Page) -> Device:
    """The device that this address is of, whoever asks. Raises Missing `web.missing`."""
    found = Device.objects.select_related("workspace").filter(code=code, page=page).first()
    if found is None:
        raise Missing("web.missing")
    return found


def opens(device: Device, key: str) -> bool:
    """Whether this key opens the device's page: it is its own, and not revoked."""
    same = secrets.compare_digest(device.digest, digest_of(plain_key(key)))
    return same and device.revoked_at is None


def is_signed_in(request: HttpRequest, device: Device) -> bool:
    """Whether the request comes from the device itself."""
    return opens(device, request.COOKIES.get(COOKIE, ""))


def remember(request: HttpRequest, response: HttpResponse, path: str, key: str = "") -> HttpResponse:
    """The same reply, with which the device keeps its key for this path alone."""
    kept = plain_key(key) or request.COOKIES.get(COOKIE, "")
    response.set_cookie(COOKIE, kept, LASTS_S, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response
