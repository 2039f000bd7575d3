"""Peak and end: published tests and effects, models against fits without each visit, edits by hand, refusals, from
facts to words.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from narwhals.stable.v2 import to_native

from peakend import reduce
from peakend.cli import main
from peakend.facts import conform
from peakend.methods.peak_end import PeakEnd, memory, peak_end
from tests.methods.facts_of import sample
from tests.methods.visits_of import DAY, guests, walked


def by_name(rows: Any) -> dict[str, PeakEnd]:
    return {row.about: row for row in rows}


# --- published --------------------------------------------------------------------------------------------------------


# --- features, models, edits ------------------------------------------------------------------------------------------


def test_where_peak_and_end_make_the_memory_they_are_found_and_the_mean_is_left_behind() -> None:
    row = by_name(peak_end(guests(200)))["peak_end"]
    assert (row.verdict, row.n) == ("peak_end", 200)
    assert row.p is not None
    assert row.p < 0.001
    assert row.against_mean is not None
    assert row.against_mean["value"] == pytest.approx((row.value or 0) - (row.r_mean or 0))


def test_where_the_mean_makes_the_memory_peak_and_end_do_worse_and_with_little_to_tell_them_apart_alike() -> None:
    assert by_name(peak_end(guests(300, weights=(0, 0, 1.0))))["peak_end"].verdict == "mean"
    even = by_name(peak_end(guests(80, weights=(0.2, 0.2, 0.6), noise=0.9)))["peak_end"]
    assert even.verdict == "alike"
    assert "as well" in str(peak_end(guests(80, weights=(0.2, 0.2, 0.6), noise=0.9)))


def test_each_model_predicts_a_visit_that_it_has_not_seen_as_a_fit_without_it_would() -> None:
    facts = guests(70)
    (walk,) = reduce.walks(facts).values()
    columns, y, n = memory.of_visits(walk.features()), walk.remembered, 70
    for row in peak_end(facts, show="models"):
        x = np.column_stack([np.ones(n), *(columns[name] for name in memory.MODELS[row.about])])  # type: ignore[index]
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        off = [y[i] - x[i] @ np.linalg.lstsq(np.delete(x, i, 0), np.delete(y, i), rcond=None)[0] for i in range(n)]
        rss, k = float(((y - x @ beta) ** 2).sum()), x.shape[1]
        assert row.value == pytest.approx(np.sqrt(np.mean(np.square(off))), rel=1e-9)
        assert list((row.coefficients or {}).values()) == pytest.approx(beta.tolist())
        assert row.adjusted_r2 == pytest.approx(1 - rss / (n - k) / y.var(ddof=1))
        assert row.aic == pytest.approx(n * (np.log(2 * np.pi * rss / n) + 1) + 2 * (k + 1))  # as R's AIC(lm): σ counts
        assert row.bic == pytest.approx(n * (np.log(2 * np.pi * rss / n) + 1) + np.log(n) * (k + 1))
        assert sum((row.shares or {}).values()) == pytest.approx(row.r2)
        h = np.einsum("ij,jk,ik->i", x, np.linalg.inv(x.T @ x), x)
        meat = (x * (((y - x @ beta) / (1 - h)) ** 2)[:, None]).T @ x
        hc3 = np.sqrt(np.diagonal(np.linalg.inv(x.T @ x) @ meat @ np.linalg.inv(x.T @ x)))[1:]
        assert list((row.errors or {}).values()) == pytest.approx(hc3.tolist())


def test_what_the_mean_adds_to_peak_and_end_and_they_to_the_mean_is_tested_both_ways() -> None:
    rows = by_name(peak_end(guests(150), show="models"))
    assert [name for name, row in rows.items() if row.added] == ["m1", "m3"]
    assert rows["m1"].added is not None
    assert rows["m3"].added is not None
    assert rows["m1"].added["p"] > 0.05 > rows["m3"].added["p"]


def test_an_edit_takes_the_features_anew_and_stops_at_the_end_of_the_scale() -> None:
    facts = guests(90)
    (walk,) = reduce.walks(facts).values()
    columns = memory.of_visits(walk.features())
    fit = memory.fit(walk.remembered, columns, ("peak", "end"))
    assert fit is not None
    row = by_name(peak_end(facts, show="what_if"))["end"]
    after_end = np.minimum(columns["end"] + 1, 7)
    after_peak = np.maximum(columns["peak"], after_end)
    expected = (
        fit.coefficients["end"] * (after_end - columns["end"]).mean()
        + fit.coefficients["peak"] * (after_peak - columns["peak"]).mean()
    )
    assert row.value == pytest.approx(expected)
    assert row.value != pytest.approx(fit.coefficients["end"], abs=1e-3)
    assert row.low is not None
    assert row.value is not None
    assert row.low < row.value < (row.high or 0)
    assert "if_causal" in row.warnings
    assert "if the association is causal" in peak_end(facts, show="what_if").text()


def test_raising_the_trough_helps_only_where_it_is_the_end_or_becomes_the_peak() -> None:
    (walk,) = reduce.walks(walked([[3, 1, 5, 4], [6, 5, 5, 2]], [4, 4])).values()
    assert memory.raise_moment(walk, "trough", 2.0).tolist() == [3, 3, 5, 4, 6, 5, 5, 4]
    assert memory.raise_moment(walk, "peak", 9.0).tolist() == [3, 1, 7, 4, 7, 5, 5, 2]
    assert memory.raise_moment(walk, "desk", -1.0).tolist() == [3, 1, 5, 4, 6, 4, 5, 2]
    assert memory.raise_moment(walk, "start", 1.0).tolist() == [4, 1, 5, 4, 7, 5, 5, 2]


def test_a_moment_that_nobody_has_or_that_stands_at_the_end_of_its_scale_cannot_be_moved() -> None:
    assert [row.refused.id for row in peak_end(guests(60), show="what_if", moments=("helipad",)) if row.refused] == [
        "peak_end.no_room"
    ]


def test_weak_endings_are_listed_by_the_touchpoint_where_visits_end() -> None:
    rows = by_name(peak_end(walked([[5, 5, 2], [6, 6, 3], [4, 5, 6], [7, 2]], [None] * 4), show="endings"))
    assert {name: (row.weak, row.n, row.visits) for name, row in rows.items()} == {
        "room": (2, 3, ("v000", "v001")),
        "desk": (1, 1, ("v003",)),
    }
    assert rows["room"].drop == pytest.approx(np.mean([2 - 4, 3 - 5, 6 - 5]))


def test_an_unpleasant_episode_is_remembered_by_its_worst_moment() -> None:
    (walk,) = reduce.walks(walked([[4, 1, 6, 3], [7, 4, 4, 5]], [2, 5])).values()
    x = walk.features()
    assert memory.of_visits(x, "trough")["peak_end"].tolist() == [2.0, 4.5]
    assert memory.of_visits(x, "extreme")["peak"].tolist() == [1.0, 7.0]
    assert {row.about for row in peak_end(guests(60), peak="extreme")} >= {"peak_end", "mean"}


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_the_airport_s_one_form_has_no_order_in_time_and_nothing_remembered() -> None:
    """Its ratings stand a microsecond apart, in the order of the form; three passengers rated one touchpoint only."""
    (row,) = peak_end(sample("airport"))
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields) == ("peak_end.no_visits", {"visits": 2823, "ordered": 3, "judged": 0})
    assert "Record when" in row.refused.hint()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (lambda: guests(49), "peak_end.too_few"),
        (lambda: walked([[5, 4]] * 60, [5] * 60), "peak_end.short"),
        (lambda: walked([[5, 4, 3, 6, 2]] * 60, [5] * 60), "peak_end.constant"),
    ],
)
def test_too_little_is_refused_by_name(facts: Any, refusal: str) -> None:
    (row,) = peak_end(facts())
    assert row.refused is not None
    assert (row.refused.id, row.value) == (refusal, None)


def test_moments_on_several_scales_have_no_best_among_them() -> None:
    frame = pl.DataFrame(
        to_native(guests(60).frame).collect()
        if hasattr(to_native(guests(60).frame), "collect")
        else to_native(guests(60).frame)
    )
    mixed = frame.with_columns(high=pl.when(pl.col("touchpoint") == "desk").then(10.0).otherwise(pl.col("high")))
    (row,) = peak_end(conform(mixed))
    assert row.refused is not None
    assert row.refused.id == "peak_end.scales"


def test_a_judgement_given_with_the_last_rating_is_warned_of() -> None:
    at_once, a_day_later = peak_end(guests(60, later=0)), peak_end(guests(60, later=DAY))
    assert len(at_once) == len(a_day_later) > 0
    assert all("asked_at_once" in row.warnings for row in at_once)
    assert not any("asked_at_once" in row.warnings for row in a_day_later)


def test_a_visit_whose_last_two_touchpoints_were_rated_at_one_moment_is_set_aside() -> None:
    frame = to_native(guests(60).frame).lazy().collect()
    tied = frame.with_columns(
        at_us=pl.when((pl.col("visit") == "v007") & (pl.col("role") == "score")).then(0).otherwise(pl.col("at_us"))
    )
    row = peak_end(conform(tied))[0]
    assert (row.n, row.invalid) == (59, 1)


# --- whatever the order and the engine --------------------------------------------------------------------------------


@pytest.mark.parametrize("show", ["features", "what_if", "endings"])
def test_the_order_of_rows_and_the_engine_change_nothing(show: Any) -> None:
    frame = to_native(guests(60).frame).lazy().collect()
    one, two = (
        peak_end(conform(part), show=show).as_dict()
        for part in (frame.sample(fraction=1, shuffle=True, seed=4), frame.to_pandas())
    )
    assert one == two


def test_a_customer_of_many_visits_counts_as_one_person_in_the_interval() -> None:
    frame = to_native(guests(60).frame).lazy().collect()
    copies = [
        frame.with_columns(pl.col("visit") + f"/{i}", pl.col("response") + f"/{i}", customer=pl.col("visit"))
        for i in range(4)
    ]
    alone, many = (by_name(peak_end(conform(part), show="what_if"))["end"] for part in (frame, pl.concat(copies)))
    assert many.value == pytest.approx(alone.value)
    assert (many.high or 0) - (many.low or 0) == pytest.approx((alone.high or 0) - (alone.low or 0), rel=0.1)


@pytest.mark.parametrize("lang", ["en", "zh-Hant", "zh-Hans"])
@pytest.mark.parametrize("show", ["features", "models", "what_if", "endings"])
def test_every_kind_of_row_is_told_and_drawn_in_three_languages(show: Any, lang: Any) -> None:
    found = peak_end(guests(60), show=show)
    assert len(found.sentences(lang).splitlines()) == len(found)
    assert found.chart(lang).svg(lang).startswith("<svg")


def test_the_error_of_a_model_is_called_an_error_on_the_command_line_too(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wide = guests(200).frame.collect(backend="polars").to_native()
    wide.write_parquet(tmp_path / "guests.parquet")
    assert main(["peak_end", str(tmp_path / "guests.parquet"), "--show", "models"]) == 0
    said = capsys.readouterr().out
    assert "Mean of peak and end: a visit the model has not seen is predicted with an error of about 0.5" in said
    assert "r = " not in said
