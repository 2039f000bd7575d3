"""Failures and where they begin: counts by hand and by pandas, which lead, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.maths.control_limits import rate_interval
from peakend.methods.failures import equal_days_p, failures, of_counts, of_days
from peakend.samples import sample
from tests.methods.events_of import at, events, parcels


def kitchen(late: int, cold: int, wrong: int, unnamed: int = 0, *, guests: int = 100, days: int = 10) -> Facts:
    """Ten evenings of Manager Wu's hotel: meals late, cold, or not what was ordered, as evenly as they go."""
    came = [{"visit": f"v{v}", "kind": "arrive", "at_us": at(v % days, v)} for v in range(guests)]
    counts = {"late": late, "cold": cold, "wrong": wrong, None: unnamed}
    failed = [(name, time) for name, times in counts.items() for time in range(times)]
    return events(
        [
            *came,
            *(
                {"visit": f"v{v % guests}", "kind": "fail", "indicator": name, "at_us": at(time % days, 600 + v)}
                for v, (name, time) in enumerate(failed)
            ),
        ]
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
    came = table[table["kind"] == "arrive"].groupby("day").size()
    assert whole.days == len(came) == 20
    for row in (whole, *own):
        mine = failed if row is whole else failed[failed["indicator"] == row.cause]
        by_day = mine.groupby("day").size().reindex(came.index, fill_value=0)
        held = iv.clustering(by_day, came, row.count)
        assert held is not None
        ends = rate_interval(row.count / held.divisor(0.95), arrived / 1000 / held.divisor(0.95))
        assert (row.value, row.low, row.high) == pytest.approx((1000 * row.count / arrived, *ends))


def test_counts_alone_tell_the_rates_that_rows_tell_and_counts_by_day_all_of_it() -> None:
    rows = failures(kitchen(30, 5, 5))
    counts = {"late": 30, "cold": 5, "wrong": 5}
    told = of_counts(counts, 100)
    assert [(row.cause, row.value, row.share) for row in told] == [(row.cause, row.value, row.share) for row in rows]
    by_day = {name: [times // 10 + (day < times % 10) for day in range(10)] for name, times in counts.items()}
    assert [*of_days(by_day, [10.0] * 10)] == [*rows]
    late = told[1]
    assert (late.days, late.low, late.high) == (0, *rate_interval(30, 0.1))


def test_failures_in_bouts_are_less_sure_than_those_that_come_one_by_one() -> None:
    """Thirty late meals: on ten evenings three each, or on one evening all of them."""
    even, bout = failures(kitchen(30, 0, 0))[1], of_days({"late": [30] + [0] * 9}, [10.0] * 10)[1]
    assert (even.value, even.count, even.days) == (bout.value, bout.count, bout.days)
    assert (bout.low or 0) < (even.low or 0) < (even.high or 0) < (bout.high or 0)


def test_a_cause_that_has_its_failures_on_one_bad_day_leads_nothing() -> None:
    """A kitchen without power for an evening: forty cold meals, and never again."""
    bad = of_days({"cold": [40] + [0] * 9, "late": [2] * 10}, [10.0] * 10)
    steady = of_days({"cold": [4] * 10, "late": [2] * 9 + [1]}, [10.0] * 10)
    assert [row.cause for row in bad if row.leads] == []
    assert [row.cause for row in steady if row.leads] == ["cold"]


def test_of_fewer_than_five_days_there_are_rates_without_intervals_and_nothing_leads() -> None:
    whole, late, *_ = failures(kitchen(40, 2, 2, days=3))
    assert (late.value, late.low, late.high, late.share_low, late.leads, late.days) == (400, None, None, None, False, 3)
    assert whole.text("en").splitlines()[0] == (
        "44 failures, 440.0 for every 1,000 visits (no interval: 3 days seen, 2 more needed; 100 visits)."
    )
    assert "few_days" in late.warnings


def test_two_causes_day_by_day_are_held_apart_by_scipys_paired_t() -> None:
    one, other = [5, 9, 2, 7, 8, 1], [3, 9, 4, 2, 2, 1]
    assert equal_days_p(one, other) == pytest.approx(stats.ttest_rel(one, other).pvalue)
    assert (equal_days_p([2, 2, 2], [1, 1, 1]), equal_days_p([2, 2], [2, 2])) == (0.0, 1.0)


def test_what_begins_in_one_place_is_counted_there_and_the_rest_has_no_known_cause() -> None:
    begins = ("late=stove", "cold=stove")
    whole, stove = failures(kitchen(late=12, cold=8, wrong=20, unnamed=2), begins=begins)
    assert (whole.count, whole.missing) == (42, 22)
    assert (stove.cause, stove.count, stove.n, stove.value) == ("stove", 20, 100, 200.0)
    assert (stove.share, stove.share_high, stove.known) == (100.0, 100.0, 20)


def test_a_share_is_of_the_failures_of_known_cause_for_any_may_be_behind_the_others() -> None:
    """Shuffled rows and many failures of no known cause change nothing of what is known."""
    few, many = failures(kitchen(30, 5, 5)), failures(kitchen(30, 5, 5, unnamed=60))
    by_day = [3] * 10, [3 + 2 * (day < 5) for day in range(10)]
    ends = [pytest.approx(100 * end) for end in iv.clustered_share(*by_day) or ()]
    for row in (few[1], many[1]):
        assert (row.cause, row.share, row.known, [row.share_low, row.share_high]) == ("late", 75.0, 40, ends)
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
        "40 failures, 400.0 for every 1,000 visits (95% confidence interval 280.2 to 570.9; grouped by day, "
        "10 days; 100 visits); 2 of them without a known cause."
    )
    assert late == (
        "Late: 30 failures, 79% of those of known cause (95% confidence interval 61 to 90), "
        "300.0 for every 1,000 visits (95% confidence interval 199.1 to 452.1; 100 visits); "
        "clearly more than the others."
    )
    assert found.sentences("zh-Hant").splitlines()[1].endswith("；明顯多於其他原因。")
    assert found.sentences("zh-Hans").splitlines()[0].endswith("；其中 2 次查不到起因。")
