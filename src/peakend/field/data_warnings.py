"""What is to be known of the data that a method was given, as warnings on its rows: one place for all methods.

`says_repeated` stands on every method that reads events: what is the same in every column is one event
(`Facts.repeated`), and where there are such, every row says so. `says_weights` stands on every method that reads
answers: where their survey weights vary and a row has no value with them (`Method.twin`), its sentence says that it is
unweighted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from inspect import signature
from typing import Any, Final, ParamSpec, TypeVar

from peakend import weights
from peakend.facts import Facts, conform, open_facts
from peakend.options import check_source
from peakend.reduce import weight_sums
from peakend.result import Result, Results

P = ParamSpec("P")
R = TypeVar("R", bound=Result)
Options = Mapping[str, Any]
REPEATED: Final = "repeated_events"
ANSWERS: Final = "answers"
"""The name of what a method reads where it reads answers alone; others may be given a table of their own, by the same
door.
"""


def _with_warnings(
    run: Callable[P, Results[R]],
    take: Callable[[Any, Options], Any],
    mark: Callable[[Results[R], Any, Options], Results[R]],
) -> Callable[P, Results[R]]:
    """The method on what `take` makes of its source, its rows as `mark` leaves them."""
    first = next(iter(signature(run).parameters))

    @wraps(run)
    def method(*args: P.args, **options: P.kwargs) -> Results[R]:
        source = take(args[0] if args else options[first], options)
        plain: Callable[..., Results[R]] = run
        rows = plain(source, *args[1:], **options) if args else plain(**{**options, first: source})
        return mark(rows, source, options)

    return method


def says_repeated(run: Callable[P, Results[R]]) -> Callable[P, Results[R]]:
    """The method, its rows with a warning where events stand in the data again."""

    def mark(rows: Results[R], facts: Facts, options: Options) -> Results[R]:
        del options  # what was asked of the rows does not matter: the events are repeated whatever is asked
        if not facts.repeated:
            return rows
        return Results(rows.method, tuple(replace(row, warnings=(*row.warnings, REPEATED)) for row in rows))

    return _with_warnings(run, lambda source, _: conform(source, "events"), mark)


def says_weights(run: Callable[P, Results[R]]) -> Callable[P, Results[R]]:
    """The method, its rows with a warning where survey weights vary and are not in the figure, where they are too
    uneven, or all nothing.
    """
    first = next(iter(signature(run).parameters))

    def take(given: Any, options: Options) -> Any:
        source = conform(given) if first == ANSWERS else open_facts(given)
        check_source(run, options, answers=isinstance(source, Facts))
        return source

    def mark(rows: Results[R], source: Any, options: Options) -> Results[R]:
        return mark_unweighted(rows, source, options.get("where")) if isinstance(source, Facts) else rows

    return _with_warnings(run, take, mark)


def mark_unweighted(rows: Results[R], facts: Facts, where: Any = None) -> Results[R]:
    """The rows, those without a value by survey weights with the reason among their warnings."""
    twin = rows.method.twin
    if not facts.weighted or all(row.value is None or _has(row, twin) for row in rows):
        return rows
    counted = weight_sums(facts.only(where)).where(said=1)
    n, weight, weight2 = (float(part.sum()) for part in (counted.count, counted.weight, counted.weight2))
    hint = weights.NOTHING if n and not weight else weights.UNUSED if weights.vary(n, weight, weight2) else ""
    return Results(rows.method, tuple(_with_warning(row, twin, hint) for row in rows)) if hint else rows


def _twin(row: Result, name: str) -> Mapping[str, float | None] | None:
    return getattr(row, name) if name else None


def _has(row: Result, name: str) -> bool:
    return weights.figure(_twin(row, name), row.n) is not None


def _with_warning(row: R, name: str, hint: str) -> R:
    if row.value is None or _has(row, name):
        return row
    own = weights.UNEVEN if weights.uneven(_twin(row, name), row.n) else hint
    return replace(row, warnings=(*row.warnings, own))
