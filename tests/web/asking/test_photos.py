"""Mrs Lin shows what she means by a photo: it is drawn anew and kept apart, and goes as her answers go."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from peakend_web.asking.actions.photos import MOST
from peakend_web.asking.actions.quarantine import delete_responses
from peakend_web.base.files import disk
from peakend_web.base.files.disk import content_of
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Answer, AuditEntry, File, Response, Survey
from peakend_web.running import jobs
from peakend_web.store import writer
from tests.web.asking.photographs import CAMERA, a_bomb, a_photo, show, upload
from tests.web.conftest import Clinic, make_clinic
from tests.web.surveys import EVERYTHING, LIN, hotel_survey, kept, said, send

MADE_UP = "made.up"
CODE = "k7mp2xqrabcd9ef4ghj5"
SHOWN = ("item", "role", "state", "value", "text")


def shown() -> list[tuple[Any, ...]]:
    """What the facts say of the photos."""
    return [row for row in kept(*SHOWN) if row[0] == "shown"]


def on_disk(settings: Any) -> list[Path]:
    """The files that lie on the disk."""
    return [path for path in (Path(settings.PEAKEND_DATA) / "files").rglob("*") if path.is_file()]


@pytest.fixture
def house(transactional_db: None, settings: Any) -> Iterator[Clinic]:
    """Where what is committed is committed, and nothing is on the disk yet."""
    shutil.rmtree(Path(settings.PEAKEND_DATA) / "files", ignore_errors=True)
    yield make_clinic()
    writer.close()


def test_a_photo_is_kept_upright_and_small_and_says_neither_where_nor_with_what_it_was_taken(
    house: Clinic, settings: Any
) -> None:
    survey = hotel_survey(house)
    sent = a_photo(size=(2400, 1200))
    assert b"Exif" in sent
    assert CAMERA in sent
    assert show(survey, sent)["many"] == 1
    [path] = on_disk(settings)
    content = path.read_bytes()
    assert [mark in content for mark in (b"Exif", b"GPS", CAMERA, b"ICC", b"http")] == [False] * 5
    drawn = Image.open(io.BytesIO(content))
    top, bottom = drawn.getpixel((400, 100)), drawn.getpixel((400, 1500))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (800, 1600), {})
    assert [each > 128 for each in (*top, *bottom)] == [True, False, False, False, False, True]  # type: ignore[misc]
    assert shown() == [("shown", "choice", "answered", 1.0, None)]
    assert (File.objects.get().size, File.objects.get().kind) == (len(content), "image/jpeg")
    assert Response.objects.get().aside is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (a_bomb(), "survey.photo_large"),
        (a_photo()[:900], "survey.photo_unknown"),
        (a_photo()[:-600], "survey.photo_unknown"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "survey.photo_unknown"),
        (b"<!doctype html><script>alert(1)</script>", "survey.photo_unknown"),
        (gzip.compress(bytes(50_000_000)), "survey.photo_unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "survey.photo_heif"),
        (b"", "survey.photo_unknown"),
    ],
    ids=["bomb", "cut at its head", "cut at its end", "drawing", "page", "packed nothing", "HEIC", "empty"],
)
def test_what_is_no_photo_or_too_much_is_refused_with_the_reason_and_nothing_else_is_lost(
    clinic: Clinic, content: bytes, why: str, settings: Any
) -> None:
    survey, before = hotel_survey(clinic), len(on_disk(settings))
    assert send(survey, said("recommend", 3))[0] == 200
    status, told = upload(survey, content, lang="zh-Hant")
    assert (status, told["error"], told["field"]) == (422, why, "shown")
    assert told["what"].startswith("「拍給我們看看。」：")
    assert "其他回答都還在" in told["do"]
    assert (kept("item", "value"), File.objects.count()) == ([("recommend", 3.0)], 0)
    assert len(on_disk(settings)) == before


def test_what_hides_behind_a_photo_is_not_kept(clinic: Clinic) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("program.html", "<script>alert(1)</script>")
    assert upload(hotel_survey(clinic), a_photo() + b"<script>alert(2)</script>" + packed.getvalue())[0] == 200
    content = content_of(File.objects.get())
    assert (b"script" in content, b"PK\x03\x04" in content, content[-2:]) == (False, False, b"\xff\xd9")


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_was_held(clinic: Clinic, turned: int) -> None:
    upload(hotel_survey(clinic), a_photo(turned=turned))
    drawn = Image.open(io.BytesIO(content_of(File.objects.get())))
    wide, tall = drawn.size
    corners = [drawn.getpixel(at) for at in ((5, 5), (wide - 5, 5), (5, tall - 5), (wide - 5, tall - 5))]
    red = ["x" if each[0] > 200 else "-" for each in corners]  # type: ignore[index]
    sides = {"left": "x-x-", "right": "-x-x", "top": "xx--", "bottom": "--xx"}
    at = ["left", "right", "right", "left", "top", "top", "bottom", "bottom"][turned - 1]
    assert ("".join(red), wide > tall) == (sides[at], turned < 5)


def test_the_same_photo_twice_is_one_and_more_than_fit_are_refused_and_one_is_removed(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    first, second = a_photo(turned=1), a_photo(turned=3)
    again = [upload(survey, first)[1] for _ in range(2)]
    assert again[0] == again[1]
    assert show(survey, second)["many"] == 2
    status, told = upload(survey, a_photo(turned=2))
    assert (status, told["error"], told["what"]) == (
        422, "survey.photos_many", "“Show us what you mean.”: at most 2 can be sent.",
    )  # fmt: skip
    assert (shown(), File.objects.count()) == ([("shown", "choice", "answered", 2.0, None)], 2)
    assert upload(survey, remove=True, name=again[0]["name"]) == (200, {"many": 1})
    assert upload(survey, remove=True, name="another") == (200, {"many": 1})
    assert upload(survey, remove=True) == (200, {"many": 0})
    assert (shown(), File.objects.count()) == ([("shown", "choice", "skipped", None, None)], 0)


def test_a_photo_belongs_to_the_response_that_has_its_secret_name_and_needs_a_page_that_was_opened(
    clinic: Clinic,
) -> None:
    survey = hotel_survey(clinic)
    upload(survey, a_photo())
    other = "somebody-else-s-response"
    assert upload(survey, remove=True, response=other) == (200, {"many": 0})
    assert upload(survey, a_photo(), token=MADE_UP)[1]["error"] == "survey.photo_page"
    assert upload(survey, a_photo(), field="recommend")[1]["error"] == "survey.item_unknown"
    assert upload(survey, a_photo(), response="no")[0] == 400
    assert File.objects.count() == 1


def test_a_photo_that_comes_after_the_end_is_counted_among_answers_as_they_were_given(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    upload(survey, a_photo(turned=1))
    answers = [said("recommend", 3), said("purpose", "work"), said("shown", 1, revision=4)]
    assert send(survey, *answers, done=True)[0] == 200
    assert upload(survey, a_photo(turned=3))[1]["many"] == 2
    row = Answer.objects.get(item="shown")
    assert (row.value, row.segments) == (2.0, '{"language":"en","purpose":"work"}')
    assert Response.objects.get().completed_us is not None


def test_nobody_fills_the_disk_and_answers_are_kept_where_photos_find_no_room(
    clinic: Clinic, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = hotel_survey(clinic)
    settings.PEAKEND_FILES_MB = 0
    assert upload(survey, a_photo())[1]["error"] == "survey.photos_full"
    settings.PEAKEND_FILES_MB = 1
    monkeypatch.setitem(MOST, "place", 1)
    assert upload(survey, a_photo(turned=1))[0] == 200
    assert upload(survey, a_photo(turned=2))[1]["error"] == "survey.photos_rush"
    monkeypatch.setitem(MOST, "place", 1_000)
    monkeypatch.setattr(disk, "LEAST_FREE", 2**62)
    status, told = upload(survey, a_photo(turned=3))
    assert (status, told["error"], File.objects.count()) == (507, "storage.full", 1)
    assert send(survey, said("recommend", 3))[0] == 200


def test_where_the_disk_fails_nothing_is_acknowledged_and_nothing_is_left(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    survey, before = hotel_survey(clinic), len(on_disk(settings))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    said_so = Client(raise_request_exception=False).post(
        f"/s/{survey.token}/photos",
        {"response": LIN, "field": "shown", "token": "", "file": SimpleUploadedFile("a.jpg", a_photo())},
    )
    assert said_so.status_code == 422  # without a page there is nothing to keep
    with pytest.raises(OSError, match="No space"), disk.on_disk(survey.workspace_id, b"x"):
        pass
    assert (len(on_disk(settings)), File.objects.count()) == (before, 0)


def finish(survey: Survey, code: str = CODE) -> None:
    """She sends a photo and her answers under a code."""
    assert upload(survey, a_photo(), response=code)[0] == 200
    answers = [said("recommend", 3), said("shown", 1)]
    assert send(survey, *answers, response=code, done=True, key=f"end-of-{code}")[0] == 200


def ask(where: str, code: str = CODE, **more: str) -> Any:
    return Client(headers={"accept-language": "en"}).post(where, {"code": code, **more})


def test_with_her_code_she_sees_her_photo_takes_it_along_and_deletes_it_and_its_bytes_are_gone(
    house: Clinic, settings: Any
) -> None:
    finish(hotel_survey(house))
    [path] = on_disk(settings)
    content = path.read_bytes()
    page = ask("/r/").content.decode()
    assert re.findall(r'<img src="data:image/jpeg;base64,[^"]{500,}" alt="([^"]+)"', page) == ["Photo 1"]
    assert "<dd>1 photo</dd>" in page
    packed = zipfile.ZipFile(io.BytesIO(ask("/r/answers.zip").content))
    assert packed.namelist() == ["answers.txt", "answers.json", "photo-1.jpg"]
    assert packed.read("photo-1.jpg") == content
    ask("/r/delete")
    canary = content[600:664]
    left = [each for each in Path(settings.PEAKEND_DATA).rglob("*") if each.is_file() and canary in each.read_bytes()]
    assert (left, File.objects.count(), Answer.objects.filter(value__isnull=False).count()) == ([], 0, 0)


def test_after_the_days_that_were_promised_photos_are_gone_and_the_count_stays(house: Clinic, settings: Any) -> None:
    text = EVERYTHING.replace("  - id: morning-after\n", "  - id: morning-after\n    keep_days: 7\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tests.web.surveys.EVERYTHING", text)
        survey = hotel_survey(house)
    page = Client(headers={"accept-language": "en"}).get(f"/s/{survey.token}").content.decode()
    assert "What you write and your photos are deleted after 7 days" in page
    show(survey, a_photo(turned=1))
    show(survey, a_photo(turned=2), response="another-guest-s-response")
    old = File.objects.order_by("pk").first()
    File.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=8))  # type: ignore[union-attr]
    jobs.run_once()
    assert [each.name for each in on_disk(settings)] == [File.objects.get().name]
    assert [row[3] for row in shown()] == [1.0, 1.0]
    assert AuditEntry.objects.get(verb="expire_photos").after == {"photos": 1}


def test_bytes_that_belong_to_no_file_are_swept_away_when_they_are_old(
    clinic: Clinic, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(hotel_survey(clinic), a_photo())
    workspace = File.objects.get().workspace_id
    stray = Path(settings.PEAKEND_DATA) / "files" / str(workspace) / "of-nobody"
    stray.write_bytes(b"x")
    assert (disk.sweep(workspace), stray.exists()) == (0, True)
    monkeypatch.setattr(disk, "GRACE_S", -60.0)
    assert disk.sweep(workspace) >= 1
    assert (stray.exists(), bool(content_of(File.objects.get()))) == (False, True)


def test_photos_go_with_responses_that_are_deleted_from_quarantine_and_with_rows_that_are_taken_back(
    clinic: Clinic,
) -> None:
    survey = hotel_survey(clinic)
    show(survey, a_photo())
    Response.objects.update(aside="quarantine", reasons="trap")
    assert delete_responses(actor=clinic.sam, survey=survey, responses=[Response.objects.get().pk]) == 1
    assert File.objects.count() == 0
    show(survey, a_photo(), response="another-guest-s-response")
    take_back(actor=clinic.sam, service=survey.service, origin=Origin(source=f"survey:{survey.pk}"))
    assert (File.objects.count(), Answer.objects.count()) == (0, 0)


# --- without a script -------------------------------------------------------------------------------------------------


class Sent(NamedTuple):
    status: int
    page: str


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_without_a_script_the_form_brings_photos_and_what_is_none_comes_back_with_the_rest_in_it(
    clinic: Clinic,
) -> None:
    survey = hotel_survey(clinic)
    phone = Client(headers={"accept-language": "en"})
    page = phone.get(f"/s/{survey.token}").content.decode()
    assert 'enctype="multipart/form-data"' in page

    def post(*files: bytes, **more: str) -> Sent:
        photos = [SimpleUploadedFile(f"{at}.jpg", each, "image/jpeg") for at, each in enumerate(files)]
        said = {**form_of(page), "recommend": "9", "send": "1", "shown": photos, **more}
        reply = phone.post(f"/s/{survey.token}", said)
        there = phone.get(reply["Location"]) if reply.status_code == 303 else reply
        return Sent(reply.status_code, there.content.decode())

    status, back = post(a_photo(turned=1), b"<html>")
    assert status == 422
    assert "“Show us what you mean.”: this file is no photo that can be read." in back
    assert ('value="9" checked' in back, "sent: 1 photo" in back) == (True, True)
    assert File.objects.count() == 1
    page = back
    assert "Your answers have arrived" in post().page
    assert shown() == [("shown", "choice", "answered", 1.0, None)]
