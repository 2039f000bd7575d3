"""Serving: the process tree that `peakend serve` and `peakend demo` start, and what they say meanwhile."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final, TextIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import translation
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from peakend.cli import language
from peakend_web.base.languages import CODES
from peakend_web.base.storage import refuse_newer_schema

from .static_files import write_static_files

THREADS = 64
LOOK_S = 1.0
CONNECTIONS = 4_096
"""Phones that may be connected together; each keeps its connection for a while after its answer, and beyond these
nobody is let in.
"""
HEAD_MS = 10_000
"""How long a request's head may take, and how long a connection may be idle."""
END_S = 6
"""How long an end waits for whoever is still being served; then it is forced."""


FRAMEWORK: Final = frozenset(
    {
        "--version",
        "--verbosity",
        "--traceback",
        "--settings",
        "--pythonpath",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }
)
"""Options of the framework that these commands take and do not tell of."""


def options_of(parser: ArgumentParser) -> None:
    """What both commands can be told."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--threads", type=int, default=THREADS, help="requests that may wait for the disk together")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def speak_terminal_language() -> None:
    """Speak the language of the terminal."""
    translation.activate(CODES[language(sys.argv)])


def bring_up_to_date(out: TextIO) -> None:
    """The tables and the static files, as this version wants them."""
    refuse_newer_schema()
    out.write(_("Preparing the database …") + "\n")
    call_command("migrate", verbosity=0)
    out.write(_("Preparing the static files …") + "\n")
    write_static_files()
    out.flush()


def server_address(options: dict[str, Any], path: str = "/") -> str:
    """An address of this server."""
    host = "127.0.0.1" if options["host"] in ("0.0.0.0", "::") else options["host"]  # noqa: S104 — compared, not bound
    return f"http://{host}:{options['port']}{path}"


def serve(options: dict[str, Any]) -> None:
    """Serve until interrupted: one process that writes, for facts have one writer, with threads that wait for it
    together.
    """
    connections.close_all()
    # Handed over in the environment, for the server's process may be forked from this one, with its settings, or not.
    os.environ["PEAKEND_THREADS"] = str(options["threads"])
    _allow_files(2 * CONNECTIONS)
    server = Granian(
        target="peakend_web.asgi:application",
        address=options["host"],
        port=options["port"],
        interface=Interfaces.ASGI,
        workers=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MS),
        workers_kill_timeout=END_S,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    )
    with jobs() if settings.PEAKEND_WORKER else nullcontext():
        server.serve()


def _allow_files(wanted: int) -> None:
    """Let the server have a file for each connection, as far as this machine allows; the usual 1,024 are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


@contextmanager
def jobs() -> Iterator[None]:
    """Run the jobs in a process beside this one, started again where it fails."""
    ended = threading.Event()
    command = [sys.executable, "-m", "peakend.cli", "manage", "work", "--beside"]

    def keep_running() -> None:
        while not ended.is_set():
            with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:  # noqa: S603 — our own command
                while process.poll() is None and not ended.wait(LOOK_S):
                    pass
                process.terminate()
            ended.wait(LOOK_S)

    keeper = threading.Thread(target=keep_running, name="peakend-jobs", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join(5)


def reason_not_to_listen(options: dict[str, Any]) -> str:
    """Why this server cannot listen where it is told to; empty where it can."""
    family = socket.AF_INET6 if ":" in options["host"] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options["host"], options["port"]))
        except OSError:
            return _("Port %(port)s is taken. Choose another: --port %(other)s") % {
                "port": options["port"],
                "other": options["port"] + 1,
            }
    return ""


def open_browser(options: dict[str, Any], path: str) -> None:
    """Open a browser as soon as the server answers, where there is a desktop to open it on."""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if desktop and not options["no_browser"]:
        threading.Thread(target=_open_when_ready, args=(options, server_address(options, path)), daemon=True).start()


def _open_when_ready(options: dict[str, Any], url: str) -> None:
    for _again in range(100):
        time.sleep(0.2)
        try:
            with socket.create_connection((options["host"], options["port"]), timeout=1):
                break
        except OSError:
            continue
    webbrowser.open(url)


def place_of_data() -> str:
    """Where the data lie, for a person."""
    return str(connection.settings_dict["NAME"])
