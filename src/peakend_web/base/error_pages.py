"""How a page that cannot be shown says so: what happened, and what to do."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from peakend.errors import PeakendError

from .customer_pages import PATH, is_customers
from .declaration import is_for_programs
from .refusal_pages import plain_page, tell
from .refusals import Denied, Failed, Malformed, Missing, Refusal, TooMuch, Unknown
from .route import entrance_of
from .storage import storage_fault

log = logging.getLogger(__name__)


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
    """500: the fault is ours; 503 where the database does not answer. Whoever is signed in has their menu, where that
    works; else the page needs neither the database nor a person, and what is told to programs and customers never does.
    """
    raised, as_data = sys.exception(), is_for_programs(request.path)
    error = _failure(raised)
    if as_data or is_customers(request.path):
        return tell(request, error, as_data=as_data)
    if not isinstance(raised, DatabaseError):
        with suppress(Exception):
            if request.user.is_authenticated:
                return tell(request, error)
    return plain_page(error)


def _failure(raised: BaseException | None) -> PeakendError:
    """What is told of what was raised beside any view, such as while it was looked up who is asking."""
    fault = storage_fault(raised) if raised else None
    if fault is None or not fault.is_silence:
        return Failed("web.failed")
    log.error("%s: %s", fault.id, raised)
    return fault


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
