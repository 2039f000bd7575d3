"""The ratchet of expectations: the model's own path, rates recovered and tested, refusals, words and picture."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from peakend.errors import FormatError, MethodError
from peakend.methods import ratchet
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import asked_again


def test_the_same_service_scores_less_once_more_is_expected() -> None:
    """The shape of `expectation_ratchet`: after a peak, an adaptive expectation comes down and a strict ratchet does
    not.
    """
    perceived = [6.0, 6.8, 5.0, 6.1]
    adaptive = ratchet.expectations(5.5, perceived, up=0.8, down=0.3)
    by_hand = [5.5, 5.5 + 0.8 * 0.5]
    by_hand.append(by_hand[1] + 0.8 * (6.8 - by_hand[1]))
    by_hand.append(by_hand[2] - 0.3 * (by_hand[2] - 5.0))
    assert adaptive == pytest.approx(by_hand)
    strict = ratchet.expectations(5.5, perceived, up=1.0, down=0.0)
    assert strict == (5.5, 6.0, 6.8, 6.8)  # the best so far
    assert ratchet.scores(5.5, perceived, up=1.0, down=0.0)[3] == pytest.approx(6.1 / 6.8)
    assert round(ratchet.scores(5.5, perceived, up=1.0, down=0.0)[3], 3) == 0.897
    assert ratchet.scores(5.5, perceived, up=0.8, down=0.3)[3] > ratchet.scores(5.5, perceived, up=1.0, down=0.0)[3]


def test_the_rates_are_least_squares_with_errors_by_customer_written_out() -> None:
    """numpy 2.4: lstsq, and the sandwich as a sum over customers."""
    rows = asked_again(12)
    by = {row.rate: row for row in ratchet.ratchet(rows)}
    y, x, who = [], [], []
    for now, then in pairwise(rows):
        if now["customer"] == then["customer"]:
            away = now["perception"] - now["expectation"]
            y.append(then["expectation"] - now["expectation"])
            x.append([max(away, 0), min(away, 0)])
            who.append(now["customer"])
    design, change = np.array(x), np.array(y)
    estimate = np.linalg.lstsq(design, change, rcond=None)[0]
    rest, bread = change - design @ estimate, np.linalg.inv(design.T @ design)
    score = [
        sum((design[i] * rest[i] for i in range(len(y)) if who[i] == name), np.zeros(2)) for name in sorted(set(who))
    ]
    meat = sum(np.outer(one, one) for one in score)
    spread = 12 / 11 * (len(y) - 1) / (len(y) - 2) * bread @ meat @ bread
    assert [by[name].value for name in ("up", "down")] == pytest.approx(estimate.tolist())
    assert [by[name].se for name in ("up", "down")] == pytest.approx(np.sqrt(np.diagonal(spread)).tolist())
    assert (by["up"].n, by["up"].customers) == (60, 12)


def test_known_rates_are_found_again_and_a_strict_ratchet_is_not_refuted() -> None:
    up, down = ratchet.ratchet(asked_again(up=0.6, down=0.2))
    assert (up.value, down.value) == (pytest.approx(0.6, abs=0.05), pytest.approx(0.2, abs=0.05))
    assert (down.p is not None and down.p < 0.001, up.p_one is not None and up.p_one < 0.001) == (True, True)
    strict_up, strict_down = ratchet.ratchet(asked_again(up=1.0, down=0.0))
    assert (strict_up.low or 2) <= 1 <= (strict_up.high or 0)
    assert (strict_down.p or 0) > 0.05
    assert "the data do not rule out that they never fall" in ratchet.METHOD.say(strict_down, "en")
    assert "expectations do fall" in ratchet.METHOD.say(down, "en")


def test_a_better_experience_elsewhere_has_a_rate_of_its_own() -> None:
    rng, rows = np.random.default_rng(3), asked_again(40)
    lifted: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        best = float(rng.normal(6, 1))
        lifted.append({**row, "elsewhere": best})
        if at + 1 < len(rows) and rows[at + 1]["customer"] == row["customer"]:
            rows[at + 1]["expectation"] += 0.25 * max(0.0, best - lifted[-1]["expectation"])
    found = {row.rate: row for row in ratchet.ratchet(lifted)}
    assert found["elsewhere"].value == pytest.approx(0.25, abs=0.1)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = asked_again(10)
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    assert ratchet.ratchet(shuffled).as_dict() == ratchet.ratchet(rows).as_dict()


def test_few_customers_a_rate_nobody_shows_and_a_period_twice_are_refused_by_name() -> None:
    few = ratchet.ratchet(asked_again(4))
    assert {row.refused.id for row in few if row.refused} == {"ratchet.few"}
    happy = [{**row, "perception": row["expectation"] + 1} for row in asked_again(10)]
    refused = {row.rate: row.refused.id for row in ratchet.ratchet(happy) if row.refused}
    assert refused == {"down": "ratchet.never"}
    rows = asked_again(6)
    with pytest.raises(MethodError, match=r"ratchet\.twice"):
        ratchet.ratchet([*rows, rows[0]])
    with pytest.raises(FormatError, match=r"table\.column_missing"):
        ratchet.ratchet([{"customer": "a", "period": 1}])
    gap = [{**row, "perception": None if row["period"] == 2 else row["perception"]} for row in asked_again(10)]
    assert (ratchet.ratchet(gap)[0].missing, ratchet.ratchet(gap)[0].n) == (10, 40)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ratchet_is_told_and_drawn_in_three_languages(lang: Any) -> None:
    found = ratchet.ratchet(asked_again())
    json.dumps(found.as_dict(lang), allow_nan=False)
    assert (len(found.text(lang).splitlines()), wrong_script(found.text(lang), lang)) == (2, set())
    assert found.chart(lang).svg(lang).startswith("<svg")
