"""Names of one axis put in order of time by what they mean together; what they leave open is asked for."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import pairwise
from typing import Final

from peakend.errors import MethodError
from peakend.instants import DAY, EPOCH, SECOND
from peakend.periods.readings import Reading, readings

GRAINS: Final = (
    *("instant", "day", "week", "month", "quarter", "half", "year"),
    *("month of a year", "quarter of a year", "half of a year", "count"),
)
"""What names may mean together; a plain number is a counter where nothing else fits all of them."""
GIVEN_ORDER: Final = "given"
"""The grain of an order that somebody gave."""
ROWS: Final = "rows"
"""An order of this one word is the order in which the names came."""
CYCLES: Final[Mapping[str, int]] = {"month of a year": 12, "quarter of a year": 4, "half of a year": 2}
"""How many of these go into a year. Names of them say no year: December may come before January or after it."""
_WEEK: Final = re.compile(r"(?:w|wk|week)[\s.#-]*\d{1,2}|第?\s*\d{1,2}\s*[週周]", re.IGNORECASE)
"""A week alone; "W9" may also be a wave."""
MOST_PERIODS: Final = 10_000
"""More names than this are no periods, and are listed as words."""
MOST_NAMES: Final = 12
"""So many names are told in a message."""


@dataclass(frozen=True)
class Timeline:
    """Names in order of time. `at` is the place of each, in steps from the first: where one is passed over, a period is
    missing.
    """

    names: tuple[str, ...]
    at: Mapping[str, int | float]
    grain: str
    first: float = 0.0
    step: float = 1.0

    @property
    def missing(self) -> tuple[str, ...]:
        """The periods between the first and the last that no name stands for; none of days here and there, most of
        which nobody meant to have.
        """
        span = self.at[self.names[-1]] + 1 if self.names else 0
        if (
            self.grain in {GIVEN_ORDER, "instant"}
            or (self.grain == "day" and 2 * len(self.names) < span)
            or any(at != int(at) for at in self.at.values())
        ):
            return ()
        gaps = [range(int(self.at[one]) + 1, int(self.at[two])) for one, two in pairwise(self.names)]
        return tuple(_name_of_place(self.grain, self.first + self.step * place) for gap in gaps for place in gap)

    @property
    def names_with_gaps(self) -> tuple[str, ...]:
        """All periods from the first to the last, those that no name stands for called as the kernels call them."""
        if not self.missing:
            return self.names
        span, held = int(self.at[self.names[-1]]) + 1, {at: name for name, at in self.at.items()}
        return tuple(
            held.get(place) or _name_of_place(self.grain, self.first + self.step * place) for place in range(span)
        )

    def place(self, name: str) -> float | None:
        """Where a name stands, or another spelling of one; None where it cannot be read as these were."""
        if name in self.at:
            return self.at[name]
        if self.grain == GIVEN_ORDER:
            return None
        found = {(one.at - self.first) / self.step for one in readings(name) if one.grain == self.grain}
        return found.pop() if len(found) == 1 else None


def timeline(names: Iterable[str], order: Sequence[str] = (), *, delivered: bool = False) -> Timeline:
    """These names in order of time, each once: as an `order` lists them, else by what they mean.

    Parts of a year without their year stand by meaning only where the longest gap between them is the one over the
    year's end; `delivered` says that the names come in the order of somebody's rows, which counts where each such part
    directly follows the one before. Raises MethodError `periods.unclear` where they cannot be read alike,
    `periods.year` where parts of a year may go over its end, `periods.ambiguous` where one may mean two things,
    `periods.same` where two mean one period, `periods.order` where the order leaves one out.
    """
    distinct = tuple(dict.fromkeys(names))
    if order:
        return _timeline_by_order(
            distinct, distinct if tuple(order) == (ROWS,) and ROWS not in distinct else tuple(order)
        )
    if len(distinct) < 2:
        return Timeline(distinct, dict.fromkeys(distinct, 0), GIVEN_ORDER)
    line = _by_meaning(distinct)
    cycle = _cycle(line)
    if delivered and cycle and _follow(distinct, line, cycle):
        return _timeline_by_order(distinct, distinct)
    if cycle and not _within_a_year(line, cycle):
        raise MethodError("periods.year", names=names_in_message(distinct))
    return line


def clear_timeline(names: Iterable[str], *, delivered: bool = False) -> Timeline | None:
    """As `timeline`; None where the names leave their order open."""
    try:
        return timeline(names, delivered=delivered)
    except MethodError:
        return None


def lack_year(names: Iterable[str]) -> bool:
    """Whether the names are parts of a year that do not say which year."""
    distinct = tuple(dict.fromkeys(names))
    try:
        return len(distinct) > 1 and _cycle(_by_meaning(distinct)) > 0
    except MethodError:
        return False


def common_grain(names: Iterable[str]) -> str | None:
    """The grain that the names have in common, whether or not they say their order; None where they have none."""
    distinct = tuple(dict.fromkeys(names))
    try:
        return _by_meaning(distinct).grain if len(distinct) > 1 else GIVEN_ORDER
    except MethodError:
        return None


def listing_order(names: Iterable[str]) -> tuple[str, ...]:
    """Names as rows of a table list them, where no time is claimed: by their meaning where they have one in common,
    else as words.
    """
    return _in_order(tuple(sorted(set(names))))


@lru_cache(maxsize=256)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return _by_meaning(names).names if 1 < len(names) <= MOST_PERIODS else names
    except MethodError:
        return names


def names_in_message(names: Sequence[str]) -> str:
    """Names in a message; of many the first."""
    return ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")


def _timeline_by_order(names: tuple[str, ...], order: tuple[str, ...]) -> Timeline:
    if lacking := [name for name in names if name not in order]:
        raise MethodError("periods.order", names=names_in_message(lacking), order=names_in_message(order))
    if len(set(order)) < len(order):
        raise MethodError("periods.same", one=next(name for name in order if order.count(name) > 1), other="–")
    listed = [name for name in order if name in names]
    return Timeline(tuple(listed), {name: at for at, name in enumerate(listed)}, GIVEN_ORDER)


def _cycle(line: Timeline) -> int:
    """How many periods of these names go into a year that none of them names; 0 where they are no parts of a year."""
    if line.grain in CYCLES or not all(_WEEK.fullmatch(name.strip()) for name in line.names):
        return CYCLES.get(line.grain, 0)
    weeks = {_own(line, name) for name in line.names}
    return max(52, int(max(weeks))) if 1 <= min(weeks) <= max(weeks) <= 53 else 0


def _own(line: Timeline, name: str) -> float:
    return line.first + line.step * line.at[name]


def _follow(names: Sequence[str], line: Timeline, cycle: int) -> bool:
    """Whether each directly follows the one before, and the first of a year its last."""
    return all((_own(line, two) - _own(line, one)) % cycle == 1 for one, two in pairwise(names))


def _within_a_year(line: Timeline, cycle: int) -> bool:
    """Whether the longest gap lies over the year's end; else they may begin behind another one."""
    gaps = [_own(line, two) - _own(line, one) for one, two in pairwise(line.names)]
    return sum(gaps) + max(gaps) < cycle


# --- what names mean together -----------------------------------------------------------------------------------------


def _by_meaning(names: tuple[str, ...]) -> Timeline:
    found = {name: readings(name) for name in names}
    shared = [grain for grain in GRAINS if all(any(one.grain == grain for one in own) for own in found.values())]
    if not shared or (shared == ["count"] and _versions(names)):
        raise MethodError("periods.unclear", names=names_in_message(names))
    refusal: MethodError | None = None
    for grain in shared:
        try:
            return _timeline_of(
                grain, _agreed_places({name: [one for one in own if one.grain == grain] for name, own in found.items()})
            )
        except MethodError as error:
            refusal = refusal or error
    raise refusal or MethodError("periods.unclear", names=names_in_message(names))


def _versions(names: tuple[str, ...]) -> bool:
    """Whether the names stand in another order as numbered versions than as numbers: "1.9", "1.10"."""
    plain = [unicodedata.normalize("NFKC", name).strip() for name in names]
    if not all(re.fullmatch(r"\d+(\.\d+)?", name) for name in plain):
        return False
    parts = {name: tuple(int(part) for part in name.split(".")) for name in plain}
    return len(set(parts.values())) > len(set(map(float, parts))) or sorted(parts, key=parts.__getitem__) != sorted(
        parts, key=float
    )


def _agreed_places(found: Mapping[str, list[Reading]]) -> dict[str, float]:
    """One place for each name: the ways to read a form are cut down by every name that is written in it."""
    ways: dict[str, set[str]] = {}
    for own in found.values():
        for form in {one.form for one in own}:
            here = {one.way for one in own if one.form == form}
            ways[form] = ways.get(form, here) & here
    if len(ways.get("word", set()) - {""}) != ("word" in ways):
        raise MethodError("periods.unclear", names=names_in_message(tuple(found)))
    held = {name: [one for one in own if one.way in ways[one.form]] for name, own in found.items()}
    for name, own in held.items():
        if not own:
            raise MethodError("periods.unclear", names=names_in_message(tuple(found)))
        if len({one.at for one in own}) > 1:
            one, other = (_name_of_place(own[i].grain, own[i].at) for i in (0, 1))
            raise MethodError("periods.ambiguous", name=name, one=one, other=other)
    return {name: own[0].at for name, own in held.items()}


def _timeline_of(grain: str, places: Mapping[str, float]) -> Timeline:
    by_place: dict[float, str] = {}
    for name, at in places.items():
        if at in by_place:
            raise MethodError("periods.same", one=by_place[at], other=name)
        by_place[at] = name
    grain, own = _coarser_grain(grain, places)
    ordered = tuple(sorted(own, key=own.__getitem__))
    first = own[ordered[0]]
    step = _step([own[name] - first for name in ordered])
    away = {name: (own[name] - first) / step for name in ordered}
    return Timeline(ordered, {name: int(at) if at == int(at) else at for name, at in away.items()}, grain, first, step)


def _step(away: Sequence[float]) -> float:
    """The largest step that leads to every one: names that are a quarter apart leave no months out."""
    return float(reduce(math.gcd, (int(at) for at in away))) or 1.0 if all(at == int(at) for at in away) else 1.0


def _coarser_grain(grain: str, places: Mapping[str, float]) -> tuple[str, dict[str, float]]:
    """Instants that are all midnights are days; days that are all the same one of their month, or its last, are
    months.
    """
    own = dict(places)
    if grain == "instant" and all(at * SECOND % DAY == 0 for at in own.values()):
        grain, own = "day", {name: at * SECOND // DAY + EPOCH for name, at in own.items()}
    if grain == "day":
        dates = {name: dt.date.fromordinal(int(at)) for name, at in own.items()}
        same, last = (
            len({date.day for date in dates.values()}) == 1,
            all((date + dt.timedelta(days=1)).day == 1 for date in dates.values()),
        )
        if (same or last) and len({(date.year, date.month) for date in dates.values()}) == len(dates):
            grain, own = "month", {name: float(date.year * 12 + date.month - 1) for name, date in dates.items()}
    return grain, own


def _name_of_place(grain: str, at: float) -> str:
    """A place on an axis as the kernels name it."""
    return _WRITTEN[grain](at) if grain in _WRITTEN else f"{at:g}"


_WRITTEN: Final[Mapping[str, Callable[[float], str]]] = {
    "instant": lambda at: dt.datetime.fromtimestamp(at, dt.UTC).isoformat(" ", "minutes"),
    "day": lambda at: dt.date.fromordinal(int(at)).isoformat(),
    "week": lambda at: "{}-W{:02d}".format(*dt.date.fromordinal(int(at) * 7 + 1).isocalendar()[:2]),
    "month": lambda at: f"{int(at) // 12:04d}-{int(at) % 12 + 1:02d}",
    "quarter": lambda at: f"{int(at) // 4:04d}-Q{int(at) % 4 + 1}",
    "half": lambda at: f"{int(at) // 2:04d}-H{int(at) % 2 + 1}",
}
