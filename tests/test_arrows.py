"""The arrows of the house: who may know whom, read from the imports of every module.

A module stands in a room, and its room says which others it may know. What may be known by all is left out of the lists: the standard
library, and numpy.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
GROUND = {
    *("terms", "errors", "figures", "grid", "intervals", "extremes", "sums", "periods", "options", "plain", "instants", "spreadsheet", "weights")
}
"""Modules of the library that everything in it may stand on."""
SPINE = GROUND | {"facts", "reduce", "result", "change", "draw", "tables"}
ROOMS = {"facts", "reduce", "methods", "maths", "field", "draw", "service", "formats", "samples", "commands"}
"""Packages of the library that hold more than one thing of a kind."""
DOORS = {"facts", "reduce"}
"""The rooms that speak with an engine."""


@dataclass(frozen=True)
class Import:
    """One import: who imports what, in which line, and whether inside a function."""

    module: str
    name: str
    line: int
    inside: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} → {self.name}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"), str(path))


TREES = dict(modules())


def imports(module: str, tree: ast.Module) -> Iterator[Import]:
    inner = {id(node) for function in ast.walk(tree) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(function)}
    for node in ast.walk(tree):
        for name in _names(module, node):
            yield Import(module, name, node.lineno, id(node) in inner)  # type: ignore[attr-defined]


def _names(module: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = module if f"{module}.__init__" in PACKAGES else module.rpartition(".")[0]
        base = (
            ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], *filter(None, [node.module])]) if node.level else node.module
        )
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield inner if inner in TREES else str(base)


PACKAGES = {f"{name}.__init__" for name in TREES if (SOURCE / name.replace(".", "/") / "__init__.py").exists()}
IMPORTS = [found for module, tree in TREES.items() for found in imports(module, tree)]


def top(name: str) -> str:
    return name.partition(".")[0]


def room(name: str) -> str:
    """The part of its package that a module belongs to: `peakend.methods.nps` is in `methods`; a package itself is in its own name."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def crossings(package: str, rooms: set[str], may: set[str]) -> list[str]:
    """Imports from these rooms of a package into others of the same package that they may not know."""
    found = [i for i in IMPORTS if top(i.module) == package and room(i.module) in rooms and top(i.name) == package]
    return [str(i) for i in found if room(i.name) not in may | {room(i.module)}]


# --- the library ------------------------------------------------------------------------------------------------------


def test_every_module_of_the_ground_is_named_with_what_it_holds() -> None:
    """Whoever looks for a module of the library finds it in one table; its own first line says more."""
    text = (SOURCE.parent / "docs" / "concepts.md").read_text(encoding="utf-8")
    table = text.partition("| module of `src/peakend/` | holds |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines() for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")}
    lone = {path.stem for path in (SOURCE / "peakend").glob("*.py")} - {"__init__", "cli"}
    assert named == lone | GROUND
    assert {room(name) for name in TREES if top(name) == "peakend"} - named == {"peakend", "cli", *ROOMS}


def test_the_library_knows_no_web() -> None:
    assert [str(i) for i in IMPORTS if top(i.module) == "peakend" and top(i.name) in {"django", "ninja", "peakend_web", "granian"}] == []


def test_only_the_doors_to_the_engines_speak_narwhals() -> None:
    assert {room(i.module) for i in IMPORTS if top(i.name) == "narwhals"} == DOORS


def test_no_method_knows_another() -> None:
    methods = [i for i in IMPORTS if i.module.startswith("peakend.methods.") and i.name.startswith("peakend.methods")]
    assert [str(i) for i in methods if i.name != i.module] == []


@pytest.mark.parametrize(
    ("rooms", "may"),
    [
        ({"terms", "errors", "figures", "intervals", "plain", "instants", "spreadsheet"}, set()),
        ({"weights"}, {"figures", "terms"}),
        ({"periods", "options"}, {"errors", "instants"}),
        ({"extremes"}, {"intervals"}),
        ({"sums"}, {"periods"}),
        ({"facts"}, {"errors", "instants", "plain", "spreadsheet"}),
        ({"tables"}, {"errors", "instants"}),
        ({"reduce"}, GROUND | {"facts"}),
        ({"draw"}, {"terms", "errors"}),
        ({"grid"}, {"errors", "figures", "spreadsheet"}),
        ({"result"}, {"draw", "terms", "errors", "figures", "grid", "periods", "weights"}),
        ({"change"}, {"result", "draw", "terms", "errors", "figures", "grid", "periods"}),
        ({"maths"}, {"intervals", "sums", "errors"}),
        ({"field"}, SPINE | {"maths"}),
        ({"methods"}, SPINE | {"maths", "field"}),
        ({"formats", "voice"}, GROUND | {"facts", "service"}),
        ({"service"}, {"facts", "terms", "errors", "draw", "extremes", "periods"}),
        ({"samples"}, GROUND | {"facts", "formats", "service"}),
    ],
    ids=lambda value: " ".join(sorted(value))[:40] if isinstance(value, set) else str(value),
)
def test_a_room_of_the_library_knows_only_what_it_may(rooms: set[str], may: set[str]) -> None:
    assert crossings("peakend", rooms, may) == []


def test_no_method_asks_an_engine_for_anything_itself() -> None:
    """Only the reducer and the door aggregate; no method, and nothing that methods share, collects rows."""
    calls = [
        (module, node.func.attr)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if top(module) == "peakend" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert {room(module) for module, verb in calls if verb == "agg"} == DOORS
    assert [module for module, verb in calls if verb == "collect" and room(module) in {"methods", "field", "maths"}] == []


HEAVY = ("pandas", "polars", "pyspark", "ibis", "scipy.stats", "scipy.optimize", "sklearn", "statsmodels", "matplotlib", "altair")


def test_the_command_line_and_the_server_start_without_what_takes_a_second_to_import() -> None:
    entries = [name for name in ("peakend", "peakend.cli") if name in TREES]
    code = f"import sys, {', '.join(entries)}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scipy_stats_is_imported_nowhere() -> None:
    assert [str(i) for i in IMPORTS if i.name.startswith(("scipy.stats", "pandas", "sklearn"))] == []


# --- aggregations -----------------------------------------------------------------------------------------------------

AGGREGATES = {"sum", "max", "min", "mean", "count", "len", "std", "var", "median", "quantile", "n_unique", "any", "all"}
UNPORTABLE = {"first", "last", "median", "quantile", "n_unique", "unpivot", "total_seconds", "weekday", "replace_strict", "std", "var", "mean"}


def speaks_narwhals(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "nw" for inner in ast.walk(node))


def aggregated_expressions(tree: ast.AST) -> list[str]:
    """Aggregations of anything but a bare column: conditions inside them are dropped, silently, on some engines."""
    wrong = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in AGGREGATES and speaks_narwhals(node.func.value):
            of = node.func.value
            bare = isinstance(of, ast.Name) or (isinstance(of, ast.Call) and ast.unparse(of.func) == "nw.col" and len(of.args) == 1)
            wrong += [] if bare else [f"{node.lineno}: {ast.unparse(node)}"]
    return wrong


def unportable_calls(tree: ast.AST) -> list[str]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return [f"{c.lineno}: {ast.unparse(c)}" for c in calls if c.func.attr in UNPORTABLE and speaks_narwhals(c.func.value)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", sorted({i.module for i in IMPORTS if top(i.name) == "narwhals"}))
def test_only_bare_columns_are_aggregated_and_only_with_what_every_engine_has(module: str) -> None:
    assert aggregated_expressions(TREES[module]) == []
    assert unportable_calls(TREES[module]) == []


def test_the_check_itself_finds_a_planted_aggregation() -> None:
    planted = ast.parse(
        "f.group_by('k').agg(nw.col('a').sum(), nw.when(nw.col('c')).then(nw.col('x')).sum(), (nw.col('a') * 2).max(), nw.col('a').median())"
    )
    assert [line.partition(": ")[2] for line in aggregated_expressions(planted)] == [
        "nw.when(nw.col('c')).then(nw.col('x')).sum()",
        "(nw.col('a') * 2).max()",
    ]
    assert [line.partition(": ")[2] for line in unportable_calls(planted)] == ["nw.col('a').median()"]


# --- the application --------------------------------------------------------------------------------------------------

CONFIGURED = {"settings", "routing", "context", "refusals", "peakend_web"}
"""What every room of the application may know: configuration, and how an address is declared and refused."""


@pytest.mark.parametrize(
    ("rooms", "never"),
    [
        ({"models"}, {"actions", "rules", "facts", "views", "forms", "jobs", "api", "copy", "ingest", "writer", "inserts"}),
        ({"rules"}, {"actions", "facts", "views", "forms", "jobs", "api", "seen"}),
        ({"seen"}, {"actions", "facts", "views", "forms", "jobs", "api"}),
        ({"facts", "copy", "delta", "partial"}, {"actions", "views", "forms", "jobs", "api"}),
        ({"actions", "ingest", "writer", "inserts"}, {"views", "forms", "api"}),
        ({"forms"}, {"views", "api", "jobs"}),
        ({"views"}, {"copy", "delta", "partial", "ingest", "writer", "inserts"}),
    ],
    ids=lambda value: " ".join(sorted(value))[:40],
)
def test_a_room_of_the_application_never_knows_what_stands_above_it(rooms: set[str], never: set[str]) -> None:
    found = [i for i in IMPORTS if top(i.module) == "peakend_web" and room(i.module) in rooms and top(i.name) == "peakend_web"]
    assert [str(i) for i in found if room(i.name) in never] == []


def test_models_know_django_alone() -> None:
    outside = {top(i.name) for i in IMPORTS if i.module.startswith("peakend_web.models")} - set(sys.stdlib_module_names)
    assert outside <= {"django", "peakend_web"}


def test_the_library_is_known_by_its_doors_and_by_no_model() -> None:
    assert [str(i) for i in IMPORTS if i.module.startswith("peakend_web.models") and top(i.name) == "peakend"] == []


WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "asave", "acreate", "adelete"}


def writes(tree: ast.AST) -> list[str]:
    """Calls that write through the ORM: the verbs on a model, and `update` on a query."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [
        f"{c.lineno}: {ast.unparse(c)[:80]}" for c in calls if isinstance(c.func, ast.Attribute) and _writes(c.func.attr, ast.unparse(c.func.value))
    ]


def _writes(verb: str, on: str) -> bool:
    """A form's `save` hands its values to an action, and a picture's writes a file; every other one is the ORM's."""
    if verb == "save":
        return not on.endswith("form") and not on.startswith("segno.")
    return verb in WRITES or (verb == "update" and ".objects" in on)


@pytest.mark.parametrize("module", sorted(name for name in TREES if name.startswith("peakend_web.views")))
def test_no_view_writes_through_the_orm(module: str) -> None:
    assert writes(TREES[module]) == []


def test_the_check_itself_finds_a_planted_write() -> None:
    planted = ast.parse("Case.objects.filter(pk=1).update(open=False)\nperson.save()\ncontext.update(a=1)\nform.save(person)")
    assert [line.partition(": ")[2] for line in writes(planted)] == ["Case.objects.filter(pk=1).update(open=False)", "person.save()"]


ASKING = {"filter", "exclude", "get", "all", "first", "last", "order_by", "exists", "count", "values", "values_list", "select_related", "aggregate"}
ASKING |= {"prefetch_related", "annotate", "latest", "earliest", "in_bulk", "iterator", "defer", "only", "none", "distinct", "get_or_create"}
OWNED = {
    "services",
    "memberships",
    "sites",
    "surveys",
    "places",
    "responses",
    "versions",
    "cases",
    "imports",
    "api_keys",
    "invitations",
    "audit",
    "outbox",
}
"""What a row is asked for by the name of its other side."""

ROUND = {("peakend_web.people.views.accounts", "Person")}
"""Where nobody is known yet, people are looked for: at the first start, and at the second step of signing in."""


def around(tree: ast.AST) -> list[tuple[str, str]]:
    """Queries that begin at a model, or at the other side of a row, instead of in `seen`: (what they begin at, where)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            found.append((ast.unparse(node.value), f"{node.lineno}: {ast.unparse(node)}"))
        asked = node.func if isinstance(node, ast.Call) else None
        if isinstance(asked, ast.Attribute) and asked.attr in ASKING and isinstance(asked.value, ast.Attribute) and asked.value.attr in OWNED:
            found.append((ast.unparse(asked.value), f"{node.lineno}: {ast.unparse(node)}"))
    return found


BEHIND = {
    *("models", "migrations", "actions", "management", "admin", "seen", "rules", "routing", "guesses"),
    *("counting", "delta", "upkeep", "jobs", "troubles", "documents", "zones", "public", "published", "telling", "releases"),
}
"""Rooms that ask the models themselves: the verbs, the doors, what carries facts to the copy, and what reads a design, a zone, an address or a
name once for everybody. Any other, and any new one, is held."""


@pytest.mark.parametrize("module", sorted(name for name in TREES if top(name) == "peakend_web" and room(name) not in BEHIND))
def test_what_is_shown_is_asked_of_seen_and_of_no_model_around_it(module: str) -> None:
    allowed = {(module, each.id) for each in ast.walk(TREES[module]) if isinstance(each, ast.Name) and (module, each.id) in ROUND}
    told = [where for begins, where in around(TREES[module]) if (module, begins) not in allowed]
    assert [where for where in told if not where.endswith(PREFETCHED)] == []


PREFETCHED = ("membership.sites.all()", "row.sites.all()")
"""The other side of a row that `seen` gave, read with it."""


def test_the_check_itself_finds_a_planted_query() -> None:
    planted = ast.parse("Case.objects.filter(pk=1)\nhere.service.versions.get(number=1)\nhere.workspace.memberships.first()\ndocument.sites.index(2)")
    assert {begins for begins, _ in around(planted)} == {"Case", "here.service.versions", "here.workspace.memberships"}


# --- both -------------------------------------------------------------------------------------------------------------

OPTIONAL = {"polars", "pandas", "pyspark", "ibis", "IPython"}
"""Dependencies that may be missing, and may therefore be imported where they are used."""


def test_nothing_is_imported_inside_a_function_but_what_may_be_missing() -> None:
    assert [str(i) for i in IMPORTS if i.inside and top(i.name) not in OPTIONAL] == []


def test_no_module_knows_itself_in_a_circle() -> None:
    known: dict[str, set[str]] = {name: {i.name for i in IMPORTS if i.module == name and i.name in TREES and i.name != name} for name in TREES}
    while free := [name for name, others in known.items() if not others & known.keys()]:
        for name in free:
            del known[name]
    assert known == {}


def test_a_figure_for_eyes_is_rounded_by_the_one_function_for_it() -> None:
    """Python's own formats round a half to the even digit, `figures.number` away from zero: two sentences would not say the same."""
    worded = {"methods", "field", "change", "result", "weights", "extremes"}
    specs = [
        (module, node.format_spec.values[0].value)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if top(module) == "peakend" and room(module) in worded and isinstance(node, ast.FormattedValue)
        if isinstance(node.format_spec, ast.JoinedStr) and isinstance(node.format_spec.values[0], ast.Constant)
    ]
    assert [each for each in specs if re.fullmatch(r",?\.\d[f%]", str(each[1]))] == []
    assert specs


def test_no_file_is_longer_than_one_reads_at_once() -> None:
    files = [path for folder in ("src", "tests", "tools", "benchmarks") for path in (SOURCE.parent / folder).rglob("*.py")]
    lengths = {str(path.relative_to(SOURCE.parent)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length >= 500} == {}
    assert lengths
