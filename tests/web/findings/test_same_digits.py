"""One definition, one number: the airport's score is the same digits in Python, on the command line, in the API and on
the page.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

import pytest
from django.test import Client

from peakend import failures, nps, sample, service_level
from peakend.cli import main
from peakend.methods import BY_ID
from peakend.result import TOTAL
from peakend_web.models import ApiKey
from peakend_web.people.actions import keys
from peakend_web.running import demo
from tests.web.conftest import browser_of
from tests.web.findings.test_pages import read


@pytest.fixture
def shown(db: None) -> demo.Demo:
    return demo.set_up_demo()


def of_the_command_line(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main(list(words)) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_a_figure_is_the_same_in_python_shell_api_and_page(
    shown: demo.Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    python = json.loads(json.dumps(nps(sample("airport")).as_dict()))
    shell = of_the_command_line(capsys, "nps", "sample:airport", "--json")
    key = keys.make_key(actor=shown.person, workspace=shown.workspace, name="Notebook", scope=ApiKey.Scope.READ)[1]
    api = Client().get("/api/v1/demo/airport/methods/nps", headers={"Authorization": f"Bearer {key}"}).json()
    browser = browser_of(shown.person)
    page = browser.get("/w/demo/airport/methods/nps.json").json()
    assert python == shell == api == page
    (row,) = python
    assert (row["n"], row["invalid"], row["missing"]) == (2746, 84, 1)
    assert (f"{row['value']:.1f}", f"{row['weighted']['value']:.1f}") == ("39.8", "40.4")
    home = browser.get("/w/demo/airport/").content.decode()
    assert all(text in home for text in ("39.8", "40.4", "2,746", f"{row['low']:.1f}", f"{row['high']:.1f}"))
    assert "summary code of the survey firm" in home
    assert "<q>" not in home
    for service, method, options in PAGES:
        found = BY_ID[method].run(sample(service), **options)
        assert browser.get(f"/w/demo/{service}/methods/{method}.json").json() == json.loads(
            json.dumps(found.as_dict())
        ), method
        table = browser.get(f"/w/demo/{service}/methods/{method}.csv").content.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(table)))) == len(found) + 1, method


def test_failures_and_service_levels_are_the_same_in_python_shell_api_and_page(
    shown: demo.Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    """What went wrong at the airport, and in how many visits nothing did."""
    key = keys.make_key(actor=shown.person, workspace=shown.workspace, name="Notebook", scope=ApiKey.Scope.READ)[1]
    browser, events = browser_of(shown.person), sample("airport", "events")
    for method in ("failures", "service_level"):
        python = json.loads(json.dumps(BY_ID[method].run(events).as_dict()))
        address = f"/api/v1/demo/airport/methods/{method}"
        api = Client().get(address, headers={"Authorization": f"Bearer {key}"}).json()
        page = browser.get(f"/w/demo/airport/methods/{method}.json").json()
        shell = of_the_command_line(capsys, method, "sample:airport", "--json")
        assert python == shell == api == page, method
    by_place = {row.cause: row for row in failures(events, of="touchpoint")}
    journey = read(browser, "/w/demo/airport/journey/")
    for row in (row for row in by_place.values() if row.count and row.cause != TOTAL):
        said = f"Failures per 1,000 visits {row.value:.1f} 95% confidence interval {row.low:.1f} to {row.high:.1f}"
        assert said in journey, row.cause
    kept = service_level(events, kind="fail")
    assert json.loads(json.dumps(kept.as_dict())) == of_the_command_line(
        capsys, "service_level", "sample:airport", "--kind", "fail", "--json"
    )
    blueprint = read(browser, "/w/demo/airport/blueprint/")
    (row,) = (row for row in kept if row.touchpoint == MEASURED)
    assert f"{row.value:.1f}% kept" in blueprint
    ends = f"95% confidence interval {row.low:.1f} to {row.high:.1f} · grouped by day, {row.days} days · n {row.n:,}"
    assert ends in blueprint


MEASURED: Final = "walkways"
"""The touchpoint of the airport that has a standard of visits without a failure."""
PAGES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("airport", "csat", {"measure": "mean"}),
    ("airport", "drivers", {}),
    ("kiosk", "kano", {}),
    ("kiosk", "servqual", {}),
    ("kiosk", "importance", {}),
    ("kiosk", "reliability", {}),
)
