"""What is slow the first time is done once in the background after the start: the painter of pictures is begun, and the
engine is opened; but not before those who have waited for the start were answered.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import Final

from peakend_web.findings.pictures import renderer
from peakend_web.store import columnar

AFTER_S: Final = 2.0


def begin() -> None:
    """Do it soon, in a thread of its own."""
    threading.Thread(target=_later, name="peakend-warming", daemon=True).start()


def _later() -> None:
    time.sleep(AFTER_S)
    warm()
    # What is here now stays. Looked through again for what could go, with everybody waiting, it would cost a tenth of a
    # second each time.
    gc.collect()
    gc.freeze()


def warm() -> None:
    """Open the engine, and begin the painter."""
    columnar.engine().execute("SELECT 1")
    renderer.begin()
