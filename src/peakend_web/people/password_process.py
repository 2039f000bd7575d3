"""The process that computes the hashes of passwords: `python -m peakend_web.people.password_process FD`. It
gives way to whoever keeps an answer.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import msgspec
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import Type, hash_secret, verify_secret

from peakend_web.base.workers.pipe import serve

GIVES_WAY: Final = 19


class Hash(msgspec.Struct, frozen=True, tag=True):
    """Make the hash of a password."""

    secret: bytes
    salt: bytes
    rounds: int
    memory: int
    lanes: int
    length: int


class Check(msgspec.Struct, frozen=True, tag=True):
    """Say whether this is the password of a hash."""

    secret: bytes
    hashed: bytes


def compute(asked: bytes) -> bytes:
    """The hash; or of a password that is checked something where it is the one, and nothing where it is not."""
    said = msgspec.msgpack.decode(asked, type=Hash | Check)
    if isinstance(said, Hash):
        return hash_secret(said.secret, said.salt, said.rounds, said.memory, said.lanes, said.length, Type.ID)
    try:
        return b"y" if verify_secret(said.hashed, said.secret, Type.ID) else b""
    except (Argon2Error, InvalidHashError):
        return b""


if __name__ == "__main__":
    if sys.platform != "win32":
        os.nice(GIVES_WAY)
    serve(compute)
