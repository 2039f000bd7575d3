"""The demo: a workspace with the samples in it, made by the same verbs as any other."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from django.urls import reverse

from peakend import samples
from peakend_web.design.actions.drafts import open_draft
from peakend_web.design.actions.versions import save_service_version
from peakend_web.listening.actions.imports import import_facts
from peakend_web.models import SUPPLIED, Membership, Person, Service, Workspace
from peakend_web.people.actions.workspaces import create_workspace

EMAIL: Final = "demo@peakend.example"
SLUG: Final = "demo"
NAME: Final = "Peakend demo"
FIRST: Final = "airport"
"""The service on whose design the demo opens."""
ZONES: Final = {"airport": "America/Los_Angeles"}
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demo:
    """The demo's workspace, and the person who looks around in it; the password where it was made just now."""

    workspace: Workspace
    person: Person
    password: str | None = None


def set_up_demo(tell: Tell | None = None, person: Person | None = None) -> Demo:
    """Make the demo, as far as it is not there: workspace, both services, their facts; for this person, or for an
    account of its own.

    `tell(what, written, total)` hears how far it is.
    """
    person = person or Person.objects.filter(email=EMAIL).first()
    password = None if person else secrets.token_urlsafe(9)
    person = person or Person.objects.create_user(EMAIL, password, name="Demo")
    workspace = Workspace.objects.filter(slug=SLUG, demo=True).first()
    workspace = workspace or create_workspace(actor=person, name=NAME, slug=SLUG, timezone=ZONES["airport"], demo=True)
    for name in samples.names():
        _import_sample(person, workspace, name, tell)
    _open_first_draft(person, workspace)
    return Demo(workspace, person, password)


def first_page() -> str:
    """The address on which the demo opens: the design of its first service, to be edited; empty where there is none."""
    known = Service.objects.filter(workspace__slug=SLUG, workspace__demo=True, slug=FIRST).exists()
    return reverse("design", args=[SLUG, FIRST]) if known else ""


def _open_first_draft(person: Person, workspace: Workspace) -> None:
    """A draft of the first service, so that its journey can be edited while the one in force stays; whoever has ended
    it is not given another.
    """
    first = workspace.services.get(slug=FIRST)
    if not first.drafts.exists():
        open_draft(actor=person, service=first)


def is_only_for_show(person: Person) -> bool:
    """Whether everything this person sees is a demo, so that nothing is given away by letting somebody in as them."""
    return person.email == EMAIL and not Membership.objects.filter(person=person, workspace__demo=False).exists()


def _import_sample(person: Person, workspace: Workspace, name: str, tell: Tell | None) -> None:
    service = _service(person, workspace, name)
    if service.imports.filter(status="done").exists():
        return
    if tell:
        tell(name, 0, 0)
    import_facts(
        actor=person,
        service=service,
        name=f"{name}.csv.gz",
        digest=_digest(name),
        answers=samples.sample(name),
        events=samples.sample(name, "events"),
        progress=(lambda written, total: tell(name, written, total)) if tell else None,
    )


def _service(person: Person, workspace: Workspace, name: str) -> Service:
    text = files(samples).joinpath(f"{name}.service.yaml").read_text(encoding="utf-8")
    same = Service.objects.filter(workspace=workspace, slug=name, versions__text=text).first()
    return same or save_service_version(actor=person, workspace=workspace, text=text, note=SUPPLIED).service


def _digest(name: str) -> str:
    return hashlib.sha256(files(samples).joinpath(f"{name}.csv.gz").read_bytes()).hexdigest()
