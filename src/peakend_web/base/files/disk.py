"""Files that belong to other things: a photo to an answer.

A file is a row, and bytes under `$PEAKEND_DATA/files/<workspace>/`, which are on the disk before the row is committed
and leave it after the row is gone. Bytes without a row, of a process that ended between the two, are swept away daily.
Who may send one, see one and let go of one is said by the area whose things they belong to.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from peakend_web.base.derived_keys import derived_key
from peakend_web.base.refusals import Missing
from peakend_web.base.storage import StorageError
from peakend_web.models import File

LEAST_FREE: Final = 256 * 1024 * 1024
"""Bytes that files leave free on the disk: answers in words and numbers are kept to the last, and need little."""
GRACE_S: Final = 3600.0
"""How old bytes without a row are before they are swept away: those of a file that is just being kept have none yet."""


def sent_mark(content: bytes) -> str:
    """By which what is sent again is recognised; without the installation's key it says nothing of the content."""
    return hmac.digest(derived_key("files"), content, "sha256").hex()


def files_about(workspace: int, things: Iterable[str]) -> QuerySet[File]:
    """The files of some things, the first given first."""
    return File.objects.filter(workspace=workspace, about__in=list(things))


def files_beneath(workspace: int, begins: str) -> QuerySet[File]:
    """The files of all things whose names begin so."""
    return File.objects.filter(workspace=workspace, about__startswith=begins)


def bytes_of(workspace: int) -> int:
    """How much the files of a workspace weigh."""
    return int(File.objects.filter(workspace=workspace).aggregate(size=Sum("size"))["size"] or 0)


def require_room() -> None:
    """Raise StorageError `storage.full` where files would take what answers need."""
    if shutil.disk_usage(settings.PEAKEND_DATA).free < LEAST_FREE:
        raise StorageError("storage.full")


@contextmanager
def on_disk(workspace: int, content: bytes) -> Iterator[str]:
    """The name of bytes that are on the disk when this begins, and leave it where what is done with them fails."""
    name = secrets.token_urlsafe(24)
    try:
        _write(_path(workspace, name), content)
        yield name
    except BaseException:
        discard(workspace, name)
        raise


def discard(workspace: int, name: str) -> None:
    """Let go of bytes that are `on_disk` and were not kept as a file."""
    _path(workspace, name).unlink(missing_ok=True)


def keep(name: str, *, workspace: int, about: str, kind: str, content: bytes, sent: str, at: datetime) -> File:
    """Keep bytes that are `on_disk` as a file of a thing, within the open transaction."""
    return File.objects.create(
        workspace_id=workspace,
        about=about,
        name=name,
        kind=kind,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        sent=sent,
        at=at,
    )


def content_of(file: File) -> bytes:
    """Its bytes; raises Missing `web.missing` where they are gone, or are not those that were kept."""
    with suppress(FileNotFoundError):
        content = _path(file.workspace_id, file.name).read_bytes()
        if hashlib.sha256(content).hexdigest() == file.digest:
            return content
    raise Missing("web.missing")


def erase(files: QuerySet[File]) -> int:
    """Erase files: their rows now, their bytes when that is committed; how many there were."""
    gone = list(files)
    File.objects.filter(pk__in=[each.pk for each in gone]).delete()
    for each in gone:
        transaction.on_commit(partial(discard, each.workspace_id, each.name))
    return len(gone)


def sweep(workspace: int) -> int:
    """Erase bytes that belong to no file any more, or never did; how many there were."""
    swept, before = 0, time.time() - GRACE_S
    folder = _folder(workspace)
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before and not File.objects.filter(name=path.name).exists():
                path.unlink()
                swept += 1
    return swept


def _folder(workspace: int) -> Path:
    return Path(settings.PEAKEND_DATA) / "files" / str(workspace)


def _path(workspace: int, name: str) -> Path:
    return _folder(workspace) / name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
