"""Failures and where they begin: counts by hand and by pandas, which lead, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.maths.control_limits import rate_interval
from peakend.methods.failures import failures, of_counts
from peakend.samples import sample
from tests.methods.events_of import at, events, parcels


def kitchen(late: int, cold: int, wrong: int, unnamed: int = 0, guests: int = 100) -> Facts:
    """A dinner of Manager Wu's hotel: meals late, cold, or not what was ordered."""
    came = [{"visit": f"v{v}", "kind": "arrive", "at_us": at(0, v)} for v in range(guests)]
    failed = ["late"] * late + ["cold"] * cold + ["wrong"] * wrong + [None] * unnamed
    return events(
        [*came, *({"visit": f"v{v % guests}", "kind": "fail", "indicator": name} for v, name in enumerate(failed))]
    )


def test_the_airports_failures_are_those_that_pandas_counts() -> None:
    table = sample("airport", "events").frame.to_native().df()
    failed = table[table["kind"] == "fail"]
    arrived = int((table["kind"] == "arrive").sum())
    whole, *own = failures(sample("airport", "events"))
    assert (whole.count, whole.missing, whole.n) == (len(failed), int(failed["indicator"].isna().sum()), arrived)
    assert {row.cause: row.count for row in own} == failed["indicator"].value_counts().to_dict()
    places = {row.cause: row.count for row in failures(sample("airport", "events"), of="touchpoint")[1:]}
    assert places == failed["touchpoint"].value_counts().to_dict()
    for row in (whole, *own):
        assert (row.value, row.low, row.high) == pytest.approx(
            (1000 * row.count / arrived, *rate_interval(row.count, arrived / 1000))
        )


def test_counts_alone_tell_what_rows_tell() -> None:
    told = of_counts({"late": 30, "cold": 5, "wrong": 5}, 100)
    assert [*told] == [*failures(kitchen(30, 5, 5))]


def test_what_begins_in_one_place_is_counted_there_and_the_rest_has_no_known_cause() -> None:
    begins = ("late=stove", "cold=stove")
    whole, stove = failures(kitchen(late=12, cold=8, wrong=20, unnamed=2), begins=begins)
    assert (whole.count, whole.missing) == (42, 22)
    assert (stove.cause, stove.count, stove.n, stove.value) == ("stove", 20, 100, 200.0)
    assert (stove.share, stove.share_low, stove.share_high, stove.known) == (100.0, *wilson(20, 20), 20)


def wilson(count: int, of: int) -> tuple[float, float]:
    return tuple(pytest.approx(100 * end) for end in stats.binomtest(count, of).proportion_ci(method="wilson"))  # type: ignore[return-value]


def test_a_share_is_of_the_failures_of_known_cause_for_any_may_be_behind_the_others() -> None:
    """Shuffled rows and many failures of no known cause change nothing of what is known."""
    few, many = failures(kitchen(30, 5, 5)), failures(kitchen(30, 5, 5, unnamed=60))
    for row in (few[1], many[1]):
        assert (row.cause, row.share, row.share_low, row.share_high, row.known) == ("late", 75.0, *wilson(30, 40), 40)
    assert (few[1].missing, many[1].missing) == (0, 60)


@pytest.mark.parametrize(
    ("counts", "leaders"), [((40, 12, 10), ["late"]), ((40, 33, 5), []), ((14, 12, 10), []), ((40, 1, 0), ["late"])]
)
def test_a_cause_leads_only_where_it_is_surely_more_frequent_than_every_other(
    counts: tuple[int, int, int], leaders: list[str]
) -> None:
    assert [row.cause for row in failures(kitchen(*counts)) if row.leads] == leaders


def test_who_leads_is_scipys_exact_test_of_every_pair_held_together_by_holm() -> None:
    rng = np.random.default_rng(5)
    for counts in rng.integers(0, 40, (40, 3)).tolist():
        rows = failures(kitchen(*counts))[1:]
        pairs = [(a, b) for a in range(len(rows)) for b in range(a + 1, len(rows)) if rows[a].count + rows[b].count]
        ps = [stats.binomtest(rows[b].count, rows[a].count + rows[b].count).pvalue for a, b in pairs]
        order = np.argsort(ps)
        held = np.maximum.accumulate(np.array(ps)[order] * (len(ps) - np.arange(len(ps))))
        apart = {pairs[at] for at, p in zip(order.tolist(), held, strict=True) if p < 0.05}
        leads = len(rows) > 1 and all((0, other) in apart for other in range(1, len(rows)))
        assert rows[0].leads == leads, counts


def test_causes_that_are_as_frequent_are_named_in_one_group_of_a_hundred_at_most_five_times() -> None:
    rng = np.random.default_rng(11)
    named = sum(
        any(row.leads for row in failures(kitchen(*rng.poisson(12, 3).tolist()), conf=0.95)) for _ in range(300)
    )
    assert named / 300 <= 0.05


def test_a_group_without_a_failure_has_its_rows_and_nothing_went_wrong_there() -> None:
    rows: list[dict[str, Any]] = [
        {"visit": f"{site}{v}", "kind": "arrive", "site": site, "at_us": at(0, v)} for site in "AB" for v in range(40)
    ]
    rows += [{"visit": f"A{v}", "kind": "fail", "indicator": "late", "site": "A"} for v in range(6)]
    found = failures(events(rows), "site")
    assert [(row.group["site"], row.cause, row.count, row.value) for row in found] == [
        ("A", "all_together", 6, 150.0),
        ("A", "late", 6, 150.0),
        ("B", "all_together", 0, 0.0),
        ("B", "late", 0, 0.0),
    ]


def test_visits_are_those_that_arrived_else_those_that_began() -> None:
    failed = {"visit": "v1", "kind": "fail", "indicator": "late", "at_us": at(0, 5)}
    served = [{"visit": f"v{v}", "kind": "serve", "at_us": at(0, v)} for v in range(20)]
    assert [row.n for row in failures(events([failed, *served]))] == [20, 20]
    refused = failures(events([failed]))[0].refused
    assert refused is not None
    assert refused.id == "failures.no_visits"


def test_a_log_without_failures_and_a_beginning_without_a_place_are_refused() -> None:
    with pytest.raises(MethodError, match=r"failures\.none"):
        failures(events([{"visit": "v1", "kind": "serve", "at_us": at(0)}]))
    for wrong in ("late", "=stove", "late="):
        with pytest.raises(MethodError, match=r"failures\.begins"):
            failures(events(parcels()), begins=(wrong,))


def test_the_sentences_say_what_leads_and_of_how_many_no_cause_is_known() -> None:
    found = failures(kitchen(late=30, cold=5, wrong=3, unnamed=2))
    whole, late, *_ = found.sentences("en").splitlines()
    assert whole == (
        "40 failures, 400.0 for every 1,000 visits (95% confidence interval 293.8 to 544.6; 100 visits); "
        "2 of them without a known cause."
    )
    assert late == (
        "Late: 30 failures, 79% of those of known cause (95% confidence interval 64 to 89), "
        "300.0 for every 1,000 visits (95% confidence interval 210.2 to 428.3; 100 visits); "
        "clearly more than the others."
    )
    assert found.sentences("zh-Hant").splitlines()[1].endswith("；明顯多於其他原因。")
    assert found.sentences("zh-Hans").splitlines()[0].endswith("；其中 2 次查不到起因。")
