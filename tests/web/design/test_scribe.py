"""Files and texts that people bring are read beside the server: what they cost, they cost whoever brought them."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from peakend.documents.problems import InvalidDocument
from peakend.errors import FormatError
from peakend.formats.service_book import write_book
from peakend.formats.service_files import Into, read_file
from peakend.service import as_data, check, loads
from peakend.service.bounds import MOST_IN_LIST
from peakend.service.document import dump, of_data
from peakend_web.design.actions import drafts, versions
from peakend_web.design.scribe import scribe
from peakend_web.models import Service, ServiceVersion
from tests.service.ward import WARD
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.design.editor import long_service

LONG = long_service()
LONGEST = f"{OUTPATIENT}# {'x' * scribe.SHORT}\n"


def test_what_is_read_and_written_beside_the_server_is_what_the_library_reads_and_writes() -> None:
    service = loads(LONG)
    assert len(LONG) > scribe.SHORT
    assert scribe.read_text(LONG, 1) == service
    assert scribe.yaml_of(service, LONG, 1) == dump(service, base=LONG)
    assert scribe.problems_in(LONG, 1) == tuple(check(LONG))
    book, into = write_book(loads(WARD)), Into("en", loads(OUTPATIENT), ("en",), frozenset({"touchpoints:wait"}))
    assert scribe.read_file(book, "ward.xlsx", into, 1) == read_file(book, "ward.xlsx", into)
    names = b"Stage,Step\nArrive,Park\nArrive,Register\n"
    assert scribe.read_file(names, "steps.csv", into, 1) == read_file(names, "steps.csv", into)


def test_what_is_wrong_is_told_with_its_place_as_the_library_tells_it() -> None:
    wrong = LONG.replace("planned: 5", "planned: 9").replace("service: long", "servise: long")
    with pytest.raises(InvalidDocument) as here:
        versions.read_text(wrong, 1)
    assert {problem.id for problem in here.value.problems} >= {"document.unknown_key", "document.missing_key"}
    assert all(problem.line for problem in here.value.problems)
    with pytest.raises(FormatError) as refused:
        scribe.read_file(b"PK\x03\x04 and no more", "x.xlsx", Into(), 1)
    assert refused.value.id == "format.damaged"


def test_a_file_that_ends_the_program_that_reads_it_ends_nothing_else(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    scribe.read_text(LONG, 1)
    for pid in scribe.beside.pids:
        os.kill(pid, signal.SIGSTOP)
    threading.Thread(target=kill_at_work).start()
    told = wu.post("/w/harbour/services/import/", {"file": SimpleUploadedFile("a.yaml", OUTPATIENT.encode())})
    assert "could not be read or written in time" in told.content.decode()
    again = wu.post("/w/harbour/services/import/", {"file": SimpleUploadedFile("a.yaml", OUTPATIENT.encode())})
    assert again.status_code == 200


def kill_at_work() -> None:
    """Kill the processes once one of them has something to do."""
    known = {process.pid for process in list(scribe.beside._free.queue) if process}
    until = time.monotonic() + 30
    while time.monotonic() < until and {process.pid for process in list(scribe.beside._free.queue) if process} == known:
        time.sleep(0.01)
    for pid in list(scribe.beside.pids):
        os.kill(pid, signal.SIGKILL)


def test_nothing_is_held_while_a_document_is_read_or_written(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite one transaction writes at a time: whoever reads a document in it keeps everybody's answers waiting."""
    within: list[int] = []
    depth = len(connection.savepoint_ids)

    def note(name: str) -> None:
        plain = getattr(scribe, name)

        def noted(*given: object) -> object:
            within.append(len(connection.savepoint_ids) - depth)
            return plain(*given)

        for module in (versions, drafts):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, noted)

    note("read_text")
    note("yaml_of")
    saved = versions.save_service_version(
        actor=clinic.wu, workspace=clinic.workspace, text=LONGEST, service=clinic.service
    )
    drafts_of(clinic)
    versions.put_in_force(actor=clinic.wu, version=saved)
    assert within == [0, 0, 0]


def drafts_of(clinic: Clinic) -> ServiceVersion | None:
    """A draft with one change, published."""
    service = Service.objects.get(pk=clinic.service.pk)
    draft = drafts.open_draft(actor=clinic.wu, service=service)
    edit = drafts.Edit("set_text", "touchpoints:wait", "title", "en", "Wait with a number")
    drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    return drafts.publish_draft(actor=clinic.wu, draft=draft)


def test_a_long_version_is_looked_at_once_however_often_its_page_is_opened(clinic: Clinic) -> None:
    versions.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=LONGEST, service=clinic.service)
    victor = browser_of(clinic.victor)
    assert victor.get("/w/harbour/outpatient/versions/").status_code == 200
    begun = time.monotonic()
    for pid in scribe.beside.pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert victor.get("/w/harbour/outpatient/versions/").status_code == 200
    finally:
        for pid in scribe.beside.pids:
            os.kill(pid, signal.SIGCONT)
    assert time.monotonic() - begun < 10


# --- a draft is no larger than is read --------------------------------------------------------------------------------


def test_a_draft_becomes_no_larger_than_a_document_that_is_read(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    words = {"en": "x" * 3_900}
    points = [{"id": f"p-{n}", "title": {"en": "P"}, "thinks": words, "expects": words} for n in range(140)]
    stage = {"id": "many", "title": {"en": "Many"}, "touchpoints": points}
    edit = drafts.Edit("add", "journeys:visit", "stages", value=stage)
    with pytest.raises(drafts.DocumentError) as told:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    assert told.value.id == "document.large"
    keys = ("frontstage", "standards", "promises")
    steps = {n: {key: [{"id": f"{key}-{n}-{at}", "text": {"en": "S"}} for at in range(10)] for key in keys}
             for n in range(145)}  # fmt: skip
    small = [{"id": f"p-{n}", "title": {"en": "P"}, **steps[n]} for n in steps]
    edit = drafts.Edit("add", "journeys:visit", "stages", value={**stage, "touchpoints": small})
    with pytest.raises(drafts.Conflict) as told_of_parts:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=edit)
    assert told_of_parts.value.id == "web.draft_parts"
    half = {**stage, "touchpoints": points[:75]}
    other = {**stage, "id": "more", "touchpoints": [{**point, "id": f"q-{point['id']}"} for point in points[:75]]}
    for verb, target, value in (
        ("add", "journeys:visit", half),
        ("remove", "stages:many", None),
        ("add", "journeys:visit", other),
    ):
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=drafts.Edit(verb, target, "stages", value=value))
    with pytest.raises(drafts.DocumentError) as told_of_return:
        drafts.restore_part(actor=clinic.wu, draft=draft, target="stages:many")
    assert told_of_return.value.id == "document.large"
    assert wu.get("/w/harbour/outpatient/design/").status_code == 200


def test_a_design_that_was_kept_before_there_were_limits_is_read_and_says_what_is_too_much_of_it(
    clinic: Clinic,
) -> None:
    data, wu = as_data(loads(OUTPATIENT)), browser_of(clinic.wu)
    data["sites"] = [{"id": f"site-{at}", "title": {"en": "Site", "zh-Hant": "據點"}} for at in range(MOST_IN_LIST + 1)]
    ServiceVersion.objects.filter(pk=clinic.service.current_id).update(document=data, text=dump(of_data(data)))
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    shown = wu.get("/w/harbour/outpatient/design/").content.decode()
    assert f"The list has {MOST_IN_LIST + 1} entries; at most {MOST_IN_LIST} have room in one." in shown
    assert "made smaller" in shown
    more = drafts.Edit("add", "document:", "sites", value={"id": "one-more", "title": {"en": "Site"}})
    with pytest.raises(drafts.DocumentError) as added:
        drafts.edit_draft(actor=clinic.wu, draft=draft, edit=more)
    drafts.edit_draft(
        actor=clinic.wu, draft=draft, edit=drafts.Edit("set_text", "touchpoints:wait", "title", "en", "Waiting")
    )
    with pytest.raises(InvalidDocument) as published:
        drafts.publish_draft(actor=clinic.wu, draft=draft)
    assert (added.value.id, [problem.id for problem in published.value.problems]) == (
        "document.long_list", ["document.long_list"],
    )  # fmt: skip


def test_no_version_is_kept_that_nobody_could_read_again(clinic: Clinic) -> None:
    with pytest.raises(InvalidDocument) as told:
        versions.add_version(clinic.service, loads(OUTPATIENT), "x" * 1_100_000, "", clinic.wu)
    assert [problem.id for problem in told.value.problems] == ["document.large"]


@pytest.mark.parametrize("word", ["a\0b", "a\x1bb", "\u202eabc", "x" * 201])
def test_a_value_that_is_in_no_language_holds_nothing_that_no_database_keeps(word: str) -> None:
    data = as_data(loads(WARD))
    for part, key in ((data["personas"][0], "segment"), (data["kpis"][0], "options")):
        for given in ({word: "first"}, {"visit-number": word}):
            was, part[key] = part[key], given
            with pytest.raises(InvalidDocument):
                of_data(data)
            part[key] = was
