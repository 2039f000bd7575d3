"""An attacker who may see what a viewer sees, and a key that reads: whatever they ask for and subtract, nobody is
singled out.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest
from benchmarks.disclosure import attack, between_two, worked_out

from peakend_web.design.actions import versions as services
from peakend_web.models import Service
from peakend_web.store import door
from peakend_web.store.door import Filters
from tests.web.answers import deliver, recommend
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_pages import HOME
from tests.web.store.test_release import THIS_MONTH, Program

CELL = 5


def test_of_surveys_of_hundreds_nobody_is_singled_out_and_nearly_all_that_could_be_shown_is() -> None:
    found = attack(3, seed=7)
    assert (found["smallest"], found["in_small_groups"], found["worked_out"]) == (CELL, 0, 0)
    assert found["shown"] >= 0.9 * found["cells"]
    assert found["naive_singled_out"] > 0, "the attack finds people where a threshold alone guards them"


def test_columns_that_come_later_single_out_nobody_and_are_told_of_nearly_all_who_are_counted_by_then() -> None:
    found = attack(2, seed=3, later=2)
    assert (found["smallest"], found["in_small_groups"], found["worked_out"]) == (CELL, 0, 0)
    assert found["shown"] >= 0.9 * found["cells"]


SEGMENTS = """segments:
  - {id: purpose, title: {en: Purpose, zh-Hant: 目的, zh-Hans: 目的}, values: [VALUES]}
  - {id: age, title: {en: Age, zh-Hant: 年齡, zh-Hans: 年龄}, values: [VALUES]}
  - {id: way, title: {en: Way, zh-Hant: 途徑, zh-Hans: 途径}, values: [VALUES]}
""".replace("VALUES", ", ".join(f"{{id: v{n}, title: {{en: V{n}, zh-Hant: 值{n}, zh-Hans: 值{n}}}}}" for n in range(5)))
COLUMNS = ("site", "language", "purpose", "age", "way")


@pytest.fixture
def asked(clinic: Clinic) -> Clinic:
    """The clinic asks for three segments more."""
    before, rest = OUTPATIENT.split("segments:\n")
    text = before + SEGMENTS + rest[rest.index("stakeholders:") :]
    services.save_service_version(
        actor=clinic.olivia, workspace=clinic.workspace, text=text, service=clinic.service, note=""
    )
    clinic.service.refresh_from_db()
    return clinic


def answers(people: int) -> list[dict[str, Any]]:
    """Two hundred people and more, of whom each says something of their own: no two sums of them are alike by
    chance.
    """
    rng = np.random.default_rng(11)
    rows = []
    for at in range(people):
        drawn = {name: int(min(rng.integers(0, 5), rng.integers(0, 5))) for name in COLUMNS}
        who = {name: f"v{value}" for name, value in drawn.items() if name != "site"}
        day = date(2026, 8 + at * 4 // people, int(rng.integers(1, 28)))
        rows += recommend(int(rng.integers(0, 11)), site=f"v{drawn['site']}", who=who, on=day)
    return rows


def released(service: Service) -> list[dict[str, Any]]:
    """Who is counted, and as what, as the released rows have it."""
    frame = door.read(service, Filters(), each=False).frame.select("response", "day", *COLUMNS).collect("pyarrow")
    found: list[dict[str, Any]] = frame.to_native().to_pylist()
    return found


def test_every_figure_that_a_program_can_ask_for_is_of_the_released_and_none_tells_of_fewer_than_five(
    asked: Clinic,
) -> None:
    program, rows, at = Program(asked), answers(220), 0
    seen: set[frozenset[str]] = set()
    rng = np.random.default_rng(5)
    while at < len(rows):
        step = int(rng.integers(1, 45))
        deliver(asked.service, rows[at : at + step])
        at += step
        now = released(asked.service)
        for column in ("", *COLUMNS):
            groups = Counter((each[column] if column else None, each["day"]) for each in now)
            by = f"?by={column},month" if column else "?by=month"
            told = {tuple(row["group"].values()): row["n"] for row in program.rows(by)}
            assert min(groups.values(), default=CELL) >= CELL
            assert sum(told.values()) <= len(now)
            assert all(n == 0 or n >= CELL for n in told.values())
        for key in {(column, each[column]) for each in now for column in COLUMNS}:
            for day in {each["day"] for each in now} | {"any"}:
                seen.add(
                    frozenset(
                        each["response"] for each in now if each[key[0]] == key[1] and day in ("any", each["day"])
                    )
                )
    everybody = sorted({who for figure in seen for who in figure})
    figures = np.array([np.isin(everybody, sorted(figure)) for figure in seen if figure])
    assert figures.shape[1] > 150, "nearly all are counted, and told apart"
    smallest, small = between_two(figures, CELL)
    assert (smallest >= CELL, int(small.sum()), worked_out(figures)) == (True, 0, 0)


def test_what_a_viewer_and_a_manager_read_is_what_a_program_reads_on_pages_and_in_files(
    asked: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(asked.service, answers(220))
    monkeypatch.setattr("peakend_web.store.months.this_month", lambda: THIS_MONTH + 6)
    program = Program(asked)
    for client in (browser_of(asked.victor), browser_of(asked.wu)):
        for query in ("", "?purpose=v0", "?site=v1", "?language=v2&from=2026-09-01", "?age=v4&to=2026-10-31"):
            assert json.loads(client.get(f"{HOME}methods/nps.json{query}").content) == program.rows(query), query
        for query in ("?purpose=v0&age=v1", "?age=v0&age=v1&age=v2&age=v3", "?site=v0&language=v1"):
            assert {
                client.get(f"{HOME}{page}{query}").status_code
                for page in ("", "journey/", "methods/nps/", "methods/nps.csv")
            } == {422}
        assert client.get(f"{HOME}answers.parquet").status_code == 403
    truth = Counter(row["site"] for row in answers(220))
    told = {row["group"]["site"]: row["n"] for row in program.rows("?by=site")}
    assert program.rows()[0]["n"] >= 216
    assert sum(told.get(site, 0) >= 10 for site, n in truth.items() if n >= 10) >= 0.9 * sum(
        n >= 10 for n in truth.values()
    )
