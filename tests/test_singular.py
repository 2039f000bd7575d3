"""One of a thing is written in the singular in English, wherever the library says how many there are."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from peakend.errors import PeakendError, catalogue, fill
from peakend.methods import METHODS
from peakend.result import Method, Results
from tests.methods.test_every_method import first_of, run
from tests.methods.test_registry import showing

ONE_OF_MANY: Final = re.compile(r"(?<![\d.,–−/])\b1 (?!is\b|was\b|has\b)(\w+s)\b")
FACTS: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads != "table"]
TABLES: Final = [pytest.param(method, id=method.id) for method in METHODS if method.reads == "table"]
COUNTED: Final = re.compile(r"\{(n|count|many|customers|visits|periods|terms|rows)\} (?!of\b)(?:[a-z]+ )?[a-z]+s\b")
NEVER_ONE: Final = (
    "such rows",
    "facts.columns",
    "at most",
    "at least",
    "{count} columns",
    "different columns",
    "more than",
)


def said(results: Results[Any]) -> str:
    return "\n".join([results.text(), *(row.refused.message() for row in results if row.refused)])


@pytest.mark.parametrize("method", FACTS)
@pytest.mark.parametrize("many", [1, 2])
def test_every_method_tells_one_of_a_thing_in_the_singular(method: Method[Any], many: int) -> None:
    try:
        text = said(run(method.id, first_of(method.id, many)))
    except PeakendError as error:
        text = error.message()
    assert ONE_OF_MANY.findall(text) == [], text


@pytest.mark.parametrize("method", TABLES)
def test_every_method_of_a_table_tells_one_of_a_thing_in_the_singular(method: Method[Any]) -> None:
    shown = showing(method.id)
    source: Any = shown.source()
    try:
        text = said(method.run(source[:1] if isinstance(source, list) else source.head(1), **shown.options))
    except PeakendError as error:
        text = error.message()
    assert ONE_OF_MANY.findall(text) == [], text


def test_a_refusal_that_counts_has_a_singular_too() -> None:
    texts = [entry["en"]["what"] for id, entry in catalogue().items()]
    assert [text for text in texts if COUNTED.search(text) and not any(words in text for words in NEVER_ONE)] == []


def test_a_text_is_filled_with_one_or_with_many() -> None:
    text = "{n:visit is|visits are} late at {place}, {share:.0f}%."
    assert [fill(text, {"n": n, "place": "A", "share": 4.6}) for n in (1, 2746, "1,200")] == [
        "1 visit is late at A, 5%.", "2,746 visits are late at A, 5%.", "1,200 visits are late at A, 5%."
    ]  # fmt: skip
