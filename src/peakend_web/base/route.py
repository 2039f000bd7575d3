"""`route(…)`: an address together with who may come in. Every address of the application is declared through it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Final
from wsgiref.types import WSGIEnvironment

from django.contrib.admin import AdminSite
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.urls import Resolver404, URLPattern, URLResolver, path, resolve

from peakend_web.models import ApiKey

from .declaration import DATA, LARGEST, PAGES, SMALL, AtOnce, Captured, Declaration, Scope, View, is_for_programs
from .grants import GRANTS
from .guard import Entrance, Guard
from .menu import ENTRIES

WORKSPACE: Final = "w/<slug:workspace>/"
"""What every address of a workspace begins with."""
SERVICE: Final = "w/<slug:workspace>/<slug:service>/"
"""What every address of a service begins with; a service cannot be called like an address of its workspace."""
API: Final = "api/v1/<slug:workspace>/<slug:service>/"
"""What every address for programs begins with."""

PERMISSIONS: Final[Mapping[Scope, Container[str]]] = {
    "public": {"anyone"},
    "person": {"signed_in"},
    "workspace": GRANTS,
    "service": GRANTS,
    "key": ApiKey.Scope.values,
    "support": {"staff"},
}
"""What an address of each scope may ask for."""


def route(
    pattern: str,
    view: View,
    *,
    name: str,
    permission: str,
    scope: Scope,
    verbs: str = "GET",
    csrf: bool = True,
    largest: int = 0,
    at_once: AtOnce | None = None,
    reads: str = "",
    about: type[Model] | None = None,
    shows: str = "",
    secret: bool = False,
    page: str | None = None,
    menu: str = "",
    shows_page: bool = False,
    for_script: bool = False,
) -> URLPattern:
    """Declare an address: `permission` is one of `grants.GRANTS`, or `anyone`, `signed_in`, `read`, `write`, `staff` as
    the scope has it.

    `largest` is how many bytes may be posted to it (default: as its scope has it). `at_once` replies without a thread
    and without Django's layers, where it can; only what anyone may ask for can be declared so. `reads` is how the trail
    calls it where somebody was shown what is there: whose words, which file, which case. `about` is the table whose row
    it is about, which the address captures under the table's name; else that is the service, the workspace or the
    program's key. `shows` is how the trail calls the last part of the address, where that says what was shown. `secret`
    is said of an address that opens something by itself: its pages tell nobody where one comes from, and are kept
    nowhere. `page` is the address on which the form stands that posts here: whoever loads this address again, or comes
    back to it in another language, is led there. `menu` is the entry of the menu in which a page stands. `shows_page`
    is said of an address that is posted to and changes nothing: the page that it answers with is no refusal.
    `for_script` is said of one that the script of a page asks: whatever is refused there is told as data.
    """
    if at_once and scope != "public":
        message = f"{name}: only an address that is open to anyone can reply at once."
        raise ImproperlyConfigured(message)
    if permission not in PERMISSIONS[scope]:
        message = (
            f"{name}: the scope “{scope}” knows no permission “{permission}”. A new one is declared in the grants.py "
            "of its area."
        )
        raise ImproperlyConfigured(message)
    if page is None and "GET" not in verbs and scope in PAGES and not pattern.startswith(DATA):
        message = f"{name}: say which page holds this form, `page=`: whoever loads this address again is led there."
        raise ImproperlyConfigured(message)
    if about and f":{about._meta.model_name}>" not in pattern:
        message = f"{name}: what is read is about a row that the address captures, as <int:{about._meta.model_name}>."
        raise ImproperlyConfigured(message)
    most = largest or LARGEST[scope]
    declared = Declaration(
        pattern,
        name,
        permission,
        scope,
        tuple(verbs.split()),
        csrf and scope != "key",
        most,
        at_once,
        reads,
        about,
        shows,
        secret,
        page,
        menu,
        shows_page,
        for_script,
    )
    if (declared.is_in_menu or menu) and menu not in ENTRIES:
        message = (
            f"{name}: a page says in which entry of the menu it stands, `menu=` one of {', '.join(ENTRIES)}. A new "
            "entry is one line in src/peakend_web/base/menu.py."
        )
        raise ImproperlyConfigured(message)
    return path(pattern, Guard(view, declared), name=name)


def support(prefix: str, site: AdminSite, *, verbs: Mapping[str, str]) -> URLResolver:
    """Declare the support pages: each of their addresses is for the installation's staff, and takes GET but where
    `verbs` says otherwise.
    """
    resolver = path(prefix, site.urls)
    for pattern in _within(resolver):
        name = pattern.name or ""
        declared = Declaration(
            str(pattern.pattern), name, "staff", "support", tuple(verbs.get(name, "GET").split()), csrf=True
        )
        pattern.callback = Guard(pattern.callback, declared)
    return resolver


def _within(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _within(pattern)
        else:
            yield pattern


def entrance_of(environ: WSGIEnvironment) -> Entrance:
    """What the front must know of the address that this request asks for."""
    stands = _find(environ["PATH_INFO"])
    if stands is None:
        return Entrance(SMALL, None, is_for_programs(environ["PATH_INFO"]))
    guard, captured = stands
    return guard.entrance(environ, captured)


@lru_cache(1_024)
def _find(path: str) -> tuple[Guard, Captured] | None:
    """Who stands at an address, and what it captures."""
    try:
        # The server hands over bytes as latin-1, as WSGI has it; what is no such bytes is text already.
        match = resolve(path.encode("latin-1").decode("utf-8", "replace") if max(path, default="") <= "\xff" else path)
    except Resolver404:
        return None
    return (match.func, match.kwargs) if isinstance(match.func, Guard) else None
