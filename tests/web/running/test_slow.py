"""A hundred clients that never finish what they begin: everybody else is served, and the server ends when it is told
to.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from benchmarks.serving import delivery, installation
from benchmarks.slow import beside, end

from tests.web.ready import install

SECONDS = 10


def test_honest_requests_are_answered_while_a_hundred_clients_hold_on_and_so_is_the_end(
    generated: Path, tables: Path | None
) -> None:
    with installation(prepare=lambda data: install(data, generated, tables)) as installed:
        server = installed.start()
        try:
            installed.wait(90)
            statuses, waits, begun = [], [], time.monotonic()
            with beside(installed, 100, "slow") as crowd:
                while time.monotonic() - begun < SECONDS:
                    at = time.monotonic()
                    statuses.append(installed.post(delivery(f"honest-{len(statuses)}"))[0])
                    waits.append(time.monotonic() - at)
                took = end(server)
        finally:
            server.kill()
        log = (installed.data / "server.log").read_text(encoding="utf-8")
    assert set(statuses) == {200}
    assert sorted(waits)[len(waits) // 2] < 0.5
    assert max(waits) < 5
    assert crowd["429"] > 0, json.dumps(crowd)
    assert took < 20
    assert "Traceback" not in log
