"""Kano: tables, counts, tests, scores and curves, as published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from peakend import intervals as iv
from peakend.field.kano import classes as kano_classes
from peakend.field.kano import tables as kano_tables
from peakend.methods import kano
from tests.reference.ledger import Case, cases


def _printed(row: kano.Kano) -> dict[str, Any]:
    """A row as the README of stp25kano prints it."""
    bound = kano_classes.fong(row.counts)
    verdict = "sig." if bound.clear else "ns"
    return {
        "max": row.rules["mode"],
        "rule": row.category,
        "TS": row.total_strength,
        "CatS": row.category_strength,
        "CSp": row.better,
        "CSm": row.worse,
        "fong": f"{bound.lead:.0f} < {bound.needed:.1f} {verdict}",
    }


def _precisely(row: kano.Kano) -> dict[str, Any]:
    bound = kano_classes.fong(row.counts)
    return {
        "total_strength": row.total_strength,
        "category_strength": row.category_strength,
        "cs_plus": row.better,
        "cs_minus": row.worse,
        "fong_lhs": bound.lead,
        "fong_rhs": bound.needed,
        "exact_binomial_top2_p": row.lead_p,
    }


@cases("kano_stp25_readme5")
def test_features_counted_as_in_a_readme_have_its_strengths_coefficients_rules_and_tests(case: Case) -> None:
    counted = {name: dict(zip(case.input["order"], six, strict=True)) for name, six in case.input["counts"].items()}
    rows = {name: kano.from_counts(six, equal="strength") for name, six in counted.items()}
    case.check(
        {
            "printed": {n: _printed(row) for n, row in rows.items()},
            "full_precision": {n: _precisely(row) for n, row in rows.items()},
        }
    )


@cases("kano_sauerwein_ski")
def test_shares_of_features_have_their_class_and_coefficients(case: Case) -> None:
    def of(shares: Mapping[str, float]) -> dict[str, Any]:
        better, worse = kano_classes.coefficients(shares) or (None, None)
        return {"category": kano_classes.mode(shares), "cs_plus": better, "cs_minus": worse}

    case.check({name: of(shares) for name, shares in case.input.items()})


@cases("kano_proofofthepudding_25")
def test_features_of_a_guide_have_their_mode_and_fongs_bound(case: Case) -> None:
    def of(six: Mapping[str, int]) -> dict[str, Any]:
        row, bound = kano.from_counts(six, equal="strength"), kano_classes.fong(six)
        return {
            "mode": row.rules["mode"],
            "rule_MOAI_6pct": row.category,
            "category_strength": row.category_strength,
            "fong_lhs": bound.lead,
            "fong_rhs": bound.needed,
            "fong_significant": bound.clear,
        }

    case.check({name: of(dict(zip("MOAIRQ", counts, strict=True))) for name, counts in case.input.items()})


@cases("multinomial_sison_glaz")
def test_shares_of_classes_have_simultaneous_intervals(case: Case) -> None:
    case.check({"ci": [iv.sison_glaz(counts, 1 - case.input["alpha"]) for counts in case.input["cases"]]})
    row = kano.from_counts(dict(zip("MOAIRQ", case.input["cases"][1], strict=True)))
    assert row.shares is not None
    case.check({"ci": [case.expected["ci"][0], [row.shares[letter] for letter in "MOAIRQ"]]})


@cases("kano_table_standard", "kano_table_pouliot")
def test_every_cell_of_an_evaluation_table_is_as_published(case: Case) -> None:
    table = kano_tables.evaluation(case.input["table"])
    row = kano.from_counts(np.ones((5, 5), dtype=np.int64), table=table.id)
    case.check({"table": list(table.cells), "counts": row.counts})


@cases("kano_dumouchel_scores")
def test_the_scores_of_answers_are_dumouchels(case: Case) -> None:
    table = kano_tables.evaluation("standard")
    assert len(case.input["answers"]) == table.size
    case.check({"functional": table.functional, "dysfunctional": table.dysfunctional})


@cases("kano_dumouchel_pure_patterns")
def test_pure_answers_have_their_place_in_the_plane(case: Case) -> None:
    table = kano_tables.evaluation("standard")
    assert table.functional is not None
    assert table.dysfunctional is not None
    placed = {
        name: [table.functional[f - 1], table.dysfunctional[d - 1]] for name, (f, d) in case.input["answers"].items()
    }
    case.check({"functional_dysfunctional": placed})
    for name, (f, d) in case.input["answers"].items():
        cells = np.zeros((5, 5), dtype=np.int64)
        cells[f - 1, d - 1] = 30
        means = kano_classes.continuous(cells, table)
        if means is None:
            assert name == "Questionable"  # which is dropped first
            continue
        assert ([means.functional, means.dysfunctional], means.n, means.dropped) == (placed[name], 30, 0)
        assert means.category == {"Must-be": "O"}.get(
            name, name[0]
        )  # a must-be answer scores 2, on the cut of the quadrants


@cases("kano_tie_rules")
def test_equal_classes_are_decided_by_what_must_be_and_not_by_the_alphabet(case: Case) -> None:
    counts = case.input["counts"]
    case.check(
        {
            "M>O>A>I": kano.from_counts(counts).category,
            "berger_OAM_vs_IRQ": kano_classes.berger(counts),
            "mode": kano_classes.mode(counts),
        }
    )
    assert {equal: kano_classes.class_by_order(counts, equal) for equal in kano_classes.EQUALS} == dict.fromkeys(
        kano_classes.EQUALS, "M"
    )
    assert kano_classes.lee_newcomb(counts) == "C"


@cases("kano_scr_curves")
def test_the_curve_of_a_class_runs_from_worse_to_better_in_its_shape(case: Case) -> None:
    case.check(
        {
            letter: kano_classes.curve(letter, case.input["cs"], case.input["ds"], case.input["x"])
            for letter in case.expected
        }
    )
    assert kano_classes.curve("I", case.input["cs"], case.input["ds"]) is None
