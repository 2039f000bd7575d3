"""Two and more waves: change, interrupted series, difference in differences, looks, plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.methods.did import panels
from peakend.methods.power import power
from peakend.methods.ridit import from_counts as ridits
from peakend.methods.sequential.looks import boundaries, mixture
from peakend.methods.series import segmented_regression as sg
from peakend.methods.verify import verify

FIGURES = {
    "change": Figure("verify", "mean, first to last wave: change, interval, p (Welch)", "t.test"),
    "rank": Figure("verify", "first to last wave: p of Mann–Whitney", "wilcox.test"),
    "all": Figure("verify", "three waves: p of Kruskal & Wallis", "kruskal.test"),
    "holm": Figure("verify", "p of two constructs, held to their family (Holm)", "p.adjust"),
    "share": Figure("verify", "top scores, first to last wave: χ² p", "prop.test(correct = FALSE)"),
    "all_shares": Figure("verify", "top scores, three waves: χ² p", "prop.test"),
    "ridit": Figure("ridit", "mean ridit of each wave, all waves pooled", "ecdf, by hand"),
    "ridit_test": Figure("ridit", "H, df and p", "kruskal.test"),
    "ridit_reference": Figure("ridit", "against the first wave: mean ridit, p", "outer, wilcox.test"),
    "poisson": Figure("series", "counts: rate ratios of trend and level", "glm(quasipoisson)"),
    "poisson_ends": Figure("series", "counts: interval of the level, over-dispersion", "glm(quasipoisson)"),
    "harmonics": Figure(
        "series", "counts with two harmonics: ratio of the level, interval, over-dispersion", "glm(quasipoisson)"
    ),
    "slope": Figure("series", "counts with two harmonics: ratio of the slope, interval", "glm(quasipoisson)"),
    "newey_west": Figure(
        "series", "rate: coefficients, Newey–West errors at lag 3 and p", "sandwich::NeweyWest, lmtest::coeftest"
    ),
    "newey_west_plain": Figure(
        "series", "rate: Newey–West errors at lag 3 without the sample factor", "sandwich::NeweyWest(adjust = FALSE)"
    ),
    "newey_west_12": Figure("series", "rate: Newey–West errors at lag 12", "sandwich::NeweyWest"),
    "hc1": Figure("series", "rate: errors of independent months (HC1)", "sandwich::vcovHC"),
    "durbin": Figure("series", "Durbin & Watson's statistic", "lmtest::dwtest"),
    "godfrey": Figure("series", "p of Breusch & Godfrey up to twelve months", "lmtest::bgtest"),
    "counterfactual": Figure("series", "the last month as fitted and without the change", "predict"),
    "did": Figure("did", "difference in differences", "lm"),
    "did_ols": Figure("did", "its standard error, pooled", "lm"),
    "did_cluster": Figure("did", "its standard error by unit, HC1", "sandwich::vcovCL"),
    "did_within": Figure(
        "did", "its standard error by unit, units and periods with levels of their own", "sandwich::vcovCL"
    ),
    "did_change": Figure("did", "standard errors of the difference of changes: OLS, HC1", "lm, sandwich::vcovHC"),
    "did_welch": Figure("did", "interval and p of the difference of changes", "t.test"),
    "did_placebo": Figure("did", "p of every way to have chosen the treated units", "combn"),
    "did_one": Figure("did", "one treated unit: difference, error by unit, p of its rank", "sandwich::vcovCL, rank"),
    "did_before": Figure("did", "difference of the slopes before, and its p", "lm, t.test"),
    "power": Figure("power", "power of two shares, of two means, of pairs", "power.prop.test, power.t.test"),
    "needed": Figure("power", "answers needed for two shares, two means, pairs", "power.prop.test, power.t.test"),
    "always": Figure("sequential", "mixture ratio and p valid at any look", "dnorm"),
    "obrien": Figure("sequential", "O'Brien–Fleming-type boundaries of three looks at uneven times", "integrate"),
    "pocock": Figure("sequential", "Pocock-type boundaries of three looks at uneven times", "integrate"),
}
START = 37
SHARES = (0.3, 0.65, 1.0)


def tables() -> Tables:
    rng = np.random.default_rng(37)
    waves: dict[str, Any] = {"wave": [], "construct": [], "value": []}
    for at, wave in enumerate(("2023", "2024", "2025")):
        for construct, lift in (("desk", 0.35), ("room", 0.05)):
            values = np.clip(np.round(rng.normal(3.3 + lift * at, 1.0, 80)), 1, 5)
            waves["wave"] += [wave] * 80
            waves["construct"] += [construct] * 80
            waves["value"] += values.tolist()
    month = np.arange(1, 61)
    exposure = np.round(380_000 + 250 * month + rng.normal(0, 2_000, 60))
    rate = np.exp(
        -6.25
        + 0.005 * month
        - 0.12 * (month >= START)
        + 0.06 * np.sin(2 * np.pi * month / 12)
        + rng.normal(0, 0.04, 60)
    )
    series = {"at": month.tolist(), "exposure": exposure.tolist(), "count": rng.poisson(rate * exposure).tolist()}
    store = np.repeat(np.arange(14), 4)
    period = np.tile(np.arange(4), 14)
    treated = (store < 5).astype(int)
    value = rng.normal(20, 4, 14)[store] + 0.4 * period + 1.5 * treated * (period >= 2) + rng.normal(0, 1, 56)
    panel = {
        "unit": [f"s{one:02}" for one in store],
        "period": period.tolist(),
        "treated": treated.tolist(),
        "value": np.round(value, 4).tolist(),
    }
    state, quarter = np.repeat(np.arange(20), 6), np.tile(np.arange(6), 20)
    share = np.round(
        rng.normal(0.45, 0.1, 20)[state]
        + 0.004 * quarter
        - 0.05 * ((state == 0) & (quarter >= 4))
        + rng.normal(0, 0.02, 120),
        4,
    )
    states: dict[str, Any] = {
        "unit": [f"u{one:02}" for one in state],
        "period": quarter.tolist(),
        "value": share.tolist(),
    }
    return {"waves": waves, "series": series, "panel": panel, "states": states}


def _verify(waves: Any, figure: Any) -> list[Any]:
    rows = [
        {"response": f"r{at}", "wave": wave, "construct": construct, "value": value, "low": 1.0, "high": 5.0}
        for at, (wave, construct, value) in enumerate(
            zip(waves["wave"], waves["construct"], waves["value"], strict=True)
        )
    ]
    return sorted(verify(conform(pl.DataFrame(rows)), figure=figure), key=lambda row: str(row.construct))


def _change(waves: Any) -> Mapping[str, Numbers]:
    desk, room = _verify(waves, "mean")
    share, _ = _verify(waves, "top_box")
    groups = {name: [0] * 5 for name in ("2023", "2024", "2025")}
    for wave, construct, value in zip(waves["wave"], waves["construct"], waves["value"], strict=True):
        if construct == "desk":
            groups[wave][int(value) - 1] += 1
    pooled, first = ridits(groups), ridits(groups, reference="2023")
    return {
        "change": [desk.value, desk.low, desk.high, desk.p],
        "rank": [desk.p_rank],
        "all": [desk.p_waves],
        "holm": [desk.p_adjusted, room.p_adjusted],
        "share": [share.p],
        "all_shares": [share.p_waves],
        "ridit": [row.value for row in pooled],
        "ridit_test": [pooled[0].statistic, pooled[0].df, pooled[0].p],
        "ridit_reference": [first[-1].value, first[-1].p],
    }


def _series(held: Any) -> Mapping[str, Numbers]:
    def periods(values: Any, exposure: Any) -> list[sg.Period]:
        return [
            sg.Period(name=str(at), at=at, value=float(v), exposure=float(e))
            for at, v, e in zip(held["at"], values, exposure, strict=True)
        ]

    counts = periods(held["count"], held["exposure"])
    rate = periods(1e5 * np.array(held["count"]) / np.array(held["exposure"]), np.ones(60))
    plain, seasonal, both = (
        sg.fit(counts, START, kind="counts", slope=slope, harmonics=k)
        for slope, k in ((False, 0), (False, 2), (True, 2))
    )
    lag3, bare, lag12, hc1 = (
        sg.fit(rate, START, lag=lag, small=small) for lag, small in ((3, True), (3, False), (12, True), (0, True))
    )

    def ends(found: sg.InterruptedSeries, name: str) -> list[float]:
        return [found.terms[name].value, found.terms[name].low, found.terms[name].high]

    terms = lag3.terms.values()
    return {
        "poisson": [plain.terms["trend"].value, plain.terms["level"].value],
        "poisson_ends": [*ends(plain, "level")[1:], plain.dispersion],
        "harmonics": [*ends(seasonal, "level"), seasonal.dispersion],
        "slope": ends(both, "slope"),
        "newey_west": [*(t.value for t in terms), *(t.se for t in terms), *(t.p for t in terms)],
        "newey_west_plain": [t.se for t in bare.terms.values()],
        "newey_west_12": [t.se for t in lag12.terms.values()],
        "hc1": [t.se for t in hc1.terms.values()],
        "durbin": [lag3.durbin_watson],
        "godfrey": [lag3.remembers],
        "counterfactual": [lag3.fitted[-1], lag3.counterfactual[-1]],
    }


def _did(held: Any) -> Mapping[str, Numbers]:
    seen = [
        panels.Observation(
            unit=unit, treated=bool(treated), after=period >= 2, value=value, period=str(period), at=float(period)
        )
        for unit, period, treated, value in zip(
            held["unit"], held["period"], held["treated"], held["value"], strict=True
        )
    ]
    changes = panels.changes(seen)
    errors, compared = panels.change_errors(changes), panels.compare_changes(changes, 0.95)
    return {
        "did": [panels.difference(panels.cells(seen))],
        "did_ols": [panels.cell_errors(panels.cells(seen))["pooled"]],
        "did_cluster": [panels.cluster_error(seen)],
        "did_within": [panels.within(seen)],
        "did_change": [errors["change_ols"], errors["change_hc1"]],
        "did_welch": [compared.low, compared.high, compared.p],
        "did_placebo": [panels.placebo(changes).p],
        "did_before": list(panels.trend_check(seen) or ()),
    }


def _one(held: Any) -> Mapping[str, Numbers]:
    seen = [
        panels.Observation(
            unit=unit, treated=unit == "u00", after=period >= 4, value=value, period=str(period), at=float(period)
        )
        for unit, period, value in zip(held["unit"], held["period"], held["value"], strict=True)
    ]
    return {
        "did_one": [panels.difference(panels.cells(seen)), panels.within(seen), panels.placebo(panels.changes(seen)).p]
    }


def _plans() -> Mapping[str, Numbers]:
    shares, means, pairs = (
        {"design": "shares", "share1": 0.62, "share2": 0.7},
        {"design": "means", "difference": 0.3, "sd": 1.1},
        {"design": "pairs", "difference": 0.3, "sd": 1.1},
    )
    found = power([{**plan, "n": n} for plan, n in ((shares, 400), (means, 150), (pairs, 90))])
    needed = power([{**plan, "power": 0.85} for plan in (shares, means, pairs)])
    one = mixture(0.5, 0.04, 0.25)
    return {
        "power": [row.power for row in found],
        "needed": [row.needed for row in needed],
        "always": [one.ratio, one.p],
        "obrien": list(boundaries(SHARES)),
        "pocock": list(boundaries(SHARES, "pocock")),
    }


def ours(tables: Tables) -> Mapping[str, Numbers]:
    return {
        **_change(tables["waves"]),
        **_series(tables["series"]),
        **_did(tables["panel"]),
        **_one(tables["states"]),
        **_plans(),
    }


SUBJECT = Subject("waves", FIGURES, tables, ours)
