"""Waiting: the queues of the textbooks, a place in line, promises kept, words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import special

from peakend import cli
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.maths.waiting import ahead_of, erlang, resampled, steady
from peakend.methods import queue
from peakend.methods.queue import from_rates, live
from tests.methods.events_of import SCHEMA, at, clinic, events


def test_a_quantile_of_the_wait_is_where_the_tail_says() -> None:
    found = steady(6, 3, 3)
    assert found.waits_longer(found.quantile(0.8)) == pytest.approx(0.2)
    assert found.quantile(0.5) == 0.0  # five of nine need not wait


def test_a_thousand_servers_overflow_nothing() -> None:
    assert 0 < steady(990, 1, 1000).wq < 0.1


@pytest.mark.parametrize(
    ("rates", "refusal"), [((6, 3, 2), "queue.no_steady_state"), ((7, 3, 2), "queue.no_steady_state"), ((0, 3, 2), "queue.rates")]
)
def test_a_line_that_grows_without_end_has_no_wait_and_says_how_many_servers_it_needs(rates: tuple[float, float, int], refusal: str) -> None:
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
    one, two = resampled(6, 2, times), erlang(6, 2, 1 / times.mean())
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


# --- from events --------------------------------------------------------------------------------------------------------------------


def test_the_waits_have_their_mean_and_range_and_what_was_promised_is_counted() -> None:
    rows = [
        {"visit": f"v{i}", "touchpoint": "desk", "kind": "wait", "at_us": at(0, i), "until_us": at(0, i + w), "value": 10.0}
        for i, w in enumerate((2.0, 4.0, 6.0, 8.0, 20.0))
    ]
    (row,) = queue.queue(events(rows))
    assert row.value == pytest.approx(8)
    assert (row.n, row.promised, row.kept, row.calibrated) == (5, 5, 80, True)
    assert (row.p50, row.p80) == pytest.approx((6, 8), rel=0.005)
    assert row.warnings == ("low_base",)


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
    (row,) = queue.queue(events([{"visit": "a", "touchpoint": "desk", "kind": "wait", "at_us": at(0), "until_us": at(0, 4)}]))
    assert row.refused is not None
    assert row.refused.message() == "Too few waits to tell yet (1 of 2)."


def test_the_sentences_are_whole_in_three_languages() -> None:
    row = live(3, 1, service=5)
    assert queue.METHOD.say(row, "en") == "With 3 ahead, 18.4 to 27.6 minutes to wait (mean 20.0, 0 services)."
    assert queue.METHOD.say(from_rates(2, 3, 2), "zh-Hant") == "平均等候 0.042；服務人員有 33% 的時間在忙，17% 的顧客需要等候。"
    assert queue.METHOD.say(from_rates(2, 3, 2), "zh-Hans") == "平均等候 0.042；服务人员有 33% 的时间在忙，17% 的客户需要等候。"


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
