"""The verb by which somebody begins a service: from the template of an industry, or from their own steps."""

from __future__ import annotations

import uuid

from django.db import transaction

from peakend.ids import free_id
from peakend.service.document import dump, of_data
from peakend_web.base.grants import require
from peakend_web.design.grants import visible_services
from peakend_web.design.starters.beginning import Beginning
from peakend_web.models import Person, Service, Workspace

from .drafts import open_draft
from .versions import RESERVED_SLUGS, save_service_version


@transaction.atomic
def begin_service(
    *, actor: Person, workspace: Workspace, beginning: Beginning, token: uuid.UUID | None = None
) -> Service:
    """Make a service as it was begun, and a draft of it that can be edited at once. A template is copied: what becomes
    of it later changes nothing here. What is sent twice under the same `token` makes one service.

    Raises DocumentError `template.unknown`, and what `save_service_version` does.
    """
    here = require(actor, "edit_service", workspace)
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # a second tap waits here for the first
    known = visible_services(here).filter(begun_as=token).first() if token else None
    if known is not None:
        return known
    data = beginning.data()
    taken = {*visible_services(here).values_list("slug", flat=True), *RESERVED_SLUGS}
    data["service"] = free_id(data["service"], taken)
    written = dump(of_data(data), base=beginning.text)
    made = save_service_version(actor=actor, workspace=workspace, text=written, base=0).service
    made.begun_as = token
    made.save(update_fields=["begun_as"])
    open_draft(actor=actor, service=made)
    return made
