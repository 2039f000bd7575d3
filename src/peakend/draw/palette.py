"""The one palette: paper and ink, and the reverse in the dark; a diverging pair for below and above that colour-blind
eyes tell apart.

Charts, maps, posters and style sheets take their colours from here; a style sheet that says another colour fails a
test.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#FBFAF6", "ink": "#211E1A", "quiet": "#5C564D", "faint": "#A39C90", "hair": "#E4DFD5",
        "below": "#B35C00", "above": "#1F66B0", "below_pale": "#F2DDBF", "above_pale": "#CFE0F1",
        "level_pale": "#EDE9E0",
        "above_mid": "#8FB8E0", "bar": "#8B8376",
    }
)  # fmt: skip
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#191714", "ink": "#F2EEE6", "quiet": "#B5AEA2", "faint": "#7A7367", "hair": "#38342E",
        "below": "#F0A64A", "above": "#7DB7EE", "below_pale": "#5B3D16", "above_pale": "#20405F",
        "level_pale": "#2E2A25",
        "above_mid": "#2F6196", "bar": "#978E80",
    }
)  # fmt: skip
