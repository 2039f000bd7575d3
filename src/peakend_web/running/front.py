"""The front: it stands between the network and the application, so that nobody who is slow holds anything that others
need.

A request takes a thread only once it is whole, and a reply gives its thread back before it is sent. So whoever sends a
byte a minute, or reads one, costs a connection and nothing more:

- a body has a deadline that grows with its length, and a largest size that its address declares (`base.route`);
- of one address a number of requests may be unfinished at a time – unfinished for longer than a moment, for five
  hundred phones behind one router are all unfinished for a millisecond;
- all bodies together have a size;
- threads are given out to addresses in turn, and few of them compute at a time (`threads`).

Whoever is refused here is told so with a status of its own: 408 too slow, 413 too large, 429 too many unfinished, 503
too much at once. The figures are those of `Limits`; all limits, and where each stands, are listed at `base.guard`.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, Final, cast
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from peakend.errors import PeakendError
from peakend_web.base.client_addresses import client_of, neighbourhood
from peakend_web.base.guard import Entrance
from peakend_web.base.refusals import Busy, Failed, Malformed, Slow, TooMany
from peakend_web.base.replies import Reply, refusal_reply
from peakend_web.base.whole_numbers import whole_number
from peakend_web.base.workers.threads import Desks, Full, Threads

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LOG: Final = logging.getLogger(__name__)
PIECE: Final = 256 * 1024
LOOK_S: Final = 0.05
AT_A_LOOK: Final = 16
"""Bodies that are ended at one look: three hundred that came together and were ended together would hold up everybody
at every turn of theirs.
"""
MOST_DISCARDED: Final = 64 * 1024 * 1024
"""What is read of a body that is too large, so that its sender hears why; after that the connection is cut."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one may ask of this server: seconds, bytes, requests."""

    threads: int = 64
    desks: int = 1
    """Pages that are computed at a time (`threads`)."""
    answering: int = 16
    """Threads that only those have who could have been replied to at once: however many pages are asked for, answers
    are kept.
    """
    waiting: int = 1_024
    """Whole requests of one address that may wait for a thread."""
    moment_s: float = 1.0
    """How long a request may be unfinished without being counted."""
    unfinished: int = 32
    """Requests of one address that may be unfinished for longer."""
    body_s: float = 15.0
    """How long a short body may take; a long one a second more for each `body_rate` bytes."""
    body_rate: int = 16 * 1024
    bodies: int = 256 * 1024 * 1024
    """What all bodies that are held together may weigh."""
    reply_s: float = 60.0
    """How long a piece of a reply may take to be read."""


@dataclass(slots=True)
class File:
    """A reply that is read from a file while it is sent (`wsgi.file_wrapper`)."""

    file: BinaryIO
    block: int = PIECE

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(self.block):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self.file.close()


UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
"""What UTF-8 is called, and what is written the same in it."""


class Front:
    """The ASGI application around a WSGI one; `entrance_of` says what it must know of the address that is asked for."""

    def __init__(
        self, application: WSGIApplication, entrance_of: Callable[[WSGIEnvironment], Entrance], limits: Limits
    ) -> None:
        self._application = application
        self._entrance_of = entrance_of
        self._limits = limits
        self._pages = Threads(limits.threads, limits.waiting, Desks(limits.desks))
        self._answering = Threads(limits.answering, limits.waiting)
        self._reading: dict[int, Body] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or hear that the server begins and ends."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        self._pages.close()
        self._answering.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = environment(scope)
        entrance = self._entrance_of(environ)
        body = Body(neighbourhood(environ["REMOTE_ADDR"]), _announced_length(environ))
        try:
            if body.announced != 0:
                await self._gather(environ, body, receive, entrance.largest)
            reply = await self._reply_to(environ, entrance, body.address)
        except Full:
            reply = refusal_reply(environ, Busy("web.busy", seconds=1), as_data=entrance.as_data)
        except PeakendError as error:
            reply = refusal_reply(environ, error, as_data=entrance.as_data, more={"Connection": "close"})
        except Exception:
            LOG.exception("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            reply = refusal_reply(environ, Failed("web.failed"), as_data=entrance.as_data)
        finally:
            self._held -= body.held_size
        await self._reply(reply, send)

    async def _reply_to(self, environ: WSGIEnvironment, entrance: Entrance, address: str) -> Reply:
        """At once where that can be, else by the application in a thread."""
        if entrance.at_once and (reply := await entrance.at_once(environ)):
            return reply
        threads = self._answering if entrance.at_once else self._pages
        return await threads.run(address, call, self._application, environ)

    # --- a body -------------------------------------------------------------------------------------------------------

    async def _gather(self, environ: WSGIEnvironment, body: Body, receive: Receive, largest: int) -> None:
        """Put the whole body into the environment; one that is too large is left out, and the application says so in
        its own words.
        """
        await self._read(body, receive, largest)
        if body.is_larger_than(largest):
            environ["peakend.too_large"] = largest
            environ["CONTENT_LENGTH"] = str(max(body.announced or 0, body.size))
            return
        if body.announced is not None and body.size < body.announced:
            raise _cut(body)
        environ["CONTENT_LENGTH"] = str(body.size)
        environ["wsgi.input"] = BytesIO(b"".join(body.pieces))

    async def _read(self, body: Body, receive: Receive, largest: int) -> None:
        """Read the body. Whoever is too slow is cancelled by `_look`; a timer for each request would cost more than the
        request.
        """
        self._begin(body)
        try:
            more = True
            while more and body.size <= MOST_DISCARDED:
                message = await receive()
                if message["type"] == "http.disconnect":  # of whoever is gone, or has sent what is no body
                    raise _cut(body)
                more = message.get("more_body", False)
                self._hold(body, message.get("body", b""), largest)
        except asyncio.CancelledError:
            if body.verdict is None:
                raise
            body.task.uncancel()
            raise body.verdict from None
        finally:
            del self._reading[id(body)]

    def _begin(self, body: Body) -> None:
        loop = asyncio.get_running_loop()
        body.begun_at, body.task = loop.time(), cast("asyncio.Task[Any]", asyncio.current_task())
        if not self._reading:
            self._looking = self._looking or loop.call_later(LOOK_S, self._look)
        self._reading[id(body)] = body

    def _look(self) -> None:
        """End what is overdue, and of each address what is unfinished for longer than a moment beyond the number that
        may be.
        """
        loop, unfinished, ended = asyncio.get_running_loop(), Counter[str](), 0
        for body in self._reading.values():
            age = loop.time() - body.begun_at
            if age < self._limits.moment_s or body.verdict:
                continue
            unfinished[body.address] += 1
            if unfinished[body.address] > self._limits.unfinished:
                body.end(TooMany("web.unfinished_many", seconds=5))
            elif age > self._limits.body_s + body.size / self._limits.body_rate:
                body.end(Slow("web.too_slow"))
            else:
                continue
            ended += 1
            if ended == AT_A_LOOK:
                break
        self._looking = loop.call_later(LOOK_S, self._look) if self._reading else None

    def _hold(self, body: Body, piece: bytes, largest: int) -> None:
        """Keep a piece; of a body that is too large nothing is kept."""
        body.size += len(piece)
        if body.is_larger_than(largest):
            self._held -= body.held_size
            body.held_size = 0
            body.pieces.clear()
            return
        if self._held + len(piece) > self._limits.bodies:
            raise Busy("web.busy", seconds=5)
        self._held += len(piece)
        body.held_size += len(piece)
        body.pieces.append(piece)

    # --- a reply ------------------------------------------------------------------------------------------------------

    async def _reply(self, reply: Reply, send: Send) -> None:
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        if reply.file is None:
            await send({"type": "http.response.body", "body": reply.body})
            return
        try:
            while piece := await asyncio.to_thread(reply.file.read, PIECE):
                async with asyncio.timeout(self._limits.reply_s):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            reply.file.close()


@dataclass(slots=True)
class Body:
    """A body that is being read: whose, how long it says it is (None where it does not say), and how far it
    has come.
    """

    address: str
    announced: int | None
    size: int = 0
    held_size: int = 0
    pieces: list[bytes] = field(default_factory=list)
    begun_at: float = 0.0
    task: asyncio.Task[Any] = field(init=False)
    verdict: PeakendError | None = None

    def end(self, verdict: PeakendError) -> None:
        """Stop reading it, and say why."""
        self.verdict = verdict
        self.task.cancel()

    def is_larger_than(self, largest: int) -> bool:
        """Whether it is, or says that it will be."""
        return max(self.size, self.announced or 0) > largest


def _cut(body: Body) -> PeakendError:
    """What is told of a body that ends before it should: whoever sent it may be there to hear it."""
    if body.announced is None:
        return Malformed("web.malformed")
    return Malformed("web.body_cut", found=body.size, announced=body.announced)


# --- between the two interfaces ---------------------------------------------------------------------------------------


def environment(scope: Scope) -> WSGIEnvironment:
    """The request as WSGI has it, without its body. Names with an underscore are left out: they would pass for those
    with a hyphen.
    """
    host, port = scope.get("server") or ("127.0.0.1", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"].partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": File,
    }
    for name, value in scope["headers"]:
        key = _key(name)
        if not key:
            continue
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
    environ["REMOTE_ADDR"] = client_of(
        scope["client"][0] if scope.get("client") else "", environ.get("HTTP_X_FORWARDED_FOR", "")
    )
    return in_utf_8(environ)


def in_utf_8(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request without the encoding that it says it is in, but for UTF-8, which is put aside: the application
    refuses such a body in words.

    Django would read even the address in it, and Python's codecs are not all encodings of texts.
    """
    kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    said = [each for each in parameters if each.partition("=")[0].strip().lower() == "charset"]
    named = [each.partition("=")[2].strip().strip("\"'").lower() for each in said]
    other = next((each for each in named if each not in UTF_8), None)
    if other is not None:
        environ["CONTENT_TYPE"] = ";".join([kind, *(each for each in parameters if each not in said)])
        environ["peakend.charset"] = other or "–"
    return environ


@lru_cache(1_024)
def _key(name: bytes) -> str:
    """What a header is called in the environment."""
    key = name.decode("latin-1").upper()
    if "_" in key:
        return ""
    key = key.replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _announced_length(environ: WSGIEnvironment) -> int | None:
    """How long the body says it is; none is as long as nothing, unless it comes in chunks."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    return whole_number(environ.get("CONTENT_LENGTH", ""))


def call(application: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """The application's whole reply; in a thread."""
    reply = Reply()
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
        del exc_info
        reply.status = int(status[:3])
        reply.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return written.append

    found: Iterable[bytes] = application(environ, start)
    if isinstance(found, File):
        reply.file = found.file
        return reply
    try:
        reply.body = b"".join([*written, *found])
    finally:
        if hasattr(found, "close"):
            found.close()
    return reply
