"""A design as files: taken away in every form, and brought in with what would change said before anything is saved."""

from __future__ import annotations

import html
import json
import re
from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from peakend.formats.service_book import read_book, write_book
from peakend.formats.service_files import read_file
from peakend.service import ServiceDocument, loads
from peakend.service.document import as_data, dump, of_data
from peakend_web.design.actions import drafts
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Draft, Service, ServiceVersion
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.people.test_workspaces import text_of

VERSIONS = "/w/harbour/outpatient/versions/"
IMPORT = f"{VERSIONS}import/"


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


def send(browser: Client, name: str, data: bytes | str, address: str = IMPORT) -> Any:
    body = data if isinstance(data, bytes) else data.encode()
    return browser.post(address, {"file": SimpleUploadedFile(name, body)})


def confirm(browser: Client, page: str) -> Any:
    """What the button of a preview posts."""
    action = re.search(r'<form method="post" action="([^"]+)" enctype', page)
    text = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    base = re.search(r'name="base" value="(\d+)"', page)
    assert action
    assert text
    assert base
    given = {"text": html.unescape(text[1]), "base": base[1], "note": "From a file"}
    return browser.post(html.unescape(action[1]), given)


def current(clinic: Clinic) -> ServiceVersion:
    kept = Service.objects.get(pk=clinic.service.pk).current
    assert kept
    return kept


def test_victor_takes_a_version_away_in_every_form(clinic: Clinic) -> None:
    victor = browser_of(clinic.victor)
    book = victor.get(f"{VERSIONS}1/design.xlsx")
    assert book.headers["Content-Disposition"] == 'attachment; filename="outpatient-1.xlsx"'
    assert read_book(book.content) == loads(OUTPATIENT)
    assert loads(victor.get(f"{VERSIONS}1/design.json").content) == loads(OUTPATIENT)
    assert victor.get(f"{VERSIONS}1/design.mmd").content.startswith(b"journey\n    title ")
    svg = victor.get(f"{VERSIONS}1/design.svg").content.decode()
    assert svg.startswith("<svg")
    assert not any(word in svg for word in ("var(", "<style", "style="))
    shown = text_of(victor.get(VERSIONS))
    assert "SVG is a ZIP" not in shown
    assert "A Mermaid journey holds stages, touchpoints, planned emotion" in shown


def test_the_maps_of_several_journeys_are_taken_away_together_and_the_page_says_so(clinic: Clinic, wu: Client) -> None:
    data = as_data(loads(OUTPATIENT))
    second = deepcopy(data["journeys"][0]) | {"id": "again"}
    rename_all(second)
    data["journeys"].append(second)
    text = dump(of_data(data))
    save_service_version(actor=clinic.wu, workspace=clinic.workspace, service=clinic.service, text=text, base=1)
    answer = wu.get(f"{VERSIONS}2/design.svg")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="outpatient-2.zip"'
    assert answer.content == wu.get(f"{VERSIONS}2/design.svg").content
    with ZipFile(BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert names == [f"outpatient-2-{journey['id']}.svg" for journey in data["journeys"]]
        assert all(archive.read(name).startswith(b"<svg") for name in names)
    assert "SVG is a ZIP with the maps of all 2 journeys" in text_of(wu.get(VERSIONS))


def rename_all(part: Any) -> None:
    """Give everything in a journey an id of its own."""
    for stage in part["stages"]:
        stage["id"] += "-again"
        for point in stage["touchpoints"]:
            for key in ("promise", "promises", "standard", "standards", "frontstage", "backstage", "support"):
                point.pop(key, None)
            point["id"] += "-again"


def test_the_draft_is_taken_away_by_who_may_make_it_and_by_nobody_else(clinic: Clinic, wu: Client) -> None:
    assert wu.get("/w/harbour/outpatient/design/draft.yaml").status_code == 404
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    for ending in ("yaml", "json", "xlsx"):
        body = wu.get(f"/w/harbour/outpatient/design/draft.{ending}").content
        assert read_file(body, f"draft.{ending}").service.title == loads(OUTPATIENT).title
    assert "draft.xlsx" in wu.get(VERSIONS).content.decode()
    victor = browser_of(clinic.victor)
    assert victor.get("/w/harbour/outpatient/design/draft.yaml").status_code == 403
    assert "draft.xlsx" not in victor.get(VERSIONS).content.decode()


def test_wu_changes_a_workbook_sees_what_would_change_and_saves_it(clinic: Clinic, wu: Client) -> None:
    changed = loads(OUTPATIENT.replace("Wait to be called", "Wait with a number"))
    page = send(wu, "outpatient.xlsx", write_book(changed, "zh-Hant"))
    assert (page.status_code, current(clinic).number) == (200, 1)
    shown = text_of(page)
    assert "The file would change one thing in" in shown
    assert "“Wait to be called” → “Wait with a number”" in shown
    saved = confirm(wu, page.content.decode())
    assert saved.headers["Location"] == VERSIONS
    assert (current(clinic).number, current(clinic).note) == (2, "From a file")
    assert loads(current(clinic).text) == changed
    remarks = [line for line in OUTPATIENT.splitlines() if line.lstrip().startswith("#")]
    assert [line for line in remarks if line not in current(clinic).text] == []


def test_a_file_that_says_the_same_saves_nothing(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "outpatient.yaml", OUTPATIENT)
    assert "There is nothing to save." in text_of(page)
    assert 'name="text"' not in page.content.decode()


def test_a_list_of_names_stands_for_the_journey_alone(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "steps.csv", "階段,接觸點\nArrive,Register\nArrive,Wait to be called\nArrive,Triage\n")
    shown = text_of(page)
    assert "Added: touchpoint “Triage” in stage “Arrive”." in shown
    assert "Removed: stage" in shown
    assert current(clinic).number == 1


def test_the_preview_names_every_row_that_is_not_taken_over_as_it_stands_and_saves_nothing(
    clinic: Clinic, wu: Client
) -> None:
    page = send(wu, "steps.csv", "Stage,Touchpoint,Owner\nArrive,Register,Chen\nArrive,register,\nRest,,\n")
    shown = text_of(page)
    assert "3 places in the file are not imported as they stand" in shown
    assert (
        "line 1 The column “Owner” with 1 cell is not read. Only stages and touchpoints are read from a list." in shown
    )
    assert "line 3 “register” appears again. It becomes a separate touchpoint." in shown
    assert "line 4 The stage “Rest” has no touchpoint. It becomes an empty stage." in shown
    assert (current(clinic).number, Draft.objects.count()) == (1, 0)
    refused = send(wu, "steps.csv", "a,b,c\nArrive,Register,x\n")
    assert (refused.status_code, current(clinic).number) == (422, 1)
    assert "not taken over" not in text_of(refused)


def test_somebody_saved_meanwhile_and_nothing_is_lost(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "a.yaml", OUTPATIENT.replace("Wait to be called", "Wait with a number")).content.decode()
    later = OUTPATIENT.replace("Outpatient visit", "Visit to the clinic")
    browser_of(clinic.olivia).post(f"{VERSIONS}new/", {"text": later, "base": "1"})
    answer = confirm(wu, page)
    assert (answer.status_code, current(clinic).number) == (409, 2)
    assert "Wait with a number" in answer.content.decode()


@pytest.mark.parametrize(("name", "slug"), [("Dialysis", "dialysis"), ("People", "people-2")])
def test_a_service_begins_with_a_list_of_steps_under_a_name_that_no_page_of_the_workspace_has(
    clinic: Clinic, wu: Client, name: str, slug: str
) -> None:
    page = send(
        wu, f"{name}.txt", "# Come\nPark the car −2\nRegister\n# Treatment\nNeedle\n", "/w/harbour/services/import/"
    )
    assert "3 touchpoints in 2 stages" in text_of(page)
    assert 'aria-label="Journey map"' in page.content.decode()
    assert "What changed" not in text_of(page)
    assert not Service.objects.filter(slug=slug).exists()
    confirm(wu, page.content.decode())
    made = Service.objects.get(slug=slug, workspace=clinic.workspace)
    assert made.current
    document = ServiceDocument.model_validate(made.current.document)
    assert [(point.title["en"], point.emotion and point.emotion.planned) for point in document.touchpoints] == [
        ("Park the car", -2), ("Register", None), ("Needle", None),
    ]  # fmt: skip


def test_what_a_list_leaves_out_is_counted_before_anything_is_saved(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "list.txt", "# Come\nWait to be called\n")
    assert "The file does not have these, so they would be removed: stage × 2, touchpoint × 2" in text_of(page)


def test_a_document_of_a_service_that_is_there_becomes_its_next_version(clinic: Clinic, wu: Client) -> None:
    changed = OUTPATIENT.replace("Wait to be called", "Wait with a number")
    page = send(wu, "a.yaml", changed, "/w/harbour/services/import/")
    assert "The file would change one thing in" in text_of(page)
    assert confirm(wu, page.content.decode()).headers["Location"] == VERSIONS


def test_a_file_of_another_service_is_refused(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "a.yaml", OUTPATIENT.replace("service: outpatient", "service: ward"))
    assert page.status_code == 422
    assert "This document is of the service “ward”; here it is “outpatient”." in text_of(page)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.yaml", OUTPATIENT.replace("  - id", "\t- id", 1).encode(), "line "),
        ("a.yaml", OUTPATIENT.replace("kind: nps", "kind: npss").encode(), "line "),
        ("a.mmd", b"journey\n  <script>alert(1)</script>: 3\n", "Line 2 holds markup"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.svg", b"<svg onload='alert(1)'/>", "SVG"),
        ("a.txt", b"\x00\x01", ""),
        ("a.txt", b"   ", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place_and_what_to_do(
    clinic: Clinic, wu: Client, name: str, body: bytes, said: str
) -> None:
    page = send(wu, name, body)
    assert (page.status_code, current(clinic).number) == (422, 1)
    assert page.context["problems"] or page.context["form"].errors
    assert said in text_of(page)
    assert "<script>alert" not in page.content.decode()


def test_a_hostile_name_is_inert_in_the_preview(clinic: Clinic, wu: Client) -> None:
    page = send(wu, "steps.txt", "# Come\n</textarea><script>alert(1)</script>\n").content.decode()
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_victor_may_not_import(clinic: Clinic) -> None:
    assert browser_of(clinic.victor).get(IMPORT).status_code == 403
    assert send(browser_of(clinic.victor), "a.yaml", OUTPATIENT).status_code == 403
    assert json.loads(browser_of(clinic.victor).get(f"{VERSIONS}1/design.json").content)["service"] == "outpatient"
    assert Draft.objects.count() == 0
