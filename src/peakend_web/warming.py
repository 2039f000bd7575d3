"""What is slow the first time is done once in the background after the start: the renderer of pictures is begun, and the engine is opened.

It waits a moment, so that whoever comes first after a start does not wait for it; whoever wants a picture meanwhile waits as they would have.
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
