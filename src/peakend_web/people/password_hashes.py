"""Password hashes, one at a time and in a process of their own: each takes a hundred megabytes and a tenth of a second.

In threads of the server sixty people who sign in at once would hold up every answer: a thread that gives way does so
with the interpreter's lock in its hand, and one that does not takes the processor from whoever keeps answers. A
command, such as the one that makes the demo, holds up nobody: it computes the hash itself, however busy the machine is.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.contrib.auth.hashers import Argon2PasswordHasher

from peakend_web.base.workers.processes import Processes
from peakend_web.base.workers.threads import is_serving

from .password_process import Check, Hash

processes: Final = Processes("peakend_web.people.password_process")


class Argon2(Argon2PasswordHasher):
    """Django's own hash, in the server computed in turn; there its methods raise Busy where too many wait, or it takes
    too long.
    """

    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        """The hash to be kept."""
        if not is_serving():
            return str(super().encode(password, salt))
        of = self.params()
        asked = Hash(password.encode(), salt.encode(), of.time_cost, of.memory_cost, of.parallelism, of.hash_len)
        return f"{self.algorithm}{processes.ask(msgspec.msgpack.encode(asked)).decode('ascii')}"

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password."""
        if not is_serving():
            return bool(super().verify(password, encoded))
        hashed = encoded[encoded.index("$") :].encode()
        return bool(processes.ask(msgspec.msgpack.encode(Check(password.encode(), hashed))))
