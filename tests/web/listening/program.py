"""A program that sends rows to the API with a key of its own, and the rows it sends."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

BASE = "/api/v1/harbour/outpatient"


class Program:
    """A program with a key of its own."""

    def __init__(self, key: str) -> None:
        self._client, self.headers = Client(), {"Authorization": f"Bearer {key}"}

    def get(self, path: str) -> Any:
        return self._client.get(BASE + path, headers=self.headers)

    def send(self, path: str, *rows: dict[str, Any] | str, key: str = "", base: str = BASE) -> Any:
        body = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self._client.post(base + path, body.encode(), content_type="application/x-ndjson", headers=headers)


def score(response: str, value: float | None, **more: Any) -> dict[str, Any]:
    row = {
        "response": response,
        "item": "recommend",
        "construct": "nps",
        "value": value,
        "low": 0,
        "high": 10,
        "at_us": 1_700_000_000_000_000,
    }
    return {**row, "source_key": f"{response}:recommend", **more}


def counts(new: int = 0, repeated: int = 0, revised: int = 0, conflicting: int = 0) -> dict[str, int]:
    rows = new + repeated + revised + conflicting
    return {"rows": rows, "new": new, "repeated": repeated, "revised": revised, "conflicting": conflicting}


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]
