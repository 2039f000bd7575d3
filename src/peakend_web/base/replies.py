"""A reply as it leaves, made without Django's layers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from django.http import HttpResponse

from peakend.errors import PeakendError
from peakend.terms import Lang

from . import customer_pages
from .headers import ALWAYS
from .languages import accepted_language
from .refusals import patience, status_of

DATA: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}
PAGE: Final = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
WORDS: Final = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
Headers = list[tuple[bytes, bytes]]


def _encode(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


EVERY: Final = _encode(ALWAYS)
OF_DATA: Final = [*EVERY, *_encode(DATA)]


@dataclass(slots=True)
class Reply:
    """Status, headers and body; the body may be a file that is read while it is sent."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    file: BinaryIO | None = None


def reply(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """A reply with the headers of every reply."""
    return Reply(status, [*EVERY, *_encode(headers), (b"content-length", str(len(body)).encode())], body)


def data_reply(text: str) -> Reply:
    """A reply that is data, for whoever sent some."""
    body = text.encode()
    return Reply(200, [*OF_DATA, (b"content-length", str(len(body)).encode())], body)


def as_response(made: Reply) -> HttpResponse:
    """The same reply on its way through Django's layers."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in made.headers}
    return HttpResponse(made.body, status=made.status, headers=headers)


def refusal_reply(
    environ: Mapping[str, Any], error: PeakendError, *, as_data: bool, more: Mapping[str, str] | None = None
) -> Reply:
    """What is told to whoever was refused: data to a program, a page to a customer, plain words to anybody else."""
    lang = accepted_language(str(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
    kind, text = _refusal_body(environ, error, lang, as_data=as_data)
    return reply(status_of(error), {**kind, **patience(error), **(more or {})}, text.encode())


def _refusal_body(
    environ: Mapping[str, Any], error: PeakendError, lang: Lang, *, as_data: bool
) -> tuple[Mapping[str, str], str]:
    if as_data:
        return DATA, json.dumps(error.as_dict(lang), ensure_ascii=False)
    if customer_pages.is_customers(environ["PATH_INFO"]):
        return PAGE, customer_pages.page(customer_pages.status_in_words(error), lang)
    return WORDS, f"{error.message(lang)}\n{error.hint(lang)}\n"
