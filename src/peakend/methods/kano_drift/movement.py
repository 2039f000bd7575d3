"""What moves a feature's class from wave to wave: of different people in each wave, or of the same ones.

Functions on counts of Kano's classes, before the method `kano_drift` finds them in facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.field.kano import classes as kano_classes
from peakend.field.kano.tables import CLASSES, Evaluation
from peakend.sums import Floats, Wholes

from . import contingency as cg

DECIDING_CLASSES: Final = "MOAI"
REPLICATES: Final = 2000
_SEED: Final = 1984


@dataclass(frozen=True, kw_only=True)
class Wave:
    """What one wave says by itself; all None where it has under 20 pairs, or nobody of whom better and worse could be
    shares.
    """

    mode: str | None = None
    category: str | None = None
    better: float | None = None
    worse: float | None = None
    better_interval: iv.Interval | None = None
    worse_interval: iv.Interval | None = None


def wave(counts: Mapping[str, int], conf: float) -> Wave:
    """One wave from the counts of its six classes."""
    both, ends = kano_classes.coefficients(counts), kano_classes.coefficient_intervals(counts, conf)
    if sum(counts.values()) < kano_classes.FEWEST_PAIRS or both is None or ends is None:
        return Wave()
    return Wave(
        mode=kano_classes.mode(counts),
        category=kano_classes.class_by_order(counts),
        better=both[0],
        worse=both[1],
        better_interval=ends[0],
        worse_interval=ends[1],
    )


# --- different people -------------------------------------------------------------------------------------------------


def movement_fields(waves: Sequence[Mapping[str, int]], conf: float) -> dict[str, Any]:
    """The fields of a result from waves of different people, each with figures of its own."""
    table = [[counts[letter] for letter in DECIDING_CLASSES] for counts in waves]
    n = [sum(line) for line in table]
    satisfied, missed = ([sum(counts[letter] for letter in those) for counts in waves] for those in ("AO", "OM"))
    found = cg.homogeneity(table)
    better, worse = (_change(x, n, conf) for x in (satisfied, missed))
    flags = {"few_expected": cg.least_expected(table) < cg.SPARSE, "one_step": len(waves) == 2}
    return {
        "value": worse[0], "low": worse[1][0], "high": worse[1][1], "better_change": better[0],
        "better_change_interval": better[1],
        "homogeneity": None if found is None else MappingProxyType({"test": "chi2", **asdict(found)}),
        "p": found and found.p,
        "better_trend": _trend_fields(cg.trend(satisfied, n)), "worse_trend": _trend_fields(cg.trend(missed, n)),
        "warnings": tuple(name for name, held in flags.items() if held),
    }  # fmt: skip


def _change(x: Sequence[int], n: Sequence[int], conf: float) -> tuple[float, iv.Interval]:
    value = x[-1] / n[-1] - x[0] / n[0]
    low, high = iv.newcombe(x[-1], n[-1], x[0], n[0], conf) or (value, value)
    return value, (min(low, value), max(high, value))


def _trend_fields(test: iv.Comparison | None) -> Mapping[str, float] | None:
    """A trend as data: slope a wave, z, χ² = z² with one degree of freedom, p."""
    if test is None or test.statistic is None or test.p is None:
        return None
    return MappingProxyType({"slope": test.value, "z": test.statistic, "chi2": test.statistic**2, "p": test.p})


# --- the same people --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """The class (a place in `CLASSES`, −1 where there is no pair) of each distinct row of people in each wave, and how
    many they are.
    """

    waves: tuple[str, ...]
    classes: NDArray[np.int64]
    count: Wholes


def panels(names: Sequence[tuple[str, ...]], values: Floats, count: Wholes, table: Evaluation) -> dict[str, Panel]:
    """A panel for each construct, from columns named (construct, wave, role) of answers."""
    found = {}
    place = {name: i for i, name in enumerate(names)}
    for construct in dict.fromkeys(name[0] for name in names):
        waves = list(dict.fromkeys(name[1] for name in names if name[0] == construct))  # their order is the caller's
        sides = [
            [_side(values, place.get((construct, one, role))) for one in waves]
            for role in ("functional", "dysfunctional")
        ]
        columns = [_classes_of(there, absent, table) for there, absent in zip(*sides, strict=True)]
        found[construct] = Panel(tuple(waves), np.column_stack(columns), count)
    return found


def _side(values: Floats, at: int | None) -> Floats:
    return np.full(len(values), np.nan) if at is None else values[:, at]


def _classes_of(there: Floats, absent: Floats, table: Evaluation) -> NDArray[np.int64]:
    of_cell = np.array([[CLASSES.index(letter) for letter in line] for line in table.cells])
    known = np.isin(there, range(1, table.size + 1)) & np.isin(absent, range(1, table.size + 1))
    found = np.full(len(there), -1, dtype=np.int64)
    found[known] = of_cell[there[known].astype(int) - 1, absent[known].astype(int) - 1]
    return found


def same_people_fields(panel: Panel | None, waves: Sequence[str], conf: float) -> dict[str, Any] | None:
    """The fields of a result from people who were asked in the first of these waves and in the last; None where they
    are under 20.
    """
    if panel is None or not set(waves) <= set(panel.waves):
        return None
    at = [panel.waves.index(one) for one in waves]
    decided = np.isin(panel.classes[:, at], [CLASSES.index(letter) for letter in DECIDING_CLASSES])
    both = decided[:, 0] & decided[:, -1]
    if int(panel.count[both].sum()) < kano_classes.FEWEST_PAIRS:
        return None
    first, last = panel.classes[both][:, at[0]], panel.classes[both][:, at[-1]]
    table = np.zeros((len(CLASSES), len(CLASSES)))
    np.add.at(table, (first, last), panel.count[both])
    found = cg.stuart_maxwell(table)
    whole = decided.all(axis=1)
    trends = [
        cg.repeated_trend(_among(panel.classes[whole][:, at], those), panel.count[whole]) for those in ("AO", "OM")
    ]
    (better, better_ends), (worse, worse_ends) = (_change_of_share(table, those, conf) for those in ("AO", "OM"))
    return {
        "value": worse, "low": worse_ends[0], "high": worse_ends[1], "better_change": better,
        "better_change_interval": better_ends,
        "homogeneity": None if found is None else MappingProxyType({"test": "stuart_maxwell", **asdict(found)}),
        "p": found and found.p,
        "better_trend": _trend_fields(trends[0]), "worse_trend": _trend_fields(trends[1]), "n_same": int(table.sum()),
        "warnings": ("one_step",) if len(waves) == 2 else (),
    }  # fmt: skip


def _among(classes: NDArray[np.int64], those: str) -> NDArray[np.bool_]:
    return np.isin(classes, [CLASSES.index(letter) for letter in those])


def _change_of_share(table: Floats, those: str, conf: float) -> tuple[float, iv.Interval]:
    """The change of a share among the same people, with its percentile interval over resampled people (fixed seed)."""
    inside = _among(np.arange(len(CLASSES)), those)
    n = int(table.sum())
    drawn = np.random.default_rng(_SEED).multinomial(n, (table / n).ravel(), size=REPLICATES).reshape(-1, *table.shape)
    changes = (drawn.sum(axis=1)[:, inside].sum(axis=1) - drawn.sum(axis=2)[:, inside].sum(axis=1)) / n
    value = float(table.sum(axis=0)[inside].sum() - table.sum(axis=1)[inside].sum()) / n
    low, high = np.quantile(changes, [(1 - conf) / 2, (1 + conf) / 2]).tolist()
    return value, (min(low, value), max(high, value))
