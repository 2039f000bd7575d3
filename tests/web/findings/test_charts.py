"""Pictures of findings as files: each is the one that was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from peakend_web.findings.pictures import renderer
from tests.web.answers import deliver
from tests.web.conftest import Clinic, browser_of

FILE = "/w/harbour/outpatient/methods/kano.svg"


def asked_both_ways(feature: str, with_it: int, without_it: int, times: int = 40) -> list[dict[str, Any]]:
    """So many who answered how it would be with a feature, and how without."""
    sides = {"functional": with_it, "dysfunctional": without_it}
    return [
        {"response": f"{feature}-{at}", "item": f"{feature}.{role}", "construct": feature, "role": role}
        | {"value": float(value), "low": 1.0, "high": 5.0}
        for at in range(times)
        for role, value in sides.items()
    ]


def test_the_picture_of_one_row_is_that_of_the_row_asked_for_whatever_was_drawn_before(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(clinic.service, [*asked_both_ways("seats", 1, 3), *asked_both_ways("signs", 3, 5)])
    # The renderer is looked at in `test_pictures`; here it matters which chart it is handed.
    monkeypatch.setattr(renderer, "svg", lambda chart, *_way, **_look: chart.alt)
    browser = browser_of(clinic.mei)
    seats, signs, again = (browser.get(f"{FILE}?group=one&of={each}").content for each in ("seats", "signs", "seats"))
    assert (b"40 answers" in seats, signs != seats, again) == (True, True, seats)
