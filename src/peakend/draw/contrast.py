"""How well a colour is read on another (WCAG 2.2), and the one nearest to a house's own colour that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from peakend.draw.palette import DARK, LIGHT

READABLE: Final = 4.5
"""The least contrast of words."""
_STEPS: Final = 100


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white; of two colours as #RRGGBB."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@dataclass(frozen=True)
class Accent:
    """A house's colour as pages use it: by day as it is, in the dark as light as it must be there."""

    light: str
    dark: str

    @property
    def style(self) -> str:
        """The rule of a style sheet that puts it in the place of ours."""
        return (
            f":root{{--accent:{self.light}}}"
            f"@media screen and (prefers-color-scheme:dark){{:root{{--accent:{self.dark}}}}}"
        )


def accent_of(colour: str) -> Accent:
    """A colour that is read on paper, with its lighter twin for the dark."""
    dark = _nearest(colour, towards=LIGHT["raised"], on=(DARK["raised"], DARK["on_accent"]))
    return Accent(colour.lower(), dark)


def is_readable(colour: str) -> bool:
    """Whether words in this colour are read on paper, and white ones on it."""
    return contrast(colour, LIGHT["paper"]) >= READABLE


def readable(colour: str) -> str:
    """The nearest darker colour that is read on paper; itself where it is."""
    return _nearest(colour, towards=LIGHT["code"], on=(LIGHT["paper"],))


def _nearest(colour: str, *, towards: str, on: tuple[str, ...]) -> str:
    mixtures = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next(each for each in mixtures if all(contrast(each, ground) >= READABLE for ground in on))


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (its - own) * share):02x}" for own, its in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
