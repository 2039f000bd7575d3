"""The service quality indicator: published weights and sums, the demerit chart, dated weights, volume, words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from peakend import cli
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.maths import control_limits as cl
from peakend.methods import sqi
from peakend.methods.sqi import from_counts
from peakend.methods.sqi.weights import weight_sets
from tests.methods.events_of import SCHEMA, at, events, parcels

EXERCISE = {
    "complaints_reopened": 125, "damaged_packages": 18, "international": 102, "invoice_adjustments": 282,
    "late_pickup_stops": 209,
    "lost_packages": 2, "missing_proofs": 26, "right_day_late": 751, "traces": 115, "wrong_day_late": 15,
}  # fmt: skip


def test_the_demerit_chart_has_its_own_variance_and_a_plain_chart_cries_wolf() -> None:
    """As sqi_demerit_chart asks: CL = Σ w·ū, σ² = Σ w²·ū/n; the only day out is the planted one."""
    rng, w = np.random.default_rng(7), np.array([1.0, 5.0, 10.0])
    size = rng.integers(900, 1100, 24).astype(float)
    counts = rng.poisson(size[:, None] * np.array([0.06, 0.004, 0.002]))
    counts[19, 2] += 14
    chart, u = cl.demerits(counts, w, size), counts.sum(axis=0) / size.sum()
    assert chart.center == pytest.approx([float(w @ u)] * 24)
    assert chart.sigma == pytest.approx(np.sqrt((w**2 @ u) / size))
    assert [t + 1 for t, found in enumerate(cl.broken_rules(chart.z, (1,))) if found] == [20]
    assert sum(bool(found) for found in cl.broken_rules(cl.limits("u", counts @ w, size).z, (1,))) > 1
    whole, *_ = from_counts(
        [dict(zip("abc", row, strict=True)) for row in counts.tolist()],
        size.tolist(),
        dict(zip("abc", w, strict=True)),
        rules=(1,),
    )
    assert [point["period"] for point in whole.series if point["rules"]] == ["20"]
    assert whole.series[0]["high"] == pytest.approx(1000 * chart.high[0])


def test_the_depot_lost_parcels_on_one_day_and_both_the_whole_and_the_indicator_say_so() -> None:
    found = sqi.sqi(events(parcels()), weights="courier-12")
    of = {row.indicator: row for row in found}
    assert found[0].indicator == "all_together"
    assert (of["all_together"].n, of["all_together"].days) == (1200, 30)
    lost = [point["period"] for point in of["lost_packages"].series if 1 in point["rules"]]
    assert "2026-03-07" in lost
    assert of["all_together"].points == sum(row.points for row in found[1:])


def test_events_and_counts_agree_and_the_order_of_rows_and_the_engine_change_nothing() -> None:
    rows = parcels()
    one = sqi.sqi(events(rows), weights="courier-12")
    days = sorted({row["at_us"] // 86_400_000_000 for row in rows})
    names = sorted({row["indicator"] for row in rows if "indicator" in row})
    counts = [
        {
            name: sum(row.get("indicator") == name and row["at_us"] // 86_400_000_000 == day for row in rows)
            for name in names
        }
        for day in days
    ]
    two = from_counts(counts, 40, "courier-12", days=[point["period"] for point in one[0].series])
    assert one.as_dict() == two.as_dict()
    mixed = [rows[place] for place in np.random.default_rng(1).permutation(len(rows)).tolist()]
    assert sqi.sqi(events(mixed), weights="courier-12") == one
    arrow = pl.DataFrame(rows, schema=SCHEMA).to_arrow()
    assert sqi.sqi(conform(arrow, "events"), weights="courier-12") == one


def test_history_keeps_the_weights_of_its_day() -> None:
    dated = [{"since": "2026-01-01", "weights": {"late": 1}}, {"since": "2026-01-03", "weights": {"late": 4}}]
    days = [f"2026-01-0{d}" for d in range(1, 6)]
    whole, late = from_counts([{"late": 2}] * 5, 100, dated, days=days)
    assert whole.points == 2 + 2 + 8 + 8 + 8
    assert [point["center"] for point in whole.series] == [20, 20, 80, 80, 80]
    assert late.weight is None
    assert len(weight_sets(dated)) == 2


def test_weights_of_one_are_the_u_chart_of_qcc_and_are_warned_of() -> None:
    """As many in all as u_chart_montgomery_pc has (tests/reference): 193 of twenty samples of five; here for 1,000."""
    whole, late = from_counts([{"late": 10 if at < 13 else 9} for at in range(20)], 5)
    found = (whole.value, whole.series[0]["low"], whole.series[0]["high"])
    assert found == pytest.approx((1930, 66.1330519589118, 3793.86694804109), abs=1e-9)
    assert ("unweighted" in whole.warnings, "unweighted" in late.warnings) == (True, False)


def test_a_day_counts_what_came_else_the_visits_else_what_one_says() -> None:
    failing = [
        {"visit": "a", "kind": "fail", "indicator": "late", "at_us": at(0, 9)},
        {"visit": "c", "kind": "fail", "at_us": at(0, 9)},
    ]
    served = [{"visit": v, "kind": "serve", "at_us": at(0, 1)} for v in "abcd"]
    came = [{"visit": v, "kind": "arrive", "at_us": at(0, 0)} for v in "abcdefghij"]
    first = [sqi.sqi(events(rows))[0] for rows in (failing + served + came, failing + served)]
    assert [(row.n, row.value, row.missing) for row in first] == [(10, 100, 1), (4, 250, 1)]
    assert sqi.sqi(events(failing), volume=50.0)[0].value == 20
    refused = sqi.sqi(events(failing))[0].refused
    assert refused is not None
    assert refused.id == "sqi.no_volume"


def test_an_amount_is_how_many_failed() -> None:
    rows = [{"visit": "a", "kind": "fail", "indicator": "late", "at_us": at(0), "value": 7.0}]
    assert [sqi.sqi(events(rows), volume=10.0, amounts=amounts)[0].count for amounts in (False, True)] == [1, 7]


@pytest.mark.parametrize(
    ("weights", "refusal"),
    [
        ("courier-12", "sqi.weight_missing"),
        ("courier-13", "sqi.weights"),
        ({"late": 0}, "sqi.weights"),
        (5, "sqi.weights"),
        ({}, "sqi.weights"),
    ],
)
def test_weights_that_are_none_are_refused_by_name(weights: Any, refusal: str) -> None:
    with pytest.raises(MethodError) as refused:
        from_counts({"late": 3}, 100, weights)
    assert refused.value.id == refusal


def test_the_failures_must_go_with_who_was_served() -> None:
    for counts, volume in (({"late": -1}, 10), ({"late": 1}, 0), ([{"late": 1}, {"late": 2}], [10])):
        with pytest.raises(MethodError) as refused:
            from_counts(counts, volume)
        assert refused.value.id == "sqi.counts"


def test_over_dispersed_days_are_widened_by_laney_or_charted_by_themselves() -> None:
    rng = np.random.default_rng(2)
    counts = [{"late": int(c)} for c in rng.poisson(rng.lognormal(4, 0.4, 30))]
    out = {
        kind: from_counts(counts, 1000, {"late": 1}, kind=kind, rules=(1,))[0].out
        for kind in ("demerit", "laney", "xmr")
    }
    assert out["demerit"] > 5
    assert max(out["laney"], out["xmr"]) <= 1


def test_the_sentences_are_whole_in_three_languages() -> None:
    found = from_counts(EXERCISE, 425_000, "courier-10")
    assert [sqi._say(found[0], "en"), sqi._say(found[1], "zh-Hant"), sqi._say(found[1], "zh-Hans")] == [
        (
            "6.55 failure points for every 1,000 services (95% confidence interval 6.16 to 6.96; 1,645 failures, 2,783 "
            "points, 425,000 services)."
        ),
        "指定日當天遲到：占總點數 27%（751 次失誤 × 權重 1 ＝ 751 點）。",
        "指定日当天迟到：占总点数 27%（751 次失误 × 权重 1 ＝ 751 点）。",
    ]


def test_manager_wu_reads_the_index_with_her_own_weights_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, own = tmp_path / "events.parquet", tmp_path / "service.yaml"
    pl.DataFrame(parcels(), schema=SCHEMA).write_parquet(facts)
    own.write_text(
        "indicators:\n  - since: 2026-01-01\n    weights: {right_day_late: 1, damaged_packages: 5, lost_packages: "
        "20}\n",
        encoding="utf-8",
    )
    assert cli.main(["sqi", str(facts), "--weights", str(own)]) == 0
    out = capsys.readouterr().out
    assert "failure points for every 1,000 services" in out
    assert "Lost packages: " in out
    assert cli.main(["sqi", str(facts), "--weights", "courier-12", "--lang", "zh-Hant", "--by", "site"]) == 0
    assert "包裹遺失" in capsys.readouterr().out
    assert cli.main(["sqi", str(facts), "--weights", "courier-12", "--lang", "zh-Hans", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["indicator"] == "all_together"
    assert cli.main(["sqi", str(facts), "--chart", str(tmp_path / "sqi.png")]) == 0
