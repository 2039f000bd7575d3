"""What may be wrong with a request before anybody asks what it wants: the server it was meant for, how long its body
is, the encoding that it calls itself in.

Whoever replies without Django's layers takes only a request with which nothing is wrong (`is_sound`); every other goes
through them and is refused there, so that there is one refusal of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from .refusals import Malformed, Refusal, TooMuch

SAFE: Final = ("GET", "HEAD")
"""Verbs that change nothing: what they bring along is not read."""


def fault_of_size(environ: Mapping[str, Any]) -> Refusal | None:
    """What is wrong with a body that the front left out (`running.front`)."""
    return TooMuch("web.too_large") if "peakend.too_large" in environ else None


def fault_of_encoding(environ: Mapping[str, Any]) -> Refusal | None:
    """What is wrong with a body that calls itself in another encoding than UTF-8."""
    named = str(environ.get("peakend.charset", ""))
    return Malformed("web.charset", found=named[:40]) if named and environ["REQUEST_METHOD"] not in SAFE else None


def is_sound(environ: Mapping[str, Any]) -> bool:
    """Whether it is for this server (PEAKEND_HOSTS), and its body in UTF-8."""
    return fault_of_encoding(environ) is None and _is_for_this_server(environ)


def _is_for_this_server(environ: Mapping[str, Any]) -> bool:
    request = HttpRequest()
    request.META = dict(environ)
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True
