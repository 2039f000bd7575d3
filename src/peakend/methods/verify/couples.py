"""The same people asked in two waves: who gave which answer before and after, and what that says of one figure.

Answers are linked by `customer`. Who answered a question several times in one wave counts with the mean of these
answers, and who answered in one wave alone is counted and left out. Different people and the same people are never
compared as if one were the other: the same people's answers go together, so that a test for different people finds too
little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import pair_differences as pd
from peakend.field.cell_figures import Coding
from peakend.reduce import profiles
from peakend.sums import Floats

Wholes = NDArray[np.int64]
_SPAN: Final = {"mean": None, "top_box": 100.0, "nps": 200.0}


@dataclass(frozen=True, eq=False)
class Couples:
    """Answers before and after of people who gave both, how many gave each pair, and how many people answered in one
    wave alone.
    """

    before: Floats
    after: Floats
    count: Wholes
    alone: int

    @property
    def n(self) -> int:
        """How many people answered in both waves."""
        return int(self.count.sum())


NOBODY: Final = Couples(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64), 0)


def couples(scores: Facts, groups: Sequence[str], across: str, ends: tuple[str, str]) -> dict[tuple[Any, ...], Couples]:
    """The couples of each (group…, construct) whose waves, values of the column `across`, are these two.

    Raises MethodError `couples.column` where `across` is not a column of its own: a month or a quarter of an instant
    links nobody.
    """
    if across not in scores.columns:
        raise MethodError("couples.column", across=across)
    found = profiles(scores.where(**{across: ends}), groups, columns=("construct", across), of="customer")
    constructs = sorted({name[0] for name in found.names})
    return {
        (*group, name): _of(found.names, values, count, name, ends)
        for group, (values, count) in found.groups.items()
        for name in constructs
    }


def _of(
    names: Sequence[tuple[str, ...]], values: Floats, count: Wholes, construct: str, ends: tuple[str, str]
) -> Couples:
    nothing = np.full(len(values), np.nan)
    sides = [values[:, names.index((construct, wave))] if (construct, wave) in names else nothing for wave in ends]
    said = [~np.isnan(side) for side in sides]
    both, one = said[0] & said[1], said[0] ^ said[1]
    return Couples(sides[0][both], sides[1][both], count[both], int(count[one].sum()))


def paired_change(found: Couples, coding: Coding, conf: float) -> tuple[str, float, iv.Interval | None, float | None]:
    """The name of the test, after − before of the figure, its interval and p.

    Means and net promoter scores by Student's paired t of each person's difference; shares by the exact test of those
    who changed sides (McNemar 1947) with the interval of Bonett & Price (2012).
    """
    moves = coding.codes(found.after.tolist()) - coding.codes(found.before.tolist())
    if coding.figure == "top_box":
        return _sides(int(found.count[moves > 0].sum()), int(found.count[moves < 0].sum()), found.n, conf)
    n, mean, variance = iv.tally_mean(moves, found.count)
    tested, most = iv.t_test(n, mean, variance, conf), _SPAN[coding.figure] or coding.high - coding.low
    ends = None if tested.ends is None else (max(tested.ends[0], -most), min(tested.ends[1], most))
    return "paired_t", mean, ends, tested.p


def _sides(gained: int, lost: int, n: int, conf: float) -> tuple[str, float, iv.Interval | None, float | None]:
    """In percentage points; one of those who gained and one of those who lost are added before the interval is
    taken.
    """
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    half = iv.z_quantile(conf) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    ends = max(-1.0, up - down - half), min(1.0, up - down + half)
    p = iv.binomial_test(gained, gained + lost) if gained + lost else 1.0
    return "mcnemar", 100 * (gained - lost) / n, (100 * ends[0], 100 * ends[1]), p


def ranks(found: Couples) -> tuple[float | None, float | None]:
    """How often one and the same person answers higher after than before (ties count half), and Wilcoxon's signed-rank
    p.
    """
    away = found.after - found.before
    if not found.n:
        return None, None
    test = pd.signed_rank(away, found.count)
    return float((found.count * (np.sign(away) + 1) / 2).sum() / found.n), test.p if test else None


def means(found: Couples, coding: Coding) -> tuple[float, float]:
    """The figure before and after, of these people."""
    one, two = (iv.tally_mean(coding.codes(side.tolist()), found.count)[1] for side in (found.before, found.after))
    return one, two


def enough(found: Couples, waves: Mapping[str, str], fewest: int) -> MethodError | None:
    """Why nothing is said of so few."""
    if found.n >= fewest:
        return None
    return MethodError("couples.few", n=found.n, need=fewest, alone=found.alone, **waves)
