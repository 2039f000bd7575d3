"""A PostgreSQL server of our own, thrown away after the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Where this machine keeps initdb and postgres, if it has them."""
    known = [*Path("/usr/lib/postgresql").glob("*/bin")] if Path("/usr/lib/postgresql").exists() else []
    asked = shutil.which("pg_config")
    if asked:
        known.append(
            Path(subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
        )
    return next((folder for folder in sorted(known, reverse=True) if (folder / "initdb").exists()), None)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A running server on a socket; the address of its database. PostgreSQL will not run as root, so root hands it to
    another user.
    """
    where = Path(tempfile.mkdtemp(prefix="peakend-pg-"))
    user = _unprivileged()
    if user:
        os.chown(where, user.pw_uid, user.pw_gid)
    name = user.pw_name if user else pwd.getpwuid(os.getuid()).pw_name
    data = where / "data"
    log = where / "log"
    _run(
        [folder / "initdb", "-D", data, "-U", name, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        user,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={where} -c max_connections=100"
    _run([folder / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], user)
    try:
        yield f"postgresql://{name}@/postgres?host={where}"
    finally:
        _run([folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], user)
        shutil.rmtree(where, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(command: list[object], user: pwd.struct_passwd | None) -> None:
    # The server inherits what it is given: without a file of its own for output, whoever waits for our output would
    # wait for the server.
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_user,
    )  # type: ignore[call-overload]
