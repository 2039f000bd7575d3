"""Every figure that R told of data made from a seed, held without R: benchmarks/r makes the data and keeps R's
figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from benchmarks import against_r
from benchmarks.r.subject import Numbers, Subject, largest

from peakend.methods import BY_ID
from tests.reference.ledger import CASES

KEPT: Mapping[str, Any] = json.loads(against_r.FIGURES.read_text(encoding="utf-8"))
FIGURES = [
    pytest.param(subject, id, id=f"{figure.method}: {figure.what} [{figure.r}]")
    for subject in against_r.SUBJECTS
    for id, figure in subject.figures.items()
]


@cache
def ours(name: str) -> Mapping[str, Numbers]:
    """What Peakend says of a subject's data, once."""
    (subject,) = (one for one in against_r.SUBJECTS if one.name == name)
    return subject.ours(subject.tables())


@pytest.mark.parametrize(("subject", "id"), FIGURES)
def test_the_figure_is_that_of_r(subject: Subject, id: str) -> None:
    assert largest(ours(subject.name)[id], KEPT["figures"][subject.name][id]) <= subject.figures[id].within


def test_nothing_that_r_told_is_left_out() -> None:
    assert {name: set(figures) for name, figures in KEPT["figures"].items()} == {
        one.name: set(one.figures) for one in against_r.SUBJECTS
    }
    assert {name: set(ours(name)) for name in KEPT["figures"]} == {
        one.name: set(one.figures) for one in against_r.SUBJECTS
    }


def test_every_method_has_a_case_of_the_ledger_or_is_held_against_r() -> None:
    held = {figure.method for subject in against_r.SUBJECTS for figure in subject.figures.values()}
    assert held <= set(BY_ID)
    assert set(BY_ID) - held - {case.method for case in CASES.values()} == set()


def test_the_page_names_every_case_and_every_figure() -> None:
    told = against_r.PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in against_r.ledger() if line not in told] == []
    rows = {tuple(cell.strip() for cell in line.split("|")[1:3]) for line in told if line.startswith("| ")}
    assert {
        (figure.method, figure.what) for subject in against_r.SUBJECTS for figure in subject.figures.values()
    } - rows == set()


def test_a_missing_or_a_different_number_is_infinitely_or_just_so_far_off() -> None:
    assert (
        largest([1.0, None], [1.0, None]),
        largest([1.0], [1.5]),
        largest([1.0], [None]),
        largest([1.0], [1.0, 2.0]),
    ) == (
        0.0,
        0.5,
        float("inf"),
        float("inf"),
    )
