"""An anonymous survey keeps no key that could join: what a browser tells of its owner stands nowhere afterwards."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from peakend_web.models import Answer, AuditEntry, OutboxEntry, Response, Survey
from peakend_web.running import jobs
from peakend_web.store import columnar, writer
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.surveys import clinic_survey, said
from tests.web.traces import in_tables, places

TOLD = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    "HTTP_USER_AGENT": "Phone of Mrs Lin/8.51",
    "HTTP_REFERER": "https://mail.example/inbox-of-lin?to=8642",
    "HTTP_COOKIE": "sess=kw93vx71-of-lin; other=1",
    "HTTP_ACCEPT_LANGUAGE": "zh-TW;q=0.987",
}
"""What comes with a request, whoever sends it."""
MARKS = ("203.0.113.7", "Phone of Mrs Lin", "inbox-of-lin", "kw93vx71", "0.987")


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def answered(phone: Client, survey: Survey, *, by_form: bool) -> str:
    """Open the page and send it, with or without a script; the code that is left to its sender."""
    page = phone.get(f"/s/{survey.token}").content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    code = fields["response"]
    if by_form:
        assert phone.post(f"/s/{survey.token}", {**fields, "recommend": "9", "why": "Kind people."}).status_code == 303
        return code
    answers = [said("recommend", 9), said("why", "Kind people.")]
    sent = {
        "response": code,
        "token": fields["token"],
        "key": f"key-of-{code}",
        "place": None,
        "answers": answers,
        "done": True,
        "lang": "zh-Hant",
    }
    reply = phone.post(f"/s/{survey.token}/answers", json.dumps(sent), content_type="application/json")
    assert (reply.status_code, reply.json()["saved"]) == (200, 2)
    return code


@pytest.mark.parametrize("by_form", [True, False], ids=["without script", "with script"])
def test_of_who_answers_an_anonymous_survey_nothing_is_kept_that_could_join(
    house: Clinic, caplog: pytest.LogCaptureFixture, by_form: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    survey = clinic_survey(house)
    codes = [answered(Client(**TOLD), survey, by_form=by_form)]
    olivia = browser_of(house.olivia)
    olivia.defaults.update({key: value for key, value in TOLD.items() if key != "HTTP_COOKIE"})
    trail = AuditEntry.objects.count(), OutboxEntry.objects.count()
    codes.append(answered(olivia, survey, by_form=by_form))
    assert (AuditEntry.objects.count(), OutboxEntry.objects.count()) == trail  # that she is signed in changes nothing
    for _ in range(2):
        jobs.run_once()
    marks = (*MARKS, *codes)
    logged = [each for each in marks if each in caplog.text]
    assert (in_tables(marks), [each for each in marks if places(each)], logged) == (set(), [], [])
    rows = Answer.objects.values_list("customer", "visit", "response", "site", "channel", "segments").distinct()
    responses = Response.objects.values_list("response", "place", "aside", "judged_at", "over_quota")
    names = sorted(Response.objects.values_list("response", flat=True))
    segments = '{"language":"zh-Hant"}'
    assert sorted(rows) == [(None, name, name, None, None, segments) for name in names]
    assert sorted(responses) == [(name, None, "quarantine", None, None) for name in names]  # nobody is so fast


def test_what_is_kept_of_a_response_is_this_and_no_more() -> None:
    """A column that is added has to be thought about here: could it join an anonymous response to a person?"""
    assert [column.name for column in Response._meta.get_fields()] == [
        "id", "workspace", "survey", "response", "place", "language", "started_us", "moved_us", "completed_us",
        "aside", "reasons", "judged_at", "over_quota", "receipt",
    ]  # fmt: skip
