"""Service quality gaps: published tables, respondents and items, refusals, from facts to words."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import pair_differences
from peakend.methods import servqual
from peakend.terms import LANGUAGES, vocabulary, wrong_script
from tests.methods.facts_of import INVALID, NOT_APPLICABLE, NOT_SHOWN, SKIPPED, facts, said

SEVEN = (1.0, 7.0)
Answer = float | str
Asked = Mapping[tuple[str, str], Sequence[tuple[Answer, Answer]]]


def gap_facts(
    asked: Asked, *more: list[dict[str, Any]], scale: tuple[float, float] | None = SEVEN, **about: Any
) -> Facts:
    """One respondent a pair (expectation, perception), in the same order for every (dimension, item)."""
    rows = list(more)
    for (dimension, item), pairs in asked.items():
        for at, sides in enumerate(pairs):
            for role, value in zip(servqual.PAIR, sides, strict=True):
                rows.append(said(dimension, [value], scale=scale, item=item, role=role, **about))
                rows[-1][0]["response"] = f"r{at}"
    return facts(*rows)


def stated(dimension: str, values: Sequence[Answer]) -> list[dict[str, Any]]:
    """How important each respondent says a dimension is."""
    rows = said(dimension, values, scale=(0.0, 100.0), role="importance")
    return [row | {"response": f"r{at}"} for at, row in enumerate(rows)]


# --- published tables -------------------------------------------------------------------------------------------------

PMC6131925 = {
    # Table 2, N = 386, five points: E mean, E SD, P mean, P SD, printed gap, t, 95% confidence interval
    "tangibles": (4.44, 0.44, 4.19, 0.53, -0.25, -9.14, (-0.30, -0.19)),
    "reliability": (4.49, 0.44, 4.36, 0.51, -0.13, -4.93, (-0.18, -0.08)),
    "responsiveness": (4.48, 0.46, 4.35, 0.50, -0.13, -4.87, (-0.18, -0.07)),
    "assurance": (4.50, 0.46, 4.32, 0.49, -0.18, -4.87, (-0.23, -0.13)),
    "empathy": (4.56, 0.46, 4.40, 0.51, -0.16, -5.65, (-0.20, -0.10)),
}


def checked(dimension: str, **changed: Any) -> pair_differences.PrintedCheck:
    expectation, e_sd, perception, p_sd, gap, t, interval = PMC6131925[dimension]
    printed = {"left": expectation, "right": perception, "gap": gap, "t": t, "interval": interval, "sds": (e_sd, p_sd)}
    return pair_differences.check_printed(n=386, **(printed | changed))


def test_the_check_finds_a_wrong_gap_a_turned_sign_and_an_interval_elsewhere() -> None:
    assert checked("tangibles", gap=-0.35).problems == ("printed.gap", "printed.centre", "printed.t")
    assert checked("tangibles", gap=0.25, t=9.14, interval=(0.19, 0.30)).problems == ("printed.sign",)
    assert checked("tangibles", interval=(-0.25, -0.14)).problems == ("printed.centre",)
    assert all(name in vocabulary() for name in ("printed.gap", "printed.sign", "printed.centre", "printed.t"))


def test_testing_the_sides_as_different_people_understates_the_gap() -> None:
    (e_sd, p_sd), gap = PMC6131925["tangibles"][1:4:2], PMC6131925["tangibles"][4]
    found = checked("tangibles")
    assert gap / np.sqrt((e_sd**2 + p_sd**2) / 386) == pytest.approx(-7.1, abs=0.05)
    assert found.t == pytest.approx(-9.1, abs=0.3)


# --- ranks ------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=9))
def test_the_exact_signed_rank_p_is_that_of_all_signs_ties_included(differences: list[int]) -> None:
    values, counts = np.unique(differences, return_counts=True)
    found = pair_differences.signed_rank(values, counts)
    kept = [d for d in differences if d]
    if not kept:
        assert found is None
        return
    ranks = stats.rankdata(np.abs(kept))
    seen, middle = sum(r for r, d in zip(ranks, kept, strict=True) if d > 0), ranks.sum() / 2
    sums = [
        sum(r for r, sign in zip(ranks, signs, strict=True) if sign)
        for signs in itertools.product((0, 1), repeat=len(kept))
    ]
    assert found is not None
    assert found.statistic == pytest.approx(seen)
    assert found.p == pytest.approx(np.mean([abs(one - middle) >= abs(seen - middle) - 1e-9 for one in sums]))


def test_the_signed_rank_p_is_that_of_scipy_small_without_ties_and_large_with_them() -> None:
    rng = np.random.default_rng(7)
    small, large = rng.normal(0.4, 1, 25), rng.integers(-3, 4, 300)
    assert pair_differences.signed_rank(small, np.ones(25)).p == pytest.approx(
        stats.wilcoxon(small, method="exact").pvalue
    )  # type: ignore[union-attr]
    by_scipy = stats.wilcoxon(large, correction=True, method="asymptotic").pvalue
    assert pair_differences.signed_rank(*np.unique(large, return_counts=True)).p == pytest.approx(by_scipy)  # type: ignore[union-attr]


# --- respondents ------------------------------------------------------------------------------------------------------

HOSPITAL: Asked = {
    ("tangibles", "q1"): [(6, 5), (7, 5), (6, 6), (5, 3), (6, 4)],
    ("tangibles", "q2"): [(6, 4), (7, 6), (5, 5), (5, 4), (6, 4)],
    ("empathy", "q3"): [(7, 4), (6, 6), (7, 5), (6, 3), (7, 2)],
}


def test_overall_is_the_mean_of_each_patient_s_dimensions_and_not_of_the_items() -> None:
    tangibles = [(-1 - 2) / 2, (-2 - 1) / 2, 0, (-2 - 1) / 2, -2]
    empathy = [-3, 0, -2, -3, -5]
    rows = {row.dimension: row for row in servqual.servqual(gap_facts(HOSPITAL))}
    assert list(rows) == ["empathy", "tangibles", "overall"]
    assert rows["tangibles"].gap == pytest.approx(np.mean(tangibles))
    assert rows["overall"].gap == pytest.approx(np.mean([tangibles, empathy]))
    assert rows["overall"].gap != pytest.approx(np.mean([*[-1, -2, 0, -2, -2], *[-2, -1, 0, -1, -2], *empathy]))
    by_scipy = stats.ttest_1samp(np.mean([tangibles, empathy], axis=0), 0)
    assert (rows["overall"].t, rows["overall"].p) == pytest.approx((by_scipy.statistic, by_scipy.pvalue))
    assert rows["tangibles"].p_rank == pytest.approx(2 / 2**4)  # four shortfalls and a zero
    assert rows["overall"].perception == pytest.approx(np.mean([[4.5, 5.5, 5.5, 3.5, 4], [4, 6, 5, 3, 2]]))  # SERVPERF


def test_what_each_patient_holds_important_weighs_their_own_gaps() -> None:
    weights = np.array([[90, 10], [50, 50], [20, 80], [100, 0], [60, 40]])
    sources = [stated("tangibles", weights[:, 0].tolist()), stated("empathy", weights[:, 1].tolist())]
    *_, overall = servqual.servqual(gap_facts(HOSPITAL, *sources))
    own = np.column_stack([[-1.5, -1.5, 0, -1.5, -2], [-3, 0, -2, -3, -5]])
    each = (weights * own).sum(axis=1) / 100
    assert overall.weighted is not None
    assert (overall.weighted["value"], overall.weighted["n"]) == pytest.approx((each.mean(), 5))
    assert (overall.weighted["low"], overall.weighted["high"]) == pytest.approx(
        stats.t.interval(0.95, 4, each.mean(), stats.sem(each))
    )
    assert overall.weighted["value"] != pytest.approx(
        (weights.mean(axis=0) * own.mean(axis=0)).sum() / 100
    )  # weights and gaps averaged apart
    assert servqual.servqual(gap_facts(HOSPITAL, sources[0]))[-1].weighted is None  # not asked of every dimension
    items = np.mean([[-1, -2, 0, -2, -2], [-2, -1, 0, -1, -2], [-3, 0, -2, -3, -5]])
    found = np.column_stack([[4.5, 5.5, 5.5, 3.5, 4], [4, 6, 5, 3, 2]])
    assert overall.beside == pytest.approx(
        {
            "individual": each.mean(),
            "means": (weights.mean(axis=0) * own.mean(axis=0)).sum() / 100,
            "unweighted": own.mean(),
            "items": items,
            "servperf": found.mean(),
            "servperf_weighted": ((weights * found).sum(axis=1) / 100).mean(),
        }
    )


def test_five_dimensions_of_unequal_length_have_four_overall_gaps_and_each_is_told_by_name() -> None:
    """Forty respondents, 22 items, importance of 100 points: every figure against the definition in plain numpy
    (methods 2.2).
    """
    rng = np.random.default_rng(40)
    sizes = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}
    expected = rng.integers(4, 8, (40, 22))
    found = np.clip(expected + rng.integers(-3, 2, (40, 22)), 1, 7)
    points = np.diff(np.sort(rng.integers(0, 101, (40, 4)), axis=1), prepend=0, append=100, axis=1)
    edges = np.cumsum([0, *sizes.values()])
    asked: dict[tuple[str, str], list[tuple[Answer, Answer]]] = {
        (name, f"q{i:02}"): list(zip(expected[:, i].tolist(), found[:, i].tolist(), strict=True))
        for at, name in enumerate(sizes)
        for i in range(edges[at], edges[at + 1])
    }
    *_, overall = servqual.servqual(
        gap_facts(asked, *[stated(name, points[:, at].tolist()) for at, name in enumerate(sizes)])
    )
    gap = (found - expected).astype(float)
    own = np.column_stack([gap[:, edges[at] : edges[at + 1]].mean(axis=1) for at in range(5)])
    each = (points * own).sum(axis=1) / 100
    assert overall.weighted is not None
    assert overall.beside is not None
    wanted = {
        "individual": each.mean(),
        "means": (points.mean(0) * own.mean(0)).sum() / 100,
        "unweighted": own.mean(),
        "items": gap.mean(),
    }
    assert {name: overall.beside[name] for name in wanted} == pytest.approx(wanted)
    assert (overall.gap, overall.weighted["value"]) == pytest.approx((own.mean(), each.mean()))
    assert (overall.weighted["low"], overall.weighted["high"]) == pytest.approx(
        stats.t.interval(0.95, 39, each.mean(), stats.sem(each))
    )
    assert len({round(value, 6) for value in wanted.values()}) == 4


def test_survey_weights_count_each_patient_as_many_and_weights_of_one_change_nothing() -> None:
    weights, own = np.array([0.5, 1.0, 2.0, 1.5, 3.0]), np.array([-1.5, -1.5, 0, -1.5, -2])
    plain = servqual.servqual(gap_facts(HOSPITAL))[1]
    assert plain.survey is not None
    assert (plain.survey["value"], plain.survey["low"], plain.survey["high"]) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )
    rows = []
    for (dimension, item), pairs_ in HOSPITAL.items():
        for role, side in (("expectation", 0), ("perception", 1)):
            for at, both in enumerate(pairs_):
                rows.append(
                    said(
                        dimension,
                        [both[side]],
                        scale=SEVEN,
                        item=item,
                        role=role,
                        response=f"r{at}",
                        weight=weights[at],
                    )
                )
    row = servqual.servqual(facts(*rows))[1]
    mean = (weights * own).sum() / weights.sum()
    se = np.sqrt(5 / 4 * ((weights * (own - mean)) ** 2).sum()) / weights.sum()  # survey::svymean
    assert row.survey is not None
    assert (row.survey["value"], row.survey["se"]) == pytest.approx((mean, se))
    assert row.survey["n_eff"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert (row.survey["low"], row.survey["high"]) == pytest.approx(stats.t.interval(0.95, 4, mean, se))
    assert row.value == pytest.approx(plain.value)


def test_half_of_a_dimension_s_questions_are_enough_and_less_is_missing() -> None:
    asked: dict[tuple[str, str], list[tuple[Answer, Answer]]] = {
        ("tangibles", "q1"): [
            (6, 5),
            (6, 5),
            (6, SKIPPED),
            (NOT_APPLICABLE, NOT_APPLICABLE),
            (INVALID, 4),
            (NOT_SHOWN, NOT_SHOWN),
        ],
        ("tangibles", "q2"): [
            (6, 4),
            (SKIPPED, 3),
            (SKIPPED, 3),
            (NOT_APPLICABLE, NOT_APPLICABLE),
            (SKIPPED, 3),
            (NOT_SHOWN, NOT_SHOWN),
        ],
    }
    (row,) = servqual.servqual(gap_facts(asked))
    assert (row.n, row.gap) == (2, pytest.approx((-1.5 - 1) / 2))
    assert (row.missing, row.not_applicable, row.not_shown, row.invalid) == (1, 1, 1, 1)
    assert servqual.servqual(gap_facts(asked), level="item")[1].missing == 3


def test_every_item_has_its_own_row_on_request() -> None:
    rows = servqual.servqual(gap_facts(HOSPITAL), level="item")
    assert [(row.dimension, row.item, row.gap) for row in rows] == [
        ("empathy", "q3", pytest.approx(-2.6)), ("tangibles", "q1", pytest.approx(-1.4)),
        ("tangibles", "q2", pytest.approx(-1.2)),
    ]  # fmt: skip
    assert rows[0].family == 3
    with pytest.raises(MethodError, match=r"option\.choice"):
        servqual.servqual(gap_facts(HOSPITAL), level="wave")  # type: ignore[arg-type]


def test_an_item_from_its_tally_of_pairs_is_the_item_from_facts() -> None:
    row = servqual.from_counts(
        {(6, 5): 1, (7, 5): 1, (6, 6): 1, (5, 3): 1, (6, 4): 1}, dimension="tangibles", scale=SEVEN
    )
    fact = servqual.servqual(gap_facts(HOSPITAL), level="item")[1]
    names = ("expectation", "perception", "gap", "low", "high", "sd", "t", "p", "p_rank", "correlation", "n")
    assert [getattr(row, name) for name in names] == pytest.approx([getattr(fact, name) for name in names])


def test_sides_on_two_scales_have_no_difference() -> None:
    rows = [
        said("empathy", [6, 7], scale=SEVEN, role="expectation"),
        said("empathy", [4, 5], scale=(1.0, 5.0), role="perception"),
    ]
    for part in rows:
        for at, row in enumerate(part):
            row["response"] = f"r{at}"
    (row,) = servqual.servqual(facts(*rows))
    assert row.refused is not None
    assert (row.value, row.refused.id, row.refused.fields) == (None, "servqual.scales", {"scales": "1–5, 1–7"})


def test_one_respondent_is_too_few_and_no_pairs_are_said_so() -> None:
    (one,) = servqual.servqual(gap_facts({("empathy", "q"): [(6, 5)]}))
    assert one.refused is not None
    assert (
        one.refused.message()
        == "Too few complete pairs of expectation and perception to tell yet (1 of 2; 0 incomplete)."
    )
    (none,) = servqual.servqual(facts(said("empathy", [5], role="perception")))
    assert none.refused is not None
    assert (none.n, none.refused.id) == (0, "servqual.no_pairs")


def test_the_five_dimensions_are_tested_as_a_family() -> None:
    rows = servqual.servqual(gap_facts(HOSPITAL))
    family = [row for row in rows if row.dimension != "overall"]
    smallest = min(row.p or 1 for row in family)
    assert {row.family for row in family} == {2}
    assert min(row.p_adjusted or 1 for row in family) == pytest.approx(2 * smallest)
    assert (rows[-1].family, rows[-1].p_adjusted) == (1, None)


def test_groups_are_told_apart_and_dimensions_can_be_chosen() -> None:
    rows = servqual.servqual(gap_facts(HOSPITAL, site="Taipei"), by="site", dimension="empathy")
    assert [(dict(row.group), row.dimension) for row in rows] == [({"site": "Taipei"}, "empathy")]
    assert servqual.servqual(gap_facts(HOSPITAL), where={"respondent_kind": "manager"})[0].n == 0


pair_counts = st.dictionaries(
    st.tuples(st.integers(1, 7), st.integers(1, 7)), st.integers(1, 20), min_size=1, max_size=20
)


@given(pair_counts, st.sampled_from([0.8, 0.95, 0.99]))
def test_turning_the_sides_round_turns_the_gap_round(pairs: dict[tuple[float, float], int], conf: float) -> None:
    here = servqual.from_counts(pairs, scale=SEVEN, conf=conf)
    there = servqual.from_counts({(p, e): count for (e, p), count in pairs.items()}, scale=SEVEN, conf=conf)
    json.dumps(here.as_dict(), allow_nan=False)
    if here.value is None or there.value is None:
        assert here.refused is not None
        return
    assert there.value == pytest.approx(-here.value)
    assert (there.p, there.p_rank) == (pytest.approx(here.p), pytest.approx(here.p_rank))
    if here.low is not None and here.high is not None:
        assert (there.low, there.high) == pytest.approx((-here.high, -here.low))
        assert -6 <= here.low <= here.value <= here.high <= 6


@pytest.mark.parametrize("n", [30, 104])
def test_the_paired_interval_covers_as_often_as_it_says(n: int) -> None:
    rng, trials = np.random.default_rng(11), 3000
    ability = rng.normal(5, 0.8, (trials, n))
    expectation = np.clip(np.round(ability + 1.0 + rng.normal(0, 0.8, ability.shape)), 1, 7)
    perception = np.clip(np.round(ability + rng.normal(0, 1.1, ability.shape)), 1, 7)
    gap = perception - expectation
    truth = gap.mean()
    hits = 0
    for row in gap:
        found = pair_differences.PairStatistics(n=n, left=0.0, right=float(row.mean()), variance=float(row.var(ddof=1)))
        test = pair_differences.test(found, SEVEN, 0.95)
        hits += test.low is not None and test.high is not None and test.low <= truth <= test.high
    assert hits / trials == pytest.approx(0.95, abs=0.015)


# --- words and pictures -----------------------------------------------------------------------------------------------


def test_nurse_chen_s_ward_reads_its_gap_in_three_languages() -> None:
    row = servqual.from_sums(n=120, expectation=6.4, perception=5.3, sd=1.2, dimension="responsiveness", scale=SEVEN)
    said_ = [servqual.METHOD.say(row, lang) for lang in LANGUAGES]
    assert said_ == [
        (
            "Responsiveness: expected 6.40, perceived 5.30: clearly below expectation, gap −1.10 (95% confidence "
            "interval "
            "−1.32 to −0.88, 120 answers)."
        ),
        "反應性：期望 6.40、感知 5.30，落差 −1.10 分，明顯不如期望（95% 信賴區間 −1.32 至 −0.88，120 筆回答）。",
        "响应性：期望 6.40、感知 5.30，差距 −1.10 分，明显不如期望（95% 置信区间 −1.32 至 −0.88，120 条回答）。",
    ]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))


def test_a_gap_that_may_be_noise_is_not_called_one() -> None:
    level = servqual.from_sums(n=40, expectation=5.0, perception=5.1, sd=1.2)
    above = servqual.from_sums(n=400, expectation=5.0, perception=5.5, sd=1.2)
    assert servqual.METHOD.say(level, "en").startswith("Expected 5.00, perceived 5.10: no clear gap, +0.10 (")
    assert servqual.METHOD.say(above, "zh-Hant").startswith("期望 5.00、感知 5.50，落差 +0.50 分，明顯優於期望（")


def test_a_gap_that_is_the_same_for_everybody_is_told_as_untested() -> None:
    same = servqual.from_counts({(5.0, 3.0): 40}, scale=(1.0, 5.0))
    told = [servqual.METHOD.say(same, lang) for lang in ("en", "zh-Hant", "zh-Hans")]
    assert told == [
        (
            "Expected 5.00, perceived 3.00: gap −2.00, which could not be tested: it is the same for everybody (40 "
            "answers)."
        ),
        "期望 5.00、感知 3.00，落差 −2.00 分，每個人都相同，無法檢定（40 筆回答）。",
        "期望 5.00、感知 3.00，差距 −2.00 分，每个人都相同，无法检验（40 条回答）。",
    ]


def test_the_picture_has_the_widest_shortfall_at_the_top_and_overall_at_the_bottom() -> None:
    rows = servqual.servqual(gap_facts(HOSPITAL, *[stated(name, [50] * 5) for name in ("tangibles", "empathy")]))
    chart = rows.chart("zh-Hant")
    assert [row["key"] for row in chart.spec["data"]["values"]] == ["關懷性", "有形性", "整體"]
    assert "；依每位顧客自己的重視程度加權後為 −1.95" in rows.sentences("zh-Hant").splitlines()[-1]
    assert chart.svg("zh-Hant").startswith("<svg")
    assert servqual.METHOD.draw([], "en").alt
