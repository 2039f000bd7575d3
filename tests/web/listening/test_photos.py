"""Photos stand where comments are quoted, by the same rules: of ten people, among answers that count, of one house."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from peakend_web.asking.photos import answer_named
from peakend_web.base.files import disk
from peakend_web.models import Answer, AuditEntry, File, Response
from peakend_web.store import writer
from tests.web.asking.photographs import a_photo, show, upload
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.surveys import hotel_survey

WORDS = "/w/lakeside/inn/words/"


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    yield make_clinic()
    writer.close()


def photos_on(page: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)" alt="Photo \d+"', page)


def test_photos_are_shown_once_ten_people_sent_one_and_each_to_members_of_that_house_alone(house: Clinic) -> None:
    survey, sam, olivia = hotel_survey(house), browser_of(house.sam), browser_of(house.olivia)
    show(survey, a_photo(size=(60, 40)), response="guest-number-0-of-many")
    [name] = File.objects.values_list("name", flat=True)
    alone = sam.get(f"{WORDS}photos/{name}.jpg")
    assert (photos_on(sam.get(WORDS).content.decode()), alone.status_code) == ([], 422)
    for guest in range(1, 11):
        show(survey, a_photo(size=(60 + guest, 40)), response=f"guest-number-{guest}-of-many")
    upload(survey, a_photo(size=(99, 40)), response="guest-who-never-said-so")
    Response.objects.filter(pk=Response.objects.latest("pk").pk).update(aside="quarantine")
    last = Answer.objects.latest("pk")
    Answer.objects.filter(pk=last.pk).update(aside="quarantine", seq=10_000)
    hidden = File.objects.get(about=answer_named(last.source, last.source_key)).name

    shown = photos_on(sam.get(WORDS).content.decode())
    assert len(shown) == 10
    assert not any(hidden in each for each in shown)
    picture = sam.get(shown[0])
    assert (picture.status_code, picture["Content-Type"], picture.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    headers = ("Content-Disposition", "X-Content-Type-Options", "Cache-Control", "Cross-Origin-Resource-Policy")
    assert [picture[each] for each in headers] == [
        'inline; filename="photo.jpg"', "nosniff", "private, no-store", "same-origin",
    ]  # fmt: skip
    assert picture["Content-Security-Policy"].endswith("sandbox")
    assert AuditEntry.objects.filter(verb="read_photos", workspace=house.elsewhere).exists()
    assert [
        olivia.get(shown[0]).status_code,
        olivia.get(shown[0].replace("lakeside/inn", "harbour/outpatient")).status_code,
    ] == [404, 404]
    assert sam.get(shown[0].replace(".jpg", "x.jpg")).status_code == 404
    disk.erase(File.objects.all())
    assert sam.get(shown[0]).status_code == 404
