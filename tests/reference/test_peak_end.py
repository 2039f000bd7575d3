"""Peak and end: Steiger's example, and what the literature found, each by the part of the method that would find it."""

from __future__ import annotations

import math
import re

import numpy as np

from peakend import intervals as iv
from peakend import reduce
from peakend.methods import peak_end
from peakend.methods.peak_end import memory
from tests.methods.visits_of import walked
from tests.reference.ledger import Case, cases


@cases("williams_t_steiger")
def test_two_correlations_with_one_thing_are_compared_by_williams(case: Case) -> None:
    test = memory.williams(*(case.input[name] for name in ("n", "r_yx1", "r_yx2", "r_x1x2")))
    assert test is not None
    assert test.df == case.input["n"] - 3
    case.check({"t": test.statistic, "p": test.p})


@cases("peakend_meta")
def test_the_effect_of_174_studies_is_quoted_as_printed_and_its_interval_is_fishers(case: Case) -> None:
    low, high = (math.atanh(end) for end in case.expected["ci95"])
    n = round(3 + (2 * iv.z_quantile() / (high - low)) ** 2)  # an interval as wide as that of so many pairs
    r = math.tanh((low + high) / 2)
    said = " ".join((peak_end.__doc__ or "").split())
    told = re.search(r"over (\d+) effect sizes peak and end go with memory at r = \.(\d+)", said)
    assert told is not None
    assert float(f".{told[2]}") == round(r, 2)
    case.check({"r": r, "ci95": memory.correlation_interval(r, n), "k_effect_sizes": int(told[1])})


@cases("peakend_redelmeier1996")
def test_the_remembered_correlations_of_the_colonoscopies_are_as_sure_as_read(case: Case) -> None:
    """The abstract (read) prints P < .005 for peak and for end; r = .67 and r = .03 are REMEMBERED."""

    def p(r: float) -> float:
        n = case.input["colonoscopy_n"]
        return iv.t_p(r * math.sqrt((n - 2) / (1 - r**2)), n - 2)

    low, high = memory.correlation_interval(case.input["r_duration_colonoscopy"], case.input["colonoscopy_n"]) or (1, 1)
    sure = "<0.005" if p(case.input["r_peak_end_average_colonoscopy"]) < 0.005 else "not"
    case.check({"p_of_peak_and_end": sure, "duration_matters": not low <= 0 <= high})


@cases("peakend_redelmeier2003")
def test_a_visit_made_longer_by_a_milder_end_is_read_with_that_end(case: Case) -> None:
    final = case.expected["final_moments"]
    pain = {"extended": [4.0, 2.5, final["extended"]], "control": [4.0, final["control"]]}
    (walk,) = reduce.walks(walked([[8 - x for x in one] for one in pain.values()], [None, None])).values()
    found = memory.of_visits(walk.features(), "trough")
    case.check({"final_moments": dict(zip(pain, (8 - found["end"]).tolist(), strict=True))})
    assert found["peak_end"][0] > found["peak_end"][1]  # the longer visit is remembered as the better one


@cases("peakend_cold_hand")
def test_the_longer_trial_is_chosen_for_its_end_and_by_chance_as_seldom_as_computed(case: Case) -> None:
    """22 of 32 is REMEMBERED; the design was read: a minute at 14 °C, or that and half a minute that warms to 15 °C."""
    short, long = [2.0, 1.0, 1.0, 1.0], [2.0, 1.0, 1.0, 1.0, 2.0]  # how it felt, 1 worst
    (walk,) = reduce.walks(walked([short, long], [None, None])).values()
    remembered = memory.of_visits(walk.features(), "trough")["peak_end"]
    assert (8 - np.array(short)).sum() < (8 - np.array(long)).sum()  # and yet there was more of it
    chosen = round(case.expected["share_long_remembered"] * case.input["n"])
    case.check(
        {
            "majority": ("short", "long")[int(np.argmax(remembered))],
            "share_long_remembered": chosen / case.input["n"],
            "exact_binomial_p_22_of_32": iv.binomial_test(chosen, case.input["n"]),
        }
    )
