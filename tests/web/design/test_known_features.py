"""The service strategy beside the answers: each feature with the class that customers give it, what having it is worth
to them, and how much is to be won at its touchpoint; and what a change of the design may be worth.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from peakend.figures import number, signed_number
from peakend.methods.drivers import drivers
from peakend.methods.impact import impact
from peakend.methods.kano import kano
from peakend_web.store import door
from tests.web.answers import deliver, rate
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_live_journey import write
from tests.web.findings.test_pages import read

from .test_studio import DESIGN

PAGE = f"{DESIGN}faces/strategy/"
WORTH = "/w/harbour/outpatient/versions/2/3/"
FEATURES = OUTPATIENT.replace(
    "constructs:\n",
    """features:
  - id: live
    touchpoint: wait
    kano: attractive
    title: {en: Live number, zh-Hant: 即時號碼, zh-Hans: 实时号码}
    functional: {en: With it?, zh-Hant: 有它？, zh-Hans: 有它？}
    dysfunctional: {en: Without it?, zh-Hant: 沒有它？, zh-Hans: 没有它？}
constructs:
""",
    1,
)
PLACES = ("register", "wait", "consult")


def opinions(many: int) -> list[dict[str, Any]]:
    """What so many say of the live number: they take it for granted, and miss it where it is not there."""
    own = {"item": "live", "construct": "live", "touchpoint": None, "low": 1.0, "high": 5.0}
    return [
        {**own, "role": role, "value": value, "response": f"k{at}"}
        for at in range(many)
        for role, value in (("functional", 3.0 if at % 10 else 1.0), ("dysfunctional", 5.0))
    ]


def judgements(many: int) -> list[dict[str, Any]]:
    """Visits whose wait decides how the whole is judged."""
    drawn = random.Random(3)  # noqa: S311 — no secret
    rows: list[dict[str, Any]] = []
    for at in range(many):
        scores = {place: drawn.choice((1, 2, 3, 4, 5)) for place in PLACES}
        own = {"response": f"j{at}", "customer": f"j{at}"}
        rows += [row for place, score in scores.items() for row in rate(place, score, **own)]
        judged = min(5, max(1, scores["wait"] + drawn.choice((-1, 0, 0, 1))))
        rows += [{**row, "touchpoint": None} for row in rate("overall", judged, **own)]
    return rows


@pytest.fixture
def asked(clinic: Clinic) -> Clinic:
    write(clinic.service, FEATURES)
    deliver(clinic.service, [*opinions(60), *judgements(300)])
    return clinic


def test_class_value_and_chance_stand_beside_a_feature_to_the_digit_of_the_methods(asked: Clinic) -> None:
    said = read(browser_of(asked.mei), PAGE)
    facts = door.facts(asked.mei, asked.service)
    row = next(row for row in kano(facts) if row.construct == "live")
    assert (row.category, row.n) == ("M", 60)
    assert "Customers have said what 1 of 1 feature means to them." in said
    assert "Kano class, by the answers Must-be 60 answers · the design expected: Attractive" in said
    for name, value, ends in (
        ("Satisfaction coefficient (Better)", row.better, row.better_interval),
        ("Dissatisfaction coefficient (Worse)", row.worse, row.worse_interval),
    ):
        assert value is not None
        assert ends is not None
        interval = f"95% confidence interval {number(ends[0], 2)} to {number(ends[1], 2)}"
        assert f"{name} {number(value, 2)} {interval} · 60 answers" in said
    weight = next(row for row in drivers(facts) if row.driver == "wait")
    assert weight.percent is not None
    assert weight.percent_low is not None
    assert weight.percent_high is not None
    ends_of_share = f"{number(weight.percent_low)} to {number(weight.percent_high)}"
    share = f"{number(weight.percent)}% 95% confidence interval {ends_of_share} · {weight.n} answers"
    assert f"Share of “Wait to be called” in what the touchpoints explain of the overall rating {share}" in said
    assert row.version in said
    assert weight.version in said


def test_where_nobody_was_asked_the_class_is_told_as_what_the_design_expects(clinic: Clinic) -> None:
    write(clinic.service, FEATURES)
    said = read(browser_of(clinic.mei), PAGE)
    assert "Kano class, expected by the design Attractive customers were not asked yet" in said
    assert "by the answers" not in said


def test_of_nine_answers_no_class_is_named(clinic: Clinic) -> None:
    write(clinic.service, FEATURES)
    deliver(clinic.service, opinions(9))
    said = read(browser_of(clinic.mei), PAGE)
    assert "Kano class, by the answers – Too few answers to tell yet (9 of 10)." in said


def test_what_a_change_may_be_worth_is_told_as_the_method_has_it_and_as_no_forecast(asked: Clinic) -> None:
    changed = FEATURES.replace("Wait to be called", "Wait in a quiet room").replace(
        "- id: consult\n", "- id: consult\n"
    )
    write(asked.service, changed)
    browser = browser_of(asked.mei)
    assert "See what this may be worth" in read(browser, WORTH)
    said = read(browser, f"{WORTH}?worth=1")
    row = next(row for row in impact(door.facts(asked.mei, asked.service)) if row.driver == "wait")
    assert row.reward is not None
    assert row.reward_interval is not None
    low, high = (number(end, 2) for end in row.reward_interval)
    figure = f"Wait in a quiet room {signed_number(row.reward, 2)} difference in the overall rating between customers"
    figure += " who rated this well and those in the middle"
    assert f"{figure} · 95% confidence interval {low} to {high} · {row.n} answers" in said
    assert "For 1 of 1 changed touchpoint the answers show how the overall rating moves with it." in said
    assert "whether the change has this effect can only be seen afterwards." in said
    assert row.version in said


def test_where_answers_are_too_few_it_says_that_the_worth_cannot_be_told(clinic: Clinic) -> None:
    write(clinic.service, FEATURES)
    write(clinic.service, FEATURES.replace("Wait to be called", "Wait in a quiet room"))
    said = read(browser_of(clinic.mei), f"{WORTH}?worth=1")
    assert "What this may be worth cannot be seen yet: there are too few answers about what changed." in said
