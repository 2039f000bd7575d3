"""Concept screening: the remembered syringe, gates, directions, what the weights decide, refusals, and how it
is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend import cli
from peakend.errors import PeakendError
from peakend.methods.screening import screening
from peakend.terms import LANGUAGES, Lang, wrong_script
from tests.reference.ledger import CASES

Row = dict[str, Any]
SYRINGE = CASES["concept_scoring_ulrich"].input["concepts"]
WEIGHTS = CASES["concept_scoring_ulrich"].input["weights"]
"""Ulrich & Eppinger's outpatient syringe: ratings REMEMBERED; the totals are held in tests/reference."""


def table(
    concepts: Mapping[str, Sequence[float]], weights: Sequence[float | None], **columns: Sequence[Any]
) -> list[Row]:
    return [
        {
            "concept": name,
            "criterion": f"c{i}",
            "rating": rating,
            "weight": weights[i],
            **{column: values[i] for column, values in columns.items()},
        }
        for name, ratings in concepts.items()
        for i, rating in enumerate(ratings)
    ]


def test_the_remembered_syringe_is_ranked_with_how_sure_the_ranks_are() -> None:
    rows = screening(table(SYRINGE, WEIGHTS))
    assert [(row.concept, row.rank) for row in rows] == [("DF", 1), ("G+", 2), ("A (reference)", 3)]
    assert all(
        row.low is not None and row.value is not None and row.high is not None and row.low < row.value < row.high
        for row in rows
    )
    assert sum(row.p_first or 0 for row in rows) == pytest.approx(1)


def test_a_concept_below_a_gate_is_out_before_anything_is_added_up() -> None:
    rows = screening(table({"pager": (3, 3), "robot": (5, 1)}, (0.9, 0.1), gate=(None, 2)))
    assert [(row.concept, row.value, row.failed) for row in rows] == [
        ("pager", pytest.approx(3.0), ()),
        ("robot", None, ("c1",)),
    ]
    assert rows[1].refused is not None
    assert rows[1].refused.id == "screening.gate"
    assert rows[0].p_first == 1


def test_where_low_is_good_ratings_and_gates_are_turned_over() -> None:
    concepts = {"pager": (4, 2), "chairs": (4, 1), "robot": (4, 5)}
    scale: dict[str, Sequence[Any]] = {"low": (1, 1), "high": (5, 5), "direction": ("high", "low"), "gate": (None, 4)}
    rows = screening(table(concepts, (0.5, 0.5), **scale))
    assert {row.concept: row.value for row in rows} == {"chairs": 4.5, "pager": 4.0, "robot": None}


def test_ratings_of_several_judges_are_averaged_and_counted() -> None:
    one, other = table({"pager": (4, 2)}, (0.5, 0.5)), table({"pager": (5, 4)}, (0.5, 0.5))
    (row,) = screening(one + other)
    assert (row.value, row.n) == (3.75, 4)


def test_a_missing_rating_is_no_zero() -> None:
    rows = screening(table({"pager": (4, 2), "robot": (5,)}, (0.5, 0.5)))
    assert [row.concept for row in rows if row.value is None] == ["robot"]
    assert rows[1].refused is not None
    assert (rows[1].refused.id, rows[1].refused.fields["found"]) == ("screening.incomplete", "c1")


def test_weights_that_do_not_sum_to_one_are_scaled_and_said_so() -> None:
    rows, plain = screening(table(SYRINGE, [100 * w for w in WEIGHTS])), screening(table(SYRINGE, WEIGHTS))
    assert [row.value for row in rows] == pytest.approx([row.value for row in plain])
    assert rows[0].warnings == ("weights_scaled",)
    assert plain[0].warnings == ()
    assert screening(table({"a": (1, 2, 6)}, (None, None, None)))[0].value == 3
    assert screening(table({"a": (1, 2, 6)}, (None, None, None)))[0].warnings == ()


def test_the_range_of_scores_is_that_of_the_dirichlet_in_closed_form() -> None:
    """A concept rated 1 on one criterion and 0 on the rest scores what that weight is: a Beta(κw, κ(1 − w))."""
    w, kappa = 0.3, 30.0
    (row,) = screening(table({"a": (1, 0, 0)}, (w, 0.5, 0.2)))
    sd = np.sqrt(w * (1 - w) / (kappa + 1))
    assert (row.low, row.high) == (pytest.approx(w - 1.88 * sd, abs=0.01), pytest.approx(w + 2.05 * sd, abs=0.01))
    firm = screening(table({"a": (1, 0, 0)}, (w, 0.5, 0.2)), concentration=3000)[0]
    assert (firm.high or 0) - (firm.low or 0) < 0.1 * ((row.high or 0) - (row.low or 0)) * 1.2


def test_whatever_the_weights_each_of_two_opposites_leads_half_the_time_and_a_dominant_one_always() -> None:
    opposites = screening(table({"a": (5, 1), "b": (1, 5)}, (0.8, 0.2)))
    assert [row.p_first_any for row in opposites] == [pytest.approx(0.5, abs=0.02)] * 2
    assert (opposites[0].concept, opposites[0].p_first) == ("a", pytest.approx(1.0, abs=0.01))
    dominant = screening(table({"a": (5, 4), "b": (4, 3)}, (0.5, 0.5)))
    assert (dominant[0].p_first, dominant[0].p_first_any) == (1, 1)
    twins = screening(table({"a": (3, 3), "b": (3, 3)}, (0.5, 0.5)))
    assert [(row.rank, row.p_first) for row in twins] == [(1, 0.5), (1, 0.5)]


@given(st.integers(1, 5), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_rows_changes_nothing(concepts: int, criteria: int, chance: Any) -> None:
    rated = {f"k{i}": tuple(chance.randint(1, 5) for _ in range(criteria)) for i in range(concepts)}
    rows = table(rated, [1 + i for i in range(criteria)])
    assert screening(rows).as_dict() == screening(chance.sample(rows, len(rows))).as_dict()


@pytest.mark.parametrize(
    ("rows", "options", "id"),
    [
        (
            [*table({"a": (1,)}, (1,)), {"concept": "c", "criterion": "c0", "rating": 1, "weight": 2}],
            {},
            "screening.criterion",
        ),
        (table({"a": (1,)}, (-1,)), {}, "screening.weights"),
        (table({"a": (1,)}, (1,), direction=("up",)), {}, "screening.direction"),
        (table({"a": (1,)}, (1,), direction=("low",)), {}, "screening.scale"),
        (table({"a": (9,)}, (1,), low=(1,), high=(5,)), {}, "screening.scale"),
        (table({"a": (4, 4)}, (0.5, 0.5), low=(1, 0), high=(5, 10)), {}, "screening.scales"),
        (table({"a": (1,)}, (1,)), {"concentration": 0.0}, "screening.concentration"),
        (table({"a": ("x",)}, (1,)), {}, "table.not_number"),  # type: ignore[dict-item]
    ],
)
def test_a_table_that_contradicts_itself_is_refused_by_name(
    rows: list[Row], options: dict[str, float], id: str
) -> None:
    with pytest.raises(PeakendError) as caught:
        screening(rows, **options)
    assert caught.value.id == id


# --- as it is told ----------------------------------------------------------------------------------------------------

STORY = """\
concept,criterion,rating,weight,gate,low,high,direction
pager,desirable,4,0.5,,1,5,high
pager,feasible,5,0.3,2,1,5,high
pager,effort,2,0.2,,1,5,low
robot,desirable,5,0.5,,1,5,high
robot,feasible,1,0.3,2,1,5,high
robot,effort,5,0.2,,1,5,low
"""
TOLD: Mapping[Lang, tuple[str, str]] = {
    "en": ("Pager: score 4.30 (", "Robot: It does not pass: feasible."),
    "zh-Hant": ("pager：加權總分 4.30（權重略有出入時 ", "robot：未通過必過準則：feasible。"),
    "zh-Hans": ("pager：加权总分 4.30（权重略有出入时 ", "robot：未通过必过准则：feasible。"),
}


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "concepts.csv"
    path.write_text(STORY, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_team_reads_who_leads_and_who_is_out(capsys: pytest.CaptureFixture[str], story: str, lang: Lang) -> None:
    assert cli.main(("screening", story, "--lang", lang)) == 0
    out = capsys.readouterr().out
    first, out_line = TOLD[lang]
    assert out.startswith(first)
    assert out_line in out
    assert not wrong_script(out, lang)


def test_a_program_reads_the_same(capsys: pytest.CaptureFixture[str], story: str) -> None:
    assert cli.main(("screening", story, "--json", "--concentration", "50")) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["concept"], row["value"], row["concentration"]) for row in rows] == [
        ("pager", 4.3, 50.0),
        ("robot", None, 50.0),
    ]
    assert rows[1]["failed"] == ["feasible"]
