"""The five gaps of one clinic from its own instruments: asked, answered, computed, drawn, traced to where they begin.

Harbour Clinic has six departments. In its managers' heads, in its standards and in what it promises they are alike; in
what is delivered they are not, and customers feel that. Nobody tells the methods so: they have to find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pytest
from scipy import stats

from peakend.facts import Facts
from peakend.field.five_gaps import GAPS
from peakend.instruments import instrument
from peakend.methods import BY_ID
from peakend.terms import LANGUAGES
from peakend_web.asking.actions import add_place
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.render_tokens import make_token
from peakend_web.models import Site, Survey
from peakend_web.store import door, writer
from tests.web.asking.hospital import surveys_out
from tests.web.conftest import Clinic, browser_of
from tests.web.surveys import said, send

SLACK: Final = {"medicine": 0.0, "eyes": 0.5, "skin": 1.0, "bones": 1.5, "ears": 2.0, "children": 2.5}
"""By how many points of seven each department falls behind its standards."""
DIMENSIONS: Final = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
FELT: Final = (0.3, 1.0, 1.2, 0.5, 0.4)
"""How much of it shows in each dimension."""
ASKED: Final = {
    "servqual": 120,
    "gap1-managers": 12,
    "antecedents-managers": 12,
    "gap2-standards": 12,
    "gap3-delivery": 40,
    "gap4-promises": 40,
    "antecedents-frontline": 40,
    "gap3-audit": 18,
}
"""How many answer each: 120 customers, 12 managers, 40 of the staff, and 6 auditors on three visits each."""
LEVELS: Final = {"expectation": 6.4, "belief": 6.2, "standard": 6.0, "promised": 5.2}
"""Where those levels lie that are alike everywhere."""
BEHIND: Final = {"role_conflict": 5.8, "teamwork": 6.0}
"""What the answers behind the gaps say where it is not the middle: staff stand by each other, and are torn."""
Table = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Answered:
    """The clinic after everybody has answered, and by role what each person said of each dimension on average."""

    clinic: Clinic
    facts: Facts
    levels: Mapping[tuple[str, str], Table]
    sites: Mapping[str, list[str]]
    pages: str

    def mean(self, role: str, kind: str) -> Table:
        """The mean of each dimension."""
        return np.asarray(self.levels[role, kind].mean(axis=0))

    def at(self, site: str, role: str, kind: str) -> Table:
        """The same at one department."""
        here = [place == site for place in self.sites[kind]]
        return np.asarray(self.levels[role, kind][here].mean(axis=0))


def level(role: str, dimension: str, site: str) -> float:
    """What is true of a role, a dimension and a department."""
    if role in LEVELS:
        return LEVELS[role]
    return 6.0 - SLACK[site] * FELT[DIMENSIONS.index(dimension)] - (0.2 if role == "perception" else 0.0)


def answers_of(survey: Survey, site: str, rng: np.random.Generator) -> Iterator[tuple[Any, int]]:
    """What one person says: about the truth, and some of them a point above or below it."""
    for item in instrument(survey.item).items:
        for field, construct, role in fields_of(item):
            about = level(role, construct, site) if construct in DIMENSIONS else BEHIND.get(construct, 4.0)
            yield (field, role, construct), int(np.clip(np.round(about + rng.normal(0, 0.7)), 1, 7))


def fields_of(item: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The fields of an item that take a step of a scale, with what each measures and in which role."""
    if item["kind"] == "servqual":
        return [(f"{item['id']}.{role}", item["construct"], role) for role in ("expectation", "perception")]
    if item["kind"] == "matrix":
        return [(f"{item['id']}.{row['id']}", row["construct"], "score") for row in item["rows"]]
    return [(item["id"], item["construct"], item["role"])] if item["kind"] == "rating" else []


@pytest.fixture
def answered(clinic: Clinic) -> Iterator[Answered]:
    rng = np.random.default_rng(2026)
    sites = [{"id": site, "title": {"en": site.title(), "zh-Hant": site, "zh-Hans": site}} for site in SLACK]
    for site in SLACK:
        Site.objects.create(workspace=clinic.workspace, key=site, name=site.title())
    surveys = surveys_out(clinic, list(ASKED), sites=sites)
    said_by: dict[tuple[str, str], list[list[float]]] = {}
    where: dict[str, list[str]] = {}
    for id, many in ASKED.items():
        survey, kind = surveys[id], instrument(id).respondents
        places = {site: add_place(actor=clinic.wu, survey=survey, label=site, site=site).code for site in SLACK}
        where[kind] = [list(SLACK)[at % len(SLACK)] for at in range(many)]
        for at, site in enumerate(where[kind]):
            given = list(answers_of(survey, site, rng))
            sent = [said(field, value) for (field, _role, _construct), value in given]
            name, opened = f"{id}-person-{at}", now_us() - (1 + at) * MINUTE_US
            token = make_token(survey.pk, places[site], name, opened)
            status, reply = send(
                survey, *sent, key=f"key of {name}", response=name, place=places[site], token=token, done=True
            )
            assert (status, reply["done"]) == (200, True), reply
            for role in dict.fromkeys(role for (_field, role, construct), _value in given if construct in DIMENSIONS):
                said_by.setdefault((role, kind), []).append(means_of(role, given))
    service = surveys["servqual"].service
    yield Answered(
        clinic,
        door.facts(clinic.olivia, service),
        {side: np.array(people) for side, people in said_by.items()},
        where,
        f"/w/harbour/{service.slug}/methods/",
    )
    writer.close()


def means_of(role: str, given: Sequence[tuple[Any, int]]) -> list[float]:
    """The mean of what one person said in a role about each dimension."""
    return [float(np.mean([v for (_f, own, about), v in given if (own, about) == (role, name)])) for name in DIMENSIONS]


AUDIT: Final = ("gap1", "gap2", "gap3", "perception_error")
"""What gap 5 is taken apart into: P − E = (B − E) + (S − B) + (D − S) + (P − D)."""


def gaps_by_hand(answered: Answered) -> dict[tuple[str, str], float]:
    """Every gap of every dimension as a share of the scale."""
    expectation = answered.mean("expectation", "customer")
    short = {
        "gap1": expectation - answered.mean("belief", "manager"),
        "gap2": 7 - answered.mean("standard", "manager"),
        "gap3": 7 - answered.mean("delivered", "frontline"),
        "gap4": 7 - answered.mean("promised", "frontline"),
        "gap5": expectation - answered.mean("perception", "customer"),
    }
    return {(gap, name): short[gap][at] / 6 for gap in GAPS for at, name in enumerate(DIMENSIONS)}


def audit_by_hand(answered: Answered) -> dict[tuple[str, str], float]:
    """Every term of the audit of every dimension, in points."""
    whose = {"expectation": "customer", "belief": "manager", "standard": "manager", "delivered": "auditor"}
    chain = [answered.mean(role, kind) for role, kind in (*whose.items(), ("perception", "customer"))]
    steps = dict(zip(AUDIT, np.diff(chain, axis=0), strict=True))
    return {(gap, name): steps[gap][at] for gap in AUDIT for at, name in enumerate(DIMENSIONS)}


def ranks_by_hand(answered: Answered) -> dict[str, float]:
    """How the shortfalls of gaps 1 to 4 go with that of gap 5 over the departments: Spearman's ρ by scipy."""

    def short(site: str) -> list[float]:
        expectation = answered.at(site, "expectation", "customer")
        levels = [
            expectation - answered.at(site, "belief", "manager"),
            7 - answered.at(site, "standard", "manager"),
            7 - answered.at(site, "delivered", "frontline"),
            7 - answered.at(site, "promised", "frontline"),
            expectation - answered.at(site, "perception", "customer"),
        ]
        return [round(float(each.mean()), 9) for each in levels]

    *causes, fifth = np.array([short(site) for site in SLACK]).T
    return {gap: float(stats.spearmanr(own, fifth).statistic) for gap, own in zip(GAPS, causes, strict=False)}


def test_the_gaps_are_those_that_were_answered_and_begin_where_the_trouble_was_planted(answered: Answered) -> None:
    run = {
        name: BY_ID["gaps"].run(answered.facts, **options)
        for name, options in (("five", {}), ("audit", {"audit": True}))
    }
    found = {(row.gap, row.dimension): row for row in run["five"]}
    assert {key: row.value for key, row in found.items()} == {
        key: pytest.approx(value) for key, value in gaps_by_hand(answered).items()
    }
    one, two = answered.levels["belief", "manager"][:, 2], answered.levels["expectation", "customer"][:, 2]
    ends, knowledge = (
        stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95),
        found["gap1", "responsiveness"],
    )
    assert (knowledge.n, knowledge.n_against) == (12, 120)
    assert knowledge.difference_interval == pytest.approx((ends.low, ends.high))

    terms = {(row.gap, row.dimension): row.difference for row in run["audit"] if row.gap in AUDIT}
    assert terms == {key: pytest.approx(value) for key, value in audit_by_hand(answered).items()}
    assert max(DIMENSIONS, key=lambda name: found["gap5", name].value) == "responsiveness"
    assert min(AUDIT, key=lambda gap: terms[gap, "responsiveness"]) == "gap3"

    traced = {row.gap: row for row in BY_ID["tracing"].run(answered.facts)}
    assert {gap: row.value for gap, row in traced.items()} == {
        gap: pytest.approx(rank) for gap, rank in ranks_by_hand(answered).items()
    }
    assert max(traced, key=lambda gap: traced[gap].value) == "gap3"
    assert (traced["gap3"].n, traced["gap3"].measure, traced["gap3"].value > 0.9) == (6, "rank", True)


def test_mei_reads_and_draws_the_same_on_the_pages_and_finds_what_lies_behind(answered: Answered) -> None:
    client = browser_of(answered.clinic.mei)
    looks: dict[str, dict[str, Any]] = {
        "": {},
        "?view=audit": {"audit": True},
        "?view=antecedents": {"antecedents": True},
    }
    for query, options in looks.items():
        page = json.loads(client.get(f"{answered.pages}gaps.json{query}").content)
        assert [(row["gap"], row["dimension"], row["value"]) for row in page] == [
            (row.gap, row.dimension, pytest.approx(row.value)) for row in BY_ID["gaps"].run(answered.facts, **options)
        ]
        for lang in LANGUAGES:
            drawn = client.get(f"{answered.pages}gaps.png{query}", headers={"accept-language": lang})
            assert drawn.content.startswith(b"\x89PNG")
    traced = json.loads(client.get(f"{answered.pages}tracing.json").content)
    assert max(traced, key=lambda row: row["value"])["gap"] == "gap3"
    behind = client.get(f"{answered.pages}gaps/?view=antecedents").content.decode()
    assert "Role conflict" in behind.partition('class="lead-sentence')[2].partition("</p>")[0]
