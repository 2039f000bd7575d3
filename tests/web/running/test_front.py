"""The front: slow, large, cut and crowded requests, as a server hands them over."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from peakend_web.asking import actions as surveys
from peakend_web.asking import survey_cache
from peakend_web.base.declaration import SMALL
from peakend_web.base.route import entrance_of
from peakend_web.models import Answer, Survey
from peakend_web.running.front import Entrance, Front, Limits
from peakend_web.store import writer
from tests.web.conftest import make_clinic

Piece = bytes | float
"""What arrives: bytes, or nothing for so many seconds."""
QUICK = Limits(threads=2, waiting=3, moment_s=0.1, unfinished=2, body_s=0.6, body_rate=1_000, bodies=10_000)


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [
        environ["wsgi.input"].read(),
        b"|",
        environ.get("CONTENT_LENGTH", "").encode(),
        b"|",
        str("peakend.too_large" in environ).encode(),
    ]


def front(application: Any = echo, limits: Limits = QUICK, largest: int = 100) -> Front:
    return Front(
        application, lambda environ: Entrance(largest, as_data=environ["PATH_INFO"].startswith("/api/")), limits
    )


async def asked(
    server: Front,
    pieces: Sequence[Piece] = (),
    *,
    announced: int | None = None,
    ends: bool = True,
    breaks: bool = False,
    address: str = "192.0.2.1",
    path: str = "/x",
    method: str = "POST",
    more: Sequence[tuple[bytes, bytes]] = (),
) -> tuple[int, dict[str, str], bytes]:
    """What the server replies to a request whose body arrives in these pieces, and then ends, breaks off, or never
    does.
    """
    length = sum(len(piece) for piece in pieces if isinstance(piece, bytes)) if announced is None else announced
    headers = [*more, *([(b"content-length", str(length).encode())] if pieces or announced else [])]
    scope = {
        "type": "http", "method": method, "raw_path": path.encode(), "query_string": b"", "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", "8000"), "client": (address, "4711"), "headers": headers,
    }  # fmt: skip
    replied: list[dict[str, Any]] = []
    await server(scope, _arriving(pieces, ends=ends, breaks=breaks), _into(replied))
    if not replied:
        return 0, {}, b""
    told = {name.decode(): value.decode() for name, value in replied[0]["headers"]}
    return replied[0]["status"], told, b"".join(each["body"] for each in replied[1:])


def _arriving(pieces: Sequence[Piece], *, ends: bool, breaks: bool) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = list(pieces)

    async def receive() -> dict[str, Any]:
        while left and not isinstance(left[0], bytes):
            await asyncio.sleep(float(left.pop(0)))
        if not left and breaks:
            return {"type": "http.disconnect"}
        if not left and not ends:
            await asyncio.sleep(3600)
        more = bool(left[1:]) or breaks or not ends
        return {"type": "http.request", "body": left.pop(0) if left else b"", "more_body": more}

    return receive


def _into(replied: list[dict[str, Any]]) -> Callable[[Any], Awaitable[None]]:
    async def send(message: Any) -> None:
        replied.append(dict(message))

    return send


def test_a_body_arrives_whole_however_many_pieces_it_came_in() -> None:
    assert asyncio.run(asked(front(), [b"one ", 0.05, b"two ", b"three"])) == (
        200,
        {"content-type": "text/plain"},
        b"one two three|13|False",
    )


def test_a_request_without_a_body_has_none() -> None:
    assert asyncio.run(asked(front())) == (200, {"content-type": "text/plain"}, b"||False")


def test_a_body_that_never_ends_is_refused_in_time_and_takes_no_thread() -> None:
    async def story() -> tuple[int, dict[str, str], bytes]:
        server = front(limits=replace(QUICK, body_s=1.5))
        slow = [
            asyncio.create_task(asked(server, [b"x"], announced=50, ends=False, address=f"192.0.2.{each}"))
            for each in range(20)
        ]
        quick = [(await asked(server, [b"quick"]))[0] for _ in range(20)]
        assert (quick, [each.done() for each in slow]) == ([200] * 20, [False] * 20)
        replies = await asyncio.wait_for(asyncio.gather(*slow), 30)
        assert {status for status, _, _ in replies} == {408}
        return replies[0]

    status, headers, body = asyncio.run(story())
    assert (status, headers["connection"], headers["cache-control"], headers["x-frame-options"]) == (
        408,
        "close",
        "no-store",
        "DENY",
    )
    assert body.decode().startswith("What you sent did not arrive in time.")


def test_a_long_body_has_as_much_more_time_as_it_has_brought() -> None:
    pieces: list[Piece] = [part for _ in range(8) for part in (b"x" * 400, 0.2)]
    assert asyncio.run(asked(front(largest=10_000), [*pieces, b"."]))[0] == 200


def test_who_could_have_been_replied_to_at_once_has_a_thread_however_many_pages_are_asked_for() -> None:
    free = threading.Event()

    def page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/page":
            free.wait(10)
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    async def not_yet(_: WSGIEnvironment) -> None:
        """It must be looked up first."""

    async def crowded() -> list[tuple[int, bytes]]:
        server = Front(
            page,
            lambda environ: Entrance(100, None if environ["PATH_INFO"] == "/page" else not_yet),
            replace(QUICK, waiting=100),
        )
        pages = [asyncio.create_task(asked(server, path="/page", address=f"192.0.2.{number}")) for number in range(20)]
        await asyncio.sleep(0.05)
        status, _, body = await asyncio.wait_for(asked(server, path="/answer"), 5)
        free.set()
        return [(status, body), *{(each[0], each[2]) for each in await asyncio.gather(*pages)}]

    assert asyncio.run(crowded()) == [(200, b"/answer"), (200, b"/page")]


def test_of_one_address_few_requests_may_be_unfinished_and_other_addresses_are_not_concerned() -> None:
    async def story() -> tuple[list[int], list[int]]:
        server = front()
        many = [asyncio.create_task(asked(server, [b"x"], announced=9, ends=False, path="/api/x")) for _ in range(5)]
        other = await asked(server, [b"a", 0.4, b"b"], address="192.0.2.2")
        replies = await asyncio.gather(*many)
        assert all(json.loads(body)["error"] in {"web.unfinished_many", "web.too_slow"} for _, _, body in replies)
        return [other[0]], [status for status, _, _ in replies]

    other, many = asyncio.run(story())
    assert (other, sorted(many)) == ([200], [408, 408, 429, 429, 429])


def test_five_hundred_at_once_from_one_address_are_no_flood_where_they_are_whole() -> None:
    async def story() -> set[int]:
        server = front(limits=Limits(threads=8))
        return {status for status, _, _ in await asyncio.gather(*(asked(server, [b"x" * 50]) for _ in range(500)))}

    assert asyncio.run(story()) == {200}


def test_a_body_that_is_too_large_reaches_the_application_without_its_content() -> None:
    expected = (200, {"content-type": "text/plain"}, b"|150|True")
    assert asyncio.run(asked(front(), [b"x" * 75, b"x" * 75])) == expected
    assert asyncio.run(asked(front(), [b"x" * 75, b"x" * 75], announced=150)) == expected


def test_a_body_that_ends_early_is_refused() -> None:
    status, _, body = asyncio.run(asked(front(), [b"abc"], announced=9, path="/api/x"))
    assert (status, json.loads(body)["error"], json.loads(body)["found"]) == (400, "web.body_cut", 3)


def test_a_body_that_breaks_off_or_is_none_is_told_to_whoever_still_listens() -> None:
    """Without a reply the server under this one makes one of its own, which calls it a fault of ours."""
    status, _, body = asyncio.run(asked(front(), [b"abc"], announced=9, breaks=True, path="/api/x"))
    assert (status, json.loads(body)["error"]) == (400, "web.body_cut")
    chunks = [(b"transfer-encoding", b"chunked")]
    status, _, body = asyncio.run(asked(front(), [b"abc"], breaks=True, path="/api/x", more=chunks))
    assert (status, json.loads(body)["error"]) == (400, "web.malformed")


def test_all_bodies_together_have_a_size_and_give_it_back() -> None:
    async def story() -> list[int]:
        server = front(limits=Limits(threads=2, bodies=100, moment_s=0.1, body_s=0.5), largest=90)
        first = asyncio.create_task(asked(server, [b"x" * 80, 0.2, b"x"]))
        await asyncio.sleep(0.05)
        second = await asked(server, [b"x" * 80])
        return [(await first)[0], second[0], (await asked(server, [b"x" * 80]))[0]]

    assert asyncio.run(story()) == [200, 503, 200]


def test_a_flood_from_one_address_waits_behind_itself() -> None:
    going, order = threading.Event(), []

    def slowly(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        going.wait(5)
        order.append(environ["REMOTE_ADDR"])
        start_response("200 OK", [])
        return []

    async def story() -> list[int]:
        server = front(slowly, Limits(threads=1, waiting=3))
        flood = [asyncio.create_task(asked(server)) for _ in range(10)]
        await asyncio.sleep(0.05)
        honest = asyncio.create_task(asked(server, address="198.51.100.7"))
        await asyncio.sleep(0.05)
        going.set()
        assert (await honest)[0] == 200
        return [status for status, _, _ in await asyncio.gather(*flood)]

    statuses = asyncio.run(story())
    assert (statuses.count(200), statuses.count(503), order.index("198.51.100.7")) == (4, 6, 2)


def test_what_fails_outside_the_application_is_told_and_does_not_end_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(environ: WSGIEnvironment) -> None:
        raise ZeroDivisionError

    server = Front(echo, lambda _environ: Entrance(100, broken, as_data=True), QUICK)
    status, _, body = asyncio.run(asked(server, [b"x"]))
    assert (status, json.loads(body)["error"]) == (500, "web.failed")
    assert "ZeroDivisionError" in caplog.text


# --- the two ways to an answer ----------------------------------------------------------------------------------------

LIN = "mrs-lin-0123456789"


def said(value: float, key: str = "abcdefgh", **more: Any) -> bytes:
    answer = {"field": "recommend", "value": value, "revision": 1}
    return json.dumps({"key": key, "response": LIN, "answers": [answer], **more}).encode()


SENT: dict[str, bytes] = {
    "good": said(9),
    "again": said(9),
    "with the same key, of something else": said(8),
    "outside the scale": said(11, "bbbbbbbb"),
    "at a place that does not exist": said(9, "cccccccc", place="nowhere"),
    "half": said(9)[:-9],
    "no object": b"[1, 2]",
    "no text": b"\xff\xfe\x00",
    "nothing": b"{}",
    "too much": b"x" * (SMALL + 1),
}


@pytest.fixture
def survey(transactional_db: None) -> Iterator[Survey]:
    clinic = make_clinic()
    survey = surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    yield survey
    writer.close()
    survey_cache.forget(survey.token)


def never(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    raise AssertionError(environ["PATH_INFO"])


def test_an_answer_is_told_the_same_with_the_same_headers_whichever_way_it_goes(survey: Survey) -> None:
    address = f"/s/{survey.token}/answers"
    for name, body in SENT.items():
        through = Client().post(address, body, content_type="application/json", headers={"accept-language": "zh-Hant"})
        survey_cache.find(survey.token)
        more = [(b"content-type", b"application/json"), (b"accept-language", b"zh-Hant")]
        status, headers, told = asyncio.run(asked(Front(never, entrance_of, Limits()), [body], path=address, more=more))
        assert (name, status, json.loads(told)) == (name, through.status_code, through.json())
        del headers["content-length"]
        assert headers == {each: through.headers[each] for each in headers}
        assert "content-security-policy" in headers
    assert Answer.objects.values_list("value").get() == (9.0,)


WRONG: dict[str, list[tuple[bytes, bytes]]] = {
    "web.host_unknown": [(b"host", b"evil.example")],
    "web.charset": [(b"content-type", b"application/json; charset=utf-16")],
}


@pytest.mark.parametrize("error", WRONG)
@pytest.mark.parametrize("is_at_hand", [True, False])
def test_an_answer_for_another_host_or_in_another_encoding_is_refused_alike_whichever_way_it_goes(
    survey: Survey, error: str, *, is_at_hand: bool
) -> None:
    if is_at_hand:
        survey_cache.find(survey.token)
    server = Front(WSGIHandler(), entrance_of, Limits())
    sent = asked(server, [said(9)], path=f"/s/{survey.token}/answers", more=WRONG[error])
    status, headers, told = asyncio.run(sent)
    assert (status, headers["content-type"], json.loads(told)["error"]) == (400, "application/json", error)
    assert not Answer.objects.exists()


def test_of_a_crowd_that_comes_when_a_survey_is_to_be_looked_at_again_one_is_sent_to_look(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = survey_cache.find(survey.token)
    monkeypatch.setattr(survey_cache, "FRESH_S", 0.05)
    time.sleep(0.1)
    assert [survey_cache.at_hand(survey.token) for _ in range(5)] == [None, fresh, fresh, fresh, fresh]
    time.sleep(0.1)
    assert survey_cache.at_hand(survey.token) is None, "whoever was sent never came: another is"
    survey_cache.find(survey.token)
    assert survey_cache.at_hand(survey.token) == fresh


@pytest.mark.parametrize(
    ("path", "method"), [("/s/nosuchsurvey/answers", "POST"), ("/s/{}/answers", "GET"), ("/no", "POST")]
)
def test_what_cannot_be_replied_to_at_once_is_told_by_the_application(survey: Survey, path: str, method: str) -> None:
    address = path.format(survey.token)
    through = Client().generic(method, address, b"{}", content_type="application/json")
    status, headers, told = asyncio.run(
        asked(Front(WSGIHandler(), entrance_of, Limits()), [b"{}"], path=address, method=method)
    )
    assert (status, b"web.missing" in told) == (through.status_code, b"web.missing" in through.content)
    assert headers["content-security-policy"] == through.headers["Content-Security-Policy"]


def test_how_long_a_body_may_be_is_declared_and_less_where_nobody_answers_for_it() -> None:
    def largest(path: str, **more: str) -> int:
        return entrance_of({"PATH_INFO": path, "REQUEST_METHOD": "POST", **more}).largest

    session, key = {"HTTP_COOKIE": "peakend_session=x"}, {"HTTP_AUTHORIZATION": "Bearer x"}
    found = [
        largest("/s/abc"),
        largest("/api/v1/a/b/answers"),
        largest("/api/v1/a/b/answers", **key),
        largest("/w/a/b/versions/new/", **session),
    ]
    assert found == [16 * 1024 * 1024, SMALL, 8 * 1024 * 1024, 16 * 1024 * 1024]  # a survey's form may bring photos
    assert [largest("/w/a/b/versions/new/"), largest("/nowhere", **session), largest("/\xff\xfe")] == [SMALL] * 3
