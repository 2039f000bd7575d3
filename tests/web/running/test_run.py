"""The commands as a person runs them: a process of its own, on a data directory of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.ready import install

PEAKEND = Path(sys.executable).with_name("peakend")
pytestmark = pytest.mark.apart


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PEAKEND_", "DJANGO_"))}
    return {**ours, "PEAKEND_DATA": str(data), "LANG": "en_US.UTF-8", "LC_ALL": "", "PYTHONUNBUFFERED": "1"}


@contextmanager
def started(command: str, data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The command, once it answers; ended as a supervisor ends it."""
    said = data.with_suffix(".log")
    with said.open("a") as out:
        process = subprocess.Popen(
            [PEAKEND, command, "--port", str(port), "--no-browser"],
            env=environment(data),
            stdout=out,
            stderr=out,
            text=True,
        )
    try:
        wait_for(port, process, said)
        yield process, said
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(port: int, process: subprocess.Popen[str], said: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, said.read_text()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(said.read_text())


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def test_the_demo_opens_on_the_airports_design_from_nothing_and_a_second_time_on_what_is_there(tmp_path: Path) -> None:
    data, port = tmp_path / "demo", free_port()
    with started("demo", data, port) as (_, said):
        (way_in,) = re.findall(r"http://\S+/enter/\S+", said.read_text())
        visitor = browser()
        with visitor.open(way_in) as page:
            assert page.url == f"http://127.0.0.1:{port}/w/demo/airport/design/"
        with visitor.open(f"http://127.0.0.1:{port}/w/demo/airport/") as page:
            html = page.read().decode()
        assert "39.8" in html
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', html):
            with visitor.open(f"http://127.0.0.1:{port}{address}") as file:
                assert file.status == 200
        with visitor.open(f"http://127.0.0.1:{port}/w/demo/airport/methods/nps.json") as reply:
            (row,) = json.loads(reply.read())
        assert [row["n"], row["invalid"], row["missing"]] == [2746, 84, 1]
        (password,) = re.findall(r"demo@peakend.example\n  (\S+)", said.read_text())
    assert {name: stat.S_IMODE((data / name).stat().st_mode) for name in ("", "secret", "demo-password")} == {
        "": 0o700,
        "secret": 0o600,
        "demo-password": 0o600,
    }
    said.write_text("")
    with started("demo", data, port) as (_, said):
        assert password in said.read_text()
        assert "Bringing in" not in said.read_text()


def test_a_new_installation_asks_who_will_look_after_it_and_does_its_jobs_by_itself(
    tmp_path: Path, generated: Path
) -> None:
    data, port = install(tmp_path / "var", generated), free_port()
    with started("serve", data, port) as (_, said):
        (way_in,) = re.findall(r"http://\S+/set-up/\?code=\w+", said.read_text())
        visitor = browser()
        with visitor.open(way_in) as page:
            asked = page.read().decode()
        assert "Welcome. Who will manage this?" in asked
        assert another_on(port, tmp_path / "other") == (1, True)
        (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', asked))
        form = {
            "csrfmiddlewaretoken": token,
            "name": "Olivia",
            "email": "olivia@harbour.example",
            "password": "a long walk by the sea",
            "workspace": "Harbour",
        }
        visitor.open(way_in, urlencode({**form, "timezone": "UTC"}).encode()).close()
        assert outbox_at_rest(data) == [("create_workspace", 0, ""), ("sign_in", 0, "")]


def another_on(port: int, data: Path) -> tuple[int, bool]:
    """How a second server ends on a port that is taken, and whether it says what to do."""
    command = [PEAKEND, "serve", "--port", str(port)]
    second = subprocess.run(command, env=environment(data), capture_output=True, text=True, timeout=60, check=False)
    return second.returncode, f"Port {port} is taken. Choose another: --port {port + 1}" in second.stderr


def outbox_at_rest(data: Path) -> list[tuple[str, int, str]]:
    """What the outbox holds once nothing in it waits any more: what it was, how often it was tried, what went wrong."""
    with closing(sqlite3.connect(data / "peakend.sqlite3")) as truth:
        for _again in range(100):
            waiting = truth.execute("SELECT count(*) FROM peakend_web_outboxentry WHERE done_at IS NULL").fetchone()[0]
            if not waiting:
                return truth.execute("SELECT kind, tries, problem FROM peakend_web_outboxentry").fetchall()
            time.sleep(0.1)
    pytest.fail(f"{waiting} entries of the outbox still wait")


def test_the_shim_is_the_same_command(tmp_path: Path) -> None:
    shim = Path(__file__).parents[3] / "manage.py"
    done = subprocess.run(
        [sys.executable, shim, "check"],
        env=environment(tmp_path / "var"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "System check identified no issues" in done.stdout + done.stderr) == (0, True)
