"""The menu of the page that is asked for (`base.menu`): which of its entries this person may open, and where they
lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import get_resolver, reverse

from peakend_web.base.declaration import Declaration
from peakend_web.base.guard import LAST_SERVICE, InWorkspace
from peakend_web.base.menu import ENTRIES, Entry, Menu, menu

from .context import services_of

register = template.Library()
SERVICE: Final = "service"
"""How the address of a page of the workspace says of which service its menu is."""
PAGES_WITH_FILTERS: Final = frozenset(entry.name for entry in ENTRIES.values() if entry.keeps_filters)


@register.filter
def menu_of(request: HttpRequest) -> Menu:
    """The menu on this page; on pages of the workspace, that of the service from which one came, which a link to them
    names where there are several: another one may be open beside it.
    """
    here: InWorkspace = request.here  # type: ignore[attr-defined]
    current = _entry_asked_for(request)
    known = [service.slug for service in services_of(request, here) if service.current_id]
    service = here.service.slug if hasattr(here, "service") else _service_of_menu(request, known)
    filters = _filters(request, current)
    beside = f"?{urlencode({SERVICE: service})}" if service in known and len(known) > 1 else ""

    def address(entry: Entry) -> str:
        declared = declaration_of(entry.name)
        if not here.may(declared.permission) or (declared.scope == "service" and not service):
            return ""
        if declared.scope == "workspace":
            return reverse(entry.name, args=[here.workspace.slug]) + beside
        return reverse(entry.name, args=[here.workspace.slug, service]) + (filters if entry.keeps_filters else "")

    return menu(here.role, current, address)


def _entry_asked_for(request: HttpRequest) -> str:
    """The entry of the page that is asked for; none where there is nothing at the address, or nothing of the areas."""
    match = request.resolver_match
    declared = getattr(match.func, "declaration", None) if match else None
    return _entry_of(declared) if declared else ""


def _entry_of(declared: Declaration) -> str:
    """In which entry a page stands; a form that comes back stands where its page does, a refused file in none."""
    if declared.page is None:
        return declared.menu
    return next((each.menu for each in _declarations() if each.pattern == declared.page), "")


@lru_cache
def declaration_of(name: str) -> Declaration:
    """What is declared of the address of this name."""
    return next(each for each in _declarations() if each.name == name)


def _declarations() -> list[Declaration]:
    """What is declared of every address of the areas."""
    views: list[Any] = [getattr(pattern, "callback", None) for pattern in get_resolver().url_patterns]
    return [view.declaration for view in views if hasattr(view, "declaration")]


def _filters(request: HttpRequest, current: str) -> str:
    """The filters of this page, for others that have the same; which of its pages one is on, no other page asks."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query and current in PAGES_WITH_FILTERS else ""


def _service_of_menu(request: HttpRequest, known: Sequence[str]) -> str:
    """The service that the address names; else the one that this browser had open last; else the first that has a
    design. One that is not of this workspace is none.
    """
    wanted = (request.GET.get(SERVICE, ""), request.session.get(LAST_SERVICE, ""))
    return next((each for each in wanted if each in known), next(iter(known), ""))
