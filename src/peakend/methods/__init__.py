"""The methods, one per file, and the explicit list of them that the command line, the API and the pages are made from.

Of a method that is a package, `words` holds the sentences and `picture` the picture, where they are many lines; its
other modules are called by what is computed in them.

A method is loaded when it is first asked for, so that who needs one does not wait for all: `BY_ID["nps"]` loads one,
`METHODS` all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

from peakend.result import Method

IDS: Final = (
    *(
        "nps",
        "csat",
        "ces",
        "servqual",
        "gaps",
        "tracing",
        "zone",
        "value",
        "ratchet",
        "total_value",
        "highest",
        "reliability",
    ),
    *(
        "kano",
        "kano_drift",
        "impact",
        "drivers",
        "importance",
        "peak_end",
        "ridit",
        "sqi",
        "failures",
        "control",
        "journey",
        "queue",
        "service_level",
        "verify",
    ),
    *("series", "did", "sequential", "power", "portfolio", "screening", "agreement"),
)
METHODS: tuple[Method[Any], ...]
"""All methods, in the order in which they are listed."""


class _ById(Mapping[str, Method[Any]]):
    """The methods by their ids; one is loaded when it is first taken."""

    def __getitem__(self, id: str) -> Method[Any]:
        return _load(id)

    def __contains__(self, id: object) -> bool:
        return id in IDS

    def __iter__(self) -> Iterator[str]:
        return iter(IDS)

    def __len__(self) -> int:
        return len(IDS)


BY_ID: Final = _ById()


@cache
def _load(id: str) -> Method[Any]:
    if id not in IDS:
        raise KeyError(id)
    method: Method[Any] = import_module(f"peakend.methods.{id}").METHOD
    return method


def __getattr__(name: str) -> Any:
    if name == "METHODS":
        globals()[name] = tuple(BY_ID.values())
        return globals()[name]
    if name in IDS:
        return import_module(f"peakend.methods.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({"BY_ID", "IDS", "METHODS", *IDS})
