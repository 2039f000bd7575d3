"""Times are read in the workspace's zone, with the day in words where it is near and with its date where it is not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from peakend.terms import Lang
from peakend_web.base.localtime import day_words, moment_words, span_words
from peakend_web.recovery.actions import open_case
from tests.web.conftest import Clinic, browser_of

NOW = datetime(2026, 11, 29, 1, 30, tzinfo=UTC)
"""9:30 in the morning of 29 November in Taipei; still 28 November in Los Angeles."""


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW + timedelta(hours=4), ("today 13:30", "今天 13:30", "今天 13:30")),
        (NOW - timedelta(hours=10), ("yesterday 23:30", "昨天 23:30", "昨天 23:30")),
        (NOW + timedelta(hours=15), ("tomorrow 00:30", "明天 00:30", "明天 00:30")),
        (NOW - timedelta(days=5), ("Tue 24 Nov, 09:30", "11月24日（週二）09:30", "11月24日（周二）09:30")),
        (NOW - timedelta(days=366), ("28 Nov 2025, 09:30", "2025年11月28日 09:30", "2025年11月28日 09:30")),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, said: tuple[str, str, str]) -> None:
    langs: tuple[Lang, Lang, Lang] = ("en", "zh-Hant", "zh-Hans")
    with timezone.override(ZoneInfo("Asia/Taipei")):
        assert tuple(moment_words(at, lang, NOW) for lang in langs) == said


def test_today_is_the_zones_today() -> None:
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        assert moment_words(NOW, "en", NOW) == "today 17:30"
        assert moment_words(NOW + timedelta(hours=8), "en", NOW) == "tomorrow 01:30"


def test_days_and_spans_are_written_out() -> None:
    assert day_words(date(2026, 3, 1), "zh-Hant") == "2026年3月1日"
    assert span_words(date(2026, 11, 2), date(2026, 11, 15), "en") == "2 Nov 2026 – 15 Nov 2026"
    assert span_words(None, date(2026, 11, 15), "zh-Hans") == "… – 2026年11月15日"


def shown_times(page: Any) -> list[str]:
    return re.findall(r"<time[^>]*>([^<]*)</time>", page.content.decode())


def test_nurse_chen_reads_when_a_case_is_due_on_the_clock_of_her_clinic(clinic: Clinic) -> None:
    case = open_case(
        actor=None, service=clinic.service, source="test", source_key="1", response="r", site="east", clock_hours=4
    )
    assert case is not None
    due = timezone.localtime(case.due_at, ZoneInfo("Asia/Taipei"))
    page = browser_of(clinic.chen).get("/w/harbour/cases/")
    assert [each[-5:] for each in shown_times(page)] == [f"{due:%H:%M}"]
    assert f'datetime="{due.isoformat(timespec="seconds")}"' in page.content.decode()


def test_one_workspaces_clock_is_not_left_to_the_next_request(clinic: Clinic) -> None:
    browser_of(clinic.wu).get("/w/harbour/cases/")
    assert timezone.get_current_timezone_name() == "UTC"


PAGES = (
    "",
    "cases/",
    "people/",
    "keys/",
    "audit/",
    "settings/",
    "outpatient/",
    "outpatient/versions/",
    "outpatient/surveys/",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_writes_a_time_past_the_one_formatter(clinic: Clinic, page: str) -> None:
    body = browser_of(clinic.olivia).get(f"/w/harbour/{page}", follow=True).content.decode()
    bare = re.sub(r"<[^>]+>", " ", body)
    assert re.findall(r"\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d", bare) == []
    assert "UTC" not in bare.replace("UTC</option>", "") or page == "settings/"
