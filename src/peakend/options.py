"""The options of all methods: what each may be, declared once, and one check of them for Python, the command line, the
API and pages.

A number's range stands in `RANGES` under the option's name; what may be chosen, named, or switched stands in the type
of the parameter. `checks_options` is put on every function that takes options; outside its range an option is refused
by name, with what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from inspect import Signature, signature
from numbers import Real
from types import MappingProxyType, UnionType
from typing import Any, Final, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import ArrayLike

from peakend.errors import MethodError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Range:
    """The numbers that an option may be: finite, from `least` (or only above it) to `most` (or only below it), and
    whole where it counts.
    """

    least: float = -math.inf
    most: float = math.inf
    above: bool = False
    below: bool = False
    whole: bool = False
    refusal: str = ""
    """A refusal of its own, that knows more to say of this option."""

    def holds(self, value: float) -> bool:
        """Whether the number lies inside."""
        low = value > self.least if self.above else value >= self.least
        high = value < self.most if self.below else value <= self.most
        return math.isfinite(value) and low and high and (not self.whole or value == int(value))

    def say(self, lang: str) -> str:
        """As figures in English, in words in Chinese: "1 至 1,000,000"."""
        if lang == "en":
            return str(self)
        more, less, most = ("大於", "小於", "至多") if lang == "zh-Hant" else ("大于", "小于", "至多")
        ends = f"{self.least:,.12g}", f"{self.most:,.12g}"
        if math.isfinite(self.least) and math.isfinite(self.most) and not (self.above or self.below):
            return " 至 ".join(ends)
        low = "" if self.least == -math.inf else f"{more if self.above else '至少'} {ends[0]}"
        high = "" if self.most == math.inf else f"{less if self.below else most} {ends[1]}"
        return "、".join(part for part in (low, high) if part) or "…"

    def __str__(self) -> str:
        """As figures: "> 0, < 1", "≥ 1"; whole ends without decimals."""
        low = "" if self.least == -math.inf else f"{'>' if self.above else '≥'} {self.least:,.12g}"
        high = "" if self.most == math.inf else f"{'<' if self.below else '≤'} {self.most:,.12g}"
        return ", ".join(part for part in (low, high) if part) or "…"


SHARE: Final = Range(0, 1, above=True, below=True)
COUNT: Final = Range(1, 1_000_000, whole=True)
AMOUNT: Final = 1e15
"""No amount is larger: sums and squares of amounts stay finite."""
RANGES: Final[Mapping[str, Range]] = MappingProxyType(
    {
        "conf": SHARE,
        "alpha": SHARE,
        "target": SHARE,
        "no_show": Range(0, 1, below=True),
        "boxes": Range(1, 10, whole=True),
        "fewest": COUNT,
        "rounds": COUNT,
        "run": Range(2, 1000, whole=True, refusal="control.rules"),
        "baseline": COUNT,
        "harmonics": Range(0, 100, whole=True),
        "season": Range(2, 10_000, whole=True),
        "lag": Range(0, 10_000, whole=True),
        "ahead": Range(0, 100_000, whole=True),
        "servers": Range(1, 10_000, whole=True),
        "seed": Range(0, 2**32 - 1, whole=True),
        "floor": Range(0, 100, above=True, below=True, refusal="value.floor"),
        "raised": Range(0, 1000, above=True),
        "at_most": Range(0, AMOUNT),
        "at_least": Range(0, AMOUNT),
        "low": Range(-AMOUNT, AMOUNT),
        "high": Range(-AMOUNT, AMOUNT),
        "scale": Range(-AMOUNT, AMOUNT),
        "derived": Range(-AMOUNT, AMOUNT),
        "budget": Range(0, AMOUNT, refusal="portfolio.budget"),
        "volume": Range(0, AMOUNT, above=True),
        "planned": Range(0, AMOUNT, above=True),
        "tau": Range(0, AMOUNT, above=True),
        "concentration": Range(0, 1e9, above=True, refusal="screening.concentration"),
        "d2": Range(0, AMOUNT, above=True),
    }
)


NAMES: Final = (str, Real, np.generic, date)
"""What may name something: a text, and in a notebook the number or the day that a column holds."""
ARRAY: Final = frozenset(get_args(ArrayLike))
"""What an array may be given as, texts among them."""
OWN: Final[Mapping[str, str]] = MappingProxyType({"crosshair": "importance.crosshair"})
"""Choices with a refusal of their own, that knows more to say of them."""


@dataclass(frozen=True)
class Needs:
    """That an option has an effect only where another one is given; or, with `values`, where that one is, or holds, one
    of these.
    """

    other: str
    values: tuple[Any, ...] = ()

    def is_met(self, given: Mapping[str, Any], default: Any) -> bool:
        """Whether the other one is so."""
        value = given.get(self.other, default)
        if not self.values:
            return not _same(value, default)
        return any(one in self.values for one in (value if isinstance(value, tuple | list) else (value,)))


_WHAT_IF: Final = Needs("show", ("what_if",))
_RUN: Final = Needs("rules", ("4", 4))
_ALL: Final = Needs("antecedents", (False,))
NEEDS: Final[Mapping[str, Mapping[str, Needs]]] = MappingProxyType(
    {
        "queue": {"servers": Needs("ahead"), "no_show": Needs("ahead")},
        "peak_end": {
            "moments": _WHAT_IF,
            "raised": _WHAT_IF,
            "model": _WHAT_IF,
            "peak": Needs("show", ("features", "models", "what_if")),
        },
        "verify": {"boxes": Needs("figure", ("top_box",))},
        "gaps": {"dimension": _ALL, "audit": _ALL},
        "series": {
            "season": Needs("harmonics"),
            "lag": Needs("model", ("values",)),
            "hac": Needs("model", ("values",)),
        },
        "control": {"run": _RUN},
        "sqi": {"run": _RUN},
    }
)
"""By method: options that do nothing by themselves. Each is refused where what it needs is not there, for whoever gave
it meant something by it.
"""
BESIDE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({"series": {"hac": "lag"}})
"""By method: options that do nothing beside another one, which says already what they would choose."""
OF_ANSWERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "control": ("grain", "where", "construct", "figure"),
        "series": ("grain", "where", "construct", "figure"),
        "did": ("unit", "period", "where", "construct", "figure"),
    }
)
"""Options that a method has for answers, and that do nothing for a table of its own."""
OF_TABLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"control": ("period", "count", "size", "value"), "series": ("order",)}
)
"""Options that a method has for a table of its own, and that do nothing for answers."""


def _check_needs(function: Callable[..., Any], form: Signature, given: Mapping[str, Any]) -> None:
    for option, need in NEEDS.get(function.__name__, {}).items():
        if _is_meant(form, given, option) and not need.is_met(given, form.parameters[need.other].default):
            if need.values:
                raise MethodError(
                    "option.only_with", option=option, other=need.other, values=", ".join(map(_word, need.values))
                )
            raise MethodError("option.alone", option=option, other=need.other)
    for option, other in BESIDE.get(function.__name__, {}).items():
        if _is_meant(form, given, option) and _is_meant(form, given, other):
            raise MethodError("option.beside", option=option, other=other)


def _same(one: Any, other: Any) -> bool:
    """Whether two values of an option are one; an array is only itself, for comparing it gives no yes or no."""
    return one is other if hasattr(one, "dtype") else bool(one == other)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_meant(form: Signature, given: Mapping[str, Any], option: str) -> bool:
    """Whether an option was given, and is not what it would be anyway."""
    return option in form.parameters and option in given and not _same(given[option], form.parameters[option].default)


def check_source(function: Callable[..., Any], given: Mapping[str, Any], *, answers: bool) -> None:
    """Refuse options that have no effect on what a method was given: answers, or a table of its own.

    Raises MethodError `option.of_answers`, `option.of_tables`.
    """
    form = signature(function)
    for option in (OF_TABLES if answers else OF_ANSWERS).get(function.__name__, ()):
        if _is_meant(form, given, option):
            raise MethodError("option.of_tables" if answers else "option.of_answers", option=option)


def checks_options(function: Callable[P, R]) -> Callable[P, R]:
    """The function, with its options checked before it runs and numpy's remarks about what overflows kept from the
    person who asked.

    Raises MethodError `option.number`, `option.share`, `option.range`, `option.whole`, `option.pair`, `option.mapping`,
    `option.choice`, `option.text`, `option.name`, `option.names`, `option.list`, `option.twice`, `option.alone`,
    `option.only_with`, `option.beside`.
    """

    @wraps(function)
    def run(*args: P.args, **options: P.kwargs) -> R:
        form, hints = _declaration(function)
        given = form.bind(*args, **options).arguments
        for name, value in given.items():
            if form.parameters[name].default is not Signature.empty and value is not form.parameters[name].default:
                check(name, value, hints.get(name, Any))
                if name in options and value is not None and _lists(kinds_of(hints.get(name, Any))):
                    options[name] = tuple(str(part) for part in value)
        _check_needs(function, form, given)
        with np.errstate(all="ignore"):
            return function(*args, **options)

    return run


@cache
def _declaration(function: Callable[..., Any]) -> tuple[Signature, dict[str, Any]]:
    return signature(function), get_type_hints(function)


def check(name: str, value: Any, hint: Any) -> None:
    """Refuse a value of an option that its range or its type does not hold; None is what is not stated."""
    kinds = kinds_of(hint)
    if value is None and type(None) not in _alternatives(hint):
        raise MethodError("option.text", option=name)
    if value is None or not kinds:
        return
    several = any(get_origin(kind) in {tuple, Sequence} and str in get_args(kind) for kind in kinds)
    choices = choices_of(kinds)
    if str in kinds and (isinstance(value, str) or not (choices or several or name in RANGES)):
        _text(name, value)
    elif choices:
        _choice(name, value, choices)
    elif bool in kinds:
        _choice(name, value, (True, False))
    elif name in RANGES:
        _numbers(name, value, kinds)
    elif several:
        _texts(name, value)


def _lists(kinds: Sequence[Any]) -> bool:
    """Whether an option is a list of names and nothing else: whatever holds them, and numbers among them, become a
    tuple of texts.
    """
    return len(kinds) == 1 and get_origin(kinds[0]) is tuple and str in get_args(kinds[0])


def kinds_of(hint: Any) -> tuple[Any, ...]:
    """The types that an option may have, without None; of arrays none, for whoever computes with them looks at them."""
    kinds = _alternatives(hint)
    return () if set(kinds) >= ARRAY else tuple(kind for kind in kinds if kind not in {type(None), Any})


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return (
        get_args(hint)
        if get_origin(hint) in {Union, UnionType}
        else (type(None), hint)
        if hint in {Any, object}
        else (hint,)
    )


def choices_of(kinds: Sequence[Any]) -> tuple[Any, ...]:
    """What an option is chosen from."""
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def _text(name: str, value: Any) -> None:
    """Something is named; a notebook may name it by a number."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise MethodError("option.text", option=name)
    if isinstance(value, bool) or not isinstance(value, NAMES):
        raise MethodError("option.name", option=name, found=_value_text(value))


def _value_text(value: Any) -> str:
    """A value of a wrong kind as a refusal shows it."""
    return value if isinstance(value, str) else f"{value!r:.60}"


def _choice(name: str, value: Any, choices: Sequence[Any]) -> None:
    """One of the choices, and of its type: 1 is no switch."""
    plain = isinstance(value, str | bool | Real | np.generic)
    if not plain or not any(
        value == one and isinstance(value, bool | np.bool_) == isinstance(one, bool) for one in choices
    ):
        raise MethodError(
            OWN.get(name, "option.choice"), option=name, found=_value_text(value), known=", ".join(map(str, choices))
        )


def _texts(name: str, value: Any) -> None:
    """Names, each of them once: what is asked for twice is a slip, and would be counted in two columns of one name."""
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise MethodError("option.names", option=name, found=_value_text(value))
    if isinstance(value, str):
        raise MethodError("option.list", option=name, found=value)
    parts = list(value)
    for at, part in enumerate(parts):
        _text(name, part)
        if part in parts[:at]:
            raise MethodError("option.twice", option=name, found=part)


def _numbers(name: str, value: Any, kinds: Sequence[Any]) -> None:
    """A number, a pair of numbers the lower first, or numbers by name: what the option's type says."""
    if any(kind in {int, float} for kind in kinds):
        return _number(name, value)
    if any(get_origin(kind) is Mapping for kind in kinds):
        if not isinstance(value, Mapping):
            raise MethodError("option.mapping", option=name, found=_value_text(value))
        for key, part in value.items():
            _text(name, key)
            _number(name, part)
        return None
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise MethodError("option.pair", option=name, found=_value_text(value))
    for part in value:
        _number(name, part)
    if not value[0] < value[1]:
        raise MethodError(
            "option.range", option=name, found=" ".join(f"{part:g}" for part in value), allowed="LOW < HIGH"
        )
    return None


def _number(name: str, value: Any) -> None:
    allowed = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, Real):
        raise MethodError("option.number", option=name, found=_value_text(value), allowed=allowed)
    if allowed.holds(float(value)):
        return
    if allowed.refusal:
        raise MethodError(allowed.refusal, option=name, found=f"{value:g}", allowed=allowed, run=f"{value:g}")
    if allowed is SHARE:
        raise MethodError("option.share", option=name, found=f"{value:g}")
    raise MethodError(
        "option.whole" if allowed.whole else "option.range", option=name, found=f"{value:g}", allowed=allowed
    )
