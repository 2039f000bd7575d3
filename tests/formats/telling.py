"""What every refusal owes the person who meets it."""

from __future__ import annotations

from peakend.errors import PeakendError
from peakend.terms import LANGUAGES


def tells(error: PeakendError) -> None:
    """The refusal says what it found and what to do, in each language."""
    assert all(error.message(lang).strip() and error.hint(lang).strip() for lang in LANGUAGES)
