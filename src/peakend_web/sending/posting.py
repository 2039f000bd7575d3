"""One POST to an address that somebody typed: to a judged address, without redirects, within its deadlines."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException
from typing import Final

from .addresses import Target, Unreachable, addresses_of
from .outcomes import Outcome, refused, unknown

CONNECT_S: Final = 3.0
READ_S: Final = 8.0
WHOLE_S: Final = 15.0
LARGEST_REPLY: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered; `is_whole` where the reply ended before it was cut off, by its length or by the line."""

    status: int
    body: bytes
    is_whole: bool


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Line(HTTPConnection):
    """A connection to one judged address; certificate and Host carry the name."""

    def __init__(self, where: Target) -> None:
        self.default_port = 443 if where.is_secret else 80
        super().__init__(where.host, where.port, timeout=READ_S)
        self._where = where

    def connect(self) -> None:
        """Connect to the first of the host's addresses that answers."""
        line = _connected(addresses_of(self._where), self._where.port)
        line.settimeout(READ_S)
        self.sock = line
        if self._where.is_secret:
            secret = _trust().wrap_socket(line, server_hostname=self._where.host, do_handshake_on_connect=False)
            self.sock = secret
            secret.do_handshake()

    def cut(self) -> None:
        """End it from outside, whatever is waited for."""
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _connected(addresses: list[str], port: int) -> socket.socket:
    until = time.monotonic() + CONNECT_S
    for address in addresses:
        left = until - time.monotonic()
        if left > 0:
            try:
                return socket.create_connection((address, port), left)
            except OSError:
                continue
    raise Unreachable("connect")


def post(where: Target, body: bytes, headers: Mapping[str, str]) -> Reply | Outcome:
    """What was answered to it; or what became of it where nothing was."""
    line = _Line(where)
    deadline = threading.Timer(WHOLE_S, line.cut)
    deadline.daemon = True
    deadline.start()
    try:
        return _connect(line) or _exchange(line, where.path, body, headers)
    finally:
        deadline.cancel()
        line.close()


def _connect(line: _Line) -> Outcome | None:
    """Nothing has left yet: whatever goes wrong here, it did not arrive."""
    try:
        line.connect()
    except Unreachable as error:
        return refused(error.code)
    except ssl.SSLError as error:
        return refused("tls", error.reason or "")
    except OSError:
        return refused("connect")
    return None


def _exchange(line: _Line, path: str, body: bytes, headers: Mapping[str, str]) -> Reply | Outcome:
    """Say it and listen. Once it began, only a status tells what became of it."""
    try:
        line.request("POST", path, body, dict(headers))
        reply = line.getresponse()
    except TimeoutError:
        return unknown("timeout")
    except (OSError, HTTPException):
        return unknown("cut")
    try:
        content, is_whole = reply.read(LARGEST_REPLY), reply.isclosed()
    except (OSError, HTTPException):
        content, is_whole = b"", False
    return Reply(reply.status, content, is_whole)
