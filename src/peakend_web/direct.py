"""The one address that is answered without Django's layers: the answers that a survey's page keeps tap by tap.

They carry no session, no cookie and no language, so they go straight to what the view of that address calls too, with the headers that
every reply has: a third of the cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import connection

from .middleware import HEADERS
from .views import respond

ANSWERS = re.compile(r"/s/([^/]+)/answers")
ALWAYS = {**HEADERS, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}
STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def directly(otherwise: WSGIApplication) -> WSGIApplication:
    """The application in front of which answers are kept."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = ANSWERS.fullmatch(environ.get("PATH_INFO", "")) if environ.get("REQUEST_METHOD") == "POST" else None
        return keep(found[1], environ, start_response) if found else otherwise(environ, start_response)

    return application


def keep(token: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Keep the answers in the body."""
    try:
        reply = respond.kept(token, environ, environ["wsgi.input"])
    finally:
        # Used about once a second, to look whether the survey is still open; this thread may not come by again for long.
        if connection.connection is not None and not connection.in_atomic_block:
            connection.close()
    start_response(STATUS[reply.status], [*reply.headers.items(), *ALWAYS.items(), ("Content-Length", str(len(reply.body)))])
    return [reply.body]
