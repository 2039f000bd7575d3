"""Peak and end: what of a visit is remembered, and whether its most intense moment and its last one really decide it
here.

The rule (Kahneman, Fredrickson, Schreiber & Redelmeier 1993; Redelmeier & Kahneman 1996) is a hypothesis: over 174
effect sizes peak and end go with memory at r = .58, no better than the plain mean (Alaybek et al. 2022). So
`show="features"` sets the correlations beside each other and tests peak and end against the mean (Williams' t); the
mean may do as well. `"models"` are six regressions with leave-one-out errors, `"what_if"` edits moments and takes the
features anew, `"endings"` lists where visits end badly. Units are visits. Checked against: psych 2.2.9 (r.test: Steiger
1980 case A), R 4.2.2 (lm, AIC), models fitted anew without each visit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.options import checks_options
from peakend.reduce import Walks, walks
from peakend.result import Method, Result, Results, points
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

from . import memory, words
from .memory import MODELS, Model, Peak

FEWEST_VISITS: Final = 50
"""Visits needed, each rated along the way and judged afterwards."""
LENGTH: Final = 4
"""Moments that at least half of the visits need: of two, peak, end and mean are nearly one thing."""
FEATURES: Final = (
    "peak_end",
    "mean",
    "peak",
    "end",
    "trough",
    "extreme",
    "extreme_end",
    "start",
    "slope",
    "sd",
    "duration",
)
MOST_VISITS: Final = 10
Show = Literal["features", "models", "what_if", "endings"]


@dataclass(frozen=True, kw_only=True)
class PeakEnd(Result):
    """One row, `about` a feature, a model (m1 … m6), an edited moment, or the touchpoint where visits end. `n` counts
    visits, `missing` those not judged afterwards, `invalid` those of which it is not known which touchpoint came last.

    Features: `value` is the correlation with the remembered score (Fisher's interval); peak_end also has `verdict`
    (peak_end, mean, alike, or untested where both are one thing), `against_mean` (the difference of both correlations,
    Zou 2007), Williams' `t` and `p`. Models: `value` is the root mean squared leave-one-out error; `added` holds F and
    p of what m4 adds to m1 and to m3. What-if: `value` is the predicted change, `raised` was asked and `risen` reached,
    the rest being cut off at the end of the scale. Endings: `value` is the percentage that ends below the middle of its
    scale (Wilson), `drop` the last moment less the visit's mean, `visits` the first ten of them.
    """

    about: str
    verdict: str | None = None
    r_mean: float | None = None
    against_mean: Mapping[str, float | None] | None = None
    t: float | None = None
    p: float | None = None
    coefficients: Mapping[str, float] | None = None
    errors: Mapping[str, float] | None = None
    shares: Mapping[str, float] | None = None
    r2: float | None = None
    adjusted_r2: float | None = None
    aic: float | None = None
    bic: float | None = None
    added: Mapping[str, float] | None = None
    raised: float | None = None
    risen: float | None = None
    reached: int | None = None
    weak: int | None = None
    drop: float | None = None
    visits: tuple[str, ...] = ()


@checks_options
@says_weights
def peak_end(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    show: Show = "features",
    peak: Peak = "peak",
    raised: float = 1.0,
    model: Model = "m1",
    moments: tuple[str, ...] = (),
    conf: float = 0.95,
) -> Results[PeakEnd]:
    """Rows of the kind that `show` names, for each group.

    Moments are the scores that name a touchpoint, in their order of time within a visit; the remembered score has the
    role `remembered`. `peak` says which moment stands for the peak (where the episode is unpleasant: the trough, or the
    extreme). What-if raises the end, the peak, the trough and each touchpoint by `raised` (or only `moments`) in the
    `model`. A group that cannot carry it is refused: `peak_end.no_visits`, `peak_end.too_few`, `peak_end.short`,
    `peak_end.scales`, `peak_end.constant`.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    asked = _Asked(show, peak, raised, model, moments, conf)
    found = walks(ratings.customers(answers, where), groups)
    rows = [
        row
        for group, walk in found.items()
        for row in _rows(walk, asked, {"group": MappingProxyType(dict(zip(groups, group, strict=True)))})
    ]
    if not found and not groups:
        rows = [_refusal({}, asked, MethodError("peak_end.no_visits", visits=0, ordered=0, judged=0))]
    return Results(METHOD, tuple(rows))


@dataclass(frozen=True)
class _Asked:
    show: Show
    peak: Peak
    raised: float
    model: Model
    moments: tuple[str, ...]
    conf: float

    @property
    def about(self) -> str:
        return {"features": "peak_end", "models": "m1", "what_if": "end", "endings": "end"}[self.show]


def _refusal(
    common: Mapping[str, Any], asked: _Asked, refusal: MethodError, about: str | None = None, n: int = 0
) -> PeakEnd:
    fields = {"about": about or asked.about, "conf": asked.conf, "version": METHOD.definition, **common, "n": n}
    return PeakEnd(value=None, low=None, high=None, refused=refusal, **fields)


def _rows(walk: Walks, asked: _Asked, common: dict[str, Any]) -> Iterator[PeakEnd]:
    """The rows of one group: of the visits of which the order is known and, but for the endings, that were judged
    afterwards.
    """
    judged = ~np.isnan(walk.remembered)
    wanted = walk.ordered & (judged | (asked.show == "endings"))
    common |= {"missing": int((~judged).sum()) if asked.show != "endings" else 0, "invalid": int((~walk.ordered).sum())}
    common |= {
        "version": METHOD.definition,
        "conf": asked.conf,
        "n": int(wanted.sum()),
        "warnings": _warnings(walk, wanted & judged),
    }
    kept = walk.take(wanted)
    refusal = _cannot(walk, kept, asked)
    if refusal is not None:
        yield _refusal(common, asked, refusal, n=common["n"])
        return
    yield from _KINDS[asked.show](kept, asked, common)


def _warnings(walk: Walks, used: Any) -> tuple[str, ...]:
    """Asked on the same screen as the last moment, the judgement leans towards it."""
    later = walk.later[used & ~np.isnan(walk.later)]
    return ("asked_at_once",) if len(later) and np.mean(later <= 0) > 0.5 else ()


def _cannot(walk: Walks, kept: Walks, asked: _Asked) -> MethodError | None:
    n, judged = len(kept.first), int((~np.isnan(walk.remembered)).sum())
    scales = set(zip(kept.low.tolist(), kept.high.tolist(), strict=True))
    if not n:
        return MethodError("peak_end.no_visits", visits=len(walk.first), ordered=int(walk.ordered.sum()), judged=judged)
    if len({scale for scale in scales if scale[0] == scale[0]}) > 1:
        return MethodError("peak_end.scales", scales=ratings.scales_text(sorted(scales)))
    if asked.show == "endings":
        return None
    if n < FEWEST_VISITS:
        return MethodError(
            "peak_end.too_few",
            n=n,
            need=FEWEST_VISITS,
            missing=len(walk.first) - judged,
            unordered=int((~walk.ordered).sum()),
        )
    if (length := float(np.median(kept.length))) < LENGTH:
        return MethodError("peak_end.short", length=length, need=LENGTH)
    flat = any(np.ptp(x) < 1e-12 for x in (kept.remembered, kept.features()[:, 2]))
    return MethodError("peak_end.constant") if flat else None


# --- features, models, edits, endings ---------------------------------------------------------------------------------


def _features(walk: Walks, asked: _Asked, common: dict[str, Any]) -> Iterator[PeakEnd]:
    columns, y, n, conf = memory.of_visits(walk.features(), asked.peak), walk.remembered, len(walk.first), asked.conf
    held = {
        name: columns[name]
        for name in FEATURES
        if np.ptp(np.nan_to_num(columns[name])) > 1e-12 and not np.isnan(columns[name]).all()
    }
    if asked.peak == "extreme":
        held.pop("extreme_end", None)
    for name, x in held.items():
        known = ~np.isnan(x)
        if known.sum() < FEWEST_VISITS or np.ptp(x[known]) < 1e-12:
            continue
        r, size = _correlation(x[known], y[known]), int(known.sum())
        low, high = memory.correlation_interval(r, size, conf) or (None, None)
        own = (
            _test_fields(r, _correlation(columns["mean"], y), _correlation(x, columns["mean"]), n, conf)
            if name == "peak_end"
            else {}
        )
        yield PeakEnd(about=name, value=r, low=low, high=high, **{**common, "n": size}, **own)


def _correlation(x: Any, y: Any) -> float:
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))


def _test_fields(r: float, r_mean: float, between: float, n: int, conf: float) -> dict[str, Any]:
    """Peak and end against the mean: no difference is a finding, and its interval says how much of one there may be."""
    test = memory.williams(n, r, r_mean, between)
    low, high = memory.difference_interval(n, r, r_mean, between, conf) or (None, None)
    verdict = "untested" if test is None else "alike" if test.p >= 1 - conf else "peak_end" if r > r_mean else "mean"
    against = MappingProxyType({"value": r - r_mean, "low": low, "high": high})
    found = {"t": None, "p": None} if test is None else {"t": test.statistic, "p": test.p}
    return {"verdict": verdict, "r_mean": r_mean, "against_mean": against, **found}


def _models(walk: Walks, asked: _Asked, common: dict[str, Any]) -> Iterator[PeakEnd]:
    columns = memory.of_visits(walk.features(), asked.peak)
    fits = {name: memory.fit(walk.remembered, columns, features) for name, features in MODELS.items()}
    whole = fits["m4"]
    for name, fit in fits.items():
        if fit is None:
            yield _refusal(common, asked, MethodError("peak_end.collinear", model=name), name, common["n"])
            continue
        test = memory.nested_test(fit, whole) if whole is not None and name in {"m1", "m3"} else None
        own: dict[str, Any] = {
            key: MappingProxyType(dict(getattr(fit, key))) for key in ("coefficients", "errors", "shares")
        }
        own["coefficients"] = MappingProxyType({"intercept": fit.intercept, **fit.coefficients})
        added = None if test is None else MappingProxyType({"f": test.statistic, "p": test.p})
        yield PeakEnd(
            about=name, value=fit.loo_rmse, low=None, high=None, r2=fit.r2, adjusted_r2=fit.adjusted_r2, aic=fit.aic,
            bic=fit.bic, added=added,
            **own, **common,
        )  # fmt: skip


def _what_if(walk: Walks, asked: _Asked, common: dict[str, Any]) -> Iterator[PeakEnd]:
    wanted = asked.moments or ("end", "peak", "trough", *(walk.names[at] for at in np.unique(walk.touchpoint).tolist()))
    if memory.fit(walk.remembered, memory.of_visits(walk.features(), asked.peak), MODELS[asked.model]) is None:
        yield _refusal(common, asked, MethodError("peak_end.collinear", model=asked.model), n=common["n"])
        return
    found = memory.what_if(walk, wanted, asked.raised, model=asked.model, peak=asked.peak, conf=asked.conf)
    warned = {**common, "warnings": (*common["warnings"], "if_causal")}
    for name, fields in found.items():
        if fields["reached"]:
            yield PeakEnd(about=name, raised=asked.raised, **fields, **warned)
        else:
            yield _refusal(warned, asked, MethodError("peak_end.no_room", moment=name), name, common["n"])


def _endings(walk: Walks, asked: _Asked, common: dict[str, Any]) -> Iterator[PeakEnd]:
    last, mean = walk.last, walk.features()[:, 2]
    end, where = walk.value[last], walk.touchpoint[last]
    weak = end < (walk.low[last] + walk.high[last]) / 2
    for at in np.unique(where).tolist():
        here, bad = where == at, weak & (where == at)
        n, ends = int(here.sum()), iv.wilson(int(bad.sum()), int(here.sum()), asked.conf)
        low, high = (None, None) if ends is None else (100 * ends[0], 100 * ends[1])
        worst = np.lexsort((walk.visit[bad].astype(str), end[bad] - mean[bad]))[:MOST_VISITS]
        own = {**common, "n": n, "warnings": (*common["warnings"], *(("low_base",) if n < LOW_BASE else ()))}
        yield PeakEnd(
            about=walk.names[at], value=100 * bad.sum() / n, low=low, high=high, weak=int(bad.sum()),
            drop=float((end - mean)[here].mean()), visits=tuple(walk.visit[bad][worst].tolist()), **own,
        )  # fmt: skip


_KINDS: Final = MappingProxyType({"features": _features, "models": _models, "what_if": _what_if, "endings": _endings})


def _kind(row: PeakEnd) -> Show:
    if row.about in MODELS:
        return "models"
    return "what_if" if row.raised is not None else "endings" if row.weak is not None else "features"


def _say(row: PeakEnd, lang: Lang) -> str:
    return words.SENTENCES[_kind(row)](row, lang)


def _draw(rows: Sequence[PeakEnd], lang: Lang) -> Chart:
    known = [row for row in rows if row.value is not None]
    kind: Show = _kind(known[0]) if known else "features"
    alt = " ".join(_say(row, lang) for row in known[:3]) or label("too_few", lang)
    axis = Axis(title=label(f"peak_end.{kind}", lang), format={"endings": ".1f", "what_if": "+.2f"}.get(kind, ".2f"))
    reference = 0.0 if kind == "what_if" else None
    return dots(
        points(rows, lang, "about"),
        axis=axis,
        alt=alt,
        lang=lang,
        reference=reference,
        ordered=kind in {"features", "what_if"},
    )


METHOD: Final = Method(
    id="peak_end",
    version="1",
    row=PeakEnd,
    run=peak_end,
    say=_say,
    draw=_draw,
    columns=("verdict", "p", "adjusted_r2", "aic", "risen", "weak", "drop"),
    checked="psych 2.2.9 (r.test), R 4.2.2 (lm, AIC)",
    key=("about",),
)
