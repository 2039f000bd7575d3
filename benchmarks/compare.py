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

from benchmarks.comparison import PANDAS_UP_TO, PROVED_UP_TO, machine, page, picture
from benchmarks.kernels import made, questions

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
ONCE = ("pandas",)
PART = "benchmarks.part.jsonl"


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
