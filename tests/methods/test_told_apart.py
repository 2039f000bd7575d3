"""Nothing is called first, best or changed unless a test says so: what is tied is named together, and what could not be
tested says why.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from peakend.figures import figure, many, number, signed_number
from peakend.methods import gaps, importance, kano_drift, peak_end
from peakend.methods.drivers import drivers
from peakend.methods.impact import from_rows as impact_from_rows
from peakend.methods.importance import from_means
from peakend.methods.ridit import ridit
from peakend.methods.servqual import from_sums
from peakend.methods.verify import verify
from peakend_web.findings.inquiry.method_questions import question_of
from tests.methods.facts_of import facts, said


def twins(n: int = 400, seed: int = 4) -> list[dict[str, Any]]:
    """Two touchpoints that everybody rates alike, and one that decides nothing."""
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(n):
        food, noise, signs = int(rng.integers(1, 6)), int(rng.integers(-1, 2)), int(rng.integers(1, 6))
        told = {"food": food, "drink": food, "signs": signs, "overall": min(5, max(1, food + noise))}
        rows += [
            {
                "response": f"r{at}",
                "construct": name,
                "touchpoint": name,
                "value": float(value),
                "low": 1.0,
                "high": 5.0,
            }
            for name, value in told.items()
        ]
    return rows


def test_drivers_of_identical_importance_share_their_place_and_neither_comes_first() -> None:
    found = {row.driver: row for row in drivers(twins())}
    food, drink, signs = found["food"], found["drink"], found["signs"]
    assert (food.worth_rank, drink.worth_rank, signs.worth_rank) == (1, 1, 3)
    assert (food.p_worth, drink.p_worth) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (food.not_apart, food.places, signs.not_apart, signs.places) == (("drink",), (1, 2), (), (3, 3))
    told = [food.text(lang) for lang in ("en", "zh-Hant", "zh-Hans")]
    assert told[0].startswith("food comes between places 1 and 2 of 3 (not told apart from drink) for improvement")
    assert told[1].startswith("「food」的改善優先順序為第 1 至第 2 之間（共 3 項，與「drink」分不出先後）")
    assert told[2].startswith("“food”的改进优先顺序为第 1 至第 2 之间（共 3 项，与“drink”分不出先后）")


def test_the_finding_of_impact_names_none_of_two_touchpoints_that_are_tied() -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(1, 6, (600, 2)).astype(float)
    y = np.clip(np.round(3 + 0.5 * (x[:, 0] - 3) + 0.5 * (x[:, 1] - 3) + rng.normal(0, 0.5, 600)), 1, 5)
    rows = list(impact_from_rows(np.column_stack([x, y]), ["food", "signs", "overall"], "overall"))
    assert question_of("impact").telling(rows) == []


def test_a_gap_between_few_managers_and_customers_is_a_figure_that_was_not_tested() -> None:
    row = gaps.knowledge([5.0, 6.0, 5.0], [6.0, 7.0, 6.0, 7.0, 6.0, 7.0], scale=(1, 7))
    assert "could not be tested, with fewer than five people on one side" in row.text()
    assert "有一方不到五人，無法檢定" in row.text("zh-Hant")


def test_a_gap_that_is_the_same_for_everybody_is_not_called_clear() -> None:
    row = gaps.knowledge([6.0] * 8, [6.0] * 20, scale=(1, 7))
    assert ("could not be tested, for nothing varies" in row.text(), "above" in row.text()) == (True, False)


def test_a_feature_that_is_of_one_class_for_everybody_was_not_tested_for_drift() -> None:
    row = kano_drift.from_counts({"2024": {"M": 40}, "2025": {"M": 40}})
    assert row.text().startswith("A change of class could not be tested, for all answers fall into one class")
    assert row.text("zh-Hant").startswith("所有回答都屬於同一類，無法檢定類別是否改變")


def test_a_peak_and_end_that_go_together_with_the_mean_were_not_compared_with_it() -> None:
    assert peak_end._test_fields(0.5, 0.5, 1.0, 40, 0.95)["verdict"] == "untested"


def test_means_without_spreads_name_a_quadrant_by_the_means_alone() -> None:
    known = {"food": 4.0, "signs": 2.0}
    told = from_means(known, {"food": 2.0, "signs": 4.0}, n=50)[0].text()
    assert "by its means alone" in told
    assert importance._BY_MEANS["zh-Hant"].format("x") in "單看平均數屬於x；不知道離散程度，無法判斷把握有多大"


def test_answers_that_name_no_wave_are_counted_and_said() -> None:
    asked = facts(
        *(said("food", [1, 2, 3, 4, 5] * 4, wave=wave) for wave in ("1", "2")), said("food", [5] * 7, wave=None)
    )
    row = verify(asked)[0]
    assert (row.n, row.unplaced, "answers_without_wave" in row.warnings) == (40, 7, True)
    assert "; 7 answers name no wave of the survey and are left out." in verify(asked).text()
    assert [one.unplaced for one in ridit(asked)] == [7, 7]


def test_two_sides_of_one_name_are_refused_as_that() -> None:
    with pytest.raises(Exception, match="named both as before and as after"):
        verify(facts(*(said("food", [1, 2, 3, 4, 5] * 4, wave=wave) for wave in ("8", "9"))), before="8", after="8")


@pytest.mark.parametrize("hair", [0.0, 1e-15, -1e-15])
def test_a_half_is_rounded_away_from_zero_wherever_it_came_from(hair: float) -> None:
    assert (number(-0.575 + hair, 2), figure(-0.575 + hair, 2), signed_number(0.575 + hair, 2)) == (
        "−0.58",
        "−0.58",
        "+0.58",
    )


def test_the_table_and_the_sentence_round_alike() -> None:
    row = from_sums(n=40, expectation=6.0, perception=5.425, sd=1.0)
    as_data = row.as_dict()["gap"]
    assert ("−0.58" in row.text(), "−0.575" in str(row.table()), figure(as_data, 2)) == (True, True, "−0.58")


def test_what_is_too_large_to_read_is_written_by_its_power_of_ten() -> None:
    assert [number(1e308, 2), number(-1.25e20, 0), figure(3e15, 3)] == ["1 × 10³⁰⁸", "−1.25 × 10²⁰", "3 × 10¹⁵"]
    assert number(999_999_999.5, 1) == "999,999,999.5"


def test_one_of_something_has_no_s() -> None:
    assert [many(1, "visit"), many(2746, "visit"), many(0, "answer"), many(2, "person", "people")] == [
        "1 visit", "2,746 visits", "0 answers", "2 people"
    ]  # fmt: skip
