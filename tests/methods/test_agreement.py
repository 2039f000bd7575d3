"""Agreement of coders: Cohen's table, weights, guards, words."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.cli import main
from peakend.errors import MethodError
from peakend.methods.agreement import METHOD, agreement, from_counts, kappa
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import coders

COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Cohen 1968 (n = 200), as in the help of psych 2.2.9's cohen.kappa."""
WORSE = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


def test_the_weighted_interval_of_psych_puts_disagreement_into_the_formula_for_agreement() -> None:
    """psych 2.2.9 prints (−.342, 1): Fleiss, Cohen & Everitt's variance of v instead of 1 − v/max v, with margins
    recycled by row.
    """
    p, w = np.array(COHEN) / 200, np.array(WORSE, dtype=float)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    seen, chance = (w * p).sum(), (w * np.outer(rows, columns)).sum()
    mean = (w * columns[:, None]).sum(axis=0)[:, None] + (w * rows[:, None]).sum(axis=1)[None, :]
    variance = (p * (w * (1 - chance) - mean * (1 - seen)) ** 2).sum() - (seen * chance - 2 * chance + seen) ** 2
    se = math.sqrt(variance / 200) / (1 - chance) ** 2
    assert 0.347826086956522 - 1.959963985 * se == pytest.approx(-0.341763801482761, abs=1e-6)
    assert from_counts(COHEN, disagreement=WORSE).se == pytest.approx(0.0755040, abs=1e-6)


def test_the_standard_error_is_that_of_a_thousand_resamples() -> None:
    rng, p = np.random.default_rng(7), np.array(COHEN).ravel() / 200
    for weights in (np.eye(3), 1 - np.array(WORSE) / 6):
        drawn = [kappa(counts.reshape(3, 3) / 200, weights, 200).value for counts in rng.multinomial(200, p, 1000)]
        assert kappa(p.reshape(3, 3), weights, 200).se == pytest.approx(np.std(drawn), rel=0.08)


def test_two_by_two_is_scott_s_textbook_arithmetic() -> None:
    row = from_counts([[20, 5], [10, 15]])  # p_o .70, p_e .50: κ = .40
    assert (row.value, row.observed, row.expected) == pytest.approx((0.4, 0.7, 0.5))
    assert from_counts([[20, 5], [10, 15]], weighting="linear").value == pytest.approx(0.4)
    assert from_counts([[20, 5], [10, 15]], weighting="quadratic").value == pytest.approx(0.4)


@given(st.lists(st.integers(0, 30), min_size=9, max_size=9))
def test_quadratic_kappa_is_the_correlation_that_means_and_spreads_leave(cells: list[int]) -> None:
    """Fleiss & Cohen 1973: κ_w = 2·cov/(var1 + var2 + (mean1 − mean2)²)."""
    table = np.array(cells, dtype=float).reshape(3, 3)
    row = from_counts(table.tolist(), weighting="quadratic")
    if row.value is None:
        return
    p, at = table / table.sum(), np.arange(3.0)
    m1, m2 = p.sum(axis=1) @ at, p.sum(axis=0) @ at
    cov = at @ p @ at - m1 * m2
    apart = (p.sum(axis=1) @ at**2 - m1**2) + (p.sum(axis=0) @ at**2 - m2**2) + (m1 - m2) ** 2
    assert row.value == pytest.approx(2 * cov / apart)
    assert row.low is not None
    assert row.high is not None
    assert row.low <= row.value <= row.high <= 1


def test_all_agreed_keeps_a_lower_end_and_none_agreed_is_negative() -> None:
    whole, none = from_counts([[10, 0], [0, 10]]), from_counts([[0, 10], [10, 0]])
    assert (whole.value, whole.high) == (1.0, 1.0)
    assert whole.low == pytest.approx((20 / (20 + 1.959964**2) - 0.5) / 0.5, abs=1e-6)
    assert none.value == pytest.approx(-1.0)
    assert "no_better_than_chance" in none.warnings


def test_codes_that_are_long_numbers_stand_by_size_to_the_last_digit() -> None:
    codes = [str(110101199003074500 + at) for at in (9, 11, 10, 8)]
    rows = [{"unit": str(at), "coder": coder, "code": code} for coder in ("Mei", "Wu") for at, code in enumerate(codes)]
    assert list(agreement(rows)[0].as_dict()["counts"]) == sorted(codes)


def test_one_code_only_is_refused_and_by_one_coder_warned_of() -> None:
    alike = from_counts([[12, 0], [0, 0]])
    assert alike.refused is not None
    assert (alike.value, alike.refused.id) == (None, "agreement.one_code")
    one = from_counts([[12, 4], [0, 0]])
    assert (one.value, "one_code_only" in one.warnings) == (pytest.approx(0.0), True)
    empty = from_counts([[0, 0], [0, 0]], missing=3)
    assert empty.refused is not None
    assert (empty.refused.id, empty.refused.fields) == ("agreement.no_units", {"missing": 3})


@pytest.mark.parametrize("counts", [[[1, 2]], [[1, -2], [3, 4]], [[1.5, 2], [3, 4]]])
def test_a_table_that_is_none_is_refused(counts: list[list[float]]) -> None:
    with pytest.raises(MethodError, match=r"agreement\.counts"):
        from_counts(counts)
    with pytest.raises(MethodError, match=r"agreement\.counts"):
        from_counts([[1, 2], [3, 4]], disagreement=[[1, 1], [1, 0]])


def test_the_table_of_units_gives_what_its_counts_give_for_every_pair_in_any_order() -> None:
    rows = coders()
    found = agreement(rows)
    assert [row.pair for row in found] == ["Chen · Mei", "Chen · Wu", "Mei · Wu"]
    assert agreement(rows[::-1]).as_dict() == found.as_dict()
    first = found[0]
    counts = [[first.counts[a][b] for b in first.counts] for a in first.counts]
    assert from_counts(counts, codes=tuple(first.counts), pair=first.pair).as_dict() == first.as_dict()


def test_blank_codes_are_missing_and_a_second_code_is_refused() -> None:
    rows = [*coders(), {"unit": "60", "coder": "Chen", "code": ""}, {"unit": "60", "coder": "Mei", "code": "empathy"}]
    found = agreement(rows)
    assert [(row.n, row.missing) for row in found] == [(60, 1), (60, 0), (60, 1)]
    with pytest.raises(MethodError, match=r"agreement\.twice"):
        agreement([*rows, rows[0]])
    with pytest.raises(MethodError, match=r"agreement\.order"):
        agreement(rows, order=("reliability", "empathy"))


def test_numbers_are_ordered_by_size_for_a_weighted_kappa() -> None:
    rows = [
        {"unit": str(at), "coder": c, "code": str(v)}
        for at, pair in enumerate([(2, 10), (10, 10), (2, 2)])
        for c, v in zip("ab", pair, strict=True)
    ]
    assert list(agreement(rows, weighting="linear")[0].counts) == ["2", "10"]


def test_the_sentences_are_whole_in_three_languages() -> None:
    rows = [from_counts(COHEN, pair="Chen · Mei"), from_counts(COHEN, disagreement=WORSE)]
    found = [[METHOD.say(row, lang) for row in rows] for lang in LANGUAGES]
    assert (
        found[0][0]
        == "Chen · Mei: κ is 0.49 (95% confidence interval 0.39 to 0.59, 200 units): they agree on 70%; by chance it "
        "would be 41%."
    )
    assert found[1][0].startswith("Chen · Mei：κ 為 0.49")
    assert found[2][1].startswith("加权 κ 为 0.35")
    assert all(wrong_script("".join(text), lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nurse_chen_reads_it_on_the_command_line(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("unit,coder,code\n" + "\n".join(",".join(row.values()) for row in coders()), encoding="utf-8")
    assert main(["agreement", str(file), "--lang", lang]) == 0
    assert {"en": "Chen · Mei: κ is", "zh-Hant": "Chen · Mei：κ 為", "zh-Hans": "Chen · Mei：κ 为"}[
        lang
    ] in capsys.readouterr().out
