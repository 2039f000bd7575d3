"""The least sizes, in one table: below which numbers of people pages, files and the API show less, and below which
nothing.

| name | default | what it does |
| --- | --- | --- |
| least cell | each workspace’s own (`models.people`) | nothing is shown or exported about fewer people |
| least n | 10 | no figure below it: “7 of 10”, the line that fills |
| low base | 30 | figure and interval pale; no colour, no best, worst, up or down: “12 of 30” |
| quotes | 10 | comments are quoted only from 10 on, without their day |

The library shows any n with its warning; what leaves the application has passed through `withhold`. It hides rows of
results, one question at a time, the smallest first. Whoever publishes a whole table of counts once, with totals in
several dimensions, takes `peakend.disclosure`, which hides the fewest cells. What follows from figures that were read
at different times is kept from being worked out by neither, but by `release`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, replace
from typing import Any, Final, TypeVar

from peakend.result import Method, Result, Results
from peakend.thresholds import LOW_BASE as LIBRARY_LOW_BASE
from peakend_web.base.refusals import Refusal

R = TypeVar("R", bound=Result)

LEAST_N: Final = 10
LOW_BASE: Final = LIBRARY_LOW_BASE
QUOTES: Final = 10


def people_behind(row: Result) -> int:
    """How many people a figure stands on: of one that compares two sides, the side that has fewer."""
    against: int | None = getattr(row, "n_against", None)
    return row.n if against is None else min(row.n, against)


def is_firm(row: Result | None) -> bool:
    """Whether a figure stands on enough answers to be called high or low, best or worst, up or down, and to have a
    colour.
    """
    return row is not None and row.value is not None and people_behind(row) >= LOW_BASE


def is_pale(row: Result | None) -> bool:
    """Whether a figure is shown, but pale: there is one, of fewer answers than the low base."""
    return row is not None and row.value is not None and people_behind(row) < LOW_BASE


def rough_count(many: int, cell: int) -> str:
    """A number of rows as it is told to whoever sees no single one of them: in steps of the least cell. Exactly, where
    the cell is 0.
    """
    return f"{many:,}" if not cell else f"< {cell}" if many < cell else f"≥ {many - many % cell:,}"


def withhold(results: Results[R], cell: int) -> Results[R]:
    """The rows as they may be seen: without any figure below the least n, without even their n below the least cell.

    Rows of a table that is broken down are hidden further where a hidden one is else its total less the others.
    """
    if results.method.id in UNITS:
        return results
    hidden = hidden_places(results, cell)
    return Results(
        results.method, tuple(_visible_row(results.method, row, at in hidden, cell) for at, row in enumerate(results))
    )


def hidden_places(rows: Sequence[Result], cell: int) -> set[int]:
    """Which rows may not be seen: those of fewer people than the least cell, and of each table that is broken down as
    many more as keep them from being worked out from its total: the smallest, until what is hidden holds a least cell
    of people and is not one row alone.
    """
    hidden: set[int] = set()
    for places in _tables(rows).values():
        sizes = {at: n for at in places if (n := people_behind(rows[at])) > 0}
        small = [at for at, n in sizes.items() if n < cell]
        hidden.update(small)
        if small and len(places) > 1 and any(rows[at].group for at in places):
            hidden.update(_enough(small, sizes, cell))
    return hidden


def _enough(small: Sequence[int], sizes: Mapping[int, int], cell: int) -> list[int]:
    hidden = list(small)
    for at in sorted((at for at in sizes if at not in small), key=lambda at: sizes[at]):
        if len(hidden) > 1 and sum(sizes[each] for each in hidden) >= cell:
            break
        hidden.append(at)
    return hidden


def _tables(rows: Sequence[Result]) -> dict[tuple[Any, ...], list[int]]:
    """The places of the rows by what they are about: those of one table have the same but for their group."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(rows):
        about = (getattr(row, name, None) for name in _ABOUT)
        found.setdefault(tuple(each for each in about if isinstance(each, str | None)), []).append(at)
    return found


_ABOUT: Final = (
    *(
        "construct",
        "item",
        "role",
        "feature",
        "touchpoint",
        "dimension",
        "survey",
        "indicator",
        "cause",
        "outcome",
        "driver",
        "step",
        "gap",
    ),
    *("across", "level", "before_wave", "after_wave"),
)
"""Fields that name what a row is about, whichever method it is of."""
UNITS: Final = frozenset({"tracing"})
"""Methods whose n counts not people but sites or teams, each of which is a figure of its own."""


PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "promised": ("kept", "kept_low", "kept_high", "kept_days", "calibrated"),
    "served": ("service", "service_cv"),
    "known": ("share", "share_low", "share_high", "leads"),
}
"""Fields that count, in a row of more, of how many some of its figures are; and those figures."""


def _visible_row(method: Method[R], row: R, hidden: bool, cell: int) -> R:  # noqa: FBT001
    if hidden:
        return _without_figures(method, row, 0, Refusal("least.cell", least=cell))
    if 0 < (n := people_behind(row)) < LEAST_N:
        return _without_figures(method, row, n, Refusal("least.n", n=n, needed=LEAST_N))
    return _with_visible_parts(row, cell)


def _with_visible_parts(row: R, cell: int) -> R:
    """The row without those figures that are of too few, though the row is of enough."""
    known = {each.name: each for each in fields(row)}
    small = [name for name in PARTS if name in known and 0 < getattr(row, name) < LEAST_N]
    hidden = {name for name in small if getattr(row, name) < cell and name != "known"}
    blank = [*hidden, *(figure for name in small for figure in PARTS[name] if figure in known)]
    return replace(row, **{name: _blank(known[name], getattr(row, name)) for name in blank}) if blank else row


def _without_figures(method: Method[R], row: R, n: int, why: Refusal) -> R:
    """The row with its names, and nothing that was computed from answers."""
    names = {*_ABOUT, *_NAMES, *method.key}
    kept = {
        each.name for each in fields(row) if each.name in names and not isinstance(getattr(row, each.name), float)
    } | {"conf"}
    blank = {each.name: _blank(each, getattr(row, each.name)) for each in fields(row) if each.name not in kept}
    return replace(row, **{**blank, "n": n, "warnings": (), "refused": why})


_NAMES: Final = (
    *(
        "group",
        "conf",
        "version",
        "measure",
        "unit",
        "scale",
        "scale_low",
        "scale_high",
        "metric",
        "interval",
        "edition",
    ),
    *("evaluation_table", "rule", "equal", "reference", "goal", "coefficients", "show", "peak", "model", "kind"),
)
"""Fields that say how a row was asked for, not what came out."""


def _blank(place: Field[Any], value: Any) -> Any:
    """What stands in a place of a row of which nothing is said: what a method leaves there by itself, else what is
    nothing of its kind.
    """
    if place.default is not MISSING:
        return place.default
    if place.default_factory is not MISSING:
        return place.default_factory()
    if isinstance(value, Mapping):
        return {}
    return () if isinstance(value, tuple) else 0 if isinstance(value, int) else None
