"""Power and answers needed: R's examples, inverse of one another, refusals, words."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend import intervals as iv
from peakend.cli import main
from peakend.errors import MethodError
from peakend.methods.power import power, sample_sizes
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import plans


def test_answers_needed_for_a_mean_are_those_printed_in_r_s_help() -> None:
    """power.t.test(power = .90, delta = 1); the other examples of the help are in tests/reference."""
    (row,) = power([{"design": "means", "difference": 1, "sd": 1, "power": 0.9}])
    assert (row.needed, row.value) == (pytest.approx(22.02110, abs=1e-4), 23)


@given(st.floats(0.2, 2), st.floats(0.55, 0.95))
def test_as_many_answers_as_are_needed_have_the_power(difference: float, wanted: float) -> None:
    n, pairs = (
        sample_sizes.answers_for_means(difference, 1.0, wanted),
        sample_sizes.answers_for_pairs(difference, 1.0, wanted),
    )
    assert n == 2.0 or iv.power_of_means(n, difference, 1.0) == pytest.approx(wanted, abs=1e-6)
    assert pairs == 2.0 or sample_sizes.power_of_pairs(pairs, difference, 1.0) == pytest.approx(wanted, abs=1e-6)


def test_what_nobody_could_ask_for_is_infinite() -> None:
    assert sample_sizes.answers_for_means(1e-9, 1.0) == math.inf


def test_a_plan_without_its_figures_refuses_and_the_others_stand() -> None:
    rows = power(
        [
            {"plan": "a", "design": "shares", "share1": 0.5},
            {"plan": "b", "design": "means", "difference": 0, "sd": 1},
            *plans(),
        ]
    )
    assert [row.refused.id if row.refused else None for row in rows[:3]] == ["power.plan", "power.plan", None]
    with pytest.raises(MethodError, match=r"power\.design"):
        power([{"design": "guess"}])


def test_the_sentences_are_whole_in_three_languages() -> None:
    found = [power(plans()).text(lang).splitlines() for lang in LANGUAGES]
    assert found[0][0] == "half to two thirds: 170 answers in each group are needed for 80% power."
    assert (
        found[0][4]
        == "with fifty each: with 50 answers in each group such a difference is found in 74.0% of cases (power)."
    )
    assert found[1][0] == "half to two thirds：要達到 80% 檢定力，每組需要 170 筆回答。"
    assert found[2][4] == "with fifty each：每组 50 条回答时，有 74.0% 的机会检出这一差异（检验功效）。"
    assert all(wrong_script("".join(text), lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_analyst_mei_reads_it_on_the_command_line(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plans.csv"
    file.write_text("design,share1,share2\nshares,0.5,0.65\n", encoding="utf-8")
    assert main(["power", str(file), "--lang", lang, "--target", "0.9"]) == 0
    assert {"en": "for 90% power", "zh-Hant": "90% 檢定力", "zh-Hans": "90% 检验功效"}[lang] in capsys.readouterr().out
