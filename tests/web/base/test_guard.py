"""One guard at every address: what it decides, it decides alike for whoever comes through a thread and for whoever is
replied to at once.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from peakend_web.base.guard import Guard
from peakend_web.base.refusals import Busy, Gone
from peakend_web.base.replies import Reply
from peakend_web.base.route import route
from peakend_web.models import Case


def guard_of(outcome: str | Exception | None) -> Guard:
    """The guard of an address whose views have this outcome."""

    def reply() -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def at_once(environ: object, token: str) -> Any:
        return reply()

    def keep(request: HttpRequest, token: str) -> Any:
        return reply()

    declared = route(
        "s/<str:token>/answers", keep, name="keep", permission="anyone", scope="public", verbs="POST",
        page="s/<str:token>", csrf=False, at_once=at_once,
    )  # fmt: skip
    assert isinstance(declared.callback, Guard)
    return declared.callback


def through_a_thread(guard: Guard, request: HttpRequest) -> tuple[int, dict[str, str], bytes]:
    response: Any = guard(request, token="abc")  # noqa: S106 — a survey's public address
    return response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content


def at_once(guard: Guard, request: HttpRequest) -> tuple[int, dict[str, str], bytes] | None:
    reply_at_once: Callable[[Any], Any] | None = guard.entrance(request.META, {"token": "abc"}).at_once
    if reply_at_once is None:
        return None
    reply: Reply | None = asyncio.run(reply_at_once(request.META))
    assert reply is not None
    return reply.status, {name.decode(): value.decode() for name, value in reply.headers}, reply.body


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ('{"saved": 1}', 200, '{"saved": 1}'),
        (Gone("survey.closed"), 410, "survey.closed"),
        (Busy("web.busy", seconds=5), 503, "5 秒"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "storage.full"),
    ],
)
def test_both_ways_have_the_same_status_headers_and_words(outcome: str | Exception, status: int, words: str) -> None:
    guard = guard_of(outcome)
    request = RequestFactory().post("/s/abc/answers", headers={"accept-language": "zh-Hant"})
    told = through_a_thread(guard, request)
    assert at_once(guard, request) == told
    assert (told[0], words in told[2].decode()) == (status, True)
    assert {"content-security-policy", "x-content-type-options", "cache-control"} <= told[1].keys()
    assert told[1].get("retry-after") == ("5" if status == 503 else None)


def test_a_fault_of_ours_is_told_by_no_guard() -> None:
    guard, request = guard_of(ZeroDivisionError()), RequestFactory().post("/s/abc/answers")
    for way in (through_a_thread, at_once):
        with pytest.raises(ZeroDivisionError):
            way(guard, request)


def test_only_a_verb_that_is_declared_is_replied_to_at_once() -> None:
    guard = guard_of('{"saved": 1}')
    assert at_once(guard, RequestFactory().delete("/s/abc/answers")) is None
    told = through_a_thread(guard, RequestFactory().delete("/s/abc/answers"))
    assert (told[0], told[1]["allow"], b"web.no_such_verb" in told[2]) == (405, "POST", True)
    assert through_a_thread(guard, RequestFactory().get("/s/abc/answers"))[1]["location"] == "/s/abc"


def test_what_is_read_is_about_a_row_that_the_address_captures() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"as <int:case>"):
        route("x/", lambda _request: "", name="x", permission="signed_in", scope="person", reads="read", about=Case)


def test_an_address_that_carries_a_secret_says_so_and_its_pages_are_kept_nowhere() -> None:
    for secret in (True, False):
        declared = route(
            "x/", lambda _request: HttpResponse(), name="x", permission="anyone", scope="public", secret=secret
        )
        headers = declared.callback(RequestFactory().get("/x/")).headers
        assert (headers.get("Referrer-Policy"), headers.get("Cache-Control") == "no-store") == (
            "strict-origin" if secret else None,
            secret,
        )


def test_only_what_is_open_to_anyone_can_reply_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="open to anyone"):
        route("x/", lambda _request: "", name="x", permission="signed_in", scope="person", at_once=guard_of(""))
