"""What is shown once, after the form that made it: a link, a key, codes.

It waits in a cookie that only the page it is for receives, signed for whoever made it; showing it takes the cookie
away. So nothing of it stands in the database. Whoever changes the language of the page that shows it brings it along,
and sees it there once more.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

COOKIE: Final = "peakend_once"
SECONDS: Final = 300


def send(request: HttpRequest, page: str, value: Any) -> HttpResponse:
    """Lead to the page that will show this."""
    return _with(redirect(page), page, signing.dumps(value, salt=_salt(request, page)))


def read(request: HttpRequest) -> Any:
    """What this page is to show to whoever asks; None where there is nothing, or not any more."""
    sealed = request.COOKIES.get(COOKIE, "")
    found = _open(request, request.path, sealed)
    if found is not None:
        request.once = sealed  # type: ignore[attr-defined]
    return found


def clear(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page that showed it, which is not kept; from now on there is nothing to show."""
    if hasattr(request, "once"):
        response.delete_cookie(COOKIE, path=request.path)
        response.headers["Cache-Control"] = "no-store"
    return response


def carry(request: HttpRequest, response: HttpResponse, page: str) -> HttpResponse:
    """What the page brought along that is now to be shown in another language."""
    sealed = request.POST.get("once", "")
    return response if _open(request, page, sealed) is None else _with(response, page, sealed)


def _with(response: HttpResponse, page: str, sealed: str) -> HttpResponse:
    response.set_cookie(
        COOKIE, sealed, max_age=SECONDS, path=page, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )
    return response


def _open(request: HttpRequest, page: str, sealed: str) -> Any:
    try:
        return signing.loads(sealed, salt=_salt(request, page), max_age=SECONDS)
    except signing.BadSignature:
        return None


def _salt(request: HttpRequest, page: str) -> str:
    return f"once:{request.user.pk}:{page}"
