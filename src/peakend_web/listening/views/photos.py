"""A photo that a customer sent, by itself."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from peakend_web.base.guard import InService
from peakend_web.base.headers import PICTURE_POLICY
from peakend_web.findings.queries import Inquiry
from peakend_web.listening.queries.photos import photo_named

HEADERS: Final = {
    "Content-Disposition": 'inline; filename="photo.jpg"',
    "Content-Security-Policy": PICTURE_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def photo(request: HttpRequest, here: InService, photo: str) -> HttpResponse:
    """A photo, for whoever may read what customers wrote beside it."""
    del request
    return HttpResponse(photo_named(Inquiry.of_all(here), photo), content_type="image/jpeg", headers=HEADERS)
