"""Edits as the page of the map sends them: each answered with what is otherwise now, or in words."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from peakend_web.design.actions import drafts
from peakend_web.design.grid.cells import Words, words_of
from peakend_web.design.queries import document_at
from peakend_web.design.queries.advice import advice_on
from peakend_web.models import Draft, DraftStep, Membership
from tests.web.conftest import Clinic, browser_of, left_by

DESIGN = "/w/harbour/outpatient/design/"
WAIT = "touchpoints:wait"


@pytest.fixture
def draft(clinic: Clinic) -> Draft:
    return drafts.open_draft(actor=clinic.wu, service=clinic.service)


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


@pytest.fixture
def olivia(clinic: Clinic) -> Client:
    return browser_of(clinic.olivia)


def post(client: Client, **asked: Any) -> Any:
    """An edit as the page sends it."""
    sent = {"name": str(uuid.uuid4()), "since": 0, **asked}
    return client.post(f"{DESIGN}steps/?lang=en", json.dumps(sent), content_type="application/json")


def titled(text: str | None, **more: Any) -> dict[str, Any]:
    return {"verb": "set_text", "target": WAIT, "field": "title", "lang": "en", "value": text, **more}


def title() -> dict[str, str]:
    words: dict[str, str] = document_at(Draft.objects.get()).value(WAIT, "title")
    return words


NONSENSE = [
    b"", b"[]", b"{", b"\xff", b"null", b"[" * 5000, b'{"verb": "set_text"}', b'{"name": "x", "verb": "undo"}',
    b'{"name": 5, "verb": "undo"}', b'{"name": ["x"], "verb": "redo"}',
    *(
        json.dumps({"name": str(uuid.NAMESPACE_DNS), **asked}).encode()
        for asked in (
            {"verb": "burn", "target": WAIT}, {"verb": "set_text", "target": 7},
            {"verb": "set_text", "target": WAIT},
            titled("\0"), titled("\ud800"), titled("x" * 4001), titled(["x"]), titled("x", lang="xx"),
            titled("x", field="id"), titled("x", field="title.en.x"), titled("x", field="a" * 300),
            titled("x", target="nothing:here"), titled("x", seen={"a": [1]}), titled("x", since="soon"),
            {"verb": "set_value", "target": WAIT, "field": "emotion.planned", "value": 99},
            {"verb": "set_value", "target": WAIT, "field": "emotion.planned", "value": 10**400},
            {"verb": "set_value", "target": WAIT, "field": "emotion", "value": {"planned": "high"}},
            {"verb": "set_value", "target": "document:", "field": "languages", "value": []},
            {"verb": "set_value", "target": "document:", "field": "surveys", "value": []},
            {"verb": "set_text", "target": "surveys:after-visit", "field": "title", "lang": "en", "value": "x"},
            {"verb": "add", "target": "document:", "field": "rules", "value": {"id": "x"}},
            {"verb": "add", "target": "stages:arrive", "field": "touchpoints", "value": {"title": "Triage"}},
            {"verb": "add", "target": "stages:arrive", "field": "touchpoints", "value": {"title": {"en": ["x"]}}},
            {"verb": "add", "target": "stages:arrive", "field": "touchpoints", "value": [1]},
            {"verb": "add", "target": "stages:arrive", "field": "title", "value": {"id": "x"}},
            {"verb": "link", "target": WAIT, "field": "fails", "value": {"x": 1}},
            {"verb": "link", "target": WAIT, "field": "title", "value": "x"},
            {"verb": "move", "target": WAIT, "around": "document:", "after": WAIT},
            {"verb": "move", "target": "stages:arrive", "around": WAIT},
            {"verb": "remove", "target": "document:"}, {"verb": "remove", "target": ""},
        )
    ),
]  # fmt: skip


def test_an_edit_of_a_cell_is_a_step_with_its_audit_and_is_answered_with_that_cell(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    reply = post(wu, **titled("Waiting"))
    told = reply.json()
    assert (reply.status_code, told["seq"], told["step"], told["order"]) == (200, 1, 1, None)
    assert [(key, by, "Waiting" in html) for key, html, by in told["cells"]] == [(WAIT, "", True)]
    assert told["fields"] == [[WAIT, "title", "en", "Waiting", ""]]
    assert left_by(clinic.workspace)[-1][1:] == (
        "Wu", "edit_draft", "service", None,
        {"step": 1, "verb": "set_text", "part": WAIT, "field": "title", "lang": "en"},
    )  # fmt: skip


def test_what_is_sent_twice_under_one_name_is_done_once_and_answered_alike(wu: Client, draft: Draft) -> None:
    asked = titled("Waiting", name=str(uuid.uuid4()))
    assert post(wu, **asked).json() == post(wu, **asked).json()
    new = {"verb": "add", "target": "stages:arrive", "field": "touchpoints", "value": {"title": {"en": "Triage"}}}
    name = str(uuid.uuid4())
    assert [post(wu, **new, name=name).json()["part"] for _ in range(2)] == ["touchpoints:triage"] * 2
    undone = [post(wu, verb="undo", name=str(uuid.uuid5(uuid.NAMESPACE_URL, "x"))).json()["undo"] for _ in range(2)]
    assert (DraftStep.objects.count(), undone) == (3, [[1, 1], [1, 1]])


def test_what_was_refused_is_refused_again_when_the_same_comes_late_though_it_would_fit_by_then(
    wu: Client, olivia: Client, draft: Draft
) -> None:
    asked = titled("Waiting", name=str(uuid.uuid4()), seen=title()["en"])
    post(olivia, **titled("The queue"))
    refused = post(wu, **asked)
    post(olivia, verb="undo")
    late = post(wu, **asked)
    assert (late.status_code, late.json(), DraftStep.objects.count()) == (409, refused.json(), 2)
    assert post(wu, **{**asked, "name": str(uuid.uuid4())}).status_code == 200


def test_an_undoing_that_found_nothing_to_undo_undoes_nothing_when_it_comes_again_late(
    wu: Client, draft: Draft
) -> None:
    undo = {"verb": "undo", "name": str(uuid.uuid4())}
    assert post(wu, **undo).json()["step"] == 0
    post(wu, **titled("The queue"))
    assert (post(wu, **undo).json()["step"], title()["en"], DraftStep.objects.count()) == (0, "The queue", 1)


def test_two_who_add_a_touchpoint_of_the_same_title_each_have_their_own(
    wu: Client, olivia: Client, draft: Draft
) -> None:
    asked = {"verb": "add", "target": "stages:arrive", "field": "touchpoints", "value": {"title": {"en": "Triage"}}}
    assert [post(each, **asked, after=WAIT).json()["part"] for each in (wu, olivia)] == [
        "touchpoints:triage",
        "touchpoints:triage-2",
    ]
    exchange = {"touchpoint": "triage", "gives": {"en": "A look"}}
    asked = {"verb": "add", "target": "stakeholders:head-nurse", "field": "exchanges", "value": exchange}
    assert post(wu, **asked).json()["part"] == "exchanges:head-nurse/triage"


def test_of_two_who_change_the_same_words_the_second_is_shown_both_and_nothing_is_stored(
    clinic: Clinic, wu: Client, olivia: Client, draft: Draft
) -> None:
    before = title()["en"]
    for run in range(100):
        post(olivia, **titled(f"The wait {run}"))
        reply = post(wu, **titled(f"Waiting {run}", seen=before))
        told = reply.json()
        assert (reply.status_code, told["who"], told["theirs"], told["mine"]) == (
            409, "Olivia Wang", f"The wait {run}", f"Waiting {run}",
        )  # fmt: skip
        assert title()["en"] == f"The wait {run}"
    kept = post(wu, **titled("The wait 99\nWaiting 99", seen="The wait 99"))
    assert (kept.status_code, title()["en"]) == (200, "The wait 99\nWaiting 99")
    assert post(wu, **titled("候診", lang="zh-Hans", seen=title().get("zh-Hans"))).status_code == 200
    assert DraftStep.objects.count() == 102


def test_an_edit_of_what_somebody_has_removed_says_who_removed_what(wu: Client, olivia: Client, draft: Draft) -> None:
    called = title()["en"]
    post(olivia, verb="remove", target="stages:arrive")
    reply = post(wu, **titled("Waiting"))
    assert (reply.status_code, reply.json()["error"]) == (410, "web.part_removed")
    assert f"Olivia Wang removed “{called}”" in reply.json()["say"]
    assert reply.json()["gone"] == "stages:arrive"
    assert post(wu, verb="restore", target="stages:arrive").json()["part"] == "stages:arrive"
    assert [post(wu, **titled("Waiting")).status_code, title()["en"]] == [200, "Waiting"]


def test_moving_and_removing_the_same_ends_in_an_order_that_is_defined(
    wu: Client, olivia: Client, draft: Draft
) -> None:
    first = post(wu, verb="move", target=WAIT, around="stages:arrive", after="").json()
    assert first["order"][0]["stages"][0] == ["stages:arrive", [WAIT, "touchpoints:register"]]
    assert "is now 1 of 2 in" in first["say"]
    post(olivia, verb="move", target=WAIT, around="stages:consult", after="touchpoints:consult")
    post(wu, verb="remove", target="touchpoints:register")
    assert post(olivia, verb="move", target="touchpoints:register", around="stages:consult").status_code == 410
    assert post(wu, verb="move", target=WAIT, around="stages:consult", after="touchpoints:register").status_code == 422
    told = wu.get(f"{DESIGN}changes/?since=0&lang=en").json()
    assert told["order"][0]["stages"][:2] == [
        ["stages:arrive", ["stages:arrive/empty"]], ["stages:consult", ["touchpoints:consult", WAIT]],
    ]  # fmt: skip


def test_somebody_who_was_removed_is_refused_at_the_next_verb(clinic: Clinic, wu: Client, draft: Draft) -> None:
    assert post(wu, **titled("Waiting")).status_code == 200
    Membership.objects.get(person=clinic.wu, workspace=clinic.workspace).delete()
    assert post(wu, **titled("Still waiting")).status_code == 404
    assert title()["en"] == "Waiting"


def test_what_others_changed_is_asked_for_since_a_step_and_is_nothing_where_nothing_changed(
    clinic: Clinic, wu: Client, olivia: Client, draft: Draft
) -> None:
    here = wu.get(f"{DESIGN}changes/?since=0&at={WAIT}").json()
    assert here["people"] == []
    assert wu.get(f"{DESIGN}changes/?since=0&people={here['people_known']}").status_code == 204
    there = olivia.get(f"{DESIGN}changes/?since=0&at=touchpoints:register").json()
    assert there["people"] == [["Wu", ""]]
    post(olivia, **titled("The wait"))
    told = wu.get(f"{DESIGN}changes/?since=0&lang=en").json()
    assert [(key, by) for key, _html, by in told["cells"]] == [(WAIT, "Olivia Wang")]
    assert told["people"] == [["Olivia Wang", "touchpoints:register"]]
    olivia.get(f"{DESIGN}changes/?bye=1")
    assert wu.get(f"{DESIGN}changes/?since=1").json()["people"] == []


def test_somebody_else_of_the_same_name_is_not_taken_for_oneself(
    clinic: Clinic, wu: Client, olivia: Client, draft: Draft
) -> None:
    clinic.olivia.name = clinic.wu.name
    clinic.olivia.save()
    post(olivia, **titled("The wait"))
    told = wu.get(f"{DESIGN}changes/?since=0&lang=en").json()
    assert [(key, by) for key, _html, by in told["cells"]] == [(WAIT, "Wu")]
    assert told["fields"] == [[WAIT, "title", "en", "The wait", "Wu"]]


def test_after_the_draft_has_ended_every_edit_is_told_so(clinic: Clinic, wu: Client, draft: Draft) -> None:
    drafts.drop_draft(actor=clinic.wu, draft=draft)
    replies = [post(wu, **titled("Waiting")), wu.get(f"{DESIGN}changes/")]
    assert [(reply.status_code, reply.json()["error"]) for reply in replies] == [(410, "web.draft_ended")] * 2


def test_what_comes_late_from_the_page_of_a_draft_that_has_ended_is_no_edit_of_the_next(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    drafts.drop_draft(actor=clinic.olivia, draft=draft)
    later = drafts.open_draft(actor=clinic.olivia, service=clinic.service)
    sent = json.dumps({"name": str(uuid.uuid4()), "since": 0, **titled("Waiting")})
    address = f"{DESIGN}steps/?lang=en&draft={draft.pk}"
    replies = [
        wu.post(address, sent, content_type="application/json"), wu.get(f"{DESIGN}changes/?since=0&draft={draft.pk}")
    ]  # fmt: skip
    assert [(reply.status_code, reply.json()["error"]) for reply in replies] == [(410, "web.draft_ended")] * 2
    assert DraftStep.objects.count() == 0
    assert wu.get(f"{DESIGN}changes/?since=0&draft={later.pk}").status_code == 200


def test_nonsense_is_answered_in_words_and_is_never_a_fault_of_ours(wu: Client, draft: Draft) -> None:
    wrong = {}
    for sent in NONSENSE:
        reply = wu.post(f"{DESIGN}steps/", sent, content_type="application/json")
        if reply.status_code not in {400, 409, 410, 422} or not reply.json()["say"]:
            wrong[sent] = reply.status_code
    assert (wrong, DraftStep.objects.count()) == ({}, 0)


def test_missing_words_are_counted_as_check_counts_them(wu: Client, draft: Draft) -> None:
    before = {each.lang: each.count for each in advice_on(document_at(draft), "en").missing}
    post(wu, **titled("候診區", lang="zh-Hant"))
    post(wu, verb="set_text", target=WAIT, field="thinks", lang="en", value="Me?")
    after = {each.lang: each.count for each in advice_on(document_at(Draft.objects.get()), "en").missing}
    assert {lang: after[lang] - before[lang] for lang in after} == {lang: int(lang != "en") for lang in after}
    assert "Me?" not in wu.get(f"{DESIGN}advice/?part=1").content.decode()


def test_a_cell_without_a_word_in_one_chinese_is_shown_in_the_other_and_not_in_english() -> None:
    words = {"en": "Pay", "zh-Hans": "付款"}
    assert words_of(words, "zh-Hant") == (Words("付款", "zh-Hans"), True)
    assert words_of(words, "en") == (Words("Pay", "en"), False)
    assert words_of({}, "en") == (Words(""), False)
