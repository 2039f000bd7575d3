"""Survey weights on pages: a workspace decides which figure leads, the other stands beside it, and where there is none
it is said.
"""

from __future__ import annotations

import csv
import io

import pytest

from peakend_web.models import ApiKey, Workspace
from peakend_web.people.actions import keys
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, read

ABOUT = {"name": "Harbour Clinic", "timezone": "Asia/Taipei", "least_cell": "5"}


@pytest.fixture
def weighed(clinic: Clinic) -> Clinic:
    """Older patients, who like the clinic less, answered half as often as they come: each of them stands for two."""
    deliver(clinic.service, [*recommend(10, 60, weight=1.0), *recommend(3, 40, weight=2.0)])
    return clinic


def lead_with_weights(clinic: Clinic, *, on: bool) -> None:
    browser_of(clinic.olivia).post("/w/harbour/settings/", {**ABOUT, **({"weighted": "on"} if on else {})})
    assert Workspace.objects.get(slug="harbour").weighted is on


def test_without_a_decision_the_unweighted_figure_leads_and_the_weighted_stands_beside(weighed: Clinic) -> None:
    said = read(browser_of(weighed.mei), HOME)
    assert said.index("20.0") < said.index("100 answers · weighted −14.3")
    assert "Of every 100 who answered, 60 would recommend us and 40 would not." in said


def test_a_workspace_that_leads_with_weights_shows_them_first_and_the_unweighted_beside(weighed: Clinic) -> None:
    lead_with_weights(weighed, on=True)
    mei = browser_of(weighed.mei)
    said = read(mei, HOME)
    assert said.index("−14.3") < said.index("100 answers · with survey weights; unweighted 20.0")
    assert "Of every 100, counted with survey weights, 43 would recommend us and 57 would not." in said
    finding = read(mei, HOME + "methods/nps/")
    assert finding.index("Net promoter score, with survey weights: −14.3 (") < finding.index(
        "Without weights: Net promoter score 20.0 ("
    )
    lead_with_weights(weighed, on=False)
    finding = read(mei, HOME + "methods/nps/")
    assert finding.index("Net promoter score 20.0 (") < finding.index("With survey weights: −14.3 (")


@pytest.mark.parametrize("weighted", [True, False])
def test_the_page_the_json_and_the_csv_lead_with_the_same_figure(weighed: Clinic, weighted: bool) -> None:
    lead_with_weights(weighed, on=weighted)
    mei = browser_of(weighed.mei)
    page = read(mei, HOME + "methods/nps/")
    (data,) = mei.get(HOME + "methods/nps.json").json()
    text = mei.get(HOME + "methods/nps.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    ends = ("value", "low", "high")
    assert {name: float(row[name]) for name in ends} == {name: data[name] for name in ends}
    assert f"{data['value']:.1f}".replace("-", "−") == ("−14.3" if weighted else "20.0")
    assert ("Net promoter score, with survey weights: −14.3 (" in page) is weighted
    assert row.get("leads") == data.get("leads") == ("weighted" if weighted else None)
    assert {name: float(row[f"unweighted_{name}"]) for name in ends if weighted} == data.get("unweighted", {})


def rows_of(clinic: Clinic, method: str) -> tuple[list[str], list[list[str]]]:
    """The heads and the cells of the table of a method's page."""
    page = browser_of(clinic.mei).get(f"{HOME}methods/{method}/").context["page"]["table"]
    return [column.label for column in page.columns], [[cell.text for cell in row] for row in page.rows]


def test_the_table_of_a_page_leads_with_the_figure_of_the_sentence_and_says_which_it_is(weighed: Clinic) -> None:
    ends = ["interval, lower end", "interval, upper end"]
    heads, ((plain, *_),) = rows_of(weighed, "nps")
    assert (heads[:3], plain, "weighted value" in heads) == (["value", *ends], "20.0", True)
    lead_with_weights(weighed, on=True)
    heads, ((led, low, high, beside, *_),) = rows_of(weighed, "nps")
    assert heads[:4] == ["weighted value", *ends, "unweighted value"]
    assert (led, beside, float(low.replace("−", "-")) < -14.3 < float(high.replace("−", "-"))) == (
        "−14.3",
        "20.0",
        True,
    )
    assert heads.count("weighted value") == 1


def test_where_answers_carry_no_weights_neither_the_table_nor_the_picture_speaks_of_them(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(10, 60), *recommend(3, 40)])
    lead_with_weights(clinic, on=True)
    heads, _ = rows_of(clinic, "nps")
    assert heads[0] == "value"
    assert "without survey weights" not in read(browser_of(clinic.mei), HOME + "methods/nps/")


def test_where_only_some_rows_have_a_weighted_figure_each_row_of_the_table_says_so(clinic: Clinic) -> None:
    even, uneven = rate("wait", 2, 40, weight=2.0), rate("consult", 2, 1, weight=1e5)
    deliver(clinic.service, [*rate("wait", 5, 60), *even, *rate("consult", 5, 60), *uneven])
    lead_with_weights(clinic, on=True)
    heads, rows = rows_of(clinic, "csat")
    at = [heads.index(name) for name in ("what was asked about", "unweighted value", "with survey weights")]
    assert heads[heads.index("value") + 3 :][:2] == ["unweighted value", "with survey weights"]
    assert [[row[n] for n in at] for row in rows] == [
        ["Talk with the doctor", "–", "no"],
        ["Wait to be called", "3.80", "yes"],
    ]


def test_a_row_without_a_weighted_figure_says_so_in_the_json_and_in_the_csv(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(10, 60), *recommend(3, 1, weight=1e5)])
    lead_with_weights(clinic, on=True)
    mei = browser_of(clinic.mei)
    (data,) = mei.get(HOME + "methods/nps.json").json()
    (row,) = csv.DictReader(io.StringIO(mei.get(HOME + "methods/nps.csv").content.decode("utf-8-sig")))
    assert (row["leads"], float(row["value"]), row["unweighted_value"]) == (data["leads"], data["value"], "")
    assert data["leads"] == "unweighted"


def test_where_weights_are_too_uneven_no_weighted_figure_leads_and_the_page_says_unweighted(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(10, 60), *recommend(3, 1, weight=1e5)])
    lead_with_weights(clinic, on=True)
    said = read(browser_of(clinic.mei), HOME)
    assert "96.7" in said
    assert "61 answers · weights too uneven" in said
    assert "Of every 100 who answered, 98 would recommend us and 2 would not." in said


def test_satisfaction_leads_with_weights_where_nobody_was_asked_to_recommend(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("overall", 5, 60), *rate("overall", 2, 40, weight=2.0)])
    said = read(browser_of(clinic.mei), HOME)
    assert said.index("3.80") < said.index("100 answers · weighted 3.29")
    lead_with_weights(clinic, on=True)
    said = read(browser_of(clinic.mei), HOME)
    assert said.index("3.29") < said.index("100 answers · with survey weights; unweighted 3.80")


def test_the_means_of_touchpoints_their_map_and_the_api_lead_with_weights_too(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        [*rate("wait", 5, 60), *rate("wait", 2, 40, weight=2.0), *rate("consult", 5, 30), *rate("consult", 4, 40)],
    )
    _, secret = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Reader", scope=ApiKey.Scope.READ)
    program = browser_of(None, HTTP_AUTHORIZATION=f"Bearer {secret}")

    def waits() -> tuple[str, str, dict[str, object]]:
        page, drawn = (
            read(browser_of(clinic.mei), HOME + "journey/"),
            browser_of(clinic.mei).get(HOME + "journey.svg").content.decode(),
        )
        rows = program.get("/api/v1/harbour/outpatient/methods/csat").json()
        return page, drawn, next(row for row in rows if row["construct"] == "wait")

    page, drawn, row = waits()
    assert "100 answers · weighted 3.29" in page
    assert "3.80" in drawn
    assert "leads" not in row
    plain = row["value"]
    lead_with_weights(clinic, on=True)
    page, drawn, row = waits()
    assert "100 answers · with survey weights; unweighted 3.80" in page
    assert "“Wait to be called” (3.29, n 100)" in page
    assert "3.29" in drawn
    assert "3.80" not in drawn
    assert (row["leads"], row["unweighted"]["value"], row["value"]) == ("weighted", plain, row["weighted"]["value"])


def test_a_weighted_mean_of_too_few_equal_answers_does_not_lead_the_map_either(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 5, 60), *rate("wait", 2, 1, weight=1e5)])
    lead_with_weights(clinic, on=True)
    page = read(browser_of(clinic.mei), HOME + "journey/")
    assert "4.95" in page
    assert "61 answers · weights too uneven" in page
