"""Replies that are made without Django's layers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from peakend_web.base.headers import ALWAYS
from peakend_web.base.refusals import Busy, Missing
from peakend_web.base.replies import Reply, as_response, data_reply, refusal_reply, reply


def headers_of(made: Reply) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in made.headers}


def environ(path: str, language: str = "en") -> dict[str, Any]:
    return {"PATH_INFO": path, "HTTP_ACCEPT_LANGUAGE": language}


def test_every_reply_has_the_headers_of_all_and_says_how_many_bytes_it_has() -> None:
    made = reply(201, {"Location": "/w/"}, "診所".encode())
    always = {name.lower(): value for name, value in ALWAYS.items()}
    assert (made.status, headers_of(made)) == (201, {**always, "location": "/w/", "content-length": "6"})


def test_data_is_json_and_kept_nowhere() -> None:
    made = data_reply('{"saved": 1}')
    told = headers_of(made)
    assert (made.status, made.body) == (200, b'{"saved": 1}')
    assert (told["content-type"], told["cache-control"], told["content-length"]) == (
        "application/json",
        "no-store",
        "12",
    )


def test_the_same_reply_leaves_through_djangos_layers() -> None:
    made = data_reply('{"saved": 1}')
    response = as_response(made)
    assert (response.status_code, response.content) == (made.status, made.body)
    assert {name.lower(): value for name, value in response.headers.items()} == headers_of(made)


def test_a_program_is_refused_in_data_with_the_time_after_which_to_try_again() -> None:
    error = Busy("web.busy", seconds=5)
    made = refusal_reply(environ("/api/w/harbour/"), error, as_data=True)
    assert (made.status, headers_of(made)["retry-after"]) == (503, "5")
    assert json.loads(made.body) == json.loads(json.dumps(error.as_dict("en")))


@pytest.mark.parametrize("language", ["zh-TW", "zh-CN", "en"])
def test_anybody_else_is_refused_in_plain_words_of_their_language(language: str) -> None:
    lang: Any = {"zh-TW": "zh-Hant", "zh-CN": "zh-Hans", "en": "en"}[language]
    error = Missing("web.missing")
    made = refusal_reply(environ("/w/harbour/", language), error, as_data=False, more={"Allow": "GET"})
    told = headers_of(made)
    assert (made.status, told["content-type"], told["allow"]) == (404, "text/plain; charset=utf-8", "GET")
    assert made.body.decode() == f"{error.message(lang)}\n{error.hint(lang)}\n"


def test_a_customer_is_refused_with_a_page() -> None:
    made = refusal_reply(environ("/s/nosuchsurvey"), Missing("survey.unknown"), as_data=False)
    assert (made.status, headers_of(made)["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"<html" in made.body
