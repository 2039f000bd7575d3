"""What every template may use beside its own: who is asking, where, and what they may do there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from peakend_web.base import storage, troubles
from peakend_web.base.guard import InWorkspace
from peakend_web.base.refusals import Denied, words_of
from peakend_web.design.queries import visible_services
from peakend_web.models import Person, Service
from peakend_web.people.queries import memberships_of
from peakend_web.store import columnar, copy_check


class May:
    """In a template: `{% if may.edit_service %}`. A permission that nobody named is an error."""

    def __init__(self, here: InWorkspace) -> None:
        self._here = here

    def __getitem__(self, permission: str) -> bool:
        return self._here.may(permission)


class Refused:
    """In a template: `{{ refused.edit_service }}`, why one may not do here what one might at all sites; or ""."""

    def __init__(self, here: InWorkspace) -> None:
        self._here = here

    def __getitem__(self, permission: str) -> str:
        return words_of(Denied("web.of_all_sites")) if self._here.lacks_sites_for(permission) else ""


def services_of(request: HttpRequest, here: InWorkspace) -> list[Service]:
    """The services of the workspace, asked for once a request."""
    if not hasattr(request, "services"):
        request.services = list(visible_services(here))  # type: ignore[attr-defined]
    return request.services  # type: ignore[attr-defined,no-any-return]


def page(request: HttpRequest) -> dict[str, Any]:
    """`here` (person, workspace, membership, service), `may`, `refused`, `services` of the workspace, and the person's
    `workspaces`.

    `unreadable` are rows of which something could not be read, for who may take them back. `doubtful` is whether
    figures may be off, `troubled` whether a job fails here and `full` whether the disk has no room left, which is said
    to who manages the workspace.
    """
    here = getattr(request, "here", None)
    person = getattr(request, "user", None)
    return {
        "here": here,
        "may": May(here) if here else {},
        "refused": Refused(here) if here else {},
        "troubled": here is not None and here.may("manage_workspace") and troubles.of(here.workspace.pk).exists(),
        "full": here is not None and here.may("manage_workspace") and storage.is_full(),
        "unreadable": columnar.faults(here.workspace.pk) if here and here.may("take_back") else (),
        "doubtful": copy_check.is_doubtful(here.workspace.pk) if here else False,
        "services": services_of(request, here) if here else [],
        "memberships": memberships_of(person) if isinstance(person, Person) else [],
    }
