"""The token that a page is made with: it names the survey, the place, the response and the moment, and proves that the
page was asked for before it is answered; and the puzzle that goes with it, for when there is a crowd.

A token is of one response, and lives as long as an answer may wait on a phone to be sent. Where a page is used by one
person after the other without being loaded again, the further responses are called `NAME--2`, `NAME--3` …, each a
person's time after the one before. Nothing is kept of a token: it is made again to be compared.

The puzzle is to find a number that the server has hidden in a hash. To hide it costs one hash, to find it as many as
the number is high; so a phone has it while its owner reads, and many at once cost something. Its solution is of one
token, and so of one response: whoever sends it again says nothing more.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from peakend.instants import SECOND
from peakend_web.base.cache import on_forget
from peakend_web.base.derived_keys import derived_key
from peakend_web.store.identity import same

LIVES_US: Final = 14 * 24 * 3600 * SECOND
EACH_US: Final = 15 * SECOND
"""Between two people who answer on one page: nobody reads, taps and makes way in less."""
HARDEST: Final = 130_000
"""Hashes that the hardest puzzle takes: a third of a second on a slow phone, half of that for most."""
_TOKEN: Final = re.compile(r"[0-9a-f]{1,16}\.[A-Za-z0-9_-]{22}")
_FURTHER: Final = re.compile(r"(.+)--([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Opened:
    """When the page was made for a response; of a further one on the same page, when that could have begun."""

    at_us: int
    page_us: int


def make_token(survey: int, place: str, response: str, at_us: int, key: bytes | None = None) -> str:
    """The token of a page that is made at an instant, with the key of this installation or another one."""
    seal = hmac.digest(key or _keys()[0], f"{survey}:{at_us}:{place}:{response}".encode(), "sha256")
    return f"{at_us:x}.{urlsafe_b64encode(seal[:16]).decode().rstrip('=')}"


def read_token(
    token: str, survey: int, place: str, response: str, now_us: int
) -> Opened | Literal["no_token", "old_token"]:
    """When the page of a response was made; or what is wrong with its token."""
    if not _TOKEN.fullmatch(token):
        return "no_token"
    at_us = int(token.partition(".")[0], 16)
    nth = 1 if same(token, make_token(survey, place, response, at_us)) else 0
    if not nth and (further := _FURTHER.fullmatch(response)):
        nth = int(further[2]) if same(token, make_token(survey, place, further[1], at_us)) else 0
    begun_us = at_us + (nth - 1) * EACH_US
    if not nth or begun_us > now_us:
        return "no_token"
    return Opened(begun_us, at_us) if now_us - at_us <= LIVES_US else "old_token"


def puzzle_of(token: str) -> str:
    """The hash in which the number of a token is hidden."""
    return hashlib.sha256(f"{token}.{_hidden_number(token)}".encode()).hexdigest()


def is_solved(token: str, solution: int | None) -> bool:
    """Whether this is the number of a token."""
    return solution is not None and solution == _hidden_number(token)


def _hidden_number(token: str) -> int:
    digest = hmac.digest(_keys()[1], token.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") % HARDEST


@cache
def _keys() -> tuple[bytes, bytes]:
    return derived_key("render"), derived_key("puzzle")


on_forget(_keys.cache_clear)
