"""Key drivers: what is worth improving, how shares are put in percent, and on which scales they were asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.errors import MethodError
from peakend.facts.shape import OUTCOMES, WHOLE
from peakend.field import outcomes
from peakend.methods.drivers import drivers, from_covariance, from_rows
from peakend_web.findings.inquiry.method_questions import question_of
from tests.methods.guests import visits


def judged(seed: int = 6) -> list[dict[str, Any]]:
    """Mr Chen's airport: whoever takes the shuttle judges the whole by it, but three in ten do; everybody eats, and the
    food is poor.
    """
    rng, rows = np.random.default_rng(seed), []
    for at in range(900):
        shuttle, food, signs = np.clip(np.rint(rng.normal((4.2, 2.6, 4.3), (0.9, 0.9, 0.7))), 1, 5)
        rides = at % 10 < 3
        whole = np.clip(
            np.rint(3.4 + rides * 1.1 * (shuttle - 4.2) + 0.5 * (food - 2.6) + rng.normal(0, 0.5 if rides else 1.2)),
            1,
            5,
        )
        told = {"food": food, "signs": signs, "overall": whole} | ({"shuttle": shuttle} if rides else {})
        rows += [
            {
                "response": f"r{at}",
                "construct": name,
                "touchpoint": name,
                "value": float(value),
                "low": 1.0,
                "high": 5.0,
            }
            for name, value in told.items()
        ]
    return rows


def test_what_few_use_may_lead_by_share_and_never_leads_what_to_improve() -> None:
    rows = {row.driver: row for row in drivers(judged())}
    shuttle, food = rows["shuttle"], rows["food"]
    assert (shuttle.rank, food.rank, shuttle.worth_rank, food.worth_rank) == (1, 2, 2, 1)
    assert food.p_worth is not None
    assert food.p_worth > 0.95
    assert sum(row.p_worth or 0 for row in rows.values()) == pytest.approx(1)


def test_the_finding_leads_with_what_is_worth_improving_and_says_the_share_second() -> None:
    found = drivers(judged())
    (told,) = question_of("drivers").telling(list(found))
    assert told.driver == "food"
    starts = [found.sentence(told, lang) for lang in ("en", "zh-Hant", "zh-Hans")]
    assert starts[0].startswith(
        "food comes first of 3 (in over 99% of resamples) for improvement: 100% use it, it is 2.39"
    )
    assert starts[0].index("use it") < starts[0].index("of what the touchpoints explain")
    assert starts[1].startswith(
        "「food」的改善優先順序為第 1（共 3 項，在超過 99% 的重抽樣中排第一）：100% 的顧客使用過，離滿分尚有 2.39"
    )
    assert starts[2].startswith(
        "“food”的改进优先顺序为第 1（共 3 项，在超过 99% 的重抽样中排第一）：100% 的客户使用过，离满分还有 2.39"
    )


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from((40, 200)))
def test_the_interval_of_a_share_in_percent_stays_within_a_hundred_even_where_nothing_is_explained(
    seed: int, n: int
) -> None:
    rows = from_rows(np.random.default_rng(seed).normal(size=(n, 4)), ["a", "b", "c", "y"], "y")
    assert len(rows) == 3
    assert all(0 <= (row.percent_low or 0) <= (row.percent_high or 0) <= 100 for row in rows)
    assert all("%" in words for words in rows.sentences().splitlines())


def test_the_interval_in_percent_is_divided_within_each_replicate() -> None:
    """Two drivers share what there is: what one has in a replicate the other has not."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(400, 2))
    one, two = from_rows(np.column_stack([x, x @ (0.3, 0.2) + rng.normal(size=400)]), ["a", "b", "y"], "y")
    assert [100 - (two.percent_low or 0), 100 - (two.percent_high or 0)] == pytest.approx(
        [one.percent_high, one.percent_low]
    )


@pytest.mark.parametrize("model", ["pairwise", "visits"])
def test_the_correlation_is_that_of_the_n_beside_it(model: Any) -> None:
    """Of 300 guests half met the desk, and those judged the whole more alike than the others."""
    rng = np.random.default_rng(2)
    y = np.r_[rng.normal(0, 0.5, 150), rng.normal(0, 3, 150)]
    desk, room = np.r_[y[:150] + rng.normal(0, 0.5, 150), np.full(150, np.nan)], y + rng.normal(size=300)
    rows = {
        row.driver: row
        for row in from_rows(np.column_stack([desk, room, y]), ["desk", "room", "y"], "y", missing=model)
    }
    assert (rows["desk"].n, rows["desk"].r) == (150, pytest.approx(np.corrcoef(desk[:150], y[:150])[0, 1]))
    assert (rows["room"].n, rows["room"].r) == (300, pytest.approx(np.corrcoef(room, y)[0, 1]))


def test_the_correlation_from_facts_is_that_of_the_n_beside_it() -> None:
    frame = visits(240)
    wide = frame.pivot("construct", index="response", values="value").drop_nulls()
    (lift,) = (row for row in drivers(frame) if row.driver == "lift")
    assert (lift.n, lift.r) == (wide.height, pytest.approx(np.corrcoef(wide["lift"], wide["overall"])[0, 1]))


def test_a_driver_that_was_asked_on_two_scales_is_set_aside_and_an_outcome_refused() -> None:
    frame = visits()
    late = pl.col("response").str.slice(1).cast(pl.Int64) >= 300

    def rescaled(name: str) -> pl.DataFrame:
        here = late & (pl.col("construct") == name)
        return frame.with_columns(
            pl.when(here).then(2 * pl.col("value")).otherwise(pl.col("value")).alias("value"),
            pl.when(here).then(10.0).otherwise(pl.col("high")).alias("high"),
        )

    aside = {row.driver: row.refused.as_dict() for row in drivers(rescaled("room")) if row.refused}
    assert aside == {"room": MethodError("ratings.mixed_scales", construct="room", scales="1–10, 1–5").as_dict()}
    with pytest.raises(MethodError) as refusal:
        drivers(rescaled("overall"))
    assert (refusal.value.id, refusal.value.fields["construct"]) == ("ratings.mixed_scales", "overall")


def test_room_counts_alike_on_every_scale() -> None:
    """The same answers on 1–5 and on 1–9: a point of five is two of nine."""
    frame = visits()
    longer = frame.with_columns(
        pl.when(pl.col("construct") == "room").then(2 * pl.col("value") - 1).otherwise(pl.col("value")).alias("value"),
        pl.when(pl.col("construct") == "room").then(9.0).otherwise(pl.col("high")).alias("high"),
    )
    short, long = ({row.driver: row for row in drivers(one)} for one in (frame, longer))
    assert [long[name].priority for name in short] == pytest.approx([2 * (row.priority or 0) for row in short.values()])
    assert {name: row.worth_rank for name, row in long.items()} == {name: row.worth_rank for name, row in short.items()}


def test_the_whole_that_drivers_explain_is_the_one_that_touchpoints_are_compared_with() -> None:
    """Asked how satisfied they are in two ways and whether they would recommend: one order, wherever nobody says which
    is meant.
    """
    whole = visits().filter(pl.col("construct") == "overall")
    frame = pl.concat([visits(), *(whole.with_columns(construct=pl.lit(name)) for name in ("csat", "nps"))])
    asked = frame.with_columns(construct=pl.col("construct").replace("overall", "satisfaction"))
    assert {row.outcome for row in drivers(frame)} == {"overall"}
    assert {row.outcome for row in drivers(asked)} == {"satisfaction"}
    kept = (("csat", "satisfaction"), ("nps", "csat"), ("nps",))
    assert [outcomes.first_of(WHOLE, names) for names in kept] == ["satisfaction", "csat", None]
    assert OUTCOMES[: len(WHOLE)] == WHOLE


def test_of_one_driver_alone_none_is_said_to_come_first() -> None:
    alone = from_covariance([[1.0, 0.5], [0.5, 1.0]], ["wait", "overall"], 400)
    said = (
        "wait is the only touchpoint with enough answers, so none can be put first; it explains 25.0% of the "
        "differences in “overall”."
    )
    assert alone[0].text("en").startswith(said)
