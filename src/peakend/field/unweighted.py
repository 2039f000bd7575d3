"""Survey weights that a method does not use are said, in one place for all of them.

`says_weights` stands on every method that reads answers. Where their weights vary and a row has no value with them
(`Method.twin`), the row gets a warning, and its sentence says that it is unweighted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from inspect import signature
from typing import Any, Final, ParamSpec, TypeVar

from peakend import weights
from peakend.facts import Facts, conform, opened
from peakend.options import check_source
from peakend.reduce import weighing
from peakend.result import Result, Results

P = ParamSpec("P")
R = TypeVar("R", bound=Result)
ANSWERS: Final = "answers"
"""The name of what a method reads where it reads answers alone; others may be given a table of their own, by the same
door.
"""


def says_weights(run: Callable[P, Results[R]]) -> Callable[P, Results[R]]:
    """The method, its rows with a warning where survey weights vary and are not in the figure, where they are too
    uneven, or all nothing.
    """
    first = next(iter(signature(run).parameters))

    @wraps(run)
    def said(*args: P.args, **options: P.kwargs) -> Results[R]:
        given: Any = args[0] if args else options[first]
        source = conform(given) if first == ANSWERS else opened(given)
        check_source(run, options, answers=isinstance(source, Facts))
        plain: Callable[..., Results[R]] = run
        found = plain(*(source, *args[1:]), **options) if args else plain(**{**options, first: source})
        return marked(found, source, options.get("where")) if isinstance(source, Facts) else found

    return said


def marked(found: Results[R], facts: Facts, where: Any = None) -> Results[R]:
    """The rows, those without a value by survey weights with the reason among their warnings."""
    twin = found.method.twin
    if not facts.weighted or all(row.value is None or _has(row, twin) for row in found):
        return found
    counted = weighing(facts.only(where)).where(said=1)
    n, weight, weight2 = (float(part.sum()) for part in (counted.count, counted.weight, counted.weight2))
    hint = weights.NOTHING if n and not weight else weights.UNUSED if weights.vary(n, weight, weight2) else ""
    return Results(found.method, tuple(_warned(row, twin, hint) for row in found)) if hint else found


def _twin(row: Result, name: str) -> Mapping[str, float | None] | None:
    return getattr(row, name) if name else None


def _has(row: Result, name: str) -> bool:
    return weights.figure(_twin(row, name), row.n) is not None


def _warned(row: R, name: str, hint: str) -> R:
    if row.value is None or _has(row, name):
        return row
    own = weights.UNEVEN if weights.uneven(_twin(row, name), row.n) else hint
    return replace(row, warnings=(*row.warnings, own))
