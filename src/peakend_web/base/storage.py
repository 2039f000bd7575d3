"""What is wrong with the place where everything is kept, said in words: it does not answer, it cannot be written to, it
is full, or a newer version made it.
"""

from __future__ import annotations

import errno
import logging
import shutil
import threading
from typing import Final

import adbc_driver_manager
import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from peakend.errors import PeakendError

LOG: Final = logging.getLogger(__name__)
LEAST_ROOM: Final = 16 * 1024 * 1024
"""Bytes below which a disk is called full: a database that fails for want of room leaves about as much."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNWRITABLE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR})
RETRY_AFTER_S: Final = 5
"""After so many seconds a database that did not answer may be asked again."""
_DISMISSED: Final = ("08", "53300", "57P01", "57P02", "57P03")
"""How the states begin by which PostgreSQL says that it serves nobody: a broken connection, too many of them, and that
it ends, has broken down, or only starts.
"""


class StorageError(PeakendError):
    """The place where everything is kept is not as it must be.

    `storage.unavailable`: the database does not answer. `storage.full`: there is no room left. `storage.read_only`: it
    cannot be written to. `storage.newer`: a newer version has changed it.
    """

    @property
    def is_silence(self) -> bool:
        """Whether nothing at all can be read, be it who is signed in."""
        return self.id == "storage.unavailable"


def storage_fault(error: BaseException) -> StorageError | None:
    """What an error of the disk or the database means, where it is the place's fault; None where it is not."""
    if isinstance(error, StorageError):
        return error
    driver = error.__cause__ if isinstance(error, DatabaseError) else error
    if _is_silent(driver):
        return StorageError("storage.unavailable", seconds=RETRY_AFTER_S)
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


def _is_silent(driver: BaseException | None) -> bool:
    """Whether a database takes no connection, has dropped the one it had, or is held by others for too long. An error
    of a driver of PostgreSQL without a state is its own: the server has said nothing.
    """
    if isinstance(driver, psycopg.OperationalError | adbc_driver_manager.OperationalError):
        return (driver.sqlstate or "08").startswith(_DISMISSED)
    return str(getattr(driver, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


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
    """What keeps things from being kept: said in one line when it begins and in one when it is over, however many run
    into it.
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
            LOG.warning("what is written is kept again; everything goes on")


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
