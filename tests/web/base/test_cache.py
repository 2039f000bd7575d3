"""What was computed is kept up to a size, and computed once however many ask at once."""

from __future__ import annotations

import ast
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from peakend.errors import MethodError
from peakend_web.base.cache import Cache, cached, forget, on_forget
from peakend_web.findings.inquiry.result_cache import ResultCache
from tests.imports import TREES, top


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


def test_all_that_is_kept_is_forgotten_at_once_and_asked_for_anew() -> None:
    asked, forgotten, kept = list[str](), list[bool](), Cache(10)

    @cached(2)
    def shouted(word: str, *, twice: bool = False) -> str:
        asked.append(word)
        return word.upper() * (1 + twice)

    kept.put("a", 1)
    on_forget(lambda: forgotten.append(True))
    assert [shouted("a"), shouted("a"), shouted("a", twice=True), shouted("b"), shouted("a")] == [
        "A",
        "A",
        "AA",
        "B",
        "A",
    ]
    assert asked == ["a", "a", "b", "a"]
    forget()
    assert (shouted("a"), kept.get("a"), forgotten, asked[-1]) == ("A", None, [True], "a")


def keeps_what_the_database_said(tree: ast.AST) -> list[str]:
    """Functions under a cache of Python's own that ask a model: several threads would ask at once, and `forget` would
    not reach them.
    """
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(re.fullmatch(r"(functools\.)?(lru_)?cache(\(.*\))?", ast.unparse(by)) for by in node.decorator_list)
        and any(isinstance(inner, ast.Attribute) and inner.attr == "objects" for inner in ast.walk(node))
    ]


def test_what_the_database_said_is_kept_in_the_one_cache() -> None:
    application = {module: tree for module, tree in TREES.items() if top(module) == "peakend_web"}
    assert {
        module: found for module, tree in application.items() if (found := keeps_what_the_database_said(tree))
    } == {}
    planted = "@lru_cache(maxsize=8)\ndef document(pk): return ServiceVersion.objects.get(pk=pk)"
    assert keeps_what_the_database_said(ast.parse(planted)) == ["document"]
