"""The registers of people, failures, senses, strategy and the ring: each added to, edited and taken back by plain
forms.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.test import Client

from peakend_web.design.actions import drafts
from peakend_web.design.queries import document_at
from peakend_web.models import Draft
from tests.web.answers import deliver, rate
from tests.web.conftest import Clinic, browser_of
from tests.web.people.test_workspaces import text_of

from .test_faces import FACE, form_of, held
from .test_studio import DESIGN

PEOPLE, FAILURES, SENSES, STRATEGY, RING = (
    f"{FACE}{slug}/" for slug in ("people", "failures", "senses", "strategy", "ring")
)


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    return browser_of(clinic.wu)


def document() -> dict[str, object]:
    return document_at(Draft.objects.get()).data


def test_a_persona_gets_a_story_goals_and_a_segment(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{PEOPLE}edit/", {"do": "add-persona", "name": "Mrs Lin, 68"})
    page = f"{PEOPLE}personas:mrs-lin-68/?lang=en"
    wu.post(page, {**form_of(wu, page), "story": "Came alone", "goals-0": "To know", "segment-purpose": "treatment"})
    wu.post(page, {**form_of(wu, page), "goals-1": "To be home by noon", "fears-0": "Missing her number"})
    assert held("personas:mrs-lin-68") == {
        "id": "mrs-lin-68",
        "name": {"en": "Mrs Lin, 68"},
        "story": {"en": "Came alone"},
        "goals": [{"en": "To know"}, {"en": "To be home by noon"}],
        "fears": [{"en": "Missing her number"}],
        "segment": {"purpose": "treatment"},
    }
    in_chinese = f"{PEOPLE}personas:mrs-lin-68/?lang=zh-Hant"
    wu.post(in_chinese, {**form_of(wu, in_chinese), "goals-0": "想知道怎麼了"})
    wu.post(page, {**form_of(wu, page), "goals-0": "", "goals-1": "", "fears-0": ""})
    part = held("personas:mrs-lin-68")
    assert (part["goals"], "fears" in part) == ([{"zh-Hant": "想知道怎麼了"}], False)


def test_a_goal_that_somebody_else_has_changed_is_not_written_over(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{PEOPLE}edit/", {"do": "add-persona", "name": "Mrs Lin"})
    page = f"{PEOPLE}personas:mrs-lin/?lang=en"
    wu.post(page, {**form_of(wu, page), "goals-0": "To know"})
    sent = form_of(wu, page)
    browser_of(clinic.olivia).post(page, {**sent, "goals-0": "To know tonight"})
    reply = wu.post(page, {**sent, "goals-0": "To know today"})
    assert (reply.status_code, "Olivia Wang" in text_of(reply)) == (409, True)
    assert held("personas:mrs-lin")["goals"] == [{"en": "To know tonight"}]


def test_a_need_is_an_iceberg_with_the_words_that_prove_it(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{PEOPLE}edit/", {"do": "add-persona", "name": "Mrs Lin"})
    asked = {"do": "add-need", "part": "personas:mrs-lin", "said": "How much longer?", "lens": "time"}
    wu.post(f"{PEOPLE}edit/", asked)
    page = f"{PEOPLE}needs:how-much-longer/?lang=en"
    told = {"meant": "May I leave my seat?", "quote": "I did not dare to go", "touchpoints": "wait"}
    wu.post(page, {**form_of(wu, page), **told})
    assert held("needs:how-much-longer") == {
        "id": "how-much-longer",
        "lens": "time",
        "said": {"en": "How much longer?"},
        "meant": {"en": "May I leave my seat?"},
        "quote": {"en": "I did not dare to go"},
        "touchpoints": ["wait"],
    }
    shown = text_of(wu.get(PEOPLE))
    assert all(words in shown for words in ("How much longer?", "May I leave my seat?", "Wait to be called"))
    assert wu.post(page, {**form_of(wu, page), "said": ""}).status_code == 422
    wu.post(f"{PEOPLE}edit/", {"do": "remove", "part": "needs:how-much-longer"})
    assert "needs" not in held("personas:mrs-lin")


def test_who_is_present_where_gives_and_gets_stands_in_one_table(clinic: Clinic, wu: Client) -> None:
    page = f"{PEOPLE}touchpoints:wait/?lang=en"
    wu.post(page, {**form_of(wu, page), "touches": "head-nurse"})
    assert held("stakeholders:head-nurse")["touches"] == ["wait"]
    given = {"touchpoint": "wait", "gives": "The reason", "gets": "Trust"}
    wu.post(f"{PEOPLE}edit/", {"do": "add-exchange", "part": "stakeholders:head-nurse", **given})
    name = "exchanges:head-nurse/wait|"
    wu.post(page, {**form_of(wu, page), f"{name}gets": "A calm room"})
    assert held("stakeholders:head-nurse")["exchanges"] == [
        {"touchpoint": "wait", "gives": {"en": "The reason"}, "gets": {"en": "A calm room"}}
    ]
    assert "Gives: The reason Gets: A calm room" in " ".join(text_of(wu.get(PEOPLE)).split())
    page = f"{PEOPLE}stakeholders:head-nurse/?lang=en"
    numbers = {"near": "2", "power": "4", "duty": "Leads the nurses"}
    wu.post(page, {**form_of(wu, page), **numbers})
    part = held("stakeholders:head-nurse")
    assert (part["near"], part["power"], part["duty"]) == (2, 4, {"en": "Leads the nurses"})
    assert wu.post(page, {**form_of(wu, page), "power": "9"}).status_code == 422


def test_a_published_set_of_weights_brings_its_failures_and_history_is_kept(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{FAILURES}edit/", {"do": "weigh", "since": "2026-01-01", "start": "express-12"})
    wu.post(f"{FAILURES}edit/", {"do": "weigh", "since": "2026-06-01", "start": "copy"})
    page = f"{FAILURES}indicators:2026-06-01/?lang=en"
    wu.post(page, {**form_of(wu, page), "weights-trace": "3"})
    data = document()
    assert [one["id"] for one in data["failures"]][:2] == ["call-abandoned", "complaint-reopened"]  # type: ignore[attr-defined]
    sets = {one["since"]: (one.get("set"), one["weights"]["trace"], len(one["weights"])) for one in data["indicators"]}  # type: ignore[attr-defined]
    assert sets == {"2026-01-01": ("express-12", 1.0, 12), "2026-06-01": (None, 3.0, 12)}
    shown = text_of(wu.get(FAILURES))
    assert all(words in shown for words in ("Express delivery, twelve daily failures", "Customer asked where it is"))
    earlier = {"do": "weigh", "since": "2025-01-01", "start": ""}
    wu.post(f"{FAILURES}edit/", earlier)
    days = [one["since"] for one in document()["indicators"]]  # type: ignore[attr-defined]
    assert days == ["2025-01-01", "2026-01-01", "2026-06-01"]


@pytest.mark.parametrize("since", ["", "soon", "2026-01-01"])
def test_weights_need_a_day_of_their_own(clinic: Clinic, wu: Client, since: str) -> None:
    wu.post(f"{FAILURES}edit/", {"do": "weigh", "since": "2026-01-01", "start": ""})
    reply = wu.post(f"{FAILURES}edit/", {"do": "weigh", "since": since, "start": "express-12"})
    assert (reply.status_code, len(document()["indicators"])) == (422, 1)  # type: ignore[arg-type]
    assert "failures" not in document()


def test_a_failure_says_what_it_is_where_it_happens_and_what_it_weighs_now(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{FAILURES}edit/", {"do": "add", "title": "Called and missed"})
    wu.post(f"{FAILURES}edit/", {"do": "weigh", "since": "2026-01-01", "start": ""})
    page = f"{FAILURES}failures:called-and-missed/?lang=en"
    weight = "indicators:2026-01-01|weights-called-and-missed"
    wu.post(page, {**form_of(wu, page), "definition": "Not heard", "fails": ["wait", "consult"], weight: "5"})
    assert held("failures:called-and-missed")["definition"] == {"en": "Not heard"}
    assert [held(f"touchpoints:{id}").get("fails") for id in ("register", "wait", "consult")] == [
        None, ["called-and-missed"], ["called-and-missed"],
    ]  # fmt: skip
    assert held("indicators:2026-01-01")["weights"] == {"called-and-missed": 5.0}
    wu.post(page, {**form_of(wu, page), "fails": "wait"})
    assert "fails" not in held("touchpoints:consult")


def test_an_empty_cell_of_the_senses_is_the_finding(clinic: Clinic, wu: Client) -> None:
    page = f"{SENSES}touchpoints:wait/?lang=en"
    wu.post(page, {**form_of(wu, page), "evidence-sight": "A screen with the number"})
    shown = wu.get(SENSES).content.decode()
    table = shown.partition('id="senses"')[2]
    assert (table.count("Nothing yet"), "A screen with the number" in table) == (14, True)


def test_strategy_features_and_practices_of_others_are_written_on_one_page(clinic: Clinic, wu: Client) -> None:
    page = f"{STRATEGY}document:/?lang=en"
    wu.post(page, {**form_of(wu, page), "strategy-for_whom": "Whoever is worried", "contact_limits-per_visit": "2"})
    feature = {"title": "Live number", "functional": "If you had it?", "dysfunctional": "If you had not?"}
    wu.post(f"{STRATEGY}edit/", {"do": "add-feature", **feature})
    own = f"{STRATEGY}features:live-number/?lang=en"
    wu.post(own, {**form_of(wu, own), "layer": "enabler", "kano": "one_dimensional", "touchpoint": "wait"})
    wu.post(page, {**form_of(wu, page), "strategy-features": "live-number"})
    practice = {"title": "Care at a set minute", "industry": "Airlines", "practice": "Food", "source": "EC 261"}
    wu.post(f"{STRATEGY}edit/", {"do": "add-benchmark", **practice})
    own = f"{STRATEGY}benchmarks:care-at-a-set-minute/?lang=en"
    wu.post(own, {**form_of(wu, own), "dated": "2004-02-11", "n": "12"})
    data = document()
    assert (data["strategy"], data["contact_limits"]) == (
        {"for_whom": {"en": "Whoever is worried"}, "features": ["live-number"]}, {"per_visit": 2},
    )  # fmt: skip
    assert (held("features:live-number")["kano"], held("features:live-number")["touchpoint"]) == (
        "one_dimensional", "wait",
    )  # fmt: skip
    assert (held("benchmarks:care-at-a-set-minute")["dated"], held("benchmarks:care-at-a-set-minute")["n"]) == (
        "2004-02-11", 12,
    )  # fmt: skip
    assert wu.post(f"{STRATEGY}edit/", {"do": "add-feature", "title": "Half"}).status_code == 422
    wu.post(f"{STRATEGY}edit/", {"do": "remove", "part": "features:live-number"})
    assert "features" not in document()["strategy"]  # type: ignore[operator]


def test_the_ring_asks_with_one_tap_where_nobody_asks(clinic: Clinic, wu: Client) -> None:
    shown = wu.get(RING).content.decode()
    assert set(re.findall(r'action="[^"]*/touchpoints/([^/]+)/ask/"', shown)) == {"register", "consult"}
    reply = wu.post(f"{DESIGN}touchpoints/register/ask/", {"face": "ring"})
    assert reply.headers["Location"] == RING
    assert set(re.findall(r"touchpoints/([^/]+)/ask/", wu.get(RING).content.decode())) == {"consult"}


def test_where_answers_came_another_way_we_listen_too(clinic: Clinic, wu: Client) -> None:
    """No survey asks about the doctor; a file of answers that was read does."""
    assert "three touchpoints make one visit; we ask about one of them." in text_of(wu.get(RING)).lower()
    deliver(clinic.service, rate("consult", 4, 40))
    page = wu.get(RING)
    assert (
        "three touchpoints make one visit; we ask about one of them; there are answers about one more."
        in text_of(page).lower()
    )
    assert set(re.findall(r"touchpoints/([^/]+)/ask/", page.content.decode())) == {"register"}
    wu.post(f"{FACE}moments/edit/", {"do": "mark", "part": "touchpoints:consult"})
    moments = text_of(wu.get(f"{FACE}moments/"))
    assert "no standard is set" in moments
    assert "nobody asks" not in moments


def test_touchpoints_that_decide_the_same_are_hardly_ever_told_apart(clinic: Clinic, wu: Client) -> None:
    """Each touchpoint is looked at, so each is held to a stricter interval: the chance that any is called decisive is
    one in twenty, and not one in twenty for each.
    """
    rng = np.random.default_rng(2)
    names, told = ("register", "wait", "consult"), []
    for number in range(150):
        scores = rng.integers(1, 6, 3)
        given = {**dict(zip(names, scores.tolist(), strict=True)), "overall": int(np.clip(round(scores.mean()), 1, 5))}
        told += [row for name, score in given.items() for row in rate(name, score, response=f"all-{number}")]
    deliver(clinic.service, told)
    shown = " ".join(text_of(wu.get(f"{FACE}moments/?beside=1")).split())
    assert "By the answers, 0 of 3 touchpoints clearly explain more of the overall rating than the rest" in shown
    assert "Too few answers" not in shown


def test_what_answers_find_decisive_stands_beside_what_people_named(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{FACE}moments/edit/", {"do": "mark", "part": "touchpoints:wait"})
    asked = f"{FACE}moments/?beside=1"
    assert "Too few answers to see yet which touchpoints drive the overall rating." in text_of(wu.get(asked))
    for number in range(200):
        talk, queue, desk = number % 5 + 1, number // 5 % 5 + 1, number // 25 % 5 + 1
        whole = max(1, min(5, (3 * talk + queue) // 4 + number % 3 - 1))
        told = {"consult": talk, "wait": queue, "register": desk, "overall": whole}
        deliver(
            clinic.service, [row for name, score in told.items() for row in rate(name, score, response=f"all-{number}")]
        )
    shown = " ".join(text_of(wu.get(asked)).split())
    assert (
        "By the answers, 1 of 3 touchpoints clearly explain more of the overall rating than the rest; 0 are named"
        in shown
    )
    found = shown.partition("Share of what the touchpoints explain")[2]
    assert re.search(r"Talk with the doctor ◆ \d\d\.\d% \(\d\d\.\d to \d+\.\d\) 200 Wait to be called ◆", found)
    assert "Compare with what the answers show" in text_of(browser_of(clinic.victor).get(f"{FACE}moments/"))
