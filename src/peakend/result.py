"""What every method returns: frozen rows, one a group, that know how to show themselves.

A row carries its value, its interval, how many answers stand behind it and how many could not be used, and the version
of the definition it was computed by. A figure that the data cannot carry has no value: it has a refusal instead.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast, overload

from peakend.draw import Chart
from peakend.errors import PeakendError
from peakend.terms import Lang, label

R = TypeVar("R", bound="Result")


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure. Methods add their own fields, under the standard names of the field, in a subclass of theirs.

    `group` names the cell (`{}` for the whole); `value`, `low` and `high` are on the method's own scale and None where
    `refused` says why there is no figure; `n` counts the answers used. The other counts are answers that were asked for
    and could not be used: `missing` (skipped), `invalid`, `not_applicable`, `not_shown`.
    """

    group: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    value: float | None
    low: float | None
    high: float | None
    n: int
    missing: int = 0
    invalid: int = 0
    not_applicable: int = 0
    not_shown: int = 0
    conf: float = 0.95
    version: str
    warnings: tuple[str, ...] = ()
    refused: PeakendError | None = None

    def as_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The row as plain data: no NaN, no numpy, ready for JSON."""
        return {f.name: _plain(getattr(self, f.name), lang) for f in fields(self)}


@dataclass(frozen=True)
class Table:
    """A small table for eyes: column ids, their labels in one language, and plain values."""

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_csv(self) -> str:
        """The table as RFC 4180 text with the column ids as header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()


@dataclass(frozen=True)
class Method(Generic[R]):
    """A method as the rest of the system knows it: its id, the version of its definition, and its three verbs.

    `id` is also its term. `run` computes rows from facts; `say` puts one row into a sentence; `draw` makes the picture of
    all rows. `columns` are the fields of a row that its table shows, beside group, n and interval. `checked` names what the
    numbers were checked against.
    """

    id: str
    version: str
    row: type[R]
    run: Callable[..., Results[R]]
    say: Callable[[R, Lang], str]
    draw: Callable[[Sequence[R], Lang], Chart]
    columns: tuple[str, ...]
    checked: str
    key: tuple[str, ...] = ()
    """Fields of a row that, beside its group, name what it is about: `("construct",)` for Kano."""

    @property
    def definition(self) -> str:
        """The id and version that every figure of this method carries."""
        return f"{self.id}/{self.version}"


@dataclass(frozen=True)
class Results(Sequence[R]):
    """The rows of one call of a method, in a stable order."""

    method: Method[R]
    rows: tuple[R, ...]

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> Results[R]: ...
    def __getitem__(self, at: int | slice) -> R | Results[R]:
        return Results(self.method, self.rows[at]) if isinstance(at, slice) else self.rows[at]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def as_dict(self, lang: Lang = "en") -> list[dict[str, Any]]:
        """The rows as plain data, one dictionary a row."""
        return [row.as_dict(lang) for row in self.rows]

    def table(self, lang: Lang = "en") -> Table:
        """The rows as a table with labels in a language."""
        groups = tuple(dict.fromkeys(name for row in self.rows for name in row.group))
        own = tuple(dict.fromkeys((*self.method.key, "value", "low", "high", *self.method.columns, "n", "missing", "invalid", "not_applicable")))
        labels = tuple(label(name, lang) for name in (*groups, *own))
        rows = tuple((*(row.group.get(g) for g in groups), *(_plain(getattr(row, name), lang) for name in own)) for row in self.rows)
        return Table((*groups, *own), labels, rows)

    def chart(self, lang: Lang = "en") -> Chart:
        """The picture of the rows."""
        return self.method.draw(self.rows, lang)

    def text(self, lang: Lang = "en") -> str:
        """One sentence a row: what is true, with its number, n and interval."""
        return "\n".join(row.refused.message(lang) if row.refused else self.method.say(row, lang) for row in self.rows)

    def __str__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {**self.chart()._repr_mimebundle_(), "text/plain": self.text()}


def _plain(value: object, lang: Lang) -> Any:
    if isinstance(value, PeakendError):
        return value.as_dict(lang)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, lang) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner, lang) for inner in value]
    if hasattr(value, "item"):
        value = cast(Any, value).item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
