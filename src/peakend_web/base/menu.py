"""The menu of every page: the places of the loop, and the pages that each of them holds.

A page says beside its address in which entry it stands (`route(…, menu="versions")`); a new entry is one line here. A
place leads to the first of its pages that the reader may open, and one without any is not shown. What concerns the
workspace stands apart, in a menu beside the person's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peakend_web.models import Role


@dataclass(frozen=True)
class Entry:
    """A page that the menu leads to: the name of its address, and how the menu calls it; `keeps_filters` where the
    filters of the page that one comes from are kept.
    """

    name: str
    title: str | Promise
    keeps_filters: bool = False


@dataclass(frozen=True)
class Place:
    """A place of the menu, and its pages."""

    title: str | Promise
    entries: Sequence[Entry] = ()


HOME: Final = Place(_("Home"), [Entry("home", _("Home"), keeps_filters=True)])
DESIGN: Final = Place(
    _("Design"),
    [
        Entry("journey", _("Journey"), keeps_filters=True),
        Entry("design", pgettext_lazy("of a journey", "Map")),
        Entry("blueprint", _("Blueprint"), keeps_filters=True),
        Entry("design-ring", _("Cycle of service")),
        Entry("design-moments", _("Moments of truth")),
        Entry("design-people", _("People and needs")),
        Entry("design-standards", _("Standards and promises")),
        Entry("design-failures", _("Fail points")),
        Entry("design-senses", _("Five senses")),
        Entry("design-strategy", _("Strategy")),
        Entry("versions", _("Versions")),
    ],
)
LISTEN: Final = Place(
    _("Listen"),
    [
        Entry("surveys", _("Surveys")),
        Entry("words", _("Comments"), keeps_filters=True),
        Entry("data", _("Imports and removals")),
    ],
)
DELIVER: Final = Place(_("Deliver"), [Entry("cases", _("Cases")), Entry("customers", _("Customers"))])
IMPROVE: Final = Place(_("Improve"))
FINDINGS: Final = Place(_("Findings"), [Entry("findings", _("Findings"), keeps_filters=True)])
WORKSPACE: Final = Place(
    _("Workspace"),
    [
        Entry("services", _("Services")),
        Entry("people", _("People")),
        Entry("brand", _("Name and logo")),
        Entry("channels", pgettext_lazy("of messages", "Channels")),
        Entry("keys", _("API keys")),
        Entry("devices", _("Devices")),
        Entry("audit", _("Changes")),
        Entry("workspace-settings", _("Settings")),
    ],
)
LINE_OF_A_PHONE: Final = 4
"""Pages of a place that stand on a phone beside each other."""
LOOP: Final = (HOME, DESIGN, LISTEN, DELIVER, IMPROVE, FINDINGS)
ENTRIES: Final = {entry.name: entry for place in (*LOOP, WORKSPACE) for entry in place.entries}


@dataclass(frozen=True)
class Link:
    """Where the menu leads; `current` is what `aria-current` says of it, empty where one is elsewhere."""

    title: str | Promise
    href: str
    current: str = ""


@dataclass(frozen=True)
class Menu:
    """The menu as one person sees it on one page: the places, the pages of the place that is open where it has several,
    and those of the workspace.
    """

    places: Sequence[Link] = ()
    title: str | Promise = ""
    pages: Sequence[Link] = ()
    workspace: Sequence[Link] = field(default=())

    @property
    def is_long(self) -> bool:
        """Whether the pages of the place are too many for a line of a phone: there they stand on a sheet."""
        return len(self.pages) > LINE_OF_A_PHONE

    @property
    def open_title(self) -> str | Promise:
        """What the page that is open is called; its place where it is none of its pages."""
        return next((page.title for page in self.pages if page.current), self.title)


Address = Callable[[Entry], str]
"""The address of an entry for whoever asks; empty where they may not open it, or where there is none."""


def menu(role: Role, current: str, address: Address) -> Menu:
    """The menu for this role on a page of the entry `current`."""
    open_place = next((place for place in (*LOOP, WORKSPACE) if current in _names(place)), None)
    pages = _pages(open_place, current, address) if open_place else []
    several = pages if len(pages) > 1 else []
    return Menu(
        [link for place in in_order(role) for link in _place(place, current, address)],
        open_place.title if open_place else "",
        several,
        _pages(WORKSPACE, current, address),
    )


def in_order(role: Role) -> Sequence[Place]:
    """The places in the order of the loop; who works at the front comes to deliver, and finds that first."""
    return (DELIVER, *(place for place in LOOP if place is not DELIVER)) if role == Role.FRONTLINE else LOOP


def _names(place: Place) -> set[str]:
    return {entry.name for entry in place.entries}


def _pages(place: Place, current: str, address: Address) -> list[Link]:
    """The pages of a place that may be opened."""
    found = [(entry, address(entry)) for entry in place.entries]
    return [Link(entry.title, href, "page" if entry.name == current else "") for entry, href in found if href]


def _place(place: Place, current: str, address: Address) -> list[Link]:
    """The place itself, leading to its first page; nothing where there is none."""
    pages = _pages(place, current, address)
    here = current in _names(place)
    # Where its pages stand in a line below, it is they who say which is open: the place says that it is in there.
    mark = ("page" if len(pages) == 1 else "true") if here else ""
    return [Link(place.title, pages[0].href, mark)] if pages else []
