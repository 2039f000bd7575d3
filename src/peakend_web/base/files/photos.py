"""Photos as they are kept, drawn anew in a process beside the server: what a picture that was made to do harm does, it
does there, within a bounded memory and time.
"""

from __future__ import annotations

from typing import Final

from peakend_web.base.refusals import Refusal
from peakend_web.base.workers.processes import Processes

from .process import REFUSED

KIND: Final = "image/jpeg"
beside: Final = Processes("peakend_web.base.files.process", waiting=24)


def draw_photo(sent: bytes, of: int) -> bytes:
    """The photo as it is kept, on behalf of a workspace. Raises Refusal as `pictures.upright_photo` does, Busy
    `web.busy` where too many wait or it took too long.
    """
    if not sent:
        raise Refusal("web.picture_unknown")
    drawn = beside.ask(sent, of)
    if drawn.startswith(REFUSED):
        raise Refusal(drawn.removeprefix(REFUSED).decode())
    return drawn
