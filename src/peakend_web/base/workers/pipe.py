"""Whole pieces of bytes through a socket, each with its length before it, and the process that answers them one after
the other.
"""

from __future__ import annotations

import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Final

LENGTH: Final = 4
DONE: Final = b"+"
FAILED: Final = b"-"


def send(line: socket.socket, piece: bytes) -> None:
    """Send a piece; raises OSError where nobody is there, or not in time."""
    line.sendall(len(piece).to_bytes(LENGTH) + piece)


def receive(line: socket.socket) -> bytes:
    """The next piece; nothing where the other end is gone. Raises OSError as `send` does."""
    return _exactly(line, int.from_bytes(_exactly(line, LENGTH)))


def serve(work: Callable[[bytes], bytes], room: int = 0) -> None:
    """Do what is asked for on the line whose number the command names, one piece after the other, until nobody is there
    to ask. Whatever that takes beyond `room` bytes it is not given.
    """
    if room and sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when it ends, not the terminal
    with socket.socket(fileno=int(sys.argv[1])) as line:
        while asked := receive(line):
            try:
                told = DONE + work(asked)
            except Exception as error:  # it is told to whoever asked; the next may be done
                told = FAILED + f"{type(error).__name__}: {error}".encode()[:2_000]
            send(line, told)


def _exactly(line: socket.socket, many: int) -> bytes:
    found = bytearray()
    while len(found) < many:
        piece = line.recv(min(many - len(found), 1 << 20))
        if not piece:
            return b""
        found += piece
    return bytes(found)
