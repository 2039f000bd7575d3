"""Options that only act together: one that would have no effect is refused, with what it needs."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from peakend.errors import MethodError
from peakend.methods import METHODS
from peakend.methods.control import control
from peakend.methods.did import did
from peakend.methods.gaps import gaps
from peakend.methods.peak_end import peak_end
from peakend.methods.queue import queue
from peakend.methods.series import series
from peakend.methods.sqi import sqi
from peakend.methods.verify import verify
from peakend.options import NEEDS, OF_ANSWERS, OF_TABLES

PERIODS = [{"period": f"2026-{month:02}", "value": float(month % 4), "count": month} for month in range(1, 13)]
ANSWERED = [
    {
        "response": f"r{at}",
        "item": "q",
        "construct": "q",
        "value": float(at % 5 + 1),
        "low": 1.0,
        "high": 5.0,
        "day": at,
    }
    for at in range(90)
]


@pytest.mark.parametrize(
    ("run", "option", "other"),
    [
        (lambda: queue([], servers=3), "servers", "ahead"),
        (lambda: queue([], no_show=0.2), "no_show", "ahead"),
        (lambda: peak_end([], moments=("end",)), "moments", "show"),
        (lambda: peak_end([], show="endings", peak="trough"), "peak", "show"),
        (lambda: verify([], boxes=1), "boxes", "figure"),
        (lambda: gaps([], antecedents=True, dimension="empathy"), "dimension", "antecedents"),
        (lambda: series(PERIODS, at="2026-06", season=4), "season", "harmonics"),
        (lambda: control(PERIODS, rules=("1",), run=9), "run", "rules"),
        (lambda: sqi([], rules=("1",), run=9), "run", "rules"),
    ],
)
def test_an_option_without_the_one_it_needs_is_refused(run: Callable[[], Any], option: str, other: str) -> None:
    with pytest.raises(MethodError) as caught:
        run()
    assert caught.value.id in {"option.alone", "option.only_with"}
    assert (caught.value.fields["option"], caught.value.fields["other"]) == (option, other)
    assert all(
        option in caught.value.message(lang) and other in caught.value.hint(lang)
        for lang in ("en", "zh-Hant", "zh-Hans")
    )


@pytest.mark.parametrize(
    ("run", "id"),
    [
        (lambda: control(PERIODS, figure="nps"), "option.of_answers"),
        (lambda: series(PERIODS, at="2026-06", construct="food"), "option.of_answers"),
        (lambda: did(PERIODS, at="2026-06", figure="mean"), "option.of_answers"),
        (lambda: control(ANSWERED, value="kilos"), "option.of_tables"),
        (lambda: series(ANSWERED, at="1970-02", order=("1970-01", "1970-02")), "option.of_tables"),
    ],
)
def test_an_option_for_another_kind_of_source_is_refused(run: Callable[[], Any], id: str) -> None:
    with pytest.raises(MethodError) as caught:
        run()
    assert caught.value.id == id


def test_what_is_declared_are_options_of_methods() -> None:
    by_name = {method.run.__name__: set(signature(method.run).parameters) for method in METHODS}
    for method, needs in NEEDS.items():
        assert by_name[method] >= {*needs, *(need.other for need in needs.values())}
    for declared in (OF_ANSWERS, OF_TABLES):
        assert all(by_name[method] >= set(options) for method, options in declared.items())


def test_what_it_needs_lets_it_pass() -> None:
    assert control(PERIODS, rules=("1", "4"), run=9)[0].value is not None
