"""The headers of every reply, whichever way it went: through Django's layers, straight from the survey, or from the
front.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.http import HttpResponse

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
    "'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PICTURE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
)
"""A drawing that is opened by itself has its own styles, and nothing else: no script, no form, no address."""

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    **({"Strict-Transport-Security": f"max-age={365 * 24 * 3600}"} if settings.HTTPS else {}),
}
PRIVATE: Final = "private, no-store"
"""What is said of keeping a reply where nothing else is: what somebody may see is nobody else's, and not theirs after
they have gone.
"""


NOWHERE: Final = "frame-ancestors 'none'"
"""No page of others may show this one within itself."""


def policy_with(style: str = "", framed_by: Sequence[str] = ()) -> str:
    """The policy of a page that has this style within, and no other, and that pages of these origins may show within
    themselves, and no others.
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'") if style else POLICY
    return policy.replace(NOWHERE, f"frame-ancestors {' '.join(framed_by)}") if framed_by else policy


def let_frame_ours(response: HttpResponse) -> HttpResponse:
    """Let a page show another page of ours in a frame."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response


def let_be_framed(response: HttpResponse, style: str = "") -> HttpResponse:
    """Let a page, with this style within, be shown in a frame by other pages of ours, and by nobody else's."""
    response.headers["Content-Security-Policy"] = policy_with(style, ["'self'"])
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def policy_of(content_type: str) -> str:
    """The content policy of a reply of this kind."""
    return PICTURE_POLICY if content_type.startswith("image/svg+xml") else POLICY
