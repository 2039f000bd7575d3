"""What is written to a log never opens a door."""

from __future__ import annotations

import logging

import pytest

from peakend_web.base.guard import Guard
from peakend_web.base.logs import OPENING, OneLine, WithoutSecrets, guard_records, without_secrets
from peakend_web.urls import urlpatterns


def record(words: object, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    about = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("peakend", logging.ERROR, __file__, 1, words, values, about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("GET /join/abc-123/ 200", "GET /join/…"),
        ("/enter/xyz?next=/w/", "/enter/…"),
        ("next=%2Fjoin%2Fabc%2F", "next=%2Fjoin%2F…"),
        ("GET /join//abc-123/", "GET /join/…"),
        ("GET /join/a,abc-123/", "GET /join/…"),
        ("Not Found: /join/a b, 'c' <abc-123>/", "Not Found: /join/…"),
        ("next=%252Fjoin%252Fabc", "next=%252Fjoin%252F…"),
        ("/enter/abc\nTraceback", "/enter/…\nTraceback"),
        ("/set-up/?code=s3cr3t&lang=en", "/set-up/?code=…&lang=en"),
        ("?next=%3Fcode%3Ds3cr3t", "?next=%3Fcode%3D…"),
        ("Authorization: Bearer pe_abcDEF123", "Authorization: Bearer pe_…"),
        ("two: pe_one, pe_two", "two: pe_…, pe_…"),
    ],
)
def test_what_opens_something_is_cut_out_of_a_text(text: str, cut: str) -> None:
    assert without_secrets(text) == cut


@pytest.mark.parametrize("text", ["/w/harbour/join", "?codes=1", "type_of", "hope_full", "/s/survey1?at=abc"])
def test_what_opens_nothing_is_left_as_it_is(text: str) -> None:
    assert without_secrets(text) == text


def test_every_address_that_captures_a_secret_is_known_by_its_beginning() -> None:
    guards = (getattr(address, "callback", None) for address in urlpatterns)
    declared = (guard.declaration for guard in guards if isinstance(guard, Guard))
    opening = {each.pattern.partition("/<")[0] for each in declared if each.secret and "<" in each.pattern}
    assert opening == {*OPENING}


def test_every_record_is_made_without_secrets_however_often_that_was_asked_for() -> None:
    before = logging.getLogRecordFactory()
    try:
        guard_records()
        factory = logging.getLogRecordFactory()
        guard_records()
        assert logging.getLogRecordFactory() is factory
        made = factory("peakend", logging.INFO, __file__, 1, "%s at %s", ("pe_key", "/join/abc"), None)
        assert (made.getMessage(), made.args) == ("pe_… at /join/…", ())
        plain = factory("peakend", logging.INFO, __file__, 1, "%d rows", (3,), None)
        assert (plain.msg, plain.args) == ("%d rows", (3,)), "what holds no secret is not touched"
        broken = factory("peakend", logging.INFO, __file__, 1, "%d rows", ("three",), None)
        assert broken.args == ("three",), "words that do not fit their values are for the handler to tell"
    finally:
        logging.setLogRecordFactory(before)


def test_a_line_is_without_what_an_exception_says_of_a_secret() -> None:
    line = WithoutSecrets().format(record("%s failed", "pe_key", error=ValueError("/join/abc")))
    assert ("abc" in line, "pe_key" in line, "ValueError: /join/…" in line) == (False, False, True)


def test_a_refusal_leaves_one_line_without_a_traceback() -> None:
    refused = record("refused", error=ValueError("no"))
    assert OneLine().filter(refused) is True
    assert (refused.exc_info, logging.Formatter().format(refused)) == (None, "refused")
