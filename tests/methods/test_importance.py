"""Importance and performance: the classic table, crosshairs, how sure a place is, refusals, from facts to words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.methods import importance
from peakend.methods.importance import quadrants
from peakend.terms import LANGUAGES, vocabulary, wrong_script
from tests.methods.facts_of import NOT_APPLICABLE, SKIPPED, facts, said
from tests.reference.ledger import CASES

GARAGE = {
    one["name"]: (one["importance"], one["performance"]) for one in CASES["ipa_martilla_james"].input["attributes"]
}
"""Martilla & James 1977: 14 attributes and n = 284 read on the first page, the values REMEMBERED; their quadrants are
held in tests/reference.
"""
MATTERS, DONE = ({name: values[side] for name, values in GARAGE.items()} for side in (0, 1))
SCALE = (1.0, 4.0)


def asked(
    construct: str, pairs: Sequence[tuple[float | str, float | str]], role: str = "score", **more: Any
) -> list[dict[str, Any]]:
    """One respondent a pair: how important, how well done."""
    sides = zip(("importance", role), zip(*pairs, strict=True), strict=True)
    rows = [said(construct, values, role=name, **more) for name, values in sides]
    return [row | {"response": f"{more.get('site', '')}{at}"} for part in rows for at, row in enumerate(part)]


def hotel(n: int = 60, seed: int = 3) -> Facts:
    """Mrs Lin's hotel on a scale of five: sleep matters and is poor, the desk matters and is good, the gym matters less
    and is neither.
    """
    rng = np.random.default_rng(seed)
    means = {"sleep": (4.5, 2.6), "desk": (4.4, 4.4), "gym": (2.5, 3.5), "minibar": (1.8, 4.0)}
    rows = []
    for construct, both in means.items():
        numbers = np.clip(np.round(np.array(both) + rng.normal(0, 0.8, (n, 2))), 1, 5)
        rows.append(asked(construct, [(float(i), float(p)) for i, p in numbers]))
    return facts(*rows)


# --- the classic table ------------------------------------------------------------------------------------------------


def test_four_of_fourteen_attributes_change_their_place_with_the_crosshair() -> None:
    mean, median = (importance.from_means(MATTERS, DONE, n=284, crosshair=name) for name in ("mean", "median"))  # type: ignore[arg-type]
    moved = {one.construct for one, other in zip(mean, median, strict=True) if one.quadrant != other.quadrant}
    assert moved == {
        "Able to do any job needed",
        "Perform only necessary work",
        "Low prices on service",
        "Clean up after service work",
    }


def test_the_middle_of_the_scale_puts_nearly_everything_in_one_corner() -> None:
    rows = importance.from_means(MATTERS, DONE, n=284, crosshair="midpoint", scale=SCALE)
    assert {row.cross for row in rows} == {(2.5, 2.5)}
    assert sum(row.quadrant == "keep_up" for row in rows) == 9
    with pytest.raises(MethodError, match=r"importance\.midpoint"):
        importance.from_means(MATTERS, DONE, n=284, crosshair="midpoint")


def test_a_place_near_the_crosshair_is_less_sure_than_one_far_from_it() -> None:
    spread = dict.fromkeys(GARAGE, 0.8)
    rows = {
        row.construct: row for row in importance.from_means(MATTERS, DONE, n=284, sds=(spread, spread), scale=SCALE)
    }
    near, far = rows["Fast action on complaints"], rows["Job done right the first time"]
    assert near.probability is not None
    assert far.probability is not None
    assert near.probability < 0.98 < far.probability
    assert (near.low, near.high) == pytest.approx(stats.t.interval(0.95, 283, 2.73, 0.8 / np.sqrt(284)))
    assert near.resampling == "normal"


def test_answers_that_move_together_make_places_surer() -> None:
    names, sds = ("a", "b"), np.full(4, 1.0)
    apart, together = np.diag(sds), np.full((4, 4), 0.9) + 0.1 * np.eye(4)
    chances = [
        importance.from_means(
            dict(zip(names, (3.1, 3.0), strict=True)), dict.fromkeys(names, 3.0), n=100, covariance=c
        )[0].probabilities
        for c in (apart, together)
    ]
    high = [
        sum(share for name, share in (one or {}).items() if name in ("concentrate_here", "keep_up")) for one in chances
    ]
    expected = stats.norm.cdf(0.1 / np.sqrt([2 / 100, 0.2 / 100]))
    assert high == pytest.approx(expected, abs=0.04)


def test_means_that_do_not_name_the_same_are_refused() -> None:
    with pytest.raises(MethodError) as refused:
        importance.from_means({"a": 1, "b": 2}, {"a": 1, "c": 2}, n=10)
    assert refused.value.fields == {"found": "b, c"}
    with pytest.raises(MethodError, match=r"importance\.crosshair"):
        importance.from_means({"a": 1}, {"a": 1}, n=10, crosshair="eye")  # type: ignore[arg-type]


# --- from facts -------------------------------------------------------------------------------------------------------


def test_mrs_lin_s_hotel_should_look_after_sleep() -> None:
    rows = {row.construct: row for row in importance.importance(hotel())}
    assert {name: row.quadrant for name, row in rows.items()} == {
        "sleep": "concentrate_here", "desk": "keep_up", "gym": "low_priority", "minibar": "possible_overkill",
    }  # fmt: skip
    assert all(row.resampling == "bootstrap" and row.n == row.n_importance == 60 for row in rows.values())
    assert rows["sleep"].probability == 1.0
    assert rows["gym"].probability is not None
    assert 0.5 < rows["gym"].probability < 1
    assert rows["gym"].scale == rows["gym"].importance_scale == (1.0, 5.0)


def test_survey_weights_stand_beside_the_means_and_never_move_a_place() -> None:
    """Σwx/Σw; SE² = n/(n − 1)·Σ[w(x − m)]²/(Σw)², as survey::svymean; Kish's n."""
    rows = asked("desk", [(4.0, 5.0), (5.0, 3.0), (3.0, 2.0)]) + asked("gym", [(2.0, 4.0), (1.0, 3.0), (2.0, 5.0)])
    w, x = np.array([1.0, 2.0, 4.0]), np.array([5.0, 3.0, 2.0])
    heavy = facts([row | {"weight": float(w[int(row["response"])])} for row in rows])
    desk, plain = importance.importance(heavy)[0], importance.importance(facts(rows))[0]
    m = (w * x).sum() / 7
    se = np.sqrt(1.5 * ((w * (x - m)) ** 2).sum()) / 7
    assert desk.weighted == pytest.approx({"value": m, "se": se, "n_eff": 49 / 21})
    assert (desk.weighted_importance or {})["value"] == pytest.approx((4 + 10 + 12) / 7)
    assert (plain.weighted or {})["value"] == pytest.approx(plain.value)
    assert (plain.weighted or {})["n_eff"] == pytest.approx(3)
    assert (desk.value, desk.quadrant, desk.probability) == (plain.value, plain.quadrant, plain.probability)


def test_resampled_means_spread_as_their_standard_errors_and_as_the_normal_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = hotel(n=200)
    ends = {row.construct: row for row in importance.importance(there)}
    found = quadrants.planes(there, (), ("score",), None)
    assert found is not None
    ((plane, _),) = found
    assert plane.draws is not None
    se = np.sqrt(plane.variance / plane.n)
    assert plane.draws.std(axis=0) == pytest.approx(se, rel=0.12)
    assert plane.draws.mean(axis=0) == pytest.approx(plane.mean, abs=0.02)
    monkeypatch.setattr(quadrants, "ROOM", 0)
    for row in importance.importance(there):
        assert row.resampling == "normal"
        assert row.probability == pytest.approx(ends[row.construct].probability, abs=0.05)


def test_how_sure_a_place_is_is_about_how_often_the_survey_would_say_so_again() -> None:
    again = [{row.construct: row for row in importance.importance(hotel(n=40, seed=seed))}["gym"] for seed in range(30)]
    often = np.mean([row.quadrant == "low_priority" for row in again])
    sure = np.mean([(row.probabilities or {})["low_priority"] for row in again])
    assert sure == pytest.approx(often, abs=0.2)


def test_who_never_used_it_is_seen_and_their_importance_still_counts() -> None:
    pairs = [(5, 4), (4, 3), (3, NOT_APPLICABLE), (SKIPPED, 5), (2, SKIPPED)]
    rows = importance.importance(facts(asked("spa", pairs), asked("bar", [(1, 2), (2, 1)])))
    spa = {row.construct: row for row in rows}["spa"]
    assert (spa.n, spa.n_importance, spa.missing, spa.not_applicable) == (3, 4, 1, 1)
    assert (spa.performance, spa.importance) == (4.0, 3.5)


def test_performance_is_the_score_or_else_the_perception_or_what_is_named() -> None:
    both = [asked("spa", [(5, 4), (4, 4)]), asked("bar", [(1, 2), (2, 1)], role="perception")]
    extra = [row for row in asked("spa", [(5, 1), (4, 1)], role="perception") if row["role"] == "perception"]
    assert [row.performance for row in importance.importance(facts(*both, extra))] == [1.5, 4.0]
    assert [row.performance for row in importance.importance(facts(*both, extra), performance="perception")] == [
        1.5,
        1.0,
    ]


def test_importance_derived_from_drivers_has_no_interval_and_is_never_subtracted() -> None:
    rows = {
        row.construct: row for row in importance.importance(hotel(), derived={"sleep": 0.6, "desk": 0.3, "gym": 0.1})
    }
    assert set(rows) == {"sleep", "desk", "gym"}
    assert {(row.derived, row.gap, row.importance_interval, row.n_importance) for row in rows.values()} == {
        (True, None, None, 0)
    }
    assert (rows["sleep"].importance, rows["sleep"].quadrant) == (0.6, "concentrate_here")
    assert rows["sleep"].probability == 1.0
    with pytest.raises(MethodError, match=r"importance\.midpoint"):
        importance.importance(hotel(), derived={"sleep": 0.6}, crosshair="midpoint")


def test_a_single_construct_stands_nowhere_unless_the_scale_has_a_middle() -> None:
    (alone,) = importance.importance(facts(asked("spa", [(5, 4), (4, 3)])))
    assert (alone.quadrant, alone.probability, "nothing_to_compare" in alone.warnings) == (None, None, True)
    (middle,) = importance.importance(facts(asked("spa", [(5, 4), (4, 3)])), crosshair="midpoint")
    assert (middle.quadrant, middle.cross) == ("keep_up", (3.0, 3.0))


def test_constructs_on_two_scales_are_not_put_on_one_plane() -> None:
    there = facts(asked("spa", [(5, 4), (4, 3)]), asked("bar", [(9, 8), (7, 3)], scale=(0.0, 10.0)))
    with pytest.raises(MethodError) as refused:
        importance.importance(there)
    assert refused.value.fields == {"role": "importance", "scales": "0–10, 1–5"}
    assert [row.quadrant for row in importance.importance(there, construct="spa", crosshair="midpoint")] == ["keep_up"]


def test_one_answer_is_refused_and_nothing_at_all_is_said_so() -> None:
    rows = importance.importance(facts(asked("spa", [(5, 4)]), asked("bar", [(1, 2), (2, 1)])))
    assert [(row.construct, row.value, row.refused.id if row.refused else None) for row in rows] == [
        ("bar", 1.5, None), ("spa", None, "importance.too_few"),
    ]  # fmt: skip
    (none,) = importance.importance(facts(said("spa", [4, 5])))
    assert none.refused is not None
    assert (none.n, none.refused.id) == (0, "importance.no_pairs")
    assert importance.importance(facts(said("spa", [4, 5])), by="site").rows == ()


def test_each_group_has_its_own_crosshair() -> None:
    pairs = {"Taipei": [(5, 2), (5, 1)], "Tainan": [(1, 5), (2, 5)]}
    rows = importance.importance(
        facts(
            *(asked("spa", both, site=site) for site, both in pairs.items()),
            *(asked("bar", [(3, 3), (4, 3)], site=s) for s in pairs),
        ),
        by="site",
    )
    assert {(row.group["site"], row.construct): row.quadrant for row in rows} == {
        ("Taipei", "spa"): "concentrate_here", ("Taipei", "bar"): "possible_overkill",
        ("Tainan", "spa"): "possible_overkill", ("Tainan", "bar"): "concentrate_here",
    }  # fmt: skip


points = st.lists(st.tuples(st.floats(1, 7), st.floats(1, 7)), min_size=2, max_size=12)


@given(points, st.sampled_from(["mean", "median"]), st.floats(0.2, 2))
def test_every_place_is_one_of_four_and_chances_add_up(
    both: list[tuple[float, float]], crosshair: Any, sd: float
) -> None:
    names = [str(i) for i in range(len(both))]
    matters, done = ({name: pair[side] for name, pair in zip(names, both, strict=True)} for side in (0, 1))
    spread = dict.fromkeys(names, sd)
    rows = importance.from_means(matters, done, n=50, sds=(spread, spread), crosshair=crosshair, scale=(1, 7))
    json.dumps(rows.as_dict(), allow_nan=False)
    assume(all(row.probabilities for row in rows))  # where everything is equal nothing has a place
    assert all(row.probabilities and sum(row.probabilities.values()) == pytest.approx(1) for row in rows)
    assert all(row.probability == (row.probabilities or {})[row.quadrant or ""] for row in rows)
    assert any(
        row.quadrant in ("concentrate_here", "keep_up") for row in rows
    )  # the highest is never below its own mean
    shifted = importance.from_means({n: v + 1 for n, v in matters.items()}, done, n=50, crosshair=crosshair)
    assert [row.quadrant for row in shifted] == [row.quadrant for row in rows]


# --- words and pictures -----------------------------------------------------------------------------------------------


def test_a_place_is_told_with_how_sure_it_is_in_three_languages() -> None:
    spread = dict.fromkeys(GARAGE, 0.8)
    row = importance.from_means(MATTERS, DONE, n=284, sds=(spread, spread), scale=SCALE)[0]
    said_ = [importance.METHOD.say(row, lang) for lang in LANGUAGES]
    name = "Job done right the first time"
    assert said_ == [
        (
            f"{name}: importance 3.83, performance 2.63 (95% confidence interval 2.54 to 2.72, 284 answers): "
            "concentrate "
            "here (more than 99% sure)."
        ),
        f"{name}：重要度 3.83、表現 2.63（95% 信賴區間 2.54 至 2.72，284 筆回答），屬於「優先改善」（把握超過 99%）。",
        f"{name}：重要性 3.83、表现 2.63（95% 置信区间 2.54 至 2.72，284 条回答），属于“优先改进”（把握超过 99%）。",
    ]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))


def test_a_place_that_may_be_chance_is_not_called_one() -> None:
    rows = importance.from_means(
        {"a": 3.1, "b": 3.0}, {"a": 3.0, "b": 4.0}, n=30, sds=({"a": 1, "b": 1}, {"a": 1, "b": 1})
    )
    assert "not sure yet; so far concentrate here (" in rows.text("en")
    assert "還不能確定，目前較可能是「優先改善」（" in rows.text("zh-Hant")
    assert {row["kind"] for row in rows.chart("en").spec["data"]["values"]} == {"not_sure_yet"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_plane_has_its_crosshair_and_its_corners(lang: Any) -> None:
    rows = importance.importance(hotel())
    chart = rows.chart(lang)
    spots = {row["key"]: row["kind"] for row in chart.spec["data"]["values"]}
    assert spots["sleep"] == "concentrate_here"
    svg = chart.svg(lang)
    assert all(vocabulary()[name].name[lang] in svg for name in quadrants.QUADRANTS)
    assert importance.METHOD.draw([], lang).alt


def test_where_everything_is_equal_nothing_is_placed_and_nothing_is_sure() -> None:
    same = facts(*(asked(name, [(3.0, 4.0)] * 40) for name in ("sleep", "desk", "gym")))
    rows = importance.importance(same)
    assert [(row.quadrant, row.probability, "nothing_to_compare" in row.warnings) for row in rows] == [
        (None, None, True)
    ] * 3
    assert "sure" not in rows.text("en")


def test_places_that_no_answer_varies_around_are_not_called_sure() -> None:
    apart = facts(asked("sleep", [(5.0, 2.0)] * 40), asked("desk", [(2.0, 4.0)] * 40))
    assert [(row.quadrant, row.probability) for row in importance.importance(apart)] == [(None, None), (None, None)]
    assert "its quadrant is not clear, because all answers are the same" in importance.importance(apart).sentences("en")


def test_importance_that_is_derived_and_the_same_for_all_names_no_quadrant() -> None:
    rated = facts(asked("sleep", [(5.0, 2.0), (4.0, 3.0)] * 20), asked("desk", [(2.0, 4.0), (3.0, 5.0)] * 20))
    assert [row.quadrant for row in importance.importance(rated, derived={"sleep": 1.0, "desk": 1.0})] == [None, None]
