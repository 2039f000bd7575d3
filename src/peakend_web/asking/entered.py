"""Answers that somebody on the staff types in for a customer: how they were heard, and when.

They are facts as any others of the survey, in its own source. What tells them apart is the column `aside`, which says
`staff`: nobody else's figures have them in unless they are asked for. How they were heard is a segment, `heard`, and
no channel: the channel is where the service was given, whoever held the pen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

STAFF: Final = "staff"
"""The reason in `aside` of what staff typed in."""
HEARD: Final = "heard"
"""The segment that says how."""
PAPER, PHONE, IN_PERSON = "paper", "phone", "in_person"
WAYS: Final = (PAPER, PHONE, IN_PERSON)


@dataclass(frozen=True, slots=True)
class Entered:
    """How an answer was heard, one of `WAYS`, and when: microseconds since 1970 UTC."""

    how: str
    at_us: int

    @property
    def segments(self) -> Mapping[str, str]:
        """What its rows say of it, beside who was asked."""
        return {HEARD: self.how}
