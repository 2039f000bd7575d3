"""How many answers it takes before a figure is said firmly: one number for sentences, pictures and pages."""

from __future__ import annotations

from typing import Final

LOW_BASE: Final = 30
"""Below this many answers a figure is shown pale, with a warning, and nothing is called better or worse by it."""
