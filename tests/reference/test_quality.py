"""SERVQUAL, importance and performance, SQI, control charts, queues, ridits, coders, ratios, choices."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from peakend.field import pair_differences
from peakend.maths import control_limits as cl
from peakend.maths import ratios
from peakend.methods import agreement, control, importance, queue, servqual, sqi
from peakend.methods.failures import equal_counts_p, equal_days_p, failures, of_counts
from peakend.methods.portfolio import portfolio
from peakend.methods.queue.waiting_line import steady
from peakend.methods.ridit import from_counts as ridits
from peakend.methods.screening import screening
from peakend.methods.service_level import service_level
from peakend.methods.sqi.weights import templates
from peakend.terms import vocabulary
from tests.methods.events_of import at as at_minute
from tests.methods.events_of import events
from tests.methods.facts_of import facts, said
from tests.reference.ledger import DATA, Case, cases

# --- SERVQUAL ---------------------------------------------------------------------------------------------------------


@cases("servqual_pmc6131925")
def test_a_published_table_is_read_again_and_the_one_row_that_contradicts_itself_is_found(case: Case) -> None:
    n, printed = case.input["n"], case.expected
    found = {
        name: pair_differences.check_printed(
            n=n,
            left=e,
            right=p,
            gap=printed["gap"][name],
            t=printed["printed_t"][name],
            interval=ends,
            sds=(e_sd, p_sd),
        )
        for (name, (e, e_sd, p, p_sd)), ends in zip(
            case.input["rows"].items(), map(tuple, printed["printed_ci"].values()), strict=True
        )
    }
    problems = {name: list(one.problems) for name, one in found.items() if one.problems}
    rows = {
        name: servqual.from_sums(n=n, expectation=e, perception=p, sd=(found[name].se or 0) * math.sqrt(n))
        for name, (e, _, p, _) in case.input["rows"].items()
    }
    told = {name: row.t for name, row in rows.items()}
    assert math.isclose(
        told["Assurance"] or 0, -7.1, abs_tol=0.1
    )  # what its interval implies; −4.87 repeats the row above
    told["Assurance"] = printed["printed_t"]["Assurance"]
    ends = {name: [row.low, row.high] for name, row in rows.items()}
    case.check(
        {
            "gap": {name: row.gap for name, row in rows.items()},
            "printed_t": told,
            "printed_ci": ends,
            "disagrees_with_itself": problems,
        }
    )
    assert math.isclose(found["Tangible"].correlation or 0, 0.40, abs_tol=0.05)  # so the answers were paired


@cases("servqual_zarei2012")
def test_a_dimension_is_the_mean_of_its_items(case: Case) -> None:
    found = {}
    for name, sides in case.input.items():
        rows = [
            [
                said("empathy", [value] * 2, scale=(1.0, 5.0), item=f"q{at}", role=role)
                for at, value in enumerate(sides[side])
            ]
            for role, side in (("expectation", "E"), ("perception", "P"))
        ]
        paired_rows = [row | {"response": f"r{at}"} for item in itertools.chain(*rows) for at, row in enumerate(item)]
        (row,) = servqual.servqual(facts(paired_rows))
        figures = [row.perception, row.expectation, row.gap]
        found[name] = {"P": row.perception, "E": row.expectation, "gap": row.gap, "recomputed": figures}
        assert np.allclose([float(figure or 0) for figure in figures], case.expected[name]["recomputed"], atol=1e-9)
    case.check(found)


@cases("servqual_shahrazad51")
def test_gaps_and_their_t_follow_from_printed_means_and_spreads(case: Case) -> None:
    sides = case.input
    rows = {
        name: servqual.from_sums(
            n=sides["n"], expectation=sides["E"][name], perception=sides["P"][name], sd=sides["sd_gap"][name]
        )
        for name in sides["P"]
    }
    of_printed = {
        name: pair_differences.check_printed(
            n=sides["n"], left=sides["E"][name], right=sides["P"][name], gap=case.expected["gap"][name], digits=4
        ).problems
        for name in rows
    }
    assert set(of_printed.values()) == {()}
    by_gap = {  # t from the gap as it is printed, which is rounded
        name: servqual.from_sums(
            n=sides["n"], expectation=0, perception=case.expected["gap"][name], sd=sides["sd_gap"][name]
        ).t
        for name in rows
    }
    case.check({"gap": {name: row.gap for name, row in rows.items()}, "t_paired": by_gap})


@cases("servqual_ethiopia415")
def test_an_overall_gap_has_its_printed_interval(case: Case) -> None:
    gap, t, n = (case.input[name] for name in ("mean_gap", "t", "n"))
    row = servqual.from_sums(n=n, expectation=3.0, perception=3.0 + gap, sd=gap / t * math.sqrt(n))
    ends = [row.low, row.high]
    assert row.sd is not None
    case.check({"se": row.sd / math.sqrt(n), "ci": ends, "printed_ci": ends, "printed_p": row.p, "p": row.p})
    assert math.isclose(row.p or 0, case.expected["p"], abs_tol=1e-9)


# --- importance, SQI --------------------------------------------------------------------------------------------------


@cases("ipa_martilla_james")
def test_the_garage_falls_into_the_quadrants_of_each_crosshair(case: Case) -> None:
    """Martilla & James 1977: the 14 attributes were read, their values are REMEMBERED."""
    matters, done = (
        {one["name"]: one[side] for one in case.input["attributes"]} for side in ("importance", "performance")
    )
    found: dict[str, Any] = {}
    for crosshair in ("mean", "median"):
        rows = importance.from_means(matters, done, n=284, crosshair=crosshair, scale=(1.0, 4.0))
        cross = rows[0].cross or (None, None)
        quadrants = {str(row.construct): str(row.quadrant).replace("_", " ").capitalize() for row in rows}
        found[f"{crosshair}_crosshair"] = {"importance": cross[0], "performance": cross[1], "quadrants": quadrants}
        found["gap_performance_minus_importance"] = {row.construct: row.gap for row in rows}
    places = [found[f"{crosshair}_crosshair"]["quadrants"] for crosshair in ("mean", "median")]
    case.check({**found, "n_attributes_changing_quadrant": sum(places[0][name] != places[1][name] for name in matters)})


@cases("sqi_published_weights")
def test_the_twelve_published_weights_are_the_template_in_their_order(case: Case) -> None:
    """In the text a weight and the number of the next indicator run together: "107." is weight 10, then the seventh."""
    (twelve,) = templates()["courier-12"]
    tails = [tail.rstrip(".") for tail in case.input["text_tail"]]
    read = [int(tail.removesuffix(str(at))) if at <= len(tails) else int(tail) for at, tail in enumerate(tails, 2)]
    assert list(twelve.weights.values()) == read
    told = [
        item | {"n": at, "weight": weight}
        for at, (item, weight) in enumerate(zip(case.expected["items"], twelve.weights.values(), strict=True), 1)
    ]
    case.check({"items": told, "sum_of_weights": sum(read)})
    assert all({name, f"sqi.{name}"} & set(vocabulary()) for sets in templates().values() for name in sets[0].weights)
    words = [re.split("[_-]", name)[0] for name in twelve.weights]
    assert [re.split("[ -]", item["name"].casefold())[0] for item in case.expected["items"]] == words


@cases("sqi_alternative_weights_9")
def test_nine_other_published_weights_are_a_template_too(case: Case) -> None:
    (nine,) = templates()[case.input["template"]]
    found = {
        name: [weight for own, weight in nine.weights.items() if _stems(name) == _stems(own)]
        for name in case.expected["weights"]
    }
    assert len(found) == len(nine.weights)
    case.check({"weights": {name: weight for name, (weight,) in found.items()}})


def _stems(name: str) -> list[str]:
    """Words without their number: "Wrong day late" and wrong_day_late; "Missing proof of delivery" and
    missing_proofs.
    """
    skipped = {"of", "delivery", "required"}
    return [word.rstrip("s") for word in name.casefold().replace("_", " ").split() if word not in skipped]


@cases("sqi_evans_lindsay")
def test_an_exercise_of_ten_indicators_has_its_sum(case: Case) -> None:
    ten = templates()["courier-10"][0].weights
    given = case.input["weights_and_counts"]
    counts = dict(zip(ten, (one["count"] for one in given.values()), strict=True))
    assert list(ten.values()) == [one["weight"] for one in given.values()]
    whole, *own = sqi.from_counts(counts, case.input["shipments"], "courier-10")
    assert [row.points for row in own] == sorted((row.points for row in own), reverse=True)
    assert {row.points for row in own if row.indicator in {"complaints_reopened", "damaged_packages"}} == {
        375,
        180,
    }  # as the page prints
    assert whole.value is not None
    found = {"total_errors": whole.count, "weighted_sum": whole.points, "errors_per_shipment": whole.count / whole.n}
    case.check({**found, "sqi_percent": whole.value / 10})  # points of 1,000 shipments


@cases("sqi_one_day")
def test_one_day_of_the_twelve_has_its_points_variance_and_shares(case: Case) -> None:
    twelve = templates()["courier-12"][0].weights
    assert list(twelve.values()) == case.input["weights"]
    whole, *own = sqi.from_counts(dict(zip(twelve, case.input["counts"], strict=True)), 1000, "courier-12")
    shares = {row.indicator: (row.share or 0) / 100 for row in own}
    found = {"points": whole.points, "variance_if_independent_poisson": whole.variance}
    case.check({**found, "share_of_points": [shares[name] for name in twelve]})


@cases("failures_three_causes")
def test_failures_have_their_rates_shares_and_the_one_that_leads(case: Case) -> None:
    counts = case.input["counts"]
    _, *own = of_counts(counts, case.input["visits"])
    first, second, third = counts.values()
    found = {"rate": [row.value for row in own], "ends": [[row.low, row.high] for row in own]}
    found |= {"share": [row.share for row in own], "share_ends": [[row.share_low, row.share_high] for row in own]}
    pairs = ((first, second), (first, third), (second, third))
    case.check({**found, "p": [equal_counts_p(*pair) for pair in pairs], "leads": [row.leads for row in own]})


@cases("failures_by_day")
def test_failures_in_bouts_have_the_interval_of_their_days(case: Case) -> None:
    came = [
        {"visit": f"{day}-{at}", "kind": "arrive", "at_us": at_minute(day, at / 100)}
        for day, visits in enumerate(case.input["visits"])
        for at in range(visits)
    ]
    failed = [
        {"visit": f"{day}-{at}", "kind": "fail", "indicator": name, "at_us": at_minute(day, 500 + at)}
        for name in ("late", "cold")
        for day, times in enumerate(case.input[name])
        for at in range(times)
    ]
    rows = {row.cause: row for row in failures(events([*came, *failed]))}
    late = rows["late"]
    assert late.days == 14
    ends = [(late.share_low or 0) / 100, (late.share_high or 0) / 100]
    found = {"rate": late.value, "ends": [late.low, late.high], "share_ends": ends}
    case.check({**found, "p": equal_days_p(case.input["late"], case.input["cold"])})


@cases("service_level_by_day")
def test_the_share_within_a_limit_has_the_interval_of_its_days(case: Case) -> None:
    waits = [
        {
            "visit": f"{day}-{at}", "kind": "wait", "touchpoint": "desk", "at_us": at_minute(day, at),
            "until_us": at_minute(day, at + (1 if at < kept else 9)),
        }
        for day, (kept, n) in enumerate(zip(case.input["kept"], case.input["waits"], strict=True))
        for at in range(n)
    ]  # fmt: skip
    (row,) = service_level(events([*waits, {"visit": "end", "kind": "leave", "at_us": at_minute(15)}]), at_most=5.0)
    assert (row.kept, row.n, row.days) == (sum(case.input["kept"]), sum(case.input["waits"]), 14)
    case.check({"share": (row.value or 0) / 100, "ends": [(row.low or 0) / 100, (row.high or 0) / 100]})


# --- control charts ---------------------------------------------------------------------------------------------------


def _out(row: control.Control) -> list[int]:
    return [int(point["period"]) for point in row.points if 1 in point["rules"]]


def _spread(case: Case) -> list[int]:
    """Counts with the case's total and its points beyond the limits, the others as even as they can be."""
    beyond = {int(at): count for at, count in case.input["beyond"].items()}
    rest, others = case.input["total"] - sum(beyond.values()), case.input["periods"] - len(beyond)
    even = iter([rest // others + (at < rest % others) for at in range(others)])
    return [beyond[at] if at in beyond else next(even) for at in range(1, case.input["periods"] + 1)]


@cases("c_chart_montgomery_circuit", "u_chart_montgomery_pc")
def test_a_chart_of_equal_sizes_has_the_limits_of_qcc(case: Case) -> None:
    """From their sum, with the points beyond the limits in their places; from the rows themselves where the reader has
    them.
    """
    given = [(_spread(case), case.input.get("size"))]
    given += [(rows["counts"], case.input.get("size"))] if (rows := case.rows) else []
    for counts, size in given:
        row = control.from_counts(counts, [size] * len(counts) if size else None)
        assert {point["low"] for point in row.points} | {point["high"] for point in row.points} == {
            row.points[0]["low"],
            row.points[0]["high"],
        }
        ends = {"LCL": row.points[0]["low"], "UCL": row.points[0]["high"]}
        case.check({"center": row.value, **ends, "beyond_limits_1based": _out(row)})


@cases("c_chart_nist_wafers")
def test_the_wafers_have_the_limits_of_nist(case: Case) -> None:
    row = control.from_counts(case.input["counts"])
    figures = {"center": row.value, "LCL": row.points[0]["low"], "UCL": row.points[0]["high"]}
    total = round((row.value or 0) * row.n)
    case.check({"total": total, **figures, "beyond_limits_1based": _out(row), "nist_printed": figures})


@cases("xmr_nist_flowrate")
def test_the_flow_rate_has_the_limits_of_nist_and_of_qcc(case: Case) -> None:
    plain, exact = control.from_values(case.input["x"]), control.from_values(case.input["x"], d2=2 / math.sqrt(math.pi))
    ends = [{"LCL": row.points[0]["low"], "UCL": row.points[0]["high"]} for row in (plain, exact)]
    chart = cl.limits("xmr", case.input["x"], d2=2 / math.sqrt(math.pi))
    figures = {"center": plain.value, "mr_bar": plain.mr_bar}
    case.check(
        {
            **figures,
            "exact_d2": {"sigma": float(chart.sigma[0]), **ends[1]},
            "d2_1_128": ends[0],
            "mr_UCL_3267": plain.mr_high,
            "nist_printed": {**figures, **ends[0]},
        }
    )


@cases("u_uprime_sas_fabrics2")
def test_pieces_of_cloth_have_the_limits_of_u_and_of_laney(case: Case) -> None:
    """A stand-in with the total and the spread of z that the rows have, up and down by turns; the rows themselves where
    the reader has them.
    """
    n, total = np.array(case.input["sizes"]), case.input["total"]
    swing = np.where(np.arange(len(n)) % 2, -0.5, 0.5) * case.expected["sigma_z"] * 1.128
    z = swing - (swing * np.sqrt(n)).sum() / np.sqrt(n).sum()
    center = total / n.sum()
    for counts in (center * n + z * np.sqrt(center * n), *([case.rows["counts"]] if case.rows else [])):
        plain, primed = cl.limits("u", counts, n), cl.limits("u_prime", counts, n)
        limits = {"u_LCL": plain.low, "u_UCL": plain.high, "uprime_LCL": primed.low, "uprime_UCL": primed.high}
        case.check(
            {
                "center": float(plain.center[0]),
                "sigma_z": primed.sigma_z,
                **{name: ends.tolist() for name, ends in limits.items()},
            }
        )


ZONES = (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)
"""A point of each zone within three σ."""


def _memory(past: tuple[float, ...]) -> tuple[Any, ...]:
    """All that a rule can still see of the points before: the run on this side, who of the last four lies beyond 1σ, of
    the last two beyond 2σ.
    """
    run = next((at for at, z in enumerate(reversed(past)) if z * past[-1] < 0), len(past))
    four = tuple(math.copysign(1, z) if abs(z) > 1 else 0 for z in past[-4:])
    return (
        past[-1:] and past[-1] > 0,
        min(run, cl.RUN),
        four,
        tuple(math.copysign(1, z) if abs(z) > 2 else 0 for z in past[-2:]),
    )


def points_to_a_signal(rules: Sequence[int]) -> float:
    """The mean number of points until a process in control signals: the chain of all pasts that did not signal, as
    Champ & Woodall solve it.
    """
    mass = np.diff(special.ndtr([-3, -2, -1, 0, 1, 2, 3]))
    at, steps = {_memory(()): 0}, []
    waiting: list[tuple[float, ...]] = [()]
    for here, past in enumerate(waiting):
        for zone, p in zip(ZONES, mass, strict=True):
            seen: tuple[float, ...] = (*past, zone)
            if not cl.broken_rules(seen, rules)[-1]:
                waiting += [seen[-cl.RUN :]] if _memory(seen) not in at else []
                steps.append((here, at.setdefault(_memory(seen), len(at)), p))
    chain = np.eye(len(at))
    for one, other, p in steps:
        chain[one, other] -= p
    return float(np.linalg.solve(chain, np.ones(len(at)))[0])


@cases("western_electric_arl0")
def test_false_alarms_come_as_seldom_as_champ_and_woodall_say(case: Case) -> None:
    """370.40 and 91.75 are REMEMBERED; here they are solved for, so they hold to the digits printed, not only within
    the case's tolerance.
    """
    found = {"rule1": points_to_a_signal((1,)), "rules1-4": points_to_a_signal(cl.RULES)}
    case.check(found)
    assert {name: round(length, 2) for name, length in found.items()} == case.expected


# --- queues, ridits, coders, ratios -----------------------------------------------------------------------------------


@cases("mmc_hillier_s1", "mmc_hillier_s2", "mmc_gross_harris")
def test_a_line_has_the_figures_of_the_textbook(case: Case) -> None:
    rates = tuple(case.input[name] for name in ("lambda", "mu", "c"))
    row, found = queue.from_rates(*rates), steady(*rates)
    assert row.steady is not None
    assert row.value == row.steady["Wq"]
    case.check({**row.steady, "P_wait_gt_1": found.waits_longer(1), "P_wait_gt_half": found.waits_longer(0.5)})


@cases("ridit_airquality")
def test_months_against_the_whole_year_have_the_ridits_and_the_test_of_kruskal_and_wallis(case: Case) -> None:
    groups = DATA[case.input["data"]]["groups"]
    values = sorted({value for group in groups.values() for value in group})
    rows = ridits({name: [group.count(value) for value in values] for name, group in groups.items()})
    test = {"kruskal_chisq": rows[0].statistic, "df": rows[0].df, "p": rows[0].p}
    case.check({**test, "mean_ridits": {row.level: row.value for row in rows}})


@cases("kappa_cohen1968")
def test_two_coders_agree_as_cohen_says(case: Case) -> None:
    counts = (np.array(case.input["proportions"]) * case.input["n"]).round().astype(int).tolist()
    plain = agreement.from_counts(counts)
    weighted = agreement.from_counts(counts, disagreement=case.input["disagreement_weights"])
    case.check({"kappa": plain.value, "weighted_kappa": weighted.value, "ci_unweighted": [plain.low, plain.high]})


@cases("total_value_delta")
def test_a_ratio_of_means_has_its_error_by_the_delta_method(case: Case) -> None:
    top, top_se, bottom, bottom_se = (case.input[name] for name in ("num_mean", "num_se", "den_mean", "den_se"))
    means = ratios.Means(top=top, bottom=bottom, top_variance=top_se**2, bottom_variance=bottom_se**2)
    case.check({"ratio": means.ratio, "se": ratios.delta(means), "log_ci95": ratios.log_interval(means)})


# --- choices ----------------------------------------------------------------------------------------------------------


@cases("knapsack_p01", "knapsack_p02", "knapsack_p03", "knapsack_p06")
def test_a_budget_has_the_optimum_that_enumeration_proves(case: Case) -> None:
    rows = [
        {"initiative": f"{at}", "cost": c, "value": v}
        for at, (c, v) in enumerate(zip(case.input["weights"], case.input["profits"], strict=True))
    ]
    row = portfolio(rows, budget=case.input["capacity"])[0]
    best = [sorted(int(name) for name in one) for one in row.optima]
    greedy = {"greedy_ratio_value": row.by_ratio_value, "greedy_is_optimal": row.by_ratio_value == row.value}
    case.check({"optimum": row.value, "selections": best, **greedy})


@cases("concept_scoring_ulrich")
def test_concepts_have_the_totals_of_the_book(case: Case) -> None:
    """Ulrich & Eppinger, outpatient syringe: the ratings are REMEMBERED; the totals agree with the remembered printed
    ones.
    """
    rows = screening(
        [
            {"concept": name, "criterion": f"c{at}", "rating": rating, "weight": case.input["weights"][at]}
            for name, ratings in case.input["concepts"].items()
            for at, rating in enumerate(ratings)
        ]
    )
    case.check({"scores": {row.concept: row.value for row in rows}})
