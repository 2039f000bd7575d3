"""A mail server and a gateway that really listen, and behave as they are told."""

from __future__ import annotations

import email
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from peakend_web.base.mail_server import MailServer

HANG = "hang"
CUT = "cut"


@dataclass
class MailBox:
    """What a mail server has taken, and what it does next: `says` holds a reply to a step (`mail`, `rcpt`, `data`, or
    `text` for the whole), HANG, or CUT, which takes the text and ends the line without a word.
    """

    server: MailServer
    says: dict[str, str] = field(default_factory=dict)
    emails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)


class _Smtp(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        box: MailBox = self.server.box  # type: ignore[attr-defined]
        self.say("220 mail")
        while line := self.rfile.readline().strip().decode():
            step = line.split(":")[0].split()[0].lower()
            said = box.says.get(step)
            if said == HANG:
                box.free.wait(30)
                return
            if said == CUT:
                return
            if step == "ehlo":
                self.say("250-mail\r\n250 SIZE 1000000")
            elif step == "data" and not said:
                self.say("354 go on")
                if not self.text(box):
                    return
            elif step == "quit":
                self.say("221 bye")
                return
            else:
                self.say(said or "250 fine")

    def text(self, box: MailBox) -> bool:
        """Take the text; whether the line goes on."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        said = box.says.get("text", "250 queued")
        if said == HANG:
            box.free.wait(30)
            return False
        if said == CUT or said.startswith("250"):
            box.raw.append(b"".join(lines))
            box.emails.append(email.message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
        if said == CUT:
            return False
        self.say(said)
        return True


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_box() -> Iterator[MailBox]:
    """A mail server on this machine."""
    with _Threads(("127.0.0.1", 0), _Smtp) as server:
        known = MailServer("127.0.0.1", server.server_address[1], "feedback@harbour.example")
        server.box = MailBox(known)  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server.box  # type: ignore[attr-defined]
        finally:
            server.box.free.set()  # type: ignore[attr-defined]
            server.shutdown()


@dataclass
class Request:
    """What a gateway was asked."""

    path: str
    headers: dict[str, str]
    body: bytes
    took: bool = True
    """Whether the gateway sent it on."""

    @property
    def said(self) -> Any:
        """The body, as JSON."""
        return json.loads(self.body)


@dataclass
class Desk:
    """What a gateway was asked, and what it answers next: a status and a body, HANG, or CUT."""

    port: int
    status: int = 200
    body: bytes = b'{"code": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    does: str = ""
    before: Callable[[], None] = lambda: None
    """What it does before it answers."""
    asked: list[Request] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/send"


class _Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        desk: Desk = self.server.desk  # type: ignore[attr-defined]
        content = self.rfile.read(int(self.headers["Content-Length"]))
        desk.before()
        desk.asked.append(Request(self.path, dict(self.headers), content, took=desk.status == HTTPStatus.OK))
        if desk.does == HANG:
            desk.free.wait(30)
        if desk.does in (HANG, CUT):
            return
        self.send_response(desk.status)
        for name, value in desk.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(desk.body)))
        self.end_headers()
        self.wfile.write(desk.body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextmanager
def gateway_desk() -> Iterator[Desk]:
    """A gateway on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Gateway) as server:
        server.daemon_threads = True
        server.desk = Desk(server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server.desk  # type: ignore[attr-defined]
        finally:
            server.desk.free.set()  # type: ignore[attr-defined]
            server.shutdown()


def until(true: Any, within_s: float = 10) -> bool:
    """Wait until something is so; whether it became so in time."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False
