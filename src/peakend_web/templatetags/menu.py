"""The menu of the page that is asked for (`base.menu`): which of its entries this person may open, and where they
lead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django import template
from django.http import HttpRequest
from django.urls import get_resolver, reverse

from peakend_web.base.declaration import Declaration
from peakend_web.base.guard import LAST_SERVICE, InWorkspace
from peakend_web.base.menu import ENTRIES, Entry, Menu, menu

from .context import services_of

register = template.Library()
PAGES_WITH_FILTERS: Final = frozenset(entry.name for entry in ENTRIES.values() if entry.keeps_filters)


@register.filter
def menu_of(request: HttpRequest) -> Menu:
    """The menu on this page; on pages of the workspace, that of the service that was open last."""
    here: InWorkspace = request.here  # type: ignore[attr-defined]
    current = _entry_asked_for(request)
    service = here.service.slug if hasattr(here, "service") else _last_service(request, here)
    filters = _filters(request, current)

    def address(entry: Entry) -> str:
        declared = declaration_of(entry.name)
        if not here.may(declared.permission) or (declared.scope == "service" and not service):
            return ""
        inside = [service] if declared.scope == "service" else []
        return reverse(entry.name, args=[here.workspace.slug, *inside]) + (filters if entry.keeps_filters else "")

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


def _last_service(request: HttpRequest, here: InWorkspace) -> str:
    """The service that this browser had open last, where it is one of this workspace; else the first that has a
    design.
    """
    known = [service.slug for service in services_of(request, here) if service.current_id]
    last = request.session.get(LAST_SERVICE, "")
    return last if last in known else next(iter(known), "")
