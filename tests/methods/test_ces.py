"""Effort: two editions that are never chained."""

from __future__ import annotations

import pytest

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.methods import ces
from tests.methods.facts_of import SKIPPED, facts, said


def test_edition_two_is_good_when_high() -> None:
    counts = [2, 3, 5, 10, 20, 35, 25]
    row = ces.from_counts(counts, edition=2)
    n, mean, variance = iv.tally_mean(range(1, 8), counts)
    assert (row.value, (row.low, row.high)) == (pytest.approx(mean), pytest.approx(iv.mean_t(n, mean, variance)))
    assert (row.top_box, row.edition, row.metric) == (80.0, 2, "ces2.mean")
    assert row.intervals is not None
    assert row.intervals["top_box"] == pytest.approx(tuple(100 * end for end in iv.wilson(80, 100) or ()))


def test_edition_one_is_good_when_low() -> None:
    row = ces.from_counts([30, 40, 15, 10, 5], edition=1)
    assert (row.mean, row.top_box, row.top) == (pytest.approx(2.2), 70.0, (1, 2))


def test_the_two_editions_are_never_put_on_one_line() -> None:
    with pytest.raises(MethodError, match=r"change\.not_comparable"):
        ces.change(
            ces.from_counts([30, 40, 15, 10, 5], edition=1), ces.from_counts([2, 3, 5, 10, 20, 35, 25], edition=2)
        )


def test_one_answer_is_too_few_for_a_mean() -> None:
    row = ces.from_counts([0, 0, 0, 0, 0, 0, 1])
    assert row.refused is not None
    assert (row.value, row.refused.id) == (None, "ratings.too_few")


def test_the_sentences_are_whole_in_three_languages() -> None:
    row = ces.from_counts([20, 30, 50, 100, 200, 350, 250])
    assert [ces._say(row, lang) for lang in ("en", "zh-Hant", "zh-Hans")] == [
        (
            "Effort score: mean 5.48 on a scale of 1 to 7 (higher is better; 95% confidence interval 5.39 to 5.57, "
            "1,000 "
            "answers); 80.0% found it easy."
        ),
        "費力度平均 5.48 分（1–7 分，越高越好；95% 信賴區間 5.39 至 5.57，1,000 筆回答）；80.0% 的顧客覺得輕鬆。",
        "费力度平均 5.48 分（1–7 分，越高越好；95% 置信区间 5.39 至 5.57，1,000 条回答）；80.0% 的客户觉得轻松。",
    ]


def test_the_edition_is_read_from_the_scale() -> None:
    (one,) = ces.ces(facts(said("ces", [1, 2, 5, SKIPPED])))
    (two,) = ces.ces(facts(said("ces", [7, 6, 1], scale=(1.0, 7.0))))
    assert (one.edition, one.n, one.missing, one.top_box) == (1, 3, 1, pytest.approx(200 / 3))
    assert (two.edition, two.value, two.top_box) == (2, pytest.approx(14 / 3), pytest.approx(200 / 3))


def test_both_editions_in_one_table_are_refused_until_one_is_chosen() -> None:
    both = facts(said("ces", [1, 2], site="Taipei"), said("ces", [7, 6, 5], scale=(1.0, 7.0), site="Tainan"))
    with pytest.raises(MethodError) as refused:
        ces.ces(both, by="site")
    assert (refused.value.id, refused.value.fields) == ("ces.mixed_editions", {"scales": "1–5, 1–7"})
    assert [(row.group["site"], row.n) for row in ces.ces(both, by="site", edition=2)] == [("Tainan", 3)]


def test_another_scale_is_no_edition() -> None:
    with pytest.raises(MethodError) as refused:
        ces.ces(facts(said("ces", [9, 3], scale=(0.0, 10.0))))
    assert (refused.value.id, refused.value.fields) == ("ces.scale", {"scales": "0–10"})


def test_where_nobody_was_asked_about_effort_the_list_says_what_there_is() -> None:
    with pytest.raises(MethodError) as refused:
        ces.ces(facts(said("signs", [4])))
    assert (refused.value.id, refused.value.fields) == ("ces.none", {"found": "signs (1–5)"})
    assert ces.ces(facts(said("easy", [4, 5], scale=(1.0, 7.0))), construct="easy")[0].edition == 2
    assert len(ces.ces(facts())) == 0


def test_the_best_is_drawn_at_the_top_in_both_editions() -> None:
    hard, easy = {"construct": "ces", "site": "Tainan"}, {"construct": "ces", "site": "Taipei"}
    one = ces.ces(facts(said(values=[5, 4, 4], **hard), said(values=[1, 2, 1], **easy)), by="site")
    two = ces.ces(
        facts(said(values=[1, 2, 3], scale=(1.0, 7.0), **hard), said(values=[7, 6, 6], scale=(1.0, 7.0), **easy)),
        by="site",
    )
    assert [[point["key"] for point in rows.chart().spec["data"]["values"]] for rows in (one, two)] == [
        ["Taipei", "Tainan"]
    ] * 2
