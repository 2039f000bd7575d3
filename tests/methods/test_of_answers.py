"""Control charts and series of answers: what is charted, in which unit, which way is good, and the answers that have no
day.
"""

from __future__ import annotations

import pytest

from peakend.facts import Facts
from peakend.methods.control import control
from peakend.methods.series import series
from tests.methods.facts_of import facts, said

STAYS = (4, 4, 5, 3, 5, 2, 4, 5, 3, 4)


def monthly(*, undated: int = 0, last: tuple[int, ...] = STAYS) -> Facts:
    months = [
        said("overall", last if month == 23 else STAYS, day=19723 + int(30.44 * month) + 3) for month in range(24)
    ]
    return facts(*months, said("overall", [1] * undated))


def test_a_chart_of_top_scores_is_one_of_what_is_good() -> None:
    found = control(monthly(last=(1,) * 10), figure="top_box", rules=("1",))
    spec = found.chart("en").spec
    assert "share of top scores" in str(spec)
    assert "failed" not in str(spec)
    assert [row["side"] for row in spec["data"]["values"] if row["why"]] == ["below"]
    assert "with the top scores" in found.text("en")


def test_a_figure_of_a_table_has_no_better_side() -> None:
    rows = [{"period": f"2024-{month:02}", "value": 30.0 if month == 9 else 5.0 + month % 3} for month in range(1, 13)]
    marked = [row for row in control(rows, rules=("1",)).chart("en").spec["data"]["values"] if row["why"]]
    assert [(row["key"], row["side"]) for row in marked] == [("2024-09", "level")]


def test_failures_are_worse_above() -> None:
    rows = [
        {"period": f"2024-{month:02}", "count": 30 if month == 9 else 5 + month % 3, "size": 100}
        for month in range(1, 13)
    ]
    marked = [row for row in control(rows, kind="p", rules=("1",)).chart("en").spec["data"]["values"] if row["why"]]
    assert [(row["key"], row["side"]) for row in marked] == [("2024-09", "below")]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "7 answers name no day and are left out"),
        ("zh-Hant", "另有 7 筆回答未註明日期，未計入"),
        ("zh-Hans", "另有 7 条回答未注明日期，未计入"),
    ],
)
def test_answers_without_a_day_are_counted_and_said(lang: str, told: str) -> None:
    for found in (control(monthly(undated=7)), series(monthly(undated=7), at="2025-01")):
        assert found[0].undated == 7
        assert "answers_without_wave" in found[0].warnings
        assert told in found.text(lang)  # type: ignore[arg-type]
    assert "left out" not in control(monthly()).text("en")


def test_a_change_of_answers_says_its_figure_and_its_unit() -> None:
    found = series(monthly(), at="2025-01", slope=True)
    first, second = found.sentences("en").split("\n")[:2]
    assert first.startswith("Overall (mean), change of level from 2025-01: ")
    assert " points (" in first
    assert " points per period (" in second
    assert "整體（平均數），2025-01 起的水準變化：" in found.sentences("zh-Hant")
