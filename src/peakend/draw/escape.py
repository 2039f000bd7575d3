"""Words on their way into a drawing."""

from __future__ import annotations

import html
import re
from typing import Final

_NOWHERE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold, not even escaped: with one of them no program reads the drawing."""


def escape(words: str) -> str:
    """Words as a drawing holds them: nothing in them is taken for a part of it, and what it cannot hold is left out."""
    return html.escape(_NOWHERE.sub("", words))
