"""Events that were delivered twice are said, in one place for all methods that read events.

What is the same in every column is one event (`Facts.repeated`). Where there are such, every row of a method carries
the warning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from inspect import signature
from typing import Final, ParamSpec, TypeVar

from peakend.facts import conform
from peakend.result import Result, Results

P = ParamSpec("P")
R = TypeVar("R", bound=Result)
REPEATED: Final = "repeated_events"


def says_repeated(run: Callable[P, Results[R]]) -> Callable[P, Results[R]]:
    """The method, its rows with a warning where events stand in the data again."""
    first = next(iter(signature(run).parameters))

    @wraps(run)
    def said(*args: P.args, **options: P.kwargs) -> Results[R]:
        facts = conform(args[0] if args else options[first], "events")
        plain: Callable[..., Results[R]] = run
        found = plain(facts, *args[1:], **options) if args else plain(**{**options, first: facts})
        if not facts.repeated:
            return found
        return Results(found.method, tuple(replace(row, warnings=(*row.warnings, REPEATED)) for row in found))

    return said
