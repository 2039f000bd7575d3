"""Verbs on remarks: everybody who sees a design may remark on its parts, and say of a remark that it is resolved; the
words are erased by whoever wrote them or may edit the design.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.db import transaction

from peakend.documents.parts import require_readable
from peakend.errors import DocumentError
from peakend.service.edits.kinds import key_at
from peakend_web.base import remarks
from peakend_web.base.grants import Standing, one, require
from peakend_web.base.refusals import Conflict, Denied
from peakend_web.design.grants import visible_drafts, visible_remarks, visible_services
from peakend_web.design.queries import document_at, document_in_force
from peakend_web.models import Person, Remark, Service


@transaction.atomic
def remark(
    *, actor: Person, service: Service, part: str, words: str, field: str = "", name: uuid.UUID | None = None
) -> Remark:
    """Remark on a part of a design, or on one of its fields; what is sent twice under the same `name` is kept once.

    Raises DocumentError `edit.no_part` and `edit.no_field` where there is nothing of that name, in force or in the
    draft of whoever may see that, Conflict `web.remark_words` for no words or too many, and DocumentError
    `document.control_character`.
    """
    here = require(actor, "remark", service.workspace)
    kept, said = one(visible_services(here), pk=service.pk), words.strip()
    if not said or len(said) > remarks.LONGEST:
        raise Conflict("web.remark_words", length=len(said), longest=remarks.LONGEST)
    require_readable(said)
    _require_part(here, kept, part, field)
    return remarks.make(actor=actor, service=kept, part=part, field=field, words=said, name=name)


def _require_part(here: Standing, service: Service, part: str, field: str) -> None:
    drafts = visible_drafts(here).filter(service=service)
    working = next((each for each in map(document_at, drafts) if each.has(part)), None) or document_in_force(service)
    if working is None:
        raise DocumentError("edit.no_part", target=part[:60])
    model = working.held(part).kind.model
    if field:
        key_at(model, field)


def resolve(*, actor: Person, remark: Remark) -> None:
    """Say that nothing more is to be done about a remark."""
    remarks.resolve(actor=actor, remark=_lock(actor, remark)[1])


def reopen(*, actor: Person, remark: Remark) -> None:
    """Take back that a remark is resolved."""
    remarks.reopen(actor=actor, remark=_lock(actor, remark)[1])


def erase(*, actor: Person, remark: Remark) -> None:
    """Erase the words of a remark."""
    here, kept = _lock(actor, remark)
    if not may_erase(here, kept):
        raise Denied("web.not_allowed")
    remarks.erase(actor=actor, remark=kept)


def may_erase(here: Standing, remark: Remark) -> bool:
    """Whether this person may erase the words of a remark: their own, or any as an editor of the design."""
    return remark.by_id == here.person.pk or here.may("edit_service")


def _lock(actor: Person, remark: Remark) -> tuple[Standing, Remark]:
    here = require(actor, "remark", remark.service.workspace)
    return here, one(visible_remarks(here), pk=remark.pk)


VERBS: Final = {"resolve": resolve, "reopen": reopen, "erase": erase}
"""What may be done with a remark, by its name in addresses."""
