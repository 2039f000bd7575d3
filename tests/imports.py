"""Every import of the two packages: who imports what, in which line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from peakend_web.apps import AREAS

SOURCE = Path(__file__).parents[1] / "src"


@dataclass(frozen=True)
class Import:
    """One import: who imports what, in which line, and whether inside a function."""

    module: str
    name: str
    line: int
    inside: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} → {self.name}"


class Trees(Mapping[str, ast.Module]):
    """Every module by its dotted name, each read when it is first asked for: the names alone cost next to nothing."""

    def __init__(self, source: Path = SOURCE) -> None:
        self._paths = {_dotted(path, source): path for path in sorted(source.rglob("*.py"))}
        self._read: dict[str, ast.Module] = {}

    def __getitem__(self, name: str) -> ast.Module:
        if name not in self._read:
            self._read[name] = ast.parse(self.text(name), str(self._paths[name]))
        return self._read[name]

    def text(self, name: str) -> str:
        """The module as it is written."""
        return self._paths[name].read_text(encoding="utf-8")

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _dotted(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")


TREES = Trees()
PACKAGES = {_dotted(path.parent, SOURCE) for path in SOURCE.rglob("__init__.py")}


def imports(module: str, tree: ast.Module) -> Iterator[Import]:
    """The imports of a module, wherever in it they stand; and what it joins of all areas, which is imported by name."""
    yield from _imports(module, tree, inside=False)
    if top(module) == "peakend_web":
        yield from _joined(module, tree)


def _joined(module: str, tree: ast.Module) -> Iterator[Import]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "modules"
            and isinstance(node.args[0], ast.Constant)
        ):
            names = (f"peakend_web.{area}.{node.args[0].value}" for area in AREAS)
            yield from (Import(module, name, node.lineno, inside=False) for name in names if name in TREES)


def _imports(module: str, node: ast.AST, *, inside: bool) -> Iterator[Import]:
    for name in _names(module, node):
        yield Import(module, name, node.lineno, inside)  # type: ignore[attr-defined]
    # An import is a statement: what stands within an expression need not be looked at.
    within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _imports(module, each, inside=within)


def _names(module: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            inner = f"{_base(module, node)}.{alias.name}"
            yield inner if inner in TREES else _base(module, node)


def _base(module: str, node: ast.ImportFrom) -> str:
    """What an import is from, with its dots resolved."""
    if not node.level:
        return str(node.module)
    package = module.split(".") if module in PACKAGES else module.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


@cache
def all_imports() -> list[Import]:
    """The imports of every module."""
    return [found for module, tree in TREES.items() for found in imports(module, tree)]


def top(name: str) -> str:
    """The package that a module belongs to."""
    return name.partition(".")[0]


def room(name: str) -> str:
    """The room of its package: `peakend.methods.nps` is in `methods`; a package itself is in its own name."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else parts[0]
