"""The ledger itself: all cases are there, each is run once, and every method has at least one number that is not our
own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

import pytest

import tests.reference
from peakend.methods import BY_ID
from tests.reference.ledger import CASES, VERIFICATIONS


def run() -> Counter[str]:
    """How often each case is a parameter of a test in this folder."""
    found: Counter[str] = Counter()
    for module in pkgutil.iter_modules(tests.reference.__path__):
        if module.name.startswith("test_"):
            for test in vars(importlib.import_module(f"tests.reference.{module.name}")).values():
                for mark in getattr(test, "pytestmark", ()):
                    if mark.name == "parametrize" and mark.args[0] == "case":
                        found.update(param.values[0].id for param in mark.args[1])
    return found


def test_all_cases_are_run_each_by_one_test() -> None:
    assert len(CASES) == 73
    assert run() == dict.fromkeys(CASES, 1)


def test_every_case_names_its_source_and_how_its_numbers_came_about() -> None:
    assert {case.verification for case in CASES.values()} == set(VERIFICATIONS)
    assert all(case.source and case.method in BY_ID for case in CASES.values())


def test_what_is_remembered_is_told_in_the_name_of_the_test() -> None:
    whole = {case.id for case in CASES.values() if case.verification == "remembered"}
    assert whole == {
        "kano_table_pouliot",
        "kano_sauerwein_ski",
        "ipa_martilla_james",
        "concept_scoring_ulrich",
    }
    assert all(("remembered" in case.name) is bool(case.remembered or case.id in whole) for case in CASES.values())


def test_rows_that_others_own_are_not_here() -> None:
    withheld = {case.id: case.input for case in CASES.values() if case.withheld}
    assert set(withheld) == {
        "its_sicily",
        "c_chart_montgomery_circuit",
        "u_chart_montgomery_pc",
        "u_uprime_sas_fabrics2",
    }
    assert not any({"counts", "aces", "stdpop"} & set(given) for given in withheld.values())


def test_a_figure_that_is_off_or_left_out_fails_with_its_source() -> None:
    case = CASES["mmc_hillier_s1"]
    for wrong in (
        {**case.expected, "Lq": 1.3333},
        {name: value for name, value in case.expected.items() if name != "Lq"},
        {},
    ):
        with pytest.raises(AssertionError, match=r"Lq: .* instead of 1\.333"):
            case.check(wrong)
    case.check(case.expected)
