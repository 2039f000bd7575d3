"""The application, as a server runs it.

Everything goes through Django's layers, but for one address: the answers that a survey's page keeps tap by tap. They carry no session, no
cookie and no language, so they go straight to what the view itself calls, with the headers that every reply has: a third of the cost.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
_through_django = get_wsgi_application()

# These need the settings, which the line above has read.
from django.db import connection  # noqa: E402

from peakend_web.middleware import HEADERS  # noqa: E402
from peakend_web.views import respond  # noqa: E402

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]

_ANSWERS = re.compile(r"/s/([^/]+)/answers")
_ALWAYS = {**HEADERS, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin"}
_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def application(environ: Environ, start_response: Start) -> Iterable[bytes]:
    """Answer a request."""
    found = _ANSWERS.fullmatch(environ.get("PATH_INFO", "")) if environ.get("REQUEST_METHOD") == "POST" else None
    return _keep(found[1], environ, start_response) if found else _through_django(environ, start_response)


def _keep(token: str, environ: Environ, start_response: Start) -> Iterable[bytes]:
    try:
        reply = respond.kept(token, environ, environ["wsgi.input"])
    finally:
        # Used about once a second, to look whether the survey is still open; the thread may not come by again for long.
        if connection.connection is not None and not connection.in_atomic_block:
            connection.close()
    start_response(_STATUS[reply.status], [*reply.headers.items(), *_ALWAYS.items(), ("Content-Length", str(len(reply.body)))])
    return [reply.body]
