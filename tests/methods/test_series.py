"""Interrupted series: published numbers, guards, gaps, facts, words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from peakend.cli import main
from peakend.errors import MethodError
from peakend.maths import regression as rg
from peakend.methods.series import segmented_regression as sg
from peakend.methods.series import series
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import facts, said
from tests.methods.stories import months


def periods(values: Any, exposure: Any = None) -> list[sg.Period]:
    sizes = np.ones(len(values)) if exposure is None else exposure
    return [
        sg.Period(name=str(at), at=at, value=float(v), exposure=float(e))
        for at, (v, e) in enumerate(zip(values, sizes, strict=True), 1)
    ]


def test_poisson_s_regression_of_two_rates_is_their_ratio_with_the_known_standard_error() -> None:
    """By hand: log(x2·e1/(x1·e2)), SE = √(1/Σx1 + 1/Σx2)."""
    fit = rg.poisson([[1, 0], [1, 0], [1, 1], [1, 1]], [20, 30, 45, 55], [100, 150, 200, 180])
    assert np.exp(fit.coefficients[1]) == pytest.approx((100 / 380) / (50 / 250))
    assert np.sqrt(np.diag(fit.bread))[1] == pytest.approx((1 / 50 + 1 / 100) ** 0.5, rel=1e-6)


def test_newey_and_west_s_covariance_is_the_double_sum_by_hand() -> None:
    rng = np.random.default_rng(2)
    x, y = np.column_stack([np.ones(20), np.arange(20.0)]), rng.normal(size=20).cumsum()
    fit, lag = rg.least_squares(x, y), 4
    scores = x * fit.residual[:, None]
    meat = sum(
        max(0.0, 1 - abs(i - j) / (lag + 1)) * np.outer(scores[i], scores[j]) for i in range(20) for j in range(20)
    )
    expected = np.sqrt(np.diag(fit.bread @ meat @ fit.bread) * 20 / 18)
    assert rg.newey_west(fit, lag) == pytest.approx(expected)
    assert rg.newey_west(fit, lag, small=False) == pytest.approx(expected / (20 / 18) ** 0.5)


OWN = [
    31.2,
    29.8,
    33.5,
    32.1,
    34.9,
    33.0,
    35.8,
    36.4,
    34.2,
    37.9,
    36.6,
    38.8,
    30.1,
    29.4,
    31.9,
    32.8,
    30.7,
    33.6,
    34.1,
    32.0,
    35.3,
    34.8,
    36.9,
    35.5,
]
"""Made up for this test."""


def test_the_automatic_lag_and_its_errors_are_r_s_default() -> None:
    """R 4.2.2, sandwich 3.0-2: sqrt(diag(NeweyWest(lm(y ~ t + d + s)))) with s = (t − 13)·d, bwNeweyWest 16.54; p from
    pt(…, 20).
    """
    fit = rg.least_squares(sg.design(range(1, 25), 13, slope=True)[1], OWN)
    errors, lag = rg.newey_west_automatic(fit)
    assert (errors, lag) == (
        pytest.approx([0.1296904910230, 0.0169643139895, 0.1356524382464, 0.0217794187690], rel=1e-9),
        16,
    )
    scaled = [0.1420688148544, 0.0185834748893, 0.1485998008163, 0.0238581578982]
    assert rg.newey_west_automatic(fit, small=True)[0] == pytest.approx(scaled, rel=1e-9)
    level, turn = series([{"period": str(at), "value": v} for at, v in enumerate(OWN, 1)], at="13", hac="automatic")
    assert (level.se, level.lag, level.hac) == (pytest.approx(0.1356524382464), 16, "automatic")
    assert (level.p, turn.p) == (pytest.approx(6.66936712893e-25, rel=1e-6), pytest.approx(1.36193374834e-04))


def test_a_series_that_lets_no_lag_be_chosen_says_so_and_a_named_lag_stays() -> None:
    rows = [{"period": str(at), "value": 0} for at in range(1, 25)]
    (flat,) = series(rows, at="13", hac="automatic")
    assert flat.refused is not None
    assert (flat.refused.id, flat.refused.fields) == ("series.no_automatic", {"periods": 24})
    assert [row.hac for row in series(rows, at="13", lag=3)] == ["fixed", "fixed"]
    with pytest.raises(MethodError) as refused:
        series(rows, at="13", hac="automatic", lag=3)
    assert refused.value.id == "option.beside"


def test_a_jump_and_a_turn_without_noise_are_found_exactly() -> None:
    at = np.arange(1, 25)
    y = 10 + 0.5 * at + (at >= 13) * (4 - 0.2 * (at - 13))
    level, turn = series([{"period": str(t), "value": v} for t, v in zip(at, y, strict=True)], at="13")
    assert (level.term, level.value, turn.term, turn.value) == (
        "level_change",
        pytest.approx(4),
        "slope_change",
        pytest.approx(-0.2),
    )
    assert (level.expected, level.fitted) == pytest.approx((22.0, 23.8))
    assert (level.course[11]["expected"], level.course[12]["expected"]) == (None, pytest.approx(16.5))


def test_the_change_may_be_marked_in_a_column_and_counts_are_told_as_ratios() -> None:
    rng, at = np.random.default_rng(4), np.arange(1, 37)
    rows = [
        {
            "period": str(t),
            "value": int(rng.poisson(200 * (0.8 if t > 20 else 1))),
            "exposure": 1000,
            "after": int(t > 20),
        }
        for t in at.tolist()
    ]
    level, _ = series(rows, model="counts")
    assert level.change_at == "21"
    assert (level.low or 1) < 0.8 < (level.high or 0) < 1
    assert "from period 21: 0.87 times as many" in series(rows, model="counts").text().splitlines()[0]


def test_few_periods_have_no_slope_and_fewer_no_series() -> None:
    rows = months()
    seven = series(rows[7:], at="2025-03")
    assert [row.term for row in seven] == ["level_change"]
    assert "no_slope" in seven[0].warnings
    (short,) = series(rows[10:], at="2025-03")
    assert short.refused is not None
    assert (short.refused.id, short.refused.fields) == ("series.too_short", {"before": 4, "after": 22, "fewest": 5})
    with pytest.raises(MethodError) as wrong:
        series(rows, at="2030-01")
    assert wrong.value.fields == {"at": "2030-01", "first": "2024-01", "last": "2026-12"}
    with pytest.raises(MethodError, match=r"series\.at"):
        series(rows)


def test_counts_below_zero_and_too_many_terms_are_reasons_and_no_crash() -> None:
    (row,) = series([{"period": str(t), "value": -1 if t == 3 else 5} for t in range(1, 21)], at="11", model="counts")
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields) == ("series.counts", {"row": 3})
    (much,) = series([{"period": str(t), "value": t} for t in range(1, 13)], at="7", harmonics=6)
    assert much.refused is not None
    assert much.refused.id == "series.no_fit"
    (still,) = series([{"period": str(t), "value": 0} for t in range(1, 13)], at="7", model="counts")
    assert still.refused is not None
    assert still.refused.id == "series.no_fit"
    (flat,) = series([{"period": str(t), "value": 5} for t in range(1, 13)], at="7")
    assert flat.value == pytest.approx(0, abs=1e-9)


def test_answers_are_put_into_months_and_a_month_without_any_keeps_its_place() -> None:
    start, rows = 19723, []  # 2024-01-01
    for month in range(20):
        if month == 6:
            continue
        rows.append(said("signs", [4, 5, 3, 4] if month < 10 else [5, 5, 4, 5], day=start + int(30.5 * month) + 3))
    found = series(facts(*rows), at="2024-11")
    assert (found[0].n, found[0].construct, found[0].value) == (19, "signs", pytest.approx(0.75))
    assert "gaps_in_series" in found[0].warnings
    assert series(facts(*rows), at="2024-11", model="counts")[0].value == pytest.approx(4 / 3, rel=1e-6)
    with pytest.raises(MethodError, match=r"series\.which"):
        series(facts(*rows, said("staff", [4], day=start)), at="2024-11")
    assert series(facts(*rows, said("staff", [4], day=start)), at="2024-11", construct="signs")[0].construct == "signs"


def test_the_sentences_are_whole_in_three_languages() -> None:
    found = [series(months(), at="2025-03").text(lang).splitlines() for lang in LANGUAGES]
    assert found[0][0].startswith("Change of level from 2025-03: −4.")
    assert "; without the change it would be " in found[0][0]
    assert found[1][1].startswith("2025-03 起的斜率變化：")
    assert found[2][1].startswith("2025-03 起的斜率变化：")
    assert all(wrong_script("".join(text), lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_analyst_mei_reads_it_on_the_command_line(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "complaints.csv"
    file.write_text(
        "period,value\n" + "\n".join(f"{row['period']},{row['value']}" for row in months()), encoding="utf-8"
    )
    assert main(["series", str(file), "--at", "2025-03", "--lang", lang]) == 0
    assert {"en": "Change of level from 2025-03", "zh-Hant": "2025-03 起的水準變化", "zh-Hans": "2025-03 起的水平变化"}[
        lang
    ] in capsys.readouterr().out
    assert main(["series", str(file), "--lang", lang]) != 0
    assert {"en": "first period after", "zh-Hant": "改變後的第一期", "zh-Hans": "改变后的第一期"}[
        lang
    ] in capsys.readouterr().err
