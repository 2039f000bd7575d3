"""“See the 61” leads to the 61, one by one: for whoever may see each row, by names and in the workspace's own time."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from django.test import Client

from peakend.methods.failures import failures
from peakend_web.models import AuditEntry
from peakend_web.store import door
from tests.web.answers import happen
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_blueprint import FAILED, PAGE, STEPS, faulty
from tests.web.findings.test_live_journey import write
from tests.web.findings.test_pages import read

__all__ = ["faulty"]
LIST = PAGE + "failures/"
MIDNIGHT = datetime(2025, 11, 2, tzinfo=UTC)


def rows_of(browser: Client, address: str) -> list[str]:
    """The names of all failures that are listed, on all pages one after another."""
    names: list[str] = []
    while address:
        page = browser.get(address).content.decode()
        names += re.findall(r"<h3>(.*?)</h3>", page)
        (address, *_more) = [*re.findall(r'<a class="alone" href="([^"]*)" rel="next"', html.unescape(page)), ""]
    return names


def test_see_the_61_leads_to_61_single_failures_as_many_as_the_method_counts(faulty: Clinic) -> None:
    mei = browser_of(faulty.mei)
    assert f'href="{LIST}?part=behind"' in mei.get(PAGE).content.decode()
    begins = ("no-record=behind", "dark=behind", "rude=before")
    events = door.facts(faulty.mei, faulty.service, table="events")
    counted = {row.cause: row.count for row in failures(events, begins=begins)}
    names = rows_of(mei, f"{LIST}?part=behind")
    assert (len(names), counted["behind"]) == (61, 61)
    assert {name: names.count(name) for name in {*names}} == {"Record missing": 51, "Screen dark": 10}
    assert "61 failures began behind the line of visibility." in read(mei, f"{LIST}?part=behind")


def test_each_step_each_untraced_one_and_all_of_them_are_listed_too(faulty: Clinic) -> None:
    mei = browser_of(faulty.mei)
    assert f'href="{LIST}?of=greet"' in mei.get(PAGE).content.decode()
    found = {query: len(rows_of(mei, LIST + query)) for query in ("?of=greet", "?part=untraced", "", "?of=nothing")}
    assert found == {"?of=greet": 20, "?part=untraced": 15, "": sum(FAILED.values()), "?of=nothing": 0}
    assert "20 failures began in “Greets by name”." in read(mei, f"{LIST}?of=greet")


def test_a_page_beyond_the_last_reads_nothing(faulty: Clinic) -> None:
    mei = browser_of(faulty.mei)
    for page in ("3", "99999999", "9" * 400, "-1", "0", "x"):
        reply = mei.get(LIST, {"page": page})
        assert (reply.status_code, b"<h3>" in reply.content) == (200, page in {"-1", "0", "x"}), page


def test_a_failure_is_told_by_names_and_in_the_time_of_the_workspace(clinic: Clinic) -> None:
    """Midnight of the second of November in UTC is eight in the morning in Taipei."""
    write(clinic.service, STEPS)
    happen(clinic.service, [{"kind": "arrive"} for _ in range(20)])
    at = {"on": MIDNIGHT.date(), "at_us": round(MIDNIGHT.timestamp() * 1e6)}
    failed = {"kind": "fail", "indicator": "no-record", "touchpoint": "register", **at}
    happen(clinic.service, [failed])
    said = read(browser_of(clinic.mei), LIST)
    assert "2 Nov 2025, 08:00 Record missing Register · East began in: Pulls the record" in said
    assert "backstage · Register · Records office" in said
    page = browser_of(clinic.mei).get(LIST).content.decode()
    listed = page[page.index("<ol") : page.index("</ol>")]
    assert [id for id in ("no-record", "pull-record", "records", ">east", "v1") if id in listed] == []


def test_wu_who_sees_no_single_row_is_told_how_many_there_are_and_led_to_the_steps(faulty: Clinic) -> None:
    browser = browser_of(faulty.wu)
    page = browser.get(PAGE).content.decode()
    assert (f'href="{PAGE}?part=behind#rows"' in page, f'href="{LIST}' in page) == (True, False)
    said = read(browser, f"{LIST}?part=behind")
    assert "61 failures began behind the line of visibility." in said
    assert "Single failures with their times are shown to owners and analysts." in said
    assert rows_of(browser, f"{LIST}?part=behind") == []


def test_whoever_looks_at_single_failures_leaves_a_trail_and_sam_finds_nothing(faulty: Clinic) -> None:
    browser_of(faulty.mei).get(LIST)
    assert [(one.actor, one.verb) for one in AuditEntry.objects.filter(verb="read_failures")] == [
        (faulty.mei, "read_failures")
    ]
    assert browser_of(faulty.sam).get(LIST).status_code == 404


def test_of_too_few_visits_none_is_listed(clinic: Clinic) -> None:
    write(clinic.service, STEPS)
    happen(clinic.service, [{"kind": "arrive"}, {"kind": "fail", "indicator": "no-record"}])
    assert rows_of(browser_of(clinic.mei), LIST) == []
