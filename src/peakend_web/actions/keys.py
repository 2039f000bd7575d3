"""Verbs on API keys."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from peakend_web.models import ApiKey, Person, Workspace
from peakend_web.refusals import Missing
from peakend_web.routing import digest_of
from peakend_web.rules import require

from . import trail

PREFIX = 10


@transaction.atomic
def make_key(*, actor: Person, workspace: Workspace, name: str, scope: ApiKey.Scope) -> tuple[ApiKey, str]:
    """Make a key that may read or write this workspace's facts; the key itself is returned here and never again."""
    require(actor, "manage_keys", workspace)
    secret = f"pe_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(workspace=workspace, name=name, scope=scope, prefix=secret[:PREFIX], digest=digest_of(secret), made_by=actor)
    trail.leave("make_key", actor=actor, workspace=workspace, about=key, after={"name": name, "scope": scope, "prefix": key.prefix})
    return key, secret


@transaction.atomic
def revoke_key(*, actor: Person, key: ApiKey) -> ApiKey:
    """End a key; the next request that shows it is refused."""
    require(actor, "manage_keys", key.workspace)
    kept = ApiKey.objects.select_for_update().get(pk=key.pk)
    if kept.revoked_at is not None:
        raise Missing("web.missing")
    kept.revoked_at = timezone.now()
    kept.save(update_fields=["revoked_at"])
    before = {"name": kept.name, "scope": kept.scope, "prefix": kept.prefix}
    trail.leave("revoke_key", actor=actor, workspace=kept.workspace, about=kept, before=before)
    return kept
