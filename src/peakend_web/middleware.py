"""What is true of every request: its headers, its language, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


def headers(following: Next) -> Next:
    """Put the content policy on every reply, whatever made it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = following(request)
        for name, value in HEADERS.items():
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


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: behind a proxy of ours, what that proxy saw, which is the last it adds and the only one to trust."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if settings.HTTPS and forwarded else str(request.META.get("REMOTE_ADDR", ""))
