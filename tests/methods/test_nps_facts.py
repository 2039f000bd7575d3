"""Net promoter score from facts: which answers count, groups and periods, weights, engines, pictures."""

from __future__ import annotations

import datetime as dt

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.errors import MethodError
from peakend.methods import nps
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import INVALID, NOT_APPLICABLE, NOT_SHOWN, SKIPPED, facts, said, sample

TEN = (0.0, 10.0)


def test_mrs_lin_s_hotel_counts_every_answer_once_and_says_what_it_could_not_use() -> None:
    answers = said("nps", [10, 9, 9, 8, 7, 3, 0, 7.5, SKIPPED, SKIPPED, INVALID, NOT_APPLICABLE, NOT_SHOWN], scale=TEN)
    (row,) = nps.nps(facts(answers))
    assert (row.promoters, row.passives, row.detractors, row.n) == (3, 2, 2, 7)
    assert (row.missing, row.invalid, row.not_applicable, row.not_shown) == (2, 2, 1, 1)
    assert row.value == pytest.approx(100 / 7)
    assert (row.construct, dict(row.group), row.warnings) == ("nps", {}, ("low_base",))
    assert row.scores == (1, 0, 0, 1, 0, 0, 0, 1, 1, 2, 1)


def test_a_score_off_the_scale_is_invalid_and_not_a_detractor() -> None:
    rows = said("nps", [11, -1, 99, 10, 9], scale=None)
    (row,) = nps.nps(facts(rows))
    assert (row.n, row.invalid, row.detractors, row.value) == (2, 3, 0, 100.0)
    assert "scale_unstated" in row.warnings


def test_the_named_construct_wins_then_nps_then_the_only_one_on_ten() -> None:
    recommend, signs = said("recommend", [10, 10, 0], scale=TEN), said("signs", [4, 5, 2])
    own = said("nps", [0, 0], scale=TEN)
    assert nps.nps(facts(recommend, signs))[0].construct == "recommend"
    assert nps.nps(facts(recommend, signs, own))[0].construct == "nps"
    assert nps.nps(facts(recommend, signs, own), construct="recommend")[0].construct == "recommend"
    assert nps.nps(facts(recommend, signs, own), where={"construct": "recommend"})[0].construct == "recommend"


def test_two_scores_that_might_be_meant_are_refused_with_the_list() -> None:
    with pytest.raises(MethodError) as refused:
        nps.nps(facts(said("hotel", [9], scale=TEN), said("spa", [9], scale=TEN), said("signs", [4])))
    assert (refused.value.id, refused.value.fields) == ("nps.which", {"found": "hotel (0–10), signs (1–5), spa (0–10)"})


def test_a_named_question_on_another_scale_is_refused() -> None:
    with pytest.raises(MethodError) as refused:
        nps.nps(facts(said("signs", [4, 5])), construct="signs")
    assert refused.value.fields == {"construct": "signs", "scales": "1–5"}


def test_no_answers_at_all_have_one_row_that_says_so() -> None:
    (row,) = nps.nps(facts())
    assert row.refused is not None
    assert (row.value, row.n, row.refused.id) == (None, 0, "nps.no_answers")
    assert len(nps.nps(facts(), by=("site",))) == 0


def test_a_group_whose_answers_are_all_missing_keeps_its_row() -> None:
    rows = nps.nps(
        facts(said("nps", [10, 9], scale=TEN, site="Taipei"), said("nps", [SKIPPED] * 3, scale=TEN, site="Tainan")),
        by="site",
    )
    assert [(dict(row.group), row.value, row.missing) for row in rows] == [
        ({"site": "Tainan"}, None, 3),
        ({"site": "Taipei"}, 100.0, 0),
    ]
    assert (
        rows.text()
        .splitlines()[0]
        .startswith("Site Tainan: No answer from 0 to 10 yet (0 invalid, 3 without an answer)")
    )


def test_only_customers_are_counted_unless_another_kind_of_respondent_is_named() -> None:
    both = facts(said("nps", [10, 9], scale=TEN), said("nps", [0], scale=TEN, respondent_kind="auditor"))
    assert nps.nps(both)[0].n == 2
    assert nps.nps(both, where={"respondent_kind": "auditor"})[0].value == -100
    assert nps.nps(both, where={"respondent_kind": ("customer", "auditor")})[0].n == 3


def days(first: dt.date, scores: list[int]) -> list[dict[str, object]]:
    start = (first - dt.date(1970, 1, 1)).days
    return [
        row | {"day": start + at, "response": f"{first}{at}"} for at, row in enumerate(said("nps", scores, scale=TEN))
    ]


def test_the_trend_by_month_is_in_order_and_its_picture_leaves_a_gap_for_the_month_without_answers() -> None:
    rows = nps.nps(facts(days(dt.date(2026, 11, 20), [9] * 20), days(dt.date(2027, 2, 1), [3] * 12)), by=("month",))
    assert [(row.group["month"], row.n, row.value) for row in rows] == [
        ("2026-11", 11, 100.0),
        ("2026-12", 9, 100.0),
        ("2027-02", 12, -100.0),
    ]
    drawn = rows.chart().spec["data"]["values"]
    assert [(point["key"], point["value"]) for point in drawn] == [
        ("2026-11", 100.0),
        ("2026-12", 100.0),
        ("2027-01", None),
        ("2027-02", -100.0),
    ]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 5)), min_size=2, max_size=30), st.randoms())
def test_the_order_of_rows_changes_nothing_and_counts_and_rows_agree(
    answers: list[tuple[int, float]], chance: object
) -> None:
    rows = [
        row | {"weight": weight, "response": str(at)}
        for at, (score, weight) in enumerate(answers)
        for row in said("nps", [score], scale=TEN)
    ]
    mixed = sorted(rows, key=lambda _: chance.random())  # type: ignore[attr-defined]
    (row,), (again,) = nps.nps(facts(rows)), nps.nps(facts(mixed))
    counted = nps.from_counts(scores=row.scores)
    assert (row.value, row.low, row.high, row.intervals, row.variance) == (
        counted.value,
        counted.low,
        counted.high,
        counted.intervals,
        counted.variance,
    )
    assert (again.value, again.low, again.high, again.scores) == (row.value, row.low, row.high, row.scores)
    assert dict(again.weighted or {}) == pytest.approx(dict(row.weighted or {}), rel=1e-9, abs=1e-7)


SFO_2017 = (17, 6, 8, 19, 18, 144, 130, 291, 677, 564, 872)
"""Counts of the answers 0…10 of the San Francisco airport's passenger survey, May 2017 (DataSF)."""


def test_the_passengers_of_san_francisco_2017_give_the_published_counts_and_score() -> None:
    (row,) = nps.nps(sample("airport"))
    assert (row.n, row.invalid, row.missing, row.scores) == (2746, 84, 1, SFO_2017)
    assert (row.value, row.low, row.high) == pytest.approx((39.8, 37.2, 42.4), abs=0.05)
    assert row.weighted is not None
    # by hand from the published table: Σw·c/Σw, √(n/(n−1)·Σ[w(c−m)]²)/Σw, (Σw)²/Σw²
    assert (row.weighted["value"], row.weighted["se"], row.weighted["n_eff"]) == pytest.approx(
        (40.398435512, 1.445724977, 2266.512355), abs=1e-6
    )
    assert (row.value, row.low, row.high) == tuple(
        getattr(nps.from_counts(scores=SFO_2017), name) for name in ("value", "low", "high")
    )


def test_every_engine_gives_the_same_digits() -> None:
    rows = [
        row | {"weight": 1 + at / 7}
        for at, row in enumerate(said("nps", [10, 9, 8, 3, SKIPPED, 11, 7.5], scale=None, site="A"))
    ]
    frame = pl.DataFrame(rows, schema_overrides={"value": pl.Float64, "low": pl.Float64, "high": pl.Float64})
    arrow = frame.to_arrow()
    sources = [frame, frame.lazy(), arrow, pd.DataFrame(rows), duckdb.connect().from_arrow(arrow)]
    first, *others = [nps.nps(source, by=("site",)).as_dict() for source in sources]
    assert first[0]["n"] == 4
    assert [other == first for other in others] == [True] * 4


def test_the_sentence_is_whole_in_three_languages_and_shows_the_weights_where_they_tell() -> None:
    rows = [
        said("nps", [score] * count, scale=TEN, item=f"q{score}", weight=1.0 if score > 6 else 2.0)
        for score, count in enumerate(SFO_2017)
    ]
    found = nps.nps(facts(*rows))
    weighted = "With survey weights: 24.4 (20.8 to 27.8)"
    twins = ("依調查權重加權後為 24.4（20.8 至 27.8）。", "按调查权重加权后为 24.4（20.8 至 27.8）。")
    assert [found.text(lang) for lang in LANGUAGES] == [
        (
            "Net promoter score 39.8 (95% confidence interval 37.2 to 42.4, 2,746 answers): of every 100 customers 52 "
            f"are promoters and 12 are detractors. {weighted}."
        ),
        (
            "淨推薦值 39.8（95% 信賴區間 37.2 至 42.4，2,746 筆回答）：每 100 位顧客中，52 位是推薦者，12 位是批評者。"
            f"{twins[0]}"
        ),
        (
            "净推荐值 39.8（95% 置信区间 37.2 至 42.4，2,746 条回答）：每 100 位客户中，52 位是推荐者，12 位是贬损者。"
            f"{twins[1]}"
        ),
    ]
    assert all(wrong_script(found.text(lang), lang) == set() for lang in LANGUAGES)


def test_the_table_has_the_columns_of_the_method_with_labels() -> None:
    table = nps.nps(facts(said("nps", [10, 9, 3], scale=TEN, site="Taipei")), by="site").table("zh-Hant")
    assert table.columns == (
        "site",
        "value",
        "low",
        "high",
        "promoters",
        "passives",
        "detractors",
        "weighted_value",
        "n",
        "missing",
        "invalid",
        "not_applicable",
    )
    assert table.labels[4:8] == ("推薦者", "被動者", "批評者", "加權值")
    assert table.rows[0][0] == "Taipei"


def test_one_score_is_drawn_as_its_three_parts_and_several_as_dots() -> None:
    one = nps.nps(facts(said("nps", [10, 9, 8, 3], scale=TEN, site="Taipei")))
    several = nps.nps(
        facts(said("nps", [10, 9, 8, 3], scale=TEN, site="Taipei"), said("nps", [0, 1], scale=TEN, site="Tainan")),
        by="site",
    )
    assert [part["value"] for part in one.chart().spec["data"]["values"]] == [0.25, 0.25, 0.5]
    assert [point["key"] for point in several.chart().spec["data"]["values"]] == ["Taipei", "Tainan"]
    assert one.chart().alt == one.sentences()


def test_one_answer_on_another_scale_takes_the_score_from_nobody_and_is_said() -> None:
    """Mr Wu's till sends a five of five for the NPS once; four hundred others answered from 0 to 10."""
    good = said("nps", [9, 10, 7, 3] * 100, scale=(0, 10), site="A")
    (one,) = found = nps.nps(facts(good, said("nps", [5, 4], scale=(1, 5), site="A")))
    (plain,) = nps.nps(facts(good))
    assert (one.value, one.low, one.high, one.n, one.invalid) == (plain.value, plain.low, plain.high, 400, 2)
    assert "other_scale" in one.warnings
    assert found.table().rows
    by_site = nps.nps(facts(good, said("nps", [5, 4], scale=(1, 5), site="B")), by="site")
    assert [(row.group["site"], row.n, row.invalid, row.value is None) for row in by_site] == [
        ("A", 400, 0, False),
        ("B", 0, 2, True),
    ]


def test_answers_on_other_scales_alone_are_no_net_promoter_score() -> None:
    with pytest.raises(MethodError) as caught:
        nps.nps(facts(said("nps", [5, 4] * 20, scale=(1, 5))))
    assert caught.value.id == "nps.scale"
