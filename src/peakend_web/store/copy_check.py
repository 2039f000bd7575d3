"""Whether the columnar copy may be believed: looked at on a schedule, and whenever reading it fails; made anew where it
may not.

While copy and truth disagree a file in the copy's folder says so, and the pages say so with it.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import duckdb
from django.conf import settings

from . import columnar

LOG: Final = logging.getLogger(__name__)
DOUBT: Final = "differs"


def check(workspace: int) -> bool:
    """Read every file of a copy and add up its days beside the truth's; make it anew where either fails. Whether it was
    as it should be.
    """
    why = _fault(workspace)
    if not why:
        _flag(workspace).unlink(missing_ok=True)
        return True
    LOG.error("The copy of workspace %d is made anew: %s.", workspace, why)
    mend(workspace)
    return False


def mend(workspace: int) -> None:
    """Make a copy anew, say meanwhile that its figures are in doubt, and go on saying so where the new one
    differs too.
    """
    flag = _flag(workspace)
    flag.parent.mkdir(parents=True, exist_ok=True)
    flag.touch()
    columnar.rebuild(workspace)
    left = columnar.verify(workspace)
    if left:
        LOG.error(
            "The new copy of workspace %d differs from the truth too: %s.", workspace, "; ".join(map(str, left[:5]))
        )
    else:
        flag.unlink(missing_ok=True)


def is_doubtful(workspace: int) -> bool:
    """Whether copy and truth are known to disagree."""
    return _flag(workspace).exists()


def _fault(workspace: int) -> str:
    """What is wrong with a copy; empty where nothing is."""
    if not columnar.is_sound(workspace):
        return "a file is not as it was written"
    try:
        found = columnar.verify(workspace)
    except duckdb.Error as error:
        return f"it cannot be read ({type(error).__name__})"
    return f"{len(found)} day(s) differ from the truth, first {found[0]}" if found else ""


def _flag(workspace: int) -> Path:
    return Path(settings.PEAKEND_DATA) / "copy" / str(workspace) / DOUBT
