"""The process that draws pictures: `python -m peakend_web.painter FD ROOM`. It knows the renderer and nothing of the application.

The renderer is native code with a browser's engine in it; what it does to a process, it does to this one (`painting`). Whatever it takes
beyond ROOM bytes it is not given.
"""

from __future__ import annotations

import json
import resource
import signal
import socket
import sys
from typing import Any

from peakend.draw import render
from peakend_web.pieces import received, sent


def paint(asked: dict[str, Any]) -> bytes:
    """One picture."""
    spec, config = asked["spec"], asked["config"]
    return render.svg(spec, config).encode() if asked["kind"] == "svg" else render.png(spec, config)


def main(descriptor: int, room: int) -> None:
    """Draw what is asked for, one picture after the other, until nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=descriptor) as line:
        while asked := received(line):
            try:
                told = b"+" + paint(json.loads(asked))
            except Exception as error:  # it is told to whoever asked; the next picture may be drawn
                told = b"-" + f"{type(error).__name__}: {error}".encode()[:2_000]
            sent(line, told)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
