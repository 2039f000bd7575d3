"""What may be shown of counts by group: nothing hidden can be worked out, and no more is hidden than must be."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peakend
from peakend.disclosure import ALL, recoverable_figures, suppress
from peakend.errors import MethodError


def test_a_small_group_takes_the_smallest_other_with_it_where_the_total_stands_beside() -> None:
    shown = suppress({"A": 120, "B": 45, "C": 7, "D": 28})
    assert (shown.small, shown.others) == (("C",), ("D",))
    assert dict(shown.figures) == {"A": 120, "B": 45, "C": None, "D": None, "*": 200}
    assert peakend.suppress is suppress


def test_without_a_total_only_the_small_group_is_hidden() -> None:
    shown = suppress({"A": 120, "B": 45, "C": 7, "D": 28}, totals=False)
    assert (shown.hidden_names, dict(shown.figures)) == (("C",), {"A": 120, "B": 45, "C": None, "D": 28})


def test_two_small_groups_do_not_hide_behind_one_another_where_both_together_are_few() -> None:
    assert suppress({"A": 50, "B": 4, "C": 3, "D": 20}).hidden_names == ("B", "C", "D")
    assert suppress({"A": 50, "B": 6, "C": 8, "D": 20}).hidden_names == ("B", "C")


def test_nothing_is_hidden_where_nobody_is_exposed() -> None:
    assert suppress({"A": 12, "B": 10, "C": 0}).hidden_names == ()
    assert suppress({}).hidden_names == ()


def test_a_total_that_is_itself_small_is_hidden_too() -> None:
    assert dict(suppress({"A": 3, "B": 4}).figures) == {"A": None, "B": None, "*": None}
    wards = suppress(
        {("north", "day"): 30, ("north", "night"): 25, ("south", "day"): 5, ("south", "night"): 2, ("west", "day"): 40}
    )
    assert wards.figures[("south", ALL)] is None
    assert recoverable_figures(wards.figures) == {}


def test_in_a_table_of_two_dimensions_four_corners_protect_one_cell() -> None:
    """Nurse Chen's wards by shift: one small cell, and the cheapest rectangle around it."""
    counts = {
        ("A", "day"): 4,
        ("A", "late"): 30,
        ("A", "night"): 60,
        ("B", "day"): 50,
        ("B", "late"): 20,
        ("B", "night"): 70,
    }
    shown = suppress(counts)
    assert set(shown.hidden_names) == {("A", "day"), ("A", "late"), ("B", "day"), ("B", "late")}
    assert shown.figures[(ALL, ALL)] == 234
    assert recoverable_figures(shown.figures) == {}


def test_the_audit_finds_what_subtraction_gives_away() -> None:
    assert recoverable_figures({"A": 120, "B": 45, "C": None, "D": 28, "*": 200}) == {"C": pytest.approx(7)}
    assert recoverable_figures({"A": 120, "B": None, "C": None, "D": 28, "*": 200}) == {}
    zigzag: dict[Any, int | None] = {
        ("A", "day"): None, ("A", "late"): None, ("B", "day"): 50, ("B", "late"): None, ("A", ALL): 34, ("B", ALL): 70,
        (ALL, "day"): 54,
        (ALL, "late"): 50, (ALL, ALL): 104,
    }  # fmt: skip
    assert recoverable_figures(zigzag)[("A", "day")] == pytest.approx(4)


@pytest.mark.parametrize(
    ("counts", "threshold"),
    [({"A": -1}, 10), ({"A": 1.5}, 10), ({"A": 1, ("B", "c"): 1}, 10), ({"A": 1}, 1), ({"*": 1}, 10)],
)
def test_what_are_no_counts_is_refused(counts: Any, threshold: int) -> None:
    with pytest.raises(MethodError) as caught:
        suppress(counts, threshold=threshold)
    assert caught.value.id == "disclosure.counts"


# --- properties -------------------------------------------------------------------------------------------------------

COUNTS = st.one_of(st.integers(0, 14), st.integers(0, 200))


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[str, ...], int]:
    shape = draw(st.sampled_from([(2,), (5,), (2, 2), (3, 4), (4, 5), (2, 2, 3)]))
    return {tuple(f"{d}{i}" for d, i in enumerate(at)): draw(COUNTS) for at in itertools.product(*map(range, shape))}


def held_by_each_total(counts: Mapping[Any, int], figures: Mapping[Any, int | None]) -> Iterable[int]:
    """How many people are hidden under each published total, one dimension at a time."""
    every = {
        key: sum(n for cell, n in counts.items() if all(a in {b, ALL} for a, b in zip(key, cell, strict=True)))
        for key in figures
    }
    for total in figures:
        for d in (d for d, name in enumerate(total) if name == ALL):
            parts = [key for key in figures if key[d] != ALL and key[:d] + key[d + 1 :] == total[:d] + total[d + 1 :]]
            if figures[total] is not None and any(figures[key] is None for key in parts):
                yield sum(every[key] for key in parts if figures[key] is None)


@given(tables())
@settings(max_examples=60)
def test_no_hidden_cell_can_be_recovered_from_the_published_cells_and_totals(
    counts: dict[tuple[str, ...], int],
) -> None:
    shown = suppress(counts)
    assert recoverable_figures(shown.figures) == {}
    assert all(n is None or n == 0 or n >= 10 for n in shown.figures.values())
    assert all(held >= 10 for held in held_by_each_total(counts, shown.figures))
    assert all(shown.figures[key] in {None, n} for key, n in counts.items())


@given(st.lists(COUNTS, min_size=2, max_size=9).filter(lambda counts: sum(counts) >= 10))
@settings(max_examples=60)
def test_a_row_hides_as_little_as_any_choice_that_protects(counts: list[int]) -> None:
    """Every set of cells looked at: the fewest, then those with the fewest people."""
    shown = suppress({str(i): n for i, n in enumerate(counts)})
    small = {i for i, n in enumerate(counts) if 0 < n < 10}
    filled = [i for i, n in enumerate(counts) if n]
    sets = itertools.chain.from_iterable(itertools.combinations(filled, k) for k in range(len(filled) + 1))
    good = [s for s in sets if small <= set(s) and (not s or (len(s) > 1 and sum(counts[i] for i in s) >= 10))]
    best = min((len(s), sum(counts[i] for i in s)) for s in good)
    assert "*" not in shown.hidden_names
    assert (len(shown.hidden_names), sum(counts[int(str(i))] for i in shown.hidden_names)) == best


def test_the_order_of_cells_changes_neither_how_many_nor_how_many_people_are_hidden() -> None:
    rng = np.random.default_rng(1)
    counts = {
        (f"w{i}", f"s{j}"): int(n) for i, row in enumerate(rng.integers(0, 60, (4, 5))) for j, n in enumerate(row)
    }
    one, other = suppress(counts), suppress(dict(reversed(counts.items())))
    assert len(one.hidden_names) == len(other.hidden_names)
    assert sum(counts.get(key, 0) for key in one.hidden_names) == sum(counts.get(key, 0) for key in other.hidden_names)  # type: ignore[call-overload]


def test_a_table_of_two_hundred_cells_is_done_while_one_waits() -> None:
    rng = np.random.default_rng(7)
    counts = {
        (f"w{i:02}", f"s{j}"): int(n)
        for i, row in enumerate(rng.poisson(40, (20, 10)) * rng.integers(0, 2, (20, 10)))
        for j, n in enumerate(row)
    }
    counts[("w03", "s4")] = 3
    counts[("w11", "s7")] = 6
    shown = suppress(counts)
    assert recoverable_figures(shown.figures) == {}
    assert sum(n is not None for n in shown.figures.values()) / len(shown.figures) > 0.9
