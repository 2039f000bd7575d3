"""Control charts: the numbers of qcc, qicharts2 and the textbooks, the rules point by point, phase I and II, words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend import cli
from peakend.errors import FormatError, MethodError
from peakend.maths import control_limits as cl
from peakend.methods import control
from peakend.methods.control import from_counts, from_values
from peakend.result import Results
from tests.reference.ledger import CASES

CIRCUITS = (20, 23, 17, 13, 16, 5, 27, 21, 30, 24, 19, 25, 15, 18, 11, 18, 12, 23, 17, 41, 29, 25, 15, 20, 16, 16)
"""Faults of 26 boards, made up: the sixth and the twentieth lie outside."""
FLOW = CASES["xmr_nist_flowrate"].input["x"]


def beyond(row: control.Control) -> list[str]:
    return [point["period"] for point in row.points if 1 in point["rules"]]


def column(row: control.Control, name: str) -> list[float]:
    return [point[name] for point in row.points]


# --- charts of their own sizes ----------------------------------------------------------------------------------------


def test_the_dyed_cloth_of_montgomery_has_its_centre_and_the_limits_of_each_roll() -> None:
    """u_chart_montgomery_dyedcloth: data remembered from Montgomery, Introduction to SQC; Σc/Σn, not the mean of the
    ratios (1.42).
    """
    size = (10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5)
    row = from_counts((14, 12, 20, 11, 7, 10, 21, 16, 19, 23), size)
    assert row.value == pytest.approx(153 / 107.5, abs=1e-12)
    assert round(row.value or 0, 4) == 1.4233
    assert column(row, "high") == pytest.approx([153 / 107.5 + 3 * (153 / 107.5 / n) ** 0.5 for n in size], abs=1e-12)


def test_a_share_has_the_limits_of_its_formula_kept_between_none_and_all() -> None:
    row = from_counts([1, 0, 2, 9, 1], [10, 5, 20, 10, 40], kind="p")
    p = 13 / 85
    assert row.value == pytest.approx(p)
    assert column(row, "high") == pytest.approx([min(p + 3 * (p * (1 - p) / n) ** 0.5, 1) for n in (10, 5, 20, 10, 40)])
    assert (column(row, "low")[0], beyond(row)) == (0, ["4"])


def test_thousands_a_week_cry_wolf_on_p_and_are_quiet_on_laney() -> None:
    """As Laney 2002 found: the level moves a little each week, and with 10,000 a week each move is many σ of a
    binomial.
    """
    rng = np.random.default_rng(4)
    size = np.full(30, 10_000)
    counts = rng.binomial(size, rng.normal(0.6, 0.02, 30)).tolist()
    plain, primed = (from_counts(counts, size.tolist(), kind=kind, rules=(1,)) for kind in ("p", "p_prime"))
    assert (plain.out > 8, primed.out, "overdispersed" in plain.warnings) == (True, 0, True)
    assert (plain.sigma_z or 0) > 3


def test_a_spread_below_chance_does_not_narrow_the_limits_and_says_so() -> None:
    plain, primed = (from_counts([10] * 12 + [11] * 12, [5] * 24, kind=kind) for kind in ("u", "u_prime"))
    assert column(plain, "high") == column(primed, "high")
    assert primed.warnings == ("underdispersed",)


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "rules", "expected"),
    [
        ([0, 3.01, -3.01, 3.0], (1,), [1, 2]),
        ([2.1, 0, 2.1, 0, 0, -2.1, 2.1], (2,), [2]),
        ([2.1, 2.1, 0], (2,), [1]),  # the third lies in no zone, so the pattern is not signalled again
        ([1.1, 1.1, 0, 1.1, 1.1, 0.5], (3,), [4]),
        ([1.1, 1.1, -1.1, -1.1, 1.1], (3,), []),
        ([0.1] * 9, (4,), [7, 8]),
        ([0.1] * 7 + [0] + [0.1], (4,), []),
        ([-0.1] * 8, (4,), [7]),
    ],
)
def test_a_signal_stands_on_the_last_point_of_its_pattern(
    z: list[float], rules: tuple[int, ...], expected: list[int]
) -> None:
    assert [at for at, found in enumerate(cl.broken_rules(z, rules)) if found] == expected


def test_a_run_is_as_long_as_one_says() -> None:
    assert [
        len([at for at, found in enumerate(cl.broken_rules([0.5] * 10, (4,), run)) if found]) for run in (7, 8, 9)
    ] == [
        4,
        3,
        2,
    ]


# --- baseline, refusals, warnings -------------------------------------------------------------------------------------


def test_what_follows_the_baseline_moves_no_limit() -> None:
    frozen, longer = from_counts(CIRCUITS[:20]), from_counts((*CIRCUITS[:20], 90, 95), baseline=20)
    assert (frozen.value, frozen.points[0]["high"]) == (longer.value, longer.points[0]["high"])
    assert [point["phase"] for point in longer.points[18:]] == [1, 1, 2, 2]
    assert beyond(longer)[-2:] == ["21", "22"]
    named = from_counts(CIRCUITS, periods=[f"w{at}" for at in range(26)], baseline="w19")
    assert (named.baseline, named.value) == (20, frozen.value)


@pytest.mark.parametrize(
    ("counts", "size", "options", "refusal"),
    [
        ([1, -1, 2, 3, 4], None, {}, "control.counts"),
        ([1, 1, 2, 3, 4], [1, 2, 0, 1, 1], {}, "control.counts"),
        ([3, 1, 2, 3, 4], [2, 2, 2, 4, 4], {"kind": "p"}, "control.counts"),
        ([3, 1, 2, 3, 4], None, {"kind": "u"}, "control.sizes"),
        ([1, 1, 2, 0, 4], [9, 9, 9, 0, 9], {"periods": [*"abcdefg"]}, "control.periods"),
        ([1, 1, 2, 3, 4], None, {"periods": [*"abc"]}, "control.periods"),
        ([1, 1, 2, 3, 4], None, {"periods": []}, "control.periods"),
        (CIRCUITS, None, {"baseline": 99}, "control.baseline"),
        (CIRCUITS, None, {"baseline": "May"}, "control.baseline"),
        (CIRCUITS, None, {"rules": (1, 5)}, "control.rules"),
        (CIRCUITS, None, {"run": 1}, "control.rules"),
    ],
)
def test_what_cannot_be_charted_is_refused_by_name(
    counts: Any, size: Any, options: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(MethodError) as refused:
        from_counts(counts, size, **options)
    assert refused.value.id == refusal


def test_figures_without_one_name_for_each_period_are_refused_by_name() -> None:
    with pytest.raises(MethodError) as refused:
        from_values([3.0, 1.0, 2.0, 3.0, 4.0], periods=[*"abcdefg"])
    assert refused.value.fields == {"n": 5, "periods": 7}
    assert "(5 figures, 7 names)" in refused.value.message("en")


def test_too_few_periods_have_no_chart_yet_and_twenty_have_firm_limits() -> None:
    few = from_counts([3, 4, 2, 1])
    assert few.refused is not None
    assert (few.refused.id, few.value, few.n) == ("control.too_few", None, 4)
    assert from_counts(CIRCUITS[:10]).warnings == ("short_baseline",)
    assert from_counts((9, 12, 8, 13, 10, 15, 11, 7, 10, 14) * 2).warnings == ()


def test_a_day_on_which_nobody_was_served_is_closed_and_no_zero() -> None:
    row = from_counts([3, 0, 4, 2, 1, 5], [100, 0, 120, 90, 80, 100], periods=["Mo", "Tu", "We", "Th", "Fr", "Sa"])
    assert (row.n, row.closed, [point["period"] for point in row.points]) == (5, 1, ["Mo", "We", "Th", "Fr", "Sa"])


def test_nothing_ever_failed_and_no_figure_ever_moved() -> None:
    none, still = from_counts([0] * 20, [50] * 20), from_values([4.0] * 20)
    assert (none.value, none.low, none.out) == (0, 0, 0)
    assert 0 < (none.high or 0) < 0.01
    assert (still.value, still.low, still.out) == (4.0, None, 0)


def test_what_seldom_fails_is_judged_by_the_limits_alone() -> None:
    """Most periods without a failure lie below the centre by nature: a run of them says nothing."""
    row = from_counts([0] * 12 + [1, 0, 0, 9] + [0] * 8, [40] * 24)
    assert ([point["period"] for point in row.points if point["rules"]], row.warnings) == (["16"], ("sparse",))


# --- from a table -----------------------------------------------------------------------------------------------------


def weeks(seed: int = 0) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    return [
        {"period": f"2026-W{w:02d}", "count": int(c), "size": 100 + w}
        for w, c in zip(range(1, 31), rng.poisson(7, 30), strict=True)
    ]


@settings(max_examples=10)
@given(st.permutations(range(30)))
def test_the_order_of_dated_rows_and_the_kind_of_table_change_nothing(order: list[int]) -> None:
    rows = weeks()
    mixed = [rows[at] for at in order]
    (one,), (two,) = control.control(rows), control.control(pl.DataFrame(mixed))
    assert one == two
    counted = from_counts(
        [row["count"] for row in rows], [row["size"] for row in rows], periods=[row["period"] for row in rows]
    )
    assert one == counted


@settings(max_examples=15)
@given(st.lists(st.integers(0, 30), min_size=5, max_size=30), st.integers(2, 9))
def test_a_larger_unit_of_size_scales_every_figure_and_no_signal(counts: list[int], factor: int) -> None:
    one, two = from_counts(counts, [10.0] * len(counts)), from_counts(counts, [10.0 * factor] * len(counts))
    assert column(one, "high") == pytest.approx([factor * high for high in column(two, "high")])
    assert [point["rules"] for point in one.points] == [point["rules"] for point in two.points]


def test_each_site_has_its_own_chart() -> None:
    rows = [row | {"site": site} for site in "AB" for row in weeks(ord(site))]
    found = control.control(rows, each="site")
    assert [(row.chart_name, row.n) for row in found] == [("A", 30), ("B", 30)]
    assert found.chart().alt.startswith("A: the level is ")


def test_a_table_without_figures_names_the_columns_that_are_missing() -> None:
    with pytest.raises(MethodError) as refused:
        control.control([{"period": "1", "late": 3}])
    assert (refused.value.id, refused.value.fields) == ("control.columns", {"count": "count", "value": "value"})
    with pytest.raises(FormatError):
        control.control([{"count": 3}])


# --- words, pictures, the command line --------------------------------------------------------------------------------


def test_the_sentences_are_whole_in_three_languages() -> None:
    row = from_counts(CIRCUITS, baseline=20)
    assert [control._say(row, lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "The level is 19.8 failures per period (95% confidence interval 17.9 to 21.8, the first 20 periods of 26); "
            "2 signals: period 20 (beyond "
            "the limits), period 6 (beyond the limits)."
        ),
        (
            "平均每期 19.8 次失誤（95% 信賴區間 17.9 至 21.8，取前 20 期，共 26 期）；2 個異常訊號：第 20 "
            "期（超出管制界限）、第 6 期（超出管制界限）。"
        ),
        (
            "平均每期 19.8 次失误（95% 置信区间 17.9 至 21.8，取前 20 期，共 26 期）；2 个异常信号：第 20 "
            "期（超出控制限）"
            "、第 6 期（超出控制限）。"
        ),
    ]
    assert control._say(from_values(FLOW), "en").endswith(
        "10 periods); no signal: the ups and downs are within normal variation."
    )


def test_the_picture_has_a_diamond_on_each_signal_and_says_where_the_baseline_ends() -> None:
    spec = Results(control.METHOD, (from_counts(CIRCUITS, baseline=20),)).chart().spec
    assert [row["key"] for row in spec["data"]["values"] if row["side"] != "level"] == ["6", "20"]
    assert [row["side"] for row in spec["data"]["values"] if row["key"] in {"6", "20"}] == ["above", "below"]
    assert "← baseline" in json.dumps(spec, ensure_ascii=False)


def test_manager_wu_charts_her_late_flights_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "late.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["date", "origin", "late", "arrivals"])
        rng = np.random.default_rng(1)
        out.writerows(
            [f"2026-01-{day:02d}", site, 90 if (day, site) == (25, "EWR") else rng.poisson(30), 300]
            for day in range(1, 31)
            for site in ("EWR", "LGA")
        )
    words = ["control", str(path), "--period", "date", "--count", "late", "--size", "arrivals", "--each", "origin"]
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    assert "EWR: the level is 0.107 failures per service (" in said
    assert "1 signal: 25 January 2026 (beyond the limits)" in said
    assert cli.main([*words, "--lang", "zh-Hant"]) == 0
    said = capsys.readouterr().out
    assert "EWR：平均每次服務 0.107 次失誤（" in said
    assert "2026年1月25日（超出管制界限" in said
    assert cli.main([*words, "--lang", "zh-Hans", "--json"]) == 0
    assert [(row["chart"], row["n"]) for row in json.loads(capsys.readouterr().out)] == [("EWR", 30), ("LGA", 30)]
    assert cli.main([*words, "--chart", str(tmp_path / "late.png")]) == 0
    assert (tmp_path / "late.png").stat().st_size > 5000


def test_a_share_is_told_with_what_it_is_a_share_of() -> None:
    row = from_counts(
        [30, 31, 29, 30, 32, 28, 90],
        [300] * 7,
        kind="p",
        periods=[f"2026-01-{day:02d}" for day in range(1, 8)],
        baseline=6,
    )
    assert [control._say(row, lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "The level is 10.0% (95% confidence interval 8.7 to 11.5, the first 6 periods of 7, n 1,800); 1 signal: "
            "7 January 2026 (30.0%, 90 of 300, beyond the limits)."
        ),
        (
            "平均比例 10.0%（95% 信賴區間 8.7 至 11.5，取前 6 期，共 7 期，n 1,800）；1 個異常訊號："
            "2026年1月7日（30.0%，"
            "300 中有 90、超出管制界限）。"
        ),
        (
            "平均比例 10.0%（95% 置信区间 8.7 至 11.5，取前 6 期，共 7 期，n 1,800）；1 个异常信号："
            "2026年1月7日（30.0%，"
            "300 中有 90、超出控制限）。"
        ),
    ]
    points = Results(control.METHOD, (row,)).chart().spec["data"]["values"]
    assert [point["shown"] for point in points][-2:] == ["9.3%, 28 of 300", "30.0%, 90 of 300"]


def test_days_without_a_row_are_named_as_the_reader_writes_days() -> None:
    days = [{"period": f"2026-01-{day:02d}", "count": 3.0} for day in (1, 2, 3, 4, 5, 8)]
    said = control.control(days)
    assert "2 periods in between missing (6 January 2026, 7 January 2026)" in said.text()
    assert "中間缺 2 期（2026年1月6日、2026年1月7日）" in said.text("zh-Hant")
    assert "中间缺 2 期（2026年1月6日、2026年1月7日）" in said.text("zh-Hans")
