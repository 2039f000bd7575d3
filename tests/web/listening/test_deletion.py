"""What a respondent deletes is gone: forty marks stand wherever her words come to, and are looked for as bytes."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import Client

from peakend_web.asking.actions import publish_survey
from peakend_web.models import Answer, Case, Response, Survey, TakeBack
from peakend_web.running import jobs
from peakend_web.store import columnar, writer
from tests.web.answers import deliver
from tests.web.conftest import Clinic, browser_of, make_clinic, service
from tests.web.surveys import said, send
from tests.web.traces import in_tables, places

CODE, OTHER = "k7mp2xqrabcd9ef4ghj5", "5jhg4fe9dcbarqx2pm7k"
MANY = 30
QUESTIONS = "\n".join(f"      - {{id: words-{n}, kind: text, wording: {{en: What about {n}?}}}}" for n in range(MANY))
DOCUMENT = f"""
service: inn
title: {{en: Inn}}
languages: [en]
journeys:
  - id: stay
    title: {{en: The stay}}
    stages:
      - id: evening
        title: {{en: Evening}}
        touchpoints: [{{id: room, title: {{en: Room}}}}]
constructs: [{{id: nps, title: {{en: Would recommend}}}}]
stakeholders: [{{id: desk, name: {{en: Desk}}, side: frontstage}}]
rules:
  - {{id: unhappy, open: case, survey: words, item: recommend, score_at_most: 6, to: desk, clock_hours: 24}}
surveys:
  - id: words
    title: {{en: Thirty words}}
    items:
      - {{id: recommend, kind: nps, construct: nps, wording: {{en: Would you recommend us?}}}}
{QUESTIONS}
"""


def mark(number: int) -> str:
    """Words that stand nowhere else."""
    return f"紫色長頸鹿{number:03d}號"


MARKS = [mark(number) for number in range(40)]


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def plant(house: Clinic, survey: Survey) -> None:
    """Mrs Lin writes thirty words, changes five of them, and a program reads codes out of five."""
    words = [said(f"words-{n}", mark(n)) for n in range(MANY)]
    send(survey, said("recommend", 1), *words, response=CODE, key="tap-by-tap-they-come", lang="en")
    changed = [said(f"words-{n}", mark(MANY + n), revision=2) for n in range(5)]
    send(survey, said("recommend", 1), *changed, *words[5:], response=CODE, key="the-end-of-hers", done=True)
    response = Response.objects.get().response
    code = {"response": response, "role": "code", "value": -1.0, "low": -1.0, "high": 1.0, "survey": "words"}
    deliver(
        survey.service,
        [
            {**code, "item": f"words-{n}#1", "construct": mark(MANY + 5 + n), "source_key": f"{mark(n)}#1"}
            for n in range(5)
        ],
    )
    send(survey, said("recommend", 9), said("words-0", "A quiet room."), response=OTHER, key="of-another", done=True)


def test_nothing_of_what_a_respondent_deleted_is_left_anywhere(house: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    survey = publish_survey(actor=house.sam, service=service(house.elsewhere, DOCUMENT, house.sam), item="words")
    plant(house, survey)
    taken_away = browser_of(house.sam).get("/w/lakeside/inn/answers.parquet")
    assert b"".join(taken_away)  # type: ignore[arg-type]
    taken_away.close()
    browser_of(house.sam).get("/w/lakeside/inn/words/")
    for _ in range(2):
        jobs.run_once()
    before = places(mark(7)), in_tables(MARKS)
    assert before[1] >= {"peakend_web_answer"}
    assert Case.objects.count() == 1
    assert before[0] != []  # the copy at least, whichever database it is
    assert Client().post("/r/delete", {"code": CODE}).status_code == 303
    gone_at_once = set(Answer.objects.values_list("text", flat=True)) - {None}
    assert gone_at_once == {"A quiet room."}
    for _ in range(2):
        jobs.run_once()
    left = {each: where for each in MARKS if (where := places(each))}
    assert (left, in_tables(MARKS), [each for each in MARKS if each in caplog.text]) == ({}, set(), [])
    assert CODE not in str([caches["form copies"]._cache])
    assert (Response.objects.count(), TakeBack.objects.count(), Case.objects.get().words) == (1, 1, "")
