"""One figure from the answers of one cell (a wave, a month, a site): what a comparison compares.

A figure is a mean on the scale, the share of top scores in percent, or a net promoter score in points. All come from
one tally.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.change import TestOutcome, Unit
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import ratings
from peakend.field.ratings import Ratings

Figure = Literal["mean", "top_box", "nps"]
UNITS: Final[Mapping[Figure, Unit]] = {"mean": "scale_point", "top_box": "percentage_point", "nps": "point"}


@dataclass(frozen=True, kw_only=True)
class Coding:
    """What each answer counts for in a figure: its own value, 100 for a top score and 0 for another, or 100, 0 and −100
    of the NPS.
    """

    figure: Figure
    low: float
    high: float
    boxes: int | None = None

    def codes(self, values: Sequence[float]) -> iv.Array:
        """The code of each value."""
        v = np.asarray(values, dtype=float)
        if self.figure == "nps":
            return np.where(v >= 9, 100.0, np.where(v >= 7, 0.0, -100.0))
        return v if self.figure == "mean" else np.where(v > self.high - self.top, 100.0, 0.0)

    @property
    def top(self) -> int:
        """How many points of the scale are top scores: two from five points up, one below, unless stated."""
        return self.boxes or (2 if self.high - self.low + 1 >= 5 else 1)

    def summary(self, found: Ratings) -> iv.Summary:
        """n, mean and sample variance of the codes."""
        return iv.tally_mean(self.codes(found.values), found.counts)

    def value(self, found: Ratings) -> float | None:
        """The figure; None without an answer."""
        n, mean, _ = self.summary(found)
        return mean if n else None

    def yes(self, found: Ratings) -> int:
        """How many answers give the top scores."""
        return sum(c for code, c in zip(self.codes(found.values).tolist(), found.counts, strict=True) if code == 100)


def coding_of(parts: Sequence[Ratings], figure: Figure | None, boxes: int | None = None) -> Coding:
    """How the answers of these cells are to be read, all alike: NPS on 0–10 for the construct nps unless another figure
    is named, else the mean.

    Raises MethodError `ratings.mixed_scales` or `ratings.no_scale` where there is not one stated scale,
    `ratings.no_boxes` where it has no top scores, `cells.not_nps` where an NPS is asked for on another scale than 0–10.
    """
    scales = sorted({scale for part in parts for scale in part.scales}, key=str)
    construct = next((part.construct for part in parts if part.construct), None)
    if len(scales) > 1:
        raise MethodError("ratings.mixed_scales", construct=construct or "–", scales=ratings.scales_text(scales))
    low, high = scales[0] if scales else (None, None)
    if low is None or high is None:
        raise MethodError("ratings.no_scale", construct=construct or "–", n=sum(part.n for part in parts))
    chosen: Figure = figure or ("nps" if construct == "nps" and (low, high) == (0, 10) else "mean")
    values = {v for part in parts for v in part.values}
    if chosen == "nps" and ((low, high) != (0, 10) or any(v != int(v) for v in values)):
        raise MethodError("cells.not_nps", construct=construct or "–", scales=ratings.scales_text(scales))
    found = Coding(figure=chosen, low=low, high=high, boxes=boxes)
    broken = next((v for v in sorted(values) if v != int(v)), None)
    if chosen == "top_box" and broken is not None:
        raise MethodError("ratings.not_whole", construct=construct or "–", found=f"{broken:g}")
    if chosen == "top_box" and not (
        high - low + 1 <= ratings.LONGEST_SCALE
        and 0 < found.top <= high - low
        and all(math.floor(v) == v for v in values)
    ):
        raise MethodError(
            "ratings.no_boxes", scale=ratings.scales_text(scales), boxes=found.top, longest=ratings.LONGEST_SCALE
        )
    return found


def scores(answers: Any, where: ratings.Where | None, construct: str | Sequence[str] | None) -> Facts:
    """The scores of customers: of the constructs named, else of all."""
    found = ratings.scores(answers, where)
    return found.with_names("construct", construct)


def ratings_of(
    answers: Any, by: Sequence[str], where: ratings.Where | None, construct: str | Sequence[str] | None
) -> tuple[Ratings, ...]:
    """The same by these columns and construct."""
    return ratings.ratings_by(scores(answers, where, construct), by)


# --- two of them ------------------------------------------------------------------------------------------------------


def compare(old: Ratings, new: Ratings, coding: Coding, conf: float) -> TestOutcome:
    """new − old of one figure, tested as it wants: shares by Newcombe, scores by adjusted Wald, means by Welch."""
    if coding.figure == "top_box":
        return ratings.compare_shares((coding.yes(old), old.n), (coding.yes(new), new.n), conf)
    if coding.figure == "nps":
        return _scores(old, new, coding, conf)
    found = iv.welch(coding.summary(new), coding.summary(old), conf)
    return "welch", found.ends, found.p


def _scores(old: Ratings, new: Ratings, coding: Coding, conf: float) -> TestOutcome:
    """Three answers more in each wave, ¾ each promoters and detractors (Rocks 2016)."""
    found = []
    for part in (new, old):
        codes, counts = coding.codes(part.values), np.asarray(part.counts, dtype=float)
        found.append([(float(counts[codes == code].sum()) + 0.75) / (part.n + 3) for code in (100, -100)])
    (p1, d1), (p2, d2) = found
    se = math.sqrt(iv.nps_variance(p1, d1) / (new.n + 3) + iv.nps_variance(p2, d2) / (old.n + 3))
    tested = iv.z_test(100 * ((p1 - d1) - (p2 - d2)), 100 * se, conf, (-200.0, 200.0))
    return "adjusted_wald", tested.ends, tested.p


def weighted_change(old: Ratings, new: Ratings, coding: Coding, conf: float) -> Mapping[str, float | None] | None:
    """The change of the weighted figures by their linearised standard errors; None where no answer weighs more than
    another.

    `n` and `n_eff` (Kish) are of the side whose weights leave fewer effective answers.
    """
    if all(part.weight == tuple(float(c) for c in part.counts) for part in (old, new)):
        return None
    one, two = (iv.weighted_mean(coding.codes(part.values), part.n, part.weight, part.weight2) for part in (old, new))
    if one is None or two is None:
        return None
    found = iv.z_test(two.mean - one.mean, math.hypot(one.se, two.se), conf)
    n_eff, n = min((one.n_eff, old.n), (two.n_eff, new.n))
    return MappingProxyType(
        {"value": found.value, "low": found.low, "high": found.high, "p": found.p, "n_eff": n_eff, "n": float(n)}
    )
