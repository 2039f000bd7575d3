"""The steps that an engine counted itself, put together: its four small tables as `Steps`, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from peakend.reduce.engine_table import EngineTable
from peakend.reduce.steps import BINS
from peakend.sums import Group, Steps, add_tallies, in_order

CountedSteps = dict[Group, dict[Any, int]]


@dataclass(frozen=True)
class EngineSteps:
    """Tables with the group's columns and: `edges` _a _b _bin _count _waited; `starts` and `ends` _a _count; `ways` one
    visit of each variant, _h _g _place _a _times; `tied` and `untimed` _count. Activities are ranks of `names`.
    """

    names: Sequence[str]
    edges: EngineTable
    starts: EngineTable
    ends: EngineTable
    ways: EngineTable
    tied: EngineTable
    untimed: EngineTable

    def steps(self, by: Sequence[str]) -> dict[Group, Steps]:
        """The steps of each group, in order; days that share a period are added up."""
        edges = self._edges(by)
        starts, ends = (self._turns(table, by) for table in (self.starts, self.ends))
        ways = self._ways(by)
        tied, untimed = (self._events(table, by) for table in (self.tied, self.untimed))
        return {
            group: Steps(
                **edges.get(group, _no_edges()), starts=starts.get(group, {}), ends=ends.get(group, {}),
                variants=ways.get(group, {}),
                tied=tied.get(group, 0), untimed=untimed.get(group, 0),
            )
            for group in in_order({*starts, *untimed})
        }  # fmt: skip

    def _events(self, table: EngineTable, by: Sequence[str]) -> dict[Group, int]:
        """How many events of a kind there are in each group; none where there are none."""
        groups, which = table.groups(by)
        found = np.bincount(which, weights=table.wholes("_count"), minlength=len(groups)).astype(int).tolist()
        return {group: count for group, count in zip(groups, found, strict=True) if count}

    def _edges(self, by: Sequence[str]) -> dict[Group, dict[str, Any]]:
        found: dict[Group, dict[str, Any]] = {}
        groups, which = self.edges.groups(by)
        columns = (self.edges.wholes(name).tolist() for name in ("_a", "_b", "_bin", "_count", "_waited"))
        for g, a, b, place, count, waited in sorted(zip(which.tolist(), *columns, strict=True)):
            parts, edge = found.setdefault(groups[g], _no_edges()), (self.names[a], self.names[b])
            parts["edges"][edge] = parts["edges"].get(edge, 0) + count
            parts["waited"][edge] = parts["waited"].get(edge, 0) + waited
            spread = parts["spread"].get(edge, (0,) * BINS)
            parts["spread"][edge] = (*spread[:place], spread[place] + count, *spread[place + 1 :])
        return found

    def _turns(self, table: EngineTable, by: Sequence[str]) -> CountedSteps:
        found: CountedSteps = {}
        groups, which = table.groups(by)
        for g, a, count in zip(
            which.tolist(), table.wholes("_a").tolist(), table.wholes("_count").tolist(), strict=True
        ):
            found[groups[g]] = add_tallies(found.get(groups[g], {}), {self.names[a]: count})
        return found

    def _ways(self, by: Sequence[str]) -> CountedSteps:
        """A variant is known in an engine's group by its two hashes; the same variant of two days is one."""
        found: CountedSteps = {}
        days = (
            self.ways.wholes("day")
            if "day" in self.ways.table.column_names
            else np.zeros(len(self.ways), dtype=np.int64)
        )
        groups, which = self.ways.groups(by)
        columns = [self.ways.wholes(name) for name in ("_h", "_g", "_place", "_a", "_times")]
        ordered = np.lexsort((columns[2], columns[1], columns[0], days, which))
        rows = list(zip(*(part[ordered].tolist() for part in (which, *columns)), strict=True))
        begins = [i for i, row in enumerate(rows) if row[3] == 1]
        for start, end in pairwise([*begins, len(rows)]):
            group, way = groups[rows[start][0]], tuple(self.names[row[4]] for row in rows[start:end])
            counts = found.setdefault(group, {})
            counts[way] = counts.get(way, 0) + rows[start][5]
        return {group: dict(sorted(counts.items())) for group, counts in found.items()}


def _no_edges() -> dict[str, Any]:
    return {"edges": {}, "waited": {}, "spread": {}}
