"""Answers as customers of Harbour Clinic give them, delivered the way every answer is."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from peakend_web.models import Service
from peakend_web.store import deliveries, writer
from peakend_web.store.rows import AnswerRow, EventRow

ONE = itertools.count(1)
DEFAULTS: dict[str, Any] = {"site": "east", "channel": "paper", "survey": "after-visit"}


def deliver(service: Service, rows: Iterable[dict[str, Any]]) -> None:
    """Keep these answers; each row says what differs from a plain answer."""
    made = [_row(service, row) for row in rows]
    writer.deliver(deliveries.Delivery(workspace=service.workspace_id, answers=made))


def _row(service: Service, row: dict[str, Any]) -> AnswerRow:
    number = next(ONE)
    day = (row.pop("on", LAST) - date(1970, 1, 1)).days
    segments = {"segments": json.dumps(row.pop("who"))} if "who" in row else {}
    own = {
        "workspace_id": service.workspace_id,
        "service_id": service.pk,
        "source": "test",
        "source_key": str(number),
        "response": f"r{number}",
    }
    return AnswerRow(**{**DEFAULTS, **own, "day": day, "at_us": day * 86_400_000_000 + number, **segments, **row})


def recommend(score: int, times: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [
        {"item": "recommend", "construct": "nps", "value": float(score), "low": 0.0, "high": 10.0, **more}
        for _ in range(times)
    ]


def rate(touchpoint: str, score: int, times: int = 1, **more: Any) -> list[dict[str, Any]]:
    own = {
        "item": touchpoint,
        "construct": touchpoint,
        "touchpoint": touchpoint,
        "value": float(score),
        "low": 1.0,
        "high": 5.0,
    }
    return [{**own, **more} for _ in range(times)]


def remark(touchpoint: str, text: str, **more: Any) -> dict[str, Any]:
    return {"item": "why", "role": "comment", "touchpoint": touchpoint, "construct": touchpoint, "text": text, **more}


def happen(service: Service, rows: Iterable[dict[str, Any]]) -> None:
    """Keep these events; each row says what differs from one at the east site. `minutes` is how long it lasted."""
    made = [_event(service, row) for row in rows]
    writer.deliver(deliveries.Delivery(workspace=service.workspace_id, events=made))


def over_days(rows: Iterable[dict[str, Any]], days: int = 10) -> list[dict[str, Any]]:
    """The rows one after the other on so many days, as evenly as they go, the last of them the usual one."""
    return [{"on": LAST - timedelta(days=at % days), **row} for at, row in enumerate(rows)]


LAST: Final = date(2026, 11, 2)


def _event(service: Service, row: dict[str, Any]) -> EventRow:
    number = next(ONE)
    day = (row.pop("on", LAST) - date(1970, 1, 1)).days
    at = day * 86_400_000_000 + number * 1_000_000
    lasts = {"until_us": at + round(row.pop("minutes") * 60_000_000)} if "minutes" in row else {}
    own = {
        "workspace_id": service.workspace_id,
        "service_id": service.pk,
        "source": "test",
        "source_key": str(number),
        "visit": f"v{number}",
    }
    return EventRow(**{"site": "east", "day": day, "at_us": at, **lasts, **own, **row})
