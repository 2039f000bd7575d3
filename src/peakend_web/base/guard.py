"""The guard of every address: who comes in, with which verb, and how whoever does not is told so.

What a view receives depends on the scope that its address declares:

| scope | who comes in | the view receives |
| --- | --- | --- |
| public | anyone | `(request, **captured)` |
| person | whoever is signed in | `(request, **captured)` |
| workspace | a member with the permission | `(request, here: InWorkspace, **captured)` |
| service | a member with the permission | `(request, here: InService, **captured)` |
| key | a program whose API key has the permission | `(request, here: ByKey, **captured)` |
| support | the installation's staff | `(request, **captured)` |

The captured `workspace` and `service` are turned into `here`. A stranger's workspace is missing, exactly as one that
does not exist; whoever is not signed in is asked to sign in, whatever they asked for.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

import psycopg
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from peakend.errors import PeakendError
from peakend_web.models import ApiKey, Case, Person, Service, Workspace

from . import grants as rules
from . import localtime, readings
from .declaration import DATA, PAGES, Captured, Declaration, Scope, View
from .refusals import Denied, Missing, NoSuchVerb, Refusal, Unknown, tell
from .storage import storage_fault

log = logging.getLogger(__name__)

LAST_SERVICE = "service"
"""Where the session keeps which service was open last, for the menu on pages of the workspace."""


@dataclass(frozen=True)
class InWorkspace(rules.Standing):
    """Who is asking, in which workspace, as what, about which sites: looked up once, at the door."""


@dataclass(frozen=True)
class InService(InWorkspace):
    """The same, about one service."""

    service: Service


@dataclass(frozen=True)
class ByKey:
    """A program, let in by its key."""

    key: ApiKey
    workspace: Workspace
    service: Service


class SignInNeeded(Exception):
    """Nobody is signed in where somebody must be."""


def guard(view: View, declared: Declaration) -> View:
    """The view behind its door."""
    door = DOORS[declared.scope]
    verbs = {*declared.verbs, *(["HEAD"] if "GET" in declared.verbs else [])}
    as_data = declared.pattern.startswith(DATA) or declared.at_once is not None

    @wraps(view)
    def handle(request: HttpRequest, **captured: Any) -> HttpResponseBase:
        if request.method not in verbs:
            leads_on = declared.page is not None and request.method in {"GET", "HEAD"}
            return (
                redirect(_filled(declared.page, captured))
                if leads_on
                else _no_such_verb(request, verbs, as_data=as_data)
            )
        return _refused_or_taken(request, _discreet(inside(request, captured), declared), declared)

    def inside(request: HttpRequest, captured: Captured) -> HttpResponseBase:
        try:
            _require_text(captured)
            return _noted(request, declared, view, door(request, declared, captured))
        except SignInNeeded:
            return redirect_to_login(request.get_full_path())
        except PeakendError as error:
            return tell(request, error, as_data=as_data)
        except (DatabaseError, sqlite3.Error, psycopg.Error, OSError) as error:
            known = storage_fault(error)
            if known is None:
                raise
            log.error("%s: %s", known.id, error)  # noqa: TRY400 — one line: it is the disk's fault, wherever it showed
            return tell(request, known, as_data=as_data)

    handle.declaration = declared  # type: ignore[attr-defined]
    handle.csrf_exempt = not declared.csrf  # type: ignore[attr-defined]
    return handle


def _noted(request: HttpRequest, declared: Declaration, view: View, given: Captured) -> HttpResponseBase:
    """The view; what was shown to whom is written into the trail where the address says so."""
    response = view(request, **given)
    if response.status_code == 200:
        for verb in sorted({declared.reads, *getattr(request, "also_read", ())} - {""}):
            _note(verb, request, given)
    return response


def _note(verb: str, request: HttpRequest, given: Captured) -> None:
    """Write down who was shown what: as the address declares, and where customers' words stand beside figures."""
    here = given["here"]
    if isinstance(here, ByKey):
        asked = {"service": here.service.slug, "method": given.get("method") or request.path.rpartition("/")[2]}
        readings.note(verb, actor=None, workspace=here.workspace, about=here.key, after=asked)
        return
    about = Case(pk=given["case"]) if "case" in given else getattr(here, "service", here.workspace)
    after = {"file": request.path.rpartition("/")[2]} if verb == "export_file" else None
    readings.note(verb, actor=here.person, workspace=here.workspace, about=about, after=after)


def _require_text(captured: Captured) -> None:
    """There is nothing at an address with a NUL in it, and not every database can be asked."""
    if any("\0" in str(value) for value in captured.values()):
        raise Missing("web.missing")


SECRET: frozenset[str] = frozenset({"join", "enter", "set-up"})
"""Addresses that open something by themselves: their pages tell nobody where one comes from, and are kept nowhere."""


def _discreet(response: HttpResponseBase, declared: Declaration) -> HttpResponseBase:
    if declared.name in SECRET:
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cache-Control"] = "no-store"
    return response


def _refused_or_taken(request: HttpRequest, response: HttpResponseBase, declared: Declaration) -> HttpResponseBase:
    """A form that is taken leads on to a page. One whose page comes back instead was refused, and says 422 where it
    says nothing else.
    """
    if request.method == "POST" and declared.scope in PAGES and response.status_code == 200 and _is_page(response):
        response.status_code = Refusal.status
    return response


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _filled(pattern: str | None, captured: Captured) -> str:
    """An address by its pattern, with what another address captured."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: quote(str(captured[found[1]])), pattern or "")


def _no_such_verb(request: HttpRequest, verbs: set[str], *, as_data: bool) -> HttpResponseBase:
    """405, with what may be asked instead."""
    allowed = ", ".join(sorted(verbs))
    told = tell(request, NoSuchVerb("web.no_such_verb", allowed=allowed), as_data=as_data)
    told.headers["Allow"] = allowed
    return told


def _public(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del request, declared
    return captured


def _person(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del declared
    signed_in(request)
    return captured


def _workspace(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    found = _standing(signed_in(request), captured.pop("workspace"))
    return _admit(request, declared, InWorkspace(**vars(found)), captured)


def _service(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    found = _standing(signed_in(request), captured.pop("workspace"))
    service = find_service(found.workspace, captured.pop("service"))
    admitted = _admit(request, declared, InService(**vars(found), service=service), captured)
    if request.session.get(LAST_SERVICE) != service.slug:
        request.session[LAST_SERVICE] = service.slug
    return admitted


def _admit(request: HttpRequest, declared: Declaration, here: InWorkspace, captured: Captured) -> Captured:
    if not here.may(declared.permission):
        raise Denied("web.not_allowed")
    request.here, request.workspace = here, here.workspace  # type: ignore[attr-defined]
    localtime.enter(here.workspace)
    return {"here": here, **captured}


def _key(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    key = _presented(request)
    if captured.pop("workspace") != key.workspace.slug:
        raise Missing("web.missing")
    if key.scope != declared.permission:
        raise Denied("web.key_scope", scope=key.scope, needed=declared.permission)
    request.workspace = key.workspace  # type: ignore[attr-defined]
    return {"here": ByKey(key, key.workspace, find_service(key.workspace, captured.pop("service"))), **captured}


def _support(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del declared
    if not signed_in(request).is_staff:
        raise Missing("web.missing")
    return captured


def signed_in(request: HttpRequest) -> Person:
    """Whoever is signed in; asks for it where nobody is."""
    if not isinstance(request.user, Person):
        raise SignInNeeded
    return request.user


def find_service(workspace: Workspace, slug: str) -> Service:
    """A service of this workspace, with its current version."""
    service = Service.objects.select_related("current", "workspace").filter(workspace=workspace, slug=slug).first()
    if service is None:
        raise Missing("web.missing")
    return service


def digest_of(secret: str) -> str:
    """What is kept of a secret that has enough randomness not to be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _standing(person: Person, slug: str) -> rules.Standing:
    found = rules.standing(person, slug)
    if found is None:
        raise Missing("web.missing")
    return found


def _presented(request: HttpRequest) -> ApiKey:
    """The key that is shown, while whoever made it may have made it: with their rights, what they made ends too."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = (
        ApiKey.objects.select_related("workspace", "made_by")
        .filter(digest=digest_of(secret.strip()), revoked_at=None)
        .first()
    )
    if kind.lower() != "bearer" or key is None or not rules.may(key.made_by, "manage_keys", key.workspace):
        raise Unknown("web.key_unknown")
    return key


DOORS: dict[Scope, Callable[[HttpRequest, Declaration, Captured], Captured]] = {
    "public": _public,
    "person": _person,
    "workspace": _workspace,
    "service": _service,
    "key": _key,
    "support": _support,
}
