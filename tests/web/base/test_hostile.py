"""No request, however absurd, is answered by a fault of ours, nor by a status that is not documented.

`PEAKEND_HOSTILE` says how many requests are tried, and `PEAKEND_HOSTILE_SEED` which (`make hostile` tries 20,000).
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import islice
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.core.signals import got_request_exception
from django.db import transaction

from peakend.service import check
from peakend_web.asking import actions as surveys
from peakend_web.asking.answers import GivenAnswer, Submission
from peakend_web.asking.survey_cache import find
from tests.web.base.hostile import DOCUMENTED, Hostile, World, requests, smallest
from tests.web.base.test_access_matrix import DECLARED, House, make_house
from tests.web.conftest import OUTPATIENT, browser_of, client_at_the_front, make_clinic

pytestmark = pytest.mark.django_db
MANY = int(os.environ.get("PEAKEND_HOSTILE", "1000"))
SEED = int(os.environ.get("PEAKEND_HOSTILE_SEED", "20261129"))
SHOWN = 12


class Judge:
    """Sends requests, and says what is wrong with the reply; whatever a request changed is undone."""

    def __init__(self, house: House, world: World) -> None:
        self._world = world
        self._clients = {name: browser_of(who, raise_request_exception=False) for name, who in house.people.items()}
        self._cookies = {name: SimpleCookie(client.cookies) for name, client in self._clients.items()}
        self._error: BaseException | None = None
        got_request_exception.connect(self._hear)

    def _hear(self, **signal: Any) -> None:
        del signal
        self._error = sys.exc_info()[1]

    def wrong(self, request: Hostile) -> str:
        """What is wrong with the reply; nothing where nothing is."""
        self._error = None
        try:
            status, fault = self._sent(request)
        except Exception as error:  # what not even the application's outermost layer caught
            return f"raised {type(error).__name__}: {error}"[:300]
        if status >= 500 or status not in DOCUMENTED:
            return fault or f"{status} {type(self._error).__name__}: {self._error}"[:300]
        return fault

    def _sent(self, request: Hostile) -> tuple[int, str]:
        client = self._clients.get(request.who) or client_at_the_front(raise_request_exception=False)
        client.cookies = SimpleCookie(self._cookies.get(request.who))
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1") for name, value in request.headers}
        if request.who in self._world.secrets:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self._world.secrets[request.who]}"
        with transaction.atomic():
            response = client.generic(request.verb, request.where, request.body, content_type=request.kind, **headers)
            transaction.set_rollback(True)
        content = b"".join(response)
        if response.status_code == 503 and response.headers.get("Retry-After"):
            return 200, ""
        return response.status_code, _as_data(
            request, response.status_code, response.headers.get("Content-Type", ""), content
        )


def _as_data(request: Hostile, status: int, kind: str, content: bytes) -> str:
    """Whatever a program is refused, it is told as data, with an id."""
    if not request.path.startswith("/api/") or status < 400 or request.verb == "HEAD":
        return ""
    told = json.loads(content) if kind.startswith("application/json") else None
    return "" if isinstance(told, dict) and told.get("error") else f"{status} is not told as data: {kind}"


@pytest.fixture(scope="module")
def judge(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Judge, World]]:
    with django_db_blocker.unblock(), transaction.atomic():
        house = make_house(make_clinic())
        for number in range(40):
            given = [
                GivenAnswer(field="recommend", value=number % 11),
                GivenAnswer(field="why", text=f"I waited {number} minutes."),
            ]
            surveys.submit(
                survey=find(house.own["token"]),
                sent=Submission(response=f"response-{number:08d}", key=f"key-{number:05d}", answers=given),
            )
        addresses = tuple((each.pattern, each.declared.verbs) for each in DECLARED if each.declared)
        world = World(addresses, house.own, tuple(house.people), tuple(house.keys), house.keys)
        yield Judge(house, world), world
        transaction.set_rollback(True)


def test_no_request_is_answered_by_a_fault_of_ours(judge: tuple[Judge, World]) -> None:
    made, world = judge
    faults: dict[str, Hostile] = {}
    counts: Counter[str] = Counter()
    for request in islice(requests(world, SEED), MANY):
        if wrong := made.wrong(request):
            counts[wrong[:90]] += 1
            if wrong[:90] not in faults and len(faults) < SHOWN:
                faults[wrong[:90]] = smallest(request, lambda each, kind=wrong[:20]: made.wrong(each)[:20] == kind)  # type: ignore[misc]
    told = "\n\n".join(f"{counts[wrong]} × {wrong}\n{request}" for wrong, request in faults.items())
    assert not counts, f"{sum(counts.values())} of {MANY} (seed {SEED}):\n{told}"


NAMED = {
    "a page far beyond the last": ("owner", "GET", "/w/harbour/outpatient/words/?page=" + "9" * 400),
    "a page of cases far beyond": ("owner", "GET", "/w/harbour/cases/?page=" + "9" * 400),
    "a page of the trail far beyond": ("owner", "GET", "/w/harbour/audit/?page=" + "9" * 5_000),
    "the first day there is": ("owner", "GET", "/w/harbour/outpatient/?from=0001-01-01&to=0001-01-01"),
    "the last day there is": ("owner", "GET", "/w/harbour/outpatient/methods/nps/?from=9999-12-31&to=9999-12-31"),
    "the last day, of a journey": ("owner", "GET", "/w/harbour/outpatient/journey/?from=0001-01-01&to=9999-12-31"),
    "a word where a number stands": ("owner", "GET", "/w/harbour/outpatient/?value=word"),
    "a column of the machine's": ("owner", "GET", "/w/harbour/outpatient/?_part=1"),
    "the same group twice": ("read of Olivia Wang", "GET", "/api/v1/harbour/outpatient/methods/nps?by=site,site"),
    "a group by everything": (
        "read of Olivia Wang",
        "GET",
        "/api/v1/harbour/outpatient/methods/nps?by=site,language,value,text,response",
    ),
    "a NUL in a filter": ("owner", "GET", "/w/harbour/outpatient/?site=a%00b"),
    "a NUL in a language": ("owner", "GET", "/w/harbour/outpatient/?language=%00"),
    "a NUL in an address": ("owner", "GET", "/s/a%00b"),
    "a NUL in an e-mail": ("nobody", "POST", "/sign-in/", "email=a%00b@c.example&password=a%00b"),
    "a NUL in a name": ("owner", "POST", "/w/harbour/settings/", "name=a%00b&timezone=UTC"),
    "a NUL in a label": ("owner", "POST", "/w/harbour/outpatient/surveys/1/places/", "label=a%00b"),
    "a NUL in a note": ("owner", "POST", "/w/harbour/cases/1/close/", "note=a%00b"),
    "a revision of five thousand digits": (
        "nobody",
        "POST",
        "/s/{token}",
        "rev=" + "9" * 5_000 + "&recommend=9&send=1",
    ),
    "bytes that are no text": ("nobody", "POST", "/s/{token}", "recommend=%ff%fe&why=%ed%a0%80&send=1"),
    "a proxy that says nothing": ("nobody", "GET", "/set-up/"),
    "a next that is nowhere": ("nobody", "POST", "/sign-in/", "email=x@y.example&password=x&next=//[evil"),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_once_was_a_fault_of_ours_is_none(judge: tuple[Judge, World], name: str) -> None:
    made, world = judge
    who, verb, where, *body = NAMED[name]
    path, _, query = where.replace("{token}", str(world.values["token"])).partition("?")
    asked = tuple(
        (each.partition("=")[0], unquote_to_bytes(each.partition("=")[2])) for each in query.split("&") if each
    )
    request = Hostile(
        who,
        verb,
        path,
        asked,
        (("X-Forwarded-For", b"unknown"),),
        "application/x-www-form-urlencoded",
        "".join(body).encode(),
    )
    assert made.wrong(request) == ""


def test_a_document_with_any_key_misspelt_is_refused_with_its_line() -> None:
    lines = OUTPATIENT.split("\n")
    for at, line in enumerate(lines):
        for key in set(re.findall(r"(\w+):", line)):
            text = "\n".join([*lines[:at], re.sub(rf"\b{key}:", f"{key}x:", line, count=1), *lines[at + 1 :]])
            found = [each for each in check(text) if each.level == "error"]
            assert found or key in OPEN, (at + 1, line)
            assert all(each.line for each in found), (at + 1, line)


OPEN = {"1", "5"}
"""Keys that a document may choose itself."""
