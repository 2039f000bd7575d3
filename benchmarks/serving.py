"""What the benchmarks of the application share: an installation of their own with a survey that is out, and a server
that can be killed.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from peakend_web.asking.render_tokens import make_token
from peakend_web.store.identity import public_name

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "tests" / "web" / "outpatient.yaml"
ITEM = "recommend"
SECRET = "only for a benchmark on this machine"  # noqa: S105

SET_UP = """
import sys
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0)
from peakend_web.asking.actions import publish_survey
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Membership, Person, Workspace
from peakend_web.running.static_files import write_static_files
workspace = Workspace.objects.create(slug="harbour", name="Harbour Clinic", timezone="Asia/Taipei")
person = Person.objects.create_user("olivia@harbour.example", "a long walk by the sea", name="Olivia Wang")
Membership.objects.create(workspace=workspace, person=person, role="owner")
version = save_service_version(actor=person, workspace=workspace, text=Path(sys.argv[1]).read_text(encoding="utf-8"))
write_static_files()
print(publish_survey(actor=person, service=version.service, item="after-visit").token)
"""


@dataclass
class Installation:
    """A data directory, a database, and the token of the survey that is out."""

    data: Path
    database: str
    port: int
    token: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    crowd: int = 10**9
    """How many may come from one address: a generator is everybody at once."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is started with."""
        set_by_us = {
            "PEAKEND_DATA": str(self.data), "PEAKEND_DATABASE": self.database, "PEAKEND_SECRET": SECRET,
            "DJANGO_SETTINGS_MODULE": "peakend_web.settings", "OPENBLAS_NUM_THREADS": "1",
            "PEAKEND_CROWD": str(self.crowd),
        }  # fmt: skip
        return {**os.environ, **set_by_us, **self.extra}

    def python(self, code: str, *arguments: str) -> str:
        """Run code in a process of this installation and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def set_up(self) -> None:
        """Make the database, a workspace, a service, and put its survey out."""
        self.token = self.python(SET_UP, str(DOCUMENT)).splitlines()[-1]

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server in a process group of its own."""
        command = [sys.executable, "-m", "peakend.cli", "serve", "--port", str(self.port), "--no-browser"]
        with (self.data / "server.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, seconds: float = 30) -> float:
        """Wait until the server answers; how long that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2) as connection:
                    connection.sendall(
                        f"GET /s/{self.token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
                    )
                    connection.settimeout(5)
                    if connection.recv(12) == b"HTTP/1.1 200":
                        return time.monotonic() - begun
            except OSError:
                pass
            time.sleep(0.01)
        raise TimeoutError((self.data / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:])

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Post one delivery by a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", f"/s/{self.token}/answers", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()


def delivery(name: str, value: int = 9) -> bytes:
    """One answer, by a respondent and under a key called after `name`."""
    answer = {"field": ITEM, "value": value, "revision": 1}
    named = {"key": f"key-{name}", "response": secret_name(name), "token": token(name)}
    return json.dumps({**named, "answers": [answer]}).encode()


def token(name: str) -> str:
    """What the page of a respondent was made with, a minute ago. The survey is the first of its installation."""
    key = hmac.digest(SECRET.encode(), b"peakend.render", "sha256")
    return make_token(1, "", secret_name(name), time.time_ns() // 1000 - 60_000_000, key)


def secret_name(name: str) -> str:
    """What the respondent called `name` calls what they fill in."""
    return f"response-{name:0>16}"


def stored_name(survey: int, name: str) -> str:
    """What it is called in the database."""
    return public_name(SECRET, survey, secret_name(name))


def kill(server: subprocess.Popen[bytes]) -> None:
    """Kill the server's whole process group, as a power cut to the process would."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to stop, and wait."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        kill(server)


def free_port() -> int:
    """A port nobody is on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installation(
    database: str = "sqlite", port: int = 0, prepare: Callable[[Path], object] = lambda _: None
) -> Iterator[Installation]:
    """A fresh installation on SQLite or PostgreSQL, thrown away afterwards. `prepare` puts into its data directory what
    need not be made anew.
    """
    with tempfile.TemporaryDirectory(prefix="peakend-bench-") as folder:
        made = Installation(Path(folder), "", port or free_port())
        prepare(made.data)
        if database == "sqlite":
            made.set_up()
            yield made
            return
        sys.path.insert(0, str(ROOT))
        from tests.web.postgres import binaries, cluster  # noqa: PLC0415 — only where PostgreSQL is asked for

        found = binaries()
        if found is None:
            raise SystemExit("PostgreSQL: no server's binaries on this machine")
        with cluster(found) as address:
            made.database = address
            made.set_up()
            yield made


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which a share of the sorted values lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
