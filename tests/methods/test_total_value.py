"""Total value: relative benefit over relative price, its interval, what is refused because it would change with the
unit.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from peakend.errors import MethodError
from peakend.methods import total_value
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import hotels

WEIGHTS = ("product=0.5", "service=0.3", "process=0.2")


def test_the_index_is_relative_benefit_over_relative_price() -> None:
    """`total_value_index` by its definition: B = Σ w·score, TVI = (B / B_ref) / (price / price_ref)."""
    rows = {row.provider: row for row in total_value.total_value(hotels(), weights=WEIGHTS, reference="Lin")}
    lin, chen = 0.5 * 82 + 0.3 * 78 + 0.2 * 70, 0.5 * 75 + 0.3 * 80 + 0.2 * 65
    assert (rows["Lin"].benefit, rows["Chen"].benefit) == pytest.approx((lin, chen))
    assert rows["Chen"].value == pytest.approx((chen / lin) / (2600 / 3200))
    assert (rows["Lin"].value, rows["Lin"].low) == (1.0, None)


def test_the_interval_is_the_delta_method_s_on_the_log_scale() -> None:
    """`total_value_delta`: 75 ± 2 over 60 ± 3 is 1.25 (1.1186, 1.3968), at equal prices."""
    rows = [
        {"provider": "us", "price": 10, "all": 75, "all_se": 2},
        {"provider": "them", "price": 10, "all": 60, "all_se": 3},
    ]
    us = total_value.total_value(rows, weights=("all=1",), reference="them")[0]
    assert (us.value, us.low, us.high) == pytest.approx((1.25, 1.1186011433420657, 1.3968339021464695), abs=1e-12)
    dear = total_value.total_value([{**rows[0], "price": 20}, rows[1]], weights=("all=1",), reference="them")[0]
    assert (dear.value, dear.low) == pytest.approx((1.25 / 2, 1.1186011433420657 / 2))


def test_another_currency_and_weights_in_percent_change_nothing() -> None:
    here = total_value.total_value(hotels(), weights=WEIGHTS, reference="Lin")
    abroad = [{**row, "price": row["price"] / 31.5} for row in hotels()]
    there = total_value.total_value(abroad, weights=("product=50", "service=30", "process=20"), reference="Lin")
    assert [(row.value, row.low, row.high) for row in here] == [
        (pytest.approx(row.value), row.low and pytest.approx(row.low), row.high and pytest.approx(row.high))
        for row in there
    ]


@pytest.mark.parametrize(
    ("change", "weights", "reference", "id"),
    [
        ({}, (), "Lin", "weights"),
        ({}, ("product=0.5", "service=0.3"), "Lin", "weights"),
        ({}, ("product=half",), "Lin", "weights"),
        ({}, ("product=1.5", "service=-0.5"), "Lin", "weights"),
        ({}, WEIGHTS, "", "reference"),
        ({}, WEIGHTS, "Nobody", "reference"),
        ({"service": 780.0}, WEIGHTS, "Lin", "score"),
        ({"price": 0.0}, WEIGHTS, "Lin", "price"),
    ],
)
def test_what_would_change_with_the_unit_or_is_not_stated_is_refused(
    change: dict[str, float], weights: tuple[str, ...], reference: str, id: str
) -> None:
    rows = hotels()
    rows[1] |= change
    with pytest.raises(MethodError) as refusal:
        total_value.total_value(rows, weights=weights, reference=reference)
    assert refusal.value.id == f"total_value.{id}"


def test_scores_without_errors_have_an_index_and_no_interval() -> None:
    rows = [{name: value for name, value in row.items() if not name.endswith("_se")} for row in hotels()]
    chen = total_value.total_value(rows, weights=WEIGHTS, reference="Lin")[1]
    assert (chen.low, chen.high, chen.warnings) == (None, None, ("without_error",))
    zero = [{**row, "product": 0, "service": 0, "process": 0} if row["provider"] == "Lin" else row for row in hotels()]
    refused = total_value.total_value(zero, weights=WEIGHTS, reference="Lin")[0].refused
    assert refused is not None
    assert refused.id == "total_value.no_benefit"
    with pytest.raises(MethodError, match=r"total_value\.twice"):
        total_value.total_value([*hotels(), hotels()[0]], weights=WEIGHTS, reference="Lin")


def test_the_order_of_providers_changes_no_figure() -> None:
    here = {row.provider: row for row in total_value.total_value(hotels(), weights=WEIGHTS, reference="Wu")}
    for at in np.random.default_rng(2).permutation(3):
        there = {
            row.provider: row
            for row in total_value.total_value(hotels()[at:] + hotels()[:at], weights=WEIGHTS, reference="Wu")
        }
        assert there == here


@pytest.mark.parametrize("lang", LANGUAGES)
def test_total_value_is_told_and_drawn_in_three_languages(lang: Any) -> None:
    found = total_value.total_value(hotels(), weights=WEIGHTS, reference="Lin")
    json.dumps(found.as_dict(lang), allow_nan=False)
    assert (len(found.text(lang).splitlines()), wrong_script(found.text(lang), lang)) == (3, set())
    assert found.chart(lang).svg(lang).startswith("<svg")
