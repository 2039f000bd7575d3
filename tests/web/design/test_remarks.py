"""Remarks on parts of a design: made by whoever sees it, resolved, reopened, and their words erased."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from peakend.errors import DocumentError
from peakend.service.edits import Edit
from peakend_web.base.refusals import Denied, Missing
from peakend_web.design.actions import drafts, remarks
from peakend_web.models import AuditEntry, Membership, Person, Remark, Role
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.people.test_workspaces import text_of

PAGE = "/w/harbour/outpatient/design/remarks/"
WAIT = "touchpoints:wait"


def made_by(person: Person, clinic: Clinic, words: str = "Nobody says how long it takes.") -> Remark:
    return remarks.remark(actor=person, service=clinic.service, part=WAIT, field="expects", words=words)


@pytest.fixture
def victor(clinic: Clinic) -> Client:
    return browser_of(clinic.victor)


def test_nurse_chen_remarks_on_a_field_and_wu_resolves_and_reopens_it(clinic: Clinic) -> None:
    said = made_by(clinic.chen, clinic)
    about = {"remark": said.pk, "part": WAIT, "field": "expects"}
    remarks.resolve(actor=clinic.wu, remark=said)
    remarks.resolve(actor=clinic.mei, remark=said)
    kept = Remark.objects.get()
    assert (kept.by, kept.resolved_by, kept.words) == (clinic.chen, clinic.wu, "Nobody says how long it takes.")
    remarks.reopen(actor=clinic.victor, remark=kept)
    assert Remark.objects.get().resolved_at is None
    assert left_by(clinic.workspace) == [
        (number, who, verb, "service", None, about)
        for number, who, verb in (
            (1, "Chen", "remark"), (2, "Wu", "resolve_remark"), (3, "Victor", "reopen_remark"),
        )
    ]  # fmt: skip


def test_words_are_erased_by_whoever_wrote_them_or_edits_the_design_and_stand_nowhere_else(clinic: Clinic) -> None:
    said = made_by(clinic.mei, clinic, "Mr Lin of bed 4 said so.")
    with pytest.raises(Denied):
        remarks.erase(actor=clinic.victor, remark=said)
    remarks.erase(actor=clinic.mei, remark=said)
    assert Remark.objects.get().words == ""
    assert "Mr Lin" not in str(list(AuditEntry.objects.values()))
    remarks.erase(actor=clinic.wu, remark=made_by(clinic.mei, clinic))
    assert set(Remark.objects.values_list("words", flat=True)) == {""}


def test_what_is_sent_twice_is_kept_once(clinic: Clinic, victor: Client) -> None:
    token = str(uuid.uuid4())
    for _ in range(2):
        victor.post(f"{PAGE}make/", {"part": WAIT, "words": "Too few chairs", "token": token})
    assert Remark.objects.count() == 1


def test_a_remark_outlives_publishing_and_the_part_that_it_was_about(clinic: Clinic) -> None:
    made_by(clinic.chen, clinic)
    for edit in (Edit("set_text", WAIT, "title", "en", "The wait"), Edit("remove", WAIT)):
        draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
        assert drafts.publish_draft(actor=clinic.wu, draft=draft)
    shown = text_of(browser_of(clinic.olivia).get(PAGE))
    assert ("One remark is open, on one part." in shown, "Nobody says how long it takes." in shown) == (True, True)
    assert "touchpoints:wait (no longer in the design)" in shown
    with pytest.raises(DocumentError):
        made_by(clinic.chen, clinic)


@pytest.mark.parametrize(("part", "field"), [("touchpoints:none", ""), ("", ""), (WAIT, "no.such"), ("x" * 300, "")])
def test_there_is_nothing_to_say_about_what_is_not_there(clinic: Clinic, victor: Client, part: str, field: str) -> None:
    reply = victor.post(f"{PAGE}make/", {"part": part, "field": field, "words": "Hm"})
    assert (reply.status_code, Remark.objects.count()) == (302, 0)


def test_no_words_and_too_many_are_refused_and_said_so(clinic: Clinic, victor: Client) -> None:
    for words in ("  ", "x" * 2001):
        told = victor.post(f"{PAGE}make/", {"part": WAIT, "words": words}, follow=True)
        assert "A remark has between 1 and 2000 characters" in text_of(told)
    assert Remark.objects.count() == 0


@pytest.mark.parametrize("odd", ["a\0b", "\u202edesrever"])
def test_characters_that_nobody_reads_are_in_no_remark_and_in_no_name_of_a_part(
    clinic: Clinic, victor: Client, odd: str
) -> None:
    """A NUL is one that not every database can keep, or be asked for."""
    answer = victor.post(f"{PAGE}make/", {"part": WAIT, "words": f"Why {odd}?"}, follow=True)
    assert ("an invisible control character" in text_of(answer), Remark.objects.exists()) == (True, False)
    assert victor.get(PAGE, {"part": odd}).status_code == 404
    victor.post(f"{PAGE}make/", {"part": WAIT, "words": "Why?\r\n\tAnd when?"})
    assert Remark.objects.get().words == "Why?\n And when?"


def test_victor_reads_and_writes_remarks_on_the_page_of_a_part_and_sam_sees_nothing_of_them(
    clinic: Clinic, victor: Client
) -> None:
    made_by(clinic.chen, clinic, "<script>alert(1)</script>\nsecond line")
    page = victor.get(f"{PAGE}?part={WAIT}").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in page
    assert "Delete the text" not in page
    piece = victor.get(f"{PAGE}?part={WAIT}", headers={"hx-request": "true"}).content.decode()
    assert ("<h1>" in piece, "Add the remark" in piece) == (False, True)
    victor.post(f"{PAGE}{Remark.objects.get().pk}/", {"do": "resolve"})
    assert "No remark is open." in text_of(victor.get(PAGE))
    assert victor.get(f"{PAGE}?part=touchpoints:none").status_code == 404
    assert browser_of(clinic.sam).get(PAGE).status_code == 404


def test_whoever_edits_nothing_finds_the_touchpoint_to_remark_on(clinic: Clinic, victor: Client) -> None:
    page = victor.get(PAGE).content.decode()
    assert f'<option value="{WAIT}">Wait to be called</option>' in page
    assert 'name="words"' in victor.get(PAGE, {"part": WAIT}).content.decode()


def test_the_page_of_a_touchpoint_ends_with_its_remarks(clinic: Clinic) -> None:
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    made_by(clinic.chen, clinic)
    page = browser_of(clinic.wu).get("/w/harbour/outpatient/design/touchpoints/wait/").content.decode()
    assert re.search(r"Chen.*What the customer expects|Chen.*[Ee]xpects", page, re.DOTALL)
    assert "Nobody says how long it takes." in page
    assert "One open remark" in text_of(browser_of(clinic.wu).get("/w/harbour/outpatient/design/"))


def test_a_remark_on_what_stands_in_a_draft_alone_is_for_those_who_may_edit(clinic: Clinic, victor: Client) -> None:
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    part = {"id": "night-pharmacy", "title": {"en": "Night pharmacy"}}
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("add", "stages:consult", "touchpoints", value=part))
    about = "touchpoints:night-pharmacy"
    remarks.remark(actor=clinic.wu, service=clinic.service, part=about, field="", words="Not to be told before May.")
    of_wu = browser_of(clinic.wu)
    assert "Not to be told before May." in text_of(of_wu.get(PAGE))
    assert of_wu.get(PAGE, {"part": about}).status_code == 200
    assert "May" not in text_of(victor.get(PAGE))
    assert "night-pharmacy" not in victor.get(PAGE).content.decode()
    assert victor.get(PAGE, {"part": about}).status_code == 404


def test_whoever_may_not_edit_learns_nothing_of_a_remark_on_a_draft_by_doing_something_with_it(
    clinic: Clinic, victor: Client
) -> None:
    """The number of a remark is easily guessed: neither what is answered, nor where one is led, nor how many are open
    tells of it.
    """
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    part = {"id": "night-pharmacy", "title": {"en": "Night pharmacy"}}
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("add", "stages:consult", "touchpoints", value=part))
    about = "touchpoints:night-pharmacy"
    said = remarks.remark(actor=clinic.wu, service=clinic.service, part=about, words="Not to be told before May.")
    for who in (clinic.victor, clinic.chen, clinic.mei):
        told = [
            browser_of(who).post(f"{PAGE}{number}/", {"do": do})
            for number in (said.pk, 10**9)
            for do in ("resolve", "x")
        ]
        assert [(each.status_code, "pharmacy" in str(each.headers)) for each in told] == [(404, False)] * 4
        for verb in (remarks.resolve, remarks.reopen, remarks.erase):
            with pytest.raises(Missing):
                verb(actor=who, remark=said)
    assert Remark.objects.get().resolved_at is None
    assert "0 open remarks" in text_of(victor.get("/w/harbour/outpatient/design/"))
    assert "One open remark" in text_of(browser_of(clinic.wu).get("/w/harbour/outpatient/design/"))


def test_who_wrote_a_remark_and_may_edit_no_more_sees_of_drafts_no_more_either(clinic: Clinic) -> None:
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    part = {"id": "night-pharmacy", "title": {"en": "Night pharmacy"}}
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=Edit("add", "stages:consult", "touchpoints", value=part))
    about = "touchpoints:night-pharmacy"
    said = remarks.remark(actor=clinic.wu, service=clinic.service, part=about, words="Not to be told before May.")
    Membership.objects.filter(person=clinic.wu).update(role=Role.VIEWER)
    of_wu = browser_of(clinic.wu)
    assert "May" not in text_of(of_wu.get(PAGE))
    assert of_wu.post(f"{PAGE}{said.pk}/", {"do": "erase"}).status_code == 404
