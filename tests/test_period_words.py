"""Periods under the axis of a picture: as people write them in three languages, the year where it begins."""

from __future__ import annotations

import re

import pytest

from peakend import nps, sqi
from peakend.periods import under_axis
from peakend.terms import LANGUAGES, Lang
from tests.methods.facts_of import sample


@pytest.mark.parametrize(
    ("names", "lang", "labels", "title"),
    [
        (["2017-W18", "2017-W19"], "en", ["1 May 2017", "8 May"], "week from"),
        (["2017-W18", "2017-W19"], "zh-Hant", ["2017/5/1", "5/8"], "週（起始日）"),
        (["2017-W18", "2017-W19"], "zh-Hans", ["2017/5/1", "5/8"], "周（起始日）"),
        (["2026-12-31", "2027-01-01"], "en", ["31 Dec 2026", "1 Jan 2027"], ""),
        (["2026-12-31", "2027-01-01"], "zh-Hant", ["2026/12/31", "2027/1/1"], ""),
        (["2026-11", "2026-12", "2027-01"], "en", ["Nov 2026", "Dec", "Jan 2027"], ""),
        (["2026-11", "2026-12", "2027-01"], "zh-Hant", ["2026 年 11 月", "12 月", "2027 年 1 月"], ""),
        (["2026-Q4", "2027-Q1", "2027-Q2"], "en", ["Q4 2026", "Q1 2027", "Q2"], ""),
        (["2026-Q4", "2027-Q1", "2027-Q2"], "zh-Hant", ["2026 年第 4 季", "2027 年第 1 季", "第 2 季"], ""),
        (["2026-Q4", "2027-Q1", "2027-Q2"], "zh-Hans", ["2026 年第 4 季度", "2027 年第 1 季度", "第 2 季度"], ""),
        (["2025", "2026"], "en", ["2025", "2026"], ""),
        (["spring", "2026-05"], "en", ["spring", "2026-05"], ""),
        (["2026-W01", "2026-05"], "en", ["2026-W01", "2026-05"], ""),
        (["2020-W53", "2021-W01"], "en", ["28 Dec 2020", "4 Jan 2021"], "week from"),
    ],
)
def test_a_period_is_written_as_people_write_it_and_the_year_where_it_begins(
    names: list[str], lang: Lang, labels: list[str], title: str
) -> None:
    found, called = under_axis(names, lang)
    assert (list(found.values()), called) == (labels, title)


def test_nothing_has_no_words() -> None:
    assert under_axis([], "en") == ({}, "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_picture_of_weeks_shows_their_numbers(lang: Lang) -> None:
    for chart in (nps(sample("airport"), by="week").chart(lang), sqi(sample("airport", "events")).chart(lang)):
        written = re.findall(r">([^<]+)<", chart.svg(lang))
        assert [text for text in written if re.search(r"2017-(W|\d\d)", text)] == []
        assert any("2017" in text for text in written)


def test_rows_of_weeks_and_sites_are_named_by_the_day_a_week_begins() -> None:
    spec = nps(sample("airport"), by=("week", "site")).chart("en").spec
    assert {row["key"].partition(" · ")[0] for row in spec["data"]["values"]} >= {
        "week of 1 May 2017",
        "week of 8 May 2017",
    }
