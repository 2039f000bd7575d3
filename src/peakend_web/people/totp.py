"""Codes that change every half minute, as authenticator apps show them.

RFC 6238 (M'Raihi et al., 2011) over RFC 4226, by pyotp; what is ours is that no code works twice. Checked against the
vectors of both.
"""

from __future__ import annotations

import base64
import hmac
import time

import pyotp

STEP = 30
# A clock may be a step off either way.
TOLERANCE = 1


def code_at(secret: bytes, step: int) -> str:
    """The code of a step."""
    return pyotp.HOTP(base32_of(secret)).at(step)


def matching_step(secret: bytes, code: str, after: int, now: float | None = None) -> int | None:
    """The step whose code this is, later than `after`, so that no code works twice; None where it is no such code."""
    current = int((time.time() if now is None else now) // STEP)
    given = code.replace(" ", "")
    for step in range(max(current - TOLERANCE, after + 1), current + TOLERANCE + 1):
        if given.isascii() and hmac.compare_digest(code_at(secret, step), given):
            return step
    return None


def address(secret: bytes, account: str, issuer: str = "Peakend") -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(base32_of(secret), interval=STEP).provisioning_uri(name=account, issuer_name=issuer)


def base32_of(secret: bytes) -> str:
    """The secret as a person types it who cannot scan."""
    return base64.b32encode(secret).decode().rstrip("=")
