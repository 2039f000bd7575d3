"""The API about what comes in and is taken back, for programs that bring rows."""

from __future__ import annotations

from .description import PATHS

__all__ = ["PATHS"]
