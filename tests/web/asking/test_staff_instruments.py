"""What managers, staff, auditors, coaches and a workshop are asked, from the instrument's file to its figure: each
figure is what was said, worked out here once more.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
import pytest

from peakend.field.five_gaps import GAPS
from peakend.instruments import IDS, instrument
from peakend.methods import BY_ID
from peakend.methods.agreement import coded_units
from peakend.methods.gaps import antecedents
from peakend.methods.screening import rated_concepts
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place
from peakend_web.models import Survey
from tests.web.asking.hospital import surveys_out
from tests.web.asking.test_instruments import Facts, answered, everybody, published, rows, some_answer
from tests.web.conftest import Clinic

STAFF: Final = [id for id in IDS if instrument(id).respondents != "customer"]


def kappa(one: list[int], two: list[int], points: int) -> float:
    """Cohen's κ with quadratic weights, from its definition."""
    apart = (np.arange(points)[:, None] - np.arange(points)) ** 2
    table = np.zeros((points, points))
    for a, b in zip(one, two, strict=True):
        table[a - 1, b - 1] += 1
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(1 - (apart * table).sum() / (apart * chance).sum())


def in_wave(facts: Facts, wave: str) -> Facts:
    """The same as it is when the survey is out again for another round, or in another session."""
    return [
        fact | {"wave": wave, "site": wave} | {name: f"{fact[name]} {wave}" for name in ("response", "source_key")}
        for fact in facts
    ]


@pytest.mark.parametrize("id", ["antecedents-managers", "antecedents-frontline"])
def test_every_antecedent_is_asked_of_those_it_is_about_and_read_from_its_good_end(clinic: Clinic, id: str) -> None:
    survey, rng = published(clinic, id), np.random.default_rng(4)
    said = {name: rng.integers(1, 8, 12) for name in survey.questionnaire.fields}
    facts = answered(survey, everybody(survey.questionnaire, 12, lambda name, person: int(said[name][person])))
    asked: dict[str, list[str]] = {}
    for field in survey.questionnaire.fields.values():
        asked.setdefault(field.construct, []).append(field.name)
    gaps_of = {"manager": ("gap1", "gap2"), "frontline": ("gap3", "gap4")}[instrument(id).respondents]
    assert list(asked) == [name for gap in gaps_of for name in antecedents.OF_GAP[gap]]
    level = {name: float(np.mean([said[field] for field in fields])) for name, fields in asked.items()}
    bad = {name: (x - 1 if name in antecedents.LOW_IS_GOOD else 7 - x) / 6 for name, x in level.items()}
    found = rows("gaps", facts, **instrument(id).reading["gaps"])
    assert {row.dimension: row.value for row in found} == {name: pytest.approx(value) for name, value in bad.items()}
    assert {row.respondents for row in found} == {instrument(id).respondents}


def test_as_many_statements_stand_behind_each_gap_as_were_published() -> None:
    items = [item for id in STAFF if id.startswith("antecedents") for item in instrument(id).items]
    counts = Counter(row["construct"] for item in items for row in item["rows"])
    assert [[counts[name] for name in antecedents.OF_GAP[gap]] for gap in GAPS[:4]] == [
        [4, 4, 1],
        [4, 2, 2, 3],
        [5, 2, 1, 4, 3, 4, 5],
        [4, 2],
    ]


def test_managers_are_asked_on_the_customers_own_statements_and_scale() -> None:
    belief = instrument("gap1-managers").items
    pairs = [item for item in instrument("servqual").items if item["kind"] == "servqual"]
    assert [(item["id"], item["construct"], item["wording"], item["scale"]) for item in belief] == [
        (item["id"], item["construct"], item["expectation"], item["scale"]) for item in pairs
    ]


VIEWS: Final = ("visit", "coach", "self")
BEHAVIOURS: Final = ("welcome", "listen", "respond", "resolve", "follow_up")


def test_a_visitor_a_supervisor_and_staff_see_the_same_behaviours_and_differ_where_they_do(clinic: Clinic) -> None:
    """Wu's people think more of their listening than those who watch them."""
    out = surveys_out(clinic, [f"five-behaviours-{view}" for view in VIEWS])
    surveys = {view: survey_cache.find(out[f"five-behaviours-{view}"].token) for view in VIEWS}
    fields = {
        view: [name for name, field in one.questionnaire.fields.items() if field.steps] for view, one in surveys.items()
    }
    assert fields["visit"] == fields["coach"] == fields["self"]
    behaviour = {field.name: field.construct for field in surveys["self"].questionnaire.fields.values()}
    assert {behaviour[name] for name in fields["self"]} == set(BEHAVIOURS)

    def said(view: str, name: str, person: int) -> int:
        flattered = view == "self" and behaviour[name] == "listen"
        return 5 if flattered else 2 + BEHAVIOURS.index(behaviour[name]) % 3 + (person + (view == "coach")) % 2

    facts = {
        view: answered(one, [{name: said(view, name, person) for name in fields[view]} for person in range(12)])
        for view, one in surveys.items()
    }
    for view, kind in (("visit", "auditor"), ("coach", "coach"), ("self", "frontline")):
        found = {
            (row.item, row.construct): row.value
            for row in rows("csat", facts[view], measure="mean", where={"respondent_kind": kind})
        }
        assert found == {
            (name, behaviour[name]): pytest.approx(np.mean([said(view, name, person) for person in range(12)]))
            for name in fields[view]
        }
    one, two = ([said(view, name, 0) for name in fields[view]] for view in ("visit", "coach"))
    first = [fact for view in ("visit", "coach") for fact in facts[view][: len(fields[view])]]
    (row,) = BY_ID["agreement"].run(coded_units(first), weighting="quadratic")
    assert (row.value, row.n) == (pytest.approx(kappa(one, two, 5)), len(one))


def test_what_is_missing_of_the_evidence_is_found_by_touchpoint_and_sense(clinic: Clinic) -> None:
    survey = published(clinic, "five-senses")
    fields = [field for field in survey.questionnaire.fields.values() if field.steps]
    people = [
        {field.name: 1 if (field.touchpoint, field.construct) == ("wait", "taste") else 4 for field in fields}
    ] * 10
    found = {
        (row.group["touchpoint"], row.construct): row.value
        for row in rows(
            "csat", answered(survey, people), by="touchpoint", measure="mean", where={"respondent_kind": "auditor"}
        )
    }
    assert set(found) == {(field.touchpoint, field.construct) for field in fields}
    assert [place for place, value in found.items() if value < 4] == [("wait", "taste")]


def test_a_nurse_and_her_manager_are_set_side_by_side_by_the_code_they_agreed_on(clinic: Clinic) -> None:
    """Each names the level by what one would see; the page shows these words, the facts hold the level."""
    rng, pairs = np.random.default_rng(8), [f"tulip {at}" for at in range(20)]
    out = surveys_out(clinic, ["ability-levels-self", "ability-levels-manager"])
    surveys = {view: survey_cache.find(out[f"ability-levels-{view}"].token) for view in ("self", "manager")}
    skills = [name for name, field in surveys["self"].questionnaire.fields.items() if field.steps]
    assert skills == ["receiving", "listening", "telling-the-delay", "plain-words", "asking-after"]
    own = rng.integers(1, 6, (20, 5))
    seen = np.clip(own - rng.integers(0, 2, (20, 5)), 1, 5)
    facts: Facts = []
    for view, levels in (("self", own), ("manager", seen)):
        people = [
            {"pair-code": pair, **dict(zip(skills, map(int, levels[at]), strict=True))} for at, pair in enumerate(pairs)
        ]
        facts += answered(surveys[view], people)
    table = coded_units(facts, pair="pair-code")
    (row,) = BY_ID["agreement"].run(table, weighting="quadratic", order=("1", "2", "3", "4", "5"))
    assert (row.value, row.n) == (pytest.approx(kappa(seen.ravel().tolist(), own.ravel().tolist(), 5)), 100)


@pytest.mark.parametrize("id", ["sqm", "memorable-service", "ability-layers"])
def test_a_self_assessment_is_read_again_after_half_a_year(clinic: Clinic, id: str) -> None:
    """All rise by one where the first block is concerned, and nowhere else."""
    survey = published(clinic, id)
    fields = [field for field in survey.questionnaire.fields.values() if field.steps]
    first = fields[0].construct

    def scores(risen: int) -> Facts:
        people = [
            {field.name: 2 + (person % 2) + risen * (field.construct == first) for field in fields}
            for person in range(15)
        ]
        return answered(survey, people)

    facts = [*in_wave(scores(0), "2026-H1"), *in_wave(scores(1), "2026-H2")]
    found = {row.construct: row.value for row in rows("verify", facts, **instrument(id).reading["verify"])}
    assert found == {field.construct: pytest.approx(float(field.construct == first)) for field in fields}


def test_two_managers_who_assess_apart_are_compared_before_they_discuss(clinic: Clinic) -> None:
    survey, rng = published(clinic, "sqm"), np.random.default_rng(9)
    wu, lin = rng.integers(1, 6, 28), rng.integers(1, 6, 28)
    lin[:20] = wu[:20]
    people = [dict(zip(survey.questionnaire.fields, map(int, each), strict=True)) for each in (wu, lin)]
    facts = answered(survey, people)
    (row,) = BY_ID["agreement"].run(coded_units(facts, coder="response"), weighting="quadratic")
    assert (row.value, row.n) == (pytest.approx(kappa(lin.tolist(), wu.tolist(), 5)), 28)


def test_the_vote_puts_first_what_is_wanted_feasible_and_worth_it(clinic: Clinic) -> None:
    survey = published(clinic, "concept-vote")

    def vote(name: str, person: int) -> int:
        return 5 if name.endswith("-written-plan") else 2 + (len(name) + person) % 3

    facts = answered(survey, everybody(survey.questionnaire, 9, vote))
    found = {row.concept: row.value for row in BY_ID["screening"].run(rated_concepts(facts))}
    concepts = {fact["construct"] for fact in facts}
    assert found == {
        concept: pytest.approx(
            np.mean(
                [vote(f"{criterion}-{concept}", p) for criterion in ("wanted", "feasible", "worth") for p in range(9)]
            )
        )
        for concept in concepts
    }
    assert next(iter(found)) == "written-plan"


def test_two_sessions_of_a_focus_group_put_the_same_list_in_order_and_are_set_side_by_side(clinic: Clinic) -> None:
    """In the second session everybody puts the written plan first: its places there are lower in most pairs."""
    survey = published(clinic, "focus-group-ranking")
    names = [name for name, field in survey.questionnaire.fields.items() if field.option]
    plan = "order.written-plan"

    def order(session: int, person: int) -> list[str]:
        turned = [*names[person:], *names[:person]]
        return [plan, *(name for name in turned if name != plan)][:5] if session else turned[:5]

    facts: Facts = []
    for session in (0, 1):
        people = [{name: at for at, name in enumerate(order(session, person), 1)} for person in range(10)]
        facts += in_wave(answered(survey, people), f"session {session}")
    reading = instrument(survey.item).reading["ridit"]
    found = {row.level: (row.value, row.n) for row in rows("ridit", facts, **reading) if row.construct == plan}
    places = [[order(s, p).index(plan) + 1 for p in range(10) if plan in order(s, p)] for s in (0, 1)]
    pooled = np.array([place for own in places for place in own], dtype=float)
    ridits = [float(np.mean([(pooled < x).mean() + (pooled == x).mean() / 2 for x in own])) for own in places]
    assert found == {f"session {s}": (pytest.approx(ridits[s]), len(places[s])) for s in (0, 1)}
    assert ridits[1] < 0.5 < ridits[0]


def test_a_note_from_a_phone_is_pinned_where_its_code_hangs(clinic: Clinic) -> None:
    survey = published(clinic, "workshop-tray")
    place = add_place(actor=clinic.wu, survey=Survey.objects.get(), label="On the wall: wait", touchpoint="wait")
    assert place.touchpoint == "wait"
    notes = {"where": "wait", "idea": "A tea trolley.", "fear": "It blocks the way.", "quote": "Have you forgotten me?"}
    facts = answered(survey, [notes])
    assert {fact["item"]: fact["text"] for fact in facts} == notes


OF_ITS_OWN: Final = {"gap1-managers", "gap3-audit", "focus-group-ranking"}
"""What is read only beside what customers say (`test_five_gaps.py` asks all sides), or takes no answer by chance."""


@pytest.mark.parametrize("id", [id for id in STAFF if id not in OF_ITS_OWN])
def test_each_method_that_reads_answers_reads_what_others_than_customers_say(clinic: Clinic, id: str) -> None:
    survey, one, rng = published(clinic, id), instrument(id), np.random.default_rng(2)
    facts: Facts = []
    for wave in ("2026-H1", "2026-H2"):
        own = answered(survey, everybody(survey.questionnaire, 15, some_answer(survey, rng)))
        facts += in_wave(own, wave)
    assert {fact["respondent_kind"] for fact in facts} == {one.respondents}
    answers = [method for method in one.methods if BY_ID[method].reads == "answers" and method != "tracing"]
    asked = {method: one.reading.get(method, {}) for method in answers}
    assert {
        method: [row.refused for row in rows(method, facts, **options) if row.refused]
        for method, options in asked.items()
        if not any(row.value is not None for row in rows(method, facts, **options))
    } == {}
