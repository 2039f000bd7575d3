from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from peakend.errors import PeakendError
from peakend_web.actions import keys
from peakend_web.models import Answer, ApiKey, Event

from .conftest import Clinic

BASE = "/api/v1/harbour/outpatient"


class Program:
    """A program with a key of its own."""

    def __init__(self, key: str) -> None:
        self._client, self.headers = Client(), {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> Any:
        return self._client.get(BASE + path, headers=self.headers)

    def send(self, path: str, *rows: dict[str, Any] | str, key: str = "") -> Any:
        body = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self._client.post(BASE + path, body.encode(), content_type="application/x-ndjson", headers=headers)


@pytest.fixture
def kiosk(clinic: Clinic) -> Program:
    return Program(keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Kiosk", scope=ApiKey.Scope.WRITE)[1])


@pytest.fixture
def notebook(clinic: Clinic) -> Program:
    return Program(keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Notebook", scope=ApiKey.Scope.READ)[1])


def score(response: str, value: float | None, **more: Any) -> dict[str, Any]:
    row = {"response": response, "item": "recommend", "construct": "nps", "value": value, "low": 0, "high": 10, "at_us": 1_700_000_000_000_000}
    return {**row, "source_key": f"{response}:recommend", **more}


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


def test_what_a_kiosk_sends_is_counted_by_the_next_look(kiosk: Program, notebook: Program) -> None:
    sent = [score("a", 10, site="east"), score("b", 9, site="east"), score("c", 3, site="west", visitor="first"), score("d", None, state="skipped")]
    sent += [score(f"more-{n}", 8, site="east") for n in range(8)] + [score(f"first-{n}", 8, site="west", visitor="first") for n in range(9)]
    assert kiosk.send("/answers", *sent).json() == {"rows": 21}
    (row,) = notebook.get("/methods/nps").json()
    assert {name: row[name] for name in ("promoters", "passives", "detractors", "n", "missing", "version", "group")} == {
        "promoters": 2, "passives": 17, "detractors": 1, "n": 20, "missing": 1, "version": "nps/1", "group": {},
    }  # fmt: skip
    assert {row["group"]["site"]: row["n"] for row in notebook.get("/methods/nps?by=site").json()} == {"east": 10, "west": 10, None: 0}
    assert [row["n"] for row in notebook.get("/methods/nps?site=east").json()] == [10]
    assert [row["n"] for row in notebook.get("/methods/nps?visitor=first&from=2023-11-14&to=2023-11-14").json()] == [10]


def test_rows_that_are_sent_again_change_nothing(kiosk: Program) -> None:
    for _ in range(2):
        assert kiosk.send("/answers", score("a", 10), score("b", 2)).status_code == 200
    assert sorted(Answer.objects.values_list("source_key", "value")) == [("a:recommend", 10.0), ("b:recommend", 2.0)]


def test_a_repeated_key_is_told_the_same_and_with_another_body_refused(kiosk: Program) -> None:
    anonymous = {name: value for name, value in score("a", 10).items() if name != "source_key"}
    first, again = (kiosk.send("/answers", anonymous, key="one") for _ in range(2))
    assert (first.json(), "Idempotent-Replay" in first.headers) == ({"rows": 1}, False)
    assert (again.json(), again.headers["Idempotent-Replay"]) == ({"rows": 1}, "true")
    assert refusal(kiosk.send("/answers", {**anonymous, "value": 3}, key="one")) == (409, "delivery.key_reused")
    assert kiosk.send("/answers", anonymous, key="two").status_code == 200
    assert Answer.objects.count() == 2
    assert refusal(kiosk.send("/answers", anonymous)) == (422, "facts.no_identity")


def test_events_are_kept_with_their_segments(kiosk: Program) -> None:
    row = {
        "visit": "v1",
        "at_us": 1_700_000_000_000_000,
        "kind": "wait",
        "touchpoint": "wait",
        "value": 12.5,
        "source_key": "v1:wait",
        "purpose": "初診",
    }
    assert kiosk.send("/events", row).json() == {"rows": 1}
    (event,) = Event.objects.all()
    assert (event.visit, event.kind, event.value, event.day, json.loads(event.segments)) == ("v1", "wait", 12.5, 19675, {"purpose": "初診"})


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], (422, "api.no_rows")),
        (["{not json"], (400, "api.line_broken")),
        (["[1, 2]"], (400, "api.line_broken")),
        ([score("a", 1), '{"response": {"nested": 1}}'], (400, "api.line_broken")),
        ([{**score("a", 1), "value": "nine"}], (422, "api.value_kind")),
        ([{**score("a", 1), "value": True}], (422, "api.value_kind")),
        ([{**score("a", 1), "at_us": 1.5}], (422, "api.value_kind")),
        ([{**score("a", 1), "at_us": 10**30}], (422, "api.number_large")),
        ([{**score("a", 1), "response": 7}], (422, "api.value_kind")),
        ([{**score("a", 1), "text": "a\0b"}], (422, "api.null_character")),
        ([{f"c{n}": "x" for n in range(300)}], (422, "api.columns_many")),
        ([{"response": "a", "source_key": "a"}], (422, "facts.column_missing")),
        ([score("a", 11)], (422, "facts.off_scale")),
        ([score("a", 5, role="opinion")], (422, "facts.role_unknown")),
        (
            [score("a", 5), score("b", 4, source_key="a:recommend", source="s"), score("c", 4, source_key="a:recommend", source="s")],
            (422, "facts.row_twice"),
        ),
    ],
)
def test_a_batch_that_is_wrong_somewhere_is_refused_whole_and_says_where(kiosk: Program, rows: list[Any], told: tuple[int, str]) -> None:
    assert (refusal(kiosk.send("/answers", *rows)), Answer.objects.count()) == (told, 0)


def test_a_request_that_broke_off_is_refused(kiosk: Program) -> None:
    body = json.dumps(score("a", 1)).encode()
    broken = {"CONTENT_LENGTH": str(len(body) + 10), "wsgi.input": BytesIO(body)}
    response = Client().post(BASE + "/answers", b"", content_type="application/x-ndjson", headers=kiosk.headers, **broken)
    assert (refusal(response), Answer.objects.count()) == ((400, "api.body_cut"), 0)


def test_refusals_are_told_in_the_language_that_is_asked_for(clinic: Clinic) -> None:
    told = {lang: Client(HTTP_ACCEPT_LANGUAGE=lang).get(BASE + "/methods/nps").json()["what"] for lang in ("en", "zh-TW", "zh-CN")}
    assert told == {lang: PeakendError("web.key_unknown").message(ours) for lang, ours in (("en", "en"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"))}


def test_questions_that_cannot_be_answered_say_why(notebook: Program) -> None:
    assert refusal(notebook.get("/methods/astrology")) == (404, "web.missing")
    assert refusal(notebook.get("/methods/portfolio")) == (404, "web.missing")
    assert refusal(notebook.get("/methods/nps?planet=mars")) == (422, "facts.column_unknown")
    assert refusal(notebook.get("/methods/nps?by=planet")) == (422, "facts.column_unknown")
    assert refusal(notebook.get("/methods/nps?from=yesterday")) == (422, "web.not_a_day")


@pytest.mark.parametrize("name", ["id", "seq", "first_seq", "service", "segments", "workspace"])
def test_a_column_of_a_program_cannot_hide_one_of_ours(kiosk: Program, name: str) -> None:
    assert refusal(kiosk.send("/answers", score("a", 10, **{name: "x"}))) == (422, "facts.column_reserved")
    assert Answer.objects.count() == 0


def test_the_specification_names_every_address_of_the_api() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {"/api/v1/{workspace}/{service}/" + end for end in ("methods/{method}", "answers", "events")}
