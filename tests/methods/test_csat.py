"""Satisfaction: R's numbers, boxes and scales, words."""

from __future__ import annotations

import pytest

from peakend.methods import csat


def test_a_hundred_answers_have_the_mean_and_the_top_boxes_of_r() -> None:
    row = csat.from_counts([4, 6, 15, 40, 35])  # R 4.2.2: mean, sd, t.test, Wilson
    assert row.intervals is not None
    found = (row.mean, row.sd, *(row.intervals["mean"] or ()), row.value, *(row.intervals["top_box"] or ()), row.rescaled)
    expected = (3.96, 1.05332566165215, 3.75099733666088, 4.16900266333912, 75, 65.6955364519384, 82.4547886377123, 74)
    assert found == pytest.approx(expected, abs=1e-7)
    assert (row.low, row.high) == row.intervals["top_box"]
    assert (row.metric, row.top, row.scale) == ("csat.top2.1-5", (4, 5), (1, 5))


@pytest.mark.parametrize(("x", "n", "ends"), [(81, 263, (25.5288519878274, 36.62095769828)), (15, 148, (6.23863995307363, 16.0487241723308))])
def test_the_top_box_has_the_wilson_interval_of_newcombe_1998(x: int, n: int, ends: tuple[float, float]) -> None:
    row = csat.from_counts([n - x, 0, 0, 0, x])
    assert (row.value, row.low, row.high) == pytest.approx((100 * x / n, *ends), abs=1e-6)


@pytest.mark.parametrize(
    ("scale", "boxes", "top", "metric"),
    [
        ((1, 3), None, (3,), "csat.top1.1-3"),
        ((1, 7), None, (6, 7), "csat.top2.1-7"),
        ((1, 7), 3, (5, 6, 7), "csat.top3.1-7"),
        ((0, 10), None, (9, 10), "csat.top2.0-10"),
    ],
)
def test_scale_and_boxes_are_part_of_the_metric(scale: csat.Scale, boxes: int | None, top: tuple[float, ...], metric: str) -> None:
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
        "75.0 % are satisfied (95 % interval 74.1 to 75.8, 10,000 answers); satisfied means 4–5 on the scale 1–5.",
        "75.0% 感到滿意（95% 信賴區間 74.1 至 75.8，10,000 筆回答）；滿意指量表 1–5 中的 4–5 分。",
        "75.0% 感到满意（95% 置信区间 74.1 至 75.8，10,000 条回答）；满意指量表 1–5 中的 4–5 分。",
    ]
