"""The names by which edits find parts: what kind of part it is, and its id, such as `touchpoints:pay`.

Of a part whose id is unique only within another, such as a question within its survey, the ids of both stand in the
name: `items:visit/overall`.
"""

from __future__ import annotations

from collections.abc import Iterable


def name_of(kind: str, *ids: str) -> str:
    """The name of a part of a kind; `ids` are its own, and before it those of what it is unique within."""
    return f"{kind}:{'/'.join(ids)}"


def kind_of(name: str) -> str:
    """The kind of the part of a name."""
    return name.partition(":")[0]


def id_of(name: str) -> str:
    """The id in a name, with those of what the part is unique within."""
    return name.partition(":")[2]


def ids_of(name: str) -> list[str]:
    """The ids in a name, that of the part itself last."""
    return id_of(name).split("/")


def of_kind(kind: str, names: Iterable[str]) -> list[str]:
    """Those of the names that are of parts of a kind."""
    return [name for name in names if kind_of(name) == kind]


def ids_in(names: Iterable[str], kind: str) -> set[str]:
    """The ids of the parts of a kind among these names, wherever they stand."""
    return {ids_of(name)[-1] for name in of_kind(kind, names)}
