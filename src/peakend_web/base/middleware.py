"""What is true of every request: its headers, its language, and how a refusal is told."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from .client_addresses import client_of
from .declaration import is_for_programs
from .guard import Guard
from .headers import ALWAYS, NOWHERE, PRIVATE, policy_of
from .refusal_pages import tell
from .request_faults import SAFE, fault_of_encoding, fault_of_size
from .storage import storage_fault

log = logging.getLogger(__name__)

Next = Callable[[HttpRequest], HttpResponse]


def headers(following: Next) -> Next:
    """Put the headers of every reply on it, whatever made it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = following(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(response.headers.get("Content-Type", "")))
        response.headers.setdefault("Cache-Control", PRIVATE)
        framed = NOWHERE not in response.headers["Content-Security-Policy"]
        for name, value in ALWAYS.items():
            if not (framed and name == "X-Frame-Options"):  # which knows no list of origins
                response.headers.setdefault(name, value)
        return response

    return handle


def language(following: Next) -> Next:
    """Speak the language that whoever is signed in has chosen; else the one their browser asks for."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return following(request)

    return handle


def clock(following: Next) -> Next:
    """Leave the zone that a page of a workspace entered, for the thread goes on to serve others."""

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            return following(request)
        finally:
            timezone.deactivate()

    return handle


class Sessions(SessionMiddleware):
    """Keep the session; where the disk takes nothing, whoever only reads reads on, and whoever did something is told
    why it cannot go on.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """After the view: what the session has to keep is written."""
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            cause = _database_error(error)
            known = storage_fault(cause)
            if known is None:
                raise
            log.error("%s: %s", known.id, cause)  # noqa: TRY400 — one line: it is the disk's fault
            return response if request.method in SAFE else tell(request, known)


def _database_error(error: BaseException) -> BaseException:
    """What the database said: Django takes a session that it could not change for one that was ended meanwhile."""
    at: BaseException | None = error
    while at is not None and not isinstance(at, DatabaseError):
        at = at.__context__
    return at or error


class Bodies:
    """Tell in words that a body was too large – the front (`front`) has left it out – or calls itself in another
    encoding than UTF-8.
    """

    def __init__(self, following: Next) -> None:
        self._following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; what is said is said before the view."""
        return self._following(request)

    def process_view(self, request: HttpRequest, view: object, *captured: object) -> HttpResponseBase | None:
        """Before any view, and before anything asks for the body. Who replies at once says how large it may be."""
        del captured
        guard = view if isinstance(view, Guard) else None
        size = None if guard and guard.declaration.at_once else fault_of_size(request.META)
        error = size or fault_of_encoding(request.META)
        if error is None:
            return None
        if guard:
            return guard.refuse(request, error)
        return tell(request, error, as_data=is_for_programs(request.path))


def client_address(request: HttpRequest) -> str:
    """Where a request comes from (`client_addresses`)."""
    return client_of(str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", ""))
