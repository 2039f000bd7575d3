"""Kano: published and computed numbers, rules and ties, refusals, from facts to words."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import features as ft
from peakend.field.stated import refined
from peakend.methods import kano
from peakend.terms import LANGUAGES, Lang, label, vocabulary, wrong_script
from tests.methods.facts_of import NOT_APPLICABLE, SKIPPED, facts, said

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
    return facts([row | {"response": f"{name} {row['response']}"} for name, part in parts.items() for row in part.frame.collect().rows(named=True)])


# --- tables -------------------------------------------------------------------------------------------------------------------

TABLES = {
    # CQM 1993, Matzler & Hinterhuber 1998; the same in the stp25kano README, the Atlason–Giacalone code and the proofofthepudding guide
    "standard": (("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"), {"Q": 2, "A": 3, "O": 1, "I": 9, "M": 3, "R": 7}),
    # Pouliot, in Berger et al. 1993, section Vc: remembered, not opened
    "pouliot": (("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"), {"Q": 4, "A": 3, "O": 1, "I": 7, "M": 3, "R": 7}),
    "three_answer": (("AAO", "IIM", "IIM"), {"Q": 0, "A": 2, "O": 1, "I": 4, "M": 2, "R": 0}),  # read in stp25kano's code
}


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_every_evaluation_table_is_as_published(name: str) -> None:
    table = ft.evaluation(name)
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
    assert kano.kano(asked(walk), table="pouliot")[0].table == "pouliot"


def test_liking_it_both_ways_is_questionable_and_not_one_dimensional() -> None:
    (row,) = kano.kano(asked([(1, 1)] * 3))  # a comment in stp25kano prints O for this cell, its code returns Q
    assert row.counts["Q"] == 3


# --- published numbers --------------------------------------------------------------------------------------------------------

README = {
    # stp25kano, README table (n = 296): counts M, O, A, I, R, Q; mode and rule as printed; full precision by the package's own code, R 4.2.2
    "Service app": ((95, 123, 45, 33, 0, 0), "O", "O", (0.888513513513513, 0.0945945945945946, 0.567567567567568, -0.736486486486487)),
    "Excellent service": ((101, 54, 54, 81, 3, 3), "M", "M", (0.706081081081081, 0.0675675675675676, 0.372413793103448, -0.53448275862069)),
    "Hotline": ((15, 24, 121, 124, 6, 6), "I", "A", (0.540540540540541, 0.0101351351351351, 0.51056338028169, -0.137323943661972)),
    "Loan machine": ((65, 87, 93, 51, 0, 0), "A", "O", (0.827702702702703, 0.0202702702702703, 0.608108108108108, -0.513513513513513)),
    "Ready-to-use return": ((9, 18, 83, 177, 6, 3), "I", "I", (0.371621621621622, 0.317567567567568, 0.35191637630662, -0.0940766550522648)),
}
TESTS = {
    # lead, Fong's bound, exact binomial p of the two largest, χ² of M, O, A, I
    "Service app": (28, 19.3636461938065, 0.0672028351438212, 72.4864864864865),
    "Excellent service": (20, 18.5246799403361, 0.15883333227242, 21.6413793103448),
    "Hotline": (3, 19.7729227861426, 0.898360820931232, 150.056338028169),
    "Loan machine": (6, 18.4674933548333, 0.709499742202283, 15.4054054054054),
    "Ready-to-use return": (94, 19.9241043069051, 5.5357303723854e-09, 251.299651567944),
}


@pytest.mark.parametrize("feature", README)
def test_strengths_coefficients_and_rules_are_those_of_the_stp25kano_readme(feature: str) -> None:
    six, mode, rule, figures = README[feature]
    row = kano.from_counts(counts(*six), equal="strength")
    assert (row.total_strength, row.category_strength, row.better, row.worse) == pytest.approx(figures, abs=1e-12)
    assert (row.rules["mode"], row.category) == (mode, rule)


@pytest.mark.parametrize("feature", README)
def test_the_lead_of_the_largest_class_is_tested_as_computed_in_r(feature: str) -> None:
    six = counts(*README[feature][0])
    bound, even = ft.fong(six), ft.evenness(six)
    assert even is not None
    assert (bound.lead, bound.needed, ft.lead_p(six), even.statistic) == pytest.approx(TESTS[feature], rel=1e-9)
    assert bound.clear is (feature in {"Service app", "Excellent service", "Ready-to-use return"})  # "sig." in the README


def test_two_of_three_leads_that_fong_calls_clear_are_not_by_the_exact_test() -> None:
    rows = {feature: kano.from_counts(counts(*README[feature][0])) for feature in README}
    assert {feature: (row.category, row.contested) for feature, row in rows.items()} == {
        "Service app": ("M", True),
        "Excellent service": ("M", False),
        "Hotline": ("A", True),
        "Loan machine": ("O", True),
        "Ready-to-use return": ("I", False),
    }


def test_the_shares_have_the_simultaneous_intervals_of_sison_and_glaz() -> None:
    row = kano.from_counts(counts(*README["Service app"][0]))
    published = {  # MultinomialCI 1.2
        "M": (0.263513513513513, 0.383745582968313), "O": (0.358108108108108, 0.478340177562908), "A": (0.0945945945945946, 0.214826664049394),
        "I": (0.0540540540540541, 0.174286123508854), "R": (0, 0.0627996370223673), "Q": (0, 0.0627996370223673),
    }  # fmt: skip
    assert row.shares is not None
    assert dict(row.shares) == {letter: pytest.approx(ends, abs=1e-4) for letter, ends in published.items()}


SKI = {
    # Sauerwein et al. 1996, Matzler & Hinterhuber 1998, ski study: percentages REMEMBERED, coefficients computed from them
    "Edge grip": ({"A": 7, "O": 32.3, "M": 49.3, "I": 9.5, "R": 0.3, "Q": 1.5}, "M", (0.400611620795107, -0.831804281345566)),
    "Ease of turn": ({"A": 10.4, "O": 45.1, "M": 30.5, "I": 11.5, "R": 1.2, "Q": 1.2}, "O", (0.569230769230769, -0.775384615384615)),
    "Service": ({"A": 63.8, "O": 21.6, "M": 2.9, "I": 8.5, "R": 0.7, "Q": 2.5}, "A", (0.882231404958678, -0.253099173553719)),
}


@pytest.mark.parametrize("feature", SKI)
def test_the_remembered_ski_study_has_its_classes_and_coefficients(feature: str) -> None:
    shares, category, both = SKI[feature]
    assert ft.mode(shares) == category
    assert ft.coefficients(shares) == pytest.approx(both, abs=1e-9)


def test_the_features_of_the_proofofthepudding_guide_have_their_mode_and_fong_s_bound() -> None:
    # 25 respondents; the mode is read on the page, the rest computed
    one, two = counts(9, 10, 1, 2, 3, 0), counts(9, 5, 4, 2, 4, 1)
    assert [(ft.mode(c), ft.ordered(c, "strength"), ft.fong(c).clear) for c in (one, two)] == [("O", "M", False), ("M", "M", False)]
    found = [(ft.fong(c).lead, ft.fong(c).needed, ft.strengths(c)[1]) for c in (one, two)]
    assert found == [pytest.approx((1, 5.66313075957107, 0.04)), pytest.approx((4, 5.23858759590789, 0.16))]


def test_four_equal_classes_are_must_be_and_never_the_first_letter_of_the_alphabet() -> None:
    even = counts(10, 10, 10, 10, 0, 0)
    assert {equal: ft.ordered(even, equal) for equal in ft.EQUALS} == dict.fromkeys(ft.EQUALS, "M")
    assert (ft.mode(even), ft.berger(even), ft.lee_newcomb(even)) == ("M", "M", "C")


def test_berger_s_rule_asks_first_whether_anybody_cares() -> None:
    # I is the largest, but more people care (O + A + M = 60) than not (40)
    assert ft.classes(counts(15, 20, 25, 40, 0, 0), "tie") == {"order": "I", "mode": "I", "berger": "A", "lee_newcomb": "I"}
    assert ft.berger(counts(0, 0, 1, 5, 5, 0)) == "I"


def test_dumouchel_s_scores_of_pure_answers_are_those_of_the_book() -> None:
    # scores read in an opened vendor help page; DuMouchel, in Berger et al. 1993
    table = ft.evaluation("standard")
    assert (table.functional, table.dysfunctional) == ((4, 2, 0, -1, -2), (-2, -1, 0, 2, 4))
    pure = {"A": (1, 3, 4, 0), "O": (1, 5, 4, 4), "M": (2, 5, 2, 4), "I": (3, 3, 0, 0), "R": (5, 1, -2, -2)}
    for letter, (f, d, high, low) in pure.items():
        cells = np.zeros((5, 5), dtype=np.int64)
        cells[f - 1, d - 1] = 30
        means = ft.continuous(cells, table)
        assert means is not None
        assert (means.functional, means.dysfunctional, means.n, means.dropped) == (high, low, 30, 0)
        assert means.category == {"M": "O"}.get(letter, letter)  # a must-be answer scores 2, on the cut of the quadrants
    assert ft.continuous(np.diag([9, 0, 0, 0, 0]), table) is None


def test_means_leave_questionable_pairs_out_and_say_how_many() -> None:
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[0, 0], cells[4, 4], cells[0, 4], cells[1, 4] = 3, 2, 20, 10
    means = kano.from_counts(cells).continuous
    assert means is not None
    assert (means["n"], means["dropped"], means["functional"], means["dysfunctional"]) == pytest.approx((30, 5, 100 / 30, 4))
    assert means["functional_se"] == pytest.approx(np.std([4] * 20 + [2] * 10, ddof=1) / np.sqrt(30))


CURVES = {
    # Wang & Ji 2010, formula read in the Atlason–Giacalone code; better .6, worse −.3 at x = 0, .25, .5, .75, 1
    "O": (-0.3, -0.075, 0.15, 0.375, 0.6),
    "A": (-0.3, -0.15123344099599212, 0.03978660191833083, 0.28506119211710446, 0.6),
    "M": (-0.3, 0.014938807882895588, 0.2602133980816692, 0.45123344099599216, 0.6),
}


@pytest.mark.parametrize("category", CURVES)
def test_the_curve_runs_from_worse_to_better_in_the_shape_of_its_class(category: str) -> None:
    assert ft.curve(category, 0.6, -0.3) == pytest.approx(CURVES[category], abs=1e-12)
    assert ft.curve("I", 0.6, -0.3) is None


# --- figures ------------------------------------------------------------------------------------------------------------------


def test_better_and_worse_share_people_and_so_a_covariance() -> None:
    six = counts(30, 25, 20, 25, 4, 2)
    found = ft.covariance(six)
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


@pytest.mark.parametrize("found", [{"A": -1}, {"A": 1.5}, {"X": 3}, [[1, 2], [3, 4]], np.full((5, 5), -1), np.full((5, 5), 0.5)])
def test_what_are_no_counts_is_refused(found: object) -> None:
    with pytest.raises(MethodError, match=r"kano\.counts"):
        kano.from_counts(found)  # type: ignore[arg-type]


def test_unknown_tables_and_rules_are_refused_with_those_there_are() -> None:
    with pytest.raises(MethodError) as table:
        kano.from_counts({"A": 30}, table="five")
    with pytest.raises(MethodError) as rule:
        kano.kano(asked([(1, 5)]), rule="median")  # type: ignore[arg-type]
    assert table.value.fields == {"found": "five", "known": "standard, pouliot, three_answer"}
    assert rule.value.fields == {"found": "median", "known": "order, mode, berger, lee_newcomb"}


six_counts = st.fixed_dictionaries({letter: st.integers(0, 120) for letter in ft.CLASSES})


@given(six_counts, st.sampled_from(ft.RULES), st.sampled_from(ft.EQUALS), st.sampled_from([0.8, 0.95, 0.99]))
def test_every_feature_has_figures_within_their_ends_or_a_reason(six: dict[str, int], rule: ft.Rule, equal: ft.Equal, conf: float) -> None:
    row = kano.from_counts(six, rule=rule, equal=equal, conf=conf)
    json.dumps(row.as_dict(), allow_nan=False)
    if row.value is None or row.better is None or row.worse is None or row.better_interval is None or row.worse_interval is None:
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
    assert ft.coefficients(six) == ft.coefficients({**six, "R": six["R"] * times, "Q": six["Q"] + times})


@given(st.lists(st.integers(0, 9), min_size=25, max_size=25))
def test_turning_the_question_round_twice_changes_nothing(numbers: list[int]) -> None:
    cells, table = np.array(numbers).reshape(5, 5), ft.evaluation("standard")
    once = table.classes(cells.T)
    assert table.classes(cells.T.T) == table.classes(cells)
    assert (once["Q"], sum(once.values())) == (table.classes(cells)["Q"], sum(numbers))
    assert table.classes(cells)["O"] == int(cells[0, 4])
    assert once["O"] == int(cells[4, 0])


# --- truth --------------------------------------------------------------------------------------------------------------------


def drawn(shares: Sequence[float], n: int, times: int) -> list[dict[str, int]]:
    found = np.random.default_rng(5).multinomial(n, shares, size=times).tolist()
    return [counts(*six) for six in found]


@pytest.mark.parametrize("n", [60, 104, 400])
def test_the_intervals_of_better_and_worse_cover_as_often_as_they_say(n: int) -> None:
    shares = (0.30, 0.25, 0.15, 0.22, 0.05, 0.03)
    truth = ft.coefficients(dict(zip(MOAIRQ, shares, strict=True)))
    assert truth is not None
    trials, hits = 4000, np.zeros(2)
    for six in drawn(shares, n, trials):
        hits += [low <= value <= high for value, (low, high) in zip(truth, ft.coefficient_intervals(six) or (), strict=True)]
    assert hits / trials == pytest.approx(0.95, abs=0.015)


def test_fong_calls_a_lead_clear_too_often_and_the_exact_test_does_not() -> None:
    twins = drawn((0.4, 0.4, 0.1, 0.1, 0, 0), 100, 2000)  # must-be and one-dimensional are equally common
    fong = np.mean([ft.fong(six).clear for six in twins])
    exact = np.mean([ft.lead_p(six) < 0.05 for six in twins])
    assert fong > 0.15
    assert exact < 0.06


def test_how_sure_a_class_is_the_largest_falls_with_the_lead() -> None:
    sure = [kano.from_counts({"M": 50 + lead, "O": 50 - lead}).mode_probability for lead in (0, 5, 20)]
    assert sure == pytest.approx([0.54, 0.86, 1.0], abs=0.03)


# --- from facts ---------------------------------------------------------------------------------------------------------------


def test_a_half_answered_pair_leaves_its_own_feature_only_and_never_users_are_seen() -> None:
    pairs: list[tuple[float | str, float | str]] = [(1, 5)] * 22 + [(1, SKIPPED), (SKIPPED, 5), (NOT_APPLICABLE, NOT_APPLICABLE), (1, 6)]
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
    assert kano.kano(both, by="site", where={"site": "nowhere"}).rows == ()


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


def test_one_feature_can_be_chosen() -> None:
    assert [row.construct for row in kano.kano(asked([(1, 5)] * 20), construct="late_checkout")] == ["late_checkout"]
    assert kano.kano(asked([(1, 5)] * 20), construct=["spa"])[0].n == 0


# --- words and pictures -------------------------------------------------------------------------------------------------------


def test_mrs_lin_reads_what_a_late_checkout_does_in_three_languages() -> None:
    row = kano.from_counts(counts(34, 31, 20, 15, 2, 0), construct="late_checkout")
    said_ = [kano.METHOD.say(row, lang) for lang in LANGUAGES]
    with_it = "Having it satisfies 51 of every 100 customers (95 % interval 41 to 61)"
    assert said_ == [
        f"Late_checkout: must-be. {with_it}; lacking it dissatisfies 65 (55 to 74). 102 answers.",
        "late_checkout：基本品質。有它，每 100 位顧客有 51 位滿意（95% 信賴區間 41 至 61）；沒有它，有 65 位不滿（55 至 74）。共 102 筆回答。",
        "late_checkout：必备属性。有它，每 100 位客户有 51 位满意（95% 置信区间 41 至 61）；没有它，有 65 位不满（55 至 74）。共 102 条回答。",
    ]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(said_, LANGUAGES, strict=True))


def test_a_leaning_that_other_rules_do_not_share_says_both() -> None:
    row = kano.from_counts(counts(12, 14, 3, 3, 0, 0))
    assert (row.category, row.contested, row.leaning) == ("M", True, True)
    starts = ("leaning towards must-be.", "傾向基本品質。", "倾向必备属性。")
    assert all(kano.METHOD.say(row, lang).startswith(start) for lang, start in zip(LANGUAGES, starts, strict=True))
    assert "Not settled: by other rules it is one-dimensional." in kano.METHOD.say(row, "en")
    assert "尚未定論：依其他規則為一元品質。" in kano.METHOD.say(row, "zh-Hant")


def test_the_classes_have_names_definitions_and_marks_that_do_not_change() -> None:
    kinds = [vocabulary()[ft.TERMS[letter]] for letter in ft.CLASSES]
    assert len({kind.colour for kind in kinds}) == len({kind.mark for kind in kinds}) == 6
    assert all(kind.definition is not None for kind in kinds)
    assert [label(ft.TERMS[letter], "zh-Hant") for letter in "MOA"] == ["基本品質", "一元品質", "魅力品質"]


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
    rows = [kano.from_counts(counts(*six), construct=name) for six, name in (((60, 20, 10, 10, 0, 0), "m"), ((5, 5, 10, 80, 0, 0), "i"))]
    chart = kano.draw_curves(rows, lang)
    drawn = chart.spec["data"]["values"]
    assert {row["line"] for row in drawn} == {"m"}
    assert (drawn[0]["value"], drawn[-1]["value"], drawn[-1]["x"]) == (pytest.approx(-80 / 100), pytest.approx(30 / 100), 1.0)
    assert chart.svg(lang).startswith("<svg")


# --- stated importance, mixtures, low relevance -------------------------------------------------------------------------------


def test_stated_importance_orders_and_refines_and_is_never_multiplied_in() -> None:
    spa, gym, wifi = asked([(1, 5)] * 30, "spa"), asked([(1, 5)] * 30, "gym"), asked([(2, 5)] * 30, "wifi")
    weights = (
        said(name, values, role="importance", scale=(1, 9)) for name, values in (("spa", [3, 4] * 15), ("gym", [8, 7] * 15), ("wifi", [9] * 30))
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


@pytest.mark.parametrize(("letter", "high", "low"), [("A", "highly_attractive", "less_attractive"), ("I", "potential", "care_free")])
def test_yang_splits_a_class_at_the_mean(letter: str, high: str, low: str) -> None:
    assert (refined(letter, 5, 5), refined(letter, 4.9, 5)) == (f"kano.{high}", f"kano.{low}")
    assert refined("R", 9, 5) is None


def test_a_mixture_of_two_kinds_of_customers_is_warned_of_and_one_kind_is_not() -> None:
    assert "mixture" in kano.from_counts(counts(30, 0, 30, 0, 0, 0)).warnings  # the coordinates of one-dimensional, which nobody says
    assert "mixture" not in kano.from_counts(counts(10, 50, 12, 8, 0, 0)).warnings
    cells = np.zeros((5, 5), dtype=np.int64)
    cells[0, 2], cells[4, 2] = 30, 30  # half delighted, half annoyed: indifferent on average
    assert "mixture" in kano.from_counts(cells).warnings


def test_a_feature_that_few_care_about_is_of_low_relevance() -> None:
    hotline, service = (kano.from_counts(counts(*README[name][0])) for name in ("Hotline", "Service app"))
    assert (hotline.low_relevance, service.low_relevance) == (True, False)


def test_a_wave_of_exactly_one_class_each_keeps_berger_s_order() -> None:
    # the largest of O, A, M wins although I leads, because more care than not
    assert kano.from_counts(counts(15, 20, 25, 40, 0, 0), rule="berger").category == "A"
    assert kano.from_counts(counts(5, 10, 15, 40, 20, 10), rule="berger").category == "I"
