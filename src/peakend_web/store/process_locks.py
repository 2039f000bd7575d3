"""Locks that end with the process that holds them: whether whoever is at something is still there.

It holds a file locked, which the system lets go when its process ends, however that was. So a process that died is
known at once on the machine that it ran on; whoever looks from another machine, with a data folder of its own, finds no
such file and knows nothing of it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from django.conf import settings

Holder = Literal["nothing", "what a dead one left", "somebody"]
"""Who held a lock before."""


@contextmanager
def hold(name: str) -> Iterator[Holder]:
    """Be at something, unless somebody is at it already; what was found there."""
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    was_there = path.exists()
    with path.open("ab") as file:
        # Whoever has just gone took the name along, and somebody else may stand under it by now.
        mine = _try_lock(file) and path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino
        try:
            yield ("what a dead one left" if was_there else "nothing") if mine else "somebody"
        finally:
            if mine:
                path.unlink(missing_ok=True)


def is_held(name: str) -> bool | None:
    """Whether somebody is at it; None where nothing is known of it here."""
    try:
        with _path(name).open("rb") as file:
            return not _try_lock(file)
    except FileNotFoundError:
        return None


def _try_lock(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _path(name: str) -> Path:
    return Path(settings.PEAKEND_DATA) / "held" / name
