"""Pictures that people send: looked at before they are unpacked, and drawn anew, so that what is kept holds what is
seen and nothing else: no place, no camera, no thumbnail, nothing hidden behind its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from .refusals import Refusal

LARGEST_FILE: Final = 4 * 1024 * 1024
MOST_PIXELS: Final = 24_000_000
"""A picture of more would fill the memory when it is unpacked, however small its file is."""
FORMATS: Final = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: a PNG of so many pixels."""

    png: bytes
    width: int
    height: int


def small_picture(sent: bytes, *, within: tuple[int, int], largest: int) -> Picture:
    """A PNG, JPEG or WebP drawn anew, no larger than `within` and of no more than `largest` bytes. Raises Refusal
    `web.picture_large` and `web.picture_unknown`; a drawing (SVG) may hold programs and is not taken.
    """
    if len(sent) > LARGEST_FILE:
        raise Refusal("web.picture_large")
    drawn = _unpacked(sent)
    drawn.thumbnail(within, Image.Resampling.LANCZOS)
    while len(png := _png(drawn)) > largest:
        drawn = drawn.resize((max(1, drawn.width * 4 // 5), max(1, drawn.height * 4 // 5)), Image.Resampling.LANCZOS)
    return Picture(png, drawn.width, drawn.height)


def _unpacked(sent: bytes) -> Image.Image:
    # Whatever is wrong with bytes that somebody sent, they are no picture.
    try:
        found = Image.open(BytesIO(sent), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refusal("web.picture_large") from None
    except Exception:
        raise Refusal("web.picture_unknown") from None
    if found.width * found.height > MOST_PIXELS:
        raise Refusal("web.picture_large")
    try:
        return ImageOps.exif_transpose(found).convert("RGBA")
    except Exception:
        raise Refusal("web.picture_unknown") from None


def _png(drawn: Image.Image) -> bytes:
    """In all its colours, or in the 256 that come nearest where that is smaller."""
    plain = Image.new("RGBA", drawn.size)
    plain.paste(drawn)
    return min(_saved(plain), _saved(plain.quantize(256, Image.Quantize.FASTOCTREE)), key=len)


def _saved(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
