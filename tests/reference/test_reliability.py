"""Reliability: α, standardised α, λ6, ω, items dropped, and what a forgotten reversal does."""

from __future__ import annotations

from typing import Any

import numpy as np

from peakend.methods.reliability import Reliability, from_covariance
from tests.reference.ledger import Case, cases, columns


def _coefficients(row: Reliability) -> dict[str, Any]:
    return {
        "raw_alpha": row.alpha,
        "std_alpha": row.standardised,
        "guttman_lambda6": row.lambda6,
        "average_r": row.average_r,
        "omega_total_1factor_ML": row.omega,
    }


@cases("alpha_attitude")
def test_attitude_has_the_coefficients_of_psych_and_lavaan(case: Case) -> None:
    held = columns(case.input["data"])
    items = case.input["columns"]
    row = from_covariance(np.cov([held[name] for name in items]), items, len(held[items[0]]))
    ends = {"feldt_ci95": [row.low, row.high], "psych_feldt": [row.low, row.value, row.high]}
    case.check({**_coefficients(row), **ends, "alpha_if_dropped": row.dropped, "item_rest_r": row.item_rest})
    assert (row.warnings, row.reversed, row.alpha_reversed) == (("no_verdict",), (), None)


@cases("alpha_bfi_agree", "alpha_bfi_extraversion")
def test_a_scale_of_the_big_five_has_its_coefficients_and_a_forgotten_reversal_is_found(case: Case) -> None:
    items, covariance = case.input["items"], np.array(case.input["pairwise_covariance_after_reversal"])
    turn = np.diag([-1.0 if item in case.input["reversed"] else 1.0 for item in items])
    row, forgotten = (from_covariance(c, items, case.input["n"]) for c in (covariance, turn @ covariance @ turn))
    case.check({**_coefficients(row), "raw_alpha_if_reversal_forgotten": forgotten.alpha})
    assert (row.reversed, list(forgotten.reversed)) == ((), case.input["reversed"])  # named, and not applied
    case.check({**case.expected, "raw_alpha": forgotten.alpha_reversed})
    assert "reversed_item" in forgotten.warnings
    assert ("negative_alpha" in forgotten.warnings) is (case.expected["raw_alpha_if_reversal_forgotten"] < 0)
