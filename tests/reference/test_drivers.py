"""Key drivers: shares of R², dominance, signs, and how sure they are, on two data sets of R."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from peakend.maths import shapley
from peakend.methods.drivers import Driver, from_covariance, from_rows
from tests.reference.ledger import DATA, Case, cases, columns

FIELDS = {
    "lmg": "value",
    "last": "last",
    "first": "first",
    "betasq": "betasq",
    "pratt": "pratt",
    "car": "car",
    "general_dominance": "value",
    "genizi": "johnson",
    "johnson_relative_weights": "johnson",
    "std_beta": "beta",
    "vif": "vif",  # Genizi 1993 is Johnson 2000
}


def _ordered(case: Case) -> tuple[list[str], Any]:
    """The drivers, then the outcome, and their covariance."""
    held = columns(case.input["data"])
    names = [name for name in held if name != case.input["outcome"]] + [case.input["outcome"]]
    return names, np.cov([held[name] for name in names])


def _tables(rows: dict[str, Driver], order: list[str], subsets: Any, names: list[str]) -> dict[str, Any]:
    """Dominance of each driver over each other as dominanceanalysis writes it: 1, 0, or ½ where neither dominates."""
    reached = {"complete_dominance": ("complete",), "conditional_dominance": ("complete", "conditional")}
    reached["general_dominance_matrix"] = ("complete", "conditional", "general")

    def cell(levels: tuple[str, ...], one: str, other: str) -> float:
        if one == other:
            return 0.5
        i, j = names.index(one), names.index(other)
        return (
            1.0
            if shapley.dominates(subsets, i, j) in levels
            else 0.0
            if shapley.dominates(subsets, j, i) in levels
            else 0.5
        )

    for one, other in product(order, order):  # the row tells the strongest level over each other driver
        if one != other:
            told = (rows[one].dominates or {}).get(other, "none")
            assert told == shapley.dominates(subsets, names.index(one), names.index(other))
    return {
        name: {"rows": order, "cols": order, "values": [[cell(levels, one, other) for other in order] for one in order]}
        for name, levels in reached.items()
    }


@cases("kda_swiss", "kda_attitude")
def test_shares_and_dominance_are_those_of_relaimpo_and_its_peers(case: Case) -> None:
    names, covariance = _ordered(case)
    rows = {
        row.driver: row for row in from_covariance(covariance, names, len(DATA[case.input["data"]]["rows"]), fewest=4)
    }
    subsets = shapley.r2_of_subsets(shapley.correlation(covariance))
    order = case.expected["complete_dominance"]["rows"]
    level = shapley.conditional(subsets).T
    at = [names.index(name) for name in order]
    (r2,) = {round(row.r2 or 0, 12) for row in rows.values()}
    case.check(
        {
            "R2": r2,
            **{
                published: {name: getattr(row, field) for name, row in rows.items()}
                for published, field in FIELDS.items()
            },
            **_tables(rows, order, subsets, names),
            "conditional_by_level": {
                "level": list(range(len(order))),
                "columns": ["level", *order],
                "rows": [[k, *(float(level[k][i]) for i in at)] for k in range(len(order))],
            },
        }
    )


@cases("kda_swiss_boot")
def test_resampled_intervals_of_shares_are_those_of_relaimpo(case: Case) -> None:
    held = DATA[case.input["data"]]
    rows = {row.driver: row for row in from_rows(held["rows"], held["columns"], case.input["outcome"], fewest=5)}
    order = case.expected["columns"]
    case.check(
        {"columns": order, "lower": [rows[name].low for name in order], "upper": [rows[name].high for name in order]}
    )
