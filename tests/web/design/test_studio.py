"""A design edited by plain forms: outline, touchpoint, undo, publishing."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from peakend.service.edits import Edit
from peakend.service.edits.kinds import fields
from peakend.service.journeys import Touchpoint
from peakend.terms import label
from peakend_web.design.actions import drafts
from peakend_web.design.forms.touchpoint_fields import TOUCHPOINT
from peakend_web.design.queries import document_at, outline
from peakend_web.models import Draft
from tests.web.conftest import Clinic, browser_of
from tests.web.people.test_workspaces import text_of

DESIGN = "/w/harbour/outpatient/design/"
WAIT = f"{DESIGN}touchpoints/wait/"


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


@pytest.fixture
def draft(clinic: Clinic) -> Draft:
    return drafts.open_draft(actor=clinic.wu, service=clinic.service)


def fields_of(page: str) -> dict[str, str]:
    """What a form would send back untouched."""
    areas = dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    numbers = dict(re.findall(r'<input type="number" name="([^"]+)" value="([^"]*)"', page))
    chosen = re.findall(r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected', page, re.DOTALL)
    return {**areas, **hidden, **numbers, **dict(chosen)}


def stops(draft: Draft, stage: str = "arrive") -> list[str]:
    return [part["id"] for part in document_at(Draft.objects.get(pk=draft.pk)).parts(f"stages:{stage}", "touchpoints")]


def test_the_outline_adds_moves_and_removes_touchpoints_and_takes_it_back(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage by the nurse"})
    assert stops(draft) == ["register", "wait", "triage-by-the-nurse"]
    wu.post(f"{DESIGN}edit/", {"do": "move", "part": "touchpoints:triage-by-the-nurse", "place": "stages:arrive|"})
    assert stops(draft) == ["triage-by-the-nurse", "register", "wait"]
    wu.post(f"{DESIGN}edit/", {"do": "remove", "part": "touchpoints:wait"})
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "journeys:visit", "title": "回家"})
    assert document_at(Draft.objects.get()).has("stages:stage-1")
    for _ in range(2):
        wu.post(f"{DESIGN}undo/")
    assert stops(draft) == ["triage-by-the-nurse", "register", "wait"]
    wu.post(f"{DESIGN}undo/", {"redo": "1"})
    assert stops(draft) == ["triage-by-the-nurse", "register"]


def test_stage_and_service_are_renamed_and_a_stage_is_removed(clinic: Clinic, wu: Client, draft: Draft) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "rename", "part": "stages:arrive", "title": "Come in"})
    wu.post(f"{DESIGN}edit/", {"do": "rename", "part": "document:", "title": "Clinic by the sea"})
    wu.post(f"{DESIGN}edit/", {"do": "remove", "part": "stages:consult"})
    data = document_at(Draft.objects.get()).data
    assert data["title"]["en"] == "Clinic by the sea"
    assert [stage["title"]["en"] for stage in data["journeys"][0]["stages"]] == ["Come in"]


def test_after_an_edit_of_the_outline_one_is_where_one_was(clinic: Clinic, wu: Client, draft: Draft) -> None:
    asked = [
        {"do": "add", "part": "stages:consult", "title": "Pay"},
        {"do": "move", "part": "touchpoints:wait", "place": "stages:arrive|"},
        {"do": "rename", "part": "stages:arrive", "title": "Come in"},
        {"do": "remove", "part": "touchpoints:wait"},
        {"do": "add", "part": "journeys:visit", "title": "Leave"},
    ]
    led = [wu.post(f"{DESIGN}edit/", each).headers["Location"].partition("#")[2] for each in asked]
    assert led == ["next2", "touchpoints:wait", "stages:arrive", "stages:arrive", "next3"]
    shown = wu.get(DESIGN).content.decode()
    assert [
        where for where in (*led[:1], "touchpoints:register", "stages:arrive", "next3") if f'id="{where}"' not in shown
    ] == []


def test_the_first_of_a_stage_goes_earlier_into_the_stage_before_it(clinic: Clinic, draft: Draft) -> None:
    places = {
        stop.id: (stop.earlier, stop.later) for stage in outline(document_at(draft), "en") for stop in stage.stops
    }
    assert places == {
        "register": ("", "stages:arrive|touchpoints:wait"),
        "wait": ("stages:arrive|", "stages:consult|"),
        "consult": ("stages:arrive|touchpoints:wait", ""),
    }


def test_the_id_of_a_touchpoint_that_is_gone_is_not_given_to_another(clinic: Clinic, wu: Client, draft: Draft) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "remove", "part": "touchpoints:wait"})
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Wait"})
    assert stops(draft) == ["register", "wait-2"]


def test_wu_writes_what_a_customer_thinks_and_only_what_changed_becomes_a_step(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    sent = fields_of(wu.get(f"{WAIT}?lang=en").content.decode())
    thinks = {"thinks": "Have they forgotten me?", "emotion-planned": "-1.5", "wait": "on", "designed_as": "end"}
    thinks |= {"basis": "observed", "takes-minutes": "10", "takes-minutes_at_most": "15"}
    reply = wu.post(f"{WAIT}?lang=en", {**sent, **thinks})
    assert reply.headers["Location"] == f"{WAIT}?lang=en"
    kept = Draft.objects.get()
    assert [(step.verb, step.field) for step in kept.steps.all()] == [
        ("set_text", "thinks"), ("set_value", "emotion.planned"), ("set_value", "designed_as"), ("set_value", "basis"),
        ("set_value", "takes.minutes"), ("set_value", "takes.minutes_at_most"), ("set_value", "wait"),
    ]  # fmt: skip
    part = document_at(kept).held("touchpoints:wait").data
    assert (part["thinks"], part["emotion"], part["wait"], part["designed_as"]) == (
        {"en": "Have they forgotten me?"}, {"planned": -1.5}, {}, "end",
    )  # fmt: skip
    assert (part["basis"], part["takes"]) == ("observed", {"minutes": 10, "minutes_at_most": 15})


def test_every_field_of_a_touchpoint_is_written_on_its_page() -> None:
    paths = [path for group in TOUCHPOINT for field in group.fields for path in (field.path, field.single) if path]
    assert set(fields(Touchpoint)) - {path.partition(".")[0] for path in paths} == {"id"}


def test_steps_standards_and_failures_are_written_on_the_page_of_their_touchpoint(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    page = f"{WAIT}?lang=en"
    added = {
        "new-backstage": "Finds the file",
        "new-standards": "Told after 15 minutes",
        "new-promises": "Your place is kept",
    }
    wu.post(page, {**fields_of(wu.get(page).content.decode()), **added})
    wu.post(page, {**fields_of(wu.get(page).content.decode()), "new-backstage": "Brings it"})
    part = document_at(Draft.objects.get()).held("touchpoints:wait").data
    assert part["backstage"] == [
        {"id": "finds-the-file", "text": {"en": "Finds the file"}},
        {"id": "brings-it", "text": {"en": "Brings it"}},
    ]
    sent = fields_of(wu.get(page).content.decode())
    assert sent["steps:brings-it|text"] == "Brings it"
    changed = {
        "steps:finds-the-file|text": "",
        "steps:brings-it|who": "head-nurse",
        "standards:told-after-15-minutes|freedom": "may bend",
    }
    wu.post(page, {**sent, **changed})
    part = document_at(Draft.objects.get()).held("touchpoints:wait").data
    assert part["backstage"] == [{"id": "brings-it", "text": {"en": "Brings it"}, "who": "head-nurse"}]
    assert part["standards"] == [
        {"id": "told-after-15-minutes", "text": {"en": "Told after 15 minutes"}, "freedom": "may bend"}
    ]
    assert part["promises"][0]["text"] == {"en": "Your place is kept"}


def test_a_lane_in_words_is_kept_as_its_first_step_when_another_is_added(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    page = f"{WAIT}?lang=en"
    drafts.edit_draft(
        actor=clinic.wu,
        draft=draft,
        edit=Edit("set_text", "touchpoints:wait", "support", "en", "Records, queue screen"),
    )
    sent = fields_of(wu.get(page).content.decode())
    assert sent["support"] == "Records, queue screen"
    wu.post(page, {**sent, "new-support": "A second screen"})
    assert [step["text"] for step in document_at(Draft.objects.get()).parts("touchpoints:wait", "support")] == [
        {"en": "Records, queue screen"}, {"en": "A second screen"},
    ]  # fmt: skip


def test_words_that_somebody_else_has_changed_since_are_shown_beside_ones_own(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    sent = fields_of(wu.get(f"{WAIT}?lang=en").content.decode())
    browser_of(clinic.olivia).post(f"{WAIT}?lang=en", {**sent, "title": "The wait"})
    reply = wu.post(f"{WAIT}?lang=en", {**sent, "title": "Waiting", "thinks": "Me?"})
    shown = text_of(reply)
    assert reply.status_code == 409
    assert all(words in shown for words in ("Olivia Wang", "The wait", "Waiting"))
    part = document_at(Draft.objects.get()).held("touchpoints:wait").data
    assert (part["title"]["en"], part["thinks"]) == ("The wait", {"en": "Me?"})


def test_a_published_draft_is_in_force_and_a_broken_one_says_what_to_mend(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    broken = Edit("link", "touchpoints:wait", "fails", value="no-such-failure")
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=broken)
    refused = wu.post(f"{DESIGN}publish/", {"note": "x"}, follow=True)
    place = f"Wait to be called · {label('part.fails')} · 1"
    assert f"{place}: There is no failure “no-such-failure”" in text_of(refused)
    assert "touchpoints/wait" not in text_of(refused)
    wu.post(f"{DESIGN}undo/")
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage"})
    told = wu.post(f"{DESIGN}publish/", {"note": "Triage"}, follow=True)
    assert "Version 2 is the current one now." in text_of(told)
    assert "Triage" in text_of(browser_of(clinic.victor).get(DESIGN))


def test_a_draft_is_saved_beside_and_put_into_force_later_from_the_list_of_versions(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage"})
    told = wu.post(f"{DESIGN}publish/", {"note": "Triage", "beside": "1"}, follow=True)
    assert "Saved as version 2, beside the one in force." in text_of(told)
    assert "Triage" not in text_of(browser_of(clinic.victor).get(DESIGN))
    told = wu.post("/w/harbour/outpatient/versions/2/in-force/", follow=True)
    assert "Version 2 is the current one now." in text_of(told)
    assert "Triage" in text_of(browser_of(clinic.victor).get(DESIGN))


def test_what_is_sent_twice_from_one_page_is_done_once(clinic: Clinic, wu: Client, draft: Draft) -> None:
    page = f"{WAIT}?lang=en"
    sent = fields_of(wu.get(page).content.decode())
    for _ in range(2):
        wu.post(page, {**sent, "new-backstage": "Finds the file"})
    assert [step["id"] for step in document_at(Draft.objects.get()).parts("touchpoints:wait", "backstage")] == [
        "finds-the-file"
    ]
    token = re.findall(r'name="token" value="([^"]+)"', wu.get(DESIGN).content.decode())[0]
    for _ in range(2):
        asked = {"do": "add", "part": "stages:arrive", "title": "Triage", "token": token}
        wu.post(f"{DESIGN}edit/", asked)
    assert stops(draft) == ["register", "wait", "triage"]
    token = re.findall(r'name="token" value="([^"]+)"', wu.get(DESIGN).content.decode())[0]
    for _ in range(2):
        wu.post(f"{DESIGN}undo/", {"token": token})
    assert stops(draft) == ["register", "wait"]
    assert document_at(Draft.objects.get()).parts("touchpoints:wait", "backstage") != []


@pytest.mark.parametrize("what", ["publish", "drop", "undo", "edit"])
def test_a_second_tap_after_the_draft_has_ended_is_told_so(clinic: Clinic, wu: Client, draft: Draft, what: str) -> None:
    drafts.drop_draft(actor=clinic.wu, draft=draft)
    told = wu.post(f"{DESIGN}{what}/", {"do": "remove", "part": "stages:arrive"}, follow=True)
    assert (told.status_code, "There is no draft now" in text_of(told)) == (200, True)


@pytest.mark.parametrize("what", ["publish", "drop"])
def test_a_late_tap_ends_no_draft_that_was_begun_since(clinic: Clinic, wu: Client, draft: Draft, what: str) -> None:
    shown = fields_of(wu.get(DESIGN).content.decode())["draft"]
    drafts.drop_draft(actor=clinic.olivia, draft=draft)
    later = drafts.open_draft(actor=clinic.olivia, service=clinic.service)
    told = wu.post(f"{DESIGN}{what}/", {"draft": shown}, follow=True)
    assert "There is no draft now" in text_of(told)
    assert Draft.objects.filter(ended_at=None).get() == later


def test_a_hidden_field_that_was_tampered_with_is_no_fault_of_ours(clinic: Clinic, wu: Client, draft: Draft) -> None:
    sent = fields_of(wu.get(f"{WAIT}?lang=en").content.decode())
    reply = wu.post(f"{WAIT}?lang=en", {**sent, "was-emotion-planned": "abc", "emotion-planned": "2.7"})
    assert reply.status_code in (302, 409)
    assert wu.post(f"{WAIT}?lang=en", {**sent, "emotion-planned": "2.7"}).status_code == 302
    assert document_at(Draft.objects.get()).value("touchpoints:wait", "emotion") == {"planned": 2.7}


def test_who_may_only_look_sees_the_design_in_force_and_no_draft(clinic: Clinic, draft: Draft) -> None:
    browser_of(clinic.wu).post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage"})
    shown = text_of(browser_of(clinic.victor).get(DESIGN))
    assert ("Wait to be called" in shown, "Triage" in shown, "Publish" in shown) == (True, False, False)


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"do": "add", "part": "stages:arrive", "title": "  "}, {"do": "add", "part": "nowhere:x", "title": "X"},
        {"do": "move", "part": "touchpoints:wait", "place": "journeys:visit"}, {"do": "remove", "part": "document:"},
        {"do": "remove", "part": ""}, {"do": "move", "part": "\x00", "place": "|||"},
        {"do": "add", "part": "document:", "title": "X" * 5000}, {"do": "remove", "part": "stakeholders:head-nurse"},
        {"do": "add", "part": "stages:arrive", "title": "x" * 201},
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words_and_changes_nothing(
    clinic: Clinic, wu: Client, draft: Draft, asked: dict[str, str]
) -> None:
    reply = wu.post(f"{DESIGN}edit/", asked, follow=True)
    assert reply.status_code == 200
    assert "notice" in reply.content.decode()
    assert Draft.objects.get().seq == 0


def test_what_was_undone_counts_as_no_step_and_leaves_nothing_to_publish(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    for title in ("Triage", "Pay"):
        wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": title})
    wu.post(f"{DESIGN}undo/")
    assert "Draft with one change to version 1" in text_of(wu.get(DESIGN))
    wu.post(f"{DESIGN}undo/", {"redo": "1"})
    assert "Draft with 2 changes to version 1" in text_of(wu.get(DESIGN))
    for _ in range(2):
        wu.post(f"{DESIGN}undo/")
    assert "A draft of version 1, without a change so far." in text_of(wu.get(DESIGN))
    told = wu.post(f"{DESIGN}publish/", {"note": "x"}, follow=True)
    assert "there is nothing to publish" in text_of(told)
    assert (clinic.service.versions.count(), Draft.objects.filter(ended_at=None).count()) == (1, 0)


def test_a_version_that_is_to_be_is_called_so_in_the_readers_language(clinic: Clinic, wu: Client, draft: Draft) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage"})
    wu.post(f"{DESIGN}publish/", {"beside": "1"}, headers={"accept-language": "zh-Hant"})
    page = "/w/harbour/outpatient/versions/"
    assert "To-be design" in text_of(wu.get(page))
    assert "改善後的設計" in text_of(wu.get(page, headers={"accept-language": "zh-Hant"}))


def test_a_journey_without_a_stage_can_be_given_one(clinic: Clinic, wu: Client, draft: Draft) -> None:
    for stage in ("arrive", "consult"):
        wu.post(f"{DESIGN}edit/", {"do": "remove", "part": f"stages:{stage}"})
    shown = wu.get(DESIGN).content.decode()
    assert ("No stage yet" in shown, "Add a stage" in shown) == (True, True)
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "journeys:visit", "title": "Come in"})
    assert "Come in" in text_of(wu.get(DESIGN))


def test_the_outline_begins_with_what_the_journey_is_and_shows_its_map(clinic: Clinic) -> None:
    shown = browser_of(clinic.victor).get(DESIGN)
    assert "3 touchpoints in 2 stages; no moment of truth yet; " in text_of(shown)
    assert shown.content.decode().count('class="pk-map"') == 1


def test_words_that_turn_round_how_others_run_are_refused(clinic: Clinic, wu: Client, draft: Draft) -> None:
    told = wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Pay\u202etxt.exe"}, follow=True)
    assert "invisible control character" in text_of(told)
    assert Draft.objects.get().seq == 0


def test_the_strip_of_five_steps_says_what_is_done_and_leads_to_the_next(clinic: Clinic, wu: Client) -> None:
    page = wu.get(DESIGN).content.decode()
    strip = page[page.index('class="five-steps"') : page.index("</nav>", page.index('class="five-steps"'))]
    assert [
        word in strip
        for word in ("no persona yet", "Touchpoints with a planned emotion: 0 of 3", "no moment of truth yet")
    ] == [True] * 3
    assert strip.count('class="done"') + strip.count('class="next"') <= 5
    assert 'href="/w/harbour/outpatient/surveys/"' in strip


def test_a_note_that_nobody_can_read_publishes_nothing_and_is_said(clinic: Clinic, wu: Client, draft: Draft) -> None:
    wu.post(f"{DESIGN}edit/", {"do": "add", "part": "stages:arrive", "title": "Triage"})
    reply = wu.post(f"{DESIGN}publish/", {"note": "a\0b"}, follow=True)
    assert ("an invisible control character" in text_of(reply), Draft.objects.get().ended_at) == (True, None)
