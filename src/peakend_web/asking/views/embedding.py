"""The script by which a website shows a survey within one of its pages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from django.http import HttpRequest, HttpResponse

FRESH: Final = "public, max-age=3600"
"""Its address stands in pages of others for years, so it has no name that changes with it."""


def script(request: HttpRequest) -> HttpResponse:
    """The script, for everybody."""
    del request
    headers = {"Cache-Control": FRESH, "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script() -> bytes:
    return files("peakend_web").joinpath("static/peakend_web/embed.js").read_bytes()
