"""The zone of tolerance: the three levels and where the service is found between them, refusals, words and picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from peakend.facts import Facts
from peakend.maths import ratios
from peakend.methods import zone
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import NOT_APPLICABLE, SKIPPED, facts, said

NINE = (1.0, 9.0)
Answer = float | str
Asked = Mapping[tuple[str, str], Sequence[tuple[Answer, Answer, Answer]]]


def level_facts(asked: Asked, *, scale: tuple[float, float] = NINE, **about: Any) -> Facts:
    """One respondent a triple (adequate, desired, perceived), in the same order for every (dimension, item)."""
    rows = []
    for (dimension, item), triples in asked.items():
        for at, triple in enumerate(triples):
            for role, value in zip(zone.ROLES, triple, strict=True):
                rows.append(said(dimension, [value], scale=scale, item=item, role=role, response=f"r{at}", **about))
    return facts(*rows)


BANK: Asked = {
    ("responsiveness", "q1"): [(5, 8, 6), (6, 9, 5), (5, 7, 7), (6, 8, 6), (4, 7, 6)],
    ("responsiveness", "q2"): [(5, 8, 7), (6, 8, 6), (5, 7, 6), (8, 6, 7), (4, 8, 5)],
    ("empathy", "q3"): [(6, 8, 5), (7, 9, 6), (5, 7, 5), (6, 8, 6), (9, 4, 6)],
}


def test_one_answer_has_its_place_in_its_zone_and_no_interval() -> None:
    """Parasuraman, Zeithaml & Berry 1994: MSA = P − A, MSS = P − D, position = MSA / zone."""
    row = zone.from_levels([4], [6], [5])
    assert (row.msa, row.mss, row.zone, row.position, row.value, row.low) == (1.0, -1.0, 2.0, 0.5, 0.5, None)
    assert zone.from_levels([4], [6], [3]).position == -0.5  # under the zone
    assert zone.from_levels([4], [6], [7]).position == 1.5  # over it


def test_a_desired_level_below_the_adequate_one_is_no_negative_zone_but_no_answer() -> None:
    row = zone.from_levels([4, 7], [6, 5], [5, 6])
    assert (row.n, row.reversed, row.invalid, row.zone) == (1, 1, 1, 2.0)
    assert "desired_below_adequate" in row.warnings
    nobody = zone.from_levels([7], [5], [6])
    assert nobody.refused is not None
    assert (nobody.value, nobody.refused.id, nobody.refused.fields["reversed"]) == (None, "zone.too_few", 1)


def test_a_zone_without_width_has_no_place_but_still_an_adequacy() -> None:
    row = zone.from_levels([5, 6], [5, 6], [4, 6])
    assert row.refused is not None
    assert (row.refused.id, row.value, row.msa) == ("zone.no_width", None, -0.5)


def test_levels_and_differences_are_means_over_respondents_with_their_paired_intervals() -> None:
    rows = {row.dimension: row for row in zone.zone(level_facts(BANK))}
    levels = np.array(
        [[5, 8, 6.5], [6, 8.5, 5.5], [5, 7, 6.5], [6, 8, 6], [4, 7.5, 5.5]]
    )  # Wu's second item is reversed and left out
    row = rows["responsiveness"]
    assert (row.adequate, row.desired, row.perceived) == pytest.approx(levels.mean(axis=0))
    msa, width = levels[:, 2] - levels[:, 0], levels[:, 1] - levels[:, 0]
    assert (row.msa, row.zone, row.position) == pytest.approx((msa.mean(), width.mean(), msa.mean() / width.mean()))
    assert row.msa_interval == pytest.approx(stats.t.interval(0.95, 4, msa.mean(), stats.sem(msa)))
    by_ratio = ratios.fieller(ratios.paired_means(msa, width, np.ones(5)))
    assert (row.low, row.high) == pytest.approx((by_ratio.low, by_ratio.high))
    assert (row.n, row.reversed, row.invalid) == (5, 1, 0)
    assert (rows["empathy"].n, rows["empathy"].reversed, rows["empathy"].invalid, rows["empathy"].missing) == (
        4,
        1,
        1,
        0,
    )


def test_who_did_not_answer_all_three_is_missing_and_who_never_came_is_not_applicable() -> None:
    (row,) = zone.zone(
        level_facts({("empathy", "q"): [(4, 7, 5), (5, 8, 6), (4, SKIPPED, 5), (NOT_APPLICABLE,) * 3, (SKIPPED, 7, 6)]})
    )
    assert (row.n, row.missing, row.not_applicable, row.invalid) == (2, 2, 1, 0)


def test_two_scales_and_two_levels_are_refused_by_name() -> None:
    both = level_facts({("empathy", "q"): [(4, 7, 5), (5, 8, 6)]})
    (none,) = zone.zone(both.where(role=("expectation", "perception")))
    assert none.refused is not None
    assert none.refused.id == "zone.no_levels"
    rows = [
        said("empathy", [4, 5], scale=scale, role=role)
        for role, scale in zip(zone.ROLES, (NINE, NINE, (1.0, 7.0)), strict=True)
    ]
    (mixed,) = zone.zone(facts(*rows))
    assert mixed.refused is not None
    assert (mixed.refused.id, mixed.refused.fields) == ("zone.scales", {"scales": "1–7, 1–9"})


triples = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=12)


@example([(4, 5, 7), (6, 7, 9), (6, 7, 9)])
@given(triples)
def test_the_order_of_respondents_changes_nothing_and_no_figure_is_nan(answers: list[tuple[int, int, int]]) -> None:
    here = zone.from_levels(*zip(*answers, strict=True)).as_dict()
    there = zone.from_levels(*zip(*reversed(answers), strict=True)).as_dict()
    json.dumps(here, allow_nan=False)
    assert {name: value for name, value in here.items() if isinstance(value, int)} == {
        n: v for n, v in there.items() if isinstance(v, int)
    }
    for name in ("value", "low", "high", "msa", "mss", "zone"):
        assert here[name] == (there[name] if there[name] is None else pytest.approx(there[name], rel=1e-6, abs=1e-9))
    if here["low"] is not None:
        assert here["low"] <= here["value"] <= here["high"]
    assert here["zone"] is None or here["zone"] >= 0


def test_rows_and_levels_agree_by_site() -> None:
    triples = BANK["empathy", "q3"]
    (row,) = zone.zone(level_facts({("empathy", "q3"): triples}, site="Taipei"), by="site")
    direct = zone.from_levels(*zip(*triples, strict=True), dimension="empathy")
    names = ("value", "low", "high", "msa", "mss", "zone", "n", "reversed", "invalid")
    assert [getattr(row, name) for name in names] == pytest.approx([getattr(direct, name) for name in names])
    assert dict(row.group) == {"site": "Taipei"}


def test_manager_wu_reads_whether_his_counter_is_tolerated_in_three_languages() -> None:
    rng = np.random.default_rng(2)
    adequate = rng.integers(4, 6, 80).astype(float)
    row = zone.from_levels(adequate, adequate + 3, adequate + rng.integers(0, 3, 80), dimension="empathy", scale=NINE)
    said_ = [zone.METHOD.say(row, lang) for lang in LANGUAGES]
    assert said_[0].startswith("Empathy: perceived 5.")
    assert [
        "within the zone of tolerance, position 0." in said_[0],
        "在容忍區間內" in said_[1],
        "在容忍区间内" in said_[2],
    ] == [True] * 3
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))
    below = zone.from_levels(adequate, adequate + 3, adequate - rng.integers(1, 3, 80))
    assert "less than adequate" in zone.METHOD.say(below, "en")


def test_the_picture_has_the_lowest_place_at_the_top_and_keeps_those_it_cannot_place() -> None:
    rows = zone.zone(level_facts({**BANK, ("tangibles", "q4"): [(5, 5, 4), (6, 6, 6), (5, 5, 5)]}))
    chart = rows.chart("zh-Hant")
    assert [row["key"] for row in chart.spec["data"]["values"]] == ["關懷性", "反應性", "有形性"]
    assert chart.svg("zh-Hant").startswith("<svg")


def test_the_weighted_position_is_that_of_svyratio_and_weights_of_one_leave_it_as_it_is() -> None:
    """R 4.2.2, survey 4.1: svyratio(~I(p - a), ~I(d - a), svydesign(~1, weights = ~w, data)) and svymean of the three
    differences.
    """
    adequate, desired, perceived = (
        [5, 6, 5, 6, 4, 5, 3, 6, 5, 4],
        [8, 9, 7, 8, 7, 8, 7, 9, 8, 7],
        [6, 5, 7, 6, 6, 7, 5, 6, 9, 5],
    )
    weight = [1, 2.5, 0.5, 1, 3, 0.8, 1.2, 2, 0.4, 1]

    def asked(weights: Sequence[float]) -> list[dict[str, object]]:
        triples = enumerate(zip(adequate, desired, perceived, strict=True))
        common = {"construct": "empathy", "item": "q1", "low": 1.0, "high": 9.0}
        return [
            {"response": f"r{i}", "role": role, "value": float(level), "weight": float(weights[i]), **common}
            for i, triple in triples
            for role, level in zip(zone.ROLES, triple, strict=True)
        ]

    (row,) = zone.zone(asked(weight))
    assert row.weighted is not None
    found = [row.weighted[name] for name in ("value", "se", "msa", "mss", "zone")]
    assert found == pytest.approx(
        [0.303258145363409, 0.168857244209048, 0.902985074626866, -2.074626865671642, 2.977611940298508], abs=1e-12
    )
    assert row.weighted_value != row.value
    (plain,) = zone.zone(asked([1.0] * 10))
    assert plain.weighted is not None
    names = ("value", "low", "high", "msa", "mss", "zone")
    assert [plain.weighted[name] for name in names] == pytest.approx([getattr(plain, name) for name in names])
    assert plain.weighted["n_eff"] == pytest.approx(10)
