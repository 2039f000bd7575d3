"""What data call a touchpoint, a step or a site is its name, whatever heading of ours is spelled alike."""

from __future__ import annotations

import pytest

import peakend
from peakend.methods.csat import csat
from peakend.methods.impact import impact
from peakend.methods.journey import journey
from peakend.methods.queue import queue
from peakend.terms import LANGUAGES, Lang, Words, data_label, using_names
from tests.methods.events_of import at
from tests.methods.facts_of import facts, said

STEPS = [
    {"visit": f"v{n}", "kind": "step", "touchpoint": step, "at_us": at(0, 10 * n + place), "until_us": None}
    for n in range(30)
    for place, step in enumerate(("start", "wait", "out"))
]
WAITS = [
    {"visit": f"v{n}", "kind": "wait", "touchpoint": "security", "at_us": at(0, n), "until_us": at(0, n + 3 + n % 4)}
    for n in range(40)
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_steps_places_and_sites_keep_their_own_names(lang: Lang) -> None:
    told = journey(STEPS).text(lang).lower()
    assert all(step in told for step in ("start", "wait", "out"))
    assert not any(word in told for word in ("signals", "異常訊號", "异常信号"))
    assert queue(WAITS).text(lang).lower().startswith("security")
    by_site = csat(
        facts(said("overall", [4, 5] * 20, site="out"), said("overall", [4, 5] * 20, site="high")), by="site"
    )
    assert ["out" in by_site.text(lang), "high" in by_site.text(lang)] == [True, True]


def test_security_at_an_airport_is_no_dimension_of_service_quality() -> None:
    assert "「security」體驗差時" in impact(peakend.sample("airport")).text("zh-Hant")


def test_what_a_service_names_and_what_the_product_knows_too_is_said_by_name() -> None:
    assert [data_label(id, "zh-Hant") for id in ("overall", "out", "ward 7")] == ["整體", "out", "ward 7"]
    with using_names({"out": Words(en="Way out", zh_Hant="出口", zh_Hans="出口")}):
        assert data_label("out", "zh-Hans") == "出口"
