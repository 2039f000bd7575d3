"""The share within a time: counted by pandas, held to the microsecond, who still waits, what is refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.methods.queue import queue
from peakend.methods.service_level import service_level
from tests.methods.events_of import MINUTE, at, clinic, events


def wait(visit: str, begun: float, minutes: float | None, **more: Any) -> dict[str, Any]:
    ended = {} if minutes is None else {"until_us": at(0, begun) + round(minutes * MINUTE)}
    return {"visit": visit, "kind": "wait", "touchpoint": "desk", "at_us": at(0, begun), **ended, **more}


@pytest.mark.parametrize("limit", [2.0, 10.0, 15.0])
def test_the_clinics_share_is_the_one_that_pandas_counts(limit: float) -> None:
    table = pd.DataFrame([row for row in clinic(300) if row["kind"] == "wait"])
    minutes = (table["until_us"] - table["at_us"]) / MINUTE
    (row,) = service_level(events(clinic(300)), at_most=limit)
    kept = int((minutes <= limit).sum())
    low, high = iv.wilson(kept, len(table)) or (0, 0)
    assert (row.touchpoint, row.n, row.kept) == ("wait", len(table), kept)
    assert (row.value, row.low, row.high) == pytest.approx((100 * kept / len(table), 100 * low, 100 * high))


def test_a_wait_of_exactly_the_limit_keeps_it_either_way() -> None:
    waits = events([wait(f"v{v}", v, minutes) for v, minutes in enumerate((5.0, 5.0, 5.0 + 1e-6, 5.0 - 1e-6))])
    (most,), (least,) = service_level(waits, at_most=5.0), service_level(waits, at_least=5.0)
    assert (most.kept, least.kept) == (3, 3)


def test_without_a_limit_it_is_what_queue_says_of_the_times_announced() -> None:
    (row,), told = service_level(events(clinic())), queue(events(clinic()))[0]
    assert (row.n, row.value, row.low, row.high) == (told.promised, told.kept, told.kept_low, told.kept_high)


def test_of_those_who_still_wait_only_who_has_waited_longer_is_judged() -> None:
    """Minute 60: two of four open waits have lasted twenty minutes; one of five minutes ended too late to count."""
    ended = [wait(f"e{v}", v, 5.0) for v in range(30)]
    still = [wait(f"o{v}", begun, None) for v, begun in enumerate((35, 40, 55, 58))]
    (row,) = service_level(events([*ended, *still, wait("last", 55, 5)]), at_most=10.0)
    assert (row.n, row.kept, row.undecided) == (32, 30, 3)


def test_other_things_that_last_are_held_against_a_limit_too() -> None:
    talks = [{**wait(f"v{v}", v, 4.0 + v), "kind": "serve"} for v in range(5)]
    (row,) = service_level(events(talks), kind="serve", at_least=6.0)
    assert (row.kept, row.n) == (3, 5)


def test_two_limits_no_ends_and_no_promise_are_refused() -> None:
    with pytest.raises(MethodError, match=r"service_level\.limits"):
        service_level(events(clinic()), at_most=5.0, at_least=5.0)
    plain = [wait(f"v{v}", v, 5.0) for v in range(5)]
    cases = {"service_level.none": [wait("v", 0, 5.0), wait("w", 1, None)], "service_level.no_promise": plain}
    for id, rows in cases.items():
        (row,) = service_level(events(rows))
        assert row.refused is not None
        assert (row.refused.id, row.value, row.n) == (id, None, 0)


def test_the_sentences_name_the_limit() -> None:
    found = service_level(events(clinic()), at_most=10.0)
    assert [found.sentences(lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [  # type: ignore[arg-type]
        "Wait: 47.1% of 68 took at most 10 min (95% confidence interval 35.7 to 58.8).",
        "wait：68 次中有 47.1% 在 10 分鐘以內（95% 信賴區間 35.7 至 58.8）。",
        "wait：68 次中有 47.1% 在 10 分钟以内（95% 置信区间 35.7 至 58.8）。",
    ]
