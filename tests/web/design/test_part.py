"""The form of a part: no word is lost, whoever changes, removes or publishes what while one writes."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from peakend.service.edits import Edit
from peakend_web.design.actions import drafts
from peakend_web.design.forms.apart import Piece, apart
from peakend_web.design.queries import document_at
from peakend_web.models import Draft
from tests.web.conftest import Clinic, browser_of
from tests.web.people.test_workspaces import text_of

from .test_faces import form_of, held
from .test_studio import DESIGN

WAIT = f"{DESIGN}touchpoints/wait/?lang=en"


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


@pytest.fixture
def draft(clinic: Clinic) -> Draft:
    return drafts.open_draft(actor=clinic.wu, service=clinic.service)


def hidden(page: str) -> dict[str, str]:
    """What a page that came back would send on."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@pytest.mark.parametrize(("way", "kept"), [("mine", "Waiting"), ("theirs", "The wait"), ("both", "The wait\nWaiting")])
def test_a_clash_is_settled_with_one_button_and_what_it_was_is_no_clash_again(
    clinic: Clinic, wu: Client, draft: Draft, way: str, kept: str
) -> None:
    sent = {**form_of(wu, WAIT), "title": "Waiting", "fears": "Being forgotten"}
    browser_of(clinic.olivia).post(WAIT, {**form_of(wu, WAIT), "title": "The wait"})
    reply = wu.post(WAIT, sent)
    page = reply.content.decode()
    assert (reply.status_code, 'href="#clash-title"' in page, 'value="both:title"' in page) == (409, True, True)
    settled = wu.post(WAIT, {**sent, **hidden(page), "keep": f"{way}:title"})
    assert settled.status_code == 302
    part = held("touchpoints:wait")
    assert (part["title"]["en"], part["fears"]) == (kept, {"en": "Being forgotten"})  # type: ignore[index]


def test_a_third_change_while_one_decides_is_shown_too(clinic: Clinic, wu: Client, draft: Draft) -> None:
    sent = {**form_of(wu, WAIT), "title": "Waiting"}
    olivia = browser_of(clinic.olivia)
    olivia.post(WAIT, {**form_of(olivia, WAIT), "title": "The wait"})
    page = wu.post(WAIT, sent).content.decode()
    olivia.post(WAIT, {**form_of(olivia, WAIT), "title": "The long wait"})
    reply = wu.post(WAIT, {**sent, **hidden(page), "keep": "mine:title"})
    assert (reply.status_code, "long" in text_of(reply), held("touchpoints:wait")["title"]["en"]) == (  # type: ignore[index]
        409, True, "The long wait",
    )  # fmt: skip


def test_both_texts_are_shown_with_what_differs() -> None:
    found = apart("Called in turn", "Called by name")
    assert [piece for piece in found.theirs if piece.differs] == [Piece("in", True), Piece("turn", True)]
    assert "".join(piece.text for piece in found.mine) == "Called by name"
    assert apart("請稍候", "請候位").theirs == [Piece("請", False), Piece("稍", True), Piece("候", False)]


@pytest.mark.parametrize("published", [True, False])
def test_words_written_while_the_draft_ended_come_back_and_are_kept_with_one_tap(
    clinic: Clinic, wu: Client, draft: Draft, published: bool
) -> None:
    sent = {**form_of(wu, WAIT), "thinks": "Have they forgotten me?"}
    if published:
        drafts.edit_draft(
            actor=clinic.olivia, draft=draft, edit=Edit("set_text", "touchpoints:wait", "fears", "en", "The end")
        )
        drafts.publish_draft(actor=clinic.olivia, draft=draft)
    else:
        drafts.drop_draft(actor=clinic.olivia, draft=draft)
    reply = wu.post(WAIT, sent)
    shown = reply.content.decode()
    assert reply.status_code == 409
    assert "The draft was published or discarded while you were writing." in shown
    assert "Have they forgotten me?</textarea>" in shown
    assert not Draft.objects.filter(ended_at=None).exists()
    assert wu.post(WAIT, {**sent, "rescue": "1"}).status_code == 302
    part = held("touchpoints:wait")
    assert (part["thinks"], part.get("fears")) == (
        {"en": "Have they forgotten me?"}, {"en": "The end"} if published else None,
    )  # fmt: skip


def test_words_written_while_the_touchpoint_was_removed_bring_it_back(clinic: Clinic, wu: Client, draft: Draft) -> None:
    sent = {**form_of(wu, WAIT), "thinks": "Have they forgotten me?"}
    drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=Edit("remove", "touchpoints:wait"))
    reply = wu.post(WAIT, sent)
    assert reply.status_code == 409
    assert "Olivia Wang removed this while you were writing." in text_of(reply)
    assert wu.post(WAIT, {**sent, "rescue": "1"}).status_code == 302
    assert held("touchpoints:wait")["thinks"] == {"en": "Have they forgotten me?"}
    assert [step.person.name for step in Draft.objects.get().steps.all()] == ["Olivia Wang", "Wu", "Wu"]
    for _ in range(2):
        wu.post(f"{DESIGN}undo/")
    assert not document_at(Draft.objects.get()).has("touchpoints:wait")


def test_words_written_while_its_stage_was_removed_bring_both_back(clinic: Clinic, wu: Client, draft: Draft) -> None:
    stage = document_at(Draft.objects.get()).held("touchpoints:wait").around
    sent = {**form_of(wu, WAIT), "thinks": "Have they forgotten me?"}
    drafts.edit_draft(actor=clinic.olivia, draft=draft, edit=Edit("remove", stage))
    reply = wu.post(WAIT, sent)
    assert reply.status_code == 409
    assert "Olivia Wang removed this while you were writing." in text_of(reply)
    assert wu.post(WAIT, {**sent, "rescue": "1"}).status_code == 302
    assert held("touchpoints:wait")["thinks"] == {"en": "Have they forgotten me?"}
    assert document_at(Draft.objects.get()).has(stage)


def test_words_about_a_part_that_nobody_knows_any_more_are_shown_to_be_copied(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    drafts.edit_draft(
        actor=clinic.wu,
        draft=draft,
        edit=Edit("add", "stages:arrive", "touchpoints", value={"id": "triage", "title": {"en": "Triage"}}),
    )
    page = f"{DESIGN}touchpoints/triage/?lang=en"
    sent = {**form_of(wu, page), "thinks": "Who decides?"}
    drafts.drop_draft(actor=clinic.olivia, draft=draft)
    reply = wu.post(page, sent)
    assert (reply.status_code, "Who decides?</textarea>" in reply.content.decode()) == (409, True)


def test_who_only_looks_at_a_part_without_a_draft_is_led_back(clinic: Clinic, wu: Client) -> None:
    assert wu.get(WAIT).headers["Location"] == f"{DESIGN}#touchpoints:wait"
    assert wu.get(f"{DESIGN}touchpoints/nowhere/").status_code == 404


def test_a_language_is_changed_without_losing_what_is_not_saved(clinic: Clinic, wu: Client, draft: Draft) -> None:
    reply = wu.post(WAIT, {**form_of(wu, WAIT), "thinks": "Me?", "go": "zh-Hant"})
    assert reply.headers["Location"].endswith("/touchpoints/wait/?lang=zh-Hant")
    assert held("touchpoints:wait")["thinks"] == {"en": "Me?"}
    assert "候診" in form_of(wu, WAIT.replace("lang=en", "lang=zh-Hant"))["title"]
    assert wu.post(WAIT, {**form_of(wu, WAIT), "go": "klingon"}).headers["Location"] == WAIT


def test_steps_and_their_owners_are_numbered_for_who_does_not_see_them(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    for words in ("Finds the file", "Brings it"):
        wu.post(WAIT, {**form_of(wu, WAIT), "new-backstage": words})
    labels = [
        " ".join(re.sub("<[^>]+>", "", each).split())
        for each in re.findall(r"(?s)<label.*?</label>", wu.get(WAIT).content.decode())
    ]
    assert [label for label in labels if label.startswith("Backstage")] == [
        "Backstage, 1 of 2: Wording", "Backstage, 1 of 2: Who", "Backstage, 2 of 2: Wording", "Backstage, 2 of 2: Who",
    ]  # fmt: skip


def test_the_first_section_is_open_each_says_how_much_it_holds_and_one_with_a_fault_is_open_too(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    def opened(page: str) -> list[bool]:
        return [" open" in head for head in re.findall(r"<details class=\"fold plain\"([^>]*)><summary><h2>", page)]

    page = wu.get(WAIT).content.decode()
    assert opened(page) == [True, *[False] * (len(opened(page)) - 1)]
    assert "1 of 10" in text_of(wu.get(WAIT))
    wrong = wu.post(WAIT, {**form_of(wu, WAIT), "wait-typical_minutes": "-3"})
    assert (wrong.status_code, opened(wrong.content.decode()).count(True)) == (422, 2)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u202a"])
def test_characters_that_turn_round_how_words_run_are_refused(
    clinic: Clinic, wu: Client, draft: Draft, mark: str
) -> None:
    reply = wu.post(WAIT, {**form_of(wu, WAIT), "thinks": f"abc{mark}def"})
    assert (reply.status_code, "thinks" in held("touchpoints:wait")) == (422, False)


def test_a_control_says_by_which_part_and_field_a_script_saves_it(clinic: Clinic, wu: Client, draft: Draft) -> None:
    page = wu.get(WAIT).content.decode()
    (thinks,) = re.findall(r'<textarea name="thinks"[^>]*>', page)
    names = ("part", "field", "lang", "takes")
    assert [re.findall(f'data-{name}="([^"]+)"', thinks)[0] for name in names] == [
        "touchpoints:wait", "thinks", "en", "words",
    ]  # fmt: skip
