"""Two waves: published and computed numbers, families, regression to the mean, properties, refusals, words."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.cli import main
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.field import cell_figures, ratings
from peakend.field.ratings import Ratings
from peakend.methods import nps
from peakend.methods.verify import Verify, change_between, verify
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import SKIPPED, facts, said
from tests.methods.stories import three_waves

FIVE, TEN = (1.0, 5.0), (0.0, 10.0)


def tally(values: Any, counts: Any, scale: tuple[float, float] = FIVE) -> Ratings:
    return ratings.from_counts(dict(zip(values, counts, strict=True)), scale)


def test_two_waves_of_the_net_promoter_score_are_those_of_the_nps_package_and_rocks_2016() -> None:
    """NPS 1.1 and R 4.2.2: adjusted Wald of 90/125/85 (promoters, passives, detractors), then 120/120/60."""
    old, new = (tally((3, 7, 10), (d, p, w), TEN) for d, p, w in ((85, 125, 90), (60, 120, 120)))
    row = change_between(old, new, cell_figures.Coding(figure="nps", low=0, high=10))
    assert (row.low, row.high, row.p) == pytest.approx(
        (6.11902636444615, 30.1846039985902, 0.00310987596771002), abs=1e-8
    )
    assert row.value == pytest.approx(18.3333333333333)
    assert row.p_rank == pytest.approx(0.00322395562795382, abs=1e-9)  # Mann–Whitney on the three categories
    same = nps.change(nps.from_counts(90, 125, 85), nps.from_counts(120, 120, 60))
    assert (row.value, row.low, row.high, row.p) == pytest.approx((same.value, same.low, same.high, same.p))


def test_what_was_lowest_is_told_to_come_back_by_itself() -> None:
    rows = verify(three_waves())
    toilets = next(row for row in rows if row.construct == "toilets")
    assert [row.construct for row in rows if "regression_to_the_mean" in row.warnings] == ["toilets"]
    assert toilets.clear
    assert 0 < (toilets.regression or 0) < (toilets.value or 0)
    assert "of it would have come anyway, because the lowest tend to rise by themselves" in rows.text()
    risen = [row for row in verify(three_waves(), chosen_as_worst=True) if (row.value or 0) > 0]
    assert risen
    assert all("regression_to_the_mean" in row.warnings for row in risen)


def test_constructs_that_did_not_change_come_back_by_as_much_as_is_foretold() -> None:
    """Twelve touchpoints with true means 3.0 … 3.6, twice the same; 400 times the lowest of wave one is picked."""
    rng, pulls, gains = np.random.default_rng(8), [], []
    truth = np.linspace(3.2, 3.5, 12)
    for _ in range(400):
        first, second = (truth + rng.normal(0, 0.15, 12) for _ in range(2))
        worst, spread = int(first.argmin()), first.var(ddof=1)
        gains.append(second[worst] - first[worst])
        pulls.append((first.mean() - first[worst]) * min(1.0, 0.15**2 / spread))
    assert np.mean(pulls) == pytest.approx(np.mean(gains), abs=0.03)


def test_the_family_is_all_rows_and_holm_holds_it() -> None:
    rows = verify(three_waves(), by="site")
    p = sorted((row.p or 1, row.p_adjusted or 1) for row in rows)
    assert {row.family for row in rows} == {8}
    assert p[0][1] == pytest.approx(min(1.0, 8 * p[0][0]))
    assert all(adjusted >= raw for raw, adjusted in p)


def test_the_waves_compared_are_the_first_and_the_last_unless_named() -> None:
    answers = three_waves()
    assert {(row.before_wave, row.after_wave) for row in verify(answers)} == {("2026-Q1", "2026-Q3")}
    assert {(row.before_wave, row.after_wave) for row in verify(answers, after="2026-Q2")} == {("2026-Q1", "2026-Q2")}
    assert {(row.before_wave, row.after_wave) for row in verify(answers, before="2026-Q2")} == {("2026-Q2", "2026-Q3")}
    backwards = verify(answers, before="2026-Q3", after="2026-Q1")
    assert [row.value for row in backwards] == pytest.approx([-(row.value or 0) for row in verify(answers)])
    with pytest.raises(MethodError, match=r"verify\.wave\b"):
        verify(answers, before="2025-Q1")


def test_one_wave_and_too_few_answers_are_reasons() -> None:
    with pytest.raises(MethodError) as refused:
        verify(facts(said("signs", [4, 5], wave="2026")))
    assert (refused.value.id, refused.value.fields) == ("verify.waves", {"across": "wave", "found": "2026"})
    (row,) = verify(facts(said("signs", [4] * 9 + [SKIPPED], wave="1"), said("signs", [5] * 30, wave="2")))
    assert row.refused is not None
    assert (row.value, row.refused.id, row.n_before, row.n_after, row.missing) == (None, "change.too_few", 9, 30, 1)
    (mixed,) = verify(facts(said("signs", [4] * 20, wave="1"), said("signs", [5] * 20, wave="2", scale=(1.0, 7.0))))
    assert mixed.refused is not None
    assert mixed.refused.id == "ratings.mixed_scales"


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_turning_the_waves_round_turns_every_sign(one: list[int], two: list[int]) -> None:
    old, new = tally(range(1, 6), one), tally(range(1, 6), two)
    if min(old.n, new.n) < 2:
        return
    for figure in ("mean", "top_box"):
        coding = cell_figures.Coding(figure=figure, low=1, high=5)  # type: ignore[arg-type]
        there, back = change_between(old, new, coding), change_between(new, old, coding)
        assert there.value == pytest.approx(-(back.value or 0))
        assert there.p == (None if back.p is None else pytest.approx(back.p))
        assert (there.shift, there.higher) == (pytest.approx(-(back.shift or 0)), pytest.approx(1 - (back.higher or 0)))
        assert (there.low is None) == (back.low is None)
        assert there.low is None or (there.low, there.high) == pytest.approx((-(back.high or 0), -(back.low or 0)))


def test_order_of_rows_weights_of_one_and_the_kind_of_table_change_nothing() -> None:
    rows = [row for wave, at in (("1", 3), ("2", 4)) for row in said("signs", [at, at - 1, at + 1] * 12, wave=wave)]
    frame = pl.DataFrame(rows)
    first = verify(conform(frame)).as_dict()
    for other in (
        frame.reverse(),
        frame.with_columns(weight=pl.lit(1.0)),
        frame.to_pandas(),
        frame.to_arrow(),
        frame.lazy(),
    ):
        assert verify(conform(other)).as_dict() == first
    assert first[0]["weighted"] is None


def test_equal_weights_other_than_one_have_the_unweighted_change() -> None:
    rows = [
        row | {"weight": 2.0}
        for wave, at in (("1", 3), ("2", 4))
        for row in said("signs", [at, at - 1, at + 1] * 12, wave=wave)
    ]
    (row,) = verify(facts(rows))
    assert row.weighted is not None
    assert row.weighted["value"] == pytest.approx(row.value)


def test_the_least_change_to_be_found_is_found_four_times_in_five() -> None:
    old, new = tally(range(1, 6), (10, 20, 40, 20, 10)), tally(range(1, 6), (10, 20, 40, 20, 10))
    row = change_between(old, new, cell_figures.Coding(figure="mean", low=1, high=5))
    sd = (120 / 99) ** 0.5
    assert row.detectable == pytest.approx((1.972 + 0.8416 * 1.972 / 1.96) * sd * (2 / 100) ** 0.5, abs=0.01)


def test_the_sentences_are_whole_in_three_languages() -> None:
    rows = [row for row in verify(three_waves()) if row.construct == "signs"]
    found = [verify(three_waves(), construct="signs").text(lang) for lang in LANGUAGES]
    assert len(rows) == 1
    assert found[0].startswith("Signs · mean: no clear change (")
    assert "沒有明顯變化" in found[1]
    assert "没有明显变化" in found[2]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_manager_wu_reads_it_on_the_command_line(lang: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        row
        for wave, at in (("2026-Q1", 3), ("2026-Q2", 4))
        for row in said("signs", [at, at - 1, at + 1] * 20, wave=wave)
    ]
    file = tmp_path / "facts.csv"
    pl.DataFrame(rows).write_csv(file)
    assert main(["verify", str(file), "--lang", lang]) == 0
    text = capsys.readouterr().out
    assert {"en": "up 1.00 points on the scale", "zh-Hant": "上升 1.00 分（95%", "zh-Hans": "上升 1.00 分（95%"}[
        lang
    ] in text
    assert "verify/1 · R 4.2.2" in text
    assert main(["verify", str(file), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["value"], row["before_wave"], row["after_wave"], row["shift"]) == (1.0, "2026-Q1", "2026-Q2", 1.0)


def test_a_row_is_frozen_and_plain() -> None:
    row = verify(three_waves())[0]
    assert isinstance(row, Verify)
    assert json.loads(json.dumps(row.as_dict(), allow_nan=False)) == row.as_dict()


# --- the same people twice --------------------------------------------------------------------------------------------

TWICE = {
    (1, 1): 3,
    (1, 2): 2,
    (2, 2): 8,
    (2, 3): 6,
    (2, 1): 3,
    (3, 3): 11,
    (3, 4): 8,
    (3, 2): 4,
    (4, 4): 6,
    (4, 5): 3,
    (4, 3): 2,
    (5, 5): 3,
    (5, 4): 1,
}
"""How many of sixty guests gave each pair of answers, in spring and in autumn."""


def guests(
    pairs: dict[tuple[int, int], int] = TWICE,
    alone: int = 5,
    scale: tuple[float, float] = FIVE,
    construct: str = "breakfast",
) -> pl.DataFrame:
    """Each guest has a pseudonym; `alone` more answered in spring only."""
    both = [pair for pair, count in pairs.items() for _ in range(count)] + [(3, None)] * alone
    about = {"construct": construct, "low": scale[0], "high": scale[1]}
    rows = [
        {"response": f"{who}-{wave}", "customer": f"guest {who}", "wave": wave, "value": float(value), **about}
        for who, pair in enumerate(both)
        for wave, value in zip(("2026 spring", "2026 autumn"), pair, strict=True)
        if value is not None
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_the_same_people_are_compared_with_themselves_as_r_does() -> None:
    """R 4.2.2: t.test(after, before, paired = TRUE), wilcox.test(…, paired = TRUE), binom.test of those who came into
    the top two boxes.
    """
    (row,) = verify(guests(), before="2026 spring", after="2026 autumn", paired=True)
    assert (row.people, row.alone, row.n, row.n_before, row.n_after, row.test) == (60, 5, 120, 60, 60, "paired_t")
    assert (row.value, row.low, row.high, row.p) == pytest.approx(R_TWICE["mean"], abs=1e-9)
    assert row.higher == pytest.approx((19 + 31 / 2) / 60)
    (share,) = verify(guests(), before="2026 spring", after="2026 autumn", paired=True, figure="top_box")
    assert (share.test, share.value, share.p) == (
        "mcnemar",
        pytest.approx(100 * (8 - 2) / 60),
        pytest.approx(R_TWICE["mcnemar"], abs=1e-9),
    )
    assert (share.low, share.high) == pytest.approx((-1.005186024, 20.360024734), abs=1e-8)  # Bonett & Price 2012


R_TWICE: dict[str, Any] = {
    "mean": (0.15, -0.0268446892828837, 0.3268446892828837, 0.0949195130557844),
    "mcnemar": 0.109375,
}


def test_people_who_go_together_are_told_apart_more_surely_than_strangers() -> None:
    same, strangers = (
        verify(guests(), before="2026 spring", after="2026 autumn", paired=paired)[0] for paired in (True, False)
    )
    assert ((same.high or 0) - (same.low or 0)) < 0.6 * ((strangers.high or 0) - (strangers.low or 0))
    assert (strangers.people, strangers.n) == (None, 125)
    assert (same.before, same.after) == pytest.approx((172 / 60, 181 / 60))


def test_a_paired_net_promoter_score_is_that_of_the_counts() -> None:
    pairs = {(9, 10): 12, (6, 9): 7, (8, 8): 10, (7, 5): 3, (2, 7): 4, (10, 10): 6}
    (row,) = verify(guests(pairs, scale=TEN, construct="nps"), before="2026 spring", after="2026 autumn", paired=True)
    told = nps.change_paired(pairs)
    assert (row.value, row.low, row.high, row.p) == pytest.approx((told.value, told.low, told.high, told.p))


def test_too_few_people_in_both_waves_and_waves_of_a_calendar_are_refused() -> None:
    (row,) = verify(guests({(3, 4): 9}, alone=40), before="2026 spring", after="2026 autumn", paired=True)
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields["n"], row.refused.fields["alone"]) == ("couples.few", 9, 40)
    anonymous = guests().drop("customer")
    (nobody,) = verify(anonymous, before="2026 spring", after="2026 autumn", paired=True)
    assert nobody.refused is not None
    assert nobody.refused.id == "couples.few"
    dated = guests().with_columns(
        at_us=pl.when(pl.col("wave") == "2026 spring").then(1_772_000_000_000_000).otherwise(1_790_000_000_000_000)
    )
    with pytest.raises(MethodError, match=r"couples\.column"):
        verify(dated, across="quarter", paired=True)


def test_who_answers_twice_in_a_wave_counts_with_the_mean_of_both() -> None:
    table = guests()
    again = table.head(1).with_columns(response=pl.lit("again"), value=pl.lit(3.0))
    (row,) = verify(pl.concat([table, again]), before="2026 spring", after="2026 autumn", paired=True)
    assert row.before == pytest.approx((172 + 1) / 60)
    assert row.people == 60


def test_that_they_are_the_same_people_is_said_in_three_languages() -> None:
    found = verify(guests(), before="2026 spring", after="2026 autumn", paired=True)
    assert [
        phrase in found.text(lang)
        for lang, phrase in (("en", "the same people"), ("zh-Hant", "同一批人"), ("zh-Hans", "同一批人"))
    ] == [True] * 3
