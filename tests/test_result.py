"""How results write themselves: figures, intervals, groups and changes, in three languages."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from peakend.change import Change
from peakend.figures import figure, number, signed_number
from peakend.methods import BY_ID
from peakend.result import Result, evidence, group_words, lead
from peakend.result.words import p_value, period_words
from peakend.terms import LANGUAGES, Words, using_names, wrong_script

WHOLE = Result(value=39.8, low=38.0, high=41.6, n=2746, version="nps/1")
CHANGE = Change(
    value=4.3, low=1.0, high=7.5, n=5577, version="nps/1", measure="nps", unit="point", before=35.5, after=39.8,
    n_before=2831, n_after=2746, test="adjusted_wald", p=0.0104, clear=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(2746, 0, "2,746"), (-3.14, 1, "−3.1"), (-0.04, 1, "0.0"), (0.0, 0, "0"), (-1234.5, 2, "−1,234.50")],
)
def test_a_figure_has_separators_a_real_minus_and_no_negative_zero(value: float, digits: int, written: str) -> None:
    assert number(value, digits) == written


def test_a_difference_shows_its_sign_unless_it_is_written_as_zero() -> None:
    assert [signed_number(v) for v in (1.26, -1.26, 0.01, -0.01)] == ["+1.3", "−1.3", "0.0", "0.0"]


def test_the_evidence_stands_behind_the_figure_in_each_language() -> None:
    assert evidence(WHOLE, "en") == " (95% confidence interval 38.0 to 41.6, 2,746 answers)"
    assert evidence(WHOLE, "zh-Hant") == "（95% 信賴區間 38.0 至 41.6，2,746 筆回答）"
    assert evidence(WHOLE, "zh-Hans") == "（95% 置信区间 38.0 至 41.6，2,746 条回答）"
    assert evidence(replace(WHOLE, low=None, high=None, n=1), "en") == " (1 answer)"


def test_a_sentence_begins_with_the_cell_it_is_about() -> None:
    row = replace(WHOLE, group=MappingProxyType({"boarding": "A", "month": "2017-05", "gate": None}))
    assert group_words(row, "en") == "boarding A · 2017-05 · no gate"
    assert lead(row, "en", "signs") == "Boarding A · 2017-05 · no gate · signs: "
    assert (lead(WHOLE, "en"), lead(WHOLE, "zh-Hant", "指標")) == ("", "指標：")


def test_a_clear_change_says_from_where_to_where() -> None:
    assert [CHANGE.text(lang) for lang in LANGUAGES] == [
        (
            "Net promoter score: up 4.3 points (95% confidence interval 1.0 to 7.5), from 35.5 (2,831 answers) to 39.8 "
            "(2,746 answers)."
        ),
        "淨推薦值：上升 4.3 分（95% 信賴區間 1.0 至 7.5），由 35.5（2,831 筆回答）到 39.8（2,746 筆回答）。",
        "净推荐值：上升 4.3 分（95% 置信区间 1.0 至 7.5），由 35.5（2,831 条回答）到 39.8（2,746 条回答）。",
    ]
    assert all(wrong_script(CHANGE.text(lang), lang) == set() for lang in LANGUAGES)


def test_a_change_within_noise_is_not_called_a_change() -> None:
    noise = replace(CHANGE, value=0.9, low=-2.4, high=4.2, clear=False)
    assert noise.text("en").startswith(
        "Net promoter score: no clear change (+0.9 points, 95% confidence interval −2.4 to 4.2), from "
    )
    assert noise.text("zh-Hant").startswith("淨推薦值：沒有明顯變化（+0.9 分，95% 信賴區間 −2.4 至 4.2），由 ")


def test_figures_as_data_have_the_digits_on_which_engines_agree() -> None:
    one, two = replace(WHOLE, value=40.39843551170738), replace(WHOLE, value=40.3984355117073)
    assert one.as_dict() == two.as_dict()
    assert replace(WHOLE, value=float("nan")).as_dict()["value"] is None
    assert (one.as_dict()["value"], one.as_dict()["n"]) == (40.39843551, 2746)


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2017-W18", ("week of 1 May 2017", "2017 年第 18 週（5/1 起）", "2017 年第 18 周（5/1 起）")),
        ("15", ("period 15", "第 15 期", "第 15 期")),
        ("2017-05", ("2017-05", "2017-05", "2017-05")),
        ("2017", ("2017", "2017", "2017")),
    ],
)
def test_a_week_is_said_by_its_monday_and_a_numbered_period_as_a_period(
    period: str, said: tuple[str, str, str]
) -> None:
    assert tuple(period_words(period, lang) for lang in LANGUAGES) == said


def test_a_small_p_is_never_said_to_be_zero() -> None:
    assert [p_value(0.00004, lang) for lang in LANGUAGES] == ["p < 0.001", "p 值 < 0.001", "p 值 < 0.001"]
    assert [p_value(0.012, lang) for lang in LANGUAGES] == ["p = 0.012", "p 值 0.012", "p 值 0.012"]
    assert [figure(0.00004, 3), figure(-0.00004, 3), figure(0.0, 3), figure(0.0005, 3)] == [
        "<0.001",
        ">−0.001",
        "0.000",
        "0.001",
    ]


def test_a_method_heads_its_columns_by_its_own_words_whatever_a_service_calls_the_same_id() -> None:
    heads = {
        name: BY_ID[name].heading(column, "zh-Hant")
        for name, column in (("gaps", "gap"), ("servqual", "gap"), ("queue", "n"))
    }
    assert heads == {"gaps": "缺口", "servqual": "落差", "queue": "等候次數"}
    assert (BY_ID["queue"].heading("promised", "en"), BY_ID["agreement"].heading("expected", "en")) == (
        "times announced",
        "agreement by chance",
    )
    with using_names({"n": Words("nurses", "護理師", "护士")}):
        assert BY_ID["csat"].heading("n", "en") == "answers (n)"


def test_a_class_of_rows_is_of_one_method_only() -> None:
    nps = BY_ID["nps"]
    with pytest.raises(ValueError, match=r"^NPS is the row of Method\(nps/1\) already, not of Method\(csat/1\) too$"):
        replace(nps, id="csat")
    assert nps.row.method is nps
