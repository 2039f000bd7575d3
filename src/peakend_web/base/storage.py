"""What is wrong with the place where everything is kept, said in words: it cannot be written to, it is full, or a newer
version made it.
"""

from __future__ import annotations

import errno
import logging
import shutil
import threading
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from peakend.errors import PeakendError

LOG: Final = logging.getLogger(__name__)
LEAST_ROOM: Final = 16 * 1024 * 1024
"""Bytes below which a disk is called full: a database that fails for want of room leaves about as much."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNWRITABLE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR})


class StorageError(PeakendError):
    """The place where everything is kept is not as it must be.

    `storage.full`: there is no room left. `storage.read_only`: it cannot be written to. `storage.newer`: a newer
    version has changed it.
    """


def storage_fault(error: BaseException) -> StorageError | None:
    """What an error of the disk or the database means, where it is the place's fault; None where it is not."""
    if isinstance(error, StorageError):
        return error
    driver = error.__cause__ if isinstance(error, DatabaseError) else error
    if of_database := _of_database(
        str(getattr(driver, "sqlite_errorname", "") or ""), str(getattr(driver, "sqlstate", "") or "")
    ):
        return of_database
    number = error.errno if isinstance(error, OSError) else None
    place = str(error.filename or "") if isinstance(error, OSError) else ""
    return (
        StorageError("storage.full")
        if number in _FULL
        else StorageError("storage.read_only", place=place)
        if number in _UNWRITABLE
        else None
    )


def _of_database(sqlite: str, postgres: str) -> StorageError | None:
    """By the names that the databases give: PostgreSQL's 53100 is a full disk, 25006 a transaction that may
    only read.
    """
    if sqlite == "SQLITE_FULL" or postgres == "53100":
        return StorageError("storage.full")
    if sqlite.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")) or postgres == "25006":
        return StorageError("storage.read_only", place=str(connection.settings_dict["NAME"]))
    return None


class Outage:
    """What keeps the disk from taking what is written: said in one line when it begins and in one when it is over,
    however many run into it.
    """

    def __init__(self) -> None:
        self._within: set[str] = set()
        self._lock = threading.Lock()

    def begin(self, who: str, fault: StorageError) -> None:
        """Somebody's work was not kept."""
        with self._lock:
            begins, self._within = not self._within, {*self._within, who}
        if begins:
            LOG.error("%s: %s Whatever cannot be kept waits and goes on by itself.", fault.id, fault.message("en"))

    def end(self, who: str) -> None:
        """Their work is kept again."""
        if who not in self._within:
            return
        with self._lock:
            self._within = self._within - {who}
        if not self._within:
            LOG.warning("the disk takes again what is written; everything goes on")


outage: Final = Outage()


def is_full() -> bool:
    """Whether there is hardly any room left where everything is kept."""
    try:
        return shutil.disk_usage(settings.PEAKEND_DATA).free < LEAST_ROOM
    except OSError:
        return False


def refuse_newer_schema() -> None:
    """Raise `storage.newer` where the database has been changed in ways that this version knows nothing of."""
    loader = MigrationLoader(connection)
    known = {app for app, _ in loader.disk_migrations}
    replaced = {each for migration in loader.disk_migrations.values() for each in migration.replaces}
    unknown = sorted(
        name
        for app, name in loader.applied_migrations
        if app in known and (app, name) not in {*loader.disk_migrations, *replaced}
    )
    if unknown:
        raise StorageError("storage.newer", found=", ".join(unknown))
