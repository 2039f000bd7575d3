"""Verbs on API keys. Whether a key opens a request is decided at the door: `key_of` in `base/api_keys.py`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.api_keys import digest_of
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.models import ApiKey, Person, Workspace
from peakend_web.people.grants import visible_keys

PREFIX = 10


@transaction.atomic
def make_key(*, actor: Person, workspace: Workspace, name: str, scope: ApiKey.Scope) -> tuple[ApiKey, str]:
    """Make a key that may read or write this workspace's facts; the key itself is returned here and never again."""
    require(actor, "manage_keys", workspace)
    secret = f"pe_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        workspace=workspace, name=name, scope=scope, prefix=secret[:PREFIX], digest=digest_of(secret), made_by=actor
    )
    trail.leave(
        "make_key",
        actor=actor,
        workspace=workspace,
        about=key,
        after={"name": name, "scope": scope, "prefix": key.prefix},
    )
    return key, secret


@transaction.atomic
def revoke_key(*, actor: Person, key: ApiKey) -> ApiKey:
    """End a key; the next request that shows it is refused."""
    current = one(lock_rows(visible_keys(require(actor, "manage_keys", key.workspace))), pk=key.pk)
    end_keys(actor, [current])
    return current


def end_keys(actor: Person, keys: Iterable[ApiKey]) -> None:
    """End these keys of one workspace, within a transaction of somebody who may."""
    ended = list(keys)
    for key in ended:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
    if ended:
        entries = [(key, {"name": key.name, "scope": key.scope, "prefix": key.prefix}, None) for key in ended]
        trail.leave_all("revoke_key", actor=actor, workspace=ended[0].workspace, done=entries)
