"""A question that one response answers twice counts once, for every method alike: the latest by time, else it is
refused by name.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl
import pytest

from peakend.errors import FactsError
from peakend.facts import conform
from peakend.methods.kano import kano
from peakend.methods.nps import nps
from peakend.result import Method
from tests.methods.stories import late_checkouts
from tests.methods.test_every_method import ON_ANSWERS, answers, differing, run


def again(table: pl.DataFrame, *, earlier: int | None) -> pl.DataFrame:
    """The same answers, and beside some of them another one by the same response to the same question: at the same
    time, or so much before.
    """
    timed = table.with_columns(
        at_us=pl.col("at_us").fill_null(1_700_000_000_000_000), day=pl.col("day").fill_null(19_675)
    )
    given = timed.filter((pl.col("state") == "answered") & pl.col("value").is_not_null() & (pl.col("role") != "choice"))
    some = given.gather_every(17).with_columns(
        value=pl.col("low").fill_null(pl.col("value")), source=pl.lit(None, pl.String)
    )
    return pl.concat([timed, some if earlier is None else some.with_columns(at_us=pl.col("at_us") - earlier)])


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_an_answer_that_was_changed_later_counts_with_the_later_one(method: Method[Any]) -> None:
    table = answers(method.id)
    once = again(table, earlier=None).head(len(table))
    assert differing(run(method.id, again(table, earlier=1)).as_dict(), run(method.id, once).as_dict()) == []


@pytest.mark.parametrize("method", ON_ANSWERS)
def test_two_answers_of_which_nothing_says_which_is_later_are_refused_by_name(method: Method[Any]) -> None:
    with pytest.raises(FactsError) as caught:
        run(method.id, again(answers(method.id), earlier=None))
    assert (caught.value.id, caught.value.fields["times"]) == ("facts.answer_twice", 2)


ASKED = [
    {
        "response": f"r{at}",
        "item": "nps",
        "construct": "nps",
        "value": float(at % 11),
        "low": 0.0,
        "high": 10.0,
        "at_us": 100,
    }
    for at in range(40)
]


@pytest.mark.parametrize(
    "form",
    [
        list,
        pl.DataFrame,
        lambda rows: pl.DataFrame(rows).lazy(),
        lambda rows: duckdb.connect().from_arrow(pl.DataFrame(rows).to_arrow()),
    ],
)
def test_every_engine_finds_the_latest(form: Any) -> None:
    changed = [{**ASKED[5], "value": 10.0, "at_us": 200}, {**ASKED[6], "value": 0.0, "at_us": 50}]
    found = conform(form([*ASKED, *changed]))
    assert (found.again, nps(found)[0].value) == (2, nps([*ASKED[:5], changed[0], *ASKED[6:]])[0].value)
    assert nps(found.where(response="r5"))[0].n == 1


@pytest.mark.parametrize(
    "change", [{"at_us": None}, {}, {"at_us": 300, "wave": "2"}, {"at_us": 300, "survey": "other"}]
)
def test_without_a_time_at_one_time_or_on_another_occasion_nothing_is_the_latest(change: dict[str, Any]) -> None:
    with pytest.raises(FactsError) as caught:
        nps([*ASKED, {**ASKED[5], "value": 1.0, **change}])
    assert (caught.value.id, caught.value.fields["response"]) == ("facts.answer_twice", "r5")


def test_several_choices_and_codes_of_one_comment_are_no_repetition() -> None:
    choice = {
        "response": "r0",
        "item": "why",
        "construct": "reason",
        "role": "choice",
        "state": "answered",
        "low": None,
        "high": None,
    }
    assert (
        conform(
            [*ASKED, {**choice, "value": 1.0}, {**choice, "value": 2.0}, {**choice, "value": None, "text": "near"}]
        ).again
        == 0
    )


def test_a_side_of_a_pair_that_two_questions_ask_makes_no_pair_that_nobody_gave() -> None:
    table = late_checkouts().frame.collect("polars").to_native()
    other = table.filter(pl.col("role") == "functional").head(1).with_columns(item=pl.lit("another"), value=pl.lit(5.0))
    with pytest.raises(FactsError) as caught:
        kano(pl.concat([table, other]))
    assert caught.value.id == "facts.side_twice"


SAID: list[dict[str, Any]] = [
    {"response": f"r{at}", "item": "nps", "construct": "nps", "role": "score",
     "state": "skipped" if at % 4 == 0 else "answered",
     "value": None if at % 4 == 0 else float(at % 11), "low": 0.0, "high": 10.0, "text": None,
     "at_us": 100} for at in range(40)
] + [
    {"response": f"r{at}", "item": "why", "construct": "why", "role": "comment", "state": "answered",
     "value": None, "low": None, "high": None, "text": "slow", "at_us": 100} for at in range(12)
]  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [
        list,
        pl.DataFrame,
        lambda rows: pl.DataFrame(rows).lazy(),
        lambda rows: duckdb.connect().from_arrow(pl.DataFrame(rows).to_arrow()),
    ],
)
def test_a_skipped_question_or_a_comment_that_was_delivered_twice_counts_once_on_every_engine(form: Any) -> None:
    once, twice = conform(form(SAID)), conform(form([*SAID, SAID[0], SAID[4], SAID[4], SAID[-1]]))
    assert (once.repeated, twice.repeated) == (0, 4)
    assert [(row.value, row.n, row.missing) for row in nps(twice)] == [
        (row.value, row.n, row.missing) for row in nps(once)
    ]
    assert len(twice.where(role="comment").counting_rows.collect(backend="pyarrow").to_native()) == 12
    assert "4 repeated and counted once" in repr(twice)


def test_repeated_rows_and_changed_answers_are_told_apart() -> None:
    found = conform([*SAID, SAID[0], {**SAID[1], "value": 10.0, "at_us": 200}])
    assert (found.repeated, found.again) == (1, 1)
    plain = nps([*SAID[:1], {**SAID[1], "value": 10.0, "at_us": 200}, *SAID[2:]])[0]
    assert (nps(found)[0].value, nps(found)[0].missing) == (plain.value, plain.missing)


def test_comments_that_differ_in_any_column_are_two() -> None:
    assert conform([*SAID, {**SAID[-1], "text": "late"}]).repeated == 0
