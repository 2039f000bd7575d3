"""Presenting a journey: slides by their address, without a script; with one by keys, and a clock that goes on."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from peakend_web.design.actions import drafts
from tests.web.conftest import Clinic, browser_of
from tests.web.design.test_beginning import begun
from tests.web.people.test_workspaces import text_of

PRESENT = "/w/harbour/outpatient/design/present/"


@pytest.fixture
def victor(clinic: Clinic) -> Client:
    return browser_of(clinic.victor)


def test_victor_goes_through_the_slides_by_their_links(clinic: Clinic, victor: Client) -> None:
    page, titles = victor.get(PRESENT).content.decode(), []
    for _ in range(20):
        titles.append(re.search(r'<h1 id="slide-title">(.*?)</h1>', page)[1])  # type: ignore[index]
        on = re.search(r'rel="next" href="([^"]+)"', page)
        if not on:
            break
        page = victor.get(PRESENT + on[1].replace("&amp;", "&")).content.decode()
    assert titles[0] == "Outpatient visit · From worry to relief"
    assert re.findall(r"(\d+) / (\d+)</span>", page) == [(str(len(titles)),) * 2]


@pytest.mark.parametrize("asked", ["slide=0", "slide=99999", "slide=x", "slide=²", "lanes=none", "slide=9999999999"])
def test_whatever_slide_is_asked_for_there_is_one(clinic: Clinic, victor: Client, asked: str) -> None:
    assert victor.get(f"{PRESENT}?{asked}").status_code == 200


def test_lanes_are_offered_where_anything_is_said_in_them(clinic: Clinic, victor: Client) -> None:
    chips = re.compile(r'<a class="chip" href="[^"]*lanes=(\w+)')
    assert chips.findall(victor.get(PRESENT).content.decode()) == []
    draft, wu = drafts.open_draft(actor=clinic.wu, service=clinic.service), browser_of(clinic.wu)
    for field in ("customer", "fears"):
        edit = drafts.Edit("set_text", "touchpoints:wait", field, "en", "They sit down and listen.")
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    assert chips.findall(wu.get(PRESENT).content.decode()) == ["story", "blueprint", "moments", "all"]
    bare, _document = begun(browser_of(clinic.wu), centre="See the doctor")
    assert chips.findall(victor.get(f"/w/harbour/{bare.slug}/design/present/").content.decode()) == []


def test_a_journey_that_is_not_there_is_missing_and_sam_sees_none(clinic: Clinic, victor: Client) -> None:
    assert victor.get(f"{PRESENT}?journey=none").status_code == 404
    assert browser_of(clinic.sam).get(PRESENT).status_code == 404
    assert "End the presentation" in text_of(victor.get(PRESENT))
