"""No figure depends on how a wave or a period is spelled, and a time axis with repeats, gaps or an open order
says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from peakend.errors import PeakendError
from peakend.facts import Facts
from peakend.methods.control import control
from peakend.methods.did import did
from peakend.methods.kano_drift import kano_drift
from peakend.methods.nps import nps
from peakend.methods.ratchet import ratchet
from peakend.methods.series import series
from peakend.methods.verify import verify
from tests.methods.facts_of import facts, said
from tests.methods.stories import asked_again, counters, late_checkouts

Rows = list[dict[str, Any]]
DESK = {"first": [1, 2] * 6, "second": [4, 5] * 6}


def desk(first: str, second: str, days: Sequence[int | None] = (None, None)) -> Facts:
    """Mrs Lin's desk is rated by twelve guests before and twelve after it was rebuilt; the later wave stands first in
    the file.
    """
    waves = ((second, DESK["second"], days[1]), (first, DESK["first"], days[0]))
    return facts(*(said("desk", values, wave=wave, day=day) for wave, values, day in waves))


def refused(ask: Any) -> PeakendError:
    with pytest.raises(PeakendError) as caught:
        ask()
    return caught.value


# --- waves ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "waves",
    [
        ("9", "10"),
        ("wave 9", "wave 10"),
        ("Q4 2024", "Q1 2025"),
        ("2026-9", "2026-10"),
        ("第9波", "第10波"),
        ("114年12月", "115年1月"),
    ],
)
def test_a_rise_is_a_rise_whatever_the_waves_are_called(waves: tuple[str, str]) -> None:
    (row,) = verify(desk(*waves))
    assert (row.value, row.before_wave, row.after_wave) == (3.0, *waves)


def test_the_sentence_and_the_table_name_the_waves_compared() -> None:
    found = verify(desk("9", "10"))
    assert [found.sentences(lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "Desk · mean: up 3.00 points on the scale (95% confidence interval 2.56 to 3.44), "
            "from 1.50 (wave 9, 12 answers) to 4.50 (wave 10, 12 answers)."
        ),
        (
            "desk · 平均數：上升 3.00 分（95% 信賴區間 2.56 至 3.44），由 1.50（第 9 波，12 筆回答）到 4.50（第 10 波，"
            "12 "
            "筆回答）。"
        ),
        (
            "desk · 平均值：上升 3.00 分（95% 置信区间 2.56 至 3.44），由 1.50（第 9 轮，12 条回答）到 4.50（第 10 轮，"
            "12 "
            "条回答）。"
        ),
    ]
    shown = found.table()
    assert (
        dict(zip(shown.columns, shown.rows[0], strict=True)).items() >= {"before_wave": "9", "after_wave": "10"}.items()
    )


def test_a_wave_is_not_compared_with_itself() -> None:
    assert refused(lambda: verify(desk("8", "9"), before="8", after="8")).id == "verify.same"


def test_a_series_that_lies_on_its_line_has_no_interval_and_says_why() -> None:
    """Mr Wu's counter counts three a month, and four after the change: nothing says how far chance moves them."""
    rows = [{"period": str(year), "value": 3.0 if year < 2011 else 4.0} for year in range(2001, 2021)]
    found = series(rows, at="2011", slope=False)
    assert [(row.value, row.low, row.high, row.p) for row in found] == [(pytest.approx(1.0), None, None, None)]
    assert "it could not be tested: the periods do not vary around the line" in found.sentences("en")


def test_waves_called_by_words_are_asked_for_their_order() -> None:
    answers = desk("old", "new")
    error = refused(lambda: verify(answers))
    assert (error.id, error.fields["names"]) == ("periods.unclear", "new, old")
    assert [row.value for row in verify(answers, order=("old", "new"))] == [3.0]
    assert [row.value for row in verify(answers, before="old")] == [3.0]
    assert [row.value for row in verify(answers, before="new", after="old")] == [-3.0]


def test_waves_called_by_words_follow_the_days_of_their_answers_and_say_so() -> None:
    (row,) = verify(desk("old", "new", (20_000, 20_100)))
    assert (row.value, row.before_wave, "ordered_by_answers" in row.warnings) == (3.0, "old", True)
    assert refused(lambda: verify(desk("old", "new", (20_000, 20_000)))).id == "periods.unclear"


@pytest.mark.parametrize(
    ("old", "new"),
    [("12月", "1月"), ("Dec", "Jan"), ("Q4", "Q1"), ("下半年", "上半年"), ("w52", "w1"), ("1.9", "1.10")],
)
def test_waves_that_do_not_say_their_year_follow_their_answers_and_else_are_asked_for(old: str, new: str) -> None:
    (row,) = verify(desk(old, new, (20_427, 20_458)))
    assert (row.value, row.before_wave, row.after_wave, "ordered_by_answers" in row.warnings) == (3.0, old, new, True)
    assert refused(lambda: verify(desk(old, new))).id in {"periods.year", "periods.unclear"}
    assert [row.value for row in verify(desk(old, new), order=(old, new))] == [3.0]


def test_waves_of_one_year_keep_the_order_of_their_names_unless_their_answers_say_another() -> None:
    assert [(row.before_wave, row.warnings.count("ordered_by_answers")) for row in verify(desk("3月", "4月"))] == [
        ("3月", 0)
    ]
    assert [
        (row.before_wave, row.warnings.count("ordered_by_answers"))
        for row in verify(desk("4月", "3月", (20_000, 20_330)))
    ] == [("4月", 1)]


def test_a_feature_drifts_over_the_end_of_a_year_in_the_order_that_is_given() -> None:
    native = late_checkouts().frame.collect("polars").to_native()
    named = native.with_columns(wave=native["wave"].replace({"2024": "12月", "2025": "1月", "2026": "2月"}))
    if "at_us" in named.columns:
        named = named.drop([name for name in named.columns if name in {"at", "at_us"}])
    assert refused(lambda: kano_drift(named, construct="late_checkout")).id == "periods.year"
    assert kano_drift(named, construct="late_checkout", order=("12月", "1月", "2月"))[0].waves == ("12月", "1月", "2月")


def test_a_feature_drifts_from_wave_to_wave_in_their_order() -> None:
    def drifted(*names: str) -> tuple[tuple[str, ...], float | None]:
        waves = dict(zip(("2024", "2025", "2026"), names, strict=True))
        native = late_checkouts().frame.collect("polars").to_native()
        row = kano_drift(native.with_columns(wave=native["wave"].replace(waves)), construct="late_checkout")[0]
        return row.waves, row.value

    value = kano_drift(late_checkouts(), construct="late_checkout")[0].value
    assert drifted("8", "9", "10") == (("8", "9", "10"), value)
    assert drifted("Q3 2025", "Q4 2025", "Q1 2026") == (("Q3 2025", "Q4 2025", "Q1 2026"), value)


def test_a_wave_that_is_passed_over_and_answers_of_no_wave_are_said() -> None:
    native = late_checkouts().frame.collect("polars").to_native()

    def warned(**names: str | None) -> set[str]:
        told = native.with_columns(
            wave=native["wave"].replace_strict({"2024": "2024", "2025": "2025", "2026": "2026", **names})
        )
        return set(kano_drift(told, construct="late_checkout")[0].warnings) & {
            "waves_passed_over",
            "answers_without_wave",
        }

    assert [warned(), warned(**{"2026": "2027"}), warned(**{"2026": None})] == [
        set(),
        {"waves_passed_over"},
        {"answers_without_wave"},
    ]


def test_rows_by_wave_stand_in_order_of_time_and_are_drawn_as_a_line() -> None:
    rows = [said("nps", [9, 10, 3] * 12, scale=(0, 10), item="nps", wave=wave) for wave in ("10", "9", "8")]
    found = nps(facts(*rows), by="wave")
    assert [row.group["wave"] for row in found] == ["8", "9", "10"]
    assert any(layer["mark"]["type"] == "line" for layer in found.chart().spec["layer"])


# --- control charts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    ["2026-{:02d}", "2026-{}", "2026/{}", "2026-{}-1", "2026/{}/1", "2026年{}月", "民國115年{}月", "115/{:02d}", "{}"],
)
def test_a_rise_over_twelve_months_gives_six_signals_however_they_are_spelled(form: str) -> None:
    rows = [{"period": form.format(month), "value": month} for month in range(1, 13)]
    (chart,) = control(rows[::-1])
    assert (chart.out, [point["period"] for point in chart.points]) == (6, [row["period"] for row in rows])


def test_months_that_stand_twice_are_refused_by_name() -> None:
    rows = [{"period": f"2026-{month:02d}", "value": value} for month in range(1, 7) for value in (2, 20)]
    error = refused(lambda: control(rows))
    assert (error.id, error.fields["name"], error.fields["times"]) == ("periods.repeated", "2026-01", 2)


def test_months_that_are_not_there_are_said() -> None:
    (chart,) = found = control([{"period": f"2026-{month}", "value": month % 3} for month in (1, 2, 4, 5, 6, 8)])
    assert (chart.absent, "gaps_in_series" in chart.warnings) == (("2026-03", "2026-07"), True)
    assert "2 periods in between missing (2026-03, 2026-07)" in found.text()


def test_a_baseline_that_may_be_a_count_or_a_name_is_asked_for() -> None:
    rows = [{"period": str(at), "value": at % 4} for at in range(30)]
    error = refused(lambda: control(rows, baseline="20"))
    assert (error.id, error.fields["last"], error.fields["until"]) == ("control.baseline_unclear", "19", 21)
    assert [control(rows, baseline=named)[0].baseline for named in ("first:20", "until:20", 20)] == [20, 21, 20]
    assert control([{**row, "period": str(at)} for at, row in enumerate(rows, 1)], baseline="20")[0].baseline == 20
    months = [{"period": f"2026-{month}", "value": month % 4} for month in range(1, 13)]
    assert [control(months, baseline=named)[0].baseline for named in ("2026-8", "2026-08", "8")] == [8, 8, 8]


# --- other axes -------------------------------------------------------------------------------------------------------


def yearly() -> Rows:
    """Complaints a thousand visitors; the new signs came in 2019."""
    seen = [10, 11, 12, 11, 12, 13, 12, 13, 14, 19, 20, 19, 20, 21, 20, 21, 22]
    return [{"period": str(2010 + at), "value": value, "after": int(at > 8)} for at, value in enumerate(seen)]


def test_a_series_listed_from_the_newest_year_tells_the_same() -> None:
    assert series(yearly()[::-1]).as_dict() == series(yearly()).as_dict()
    assert series(yearly()[::-1], at="2019")[0].value == series(yearly())[0].value


def test_a_series_refuses_years_that_stand_twice_and_marks_that_end_again() -> None:
    error = refused(lambda: series([*yearly(), yearly()[3], yearly()[3]]))
    assert (error.id, error.fields["name"], error.fields["times"]) == ("periods.repeated", "2013", 3)
    assert (
        refused(lambda: series([{**row, "after": int(row["period"] == "2019")} for row in yearly()])).id
        == "series.after"
    )


def test_a_year_that_is_not_there_keeps_its_place() -> None:
    gap = series([row for row in yearly() if row["period"] != "2013"])[0]
    assert "gaps_in_series" in gap.warnings
    assert gap.value == pytest.approx(series(yearly())[0].value, abs=0.3)


def test_differences_in_differences_do_not_depend_on_the_names_of_months() -> None:
    rows, names = counters(), {str(at): f"2026-{at + 7}" for at in range(1, 6)} | {"6": "2027-1"}
    renamed = [{**row, "period": names[row["period"]]} for row in rows[::-1]]
    (one,), (two,) = did(rows), did(renamed)
    assert (two.value, two.trend, two.p) == pytest.approx((one.value, one.trend, one.p))
    bare = [{name: value for name, value in row.items() if name != "after"} for row in renamed]
    assert did(bare, at="2026-11")[0].value == pytest.approx(one.value)
    assert did(bare, at="2026/11")[0].value == pytest.approx(one.value)


def test_a_unit_that_stands_twice_in_a_month_is_refused_by_name() -> None:
    error = refused(lambda: did([*counters(), counters()[0]]))
    assert (error.id, error.fields["unit"], error.fields["period"]) == ("did.twice", "counter 1", "1")


def test_without_an_order_of_periods_the_course_before_the_change_is_not_compared() -> None:
    names = dict(zip("123456", ("rat", "ox", "tiger", "hare", "dragon", "snake"), strict=True))
    (row,) = did([{**row, "period": names[row["period"]]} for row in counters()])
    assert ("no_trend_check" in row.warnings, row.value) == (True, pytest.approx(did(counters())[0].value))
    assert (
        did([{**row, "period": names[row["period"]]} for row in counters()], order=tuple(names.values()))[0].trend
        == did(counters())[0].trend
    )


def test_expectations_are_followed_from_month_to_month() -> None:
    rows = asked_again()
    renamed = [{**row, "period": f"2026-{row['period'] + 6}"} for row in rows[::-1]]
    assert [row.value for row in ratchet(renamed)] == pytest.approx([row.value for row in ratchet(rows)])
