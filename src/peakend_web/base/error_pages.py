"""How a page that cannot be shown says so: what happened, and what to do."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .customer_pages import PATH, is_customers, reply
from .declaration import is_for_programs
from .languages import reader_language
from .refusal_pages import tell
from .refusals import Denied, Failed, Malformed, Missing, Refusal, TooMuch, Unknown
from .route import entrance_of


def missing_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing at this address. A survey's that was typed in capitals leads to the survey."""
    del exception
    if request.path.startswith(PATH.upper()):
        return redirect(f"{PATH}{request.get_full_path()[len(PATH) :]}")
    return tell(request, Missing("web.missing"), as_data=is_for_programs(request.path))


def denial_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: what Django itself refuses."""
    del exception
    return tell(request, Denied("web.not_allowed"), as_data=is_for_programs(request.path))


def malformed_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that cannot be read, or one that is too large."""
    if isinstance(exception, DisallowedHost):
        host = str(request.META.get("HTTP_HOST", ""))[:100]
        return tell(request, Malformed("web.host_unknown", host=host), as_data=entrance_of(request.META).as_data)
    error: Refusal = TooMuch("web.too_large") if "exceeded" in str(exception) else Malformed("web.malformed")
    return tell(request, error, as_data=is_for_programs(request.path))


def failure_page(request: HttpRequest) -> HttpResponse:
    """500: the fault is ours. Whoever is signed in has their menu, where that works; else the page needs neither the
    database nor a person, and the data never do.
    """
    if is_for_programs(request.path):
        return tell(request, Failed("web.failed"), as_data=True)
    if is_customers(request.path):
        return reply(request, Failed.status, reader_language())
    return _failure_with_menu(request) or render(request, "peakend_web/base/failed.html", status=500)


def _failure_with_menu(request: HttpRequest) -> HttpResponse | None:
    """None where it is the database that failed, where nobody is signed in, and where what failed fails again."""
    if isinstance(sys.exception(), DatabaseError):
        return None
    with suppress(Exception):
        return tell(request, Failed("web.failed")) if request.user.is_authenticated else None
    return None


def forgery_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or from one that is too old."""
    del reason
    return tell(request, Denied("web.forged"))


class LockedOut(Unknown):
    """Too many wrong tries from one address at one e-mail."""

    status = 429


def lockout_page(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """Signing in is paused here for a quarter of an hour; elsewhere the same person is not kept out."""
    del response, credentials
    return tell(request, LockedOut("web.locked_out", minutes=15))
