"""Photos as phones send them, and files that only pretend to be some."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.render_tokens import make_token
from peakend_web.models import Survey
from tests.web.surveys import LIN, said, send

CAMERA = b"Peakend Phone 9"


def a_photo(size: tuple[int, int] = (400, 200), turned: int = 6, form: str = "JPEG") -> bytes:
    """Red on the left and blue on the right as the camera held it, with where, with what and how it was held."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = turned, CAMERA.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 2.0, 3.0), 3: "E", 4: (121.0, 33.0, 52.0)})
    file = BytesIO()
    picture.save(file, form, exif=exif.tobytes(), quality=90)
    return file.getvalue()


def a_bomb(side: int = 20_000) -> bytes:
    """A PNG of a few kilobytes that would unpack to as many pixels as the square of its side."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packed = zlib.compressobj(9)
    body = b"".join(packed.compress(bytes(side + 1)) for _ in range(100)) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def upload(
    survey: Survey, content: bytes = b"", *, response: str = LIN, remove: bool = False, **more: Any
) -> tuple[int, dict[str, Any]]:
    """Send a photo as the page's script does a minute after it was opened; the status and what was replied."""
    place = str(more.get("place", ""))
    form = {
        "response": response,
        "token": make_token(survey.pk, place, response, now_us() - MINUTE_US),
        "field": "shown",
        "lang": "en",
        **more,
    }
    sent = {} if remove else {"file": SimpleUploadedFile("IMG_0001.jpg", content, "image/jpeg")}
    reply = Client().post(f"/s/{survey.token}/photos{'/remove' if remove else ''}", {**form, **sent})
    return reply.status_code, reply.json()


def show(survey: Survey, content: bytes, *, response: str = LIN) -> dict[str, Any]:
    """The same, and say so among the answers, as the page does; what the photo's sender was told."""
    status, told = upload(survey, content, response=response)
    assert status == 200, told
    key = f"shown-{told['name']}"
    assert send(survey, said("shown", told["many"], revision=2), response=response, key=key)[0] == 200
    return told
