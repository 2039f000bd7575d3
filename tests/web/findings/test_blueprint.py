"""The blueprint: failures are traced to the line and step in which they begin, and what cannot be traced is said."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from peakend.methods.failures import failures
from peakend.methods.service_level import service_level
from peakend_web.store import door
from tests.web.answers import deliver, happen, over_days, rate
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_live_journey import PROMISES, write
from tests.web.findings.test_pages import HOME, read

STEPS = (
    PROMISES.replace(
        "- {id: register, title: {en: Register, zh-Hant: 報到, zh-Hans: 报到}}",
        """- id: register
            title: {en: Register, zh-Hant: 報到, zh-Hans: 报到}
            customer: {en: Shows the card, zh-Hant: 出示健保卡, zh-Hans: 出示医保卡}
            frontstage:
              - {id: greet, who: clerk, text: {en: Greets by name, zh-Hant: 叫名字問候, zh-Hans: 叫名字问候}}
            backstage:
              - {id: pull-record, who: records, text: {en: Pulls the record, zh-Hant: 調出病歷, zh-Hans: 调出病历}}
            fails: [no-record, rude, card-unread]""",
    )
    .replace(
        "            promises:",
        """            support:
              - {id: call-screen, who: it, text: {en: Runs the screen, zh-Hant: 維護叫號螢幕, zh-Hans: 维护叫号屏}}
            promises:""",
    )
    .replace(
        "stakeholders:\n",
        """stakeholders:
  - {id: clerk, side: frontstage, name: {en: Clerk, zh-Hant: 櫃檯, zh-Hans: 柜台}}
  - {id: records, side: backstage, name: {en: Records office, zh-Hant: 病歷室, zh-Hans: 病历室}}
  - {id: it, side: support, name: {en: IT, zh-Hant: 資訊室, zh-Hans: 信息科}}
""",
    )
    .replace(
        "constructs:\n",
        """failures:
  - {id: no-record, step: pull-record, title: {en: Record missing, zh-Hant: 找不到病歷, zh-Hans: 找不到病历}}
  - {id: rude, step: greet, title: {en: Spoken to harshly, zh-Hant: 口氣不佳, zh-Hans: 态度生硬}}
  - {id: dark, step: call-screen, title: {en: Screen dark, zh-Hant: 螢幕沒亮, zh-Hans: 屏幕不亮}}
  - {id: card-unread, title: {en: Card not read, zh-Hant: 卡片讀不到, zh-Hans: 卡读不出}}
constructs:
""",
    )
)
FAILED = {"no-record": 51, "dark": 10, "rude": 20, "card-unread": 15}
PAGE = HOME + "blueprint/"


def rated(more: int) -> list[dict[str, Any]]:
    """Waiting is rated low, the rest high; not all alike."""
    return [*rate("wait", 1 + more, 40), *rate("register", 4 + more, 40), *rate("consult", 4 + more, 40)]


@pytest.fixture
def faulty(clinic: Clinic) -> Clinic:
    """Two hundred visits in ten days, ninety-six failures."""
    write(clinic.service, STEPS)
    rows: list[dict[str, Any]] = [{"kind": "arrive", "touchpoint": "register"} for _ in range(200)]
    places = {"dark": "wait"}
    rows += [
        {"kind": "fail", "touchpoint": places.get(name, "register"), "indicator": name}
        for name, times in FAILED.items()
        for _ in range(times)
    ]
    rows += [{"kind": "wait", "touchpoint": "wait", "minutes": m} for m in (10, 30) for _ in range(100)]
    happen(clinic.service, over_days(rows))
    return clinic


def test_the_first_sentence_says_how_many_began_behind_the_line_and_with_whom_most(faulty: Clinic) -> None:
    """Of 96 failures 15 are traced to no step: where these began nobody knows, so the 61 are of the other 81."""
    said = read(browser_of(faulty.mei), PAGE)
    first = "Of 81 failures that are traced 61 began behind the line of visibility, most often with Records office."
    assert first in said
    assert "the chance that any is wrongly said to have more failures is at most 5%" in said
    begins = ("no-record=behind", "dark=behind", "rude=before")
    events = door.facts(faulty.mei, faulty.service, table="events")
    (row,) = (row for row in failures(events, begins=begins) if row.cause == "behind")
    assert (row.count, row.known, row.days) == (61, 81, 10)
    low, high = row.share_low, row.share_high
    assert f"75% of those traced (95% confidence interval {low:.0f} to {high:.0f}, n 81) · 200 visits" in said
    assert "15 failures are not traced" in said
    assert "See the 61" in said


def test_the_steps_stand_in_the_order_of_their_counts_as_pandas_counts_them(faulty: Clinic) -> None:
    table = pd.DataFrame({"failure": [name for name, times in FAILED.items() for _ in range(times)]})
    begins = {"no-record": "Pulls the record", "rude": "Greets by name", "dark": "Runs the screen"}
    counted = table["failure"].map(begins).value_counts()
    page = browser_of(faulty.mei).get(PAGE).content.decode()
    rows = page[page.index('id="rows"') : page.index('id="untraced"')]
    assert [rows.index(name) for name in counted.index] == sorted(rows.index(name) for name in counted.index)
    assert [f">{times}<" in rows for times in counted] == [True, True, True]
    said = read(browser_of(faulty.mei), PAGE)
    assert "51 Pulls the record backstage · Register · Records office Record missing 63% of those traced" in said
    assert said.count("clearly more than the others") == 1
    assert "Not traced to a step 15 Card not read" in said


def test_see_the_61_leads_whoever_sees_no_single_row_to_the_steps_of_those_alone(faulty: Clinic) -> None:
    client = browser_of(faulty.wu)
    page = client.get(PAGE).content.decode()
    assert f'href="{PAGE}?part=behind#rows"' in page
    rows = client.get(PAGE + "?part=behind").content.decode()
    rows = rows[rows.index('id="rows"') : rows.index('id="untraced"')]
    assert ("Pulls the record" in rows, "Runs the screen" in rows, "Greets by name" in rows) == (True, True, False)


def test_the_picture_holds_each_failure_in_its_lane_and_each_wait(faulty: Clinic) -> None:
    page = browser_of(faulty.mei).get(PAGE).content.decode()
    description = page[page.index("<desc") : page.index("</desc>")]
    assert "Register: frontstage 20, backstage 51, not traced to a step 15" in description
    assert "Wait to be called: support processes 10, median wait 10.0 min" in description


def test_of_few_traced_failures_no_share_is_told_and_nobody_is_named(clinic: Clinic) -> None:
    """Three of a thousand visits went wrong: how many is known, of which part they are nobody can tell."""
    write(clinic.service, STEPS)
    happen(clinic.service, over_days([{"kind": "arrive"} for _ in range(100)]))
    happen(clinic.service, over_days([{"kind": "fail", "indicator": "no-record"} for _ in range(3)]))
    said = read(browser_of(clinic.mei), PAGE)
    assert "Of 3 failures 3 began behind the line of visibility. " in said
    assert "% of all failures" not in said
    happen(clinic.service, over_days([{"kind": "fail", "indicator": "no-record"} for _ in range(20)]))
    happen(clinic.service, [{"kind": "fail", "indicator": "dark"}])
    said = read(browser_of(clinic.mei), PAGE)
    assert "Of 24 failures 24 began behind the line of visibility. 100% of all failures (" in said
    assert "clearly more than the others" not in said


def test_where_nothing_leads_nobody_is_named(clinic: Clinic) -> None:
    write(clinic.service, STEPS)
    happen(clinic.service, over_days([{"kind": "arrive"} for _ in range(100)]))
    happen(
        clinic.service,
        over_days([{"kind": "fail", "indicator": name} for name in ("no-record", "dark") for _ in range(8)]),
    )
    said = read(browser_of(clinic.mei), PAGE)
    assert "Of 16 failures 16 began behind the line of visibility. " in said
    assert "clearly more than the others" not in said


def test_without_steps_all_are_counted_as_not_traced_and_without_failures_it_says_so(clinic: Clinic) -> None:
    client = browser_of(clinic.mei)
    assert "No failures are recorded here yet." in read(client, PAGE)
    write(clinic.service, STEPS.replace("step: pull-record, ", ""))
    happen(clinic.service, over_days([{"kind": "arrive"} for _ in range(100)]))
    happen(clinic.service, [{"kind": "fail", "indicator": "no-record"} for _ in range(7)])
    said = read(client, PAGE)
    assert "7 failures are recorded, and none is traced to a step of the blueprint yet." in said
    assert "Say in the design in which step each begins" not in said


def test_a_standard_with_a_measure_shows_its_share_kept_with_n_on_the_blueprint(faulty: Clinic) -> None:
    """Acceptance 38."""
    deliver(faulty.service, [*rate("wait", 2, 60), *rate("wait", 5, 40)])
    said = read(browser_of(faulty.mei), PAGE)
    (level,) = service_level(door.facts(faulty.mei, faulty.service, table="events"), at_most=20.0)
    ends = f"95% confidence interval {level.low:.0f} to {level.high:.0f} · grouped by day, 10 days · n 200"
    assert (level.kept, level.n) == (100, 200)
    assert f"50% kept Called in twenty minutes Promise · Wait to be called {ends}" in said
    assert "40% kept Rated four or more Standard · Wait to be called 95% confidence interval 31 to 50 · n 100" in said


def test_of_the_lowest_touchpoint_the_steps_are_named_as_candidates_and_not_as_causes(faulty: Clinic) -> None:
    deliver(faulty.service, [row for at in (0, 1) for row in rated(at)])
    said = read(browser_of(faulty.mei), PAGE)
    assert "Rated lowest: the steps to look at Wait to be called 1.50" in said
    assert "a low score does not say which step it comes from" in said


def test_nurse_chen_sees_the_failures_of_her_site_alone(faulty: Clinic) -> None:
    happen(faulty.service, [{"kind": "fail", "indicator": "rude", "site": "west"} for _ in range(30)])
    faulty.chen.language = "en"
    faulty.chen.save()
    said = read(browser_of(faulty.chen), PAGE)
    assert "126" not in said


def test_what_events_do_not_say_of_customers_is_no_reason_to_say_that_nothing_failed(faulty: Clinic) -> None:
    """Answers are of a survey, and what happens is not."""
    client, why = (
        browser_of(faulty.mei),
        "What happens is recorded without “survey”, so failures and waits cannot be shown",
    )
    deliver(faulty.service, rated(0))
    said = read(client, PAGE + "?survey=after-visit")
    assert (why in said, "No failures are recorded here yet" in said) == (True, False)
    assert f"Called in twenty minutes Promise · Wait to be called {why}" in said
    assert why in read(client, PAGE + "failures/?survey=after-visit")


def test_sam_who_is_a_stranger_does_not_find_it(faulty: Clinic) -> None:
    assert browser_of(faulty.sam).get(PAGE).status_code == 404
