"""The share within a time: counted by pandas, held to the microsecond, who still waits, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.methods.queue import queue
from peakend.methods.service_level import service_level
from peakend.samples import sample
from tests.methods.events_of import DAY, MINUTE, at, clinic, events


def wait(visit: str, begun: float, minutes: float | None, **more: Any) -> dict[str, Any]:
    ended = {} if minutes is None else {"until_us": at(0, begun) + round(minutes * MINUTE)}
    return {"visit": visit, "kind": "wait", "touchpoint": "desk", "at_us": at(0, begun), **ended, **more}


def fortnight() -> list[dict[str, Any]]:
    """Mrs Lin's clinic for twelve days: on some everybody waits, on others hardly anybody."""
    rng = np.random.default_rng(7)
    return [
        {**wait(f"{day}-{at}", 1440 * day + 10 * at, float(rng.exponential(longest))), "value": 20.0}
        for day, longest in enumerate(rng.gamma(3, 4, 12).tolist())
        for at in range(20 + day % 5)
    ]


@pytest.mark.parametrize("limit", [2.0, 10.0, 15.0])
def test_the_share_is_the_one_that_pandas_counts_and_its_interval_is_of_days(limit: float) -> None:
    table = pd.DataFrame(fortnight())
    table["kept"] = (table["until_us"] - table["at_us"]) / MINUTE <= limit
    days = table.groupby(table["at_us"] // DAY)["kept"].agg(["sum", "count"])
    (row,) = service_level(events(fortnight()), at_most=limit)
    assert (row.touchpoint, row.n, row.kept, row.days) == ("desk", len(table), int(table["kept"].sum()), 12)
    low, high = iv.clustered_share(days["sum"], days["count"]) or (0, 0)
    assert (row.value, row.low, row.high) == pytest.approx((100 * table["kept"].mean(), 100 * low, 100 * high))
    alone = iv.wilson(row.kept, row.n) or (0, 0)
    assert (row.low or 0) < 100 * alone[0] < 100 * alone[1] < (row.high or 0)


def test_of_fewer_than_five_days_there_is_a_share_and_no_interval_and_it_says_how_many_days_it_takes() -> None:
    few = [row for row in fortnight() if row["at_us"] < at(3)]
    (row,) = service_level(events(few), at_most=10.0)
    assert (row.n, row.days, row.low, row.high) == (63, 3, None, None)
    assert "few_days" in row.warnings
    said = "Desk: 66.7% of 63 took at most 10 min (no interval: 3 days seen, 2 more needed)."
    assert row.text("en").splitlines()[0] == said
    assert "尚無區間：只有 3 天的資料，還需 2 天" in row.text("zh-Hant")
    assert "尚无区间：只有 3 天的数据，还需 2 天" in row.text("zh-Hans")


def test_waits_of_one_day_alone_never_make_an_interval_however_many_they_are() -> None:
    (row,) = service_level(events([wait(f"v{v}", v / 10, 5.0 + v % 9) for v in range(2000)]), at_most=10.0)
    assert (row.n, row.days, row.low) == (2000, 1, None)


def test_days_that_are_as_good_as_others_by_chance_are_not_surer_than_waits_that_stand_alone() -> None:
    alike = [wait(f"{d}-{v}", 1440 * d + v, 5.0 if v < 15 else 15.0) for d in range(10) for v in range(20)]
    (row,) = service_level(events(alike), at_most=10.0)
    low, high = iv.wilson(150, 200) or (0, 0)
    assert (row.low or 0) < 100 * low < 100 * high < (row.high or 0)


def test_a_wait_of_exactly_the_limit_keeps_it_either_way() -> None:
    waits = events([wait(f"v{v}", v, minutes) for v, minutes in enumerate((5.0, 5.0, 5.0 + 1e-6, 5.0 - 1e-6))])
    (most,), (least,) = service_level(waits, at_most=5.0), service_level(waits, at_least=5.0)
    assert (most.kept, least.kept) == (3, 3)


def test_without_a_limit_it_is_what_queue_says_of_the_times_announced() -> None:
    for rows in (clinic(), fortnight()):
        (row,), told = service_level(events(rows)), queue(events(rows))[0]
        assert (row.n, row.value, row.low, row.high, row.days) == (
            told.promised, told.kept, told.kept_low, told.kept_high, told.kept_days,
        )  # fmt: skip


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


def test_of_failures_the_visits_are_counted_in_which_nothing_failed_at_a_touchpoint() -> None:
    """Ten days of twenty guests; every second day two find the wifi down, one of them twice, and one the desk shut."""
    came = [
        {"visit": f"{d}-{v}", "kind": "arrive", "touchpoint": "door", "at_us": at(d, v)}
        for d in range(10)
        for v in range(20)
    ]
    failed = [
        {"visit": f"{d}-{v}", "kind": "fail", "touchpoint": place, "at_us": at(d, 600 + minute)}
        for d in range(0, 10, 2)
        for v, place, minute in ((3, "wifi", 1), (3, "wifi", 9), (4, "wifi", 2), (4, "desk", 3))
    ]
    rows = {row.touchpoint: row for row in service_level(events([*came, *failed]), kind="fail")}
    told = {name: (row.n, row.kept, row.days) for name, row in rows.items()}
    assert told == {"wifi": (200, 190, 10), "desk": (200, 195, 10)}
    kept = [18, 20] * 5
    low, high = iv.clustered_share(kept, [20] * 10) or (0, 0)
    assert (rows["wifi"].low, rows["wifi"].high) == pytest.approx((100 * low, 100 * high))
    assert rows["desk"].text("en").startswith("Desk: 97.5% of 200 visits went without a failure (95% confidence")
    late = {"visit": "0-1", "kind": "fail", "touchpoint": "desk", "at_us": at(0)}
    (row,) = service_level(events([*came, late]), "touchpoint", kind="fail")
    assert (row.group, row.n, row.kept) == ({"touchpoint": "desk"}, 200, 199)
    with pytest.raises(MethodError, match=r"service_level\.failures"):
        service_level(events(failed), kind="fail", at_most=5.0)


def test_the_airports_visits_without_a_failure_are_those_that_pandas_counts() -> None:
    table = sample("airport", "events").frame.to_native().df()
    arrived = int((table["kind"] == "arrive").sum())
    failed = table[table["kind"] == "fail"].groupby("touchpoint")["visit"].nunique().to_dict()
    rows = service_level(sample("airport", "events"), kind="fail")
    assert {row.touchpoint: row.n - row.kept for row in rows} == failed
    assert all(arrived <= row.n < arrived + 100 for row in rows)


def test_two_limits_no_ends_and_no_promise_are_refused() -> None:
    with pytest.raises(MethodError, match=r"service_level\.limits"):
        service_level(events(clinic()), at_most=5.0, at_least=5.0)
    plain = [wait(f"v{v}", v, 5.0) for v in range(5)]
    cases = {"service_level.none": [wait("v", 0, 5.0), wait("w", 1, None)], "service_level.no_promise": plain}
    for id, rows in cases.items():
        (row,) = service_level(events(rows))
        assert row.refused is not None
        assert (row.refused.id, row.value, row.n) == (id, None, 0)


def test_the_sentences_name_the_limit_and_the_days() -> None:
    found = service_level(events(fortnight()), at_most=10.0)
    assert [found.sentences(lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [  # type: ignore[arg-type]
        "Desk: 70.5% of 261 took at most 10 min (95% confidence interval 56.9 to 81.2; grouped by day, 12 days).",
        "desk：261 次中有 70.5% 在 10 分鐘以內（95% 信賴區間 56.9 至 81.2；以天分組，共 12 天）。",
        "desk：261 次中有 70.5% 在 10 分钟以内（95% 置信区间 56.9 至 81.2；按天分组，共 12 天）。",
    ]
