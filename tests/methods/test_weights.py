"""What every method does with survey weights: a figure with them beside the plain one, or a row and a sentence that say
it is unweighted.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import pytest

from peakend import weights
from peakend.facts import conform
from peakend.methods import METHODS
from peakend.methods.csat import csat
from peakend.methods.did import did
from peakend.methods.nps import nps
from peakend.methods.series import series
from peakend.methods.servqual import servqual
from peakend.methods.value import value
from peakend.methods.verify import verify
from peakend.result import Method, Results
from peakend.terms import LANGUAGES
from tests.methods.facts_of import facts, said
from tests.methods.test_every_method import MOST, ON_ANSWERS, answers, first_of, run
from tests.methods.test_every_method import plain as without

ENOUGH: Final = {"impact": 2_000, "peak_end": 2_000}
"""Methods that say nothing of a few hundred."""
UNWEIGHTED: Final = {"en": "Unweighted: ", "zh-Hant": "未加權：", "zh-Hans": "未加权："}
BESIDE: Final = {"en": "With survey weights: ", "zh-Hant": "依調查權重加權後為", "zh-Hans": "按调查权重加权后为"}


def heavy(table: pl.DataFrame) -> pl.DataFrame:
    """The same answers; of the respondents every third stands for one, for two, for four."""
    return table.with_columns(weight=(2.0 ** (pl.col("response").rank("dense").cast(pl.Int64) % 3)))


def told(results: Results[Any], lang: Any) -> list[str]:
    return [results.sentence(row, lang) for row in results if row.value is not None]


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_where_weights_vary_each_row_has_a_weighted_figure_or_says_that_it_is_unweighted(method: Method[Any]) -> None:
    results = run(method.id, heavy(first_of(method.id, ENOUGH.get(method.id, MOST))))
    rows = [row for row in results if row.value is not None]
    assert rows
    for row in rows:
        twin = getattr(row, method.twin) if method.twin else None
        assert (weights.figure(twin, row.n) is None) == (
            weights.UNUSED in row.warnings or weights.UNEVEN in row.warnings
        )
    for lang in LANGUAGES:
        for row, sentence in zip(rows, told(results, lang), strict=True):
            assert (UNWEIGHTED[lang] in sentence) == bool({weights.UNUSED, weights.UNEVEN} & {*row.warnings})


@pytest.mark.parametrize(
    "method", [one for one in METHODS if one.reads == "answers" and not one.twin], ids=lambda one: one.id
)
def test_a_method_without_a_weighted_figure_gives_the_same_figures_whatever_the_weights(method: Method[Any]) -> None:
    found = run(method.id, heavy(answers(method.id))).as_dict()
    assert [(row["value"], row["low"], row["high"]) for row in found] == [
        (row["value"], row["low"], row["high"]) for row in without(method.id)
    ]


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_nothing_is_said_of_weights_that_do_not_vary(method: Method[Any]) -> None:
    table = answers(method.id)
    for same in (1.0, 250.0):
        results = run(method.id, table.with_columns(weight=pl.lit(same)))
        assert [row.warnings for row in results if {*weights.HINTS} & {*row.warnings}] == []
        assert [words for words in told(results, "en") if "eighted: " in words or "survey weight" in words] == []


def test_the_methods_with_a_weighted_figure_are_these() -> None:
    assert {method.id for method in METHODS if method.twin} == {
        "nps",
        "csat",
        "ces",
        "servqual",
        "zone",
        "value",
        "verify",
    }


def test_methods_that_may_be_given_facts_in_place_of_a_table_say_it_too() -> None:
    rng = [3, 4, 5, 2, 4, 5, 1, 3, 4, 5]
    rows = [
        row | {"weight": 1.0 + at % 3, "site": "ABCD"[at % 4]}
        for month in range(1, 13)
        for at, score in enumerate(rng)
        for row in said(
            "signs",
            [score - (score > 1) * (month > 6) * (at % 2)],
            response=f"{month}-{at}",
            day=20_454 + 30 * month,
            wave="12"[month > 6],
        )
    ]
    monthly = series(facts(rows), at="2026-08", construct="signs")
    sites = did(facts(rows), at="2", treated=("A", "B"))
    assert [weights.UNUSED in row.warnings for row in (*monthly, *sites) if row.value is not None] == [True] * 2
    sentences = [told(found, "en") for found in (monthly, sites)]
    assert all(sentences)
    assert all(UNWEIGHTED["en"] in words for of_one in sentences for words in of_one)


def mrs_lin_among_fifty(weight: float) -> list[dict[str, Any]]:
    """Fifty guests of one, and Mrs Lin, who stands for as many as all of Taipei."""
    rows = said("overall", [3, 4, 4, 5, 2] * 10, item="q", weight=1.0)
    return [*rows, *said("overall", [5], item="q", response="Mrs Lin", weight=weight)]


def test_of_few_answers_the_reason_is_their_number_and_not_their_weights() -> None:
    rows = said("overall", [3, 4, 4, 5, 2, 3] * 2, item="q", weight=1.0)
    found = csat([{**row, "weight": 1.0 + at % 2} for at, row in enumerate(rows)], measure="mean")
    assert found.sentence(found[0], "en").endswith("Unweighted: there are 12 answers; a weighted figure needs 30.")


def test_weights_that_leave_fewer_than_thirty_effective_answers_give_no_weighted_figure_and_say_so() -> None:
    found = csat(mrs_lin_among_fifty(1e5), measure="mean")
    (row,) = found
    assert (row.n, row.weighted_value, row.warnings) == (51, None, ("weights_uneven",))
    assert row.weighted is not None
    assert row.weighted["n_eff"] == pytest.approx(1.001, abs=1e-3)
    assert [
        found.sentence(row, lang).partition(mark)[2]
        for lang, mark in (("en", "answers). "), ("zh-Hant", "）。"), ("zh-Hans", "）。"))
    ] == [
        (
            "Unweighted: the survey weights are so uneven that the 51 answers count as 1.0 equal ones; a weighted "
            "figure "
            "needs 30."
        ),
        "未加權：調查權重過於懸殊，51 筆回答只相當於 1.0 筆等權重的回答；加權值至少需要 30 筆。",
        "未加权：调查权重过于悬殊，51 条回答只相当于 1.0 条等权重的回答；加权值至少需要 30 条。",
    ]


def test_with_thirty_effective_answers_the_weighted_figure_is_told_with_its_interval() -> None:
    found = csat(mrs_lin_among_fifty(4.0), measure="mean")
    (row,) = found
    assert row.weighted_value == pytest.approx((180 + 20) / 54)
    assert found.sentence(row, "en").partition("answers). ")[2].startswith("With survey weights: 3.70 (3.")


def test_a_change_between_a_firm_side_and_an_uneven_one_has_no_weighted_change() -> None:
    before = [row | {"wave": "1"} for row in said("signs", [3, 4, 5] * 20, weight=1.0)]
    after = [
        row | {"wave": "2", "response": f"{row['response']}-2"} for row in said("signs", [2, 3, 4] * 20, weight=1.0)
    ]
    after[0]["weight"] = 1e4
    (row,) = verify(facts(before, after))
    assert row.warnings[-1] == weights.UNEVEN
    assert row.weighted is not None
    assert (row.weighted["n"], round(row.weighted["n_eff"] or 0)) == (60, 1)


def test_weights_that_are_all_nothing_are_said() -> None:
    found = nps(facts(said("nps", [10, 9, 8, 3] * 10, scale=(0.0, 10.0), weight=0.0)))
    (row,) = found
    assert (row.weighted, row.warnings) == (None, ("weights_nothing",))
    ends = (" Unweighted: every survey weight is 0.", "未加權：調查權重全為 0。", "未加权：调查权重全为 0。")
    assert [found.sentence(row, lang)[-len(end) :] for lang, end in zip(LANGUAGES, ends, strict=True)] == [*ends]


def test_a_ratio_is_told_with_weights_in_its_own_unit() -> None:
    rows = [
        row | {"weight": 1.0 + 3 * (at % 2)}
        for at in range(60)
        for role, score in (("expectation", 6.0), ("perception", 3.0 + 2 * (at % 2)))
        for row in said("empathy", [score], scale=(1.0, 7.0), role=role, response=f"r{at}", item="q")
    ]
    found = value(facts(rows))
    assert found.text().partition("on 0–100. ")[2].startswith("With survey weights: 72.0% (")
    overall = servqual(facts(rows))
    assert "With survey weights: −1.40 (" in overall.text()


def test_weights_are_looked_for_again_only_where_an_answer_has_another_than_one() -> None:
    row = {"response": "lin", "construct": "wait", "value": 4.0, "low": 1.0, "high": 5.0}
    sources = [[row], [row | {"weight": 1.0}], [row | {"weight": 2.0}], [row | {"weight": 0.0}]]
    assert [conform(rows).weighted for rows in sources] == [False, False, True, True]
    assert conform([row | {"value": None, "weight": 2.0}]).weighted is False
    assert conform([row], check=False).weighted
