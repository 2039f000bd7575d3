"""Zone of tolerance: where the service is found between what is just adequate and what is desired (Parasuraman,
Zeithaml & Berry 1994).

Three levels of one item and one person: adequate A (role adequate), desired D (role expectation) and perceived P (role
perception), on one scale. MSA = P − A (the measure of service adequacy), MSS = P − D (of superiority), zone = D − A.
`value` is the position MSA / zone, as a ratio of means with Fieller's interval: below 0 under the zone, above 1 over
it. A respondent's levels in a dimension are means over the items answered on all three, at least half of them. D < A is
an invalid answer and not a negative zone: it is excluded and counted. Checked against: the definitions in numpy and
scipy 1.17 (paired t), Fieller's set by the paired t test as second route, and survey 4.1-1 (svyratio) for the twin by
survey weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv
from peakend import weights
from peakend.draw import Axis, Chart
from peakend.errors import MethodError
from peakend.field import pair_differences as pd
from peakend.field import ratings, weighted_means
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Scale
from peakend.figures import number
from peakend.maths import ratios
from peakend.methods.zone.picture import Band, zones
from peakend.options import checks_options
from peakend.reduce import levels
from peakend.result import Method, Result, Results, evidence, lead
from peakend.sums import Floats, Sums, in_order
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

ROLES: Final = ("adequate", "expectation", "perception")
_TO_DIFFERENCES: Final = np.array([[-1.0, 0.0, 1.0], [0.0, -1.0, 1.0], [-1.0, 1.0, 0.0]])
ROUNDING: Final = 1e-12
"""Of the variance of the levels; less of a variance of their differences is none."""
"""MSA, MSS and zone of (A, D, P)."""


@dataclass(frozen=True, kw_only=True)
class Zone(Result):
    """One dimension. `value` and `position` are MSA / zone; levels and differences are means over respondents, on the
    scale of the answers.

    `reversed` counts answers excluded because the desired level lies below the adequate one; respondents who have no
    figure for that are among the `invalid`. `g` from 1 on says that the position has no bounds (Fieller). `weighted` is
    the twin by survey weights: value, low, high (Fieller), se (delta), n_eff (Kish), and the weighted msa, mss and
    zone.
    """

    dimension: str | None = None
    adequate: float | None = None
    desired: float | None = None
    perceived: float | None = None
    msa: float | None = None
    mss: float | None = None
    zone: float | None = None
    position: float | None = None
    msa_interval: iv.Interval | None = None
    mss_interval: iv.Interval | None = None
    zone_interval: iv.Interval | None = None
    g: float | None = None
    reversed: int = 0
    scale: Scale | None = None
    weighted: Mapping[str, float | None] | None = None

    @property
    def weighted_value(self) -> float | None:
        """The weighted position, for the table."""
        return weights.figure(self.weighted, self.n)


# --- from levels ------------------------------------------------------------------------------------------------------


@checks_options
def from_levels(
    adequate: ArrayLike,
    desired: ArrayLike,
    perceived: ArrayLike,
    *,
    dimension: str | None = None,
    scale: Scale | None = None,
    conf: float = 0.95,
) -> Zone:
    """One item from its answers, one place a respondent (NaN or None where there is none): `from_levels([4, 5], [6, 7],
    [5, 5])`.
    """
    found = np.column_stack([np.atleast_1d(np.asarray(level, dtype=float)) for level in (adequate, desired, perceived)])
    whole = ~np.isnan(found).any(axis=1)
    turned = whole & (found[:, 1] < found[:, 0])
    kept = found[whole & ~turned]
    n, wrong = len(kept), int(turned.sum())
    mean = kept.mean(axis=0) if n else np.zeros(3)
    spread = np.cov(kept.T) if n > 1 else np.zeros((3, 3))
    return _infer(
        n,
        mean,
        spread,
        scale=scale,
        conf=conf,
        dimension=dimension,
        reversed=wrong,
        invalid=wrong,
        missing=int((~whole).sum()),
    )


def _infer(n: int, mean: Floats, spread: Floats, *, scale: Scale | None, conf: float, **about: Any) -> Zone:
    common: dict[str, Any] = {"n": n, "scale": scale, "conf": conf, "version": METHOD.definition, **about}
    if n < 1:
        refusal = MethodError("zone.too_few", reversed=about.get("reversed", 0), missing=about.get("missing", 0))
        return Zone(value=None, low=None, high=None, refused=refusal, **common)
    msa, mss, zone = (float(one) for one in _TO_DIFFERENCES @ mean)
    among = _TO_DIFFERENCES @ spread @ _TO_DIFFERENCES.T
    ends = [iv.mean_t(n, value, max(0.0, float(among[i, i])), conf) for i, value in enumerate((msa, mss, zone))]
    adequate, desired, perceived = mean.tolist()
    common |= {
        "adequate": adequate, "desired": desired, "perceived": perceived, "msa": msa, "mss": mss, "zone": zone,
        "msa_interval": ends[0], "mss_interval": ends[1], "zone_interval": ends[2],
    }  # fmt: skip
    if zone <= 0:
        return Zone(
            value=None, low=None, high=None, refused=MethodError("zone.no_width", level=f"{desired:g}"), **common
        )
    _, bounds = _position(mean, spread / n, n - 1, conf)
    low, high, g = (None, None, None) if bounds is None else (bounds.low, bounds.high, bounds.g)
    flags = {
        "low_base": n < LOW_BASE,
        "ratio_unbounded": g is not None and g >= 1,
        "desired_below_adequate": bool(about.get("reversed")),
    }
    warnings = tuple(name for name, held in flags.items() if held)
    return Zone(value=msa / zone, low=low, high=high, position=msa / zone, g=g, warnings=warnings, **common)


def _position(levels: Floats, covariance: Floats, df: float, conf: float) -> tuple[ratios.Means, ratios.Fieller | None]:
    """MSA over zone, from the means of the three levels and the covariance of these means; without spread there are no
    bounds.
    """
    (msa, _, width), among = _TO_DIFFERENCES @ levels, _TO_DIFFERENCES @ covariance @ _TO_DIFFERENCES.T
    found = ratios.Means(
        top=float(msa), bottom=float(width), top_variance=float(among[0, 0]), bottom_variance=float(among[2, 2]),
        covariance=float(among[0, 2]), df=df,
    )  # fmt: skip
    # What is left of a spread that cancels is rounding, of which the order of respondents decides.
    spread = among[0, 0] > ROUNDING * np.trace(covariance)
    return found, ratios.fieller(found, conf) if df >= 1 and spread else None


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def zone(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    dimension: str | Sequence[str] | None = None,
    conf: float = 0.95,
) -> Results[Zone]:
    """The zone of tolerance of every dimension that was asked in the roles adequate, expectation (desired) and
    perception, by group.

    Dimensions asked on two scales refuse (`zone.scales`); without any dimension that has all three, one row refuses
    (`zone.no_levels`).
    """
    groups = tuple(name for name in ((by,) if isinstance(by, str) else by) if name != "construct")
    facts = ratings.customers(answers, where).where(role=ROLES)
    asked = pd.asked_in(facts.with_names("dimension", dimension), ROLES)
    if not asked:
        return pd.of_nobody(METHOD, Zone, groups, conf, MethodError("zone.no_levels"))
    facts = facts.where(construct=tuple(asked))
    found = levels(facts, groups, roles=ROLES)
    names, states = found.unweighted.names, pd.respondents(facts, groups, ("adequate", "perception"), ("construct",))
    rows = []
    for *group, name in in_order(states):
        powers, one = found.of(tuple(group)), asked[name]
        sums = powers and powers[0]
        about = pd.about(groups, group, 0, states[*group, name]) | {"dimension": name, **_counts(sums, names, name)}
        about["missing"] = max(0, about["missing"] - about["n"] - about["fallen"])
        about["invalid"] += about.pop("fallen")
        if len(scales := one.scales(*ROLES)) > 1:
            refusal = MethodError("zone.scales", scales=ratings.scales_text(scales))
            rows.append(
                Zone(value=None, low=None, high=None, conf=conf, version=METHOD.definition, refused=refusal, **about)
            )
            continue
        row = _infer(about.pop("n"), *_levels(sums, names, name), scale=one.scale(*ROLES), conf=conf, **about)
        rows.append(
            row
            if powers is None or row.value is None
            else replace(row, weighted=_weighted_twin(powers, _places(names, name), conf))
        )
    return Results(METHOD, tuple(rows))


Names = Sequence[tuple[str, ...]]


def _levels(sums: Sums | None, names: Names, dimension: str) -> tuple[Floats, Floats]:
    """Means and covariances of the three levels."""
    if sums is None or not (part := sums.take(_places(names, dimension))).count().all():
        return np.zeros(3), np.zeros((3, 3))
    return part.mean(), part.covariance() if part.count()[0] > 1 else np.zeros((3, 3))


def _places(names: Names, dimension: str) -> list[int]:
    return [names.index((dimension, name)) for name in ("adequate", "desired", "perceived")]


def _weighted_twin(
    powers: weighted_means.Three, places: Sequence[int], conf: float
) -> Mapping[str, float | None] | None:
    """The twin by survey weights: the position with Fieller's ends and its delta error, and the weighted
    differences.
    """
    found = weighted_means.means(powers, places)
    if found is None:
        return None
    msa, mss, width = (_TO_DIFFERENCES @ found.mean).tolist()
    if width <= 0:
        return None
    means, bounds = _position(found.mean, found.covariance, found.n - 1, conf)
    low, high = (None, None) if bounds is None else (bounds.low, bounds.high)
    return MappingProxyType({
        "value": means.ratio, "low": low, "high": high, "se": ratios.delta(means), "n_eff": found.n_eff, "msa": msa,
        "mss": mss, "zone": width,
    })  # fmt: skip


def _counts(sums: Sums | None, names: Names, dimension: str) -> dict[str, int]:
    """How many have a figure, how many have none because of reversals, and how many answers were reversed."""
    if sums is None:
        return {"n": 0, "fallen": 0, "reversed": 0}
    at = {what: names.index((dimension, what)) for what in ("adequate", "fallen", "reversed")}
    count, total = sums.count(), np.diagonal(sums.s.sum(axis=0))
    return {"n": int(count[at["adequate"]]), "fallen": int(count[at["fallen"]]), "reversed": int(total[at["reversed"]])}


# --- words and picture ------------------------------------------------------------------------------------------------

_WORDS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "below": {"en": "less than adequate", "zh-Hant": "低於可接受水準", "zh-Hans": "低于可接受水平"},
    "within": {"en": "within the zone of tolerance", "zh-Hant": "在容忍區間內", "zh-Hans": "在容忍区间内"},
    "over": {"en": "more than desired", "zh-Hant": "超過理想水準", "zh-Hans": "超过理想水平"},
    "unsure": {
        "en": "too close to the edge to tell",
        "zh-Hant": "尚不確定在邊界的哪一側",
        "zh-Hans": "尚不确定在边界的哪一侧",
    },
}


_ENDS: Final[Mapping[Lang, str]] = {
    "en": "0 = adequate, 1 = desired",
    "zh-Hant": "0＝可接受，1＝理想",
    "zh-Hans": "0＝可接受，1＝理想",
}


def _verdict(row: Zone) -> str:
    """Under, within or over the zone, where both differences leave no doubt."""
    if row.msa_interval is None or row.mss_interval is None:
        return "unsure"
    if row.msa_interval[1] < 0:
        return "below"
    if row.mss_interval[0] > 0:
        return "over"
    return "within" if row.msa_interval[0] >= 0 and row.mss_interval[1] <= 0 else "unsure"


def _say(row: Zone, lang: Lang) -> str:
    head = lead(row, lang, *([label(row.dimension, lang)] if row.dimension else []))
    a, d, p = (number(level or 0, 2) for level in (row.adequate, row.desired, row.perceived))
    told, place = _WORDS[_verdict(row)][lang], f"{number(row.position or 0, 2)}{evidence(row, lang, 2, _ENDS[lang])}"
    return {
        "en": f"{head}{'perceived' if head else 'Perceived'} {p} (adequate {a}, desired {d}): {told}, position "
        f"{place}.",
        "zh-Hant": f"{head}感知 {p}（可接受 {a}、理想 {d}），{told}，位置 {place}。",
        "zh-Hans": f"{head}感知 {p}（可接受 {a}、理想 {d}），{told}，位置 {place}。",
    }[lang]


def _draw(rows: Sequence[Zone], lang: Lang) -> Chart:
    """Each dimension's zone as a band with what was found, the lowest position at the top."""
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    scales = {row.scale for row in rows if row.scale}
    low, high = next(iter(scales)) if len(scales) == 1 else (None, None)
    words = (label("adequate", lang), label("desired", lang), label("perception", lang))
    title = "▕ {} … {} ▏  ● {}".format(*words) + ("" if low is None else f"  ({low:g}–{high:g})")
    ordered = sorted(rows, key=lambda row: (row.position is None, row.position or 0.0))
    return zones([_band(row, lang) for row in ordered], axis=Axis(title=title, low=low, high=high), alt=alt)


def _band(row: Zone, lang: Lang) -> Band:
    names = (*(value for value in row.group.values() if value), *([row.dimension] if row.dimension else ()))
    ends = (
        None
        if row.msa_interval is None or row.adequate is None
        else (row.adequate + row.msa_interval[0], row.adequate + row.msa_interval[1])
    )
    return Band(
        name=" · ".join(label(name, lang) for name in names) or label("all", lang), low=row.adequate, high=row.desired,
        at=row.perceived,
        ends=ends, side={"below": "below", "over": "above"}.get(_verdict(row), "level"), n=row.n,
        shown="" if row.position is None else number(row.position, 2),
        note=label("too_few", lang) if row.perceived is None else "",
    )  # fmt: skip


METHOD: Final = Method(
    id="zone",
    version="1",
    row=Zone,
    run=zone,
    say=_say,
    draw=_draw,
    columns=("adequate", "desired", "perceived", "msa", "mss", "zone", "weighted_value", "reversed"),
    checked="R 4.2.2 (paired t.test, survey::svyratio) and the definitions of Parasuraman, Zeithaml & Berry 1994",
    key=("dimension",),
    twin="weighted",
)
