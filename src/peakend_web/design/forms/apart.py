"""Two texts beside each other, in pieces: which of them are in both, and which in one alone."""

from __future__ import annotations

from dataclasses import dataclass

from peakend.service.comparison import pieces


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
    found = list(pieces(theirs, mine))
    return Apart(
        [Piece(text, differs=which == "old") for which, text in found if which != "new"],
        [Piece(text, differs=which == "new") for which, text in found if which != "old"],
    )
