"""Password hashes, one at a time and in a process of their own: each takes a hundred megabytes and a tenth of a second.

In threads of the server sixty people who sign in at once would hold up every answer: a thread that gives way does so
with the interpreter's lock in its hand, and one that does not takes the processor from whoever keeps answers.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.contrib.auth.hashers import Argon2PasswordHasher

from peakend_web.base.workers.processes import Processes

from .password_process import Check, Hash

processes: Final = Processes("peakend_web.people.password_process")


class Argon2(Argon2PasswordHasher):
    """Django's own hash, computed in turn; its methods raise Busy where too many wait."""

    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        """The hash to be kept."""
        of = self.params()
        asked = Hash(password.encode(), salt.encode(), of.time_cost, of.memory_cost, of.parallelism, of.hash_len)
        return f"{self.algorithm}{processes.ask(msgspec.msgpack.encode(asked)).decode('ascii')}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password."""
        hashed = encoded[encoded.index("$") :].encode()
        return bool(processes.ask(msgspec.msgpack.encode(Check(password.encode(), hashed))))
