"""How many answers it takes before a figure is said, and before it is said firmly: one number for sentences, pictures
and pages.
"""

from __future__ import annotations

from typing import Final

LOW_BASE: Final = 30
"""Below this many answers a figure is shown pale, with a warning, and nothing is called better or worse by it."""
FEWEST_FOR_SPREAD: Final = 2
"""One answer has no spread: of fewer there is neither a variance nor an interval or a test of a mean."""
