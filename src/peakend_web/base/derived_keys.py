"""Keys of the installation, each for one purpose."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings


def derived_key(purpose: str) -> bytes:
    """A key for one purpose, made from the installation's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"peakend.{purpose}".encode(), hashlib.sha256).digest()
