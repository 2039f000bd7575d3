"""What is slow the first time is done once in the background after the start: the renderer of pictures is begun, and the engine is opened.

While the renderer begins, a second or two, no other thread of the process runs (vl-convert 1.9 holds the interpreter). It is begun soon after the
start, when few are here yet, and not when somebody opens the first picture of the day and everybody who is answering waits with them; but not
before those who have waited for the start were answered.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from peakend.draw import render
from peakend_web import copy

AFTER_S: Final = 2.0


def begin() -> None:
    """Do it soon, in a thread of its own."""
    threading.Thread(target=_later, name="peakend-warming", daemon=True).start()


def _later() -> None:
    time.sleep(AFTER_S)
    warm()


def warm() -> None:
    """Open the engine, and begin the renderer."""
    copy.engine().execute("SELECT 1")
    render.begin()
