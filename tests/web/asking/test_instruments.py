"""Every instrument, from its file to its figure: put into a hospital's document, published, answered as the page
answers, and read by each method that it names; the figure is what was said, worked out here once more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np
import pytest

from peakend.instruments import IDS, instrument
from peakend.instruments.expansion import edits_of
from peakend.methods import BY_ID
from peakend.service import ServiceDocument, as_data, dump, of_data
from peakend.templates import template
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import delivery_of, publish_survey
from peakend_web.asking.answers import GivenAnswer, Submission
from peakend_web.asking.questionnaire import Questionnaire
from peakend_web.asking.survey_cache import PublishedSurvey
from tests.web.conftest import Clinic, service

Facts = list[dict[str, Any]]
Said = Mapping[str, float | str | None]
"""What somebody says, by field; None where they did not have it."""
NOT_FACTS: Final = ("workspace_id", "service_id", "imported_id", "delivery", "revision", "segments")


def with_instrument(id: str, **about: Any) -> ServiceDocument:
    """The hospital, with an instrument put into its document."""
    hospital = template("hospital")
    data = as_data(hospital)
    for edit in edits_of(instrument(id), hospital, **about):
        data[edit.field] = [*data.get(edit.field, ()), edit.value]
    return of_data(data)


def published(clinic: Clinic, id: str, **about: Any) -> PublishedSurvey:
    """An instrument as a survey of the hospital that is out."""
    hospital = with_instrument(id, **about)
    survey = publish_survey(
        actor=clinic.wu, service=service(clinic.workspace, dump(hospital), clinic.olivia), item=hospital.surveys[-1].id
    )
    return survey_cache.find(survey.token)


def answered(survey: PublishedSurvey, people: Sequence[Said]) -> Facts:
    """The facts that come of what people say, one tap every three seconds."""
    facts = []
    for at, said in enumerate(people):
        answers = [
            GivenAnswer(
                field=name,
                value=value if isinstance(value, float | int) else None,
                text=value if isinstance(value, str) else None,
                not_used=value is None,
                revision=1,
                ago_ms=3_000 * (len(said) - tap),
            )
            for tap, (name, value) in enumerate(said.items())
        ]
        sent = Submission(response=f"person-{at}-of-many", key=f"key-of-{at}", answers=answers, done=True)
        rows = [msgspec.structs.asdict(row) for row in delivery_of(survey=survey, sent=sent).answers]
        facts += [
            {name: value for name, value in row.items() if name not in NOT_FACTS} | json.loads(row["segments"])
            for row in rows
        ]
    return facts


Answering = Callable[[str, int], Any]
"""What the person of a number says in the field of a name."""


def everybody(asked: Questionnaire, people: int, answer: Answering) -> list[Said]:
    """What so many people say in every field."""
    return [{name: answer(name, person) for name in asked.fields} for person in range(people)]


def rows(method: str, facts: Facts, **options: Any) -> list[Any]:
    """What a method says, row by row."""
    return list(BY_ID[method].run(facts, **options))


# --- one figure each --------------------------------------------------------------------------------------------------


def test_nps_is_promoters_less_detractors(clinic: Clinic) -> None:
    scores = [10, 10, 9, 9, 9, 8, 7, 6, 3, 0]
    facts = answered(published(clinic, "nps"), [{"recommend": score, "why": "Because."} for score in scores])
    (row,) = rows("nps", facts)
    assert (row.value, row.n) == (pytest.approx(50 - 30), 10)
    assert {(fact["item"], fact["role"], fact["touchpoint"]) for fact in facts} == {
        ("recommend", "score", None),
        ("why", "comment", None),
    }


@pytest.mark.parametrize(("id", "field"), [("csat", "satisfied"), ("pulse", "today")])
def test_satisfaction_is_the_share_of_the_top_two_of_five(clinic: Clinic, id: str, field: str) -> None:
    facts = answered(published(clinic, id), [{field: score} for score in [5, 5, 4, 4, 4, 4, 3, 2, 1, 1]])
    (row,) = rows("csat", facts)
    assert (row.value, row.n, row.metric) == (60.0, 10, "csat.top2.1-5")
    (row,) = rows("csat", facts, measure="mean")
    assert row.value == pytest.approx(3.3)


@pytest.mark.parametrize(("id", "field", "top"), [("ces1", "effort", 5), ("ces2", "easy", 7)])
def test_effort_is_the_mean_on_the_scale_of_its_edition(clinic: Clinic, id: str, field: str, top: int) -> None:
    facts = answered(published(clinic, id), [{field: score} for score in [1, 2, 3, top]])
    (row,) = rows("ces", facts)
    assert (row.value, row.n, row.scale) == (pytest.approx((6 + top) / 4), 4, (1.0, float(top)))


def test_each_touchpoint_has_its_own_score_and_who_did_not_have_it_is_not_counted(clinic: Clinic) -> None:
    survey = published(clinic, "touchpoint-pulse")
    people: list[Said] = [
        {"at-register": 5, "at-wait": 2, "why-wait": "An hour.", "at-consult": None},
        {"at-register": 4, "at-wait": 1, "why-wait": "Two hours.", "at-consult": 5},
        {"at-register": 2, "why-register": "Nobody there.", "at-wait": 4, "at-consult": 5},
    ]
    facts = answered(survey, people)
    found = {row.construct: (row.value, row.n) for row in rows("csat", facts) if row.n}
    assert found == {
        "register": (pytest.approx(200 / 3), 3),
        "wait": (pytest.approx(100 / 3), 3),
        "consult": (100.0, 2),
    }
    why = [fact for fact in facts if fact["item"] == "why-wait"]
    assert [(fact["state"], fact["text"], fact["touchpoint"]) for fact in why] == [
        ("answered", "An hour.", "wait"),
        ("answered", "Two hours.", "wait"),
        ("not_shown", None, "wait"),
    ]


def test_at_one_touchpoint_its_pulse_is_one_tap(clinic: Clinic) -> None:
    survey = published(clinic, "touchpoint-pulse", touchpoint="pharmacy")
    assert list(survey.questionnaire.fields) == ["at-pharmacy", "why-pharmacy"]
    (row,) = rows("csat", answered(survey, [{"at-pharmacy": 5}, {"at-pharmacy": 1}]))
    assert (row.construct, row.value) == ("pharmacy", 50.0)


DIMENSION: Final = {item["id"]: item["construct"] for item in instrument("servqual").items if "construct" in item}
FELT: Final = {"tangibles": 6, "reliability": 3, "responsiveness": 4, "assurance": 5, "empathy": 7}
"""What is found in each dimension, on 1–7."""


def test_servqual_finds_the_gap_of_each_dimension(clinic: Clinic) -> None:
    survey = published(clinic, "servqual")

    def answer(field: str, person: int) -> int:
        item, _, role = field.partition(".")
        if item == "weights":
            return 60 if role == "reliability" else 10
        return 6 + person % 2 if role == "expectation" else min(7, FELT[DIMENSION[item]] + person % 3 - 1)

    facts = answered(survey, everybody(survey.questionnaire, 30, answer))
    expected = np.mean([6 + person % 2 for person in range(30)])
    found = {name: np.mean([min(7, felt + p % 3 - 1) for p in range(30)]) - expected for name, felt in FELT.items()}
    got = {row.dimension: row.value for row in rows("servqual", facts)}
    assert got == {
        name: pytest.approx(gap) for name, gap in {**found, "overall": np.mean(list(found.values()))}.items()
    }
    overall = next(row for row in rows("servqual", facts) if row.dimension == "overall")
    assert overall.importance_weighted == pytest.approx(sum(found.values()) / 10 + found["reliability"] / 2)
    fifth = {
        row.dimension: row.difference for row in rows("gaps", facts) if row.gap == "gap5" and row.value is not None
    }
    assert {name: fifth[name] for name in found} == {name: pytest.approx(gap) for name, gap in found.items()}


@pytest.mark.parametrize(("id", "side", "role"), [("servqual", ".perception", "perception"), ("servperf", "", "score")])
def test_the_statements_of_a_dimension_hold_together(clinic: Clinic, id: str, side: str, role: str) -> None:
    """Answers that rise and fall together have a high α, which is worked out here from its definition."""
    survey, rng = published(clinic, id), np.random.default_rng(7)
    items = [item.id for item in survey.questionnaire.survey.items if item.measures == "reliability"]
    mood = rng.integers(2, 7, 60)
    said = {f"{item}{side}": np.clip(mood + rng.integers(-1, 2, 60), 1, 7) for item in items}
    facts = answered(
        survey,
        everybody(
            survey.questionnaire,
            60,
            lambda name, p: int(said[name][p]) if name in said else 20 if "weights" in name else 4,
        ),
    )
    found = {(row.scale, row.role): row.value for row in rows("reliability", facts)}
    table = np.array(list(said.values()))
    alpha = 5 / 4 * (1 - table.var(axis=1, ddof=1).sum() / table.sum(axis=0).var(ddof=1))
    assert found["reliability", role] == pytest.approx(alpha)


def test_servperf_is_the_mean_of_each_statement(clinic: Clinic) -> None:
    survey = published(clinic, "servperf")
    facts = answered(survey, everybody(survey.questionnaire, 12, lambda field, person: 1 + (len(field) + person) % 7))
    got = {row.item or row.construct: row.value for row in rows("csat", facts, measure="mean")}
    assert got == {
        name: pytest.approx(np.mean([1 + (len(name) + person) % 7 for person in range(12)]))
        for name in survey.questionnaire.fields
    }


def test_the_zone_of_tolerance_says_where_between_just_enough_and_desired_the_service_is(clinic: Clinic) -> None:
    survey = published(clinic, "zone")
    levels = {"adequate": 4, "expectation": 8}

    def answer(field: str, person: int) -> int:
        item, _, role = field.partition(".")
        found = 3 if item == "zone-reliability" else 7
        return levels.get(role, found) + person % 2

    facts = answered(survey, everybody(survey.questionnaire, 20, answer))
    found = {row.dimension: (row.msa, row.mss, row.position) for row in rows("zone", facts)}
    above, below = (pytest.approx((3, -1, 0.75)), pytest.approx((-1, -5, -0.25)))
    assert found == {name: below if name == "reliability" else above for name in FELT}


def test_kano_names_the_class_of_each_feature(clinic: Clinic) -> None:
    survey = published(clinic, "kano")
    classes = {"live-number": (1, 3), "fair-order": (2, 5), "care-in-delay": (1, 5), "doctor-introduces": (3, 3)}

    def answer(field: str, person: int) -> int:
        item, _, role = field.partition(".")
        pair = classes.get(item.removeprefix("kano-"), (3, 3))
        return pair[role == "dysfunctional"]

    facts = answered(survey, everybody(survey.questionnaire, 25, answer))
    found = {row.construct: (row.category, row.n) for row in rows("kano", facts)}
    assert {name: found[name] for name in classes} == {
        "live-number": ("A", 25),
        "fair-order": ("M", 25),
        "care-in-delay": ("O", 25),
        "doctor-introduces": ("I", 25),
    }


@pytest.mark.parametrize(
    ("id", "matters", "done"),
    [("importance-performance", "ip-wait", "ip-register"), ("sustainability", "green-waste", "green-access")],
)
def test_importance_and_performance_put_each_into_its_quadrant(
    clinic: Clinic, id: str, matters: str, done: str
) -> None:
    """One thing matters and is done badly, another does not matter and is done well, the rest lies between."""
    survey = published(clinic, id)

    def answer(field: str, person: int) -> float | str:
        item, _, role = field.partition(".")
        high, low = 6 + person % 2, 1 + person % 2
        if item not in (matters, done):
            return 4 if role else "Plant trees."
        return high if (role == "importance") == (item == matters) else low

    facts = answered(survey, everybody(survey.questionnaire, 20, answer))
    found = {row.construct: (row.importance, row.performance, row.quadrant) for row in rows("importance", facts)}
    construct = {item.id: item.measures for item in survey.questionnaire.survey.items}
    assert found[construct[matters]] == (6.5, 1.5, "concentrate_here")
    assert found[construct[done]] == (1.5, 6.5, "possible_overkill")


def test_expectation_value_and_rivals(clinic: Clinic) -> None:
    survey = published(clinic, "expectation-value")

    def person(at: int) -> Said:
        ours = at % 2 == 0
        return {
            "provider": "us" if ours else "other",
            "expected.expectation": 8, "expected.perception": 6 if at % 3 else 7,
            "product": 8 if ours else 5, "service": 7 + at % 3, "process": (5 if ours else 8) + at % 2,
            "price": 300 + at, "worth": 6 if ours else 3,
        }  # fmt: skip

    facts = answered(survey, [person(at) for at in range(60)])
    (row,) = rows("value", facts)
    assert (row.construct, row.value, row.n) == ("whole", pytest.approx(np.mean([6, 6, 7]) / 8), 60)
    best = {(row.construct, row.rival): row.value for row in rows("highest", facts, rivals="provider")}
    assert (best["product", "us"], best["process", "other"], best["worth", "us"]) == (1.0, 1.0, 1.0)
    assert best["service", "us"] == pytest.approx(0.5, abs=0.02)
    (worth,) = rows("csat", facts, measure="mean", construct="worth", where={"provider": "us"})
    assert worth.value == 6.0


def test_what_is_remembered_goes_with_peak_and_end_as_they_were_planted(clinic: Clinic) -> None:
    survey = published(clinic, "remembered")
    moments = [name for name in survey.questionnaire.fields if name.startswith("moment-")]
    rng = np.random.default_rng(11)
    felt = rng.integers(1, 8, (60, len(moments)))
    remembered = np.clip(np.round((felt.max(axis=1) + felt[:, -1]) / 2 + rng.normal(0, 0.7, 60)), 1, 7)
    people: list[Said] = [
        {**dict(zip(moments, map(float, felt[p]), strict=True)), "remembered": float(remembered[p])} for p in range(60)
    ]
    found = {row.about: row for row in rows("peak_end", answered(survey, people))}
    peak_end = (felt.max(axis=1) + felt[:, -1]) / 2
    assert found["peak_end"].value == pytest.approx(np.corrcoef(peak_end, remembered)[0, 1])
    assert found["mean"].value == pytest.approx(np.corrcoef(felt.mean(axis=1), remembered)[0, 1])
    assert (found["peak_end"].n, found["peak_end"].verdict) == (60, "peak_end")


def test_loyalty_is_three_figures_that_are_not_added_up(clinic: Clinic) -> None:
    survey = published(clinic, "loyalty")
    people: list[Said] = [
        {
            "return": 7 if at < 15 else 3,
            "recommend": 10 if at < 10 else 5,
            "pay-more": 6 if at < 5 else 2,
            "first-choice": 4,
        }
        for at in range(20)
    ]
    facts = answered(survey, people)
    assert {row.construct: row.value for row in rows("csat", facts)} == {
        "would-return": 75.0,
        "would-pay-more": 25.0,
        "first-choice": 0.0,
    }
    assert [row.value for row in rows("nps", facts)] == [0.0]


def test_too_much_attention_is_found_with_its_direction(clinic: Clinic) -> None:
    survey = published(clinic, "too-much")
    people: list[Said] = [
        *[{"amount": 5, "alone": None, "messages": "right"}] * 6,
        *[{"amount": 2, "which-way": "too-much", "alone": 1, "messages": "too-many", "disturbed": "Four calls."}] * 3,
        {"amount": 3, "which-way": "too-little", "alone": 5, "messages": "none"},
    ]
    facts = answered(survey, people)
    assert {row.construct: (row.value, row.n) for row in rows("csat", facts)} == {
        "right-amount": (60.0, 10),
        "left-alone": (25.0, 4),
    }
    ways = [fact["text"] for fact in facts if fact["item"] == "which-way" and fact["state"] == "answered"]
    assert (ways.count("too-much"), ways.count("too-little")) == (3, 1)


def test_the_lens_that_decides_is_found(clinic: Clinic) -> None:
    survey = published(clinic, "lenses")
    rng = np.random.default_rng(3)
    effort, time, care = (rng.integers(1, 8, 200) for _ in range(3))
    overall = np.clip(np.round(0.15 * effort + 0.7 * time + 0.15 * care), 1, 7)
    people: list[Said] = [
        {
            "overall": float(overall[p]),
            "effort": float(effort[p]),
            "time": float(time[p]),
            "care": float(care[p]),
            "most": "time",
        }
        for p in range(200)
    ]
    facts = answered(survey, people)
    drivers = rows("drivers", facts, **instrument("lenses").reading["drivers"])
    x, y = np.column_stack([np.ones(200), effort, time, care]), overall
    left = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    assert drivers[0].driver == "spared-time"
    assert sum(row.value for row in drivers) == pytest.approx(1 - left.var() / y.var())
    means = {row.construct: row.value for row in rows("csat", facts, measure="mean")}
    assert means["cared-for"] == pytest.approx(care.mean())


def test_an_interview_is_noted_down_and_ends_where_consent_is_refused(clinic: Clinic) -> None:
    survey = published(clinic, "interview-guide")
    moments = [name for name in survey.questionnaire.fields if name.startswith("felt-")]
    told: dict[str, float | str | None] = {"consent": "yes", "last-time": "My mother fell."}
    told |= {name: float(at + 1) for at, name in enumerate(moments)} | {f"told-{moments[0][5:]}": "We waited."}
    facts = answered(survey, [told, {"consent": "no"}])
    assert {row.construct: row.n for row in rows("csat", facts)} == {name[5:]: 1 for name in moments}
    states = {
        fact["state"] for fact in facts if fact["response"] == facts[-1]["response"] and fact["item"] != "consent"
    }
    assert states == {"not_shown"}


# --- all of them ------------------------------------------------------------------------------------------------------

CUSTOMERS: Final = [id for id in IDS if instrument(id).respondents == "customer"]


def some_answer(survey: PublishedSurvey, rng: np.random.Generator) -> Answering:
    """Any answer that the page would take."""
    fields = survey.questionnaire.fields

    def answer(name: str, person: int) -> float | str:
        field = fields[name]
        if field.kind == "points":
            return 20
        if field.options:
            return field.options[person % len(field.options)]
        return (
            "Words."
            if field.low is None and field.role != "price"
            else int(rng.integers(field.low or 1, (field.high or 9) + 1))
        )

    return answer


@pytest.mark.parametrize("id", CUSTOMERS)
def test_each_method_that_an_instrument_names_reads_it(clinic: Clinic, id: str) -> None:
    survey = published(clinic, id)
    facts = answered(survey, everybody(survey.questionnaire, 60, some_answer(survey, np.random.default_rng(1))))
    one = instrument(id)
    values = {
        method: [row.value for row in rows(method, facts, **one.reading.get(method, {}))] for method in one.methods
    }
    assert {method: found for method, found in values.items() if not any(value is not None for value in found)} == {}
    assert {fact["survey"] for fact in facts} == {survey.item}


def test_the_pulse_of_three_takes_one_tap_that_is_needed(clinic: Clinic) -> None:
    asked = published(clinic, "pulse").questionnaire
    assert [(item.id, item.required) for item in asked.survey.items] == [
        ("today", True),
        ("why", False),
        ("better", False),
    ]
