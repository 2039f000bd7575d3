"""Highest of all: against the normal integral and exact enumeration, refusals, words and picture."""

from __future__ import annotations

import itertools
import json
from math import comb
from typing import Any

import numpy as np
import pytest
from scipy import stats

from peakend.methods import highest
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import facts, said, sample

FIVE = (1.0, 5.0)


def branch(site: str, values: list[float], scale: tuple[float, float] = FIVE) -> list[dict[str, Any]]:
    return said("overall", values, site=site, scale=scale)


def test_two_rivals_have_the_probability_of_the_normal_integral() -> None:
    """scipy 1.17: Φ(difference / √(s₁²/n₁ + s₂²/n₂)), with the variance of the bootstrap."""
    one, two = {1.0: 20, 3.0: 60, 5.0: 120}, {1.0: 30, 3.0: 60, 5.0: 110}
    mean = [sum(v * c for v, c in t.items()) / 200 for t in (one, two)]
    variance = [sum(c * (v - m) ** 2 for v, c in t.items()) / 200 / 200 for t, m in zip((one, two), mean, strict=True)]
    expected = float(stats.norm.cdf((mean[0] - mean[1]) / np.sqrt(sum(variance))))
    assert highest.probabilities([one, two], rounds=40_000)[0] == pytest.approx(expected, abs=0.012)


def test_three_small_rivals_have_the_probability_of_all_that_may_be_drawn_and_ties_share() -> None:
    tallies, n = [{0.0: 2, 1.0: 4}, {0.0: 3, 1.0: 3}, {0.0: 1, 1.0: 5}], 6
    exact = np.zeros(3)
    for draws in itertools.product(range(n + 1), repeat=3):
        chance = np.prod(
            [comb(n, x) * (t[1.0] / n) ** x * (t[0.0] / n) ** (n - x) for x, t in zip(draws, tallies, strict=True)]
        )
        first = np.array(draws) == max(draws)
        exact += chance * first / first.sum()
    found = highest.probabilities(tallies, rounds=60_000)
    assert found == pytest.approx(exact.tolist(), abs=0.01)
    assert sum(found) == pytest.approx(1)


def test_being_above_the_best_is_less_likely_than_being_above_each() -> None:
    alike = [{1.0: 30, 5.0: 70}] * 5
    assert highest.probabilities(alike, rounds=20_000) == pytest.approx([0.2] * 5, abs=0.02)


def test_a_rival_is_clearly_the_best_only_where_a_test_tells_it_from_every_other() -> None:
    low, high = [2.0, 3.0, 4.0] * 20, [4.0, 5.0] * 30
    (apart,) = [[row.clear for row in highest.highest(facts(branch("A", low), branch("B", high), branch("C", low)))]]
    (alike,) = [
        [row.clear for row in highest.highest(facts(branch("A", low), branch("B", high), branch("C", high[::-1])))]
    ]
    assert (apart, alike) == ([False, True, False], [False, False, False])
    (_, best, _) = highest.highest(facts(branch("A", low), branch("B", high), branch("C", low)))
    assert highest.METHOD.say(best, "en").endswith(
        "mean 4.50 (60 answers), > 99% chance of having the highest of 3; clearly above every other."
    )


def test_several_constructs_are_one_table_of_rivals_and_no_longer_than_a_screen() -> None:
    answers = [said(f"q{at:02}", [3.0, 4.0, 5.0] * 10, site=site) for at in range(20) for site in "ABCD"]
    spec = highest.highest(facts(*answers)).chart("en").spec
    assert (len(spec["data"]["values"]), spec["height"]) == (80, {"step": 30})


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Gate A", "Gate B"], ("Gate", ["A", "B"], "")),
        (["A 候機區", "B 候機區"], ("", ["A", "B"], "候機區")),
        (["North", "South"], ("", ["North", "South"], "")),
        (["Gate", "Gate B"], ("", ["Gate", "Gate B"], "")),
    ],
)
def test_what_all_rivals_are_called_is_said_once(names: list[str], told: tuple[str, list[str], str]) -> None:
    assert highest._common(names) == told


def test_of_many_rivals_the_leader_of_each_construct_is_drawn() -> None:
    answers = [
        said(construct, [3.0, 4.0, 5.0] * 10, site=f"S{at:02}") for construct in ("one", "two") for at in range(12)
    ]
    assert len(highest.highest(facts(*answers)).chart("en").spec["data"]["values"]) == 2


def test_few_answers_a_rival_alone_and_two_scales_are_refused_by_name() -> None:
    ten, few = [5, 4, 5, 3, 5, 4, 5, 5, 4, 5], [5, 4]
    rows = {
        row.rival: row for row in highest.highest(facts(branch("A", ten), branch("B", ten[::-1]), branch("C", few)))
    }
    assert rows["C"].refused is not None
    assert (rows["C"].refused.id, rows["A"].rivals, rows["A"].value) == (
        "highest.too_few",
        2,
        pytest.approx(0.5, abs=0.02),
    )
    (alone,) = highest.highest(facts(branch("A", ten)))
    assert alone.refused is not None
    assert alone.refused.id == "highest.alone"
    mixed = highest.highest(facts(branch("A", ten), branch("B", ten, (0.0, 10.0))))
    assert {row.refused.id for row in mixed if row.refused} == {"highest.scales"}


def test_the_order_of_rows_changes_nothing_and_each_construct_adds_up_to_one() -> None:
    rng = np.random.default_rng(4)
    rows = [one for site in "ABC" for one in branch(site, rng.integers(1, 6, 40).tolist())]
    shuffled = [rows[i] for i in rng.permutation(len(rows))]
    here, there = highest.highest(facts(rows)), highest.highest(facts(shuffled))
    assert here.as_dict() == there.as_dict()
    assert sum(row.value or 0 for row in here) == pytest.approx(1)
    assert here[0].mean == pytest.approx(np.mean([row["value"] for row in rows if row["site"] == "A"]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_which_boarding_area_is_highest_is_told_and_drawn_in_three_languages(lang: Any) -> None:
    found = highest.highest(sample("airport"), construct="overall", rounds=500)
    json.dumps(found.as_dict(lang), allow_nan=False)
    assert (len(found.sentences(lang).splitlines()), wrong_script(found.sentences(lang), lang)) == (len(found), set())
    assert found.chart(lang).svg(lang).startswith("<svg")


def test_no_number_of_resamples_makes_a_chance_none_or_certain() -> None:
    best, worst = (
        highest.METHOD.say(row, "en")
        for row in highest.highest(facts(branch("A", [5.0] * 30), branch("B", [4.0] * 30)))
    )
    assert ("> 99% chance" in best, "< 1% chance" in worst) == (True, True)
