"""What is said before the first question, and that the time of keeping which is said there is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from peakend.service import as_data
from peakend_web.asking.actions import publish_survey
from peakend_web.asking.actions.keeping import PORTION, expire_words
from peakend_web.models import Answer, AuditEntry, Case, ServiceVersion, Survey
from peakend_web.running import jobs
from peakend_web.store import columnar, writer
from tests.web.answers import deliver
from tests.web.conftest import OUTPATIENT, Clinic, make_clinic, read
from tests.web.store.test_forgotten import places
from tests.web.surveys import clinic_survey, kept, said, send

DAY_MS = 24 * 3600 * 1000
MARK = "𠮷野家門口的紫色長頸鹿"
PURPOSE = "{en: We look for what to mend first., zh-Hant: 找出最該先改善的地方。, zh-Hans: 找出最该先改进的地方。}"
WRITTEN = "Unless you write down who you are: your comment is read exactly as you write it."


def keeping(clinic: Clinic, days: int, number: int = 2) -> Survey:
    """The clinic's survey, whose words are kept so many days."""
    text = OUTPATIENT.replace(
        "  - id: after-visit\n", f"  - id: after-visit\n    keep_days: {days}\n    purpose: {PURPOSE}\n"
    )
    version = ServiceVersion.objects.create(
        service=clinic.service, number=number, document=as_data(read(text)), text=text, made_by=clinic.olivia
    )
    clinic.service.current = version
    clinic.service.save()
    return publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")


def promise(survey: Survey, lang: str) -> list[str]:
    """What is said before the first question: in sight, and folded."""
    page = Client().get(f"/s/{survey.token}?lang={lang}").content.decode()
    header = page.partition("<header>")[2].partition("</header>")[0].partition("</h1>")[2]
    parts = re.findall(r"<(?:p class=\"quiet\"|summary|li)>(.*?)</(?:p|summary|li)>", header, flags=re.DOTALL)
    return [re.sub(r"\s+", " ", part).strip() for part in parts]


def test_before_the_first_question_it_is_said_who_asks_why_how_long_and_what_becomes_of_it(clinic: Clinic) -> None:
    survey = keeping(clinic, 90)
    assert promise(survey, "en") == [
        "3 questions · about a minute · anonymous",
        "What you write is deleted after 90 days",
        "We look for what to mend first.",
        "Harbour Clinic asks, and reads the answers.",
        f"Anonymous: neither your name nor your device is kept. {WRITTEN}",
        "Your words are deleted then by themselves; what you tapped stays in the counts.",
        "Each answer is saved as you give it. Without a connection it is kept on this device until it is sent.",
        "After sending you are shown a code: with it you can see, change or delete your answers.",
    ]
    assert promise(survey, "zh-Hant")[1:3] == ["您寫下的文字 90 天後刪除", "找出最該先改善的地方。"]
    assert promise(survey, "zh-Hans")[1:3] == ["您写下的文字 90 天后删除", "找出最该先改进的地方。"]


def test_a_survey_that_names_no_time_promises_none(clinic: Clinic) -> None:
    told = promise(clinic_survey(clinic), "en")
    assert (told[1], "What you write is kept until you delete it, or we do." in told) == (
        "Why we ask, and what becomes of it",
        True,
    )


def test_words_go_after_the_days_that_their_own_version_said_and_every_count_stays(clinic: Clinic) -> None:
    short = keeping(clinic, 7)
    for name, ago in (("a-week-and-a-day-ago", 8), ("six-days-ago-it-was", 6)):
        send(
            short,
            said("recommend", 3, ago=ago * DAY_MS),
            said("why", f"{name} it was slow", ago=ago * DAY_MS),
            response=name,
            key=f"key-of-{name}",
        )
    long = keeping(clinic, 90, number=3)
    send(long, said("why", "Slow.", ago=8 * DAY_MS), response="told-ninety-days", key="key-of-ninety")
    assert expire_words(workspace=clinic.workspace.pk) == 1
    assert kept("item", "state", "value", "text") == [
        ("recommend", "answered", 3.0, None),
        ("recommend", "answered", 3.0, None),
        ("why", "answered", None, ""),
        ("why", "answered", None, "Slow."),
        ("why", "answered", None, "six-days-ago-it-was it was slow"),
    ]
    entry = AuditEntry.objects.get(verb="expire_words")
    assert (entry.actor, entry.object_id, entry.before, entry.after) == (None, str(short.pk), None, {"rows": 1})
    assert expire_words(workspace=clinic.workspace.pk) == 0
    assert AuditEntry.objects.filter(verb="expire_words").count() == 1
    assert expire_words(workspace=clinic.elsewhere.pk) == 0


def test_many_words_go_in_portions(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peakend_web.asking.actions.keeping.PORTION", 2)
    survey = keeping(clinic, 7)
    for number in range(5):
        send(
            survey, said("why", "Slow.", ago=8 * DAY_MS), response=f"response-number-{number}", key=f"the-key-{number}"
        )
    assert expire_words(workspace=clinic.workspace.pk) == 5
    assert [entry.after for entry in AuditEntry.objects.filter(verb="expire_words")] == [
        {"rows": 2},
        {"rows": 2},
        {"rows": 1},
    ]
    assert PORTION == 500


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def test_when_the_time_is_over_no_byte_of_the_words_is_left_nor_their_codes_nor_in_the_case(house: Clinic) -> None:
    survey = keeping(house, 7)
    send(survey, said("recommend", 1, ago=8 * DAY_MS), said("why", MARK, ago=8 * DAY_MS), key="the-first-key")
    response = Answer.objects.filter(item="why").get().response
    deliver(house.service, [{"response": response, "item": "why#1", "role": "code", "construct": "waiting",
                             "value": -1.0, "low": -1.0, "high": 1.0, "survey": "after-visit"}])  # fmt: skip
    jobs.run_once()
    jobs.run_once()
    assert (Answer.objects.filter(role="code").count(), Case.objects.get().words, places(MARK)) == (0, "", [])
    assert Answer.objects.filter(item="recommend").get().value == 1.0
