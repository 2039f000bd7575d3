"""The verb by which somebody begins a service: from the template of an industry, or from their own steps."""

from __future__ import annotations

import uuid

from django.db import transaction

from peakend.ids import free_id
from peakend.service.document import of_data
from peakend.service.schema import ServiceDocument
from peakend_web.base.grants import require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict
from peakend_web.design.grants import visible_services
from peakend_web.design.scribe.scribe import read_text, yaml_of
from peakend_web.design.starters.beginning import Beginning
from peakend_web.models import Person, Service, Workspace

from .drafts import MOST_TRIES, open_draft
from .versions import keep_document, taken_slugs


def begin_service(
    *, actor: Person, workspace: Workspace, beginning: Beginning, token: uuid.UUID | None = None
) -> Service:
    """Make a service as it was begun, and a draft of it that can be edited at once. A template is copied: what becomes
    of it later changes nothing here. What is sent twice under the same `token` makes one service.

    Raises DocumentError `template.unknown`, what `save_service_version` does, and Conflict `web.draft_busy` where
    others go on taking its name.
    """
    here, data = require(actor, "edit_service", workspace), beginning.data()
    stem = data["service"]
    for _ in range(MOST_TRIES):
        data["service"] = free_id(stem, taken_slugs(here))
        # To write and read a document takes a while, in which whoever holds the database would hold up everybody.
        text = yaml_of(of_data(data), beginning.text, workspace.pk)
        made = _make(actor, workspace, read_text(text, workspace.pk), text, token)
        if made is not None:
            return made
    raise Conflict("web.draft_busy")


@transaction.atomic
def _make(
    actor: Person, workspace: Workspace, document: ServiceDocument, text: str, token: uuid.UUID | None
) -> Service | None:
    """The service of this document, or the one that was made under this token already; None where its name is taken by
    now.
    """
    here = require(actor, "edit_service", workspace)
    lock_rows(Workspace.objects.all()).get(pk=workspace.pk)  # a second tap waits here for the first
    known = visible_services(here).filter(begun_as=token).first() if token else None
    if known is not None or visible_services(here).filter(slug=document.service).exists():
        return known
    made = keep_document(actor=actor, workspace=workspace, document=document, text=text, base=0).service
    made.begun_as = token
    made.save(update_fields=["begun_as"])
    open_draft(actor=actor, service=made)
    return made
