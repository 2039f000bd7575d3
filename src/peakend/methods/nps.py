"""Net promoter score: the share of promoters (9–10) less the share of detractors (0–6), −100…100 (Reichheld 2003).

Any number that is not a whole 0…10 is invalid, never a detractor. One answer coded −1, 0, 1 has variance p + d − (p −
d)². The interval is adjusted Wald (Rocks 2016) unless another is asked for; all three stand in `intervals`. The
weighted twin uses the linearised standard error; equal weights change nothing. Checked against: NPS 1.1 (R), R 4.2.2,
survey 4.1-1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from peakend import intervals as iv
from peakend import weights
from peakend.change import Change, TestOutcome, change_of
from peakend.draw import Axis, Chart, Share, stack
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import ratings
from peakend.field.data_warnings import says_weights
from peakend.field.ratings import Ratings
from peakend.figures import number
from peakend.options import checks_options
from peakend.result import Method, Result, Results, evidence, lead, picture
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE, Side

LOW, HIGH = 0.0, 10.0
WITHOUT_SCALE: Final = ("missing", "not_applicable", "not_shown")
"""States that have nothing to do with a scale."""
CODES: Final = np.array([-1.0] * 7 + [0.0] * 2 + [1.0] * 2)
"""What each score from 0 to 10 counts for."""


@dataclass(frozen=True, kw_only=True)
class NPS(Result):
    """One net promoter score, on −100…100 as its intervals are.

    `variance` is that of one answer coded −1, 0, 1; `scores` counts the answers 0…10 where they are known. `weighted`
    holds value, low, high, se (linearised), n_eff (Kish), and the percent of promoters and detractors; None where there
    are no weights. `interval` names the one in low and high. `item_response` is the share of those asked who gave a
    valid answer: value, low, high (Wilson) in 0…1, asked; None from counts alone.
    """

    construct: str | None = None
    promoters: int
    passives: int
    detractors: int
    variance: float | None = None
    scores: tuple[int, ...] | None = None
    weighted: Mapping[str, float | None] | None = None
    intervals: Mapping[str, iv.Interval | None] | None = None
    interval: str = "adjusted_wald"
    item_response: Mapping[str, float | None] | None = None

    @property
    def weighted_value(self) -> float | None:
        """The weighted score, for the table."""
        return weights.figure(self.weighted, self.n)


@checks_options
def from_counts(
    promoters: int = 0,
    passives: int = 0,
    detractors: int = 0,
    *,
    scores: Sequence[int] | None = None,
    interval: str = "adjusted_wald",
    conf: float = 0.95,
) -> NPS:
    """The score from the three counts, or from the eleven counts of the answers 0…10 (`scores`).

    Raises MethodError `nps.counts` for counts that are negative or not whole, or when both kinds disagree.
    """
    if scores is not None:
        promoters, passives, detractors = _three_groups(_whole(scores, 11))
    p, q, d = _whole((promoters, passives, detractors), 3)
    return _row(
        p,
        q,
        d,
        scores=None if scores is None else tuple(_whole(scores, 11)),
        interval=_interval_name(interval),
        conf=conf,
    )


def _whole(counts: Sequence[float], length: int) -> list[int]:
    if len(counts) != length or any(c < 0 or c != int(c) for c in counts):
        raise MethodError("nps.counts", found=", ".join(str(c) for c in counts), length=length)
    return [int(c) for c in counts]


def _interval_name(interval: str) -> str:
    if interval not in iv.NPS_INTERVALS:
        raise MethodError("nps.interval", found=interval, known=", ".join(iv.NPS_INTERVALS))
    return interval


def _three_groups(scores: Sequence[int]) -> tuple[int, int, int]:
    """Promoters, passives and detractors among the eleven counts."""
    return sum(scores[9:]), sum(scores[7:9]), sum(scores[:7])


def _row(promoters: int, passives: int, detractors: int, *, interval: str, conf: float, **fields: Any) -> NPS:
    n = promoters + passives + detractors
    common: dict[str, Any] = {
        "promoters": promoters,
        "passives": passives,
        "detractors": detractors,
        "n": n,
        "version": METHOD.definition,
        "conf": conf,
        "interval": interval,
    }
    if n == 0:
        refusal = MethodError("nps.no_answers", invalid=fields.get("invalid", 0), missing=fields.get("missing", 0))
        return NPS(value=None, low=None, high=None, refused=refusal, **common, **fields)
    p, d = promoters / n, detractors / n
    ends = {kind: _points(of(p, d, n, conf)) for kind, of in iv.NPS_INTERVALS.items()}
    low, high = _wide(ends[interval]) or (None, None)
    return NPS(
        value=100 * (p - d), low=low, high=high, variance=iv.nps_variance(p, d), intervals=MappingProxyType(ends),
        warnings=(("low_base",) if n < LOW_BASE else ()) + (("no_spread",) if low is None else ()), **common, **fields,
    )  # fmt: skip


def _wide(ends: iv.Interval | None) -> iv.Interval | None:
    """An interval that has a width: where all answers are the same, Wald's and Student's have none, and are none."""
    return None if ends is None or ends[0] == ends[1] else ends


def _points(ends: iv.Interval | None) -> iv.Interval | None:
    return None if ends is None else (100 * ends[0], 100 * ends[1])


def weighted_twin(
    scores: Sequence[int], weight: ArrayLike, weight2: ArrayLike, interval: str, conf: float
) -> Mapping[str, float | None] | None:
    """The weighted score from the counts, Σw and Σw² of the answers 0…10; None where there is one answer or no weight.

    The shares are weighted; the interval is the chosen one, taken at the number of equal answers that has the
    linearised SE. Within 1.5 points of nominal for n ≥ 300; at 60 answers with very unequal weights it covers up to 4
    points too little.
    """
    found = iv.weighted_mean(CODES, sum(scores), weight, weight2)
    if found is None:
        return None
    w = np.asarray(weight, dtype=float)
    p, d = float(w[9:].sum() / w.sum()), float(w[:7].sum() / w.sum())
    low, high = _points(iv.NPS_INTERVALS[interval](p, d, found.base, conf)) or (None, None)
    sides = {"promoters": 100 * p, "detractors": 100 * d}
    return MappingProxyType(
        {"value": 100 * found.mean, "low": low, "high": high, "se": 100 * found.se, "n_eff": found.n_eff, **sides}
    )


# --- from facts -------------------------------------------------------------------------------------------------------


@checks_options
@says_weights
def nps(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    construct: str | None = None,
    interval: str = "adjusted_wald",
    conf: float = 0.95,
) -> Results[NPS]:
    """The net promoter score of each group; `by=("month",)` for its trend.

    Counted are the scores of the construct named, else of "nps", else of the only construct on 0–10 or without a stated
    scale (which is then warned of as `scale_unstated`). Answers to it on another scale are invalid, and warned of as
    `other_scale`. A group without a valid answer has a row that refuses. Raises MethodError `nps.which` where several
    or no constructs come into question, `nps.scale` where the one named was asked on another scale alone.
    """
    _interval_name(interval)
    found = _ratings_of(ratings.scores(answers, where), by, construct)
    rows = tuple(_infer(one, interval, conf) for one in found)
    return Results(METHOD, rows or (() if by else (from_counts(interval=interval, conf=conf),)))


def _ratings_of(scores: Facts, by: Sequence[str] | str, construct: str | None) -> tuple[Ratings, ...]:
    """The ratings of the construct that is meant."""
    meant = scores.with_names("construct", construct) if construct else scores.where(construct="nps")
    if found := ratings.ratings_by(meant, by):
        return found if all(_on_scale(one.scales) for one in found) else _without_other_scales(found, meant, by)
    there = ratings.scales_of(scores)
    only = [] if construct else [name for name, scales in there.items() if _on_scale(scales)]
    if len(only) == 1:
        return ratings.ratings_by(scores.where(construct=only[0]), by)
    if there:
        raise MethodError("nps.which", found=ratings.scale_list(there))
    return ()


def _without_other_scales(found: Sequence[Ratings], scores: Facts, by: Sequence[str] | str) -> tuple[Ratings, ...]:
    """The same with the answers on another scale among the invalid ones: one of them does not take the score away from
    all the others.
    """
    kept = {
        (tuple(one.group.items()), one.construct): one
        for one in ratings.ratings_by(scores.where(low=(LOW, None), high=(HIGH, None)), by)
    }
    if not any(one.n and _on_scale(one.scales) for one in kept.values()):
        other = next(one for one in found if not _on_scale(one.scales))
        raise MethodError("nps.scale", construct=other.construct or "–", scales=ratings.scales_text(other.scales))
    told = []
    for one in found:
        own = kept.get((tuple(one.group.items()), one.construct))
        own = (
            own
            if own is not None and own.n and _on_scale(own.scales)
            else replace(one, values=(), counts=(), weight=(), weight2=())
        )
        told.append(
            replace(
                own,
                scales=one.scales,
                invalid=one.invalid + one.n - own.n,
                **{name: getattr(one, name) for name in WITHOUT_SCALE},
            )
        )
    return tuple(told)


def _on_scale(scales: Sequence[ratings.StatedScale]) -> bool:
    return set(scales) <= {(LOW, HIGH), (None, None)}


def _infer(found: Ratings, interval: str, conf: float) -> NPS:
    scores, weight, weight2 = np.zeros(11, dtype=int), np.zeros(11), np.zeros(11)
    invalid = found.invalid
    for value, count, w, w2 in zip(found.values, found.counts, found.weight, found.weight2, strict=True):
        if value != int(value) or not 0 <= value <= 10:
            invalid += count
            continue
        scores[int(value)], weight[int(value)], weight2[int(value)] = count, w, w2
    row = _row(
        *_three_groups(scores.tolist()), interval=interval, conf=conf, scores=tuple(scores.tolist()), group=found.group,
        construct=found.construct,
        weighted=weighted_twin(scores.tolist(), weight, weight2, interval, conf),
        **{**found.unused_counts(), "invalid": invalid},
    )  # fmt: skip
    row = replace(row, item_response=found.item_response(conf))
    flags = {"scale_unstated": (None, None) in found.scales, "other_scale": not _on_scale(found.scales)}
    return replace(row, warnings=(*row.warnings, *(name for name, held in flags.items() if held)))


# --- change and planning ----------------------------------------------------------------------------------------------


@checks_options
def change(before: NPS, after: NPS, *, test: str = "adjusted_wald", conf: float | None = None) -> Change:
    """after − before of two independent waves, in points: `test` is "adjusted_wald", "wald" or "t" (Welch 1947).

    Where the single scores of both are known, Mann–Whitney on 0…10 stands beside it, for it uses more of what was said.
    A side with fewer than ten answers refuses (`change.too_few`). Raises MethodError `nps.interval` for another test.
    """
    level, compare = before.conf if conf is None else conf, _COMPARED[_interval_name(test)]
    ranks = None if before.scores is None or after.scores is None else (before.scores, after.scores)
    return change_of(
        "nps",
        "point",
        (before, after),
        lambda: _comparison_of(test, compare(before, after, level)),
        conf=level,
        ranks=ranks,
    )


@checks_options
def change_paired(pairs: Mapping[tuple[int, int], int], *, conf: float = 0.95) -> Change:
    """after − before of the same people, in points, from how many gave each pair of scores {(before, after): n}: a
    paired t.

    Raises MethodError `nps.counts` for scores outside 0…10 or counts that are negative or not whole.
    """
    table = np.zeros((11, 11), dtype=int)
    for (old, new), count in pairs.items():
        _whole((old, new, 10 - old, 10 - new, count), 5)
        table[old, new] = count
    sides = (
        from_counts(scores=table.sum(axis=1).tolist(), conf=conf),
        from_counts(scores=table.sum(axis=0).tolist(), conf=conf),
    )
    moved = iv.tally_mean((CODES[None, :] - CODES[:, None]).ravel(), table.ravel())
    return replace(
        change_of(
            "nps", "point", sides, lambda: _comparison_of("paired_t", iv.t_test(*moved, conf)), conf=conf, ranks=None
        ),
        n=moved[0],
    )


def _comparison_of(test: str, found: iv.Comparison) -> TestOutcome:
    return test, _points(found.ends), found.p


def _wald(before: NPS, after: NPS, conf: float, added: float = 0.0) -> iv.Comparison:
    """z of the difference, with so many answers added to each wave, a quarter each to promoters and to detractors."""
    shares = [
        ((r.promoters + added / 4) / (r.n + added), (r.detractors + added / 4) / (r.n + added), r.n + added)
        for r in (after, before)
    ]
    (p1, d1, _), (p2, d2, _) = shares
    return iv.z_test(
        (p1 - d1) - (p2 - d2), math.sqrt(sum(iv.nps_variance(p, d) / n for p, d, n in shares)), conf, (-2.0, 2.0)
    )


def _adjusted_difference(before: NPS, after: NPS, conf: float) -> iv.Comparison:
    return _wald(before, after, conf, added=3.0)


def _welch(before: NPS, after: NPS, conf: float) -> iv.Comparison:
    one, two = (iv.tally_mean((-1, 0, 1), (r.detractors, r.passives, r.promoters)) for r in (after, before))
    return iv.welch(one, two, conf)


_COMPARED: Final = {"adjusted_wald": _adjusted_difference, "wald": _wald, "t": _welch}


@checks_options
def sample_size(
    margin: float, *, promoters: float | None = None, detractors: float | None = None, conf: float = 0.95
) -> int:
    """Answers needed for an interval of ± `margin` points: n = z²·V/m², V from the expected shares (0…1), 1 (the worst)
    without them.
    """
    variance = 1.0 if promoters is None or detractors is None else iv.nps_variance(promoters, detractors)
    return math.ceil(iv.z_quantile(conf) ** 2 * variance / (margin / 100) ** 2)


@checks_options
def sample_size_for_change(points: float, *, variance: float = 1.0, power: float = 0.8, conf: float = 0.95) -> int:
    """Answers needed in each of two waves to find a change of so many points: n = 2·V·(z + z_power)²/Δ²."""
    reach = iv.z_quantile(conf) + float(special.ndtri(power))
    return math.ceil(2 * variance * reach**2 / (points / 100) ** 2)


# --- words and picture ------------------------------------------------------------------------------------------------


def of_hundred(row: NPS, *, weighted: bool = False) -> tuple[int, int]:
    """Of a hundred who answered, so many promoters and so many detractors.

    A half goes to the even number: 87.5 and 12.5 are 88 and 12. Both rounded up they would come to 101 people.
    """
    if weighted and row.weighted:
        return round(row.weighted["promoters"] or 0), round(row.weighted["detractors"] or 0)
    return round(100 * row.promoters / row.n), round(100 * row.detractors / row.n)


def _say(row: NPS, lang: Lang) -> str:
    up, down = of_hundred(row)
    head = f"{lead(row, lang)}{label('nps', lang)} {number(row.value or 0)}{evidence(row, lang)}"
    head = head[0].upper() + head[1:]
    return {
        "en": f"{head}: of every 100 customers {up} are promoters and {down} are detractors.",
        "zh-Hant": f"{head}：每 100 位顧客中，{up} 位是推薦者，{down} 位是批評者。",
        "zh-Hans": f"{head}：每 100 位客户中，{up} 位是推荐者，{down} 位是贬损者。",
    }[lang]


def _draw(rows: Sequence[NPS], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    if len(rows) == 1 and rows[0].n:
        return stack(_shares(rows[0], lang), alt=alt, lang=lang)
    return picture(rows, Axis(title=label("nps", lang), format=".1f"), lang, alt=alt)


def _shares(row: NPS, lang: Lang) -> list[Share]:
    sides: tuple[tuple[str, Side], ...] = (
        ("detractors", "below"),
        ("passives", "level"),
        ("promoters", "above"),
    )
    return [
        Share(name=label(name, lang), share=getattr(row, name) / row.n, n=getattr(row, name), side=side)
        for name, side in sides
    ]


METHOD: Final = Method(
    id="nps",
    version="1",
    row=NPS,
    run=nps,
    say=_say,
    draw=_draw,
    columns=("promoters", "passives", "detractors", "weighted_value"),
    checked="NPS 1.1 (R) and R 4.2.2 on NPS::testdata; Rocks 2016; survey 4.1-1 (svymean)",
    twin="weighted",
    written=(1, "", 1),
)
