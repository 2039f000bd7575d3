"""What listening does by itself: it erases what waits to be."""

from __future__ import annotations

from typing import Final

from .actions.imports import erase_uncounted, stop_dead
from .actions.take_backs import erase_taken_back

JOB: Final = "erasure"


def erase(workspace: int) -> None:
    """Erase what was taken back, and what imports have left behind whose process has ended."""
    stop_dead(workspace)
    erase_uncounted(workspace)
    erase_taken_back(workspace)
