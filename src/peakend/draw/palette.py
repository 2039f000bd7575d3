"""The one palette: paper and ink, and the reverse in the dark; one accent for what can be tapped; a diverging pair for
below and above that colour-blind eyes tell apart.

Charts, maps, posters and style sheets take their colours from here. The style sheets hold theirs between two marks,
written by `make palette`; a colour anywhere else fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#FBFAF6", "raised": "#FFFFFF", "sunken": "#F3F0E8",
        "ink": "#211E1A", "quiet": "#5C564D", "faint": "#A39C90", "hair": "#E4DFD5", "edge": "#8B8376",
        "accent": "#0B6150", "on_accent": "#FFFFFF", "accent_pale": "#E2EFE9",
        "below": "#B35C00", "above": "#1F66B0", "below_pale": "#F2DDBF", "above_pale": "#CFE0F1",
        "level_pale": "#EDE9E0", "above_mid": "#8FB8E0",
        "trough_dot": "#D07A18", "peak_dot": "#3B82C9",
        "code": "#000000", "code_ground": "#FFFFFF",
        "shadow": "rgb(0 0 0 / 0.14)", "shadow_pale": "rgb(0 0 0 / 0.12)",
    }
)  # fmt: skip
"""`edge` is of bars and fields; the two dots stand on the mark; a code is black on white for cameras."""
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "paper": "#191714", "raised": "#211E1A", "sunken": "#131210",
        "ink": "#F2EEE6", "quiet": "#B5AEA2", "faint": "#7A7367", "hair": "#38342E", "edge": "#978E80",
        "accent": "#72CBB4", "on_accent": "#10211C", "accent_pale": "#1D332D",
        "below": "#F0A64A", "above": "#7DB7EE", "below_pale": "#5B3D16", "above_pale": "#20405F",
        "level_pale": "#2E2A25", "above_mid": "#2F6196",
        "trough_dot": "#D07A18", "peak_dot": "#3B82C9",
        "code": "#000000", "code_ground": "#FFFFFF",
        "shadow": "rgb(0 0 0 / 0.14)", "shadow_pale": "rgb(0 0 0 / 0.12)",
    }
)  # fmt: skip
PRINT: Final[Mapping[str, str]] = MappingProxyType(dict.fromkeys(("paper", "raised", "sunken"), "#FFFFFF"))
"""What differs from the light on paper, which has its own white."""

BEGIN: Final = "/* Colours of peakend.draw.palette, written by `make palette` */\n"
END: Final = "/* End of the colours */\n"


def custom_properties(names: Iterable[str]) -> str:
    """The colours of these names as custom properties of a style sheet: light, in the dark where they differ, and
    printed.
    """
    wanted = list(names)
    dark = [name for name in wanted if DARK[name] != LIGHT[name]]
    printed = [name for name in wanted if name in PRINT]
    return (
        f":root {{ {_declarations(LIGHT, wanted)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n  :root {{ {_declarations(DARK, dark)} }}\n}}\n"
        f"@media print {{\n  :root {{ {_declarations(PRINT, printed)} }}\n}}\n"
    )


def _declarations(colours: Mapping[str, str], names: Iterable[str]) -> str:
    return " ".join(f"{property_name(name)}: {colours[name].lower()};" for name in names)


def property_name(name: str) -> str:
    """The custom property of a colour: `--accent-pale`."""
    return f"--{name.replace('_', '-')}"


def with_colours(sheet: str) -> str:
    """A style sheet with the colours that it uses between its two marks, in the order of the palette."""
    before, rest = sheet.split(BEGIN)
    after = rest.split(END)[1]
    used = set(re.findall(r"var\((--[a-z-]+)", before + after))
    own = custom_properties(name for name in LIGHT if property_name(name) in used)
    return f"{before}{BEGIN}{own}{END}{after}"
