"""Facts that many threads ask at once: everyone gets the figures that one alone would get."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import ibis
import pytest

from peakend.errors import FactsError
from peakend.facts import Facts, conform
from peakend.methods.nps import nps
from peakend.methods.reliability import reliability
from tests.engines import ENGINES, arrow

THREADS = 6
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def recommending() -> Any:
    """Sixty people at two desks, asked whether they would recommend them."""
    sites, scores = ("Taipei", "Taichung"), [(7 * i) % 11 for i in range(60)]
    rows = [(f"p{i}", sites[i % 2], "nps", "nps", "score", float(score), 0.0, 10.0) for i, score in enumerate(scores)]
    return arrow(rows, ("response", "site", "item", "construct", "role", "value", "low", "high"))


def asked(facts: Facts) -> list[Any]:
    """Three questions, one of which is refused: a thread that meets an error must not hold up the others."""
    with pytest.raises(FactsError):
        nps(facts, where={"site": "Nowhere"})
    return [nps(facts).as_dict(), nps(facts, by="site").as_dict(), nps(facts, where={"site": "Taipei"}).as_dict()]


def at_once(work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS), timeout=120))


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "pyspark"])
def test_many_threads_ask_one_object_of_facts(engine: str) -> None:
    facts = conform(ENGINES[engine](recommending()))
    alone = asked(conform(recommending()))
    assert at_once(lambda _: asked(facts)) == [alone] * THREADS


def test_many_threads_conform_and_ask_relations_of_one_connection() -> None:
    connection = duckdb.connect()
    connection.from_arrow(recommending()).create("answers")
    relations = [connection.table("answers") for _ in range(THREADS)]
    alone = asked(conform(recommending()))
    assert at_once(lambda i: asked(conform(relations[i]))) == [alone] * THREADS


def test_facts_of_one_connection_of_ibis_are_asked_by_many_threads() -> None:
    connection = ibis.duckdb.connect()
    connection.con.from_arrow(recommending()).create("answers")
    several = [conform(connection.table("answers")) for _ in range(2)]
    alone = asked(conform(recommending()))
    assert at_once(lambda i: asked(several[i % 2])) == [alone] * THREADS


def test_a_kernel_that_asks_twice_does_not_wait_for_itself() -> None:
    rows = [
        {
            "response": f"p{i}",
            "item": f"q{k}",
            "construct": "desk",
            "value": float(1 + (i + k * i) % 5),
            "low": 1.0,
            "high": 5.0,
        }
        for i in range(40)
        for k in range(3)
    ]
    facts = conform(rows)
    alone = reliability(conform(rows)).as_dict()
    assert at_once(lambda _: reliability(facts).as_dict()) == [alone] * THREADS


FORKED = """
import os, subprocess, sys
from peakend.facts import conform
read = lambda: len(conform([{"response": "lin", "value": 4.0}]).frame.collect())
read()
started = subprocess.run([sys.executable, "-c", ""], preexec_fn=lambda: None, check=False).returncode
child = os.fork()
if not child:
    os._exit(0 if read() == 1 else 1)
print(started, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), read())
"""


def test_a_process_that_has_read_facts_starts_programs_and_is_forked_and_both_read_on() -> None:
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("0 0 1\n", 0), done.stderr
