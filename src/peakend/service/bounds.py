"""How large a document may be: so large that each of its pages is drawn in about a second, whoever else waits for
theirs.

The limits were measured. A document that was kept before there were any is read as it is; it takes nothing more of
what it has too much of, and is not published before it is smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.documents.source import Path, walk
from peakend.service.journeys import LANES

MOST_TOUCHPOINTS: Final = 300
"""Touchpoints of a service."""
MOST_IN_JOURNEY: Final = 150
"""Touchpoints of one journey."""
MOST_IN_LIST: Final = 500
"""What one list holds: the parts of a register, ids, words."""
MOST_OF_KIND: Final = 1_500
"""Parts of one kind that stand within others, such as the needs of all personas."""


@dataclass(frozen=True)
class Excess:
    """What there is too much of: the id of its refusal, where, and the facts of the case."""

    id: str
    path: Path
    fields: Mapping[str, object]


def kind_in(path: Path) -> str:
    """The kind of the part at a path in a list: a step in every lane, else as the list is called."""
    key = str(path[-2])
    return "steps" if key in LANES else key


def most_of(kind: str) -> int:
    """How many parts of a kind a service may have."""
    return MOST_TOUCHPOINTS if kind == "touchpoints" else MOST_OF_KIND


def excesses(data: Mapping[str, Any]) -> Iterator[Excess]:
    """What a document has too much of, each once: at the first that is too many, of a list at the list."""
    first: dict[str, list[Path]] = {}
    for path, value in walk(data):
        if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > MOST_IN_LIST:
            yield Excess("document.long_list", path, {"found": len(value), "most": MOST_IN_LIST})
        if isinstance(value, Mapping) and path and isinstance(path[-1], int):
            first.setdefault(kind_in(path), []).append(path)
    for kind, paths in first.items():
        if len(paths) > (most := most_of(kind)):
            yield Excess(refusal_of(kind), paths[most], {"found": len(paths), "most": most})
    yield from _in_journeys(data)


def refusal_of(kind: str) -> str:
    """The id of the refusal of more parts of a kind."""
    return "document.many_touchpoints" if kind == "touchpoints" else "document.many_of_kind"


def _in_journeys(data: Mapping[str, Any]) -> Iterator[Excess]:
    for at, journey in enumerate(data.get("journeys", ())):
        found = sum(len(stage.get("touchpoints", ())) for stage in journey.get("stages", ()))
        if found > MOST_IN_JOURNEY:
            fields = {"name": journey["id"], "found": found, "most": MOST_IN_JOURNEY}
            yield Excess("document.many_in_journey", ("journeys", at), fields)
