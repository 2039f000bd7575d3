"""The faces of a design: what they show, and that what is edited in one is changed in all."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from peakend.service.edits import Edit
from peakend_web.design.actions import drafts
from peakend_web.design.faces import FACES
from peakend_web.design.queries import document_at
from peakend_web.models import Draft
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_live_journey import write
from tests.web.people.test_workspaces import text_of

from .test_studio import DESIGN, fields_of

FACE = f"{DESIGN}faces/"
MOMENTS, STANDARDS = f"{FACE}moments/", f"{FACE}standards/"


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


@pytest.fixture
def draft(clinic: Clinic) -> Draft:
    return drafts.open_draft(actor=clinic.wu, service=clinic.service)


def held(part: str) -> dict[str, object]:
    return document_at(Draft.objects.get(ended_at=None)).held(part).data


def form_of(browser: Client, page: str) -> dict[str, str]:
    """What the form of a page would send back untouched, its ticked boxes too."""
    shown = browser.get(page).content.decode()
    boxes = [re.findall(r'(\w+)="([^"]*)"', box) for box in re.findall(r'<input type="checkbox"[^>]* checked', shown)]
    ticked = {dict(box)["name"]: dict(box).get("value", "on") for box in boxes}
    return {name: html.unescape(value) for name, value in (fields_of(shown) | ticked).items()}


@pytest.mark.parametrize("slug", FACES)
def test_every_face_is_read_by_who_may_see_the_service_and_edited_by_who_may_edit_it(clinic: Clinic, slug: str) -> None:
    looked = browser_of(clinic.victor).get(f"{FACE}{slug}/")
    assert (looked.status_code, "<form" in looked.content.decode().partition("<main")[2]) == (200, False)
    assert "Edit" in text_of(browser_of(clinic.wu).get(f"{FACE}{slug}/"))
    if slug != "ring":
        assert browser_of(clinic.victor).post(f"{FACE}{slug}/edit/", {"do": "mark"}).status_code == 403
    assert browser_of(clinic.sam).get(f"{FACE}{slug}/").status_code == 404


def test_an_empty_face_teaches_with_an_example(clinic: Clinic) -> None:
    shown = text_of(browser_of(clinic.victor).get(MOMENTS))
    assert "A moment of truth is a touchpoint that decides how the whole is judged." in shown
    assert "You are fourth, about twenty minutes." in shown


def test_edit_begins_a_draft_and_leads_back_to_the_face(clinic: Clinic, wu: Client) -> None:
    reply = wu.post(f"{DESIGN}begin/", {"face": "moments"})
    assert (reply.headers["Location"], Draft.objects.count()) == (MOMENTS, 1)
    assert wu.post(f"{DESIGN}begin/", {"face": "//evil"}).headers["Location"] == DESIGN


def test_a_moment_of_truth_edited_in_the_register_is_changed_on_the_map_and_the_other_way_round(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    """Acceptance 37."""
    wu.post(f"{MOMENTS}edit/", {"do": "mark", "part": "touchpoints:wait"})
    on_the_register, on_the_map = f"{MOMENTS}touchpoints:wait/?lang=en", f"{DESIGN}touchpoints/wait/?lang=en"
    sent = form_of(wu, on_the_register)
    wu.post(on_the_register, {**sent, "moment_of_truth-trigger": "Twenty minutes without a word"})
    assert form_of(wu, on_the_map)["moment_of_truth-trigger"] == "Twenty minutes without a word"
    wu.post(on_the_map, {**form_of(wu, on_the_map), "moment_of_truth-trigger": "Nobody looks up"})
    assert form_of(wu, on_the_register)["moment_of_truth-trigger"] == "Nobody looks up"
    assert "Nobody looks up" in text_of(wu.get(MOMENTS))
    wu.post(f"{MOMENTS}edit/", {"do": "unmark", "part": "touchpoints:wait"})
    assert "moment_of_truth" not in held("touchpoints:wait")
    wu.post(f"{DESIGN}undo/", {"face": "moments"})
    assert held("touchpoints:wait")["moment_of_truth"] == {"trigger": {"en": "Nobody looks up"}}


def test_moments_stand_in_the_order_of_what_their_failures_weigh(clinic: Clinic, wu: Client, draft: Draft) -> None:
    for point, weight in (("register", 1), ("wait", 10)):
        edits = (
            Edit("set_value", f"touchpoints:{point}", "moment_of_truth", value={}),
            Edit("add", "document:", "failures", value={"id": f"f-{point}", "title": {"en": point}}),
            Edit("link", f"touchpoints:{point}", "fails", value=f"f-{point}"),
        )
        for edit in edits:
            drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
        set_of = Edit(
            "add", "document:", "indicators", value={"since": "2026-01-01", "weights": {f"f-{point}": weight}}
        )
        more = Edit("set_value", "indicators:2026-01-01", f"weights.f-{point}", value=weight)
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=set_of if point == "register" else more)
    titles = re.findall(r"<h3>(.*?)</h3>", wu.get(MOMENTS).content.decode().partition('id="peak-and-end"')[0])
    assert titles == ["Wait to be called", "Register"]


def test_a_standard_is_added_measured_and_taken_back_with_its_promise(clinic: Clinic, wu: Client, draft: Draft) -> None:
    asked = {"do": "add", "part": "touchpoints:wait", "list": "standards", "text": "Called within 15 minutes"}
    assert wu.post(f"{STANDARDS}edit/", asked).headers["Location"] == STANDARDS
    page = f"{STANDARDS}touchpoints:wait/?lang=en"
    name = "standards:called-within-15-minutes|"
    changed = {f"{name}measure-minutes_at_most": "15", f"{name}measure-share_at_least": "90", f"{name}freedom": "fixed"}
    wu.post(page, {**form_of(wu, page), **changed, "new-promises": "You keep your place"})
    part = held("touchpoints:wait")
    assert part["standards"] == [
        {
            "id": "called-within-15-minutes",
            "text": {"en": "Called within 15 minutes"},
            "measure": {"minutes_at_most": 15.0, "share_at_least": 0.9},
            "freedom": "fixed",
        }
    ]
    assert "Called within 15 minutes (Fixed, can be measured)" in text_of(wu.get(STANDARDS))
    wu.post(page, {**form_of(wu, page), f"{name}text": "", "promises:you-keep-your-place|text": ""})
    assert {"standards", "promises"} & held("touchpoints:wait").keys() == set()


def test_a_single_standard_is_edited_where_it_stands_and_goes_with_its_words(
    clinic: Clinic, wu: Client, draft: Draft
) -> None:
    single = Edit("set_value", "touchpoints:wait", "standard", value={"text": {"en": "Called in turn"}})
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=single)
    page = f"{STANDARDS}touchpoints:wait/?lang=en"
    assert "Standard, 1 of 1" in text_of(wu.get(page))
    wu.post(page, {**form_of(wu, page), "standard-text": "Called in the order of the slips"})
    assert held("touchpoints:wait")["standard"] == {"text": {"en": "Called in the order of the slips"}}
    wu.post(page, {**form_of(wu, page), "standard-text": ""})
    assert "standard" not in held("touchpoints:wait")


@pytest.mark.parametrize("slug", [slug for slug in FACES if slug not in {"ring", "senses"}])
@pytest.mark.parametrize(
    "asked", [{}, {"do": "mark", "part": "stakeholders:head-nurse"}, {"do": "add"}, {"do": "\x00", "part": "x"}]
)
def test_nonsense_on_a_face_is_refused_by_its_status_and_what_was_typed_is_kept(
    clinic: Clinic, wu: Client, draft: Draft, slug: str, asked: dict[str, str]
) -> None:
    assert wu.post(f"{FACE}{slug}/edit/", asked).status_code == 422
    assert Draft.objects.get().seq == 0


def test_what_was_typed_into_a_form_that_is_refused_comes_back(clinic: Clinic, wu: Client, draft: Draft) -> None:
    asked = {"do": "add", "part": "touchpoints:gone", "list": "standards", "text": "Told <b>why</b>"}
    reply = wu.post(f"{STANDARDS}edit/", asked)
    assert (reply.status_code, "Told &lt;b&gt;why&lt;/b&gt;</textarea>" in reply.content.decode()) == (422, True)


def test_a_form_that_is_sent_twice_adds_once(clinic: Clinic, wu: Client, draft: Draft) -> None:
    (token, *_rest) = re.findall(r'name="token" value="([^"]+)"', wu.get(STANDARDS).content.decode())
    asked = {"do": "add", "part": "touchpoints:wait", "list": "promises", "text": "Your place is kept", "token": token}
    for _ in range(2):
        wu.post(f"{STANDARDS}edit/", asked)
    assert held("touchpoints:wait")["promises"] == [{"id": "your-place-is-kept", "text": {"en": "Your place is kept"}}]


def test_the_dimensions_that_are_asked_about_stand_beside_the_senses_where_the_document_binds_them(
    clinic: Clinic, wu: Client
) -> None:
    """And an empty sense stays the finding."""
    assert "Dimensions asked here" not in text_of(wu.get(f"{FACE}senses/"))
    bound = OUTPATIENT.replace(
        "constructs:\n",
        """constructs:
  - {id: tangibles, title: {en: Tangibles, zh-Hant: 有形性, zh-Hans: 有形性}}
  - {id: chairs, touchpoint: wait, dimension: tangibles, title: {en: Chairs, zh-Hant: 座椅, zh-Hans: 座椅}}
""",
        1,
    )
    write(clinic.service, bound)
    said = text_of(wu.get(f"{FACE}senses/"))
    assert "Touch Dimensions asked here" in said
    assert "Wait to be called Nothing yet Nothing yet Nothing yet Nothing yet Nothing yet Tangibles" in said
    assert "Register Nothing yet Nothing yet Nothing yet Nothing yet Nothing yet –" in said
