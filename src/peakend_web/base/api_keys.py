"""API keys at the door: what is kept of one, and which of them a request shows. Verbs on keys are in `people`."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from peakend_web.models import ApiKey

from . import grants
from .refusals import Unknown


def digest_of(secret: str) -> str:
    """What is kept of a secret that has enough randomness not to be guessed: a key, and the link of an invitation."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of(request: HttpRequest) -> ApiKey:
    """The key that a program shows, while whoever made it may make one: with their rights, what they made ends too."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = (
        ApiKey.objects.select_related("workspace", "made_by")
        .filter(digest=digest_of(secret.strip()), revoked_at=None)
        .first()
    )
    if kind.lower() != "bearer" or key is None or not grants.may(key.made_by, "manage_keys", key.workspace):
        raise Unknown("web.key_unknown")
    return key
