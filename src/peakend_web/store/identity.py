"""The name of what was delivered, by which it is recognised when it comes again.

A name is a hash of all that makes it: never cut, and of parts whose lengths are told, so that no two lists of parts
have one name. It begins with the kind of whoever sends, so that what a guest of a survey calls a delivery never meets
what a program calls one.
"""

from __future__ import annotations

import hmac
import unicodedata
from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final


def identity(*parts: str | int) -> str:
    """64 hexadecimal digits for these parts, in this order."""
    digest = blake2b(digest_size=32)
    for part in parts:
        data = str(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


SURVEY, PROGRAM, FILE, RECORD = "survey:", "key:", "file:", "record:"
OURS: Final = (SURVEY, PROGRAM, FILE, RECORD)
"""How the sources begin that we name ourselves: of a survey's page, of a program, of a file, of a record's steps."""
UNSEEN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of signs that leave nothing to see: blanks, and those that only steer how others are written."""


def is_reserved(source: str) -> bool:
    """Whether a source begins as those that we name ourselves, however it is written: in capitals, full-width, behind
    blanks or signs that nobody sees. What reads like one of ours would pass for it with people.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", source).casefold())
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in UNSEEN)
    return seen.startswith(OURS)


def survey_source(survey: int) -> str:
    """What the rows of a survey name as their source."""
    return f"{SURVEY}{survey}"


def record_source(kind: str) -> str:
    """What the steps of records of a kind name as their source."""
    return f"{RECORD}{kind}"


def file_source(digest: str) -> str:
    """What the rows of a file name as their source."""
    return f"{FILE}{digest}"


def program(prefix: str, delivery: str = "") -> str:
    """What a program is called as a source, and as whoever brought a row in; with the name of one of its deliveries."""
    return f"{PROGRAM}{prefix}:{delivery}" if delivery else f"{PROGRAM}{prefix}"


def is_programs(source: str) -> bool:
    """Whether this is what a program is called."""
    return source.startswith(PROGRAM)


def is_anothers(source: str, prefix: str) -> bool:
    """Whether this is what a survey, a file or a program other than that of this prefix is called."""
    own = program(prefix)
    return source.startswith(OURS) and source != own and not source.startswith(f"{own}:")


def tellable(source: str, *own: str) -> str:
    """A source as it may be told and kept: one that somebody else has named may name a person. `own` are those that the
    listener has named.
    """
    return source if source.startswith(OURS) or source in own else ""


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def public_name(secret: str, survey: int, name: str) -> str:
    """The name of a response as it is kept, shown and handed out. The respondent's own `name` for it, with which alone
    its answers can be changed, does not follow from it without the installation's secret.
    """
    seal = hmac.digest(secret.encode(), identity("response", survey, name).encode(), "sha256")
    return urlsafe_b64encode(seal).decode().rstrip("=")
