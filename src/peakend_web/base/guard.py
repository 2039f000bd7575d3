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

How much and how often is not decided here, but said with a status of its own:

| limit | where it stands | status |
| --- | --- | --- |
| how long a body may be | `declaration.LARGEST`, and `largest` of an address | 413 |
| how slow a body, how many unfinished, how many at once | `running.front.Limits` | 408, 429, 503 |
| how many passwords, pictures and documents at once, and for whom | `base.workers.processes` | 503 |
| how often somebody may guess a password or a code | `people.sign_in_attempts.MOST` | 429 |
| how often somebody may guess a respondent's code | `asking.queries.given_answers.MOST` | 429 |
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial, update_wrapper
from typing import Any, Final
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

import adbc_driver_manager
import psycopg
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from peakend.errors import PeakendError
from peakend_web.models import ApiKey, Person, Service, ServiceVersion, Workspace

from . import grants, localtime
from .api_keys import key_of
from .declaration import PAGES, SMALL, AtOnce, Captured, Declaration, Scope, View
from .refusal_pages import tell
from .refusals import Denied, Missing, NoSuchVerb, Refusal
from .replies import Reply, as_response, data_reply, refusal_reply
from .request_faults import is_sound
from .storage import storage_fault
from .trail import reads

log = logging.getLogger(__name__)

LAST_SERVICE = "service"
"""Where the session keeps which service was open last, for the menu on pages of the workspace."""


@dataclass(frozen=True)
class InWorkspace(grants.Standing):
    """Who is asking, in which workspace, as what, about which sites: looked up once, by the guard."""


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

    @property
    def sites(self) -> None:
        """A program reads at all sites."""
        return


class SignInNeeded(Exception):
    """Nobody is signed in where somebody must be."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What the front must know of an address: how long a body may be, and who replies at once, without a thread, where
    somebody does.

    Whoever replies at once returns None where it would have to wait for the database, or where something is wrong with
    the request (`request_faults`); it then goes the long way.
    """

    largest: int
    at_once: Callable[[WSGIEnvironment], Awaitable[Reply | None]] | None = None
    as_data: bool = False


class Guard:
    """Stands at one address, whichever way one comes there: through Django's layers, or at once, from the front.

    Here alone is decided which verbs an address takes, who comes in, how a refusal is told and under which headers.
    """

    def __init__(self, view: View, declared: Declaration) -> None:
        update_wrapper(self, view)
        self.declaration = declared
        self.csrf_exempt = not declared.csrf
        self._view, self._admit = view, ADMISSIONS[declared.scope]
        self._as_data = declared.as_data
        self._verbs = {*declared.verbs, *(["HEAD"] if "GET" in declared.verbs else [])}

    def __call__(self, request: HttpRequest, **captured: Any) -> HttpResponseBase:
        """Let a request in that came through Django's layers, in a thread."""
        if request.method not in self._verbs:
            return self._other_verb(request, captured)
        response = _with_discretion(self._response(request, captured), self.declaration)
        return _with_refusal_status(request, response, self.declaration)

    def entrance(self, environ: WSGIEnvironment, captured: Captured) -> Entrance:
        """What the front must know, before a request has a thread or a body."""
        declared = self.declaration
        at_once = None
        if declared.at_once and environ["REQUEST_METHOD"] in declared.verbs:
            at_once = partial(self._reply_at_once, declared.at_once, captured)
        return Entrance(_largest_body(declared, environ), at_once, self._as_data)

    async def _reply_at_once(self, view: AtOnce, captured: Captured, environ: WSGIEnvironment) -> Reply | None:
        if not is_sound(environ):
            return None
        try:
            text = await view(environ, **captured)
        except ERRORS_WITH_WORDS as error:
            return refusal_reply(environ, _refusal_of(error), as_data=True)
        return None if text is None else data_reply(text)

    def _response(self, request: HttpRequest, captured: Captured) -> HttpResponseBase:
        try:
            _require_text(captured)
            given = self._admit(request, self.declaration, captured)
            response = self._view(request, **given)
            if isinstance(response, str):
                return as_response(data_reply(response))
            _trace_reading(request, self.declaration, given, response)
        except SignInNeeded:
            return redirect_to_login(request.get_full_path())
        except ERRORS_WITH_WORDS as error:
            return self.refuse(request, _refusal_of(error))
        return response

    def refuse(self, request: HttpRequest, error: PeakendError) -> HttpResponseBase:
        """Tell whoever asked here why it cannot be, as it is told at this address."""
        if self.declaration.is_of_script:
            return as_response(refusal_reply(request.META, error, as_data=True))
        return tell(request, error, as_data=self._as_data)

    def _other_verb(self, request: HttpRequest, captured: Captured) -> HttpResponseBase:
        """To the page where a form stands that posts here; else 405, with what may be asked instead."""
        if self.declaration.page is not None and request.method in {"GET", "HEAD"}:
            return redirect(_address(self.declaration.page, captured))
        allowed = ", ".join(sorted(self._verbs))
        response = self.refuse(request, NoSuchVerb("web.no_such_verb", allowed=allowed))
        response.headers["Allow"] = allowed
        return response


ERRORS_WITH_WORDS: Final = (
    PeakendError,
    DatabaseError,
    sqlite3.Error,
    psycopg.Error,
    adbc_driver_manager.Error,
    OSError,
)
"""Errors that are told in words of the catalogue: refusals, and what the disk or the database cannot do."""


def _refusal_of(error: Exception) -> PeakendError:
    """What is told of an error; raises it again where it is a fault of ours."""
    if isinstance(error, PeakendError):
        return error
    fault = storage_fault(error)
    if fault is None:
        raise error
    log.error("%s: %s", fault.id, error)
    return fault


def _largest_body(declared: Declaration, environ: WSGIEnvironment) -> int:
    """How long a body may be: as the address declares, where somebody answers for it."""
    if declared.scope == "public":
        return declared.largest
    answers_for_it = (
        "HTTP_AUTHORIZATION" in environ
        if declared.scope == "key"
        else settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", "")
    )
    return declared.largest if answers_for_it else min(declared.largest, SMALL)


def _trace_reading(request: HttpRequest, declared: Declaration, given: Captured, response: HttpResponseBase) -> None:
    """Write into the trail what was shown to whom, where the address or the view says so; also where a form that was
    refused comes back on a page that shows it.
    """
    asked = {declared.reads} if response.status_code == 200 else set()
    seen = set(getattr(request, "readings", ())) if response.status_code in {200, Refusal.status} else set()
    for verb in sorted((asked | seen) - {""}):
        _trace(verb, request, declared, given)


def _trace(verb: str, request: HttpRequest, declared: Declaration, given: Captured) -> None:
    """Write down who was shown what: as the address declares, and where customers' words stand beside figures."""
    here, last_part = given["here"], {declared.shows: request.path.rpartition("/")[2]} if declared.shows else {}
    if isinstance(here, ByKey):
        asked = {"service": here.service.slug, **last_part}
        reads.note(verb, actor=None, workspace=here.workspace, about=here.key, after=asked)
        return
    after = last_part if verb == declared.reads else None
    reads.note(verb, actor=here.person, workspace=here.workspace, about=_about(declared, given), after=after or None)


def _about(declared: Declaration, given: Captured) -> Model:
    """The row that is read, by its number alone; where the address names none, the service or the workspace."""
    if declared.about:
        return declared.about(pk=given[str(declared.about._meta.model_name)])
    row: Model = getattr(given["here"], "service", given["here"].workspace)
    return row


def _require_text(captured: Captured) -> None:
    """There is nothing at an address with a NUL in it, and not every database can be asked."""
    if any("\0" in str(value) for value in captured.values()):
        raise Missing("web.missing")


def _with_discretion(response: HttpResponseBase, declared: Declaration) -> HttpResponseBase:
    if declared.secret:
        # A form that carries a mark of its page is held against the origin from which it comes.
        response.headers["Referrer-Policy"] = "strict-origin" if declared.csrf else "no-referrer"
        response.headers["Cache-Control"] = "no-store"
    return response


def _with_refusal_status(request: HttpRequest, response: HttpResponseBase, declared: Declaration) -> HttpResponseBase:
    """A form that is taken leads on to a page. One whose page comes back instead was refused, and says 422 where it
    says nothing else.
    """
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not declared.shows_page
    if request.method == "POST" and declared.scope in PAGES and response.status_code == 200 and is_page:
        response.status_code = Refusal.status
    return response


def _address(pattern: str, captured: Captured) -> str:
    """An address by its pattern, with what another address captured."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: quote(str(captured[found[1]])), pattern)


# --- who comes in, by scope -------------------------------------------------------------------------------------------


def _public(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del request, declared
    return captured


def _person(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del declared
    person_signed_in(request)
    return captured


def _workspace(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    standing = _standing_of(person_signed_in(request), captured.pop("workspace"))
    return _admit_member(request, declared, InWorkspace(**vars(standing)), captured)


def _service(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    standing = _standing_of(person_signed_in(request), captured.pop("workspace"))
    service = find_service(standing.workspace, captured.pop("service"))
    admitted = _admit_member(request, declared, InService(**vars(standing), service=service), captured)
    if request.session.get(LAST_SERVICE) != service.slug:
        request.session[LAST_SERVICE] = service.slug
    return admitted


def _admit_member(request: HttpRequest, declared: Declaration, here: InWorkspace, captured: Captured) -> Captured:
    request.here, request.workspace = here, here.workspace  # type: ignore[attr-defined]
    localtime.enter(here.workspace)
    here.require(declared.permission)
    return {"here": here, **captured}


def _key(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    key = key_of(request)
    if captured.pop("workspace") != key.workspace.slug:
        raise Missing("web.missing")
    if key.scope != declared.permission:
        raise Denied("web.key_scope", scope=key.scope, needed=declared.permission)
    request.workspace = key.workspace  # type: ignore[attr-defined]
    return {"here": ByKey(key, key.workspace, find_service(key.workspace, captured.pop("service"))), **captured}


def _support(request: HttpRequest, declared: Declaration, captured: Captured) -> Captured:
    del declared
    if not person_signed_in(request).is_staff:
        raise Missing("web.missing")
    return captured


def person_signed_in(request: HttpRequest) -> Person:
    """Whoever is signed in; asks for it where nobody is."""
    if not isinstance(request.user, Person):
        raise SignInNeeded
    return request.user


def find_service(workspace: Workspace, slug: str) -> Service:
    """A service of this workspace, with its current version; the document of that is read where it is asked for, which
    most pages do through what is kept of it (`documents`).
    """
    services = Service.objects.select_related("current", "workspace").defer(
        *(f"current__{name}" for name in ServiceVersion.LARGE)
    )
    service = services.filter(workspace=workspace, slug=slug).first()
    if service is None:
        raise Missing("web.missing")
    return service


def _standing_of(person: Person, slug: str) -> grants.Standing:
    standing = grants.standing(person, slug)
    if standing is None:
        raise Missing("web.missing")
    return standing


ADMISSIONS: Final[Mapping[Scope, Callable[[HttpRequest, Declaration, Captured], Captured]]] = {
    "public": _public,
    "person": _person,
    "workspace": _workspace,
    "service": _service,
    "key": _key,
    "support": _support,
}
