"""Verbs on accounts: the first of an installation, and what a person changes of their own."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from peakend_web.base import trail
from peakend_web.base.public_address import plain_address
from peakend_web.base.refusals import Conflict
from peakend_web.models import Installation, Person

from .workspaces import create_workspace


@transaction.atomic
def set_up(
    *,
    email: str,
    name: str,
    password: str,
    workspace: str,
    slug: str,
    language: str = "en",
    timezone: str = "UTC",
    address: str = "",
) -> Person:
    """Make the first person of an installation, and their workspace; `address` is where customers reach it. Refused
    once anybody is there.
    """
    if Person.objects.exists():
        raise Conflict("web.set_up_done")
    reached_at = plain_address(address)
    validate_password(password, Person(email=email, name=name))
    person = Person.objects.create_user(email, password, name=name, language=language)
    Installation.objects.update_or_create(pk=1, defaults={"public_address": reached_at, "set_up_by": person})
    create_workspace(actor=person, name=workspace, slug=slug, timezone=timezone)
    return person


@transaction.atomic
def change_profile(*, actor: Person, name: str, language: str) -> Person:
    """Change one's own name or language."""
    before = {"name": actor.name, "language": actor.language}
    actor.name, actor.language = name, language
    actor.save(update_fields=["name", "language"])
    trail.leave(
        "change_profile",
        actor=actor,
        workspace=None,
        about=actor,
        before=before,
        after={"name": name, "language": language},
    )
    return actor


@transaction.atomic
def change_password(*, actor: Person, password: str) -> Person:
    """Change one's own password; every other session of this person ends. What the password is, is not written down
    anywhere.
    """
    validate_password(password, actor)
    actor.set_password(password)
    actor.save(update_fields=["password"])
    trail.leave("change_password", actor=actor, workspace=None, about=actor)
    return actor
