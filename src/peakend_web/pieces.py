"""Whole pieces of bytes through a socket, each with its length before it."""

from __future__ import annotations

import socket
from typing import Final

LENGTH: Final = 4


def sent(line: socket.socket, piece: bytes) -> None:
    """Send a piece; raises OSError where nobody is there, or not in time."""
    line.sendall(len(piece).to_bytes(LENGTH) + piece)


def received(line: socket.socket) -> bytes:
    """The next piece; nothing where the other end is gone. Raises OSError as `sent` does."""
    return _exactly(line, int.from_bytes(_exactly(line, LENGTH)))


def _exactly(line: socket.socket, many: int) -> bytes:
    found = bytearray()
    while len(found) < many:
        piece = line.recv(min(many - len(found), 1 << 20))
        if not piece:
            return b""
        found += piece
    return bytes(found)
