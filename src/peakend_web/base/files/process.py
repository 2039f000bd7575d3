"""The process that draws photos anew: `python -m peakend_web.base.files.process FD`."""

from __future__ import annotations

import warnings
from typing import Final

from PIL import Image

from peakend_web.base.pictures import upright_photo
from peakend_web.base.refusals import Refusal
from peakend_web.base.workers.pipe import serve

ROOM: Final = 768 * 1024 * 1024
"""What the process may take; a picture of 50 million pixels takes a third of it."""
REFUSED: Final = b"refused "


def work(sent: bytes) -> bytes:
    """The photo as it is kept, or why it is none."""
    try:
        return upright_photo(sent)
    except Refusal as error:
        return REFUSED + error.id.encode()


if __name__ == "__main__":
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # how large it may be is said there
    serve(work, room=ROOM)
