"""Looks on the way: published boundaries, the mixture test, the plan, words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.cli import main
from peakend.errors import MethodError
from peakend.methods.sequential import looks, sequential
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.stories import weekly_looks


def test_pocock_type_boundaries_fall_slowly() -> None:
    """ldbounds 2.0.2, five looks: 2.438 … 2.386."""
    found = looks.boundaries((0.2, 0.4, 0.6, 0.8, 1), "pocock")
    assert (found[0], found[-1]) == pytest.approx((2.438, 2.386), abs=5e-4)


def test_one_look_at_the_end_is_an_ordinary_test() -> None:
    assert looks.boundaries((1.0,)) == (pytest.approx(1.959963985, abs=1e-8),)
    assert looks.boundaries((1.0,), "pocock", 0.01) == (pytest.approx(2.575829304, abs=1e-8),)


def test_a_look_very_early_has_a_boundary_nobody_passes() -> None:
    found = looks.boundaries((0.001, 1.0))
    assert found[0] > 30
    assert found[1] == pytest.approx(1.96, abs=1e-3)


@given(st.floats(-3, 3), st.floats(0.05, 4), st.floats(0.05, 4))
def test_the_mixture_ratio_its_p_and_its_interval_say_the_same(estimate: float, variance: float, tau2: float) -> None:
    found = looks.mixture(estimate, variance, tau2)
    by_hand = math.sqrt(variance / (variance + tau2)) * math.exp(
        min(700, estimate**2 * tau2 / (2 * variance * (variance + tau2)))
    )
    assert found.ratio == pytest.approx(by_hand, rel=1e-9)
    assert found.p == pytest.approx(min(1.0, 1 / by_hand), rel=1e-9)
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == (not found.low <= 0 <= found.high)


def test_the_mixture_ratio_is_the_one_of_johari_and_others_in_their_own_terms() -> None:
    """Λ = √(σ²/(σ² + nτ²))·exp(n²τ²x̄²/(2σ²(σ² + nτ²))) with σ² = 4, n = 100, τ² = .25, x̄ = .5:
    √(4/29)·exp(625/232).
    """
    found = looks.mixture(0.5, 4 / 100, 0.25)
    assert found.ratio == pytest.approx(math.sqrt(4 / 29) * math.exp(100**2 * 0.25 * 0.25 / (2 * 4 * 29)))


def test_a_boundary_once_passed_stays_passed_and_p_never_rises() -> None:
    seen = [(0.5, 0.1), (0.05, 0.08), (0.02, 0.05)]
    rows = sequential(
        [{"information": at, "estimate": e, "se": s} for at, (e, s) in enumerate(seen, 1)], tau=0.2, spending="pocock"
    )
    assert [row.crossed for row in rows] == [True, True, True]
    assert [row.p_always for row in rows] == [rows[0].p_always] * 3


def test_looks_to_come_say_what_they_must_pass() -> None:
    rows = sequential(weekly_looks())
    assert [row.refused is None for row in rows] == [True, True, True, False, False]
    assert rows[3].refused is not None
    assert rows[3].refused.fields == {"look": "4", "z": "2.290"}
    assert [row.p_always for row in rows[:3]] == [None] * 3
    assert rows[2].crossed


@pytest.mark.parametrize(
    ("rows", "planned", "error"),
    [
        ([2.0, 1.0], None, "sequential.order"),
        ([0.0, 1.0], None, "sequential.order"),
        ([100.0, 600.0], 500.0, "sequential.beyond"),
    ],
)
def test_a_plan_that_is_none_is_refused(rows: list[float], planned: float | None, error: str) -> None:
    with pytest.raises(MethodError) as refused:
        sequential([{"information": one} for one in rows], planned=planned)
    assert refused.value.id == error


def test_the_sentences_are_whole_in_three_languages() -> None:
    rows: Any = sequential(weekly_looks(), tau=0.1)
    found = [rows.text(lang).splitlines() for lang in LANGUAGES]
    assert found[0][0].startswith(
        "Interim look 1: no difference found yet, go on collecting; +0.110 (95% confidence interval "
    )
    assert "Look 5 is still to come; its z must pass 2.031." in found[0][4]
    assert found[1][2].startswith("第 3 次期中分析：已找到差異")
    assert found[2][2].startswith("第 3 次期中分析：已找到差异")
    assert all(wrong_script("".join(text), lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_read_on_the_command_line(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "looks.csv"
    file.write_text("information,estimate,se\n100,0.11,0.1\n200,0.17,0.07\n300,0.19,0.057\n", encoding="utf-8")
    assert main(["sequential", str(file), "--planned", "500", "--tau", "0.1", "--lang", lang]) == 0
    assert {"en": "a difference is found", "zh-Hant": "已找到差異", "zh-Hans": "已找到差异"}[
        lang
    ] in capsys.readouterr().out
