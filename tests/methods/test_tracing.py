"""Tracing gap 5: shares over many units, ranks and a table over few, against scipy, numpy and all orders of
entering.
"""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from scipy import stats

from peakend.methods import gaps, tracing
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import branches

GAPS = ("gap1", "gap2", "gap3", "gap4", "gap5")


def shortfalls(n: int, *, seed: int = 4, dimensions: int = 3) -> dict[str, dict[str, dict[str, float]]]:
    """Units whose gap 5 follows gap 3 most and gap 1 a little."""
    rng = np.random.default_rng(seed)
    found = {}
    for at in range(n):
        causes = rng.uniform(0, 0.6, 4)
        service = 0.1 + 0.7 * causes[2] + 0.2 * causes[0] + rng.normal(0, 0.05)
        found[f"u{at:02}"] = {
            gap: {f"d{i}": float(value + rng.normal(0, 0.02) + 0.1 * i) for i in range(dimensions)}
            for gap, value in zip(GAPS, [*causes, service], strict=True)
        }
    return found


def table(units: dict[str, dict[str, dict[str, float]]]) -> np.ndarray:
    return np.array([[np.mean(list(held[gap].values())) for gap in GAPS] for held in units.values()])


def r2(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(y)), x])
    rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - float((rest**2).sum() / ((y - y.mean()) ** 2).sum())


def test_shares_are_what_each_gap_adds_averaged_over_all_orders_of_entering() -> None:
    units = shortfalls(20)
    rows, held = {row.gap: row for row in tracing.traces_of(units)}, table(units)
    x, y = held[:, :4], held[:, 4]
    added = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for at, i in enumerate(order):
            added[i] += r2(x[:, order[: at + 1]], y) - (r2(x[:, order[:at]], y) if at else 0)
    share = added / added.sum()
    assert [rows[gap].value for gap in GAPS[:4]] == pytest.approx(share.tolist())
    assert rows["gap3"].r2 == pytest.approx(r2(x, y))
    z = (held - held.mean(axis=0)) / held.std(axis=0)
    assert [rows[gap].beta for gap in GAPS[:4]] == pytest.approx(
        np.linalg.lstsq(z[:, :4], z[:, 4], rcond=None)[0].tolist()
    )
    assert [rows[gap].rank for gap in GAPS[:4]] == pytest.approx(
        [stats.spearmanr(x[:, i], y).statistic for i in range(4)]
    )
    assert all(
        row.low is not None and row.high is not None and row.low <= (row.value or 0) <= row.high
        for row in rows.values()
    )
    assert (rows["gap3"].n, rows["gap3"].measure, rows["gap3"].by_unit) == (20, "share", None)


def test_below_fifteen_units_there_are_ranks_and_the_table_and_no_regression() -> None:
    units = shortfalls(14)
    rows, held = {row.gap: row for row in tracing.traces_of(units)}, table(units)
    assert {(row.measure, row.low, row.beta, row.r2) for row in rows.values()} == {("rank", None, None, None)}
    assert rows["gap3"].value == pytest.approx(stats.spearmanr(held[:, 2], held[:, 4]).statistic)
    assert rows["gap3"].by_unit is not None
    assert rows["gap3"].by_unit["u03"] == units["u03"]["gap5"]
    assert next(iter(tracing.traces_of(shortfalls(15)))).measure == "share"


def test_kendalls_w_is_friedmans_statistic_on_its_own_scale() -> None:
    """scipy 1.17 (friedmanchisquare): χ² = m(k − 1)W, ties included."""
    units = shortfalls(9, dimensions=4)
    for at, held in enumerate(units.values()):
        if at % 3 == 0:
            held["gap5"]["d1"] = held["gap5"]["d0"]
    row = next(iter(tracing.traces_of(units)))
    by_scipy = stats.friedmanchisquare(*np.array([list(held["gap5"].values()) for held in units.values()]).T)
    assert (row.concordance, row.p_concordance) == pytest.approx((by_scipy.statistic / (9 * 3), by_scipy.pvalue))


def test_units_without_a_gap_are_counted_out_and_too_few_are_refused() -> None:
    units = shortfalls(17)
    del units["u00"]["gap4"]
    assert {(row.n, row.missing) for row in tracing.traces_of(units)} == {(16, 1)}
    few = list(tracing.traces_of(shortfalls(2)))
    assert {row.refused.id for row in few if row.refused} == {"tracing.units"}
    for held in units.values():
        held.pop("gap4", None)
        held["gap2"] = {"d0": 0.5}
    refused = {row.gap: row.refused.id for row in tracing.traces_of(units) if row.refused}
    assert refused == {"gap2": "tracing.constant", "gap4": "tracing.not_asked"}


def test_the_order_of_units_changes_no_figure_of_the_data() -> None:
    units = shortfalls(18)
    here, there = tracing.traces_of(units), tracing.traces_of(dict(reversed(units.items())))
    for one, other in zip(here, there, strict=True):
        assert (one.value, one.beta, one.r2, one.concordance) == pytest.approx(
            (other.value, other.beta, other.r2, other.concordance)
        )


def test_the_bank_s_shortfall_goes_with_delivery_and_not_with_what_managers_believe() -> None:
    rows = {row.gap: row for row in tracing.tracing(branches())}
    assert max(rows.values(), key=lambda row: row.value or 0).gap == "gap3"
    assert (rows["gap3"].value or 0) > 0.5 > (rows["gap1"].value or 0)
    json.dumps(tracing.tracing(branches()).as_dict(), allow_nan=False)
    one = {
        row.gap: row
        for row in gaps.gaps(branches(), by="site")
        if row.group["site"] == "branch 03" and row.dimension == "empathy"
    }
    few = tracing.tracing(branches(6))
    assert few[0].by_unit is not None
    assert few[0].by_unit["branch 03"]["empathy"] == pytest.approx(one["gap5"].value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tracing_is_told_and_drawn_in_three_languages(lang: str) -> None:
    for rows in (tracing.tracing(branches()), tracing.tracing(branches(6))):
        text = rows.sentences(lang)  # type: ignore[arg-type]
        assert (len(text.splitlines()), wrong_script(text, lang)) == (4, set())  # type: ignore[arg-type]
        assert rows.chart(lang).svg(lang).startswith("<svg")  # type: ignore[arg-type]
