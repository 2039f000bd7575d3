"""The code with which a respondent finds their answers again: to see them, change them, delete them, take them along.

It is the respondent's own name for what they fill in: twenty letters and digits at random (99 bits), made with the
page, which say nothing of who, where or when. Nothing here keeps it. What is kept of it are two hashes: the name under
which the response is stored (`public_name`), and of a finished response the one by which it is found (`mark_of`). So a
code is shown once, after sending, and cannot be read out of the database by anybody.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

from peakend_web.store.identity import identity

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for one another when read aloud or typed from a card."""
LENGTH: Final = 20
GROUP: Final = 4
_CODE: Final = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def random_code(length: int) -> str:
    """So many letters and digits that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_receipt() -> str:
    """A code for a response that begins."""
    return random_code(LENGTH)


def receipt_of(typed: str) -> str:
    """The code that somebody typed, however they wrote it: with blanks and hyphens, in capitals, full-width; empty
    where it is none.
    """
    plain = re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKC", typed[:200]).casefold())
    return plain if _CODE.fullmatch(plain) else ""


def in_groups(receipt: str) -> str:
    """A code as it is shown and read aloud."""
    return "-".join(receipt[at : at + GROUP] for at in range(0, len(receipt), GROUP)).upper()


def mark_of(response: str) -> str | None:
    """By what a response is found again whose own name is a code; None where a program has named it otherwise."""
    return identity("receipt", response) if _CODE.fullmatch(response) else None
