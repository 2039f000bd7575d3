"""A logo as a house sends it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def a_logo(form: str = "PNG", size: tuple[int, int] = (1200, 400), **saved: Any) -> bytes:
    """A red bar in the middle of nothing."""
    picture = Image.new("RGBA" if form == "PNG" else "RGB", size)
    picture.paste((200, 16, 46), (0, size[1] // 3, size[0], size[1] * 2 // 3))
    file = BytesIO()
    picture.save(file, form, **saved)
    return file.getvalue()
