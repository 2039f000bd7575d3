"""What every module keeps to: how engines are asked, who writes and who asks the models, how figures are rounded, how
long a file is.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.imports import SOURCE, TREES, room, top

# --- aggregations -----------------------------------------------------------------------------------------------------

AGGREGATES = {"sum", "max", "min", "mean", "count", "len", "std", "var", "median", "quantile", "n_unique", "any", "all"}
UNPORTABLE = {
    "first",
    "last",
    "median",
    "quantile",
    "n_unique",
    "unpivot",
    "total_seconds",
    "weekday",
    "replace_strict",
    "std",
    "var",
    "mean",
}


def speaks_narwhals(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "nw" for inner in ast.walk(node))


def aggregated_expressions(tree: ast.AST) -> list[str]:
    """Aggregations of anything but a bare column: conditions inside them are dropped, silently, on some engines."""
    wrong = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in AGGREGATES
            and speaks_narwhals(node.func.value)
        ):
            of = node.func.value
            bare = isinstance(of, ast.Name) or (
                isinstance(of, ast.Call) and ast.unparse(of.func) == "nw.col" and len(of.args) == 1
            )
            wrong += [] if bare else [f"{node.lineno}: {ast.unparse(node)}"]
    return wrong


def unportable_calls(tree: ast.AST) -> list[str]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return [
        f"{c.lineno}: {ast.unparse(c)}" for c in calls if c.func.attr in UNPORTABLE and speaks_narwhals(c.func.value)
    ]  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", sorted(name for name in TREES if "narwhals" in TREES.text(name)))
def test_only_bare_columns_are_aggregated_and_only_with_what_every_engine_has(module: str) -> None:
    assert aggregated_expressions(TREES[module]) == []
    assert unportable_calls(TREES[module]) == []


def test_the_check_itself_finds_a_planted_aggregation() -> None:
    planted = ast.parse(
        "f.group_by('k').agg(nw.col('a').sum(), nw.when(nw.col('c')).then(nw.col('x')).sum(), (nw.col('a') * 2).max(), "
        "nw.col('a').median())"
    )
    assert [line.partition(": ")[2] for line in aggregated_expressions(planted)] == [
        "nw.when(nw.col('c')).then(nw.col('x')).sum()",
        "(nw.col('a') * 2).max()",
    ]
    assert [line.partition(": ")[2] for line in unportable_calls(planted)] == ["nw.col('a').median()"]


# --- the application ------------------------------------------------------------

WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "asave",
    "acreate",
    "adelete",
}


def writes(tree: ast.AST) -> list[str]:
    """Calls that write through the ORM: the verbs on a model, and `update` on a query."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [
        f"{c.lineno}: {ast.unparse(c)[:80]}"
        for c in calls
        if isinstance(c.func, ast.Attribute) and _writes(c.func.attr, ast.unparse(c.func.value))
    ]


def _writes(verb: str, on: str) -> bool:
    """A form's `save` hands its values to an action, and a picture's writes a file; every other one is the ORM's."""
    if verb == "save":
        return not on.endswith("form") and not on.startswith("segno.")
    return verb in WRITES or (verb == "update" and ".objects" in on)


@pytest.mark.parametrize(
    "module", sorted(name for name in TREES if top(name) == "peakend_web" and "views" in name.split("."))
)
def test_no_view_writes_through_the_orm(module: str) -> None:
    assert writes(TREES[module]) == [], "a view writes nothing: it calls a verb of its area’s `actions`"


def test_the_check_itself_finds_a_planted_write() -> None:
    planted = ast.parse(
        "Case.objects.filter(pk=1).update(open=False)\nperson.save()\ncontext.update(a=1)\nform.save(person)"
    )
    assert [line.partition(": ")[2] for line in writes(planted)] == [
        "Case.objects.filter(pk=1).update(open=False)",
        "person.save()",
    ]


ASKING = {
    "filter",
    "exclude",
    "get",
    "all",
    "first",
    "last",
    "order_by",
    "exists",
    "count",
    "values",
    "values_list",
    "select_related",
    "aggregate",
}
ASKING |= {
    "prefetch_related",
    "annotate",
    "latest",
    "earliest",
    "in_bulk",
    "iterator",
    "defer",
    "only",
    "none",
    "distinct",
    "get_or_create",
}
OWNED = {
    "services",
    "memberships",
    "sites",
    "surveys",
    "places",
    "responses",
    "versions",
    "cases",
    "channels",
    "messages",
    "imports",
    "api_keys",
    "invitations",
    "audit",
    "outbox",
    "customers",
    "contacts",
    "consents",
}
"""What a row is asked for by the name of its other side."""


def around(tree: ast.AST) -> list[tuple[str, str]]:
    """Queries that begin at a model, or at the other side of a row: (what they begin at, where)."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            found.append((ast.unparse(node.value), f"{node.lineno}: {ast.unparse(node)}"))
        asked = node.func if isinstance(node, ast.Call) else None
        if (
            isinstance(asked, ast.Attribute)
            and asked.attr in ASKING
            and isinstance(asked.value, ast.Attribute)
            and asked.value.attr in OWNED
        ):
            found.append((ast.unparse(asked.value), f"{node.lineno}: {ast.unparse(node)}"))
    return found


BELOW = ("models", "migrations", "management", "admin", "store", "deciding", "running")
"""Rooms that ask the models themselves: what they do is nobody's question, or is asked for by whoever was let in."""
LAYERS = ("actions", "grants", "queries", "jobs")
"""The layers of an area that ask the models. Everything else of it asks them."""
OF_BASE = {
    "documents": {"Service", "ServiceVersion", "Site"},  # of a workspace that was let in to: its words and names
    "grants": {"Membership"},  # a standing is looked up
    "jobs": {"Workspace"},  # a job is done in each of them
    "api_keys": {"ApiKey"},  # whose key is shown
    "device_keys": {"Device"},  # which device is addressed
    "guard": {"Service"},  # about which service somebody comes in
    "public_address": {"Installation"},
    "time_zones": {"Site"},
    "trail": {"AuditEntry", "OutboxEntry"},
    "chain": {"AuditEntry"},
    "reads": {"Membership", "Person"},  # in whose trails a sign-in is told
    "troubles": {"Trouble"},
    "remarks": {"Remark"},
    "disk": {"File"},  # of a thing, for the area whose it is
}
"""What each module of `base` begins a query at, and no other: whatever belongs to an area is asked of that."""
ELSEWHERE = {
    "peakend_web.asking.openings": {"Opening"},  # counted where it is opened, by anyone
    # the survey at an address, which is open to anyone, and which of its quotas are full
    "peakend_web.asking.survey_cache": {"Place", "QuotaCount", "Survey"},
}
PREFETCHED = ("membership.sites.all()", "row.sites.all()")
"""The other side of a row that `grants` gave, read with it."""


def may_ask(module: str) -> set[str]:
    """The models at which a module may begin a query; "*" stands for all of them."""
    parts = module.split(".")
    if room(module) in BELOW or (room(module) != "base" and len(parts) > 2 and parts[2] in LAYERS):
        return {"*"}
    return OF_BASE.get(parts[-1], set()) if room(module) == "base" else ELSEWHERE.get(module, set())


def goes_around(module: str, tree: ast.AST) -> list[str]:
    """Where a module asks a model that is not its to ask."""
    allowed = may_ask(module)
    found = [where for begins, where in around(tree) if not allowed & {"*", begins}]
    return [where for where in found if not where.endswith(PREFETCHED)]


@pytest.mark.parametrize("module", sorted(name for name in TREES if top(name) == "peakend_web"))
def test_what_is_shown_is_asked_of_grants_and_of_no_model_around_them(module: str) -> None:
    assert goes_around(module, TREES[module]) == [], "ask the area’s `grants` or `queries`, which know who sees what"


@pytest.mark.parametrize(
    ("module", "wrong"),
    [
        ("peakend_web.recovery.views", True),
        ("peakend_web.recovery.forms", True),
        ("peakend_web.recovery.search", True),
        ("peakend_web.base.documents", True),
        ("peakend_web.base.grants", True),
        ("peakend_web.templatetags.context", True),
        ("peakend_web.api", True),
        ("peakend_web.recovery.grants", False),
        ("peakend_web.recovery.queries", False),
        ("peakend_web.recovery.actions.cases", False),
        ("peakend_web.recovery.jobs", False),
        ("peakend_web.store.door", False),
    ],
)
def test_only_the_layers_that_are_there_for_it_ask_a_model(module: str, wrong: bool) -> None:
    assert bool(goes_around(module, ast.parse("Case.objects.filter(pk=1)"))) is wrong


def test_the_check_itself_finds_a_planted_query() -> None:
    planted = ast.parse(
        "Case.objects.filter(pk=1)\nhere.service.versions.get(number=1)\nhere.workspace.memberships.first()\ndocument.sites.index(2)"
    )
    assert {begins for begins, _ in around(planted)} == {"Case", "here.service.versions", "here.workspace.memberships"}


# --- lengths and figures ---


def test_a_figure_for_eyes_is_rounded_by_the_one_function_for_it() -> None:
    """Python's own formats round a half to the even digit, `figures.number` away from zero: two sentences would not say
    the same.
    """
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
    files = [
        path for folder in ("src", "tests", "tools", "benchmarks") for path in (SOURCE.parent / folder).rglob("*.py")
    ]
    lengths = {
        str(path.relative_to(SOURCE.parent)): len(path.read_text(encoding="utf-8").splitlines()) for path in files
    }
    assert {name: length for name, length in lengths.items() if length >= 500} == {}, "make a package of it"
    assert lengths


def test_no_line_of_our_scripts_is_longer_than_one_of_python() -> None:
    """The formatter breaks those of Python; ours are broken by hand. What stands in `static/lib` is of others."""
    scripts = sorted((SOURCE / "peakend_web/static/peakend_web").glob("*.js"))
    lines = [
        (f"{script.name}:{number}", len(line))
        for script in scripts
        for number, line in enumerate(script.read_text(encoding="utf-8").splitlines(), start=1)
    ]
    assert [(where, length) for where, length in lines if length > 120] == [], "break it"
    assert lines


@pytest.mark.parametrize("script", sorted((SOURCE.parent / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_code_that_is_handed_to_another_process_imports_what_is_there(script: Path) -> None:
    """No type checker reads what stands in a string."""
    for module, names in re.findall(
        r"^from (peakend_web\S*) import ([\w, ]+)$", script.read_text(encoding="utf-8"), re.MULTILINE
    ):
        for name in names.split(", "):
            assert f"{module}.{name}" in TREES or defines(TREES[module], name), f"{script.name}: {module} has no {name}"


def defines(tree: ast.Module, name: str) -> bool:
    """Whether a module defines a name, or has it from another."""
    return any(
        name in {getattr(node, "name", None), getattr(node, "asname", None)}
        or (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        for node in ast.walk(tree)
    )
