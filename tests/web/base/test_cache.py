"""What was computed is kept up to a size, and computed once however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from peakend.errors import MethodError
from peakend_web.base.cache import Cache
from peakend_web.findings.queries import ResultCache


def test_of_eight_threads_that_miss_the_same_thing_at_once_one_computes_it() -> None:
    kept, made, together = Cache(10), list[int](), threading.Barrier(8)

    def compute() -> str:
        made.append(1)
        threading.Event().wait(0.05)
        return "found"

    def ask(_: int) -> str:
        together.wait()
        return kept.get_or_make("nps", compute)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == ["found"] * 8
    assert (made, kept._turns) == ([1], {})


def test_two_things_are_computed_side_by_side_and_one_may_need_another() -> None:
    kept, both = Cache(10), threading.Barrier(2)

    def meet() -> str:
        both.wait(5)
        return "met"

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda key: kept.get_or_make(key, meet), ["a", "b"])) == ["met", "met"]
    assert (
        kept.get_or_make(
            "outer", lambda: kept.get_or_make("inner", lambda: "in") + kept.get_or_make("inner", lambda: "anew")
        )
        == "inin"
    )


def test_the_least_used_falls_away_and_what_is_too_large_is_not_kept() -> None:
    kept = Cache(10, len)
    for key in ("one", "two", "six"):
        kept.put(key, key)
    kept.get("one")
    kept.put("ten", "three")
    assert [kept.get(key) for key in ("one", "two", "six", "ten")] == ["one", None, None, "three"]
    kept.put("large", "larger than half")
    assert (kept.get("large"), kept.weight <= 10) == (None, True)


def test_who_waited_for_what_failed_tries_it_in_turn_and_a_refusal_is_kept() -> None:
    kept, tries = Cache(10), list[int]()

    def fail() -> str:
        tries.append(1)
        raise ConnectionError

    for _ in range(2):
        with pytest.raises(ConnectionError):
            kept.get_or_make("x", fail)
    assert (len(tries), kept._turns) == (2, {})
    cache, refused = ResultCache(), list[int]()

    def refuse() -> str:
        refused.append(1)
        raise MethodError("csat.no_answers")

    for _ in range(2):
        with pytest.raises(MethodError):
            cache.get("csat", refuse)
    assert refused == [1]
