"""The arrows of the house: which room may know which, read from the imports of every module.

`docs/architecture.md` draws them. Whoever adds a room says here what it stands on, and there what it is for.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Collection, Iterable

import pytest

from peakend_web.apps import AREAS
from tests.imports import SOURCE, TREES, Import, all_imports, imports, room, top

GROUND = frozenset(
    {
        "terms",
        "errors",
        "figures",
        "grid",
        "intervals",
        "extremes",
        "sums",
        "periods",
        "options",
        "ids",
        "instants",
        "spreadsheet",
        "thresholds",
        "weights",
    }
)
"""Modules of the library that everything in it may stand on."""
SPINE = GROUND | {"facts", "reduce", "result", "change", "draw", "tables"}
LIBRARY: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("terms", "errors", "figures", "intervals", "ids", "instants", "spreadsheet", "thresholds"), frozenset()
    ),
    "weights": frozenset({"figures", "terms"}),
    "periods": frozenset({"errors", "instants"}),
    "options": frozenset({"errors", "instants"}),
    "extremes": frozenset({"intervals"}),
    "sums": frozenset({"periods"}),
    "tables": frozenset({"errors", "instants"}),
    "grid": frozenset({"errors", "figures", "spreadsheet"}),
    "facts": frozenset({"errors", "instants", "ids", "spreadsheet"}),
    "reduce": GROUND | {"facts"},
    "draw": frozenset({"terms", "errors", "thresholds"}),
    "result": frozenset({"draw", "thresholds", "terms", "errors", "figures", "grid", "periods", "weights"}),
    "change": frozenset({"result", "draw", "terms", "errors", "figures", "grid", "intervals", "periods"}),
    "maths": frozenset({"intervals", "sums", "errors"}),
    "disclosure": frozenset({"maths", "errors"}),
    "field": SPINE | {"maths"},
    "methods": SPINE | {"maths", "field"},
    "documents": frozenset({"errors", "terms"}),
    "service": frozenset({"documents", "facts", "terms", "errors", "draw", "extremes", "ids", "periods", "thresholds"}),
    "report": frozenset({"draw", "errors", "result", "service", "terms"}),
    "formats": GROUND | {"facts", "documents", "service"},
    "samples": GROUND | {"facts", "documents", "formats", "service"},
    "templates": frozenset({"documents", "errors", "service", "terms"}),
    # A question of an instrument is an item of a survey, and becomes one of a service's document.
    "instruments": frozenset({"documents", "errors", "facts", "ids", "service", "terms"}),
    "commands": SPINE
    | {
        "methods",
        "field",
        "maths",
        "documents",
        "service",
        "formats",
        "samples",
        "templates",
        "instruments",
        "report",
        "peakend",
    },
    "cli": frozenset({"errors", "terms", "peakend"}),
    "peakend": SPINE | {"methods", "maths", "disclosure", "formats", "samples", "service"},
}
"""Each room of the library, and which others it may know; the standard library, numpy and scipy's pieces are
everybody's.
"""
DOORS = {"facts", "reduce"}
"""The rooms that speak with an engine."""

FLOORS: dict[str, int] = {
    "models": 0,
    "base": 1,
    "store": 2,
    "deciding": 3,
    **dict.fromkeys(AREAS, 4),
    **dict.fromkeys(
        ("templatetags", "running", "management", "admin", "api", "apps", "asgi", "wsgi", "urls", "settings"), 5
    ),
}
"""Each room of the application by its floor: it knows its own floor and those below. `migrations` know Django alone."""


HOW_TO_CROSS = (
    "imported against the arrows (docs/architecture.md): let what both need stand in a room that both may know, or "
    "hand it in from above; what a room may know is said in LIBRARY"
)
HOW_TO_CLIMB = (
    "imported against the arrows (docs/architecture.md): an area reads another through its `queries`, and calls "
    "`actions` and draws `forms` of areas below it alone; upwards goes a row of the outbox, which a job of the other "
    "area carries out"
)


def crossings(found: Iterable[Import], rooms: dict[str, frozenset[str]] = LIBRARY) -> list[str]:
    """Imports within the library, from a room into one that it may not know."""
    inside = [i for i in found if top(i.module) == top(i.name) == "peakend"]
    return [str(i) for i in inside if room(i.name) not in rooms.get(room(i.module), frozenset()) | {room(i.module)}]


def climbs(found: Iterable[Import]) -> list[str]:
    """Imports within the application that go up a floor, or into another area but through its queries, and the verbs
    and forms of one below.
    """
    inside = [
        i
        for i in found
        if top(i.module) == top(i.name) == "peakend_web" and room(i.module) != room(i.name) and i.name != "peakend_web"
    ]
    return [str(i) for i in inside if not _may(i)]


def _may(found: Import) -> bool:
    own, other = room(found.module), room(found.name)
    if own not in FLOORS or other not in FLOORS:
        return False
    if own in AREAS and other in AREAS:
        layer = found.name.split(".")[2] if found.name.count(".") > 1 else ""
        return layer == "queries" or (layer in {"actions", "forms"} and AREAS.index(other) < AREAS.index(own))
    return FLOORS[other] < FLOORS[own] or (FLOORS[other] == FLOORS[own] == max(FLOORS.values()))


# --- both -------------------------------------------------------------------------------------------------------------


def newcomers(found: Iterable[str]) -> list[str]:
    """Rooms that nobody has said anything of, each with what is to be said."""
    known: dict[str, tuple[Collection[str], str]] = {
        "peakend": (LIBRARY.keys(), "LIBRARY, with the rooms that it may know, of tests/test_arrows.py"),
        "peakend_web": (
            FLOORS.keys() | {"peakend_web", "migrations"},
            "FLOORS, of tests/test_arrows.py (of an area: AREAS, of src/peakend_web/apps.py)",
        ),
    }
    new = sorted({(top(name), room(name)) for name in found})
    return [
        f"src/{package}/{name} is a new room: name it in {known[package][1]}; its own first "
        "sentence says what it holds; then make architecture"
        for package, name in new
        if name not in known[package][0]
    ]


def test_every_module_stands_in_a_room_that_is_known() -> None:
    assert newcomers(TREES) == []


def test_a_planted_room_is_found_and_told_where_it_is_to_be_named() -> None:
    planted = newcomers(["peakend.attic.box", "peakend.methods.nps", "peakend_web.cellar.views"])
    assert [line.partition(", ")[0] for line in planted] == [
        "src/peakend/attic is a new room: name it in LIBRARY",
        "src/peakend_web/cellar is a new room: name it in FLOORS",
    ]


OPTIONAL = {"polars", "pandas", "pyspark", "ibis", "IPython"}
"""Dependencies that may be missing, and may therefore be imported where they are used."""


def test_nothing_is_imported_inside_a_function_but_what_may_be_missing() -> None:
    assert [str(i) for i in all_imports() if i.inside and top(i.name) not in OPTIONAL] == [], (
        "import it at the head of the module; where that makes a circle, what both need stands in a third"
    )


def test_no_module_knows_itself_in_a_circle() -> None:
    known: dict[str, set[str]] = {
        name: {i.name for i in all_imports() if i.module == name and i.name in TREES and i.name != name}
        for name in TREES
    }
    while free := [name for name, others in known.items() if not others & known.keys()]:
        for name in free:
            del known[name]
    assert known == {}


# --- the library ------------------------------------------------------------------------------------------------------


def test_no_room_of_the_library_knows_another_against_the_arrows() -> None:
    assert crossings(all_imports()) == [], HOW_TO_CROSS


def test_every_module_of_the_ground_is_named_with_what_it_holds() -> None:
    """Whoever looks for a module of the library finds it in one table; its own first line says more."""
    text = (SOURCE.parent / "docs" / "concepts.md").read_text(encoding="utf-8")
    table = text.partition("| module of `src/peakend/` | holds |")[2].partition("\n\n")[0]
    named = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }
    lone = {path.stem for path in (SOURCE / "peakend").glob("*.py")} - {"__init__", "cli"}
    assert named == lone | GROUND


def test_the_library_knows_no_web() -> None:
    assert [
        str(i)
        for i in all_imports()
        if top(i.module) == "peakend" and top(i.name) in {"django", "ninja", "peakend_web", "granian"}
    ] == []


def test_only_the_doors_to_the_engines_speak_narwhals() -> None:
    assert {room(i.module) for i in all_imports() if top(i.name) == "narwhals"} == DOORS


def test_no_method_knows_another() -> None:
    methods = [
        i for i in all_imports() if i.module.startswith("peakend.methods.") and i.name.startswith("peakend.methods")
    ]
    assert [str(i) for i in methods if i.name.split(".")[:3] != i.module.split(".")[:3]] == [], (
        "what two methods share stands in `field`, or in `maths` where it is arithmetic"
    )


def test_what_one_method_alone_uses_lies_beside_it() -> None:
    """`field` and `maths` hold what several methods share: what is left with one belongs into the package of
    that one.
    """
    users: dict[str, set[str]] = {name: set() for name in TREES if re.fullmatch(r"peakend\.(field|maths)\.\w+", name)}
    for found in all_imports():
        held, by = (".".join(name.split(".")[:3]) for name in (found.name, found.module))
        if held in users and held != by and top(found.module) in {"peakend", "peakend_web"}:
            users[held].add(by)
    assert {name: by for name, by in users.items() if len(by) < 2} == {}


def test_no_method_asks_an_engine_for_anything_itself() -> None:
    """Only the reducer and the door aggregate; no method, and nothing that methods share, collects rows."""
    calls = [
        (module, node.func.attr)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if top(module) == "peakend" and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    assert {room(module) for module, verb in calls if verb == "agg"} == DOORS
    assert [
        module for module, verb in calls if verb == "collect" and room(module) in {"methods", "field", "maths"}
    ] == []


HEAVY = (
    "pandas",
    "polars",
    "pyspark",
    "ibis",
    "scipy.stats",
    "scipy.optimize",
    "sklearn",
    "statsmodels",
    "matplotlib",
    "altair",
)


def test_the_command_line_and_the_server_start_without_what_takes_a_second_to_import() -> None:
    entries = [name for name in ("peakend", "peakend.cli") if name in TREES]
    code = f"import sys, {', '.join(entries)}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_scipy_stats_is_imported_nowhere() -> None:
    assert [str(i) for i in all_imports() if i.name.startswith(("scipy.stats", "pandas", "sklearn"))] == []


# --- the application --------------------------------------------------------------------------------------------------


def test_no_room_of_the_application_knows_what_stands_above_it() -> None:
    assert climbs(all_imports()) == [], HOW_TO_CLIMB


def test_the_application_knows_no_command_of_the_library() -> None:
    known = {"peakend_web.running"}  # the commands `serve` and `demo` speak the command line's language
    found = [
        i
        for i in all_imports()
        if top(i.module) == "peakend_web" and i.name.startswith(("peakend.commands", "peakend.cli"))
    ]
    assert [str(i) for i in found if not i.module.startswith(tuple(known))] == []


def test_models_and_migrations_know_django_alone() -> None:
    rows = [i for i in all_imports() if i.module.startswith(("peakend_web.models", "peakend_web.migrations"))]
    outside = {
        top(i.name) for i in rows if not i.name.startswith(("peakend_web.models", "peakend_web.migrations"))
    } - set(sys.stdlib_module_names)
    assert outside <= {"django", "peakend_web"}
    assert [str(i) for i in rows if top(i.name) == "peakend"] == []


def test_nothing_lies_at_the_root_of_the_application_but_what_joins_its_rooms() -> None:
    root = {path.name for path in (SOURCE / "peakend_web").glob("*.py")}
    assert root == {"__init__.py", "urls.py", "settings.py", "wsgi.py", "asgi.py", "admin.py", "api.py", "apps.py"}


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("peakend.maths.ranks", "from peakend.field import ratings", True),
        ("peakend.methods.nps", "from peakend.methods.kano import kano", True),
        ("peakend.attic.box", "from peakend import errors", True),
        ("peakend.methods.nps", "from peakend.field import ratings", False),
    ],
)
def test_the_check_itself_finds_a_planted_crossing_of_the_library(module: str, line: str, wrong: bool) -> None:
    planted = [*imports(module, ast.parse(line))]
    between = [i for i in planted if i.module.split(".")[1] == i.name.split(".")[1] == "methods"]
    assert bool(crossings(planted) or between) is wrong


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("peakend_web.base.cache", "from peakend_web.store import writer", True),
        ("peakend_web.store.writer", "from peakend_web.people import actions", True),
        ("peakend_web.recovery.views", "from peakend_web.findings import views", True),
        ("peakend_web.asking.actions", "from peakend_web.recovery import actions", True),
        ("peakend_web.attic.box", "from peakend_web.base import cache", True),
        ("peakend_web.asking.views", "from peakend_web.attic import box", True),
        ("peakend_web.base.route", "modules('urls')", True),
        ("peakend_web.running.jobs", "modules('jobs')", False),
        ("peakend_web.recovery.actions", "from peakend_web.asking import actions", False),
        ("peakend_web.asking.forms", "from peakend_web.design.forms import part", False),
        ("peakend_web.design.forms", "from peakend_web.asking.forms import surveys", True),
        ("peakend_web.asking.views", "from peakend_web.findings import queries", False),
        ("peakend_web.running.jobs", "from peakend_web.recovery import actions", False),
    ],
)
def test_the_check_itself_finds_a_planted_climb(module: str, line: str, wrong: bool) -> None:
    assert bool(climbs(imports(module, ast.parse(line)))) is wrong
