"""Ids and names in one plain form, so that what people mean as one is one at every door.

`A1`, `A1 ` and `Ａ１` are the same id to whoever types them, and would be three groups to an engine. An id stays a
text: no number is read in it, so that 007 and 7 are two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count
from typing import Final

INVISIBLE: Final = "".maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"))
"""Characters that take no room: an id with one of them looks like the id without."""


def plain_id(text: str) -> str:
    """An id in its plain form: full-width letters, digits and signs as their usual ones (Unicode NFKC), no unseen
    characters, no blanks around it, and one blank where there are several within.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(unicodedata.normalize("NFKC", text).translate(INVISIBLE).split())


def fold_case(name: str) -> str:
    """The name of a column as engines compare it, which do not tell capitals from small letters."""
    return plain_id(name).casefold()


def id_from(title: str, kind: str, taken: Container[str]) -> str:
    """A new id for something with a title: the title's Latin letters and digits, else its kind and a number; never one
    of those that are taken. It does not change when the title does.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold().replace("'", "")
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-")
    return free_id(stem, taken) if stem else numbered_id(kind, taken)


def free_id(wanted: str, taken: Container[str]) -> str:
    """An id that nothing has: the one that is wanted, else that with the lowest free number from 2 on."""
    return next(id for id in chain([wanted], (f"{wanted}-{number}" for number in count(2))) if id not in taken)


def numbered_id(kind: str, taken: Container[str]) -> str:
    """An id that nothing has: the kind of thing, and the lowest free number from 1 on."""
    return next(id for id in (f"{kind}-{number}" for number in count(1)) if id not in taken)
