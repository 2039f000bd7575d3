"""What is read leaves a trail too: files taken away, customers' words, cases, what a key asked for, and who signed in.

Reading is frequent, and the audit is one chain: of the same thing, by the same reader, one line an hour is written.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import Any, Final

from django.db import DatabaseError, models, transaction

from peakend_web.base.cache import on_forget
from peakend_web.base.storage import storage_fault
from peakend_web.models import Membership, Person, Workspace

from . import leave

log = logging.getLogger(__name__)

HOUR_S: Final = 3600


class Hour:
    """What was written down in this hour."""

    def __init__(self) -> None:
        self._lock, self._hour, self._noted = threading.Lock(), 0, set[str]()

    def is_first(self, what: str) -> bool:
        """Whether this is the first time in this hour; from now on it is not."""
        hour = int(time.time() // HOUR_S)
        with self._lock:
            if hour != self._hour:
                self._hour, self._noted = hour, set()
            first = what not in self._noted
            self._noted.add(what)
        return first

    def forget(self, what: str | None = None) -> None:
        """Count it as not written; without a name everything."""
        with self._lock:
            self._noted = self._noted - {what} if what else set()


hour: Final = Hour()
on_forget(hour.forget)


def note(
    verb: str,
    *,
    actor: Person | None,
    workspace: Workspace | None,
    about: models.Model | None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down what was read, once an hour. Reading goes on where that cannot be written; the log says so."""
    what = json.dumps(
        [
            verb,
            actor and actor.pk,
            workspace and workspace.pk,
            about and about._meta.model_name,
            about and about.pk,
            after,
        ]
    )
    if not hour.is_first(what):
        return
    try:
        with transaction.atomic():
            leave(verb, actor=actor, workspace=workspace, about=about, after=after)
    except DatabaseError as error:
        hour.forget(what)
        log.error(  # noqa: TRY400
            "what was read could not be written into the trail: %s: %s",
            verb,
            error,
            exc_info=storage_fault(error) is None,
        )


def note_sign_in(person: Person, address: str) -> None:
    """Somebody signed in: told in each workspace that is theirs."""
    for workspace in _workspaces(person):
        note("sign_in", actor=person, workspace=workspace, about=person, after={"address": address})


def note_failed_sign_in(email: str, address: str) -> None:
    """A password or a code was wrong. What was typed is written nowhere; an e-mail that nobody has is nobody's."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        note("fail_sign_in", actor=None, workspace=None, about=None, after={"address": address})
        return
    for workspace in _workspaces(person):
        note("fail_sign_in", actor=None, workspace=workspace, about=person, after={"address": address})


def _workspaces(person: Person) -> list[Workspace]:
    return [membership.workspace for membership in Membership.objects.filter(person=person).select_related("workspace")]
