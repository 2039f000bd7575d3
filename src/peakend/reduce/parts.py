"""Kernels over facts that lie in parts: what a part came to is kept, and only parts that are new or have changed are
reduced again.

What a kernel returns adds up, so a kernel over all parts is the sum of the kernel over each. `in_parts` makes a kernel
so: methods call it as ever. It is right where no *unit* of the kernel is split between two parts — the row, for counts;
the response, for what stands beside each other in one questionnaire; the visit, for what follows one another.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property, reduce, wraps
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np

from peakend.facts import PART, Facts, Parts, Unit
from peakend.reduce.plans import takes_turn
from peakend.sums import Counts, Moments, in_order

P = ParamSpec("P")
T = TypeVar("T")

TEXTS: Final = (str, bytes)


def in_parts(
    unit: Unit, *, finish: Callable[[Any], Any] | None = None, depends: Callable[..., Hashable] | None = None
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a kernel `(facts, by, **options)` add up parts, where its facts lie in parts.

    `finish` is applied to the sum, or to what the kernel returned where there are no parts. `depends(facts, **options)`
    tells what the kernel takes from all of the facts, and not from its own part alone.
    """

    def decorate(kernel: Callable[P, T]) -> Callable[P, T]:
        plain = cast("Callable[..., Any]", kernel)

        @wraps(kernel)
        def run(facts: Facts, by: Sequence[str] = (), **options: Any) -> Any:
            if facts.parts is None:
                found = takes_turn(plain)(facts, by, **options)
            else:
                on = depends(facts, **options) if depends else None
                found = _Call(plain, unit, facts, facts.parts, (*by,), options, on).total()
            return finish(found) if finish else found

        return cast("Callable[P, T]", run)

    return decorate


@dataclass(frozen=True)
class _Call:
    """One call of a kernel on facts that lie in parts."""

    kernel: Callable[..., Any]
    unit: Unit
    facts: Facts
    parts: Parts
    by: tuple[str, ...]
    options: Mapping[str, Any]
    on: Hashable

    @cached_property
    def key(self) -> Hashable:
        """What is asked, whatever the rows."""
        return (self.kernel.__name__, self.facts.conditions.key, self.by, _frozen(self.options), self.on)

    def total(self) -> Any:
        """The sum of all parts. Also kept are the sum of the parts that stay as they are when rows are added, and the
        sum of all.
        """
        steady, fresh = (tuple(keys) for keys in self.parts.keys(self.unit))
        whole = self.parts.get((self.key, steady, fresh))
        if whole is None:
            held = self.parts.get((self.key, steady)) if steady else None
            found = self._each(fresh if held is not None else (*steady, *fresh))
            if held is None and steady:
                held = self._kept(steady, sum_of([found[key] for key in steady]))
            whole = sum_of([*([held] if steady else []), *(found[key] for key in fresh)])
            self.parts.put((self.key, steady, fresh), whole)
        return whole

    def _each(self, wanted: Sequence[Hashable]) -> dict[Hashable, Any]:
        """What each of these parts comes to; those that are not kept are reduced together, grouped by part."""
        found = {key: self.parts.get((self.key, key)) for key in wanted}
        missing = [key for key, kept in found.items() if kept is None]
        if missing:
            together = self.kernel(self.facts.of_parts(self.unit, missing), (PART, *self.by), **self.options)
            found.update((key, self._kept(key, of_part(together, str(number)))) for number, key in enumerate(missing))
        return found

    def _kept(self, key: Hashable, value: Any) -> Any:
        self.parts.put((self.key, key), value)
        return value


def _frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((name, _frozen(value[name])) for name in sorted(value))
    if isinstance(value, Sequence) and not isinstance(value, TEXTS):
        return tuple(_frozen(each) for each in value)
    return cast("Hashable", value)


def of_part(found: Any, number: str) -> Any:
    """What a kernel that was grouped by part found in one of them."""
    if isinstance(found, Counts):
        own = next((counts for _, counts in found.where(**{PART: number}).split(PART)), None)
        return own if own is not None else Counts(found.keys[1:], (), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    if isinstance(found, Moments):
        return Moments(found.names, found.by[1:], _within(found.groups, number), _within(found.responses, number))
    if is_dataclass(found) and not isinstance(found, type):
        return type(found)(**{each.name: of_part(getattr(found, each.name), number) for each in fields(found)})
    return _within(found, number)


def _within(groups: Mapping[Any, T], number: str) -> dict[Any, T]:
    return {group[1:]: each for group, each in groups.items() if group[0] == number}


def sum_of(results: Sequence[Any]) -> Any:
    """What a kernel returned of several parts, as one."""
    if len(results) == 1:
        return results[0]
    first = results[0]
    if isinstance(first, Counts):
        cells = [cell for each in results for cell in each.cells]
        sums = (np.concatenate([getattr(each, name) for each in results]) for name in ("count", "weight", "weight2"))
        return Counts.gather(first.keys, cells, *sums)
    if isinstance(first, Moments):
        return reduce(lambda one, other: one + other, results)
    if is_dataclass(first) and not isinstance(first, type):
        return type(first)(
            **{each.name: sum_of([getattr(result, each.name) for result in results]) for each in fields(first)}
        )
    return _joined(results)


def _joined(results: Sequence[Mapping[Any, Any]]) -> dict[Any, Any]:
    """Steps by group, the groups in order."""
    found: dict[Any, Any] = {}
    for result in results:
        for group, steps in result.items():
            found[group] = found[group] + steps if group in found else steps
    return {group: found[group] for group in in_order(found)}
