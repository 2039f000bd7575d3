"""An event that is the same as another one in every column was delivered twice: it counts once on every engine, and
that is said.
"""

from __future__ import annotations

from typing import Any

import pytest

from peakend.errors import FactsError
from peakend.facts import conform
from peakend.methods.journey import journey
from peakend.methods.queue import queue
from peakend.methods.sqi import sqi
from tests.engines import ENGINES, EVERY, arrow
from tests.methods.events_of import at

ONCE: list[dict[str, Any]] = [
    {
        "visit": f"v{n}",
        "kind": "wait",
        "at_us": at(0, n),
        "until_us": at(0, n + 5 + n % 3),
        "touchpoint": "desk",
        "value": 10.0,
    }
    for n in range(12)
] + [
    {"visit": f"v{n}", "kind": "fail", "at_us": at(0, n + 9), "until_us": None, "touchpoint": "gate", "value": None}
    for n in range(12)
]
for row in ONCE:
    row["indicator"] = "late" if row["kind"] == "fail" else None
TWICE = [*ONCE, ONCE[0], ONCE[12], ONCE[0]]


COLUMNS = ("visit", "kind", "at_us", "until_us", "touchpoint", "value", "indicator")
# Ibis still calls DuckDB by a name that DuckDB has since changed; PySpark opens sockets that it leaves to the
# collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize("engine", EVERY)
def test_every_engine_counts_a_repeated_event_once(engine: str) -> None:
    once, twice = (
        conform(ENGINES[engine](arrow([tuple(row[name] for name in COLUMNS) for row in rows], COLUMNS)), "events")
        for rows in (ONCE, TWICE)
    )
    assert (once.repeated, twice.repeated) == (0, 3)
    assert [len(facts.counting_rows.collect(backend="pyarrow").to_native()) for facts in (once, twice)] == [
        len(ONCE)
    ] * 2
    for method in () if engine == "pyspark" else (journey, queue):
        found, expected = method(twice), method(once)
        assert [(row.value, row.n) for row in found] == [(row.value, row.n) for row in expected]
        assert len(found)
        assert all("repeated_events" in row.warnings for row in found)
        assert not any("repeated_events" in row.warnings for row in expected)


def test_the_rows_keep_the_order_in_which_they_were_delivered() -> None:
    kept = conform([{**row, "visit": "v"} for row in reversed(ONCE)] + [{**ONCE[3], "visit": "v"}], "events")
    assert kept.counting_rows.select("at_us").collect().to_dict(as_series=False)["at_us"] == [
        row["at_us"] for row in reversed(ONCE)
    ]


def test_failures_that_were_delivered_twice_are_counted_once() -> None:
    one, other = (sqi(rows) for rows in (TWICE, ONCE))
    assert [(row.value, row.n) for row in one] == [(row.value, row.n) for row in other]


def test_events_that_differ_in_a_column_of_their_own_are_two() -> None:
    assert conform([ONCE[0], {**ONCE[0], "source_key": "2"}], "events").repeated == 0
    assert conform([{**ONCE[0], "desk": "1"}, {**ONCE[0], "desk": "2"}], "events").repeated == 0


def test_how_many_were_repeated_is_said_in_the_reader_s_language() -> None:
    found = journey(TWICE)
    assert ["identical events count once" in found.text(), "完全相同的事件只計一次" in found.text("zh-Hant")] == [
        True,
        True,
    ]
    assert "3 repeated and counted once" in repr(conform(TWICE, "events"))


@pytest.mark.parametrize(("value", "id"), [(-3.0, "facts.promise_negative"), (float("inf"), "facts.value_infinite")])
def test_a_wait_that_was_announced_as_less_than_nothing_or_as_endless_is_refused_by_its_visit(
    value: float, id: str
) -> None:
    with pytest.raises(FactsError) as caught:
        queue([*ONCE, {**ONCE[5], "value": value}])
    assert (caught.value.id, caught.value.fields["visit"], caught.value.fields["count"]) == (id, "v5", 1)
    assert caught.value.message("en")
