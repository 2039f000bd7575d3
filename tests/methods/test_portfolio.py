"""What to do with a budget: published knapsacks, rules, ties, uncertain values, refusals, and how it is told.

The sets P04, P05 and P07 are those of Burkardt's KNAPSACK 01 (Florida State University), REMEMBERED, their optima
proved by looking at every set; P01, P02, P03 and P06 are in tests/reference.
"""

from __future__ import annotations

import ctypes
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend import cli
from peakend.errors import MethodError, PeakendError
from peakend.maths.binary_programmes import _silence
from peakend.methods.portfolio import Portfolio, portfolio
from peakend.methods.portfolio.selection import Choosing, Initiative, choice_of
from peakend.terms import LANGUAGES, Lang, wrong_script

Row = dict[str, Any]


def table(costs: Sequence[float], values: Sequence[float], **columns: Sequence[Any]) -> list[Row]:
    names = "abcdefghijklmnopqrstuvwxyz"
    rows = [{"initiative": names[i], "cost": c, "value": v} for i, (c, v) in enumerate(zip(costs, values, strict=True))]
    return [row | {name: column[i] for name, column in columns.items()} for i, row in enumerate(rows)]


def whole(rows: Any, budget: float, **options: Any) -> Portfolio:
    return portfolio(rows, budget=budget, **options)[0]


KNAPSACKS: list[Any] = [
    # weights, profits, capacity, optimum, the best set, what the ratio gives
    pytest.param([31, 10, 20, 19, 4, 3, 6], [70, 20, 39, 37, 7, 5, 10], 50, 107, "ad", 102, id="P04"),
    pytest.param([25, 35, 45, 5, 25, 3, 2, 2], [350, 400, 450, 20, 70, 8, 5, 5], 104, 900, "acdegh", 858, id="P05"),
    pytest.param(
        [70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120],
        [135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240],
        750, 1458, "aceghino", 1441, id="P07",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("weights", "profits", "capacity", "optimum", "best", "by_ratio"), KNAPSACKS)
def test_the_remembered_knapsacks_have_the_optimum_that_enumeration_proves(
    weights: list[int], profits: list[int], *, capacity: int, optimum: int, best: str, by_ratio: int
) -> None:
    row = whole(table(weights, profits), capacity)
    every = [(sum(profits[i] for i in s), s) for s in subsets(len(weights)) if sum(weights[i] for i in s) <= capacity]
    assert (row.value, row.cost is not None and row.cost <= capacity) == (optimum, True)
    assert max(every)[0] == optimum
    assert {"".join(one) for one in row.optima} == {
        "".join("abcdefghijklmno"[i] for i in s) for value, s in every if value == optimum
    }
    assert best in {"".join(one) for one in row.optima}
    assert row.by_ratio_value == by_ratio


def subsets(n: int) -> Iterator[tuple[int, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(range(n), k) for k in range(n + 1))


# --- rules ------------------------------------------------------------------------------------------------------------


def names(rows: list[Row], budget: float) -> str:
    return "".join(whole(rows, budget).optima[0])


def test_of_a_group_at_most_one_is_chosen() -> None:
    assert names(table([10, 10, 10], [5, 4, 1], group=["wait", "wait", None]), 30) == "ac"


def test_nothing_is_chosen_without_what_it_requires_and_a_pair_may_pay_together() -> None:
    rows = table([10, 10, 10], [9, -1, 4], requires=["b", None, None])
    assert names(rows, 20) == "ab"
    assert names(rows, 10) == "c"
    several = table([5, 5, 10, 10], [0, 0, 9, 4], requires=[None, None, "a; b", None])
    assert names(several, 20) == "abc"
    assert whole(several, 15).value == 4


def test_what_must_be_is_in_though_others_are_worth_more_and_one_of_a_set_suffices() -> None:
    assert names(table([10, 10, 10], [1, 5, 6], must=["yes", None, None]), 20) == "ac"
    assert names(table([10, 10, 10], [1, 2, 6], must=["safety", "safety", None]), 20) == "bc"
    assert names(table([10, 10], [1, 2], must=["no", "0"]), 10) == "b"


def test_benefits_on_one_touchpoint_add_up_to_the_cap_and_no_further() -> None:
    desk = {"touchpoint": ["desk", "desk", "gate"]}
    together = whole(table([10, 10, 10], [5, 4, 3], **desk), 20)
    assert (together.value, together.optima) == (8, (("a", "c"),))
    capped = whole(table([10, 10, 10], [5, 4, 3], **desk, cap=[8.5, None, None]), 20)
    assert (capped.value, capped.optima) == (8.5, (("a", "b"),))
    all_three = whole(table([10, 10, 10], [5, 4, 3], **desk, must=["yes", "yes", "yes"]), 30)
    assert (all_three.value, "capped_by_largest" in all_three.warnings) == (8, True)


def test_money_is_kept_to_the_cent() -> None:
    rows = table([0.1, 0.2, 10_000_000.01], [1.0, 1.0, 5.0])
    assert names(rows, 0.3) == "ab"
    assert names(rows, 10_000_000.00) == "ab"
    assert names(rows, 10_000_000.01) == "c"


def test_every_equally_good_set_is_named_the_cheapest_first() -> None:
    row = whole(table([10, 8, 10], [5, 5, 5]), 20)
    assert row.optima == (("a", "b"), ("b", "c"), ("a", "c"))
    assert (row.cost, "equally_good" in row.warnings, row.value) == (18, True, 10)
    many = whole(table([1] * 12, [1] * 12), 6)
    assert (len(many.optima), "more_sets" in many.warnings) == (50, True)


# --- what refuses -----------------------------------------------------------------------------------------------------


def test_a_budget_too_small_for_what_must_be_says_what_would_do() -> None:
    (row,) = portfolio(table([10, 30, 25], [1, 2, 3], must=["yes", "safety", "safety"]), budget=20)
    assert row.value is None
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields["need"], row.refused.fields["found"]) == (
        "portfolio.short",
        "35",
        "a, c",
    )
    assert whole(table([10, 30, 25], [1, 2, 3], must=["yes", "safety", "safety"]), 35).value == 4


def test_musts_that_exclude_one_another_are_named() -> None:
    (row,) = portfolio(table([1, 1, 1], [1, 1, 1], must=["yes", "yes", None], group=["g", "g", None]), budget=9)
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields["found"]) == ("portfolio.contradiction", "a, b")


@pytest.mark.parametrize(
    ("rows", "budget", "id"),
    [
        (table([1], [1]), None, "portfolio.budget"),
        (table([1], [1]), -1.0, "portfolio.budget"),
        (table([1], [1]), float("nan"), "portfolio.budget"),
        (table([-1], [1]), 1.0, "portfolio.cost"),
        (table([1], [1], low=[2]), 1.0, "portfolio.interval"),
        (table([1], [1], high=[0]), 1.0, "portfolio.interval"),
        (table([1], [1], se=[-1]), 1.0, "portfolio.interval"),
        (table([1], [1]) * 2, 1.0, "portfolio.twice"),
        (table([1], [1], requires=["x"]), 1.0, "portfolio.requires"),
        (table([1, 1], [1, 1], touchpoint=["t", "t"], cap=[1, 2]), 1.0, "portfolio.caps"),
        ([], 1.0, "table.column_missing"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_by_name(rows: list[Row], budget: Any, id: str) -> None:
    with pytest.raises(PeakendError) as caught:
        portfolio(rows, budget=budget)
    assert caught.value.id == id


# --- uncertain values -------------------------------------------------------------------------------------------------


def test_an_initiative_is_in_the_best_set_as_often_as_its_value_is_the_greater() -> None:
    rows = portfolio(table([10, 10], [5.0, 4.0], se=[1.0, 1.0]), budget=10)
    shares = {row.initiative: row.inclusion for row in rows}
    assert shares["a"] == pytest.approx(0.760, abs=0.04)  # P(N(1, 2) > 0)
    assert shares["a"] + shares["b"] == pytest.approx(1)  # type: ignore[operator]
    total = rows[0]
    off = (
        np.sqrt(2) * np.exp(-0.25) / np.sqrt(2 * np.pi)
    )  # of two normals, by how much the greater looks greater than it is
    assert total.optimism == pytest.approx(off, abs=0.06)
    assert (total.low, total.high) == (pytest.approx(5 - 1.96 - off, abs=0.2), pytest.approx(5 + 1.96 - off, abs=0.2))
    assert "picked_as_best" in total.warnings
    assert total.inclusion == shares["a"]


def test_a_lopsided_interval_is_drawn_lopsided() -> None:
    total = whole(table([10], [5.0], low=[1.0], high=[6.0]), 10)
    assert (total.low, total.high) == (pytest.approx(1.0, abs=0.5), pytest.approx(6.0, abs=0.3))


def test_without_intervals_nothing_is_said_of_how_sure() -> None:
    rows = portfolio(table([10, 10], [5.0, 4.0]), budget=10)
    assert all(row.inclusion is None and row.low is None for row in rows)
    assert "no_uncertainty" in rows[0].warnings


def test_many_initiatives_are_resampled_too() -> None:
    rng = np.random.default_rng(3)
    rows = [
        {"initiative": f"i{i:02}", "cost": float(rng.integers(5, 40)), "value": float(rng.integers(5, 40)), "se": 2.0}
        for i in range(18)
    ]
    found = portfolio(rows, budget=200)
    assert {row.resamples for row in found} == {200}
    assert all(0 <= (row.inclusion or 0) <= 1 for row in found)


# --- properties -------------------------------------------------------------------------------------------------------


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Initiative], int]:
    n = draw(st.integers(1, 7))
    all_names = "abcdefg"[:n]
    made = [
        Initiative(
            name=name,
            cost=draw(st.integers(0, 40)),
            value=float(draw(st.integers(-5, 20))),
            touchpoint=draw(st.sampled_from([None, "t", "u"])),
            group=draw(st.sampled_from([None, None, "g"])),
            requires=tuple(draw(st.sets(st.sampled_from(all_names), max_size=1))),
            must=draw(st.sampled_from([None, None, None, "yes", "one"])),
        )
        for name in all_names
    ]
    return made, draw(st.integers(0, 120))


def by_hand(asked: Choosing) -> tuple[float, set[frozenset[str]]] | None:
    """Every set, one by one, by plain sentences."""
    best: dict[frozenset[str], float] = {}
    for at in subsets(len(asked.all)):
        taken = [asked.all[i] for i in at]
        held = {one.name for one in taken}
        alright = sum(one.cost for one in taken) <= asked.budget
        alright &= sum(one.group == "g" for one in taken) <= 1
        alright &= all(set(one.requires) <= held for one in taken)
        alright &= all(one.name in held for one in asked.all if one.must == "yes")
        alright &= not any(one.must == "one" for one in asked.all) or any(one.must == "one" for one in taken)
        if alright:
            best[frozenset(held)] = worth(asked.all, taken)
    if not best:
        return None
    top = max(best.values())
    return top, {held for held, value in best.items() if value > top - 1e-9}


def worth(everything: Sequence[Initiative], taken: Sequence[Initiative]) -> float:
    total = sum(one.value for one in taken if one.touchpoint is None)
    for touchpoint in ("t", "u"):
        there = [one.value for one in everything if one.touchpoint == touchpoint]
        mine = sum(one.value for one in taken if one.touchpoint == touchpoint)
        total += min(mine, max(there)) if len(there) > 1 else mine
    return total


@given(problems())
@settings(max_examples=40)
def test_the_programme_finds_what_looking_at_every_set_finds(problem: tuple[list[Initiative], int]) -> None:
    asked = choice_of(*problem)
    found = asked.optima(asked.values())
    expected = by_hand(asked)
    if expected is None:
        assert found == []
        return
    sets = {frozenset(one.name for one, taken in zip(asked.all, each, strict=True) if taken) for each in found}
    assert float(asked.worth(found[0][None], asked.values()[None])[0, 0]) == pytest.approx(expected[0])
    assert sets == expected[1] if len(expected[1]) < 50 else sets <= expected[1]
    assert asked.winners(asked.values()[None])[0].tolist() in [one.tolist() for one in found]
    assert asked.keeps(asked.greedy())


def test_the_order_of_rows_changes_nothing() -> None:
    rows = table(
        [10, 20, 30, 15, 5],
        [3, 8, 9, 6, 2],
        low=[2, 5, 7, 5, 1],
        high=[4, 9, 13, 7, 5],
        group=["g", "g", None, None, None],
    )
    mixed = [rows[i] for i in (3, 0, 4, 2, 1)]
    assert portfolio(rows, budget=50).as_dict() == portfolio(mixed, budget=50).as_dict()


def test_every_kind_of_table_gives_the_same(tmp_path: Path) -> None:
    import pandas as pd  # noqa: PLC0415 - an engine among others
    import polars as pl  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    rows = table([10, 20, 30], [3, 8, 9], low=[2, 5, 7], high=[4, 9, 13])
    pl.DataFrame(rows).write_csv(tmp_path / "i.csv")
    kinds = (rows, pl.DataFrame(rows), pd.DataFrame(rows), pa.Table.from_pylist(rows), tmp_path / "i.csv")
    told = [portfolio(kind, budget=50).as_dict() for kind in kinds]
    assert told[0]
    assert all(one == told[0] for one in told)


# --- as it is told ----------------------------------------------------------------------------------------------------

STORY = """\
initiative,cost,value,low,high,group,must
Fix the lift,40000,6,5,7,,yes
Pager,30000,7,5,9,wait,
Ticket on the phone,55000,9,2,14,wait,
Signs,25000,5,2,8,,
"""
TOLD: Mapping[Lang, str] = {
    "en": "Within 100,000, 3 of 4: Fix the lift, Pager, Signs. Worth 18.0 (95% confidence interval ",
    "zh-Hant": "預算 100,000 內，4 項中選 3 項：Fix the lift、Pager、Signs。價值 18.0（95% 信賴區間 ",
    "zh-Hans": "预算 100,000 内，4 项中选 3 项：Fix the lift、Pager、Signs。价值 18.0（95% 置信区间 ",
}


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "initiatives.csv"
    path.write_text(STORY, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_manager_wu_reads_the_decision_first(capsys: pytest.CaptureFixture[str], story: str, lang: Lang) -> None:
    assert cli.main(("portfolio", story, "--budget", "100000", "--lang", lang)) == 0
    out = capsys.readouterr().out
    assert out.startswith(TOLD[lang])
    assert not wrong_script(out, lang)


def test_a_program_reads_the_same_decision(capsys: pytest.CaptureFixture[str], story: str) -> None:
    assert cli.main(("portfolio", story, "--budget", "100000", "--json")) == 0
    first, *rest = json.loads(capsys.readouterr().out)
    assert first["optima"] == [["Fix the lift", "Pager", "Signs"]]
    assert {row["initiative"]: row["chosen"] for row in rest} == {
        "Fix the lift": True,
        "Pager": True,
        "Signs": True,
        "Ticket on the phone": False,
    }


def test_the_shortcut_is_told_where_it_loses_something() -> None:
    text = portfolio(table([12, 7, 11, 8, 9], [24, 13, 23, 15, 16]), budget=26).text()
    assert "choosing by value per cost gives only 47.0" in text


def test_a_refusal_is_a_sentence_in_each_language() -> None:
    rows = portfolio(table([10], [1], must=["yes"]), budget=5)
    assert all(rows.text(lang) and rows.chart(lang).alt for lang in LANGUAGES)
    assert rows.text() == str(MethodError("portfolio.short", budget="5", need="10", found="a").message("en"))


def test_the_solver_writes_nothing_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS, undoing its presolve, writes a line to the standard output now and then; a reader of JSON must never meet
    it.
    """
    for seed in range(40):
        rng = np.random.default_rng(seed)
        values = rng.uniform(4, 10, 12) + 2 * rng.standard_normal(12)
        whole(table(rng.integers(10, 40, 12).tolist(), values.tolist()), 150)
    assert capfd.readouterr() == ("", "")


def test_what_compiled_code_prints_while_solving_goes_nowhere_and_what_we_print_afterwards_is_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    libc = ctypes.CDLL(None)
    with _silence():
        libc.printf(b"tmpSolver.run();\n")
    libc.printf(b"[]")
    libc.fflush(None)
    assert capfd.readouterr() == ("[]", "")
