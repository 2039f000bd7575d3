"""What holds for all tests: what may run side by side and in which order, which are slow, and that no test is judged by
its time.
"""

from __future__ import annotations

import gc
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long something takes is measured by benchmarks, beside a peer
settings.load_profile("untimed")

SECONDS = Path(__file__).with_name("seconds.txt")
HEAD = "# Seconds that each test takes over all its cases, where that is 0.3 or more. Written by `make seconds`."
LONG = 0.3
"""Seconds from which a test is slow: what is left runs in a minute and a half on two cores."""
MOST_PROCESSES = 4
"""More only make more houses: what a file's tests share is made once in each process."""
HEAVY = ("spark", "browser", "postgres")
"""What needs something heavy beside Python is slow, however long it takes on the machine that measured."""


def measured() -> dict[str, float]:
    """How long each test takes over all its cases, where that is `LONG` or more; `make seconds` writes it down."""
    lines = SECONDS.read_text(encoding="utf-8").splitlines()
    return {name: float(took) for took, name in (line.split() for line in lines if not line.startswith("#"))}


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores, for a test often waits: for a server that starts, for a browser."""
    return min((os.cpu_count() or 1) + 1, MOST_PROCESSES)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Tell `--dist loadgroup` which tests belong to one process, and begin with what takes longest: whatever is short
    then fills the gaps at the end.
    """
    took = measured()
    for item in items:
        if function_of(item) in took or any(item.get_closest_marker(each) for each in HEAVY):
            item.add_marker(pytest.mark.slow)
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    yield
    if config.getoption("loadgroup", default=False) and not all("@" in item.nodeid for item in items):
        raise pytest.UsageError("pytest-xdist does not say to which group a test belongs: every test would stand alone")
    weights = dict.fromkeys(map(group_of, items), 0.0)
    # In one order in every process: sums of fractions differ by the order in which they are added.
    for group, name in sorted({(group_of(item), function_of(item)) for item in items}):
        weights[group] += took.get(name, 0)
    # After pytest-django, which brings what uses the database to the front; within a group its order stays.
    items.sort(key=lambda item: weights[group_of(item)], reverse=True)
    gc.freeze()  # what was imported by now stays: no garbage collection needs to walk through it again


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A case of long bytes is called by its place: a workbook holds the second at which it was made, and each process
    makes its own, so that they would not agree on what the tests are called.
    """
    return argname if isinstance(val, bytes) and len(val) > 40 else None


def pytest_sessionfinish() -> None:
    """Let go of what was imported in the usual order; DuckDB complains of what is left over."""
    gc.unfreeze()


def group_of(item: pytest.Item) -> str:
    """A file's tests stay together, for they share what is costly to make; all that need Spark share one Java; and
    what is `apart` shares nothing.
    """
    if item.get_closest_marker("spark"):
        return "spark"
    return item.nodeid if item.get_closest_marker("apart") else item.nodeid.partition("::")[0]


def function_of(item: pytest.Item) -> str:
    """The name of a test without its case."""
    return item.name.partition("[")[0]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write down how long each test function took, where that is asked for."""
    if "PEAKEND_SECONDS" not in os.environ:
        return
    took = defaultdict[str, float](float)
    for report in (each for reports in terminalreporter.stats.values() for each in reports):
        if isinstance(report, pytest.TestReport):
            took[re.split(r"[\[@]", report.nodeid.partition("::")[2])[0]] += report.duration
    lines = [f"{seconds:.1f} {name}" for name, seconds in sorted(took.items()) if seconds >= LONG]
    SECONDS.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
