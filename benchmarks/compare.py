"""Peakend against the best query, plain pandas and the named peers: `python -m benchmarks.compare [--rows 1000000
10000000] [--rounds 3]`.

Every side is a process of its own that has run once to be warm; the sides of a question take turns, and what is
compared is CPU time of all threads (wall time on a shared machine says little) and the peak of each process's memory.
First is proved, in one process, that both sides find the same. The tables go into docs/benchmarks.md and the picture
into docs/pictures/benchmarks.svg, with every target that was missed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.kernels import made, questions
from peakend.draw import SCHEMA, Chart

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
PANDAS_UP_TO = 10_000_000
PROVED_UP_TO = 1_000_000
ONCE = ("pandas",)
SMALL_MS = 15
PART = "benchmarks.part.jsonl"
GROWTH = 1.1


@dataclass(frozen=True)
class Versus:
    """A peer and how many times the work it takes; `target` is how many times it should take at least, None where
    nothing was aimed at.
    """

    name: str
    peer: str
    ours: str
    what: str
    target: float | None
    size: int = 0
    rows: tuple[int, ...] = ()
    """How many answers it is measured on; none where it makes its own data, `size` of them."""
    r: bool = False
    """Whether it is a package of R."""


BOTH = (1_000_000, 10_000_000)
VERSUS = (
    Versus("edges of journeys", "edges", "edges", "pm4py, frequencies (ours with times and variants)", 10, rows=BOTH),
    Versus("edges, times and variants", "bundle", "bundle", "pm4py, all three", 30, rows=BOTH),
    Versus(
        "α of five scales, 22 items",
        "alpha",
        "alpha",
        "pandas pivot + pingouin, from long data (without ω)",
        10,
        rows=BOTH,
    ),
    Versus("α of five scales, 22 items, 100,000 wide rows", "psych", "wide", "R psych::alpha", None, 100_000, r=True),
    Versus("shares of R², 8 drivers", "lmg", "lmg", "dominance-analysis, n = 1,000", 1_000, 8),
    Versus("shares of R², 8 drivers", "relaimpo", "lmg", "R relaimpo::calc.relimp, n = 1,000", None, 8, r=True),
    Versus("shares of R², 12 drivers", "relaimpo", "lmg", "R relaimpo::calc.relimp, n = 1,000", None, 12, r=True),
    Versus(
        "1,000 resamples of counts, n = 10,000",
        "interval",
        "counts",
        "scipy, percentile bootstrap; ours: Kano's chance of a class",
        500,
        10_000,
    ),
    Versus(
        "interval of a score, n = 10,000",
        "interval",
        "interval",
        "scipy, percentile bootstrap of 1,000; ours in closed form",
        None,
        10_000,
    ),
    Versus(
        "interval by respondents, n = 10,000",
        "interval",
        "resampled",
        "scipy, percentile bootstrap of 1,000; ours of 1,024 buckets",
        None,
        10_000,
    ),
)


class Side:
    """A process that runs one side of a question whenever it is asked to."""

    def __init__(self, python: Path, program: Sequence[str], *arguments: object) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        command = [str(python), *program, *map(str, arguments)]
        if python == PEERS:
            environment.pop("PYTHONPATH")
        self.times: list[float] = []
        self.peak = math.nan
        self.failed = (
            ""
            if shutil.which(command[0])
            else f"skipped: {python.name if python.parent == Path() else python} is not installed"
        )
        if self.failed:
            return
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.failed = "" if self._line() == "ready" else self._why()

    def _line(self) -> str:
        """The next line that is one of ours: libraries print what they like."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.strip() == "ready" or line[:1] in "{0123456789":
                return line.strip()
        return ""

    def _why(self) -> str:
        """The last that a side said before it ended."""
        assert self._process.stderr
        return (self._process.stderr.read().strip().splitlines() or [f"ended with {self._process.wait()}"])[-1][:200]

    def turn(self) -> None:
        if not self.failed:
            assert self._process.stdin
            self._process.stdin.write("run\n")
            self._process.stdin.flush()
            line = self._line()
            self.times += [float(line)] if line else []
            self.failed = "" if line else self._why()

    def end(self) -> None:
        if not self.failed:
            assert self._process.stdin
            self._process.stdin.close()
            self._process.stdin = None
            self.peak = json.loads(self._line())["peak"]
            self._process.communicate()

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.times) * 1000 if self.times else math.nan


def worker(which: str, name: str, answers: Path, events: Path, size: int = 0) -> Side:
    return Side(Path(sys.executable), ("-m", "benchmarks.worker"), which, name, answers, events, size)


def taking_turns(sides: dict[str, Side], rounds: int, once: Sequence[str] = ()) -> dict[str, Side]:
    """All sides in each round; those named in `once` in the first alone."""
    for at in range(rounds):
        for name, each in sides.items():
            if at == 0 or name not in once:
                each.turn()
    for each in sides.values():
        each.end()
    return sides


# --- against the query and pandas -------------------------------------------------------------------------------------


def against_queries(sizes: Sequence[int], rounds: int, folder: Path) -> Iterator[dict[str, Any]]:
    for rows in sizes:
        place = folder / str(rows)
        place.mkdir()
        answers, events = made(place, rows)
        for question in questions(answers, events):
            same = question.same(question.ours(), question.theirs[0]()) if rows <= PROVED_UP_TO else None
            names = [
                "ours",
                *(f"sql{i}" for i in range(len(question.theirs))),
                *(["pandas"] if rows <= PANDAS_UP_TO else []),
            ]
            sides = taking_turns(
                {name: worker(name, question.name, answers, events) for name in names},
                rounds,
                ONCE if rows > PROVED_UP_TO else (),
            )
            best = min((side for name, side in sides.items() if name.startswith("sql")), key=lambda side: side.cpu_ms)
            about = {"rows": rows, "name": question.name, "target": question.target, "same": same}
            yield about | _figures(sides["ours"], best, sides.get("pandas"))


def _figures(ours: Side, best: Side, pandas: Side | None) -> dict[str, Any]:
    row = {
        "ours": ours.cpu_ms,
        "peak": ours.peak,
        "sql": best.cpu_ms,
        "sql peak": best.peak,
        "ratio": ours.cpu_ms / best.cpu_ms,
    }
    return row | (
        {"pandas": pandas.cpu_ms, "pandas peak": pandas.peak, "pandas failed": pandas.failed} if pandas else {}
    )


# --- against the peers ------------------------------------------------------------------------------------------------


def against_peers(sizes: Sequence[int], rounds: int, folder: Path) -> Iterator[dict[str, Any]]:
    for each, rows in ((peer, size) for peer in VERSUS for size in peer.rows or (0,) if not size or size in sizes):
        answers, events = (folder / str(rows) / name for name in ("answers.parquet", "events.parquet"))
        theirs = _peer(each, answers, events)
        sides = taking_turns({"ours": worker("ours", each.ours, answers, events, each.size), "theirs": theirs}, rounds)
        ours = sides["ours"]
        row = {
            "name": each.name,
            "what": each.what,
            "target": each.target,
            "rows": rows,
            "ours": ours.cpu_ms,
            "peak": ours.peak,
        }
        failed = theirs.failed or ours.failed
        yield row | {
            "theirs": theirs.cpu_ms,
            "their peak": theirs.peak,
            "ratio": theirs.cpu_ms / ours.cpu_ms,
            "failed": failed,
        }


def _peer(each: Versus, answers: Path, events: Path) -> Side:
    if each.r:
        return Side(Path("Rscript"), ("--vanilla", "benchmarks/r/peers.R"), each.peer, each.size)
    return Side(PEERS, ("benchmarks/peers.py",), each.peer, answers, events, each.size)


def alone(rounds: int) -> dict[str, float]:
    """What has a target in milliseconds: the exact shares of twenty drivers, and with their intervals."""
    none = Path("none")
    sides = taking_turns({name: worker("ours", name, none, none, 20) for name in ("lmg", "bounded")}, rounds)
    return {name: side.cpu_ms for name, side in sides.items()}


# --- what was found ---------------------------------------------------------------------------------------------------


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[1_000_000, 10_000_000],
        help="100000000 needs about 20 GB of disk and an hour",
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--into", type=Path, default=ROOT / "docs")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peakend-bench-") as folder:
        found = {
            "queried": kept("queried", against_queries(sorted(asked.rows), asked.rounds, Path(folder)), asked.into),
            "peers": kept("peers", against_peers(asked.rows, asked.rounds, Path(folder)), asked.into),
            "own": alone(asked.rounds),
            "machine": machine(),
            "date": datetime.now(tz=UTC).date().isoformat(),
        }
    written(found, asked.into)


def kept(part: str, rows: Iterable[dict[str, Any]], into: Path) -> list[dict[str, Any]]:
    """All rows of a part, each written to `benchmarks.part.jsonl` when it is known: what was measured outlives what
    comes after it.
    """
    found = []
    into.mkdir(parents=True, exist_ok=True)
    for row in rows:
        with (into / PART).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"part": part, **row}, ensure_ascii=False) + "\n")
        print(json.dumps(row), flush=True)
        found.append(row)
    return found


def written(found: dict[str, Any], into: Path) -> None:
    """The page, the picture, and the figures they were made of."""
    (into / "pictures").mkdir(parents=True, exist_ok=True)
    (into / "benchmarks.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (into / "benchmarks.md").write_text(page(**found), encoding="utf-8")
    picture(found["queried"]).save(into / "pictures" / "benchmarks.svg")
    (into / PART).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
