"""Codes that change every half minute, as authenticator apps show them.

RFC 6238 (M'Raihi et al., 2011) over RFC 4226: HMAC-SHA-1 of the number of the 30-second step, truncated to six digits. Checked against
the vectors of both.
"""

from __future__ import annotations

import base64
import hmac
import time
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
# A clock may be a step off either way.
TOLERANCE = 1


def code_at(secret: bytes, step: int) -> str:
    """The code of a step."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), "sha1").digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


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
    query = urlencode({"secret": written(secret), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def written(secret: bytes) -> str:
    """The secret as a person types it who cannot scan."""
    return base64.b32encode(secret).decode().rstrip("=")
