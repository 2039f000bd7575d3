"""A case as those who work on it read it: names instead of ids, in their language, on their clock."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from peakend.service import as_data, loads
from peakend_web.asking.actions import publish_survey
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Case, Service, ServiceVersion
from peakend_web.recovery.actions import open_case
from peakend_web.recovery.jobs import open_from_answers
from peakend_web.running import outbox
from peakend_web.running.jobs import READERS
from tests.web.answers import deliver, recommend
from tests.web.conftest import OUTPATIENT, Clinic, browser_of

IDS = ("low-recommend", "head-nurse", "after-visit", "east")


def words_of(client: Client, address: str) -> str:
    body = client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def case(clinic: Clinic) -> Case:
    """Mrs Lin recommends nobody, and waited badly."""
    common = {
        "source": "survey",
        "response": "mrs-lin",
        "site": "east",
        "rule": "low-recommend",
        "receiver": "head-nurse",
    }
    made = open_case(
        actor=None,
        service=clinic.service,
        source_key="1",
        item="recommend",
        value=3.0,
        low=0.0,
        high=10.0,
        words="等了兩個小時。",
        clock_hours=4,
        **common,
    )
    open_case(
        actor=None,
        service=clinic.service,
        source_key="2",
        item="waiting",
        touchpoint="wait",
        value=1.0,
        low=1.0,
        high=5.0,
        **common,
    )
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Would you recommend us to a friend?", "East", "Wait to be called", "Gave 3 on a scale of 0 to 10.")),
        ("zh-hant", ("您會向朋友推薦我們嗎？", "東院", "候診", "給了 3 分（0–10 分）。")),
        ("zh-hans", ("您会向朋友推荐我们吗？", "东院", "候诊", "等了兩個小時。")),
    ],
)
def test_nurse_chen_reads_names_and_no_ids(clinic: Clinic, case: Case, language: str, said: tuple[str, ...]) -> None:
    clinic.chen.language = language
    clinic.chen.save()
    for address in ("/w/harbour/cases/", f"/w/harbour/cases/{case.pk}/"):
        read = words_of(browser_of(clinic.chen), address)
        assert [each for each in said if each not in read] == []
        assert [each for each in IDS if re.search(rf"(?<![\w-]){each}(?![\w-])", read)] == []


def test_one_persons_two_low_answers_are_one_line(clinic: Clinic, case: Case) -> None:
    read = words_of(browser_of(clinic.wu), "/w/harbour/cases/")
    assert "One open case" in read
    assert "Wait to be called: Gave 1 on a scale of 1 to 5." in read


def test_a_question_that_names_an_answer_keeps_its_mark_and_gets_no_colon(clinic: Clinic, case: Case) -> None:
    (low,) = Case.objects.get().further
    Case.objects.update(further=[{**low, "item": "recommend", "touchpoint": None, "low": 0.0, "high": 10.0}])
    read = words_of(browser_of(clinic.wu), "/w/harbour/cases/")
    assert "Would you recommend us to a friend? Gave 1 on a scale of 0 to 10." in read


def test_a_question_is_told_in_the_words_of_the_survey_whose_rule_opened_the_case(clinic: Clinic, case: Case) -> None:
    """Another survey has a question of the same id, and other words."""
    other = """surveys:
  - id: at-the-door
    title: {en: At the door}
    items:
      - {id: recommend, kind: nps, construct: nps, wording: {en: Would you come again?}}
"""
    document = loads(OUTPATIENT)
    both = document.model_copy(
        update={"surveys": (*document.surveys, *loads(OUTPATIENT.partition("surveys:\n")[0] + other).surveys)}
    )
    version = ServiceVersion.objects.create(
        service=clinic.service, number=2, document=as_data(both), text="", made_by=clinic.olivia
    )
    Service.objects.filter(pk=clinic.service.pk).update(current=version)
    read = words_of(browser_of(clinic.wu), "/w/harbour/cases/")
    assert ("Would you recommend us to a friend?" in read, "Would you come again?" in read) == (True, False)


def test_what_is_late_is_said_to_be_late_on_the_clock_of_the_clinic(clinic: Clinic, case: Case) -> None:
    Case.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    assert re.search(
        r"overdue; was due (today|yesterday) \d\d:\d\d", words_of(browser_of(clinic.wu), "/w/harbour/cases/")
    )


def test_home_counts_every_open_case_and_every_overdue_one_however_many(clinic: Clinic, case: Case) -> None:
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            workspace=clinic.workspace,
            service=clinic.service,
            source="survey",
            source_key=f"more-{n}",
            response=f"r{n}",
            opened_at=now,
            due_at=now + timedelta(minutes=n - 610),
            owner=clinic.chen if n == 3 else None,
            state=Case.State.CLOSED if n > 606 else Case.State.OPEN,
        )
        for n in range(610)
    )
    assert sum(each.is_overdue for each in Case.objects.all()) == Case.objects.filter(Case.overdue()).count() == 607
    to_do = words_of(browser_of(clinic.wu), "/w/harbour/outpatient/")
    assert "608 customers wait for an answer" in to_do
    assert "607 are overdue" in to_do
    assert f"Manager, {clinic.chen.name}" in to_do


def test_a_case_of_a_question_that_the_design_no_longer_has_is_still_told(clinic: Clinic) -> None:
    open_case(
        actor=None,
        service=clinic.service,
        source="survey",
        source_key="9",
        response="r9",
        item="gone",
        site="nowhere",
        value=1.0,
    )
    assert "Outpatient visit" in words_of(browser_of(clinic.wu), "/w/harbour/cases/")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("olivia", "Nothing to do. Every case has been answered."),
        ("chen", "Nothing to do. Every case at your sites has been answered."),
        ("victor", "There is nothing for you to do here."),
    ],
)
def test_where_nothing_waits_only_those_cases_are_spoken_of_that_are_seen(clinic: Clinic, who: str, said: str) -> None:
    publish_survey(actor=clinic.olivia, service=clinic.service, item="after-visit")
    person = getattr(clinic, who)
    person.language = "en"
    person.save()
    assert f"To do {said}" in words_of(browser_of(person), "/w/harbour/outpatient/")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The answer was taken back."), ("zh-hant", "這筆回答已收回。"), ("zh-hans", "这条回答已撤回。")],
)
def test_a_case_whose_answer_was_taken_back_is_told_so_in_the_readers_language_and_stops_no_list(
    clinic: Clinic, language: str, said: str
) -> None:
    gone, stays = (recommend(2, response=who, source="till")[0] for who in ("mr-wu", "mrs-lin"))
    deliver(clinic.service, [{**gone, "source_key": "1"}, {**stays, "source_key": "2"}])
    open_from_answers(workspace=clinic.workspace)
    with override("en"):
        take_back(actor=clinic.olivia, service=clinic.service, origin=Origin(source="till", source_key="1"))
    outbox.empty("take_back", "recovery", READERS)
    clinic.wu.language = language
    clinic.wu.save()
    case, wu = Case.objects.get(source_key="1"), browser_of(clinic.wu)
    assert said in words_of(wu, f"/w/harbour/cases/{case.pk}/")
    for state in ("closed", "all"):
        assert wu.get(f"/w/harbour/cases/?state={state}").status_code == 200
        assert f"/w/harbour/cases/{case.pk}/" in wu.get(f"/w/harbour/cases/?state={state}").content.decode()


def test_nurse_chen_reads_takes_and_closes_a_case_in_three_taps(clinic: Clinic) -> None:
    case = open_case(
        actor=None, service=clinic.service, source="s", source_key="k", response="r", site="east", touchpoint="wait",
        value=1, low=1, high=5,
        words="<b>等了兩個小時</b>",
    )  # fmt: skip
    assert case
    chen = browser_of(clinic.chen)
    assert "&lt;b&gt;等了兩個小時&lt;/b&gt;" in chen.get("/w/harbour/cases/").content.decode()
    here = f"/w/harbour/cases/{case.pk}/"
    assert [chen.post(here + "take/").headers["Location"], chen.get(here).status_code] == [here, 200]
    assert chen.post(here + "close/", {"note": ""}).context["form"].errors
    assert chen.post(here + "close/", {"note": "已致電道歉。"}).headers["Location"] == "/w/harbour/cases/"
    assert "已致電道歉。" in chen.get(here).content.decode()
    assert Case.objects.get().closed_by == clinic.chen
