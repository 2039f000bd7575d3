"""Every import of the two packages: who imports what, in which line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def trees(source: Path = SOURCE) -> dict[str, ast.Module]:
    """Every module by its dotted name, read."""
    return {
        _dotted(path, source): ast.parse(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(source.rglob("*.py"))
    }


def _dotted(path: Path, source: Path) -> str:
    return ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")


TREES = trees()
PACKAGES = {_dotted(path.parent, SOURCE) for path in SOURCE.rglob("__init__.py")}


def imports(module: str, tree: ast.Module) -> Iterator[Import]:
    """The imports of a module, wherever in it they stand."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inner = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        for name in _names(module, node):
            yield Import(module, name, node.lineno, id(node) in inner)  # type: ignore[attr-defined]


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


IMPORTS = [found for module, tree in TREES.items() for found in imports(module, tree)]


def top(name: str) -> str:
    """The package that a module belongs to."""
    return name.partition(".")[0]


def room(name: str) -> str:
    """The room of its package: `peakend.methods.nps` is in `methods`; a package itself is in its own name."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else parts[0]
