"""Waiting: the queues of the textbooks, a place in line, promises kept, words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import special

from peakend import cli
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.methods import queue
from peakend.methods.queue import from_rates, live
from peakend.methods.queue.waiting_line import ahead_of, erlang, place_by_resampling, steady
from tests.methods.events_of import DAY, MINUTE, SCHEMA, at, clinic, events


def test_a_quantile_of_the_wait_is_where_the_tail_says() -> None:
    found = steady(6, 3, 3)
    assert found.waits_longer(found.quantile(0.8)) == pytest.approx(0.2)
    assert found.quantile(0.5) == 0.0  # five of nine need not wait


def test_a_thousand_servers_overflow_nothing() -> None:
    assert 0 < steady(990, 1, 1000).wq < 0.1


@pytest.mark.parametrize(
    ("rates", "refusal"),
    [((6, 3, 2), "queue.no_steady_state"), ((7, 3, 2), "queue.no_steady_state"), ((0, 3, 2), "queue.rates")],
)
def test_a_line_that_grows_without_end_has_no_wait_and_says_how_many_servers_it_needs(
    rates: tuple[float, float, int], refusal: str
) -> None:
    with pytest.raises(MethodError) as refused:
        from_rates(*rates)
    assert refused.value.id == refusal
    if refusal == "queue.no_steady_state":
        assert "With 3 servers" in refused.value.hint("en")


def test_a_place_needs_one_departure_more_than_are_ahead() -> None:
    """As wait_position_erlang: mean (k+1)/(cμ), quantiles of Erlang(k+1, cμ)."""
    found = erlang(4, 2, 1 / 5, (0.5, 0.8))
    assert found.mean == pytest.approx(5 / 0.4)
    assert found.quantiles == pytest.approx([special.gammaincinv(5, q) / 0.4 for q in (0.5, 0.8)])
    assert erlang(0, 1, 1 / 6).mean == pytest.approx(6)
    assert ahead_of(17, 12) == 4
    with pytest.raises(MethodError):
        ahead_of(12, 12)


def test_an_idle_server_means_no_wait_and_no_shows_shorten_it() -> None:
    assert live(0, 3, service=5, busy=2).value == 0
    assert live(0, 3, service=5, busy=3).value == pytest.approx(5 / 3)
    assert live(10, 1, service=1, no_show=0.2).value == pytest.approx(1 + 8)
    assert (live(10, 1, service=1, no_show=0.2).p80 or 0) < (live(10, 1, service=1).p80 or 0)


def test_resampled_exponential_times_agree_with_erlang() -> None:
    times = np.random.default_rng(1).exponential(5, 4000)
    one, two = place_by_resampling(6, 2, times), erlang(6, 2, 1 / times.mean())
    assert (one.mean, *one.quantiles) == pytest.approx((two.mean, *two.quantiles), rel=0.04)


def test_services_that_are_all_alike_leave_a_shorter_range_than_erlang() -> None:
    alike, random = live(8, 1, times=[5.0] * 50), live(8, 1, service=5)
    assert (alike.p80 or 0) - (alike.p50 or 0) < ((random.p80 or 0) - (random.p50 or 0)) / 2
    assert alike.value == pytest.approx(8 * 5 + 2.5, abs=0.1)


@pytest.mark.parametrize("place", [(-1, 1, 0.0), (1, 0, 0.0), (1, 1, 1.0)])
def test_a_place_that_cannot_be_is_refused(place: tuple[int, int, float]) -> None:
    with pytest.raises(MethodError) as refused:
        live(place[0], place[1], service=5, no_show=place[2])
    assert refused.value.id == "queue.place"


def test_without_a_service_time_there_is_no_estimate() -> None:
    with pytest.raises(MethodError) as refused:
        live(3, 1)
    assert refused.value.id == "queue.no_service"


# --- from events ------------------------------------------------------------------------------------------------------


def test_the_waits_have_their_mean_and_range_and_what_was_promised_is_counted() -> None:
    rows = [
        {
            "visit": f"v{i}",
            "touchpoint": "desk",
            "kind": "wait",
            "at_us": at(0, i),
            "until_us": at(0, i + w),
            "value": 10.0,
        }
        for i, w in enumerate((2.0, 4.0, 6.0, 8.0, 20.0))
    ]
    (row,) = queue.queue(events(rows))
    assert row.value == pytest.approx(8)
    assert (row.n, row.promised, row.kept, row.kept_days, row.calibrated) == (5, 5, 80, 1, None)
    assert (row.p50, row.p80) == pytest.approx((6, 8), rel=0.005)
    assert row.warnings == ("low_base", "few_days")
    week = [
        {**one, "at_us": one["at_us"] + day * DAY, "until_us": one["until_us"] + day * DAY}
        for one in rows
        for day in range(7)
    ]
    (row,) = queue.queue(events(week))
    assert (row.promised, row.kept, row.kept_days, row.calibrated) == (35, 80, 7, True)


def test_the_engine_and_the_order_of_rows_change_nothing() -> None:
    rows = clinic()
    frame = pl.DataFrame([rows[i] for i in np.random.default_rng(0).permutation(len(rows)).tolist()], schema=SCHEMA)
    assert queue.queue(events(rows)).as_dict() == queue.queue(conform(frame.to_arrow(), "events")).as_dict()
    by_site = queue.queue(events(rows), by="site")
    (whole,) = queue.queue(events(rows))
    assert sum(row.n for row in by_site) == whole.n
    assert sum((row.value or 0) * row.n for row in by_site) == pytest.approx((whole.value or 0) * whole.n)


def test_a_place_is_estimated_from_the_services_that_were_seen() -> None:
    found = {row.touchpoint: row for row in queue.queue(events(clinic()), ahead=3, servers=1)}
    consult = found["consult"]
    assert consult.value == pytest.approx(4 * (consult.service or 0), rel=0.25)
    refused = found["wait"].refused
    assert refused is not None
    assert refused.id == "queue.no_service"


def test_one_wait_tells_nothing_yet() -> None:
    (row,) = queue.queue(
        events([{"visit": "a", "touchpoint": "desk", "kind": "wait", "at_us": at(0), "until_us": at(0, 4)}])
    )
    assert row.refused is not None
    assert row.refused.message() == "Too few waits to tell yet (1 of 2)."


def test_the_sentences_are_whole_in_three_languages() -> None:
    row, rates = live(3, 1, service=5), from_rates(2, 3, 2)
    assert queue.METHOD.say(row, "en") == "With 3 ahead, 18.4 to 27.6 minutes to wait (mean 20.0, 0 services)."
    assert [queue.METHOD.say(rates, lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "The mean wait is 0.042 of the unit of time in which the rates were given; staff are busy 33% of the time "
            "and 17% of customers wait."
        ),
        "平均等候 0.042（單位與輸入的速率相同）；服務人員有 33% 的時間在忙，17% 的顧客需要等候。",
        "平均等候 0.042（单位与输入的速率相同）；服务人员有 33% 的时间在忙，17% 的客户需要等候。",
    ]


def test_nurse_chen_reads_the_waits_and_a_place_in_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "events.parquet"
    pl.DataFrame(clinic(), schema=SCHEMA).write_parquet(facts)
    assert cli.main(["queue", str(facts)]) == 0
    assert "announced waits" in capsys.readouterr().out
    assert cli.main(["queue", str(facts), "--ahead", "3", "--where", "touchpoint=consult", "--lang", "zh-Hant"]) == 0
    assert "前面還有 3 位" in capsys.readouterr().out
    assert cli.main(["queue", str(facts), "--lang", "zh-Hans", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["touchpoint"] == "wait"
    assert cli.main(["queue", str(facts), "--by", "site", "--chart", str(tmp_path / "queue.png")]) == 0


# --- waits that have not ended ----------------------------------------------------------------------------------------


def waits(*spans: tuple[float, float | None], **more: Any) -> list[dict[str, Any]]:
    """Waits at Mrs Lin's desk, from minute to minute."""
    return [
        {
            "visit": f"v{i}",
            "touchpoint": "desk",
            "kind": "wait",
            "at_us": at(0, start),
            "until_us": None if end is None else at(0, end),
            **more,
        }
        for i, (start, end) in enumerate(spans)
    ]


def test_who_still_waits_has_waited_so_long_at_least() -> None:
    rows = waits((0, 10), (0, 20), (10, None), (25, 30), (0, None), (35, 40))
    (row,) = queue.queue(events(rows))
    assert (row.n, row.still_waiting, row.gave_up, row.missing, row.horizon) == (
        6,
        2,
        0,
        0,
        pytest.approx(20, rel=0.005),
    )
    # Of six, two end within 5 minutes and one within 10; of the three left one ends within 20, and two are known to
    # wait longer.
    assert row.value == pytest.approx(5 + 5 * 4 / 6 + 10 * 3 / 6, rel=0.005)
    assert (row.p50, row.p80) == (pytest.approx(10, rel=0.005), None)
    assert "open_waits" in row.warnings


def test_a_mean_that_leaves_out_who_still_waits_is_too_short_and_this_one_is_not() -> None:
    """Forty thousand guests come within half an hour and wait 7.4 minutes on average; then the doors close and the
    books with them.
    """
    rng = np.random.default_rng(1)
    began, lasts = rng.uniform(0, 30, 40_000), rng.exponential(7.4, 40_000)
    rows = waits(*((float(b), float(b + w) if b + w <= 30 else None) for b, w in zip(began, lasts, strict=True)))
    (row,) = queue.queue(events(rows))
    ended = lasts[began + lasts <= 30]
    assert ended.mean() < 5.5
    assert row.still_waiting == len(lasts) - len(ended)
    assert row.value == pytest.approx(np.minimum(lasts, row.horizon or math.inf).mean(), abs=0.3)
    assert (row.p50, row.p80) == (
        pytest.approx(np.quantile(lasts, 0.5), rel=0.02),
        pytest.approx(np.quantile(lasts, 0.8), rel=0.03),
    )


def weeks(days: int, lasts: Sequence[float], lift: Callable[[int], float] = lambda _day: 0.0) -> list[dict[str, Any]]:
    """Waits that all end, the same on each day but for what a day adds to each."""
    return [
        {
            "visit": f"{day}-{i}",
            "touchpoint": "desk",
            "kind": "wait",
            "at_us": at(day, i),
            "until_us": at(day, i + each + lift(day)),
        }
        for day in range(days)
        for i, each in enumerate(lasts)
    ]


def test_where_all_have_ended_the_mean_is_the_plain_one_and_days_that_are_alike_tell_as_much_as_single_waits() -> None:
    lasts = np.random.default_rng(2).exponential(9, 50).round(2).tolist()
    (row,) = queue.queue(events(weeks(8, lasts)))
    seen = np.tile(lasts, 8)
    t = special.stdtrit(7, 0.975) * np.std(seen, ddof=1) / 400**0.5
    assert (row.value, row.low, row.high) == pytest.approx((np.mean(seen), np.mean(seen) - t, np.mean(seen) + t))
    assert (row.still_waiting, row.horizon, row.days, row.warnings) == (0, None, 8, ())


def test_waits_that_are_long_on_the_same_days_tell_no_more_than_the_days() -> None:
    """Forty wait three minutes on each good day and thirteen on each bad one: eight days, and not 320 waits."""
    lasts = np.linspace(2, 4, 40).tolist()
    (row,) = queue.queue(events(weeks(8, lasts, lambda day: 10.0 * (day % 2))))
    of_days = 8 + np.array([-1, 1]) * special.stdtrit(7, 0.975) * np.std([3, 13] * 4, ddof=1) / 8**0.5
    assert (row.value, row.low, row.high) == pytest.approx((8.0, *of_days), abs=0.01)
    assert (row.p50_low, row.p50_high) == pytest.approx((2, 14), abs=1)
    by_share = {mark["minutes"]: (mark["low"], mark["high"]) for mark in row.course}
    assert by_share[5.0] == pytest.approx((8, 83), abs=1)


def test_the_interval_of_a_median_is_around_it_however_little_the_first_that_ended_tell() -> None:
    """Days differ by a factor; of one wait that ended, an interval so wide would hold every share."""
    lasts = [*np.linspace(1, 3, 10), *np.linspace(6, 12, 40)]
    (row,) = queue.queue(events(weeks(10, lasts, lambda day: 3.0 * (day % 3))))
    assert row.p50_low is not None
    assert row.p50_high is not None
    assert 6 < row.p50_low < (row.p50 or 0) < row.p50_high < 16


def test_of_fewer_than_five_days_there_is_no_interval_and_the_sentence_says_why() -> None:
    rows = weeks(4, [3.0, 5.0, 8.0] * 20)
    found = queue.queue(events(rows))
    (row,) = found
    assert (row.low, row.high, row.p50_low, row.p50_high, row.days) == (None, None, None, None, 4)
    assert {mark["low"] for mark in row.course} == {None}
    assert row.warnings == ("few_days",)
    assert "on average (no interval: 4 days seen, 1 more needed; 240 waits)" in found.text()
    assert "尚無區間：只有 4 天的資料，還需 1 天；240 次等候" in found.text("zh-Hant")
    (row,) = queue.queue(events(weeks(5, [3.0, 5.0, 8.0] * 20)))
    assert "grouped by day, 5 days; 300 waits" in queue.METHOD.say(row, "en")


def test_waits_that_are_all_the_same_have_no_interval_of_their_mean() -> None:
    (row,) = queue.queue(events(weeks(6, [4.0] * 10)))
    assert (row.value, row.low, row.warnings) == (4.0, None, ("no_spread",))
    assert queue.METHOD.say(row, "en").startswith("Desk: 4.0 minutes of waiting on average (60 waits)")


def test_whoever_leaves_on_bad_days_leaves_them_as_uncertain() -> None:
    """On every other day all wait ten minutes longer, and a fifth leave after nine."""
    rows = weeks(10, np.linspace(2, 12, 40).tolist(), lambda day: 10.0 * (day % 2))
    gone = [
        {**row, "until_us": None} | {"kind": "wait"} for at_, row in enumerate(rows) if at_ % 5 == 0 and long(row) > 9
    ]
    leaves = [
        {"visit": row["visit"], "touchpoint": "door", "kind": "leave", "at_us": row["at_us"] + 9 * MINUTE}
        for row in gone
    ]
    names = {row["visit"] for row in gone}
    (row,) = queue.queue(events([*(each for each in rows if each["visit"] not in names), *gone, *leaves]))
    (whole,) = queue.queue(events(rows))
    assert (row.gave_up, row.days) == (len(gone), 10)
    widths = [(each.high or 0) - (each.low or 0) for each in (row, whole)]
    assert widths[0] == pytest.approx(widths[1], rel=0.35)
    alone = 2 * 1.96 * 6.0 / 400**0.5
    assert min(widths) > 3 * alone


def long(row: Mapping[str, Any]) -> float:
    """How many minutes a wait lasted."""
    return float(row["until_us"] - row["at_us"]) / MINUTE


def test_whoever_leaves_waited_until_then_and_where_something_else_came_next_no_length_is_known() -> None:
    rows = waits((0, 4), (0, 8), (0, None), (0, None))
    gone = {"visit": "v2", "touchpoint": "door", "kind": "leave", "at_us": at(0, 6)}
    served = {"visit": "v3", "touchpoint": "desk", "kind": "serve", "at_us": at(0, 5), "until_us": at(0, 9)}
    found = queue.queue(events([*rows, gone, served]))
    (row,) = found
    assert (row.n, row.still_waiting, row.gave_up, row.missing) == (3, 0, 1, 1)
    assert row.value == pytest.approx(4 + 4 * 2 / 3, rel=0.005)
    assert set(row.warnings) >= {"open_waits", "waits_without_end"}
    assert "1 left before being served); tell" in found.text()
    assert "其中 1 次沒等到就離開）" in found.text("zh-Hant")
    assert "1 more has no end though something else came next, and is left out" in found.text()


def test_what_comes_next_is_looked_for_among_all_events_and_not_only_those_chosen() -> None:
    rows = waits((0, 4), (0, 8), (0, None))
    elsewhere = {"visit": "v2", "touchpoint": "till", "kind": "serve", "at_us": at(0, 5), "until_us": at(0, 60)}
    (row,) = queue.queue(events([*rows, elsewhere]), where={"touchpoint": "desk"})
    assert (row.n, row.still_waiting, row.missing) == (2, 0, 1)


def test_a_promise_counts_where_it_would_have_been_seen_to_be_broken() -> None:
    """Ten minutes are promised. At minute 30 the one who came at 15 waits too long already, and of those who came at 25
    nothing is known yet.
    """
    rows = waits((0, 5), (5, 10), (15, None), (25, 30), (25, None), value=10.0)
    (row,) = queue.queue(events(rows))
    assert (row.promised, row.kept) == (3, pytest.approx(200 / 3))
    (row,) = queue.queue(events(waits((0, 5), (5, 10), (25, 30), value=10.0)))
    assert (row.promised, row.kept) == (3, 100)


def test_engines_agree_on_waits_that_have_not_ended() -> None:
    rows = [*clinic(), *waits((200, None), (500, None), (540, None), value=20.0)]
    plain = queue.queue(events(rows)).as_dict()
    frame = pl.DataFrame(rows, schema=SCHEMA)
    assert queue.queue(conform(frame.to_arrow(), "events")).as_dict() == plain
    assert queue.queue(frame.lazy()).as_dict() == plain


def test_where_most_still_wait_the_range_to_tell_says_so() -> None:
    found = queue.queue(events(waits((0, 4), (0, 5), *((0, None),) * 5, (60, 60))))
    assert found[0].p50 is None
    assert "most wait longer than is known yet" in found.text()
    assert "每次最多計 5.0 分鐘" in found.text("zh-Hant")
