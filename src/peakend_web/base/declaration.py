"""What is said of an address where it is declared: who may come in, with which verbs, how much may be sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Model
from django.http.response import HttpResponseBase

Scope = Literal["public", "person", "workspace", "service", "key", "support"]
View = Callable[..., HttpResponseBase | str]
AtOnce = Callable[..., Awaitable[str | None]]
Captured = dict[str, Any]

PAGES: Final = frozenset({"public", "person", "workspace", "service"})
"""What is asked for by people, in browsers."""
DATA: Final = "api/"
"""What begins so is for programs, and whatever is refused there is told as data."""
MEGABYTE: Final = 1024 * 1024
SMALL: Final = 256 * 1024
"""How long a body may be that nobody answers for: what comes without a session or a key, and what is posted where there
is no address.
"""
LARGEST: Final[dict[Scope, int]] = {
    "public": SMALL,
    "person": SMALL,
    "workspace": 16 * 1024 * 1024,
    "service": 16 * 1024 * 1024,
    "key": 8 * 1024 * 1024,
    "support": SMALL,
}
"""How long a body may be where an address does not say."""


@dataclass(frozen=True)
class Declaration:
    """What is said of an address where it is declared."""

    pattern: str
    name: str
    permission: str
    scope: Scope
    verbs: tuple[str, ...]
    csrf: bool
    largest: int = SMALL
    at_once: AtOnce | None = None
    reads: str = ""
    about: type[Model] | None = None
    shows: str = ""
    secret: bool = False
    page: str | None = None
    menu: str = ""
    shows_page: bool = False
    for_script: bool = False

    @property
    def as_data(self) -> bool:
        """Whether whatever is refused here is told as data."""
        return self.pattern.startswith(DATA) or self.is_of_script

    @property
    def is_of_script(self) -> bool:
        """Whether the script of a page that anyone may open posts here, and reads what it is told."""
        return self.at_once is not None or self.for_script

    @property
    def is_in_menu(self) -> bool:
        """Whether this is a page of a service or of a workspace, which stands in the menu; a file has an ending."""
        return self.scope in {"workspace", "service"} and "GET" in self.verbs and self.pattern.endswith("/")


def is_for_programs(path: str) -> bool:
    """Whether whatever is refused at this path is told as data."""
    return path.startswith(f"/{DATA}")
