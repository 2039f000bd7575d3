"""Sums over wide rows by group and bucket, each row counted by a power of its weight."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from peakend.reduce.wide_rows import Wide
from peakend.sums import Group, Moments, Wholes, products


def power_sums(wide: Wide, by: Sequence[str], buckets: int, *, power: int, squares: bool = False) -> Moments:
    """The sums with each response counted by this power of its weight: 0 counts heads."""
    names, table, values = wide
    groups, which = table.groups(by)
    bucket = bucket_of(table.values("response"), buckets) if buckets > 1 else np.zeros(len(values), dtype=np.int64)
    weight = table.numbers("weight") ** power if power else np.ones(len(values))
    place = np.argsort(which * buckets + bucket, kind="stable")
    edges = np.searchsorted(which[place], np.arange(len(groups) + 1))
    found: dict[Group, Any] = {}
    for g, group in enumerate(groups):
        rows = place[edges[g] : edges[g + 1]]
        found[group] = products(values[rows], weight[rows], bucket[rows], squares=squares)
    return Moments(names, tuple(by), found, {group: int(edges[g + 1] - edges[g]) for g, group in enumerate(groups)})


def each_power(wide: Wide, by: Sequence[str]) -> tuple[Moments, Moments, Moments]:
    """The sums with w⁰, w¹ and w²; the same ones where all weights are one."""
    plain, alike = power_sums(wide, by, 1, power=0), bool((wide[1].numbers("weight") == 1).all())
    return (
        (plain, plain, plain) if alike else (plain, power_sums(wide, by, 1, power=1), power_sums(wide, by, 1, power=2))
    )


def bucket_of(responses: Sequence[str], buckets: int) -> Wholes:
    """The bucket that each response falls into, the same on every machine: CRC-32 of its id."""
    return np.fromiter((zlib.crc32(response.encode()) for response in responses), np.int64, len(responses)) % buckets
