"""Several looks at one method, and answers of others than customers: what managers, staff and auditors say has its
place on the pages too.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from peakend.methods import gaps
from peakend.result import Results
from peakend_web.store import least_sizes
from tests.web.answers import deliver, rate
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, read

GAPS = HOME + "methods/gaps/"


def told(kind: str, role: str, scores: list[int], construct: str = "empathy") -> list[dict[str, Any]]:
    """One answer a person, on seven points; customers' two sides stand in one response each."""
    own = {"respondent_kind": kind, "role": role, "construct": construct, "item": construct, "low": 1.0, "high": 7.0}
    return [{**own, "value": float(score), "response": f"{kind} {at}"} for at, score in enumerate(scores)]


@pytest.fixture
def five_sided(clinic: Clinic) -> Clinic:
    """Empathy at Harbour Clinic: customers expect 6 and find 4; what goes wrong is that standards are not kept."""
    deliver(
        clinic.service,
        [
            *told("customer", "expectation", [6, 5, 7, 6] * 10),
            *told("customer", "perception", [4, 3, 5, 4] * 10),
            *told("manager", "belief", [6, 7, 6, 5] * 3),
            *told("manager", "standard", [6, 6, 5, 6] * 3),
            *told("frontline", "delivered", [3, 4, 4, 5] * 8),
            *told("frontline", "promised", [6, 5, 6, 6] * 8),
            *told("auditor", "delivered", [4, 4, 3, 4] * 3),
            *told("frontline", "score", [6, 5, 7, 6] * 8, construct="role_conflict"),
        ],
    )
    return clinic


def test_mei_takes_gap_5_apart_and_looks_behind_the_others(five_sided: Clinic) -> None:
    client = browser_of(five_sided.mei)
    looks = re.findall(
        r'<a class="chip" href="([^"]*)"( aria-current="true")?>([^<]*)</a>', client.get(GAPS).content.decode()
    )
    assert looks == [
        (GAPS, ' aria-current="true"', "The five gaps"),
        (GAPS + "?view=audit", "", "Where gap 5 arises"),
        (GAPS + "?view=antecedents", "", "What lies behind gaps 1 to 4"),
    ]
    audit = {row["gap"]: row["difference"] for row in json.loads(client.get(GAPS[:-1] + ".json?view=audit").content)}
    assert list(audit) == ["gap1", "gap2", "gap3", "perception_error", "gap5"]
    assert audit["gap5"] == pytest.approx(-2.0)
    assert sum(audit.values()) - audit["gap5"] == pytest.approx(audit["gap5"])
    assert min(audit, key=lambda gap: audit[gap] if gap != "gap5" else 0) == "gap3"
    behind = read(client, GAPS + "?view=antecedents")
    assert "Role conflict · gap 3 (delivery): rated 6.00, where the lowest is best" in behind
    assert "audit=True" in read(client, GAPS + "?view=audit")


def test_a_look_that_nobody_offers_is_the_usual_one(five_sided: Clinic) -> None:
    client = browser_of(five_sided.mei)
    assert [read(client, GAPS + f"?view={wish}").partition("How it was computed")[0] for wish in ("nonsense", "")] == [
        read(client, GAPS).partition("How it was computed")[0]
    ] * 2


def test_of_the_answers_of_others_than_customers_the_page_says_what_the_methods_say(clinic: Clinic) -> None:
    deliver(clinic.service, rate("wait", 5, 40, respondent_kind="auditor"))
    deliver(clinic.service, rate("wait", 2, 40))
    client = browser_of(clinic.mei)
    means = {
        query: [row["value"] for row in json.loads(client.get(HOME + f"methods/csat.json{query}").content)]
        for query in ("", "?respondent_kind=auditor", "?respondent_kind=coach")
    }
    assert means == {"": [2.0], "?respondent_kind=auditor": [5.0], "?respondent_kind=coach": []}
    assert "kind of respondent: auditor" in read(client, HOME + "methods/csat/?respondent_kind=auditor")


def test_a_gap_between_many_and_few_stands_on_the_few() -> None:
    few = gaps.knowledge([5.0] * 4 + [6.0] * 4, [6.0, 7.0] * 60, scale=(1.0, 7.0))
    (row,) = least_sizes.withhold(Results(gaps.METHOD, (few,)), 5)
    assert (row.n, row.value, row.refused and row.refused.id) == (8, None, "least.n")
    turned = gaps.knowledge([6.0, 7.0] * 60, [5.0] * 4 + [6.0] * 4, scale=(1.0, 7.0))
    assert least_sizes.is_pale(turned)
