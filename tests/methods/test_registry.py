"""Every method of the register keeps the same promises: words, pictures, plain data, a definition, and numbers that
were checked.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import peakend
from peakend import methods
from peakend.commands.names import Names
from peakend.errors import FormatError, PeakendError
from peakend.facts import Facts
from peakend.methods import BY_ID, METHODS
from peakend.result import Method, Results, lead
from peakend.result.words import own_word
from peakend.terms import LANGUAGES, Lang, label, vocabulary, wrong_script
from tests.methods import stories
from tests.methods.events_of import clinic, events, parcels
from tests.methods.facts_of import facts, said, sample
from tests.methods.stories import asked_again, branches, five_sided, hotels, late_checkouts, tolerated
from tests.methods.visits_of import guests

STANDARD: Final = {
    *("group", "value", "low", "high", "n", "missing", "invalid", "not_applicable", "not_shown"),
    *("conf", "version", "warnings", "refused"),
}
EVERY: Final = [pytest.param(method, id=method.id) for method in METHODS]


def effort() -> Facts:
    """Manager Wu's counter, on seven points; the two samples were not asked about effort."""
    return facts(said("ces", [7, 6, 6, 5, 7, 4, 3, 6, 5, 7, 2, 6], scale=(1.0, 7.0)))


def initiatives() -> list[dict[str, Any]]:
    """What manager Wu could build: two that exclude one another, one that must be, one that needs another."""
    names = ("lift", "signs", "signs in Japanese", "pager", "ticket on the phone")
    costs, values = (40_000, 25_000, 9_000, 30_000, 55_000), (6.0, 5.0, 2.0, 7.0, 9.0)
    rows = [
        {"initiative": n, "cost": c, "value": v, "low": v - 2, "high": v + 2}
        for n, c, v in zip(names, costs, values, strict=True)
    ]
    rules = ({"must": "yes"}, {}, {"requires": "signs"}, {"group": "wait"}, {"group": "wait"})
    return [row | rule for row, rule in zip(rows, rules, strict=True)]


def concepts() -> list[dict[str, Any]]:
    """Three ways to shorten the wait, judged by manager Wu's team; the robot cannot be built."""
    rated = {"pager": (4, 5, 2), "ticket on the phone": (5, 3, 4), "robot": (3, 1, 5)}
    criteria = (("desirable", 0.5, None, "high"), ("feasible", 0.3, 2.0, "high"), ("effort", 0.2, None, "low"))
    scale = {"low": 1.0, "high": 5.0}
    return [
        {
            "concept": concept,
            "criterion": name,
            "rating": rating,
            "weight": weight,
            "gate": gate,
            "direction": direction,
            **scale,
        }
        for concept, ratings in rated.items()
        for rating, (name, weight, gate, direction) in zip(ratings, criteria, strict=True)
    ]


def weeks() -> list[dict[str, Any]]:
    """Late meals a week on two wards: chance on the first, a bad week on the second."""
    late = {"A": (7, 5, 9, 6, 8, 7, 4, 10, 6, 7), "B": (5, 6, 4, 7, 30, 5, 6, 5, 4, 6)}
    return [
        {"period": f"2026-W{at:02d}", "site": ward, "count": n, "size": 120}
        for ward, counts in late.items()
        for at, n in enumerate(counts, 1)
    ]


@dataclass(frozen=True)
class Showing:
    """On what a method is shown here, by which groups, and with what options it cannot do without."""

    make: Callable[[], Any] = lambda: sample("kiosk")
    by: str = "sex"
    options: Mapping[str, Any] = field(default_factory=dict)
    empty: Callable[[], Any] = facts
    """Nothing, of the kind that it reads."""

    def source(self) -> Any:
        """Facts are frozen, and made once; of a table each test has rows of its own."""
        made = _made(self.make)
        return made if isinstance(made, Facts) else [dict(row) for row in made]


@cache
def _made(make: Callable[[], Any]) -> Any:
    return make()


SHOWN: Final[Mapping[str, Showing]] = {
    "nps": Showing(lambda: sample("airport"), "site"),
    "csat": Showing(lambda: sample("airport"), "purpose"),
    "ces": Showing(effort, "site"),
    "drivers": Showing(lambda: sample("airport"), "channel"),
    "ridit": Showing(lambda: sample("airport"), "channel", {"across": "site", "construct": "overall"}),
    "peak_end": Showing(guests, "site"),
    "impact": Showing(lambda: sample("airport"), "channel"),
    "kano_drift": Showing(late_checkouts, "site"),
    "zone": Showing(tolerated, "site"),
    "gaps": Showing(five_sided, "site"),
    "tracing": Showing(branches, "survey"),
    "highest": Showing(lambda: sample("airport"), "purpose", {"construct": "overall", "rounds": 500}),
    "ratchet": Showing(asked_again, empty=list),
    "total_value": Showing(
        hotels, options={"weights": ("product=0.5", "service=0.3", "process=0.2"), "reference": "Lin"}, empty=list
    ),
    "portfolio": Showing(initiatives, options={"budget": 100_000.0}, empty=list),
    "screening": Showing(concepts, empty=list),
    "sqi": Showing(lambda: events(parcels()), "site", empty=lambda: events([])),
    "failures": Showing(lambda: events(parcels()), "site", empty=lambda: events([])),
    "service_level": Showing(lambda: events(clinic()), "site", {"at_most": 10.0}, empty=lambda: events([])),
    "queue": Showing(lambda: events(clinic()), "site", empty=lambda: events([])),
    "journey": Showing(lambda: events(clinic()), "site", empty=lambda: events([])),
    "control": Showing(weeks, options={"each": "site"}, empty=list),
    "verify": Showing(stories.three_waves, "site"),
    "series": Showing(stories.months, options={"at": "2025-03"}, empty=list),
    "did": Showing(stories.counters, empty=list),
    "sequential": Showing(stories.weekly_looks, options={"planned": 500.0, "tau": 0.1}, empty=list),
    "power": Showing(stories.plans, empty=list),
    "agreement": Showing(stories.coders, empty=list),
}
"""Where it is not the kiosk by sex."""


def showing(id: str) -> Showing:
    return SHOWN.get(id, Showing())


@cache
def shown(id: str) -> Results[Any]:
    return BY_ID[id].run(showing(id).source(), **showing(id).options)


def grouped(id: str) -> Results[Any]:
    return BY_ID[id].run(showing(id).source(), showing(id).by, **showing(id).options)


def test_the_register_names_every_method_once_and_so_does_the_door_of_the_library() -> None:
    assert len(BY_ID) == len(METHODS)
    assert {module.name for module in pkgutil.iter_modules(methods.__path__)} == set(BY_ID), (
        "a method is named in IDS of src/peakend/methods/__init__.py"
    )
    assert [method.id for method in METHODS if getattr(peakend, method.id, None) is not method.run] == [], (
        "a method is imported, and named in __all__, in src/peakend/__init__.py"
    )


@pytest.mark.parametrize("method", EVERY)
def test_a_method_is_called_alike(method: Method[Any]) -> None:
    parameters = inspect.signature(method.run).parameters
    first, common = {"table": (["table"], {"conf"})}.get(method.reads, ([method.reads, "by"], {"where", "conf"}))
    assert list(parameters)[: len(first)] == first
    assert common <= {name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY}
    assert inspect.getdoc(method.run)


@pytest.mark.parametrize("method", EVERY)
def test_the_command_line_says_what_the_library_says(method: Method[Any]) -> None:
    """Names in place of ids never change what a row is taken for."""
    assert [Names("guests.csv", None, lang).sentences(shown(method.id)) for lang in LANGUAGES] == [
        shown(method.id).sentences(lang) for lang in LANGUAGES
    ]


@pytest.mark.parametrize("method", EVERY)
def test_a_method_has_a_name_and_a_definition_in_three_languages(method: Method[Any]) -> None:
    term = vocabulary().get(method.term)
    assert term, f"write [{method.term}] and its definition in src/peakend/terms.toml"
    assert term.definition is not None
    assert all(term.name[lang] and term.definition[lang] for lang in LANGUAGES)


@pytest.mark.parametrize("method", EVERY)
def test_a_method_names_what_it_was_checked_against_and_its_tests_do_too(method: Method[Any]) -> None:
    tests = Path(__file__).parents[1]
    own = [
        Path(__file__).with_name(f"test_{method.id}.py"),
        *tests.rglob("test_[ir]*.py"),
        *(tests / "reference").iterdir(),
    ]
    said = "\n".join(path.read_text(encoding="utf-8") for path in own if path.suffix in {".py", ".json", ".toml"})
    named = re.findall(r"[A-Za-z]\w* \d[\d.-]*\d|PMC\d+|stp25kano", method.checked)
    assert named
    assert any(name in said for name in named)


@pytest.mark.parametrize("method", EVERY)
def test_every_row_is_plain_data_with_the_standard_fields_and_its_definition(method: Method[Any]) -> None:
    rows = shown(method.id).as_dict()
    assert rows
    assert all(set(row) >= STANDARD | set(map(method.row.output_name, method.key)) for row in rows)
    assert {row["version"] for row in rows} == {method.definition}
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    assert all((row["value"] is None) == (row["refused"] is not None) for row in rows)
    assert all(
        row["low"] <= row["value"] <= row["high"] for row in rows if row["value"] is not None and row["low"] is not None
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", EVERY)
def test_every_row_has_a_sentence_in_each_language(method: Method[Any], lang: Lang) -> None:
    lines = shown(method.id).sentences(lang).splitlines()
    assert len(lines) == len(shown(method.id))
    assert all(line.endswith({"en": "."}.get(lang, "。")) for line in lines)
    assert [line for line in lines if re.search(r"\bNone\b|\bnan\b|[{}]", line) or wrong_script(line, lang)] == []
    assert lines != shown(method.id).sentences("en" if lang != "en" else "zh-Hant").splitlines()


@pytest.mark.parametrize("method", EVERY)
def test_a_row_alone_has_a_table_and_a_picture_for_no_field_has_their_names(method: Method[Any]) -> None:
    row = shown(method.id)[0]
    assert len(row.table("zh-Hant").rows) == 1
    assert row.chart("en").alt


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", EVERY)
def test_the_picture_of_many_rows_and_of_one_renders_and_can_be_read_without_sight(
    method: Method[Any], lang: Lang
) -> None:
    # One row alone has no words that many have not: it is drawn once.
    for rows in (shown(method.id), shown(method.id)[:1]) if lang == "en" else (shown(method.id),):
        chart = rows.chart(lang)
        assert chart.alt
        assert chart.svg(lang).startswith("<svg")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_further_picture_has_a_name_and_renders_and_no_other_is_drawn(lang: Lang) -> None:
    named = [(method.id, name) for method in METHODS for name in method.pictures]
    assert named
    for id, name in named:
        assert label(f"picture.{name}", lang) != f"picture.{name}"
        picture = shown(id).chart(lang, name)
        assert picture.alt
        assert picture.svg(lang).startswith("<svg ")
    with pytest.raises(FormatError, match=r"draw\.picture"):
        shown("nps").chart(lang, "curves")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("method", [one for one in EVERY if one.values[0].twin])  # type: ignore[attr-defined]
def test_a_sentence_that_a_weighted_figure_may_precede_begins_with_what_it_is_about(
    method: Method[Any], lang: Lang
) -> None:
    rows = [row for row in (*shown(method.id), *grouped(method.id)) if row.refused is None]
    assert rows
    for row in rows:
        keys = [
            own_word(row.output_name(name), key, lang) for name in method.key if (key := getattr(row, name)) is not None
        ]
        head = lead(row, lang, *keys)
        # A head that names the figure too is no repetition: it stays behind the weighted figure.
        assert method.say(row, lang).startswith(head.rstrip(": ：") if method.id == "verify" else head)


@pytest.mark.parametrize("method", EVERY)
def test_every_column_and_every_warning_has_a_name(method: Method[Any]) -> None:
    rows = shown(method.id)
    own = {name for name in rows.table().columns if f"{method.id}.{name}" in vocabulary()}
    named = {*rows.table().columns, *(warning for row in rows for warning in row.warnings)} - own
    assert named - set(vocabulary()) == set()
    assert len(rows.table("zh-Hans").rows) == len(rows)


@pytest.mark.parametrize("method", EVERY)
def test_no_answers_are_a_reason_and_never_a_crash(method: Method[Any]) -> None:
    try:
        rows = method.run(showing(method.id).empty(), **showing(method.id).options)
    except PeakendError as refusal:
        rows, said_ = Results(method, ()), [refusal.message(lang) + refusal.hint(lang) for lang in LANGUAGES]
    else:
        said_ = [rows.text(lang) or "nothing" for lang in LANGUAGES]
    assert all(said_)
    assert all(row.value is None and row.refused is not None for row in rows)
    assert rows.chart("en").alt
    assert all(row.as_dict(lang) for row in rows for lang in LANGUAGES)


@pytest.mark.parametrize("method", [one for one in EVERY if one.values[0].reads != "table"])  # type: ignore[attr-defined]
def test_groups_keep_their_names_and_together_hold_everybody(method: Method[Any]) -> None:
    together, by = Counter[Any](), showing(method.id).by
    for row in method.run(showing(method.id).source(), by=by, **showing(method.id).options):
        assert set(row.group) == {by}
        together[tuple(getattr(row, name) for name in method.key)] += row.n
    assert together == {tuple(getattr(row, name) for name in method.key): row.n for row in shown(method.id)}


@pytest.mark.parametrize("construct", ["wait", "waiting", "service", "ease", "kept", "serving", "returned"])
def test_a_question_about_waiting_is_not_called_by_a_unit_that_only_measured_minutes_have(construct: str) -> None:
    said = [label(construct, lang) for lang in LANGUAGES]
    assert not any(unit in words for words in said for unit in ("minutes", "%", "分鐘", "分钟"))
    assert BY_ID["journey"].heading("waiting", "en") == "mean wait, minutes"
    assert BY_ID["queue"].heading("service", "zh-Hans") == "平均服务（分钟）"
