"""Net promoter score, satisfaction and effort: scores, shares and means with their intervals, and what a plan needs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from peakend import intervals as iv
from peakend.methods import csat, nps
from peakend.methods.power import power
from tests.reference.ledger import Case, cases


def _hundredth(ends: iv.Interval | None) -> list[float | None]:
    return [None, None] if ends is None else [end / 100 for end in ends]


@cases("nps_pkg_testdata", "nps_50_20_30", "nps_small_10", "nps_zero_var_passive")
def test_a_net_promoter_score_has_its_variance_and_its_three_intervals(case: Case) -> None:
    p, q, d = (case.input[name] for name in ("promoters", "passives", "detractors"))
    row, n = nps.from_counts(p, q, d, conf=case.input["conf"]), p + q + d
    assert row.value is not None
    assert row.variance is not None
    assert row.intervals is not None
    se, few = math.sqrt(row.variance / n), iv.nps_variance((p + 0.75) / (n + 3), (d + 0.75) / (n + 3))
    exact: dict[str, Any] = (
        {"score_counts_0_10": case.expected["score_counts_0_10"]} if "score_counts_0_10" in case.expected else {}
    )
    if exact:  # the eleven counts fold into the three
        assert replace(nps.from_counts(scores=exact["score_counts_0_10"]), scores=None) == row
    adjusted = _hundredth(row.intervals["adjusted_wald"])
    case.check(
        {
            "nps": row.value / 100,
            "var_population": row.variance,
            "se_wald": se,
            "wald_ci": _hundredth(row.intervals["wald"]),
            "p_vs_zero": iv.z_test(row.value / 100, se).p if se else None,
            "adjusted_wald_t3": {"nps_adj": (p - d) / (n + 3), "se": math.sqrt(few / (n + 3)), "ci": adjusted},
            "trinomial_t_ci": _hundredth(row.intervals["t"]),
            "se_n_minus_1": math.sqrt(row.variance / (n - 1)) if row.variance else None,
            **exact,
        }
    )


@cases("nps_population_5_9")
def test_the_variance_of_one_answer_is_that_of_three_values(case: Case) -> None:
    row, variance = nps.from_counts(162, 108, 54), iv.nps_variance(case.input["p"], case.input["d"])
    assert row.value is not None
    assert row.variance is not None
    case.check({"nps": row.value / 100, "variance": variance, "se_n324": math.sqrt(row.variance / row.n)})


@cases("nps_two_wave_1")
def test_two_waves_of_the_score_differ_by_each_test_with_the_sign_kept(case: Case) -> None:
    waves = [nps.from_counts(p, q, d) for d, q, p in (case.input["A"], case.input["B"])]
    one, two = waves
    up = {test: nps.change(two, one, test=test) for test in ("wald", "adjusted_wald", "t")}
    down = nps.change(one, two, test="wald")
    assert (down.value, down.low, down.high) == (
        -(up["wald"].value or 0),
        -(up["wald"].high or 0),
        -(up["wald"].low or 0),
    )

    def ends(test: str) -> list[float | None]:
        return _hundredth((up[test].low or 0, up[test].high or 0))

    plus = [
        ((p + 0.75) / 303, (d + 0.75) / 303)
        for p, d in ((one.promoters, one.detractors), (two.promoters, two.detractors))
    ]
    moved, se = (
        plus[0][0] - plus[0][1] - plus[1][0] + plus[1][1],
        math.sqrt(sum(iv.nps_variance(*shares) / 303 for shares in plus)),
    )
    plain = math.sqrt(sum((wave.variance or 0) / wave.n for wave in waves))
    coded = [iv.tally_mean([-1, 0, 1], [wave.detractors, wave.passives, wave.promoters]) for wave in waves]
    student, rank = iv.welch(coded[0], coded[1]), iv.mann_whitney(case.input["A"], case.input["B"])
    assert student.df is not None
    assert student.p == up["t"].p
    case.check(
        {
            "nps_A": (one.value or 0) / 100,
            "nps_B": (two.value or 0) / 100,
            "diff": (up["wald"].value or 0) / 100,
            "se_wald": plain,
            "wald_ci": ends("wald"),
            "z": (up["wald"].value or 0) / 100 / plain,
            "p_wald": up["wald"].p,
            "adjusted_wald": {
                "diff": moved,
                "se": se,
                "ci": ends("adjusted_wald"),
                "z": moved / se,
                "p": up["adjusted_wald"].p,
            },
            "welch_t": {"t": student.statistic, "df": student.df, "p": up["t"].p, "ci": ends("t")},
            "mann_whitney_on_categories_p": rank.p if rank else None,
        }
    )


@cases("nps_margin_sample_size")
def test_a_margin_needs_so_many_answers(case: Case) -> None:
    p, d, margin = (case.input[name] for name in ("promoters", "detractors", "margin"))
    variance = iv.nps_variance(p, d)
    case.check(
        {
            "variance": variance,
            "n": nps.sample_size(100 * margin, promoters=p, detractors=d),
            "worst_case_n": nps.sample_size(100 * margin),
        }
    )
    rows = power([{"design": "margin", "margin": 100 * margin, "sd": 100 * math.sqrt(v)} for v in (variance, 1.0)])
    case.check({"variance": variance, "n": rows[0].n, "worst_case_n": rows[1].n})


@cases("power_examples")
def test_power_and_answers_needed_are_those_of_rs_help(case: Case) -> None:
    one, two, three = case.input["cases"]
    rows = power(
        [
            {"design": "shares", "share1": one["p1"], "share2": one["p2"], "n": one["n"]},
            {"design": "shares", "share1": two["p1"], "share2": two["p2"], "power": two["power"]},
            {"design": "means", "difference": three["delta"], "sd": three["sd"], "n": three["n"]},
        ]
    )
    case.check({"power_1": rows[0].power, "n_2": rows[1].needed, "power_3": rows[2].power})


@cases("csat_100")
def test_a_hundred_answers_have_their_mean_and_top_boxes(case: Case) -> None:
    counts = case.input["counts_1_to_5"]
    mean, top = csat.from_counts(counts, measure="mean"), csat.from_counts(counts)
    assert top.value is not None
    assert mean.mean is not None
    rescaled = (mean.mean - 1) / 4 * 100
    found = {
        "mean": mean.value,
        "sd": mean.sd,
        "t_ci": [mean.low, mean.high],
        "top2": top.value / 100,
        "rescaled_0_100": rescaled,
    }
    case.check({**found, "top2_wilson": _hundredth((top.low or 0, top.high or 0))})


@cases("prop_ci_81_263", "prop_ci_15_148")
def test_a_share_has_newcombes_intervals(case: Case) -> None:
    x, n, conf = (case.input[name] for name in ("x", "n", "conf"))
    found = (iv.wilson, iv.wilson_corrected, iv.clopper_pearson, iv.agresti_coull)
    case.check(
        dict(
            zip(
                ("wilson", "wilson_cc", "clopper_pearson", "agresti_coull"), (f(x, n, conf) for f in found), strict=True
            )
        )
    )
    row = csat.from_counts({1: n - x, 5: x}, conf=conf)
    case.check({**case.expected, "wilson": _hundredth((row.low or 0, row.high or 0))})  # and so does satisfaction
