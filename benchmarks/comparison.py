"""The page of the comparison with queries, pandas and peers: its tables, its picture, and every target that was missed."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence
from typing import Any

from peakend.draw import SCHEMA, Chart

SMALL_MS = 15


GROWTH = 1.1


def slopes(queried: Sequence[dict[str, Any]]) -> dict[str, float]:
    """log(time)/log(rows) from the smallest to the largest size; 1 is linear."""
    sizes = sorted({row["rows"] for row in queried})
    if len(sizes) < 2:
        return {}
    first, last = (
        {row["name"]: row["ours"] for row in queried if row["rows"] == size} for size in (sizes[0], sizes[-1])
    )
    return {name: math.log(last[name] / first[name]) / math.log(sizes[-1] / sizes[0]) for name in first}


def missed(queried: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]], own: dict[str, float]) -> list[str]:
    """Every target that was not reached, and by how much."""
    largest = max(row["rows"] for row in queried)
    found = []
    for row in queried:
        if row["rows"] >= min(PANDAS_UP_TO, largest) and row["ratio"] > row["target"]:
            found.append(
                f"{row['name']}, {row['rows']:,} rows: {row['ratio']:.2f}× the best query, aim {row['target']}"
            )
        if row["rows"] < PANDAS_UP_TO and row["ratio"] > row["target"] and row["ours"] - row["sql"] > SMALL_MS:
            found.append(
                f"{row['name']}, {row['rows']:,} rows: {row['ours'] - row['sql']:.0f} ms over the best query, aim "
                f"{SMALL_MS}"
            )
    found += [
        f"{name}: grows with exponent {slope:.2f}, aim {GROWTH}"
        for name, slope in slopes(queried).items()
        if slope > GROWTH
    ]
    for row in peers:
        if row["failed"]:
            found.append(f"{row['name']}: not measured ({row['failed']})")
        elif row["target"] is not None and row["ratio"] < row["target"]:
            at = f", {row['rows']:,} answers" if row["rows"] else ""
            found.append(f"{row['name']}{at}: {row['ratio']:.1f}× {row['what']}, aim {row['target']:,.0f}")
    limits = {"lmg": ("exact shares of 20 drivers", 100), "bounded": ("shares of 20 drivers with intervals", 2_000)}
    return found + [
        f"{what}: {own[name]:.0f} ms, aim {most}" for name, (what, most) in limits.items() if own[name] > most
    ]


def page(
    queried: Sequence[dict[str, Any]],
    peers: Sequence[dict[str, Any]],
    own: dict[str, float],
    machine: str,
    date: str,
    *,
    large: Sequence[dict[str, Any]] = (),
) -> str:
    sizes = sorted({row["rows"] for row in queried})
    lines = [
        HEAD.format(machine=machine, date=date, sizes=" and ".join(f"{size:,}" for size in sizes)),
        "## Against the best query and plain pandas\n",
        (
            "| kernel | rows | ours ms | best SQL ms | ratio | aim | pandas ms | pandas ÷ ours | peak MB: ours, SQL, "
            "pandas | same result |"
        ),
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]
    lines += [_queried(row) for row in queried]
    found = slopes(queried)
    if found:
        lines += [
            "\n## Growth\n",
            (
                f"Exponent of CPU time in rows, {sizes[0]:,} to {sizes[-1]:,} (1 is linear; aim ≤ {GROWTH}), and the "
                "peak "
                "of memory.\n"
            ),
        ]
        lines += [
            "| kernel | exponent | " + " | ".join(f"peak MB at {size:,}" for size in sizes) + " |",
            "| --- | --: |" + " --: |" * len(sizes),
        ]
        for name, slope in found.items():
            peaks = [
                next(row["peak"] for row in queried if row["rows"] == size and row["name"] == name) for size in sizes
            ]
            lines.append(f"| {name} | {slope:.2f} | " + " | ".join(f"{peak:.0f}" for peak in peaks) + " |")
    lines += _large(large, queried)
    lines += [
        "\n## Against the named peers\n",
        "| what | peer | ours ms | peer ms | peer ÷ ours | aim | peak MB: ours, peer |",
        "| --- | --- | --: | --: | --: | --: | --: |",
    ]
    lines += [_versus(row) for row in peers]
    lines.append(
        f"\nExact shares of 20 drivers take {own['lmg']:.0f} ms (aim 100), with their intervals {own['bounded']:.0f} "
        "ms (aim 2,000)."
    )
    lines += ["\n## Missed\n", *(f"- {each}" for each in missed(queried, peers, own)), WHY]
    return "\n".join(lines)


def _large(rows: Sequence[dict[str, Any]], queried: Sequence[dict[str, Any]]) -> list[str]:
    """What was measured once, at a size that takes the better part of an hour."""
    if not rows:
        return []
    head = ["\n## A hundred million\n", "One turn each, without pandas; read the ratios as ± 25%.\n"]
    table = ["| kernel | ours ms | best SQL ms | ratio | peak MB: ours, SQL |", "| --- | --: | --: | --: | --: |"]
    found = [
        f"| {r['name']} | {r['ours']:,.0f} | {r['sql']:,.0f} | {r['ratio']:.2f} | {r['peak']:,.0f}, "
        f"{r['sql peak']:,.0f} |"
        for r in rows
    ]
    left = dict.fromkeys(row["name"] for row in queried if row["name"] not in {r["name"] for r in rows})
    return [*head, *table, *found, *([f"\nNot run at this size: {'; '.join(left)}."] if left else [])]


def machine() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load at the end {load}"


def _queried(row: dict[str, Any]) -> str:
    pandas = (
        f"{row['pandas']:.0f} | {row['pandas'] / row['ours']:.1f}"
        if "pandas" in row and not row["pandas failed"]
        else "– | –"
    )
    peaks = f"{row['peak']:.0f}, {row['sql peak']:.0f}, " + (
        f"{row['pandas peak']:.0f}" if row.get("pandas peak") else "–"
    )
    same = {True: "yes", False: "NO", None: f"proved at {PROVED_UP_TO:,}"}[row["same"]]
    return (
        f"| {row['name']} | {row['rows']:,} | {row['ours']:.0f} | {row['sql']:.0f} | {row['ratio']:.2f} | ≤ "
        f"{row['target']} | {pandas} | {peaks} | {same} |"
    )


def _versus(row: dict[str, Any]) -> str:
    name = f"{row['name']}, {row['rows']:,} answers" if row["rows"] else row["name"]
    aim = "–" if row["target"] is None else f"≥ {row['target']:,.0f}"
    if row["failed"]:
        return f"| {name} | {row['what']} | – | not measured: {row['failed']} | – | {aim} | – |"
    figures = (
        f"{row['ours']:.2f} | {row['theirs']:.0f} | {row['ratio']:,.1f} | {aim} | {row['peak']:.0f}, "
        f"{row['their peak']:.0f}"
    )
    return f"| {name} | {row['what']} | {figures} |"


def picture(queried: Sequence[dict[str, Any]]) -> Chart:
    """Each kernel's CPU time as a multiple of the best query's: ours, pandas', and the aim."""
    rows = []
    for row in queried:
        own = {"name": f"{row['name'].partition(':')[2].strip()} · {row['rows'] / 1e6:g} M"}
        rows.append({**own, "side": "Peakend", "value": round(row["ratio"], 3)})
        rows.append({**own, "side": "aim", "value": row["target"]})
        if "pandas" in row and not row["pandas failed"]:
            rows.append({**own, "side": "pandas", "value": round(row["pandas"] / row["sql"], 3)})
    title = "CPU time ÷ best hand-written query (logarithmic; left is faster)"
    axis = {"title": title, "values": [0.5, 1, 2, 5, 10, 20, 50], "format": "~g", "labelOverlap": False}
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"type": "log", "domain": [0.4, 70], "nice": False},
        "axis": axis,
    }
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 320}}
    sides = {"domain": ["Peakend", "pandas", "aim"], "range": ["#1f6feb", "#9a6700", "#57606a"]}
    color = {"field": "side", "type": "nominal", "scale": sides, "legend": {"title": None, "orient": "top"}}
    points = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "transform": [{"filter": "datum.side != 'aim'"}],
    }
    ticks = {
        "mark": {"type": "tick", "thickness": 3, "size": 18, "opacity": 1},
        "transform": [{"filter": "datum.side == 'aim'"}],
    }
    layers = [{**each, "encoding": {"x": x, "y": y, "color": color}} for each in (ticks, points)]
    one = {"mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": {"x": {"datum": 1}}}
    spec = {"$schema": SCHEMA, "data": {"values": rows}, "width": 520, "height": {"step": 26}, "layer": [one, *layers]}
    return Chart(
        spec,
        "CPU time of each kernel and of pandas as a multiple of the best hand-written query, by number of answers, "
        "with the aim.",
    )


PANDAS_UP_TO = 10_000_000


PROVED_UP_TO = 1_000_000


HEAD = """# Benchmarks

`make bench` makes this page again. {date}, {machine}.

Generated answers and events ({sizes} answers, about a third as many events) in sorted Parquet, as the columnar copy keeps them. Each
side is a process of its own, warm; the sides take turns (pandas one alone beyond a million rows), and figures are medians of CPU time over all threads. Each kernel stands against the
fastest of several formulations of the same question in DuckDB's SQL, written by hand, and against plain pandas from the same files. “Same”
says that both found the same figures, which is proved before anything is timed.

![CPU time of kernels against the best query](pictures/benchmarks.svg)
"""


WHY = """
Why, as far as it is known:

- A call pays for planning: Narwhals builds a query in some ten steps, each bound by the engine. That is a constant of a few milliseconds, and
  not a ratio; a question that is asked again of the same facts keeps its plan, and the application keeps partial sums.
- `ends` brings the moments themselves and computes their order in numpy, because no two engines agree on first, last and slope; SQL by hand
  leaves ties to chance. A body of its own for DuckDB would be nearer to the query and a second definition of every feature.
- `pairs` and `moments` answer more than the query does: the state of every half-answered pair, and pairwise-complete sums. That `pairs` grows
  faster than rows is the engine's table of responses, which outgrows the cache: the query by hand grows as fast.
- pm4py is nearest where there are many variants, for all of them are made into Python's tuples, on both sides, and where there are few events:
  at a million answers there are 361,000, and what a call of ours costs at least weighs most.
- α from long data is mostly reading and pivoting, on both sides; only what comes after is where ours does less.
- dominance-analysis is timed at a thousand rows and eight drivers, where our millisecond is mostly what a few dozen calls of numpy cost at
  least; its time grows with 2^p much faster than ours.
- A thousand resamples of counts are one call of numpy's, 0.6 ms; scipy resamples rows, so that the ratio grows with n.
"""
