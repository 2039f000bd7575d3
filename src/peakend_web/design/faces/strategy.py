"""The one page that priorities are held against: for whom, which promise, highest in what, by which features; how much
contact is too much; and what others do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.edits import Edit
from peakend.service.edits.kinds import WHOLE
from peakend_web.design.forms.choices import value_name
from peakend_web.design.forms.part_fields import Field, Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries import words_in
from peakend_web.design.reading import Reading
from peakend_web.findings.queries.known.features import ALL, known_of_features

from .face import Adding, Card, Face, Input, Line, Shelf, added, always, part_name, said_of, words_of_form

_AIMS: Final = ("strategy.for_whom", "strategy.not_for", "strategy.promise", "strategy.highest")
_LIMITS: Final = ("per_visit", "per_month", "quiet_days", "hours_between")
_BENCHMARK: Final = ("industry", "practice", "ours", "source")


def _shelves(reading: Reading) -> Sequence[Shelf]:
    chosen = set(reading.working.value(WHOLE, "strategy.features") or ())
    features = reading.parts("features")
    in_order = sorted(features, key=lambda one: one[1]["id"] not in chosen)
    return [
        Shelf("aims", gettext_lazy("What we are for"), cards=[_aims(reading)]),
        Shelf(
            "features",
            gettext_lazy("Features, with what customers expect of them"),
            cards=[_feature(reading, name, part, is_chosen=part["id"] in chosen) for name, part in in_order],
            lesson=gettext_lazy(
                "A feature is asked about both ways: how would it feel if it were there, and if it were not. So it "
                "shows whether it is taken for granted, wanted, or delights."
            ),
            example=gettext_lazy("In a clinic: “Live number on the phone”."),
            adding=[_adding_feature()],
            sentence=reading.known[ALL].sentence if ALL in reading.known else "",
        ),
        Shelf(
            "benchmarks",
            gettext_lazy("Benchmarks: what others do"),
            cards=[_benchmark(reading, name, part) for name, part in reading.parts("benchmarks")],
            lesson=gettext_lazy("What another organisation does, in any industry, with its source."),
            example=gettext_lazy("For a clinic: airlines begin to care for passengers at a set minute of a delay."),
            adding=[_adding_benchmark()],
        ),
    ]


def _aims(reading: Reading) -> Card:
    working = reading.working
    written = [(part_name(path), reading.words(WHOLE, path)) for path in _AIMS]
    personas = working.value(WHOLE, "strategy.personas") or ()
    limits = [(key, working.value(WHOLE, f"contact_limits.{key}")) for key in _LIMITS]
    notes = [
        *([_(", ").join(reading.title("personas", id) for id in personas)] if personas else []),
        *(said_of(part_name(key), f"{value:g}") for key, value in limits if value is not None),
    ]
    gaps = [name for name, words in written if not words]
    lines = [Line(name, words) for name, words in written if words]
    return Card(WHOLE, reading.words(WHOLE, "title"), notes, lines, gaps, is_open=True)


def _feature(reading: Reading, name: str, part: Mapping[str, Any], *, is_chosen: bool) -> Card:
    known = reading.known.get(part["id"])
    told = ("layer",) if known else ("layer", "kano")  # what is known says the class, and whose word it is
    notes = [
        *([_("To earn our highest ratings")] if is_chosen else []),
        *(value_name(key, part[key]) for key in told if key in part),
        *([reading.title("touchpoints", part["touchpoint"])] if "touchpoint" in part else []),
    ]
    asked = [Line(part_name(key), reading.words(name, key)) for key in ("functional", "dysfunctional")]
    return Card(name, words_in(part["title"], reading.lang), notes, asked, known=known)


def _benchmark(reading: Reading, name: str, part: Mapping[str, Any]) -> Card:
    lines = [Line(part_name(key), words) for key in _BENCHMARK if (words := reading.words(name, key))]
    gaps = [] if "ours" in part else [part_name("ours")]
    return Card(name, words_in(part["title"], reading.lang), [*filter(None, [str(part.get("dated", ""))])], lines, gaps)


def _adding_feature() -> Adding:
    inputs = [
        Input("title", gettext_lazy("The feature"), hint=gettext_lazy("Live number on the phone")),
        Input("functional", gettext_lazy("How would you feel if it were there?")),
        Input("dysfunctional", gettext_lazy("How would you feel if it were not there?")),
    ]
    return Adding("add-feature", gettext_lazy("Another feature"), gettext_lazy("Add the feature"), inputs)


def _adding_benchmark() -> Adding:
    named = [Input(key, part_name(key)) for key in ("industry", "practice", "source")]
    inputs = [Input("title", gettext_lazy("In a few words")), *named]
    return Adding("add-benchmark", gettext_lazy("Another benchmark"), gettext_lazy("Add the benchmark"), inputs)


def _add(key: str, fields: Sequence[str]) -> Any:
    """A form that adds a part of these words, all of which it needs."""

    def change(at: Setting, asked: QueryDict) -> list[Edit]:
        part = {field: words_of_form(at, asked, field) for field in fields}
        return [added(at, WHOLE, key, part)]

    return change


_DOCUMENT: Final = always(
    Group(
        gettext_lazy("What we are for"),
        [*(Field(path) for path in _AIMS), Field("strategy.personas", "ids"), Field("strategy.features", "ids")],
    ),
    Group(gettext_lazy("How much contact is too much"), [Field(f"contact_limits.{key}", "number") for key in _LIMITS]),
)
_FEATURE: Final = always(
    Group(
        gettext_lazy("The feature"),
        [Field("title", rows=1), Field("layer", "choice"), Field("kano", "choice"), Field("touchpoint", "choice")],
    ),
    Group(gettext_lazy("How it is asked about"), [Field("functional"), Field("dysfunctional")]),
)
_PRACTICE: Final = always(
    Group(gettext_lazy("Benchmarks: what others do"), [Field("title", rows=1), *(Field(key) for key in _BENCHMARK)]),
    Group(
        gettext_lazy("Where it belongs"),
        [
            Field("touchpoint", "choice"),
            Field("feature", "choice"),
            Field("dated", "day"),
            Field("value", "number"),
            Field("unit"),
            Field("n", "number"),
        ],
    ),
)

FACE: Final = Face(
    "strategy",
    gettext_lazy("Strategy"),
    "strategy",
    _shelves,
    {"document": _DOCUMENT, "features": _FEATURE, "benchmarks": _PRACTICE},
    {
        "add-feature": _add("features", ("title", "functional", "dysfunctional")),
        "add-benchmark": _add("benchmarks", ("title", "industry", "practice", "source")),
    },
    removes=("features", "benchmarks"),
    captures="aim",
    known=known_of_features,
)
