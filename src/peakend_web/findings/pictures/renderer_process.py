"""The process that draws pictures: `python -m peakend_web.findings.pictures.renderer_process FD ROOM`. It knows the
renderer and nothing of the application.

The renderer is native code with a browser's engine in it; what it does to a process, it does to this one (`renderer`).
Whatever it takes beyond ROOM bytes it is not given.
"""

from __future__ import annotations

import json
import sys

from peakend.draw import render
from peakend_web.base.workers.pipe import serve


def paint(asked: bytes) -> bytes:
    """One picture."""
    said = json.loads(asked)
    spec, config = said["spec"], said["config"]
    return render.svg(spec, config).encode() if said["kind"] == "svg" else render.png(spec, config)


if __name__ == "__main__":
    serve(paint, room=int(sys.argv[2]))
