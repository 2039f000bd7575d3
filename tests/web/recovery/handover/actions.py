"""A case is given back."""

from __future__ import annotations

from django.db import transaction

from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.models import Case, Person

from .queries import own_cases


@transaction.atomic
def give_case_back(*, actor: Person, case: Case) -> Case:
    """Say “somebody else shall do it”."""
    here = require(actor, "work_cases", case.workspace)
    kept = one(own_cases(here).select_for_update(of=("self",)), pk=case.pk)
    kept.state, kept.owner = Case.State.OPEN, None
    kept.save(update_fields=["state", "owner"])
    trail.leave(
        "give_case_back",
        actor=actor,
        workspace=kept.workspace,
        about=kept,
        before={"state": "taken", "owner": actor.email},
        after={"state": "open", "owner": None},
    )
    return kept
