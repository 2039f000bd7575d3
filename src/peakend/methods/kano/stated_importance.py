"""How important a feature is by its customers' own word, and what that makes of its class (Yang 2005).

Importance orders features within a class and splits a class at the mean over all features: it is never multiplied into
better and worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend import intervals as iv
from peakend.facts import Facts
from peakend.field import ratings

FINER_CLASSES: Final[Mapping[str, tuple[str, str]]] = {
    "A": ("kano.highly_attractive", "kano.less_attractive"),
    "O": ("kano.high_value_added", "kano.low_value_added"),
    "M": ("kano.critical", "kano.necessary"),
    "I": ("kano.potential", "kano.care_free"),
}
"""The class of a feature that is at least as important as the mean of all, and of one that is less."""
Key = tuple[tuple[Any, ...], str | None]


@dataclass(frozen=True)
class StatedImportance:
    """Mean importance of one feature with Student's interval, over n answers."""

    mean: float
    interval: iv.Interval | None
    n: int


class Importances(dict[Key, StatedImportance]):
    """The stated importance of features, by group and construct."""

    def fields(self, group: Mapping[str, Any], construct: str | None, category: str | None) -> dict[str, Any]:
        """What a result says of it: the mean, its interval and n, and Yang's class, split at the mean over all features
        of the group.
        """
        place = tuple(group.values())
        own, means = self.get((place, construct)), [one.mean for (there, _), one in self.items() if there == place]
        if own is None:
            return {}
        finer = refined_class(category, own.mean, sum(means) / len(means)) if len(means) > 1 else None
        return {"importance": own.mean, "importance_interval": own.interval, "n_importance": own.n, "refined": finer}


def importances(facts: Facts, groups: Sequence[str], constructs: Sequence[str], conf: float) -> Importances:
    """The stated importance of these constructs in each group: rows of role importance, on one scale for all.

    A construct whose importance was asked on another scale than most is left out: its mean cannot be set beside theirs.
    """
    if not constructs:
        return Importances()
    found = [
        one
        for one in ratings.ratings_by(facts.where(role="importance", construct=tuple(constructs)), groups)
        if one.n and len(one.scales) == 1
    ]
    scales = [one.scales[0] for one in found]
    usual = max(scales, key=scales.count) if scales else None
    return Importances(
        {(tuple(one.group.values()), one.construct): _stated_of(one, conf) for one in found if one.scales[0] == usual}
    )


def _stated_of(one: ratings.Ratings, conf: float) -> StatedImportance:
    n, mean, variance = iv.tally_mean(one.values, one.counts)
    low, high = one.scales[0]
    ends = (low, high) if low is not None and high is not None else (float("-inf"), float("inf"))
    return StatedImportance(mean, iv.mean_t(n, mean, variance, conf, ends), n)


def refined_class(category: str | None, importance: float, mean: float) -> str | None:
    """Yang's (2005) finer class: which side of the mean over all features its importance lies on; None for R and Q."""
    high, low = FINER_CLASSES.get(category or "", (None, None))
    return high if importance >= mean else low
