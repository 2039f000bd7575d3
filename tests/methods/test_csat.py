"""Satisfaction: R's numbers, boxes and scales, words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.errors import MethodError
from peakend.methods import csat
from tests.methods.facts_of import NOT_APPLICABLE, SKIPPED, facts, said


def test_a_hundred_answers_have_both_figures_and_the_name_of_their_metric() -> None:
    row = csat.from_counts([4, 6, 15, 40, 35])  # its figures are held against R in tests/reference
    assert row.intervals is not None
    assert (row.low, row.high) == row.intervals["top_box"]
    assert (row.metric, row.top, row.scale, row.rescaled) == ("csat.top2.1-5", (4, 5), (1, 5), pytest.approx(74))


@pytest.mark.parametrize(
    ("scale", "boxes", "top", "metric"),
    [
        ((1, 3), None, (3,), "csat.top1.1-3"),
        ((1, 7), None, (6, 7), "csat.top2.1-7"),
        ((1, 7), 3, (5, 6, 7), "csat.top3.1-7"),
        ((0, 10), None, (9, 10), "csat.top2.0-10"),
    ],
)
def test_scale_and_boxes_are_part_of_the_metric(
    scale: csat.Scale, boxes: int | None, top: tuple[float, ...], metric: str
) -> None:
    row = csat.from_counts([10] * int(scale[1] - scale[0] + 1), scale=scale, boxes=boxes)
    assert (row.top, row.metric) == (top, metric)


def test_a_scale_of_a_hundred_points_has_a_mean_but_no_boxes() -> None:
    counts = {0: 10, 55: 20, 100: 30}
    boxes, mean = csat.from_counts(counts, scale=(0, 100)), csat.from_counts(counts, scale=(0, 100), measure="mean")
    assert boxes.refused is not None
    assert (boxes.value, boxes.refused.id, boxes.n) == (None, "ratings.no_boxes", 60)
    assert (mean.value, mean.top_box, mean.metric) == (pytest.approx(4100 / 60), None, "csat.mean.0-100")


def test_nobody_has_no_figure_and_a_reason() -> None:
    row = csat.from_counts([0] * 5)
    assert row.refused is not None
    assert row.refused.message().startswith("Too few answers to tell yet (0 of 1;")


def test_the_sentences_are_whole_in_three_languages() -> None:
    row = csat.from_counts([400, 600, 1500, 4000, 3500])
    assert [csat._say(row, lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "75.0% are satisfied (95% confidence interval 74.1 to 75.8, 10,000 answers), that is, gave 4–5 on a scale "
            "of 1 "
            "to 5."
        ),
        "75.0% 的顧客感到滿意（95% 信賴區間 74.1 至 75.8，10,000 筆回答）；在 1–5 分中給 4–5 分算滿意。",
        "75.0% 的客户感到满意（95% 置信区间 74.1 至 75.8，10,000 条回答）；在 1–5 分中打 4–5 分算满意。",
    ]


def test_every_construct_has_its_row_but_recommendation_and_effort_have_none() -> None:
    answers = facts(
        said("signs", [5, 4, 2, SKIPPED, NOT_APPLICABLE]),
        said("food", [1, 5]),
        said("nps", [10], scale=(0.0, 10.0)),
        said("ces", [7], scale=(1.0, 7.0)),
    )
    rows = csat.csat(answers)
    assert [(row.construct, row.value, row.n, row.missing, row.not_applicable) for row in rows] == [
        ("food", 50.0, 2, 0, 0),
        ("signs", pytest.approx(200 / 3), 3, 1, 1),
    ]


def test_the_construct_csat_comes_before_all_others_and_a_named_one_before_it() -> None:
    answers = facts(said("csat", [5]), said("signs", [1]))
    assert [row.construct for row in csat.csat(answers)] == ["csat"]
    assert [row.construct for row in csat.csat(answers, construct="signs")] == ["signs"]
    assert [row.construct for row in csat.csat(answers, construct=("signs", "csat"))] == ["csat", "signs"]


def test_two_scales_in_one_construct_are_refused_until_one_is_chosen() -> None:
    answers = facts(said("signs", [5, 4]), said("signs", [7, 6, 1], scale=(1.0, 7.0)))
    (row,) = csat.csat(answers)
    assert row.refused is not None
    assert (row.value, row.refused.fields) == (None, {"construct": "signs", "scales": "1–5, 1–7"})
    assert [(row.n, row.metric) for row in csat.csat(answers, scale=(1, 7))] == [(3, "csat.top2.1-7")]


def test_a_scale_that_is_not_stated_is_refused() -> None:
    (row,) = csat.csat(facts(said("signs", [5, 4], scale=None)))
    assert row.refused is not None
    assert row.refused.id == "ratings.no_scale"


def test_where_there_is_only_the_recommendation_question_there_is_no_satisfaction() -> None:
    with pytest.raises(MethodError) as refused:
        csat.csat(facts(said("nps", [9], scale=(0.0, 10.0))))
    assert (refused.value.id, refused.value.fields) == ("csat.none", {"found": "nps (0–10)"})
    assert len(csat.csat(facts())) == 0


@settings(max_examples=12)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_counts_and_rows_agree(values: list[int]) -> None:
    (row,) = csat.csat(facts(said("signs", values)))
    counted = csat.from_counts([values.count(v) for v in range(1, 6)])
    same = ("value", "low", "high", "mean", "sd", "intervals", "counts", "top_box", "metric", "weighted")
    assert [getattr(row, name) for name in same] == [getattr(counted, name) for name in same]


def test_a_trend_of_one_construct_is_a_line_and_several_constructs_are_dots() -> None:
    one = said("signs", [5, 4, 3], day=20000) + [
        row | {"response": f"later{at}"} for at, row in enumerate(said("signs", [5, 5], day=20040))
    ]
    assert [row.group["month"] for row in csat.csat(facts(one), by="month")] == ["2024-10", "2024-11"]
    line, dots = csat.csat(facts(one), by="month").chart(), csat.csat(facts(one, said("food", [1, 5]))).chart()
    assert [point["key"] for point in line.spec["data"]["values"]] == ["2024-10", "2024-11"]
    assert [point["key"] for point in dots.spec["data"]["values"]] == ["signs", "food"]


def test_the_mean_is_said_on_its_scale() -> None:
    found = csat.csat(facts(said("signs", [5, 4, 4, 3] * 10)), measure="mean")
    assert (
        found.text("en") == "Signs: mean 4.00 on a scale of 1 to 5 (95% confidence interval 3.77 to 4.23, 40 answers)."
    )
