"""Partial sums: what the kernels found in each chunk of the columnar copy is kept, so that a page costs what is new.

A chunk is never changed, so what a kernel found in it stays true for ever; a new answer makes a new last chunk,
which is short. Where a row was revised or removed, the chunk that held it has another key and is reduced again; so is
what was merged. Kept sums are never a record of their own: they are found by the keys of the chunks they were made of
and by all that narrowed them (service, sites, filters, conditions), they fall away when there is no room, and with the
process.

Kernels that look along a response or a visit must not have it split. Most lie in one chunk whole; those that do not
are told apart, and each set of chunks that shares some is one more part, of those alone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
from django.conf import settings

from peakend.facts import PART, TABLES, Facts, TableName, Unit, conform
from peakend.facts.sql import quoted_name
from peakend.sums import Wholes
from peakend_web.base.cache import Cache, size_of

from . import columnar
from .columnar import Manifest

MOST_SHARED: Final = 20_000
"""Where more responses than this are split between chunks, all chunks are one part."""
UNITS: Final[Mapping[Unit, str]] = {
    "response": "hash(response)",
    "visit": "hash(coalesce(record, visit))",
    "passage": "hash(coalesce(visit, response))",
}
"""What tells units apart. A visit is of events, of which the steps of a record are followed by it."""


sums: Final = Cache(settings.PEAKEND_SUMS_MB << 20, size_of)


@dataclass(frozen=True)
class Layout:
    """The parts of a table between which no unit is split: the query of each by its key, and which of them change with
    every new row.
    """

    queries: Mapping[Any, str]
    fresh: frozenset[Hashable]


@dataclass(frozen=True)
class ChunkParts:
    """The rows of a table that somebody may see and asked for, in the parts in which they lie
    (`peakend.facts.Parts`).
    """

    workspace: int
    manifest: Manifest
    table: TableName
    columns: tuple[str, ...]
    conditions: str
    _read: dict[Hashable, Facts] = field(default_factory=dict)

    def keys(self, unit: Unit) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """The parts between which no unit is split: those that stay as they are when rows are added, and the others."""
        layout = self._layout(unit)
        return [key for key in layout.queries if key not in layout.fresh], [
            key for key in layout.queries if key in layout.fresh
        ]

    def facts(self, unit: Unit, wanted: Sequence[Hashable]) -> Facts:
        """All rows of these parts, with the place of the part in `wanted` in the column `PART`."""
        key = (unit, tuple(wanted))
        if key not in self._read:
            layout = self._layout(unit)
            queries = [layout.queries[each] for each in wanted]
            self._read[key] = rows_of(
                queries, self.columns, self.conditions, self.table, small=self._few and layout.fresh.issuperset(wanted)
            )
        return self._read[key]

    def get(self, key: Hashable) -> Any:
        """What was kept under this key; None where it is not there any more."""
        return sums.get((self.table, self.conditions, key))

    def put(self, key: Hashable, value: Any) -> None:
        """Keep it, while there is room."""
        sums.put((self.table, self.conditions, key), value)

    @cached_property
    def _few(self) -> bool:
        """Whether the last chunk is short."""
        return self.manifest.tables[self.table].chunks[-1].rows <= columnar.chunks.TAIL

    @cached_property
    def _chunks(self) -> Mapping[str, str]:
        return columnar.chunk_queries(self.workspace, self.manifest, self.table)

    def _layout(self, unit: Unit) -> Layout:
        if unit == "row":
            return Layout(self._chunks, frozenset([*self._chunks][-1:]))
        key = ("layout", unit, *self._chunks)
        found = sums.get(key)
        if found is None:
            found = laid_out(self._chunks, UNITS[unit])
            sums.put(key, found)
        return found  # type: ignore[no-any-return]


def rows_of(queries: Sequence[str], columns: Sequence[str], conditions: str, table: TableName, *, small: bool) -> Facts:
    """The rows of these queries, each with its place, as facts. A column that none of them has is null.

    What is small is read at once: each step of a kernel's plan would open the files again.
    """
    parts = [f"SELECT *, '{place}' AS {PART} FROM ({query})" for place, query in enumerate(queries)]  # noqa: S608 — our own names
    nulls = ", ".join(f"NULL::VARCHAR AS {quoted_name(column)}" for column in columns[len(TABLES[table]) :])
    own = [f"SELECT {nulls} WHERE false"] if nulls else []
    chosen = ", ".join(map(quoted_name, columns))
    every = " UNION ALL BY NAME ".join([*parts, *own])
    rows = columnar.engine().sql(f"SELECT {chosen}, {PART} FROM ({every}) WHERE {conditions}")  # noqa: S608 — our own names
    return conform(columnar.engine().from_arrow(rows.to_arrow_table()) if small else rows, table, check=False)


def newest_us(workspace: int, manifest: Manifest) -> int | None:
    """When the newest answer of the copy was given."""
    queries = columnar.chunk_queries(workspace, manifest, "answers")
    missing = [key for key in queries if sums.get(("newest", key)) is None]
    for key in missing:
        found = columnar.engine().execute(f"SELECT max(at_us) FROM ({queries[key]})").fetchall()[0]  # noqa: S608 — our own names
        sums.put(("newest", key), found)
    known = [sums.get(("newest", key)) or (None,) for key in queries]
    return max((each for (each,) in known if each is not None), default=None)


# --- what is split ----------------------------------------------------------------------------------------------------


def laid_out(chunks: Mapping[str, str], unit: str) -> Layout:
    """The parts of chunks between which no unit is split; `unit` is an expression of a number that tells units
    apart.
    """
    shared = _shared_units(chunks, unit)
    last = [*chunks][-1]
    if sum(map(len, shared.values())) > MOST_SHARED:
        every = " UNION ALL BY NAME ".join(chunks.values())
        return Layout({tuple(chunks): every}, frozenset([tuple(chunks)]))
    queries: dict[Hashable, str] = {}
    fresh: set[Hashable] = set()
    for among, units in [(frozenset([name]), set[int]()) for name in chunks] + sorted(
        shared.items(), key=lambda pair: sorted(pair[0])
    ):
        of_others = {each for names, those in shared.items() if not units and among < names for each in those}
        key, query = _part(chunks, sorted(among), unit, sorted(units), sorted(of_others))
        queries[key] = query
        fresh |= {key} if last in among else set()
    return Layout(queries, frozenset(fresh))


def _part(
    chunks: Mapping[str, str], among: Sequence[str], unit: str, only: Sequence[int], without: Sequence[int]
) -> tuple[Hashable, str]:
    """The rows of some chunks, only of these units or without those."""
    every = " UNION ALL BY NAME ".join(f"SELECT * FROM ({chunks[name]})" for name in among)  # noqa: S608 — our own names
    if not only and not without:
        return among[0], chunks[among[0]]
    listed = ", ".join(f"{each}::UBIGINT" for each in only or without)
    key = (*among, "only" if only else "without", hashlib.blake2b(listed.encode(), digest_size=16).hexdigest())
    return key, f"SELECT * FROM ({every}) WHERE {unit} {'' if only else 'NOT '}IN ({listed})"  # noqa: S608 — our own names


def _shared_units(chunks: Mapping[str, str], unit: str) -> dict[frozenset[str], set[int]]:
    """The units that lie in more than one chunk, by the chunks they lie in."""
    where: dict[int, set[str]] = defaultdict(set)
    for one, two in combinations(chunks, 2):
        for each in _common(chunks, one, two, unit).tolist():
            where[each] |= {one, two}
    shared: dict[frozenset[str], set[int]] = defaultdict(set)
    for each, names in where.items():
        shared[frozenset(names)].add(each)
    return shared


def _common(chunks: Mapping[str, str], one: str, two: str, unit: str) -> Wholes:
    """The units of two chunks: the shorter looked up in the longer, both sorted."""
    key = ("common", unit, one, two)
    found = sums.get(key)
    if found is None:
        short, long = sorted((_units(name, chunks[name], unit) for name in (one, two)), key=len)
        at = np.minimum(np.searchsorted(long, short), max(len(long) - 1, 0))
        found = short[long[at] == short] if len(long) else short[:0]
        sums.put(key, found)
    return found  # type: ignore[no-any-return]


def _units(name: str, query: str, unit: str) -> Wholes:
    key = ("units", unit, name)
    found = sums.get(key)
    if found is None:
        found = np.sort(
            columnar.engine().execute(f"SELECT DISTINCT {unit} AS unit FROM ({query})").fetchnumpy()["unit"]  # noqa: S608 — our own names
        )
        sums.put(key, found)
    return found  # type: ignore[no-any-return]
