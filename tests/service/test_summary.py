"""What a journey is, in one sentence with its numbers."""

from __future__ import annotations

from peakend.service.journeys import Journey
from peakend.service.summary import summary
from peakend.templates import template


def journey(*marks: str) -> Journey:
    points = [{"id": f"p{at}", "title": {"en": f"Stop {at}"}} | ({"designed_as": m} if m else {})
              for at, m in enumerate(marks, 1)]  # fmt: skip
    return Journey.model_validate(
        {
            "id": "visit",
            "title": {"en": "A visit"},
            "stages": [{"id": "s", "title": {"en": "S"}, "touchpoints": points}],
        }
    )


def test_the_outpatient_template_is_told_in_three_languages() -> None:
    found = template("hospital").journeys[0]
    many, stages = len(found.touchpoints), len(found.stages)
    decisive = sum(point.moment_of_truth is not None for point in found.touchpoints)
    peak = next(point for point in found.touchpoints if point.designed_as == "peak").title
    end = next(point for point in found.touchpoints if point.designed_as == "end").title
    size = f"{many} touchpoints in {stages} stages; {decisive} moments of truth; "
    assert summary(found, "en") == f"{size}planned to peak at “{peak['en']}” and to end with “{end['en']}”."
    size = f"{stages} 個階段，共 {many} 個接觸點；{decisive} 個關鍵時刻；"
    assert summary(found, "zh-Hant") == f"{size}目標高峰在「{peak['zh-Hant']}」，目標結尾在「{end['zh-Hant']}」。"
    size = f"{stages} 个阶段，共 {many} 个触点；{decisive} 个关键时刻；"
    assert summary(found, "zh-Hans") == f"{size}目标峰值在“{peak['zh-Hans']}”，目标结尾在“{end['zh-Hans']}”。"


def test_what_is_missing_is_said_and_one_is_not_called_many() -> None:
    start = "in 1 stage; no moment of truth yet; "
    assert summary(journey(""), "en") == f"1 touchpoint {start}no planned peak and no planned end yet."
    assert summary(journey("peak", ""), "en").endswith("planned to peak at “Stop 1”, with no planned end yet.")
    assert summary(journey("", "end"), "en").endswith("planned to end with “Stop 2”, with no planned peak yet.")
