"""Two texts beside each other, in pieces: which of them are in both, and which in one alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

WORD: Final = re.compile(r"[A-Za-z0-9À-ɏ’'-]+|\s+|.", re.DOTALL)
"""A Latin word is one piece, and so is each other character."""


@dataclass(frozen=True)
class Piece:
    """Words, and whether the other text has none like them in this place."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Apart:
    """Two texts in pieces."""

    theirs: list[Piece]
    mine: list[Piece]


def apart(theirs: str, mine: str) -> Apart:
    """Both texts in pieces, with what differs."""
    left, right = WORD.findall(theirs), WORD.findall(mine)
    found = Apart([], [])
    for same, *ends in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        found.theirs.extend(_piece(left[ends[0] : ends[1]], differs=same != "equal"))
        found.mine.extend(_piece(right[ends[2] : ends[3]], differs=same != "equal"))
    return found


def _piece(words: list[str], *, differs: bool) -> list[Piece]:
    return [Piece("".join(words), differs)] if words else []
