"""Key drivers, against R on published data sets, and on rows whose truth is known."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend import cli
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.maths import shapley
from peakend.methods import drivers as method
from peakend.methods.drivers import bounds, drivers, from_covariance, from_rows
from tests.methods.guests import visits
from tests.reference.ledger import columns


def swiss() -> tuple[list[str], np.ndarray[Any, Any]]:
    """The drivers of fertility, then fertility, and the covariance matrix in that order."""
    held = columns("swiss")
    names = [name for name in held if name != "Fertility"] + ["Fertility"]
    return names, np.cov([held[name] for name in names])


def test_a_suppressed_driver_shows_both_signs() -> None:
    """swiss Agriculture: its slope is negative although it goes together with fertility; a share alone would
    hide that.
    """
    names, covariance = swiss()
    row = next(row for row in from_covariance(covariance, names, 47, fewest=5) if row.driver == "Agriculture")
    assert (
        row.beta is not None and row.beta < 0,
        row.r is not None and row.r > 0,
        row.suppressed,
        "suppressed" in row.warnings,
    ) == (
        True,
        True,
        True,
        True,
    )


def test_what_decides_is_found_with_how_many_met_it_and_how_far_it_is_from_the_top() -> None:
    found = drivers(visits())
    assert [row.driver for row in found] == ["desk", "room", "lift"]
    desk, room, lift = found
    assert (desk.p_first, desk.rank, desk.outcome, desk.n) == (1.0, 1, "overall", 600)
    assert lift.n == 400
    assert lift.visit_rate == pytest.approx(2 / 3)
    assert desk.priority == pytest.approx(desk.percent * 1.0 * (5 - desk.mean))  # type: ignore[operator]
    assert desk.low is not None
    assert room.high is not None
    assert desk.low > room.high
    assert lift.high is not None
    assert lift.high < 0.03


def test_few_answers_are_set_aside_and_say_how_many_are_needed() -> None:
    found = drivers(visits(25))
    assert [(row.driver, row.value, row.refused.as_dict() if row.refused else None) for row in found][2] == (
        "room",
        None,
        MethodError("drivers.too_few", driver="room", n=25, need=30).as_dict(),
    )


def test_without_a_judgement_of_the_whole_there_is_nothing_to_explain() -> None:
    with pytest.raises(MethodError) as refusal:
        drivers(visits().filter(pl.col("construct") != "overall"))
    assert refusal.value.id == "drivers.no_outcome"


def test_a_touchpoint_that_everybody_scores_alike_is_set_aside() -> None:
    flat = visits().with_columns(value=pl.when(pl.col("construct") == "room").then(4.0).otherwise(pl.col("value")))
    assert {row.driver: row.refused.id for row in drivers(flat) if row.refused} == {"room": "drivers.constant"}


def test_more_than_sixteen_drivers_keep_their_intervals() -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=(1500, 17))
    y = x @ np.linspace(1, 0, 17) ** 2 + rng.normal(size=1500)
    names = [f"t{i}" for i in range(17)]
    rows = from_rows(np.column_stack([x, y]), [*names, "y"], "y")
    assert rows[0].driver == "t0"
    assert all(row.low is not None and row.high is not None and row.low <= (row.value or 0) <= row.high for row in rows)


def test_an_interval_holds_its_share_also_where_one_driver_has_nearly_all() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(300, 3))
    rows = from_rows(np.column_stack([x, x[:, 0]]), ["a", "b", "c", "whole"], "whole")
    assert rows[0].percent == pytest.approx(100, abs=1)
    for row in rows:
        assert (row.low or 0) <= (row.value or 0) <= (row.high or 0)
        assert (row.percent_low or 0) <= (row.percent or 0) <= (row.percent_high or 0)


def test_the_interval_covers_the_true_share_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 draws of 300 guests from a known population; nominal 95%; the long simulation is on the page of coverage."""
    monkeypatch.setattr(bounds, "REPLICATES", 300)
    cov = np.array([[1, 0.3, 0.2, 0.6], [0.3, 1, 0.4, 0.5], [0.2, 0.4, 1, 0.3], [0.6, 0.5, 0.3, 1.0]])
    truth = shapley.lmg(shapley.r2_of_subsets(cov))
    rng, hits, draws = np.random.default_rng(5), 0, 100
    root = np.linalg.cholesky(cov)
    for _ in range(draws):
        rows = {row.driver: row for row in from_rows(rng.normal(size=(300, 4)) @ root.T, ["a", "b", "c", "y"], "y")}
        hits += rows["b"].low <= truth[1] <= rows["b"].high
    assert 0.88 <= hits / draws <= 0.99


@settings(max_examples=25)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_the_order_of_drivers_never_changes_their_shares(order: list[int], seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(60, 5))
    names = ["a", "b", "c", "d"]
    one = {row.driver: row.value for row in from_rows(x, [*names, "y"], "y")}
    two = {row.driver: row.value for row in from_rows(x[:, [*order, 4]], [*(names[i] for i in order), "y"], "y")}
    assert two == pytest.approx(one, abs=1e-12)


def test_the_order_of_rows_and_the_engine_never_change_a_result() -> None:
    frame = visits(120)
    assert (
        drivers(conform(frame.sample(fraction=1, shuffle=True, seed=3))).as_dict()
        == drivers(conform(frame.to_pandas())).as_dict()
    )


@pytest.mark.parametrize("lang", ["en", "zh-Hant", "zh-Hans"])
def test_the_drivers_are_told_and_drawn_in_three_languages(lang: Any) -> None:
    found = drivers(visits())
    assert "desk" in found.text(lang)
    assert "<svg" in found.chart(lang).svg(lang)
    assert found.method is method.METHOD


# --- many, alike, missing ---------------------------------------------------------------------------------------------


def spread_out(p: int, seed: int = 2) -> np.ndarray[Any, Any]:
    x = np.random.default_rng(seed).normal(size=(200, p + 1)) @ np.random.default_rng(seed + 1).normal(
        size=(p + 1, p + 1)
    )
    return np.asarray(np.corrcoef(x.T))


def test_sampled_orders_give_the_exact_shares_within_their_own_error_and_sum_to_r2() -> None:
    r = spread_out(9)
    exact = shapley.lmg(shapley.r2_of_subsets(r))
    share, off = shapley.lmg_of_sample(r)
    assert np.all(np.abs(share - exact) < 4 * off)
    assert share.sum() == pytest.approx(exact.sum(), abs=1e-12)
    assert off.max() < 0.02


def test_more_than_fifteen_drivers_say_how_far_sampling_may_be_off() -> None:
    r = spread_out(17)
    rows = from_covariance(r, [*(f"t{i}" for i in range(17)), "y"], 5000)
    assert all(row.monte_carlo is not None and 0 < row.monte_carlo < 0.01 for row in rows)
    assert sum(row.value or 0 for row in rows) == pytest.approx(rows[0].r2)


def test_a_near_duplicate_takes_half_the_share_and_both_are_told_as_one() -> None:
    """Two questions about the same desk: each alone would look half as important as the desk is."""
    rng = np.random.default_rng(4)
    desk, room = rng.normal(size=(2, 500))
    again, y = desk + rng.normal(0, 0.1, 500), desk + 0.5 * room + rng.normal(size=500)
    rows = {
        row.driver: row
        for row in from_rows(np.column_stack([desk, again, room, y]), ["desk", "again", "room", "y"], "y")
    }
    whole = {row.driver: row for row in from_rows(np.column_stack([desk, room, y]), ["desk", "room", "y"], "y")}
    assert rows["desk"].vif is not None
    assert rows["desk"].vif > 10
    assert rows["desk"].together == rows["again"].together == ("desk", "again")
    assert rows["desk"].together_percent == pytest.approx(whole["desk"].percent, abs=2)
    assert rows["desk"].percent == pytest.approx((whole["desk"].percent or 0) / 2, abs=4)
    assert rows["room"].together == ()


def test_the_share_of_a_group_is_the_average_over_all_orders_of_groups() -> None:
    r = spread_out(4)

    def r2(*at: int) -> float:
        return 1 - float(np.linalg.det(r[np.ix_([*at, 4], [*at, 4])]) / np.linalg.det(r[np.ix_(at, at)])) if at else 0.0

    groups, expected = ((0, 2), (1,), (3,)), dict.fromkeys(range(3), 0.0)
    for order in permutations(range(3)):
        inside: tuple[int, ...] = ()
        for g in order:
            expected[g] += (r2(*inside, *groups[g]) - r2(*inside)) / 6
            inside += groups[g]
    assert shapley.shares_together(r, groups) == pytest.approx(list(expected.values()))


def test_dominance_is_told_over_each_other_driver() -> None:
    """swiss: Education dominates Catholic completely and Infant.Mortality conditionally (dominanceanalysis 2.1.0)."""
    names, covariance = swiss()
    rows = {row.driver: row for row in from_covariance(covariance, names, 47, fewest=5)}
    assert dict(rows["Education"].dominates or {}) == {
        "Agriculture": "complete", "Examination": "complete", "Catholic": "complete", "Infant.Mortality": "conditional",
    }  # fmt: skip


def test_leaving_out_whole_rows_would_tell_another_story_than_pairs_do() -> None:
    """Six empty cells in each of five columns leave a few complete rows: listwise R² is far too high, pairwise stays
    near the truth.
    """
    rng = np.random.default_rng(21)
    root = np.linalg.cholesky(np.full((6, 6), 0.4) + 0.6 * np.eye(6))
    full = rng.normal(size=(30, 6)) @ root.T
    holes = full.copy()
    for column in range(5):
        holes[rng.choice(30, 6, replace=False), column] = np.nan
    names = ["a", "b", "c", "d", "e", "y"]
    listwise = holes[~np.isnan(holes).any(axis=1)]
    truth, pairs, rows = (from_rows(x, names, "y", fewest=1)[0].r2 or 0 for x in (full, holes, listwise))
    assert len(listwise) < 12
    assert abs(pairs - truth) < abs(rows - truth)


def test_pairwise_correlations_that_contradict_one_another_are_repaired_to_the_nearest_and_say_so() -> None:
    r = np.array([[1, 0.9, -0.9, 0.5], [0.9, 1, 0.9, 0.5], [-0.9, 0.9, 1, 0.5], [0.5, 0.5, 0.5, 1.0]])
    fixed, bad = shapley.repair(r)
    assert bad
    assert np.linalg.eigvalsh(fixed)[0] > 0
    assert np.diagonal(fixed) == pytest.approx(np.ones(4))
    values, vectors = np.linalg.eigh(r)
    clipped = shapley.correlation((vectors * np.maximum(values, 1e-8)) @ vectors.T)
    assert np.linalg.norm(fixed - r) <= np.linalg.norm(clipped - r)
    rows = from_covariance(r, ["a", "b", "c", "y"], 200)
    assert len(rows) == 3
    assert all("repaired" in row.warnings for row in rows)


def test_two_touchpoints_that_nobody_used_both_of_are_not_told_apart() -> None:
    """Guests come by car or by train, never by both."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 4))
    x[:90, 0], x[90:, 1] = np.nan, np.nan
    rows = {row.driver: row for row in from_rows(x, ["car", "train", "desk", "y"], "y")}
    assert rows["train"].refused is not None
    assert (rows["train"].refused.id, rows["train"].refused.fields["other"]) == ("drivers.never_together", "car")
    assert rows["car"].value is not None


# --- who was there ----------------------------------------------------------------------------------------------------

PASSED = np.array(
    [
        [3, 1, 2, 4, 3, 5, 2, 4, 1, 5, 3, 4, 2, 5, 4, 1, 3, 2, 5, 4, 2, 3, 4, 1],
        [2, 2, 4, 3, 5, 4, 1, 5, 2, 4, 3, 3, 1, 5, 2, 1, 4, 3, 5, 3, 2, 4, 5, 2],
    ]
)
JUDGED = np.array([3, 1, 3, 4, 4, 5, 1, 5, 2, 5, 3, 4, 2, 5, 3, 1, 4, 2, 5, 4, 1, 4, 4, 2])
VISITED = ["desk", "lift", "room", "whole"]


def guests() -> np.ndarray[Any, Any]:
    """Guests of Mrs Lin: every third had no need of the desk, every fourth no lift; all had a room."""
    i = np.arange(24)
    desk, lift = np.where(i % 3 == 0, np.nan, PASSED[0]), np.where(i % 4 == 1, np.nan, PASSED[1])
    return np.column_stack([desk, lift, (PASSED[0] * 2 + PASSED[1] + i % 5) % 5 + 1, JUDGED])


def test_who_was_there_is_part_of_the_model_and_of_the_share() -> None:
    """R 4.2.2: lm with indicators and centred answers, calc.relimp of relaimpo 2.2-7 with groups, cor(method =
    "spearman").
    """
    rows = {row.driver: row for row in from_rows(guests(), VISITED, "whole", fewest=5, missing="visits")}
    own = [rows[name] for name in VISITED[:3]]
    assert [row.value for row in own] == pytest.approx([0.34554871624, 0.43667137040, 0.02685170895], abs=1e-9)
    assert [row.first for row in own] == pytest.approx([0.449423649786, 0.492362929833, 0.007276485773], abs=1e-9)
    assert [row.last for row in own] == pytest.approx([0.21962918044, 0.35893520873, 0.02438232987], abs=1e-9)
    assert [row.visit_effect for row in own[:2]] == pytest.approx([-0.4238967832, -0.3548386600], abs=1e-9)
    assert rows["room"].visit_effect is None
    assert [row.beta for row in own] == pytest.approx([0.4748550072, 0.6827480990, 0.1799647690], abs=1e-9)
    assert [row.spearman for row in own] == pytest.approx([0.87326120556, 0.87439872586, 0.07524460897], abs=1e-9)
    assert [row.vif for row in own] == pytest.approx([1.155040859, 1.202738975, 1.328311046], abs=1e-8)
    assert [row.r2 for row in own] == pytest.approx([0.8090717956] * 3)
    assert {row.model for row in own} == {"visits"}


def test_the_bootstrap_of_a_small_house_redraws_guests_and_the_interval_holds_the_share() -> None:
    rows = from_rows(guests(), VISITED, "whole", fewest=5, missing="visits")
    assert all(row.low is not None and row.high is not None and row.low < (row.value or 0) < row.high for row in rows)
    assert sum(row.p_first or 0 for row in rows) == pytest.approx(1)


def test_where_everybody_was_everywhere_both_models_are_the_same() -> None:
    whole = np.column_stack([PASSED.T, JUDGED])
    one, two = (
        from_rows(whole, ["desk", "lift", "whole"], "whole", fewest=5, missing=model)
        for model in ("pairwise", "visits")
    )
    for name in ("value", "first", "last", "beta", "r", "vif", "spearman", "mean", "visit_rate", "dominance", "n"):
        assert [getattr(row, name) for row in two] == [pytest.approx(getattr(row, name)) for row in one]


def test_facts_and_rows_tell_the_same_of_visits_and_another_engine_does_too() -> None:
    frame = visits(240)
    found = drivers(frame, missing="visits")
    wide = frame.pivot("construct", index="response", values="value")
    plain = from_rows(
        wide.select("desk", "lift", "room", "overall").to_numpy(),
        ["desk", "lift", "room", "overall"],
        "overall",
        missing="visits",
    )
    names = ("driver", "n", "value", "low", "high", "p_first", "spearman", "visit_effect", "visit_rate", "mean")
    assert [[getattr(row, name) for name in names] for row in found] == [
        [getattr(row, name) for name in names] for row in plain
    ]
    shuffled = frame.sample(fraction=1, shuffle=True, seed=9).to_pandas()
    assert drivers(shuffled, missing="visits").as_dict() == found.as_dict()


def test_guests_who_did_not_judge_the_whole_are_no_part_of_a_model_of_visits() -> None:
    more = pl.concat(
        [
            visits(120),
            visits(60, seed=8)
            .filter(pl.col("construct") != "overall")
            .with_columns(response=pl.format("x{}", "response")),
        ]
    )
    assert drivers(more, missing="visits").as_dict() == drivers(visits(120), missing="visits").as_dict()


def test_guests_who_came_by_car_or_by_train_are_told_apart_where_who_was_there_is_known() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 4))
    x[:, 3] += np.where(np.arange(200) < 90, x[:, 1], 0.2 * x[:, 0])
    x[:90, 0], x[90:, 1] = np.nan, np.nan
    rows = {row.driver: row for row in from_rows(x, ["car", "train", "desk", "y"], "y", missing="visits")}
    assert not any(row.refused for row in rows.values())
    assert (rows["train"].value or 0) > 3 * (rows["car"].value or 0)
    assert "repaired" not in rows["train"].warnings


def test_sampled_orders_of_groups_sum_to_r2_and_agree_with_all_orders() -> None:
    r, sizes = spread_out(9), (2, 1, 2, 1, 2, 1)
    exact = shapley.lmg(shapley.r2_of_subsets(r, sizes))
    share, off = shapley.lmg_of_sample(r, sizes=sizes)
    assert np.all(np.abs(share - exact) < 4 * off)
    assert share.sum() == pytest.approx(exact.sum(), abs=1e-12)


@pytest.mark.parametrize(
    ("lang", "there", "alike"),
    [
        ("en", "are in the model as “not used”", "together they account for"),
        ("zh-Hant", "不補值", "難以區分"),
        ("zh-Hans", "不做插补", "难以区分"),
    ],
)
def test_the_sentence_says_which_model_and_what_cannot_be_told_apart(lang: Any, there: str, alike: str) -> None:
    assert there in drivers(visits(150), missing="visits").text(lang)
    assert there not in drivers(visits(150)).text(lang)
    rng = np.random.default_rng(4)
    desk, room = rng.normal(size=(2, 500))
    near = np.column_stack([desk, desk + rng.normal(0, 0.1, 500), room, desk + 0.5 * room + rng.normal(size=500)])
    assert alike in from_rows(near, ["desk", "again", "room", "y"], "y").text(lang)


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "rank correlation"), ("zh-Hant", "等級相關"), ("zh-Hans", "等级相关")]
)
def test_the_model_of_visits_is_asked_for_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, told: str
) -> None:
    visits(150).write_parquet(tmp_path / "guests.parquet")
    assert cli.main(["drivers", str(tmp_path / "guests.parquet"), "--missing", "visits", "--lang", lang]) == 0
    assert told in capsys.readouterr().out
    assert cli.main(["drivers", str(tmp_path / "guests.parquet"), "--missing", "visits", "--json"]) == 0
    assert {row["model"] for row in json.loads(capsys.readouterr().out)} == {"visits"}
