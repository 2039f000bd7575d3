"""What an area does by itself, as its `jobs.py` says it: the `JOBS`, again and again in each workspace; the `READERS`,
about each outbox entry of a kind; the `LOOPS`, several at once over all workspaces. `running.jobs` joins and runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from peakend_web.models import OutboxEntry, Workspace

from . import troubles
from .storage import StorageError, storage_fault

PAUSE_S: Final = 1.0
REFRESH_S: Final = 10.0
"""How often is looked for what somebody waits for, and for what may be a little late."""


@dataclass(frozen=True)
class Reader:
    """What an area does about each outbox entry of a kind: about what another area's verb of that name has changed.

    Several areas may read one kind. Each does so by itself, at least once: whoever dies between having done it and
    having said so does it again, so that doing it twice must change nothing.
    """

    kind: str
    read: Callable[[OutboxEntry], None]


@dataclass(frozen=True)
class Job:
    """Something that is done again and again in each workspace by itself: one workspace's failure is no other's."""

    name: str
    every_s: float
    work: Callable[[int], object]

    def run(self) -> None:
        """Do it everywhere; where it failed lately, later. Raises StorageError where the disk takes nothing: that is no
        workspace's own trouble.
        """
        failed = troubles.retries(self.name)
        due = [workspace for workspace in Workspace.objects.values_list("pk", flat=True) if not failed.get(workspace)]
        faults = [self._attempt(workspace, again=workspace in failed) for workspace in due]
        if fault := next((each for each in faults if each), None):
            raise fault

    def _attempt(self, workspace: int, *, again: bool) -> StorageError | None:
        try:
            self.work(workspace)
        except Exception as error:
            if fault := storage_fault(error):
                return fault
            troubles.note(workspace, self.name, error)
        else:
            if again:
                troubles.over(workspace, self.name)
        return None


@dataclass(frozen=True)
class Loop:
    """Something that is done again and again over all workspaces, by several at once: who takes what is said in the
    database, so that one that hangs delays no other. `work` does what is due and returns.
    """

    name: str
    every_s: float
    at_once: int
    work: Callable[[], object]
