"""What became of one try: delivered, refused, or unknown.

Delivered is what the channel confirmed. Refused is what certainly did not arrive. Everything else, from the moment on
at which the words left the house, is unknown: it may have arrived, and is tried again under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peakend_web.models.sending import REPLY_KEPT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `code` is the channel's own, or a word for what went wrong before it said one; `is_final`
    where trying again would not help.
    """

    what: Literal["delivered", "refused", "unknown"]
    code: str
    reply: str = ""
    is_final: bool = False


def delivered(code: int, reply: bytes | str = b"") -> Outcome:
    """The channel took it."""
    return Outcome("delivered", str(code), raw(reply))


def refused(code: int | str, reply: bytes | str = b"", *, is_final: bool = False) -> Outcome:
    """It did not arrive."""
    return Outcome("refused", str(code), raw(reply), is_final)


def unknown(code: int | str, reply: bytes | str = b"") -> Outcome:
    """It left, and nobody said what became of it."""
    return Outcome("unknown", str(code), raw(reply))


def raw(reply: bytes | str) -> str:
    """A reply as it is shown and kept: its first characters, without any that nobody sees."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return "".join(each if each.isprintable() else " " for each in text).strip()[:REPLY_KEPT]
