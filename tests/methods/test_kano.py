"""Kano: published and computed numbers, rules and ties, refusals, from facts to words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import FactsError, MethodError, PeakendError
from peakend.facts import Facts
from peakend.field.kano import classes as kano_classes
from peakend.field.kano import tables as kano_tables
from peakend.methods import kano
from peakend.methods.kano import class_figures
from peakend.methods.kano.stated_importance import refined_class
from peakend.terms import LANGUAGES, Lang, label, vocabulary, wrong_script
from tests.methods.facts_of import NOT_APPLICABLE, SKIPPED, facts, said
from tests.reference.ledger import CASES

MOAIRQ = ("M", "O", "A", "I", "R", "Q")


def counts(*six: int) -> dict[str, int]:
    return dict(zip(MOAIRQ, six, strict=True))


def asked(pairs: Sequence[tuple[float | str, float | str]], construct: str = "late_checkout", **more: object) -> Facts:
    """One respondent a pair: the answer to "if it is there", the answer to "if it is not there"."""
    sides = {"functional": [f for f, _ in pairs], "dysfunctional": [d for _, d in pairs]}
    rows = [said(construct, values, role=role, **more) for role, values in sides.items()]
    for part in rows:
        for at, row in enumerate(part):
            row["response"] = f"{more}-{at}"
    return facts(*rows)


def together(**parts: Facts) -> Facts:
    """Several stories as one table, with the respondents of each kept apart."""
    return facts(
        [
            row | {"response": f"{name} {row['response']}"}
            for name, part in parts.items()
            for row in part.frame.collect().rows(named=True)
        ]
    )


# --- tables -----------------------------------------------------------------------------------------------------------

TABLES = {
    # standard (read) and pouliot (remembered): as held in tests/reference
    "standard": (("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"), {"Q": 2, "A": 3, "O": 1, "I": 9, "M": 3, "R": 7}),
    # Pouliot, in Berger et al. 1993, section Vc: remembered, not opened
    "pouliot": (("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"), {"Q": 4, "A": 3, "O": 1, "I": 7, "M": 3, "R": 7}),
    "three_answer": (
        ("AAO", "IIM", "IIM"),
        {"Q": 0, "A": 2, "O": 1, "I": 4, "M": 2, "R": 0},
    ),  # read in stp25kano's code
}


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_every_evaluation_table_is_as_published(name: str) -> None:
    table = kano_tables.evaluation(name)
    cells, found = TABLES[name]
    assert table.cells == cells
    assert table.classes(np.ones((table.size, table.size), dtype=np.int64)) == found
    assert len(table.answers) == len(cells)
    assert all(answer in vocabulary() for answer in table.answers)


def test_a_walk_through_all_25_cells_gives_each_its_class() -> None:
    walk = [(f, d) for f in range(1, 6) for d in range(1, 6)]
    (row,) = kano.kano(asked(walk))
    assert row.counts == TABLES["standard"][1]
    assert row.cells == ((1,) * 5,) * 5
    assert kano.kano(asked(walk), table="pouliot")[0].counts == TABLES["pouliot"][1]
    assert kano.kano(asked(walk), table="pouliot")[0].evaluation_table == "pouliot"


def test_liking_it_both_ways_is_questionable_and_not_one_dimensional() -> None:
    (row,) = kano.kano(asked([(1, 1)] * 3))  # a comment in stp25kano prints O for this cell, its code returns Q
    assert row.counts["Q"] == 3


# --- published numbers ------------------------------------------------------------------------------------------------

README = CASES["kano_stp25_readme5"].input["counts"]


def test_two_of_three_leads_that_fong_calls_clear_are_not_by_the_exact_test() -> None:
    rows = {feature: kano.from_counts(counts(*README[feature])) for feature in README}
    assert {feature: (row.category, row.contested) for feature, row in rows.items()} == {
        "Service app": ("M", True),
        "Excellent service": ("M", False),
        "Hotline": ("A", True),
        "Loan machine": ("O", True),
        "Ready-to-use return": ("I", False),
    }


def test_berger_s_rule_asks_first_whether_anybody_cares() -> None:
    # I is the largest, but more people care (O + A + M = 60) than not (40)
    assert kano_classes.classes(counts(15, 20, 25, 40, 0, 0), "tie") == {
        "order": "I",
        "mode": "I",
        "berger": "A",
        "lee_newcomb": "I",
    }
    assert kano_classes.berger(counts(0, 0, 1, 5, 5, 0)) == "I"


def test_means_leave_questionable_pairs_out_and_say_how_many() -> None:
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[0, 0], cells[4, 4], cells[0, 4], cells[1, 4] = 3, 2, 20, 10
    means = kano.from_counts(cells).continuous
    assert means is not None
    assert (means["n"], means["dropped"], means["functional"], means["dysfunctional"]) == pytest.approx(
        (30, 5, 100 / 30, 4)
    )
    assert means["functional_se"] == pytest.approx(np.std([4] * 20 + [2] * 10, ddof=1) / np.sqrt(30))


# --- figures ----------------------------------------------------------------------------------------------------------


def test_better_and_worse_share_people_and_so_a_covariance() -> None:
    six = counts(30, 25, 20, 25, 4, 2)
    found = kano_classes.covariance(six)
    coded = np.repeat([[0, 1], [1, 1], [1, 0], [0, 0]], [30, 25, 20, 25], axis=0)
    assert found == pytest.approx(np.cov(coded.T, ddof=0)[0, 1] / 100)


def test_nineteen_pairs_have_counts_and_no_class() -> None:
    row = kano.from_counts(counts(10, 5, 2, 2, 0, 0), construct="late_checkout")
    assert (row.value, row.low, row.category, row.better, row.worse, row.n) == (None, None, None, None, None, 19)
    assert row.counts == counts(10, 5, 2, 2, 0, 0)
    assert row.refused is not None
    assert row.refused.message() == "Too few pairs of answers to name a class yet (19 of 20)."
    assert row.curve() is None


@pytest.mark.parametrize(("n", "leaning"), [(20, True), (49, True), (50, False)])
def test_a_class_below_fifty_pairs_is_a_leaning(n: int, leaning: bool) -> None:
    row = kano.from_counts({"M": n})
    assert (row.category, row.leaning, "leaning" in row.warnings) == ("M", leaning, leaning)


def test_a_feature_that_everybody_would_rather_not_have_has_no_coefficients_and_is_turned_round() -> None:
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[4, 0] = 40  # nurse Chen's loudspeaker calls: disliked when there, liked when not
    row = kano.from_counts(cells, construct="loudspeaker")
    assert (row.category, row.value, row.better, row.worse) == ("R", None, None, None)
    assert row.refused is not None
    assert row.refused.id == "kano.undefined"
    assert row.turned is not None
    assert (row.turned["category"], row.turned["better"], row.turned["worse"]) == ("O", 1.0, -1.0)
    assert "mostly_reverse" in row.warnings


def test_more_than_one_contradiction_in_twenty_warns_of_the_wording() -> None:
    assert "questionable" not in kano.from_counts({"A": 95, "Q": 5}).warnings
    assert "questionable" in kano.from_counts({"A": 94, "Q": 6}).warnings
    assert kano.from_counts({"A": 10, "Q": 30}).category == "Q"


@pytest.mark.parametrize(
    "found", [{"A": -1}, {"A": 1.5}, {"X": 3}, [[1, 2], [3, 4]], np.full((5, 5), -1), np.full((5, 5), 0.5)]
)
def test_what_are_no_counts_is_refused(found: object) -> None:
    with pytest.raises(MethodError, match=r"kano\.counts"):
        kano.from_counts(found)  # type: ignore[arg-type]


def test_shares_have_coefficients_but_no_class_that_is_tested_and_no_chance_of_it() -> None:
    shares = {**dict.fromkeys(kano_tables.CLASSES, 0.0), "A": 0.7, "M": 0.3}
    assert kano_classes.coefficients(shares) == pytest.approx((0.7, -0.3))
    tests: Sequence[Callable[[Any], object]] = (
        *(kano_classes.class_by_order, kano_classes.classes, kano_classes.fong, kano_classes.lead_p),
        partial(kano_classes.mode_probability, letter="A"),
    )
    for test in tests:
        with pytest.raises(MethodError, match=r"kano\.counts"):
            test(shares)


def test_unknown_tables_and_rules_are_refused_with_those_there_are() -> None:
    with pytest.raises(MethodError) as table:
        kano.from_counts({"A": 30}, table="five")
    with pytest.raises(MethodError) as rule:
        kano.kano(asked([(1, 5)]), rule="median")  # type: ignore[arg-type]
    assert table.value.fields == {"found": "five", "known": "standard, pouliot, three_answer"}
    assert rule.value.fields == {"option": "rule", "found": "median", "known": "order, mode, berger, lee_newcomb"}


six_counts = st.fixed_dictionaries({letter: st.integers(0, 120) for letter in kano_tables.CLASSES})


@given(
    six_counts,
    st.sampled_from(kano_classes.RULES),
    st.sampled_from(kano_classes.EQUALS),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_every_feature_has_figures_within_their_ends_or_a_reason(
    six: dict[str, int], rule: kano_classes.Rule, equal: kano_classes.Equal, conf: float
) -> None:
    row = kano.from_counts(six, rule=rule, equal=equal, conf=conf)
    json.dumps(row.as_dict(), allow_nan=False)
    if (
        row.value is None
        or row.better is None
        or row.worse is None
        or row.better_interval is None
        or row.worse_interval is None
    ):
        assert row.refused is not None
        return
    assert 0 <= row.better_interval[0] <= row.better <= row.better_interval[1] <= 1
    assert -1 <= row.worse_interval[0] <= row.worse <= row.worse_interval[1] <= 0
    assert (row.value, row.low, row.high) == (row.better, *row.better_interval)
    assert row.category == row.rules[rule]
    assert row.shares is not None
    assert all(low <= six[letter] / row.n <= high for letter, (low, high) in row.shares.items())
    assert row.contested == (len({row.rules[name] for name in ("order", "mode", "berger")}) > 1)


@given(six_counts, st.integers(2, 5))
def test_reverse_and_questionable_pairs_move_no_coefficient(six: dict[str, int], times: int) -> None:
    assert kano_classes.coefficients(six) == kano_classes.coefficients(
        {**six, "R": six["R"] * times, "Q": six["Q"] + times}
    )


@given(st.lists(st.integers(0, 9), min_size=25, max_size=25))
def test_turning_the_question_round_twice_changes_nothing(numbers: list[int]) -> None:
    cells, table = np.array(numbers).reshape(5, 5), kano_tables.evaluation("standard")
    once = table.classes(cells.T)
    assert table.classes(cells.T.T) == table.classes(cells)
    assert (once["Q"], sum(once.values())) == (table.classes(cells)["Q"], sum(numbers))
    assert table.classes(cells)["O"] == int(cells[0, 4])
    assert once["O"] == int(cells[4, 0])


# --- truth ------------------------------------------------------------------------------------------------------------


def drawn(shares: Sequence[float], n: int, times: int) -> list[dict[str, int]]:
    found = np.random.default_rng(5).multinomial(n, shares, size=times).tolist()
    return [counts(*six) for six in found]


@pytest.mark.parametrize("n", [60, 104, 400])
def test_the_intervals_of_better_and_worse_cover_as_often_as_they_say(n: int) -> None:
    shares = (0.30, 0.25, 0.15, 0.22, 0.05, 0.03)
    truth = kano_classes.coefficients(dict(zip(MOAIRQ, shares, strict=True)))
    assert truth is not None
    trials, hits = 4000, np.zeros(2)
    for six in drawn(shares, n, trials):
        hits += [
            low <= value <= high
            for value, (low, high) in zip(truth, kano_classes.coefficient_intervals(six) or (), strict=True)
        ]
    assert hits / trials == pytest.approx(0.95, abs=0.015)


def test_fong_calls_a_lead_clear_too_often_and_the_exact_test_does_not() -> None:
    twins = drawn((0.4, 0.4, 0.1, 0.1, 0, 0), 100, 2000)  # must-be and one-dimensional are equally common
    fong = np.mean([kano_classes.fong(six).clear for six in twins])
    exact = np.mean([kano_classes.lead_p(six) < 0.05 for six in twins])
    assert fong > 0.15
    assert exact < 0.06


def test_how_sure_a_class_is_the_largest_falls_with_the_lead() -> None:
    sure = [kano.from_counts({"M": 50 + lead, "O": 50 - lead}).mode_probability for lead in (0, 5, 20)]
    assert sure == pytest.approx([0.54, 0.86, 1.0], abs=0.03)


def test_a_combination_has_no_chance_of_being_the_largest() -> None:
    row = kano.from_counts({"M": 50, "O": 48}, rule="lee_newcomb")
    assert (row.category, row.mode_probability) == ("C", None)


# --- from facts -------------------------------------------------------------------------------------------------------


def test_a_half_answered_pair_leaves_its_own_feature_only_and_never_users_are_seen() -> None:
    pairs: list[tuple[float | str, float | str]] = [(1, 5)] * 22 + [
        (1, SKIPPED),
        (SKIPPED, 5),
        (NOT_APPLICABLE, NOT_APPLICABLE),
        (1, 6),
    ]
    whole: list[tuple[float | str, float | str]] = [(2, 5)] * 26
    rows = [asked(pairs[:-1]), asked(whole, "quiet_room")]
    late, quiet = (kano.kano(part)[0] for part in rows)
    assert (late.construct, late.n, late.missing, late.not_applicable, late.invalid) == ("late_checkout", 22, 2, 1, 0)
    assert (quiet.construct, quiet.n, quiet.missing) == ("quiet_room", 26, 0)
    assert (late.category, quiet.category) == ("O", "M")


def test_an_answer_that_the_table_does_not_have_is_invalid() -> None:
    (row,) = kano.kano(asked([(1, 5)] * 20 + [(4, 1), (2.5, 3)]), table="standard")
    (short,) = kano.kano(asked([(1, 3)] * 20 + [(4, 1), (2.5, 3)]), table="three_answer")
    assert (row.n, row.invalid) == (21, 1)
    assert (short.n, short.invalid, short.category) == (20, 2, "O")


def test_an_empty_row_beside_the_answer_does_not_undo_the_pair() -> None:
    answered = asked([(1, 5)] * 20).frame.collect().rows(named=True)
    empty = answered[0] | {"state": "skipped", "value": None}
    (row,) = kano.kano(facts([*answered, empty]))
    assert (row.n, row.missing, row.invalid, row.counts["O"]) == (20, 0, 0, 20)


def test_groups_have_their_own_classes_and_a_mixture_looks_like_neither() -> None:
    families, business = asked([(1, 3)] * 30, site="families"), asked([(3, 5)] * 30, site="business")
    both = together(families=families, business=business)
    rows = {row.group["site"]: row.category for row in kano.kano(both, by="site")}
    assert rows == {"families": "A", "business": "M"}
    (mixed,) = kano.kano(both)
    assert (mixed.better, mixed.worse, mixed.n) == (0.5, -0.5, 60)
    assert mixed.contested is False  # a tie of A and M: all rules say M, and only the segments show why
    with pytest.raises(PeakendError, match=r"facts\.value_unknown"):
        kano.kano(both, by="site", where={"site": "nowhere"})


def test_facts_without_a_kano_question_have_one_row_that_says_so() -> None:
    (row,) = kano.kano(facts(said("signs", [4, 5])))
    assert row.refused is not None
    assert (row.value, row.n, row.refused.id) == (None, 0, "kano.no_pairs")


def test_equal_weights_change_nothing_and_others_do() -> None:
    (row,) = kano.kano(asked([(1, 5)] * 20 + [(3, 3)] * 20, weight=2.0))
    assert row.weighted is not None
    twin = [row.weighted[name] for name in ("value", "low", "high", "worse", "n_eff")]
    assert twin == pytest.approx([row.better, row.low, row.high, row.worse, 40])
    (leaned,) = kano.kano(together(heavy=asked([(1, 5)] * 20, weight=3.0), light=asked([(3, 3)] * 20, weight=1.0)))
    assert leaned.better == 0.5
    assert leaned.weighted is not None
    assert leaned.weighted["value"] == pytest.approx(0.75)


def test_weights_too_small_to_be_squared_carry_no_interval_of_better_and_none_of_worse() -> None:
    sums = np.zeros((3, 5, 5))
    sums[:, 0, 4] = 40, 40 * 1e-162, 40 * 1e-162**2
    twin = class_figures.weighted_figures(sums, class_figures.ClassRules())
    assert twin is not None
    assert (twin["value"], twin["worse"]) == (1.0, -1.0)
    assert [twin[name] for name in ("low", "high", "worse_low", "worse_high")] == [None] * 4


def test_one_feature_can_be_chosen() -> None:
    assert [row.construct for row in kano.kano(asked([(1, 5)] * 20), construct="late_checkout")] == ["late_checkout"]
    with pytest.raises(FactsError, match="spa"):
        kano.kano(asked([(1, 5)] * 20), construct=["spa"])


# --- words and pictures -----------------------------------------------------------------------------------------------


def test_mrs_lin_reads_what_a_late_checkout_does_in_three_languages() -> None:
    row = kano.from_counts(counts(34, 31, 20, 15, 2, 0), construct="late_checkout")
    said_ = [kano.METHOD.say(row, lang) for lang in LANGUAGES]
    out = (
        ", of which 2 are reverse or contradictory and are left out of both shares",
        "共 102 筆回答，其中 2 筆為反向或可疑，未計入這兩個比例。",
        "共 102 条回答，其中 2 条为反向或可疑，未计入这两个比例。",
    )
    with_it = "With it, 51 of every 100 customers are satisfied (95% confidence interval 41 to 61)"
    assert said_ == [
        f"Late_checkout: must-be. {with_it}; without it, 65 are dissatisfied (55 to 74). 102 answers{out[0]}.",
        (
            "late_checkout：基本品質。有這項時，每 100 位顧客有 51 位滿意（95% 信賴區間 41 至 61）；沒有時，有 65 "
            f"位不滿（55 至 74）。{out[1]}"
        ),
        (
            "late_checkout：必备属性。有这项时，每 100 位客户有 51 位满意（95% 置信区间 41 至 61）；没有时，有 65 "
            f"位不满（55 至 74）。{out[2]}"
        ),
    ]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))


def test_a_leaning_that_other_rules_do_not_share_says_both() -> None:
    row = kano.from_counts(counts(12, 14, 3, 3, 0, 0))
    assert (row.category, row.contested, row.leaning) == ("M", True, True)
    starts = ("leaning towards must-be.", "傾向基本品質。", "倾向必备属性。")
    assert all(kano.METHOD.say(row, lang).startswith(start) for lang, start in zip(LANGUAGES, starts, strict=True))
    assert "Not certain: other rules call it one-dimensional." in kano.METHOD.say(row, "en")
    assert "分類還不穩定：換一種判定規則會是一元品質。" in kano.METHOD.say(row, "zh-Hant")


def test_the_classes_have_names_definitions_and_marks_that_do_not_change() -> None:
    kinds = [vocabulary()[kano_classes.TERMS[letter]] for letter in kano_tables.CLASSES]
    assert len({kind.colour for kind in kinds}) == len({kind.mark for kind in kinds}) == 6
    assert all(kind.definition is not None for kind in kinds)
    assert [label(kano_classes.TERMS[letter], "zh-Hant") for letter in "MOA"] == ["基本品質", "一元品質", "魅力品質"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_many_features_are_a_plane_one_is_a_table_of_pairs_and_counts_alone_are_bars(lang: str) -> None:
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[0, 4], cells[1, 4], cells[0, 2], cells[4, 0] = 20, 41, 17, 2
    full, bare = kano.from_counts(cells, construct="a"), kano.from_counts({"A": 30, "M": 10}, construct="b")
    few = kano.from_counts({"A": 3}, construct="c")
    plane, table, bars = (kano.METHOD.draw(rows, lang) for rows in ([full, bare, few], [full], [bare]))  # type: ignore[arg-type]
    assert [row["key"] for row in plane.spec["data"]["values"]] == ["a", "b"]
    assert len(table.spec["data"]["values"]) == 25
    assert sum(row["value"] for row in table.spec["data"]["values"]) == 80
    assert [row["n"] for row in bars.spec["data"]["values"]] == [30, 0, 10, 0, 0, 0]
    assert all(chart.svg(lang).startswith("<svg") and chart.alt for chart in (plane, table, bars))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_curves_can_be_drawn_of_the_classes_that_have_one(lang: Lang) -> None:
    rows = [
        kano.from_counts(counts(*six), construct=name)
        for six, name in (((60, 20, 10, 10, 0, 0), "m"), ((5, 5, 10, 80, 0, 0), "i"))
    ]
    chart = kano.draw_curves(rows, lang)
    drawn = chart.spec["data"]["values"]
    assert {row["line"] for row in drawn} == {"m"}
    assert (drawn[0]["value"], drawn[-1]["value"], drawn[-1]["x"]) == (
        pytest.approx(-80 / 100),
        pytest.approx(30 / 100),
        1.0,
    )
    assert chart.svg(lang).startswith("<svg")


# --- stated importance, mixtures, low relevance -----------------------------------------------------------------------


def test_stated_importance_orders_and_refines_and_is_never_multiplied_in() -> None:
    spa, gym, wifi = asked([(1, 5)] * 30, "spa"), asked([(1, 5)] * 30, "gym"), asked([(2, 5)] * 30, "wifi")
    weights = (
        said(name, values, role="importance", scale=(1, 9))
        for name, values in (("spa", [3, 4] * 15), ("gym", [8, 7] * 15), ("wifi", [9] * 30))
    )
    stated_ = facts(*weights)
    rows = kano.kano(together(spa=spa, gym=gym, wifi=wifi, stated=stated_))
    assert [(row.construct, row.category, row.refined) for row in rows] == [
        ("wifi", "M", "kano.critical"), ("gym", "O", "kano.high_value_added"), ("spa", "O", "kano.low_value_added"),
    ]  # fmt: skip
    assert [(row.importance, row.n_importance) for row in rows] == [(9.0, 30), (7.5, 30), (3.5, 30)]
    assert rows[1].importance_interval is not None
    plain = {row.construct: row for row in kano.kano(together(spa=spa, gym=gym, wifi=wifi))}
    assert all((row.better, row.worse) == (plain[row.construct].better, plain[row.construct].worse) for row in rows)
    assert all(row.importance is None and row.refined is None for row in plain.values())


@pytest.mark.parametrize(
    ("letter", "high", "low"), [("A", "highly_attractive", "less_attractive"), ("I", "potential", "care_free")]
)
def test_yang_splits_a_class_at_the_mean(letter: str, high: str, low: str) -> None:
    assert (refined_class(letter, 5, 5), refined_class(letter, 4.9, 5)) == (f"kano.{high}", f"kano.{low}")
    assert refined_class("R", 9, 5) is None


def test_a_mixture_of_two_kinds_of_customers_is_warned_of_and_one_kind_is_not() -> None:
    assert (
        "mixture" in kano.from_counts(counts(30, 0, 30, 0, 0, 0)).warnings
    )  # the coordinates of one-dimensional, which nobody says
    assert "mixture" not in kano.from_counts(counts(10, 50, 12, 8, 0, 0)).warnings
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[0, 2], cells[4, 2] = 30, 30  # half delighted, half annoyed: indifferent on average
    assert "mixture" in kano.from_counts(cells).warnings


def test_a_feature_that_few_care_about_is_of_low_relevance() -> None:
    hotline, service = (kano.from_counts(counts(*README[name])) for name in ("Hotline", "Service app"))
    assert (hotline.low_relevance, service.low_relevance) == (True, False)


def test_a_wave_of_exactly_one_class_each_keeps_berger_s_order() -> None:
    # the largest of O, A, M wins although I leads, because more care than not
    assert kano.from_counts(counts(15, 20, 25, 40, 0, 0), rule="berger").category == "A"
    assert kano.from_counts(counts(5, 10, 15, 40, 20, 10), rule="berger").category == "I"
