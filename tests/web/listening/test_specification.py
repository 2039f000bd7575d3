"""What the specification of the API says: every address, every reply, the kind of every column."""

from __future__ import annotations

import pytest
from django.test import Client

from peakend.facts import TABLES
from tests.web.listening.program import Program, refusal, score


def test_the_specification_names_every_address_of_the_api() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/{workspace}/{service}/" + end for end in ("methods/{method}", "answers", "events", "imports", "rows")
    }


def test_the_specification_says_of_every_reply_what_is_sent(kiosk: Program, notebook: Program) -> None:
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    kept, refused = kiosk.send("/answers", score("a", 10)).json(), kiosk.send("/answers", score("b", 11)).json()
    (row,) = notebook.get("/methods/nps").json()
    assert set(kept) == set(schemas["Receipt"]["properties"]) == set(schemas["Receipt"]["required"])
    assert set(refused) >= set(schemas["Refusal"]["required"])
    assert set(row) >= set(schemas["Result"]["required"]) >= {"group", "value", "low", "high", "n", "version"}


@pytest.mark.parametrize("table", ["answers", "events"])
def test_the_specification_knows_the_kind_of_every_column_that_is_taken(kiosk: Program, table: str) -> None:
    path = Client().get("/api/v1/openapi.json").json()["paths"]["/api/v1/{workspace}/{service}/" + table]
    told = path["post"]["requestBody"]["content"]["application/x-ndjson"]["schema"]["properties"]
    own = {column.name for column in TABLES[table]}  # type: ignore[index]
    assert own <= set(told)
    for name in own:
        kinds = {each["type"] for each in told[name]["anyOf"]} - {"null"}
        wrong = {
            "response": "r",
            "visit": "v",
            "kind": "wait",
            "value": 1.0,
            name: 7 if kinds == {"string"} else "seven",
        }
        found = kiosk.send(f"/{table}", {each: value for each, value in wrong.items() if each in own})
        assert refusal(found) == (422, "api.value_kind"), name
