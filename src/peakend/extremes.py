"""What stands out: which of several figures may be called the lowest and the highest, with one chance of a false
finding in all.

The lowest of ten figures is always there, also where the ten differ by nothing but chance. Here it has that name only
where a test says so. Every figure is compared with every other: Welch's (1947) t = (b − a)/√(se_a² + se_b²), with his
degrees of freedom, and the p values of all pairs are held together by Holm (1979). The chance that any pair at all is
wrongly told apart, in the right order or not, is then at most 1 − conf, however many pairs there are and however they
hang together; so any names read off the pairs share that one chance. A group of figures, at most half of them, is the
lowest where each of it is told apart from all the others; two that lead together are named together.

The standard error of a figure is read from its interval: the longer side, divided by Student's quantile. It is that of
the mean wherever the interval is Student's, and too large, never too small, where one side was cut off at the end of a
scale. Where the same people gave both answers and whoever rates one higher rates the other higher, too, a difference is
surer than is said here: the test errs towards silence. A mean of answers that are all the same (`sd` is 0) has no
interval and no error; it is compared with those that have one, as by R's t.test. Two of those are not told apart:
nothing was tested.

Which of several shares lie below what each of them must be is asked the same way (`below`): the score test that each
interval speaks of, all of them held together by Holm. Sources: Welch, Biometrika 34 (1947), 28–35; Holm, Scand. J.
Statist. 6 (1979), 65–70. Checked against: scipy 1.17 (ttest_ind_from_stats); simulated error rates in
`tests/test_extremes.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peakend import intervals as iv

MOST_TOGETHER: Final = 3
"""So many may be named together; of more, none stands out."""


class Estimated(Protocol):
    """Whatever has an interval and an n."""

    @property
    def low(self) -> float | None:
        """The lower end of its interval."""

    @property
    def high(self) -> float | None:
        """The upper end of its interval."""

    @property
    def n(self) -> int:
        """How many answers or visits it stands on."""


class Figure(Estimated, Protocol):
    """A figure with its interval and its n: a row of a method, a score on a map."""

    @property
    def value(self) -> float | None:
        """What is compared."""

    @property
    def conf(self) -> float:
        """The confidence of its interval."""


@dataclass(frozen=True)
class Size:
    """A figure without its sign, as it is compared."""

    value: float
    low: float | None
    high: float | None
    n: int
    conf: float


def size(value: float, interval: tuple[float, float] | None, n: int, conf: float) -> Size:
    """How far a figure is from nothing, on whichever side, with its interval."""
    low, high = interval or (None, None)
    return Size(-value, _negative(high), _negative(low), n, conf) if value < 0 else Size(value, low, high, n, conf)


def _negative(end: float | None) -> float | None:
    return None if end is None else -end


@dataclass(frozen=True)
class Ends:
    """The places of the figures that stand out, the outermost first; empty where none does. `differ`: whether any two
    were told apart.
    """

    lowest: tuple[int, ...] = ()
    highest: tuple[int, ...] = ()
    differ: bool = False


def ends(figures: Sequence[Figure], conf: float = 0.95, *, fewest: int = 0) -> Ends:
    """The fewest figures, up to three, that are surely below all the others, and the fewest that are surely above: the
    names for a sentence.

    Figures of fewer answers than `fewest` are compared with the others, and not named.
    """
    below = apart([figures], conf)[0]
    order, sizes = _order(figures), range(1, MOST_TOGETHER + 1)
    groups = _group(order, below, sizes), _group(order[::-1], below.T, sizes)
    named = [group if all(figures[at].n >= fewest for at in group) else () for group in groups]
    return Ends(named[0], named[1], bool(below.any()))


def lowest(
    figures: Sequence[Figure], most: int = MOST_TOGETHER, conf: float = 0.95, *, fewest: int = 0
) -> tuple[int, ...]:
    """As many of the lowest figures, up to `most`, as are surely below all the others: the names for a list. `fewest`
    as in `ends`.
    """
    sizes = range(most, 0, -1)
    order, below = _order(figures), apart([figures], conf)[0]
    firm = next((at for at, place in enumerate(order) if figures[place].n < fewest), len(order))
    return _group(order, below, [size for size in sizes if size <= firm])


def apart(tables: Sequence[Sequence[Figure]], conf: float = 0.95) -> list[NDArray[np.bool_]]:
    """Of each table, shape (k, k): whether figure i is surely below figure j; one family of tests over the pairs of all
    tables.
    """
    tested = [(table, *_pairs_and_tests(figures)) for table, figures in enumerate(tables)]
    held = iv.holm([p for _, _, ps in tested for p in ps])
    below, at = [np.zeros((len(figures), len(figures)), dtype=bool) for figures in tables], 0
    for table, pairs, ps in tested:
        for (i, j), p in zip(pairs, held[at : at + len(ps)], strict=True):
            below[table][i, j] = p < 1 - conf
        at += len(ps)
    return below


def _pairs_and_tests(figures: Sequence[Figure]) -> tuple[list[tuple[int, int]], list[float]]:
    """The pairs of a table that can be compared, the lower first, and the p of each."""
    known = [at for at in _order(figures) if _error(figures[at]) is not None]
    values = np.array([figures[at].value for at in known], dtype=float)
    errors = np.array([_error(figures[at]) for at in known], dtype=float) ** 2
    free = np.array([figures[at].n - 1 for at in known], dtype=float)
    i, j = np.triu_indices(len(known), 1)
    some = errors[i] + errors[j] > 0
    i, j = i[some], j[some]
    both = errors[i] + errors[j]
    df = both**2 / (errors[i] ** 2 / free[i] + errors[j] ** 2 / free[j])
    ps = 2 * special.stdtr(df, -(values[j] - values[i]) / np.sqrt(both))
    return [(known[a], known[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)], ps.tolist()


def _error(figure: Figure) -> float | None:
    """The standard error that the interval of a figure speaks of."""
    if getattr(figure, "sd", None) == 0 and figure.n > 1:
        return 0.0
    if figure.value is None or figure.low is None or figure.high is None or figure.n < 2:
        return None
    return max(figure.value - figure.low, figure.high - figure.value) / iv.t_quantile(figure.n - 1, figure.conf)


# --- shares below their targets --------------------------------------------------------------------------------------


class Share(Estimated, Protocol):
    """A share with Wilson's interval: from 0 to 1, of n, perhaps of `days` whose rows hang together (0: of none)."""

    @property
    def share(self) -> float:
        """What is compared."""

    @property
    def days(self) -> int:
        """Of how many days, where its interval is one of days."""


def below(shares: Sequence[Share], targets: Sequence[float], conf: float = 0.95) -> tuple[bool, ...]:
    """Whether each share, given with its interval at 95%, is surely below its target; the chance that any is wrongly
    said to be is at most 1 − conf, however many there are and however they hang together.
    """
    held = iv.holm([share_p(share, target) for share, target in zip(shares, targets, strict=True)])
    return tuple(share.share < target and p < 1 - conf for share, target, p in zip(shares, targets, held, strict=True))


def share_p(share: Share, target: float) -> float:
    """The two-sided p of a share if its target were the truth: z, or t of days, of (share − target)/√(target·(1 −
    target)/n), with the n that its interval at 95% speaks of. 1 where it has no interval, 0 where a target of always or
    never was missed.
    """
    n, free = _n_of_interval(share), share.days - 1
    if n is None or share.share == target:
        return 1.0
    if target in (0, 1):
        return 0.0
    distance = (share.share - target) / math.sqrt(target * (1 - target) / n)
    if free < 1:
        return iv.z_p(distance)
    return iv.t_p(distance * iv.t_quantile(free, 0.95) / iv.z_quantile(0.95), free)


def _n_of_interval(share: Share) -> float | None:
    """Of how many rows alone Wilson's interval is: each of its ends solves (share − end)² = z²·end·(1 − end)/n."""
    if share.low is None or share.high is None:
        return None
    end = max((share.low, share.high), key=lambda end: abs(end - share.share))
    return iv.z_quantile(0.95) ** 2 * end * (1 - end) / (end - share.share) ** 2 if end != share.share else None


def _order(figures: Sequence[Figure]) -> list[int]:
    """The places of the figures that have a value, the lowest first."""
    height: Callable[[int], float] = lambda at: figures[at].value or 0.0  # noqa: E731 — a key with a type
    return sorted((at for at, figure in enumerate(figures) if figure.value is not None), key=height)


def _group(order: Sequence[int], beyond: NDArray[np.bool_], sizes: Sequence[int]) -> tuple[int, ...]:
    """The first of these numbers of figures that are beyond all the others, which are no fewer than they."""
    for size in (size for size in sizes if 2 * size <= len(order)):
        group, others = list(order[:size]), list(order[size:])
        if beyond[np.ix_(group, others)].all():
            return tuple(group)
    return ()
