"""Pictures that people send: looked at before they are unpacked, and drawn anew, so that what is kept holds what is
seen and nothing else: no place, no camera, no thumbnail, nothing hidden behind its end.

A logo becomes a PNG of few pixels, a photo a JPEG that stands upright.
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
LARGEST_PHOTO: Final = 12 * 1024 * 1024
"""What a phone's camera makes of 50 million pixels."""
MOST_OF_PHOTO: Final = {"JPEG": 89_000_000}
"""Of a JPEG no more is unpacked than is needed, so that it may have more pixels than others."""
MOST_OF_OTHERS: Final = 50_000_000
LONGEST_SIDE: Final = 1_600
LARGEST_KEPT: Final = 600 * 1024
QUALITIES: Final = (82, 70, 55, 40)
_HEIF: Final = frozenset(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1 avif avis".split())
"""Brands of files as newer phones write them, which are not read here."""


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


def upright_photo(sent: bytes) -> bytes:
    """A photo drawn anew as a JPEG: upright, its longest side at most 1,600 pixels, at most 600 KB. Raises Refusal
    `web.picture_heif`, `web.picture_large`, `web.picture_unknown`.
    """
    if sent[4:8] == b"ftyp" and sent[8:12] in _HEIF:
        raise Refusal("web.picture_heif")
    if len(sent) > LARGEST_PHOTO:
        raise Refusal("web.picture_large")
    drawn = _opaque(_unpacked_photo(_opened(sent)))
    while True:
        for quality in QUALITIES:
            file = BytesIO()
            drawn.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= LARGEST_KEPT:
                return file.getvalue()
        drawn = drawn.resize((max(1, drawn.width * 3 // 4), max(1, drawn.height * 3 // 4)), Image.Resampling.LANCZOS)


def _unpacked_photo(found: Image.Image) -> Image.Image:
    """Made small before it is turned, and of a JPEG not even unpacked whole."""
    if found.width * found.height > MOST_OF_PHOTO.get(found.format or "", MOST_OF_OTHERS):
        raise Refusal("web.picture_large")
    try:
        found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        found.load()
        turned = found.getexif().get(_TURNED)
        small = found if found.mode in {"RGB", "RGBA", "L"} else found.convert("RGBA")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return small.transpose(_TURNS[turned]) if turned in _TURNS else small
    except Exception:
        raise Refusal("web.picture_unknown") from None


_TURNED: Final = 0x0112
"""Where a camera says how it was held."""
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _opaque(drawn: Image.Image) -> Image.Image:
    """On white, and nothing but its pixels."""
    plain = Image.new("RGB", drawn.size, "white")
    plain.paste(drawn, mask=drawn.getchannel("A") if drawn.mode == "RGBA" else None)
    return plain


def _opened(sent: bytes) -> Image.Image:
    """What its head says; nothing is unpacked yet. Whatever is wrong with bytes that somebody sent, they are no
    picture.
    """
    try:
        return Image.open(BytesIO(sent), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refusal("web.picture_large") from None
    except Exception:
        raise Refusal("web.picture_unknown") from None


def _unpacked(sent: bytes) -> Image.Image:
    found = _opened(sent)
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
