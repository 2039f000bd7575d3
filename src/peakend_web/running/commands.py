"""`peakend serve`, `peakend demo` and `peakend manage …`, as the command line finds them.

Here is only what must be true before Django reads its settings: where everything is kept (PEAKEND_DATA, else ./var; the
demo's own is ./var/demo), readable to its owner alone, and the installation's secret. The commands themselves are in
`management/commands`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from peakend.cli import language
from peakend_web.base.storage import StorageError, storage_fault


def serve(words: Sequence[str] = ()) -> int:
    """Bring the database and the static files up to date, and serve."""
    return _run("var", ["peakend", "serve", *words])


def demo(words: Sequence[str] = ()) -> int:
    """Serve an installation with the samples in it, made at the first start."""
    return _run("var/demo", ["peakend", "demo", *words])


def manage(words: Sequence[str] = ()) -> int:
    """Any command of Django's and of ours on this installation: `migrate`, `changepassword`, `createsuperuser`, `work`,
    `audit`, …
    """
    return _run("var", ["peakend manage", *words])


def open_installation(default: str) -> Path:
    """The data directory, made where it is not there, with the installation's secret in it."""
    data = Path(os.environ.setdefault("PEAKEND_DATA", str(Path(default).resolve())))
    os.umask(0o077)
    data.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):  # whoever lent us the directory says who else may look into it
        data.chmod(data.stat().st_mode & 0o700)
    secret = data / "secret"
    if not os.environ.get("PEAKEND_SECRET") and not secret.exists():
        _write_once(secret, secrets.token_urlsafe(48))
    for folder in ("static", "generated"):
        (data / folder).mkdir(exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peakend_web.settings")
    return data


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner may read; whoever comes second leaves the first one's."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
    except FileExistsError:
        return


def _run(default: str, words: list[str]) -> int:
    try:
        open_installation(default)
        execute_from_command_line(words)
    except (OSError, DatabaseError, StorageError) as error:
        known = storage_fault(error)
        if known is None:
            raise
        lang = language(sys.argv)
        sys.stderr.write(f"[{known.id}] {known.message(lang)} {known.hint(lang)}\n")
        return 1
    return 0
