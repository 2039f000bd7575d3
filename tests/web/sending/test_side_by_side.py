"""Several at once: a server that hangs holds up its own messages alone, a worker may be killed at any moment, and
whoever is forgotten is in no byte.
"""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from peakend_web.models import Message, OutboxEntry
from peakend_web.running import jobs, outbox
from peakend_web.sending.actions import forget_recipient
from peakend_web.sending.actions.channels import add_gateway
from peakend_web.sending.actions.delivery import deliver_due
from peakend_web.sending.gateways import Gateway
from tests.web import ready
from tests.web.conftest import Clinic

from .examples import LIN, PHONE, TEMPLATE, queued
from .servers import HANG, Desk, MailBox, gateway_desk, until


def delivering() -> threading.Thread:
    """One loop of the jobs' process, in a thread of its own."""

    def work() -> None:
        try:
            deliver_due()
        finally:
            connections.close_all()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_hangs_delays_neither_another_house_nor_anything_else(
    clinic: Clinic, desk: Desk, mails: MailBox, settings: Any
) -> None:
    desk.does = HANG
    with gateway_desk() as other:
        settings.PEAKEND_INSIDE_HOSTS = ["127.0.0.1"]
        for workspace, who, url in ((clinic.workspace, clinic.wu, desk.url), (clinic.elsewhere, clinic.sam, other.url)):
            add_gateway(actor=who, workspace=workspace, name="SMS", gateway=Gateway(url, "json", TEMPLATE))
        for number in range(3):
            queued(clinic.workspace, number, kind="sms_webhook", to=PHONE)
        hung = delivering()
        assert until(lambda: desk.asked)
        for number in range(3):
            queued(clinic.elsewhere, number, kind="sms_webhook", to=PHONE)
        queued(clinic.workspace, 9)
        free = delivering()
        free.join(10)
        assert (hung.is_alive(), free.is_alive(), len(desk.asked), len(other.asked), len(mails.emails)) == (
            True,
            False,
            1,
            3,
            1,
        )
        desk.does = ""
        desk.free.set()
        hung.join(10)
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent"] * 7


def test_eight_loops_send_beside_all_other_jobs() -> None:
    loops = [name for name, *_ in jobs.Worker()._loops]
    assert [name for name in loops if name.startswith("sending")] == [f"sending {number}" for number in range(1, 9)]
    assert {"cases", "copy", "messages"} <= set(loops)


@pytest.mark.django_db(transaction=True)
def test_whoever_is_forgotten_is_in_no_byte_of_the_database(
    clinic: Clinic, mails: MailBox, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("bytes are looked for in SQLite’s files")
    words = "您上週二在東院的看診如何？"
    mails.says["rcpt"] = f"550 unknown: {LIN}"
    queued(clinic.workspace, text=words * 40)
    queued(clinic.workspace, 2, text=words, due_at=timezone.now() + timedelta(days=1))
    deliver_due()
    kept = Path(connection.settings_dict["NAME"])
    files = (kept, kept.with_name(f"{kept.name}-wal"))
    found = [LIN.encode() in b"".join(file.read_bytes() for file in files if file.exists())]
    assert forget_recipient(workspace=clinic.workspace, to=LIN) == 2
    readers = {"forget_recipient": jobs.READERS["forget_recipient"]}
    assert outbox.empty("forget_recipient", "sending", readers) == 1
    left = b"".join(file.read_bytes() for file in files if file.exists())
    assert (found, [each for each in (LIN, words) if each.encode() in left]) == ([True], [])
    assert [each for each in (LIN, words) if each in caplog.text] == []
    assert OutboxEntry.objects.filter(kind="forget_recipient", done_at=None).count() == 0


# --- killed -----------------------------------------------------------------------------------------------------------

WORK = """
import os
import sys
import time
from contextlib import closing
from datetime import timedelta
import django
django.setup()
from django.db import connections
from django.utils import timezone
from peakend_web.models import Channel, Message, OutboxEntry, Workspace
from peakend_web.sending.actions import delivery, queue_message

workspace = Workspace.objects.create(slug="harbour", name="Harbour Clinic")
settings = {"url": sys.argv[1], "format": "json", "template": sys.argv[2], "header": "", "expects": '"code": 0'}
Channel.objects.create(workspace=workspace, kind="sms_webhook", settings=settings, per_minute=10_000)
for number in range(int(sys.argv[3])):
    about = f"invitation:{number}"
    queue_message(workspace=workspace, kind="sms_webhook", to="0912345678", lang="en", subject="", text="Hello.",
                  about=about, key=about, due_at=timezone.now(), not_after=None)
connections.close_all()
delivery.LEASE = timedelta(seconds=0.5)
delivery.wait_after = lambda tries, longest: timedelta(0)
for _ in sys.stdin:
    number = os.fork()
    if number == 0:
        while True:
            delivery.deliver_due()
            time.sleep(0.02)
    print(number, flush=True)
print(",".join(sorted(Message.objects.values_list("state", flat=True))), flush=True)
print(OutboxEntry.objects.filter(kind="message_sent").count(), flush=True)
"""


def temperamental(desk: Desk) -> None:
    """The gateway fails one time in ten: before it sends, or after, without a word."""
    times = itertools.count()

    def mood() -> None:
        time.sleep(0.01)
        number = next(times)
        desk.status, desk.does = 500 if number % 20 == 7 else 200, "cut" if number % 20 == 13 else ""

    desk.before = mood


def start(parent: subprocess.Popen[str]) -> int:
    """Another worker; its number."""
    assert parent.stdin
    assert parent.stdout
    parent.stdin.write("\n")
    parent.stdin.flush()
    return int(parent.stdout.readline())


def unsent(database: Path) -> int:
    """How many messages are not over, as a reader of the file sees it."""
    with closing(sqlite3.connect(database)) as reader:
        return int(reader.execute("SELECT count(*) FROM peakend_web_message WHERE state != 'sent'").fetchone()[0])


@pytest.mark.apart
def test_workers_that_are_killed_lose_nothing_and_whatever_arrives_twice_says_so(
    tables: Path | None, tmp_path: Path
) -> None:
    if tables is None:
        pytest.skip("an installation on SQLite")
    many, kills = 60, 4
    ready.copied(tables, tmp_path / ready.DATABASE)
    with gateway_desk() as desk:
        temperamental(desk)
        environment = {
            "PEAKEND_DATA": str(tmp_path),
            "PEAKEND_DATABASE": "",
            "PEAKEND_INSIDE_HOSTS": f"127.0.0.1:{desk.port}",
            "DJANGO_SETTINGS_MODULE": "peakend_web.settings",
        }
        with subprocess.Popen(
            [sys.executable, "-c", WORK, desk.url, TEMPLATE, str(many)],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as parent:
            assert parent.stdin
            assert parent.stdout
            for _ in range(kills):
                worker, enough = start(parent), len(desk.asked) + 8
                assert until(lambda enough=enough: len(desk.asked) >= enough)  # type: ignore[misc]
                os.kill(worker, signal.SIGKILL)
            worker = start(parent)
            assert until(lambda: len({each.said["id"] for each in desk.asked if each.took}) == many, 30)
            assert until(lambda: not unsent(tmp_path / ready.DATABASE))
            os.kill(worker, signal.SIGKILL)
            parent.stdin.close()
            states, told = parent.stdout.read().split()
    arrived = Counter(each.said["id"] for each in desk.asked if each.took)
    marked = Counter(each.said["id"] for each in desk.asked if each.took and "Possible repeat" in each.said["message"])
    assert (len(arrived), states.split(","), told) == (many, ["sent"] * many, str(many)), "nothing is lost"
    assert {each: times for each, times in arrived.items() if marked[each] < times - 1} == {}, "a repeat says so"
    assert sum(arrived.values()) > many, "none came twice: nothing was tried here"
