"""Imports and removals: how each file stands, what would go before it goes, and that it is gone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from peakend import nps
from peakend_web.asking.actions import publish_survey
from peakend_web.listening.actions import imports
from peakend_web.models import Answer, ApiKey, Import, Membership, TakeBack
from peakend_web.people.actions import keys
from peakend_web.store import columnar, door
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.listening.test_imports import bring, of_the_till

DATA = "/w/harbour/outpatient/data/"
TAKE = DATA + "take-back/"


def text(who: Any, path: str) -> str:
    return browser_of(who).get(path, headers={"accept-language": "en"}).content.decode()


def file(clinic: Clinic, name: str, status: str, **more: Any) -> Import:
    values = {"total": 400_000, "written": 4_000, "by": clinic.mei, **more}
    return Import.objects.create(
        workspace=clinic.workspace, service=clinic.service, name=name, digest=name, status=status, **values
    )


def test_every_file_says_how_it_stands(clinic: Clinic) -> None:
    assert "No file was imported yet" in text(clinic.mei, DATA)
    file(clinic, "march.csv", "done", counted_seq=0, repeated=12)
    file(clinic, "april.csv", "running")
    dead = file(clinic, "may.csv", "running")
    Import.objects.filter(pk=dead.pk).update(moved_at=timezone.now() - timedelta(minutes=5))
    file(clinic, "june.csv", "cancelled")
    file(clinic, "july.csv", "failed")
    file(clinic, "august.csv", "stopped")
    shown = text(clinic.mei, DATA)
    wanted = [
        "Imported: 4,000 new rows, 12 there already.",
        "Importing: 4,000 of 400,000 rows. None counts yet.",
        "Interrupted: the import stopped. Nothing of it counts; import the same file again.",
        "Cancelled. Nothing of it counts.",
        "Failed. Nothing of it counts; import it again.",
    ]
    for said in wanted:
        assert said in shown, said
    assert browser_of(clinic.victor).get(DATA).status_code == 403


def test_a_running_file_is_cancelled_and_a_dead_one_cleaned_up_on_the_page(clinic: Clinic) -> None:
    dead = file(clinic, "may.csv", "running")
    Answer.objects.count()
    Import.objects.filter(pk=dead.pk).update(moved_at=timezone.now() - timedelta(minutes=5))
    reply = browser_of(clinic.mei).post(f"{DATA}{dead.pk}/cancel/")
    assert (reply.status_code, Import.objects.get().status, Import.objects.get().written) == (302, "cancelled", 0)
    assert browser_of(clinic.mei).post(f"{DATA}{dead.pk}/cancel/").status_code == 409
    assert browser_of(clinic.sam).post(f"{DATA}{dead.pk}/cancel/").status_code == 404


def test_wu_sees_what_would_go_and_what_it_does_to_the_figures_and_then_it_is_gone(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(10, 12) + rate("wait", 4, 3))
    deliver(clinic.service, recommend(0, 20, source="kiosk-7", site="west"))
    assert [(row.n, row.value) for row in nps(door.facts(clinic.wu, clinic.service))] == [(32, -25.0)]
    looked_for = ("20 rows of kiosk-7 will be removed.", "After your visit", "−25.0", "100.0", "West", "2 Nov 2026")
    for who, told in ((clinic.olivia, [True] * 6), (clinic.wu, [True, True, False, False, False, False])):
        shown = text(who, f"{TAKE}?source=kiosk-7")
        assert [part in shown for part in looked_for] == told, (
            "live figures, days and sites are for those who may take rows"
        )
    assert Answer.objects.count() == 35, "a look changes nothing"
    reply = browser_of(clinic.wu).post(TAKE, {"source": "kiosk-7"}, follow=True, headers={"accept-language": "en"})
    assert "20 rows were taken back. They count nowhere now." in reply.content.decode()
    assert [(row.n, row.value) for row in nps(door.facts(clinic.wu, clinic.service))] == [(12, 100.0)]
    assert (Answer.objects.count(), columnar.verify(clinic.workspace.pk)) == (15, [])
    assert left_by(clinic.workspace)[-1][1:] == (
        "Wu",
        "take_back",
        "takeback",
        {"service": "outpatient", "rows": 20},
        None,
    )
    assert "Nothing will be removed" in text(clinic.wu, f"{TAKE}?source=kiosk-7")


def figures(page: str) -> list[list[str]]:
    """The rows of the table of figures, as a reader meets them."""
    table = page.partition("<caption>What it does to the figures</caption>")[2].partition("</table>")[0]
    return [
        re.findall(r"[^<>]+(?=</t[hd]|<br|</span)", row)
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("</thead>")[2])
    ]


def test_every_headline_figure_that_changes_is_shown_with_and_without_the_rows_and_no_other(clinic: Clinic) -> None:
    effort = {"item": "ease", "construct": "ces", "low": 1.0, "high": 7.0}
    gone = {"source": "kiosk-7", "site": "west"}
    deliver(clinic.service, recommend(10, 12) + rate("wait", 4, 12) + rate("consult", 5, 12) + rate("csat", 5, 12))
    deliver(clinic.service, [{**effort, "value": 7.0} for _ in range(12)])
    deliver(
        clinic.service,
        rate("wait", 2, 12, **gone)
        + rate("csat", 3, 12, **gone)
        + [{**effort, "value": 1.0, **gone} for _ in range(4)],
    )
    shown = text(clinic.olivia, f"{TAKE}?source=kiosk-7")
    assert figures(shown) == [
        ["Customer satisfaction", "4.00", "n 24", "5.00", "n 12"],
        ["Customer effort score", "5.50", "n 16", "7.00", "n 12"],
        ["Wait to be called", "3.00", "n 24", "4.00", "n 12"],
    ]
    deliver(clinic.service, [remark("wait", "Long.", source="till")])
    assert "None of the headline figures" in text(clinic.olivia, f"{TAKE}?source=till")
    assert "shown to owners and analysts" in text(clinic.wu, f"{TAKE}?source=kiosk-7")


def test_a_look_at_what_would_go_is_written_with_the_marks_of_the_reader(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        rate("wait", 4, 1, source="kiosk-7", site="west") + rate("wait", 4, 1, source="kiosk-7", site="east"),
    )
    for language, joined in (("en", ("East, West", ": 4 ·")), ("zh-hant", ("東院、西院", "：4 ·"))):
        type(clinic.olivia).objects.filter(pk=clinic.olivia.pk).update(language=language)
        shown = browser_of(clinic.olivia).get(f"{TAKE}?source=kiosk-7").content.decode()
        assert [part for part in joined if part not in shown] == []


def test_a_look_at_what_would_go_tells_who_may_not_take_rows_nothing_about_few(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(10, 32))
    deliver(clinic.service, recommend(0, 1, source="till", source_key="mrs-lin") + recommend(0, 4, source="till"))
    for who, told in ((clinic.wu, [False, False]), (clinic.olivia, [True, True])):
        shown = text(who, f"{TAKE}?source=till&source_key=mrs-lin")
        many = "1 row" if who == clinic.olivia else "&lt; 5 rows"
        assert (
            f"{many} of till mrs-lin will be removed." in shown,
            ["What it does to the figures" in shown, "The first of them" in shown],
        ) == (
            True,
            told,
        )


def test_one_row_is_taken_back_by_its_source_and_key_and_the_trail_does_not_name_it(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        recommend(10, 1, source="till", source_key="mrs-lin") + recommend(9, 1, source="till", source_key="mr-wang"),
    )
    assert browser_of(clinic.wu).post(TAKE, {"source": "till", "source_key": "mrs-lin"}).status_code == 302
    assert list(Answer.objects.values_list("source_key", flat=True)) == ["mr-wang"]
    assert left_by(clinic.workspace)[-1][4] == {"service": "outpatient", "rows": 1, "one": True}


def test_a_source_that_names_a_person_is_kept_neither_where_it_is_taken_back_nor_in_the_trail(clinic: Clinic) -> None:
    name = "wang.daming@example.com"
    deliver(clinic.service, recommend(10, 3, source=name))
    wu, olivia = browser_of(clinic.wu), browser_of(clinic.olivia)
    assert wu.post(TAKE, {"source": name}).status_code == 302
    pages = [wu.get(DATA), olivia.get("/w/harbour/audit/", headers={"accept-language": "en"})]
    assert [name in page.content.decode() for page in pages] == [False, False]
    assert "Rows of one source" in pages[0].content.decode()
    assert "Wu took back what came from “one source”: 3 rows." in pages[1].content.decode()


def test_an_import_whose_rows_went_by_their_source_says_so_and_comes_in_again_with_the_time_of_then(
    clinic: Clinic,
) -> None:
    done = bring(clinic, of_the_till(0, 10))
    long_ago = timezone.now() - timedelta(days=30)
    Import.objects.filter(pk=done.pk).update(started_at=long_ago)
    browser_of(clinic.wu).post(TAKE, {"source": "till", "source_key": "3"})
    assert "9 of 10 rows remain; the others were taken back." in text(clinic.wu, DATA)
    browser_of(clinic.wu).post(TAKE, {"source": "till"})
    shown = text(clinic.wu, DATA)
    assert (Import.objects.get().status, "Taken back. Nothing of it counts. Wu ·" in shown, "?imported=" in shown) == (
        "taken_back",
        True,
        False,
    )
    again = bring(clinic, of_the_till(0, 10))
    assert (again.was_there, again.status, again.started_at > long_ago + timedelta(days=29)) == (False, "done", True)


def test_what_a_survey_collected_is_taken_back_by_its_title(clinic: Clinic) -> None:
    survey = publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    deliver(clinic.service, recommend(0, 12, source=f"survey:{survey.pk}") + recommend(9, 3))
    offered = re.search(rf'<option value="survey:{survey.pk}">(.*?)</option>', text(clinic.wu, DATA))
    assert offered
    assert offered[1].startswith("After your visit · ")
    assert f"≥ 10 rows of {offered[1]} will be removed." in text(clinic.wu, f"{TAKE}?survey=survey:{survey.pk}")
    browser_of(clinic.wu).post(TAKE, {"source": f"survey:{survey.pk}"})
    assert (Answer.objects.count(), f"<li>{offered[1]} " in text(clinic.wu, DATA)) == (3, True)


def test_who_may_not_does_not_and_whoever_sees_one_site_takes_back_no_rows_of_another(clinic: Clinic) -> None:
    deliver(
        clinic.service, recommend(10, 2, source="kiosk", site="west") + recommend(9, 2, source="kiosk", site="east")
    )
    for who, status in ((clinic.mei, 403), (clinic.chen, 403), (clinic.victor, 403), (clinic.sam, 404)):
        assert browser_of(who).post(TAKE, {"source": "kiosk"}).status_code == status
    Membership.objects.get(person=clinic.wu).sites.add(clinic.east)
    assert browser_of(clinic.wu).post(TAKE, {"source": "kiosk"}).status_code == 403
    assert (Answer.objects.count(), TakeBack.objects.count(), left_by(clinic.workspace)) == (4, 0, [])


def test_many_rows_go_at_once_for_readers_and_are_erased_little_by_little(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peakend_web.listening.actions.take_backs.AT_ONCE", 0)
    deliver(clinic.service, recommend(10, 3))
    deliver(clinic.service, recommend(0, 500, source="bot"))
    door.facts(clinic.mei, clinic.service)
    browser_of(clinic.wu).post(TAKE, {"source": "bot"})
    assert (Answer.objects.count(), nps(door.facts(clinic.mei, clinic.service))[0].n) == (503, 3)
    columnar.rebuild(clinic.workspace.pk)
    assert (nps(door.facts(clinic.mei, clinic.service))[0].n, columnar.verify(clinic.workspace.pk)) == (3, [])
    bot = Answer.objects.filter(source="bot").values_list("source_key", flat=True)[0]
    deliver(clinic.service, recommend(7, 1, source="bot", source_key=bot))
    assert nps(door.facts(clinic.mei, clinic.service))[0].n == 4, "what is delivered anew is not lost with what goes"
    imports.erase_taken_back(clinic.workspace.pk)
    assert (
        Answer.objects.count(),
        nps(door.facts(clinic.mei, clinic.service))[0].n,
        columnar.verify(clinic.workspace.pk),
    ) == (4, 4, [])


def test_a_program_counts_first_and_then_takes_back_what_programs_brought(clinic: Clinic) -> None:
    made = {
        scope: keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="k", scope=scope)[1]
        for scope in ApiKey.Scope
    }
    writing, reading = ({"Authorization": f"Bearer {made[scope]}"} for scope in (ApiKey.Scope.WRITE, ApiKey.Scope.READ))
    client, base = Client(), "/api/v1/harbour/outpatient/"
    row = {
        "response": "a",
        "item": "recommend",
        "construct": "nps",
        "value": 9,
        "low": 0,
        "high": 10,
        "at_us": 1_700_000_000_000_000,
    }

    def send() -> dict[str, Any]:
        body = json.dumps(row).encode()
        reply = client.post(
            base + "answers",
            body,
            content_type="application/x-ndjson",
            headers={**writing, "Idempotency-Key": "batch-1"},
        )
        return {name: reply.json()[name] for name in ("rows", "new")}

    def delete(query: str) -> tuple[int, Any]:
        reply = client.delete(f"{base}rows?{query}", headers=writing)
        return reply.status_code, reply.json() if reply.status_code == 200 else reply.json()["error"]

    assert send() == {"rows": 1, "new": 1}
    deliver(clinic.service, recommend(10, 3, source="till") + recommend(0, 2, source="survey:1"))
    parts = [{"table": "answers", "survey": "", "item": "recommend", "rows": 1}]
    assert delete("delivery=batch-1&dry_run=1") == (200, {"dry_run": True, "rows": 1, "parts": parts})
    assert Answer.objects.count() == 6
    assert delete("delivery=batch-1") == (200, {"dry_run": False, "rows": 1})
    said = browser_of(clinic.olivia).get("/w/harbour/audit/", headers={"accept-language": "en"}).content.decode()
    assert "The key “k” took back what came from" in said
    assert TakeBack.objects.get().by is None
    assert send() == {"rows": 1, "new": 1}, "what was taken back and is sent again is kept again"
    asked = ("source=survey:1", "source=file:1", "source=key:pe_another:1", "", "source=nobody")
    assert [delete(query) for query in asked] == [
        (403, "rows.of_others"), (403, "rows.of_others"), (403, "rows.of_others"), (422, "rows.unnamed"),
        (404, "rows.none"),
    ]  # fmt: skip
    assert (Answer.objects.count(), columnar.verify(clinic.workspace.pk)) == (6, [])
    file(clinic, "march.csv", "done", counted_seq=0, repeated=12)
    (listed,) = client.get(base + "imports", headers=reading).json()
    assert {name: listed[name] for name in ("name", "state", "counts", "total", "written", "repeated")} == {
        "name": "march.csv", "state": "done", "counts": True, "total": 400_000, "written": 4_000, "repeated": 12,
    }  # fmt: skip


def test_a_program_takes_back_its_own_rows_whatever_they_call_their_source_and_learns_nothing_of_others(
    clinic: Clinic,
) -> None:
    one, other = (
        keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name=name, scope=ApiKey.Scope.WRITE)[1]
        for name in "ab"
    )
    client, base = Client(), "/api/v1/harbour/outpatient/"
    named = {"item": "recommend", "construct": "nps", "value": 9, "low": 0, "high": 10, "at_us": 1_700_000_000_000_000}

    def send(secret: str, key: str, *rows: dict[str, Any]) -> dict[str, Any]:
        body = "\n".join(json.dumps({**named, **row}) for row in rows)
        own = {"Authorization": f"Bearer {secret}", **({"Idempotency-Key": key} if key else {})}
        told: dict[str, Any] = client.post(
            base + "answers", body, content_type="application/x-ndjson", headers=own
        ).json()
        return {name: told.get(name) for name in ("new", "revised")} if "rows" in told else told["error"]

    def delete(secret: str, query: str) -> Any:
        told = client.delete(f"{base}rows?{query}", headers={"Authorization": f"Bearer {secret}"}).json()
        return told.get("rows", told.get("error"))

    till = {"response": "a", "source": "till", "source_key": "1"}
    assert send(one, "batch-1", till, {"response": "b"}, {"response": "c", "source_key": "7"}) == {
        "new": 3,
        "revised": 0,
    }
    assert send(other, "batch-1", {"response": "d", "source": "till", "source_key": "2"}) == {"new": 1, "revised": 0}
    assert send(one, "", {"response": "e", "source": "door", "source_key": "1"}) == {"new": 1, "revised": 0}
    for query in ("source=till&source_key=1", "source=till&source_key=nobody"):
        assert (delete(other, f"{query}&dry_run=1"), delete(other, query)) == (0, "rows.none"), (
            "another's row is as one that is not there"
        )
    assert [delete(one, f"{query}&dry_run=1") for query in ("source=till", "source=door", "delivery=batch-1")] == [
        1,
        1,
        3,
    ]
    corrected = {"response": "c", "source_key": "7", "value": 2, "revision": 1}
    assert send(one, "batch-2", corrected) == {"new": 0, "revised": 1}, (
        "a key of its own is corrected in another delivery"
    )
    assert [delete(one, f"delivery=batch-{n}") for n in (1, 2)] == [2, 1]
    assert sorted(Answer.objects.values_list("response", flat=True)) == ["d", "e"]
    assert columnar.verify(clinic.workspace.pk) == []


def test_an_old_row_under_a_column_of_the_other_table_is_shown_stops_no_page_and_can_be_taken_back(
    clinic: Clinic,
) -> None:
    deliver(clinic.service, [*recommend(10, 40), *recommend(0, 2, source="till")])
    Answer.objects.filter(source="till").update(
        segments=json.dumps({"kind": "walk-in", "language": "en", "source_key": "x"})
    )
    old = list(Answer.objects.filter(source="till").order_by("pk").values_list("source_key", flat=True))
    columnar.rebuild(clinic.workspace.pk)
    service, olivia = "/w/harbour/outpatient/", browser_of(clinic.olivia)
    for page in (
        "",
        "journey/",
        "words/",
        "methods/",
        "methods/nps/",
        "methods/nps.json",
        "methods/journey/",
        "surveys/",
        "?language=en",
    ):
        assert olivia.get(service + page).status_code == 200, page
    assert [row.n for row in nps(door.facts(clinic.olivia, clinic.service))] == [42]
    shown = text(clinic.olivia, DATA)
    assert [f"<code>{key}</code>" in shown and "kind: walk-in" in shown for key in old] == [True, True]
    for key in old:
        assert browser_of(clinic.wu).post(TAKE, {"source": "till", "source_key": key}).status_code == 302
    assert "Rows that cannot be read whole" not in text(clinic.olivia, DATA)
    assert (columnar.verify(clinic.workspace.pk), columnar.faults(clinic.workspace.pk)) == ([], ())


def test_a_slip_of_the_pen_takes_nothing_back(clinic: Clinic) -> None:
    secret = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="k", scope=ApiKey.Scope.WRITE)[1]
    own, client, base = {"Authorization": f"Bearer {secret}"}, Client(), "/api/v1/harbour/outpatient/"
    row = {
        "item": "recommend",
        "construct": "nps",
        "value": 9,
        "low": 0,
        "high": 10,
        "at_us": 1_700_000_000_000_000,
        "source": "till",
    }
    body = "\n".join(json.dumps({**row, "response": name, "source_key": name}) for name in "ab")

    def send() -> dict[str, Any]:
        told = client.post(
            base + "answers", body, content_type="application/x-ndjson", headers={**own, "Idempotency-Key": "batch-1"}
        )
        return {name: told.json()[name] for name in ("new", "repeated")}

    assert send() == {"new": 2, "repeated": 0}
    for query in (
        "source=till&dryrun=1",
        "source=till&dry_run=1&dry_run=0",
        "delivery=batch-1&source_key=a",
        "source=till&delivery=batch-1",
    ):
        told = client.delete(f"{base}rows?{query}", headers=own)
        assert (told.status_code, told.json()["error"]) == (422, "rows.unclear")
    for query in ("source=%00", "source=till&source_key=%00", "delivery=%00", "source=till%00&dry_run=1"):
        assert client.delete(f"{base}rows?{query}", headers=own).status_code == 404
    assert client.delete(f"{base}rows?source=till&dry_run", headers=own).json()["dry_run"]
    assert Answer.objects.count() == 2
    assert client.delete(f"{base}rows?source=till&source_key=a", headers=own).json()["rows"] == 1
    assert send() == {"new": 1, "repeated": 1}, (
        "nothing is said to be kept that is not, whichever way it was taken back"
    )
    browser_of(clinic.wu).post(TAKE, {"source": "till"})
    assert send() == {"new": 2, "repeated": 0}


@pytest.mark.parametrize("day", [-(10**7), 10**7, -719_163])
def test_what_would_go_is_shown_of_rows_that_cannot_be_read_too(clinic: Clinic, day: int) -> None:
    deliver(
        clinic.service, [*recommend(9, 2, source="bad"), *recommend(9, 1, source="bad", day=day, source_key="worst")]
    )
    for query in ("source=bad", "source=bad&source_key=worst"):
        response = browser_of(clinic.olivia).get(f"{TAKE}?{query}", headers={"accept-language": "en"})
        assert (response.status_code, "2 Nov" in response.content.decode()) == (200, query == "source=bad")
    browser_of(clinic.olivia).post(TAKE, {"source": "bad"})
    assert Answer.objects.count() == 0
