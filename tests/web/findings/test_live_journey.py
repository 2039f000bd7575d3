"""Live data on the journey: what the page says of waits, failures, cases, standards and promises is what the methods
say, and a touchpoint that nobody asks about is asked about with one tap.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from peakend.methods.csat import csat
from peakend.methods.failures import failures
from peakend.methods.queue import queue
from peakend.methods.service_level import service_level
from peakend.service import as_data, loads
from peakend_web.base.documents import document_of
from peakend_web.base.grants import standing
from peakend_web.base.guard import InService
from peakend_web.findings.queries import kept_of
from peakend_web.models import AuditEntry, Case, Draft, DraftStep, Service, ServiceVersion
from peakend_web.store import door
from tests.web.answers import deliver, happen, over_days, rate
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_pages import HOME, read

PROMISES = OUTPATIENT.replace(
    "- {id: wait, title: {en: Wait to be called, zh-Hant: 候診, zh-Hans: 候诊}}",
    """- id: wait
            title: {en: Wait to be called, zh-Hant: 候診, zh-Hans: 候诊}
            promises:
              - id: called-in-twenty
                text: {en: Called in twenty minutes, zh-Hant: 二十分鐘內叫號, zh-Hans: 二十分钟内叫号}
                measure: {event: wait, minutes_at_most: 20, share_at_least: 0.9}
            standards:
              - id: friendly
                text: {en: Rated four or more, zh-Hant: 四分以上, zh-Hans: 四分以上}
                measure: {construct: wait, score_at_least: 4}""",
)


def write(service: Service, text: str) -> None:
    """Put another document into force."""
    service.current = ServiceVersion.objects.create(
        service=service, number=service.current.number + 1, document=as_data(loads(text)), text=text,
        made_by=service.current.made_by,
    )  # fmt: skip
    service.save()


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    """Two hundred visits in ten days: half wait ten minutes, half thirty; sixty fail at the register."""
    write(clinic.service, PROMISES)
    rows: list[dict[str, Any]] = [{"kind": "arrive", "touchpoint": "register"} for _ in range(200)]
    rows += [{"kind": "wait", "touchpoint": "wait", "minutes": m, "value": 15.0} for m in (10, 30) for _ in range(100)]
    rows += [{"kind": "fail", "touchpoint": "register", "indicator": "card-unread"} for _ in range(60)]
    happen(clinic.service, over_days(rows))
    deliver(clinic.service, [*rate("wait", 2, 60), *rate("wait", 4, 20), *rate("wait", 5, 20)])
    return clinic


def test_what_happened_stands_under_each_touchpoint_as_the_methods_say_it(busy: Clinic) -> None:
    said = read(browser_of(busy.mei), HOME + "journey/")
    events = door.facts(busy.mei, busy.service, table="events")
    (waited,) = queue(events)
    assert waited.p50 is not None
    assert f"Median wait {waited.p50:.1f} min 95% confidence interval {waited.p50_low:.1f} to" in said
    ends = f"95% confidence interval {waited.kept_low:.0f} to {waited.kept_high:.0f}"
    assert f"200 waits · announced times kept: 50% ({ends}, n 200)" in said
    failed = {row.cause: row for row in failures(events, of="touchpoint")}["register"]
    assert (failed.count, failed.n) == (60, 200)
    assert f"Failures per 1,000 visits 300.0 95% confidence interval {failed.low:.1f} to {failed.high:.1f}" in said
    assert "60 failures in 200 visits" in said
    assert "Answers until Mon 2 Nov" in said


def test_a_standard_and_a_promise_show_their_share_kept_with_interval_and_n(busy: Clinic) -> None:
    """As acceptance 38 asks of the blueprint, on the journey too."""
    said = read(browser_of(busy.mei), HOME + "journey/")
    (level,) = service_level(door.facts(busy.mei, busy.service, table="events"), at_most=20.0)
    assert (level.kept, level.n, level.days) == (100, 200, 10)
    ends = f"95% confidence interval {level.low:.0f} to {level.high:.0f} · grouped by day, 10 days"
    assert f"Promise 50% kept “Called in twenty minutes” · {ends} · n 200 · target 90%" in said
    rated = csat(door.facts(busy.mei, busy.service), construct="wait", boxes=2)[0]
    assert rated.value == 40.0
    assert (
        f"Standard 40% kept “Rated four or more” · 95% confidence interval {rated.low:.0f} to {rated.high:.0f}" in said
    )


def test_waits_of_one_day_have_a_share_without_an_interval_and_it_says_how_many_days_it_takes(clinic: Clinic) -> None:
    write(clinic.service, PROMISES)
    happen(clinic.service, [{"kind": "wait", "touchpoint": "wait", "minutes": m} for m in (10, 30) for _ in range(100)])
    said = read(browser_of(clinic.mei), HOME + "journey/")
    assert "Promise 50% kept “Called in twenty minutes” · no interval: 1 day seen, 4 more needed · n 200" in said


def test_every_standard_that_has_a_measure_has_its_figure_or_the_reason_why_not(clinic: Clinic) -> None:
    """Failures, days that something stays open and people ahead: counted where facts hold them, else said why not."""
    measures = {
        "no-fail": "{event: fail, share_at_least: 0.9}",
        "two-days": "{event: recover, open_days_at_most: 2}",
        "three-ahead": "{event: wait, people_at_most: 3}",
        "both": "{event: wait, minutes_at_most: 20, minutes_at_least: 1}",
        "told": "{event: contact, minutes_at_most: 60}",
        "rated": "{construct: consult, score_at_least: 4}",
    }
    every = "".join(
        f"\n              - {{id: {id}, text: {{en: {id}, zh-Hant: {id}, zh-Hans: {id}}}, measure: {measure}}}"
        for id, measure in measures.items()
    )
    write(clinic.service, PROMISES.replace("            standards:", f"            standards:{every}"))
    rows: list[dict[str, Any]] = [{"kind": "arrive", "visit": f"guest-{v}"} for v in range(200)]
    rows += [{"kind": "fail", "touchpoint": "wait", "visit": f"guest-{v}"} for v in range(20) for _twice in range(2)]
    rows += [{"kind": "recover", "touchpoint": "wait", "minutes": 1440.0 * day} for day in (1, 1, 3) for _ in range(20)]
    happen(clinic.service, over_days(rows))
    said = read(browser_of(clinic.mei), HOME + "journey/")
    assert "Standard 90% kept “no-fail”" in said
    assert "Standard 67% kept “two-days”" in said
    reasons = {
        "three-ahead": "What is recorded says how long people waited, not how many were ahead of them.",
        "both": "It needs exactly one time limit to count how often it was kept.",
        "told": "No “contact” is recorded at this touchpoint with its beginning and its end.",
        "rated": "Nobody has answered it yet, or its limit is not a point on the scale that was used.",
    }
    blueprint = read(browser_of(clinic.mei), HOME + "blueprint/")
    for page in (said, blueprint):  # in one fold, and not a line at each touchpoint
        assert page.count("have a measure but no figure: why") == 1
        assert [f"{id} Standard · Wait to be called {why}" in page for id, why in reasons.items()] == [True] * 4
    assert "no figure" not in said.partition("have a measure but no figure")[0]


def test_open_cases_are_counted_for_whoever_sees_cases(busy: Clinic) -> None:
    now = datetime.now(UTC)
    for key, due in (("a", now - timedelta(hours=1)), ("b", now + timedelta(hours=5))):
        Case.objects.create(
            workspace=busy.workspace, service=busy.service, source="s", source_key=key, response=key,
            touchpoint="wait", site="east", opened_at=now, due_at=due,
        )  # fmt: skip
    said = read(browser_of(busy.mei), HOME + "journey/")
    assert "Open cases 2 1 is overdue Manager" in said
    assert 'href="/w/harbour/cases/?touchpoint=wait"' in browser_of(busy.mei).get(HOME + "journey/").content.decode()
    assert "Open cases" not in read(browser_of(busy.victor), HOME + "journey/")


def test_filters_change_the_curve_and_the_figures_and_stay_in_the_links(busy: Clinic) -> None:
    happen(busy.service, [{"kind": "wait", "touchpoint": "wait", "minutes": 5, "site": "west"} for _ in range(40)])
    deliver(busy.service, [row | {"who": {"purpose": "treatment"}} for row in rate("wait", 5, 40, site="west")])
    client = browser_of(busy.mei)
    page = client.get(HOME + "journey/?site=west").content.decode()
    said = read(client, HOME + "journey/?site=west")
    assert "Median wait 5.0 min" in said
    drawn = page[page.index('class="pk-map"') :]
    assert ">5.00<" in drawn[: drawn.index("</svg>")]
    assert 'href="/w/harbour/outpatient/methods/queue/?site=west"' in page
    assert "Median wait" not in read(client, HOME + "journey/?purpose=treatment")
    assert "Median wait" not in read(client, HOME + "journey/?from=2026-11-03")


def test_few_waits_are_pale_and_fewer_have_no_figure(clinic: Clinic) -> None:
    happen(clinic.service, [{"kind": "wait", "touchpoint": "wait", "minutes": 5.0 + at} for at in range(12)])
    happen(clinic.service, [{"kind": "wait", "touchpoint": "register", "minutes": 5.0} for _ in range(9)])
    page = browser_of(clinic.mei).get(HOME + "journey/").content.decode()
    assert page.count('class="known-line pale"') == 1
    assert "12 of 30" in page
    assert page.count("Median wait</dt>") == 1


# --- what nobody asks about -------------------------------------------------------------------------------------------


def test_manager_wu_asks_about_a_touchpoint_with_one_tap_and_twice_is_once(clinic: Clinic) -> None:
    client = browser_of(clinic.wu)
    said = read(client, HOME + "journey/")
    assert (
        "2 touchpoints without a survey and without answers: Register Ask here – Register Talk with the doctor" in said
    )
    for _ in range(2):
        answer = client.post(HOME + "design/touchpoints/register/ask/", follow=True)
        assert answer.status_code == 200
    step = DraftStep.objects.get(draft=Draft.objects.get(service=clinic.service))
    assert (step.verb, step.person, step.target) == ("add", clinic.wu, "surveys:after-visit")
    (effect,) = step.effects
    assert effect["now"] == {
        "id": "register",
        "kind": "touchpoint_rating",
        "touchpoint": "register",
        "wording": {
            "en": "How was: Register?",
            "zh-Hant": "您對「報到」的感受如何？",
            "zh-Hans": "您对“报到”的感受如何？",
        },
    }
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")][-2:] == ["begin_draft", "edit_draft"]
    page = answer.content.decode()
    assert "A survey in the draft asks about it already." in page
    assert page.count("Asked in the draft, not published yet") == 1
    back = client.post(HOME + "design/touchpoints/consult/ask/", {"face": "ring"})
    assert back.headers["Location"] == HOME + "design/faces/ring/"


def test_where_one_question_rates_several_touchpoints_the_new_one_joins_them(clinic: Clinic) -> None:
    write(clinic.service, OUTPATIENT.replace("touchpoint: wait", "touchpoints: [wait]"))
    browser_of(clinic.wu).post(HOME + "design/touchpoints/register/ask/")
    step = DraftStep.objects.get()
    assert (step.verb, step.target, step.field) == ("link", "items:after-visit/waiting", "touchpoints")


def test_a_touchpoint_that_a_survey_asks_about_by_another_name_is_asked_about_already(clinic: Clinic) -> None:
    """The page, the draft and the button follow one rule: a dimension of the register is the register."""
    desk = "  - {id: desk, title: {en: Desk, zh-Hant: 櫃檯, zh-Hans: 柜台}, touchpoint: register}\nsurveys:"
    text = OUTPATIENT.replace(
        "kind: touchpoint_rating\n        touchpoint: wait", "kind: csat\n        construct: desk"
    )
    write(clinic.service, text.replace("surveys:", desk))
    client = browser_of(clinic.wu)
    said = read(client, HOME + "journey/")
    assert "2 touchpoints without a survey and without answers: Wait" in said
    assert "Register Ask here" not in said
    client.post(HOME + "design/touchpoints/register/ask/")
    assert not DraftStep.objects.exists()


def test_who_may_not_edit_sees_what_is_not_measured_and_no_button(clinic: Clinic) -> None:
    client = browser_of(clinic.victor)
    page = client.get(HOME + "journey/").content.decode()
    assert ("Not measured" in page, "Ask here" in page) == (True, False)
    assert client.post(HOME + "design/touchpoints/register/ask/").status_code == 403
    assert browser_of(clinic.wu).post(HOME + "design/touchpoints/nowhere/ask/").status_code == 404
    assert not Draft.objects.exists()


def test_without_a_survey_of_customers_nothing_can_be_asked_and_it_says_so(clinic: Clinic) -> None:
    at = OUTPATIENT.index("surveys:")
    write(clinic.service, OUTPATIENT[:at])
    client = browser_of(clinic.wu)
    assert "Ask here" not in client.get(HOME + "journey/").content.decode()
    assert client.post(HOME + "design/touchpoints/register/ask/").status_code == 409
    assert not DraftStep.objects.exists()


def test_what_was_rated_once_is_measured_though_no_survey_asks_any_more(clinic: Clinic) -> None:
    deliver(clinic.service, rate("register", 4, 40, on=date(2026, 10, 1)))
    assert "1 touchpoint without a survey and without answers: Talk" in read(
        browser_of(clinic.mei), HOME + "journey/?site=west"
    )


def test_what_is_kept_stands_on_the_face_of_standards_by_the_id_of_the_rule(busy: Clinic) -> None:
    here = InService(**vars(standing(busy.mei, busy.workspace)), service=busy.service)
    found = kept_of(here, document_of(busy.service.current.pk))
    assert {name: (kept.share, kept.n) for name, kept in found.items()} == {
        "called-in-twenty": (0.5, 200),
        "friendly": (0.4, 100),
    }
    page = browser_of(busy.mei).get(HOME + "design/faces/standards/").content.decode()
    assert "50%" in page[page.index('class="pk-map"') :]


def test_manager_wu_who_sees_no_single_row_reads_the_same_figures_without_the_hour(busy: Clinic) -> None:
    """What she sees is told by months, and yet what hangs together by day is grouped by day: ten days of two months."""
    said, told = (read(browser_of(who), HOME + "journey/") for who in (busy.wu, busy.mei))
    assert "Failures per 1,000 visits" in said
    assert "Answers until" not in said
    mine = told[told.index("Median wait 1") : told.index("target 90%")]
    assert "grouped by day, 10 days · 200 waits" in mine
    assert mine in said


def test_of_few_announced_times_no_share_is_told_though_waits_are_many(clinic: Clinic) -> None:
    write(clinic.service, PROMISES)
    waits = [{"kind": "wait", "touchpoint": "wait", "minutes": m} for m in (10, 30) for _ in range(60)]
    promised = [{**waits[0], "value": 15.0} for _ in range(9)]
    happen(clinic.service, over_days([*waits, *promised]))
    said = read(browser_of(clinic.mei), HOME + "journey/")
    assert "129 waits" in said
    assert "announced times kept" not in said
    happen(clinic.service, over_days([{**promised[0]}]))
    assert "announced times kept: 100% (95% confidence interval" in read(browser_of(clinic.mei), HOME + "journey/")


def test_a_touchpoint_has_a_colour_only_beside_a_whole_of_its_own_scale(clinic: Clinic) -> None:
    """The whole is 4.0 of 5 or 8.0 of 10; the wait is rated below the one, and says nothing of the other."""
    rows = [*rate("wait", 1, 40), *rate("wait", 2, 40), *rate("consult", 4, 40), *rate("consult", 5, 40)]
    deliver(clinic.service, rows)
    deliver(clinic.service, [row for score in (7, 9) for row in rate("overall", score, 40, low=0.0, high=10.0)])
    page = browser_of(clinic.mei).get(HOME + "journey/").content.decode()
    assert (page.count('class="scale level"'), "The dashed mark" in page) == (2, False)


def test_of_many_touchpoints_none_is_coloured_for_a_difference_that_one_of_many_shows_by_chance(clinic: Clinic) -> None:
    """The register's interval leaves the whole out by a hair; of three touchpoints that is not enough."""
    deliver(clinic.service, [*rate("overall", 3, 200), *rate("overall", 4, 200)])
    deliver(
        clinic.service, [*rate("wait", 3, 40), *rate("wait", 4, 40), *rate("consult", 3, 40), *rate("consult", 4, 40)]
    )
    deliver(clinic.service, [*rate("register", 3, 49), *rate("register", 4, 31)])
    page = browser_of(clinic.mei).get(HOME + "journey/").content.decode()
    assert (page.count('class="scale level"'), page.count('class="scale below"')) == (3, 0)
    deliver(clinic.service, rate("register", 2, 40))
    page = browser_of(clinic.mei).get(HOME + "journey/").content.decode()
    assert (page.count('class="scale level"'), page.count('class="scale below"')) == (2, 1)
